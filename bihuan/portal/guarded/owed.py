"""Duties: this person's own, and those on rows they see."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Count, Min, Q, QuerySet
from django.http import Http404

from bihuan.foundation import access
from bihuan.foundation.access import Actor
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Duty, Entry
from bihuan.portal.guarded.rows import carried_roles, within
from bihuan.portal.visits import Visit

T = TypeVar("T")

WEEK = timedelta(days=7)

TAKEN_UP = ("review", "handoff", "document")
"""The kinds of duty that a person looks at and closes, where the others are met by the work itself."""


def owed_by(visit: Visit) -> Q:
    """The duties that are this person's: theirs by name, their office's own, and for those who answer them those risen or asked about."""
    actor = visit.actor
    owed = Q(member=actor.username)
    if access.OFFICER in actor.roles and actor.office:
        owed |= Q(member="", office=actor.office)
    if access.ENTERPRISE in actor.roles and actor.enterprise:
        owed |= Q(entry__enterprise=actor.enterprise, member="")
    risen = Q(pk__in=[])
    for view in visit.catalogue.registers.values():
        for item in view.clocks.values():
            rungs = [number for number, rung in enumerate(item.shape.escalate, start=1) if rung.to in actor.roles & {access.SUPERVISOR, access.LEADER}]
            for rule, wish in ((item.shape.extension, "extend"), (item.shape.pause, "pause")):
                if rule and rule.asked_by and rule.approver in actor.roles:
                    risen |= Q(mechanism=f"{item.pack}.{item.mechanism}", name=item.key, asked=wish)
            if rungs:
                risen |= Q(mechanism=f"{item.pack}.{item.mechanism}", name=item.key, level__gte=rungs[0])
    return owed | (risen & in_reach(actor))


def in_reach(actor: Actor) -> Q:
    """The duties of the offices an actor sees."""
    if actor.everywhere:
        return Q()
    return Q(office__in=sorted(actor.reach | {actor.office}))


def _counted(visit: Visit, what: object, count: Callable[[], T]) -> T:
    """What this person's duties come to, counted anew only where some duty has changed since.

    Not for enterprises: theirs follow their rows, which may pass to another enterprise while no duty changes.
    """
    if access.ENTERPRISE in visit.actor.roles:
        return count()
    return visit.columns.keep((what, visit.actor, visit.day), ["duties"], count)


def duties(visit: Visit, chosen: Q | None = None) -> QuerySet[Duty]:
    """This person's open duties by their due days, those only that match."""
    return Duty.objects.filter(owed_by(visit), chosen or Q(), closed_on__isnull=True).select_related("entry").order_by("due", "id")


def first_of(visit: Visit, asked: Hashable, found: QuerySet[Duty], most: int) -> list[Duty]:
    """The first of this person's duties in the order of ``found``, which ``asked`` names. Which those are is looked for anew only where some duty
    has changed: few of a kind among all open duties of a city are long to find."""
    numbers = _counted(visit, ("first", asked, most), lambda: list(found.values_list("pk", flat=True)[:most]))
    held = Duty.objects.select_related("entry").in_bulk(numbers)
    return [held[number] for number in numbers if number in held]


def duty_counts(visit: Visit) -> dict[str, int]:
    """How many of this person's duties are open, due today, overdue, and to be taken up."""
    pending = Duty.objects.filter(owed_by(visit), closed_on__isnull=True)
    return _counted(visit, "counts", lambda: pending.aggregate(
        all=Count("id"),
        today=Count("id", filter=Q(due=visit.day)),
        overdue=Count("id", filter=Q(due__lt=visit.day)),
        review=Count("id", filter=Q(kind__in=TAKEN_UP)),
    ))  # fmt: skip


def reporting(visit: Visit, view: RegisterView, period: str) -> list[int]:
    """The rows in this person's charge that owe a report for a period, handed in already or not."""
    cadences = [(f"{item.pack}.{item.mechanism}", item.key) for item in view.cadences.values() if item.shape.met_by.figures]
    asked = Q(pk__in=[])
    for mechanism, name in cadences:
        asked |= Q(mechanism=mechanism, name=name)
    owed = Duty.objects.filter(asked, within([access.charge(visit.actor, view)]), kind="cadence", period=period, entry__withdrawn=False)
    return sorted(set(owed.exclude(outcome="cancelled").values_list("entry_id", flat=True)))


@dataclass(frozen=True)
class Load:
    """What a person has to do beside the counts: open a week ago, due within a week, the longest overdue, and what is to be taken up by kind."""

    week_ago: int
    soon: int
    oldest: date | None
    taken_up: dict[str, int]


