"""Who is accountable for a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bihuan.foundation.access import LEADER, SUPERVISOR, Actor, called, may
from bihuan.foundation.actions import clockwork
from bihuan.foundation.actions.writing import about, allow, day_of, entry_of, record, view_of
from bihuan.foundation.checking import Refusal, Rejected, rejected
from bihuan.foundation.grammar.assignments import Assignment as Rule
from bihuan.foundation.grammar.assignments import Change, Held, refusals_of
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import writing
from bihuan.foundation.models import Assignment, Entry, Event, Member

APPROVERS = frozenset({SUPERVISOR, LEADER})


@dataclass(frozen=True)
class Charge:
    """A responsibility given to a member from a day on (None: today); no member ends it, where that is allowed."""

    role: str
    member: str
    from_day: date | None = None
    reason: str = ""
    approver: str = ""


def assign(actor: Actor, register: str, key: str, charge: Charge, at: datetime) -> Event:
    """Put somebody in charge of a row. The one before is relieved from the same day, and what they still owe is handed over.

    `charge.role` names the assignment (``leader``, or ``mechanism.leader``). Raises Forbidden and Rejected.
    """
    view, today = view_of(register, at), day_of(at)
    item = view.assignments.find(charge.role)
    if item is None:
        known = "、".join(found.key for found in view.assignments.values())
        raise rejected(Refused(f"{view.shape.title}没有“{charge.role}”这项责任", f"there is no assignment “{charge.role}”", known))
    with writing():
        entry = entry_of(register, key)
        allow(may(actor, "assign", view, entry))
        given = given_to(actor, view, [entry], item, charge, today)[0]
        if given.refusals:
            raise Rejected(given.refusals)
        body = {
            **body_of_charge(item, charge, today), "old": given.old, **clockwork.handed_over([entry], item.key, charge.member, view).body(),
        }  # fmt: skip
        return record(about(entry, "entry.assigned", body, actor, at))


@dataclass(frozen=True)
class Given:
    """A responsibility tried on one row: who carries it now (empty: nobody), and what forbids the change."""

    entry: Entry
    old: str
    refusals: tuple[Refusal, ...]


def given_to(actor: Actor, view: RegisterView, entries: Sequence[Entry], item: Item[Rule], charge: Charge, today: date) -> list[Given]:
    """Try one change of hands on rows, and say for each everything that forbids it. Nothing is written."""
    held = _held(entries, item)
    roles, unapproved = _roles(charge.member), _approver(charge.approver)
    change = Change(charge.member, charge.from_day or today, called(view, item.shape.who), charge.reason, charge.approver, actor.username)
    given = []
    for entry in entries:
        current = held.get(entry.pk)
        found = [*refusals_of(item.shape, current, change, roles, today), *unapproved]
        given.append(Given(entry, current.person if current else "", tuple(Refusal(item.key, item.shape.title, refused) for refused in found)))
    return given


def body_of_charge(item: Item[Rule], charge: Charge, today: date) -> dict[str, Any]:
    """A change of hands as a body writes it, but for the rows."""
    return {
        "mechanism": f"{item.pack}.{item.mechanism}", "role": item.key, "member": charge.member,
        "from_day": (charge.from_day or today).isoformat(), "reason": charge.reason, "approver": charge.approver,
    }  # fmt: skip


def _held(entries: Sequence[Entry], item: Item[Rule]) -> dict[int, Held]:
    ids = [entry.pk for entry in entries]
    found: dict[int, Held] = {}
    for start in range(0, len(ids), 500):
        standing = Assignment.objects.filter(entry_id__in=ids[start : start + 500], mechanism=f"{item.pack}.{item.mechanism}", role=item.key)
        found |= {one.entry_id: Held(one.member, one.from_day) for one in standing.filter(to_day__isnull=True)}
    return found


def unassigned(entry: Entry, roles: list[str]) -> list[str]:
    """Those of the named responsibilities that nobody carries for a row now."""
    carried = set(Assignment.objects.filter(entry=entry, to_day__isnull=True).values_list("role", flat=True))
    return [role for role in roles if role not in carried]


def _roles(username: str) -> frozenset[str]:
    member = Member.objects.filter(username=username, is_active=True).first()
    return frozenset(member.roles) if member else frozenset()


def _approver(username: str) -> list[Refused]:
    if not username or _roles(username) & APPROVERS:
        return []
    return [Refused(f"批准人“{username}”不是督查或领导", f"the approver “{username}” is neither supervisor nor leader", "")]
