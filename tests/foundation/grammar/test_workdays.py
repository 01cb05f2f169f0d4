"""Working days: that the table says what the notices say, and that counting on it is exact in both directions."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.workdays import BeyondCalendar, Calendar, Span, state_council

CALENDAR = state_council()
EVERY_DAY = [date(2007, 1, 1) + timedelta(days=n) for n in range(7305)]

days = st.dates(min_value=date(2008, 1, 1), max_value=date(2025, 12, 31))
few = st.integers(min_value=-200, max_value=200)


def test_the_table_runs_from_2007_to_2026() -> None:
    assert (CALENDAR.first_year, CALENDAR.last_year, EVERY_DAY[-1]) == (2007, 2026, date(2026, 12, 31))
    assert CALENDAR.notices[2026] == ("国办发明电〔2025〕7号",)
    assert all(notice.endswith("号") and "发明电〔" in notice for notices in CALENDAR.notices.values() for notice in notices)


def test_each_year_has_its_known_number_of_working_days() -> None:
    found = Counter(day.year for day in EVERY_DAY if CALENDAR.is_workday(day))
    assert [found[year] for year in range(2007, 2027)] == [
        249, 251, 250, 250, 250, 249, 250, 250, 249, 250, 249, 250, 250, 249, 250, 249, 249, 251, 248, 248,
    ]  # fmt: skip


def other_table(name: str) -> Any:
    """Another project's table of the same facts, from the development requirements."""
    return pytest.importorskip(name, reason=f"{name} is not installed; it is in requirements-dev")


def test_chinesecalendar_agrees_on_every_day() -> None:
    theirs = other_table("chinese_calendar")
    assert [day for day in EVERY_DAY if theirs.is_workday(day) != CALENDAR.is_workday(day)] == []


def test_holidays_agrees_on_every_day() -> None:
    theirs = other_table("holidays").country_holidays("CN", years=range(2006, 2028))
    assert [day for day in EVERY_DAY if theirs.is_working_day(day) != CALENDAR.is_workday(day)] == []


def test_lunar_python_agrees_but_for_two_days_the_2013_notice_settles() -> None:
    other_table("lunar_python")
    table = import_module("lunar_python.util").HolidayUtil
    entries = {day: table.getHoliday(day.isoformat()) for day in EVERY_DAY}
    theirs = {day: entry.isWork() if entry else day.weekday() < 5 for day, entry in entries.items()}
    # 国办发明电〔2012〕33号: both are worked (清明节, 国庆节).
    assert [day for day in EVERY_DAY if theirs[day] != CALENDAR.is_workday(day)] == [date(2013, 4, 7), date(2013, 10, 12)]


def test_the_sentences_of_the_notices_agree(shared: Path) -> None:
    path = shared / "reading" / "notices.json"
    facts = [
        (date.fromisoformat(fact["date"]), fact["isOffDay"])
        for notice in json.loads(path.read_text("utf-8"))
        for fact in notice["expected"]
    ]
    inside = [(day, off) for day, off in facts if day.year >= CALENDAR.first_year]
    assert len(inside) > 200
    assert [day for day, off in inside if CALENDAR.is_workday(day) == off] == []


def test_a_make_up_saturday_is_worked_and_counts() -> None:
    assert date(2026, 10, 10).weekday() == 5
    assert CALENDAR.is_workday(date(2026, 10, 10))
    assert CALENDAR.add(date(2026, 10, 9), 1, "working_days") == date(2026, 10, 10)
    assert CALENDAR.count(date(2026, 10, 9), date(2026, 10, 11)) == 1


def test_three_working_days_begin_with_the_next_day_and_step_over_the_spring_festival() -> None:
    assert CALENDAR.add(date(2025, 7, 8), 3, "working_days") == date(2025, 7, 11)
    assert CALENDAR.add(date(2026, 2, 13), 3, "working_days") == date(2026, 2, 25)


def test_a_limit_of_nothing_ends_with_the_same_day() -> None:
    sunday = date(2025, 7, 6)
    assert not CALENDAR.is_workday(sunday)
    assert {CALENDAR.add(sunday, 0, "working_days"), CALENDAR.add(sunday, 0, "calendar_days"), CALENDAR.add(sunday, 0, "months")} == {
        sunday
    }


@pytest.mark.parametrize(
    ("day", "n", "due"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2025-03-31", -1, "2025-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
    ],
)
def test_months_end_on_the_same_day_or_on_the_last_of_a_shorter_month(day: str, n: int, due: str) -> None:
    assert CALENDAR.add(date.fromisoformat(day), n, "months") == date.fromisoformat(due)


@given(days, few)
def test_counting_undoes_adding(day: date, n: int) -> None:
    assert CALENDAR.count(day, CALENDAR.add(day, n, "working_days")) == n


@given(days, days)
def test_adding_undoes_counting_onto_a_working_day(start: date, end: date) -> None:
    n = CALENDAR.count(start, end)
    if n and CALENDAR.is_workday(end):
        assert CALENDAR.add(start, n, "working_days") == end


