"""What a change of a row does to its clocks: which duties open, stop, pause or go on, with their days, ready for a body.

The arithmetic is `grammar.clocks`; here is what it needs from the tables. Nothing here writes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bihuan.foundation.actions.gates import holding
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar import clocks
from bihuan.foundation.grammar.clocks import Timing
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lifecycles import Clock
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.shape import in_force
from bihuan.foundation.grammar.spans import settled
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.grammar.workdays import state_council
from bihuan.foundation.models import Assignment, Duty, Entry

CLOCK = "clock"
PART = 500
"""So many rows are asked for in one query."""


@dataclass
class Changes:
    """Duties to open and to change, as a body writes them."""

    open: list[dict[str, Any]] = field(default_factory=list)
    change: list[dict[str, Any]] = field(default_factory=list)

    def body(self) -> dict[str, Any]:
        """``{"duties": …}`` where anything changes, else nothing."""
        return {"duties": {"open": self.open, "change": self.change}} if self.open or self.change else {}


def on_recording(view: RegisterView, fresh: Sequence[Entry], on: date, carried: Mapping[str, str] | None = None) -> Changes:
    """The clocks that new rows start, by their first state or by a date field that is filled in.

    `carried` names who carries which responsibility for all of them from the first moment.
    """
    holders = carried or {}
    changes = Changes()
    for item in view.clocks.values():
        begins = {entry.pk: day for entry in fresh if (day := _first_day(item.shape, entry, on))}
        rows = [entry for entry in fresh if entry.pk in begins]
        if item.shape.where:
            applies = holding(view, item.shape.where, rows, on)
            rows = [entry for entry in rows if entry.pk in applies]
        owner = holders.get(item.shape.owner, "")
        changes.open += [{**_whole(view, entry, item, begins[entry.pk]), "member": owner} for entry in rows]
    return changes


@dataclass(frozen=True)
class Entered:
    """A row, already as it will be, that comes from state `before` into its state on a day."""

    entry: Entry
    before: str
    on: date


def on_entering(view: RegisterView, moved: Sequence[Entered]) -> Changes:
    """The clocks when rows come into other states: asked of the tables once for all of them."""
    changes = Changes()
    around = _standing([one.entry for one in moved])
    for item in view.clocks.values():
        begun: list[tuple[Entry, date]] = []
        for one in moved:
            running = around.running(one.entry, item)
            for effect in clocks.effects(item.shape, one.before, one.entry.state):
                if effect == "start" and running is None:
                    begun.append((one.entry, one.on))
                elif running and effect == "stop":
                    changes.change.append(_closed(running, one.on))
                    running = None
                elif running and effect == "pause" and not running.paused_on:
                    changes.change.append({"key": running.key, **timing_body(clocks.paused(item.shape, timing_of(running), one.on))})
                elif running and effect == "resume" and running.paused_on:
                    resumed = clocks.resumed(in_days(view, item, running.opened), timing_of(running), one.on, state_council())
                    changes.change.append({"key": running.key, **timing_body(resumed)})
        changes.open += _opened(view, item, begun, around)
    said = {part["key"] for part in changes.change}
    for one in moved:
        if _is_final(view, one.entry.state):
            changes.change += _cancelled(around.open(one.entry), one.on, said)
    return changes


def on_dates(view: RegisterView, given: Sequence[tuple[Entry, Iterable[str]]]) -> Changes:
    """The clocks that a date field starts, when those fields were given or changed. A running one is counted again from the new day."""
    changes = Changes()
    starting = {name for item in view.clocks.values() for name in item.shape.starts} & set(view.shape.fields)
    dated = [(entry, starting & set(names)) for entry, names in given]
    dated = [(entry, names) for entry, names in dated if names]
    around = _standing([entry for entry, _names in dated])
    for item in view.clocks.values():
        begun: list[tuple[Entry, date]] = []
        for entry, names in dated:
            for name in sorted(names & set(item.shape.starts)):
                day = entry.data.get(name)
                running = around.running(entry, item)
                if running:
                    changes.change.append(_restarted(view, entry, item, running, day))
                elif day and not around.rounds(entry, item):
                    begun.append((entry, date.fromisoformat(day)))
        changes.open += _opened(view, item, begun, around)
    return changes


def on_withdrawal(entry: Entry, on: date) -> Changes:
    """Every open duty of a withdrawn row is cancelled."""
    return Changes(change=_cancelled(_standing([entry]).open(entry), on, set()))


def handed_over(entries: Sequence[Entry], role: str, member: str, view: RegisterView) -> Changes:
    """The open clocks that a responsibility owes go to the person who carries it now."""
    owed = {(item.key, _mechanism(item)) for item in view.clocks.values() if item.shape.owner == role}
    around = _standing(entries) if owed else Standing()
    held = (duty for entry in entries for duty in around.open(entry))
    return Changes(change=[{"key": duty.key, "member": member} for duty in held if duty.kind == CLOCK and (duty.name, duty.mechanism) in owed])


def moved_office(entries: Sequence[Entry], but: Changes | None = None) -> Changes:
    """The open duties of rows, already as they will be, go with them to another office; those that `but` closes were the former office's."""
    around = _standing(entries)
    closed = {part["key"] for part in but.change if part.get("closed_on")} if but else set()
    going = [(duty.key, entry.office) for entry in entries for duty in around.open(entry) if duty.office != entry.office]
    return Changes(change=[{"key": key, "office": office} for key, office in going if key not in closed])


