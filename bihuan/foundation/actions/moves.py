"""Moving a row from state to state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bihuan.foundation.access import SYSTEM, Actor, Decision, assignments_of, called, carried_by, charge, outsider
from bihuan.foundation.actions import clockwork, gates, references
from bihuan.foundation.actions.entries import amended, change_body
from bihuan.foundation.actions.writing import Conflict, Forbidden, about, day_of, entry_of, record, view_of
from bihuan.foundation.checking import Incoming, Refusal, Rejected, Value, check_row, rejected
from bihuan.foundation.grammar.lifecycles import Attempt, Lifecycle, Move, day_of_move, refusals_of
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import body_of, writing
from bihuan.foundation.models import Entry, Event, Trace, Upload

MOVING = ("entry.moved", "entries.moved")
"""The kinds of entry that say a row was moved: one alone, or many at once."""

PART = 500
"""So many rows are asked for in one query."""

MOST_FILES = 12
"""Files under one name of a move's evidence."""


@dataclass(frozen=True)
class Step:
    """A move somebody makes: the fields filled in with it, its evidence by name, the version it was read at.

    A piece of evidence is the digest of an upload, or several of them.
    """

    move: str
    version: int
    values: Mapping[str, object] = field(default_factory=dict)
    evidence: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    reason: str = ""


def move(actor: Actor, register: str, key: str, step: Step, at: datetime) -> Entry:
    """Move a row. Its clocks start, stop, pause and go on in the same entry of the ledger.

    Raises Conflict, Forbidden where the row is not in the actor's charge, and Rejected with everything that forbids the move:
    the order of states, who may, the day, what must be filled in or attached, the guard, the exit gate.
    """
    view, today = view_of(register, at), day_of(at)
    life_of(view)
    with writing():
        entry = entry_of(register, key)
        if not charge(actor, view).holds(entry):
            raise Forbidden(Decision(False, f"“{key}”不在您的职责范围内", f"“{key}” is not within your charge"))
        if entry.version != step.version:
            raise Conflict(entry, check_row(view.shape, Incoming(step.values), whole=False)[0])
        tried = attempted(actor, view, [entry], step, today)[0]
        if tried.refusals:
            raise Rejected(tried.refusals)
        duties = duties_of(view, [tried])
        body = {**edit_of(view, tried), "move": step.move, "evidence": evidence_of(step), "reason": step.reason, **duties.body()}
        record(about(entry, "entry.moved", body, actor, at))
        return Entry.objects.get(pk=entry.pk)


def life_of(view: RegisterView) -> Lifecycle:
    """The lifecycle of a register; rejected where it has none."""
    if view.lifecycle is None:
        raise rejected(Refused(f"{view.shape.title}没有流程", "the register has no lifecycle", ""))
    return view.lifecycle.shape


@dataclass(frozen=True)
class Tried:
    """A move tried on one row: the row as it stands and as it will be, what is filled in with it, the day it happened, and what forbids it."""

    entry: Entry
    after: Entry
    changed: dict[str, Value]
    on: date
    refusals: tuple[Refusal, ...]


def attempted(actor: Actor, view: RegisterView, entries: Sequence[Entry], step: Step, today: date) -> list[Tried]:
    """Try one move on rows, whatever their versions, and say for each everything that forbids it. Nothing is written.

    One path for one row and for many: the tables are asked once for all of them.
    """
    life = life_of(view)
    rule = life.moves.get(step.move)
    values, unread = check_row(view.shape, Incoming(step.values), whole=False)
    changed = [{name: value for name, value in values.items() if entry.data.get(name) != value} for entry in entries]
    after = [amended(view, entry, given) for entry, given in zip(entries, changed, strict=True)]
    carried = carried_by(actor, entries)
    made = makers(entries) if rule and rule.other_than else {}
    unknown = references.refusals_by_row(view, changed, [Incoming(step.values)] * len(entries), today)
    unattached, titles = [*_evidence(step), *_not_asked(actor, view, life, step)], _titles(view)
    names = called(view, rule.who if rule else ())
    tried = []
    for place, entry in enumerate(entries):
        around = _Around(entry, after[place], carried[entry.pk], made.get(entry.pk, {}), names)
        attempt = _attempt(actor, rule, around, step, today)
        why = [Refusal("", _title(life, step.move), refused) for refused in refusals_of(life, attempt, titles)]
        tried.append(Tried(entry, after[place], changed[place], attempt.on, (*unread, *why, *unattached, *unknown[place])))
    return _through_gates(view, life, step.move, tried)


