"""Registers and rows, as far as somebody sees them."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet
from django.http import Http404

from bihuan.foundation import access
from bihuan.foundation.access import Actor, Scope
from bihuan.foundation.actions import Forbidden
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Assignment, Entry
from bihuan.foundation.remembered import remembered
from bihuan.portal.visits import Visit


def register_of(visit: Visit, name: str) -> RegisterView:
    """A register the actor may look into; 404 where there is none, or where it is not theirs to know of."""
    view = visit.register(name)
    if view is None or not may_open(visit.actor, view):
        raise Http404
    return view


def may_open(actor: Actor, view: RegisterView) -> bool:
    """Whether somebody may look into a register at all; which of its rows is another question."""
    if view.shape.public and actor.roles & access.ALLOWED["see"]:
        return True
    if actor.roles & access.STAFF:
        return True
    return (access.ENTERPRISE in actor.roles and bool(view.shape.enterprise)) or access.carries(actor, view)


def row_of(visit: Visit, number: int) -> tuple[RegisterView, Entry]:
    """A row by its number with its register; 404 where the actor may not see it."""
    entry = Entry.objects.filter(pk=number).first()
    view = visit.register(entry.register) if entry else None
    if entry is None or view is None or not access.visible(visit.actor, view).holds(entry):
        raise Http404
    return view, entry


def open_row(visit: Visit, number: int) -> tuple[RegisterView, Entry]:
    """A row that can still be written: 404 also where it was withdrawn."""
    view, entry = row_of(visit, number)
    if entry.withdrawn:
        raise Http404
    return view, entry


def allow(visit: Visit, action: str, view: RegisterView | None = None, entry: Entry | None = None) -> None:
    """Go on only where the actor may; raises Forbidden with the reason."""
    decision = access.may(visit.actor, action, view, entry)
    if not decision:
        raise Forbidden(decision)


def allow_as(visit: Visit, who: Iterable[str], view: RegisterView, entry: Entry) -> None:
    """Go on only where the actor holds a role or responsibility that a rule names; raises Forbidden."""
    decision = access.may_as(visit.actor, list(who), view, entry)
    if not decision:
        raise Forbidden(decision)


def carried_roles(visit: Visit) -> Mapping[int, frozenset[str]]:
    """The responsibilities this person carries now, by row. Asked of the table only when the ledger has moved; what is written is checked anew."""
    username = visit.actor.username

    def look() -> dict[int, frozenset[str]]:
        held: dict[int, set[str]] = {}
        for number, role in Assignment.objects.filter(member=username, to_day__isnull=True).values_list("entry_id", "role"):
            held.setdefault(number, set()).add(role)
        return {number: frozenset(roles) for number, roles in held.items()}

    return remembered(visit.head, ("roles carried", username), look)


def count_rows(view: RegisterView) -> int:
    """How many rows a register has, whoever sees them: how long a run over it takes."""
    return Entry.objects.filter(register=view.name, withdrawn=False).count()


def rows_of(visit: Visit, view: RegisterView) -> QuerySet[Entry]:
    """The rows of a register the actor sees, withdrawn ones left out."""
    return Entry.objects.filter(access.visible(visit.actor, view).condition(), withdrawn=False)


def own_rows(visit: Visit, view: RegisterView) -> QuerySet[Entry]:
    """The rows that belong to this person's enterprise or that they answer for themselves, the last changed first."""
    scope = access.charge(access.outside(visit.actor), view)
    return Entry.objects.filter(scope.condition(), withdrawn=False).order_by("-changed_seq", "-pk")


def in_order(visit: Visit, view: RegisterView, ids: Sequence[int], *, withdrawn: bool = False) -> list[Entry]:
    """Some rows by their numbers, in that order; those the actor does not see are left out, and unless asked for those withdrawn since."""
    scope = access.visible(visit.actor, view)
    found = Entry.objects.in_bulk(list(ids))
    return [entry for number in ids if (entry := found.get(number)) and (withdrawn or not entry.withdrawn) and scope.holds(entry)]


def every_row(visit: Visit) -> Q:
    """The rows of all registers that the actor sees, as a condition on `Entry`."""
    return within(scopes_of(visit).values(), "")


def within(scopes: Iterable[Scope], to_row: str = "entry__") -> Q:
    """Several scopes of one actor as a condition on a table that names a register and, by the path `to_row`, a row of it."""
    asked = list(scopes)
    some = [scope for scope in asked if not scope.everything]
    offices = sorted({office for scope in some for office in scope.offices})
    ids = sorted({number for scope in some for number in scope.ids})
    owned = [scope.register for scope in some if scope.enterprise]
    seen = Q(register__in=[scope.register for scope in asked if scope.everything])
    if offices or ids:
        rows = Q(**{f"{to_row}office__in": offices}) | Q(**{f"{to_row}id__in": ids})
        seen |= Q(register__in=[scope.register for scope in some]) & rows
    if owned:
        seen |= Q(register__in=owned, **{f"{to_row}enterprise": next(scope.enterprise for scope in some if scope.enterprise)})
    return seen


def scopes_of(visit: Visit) -> dict[str, Scope]:
    """What the actor sees of each register that is theirs to open."""
    return access.all_visible(visit.actor, [view for view in visit.catalogue.registers.values() if may_open(visit.actor, view)])


def titles_of(visit: Visit, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, str]]:
    """The numbers and titles of rows by register and key: what a reference reads as. Those the actor does not see are left out."""
    by_register: dict[str, set[str]] = {}
    for register, key in pairs:
        by_register.setdefault(register, set()).add(key)
    wanted = Q(pk__in=[])
    for register, keys in by_register.items():
        wanted |= Q(register=register, key__in=sorted(keys))
    if not by_register:
        return {}
    rows = Entry.objects.filter(wanted & every_row(visit)).values_list("register", "key", "pk", "title")
    return {(register, key): (number, title or key) for register, key, number, title in rows}