def load_of(visit: Visit) -> Load:
    """How this person's duties stand and stood a week ago."""
    before, late = visit.day - WEEK, Q(closed_on__isnull=True)
    mine = Duty.objects.filter(owed_by(visit), Q(closed_on__isnull=True) | Q(closed_on__gt=before))
    found = _counted(visit, "load", lambda: mine.aggregate(
        week_ago=Count("id", filter=Q(opened__lte=before)),
        soon=Count("id", filter=late & Q(due__range=(visit.day, visit.day + WEEK))),
        oldest=Min("due", filter=late & Q(due__lt=visit.day)),
        **{kind: Count("id", filter=late & Q(kind=kind)) for kind in TAKEN_UP},
    ))  # fmt: skip
    return Load(found["week_ago"], found["soon"], found["oldest"], {kind: found[kind] for kind in TAKEN_UP if found[kind]})


def registers_owed(visit: Visit) -> list[tuple[str, int]]:
    """The registers this person's open duties belong to, with how many, most first."""
    owed = Duty.objects.filter(owed_by(visit), closed_on__isnull=True).order_by()
    return _counted(visit, "registers", lambda: list(owed.values_list("register").annotate(n=Count("id")).order_by("-n", "register")))


@dataclass(frozen=True)
class Rate:
    """Of the duties of an office that came due so far this month how many were done in time, in hundredths; its place; the same of last month."""

    done: int
    due: int
    place: int
    offices: int
    before: tuple[int, int]


def rate_of(visit: Visit) -> Rate | None:
    """How punctual this person's office is, among all offices that had something due; None for who has no office or one with nothing due."""
    first = visit.day.replace(day=1)
    last = first - timedelta(days=1)
    this, then = Q(due__range=(first, visit.day)), Q(due__range=(last.replace(day=1), last))
    counted = Q(closed_on__isnull=False) | Q(due__lt=visit.day)  # what is due today and still open is not late yet
    met = Q(outcome="met")
    asked = Duty.objects.filter(this | then, counted).exclude(office="").exclude(outcome="cancelled").order_by().values("office").annotate(
        done_now=Count("id", filter=this & met), due_now=Count("id", filter=this), done_then=Count("id", filter=then & met), due_then=Count("id", filter=then),
    )  # fmt: skip
    rows = visit.columns.keep(("punctual", visit.day), ["duties"], lambda: {str(row["office"]): row for row in asked})
    mine = rows.get(visit.actor.office)
    if mine is None or not mine["due_now"]:
        return None
    judged = [row for row in rows.values() if row["due_now"]]
    better = sum(row["done_now"] * mine["due_now"] > mine["done_now"] * row["due_now"] for row in judged)
    return Rate(mine["done_now"], mine["due_now"], better + 1, len(judged), (mine["done_then"], mine["due_then"]))


def hands_of(visit: Visit, entries: Iterable[Entry]) -> dict[int, frozenset[str]]:
    """As what this person may move some rows on: their roles, and for each row the responsibilities they carry; rows outside their charge are left out."""
    rows = list(entries)
    views = {name: view for name in {row.register for row in rows} if (view := visit.register(name))}
    charged = access.charges(visit.actor, views.values())
    held = carried_roles(visit)
    return {row.pk: visit.actor.roles | held.get(row.pk, frozenset()) for row in rows if row.register in charged and charged[row.register].holds(row)}


def duties_of_office(visit: Visit, office: str) -> QuerySet[Duty]:
    """The open duties of an office in this person's reach, by their due days."""
    return Duty.objects.filter(in_reach(visit.actor), office=office, closed_on__isnull=True).select_related("entry").order_by("due", "id")


def duties_by_office(visit: Visit) -> list[tuple[str, int, int, int]]:
    """The offices in this person's reach that owe something: how many duties are open, overdue and due within a week; most overdue first."""
    pending = Duty.objects.filter(in_reach(visit.actor), closed_on__isnull=True).exclude(office="").order_by()
    counted = pending.values("office").annotate(
        open=Count("id"), over=Count("id", filter=Q(due__lt=visit.day)), soon=Count("id", filter=Q(due__range=(visit.day, visit.day + WEEK))),
    )  # fmt: skip
    rows = counted.order_by("-over", "-open", "office").values_list("office", "open", "over", "soon")
    return _counted(visit, "offices", lambda: [(str(office), pending_, over, soon) for office, pending_, over, soon in rows])


def duty_of(visit: Visit, number: int) -> Duty:
    """One open duty of this person or of a row they see; 404 otherwise."""
    duty = Duty.objects.select_related("entry").filter(pk=number, closed_on__isnull=True).first()
    if duty is None:
        raise Http404
    if duty.entry is None:
        if not Duty.objects.filter(owed_by(visit) | in_reach(visit.actor), pk=number).exists():
            raise Http404
        return duty
    view = visit.register(duty.entry.register)
    if view is None or not access.visible(visit.actor, view).holds(duty.entry):
        raise Http404
    return duty