def _through_gates(view: RegisterView, life: Lifecycle, name: str, tried: Sequence[Tried]) -> list[Tried]:
    """The same with what the guard of the move and, on the way out, the exit gate refuse. Both look at a row before the move, with the values given
    now; they are asked only of rows that nothing else forbids, and those come out in the state they go to."""
    rule = life.moves.get(name)
    stopped: dict[int, list[Refusal]] = {}
    free = [one for one in tried if not one.refusals]
    for on in sorted({one.on for one in free}):
        rows = [one.after for one in free if one.on == on]
        gated = [rule.guard, view.shape.always, *([view.shape.exit_gate] if life.states[rule.to].final else [])] if rule else []
        for gate in gated:
            for number, refusal in gates.refusals_by_row(view, gate, rows, on).items():
                stopped.setdefault(number, []).append(refusal)
    for one in free:
        if rule and one.entry.pk not in stopped:
            one.after.state, one.after.state_since = rule.to, one.on
    return [replace(one, refusals=(*one.refusals, *stopped.get(one.entry.pk, ()))) for one in tried]


def duties_of(view: RegisterView, tried: Sequence[Tried]) -> clockwork.Changes:
    """What moves that nothing forbids do to the clocks of their rows. Raises Rejected where a clock cannot start."""
    entered = clockwork.on_entering(view, [clockwork.Entered(one.after, one.entry.state, one.on) for one in tried])
    relocated = [one.after for one in tried if one.after.office != one.entry.office]
    handed_on = clockwork.moved_office(relocated, entered) if relocated else clockwork.Changes()
    return clockwork.merged(entered, clockwork.on_dates(view, [(one.after, one.changed) for one in tried]), handed_on)


def edit_of(view: RegisterView, one: Tried) -> dict[str, Any]:
    """A move of one row as a body writes it."""
    return {**change_body(view, one.entry, one.after, one.changed), "from": one.entry.state, "to": one.after.state, "on": one.on.isoformat()}


@dataclass(frozen=True)
class Made:
    """A move that was made of a row: by whom, from state to state, on which day, why; `evidence` names its files by their digests."""

    move: str
    actor: str
    before: str
    to: str
    on: str
    evidence: Mapping[str, str]
    reason: str


def moves_made(ids: Sequence[int]) -> dict[int, list[Made]]:
    """The moves of some rows, the oldest first, from the ledger: made one by one or many at once."""
    found: dict[int, list[Made]] = {number: [] for number in ids}
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        traced = Trace.objects.filter(entry_id__in=part).values("seq")
        for event in Event.objects.filter(kind__in=MOVING, seq__in=traced).order_by("seq"):
            body = body_of(event)
            for edit in body.get("edits", [body]):
                if edit["id"] in found:
                    made = Made(body["move"], event.actor, edit["from"], edit["to"], edit["on"], _evidence_in(body["evidence"]), body["reason"])
                    found[edit["id"]].append(made)
    return found


def makers(entries: Sequence[Entry]) -> dict[int, dict[str, frozenset[str]]]:
    """Who made which move of each of some rows."""
    return {number: _by_move(made) for number, made in moves_made([entry.pk for entry in entries]).items()}


def _by_move(made: Sequence[Made]) -> dict[str, frozenset[str]]:
    return {name: frozenset(one.actor for one in made if one.move == name) for name in {one.move for one in made}}


