"""Who is accountable for a row."""

from dataclasses import dataclass
from datetime import date, datetime

from bihuan.foundation.access import LEADER, SUPERVISOR, Actor, may
from bihuan.foundation.actions import clockwork
from bihuan.foundation.actions.writing import about, allow, day_of, entry_of, record, view_of
from bihuan.foundation.checking import Refusal, Rejected, rejected
from bihuan.foundation.grammar.assignments import Change, Held, refusals_of
from bihuan.foundation.grammar.refusals import Refused
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
        mechanism = f"{item.pack}.{item.mechanism}"
        standing = Assignment.objects.filter(entry=entry, mechanism=mechanism, role=item.key, to_day__isnull=True).first()
        current = Held(standing.member, standing.from_day) if standing else None
        change = Change(charge.member, charge.from_day or today, charge.reason, charge.approver, actor.username)
        found = [*refusals_of(item.shape, current, change, _roles(charge.member), today), *_approver(charge.approver)]
        if found:
            raise Rejected(Refusal(item.key, item.shape.title, refused) for refused in found)
        body = {
            "mechanism": mechanism,
            "role": item.key,
            "old": current.person if current else "",
            "member": change.person,
            "from_day": change.from_day.isoformat(),
            "reason": change.reason,
            "approver": change.approver,
            **clockwork.handed_over(entry, item.key, change.person, view).body(),
        }
        return record(about(entry, "entry.assigned", body, actor, at))


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
