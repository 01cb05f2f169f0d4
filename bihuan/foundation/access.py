"""The one door for reading and for asking "may I": by role, by office, by enterprise, by field. What is not allowed is refused.

A decision carries its reason in both languages, so that a refused person reads why, and an auditor which rule allowed what.
Bihuan has no account that may do everything: `SYSTEM` is the command line and the followers, never a person.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q

from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Assignment, Entry, Member, Office
from bihuan.foundation.remembered import Head, remembered

OFFICER, SUPERVISOR, LEADER = "officer", "supervisor", "leader"
ENTERPRISE, CITIZEN = "enterprise", "citizen"
SYSADMIN, SECADMIN, AUDITOR = "sysadmin", "secadmin", "auditor"

STAFF = frozenset({OFFICER, SUPERVISOR, LEADER})
SEPARATED = frozenset({SYSADMIN, SECADMIN, AUDITOR})
"""The three administrators, of whom no account may hold two: who makes accounts, who gives rights, who reads the record."""

ROLES: Mapping[str, tuple[str, str]] = {
    OFFICER: ("经办", "officer"),
    SUPERVISOR: ("督查", "supervisor"),
    LEADER: ("领导", "leader"),
    ENTERPRISE: ("企业", "enterprise"),
    CITIZEN: ("公众", "citizen"),
    SYSADMIN: ("系统管理员", "system administrator"),
    SECADMIN: ("安全管理员", "security administrator"),
    AUDITOR: ("审计管理员", "auditor"),
}
"""The roles and what they are called in Chinese and English."""

CITY_LEVEL = frozenset({"city", "department"})
"""The kinds of office whose staff see the whole city; staff of any other kind see their office and what is below it."""

ALLOWED: Mapping[str, frozenset[str]] = {
    "see": STAFF | {ENTERPRISE, CITIZEN},
    "assign": STAFF,
    "override": STAFF,
    "extend": STAFF,
    "pause": STAFF,
    "close_duty": STAFF,
    "reveal": frozenset({OFFICER, SUPERVISOR}),
    "upload": STAFF | {ENTERPRISE, CITIZEN},
    "paper.draft": frozenset({OFFICER, SUPERVISOR}),
    "paper.check": frozenset({SUPERVISOR}),
    "paper.sign": frozenset({SUPERVISOR, LEADER}),
    "paper.issue": frozenset({SUPERVISOR, LEADER}),
    "paper.archive": frozenset({SUPERVISOR}),
    "payments.draft": frozenset({OFFICER, SUPERVISOR}),
    "payments.review": frozenset({OFFICER, SUPERVISOR}),
    "payments.confirm": frozenset({SUPERVISOR, LEADER}),
    "quota.post": frozenset({SUPERVISOR}),
    "allocation.draft": frozenset({OFFICER, SUPERVISOR}),
    "allocation.review": frozenset({OFFICER, SUPERVISOR}),
    "allocation.confirm": frozenset({SUPERVISOR, LEADER}),
    "pack.adopt": frozenset({SUPERVISOR, LEADER}),
    "pack.rehearse": STAFF,
    "office.set": frozenset({SYSADMIN}),
    "member.set": frozenset({SYSADMIN}),
    "invite": frozenset({OFFICER, SYSADMIN}),
    "member.password": frozenset({SYSADMIN}),
    "member.roles": frozenset({SECADMIN}),
    "personal.erase": frozenset({SECADMIN}),
    "ledger.read": frozenset({AUDITOR}),
    "ledger.seal": frozenset({AUDITOR}),
}
"""Which roles may do what. Recording, changing and moving rows is said by the register itself."""

RECORDING = frozenset({"record", "change", "withdraw", "figures"})
"""What the register itself says who may do; see `writers`."""

OUTSIDE = frozenset({ENTERPRISE, CITIZEN})
"""The roles of those the city is there for: they write only what a register or a move asks of them."""


@dataclass(frozen=True)
class Actor:
    """Who acts: `reach` are the offices at and below `office`, `everywhere` says whether the whole city is theirs to see.

    `own` are the rows that a citizen carries: theirs, with all that is personal in them.
    """

    username: str
    roles: frozenset[str] = frozenset()
    office: str = ""
    enterprise: str = ""
    reach: frozenset[str] = frozenset()
    everywhere: bool = False
    own: frozenset[int] = frozenset()


SYSTEM = Actor("bihuan", frozenset({"system"}), everywhere=True)
"""The command line and the followers: what no person asked for at that moment."""

ANYBODY = Actor("", frozenset({CITIZEN}))
"""A visitor who has not signed in: sees what is public."""


@dataclass(frozen=True)
class Decision:
    """Allowed or not, and why, in Chinese and English."""

    allowed: bool
    reason: str
    reason_en: str

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True)
class Scope:
    """The rows of a register that an actor sees: all of them, or those of some offices, of an enterprise, or by their ids."""

    register: str
    everything: bool = False
    offices: frozenset[str] = frozenset()
    enterprise: str = ""
    ids: frozenset[int] = field(default=frozenset())

    def condition(self) -> Q:
        """The scope as a condition on `Entry`."""
        if self.everything:
            return Q(register=self.register)
        rows = Q(pk__in=sorted(self.ids)) | Q(office__in=sorted(self.offices))
        if self.enterprise:
            rows |= Q(enterprise=self.enterprise)
        return Q(register=self.register) & rows

    def holds(self, entry: Entry) -> bool:
        """Whether a row lies within it."""
        if entry.register != self.register:
            return False
        if self.everything or entry.pk in self.ids or (entry.office != "" and entry.office in self.offices):
            return True
        return self.enterprise != "" and entry.enterprise == self.enterprise


def actor_of(member: Member, head: Head | None = None) -> Actor:
    """The actor a signed-in member is, with the offices of their subtree looked up once; where the ledger's head is at hand, once until it moves."""
    if not member.is_active:
        return Actor(member.username)
    code, roles = member.office_id or "", frozenset(member.roles)
    kind, reach = remembered(head, ("offices below", code), lambda: _below(code)) if head else _below(code)
    return Actor(
        username=member.username,
        roles=roles,
        office=code,
        enterprise=member.enterprise,
        reach=reach,
        everywhere=bool(roles & {SUPERVISOR, LEADER}) or (kind in CITY_LEVEL and OFFICER in roles),
        own=_own(member.username) if CITIZEN in roles and not roles - OUTSIDE else frozenset(),
    )