def merged(*several: Changes) -> Changes:
    """Several sets of changes as one; what a later one says of the same duty is added to what an earlier one said."""
    parts: dict[str, dict[str, Any]] = {}
    for changes in several:
        for part in changes.change:
            parts[part["key"]] = {**parts.get(part["key"], {}), **part}
    return Changes([whole for changes in several for whole in changes.open], list(parts.values()))


# --- duties as timings, and back


def timing_of(duty: Duty) -> Timing:
    """How a duty of a clock stands."""
    return Timing(
        opened=duty.opened,
        counted_from=duty.counted_from or duty.opened,
        spans=tuple(duty.spans),
        due=duty.due,
        warn_on=duty.warn_on,
        escalate_on=duty.escalate_on,
        calendar=duty.calendar,
        paused_on=duty.paused_on,
        extended=duty.extended,
        level=duty.level,
    )


def timing_body(timing: Timing) -> dict[str, Any]:
    """A timing as a body writes it."""
    days = {
        name: day.isoformat() if day else None
        for name, day in (
            ("opened", timing.opened), ("counted_from", timing.counted_from), ("due", timing.due),
            ("warn_on", timing.warn_on), ("escalate_on", timing.escalate_on), ("paused_on", timing.paused_on),
        )
    }  # fmt: skip
    return {**days, "spans": list(timing.spans), "calendar": timing.calendar, "extended": timing.extended, "level": timing.level}


def clock_of(view: RegisterView, duty: Duty) -> Item[Clock] | None:
    """The clock a duty comes from, as the packs now in force have it."""
    return next((item for item in view.clocks.values() if item.key == duty.name and _mechanism(item) == duty.mechanism), None)


def in_days(view: RegisterView, item: Item[Clock], opened: date) -> Clock:
    """A clock with the lengths of time in force on the day it started."""
    return settled(item.shape, view.parameters, opened, item.mechanism)


# --- within


def _mechanism(item: Item[Clock]) -> str:
    return f"{item.pack}.{item.mechanism}"


@dataclass
class Standing:
    """What stands around some rows: their duties by row, and who carries each responsibility for them."""

    duties: dict[int, list[Duty]] = field(default_factory=dict)
    holders: dict[tuple[int, str], str] = field(default_factory=dict)

    def open(self, entry: Entry) -> list[Duty]:
        """The open duties of a row."""
        return [duty for duty in self.duties.get(entry.pk, ()) if duty.closed_on is None]

    def running(self, entry: Entry, item: Item[Clock]) -> Duty | None:
        """The open round of a clock."""
        return next((duty for duty in self._rounds(entry, item) if duty.closed_on is None), None)

    def rounds(self, entry: Entry, item: Item[Clock]) -> int:
        """How many rounds of a clock a row has had."""
        return len(self._rounds(entry, item))

    def _rounds(self, entry: Entry, item: Item[Clock]) -> list[Duty]:
        wanted = (CLOCK, _mechanism(item), item.key)
        return [duty for duty in self.duties.get(entry.pk, ()) if (duty.kind, duty.mechanism, duty.name) == wanted]

    def holder(self, entry: Entry, owner: str) -> str:
        """Who carries a responsibility for a row; nobody where the office owes it."""
        return "" if owner == "office" else self.holders.get((entry.pk, owner), "")


