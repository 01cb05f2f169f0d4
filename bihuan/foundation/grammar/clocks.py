"""How a clock runs: when its limit ends, when it warns and escalates, what a pause and an extension do. Pure arithmetic on days.

The day a clock starts is day 0. While it is paused no day counts: on the day it resumes, what was left is counted on from there.
A due day beyond the table of holidays is not guessed: it is None until the table is renewed and `recounted` fills it in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from bihuan.foundation.grammar.lifecycles import Clock, Escalation
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.workdays import BeyondCalendar, Calendar, Span

Effect = Literal["start", "stop", "pause", "resume"]
Outcome = Literal["met", "late", "cancelled"]

OVERDUE = timedelta(days=1)


@dataclass(frozen=True)
class Timing:
    """How a running clock stands. ``due`` is ``counted_from`` plus every one of ``spans``; ``level`` counts the rungs climbed."""

    opened: date
    counted_from: date
    spans: tuple[str, ...]
    due: date | None = None
    warn_on: date | None = None
    escalate_on: date | None = None
    calendar: str = ""
    paused_on: date | None = None
    extended: int = 0
    level: int = 0


def limit_of(clock: Clock, values: Mapping[str, object]) -> Span:
    """The limit for a row: the one written, or the one for the value of the parameter or field it goes ``by``.

    Refused where that value is missing or has no limit: a clock without a limit would run for ever in silence.
    """
    if isinstance(clock.limit, str):
        return Span.parse(clock.limit)
    name = clock.limit["by"]
    value = str(values.get(name) or "")
    if value not in clock.limit or value == "by":
        known = "、".join(key for key in clock.limit if key != "by")
        what = f"“{clock.title}”的期限随 {name} 而定，而 {name} 是“{value}”" if value else f"“{clock.title}”的期限随 {name} 而定，而它没有填写"
        raise Refused(what, f"the limit of “{clock.title_en or clock.title}” goes by {name}, which is “{value}”", known)
    return Span.parse(clock.limit[value])


def effects(clock: Clock, before: str, after: str) -> tuple[Effect, ...]:
    """What a move from one state to another does to a clock. A state that both stops and starts it begins a new round."""
    found: list[Effect] = []
    standing_still = clock.pause.states if clock.pause else []
    if after in clock.stops:
        found.append("stop")
    elif before in standing_still and after not in standing_still:
        found.append("resume")
    elif after in standing_still and before not in standing_still:
        found.append("pause")
    if after in clock.starts:
        found.append("start")
    return tuple(found)


def started(clock: Clock, on: date, limit: Span, calendar: Calendar) -> Timing:
    """A clock that starts on a day."""
    return _counted(clock, Timing(opened=on, counted_from=on, spans=(str(limit),)), calendar)


def extended(clock: Clock, timing: Timing, by: Span, calendar: Calendar) -> Timing:
    """The clock with more time. Refused where the rule allows none, no more, or not that much."""
    rule = clock.extension
    name, name_en = clock.title, clock.title_en or clock.title
    if rule is None:
        raise Refused(f"“{name}”不得延期", f"“{name_en}” may not be extended", "")
    if timing.extended >= rule.at_most:
        raise Refused(f"“{name}”最多延期 {rule.at_most} 次，已用完", f"“{name_en}” may be extended {rule.at_most} times, all used", "")
    most = Span.parse(rule.each)
    if by.unit != most.unit or not 0 < by.count <= most.count:
        raise Refused(f"“{name}”每次最多延期{most.label}，不是{by.label}", f"“{name_en}” may be extended by {most.label_en} at most", rule.each)
    return _counted(clock, replace(timing, spans=(*timing.spans, str(by)), extended=timing.extended + 1), calendar)


def paused(clock: Clock, timing: Timing, on: date) -> Timing:
    """The clock standing still from a day on: it neither falls due nor escalates. Refused where it already stands."""
    if timing.paused_on:
        raise Refused(f"“{clock.title}”已于 {timing.paused_on} 暂停", f"“{clock.title_en or clock.title}” stands still since {timing.paused_on}", "")
    return replace(timing, paused_on=on, warn_on=None, escalate_on=None)


def resumed(clock: Clock, timing: Timing, on: date, calendar: Calendar) -> Timing:
    """The clock going on: what was left when it paused is counted from the day it resumes. Refused where it does not stand still."""
    if timing.paused_on is None:
        raise Refused(f"“{clock.title}”没有暂停", f"“{clock.title_en or clock.title}” does not stand still", "")
    running = replace(timing, paused_on=None)
    if timing.due is None:
        return _counted(clock, running, calendar)
    if timing.due < timing.paused_on:  # it was overdue when it paused, and stays overdue
        return _counted(clock, running, calendar)
    return _counted(clock, replace(running, counted_from=on, spans=(str(_left(timing, calendar)),)), calendar)


def recounted(clock: Clock, timing: Timing, calendar: Calendar) -> Timing:
    """The same clock under another edition of the table of holidays. One that stands still is counted when it resumes."""
    return timing if timing.paused_on else _counted(clock, timing, calendar)


def climbed(clock: Clock, timing: Timing, today: date, calendar: Calendar) -> tuple[Timing, tuple[Escalation, ...]]:
    """The clock after every rung of its ladder that is due by ``today``, and those rungs, in order."""
    reached: list[Escalation] = []
    while timing.escalate_on and timing.escalate_on <= today:
        reached.append(clock.escalate[timing.level])
        timing = replace(timing, level=timing.level + 1)
        timing = replace(timing, escalate_on=_next_rung(clock, timing, calendar))
    return timing, tuple(reached)


def outcome(timing: Timing, on: date) -> Outcome:
    """How a clock that is stopped on a day ends. The limit ends with its due day; a clock standing still has not run out."""
    if timing.due is None or on <= timing.due or (timing.paused_on and timing.paused_on <= timing.due):
        return "met"
    return "late"


def _counted(clock: Clock, timing: Timing, calendar: Calendar) -> Timing:
    """Fill in the days that follow from ``counted_from`` and ``spans``."""
    try:
        due = timing.counted_from
        for text in timing.spans:
            span = Span.parse(text)
            due = calendar.add(due, span.count, span.unit)
        early = Span.parse(clock.warn) if clock.warn else None
        warn_on = max(timing.opened, calendar.add(due, -early.count, early.unit)) if early else None
    except BeyondCalendar:
        return replace(timing, due=None, warn_on=None, escalate_on=None, calendar=calendar.version)
    counted = replace(timing, due=due, warn_on=warn_on, calendar=calendar.version)
    return replace(counted, escalate_on=_next_rung(clock, counted, calendar))


def _next_rung(clock: Clock, timing: Timing, calendar: Calendar) -> date | None:
    """The first day on which the next rung counts: overdue, and by as much as the rung says."""
    if timing.due is None or timing.level >= len(clock.escalate):
        return None
    after = Span.parse(clock.escalate[timing.level].after)
    try:
        return max(timing.due + OVERDUE, calendar.add(timing.due, after.count, after.unit))
    except BeyondCalendar:
        return None


def _left(timing: Timing, calendar: Calendar) -> Span:
    """What was left at the pause: working days where the limit is in working days, else calendar days."""
    assert timing.paused_on
    assert timing.due
    if Span.parse(timing.spans[0]).unit == "working_days":
        return Span(calendar.count(timing.paused_on, timing.due), "working_days")
    return Span((timing.due - timing.paused_on).days, "calendar_days")