def _below(code: str) -> tuple[str, frozenset[str]]:
    """The kind of an office, and the offices below it with itself; nothing where there is none."""
    office = Office.objects.filter(pk=code).first() if code else None
    return (office.kind, frozenset(Office.objects.filter(path__startswith=office.path).values_list("code", flat=True))) if office else ("", frozenset())


def _own(username: str) -> frozenset[int]:
    """The rows somebody carries now."""
    return frozenset(Assignment.objects.filter(member=username, to_day__isnull=True).values_list("entry_id", flat=True))


def charge(actor: Actor, view: RegisterView) -> Scope:
    """The rows of a register that the actor answers for: those of their offices, those they carry, or their enterprise's own."""
    return charges(actor, [view])[view.name]


def charges(actor: Actor, views: Iterable[RegisterView]) -> dict[str, Scope]:
    """The same for several registers by name, with one question of the tables for all of them."""
    asked = list(views)
    if actor == SYSTEM or (actor.everywhere and actor.roles & STAFF):
        return {view.name: Scope(view.name, everything=True) for view in asked}
    offices: frozenset[str] = frozenset()
    carried: dict[str, set[int]] = {}
    if actor.roles & STAFF:
        offices = actor.reach | ({actor.office} if actor.office else set())
    if asked and actor.username and actor.roles & ALLOWED["see"]:
        held = Assignment.objects.filter(member=actor.username, to_day__isnull=True, entry__register__in=[view.name for view in asked])
        for register, number in held.values_list("entry__register", "entry_id"):
            carried.setdefault(register, set()).add(number)
    enterprise = actor.enterprise if ENTERPRISE in actor.roles else ""
    return {
        view.name: Scope(
            view.name, offices=offices, enterprise=enterprise if view.shape.enterprise else "", ids=frozenset(carried.get(view.name, ()))
        )
        for view in asked
    }


