"""Doing one thing to many rows: tried on all of them first, then done to those that nothing forbids, in one entry of the ledger.

What is tried is what one row alone is tried with: permissions, charge, values, references, what must be unique, gates, the order of states,
evidence, hands. A preview carries a fingerprint of everything it says; it is carried out only where it still says the same under the lock.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bihuan.foundation.access import Actor, Decision, charge, may, personal_fields
from bihuan.foundation.actions import clockwork
from bihuan.foundation.actions.assigning import Charge, body_of_charge, given_to
from bihuan.foundation.actions.changing import refusals_by_row
from bihuan.foundation.actions.entries import Values, amended, change_body, in_charge, locked
from bihuan.foundation.actions.moves import Step, Tried, attempted, duties_of, edit_of, evidence_of
from bihuan.foundation.actions.writing import Forbidden, allow, day_of, record, view_of
from bihuan.foundation.checking import Incoming, Refusal, Rejected, check_row, rejected
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import New, body_of, canonical, writing
from bihuan.foundation.models import Entry, Event

MOST = 5_000
"""So many rows at once: one entry of the ledger speaks of all of them, and the page of a row must still be able to read it."""

PART = 500
CHANGED = "entries.changed"


@dataclass(frozen=True)
class SetField:
    """Give one field the same value in every row, as it was typed."""

    field: str
    value: object
    reason: str = ""


@dataclass(frozen=True)
class PutBack:
    """Give every row of an earlier change of many back the values it had before, as the ledger has them."""

    seq: int
    reason: str = ""


Deed = SetField | PutBack | Step | Charge
"""What is done to many rows. A step's version is not asked: each row's own is part of the fingerprint."""


@dataclass(frozen=True)
class Outcome:
    """What comes of one row: each value before and after (a state and a holder under ``_state`` and ``_holder``), or why nothing may."""

    entry: Entry
    changes: Mapping[str, tuple[Any, Any]]
    refusals: tuple[Refusal, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether the row will be changed."""
        return bool(self.changes) and not self.refusals


@dataclass(frozen=True)
class Preview:
    """Everything a deed would do to some rows; `body` is what the ledger would say, without the duties it opens and closes."""

    kind: str
    outcomes: Sequence[Outcome]
    body: Mapping[str, Any]
    duties: clockwork.Changes = field(default_factory=clockwork.Changes)

    @property
    def fingerprint(self) -> str:
        """A digest of every row with its version and of all that would come of it."""
        said = [
            [one.entry.pk, one.entry.version, [refusal.text() for refusal in one.refusals], {name: list(pair) for name, pair in one.changes.items()}]
            for one in self.outcomes
        ]
        return hashlib.sha256(canonical({"kind": self.kind, "rows": said}).encode()).hexdigest()

    def passing(self) -> list[Outcome]:
        """The rows that will be changed."""
        return [one for one in self.outcomes if one.passes]


class MovedOn(Exception):
    """Nothing was written: since the preview somebody changed one of the rows, or what decides about them. `preview` says how it stands now."""

    def __init__(self, preview: Preview) -> None:
        self.preview = preview
        super().__init__("预览之后有变动，什么都没有写入。\nSomething changed since the preview; nothing was written.")


def preview(actor: Actor, register: str, deed: Deed, ids: Sequence[int], at: datetime) -> Preview:
    """What a deed would do to rows, given by their ids. Nothing is written.

    Raises Forbidden where the actor may do it to no row at all, Rejected where what was typed itself cannot be, or there are too many rows.
    """
    view, today = view_of(register, at), day_of(at)
    if len(ids) > MOST:
        raise rejected(Refused(f"一次最多 {MOST} 条，选了 {len(ids)} 条", f"at most {MOST} rows at once, {len(ids)} were chosen", "加一两个条件，分几次办"))
    if isinstance(deed, PutBack):
        return _changes(actor, view, deed, _before(view, deed.seq), today)
    entries = _entries(register, ids)
    if isinstance(deed, Step):
        return _moves(actor, view, deed, entries, today)
    if isinstance(deed, Charge):
        return _hands(actor, view, deed, entries, today)
    return _changes(actor, view, deed, [(entry, _typed(view, deed)) for entry in entries], today)


