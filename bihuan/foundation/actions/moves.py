"""Moving a row from state to state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bihuan.foundation.access import SYSTEM, Actor, Decision, assignments_of, charge
from bihuan.foundation.actions import clockwork, gates, references
from bihuan.foundation.actions.entries import amended, change_body
from bihuan.foundation.actions.writing import Conflict, Forbidden, about, day_of, entry_of, record, view_of
from bihuan.foundation.checking import Incoming, Refusal, Rejected, check_row, rejected
from bihuan.foundation.grammar.lifecycles import Attempt, Lifecycle, Move, day_of_move, refusals_of
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import body_of, writing
from bihuan.foundation.models import Entry, Event, Upload


@dataclass(frozen=True)
class Step:
    """A move somebody makes: the fields filled in with it, its evidence by name (the digests of uploads), the version it was read at."""

    move: str
    version: int
    values: Mapping[str, object] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


def move(actor: Actor, register: str, key: str, step: Step, at: datetime) -> Entry:
    """Move a row. Its clocks start, stop, pause and go on in the same entry of the ledger.

    Raises Conflict, Forbidden where the row is not in the actor's charge, and Rejected with everything that forbids the move:
    the order of states, who may, the day, what must be filled in or attached, the guard, the exit gate.
    """
    view, today = view_of(register, at), day_of(at)
    life = view.lifecycle.shape if view.lifecycle else None
    if life is None:
        raise rejected(Refused(f"{view.shape.title}没有流程", "the register has no lifecycle", ""))
    values, refusals = check_row(view.shape, Incoming(step.values), whole=False)
    with writing():
        entry = entry_of(register, key)
        if not charge(actor, view).holds(entry):
            raise Forbidden(Decision(False, f"“{key}”不在您的职责范围内", f"“{key}” is not within your charge"))
        if entry.version != step.version:
            raise Conflict(entry, values)
        changed = {name: value for name, value in values.items() if entry.data.get(name) != value}
        after = amended(view, entry, changed)
        attempt = _attempt(actor, life, entry, after, step, today)
        why = [Refusal("", _title(life, step.move), refused) for refused in refusals_of(life, attempt, _titles(view))]
        refusals += why + _evidence(step) + references.refusals_of(view, [changed], [Incoming(step.values)], today)
        if refusals:
            raise Rejected(refusals)
        refusals += _gates(view, life, step.move, after, attempt.on)
        if refusals:
            raise Rejected(refusals)
        after.state, after.state_since = life.moves[step.move].to, attempt.on
        duties = clockwork.merged(clockwork.on_entering(view, after, entry.state, attempt.on), clockwork.on_dates(view, after, changed))
        body = {
            **change_body(view, entry, after, changed),
            "move": step.move,
            "from": entry.state,
            "to": after.state,
            "on": attempt.on.isoformat(),
            "evidence": dict(step.evidence),
            "reason": step.reason,
            **duties.body(),
        }
        record(about(entry, "entry.moved", body, actor, at))
        return Entry.objects.get(pk=entry.pk)


def makers(entry: Entry) -> dict[str, frozenset[str]]:
    """Who made which move of a row, from the ledger."""
    made: dict[str, set[str]] = {}
    for event in Event.objects.filter(register=entry.register, entry=entry.key, kind="entry.moved").order_by("seq"):
        made.setdefault(body_of(event)["move"], set()).add(event.actor)
    return {name: frozenset(people) for name, people in made.items()}


def _attempt(actor: Actor, life: Lifecycle, entry: Entry, after: Entry, step: Step, today: date) -> Attempt:
    roles = actor.roles | assignments_of(actor, entry)
    rule = life.moves.get(step.move)
    if actor == SYSTEM and rule:
        roles |= frozenset(rule.who)  # what the system does follows the same order; only "who" is not asked of it
    return Attempt(
        move=step.move,
        state=entry.state,
        since=entry.state_since,
        on=day_of_move(rule, after.data, today) if rule else today,
        today=today,
        person=actor.username,
        roles=roles,
        values=after.data,
        evidence=frozenset(step.evidence),
        reason=step.reason,
        made_by=makers(entry) if rule and rule.other_than else {},
    )


def _gates(view: RegisterView, life: Lifecycle, name: str, entry: Entry, on: date) -> list[Refusal]:
    """The guard of the move, and on the way out the exit gate; both look at the row before the move, with the values given now."""
    rule = life.moves[name]
    found = gates.refusals_of(view, rule.guard, [entry], on) + gates.refusals_of(view, view.shape.always, [entry], on)
    if life.states[rule.to].final:
        found += gates.refusals_of(view, view.shape.exit_gate, [entry], on)
    return found


def _evidence(step: Step) -> list[Refusal]:
    """Evidence is a file that was uploaded."""
    standing = set(Upload.objects.filter(digest__in=sorted(step.evidence.values())).values_list("digest", flat=True))
    return [
        Refusal(name, name, Refused("佐证材料没有上传", "the evidence was not uploaded", "先上传文件"))
        for name, digest in step.evidence.items()
        if digest not in standing
    ]


def _titles(view: RegisterView) -> dict[str, str]:
    return {name: shape.title for name, shape in view.shape.fields.items()}


def _title(life: Lifecycle, name: str) -> str:
    return life.moves[name].title if name in life.moves else name


def possible_moves(actor: Actor, view: RegisterView, entry: Entry) -> dict[str, Move]:
    """The moves that this actor may make from here, by the order of states and by role: what a page offers."""
    if view.lifecycle is None or not charge(actor, view).holds(entry):
        return {}
    held = actor.roles | assignments_of(actor, entry)
    moves = view.lifecycle.shape.moves.items()
    return {name: rule for name, rule in moves if entry.state in rule.source and (held & frozenset(rule.who) or actor == SYSTEM)}
