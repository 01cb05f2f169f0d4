"""Clocks: the day a limit ends, pauses, extensions, warnings and the ladder."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.grammar import clocks
from bihuan.foundation.grammar.clocks import Timing
from bihuan.foundation.grammar.lifecycles import Clock
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.workdays import Calendar, Span, state_council

CALENDAR = state_council()
TUESDAY = date(2025, 7, 8)
days = st.dates(date(2024, 1, 1), date(2026, 6, 30))
spans = st.builds(Span, st.integers(0, 40), st.sampled_from(["working_days", "calendar_days"]))


def clock(**written: Any) -> Clock:
    return Clock.model_validate({"title": "三日反馈", "starts": "received", "stops": "reported", "limit": "3 working_days", **written})


LADDER = clock(
    warn="1 working_days",
    escalate=[{"after": "0 working_days", "to": "supervisor"}, {"after": "3 working_days", "to": "leader"}],
    extension={"at_most": "1", "each": "5 working_days", "approver": "supervisor"},
    pause={"approver": "supervisor", "states": ["waiting"]},
)


def started(rule: Clock = LADDER, on: date = TUESDAY) -> Timing:
    return clocks.started(rule, on, clocks.limit_of(rule, {}), CALENDAR)


def test_three_working_days_from_a_tuesday_end_on_friday() -> None:
    timing = started()
    assert (timing.opened, timing.due, timing.warn_on) == (TUESDAY, date(2025, 7, 11), date(2025, 7, 10))
    assert timing.escalate_on == date(2025, 7, 12), "overdue begins the day after the due day"
    assert timing.calendar == CALENDAR.version


def test_the_national_holiday_stretches_working_days_and_not_calendar_days() -> None:
    eve = date(2025, 9, 30)
    assert started(clock(), eve).due == date(2025, 10, 11), "2025-10-01 to 08 are off, Saturday 11 October is made up"
    assert started(clock(limit="3 calendar_days"), eve).due == date(2025, 10, 3)


def test_a_limit_may_go_by_a_field_and_asks_for_it() -> None:
    rule = clock(limit={"by": "weight", "一般": "3 working_days", "重大": "1 months"})
    assert str(clocks.limit_of(rule, {"weight": "重大"})) == "1 months"
    for weight in (None, "", "特急", "by"):
        with pytest.raises(Refused, match="weight"):
            clocks.limit_of(rule, {"weight": weight})


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "received", ("start",)),
        ("received", "reported", ("stop",)),
        ("received", "waiting", ("pause",)),
        ("waiting", "received", ("resume", "start")),
        ("waiting", "reported", ("stop",)),
        ("received", "elsewhere", ()),
    ],
)
def test_what_a_move_does_to_a_clock(before: str, after: str, expected: tuple[str, ...]) -> None:
    assert clocks.effects(LADDER, before, after) == expected


@given(days, spans, st.integers(0, 30), st.integers(0, 30))
def test_a_pause_never_takes_time_away_and_counts_what_was_left(on: date, limit: Span, wait: int, still: int) -> None:
    rule = clock(limit=str(limit), pause={"approver": "supervisor"})
    timing = started(rule, on)
    stop = on + timedelta(days=wait)
    going = clocks.resumed(rule, clocks.paused(rule, timing, stop), stop + timedelta(days=still), CALENDAR)
    assert timing.due
    assert going.due
    if timing.due < stop:
        assert going.due == timing.due, "overdue stays overdue"
    elif limit.unit == "calendar_days":
        assert going.due == timing.due + timedelta(days=still)
    else:
        assert going.due >= timing.due
        assert CALENDAR.count(stop + timedelta(days=still), going.due) == CALENDAR.count(stop, timing.due)


@given(days, st.integers(1, 5))
def test_an_extension_counts_on_from_the_due_day(on: date, more: int) -> None:
    timing = started(on=on)
    longer = clocks.extended(LADDER, timing, Span(more, "working_days"), CALENDAR)
    assert timing.due
    assert longer.due == CALENDAR.add(timing.due, more, "working_days")
    with pytest.raises(Refused, match="已用完"):
        clocks.extended(LADDER, longer, Span(1, "working_days"), CALENDAR)


@pytest.mark.parametrize("by", ["6 working_days", "0 working_days", "1 calendar_days"])
def test_an_extension_stays_within_its_rule(by: str) -> None:
    with pytest.raises(Refused, match="每次最多延期5个工作日"):
        clocks.extended(LADDER, started(), Span.parse(by), CALENDAR)


def test_without_a_rule_there_is_no_extension() -> None:
    with pytest.raises(Refused, match="不得延期"):
        clocks.extended(clock(), started(clock()), Span(1, "working_days"), CALENDAR)


def test_a_clock_that_stands_still_neither_warns_nor_escalates_and_is_not_stopped_twice() -> None:
    still = clocks.paused(LADDER, started(), TUESDAY)
    assert (still.warn_on, still.escalate_on) == (None, None)
    with pytest.raises(Refused, match="已于"):
        clocks.paused(LADDER, still, TUESDAY)
    with pytest.raises(Refused, match="没有暂停"):
        clocks.resumed(LADDER, started(), TUESDAY, CALENDAR)


@given(st.integers(0, 20))
def test_every_rung_is_climbed_once_whatever_days_are_skipped(skipped: int) -> None:
    """The oracle: the number of rungs whose day has come, from the due day alone."""
    timing = started()
    assert timing.due
    today = timing.due + timedelta(days=skipped)
    days_of_rungs = [timing.due + timedelta(days=1), CALENDAR.add(timing.due, 3, "working_days")]
    climbed, reached = clocks.climbed(LADDER, timing, today, CALENDAR)
    assert climbed.level == len(reached) == sum(day <= today for day in days_of_rungs)
    assert clocks.climbed(LADDER, climbed, today, CALENDAR) == (climbed, ())
    assert [rung.to for rung in reached] == ["supervisor", "leader"][: climbed.level]


def test_a_clock_stopped_on_its_due_day_is_met_and_a_day_later_is_late() -> None:
    timing = started()
    assert timing.due
    assert clocks.outcome(timing, timing.due) == "met"
    assert clocks.outcome(timing, timing.due + timedelta(days=1)) == "late"
    assert clocks.outcome(clocks.paused(LADDER, timing, TUESDAY), timing.due + timedelta(days=9)) == "met"


def test_beyond_the_table_of_holidays_nothing_is_guessed_until_it_is_renewed() -> None:
    december = date(CALENDAR.last_year, 12, 30)
    timing = started(on=december)
    assert (timing.due, timing.warn_on, timing.escalate_on) == (None, None, None)
    renewed = clocks.recounted(LADDER, timing, _with_another_year())
    assert renewed.due is not None
    assert renewed.due.year == CALENDAR.last_year + 1
    assert renewed.calendar != timing.calendar


def _with_another_year() -> Calendar:
    first, more = CALENDAR.last_year, CALENDAR.last_year + 1
    text = "".join(f"{year}:\n  notices: [试验]\n  holidays:\n    - {{name: 元旦, first: {year}-01-01, last: {year}-01-01}}\n" for year in (first, more))
    return Calendar.load(text)