@given(days, days, few)
def test_a_later_start_never_ends_earlier(one: date, other: date, n: int) -> None:
    first, second = sorted((one, other))
    assert CALENDAR.add(first, n, "working_days") <= CALENDAR.add(second, n, "working_days") or n == 0


@given(days, st.integers(min_value=0, max_value=200))
def test_one_more_working_day_is_the_next_day_worked(day: date, n: int) -> None:
    due, later = CALENDAR.add(day, n, "working_days"), CALENDAR.add(day, n + 1, "working_days")
    assert CALENDAR.is_workday(later)
    assert [between for between in EVERY_DAY if due < between < later and CALENDAR.is_workday(between)] == []


@given(days, days)
def test_counting_is_what_the_days_say_one_by_one(start: date, end: date) -> None:
    if start <= end:
        assert CALENDAR.count(start, end) == sum(CALENDAR.is_workday(day) for day in EVERY_DAY if start < day <= end)


@pytest.mark.parametrize("day", [date(2006, 12, 31), date(2027, 1, 1)])
def test_outside_the_table_nothing_is_guessed(day: date) -> None:
    for ask in (CALENDAR.is_workday, lambda day: CALENDAR.add(day, 1, "working_days"), lambda day: CALENDAR.count(date(2025, 1, 1), day)):
        with pytest.raises(BeyondCalendar) as beyond:
            ask(day)
        assert beyond.value.year == day.year
        assert str(day.year) in str(beyond.value)
        assert "holidays.yaml" in beyond.value.text("en")


def test_a_limit_that_runs_past_the_table_names_the_year_it_needs() -> None:
    with pytest.raises(BeyondCalendar, match="补录") as beyond:
        CALENDAR.add(date(2026, 12, 30), 3, "working_days")
    assert beyond.value.year == 2027
    with pytest.raises(BeyondCalendar) as before:
        CALENDAR.add(date(2007, 1, 4), -1, "working_days")
    assert before.value.year == 2006
    assert CALENDAR.add(date(2026, 12, 30), 3, "calendar_days") == date(2027, 1, 2)


def test_the_last_days_of_the_last_year_are_not_settled() -> None:
    moved = [day for day in EVERY_DAY if day.month == 12 and CALENDAR.is_workday(day) != (day.weekday() < 5)]
    assert min(day.day for day in moved) == 29
    assert CALENDAR.settled_through == date(2026, 12, 24)


def test_a_moment_is_not_a_day() -> None:
    with pytest.raises(TypeError, match="time zone"):
        CALENDAR.is_workday(datetime(2025, 7, 8, 9, 0, tzinfo=UTC))


TABLE = """
2030:
  notices: [某号]
  holidays:
    - {name: 元旦, first: 2030-01-01, last: 2030-01-01, worked: [2030-01-05]}
"""


def test_the_version_follows_the_facts_and_nothing_else() -> None:
    version = Calendar.load(TABLE).version
    assert version.startswith("2030-2030-")
    assert Calendar.load(TABLE.replace("元旦", "新年")).version == version
    assert Calendar.load(TABLE.replace("01-05", "01-06")).version != version


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ("2030-01-05", "2030-01-04", "不是周末"),
        ("last: 2030-01-01", "last: 2029-12-31", "起止日期不对"),
        ("first: 2030", "first: 2031", "起止日期不对"),
    ],
)
def test_a_mistaken_table_is_refused(right: str, wrong: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        Calendar.load(TABLE.replace(right, wrong))


def test_a_table_with_a_year_missing_is_refused() -> None:
    with pytest.raises(Refused, match="缺年份"):
        Calendar.load(TABLE + TABLE.replace("2030", "2032"))


@pytest.mark.parametrize(
    ("texts", "span", "label", "label_en"),
    [
        ("3 working_days|3个工作日|3 个工作日|３个工作日|3工作日", "3 working_days", "3个工作日", "3 working days"),
        ("1 working_day", "1 working_days", "1个工作日", "1 working day"),
        ("5 calendar_days|5天|5日|5个自然日", "5 calendar_days", "5天", "5 calendar days"),
        ("1 months|1 month|1个月", "1 months", "1个月", "1 month"),
        ("0 calendar_days|0天", "0 calendar_days", "0天", "0 calendar days"),
    ],
)
def test_a_limit_is_read_in_both_languages(texts: str, span: str, label: str, label_en: str) -> None:
    for text in texts.split("|"):
        found = Span.parse(text)
        assert (str(found), found.label, found.label_en) == (span, label, label_en)
    assert Span.parse(label) == Span.parse(span)


@pytest.mark.parametrize(
    "text", ["", "3", "三个工作日", "1月", "-1 working_days", "1.5 months", "3 weeks", "2小时", "3 工 作日", "99999 天", "months"]
)
def test_any_other_limit_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Refused, match="例：3 working_days"):
        Span.parse(text)