def outside(actor: Actor) -> Actor:
    """The same person without what the roles of staff let them see: an enterprise or a citizen, and only that."""
    return replace(actor, roles=actor.roles & OUTSIDE, everywhere=False)


def carries(actor: Actor, view: RegisterView) -> bool:
    """Whether a register has a responsibility that somebody with these roles can carry: then it may hold rows of theirs."""
    return bool(actor.username) and any(actor.roles & frozenset(item.shape.who) for item in view.assignments.values())


def visible(actor: Actor, view: RegisterView) -> Scope:
    """The rows of a register that the actor may see: those in their charge, and all of a public register."""
    return all_visible(actor, [view])[view.name]


def all_visible(actor: Actor, views: Iterable[RegisterView]) -> dict[str, Scope]:
    """The same for several registers by name, with one question of the tables for all of them."""
    asked = list(views)
    public = {view.name for view in asked if view.shape.public and actor.roles & ALLOWED["see"]}
    charged = charges(actor, [view for view in asked if view.name not in public])
    return {view.name: charged.get(view.name) or Scope(view.name, everything=True) for view in asked}


def may(actor: Actor, action: str, view: RegisterView | None = None, entry: Entry | None = None) -> Decision:
    """Whether the actor may do it, to that register and row where given. An action nobody declared is refused."""
    if actor == SYSTEM:
        return Decision(True, "系统自身的操作", "done by the system itself")
    allowed = writers(view, action) if action in RECORDING and view else ALLOWED.get(action, frozenset())
    held = actor.roles & allowed
    if not held:
        needed = sorted(allowed)
        return Decision(
            False,
            f"需要角色：{'、'.join(role_name(role) for role in needed)}" if needed else "没有任何角色可以做这件事",
            f"needs the role {' or '.join(role_name(role, 'en') for role in needed)}" if needed else "no role may do this",
        )
    if view and entry and not (visible if action == "see" else charge)(actor, view).holds(entry):
        return Decision(False, f"“{entry.key}”不在您的职责范围内", f"“{entry.key}” is not within your charge")
    role = sorted(held)[0]
    return Decision(True, f"角色：{role_name(role)}", f"as {role_name(role, 'en')}")


def about_person(actor: Actor, member: str) -> Decision:
    """Whether the actor may work on a paper about somebody: it tells of rows of the whole city. Allowed where it is about nobody."""
    if not member or actor.everywhere:
        return Decision(True, "可见全市", "sees the whole city")
    return Decision(False, "写一个人的文书涉及全市台账，由看得到全市的人办理", "a paper about a person tells of the whole city: for those who see all of it")


def writers(view: RegisterView, action: str) -> frozenset[str]:
    """The roles that may record rows of a register, or do anything else of RECORDING to one that stands."""
    return frozenset(view.shape.recorded_by if action == "record" or not view.shape.changed_by else view.shape.changed_by)


def outsider(actor: Actor) -> bool:
    """Whether somebody acts for an enterprise or for themselves, with no role of the staff."""
    return bool(actor.roles & OUTSIDE) and not actor.roles - OUTSIDE