def carry_out(actor: Actor, register: str, deed: Deed, ids: Sequence[int], agreed: str, at: datetime) -> Event | None:
    """Do what a preview with that fingerprint said; None where it said that no row changes.

    Raises MovedOn where it would say something else now, and what `preview` raises.
    """
    with writing():
        found = preview(actor, register, deed, ids, at)
        if found.fingerprint != agreed:
            raise MovedOn(found)
        if not found.passing():
            return None
        return record(New(found.kind, {**found.body, **found.duties.body()}, actor.username, at, register))


def _entries(register: str, ids: Sequence[int]) -> list[Entry]:
    """The rows that stand, in the order asked for."""
    held: dict[int, Entry] = {}
    for start in range(0, len(ids), PART):
        held |= Entry.objects.filter(register=register, withdrawn=False).in_bulk(list(ids[start : start + PART]))
    return [held[number] for number in dict.fromkeys(ids) if number in held]


# --- changing a field


def _typed(view: RegisterView, deed: SetField) -> Values:
    """The value as it is stored. Raises Rejected for what nobody may set in many rows at once, and for what cannot be read."""
    shape = view.shape.fields.get(deed.field)
    if shape is None or deed.field == view.shape.key or shape.personal or shape.kind == "file":
        raise rejected(Refused("这个字段不能成批修改", "this field cannot be changed in many rows", ""), deed.field)
    values, refusals = check_row(view.shape, Incoming({deed.field: deed.value}), whole=False)
    if refusals:
        raise Rejected(refusals)
    return values


def _before(view: RegisterView, seq: int) -> list[tuple[Entry, Values]]:
    """The rows of an earlier change with the values they had. Raises Rejected where that entry is no change of many rows that can be taken back."""
    event = Event.objects.filter(pk=seq, kind=CHANGED, register=view.name).first()
    edits = {edit["id"]: edit for edit in body_of(event)["edits"]} if event else {}
    if not edits or any(set(edit["data"]) & personal_fields(view) for edit in edits.values()):
        raise rejected(Refused("这次修改不能原样退回", "this change cannot be taken back as it was", ""))
    entries = _entries(view.name, list(edits))
    return [(entry, {name: pair[0] for name, pair in edits[entry.pk]["data"].items()}) for entry in entries]


def _changes(actor: Actor, view: RegisterView, deed: SetField | PutBack, wanted: Sequence[tuple[Entry, Values]], today: date) -> Preview:
    allow(may(actor, "change", view))
    given = [{name: value for name, value in values.items() if entry.data.get(name) != value} for entry, values in wanted]
    rows = [(entry, amended(view, entry, changed), changed) for (entry, _values), changed in zip(wanted, given, strict=True)]
    touched = [row for row in rows if row[2]]
    told = {entry.pk: refusals for (entry, _after, _changed), refusals in zip(touched, _forbidden(actor, view, touched, deed), strict=True)}
    kept = [row for row in touched if not told[row[0].pk]]
    wrong = refusals_by_row(view, [after for _e, after, _c in kept], [changed for *_r, changed in kept], [Incoming({})] * len(kept), today)
    told |= {entry.pk: refusals for (entry, _after, _changed), refusals in zip(kept, wrong, strict=True)}
    outcomes = [
        Outcome(entry, {name: (entry.data.get(name), value) for name, value in changed.items()}, tuple(told.get(entry.pk, ())))
        for entry, _after, changed in rows
    ]
    passing = {one.entry.pk for one in outcomes if one.passes}
    done = [row for row in rows if row[0].pk in passing]
    edits = [{"id": entry.pk, "key": entry.key, **change_body(view, entry, after, changed)} for entry, after, changed in done]
    body = {"edits": edits, "reason": deed.reason, **({"undoes": deed.seq} if isinstance(deed, PutBack) else {})}
    relocated = [after for entry, after, _changed in done if after.office != entry.office]
    dated = clockwork.on_dates(view, [(after, changed) for _entry, after, changed in done])
    return Preview(CHANGED, outcomes, body, clockwork.merged(dated, clockwork.moved_office(relocated)))