def _standing(entries: Sequence[Entry]) -> Standing:
    """Read once for all of them."""
    found = Standing()
    ids = [entry.pk for entry in entries]
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        for duty in Duty.objects.filter(entry_id__in=part).order_by("pk"):
            found.duties.setdefault(duty.entry_id or 0, []).append(duty)
        for number, role, member in Assignment.objects.filter(entry_id__in=part, to_day__isnull=True).order_by("pk").values_list("entry_id", "role", "member"):
            found.holders.setdefault((number, role), member)
    return found


def _first_day(clock: Clock, entry: Entry, on: date) -> date | None:
    """The day a new row starts a clock, or None."""
    if entry.state and entry.state in clock.starts:
        return on
    return next((date.fromisoformat(entry.data[name]) for name in clock.starts if entry.data.get(name)), None)


def _opened(view: RegisterView, item: Item[Clock], begun: Sequence[tuple[Entry, date]], around: Standing) -> list[dict[str, Any]]:
    """A new round of a clock for standing rows, where it applies."""
    where = item.shape.where
    if where:
        days = {on for _entry, on in begun}
        applies = {on: holding(view, where, [entry for entry, day in begun if day == on], on) for on in days}
        begun = [(entry, on) for entry, on in begun if entry.pk in applies[on]]
    return [
        {**_whole(view, entry, item, on, around.rounds(entry, item) + 1), "member": around.holder(entry, item.shape.owner)} for entry, on in begun
    ]


def _whole(view: RegisterView, entry: Entry, item: Item[Clock], on: date, number: int = 1) -> dict[str, Any]:
    """A duty in full, owed by the row's office; who carries the responsibility for a standing row is added by the caller."""
    return {
        "key": f"{CLOCK}|{entry.register}|{entry.key}|{_mechanism(item)}.{item.key}|{number}",
        "kind": CLOCK,
        "register": entry.register,
        "entry": entry.pk,
        "mechanism": _mechanism(item),
        "name": item.key,
        "title": item.shape.title,
        "office": entry.office,
        "member": "",
        **timing_body(_started(view, entry, item, on)),
    }


def _started(view: RegisterView, entry: Entry, item: Item[Clock], on: date) -> Timing:
    try:
        clock = in_days(view, item, on)
        limit = clocks.limit_of(clock, {**_parameters(view, on), **entry.data})
    except Refused as why:
        raise rejected(why, item.key, item.shape.title) from why
    return clocks.started(clock, on, limit, state_council())


def _restarted(view: RegisterView, entry: Entry, item: Item[Clock], running: Duty, day: str | None) -> dict[str, Any]:
    if not day:
        return {"key": running.key, "closed_on": running.opened.isoformat(), "outcome": "cancelled"}
    return {"key": running.key, **timing_body(_started(view, entry, item, date.fromisoformat(day)))}


def _closed(duty: Duty, on: date) -> dict[str, Any]:
    return {"key": duty.key, "closed_on": on.isoformat(), "outcome": clocks.outcome(timing_of(duty), on)}


def _cancelled(duties: Iterable[Duty], on: date, but: set[str]) -> list[dict[str, Any]]:
    return [{"key": duty.key, "closed_on": on.isoformat(), "outcome": "cancelled"} for duty in duties if duty.key not in but]


def _parameters(view: RegisterView, day: date) -> dict[str, object]:
    values: dict[str, object] = {}
    for item in view.parameters.values():
        found = in_force(item.shape.since, day)
        if found:
            values[item.key] = values[item.shape.title] = found[1].value
    return values


def _is_final(view: RegisterView, state: str) -> bool:
    life = view.lifecycle.shape if view.lifecycle else None
    return bool(life and state in life.states and life.states[state].final)