def may_as(actor: Actor, who: Collection[str], view: RegisterView, entry: Entry, carried: frozenset[str] | None = None) -> Decision:
    """Whether the actor holds one of the roles or assignments that a rule names, and the row is within their charge.

    ``carried``: the responsibilities they carry for the row, where those are at hand.
    """
    if actor == SYSTEM:
        return Decision(True, "系统自身的操作", "done by the system itself")
    held = (actor.roles | (assignments_of(actor, entry) if carried is None else carried)) & frozenset(who)
    if not held:
        names, names_en = called(view, who)
        return Decision(False, f"须由{names}办理", f"to be done by {names_en}")
    if not charge(actor, view).holds(entry):
        return Decision(False, f"“{entry.key}”不在您的职责范围内", f"“{entry.key}” is not within your charge")
    role = sorted(held)[0]
    return Decision(True, f"角色：{role_name(role)}", f"as {role_name(role, 'en')}")


def assignments_of(actor: Actor, entry: Entry) -> frozenset[str]:
    """The responsibilities for a row that the actor carries now: rules may name them like roles."""
    carried = Assignment.objects.filter(entry=entry, member=actor.username, to_day__isnull=True)
    return frozenset(carried.values_list("role", flat=True))


def carried_by(actor: Actor, entries: Sequence[Entry]) -> dict[int, frozenset[str]]:
    """The same for many rows, by their ids, with one question of the tables."""
    wanted = {entry.pk for entry in entries}
    held: dict[int, set[str]] = {number: set() for number in wanted}
    carried = Assignment.objects.filter(member=actor.username, to_day__isnull=True)
    if len(wanted) == 1:
        carried = carried.filter(entry_id__in=wanted)
    for number, role in carried.values_list("entry_id", "role"):
        if number in wanted:
            held[number].add(role)
    return {number: frozenset(roles) for number, roles in held.items()}


def role_name(role: str, language: str = "zh") -> str:
    """What a role is called; a pack's own role is called by its key."""
    chinese, english = ROLES.get(role, (role, role))
    return chinese if language.startswith("zh") else english


def called(view: RegisterView, who: Iterable[str]) -> tuple[str, str]:
    """What those whom a rule of the register names are called, in Chinese and English: roles, and responsibilities for a row."""
    held = {item.key: (item.shape.title, item.shape.title_en or item.shape.title) for item in view.assignments.values()}
    names = [held.get(one, (role_name(one), role_name(one, "en"))) for one in who]
    return "、".join(chinese for chinese, _english in names), " or ".join(english for _chinese, english in names)


def refused_roles(roles: Iterable[str]) -> tuple[str, str] | None:
    """Why one account may not hold these roles together, in both languages, or None where it may."""
    both = sorted(frozenset(roles) & SEPARATED)
    if len(both) > 1:
        return (
            f"一个账号不得同时担任{'、'.join(role_name(role) for role in both)}：三员分立",
            f"one account may not be {' and '.join(role_name(role, 'en') for role in both)}: the three administrators are separate",
        )
    return None


# --- fields


def hidden(actor: Actor, view: RegisterView, entry: Entry) -> frozenset[str]:
    """The personal fields of a row that the actor sees only masked: all of them, but for the enterprise or the citizen whose row it is.

    Staff who need one ask for it by name and reason (`actions.reveal`), which is recorded.
    """
    own = ENTERPRISE in actor.roles and entry.enterprise != "" and entry.enterprise == actor.enterprise
    if own or entry.pk in actor.own or actor == SYSTEM:
        return frozenset()
    return personal_fields(view)


def personal_fields(view: RegisterView) -> frozenset[str]:
    """The fields of a register that hold personal data."""
    return frozenset(key for key, shape in view.shape.fields.items() if shape.personal)


def shown(actor: Actor, view: RegisterView, entry: Entry) -> dict[str, Any]:
    """The values of a row as this actor sees them: personal data masked."""
    masked = hidden(actor, view, entry)
    return {key: mask(value) if key in masked else value for key, value in entry.data.items()}


def mask(value: object) -> object:
    """A value with all but its ends hidden: 张三 → 张*, 13912345678 → 139******78. Nothing stays nothing; a number is hidden whole."""
    if value is None or value == "":
        return value
    text = value if isinstance(value, str) else "***"
    head, tail = (3, 2) if len(text) >= 8 else (1, 0)
    if not isinstance(value, str):
        return text
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]