def _forbidden(actor: Actor, view: RegisterView, rows: Sequence[tuple[Entry, Entry, Values]], deed: SetField | PutBack) -> Iterator[list[Refusal]]:
    """Of each row: that it is not the actor's to write, before or after; of one to be put back also that it was changed since."""
    reach = charge(actor, view)
    since = _versions(deed.seq) if isinstance(deed, PutBack) else {}
    for entry, after, _changed in rows:
        decisions = [in_charge(actor, view, row) for row in (entry, after) if not reach.holds(row)]
        found = [*[_refused(entry, decision) for decision in decisions if not decision][:1], *locked(view, entry)]
        if since and since.get(entry.pk) != entry.version:
            found.append(Refusal("", entry.title or entry.key, Refused("此后又改过，不能原样退回", "was changed since and cannot be put back", "")))
        yield found


def _versions(seq: int) -> dict[int, int]:
    return {edit["id"]: edit["version"] for edit in body_of(Event.objects.get(pk=seq))["edits"]}


def _refused(entry: Entry, decision: Decision) -> Refusal:
    return Refusal("", entry.title or entry.key, Refused(decision.reason, decision.reason_en, ""))


# --- moving along the lifecycle


def _moves(actor: Actor, view: RegisterView, step: Step, entries: Sequence[Entry], today: date) -> Preview:
    reach = charge(actor, view)
    mine = [entry for entry in entries if reach.holds(entry)]
    tried = {one.entry.pk: one for one in attempted(actor, view, mine, step, today)}
    free = [one for one in tried.values() if not one.refusals]
    duties, stopped = _clocks(view, free)
    outcomes = [_moved(tried.get(entry.pk), entry, stopped) for entry in entries]
    edits = [{"id": one.entry.pk, "key": one.entry.key, **edit_of(view, one)} for one in free if one.entry.pk not in stopped]
    body = {"move": step.move, "evidence": evidence_of(step), "reason": step.reason, "edits": edits}
    return Preview("entries.moved", outcomes, body, duties)


def _clocks(view: RegisterView, free: Sequence[Tried]) -> tuple[clockwork.Changes, dict[int, tuple[Refusal, ...]]]:
    """What the moves do to clocks, and the rows whose clock cannot start, with why. One by one only where one of them cannot."""
    try:
        return duties_of(view, free), {}
    except Rejected:
        stopped = {one.entry.pk: why for one in free if (why := _stopped(view, one))}
        return duties_of(view, [one for one in free if one.entry.pk not in stopped]), stopped


def _stopped(view: RegisterView, one: Tried) -> tuple[Refusal, ...]:
    try:
        duties_of(view, [one])
    except Rejected as why:
        return why.refusals
    return ()


def _moved(tried: Tried | None, entry: Entry, stopped: Mapping[int, tuple[Refusal, ...]]) -> Outcome:
    if tried is None:
        return Outcome(entry, {}, (_refused(entry, Decision(False, f"“{entry.key}”不在您的职责范围内", f"“{entry.key}” is not within your charge")),))
    changes = {name: (entry.data.get(name), value) for name, value in tried.changed.items()}
    refusals = (*tried.refusals, *stopped.get(entry.pk, ()))
    return Outcome(entry, changes if refusals else {"_state": (entry.state, tried.after.state), **changes}, refusals)


# --- putting somebody in charge


def _hands(actor: Actor, view: RegisterView, given: Charge, entries: Sequence[Entry], today: date) -> Preview:
    item = view.assignments.find(given.role)
    if item is None:
        known = "、".join(found.key for found in view.assignments.values())
        raise rejected(Refused(f"{view.shape.title}没有“{given.role}”这项责任", f"there is no assignment “{given.role}”", known))
    allowed = may(actor, "assign", view)
    if not allowed:
        raise Forbidden(allowed)
    reach = charge(actor, view)
    outcomes = []
    for one in given_to(actor, view, entries, item, given, today):
        outside = Decision(False, f"“{one.entry.key}”不在您的职责范围内", f"“{one.entry.key}” is not within your charge")
        refusals = one.refusals if reach.holds(one.entry) else (_refused(one.entry, outside),)
        outcomes.append(Outcome(one.entry, {"_holder": (one.old, given.member)}, refusals))
    passing = [one for one in outcomes if one.passes]
    edits = [{"id": one.entry.pk, "key": one.entry.key, "old": one.changes["_holder"][0]} for one in passing]
    duties = clockwork.handed_over([one.entry for one in passing], item.key, given.member, view)
    return Preview("entries.assigned", outcomes, {**body_of_charge(item, given, today), "edits": edits}, duties)
