"""Following the ledger: judge what changed, settle duties, start handoffs, draft documents; exactly once, and safe to kill at any instant.

The ledger is the queue and the cursor moves in the same transaction as what came of the events before it. What that transaction appends is
itself read in the next round, until nothing is left: a red light starts a handoff, the new row is judged, and so on. A handoff that would
come round to itself is refused (`starting.ancestry`), and a call ends after so many rounds in any case.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

import duckdb
from django.db import transaction

from bihuan.computing import owing, papers, starting, tables
from bihuan.computing.engine import TooSlow, run
from bihuan.computing.feed import Touched, touched
from bihuan.computing.judge import Turned, judge, parents
from bihuan.computing.papers import About
from bihuan.computing.tables import Columns
from bihuan.computing.triggers import Fired, fired
from bihuan.foundation import ledger
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import Rejected, draft_paper, record
from bihuan.foundation.actions.writing import day_of
from bihuan.foundation.grammar.documents import Document
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.plans import Wanted, row_plan
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.ledger import New, body_of
from bihuan.foundation.models import Cursor, Entry, Event

log = logging.getLogger("bihuan.follow")

FOLLOW, SWEEP = "follow", "sweep"
EVENTS = 500
"""How many entries of the ledger one round takes."""

ROUNDS = 40
"""How many rounds one call makes at most; what is left is for the next."""

BATCH = 2_000
"""How many verdicts one entry of the ledger holds at most."""

AT_ONCE = 500
"""How many rows one entry of the ledger starts by a handoff at most."""

BAD_ROW = (Rejected, Refused, LookupError, ValueError, ArithmeticError, duckdb.Error, TooSlow)
"""What one bad row or rule can raise: it is parked and named, and the rest goes on."""


@dataclass
class Progress:
    """What a call did. ``behind``: something is left for the next call; ``parked``: what could not be done, and why."""

    position: int = 0
    rounds: int = 0
    verdicts: int = 0
    duties: int = 0
    started: int = 0
    waiting: int = 0
    drafted: int = 0
    behind: bool = False
    parked: list[str] = field(default_factory=list)


def catch_up(at: datetime, limit: int = ROUNDS) -> Progress:
    """Follow the ledger to its head, in at most `limit` rounds. Any number of processes may call it at once."""
    progress = Progress()
    while progress.rounds < limit:
        if not _round(at, progress):
            return progress
        progress.rounds += 1
    progress.behind = True
    log.warning("after %s rounds the ledger still moves; the rest is left for the next call", limit)
    return progress


def judging_day(at: datetime) -> date:
    """The day lights are judged of: today, but never a day before one that was swept already."""
    swept = Cursor.objects.filter(name=SWEEP).values_list("day", flat=True).first()
    today = day_of(at)
    return max(today, swept) if swept else today


@dataclass(frozen=True)
class _Work:
    """What a round has to append: entries of the ledger, and the handoffs and documents that were set off."""

    turned: Turned
    owing: owing.Owing
    fired: Sequence[Fired]
    parked: Sequence[str]


def _round(at: datetime, progress: Progress) -> bool:
    """One round; False where nothing was left to follow.

    The work is computed outside the ledger's lock and thrown away when somebody wrote meanwhile; the third time it is computed inside.
    """
    for attempt in range(3):
        cursor = position(FOLLOW)
        progress.position = cursor
        events = ledger.read_after(cursor, EVENTS)
        if not events:
            return False
        day = judging_day(at)
        columns = tables.current(day)
        work = _work(columns, day, events) if attempt < 2 else None
        with ledger.writing():
            held, _ = Cursor.objects.get_or_create(name=FOLLOW)
            if held.seq != cursor:
                return True
            if work is not None and ledger.head()[0] != columns.position:
                continue
            if work is None:
                columns.refresh()
                work = _work(columns, day, events)
            done = _carry_out(columns, work, at, progress)
            held.seq = progress.position = done if done and events[-1].seq == columns.position else events[-1].seq
            held.save(update_fields=["seq"])
        return True
    return True


def position(name: str) -> int:
    """How far a follower has come."""
    return Cursor.objects.filter(name=name).values_list("seq", flat=True).first() or 0


def _work(columns: Columns, day: date, events: Sequence[Event]) -> _Work:
    changed = touched(events)
    ids = _affected(columns, events, changed)
    turned = judge(columns, day, ids)
    owed = owing.owing(columns, day, ids) if ids is None or any(ids.values()) else owing.Owing()
    lost = [f"第 {number} 行：{why}" for number, why in turned.failed] + owed.failed
    set_off: list[Fired] = []
    for event in events:
        set_off += _applying(columns, day, fired(columns.catalogue, event, body_of(event)), lost)
    return _Work(turned, owed, set_off, lost)


def _affected(columns: Columns, events: Iterable[Event], changed: Touched) -> dict[str, Sequence[int]] | None:
    """The rows to judge: those that changed, their parents and the parents they had before. None for all of them."""
    if changed.everything:
        return None
    ids: dict[str, set[int]] = {}
    if changed.duties:
        sql = "SELECT DISTINCT _register, _id FROM duties WHERE _id IS NOT NULL AND _duty IN (SELECT unnest(?))"
        for row in run(columns, sql, [sorted(changed.duties)]):
            ids.setdefault(row["_register"], set()).add(row["_id"])
    for name, found in changed.rows().items():
        if name in columns.catalogue.registers:
            ids.setdefault(name, set()).update(found)
    return {name: sorted(found) for name, found in parents(columns.catalogue, columns, ids, _left(columns, events)).items()}


LEAVING = frozenset({"entry.changed", "entries.changed", "entry.moved", "entries.moved", "entry.withdrawn", "entries.merged"})
"""The kinds of entry after which a row may refer to another one than before."""


def _left(columns: Columns, events: Iterable[Event]) -> dict[str, set[str]]:
    """The keys of rows that changed rows referred to before: a coordination moved to another project changes both projects."""
    keys: dict[str, set[str]] = {}
    for event in events:
        view = columns.catalogue.registers.get(event.register)
        if view is None or event.kind not in LEAVING:
            continue
        body = body_of(event)
        for name, shape in view.shape.fields.items():
            target = columns.catalogue.referred(shape.of, view.pack) if shape.kind == "entry" else None
            left = [edit["data"].get(name, [None])[0] for edit in body.get("edits", [body]) if "data" in edit]
            if target:
                keys.setdefault(target.name, set()).update(old for old in left if isinstance(old, str))
            if target and event.kind == "entry.withdrawn":
                keys.setdefault(target.name, set()).update(_referred_to(event, name))
            if target and event.kind == "entries.merged":
                keys.setdefault(target.name, set()).update(_still_written(body, name))
    return keys


def _still_written(body: Mapping[str, Any], name: str) -> set[str]:
    """What rows that were merged away refer to: they keep their data."""
    merged = Entry.objects.filter(pk__in=[edit["id"] for edit in body["edits"]])
    return {value for data in merged.values_list("data", flat=True) if isinstance(value := data.get(name), str)}


def _referred_to(event: Event, name: str) -> set[str]:
    from_rows = Event.objects.filter(register=event.register, entry=event.entry, seq__lt=event.seq).order_by("seq")
    found: set[str] = set()
    for before in from_rows:
        body: dict[str, Any] = body_of(before)
        values = [row["data"].get(name) for row in body.get("rows", ()) if row["key"] == event.entry] + list(body.get("data", {}).get(name, ()))
        found |= {value for value in values if isinstance(value, str)}
    return found


def _applying(columns: Columns, day: date, found: Iterable[Fired], lost: list[str]) -> list[Fired]:
    """Those set off whose condition holds; one that cannot be asked is named in `lost`."""
    kept = []
    for one in found:
        if one.where:
            plan = row_plan(columns.catalogue, one.view, Wanted(conditions={"_asked": one.where}), [day], [one.entry])
            try:
                rows = run(columns, f"{plan.sql} SELECT _asked FROM judged")
            except BAD_ROW as error:
                lost.append(f"{one.item.name}：{error}")
                continue
            if not rows or rows[0]["_asked"] is not True:
                continue
        kept.append(one)
    return kept


def _carry_out(columns: Columns, work: _Work, at: datetime, progress: Progress) -> int:
    """Append what a round found and start what was set off.

    Gives the last entry appended where following it would find nothing (verdicts that set nothing off), else 0.
    """
    appended = record_turned(work.turned, at)
    record_owing(work.owing, at)
    progress.verdicts += len(work.turned.verdicts)
    progress.duties += len(work.owing.open) + len(work.owing.change)
    progress.parked += work.parked
    for batch in _batches(work.fired):
        if isinstance(batch[0].item.shape, Document):
            progress.drafted += by_halves(progress.parked, batch, partial(draft, columns, at=at))
        else:
            started = by_halves(progress.parked, batch, partial(starting.start, columns, at=at))
            progress.started += started
            progress.waiting += len(batch) - started
    if work.owing or work.fired or not appended:
        return 0
    follows = any(True for event in appended for _ in fired(columns.catalogue, event, body_of(event)))
    return 0 if follows else appended[-1].seq


def record_turned(turned: Turned, at: datetime, register: str = "") -> list[Event]:
    """Append the verdicts that turned, in entries of at most BATCH; gives those entries."""
    return [record(New("judged", {"verdicts": part}, SYSTEM.username, at, register)) for part in tables.batches(turned.verdicts, BATCH)]


def record_owing(owed: owing.Owing, at: datetime) -> None:
    """Append what changed in the duties of cadences."""
    if owed:
        record(New("duties.changed", owed.body(), SYSTEM.username, at))


def _batches(found: Sequence[Fired]) -> Iterator[list[Fired]]:
    """What one entry of the ledger set off, by handoff or document and at most so many rows at a time; in the order of their first rows."""
    groups: dict[tuple[str, int], list[Fired]] = {}
    for one in found:
        groups.setdefault((one.item.name, one.cause), []).append(one)
    for group in groups.values():
        yield from tables.batches(group, AT_ONCE)


def draft(columns: Columns, batch: Sequence[Fired], at: datetime) -> int:
    """Draft a document for each row it was set off for."""
    for one in batch:
        item: Item[Document] = one.item  # type: ignore[assignment]  # the caller sorted documents from handoffs
        draft_paper(SYSTEM, papers.compose(columns, one.view, item, About(judging_day(at), one.entry, words=one.words)), at)
    return len(batch)


def by_halves(where: list[str], batch: Sequence[Fired], deed: Callable[[Sequence[Fired]], int]) -> int:
    """Do something about some rows; where that fails, about halves of them, until a row that fails stands alone and is parked.

    Gives the sum of what the deed gave.
    """
    if len(batch) > 1:
        try:
            with transaction.atomic():
                return deed(batch)
        except BAD_ROW:
            half = len(batch) // 2
            return by_halves(where, batch[:half], deed) + by_halves(where, batch[half:], deed)
    return parked(where, batch[0].item.name, partial(deed, batch))


def parked(where: list[str], name: str, deed: Callable[[], int]) -> int:
    """Do something in a savepoint and give what it gave; where it fails, undo it, name it, go on, and give 0."""
    try:
        with transaction.atomic():
            return deed()
    except BAD_ROW as error:
        where.append(f"{name}：{error}")
        log.exception("parked: %s", name)
        return 0
