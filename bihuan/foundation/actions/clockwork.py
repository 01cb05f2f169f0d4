"""What a change of a row does to its clocks: which duties open, stop, pause or go on, with their days, ready for a body.

The arithmetic is `grammar.clocks`; here is what it needs from the tables. Nothing here writes.
"""

from collections.abc import Iterable, Sequence
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


@dataclass
class Changes:
    """Duties to open and to change, as a body writes them."""

    open: list[dict[str, Any]] = field(default_factory=list)
    change: list[dict[str, Any]] = field(default_factory=list)

    def body(self) -> dict[str, Any]:
        """``{"duties": …}`` where anything changes, else nothing."""
        return {"duties": {"open": self.open, "change": self.change}} if self.open or self.change else {}


def on_recording(view: RegisterView, fresh: Sequence[Entry], on: date) -> Changes:
    """The clocks that new rows start, by their first state or by a date field that is filled in."""
    changes = Changes()
    for item in view.clocks.values():
        begins = {entry.pk: day for entry in fresh if (day := _first_day(item.shape, entry, on))}
        rows = [entry for entry in fresh if entry.pk in begins]
        if item.shape.where:
            applies = holding(view, item.shape.where, rows, on)
            rows = [entry for entry in rows if entry.pk in applies]
        changes.open += [_whole(view, entry, item, begins[entry.pk]) for entry in rows]
    return changes


def on_entering(view: RegisterView, entry: Entry, before: str, on: date) -> Changes:
    """The clocks when a row, already as it will be, comes from state `before` into its state on a day."""
    changes = Changes()
    for item in view.clocks.values():
        running = _running(entry, item)
        for effect in clocks.effects(item.shape, before, entry.state):
            if effect == "start" and running is None:
                changes.open += _opened(view, entry, item, on)
            elif running and effect == "stop":
                changes.change.append(_closed(running, on))
                running = None
            elif running and effect == "pause" and not running.paused_on:
                changes.change.append({"key": running.key, **timing_body(clocks.paused(item.shape, timing_of(running), on))})
            elif running and effect == "resume" and running.paused_on:
                resumed = clocks.resumed(in_days(view, item, running.opened), timing_of(running), on, state_council())
                changes.change.append({"key": running.key, **timing_body(resumed)})
    if _is_final(view, entry.state):
        changes.change += _cancelled(entry, on, {part["key"] for part in changes.change})
    return changes


def on_dates(view: RegisterView, entry: Entry, given: Iterable[str]) -> Changes:
    """The clocks that a date field starts, when those fields were given or changed. A running one is counted again from the new day."""
    changes = Changes()
    for item in view.clocks.values():
        for name in set(item.shape.starts) & set(given) & set(view.shape.fields):
            day = entry.data.get(name)
            running = _running(entry, item)
            if running:
                changes.change.append(_restarted(view, entry, item, running, day))
            elif day and not _rounds(entry, item):
                changes.open += _opened(view, entry, item, date.fromisoformat(day))
    return changes


def on_withdrawal(entry: Entry, on: date) -> Changes:
    """Every open duty of a withdrawn row is cancelled."""
    return Changes(change=_cancelled(entry, on, set()))


def handed_over(entry: Entry, role: str, member: str, view: RegisterView) -> Changes:
    """The open clocks that a responsibility owes go to the person who carries it now."""
    owed = [(item.key, _mechanism(item)) for item in view.clocks.values() if item.shape.owner == role]
    duties = Duty.objects.filter(entry=entry, kind=CLOCK, closed_on__isnull=True)
    return Changes(change=[{"key": duty.key, "member": member} for duty in duties if (duty.name, duty.mechanism) in owed])


def moved_office(entry: Entry, office: str) -> Changes:
    """The open duties of a row go with it to another office."""
    keys = Duty.objects.filter(entry=entry, closed_on__isnull=True).exclude(office=office).values_list("key", flat=True)
    return Changes(change=[{"key": key, "office": office} for key in keys])


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


def _of(entry: Entry, item: Item[Clock]) -> Any:
    return Duty.objects.filter(entry_id=entry.pk, kind=CLOCK, mechanism=_mechanism(item), name=item.key)


def _running(entry: Entry, item: Item[Clock]) -> Duty | None:
    running: Duty | None = _of(entry, item).filter(closed_on__isnull=True).first()
    return running


def _rounds(entry: Entry, item: Item[Clock]) -> int:
    return int(_of(entry, item).count())


def _first_day(clock: Clock, entry: Entry, on: date) -> date | None:
    """The day a new row starts a clock, or None."""
    if entry.state and entry.state in clock.starts:
        return on
    return next((date.fromisoformat(entry.data[name]) for name in clock.starts if entry.data.get(name)), None)


def _opened(view: RegisterView, entry: Entry, item: Item[Clock], on: date) -> list[dict[str, Any]]:
    """A new round of a clock for a standing row, where it applies."""
    where = item.shape.where
    if where and entry.pk not in holding(view, where, [entry], on):
        return []
    return [{**_whole(view, entry, item, on, _rounds(entry, item) + 1), "member": _holder(entry, item.shape.owner)}]


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


def _cancelled(entry: Entry, on: date, but: set[str]) -> list[dict[str, Any]]:
    duties = Duty.objects.filter(entry_id=entry.pk, closed_on__isnull=True)
    return [{"key": duty.key, "closed_on": on.isoformat(), "outcome": "cancelled"} for duty in duties if duty.key not in but]


def _holder(entry: Entry, owner: str) -> str:
    if owner == "office":
        return ""
    carried = Assignment.objects.filter(entry_id=entry.pk, role=owner, to_day__isnull=True).first()
    return carried.member if carried else ""


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