@dataclass(frozen=True)
class _Around:
    """A row before and after, what the actor carries for it, who made its moves so far, and what those who may make this one are called."""

    entry: Entry
    after: Entry
    carried: frozenset[str]
    made_by: Mapping[str, frozenset[str]]
    called: tuple[str, str]


def _attempt(actor: Actor, rule: Move | None, around: _Around, step: Step, today: date) -> Attempt:
    roles = actor.roles | around.carried
    if actor == SYSTEM and rule:
        roles |= frozenset(rule.who)  # what the system does follows the same order; only "who" is not asked of it
    return Attempt(
        move=step.move,
        state=around.entry.state,
        since=around.entry.state_since,
        on=day_of_move(rule, around.after.data, today) if rule else today,
        today=today,
        person=actor.username,
        roles=roles,
        called=around.called,
        values=around.after.data,
        evidence=frozenset(_attached(step)),
        reason=step.reason,
        made_by=around.made_by,
    )


def _attached(step: Step) -> dict[str, list[str]]:
    """The digests under each name that has any."""
    listed = {name: [given] if isinstance(given, str) else list(dict.fromkeys(given)) for name, given in step.evidence.items()}
    return {name: digests for name, digests in listed.items() if digests}


def evidence_of(step: Step) -> dict[str, str | list[str]]:
    """The evidence of a move as a body writes it: one digest under a name, or a list of several."""
    return {name: digests[0] if len(digests) == 1 else digests for name, digests in _attached(step).items()}


def _evidence_in(written: Mapping[str, str | list[str]]) -> dict[str, str]:
    """The same read back: the name by the digest of each file."""
    listed = ((name, [given] if isinstance(given, str) else given) for name, given in written.items())
    return {digest: name for name, digests in listed for digest in digests}


def _evidence(step: Step) -> list[Refusal]:
    """Evidence is a file that was uploaded, and not more of them than anybody looks at."""
    attached = _attached(step)
    standing = set(Upload.objects.filter(digest__in=sorted({one for digests in attached.values() for one in digests})).values_list("digest", flat=True))
    absent = [name for name, digests in attached.items() if not standing.issuperset(digests)]
    many = [name for name, digests in attached.items() if len(digests) > MOST_FILES]
    refusals = [Refusal(name, name, Refused("佐证材料没有上传", "the evidence was not uploaded", "先上传文件")) for name in absent]
    too_many = Refused(f"一项佐证最多 {MOST_FILES} 个文件", f"at most {MOST_FILES} files are attached as one piece of evidence", "")
    return refusals + [Refusal(name, name, too_many) for name in many]


def _not_asked(actor: Actor, view: RegisterView, life: Lifecycle, step: Step) -> list[Refusal]:
    """A refusal for each field that an enterprise or a citizen gives with a move that does not ask for it."""
    rule = life.moves.get(step.move)
    if rule is None or not outsider(actor):
        return []
    why = Refused("这一步不填这一项", "this move does not ask for it", "")
    return [Refusal(name, _titles(view).get(name, name), why) for name in step.values if name not in {*rule.needs, *rule.also, rule.dated_by}]


def _titles(view: RegisterView) -> dict[str, str]:
    return {name: shape.title for name, shape in view.shape.fields.items()}


def _title(life: Lifecycle, name: str) -> str:
    return life.moves[name].title if name in life.moves else name


def possible_moves(actor: Actor, view: RegisterView, entry: Entry, carried: frozenset[str] | None = None) -> dict[str, Move]:
    """The moves that this actor may make from here, by the order of states and by role: what a page offers.

    ``carried``: the responsibilities they carry for the row, where those are at hand.
    """
    if view.lifecycle is None or not charge(actor, view).holds(entry):
        return {}
    held = actor.roles | (assignments_of(actor, entry) if carried is None else carried)
    moves = view.lifecycle.shape.moves.items()
    return {name: rule for name, rule in moves if entry.state in rule.source and (held & frozenset(rule.who) or actor == SYSTEM)}
