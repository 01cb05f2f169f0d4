"""Periods: how they are written, that they tile the calendar without gap or overlap, and what an indicator gathers over."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.grammar.periods import KINDS, Kind, Over, Period, between, last_complete, nests, of, parse, window
from bihuan.foundation.grammar.refusals import Refused

days = st.dates(min_value=date(1901, 1, 1), max_value=date(2198, 12, 31))
kinds = st.sampled_from(KINDS)
merged = st.booleans()


@pytest.mark.parametrize(
    ("spellings", "text", "first", "last"),
    [
        ("2025 2025年 2025年度 ２０２５", "2025", "2025-01-01", "2025-12-31"),
        ("2025H2 2025年下半年 2025下半年", "2025H2", "2025-07-01", "2025-12-31"),
        ("2025Q3 2025年三季度 2025年第三季度 2025年3季度 2025三季度", "2025Q3", "2025-07-01", "2025-09-30"),
        ("2025-07 2025年7月 2025年07月 2025/7 2025/07 202507 ２０２５－０７", "2025-07", "2025-07-01", "2025-07-31"),
        ("2025-07-1 2025-07上 2025-07上旬 2025年7月上旬", "2025-07-1", "2025-07-01", "2025-07-10"),
        ("2024-02下 2024年2月下旬", "2024-02-3", "2024-02-21", "2024-02-29"),
        ("2025W01 2025-W01 2025年第1周", "2025W01", "2024-12-30", "2025-01-05"),
        ("2026W53", "2026W53", "2026-12-28", "2027-01-03"),
    ],
)
def test_every_spelling_is_read_as_the_same_period(spellings: str, text: str, first: str, last: str) -> None:
    for spelling in spellings.split():
        period = parse(spelling)
        assert (period.text, period.first.isoformat(), period.last.isoformat()) == (text, first, last)


@pytest.mark.parametrize(
    "text",
    [
        *("", "2025-13", "2025W53", "2025W00", "2025-7-1", "2025-07-4", "2025-07-10", "2025Q5", "2025H3", "25-07", "2025年十三月", "七月"),
        *("1899", "9999", "0000", "2025年1—2月", "2025-07-01上", "²⁰²⁵", "२०२५", "2025-07\n2025-08"),
    ],
)
def test_other_texts_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(text)
    assert "例：" in str(refused.value)
    assert "for example" in refused.value.text("en")


def test_a_month_is_not_a_quarter() -> None:
    with pytest.raises(Refused, match="2025Q3"):
        parse("2025-07", "quarter")


@pytest.mark.parametrize(
    ("text", "label", "label_en"),
    [
        ("2025", "2025年", "2025"),
        ("2025H1", "2025年上半年", "first half of 2025"),
        ("2025Q4", "2025年四季度", "Q4 2025"),
        ("2025-11", "2025年11月", "November 2025"),
        ("2025-07-2", "2025年7月中旬", "mid July 2025"),
        ("2025W08", "2025年第8周", "week 8 of 2025"),
    ],
)
def test_labels(text: str, label: str, label_en: str) -> None:
    assert (parse(text).label, parse(text).label_en) == (label, label_en)


@given(kinds, days, merged)
def test_each_day_lies_in_exactly_one_period_and_its_neighbours_touch_it(kind: Kind, day: date, merged_january: bool) -> None:
    period = of(kind, day, merged_january=merged_january)
    assert day in period
    assert period.next().first - period.last == timedelta(days=1)
    assert period.first - period.previous().last == timedelta(days=1)
    assert period.next().previous() == period == period.previous().next()
    assert period.days == (period.next().first - period.first).days


@given(kinds, days, merged)
def test_text_and_label_lead_back_to_the_period(kind: Kind, day: date, merged_january: bool) -> None:
    period = of(kind, day, merged_january=merged_january)
    assert parse(period.text, kind, merged_january=merged_january) == period
    assert parse(period.label, kind, merged_january=merged_january) == period


@given(kinds, days, days)
def test_texts_of_one_kind_sort_as_the_days_do(kind: Kind, one: date, other: date) -> None:
    assert (of(kind, one).text < of(kind, other).text) == (of(kind, one).first < of(kind, other).first)


@given(kinds, kinds, days, merged)
def test_parts_fill_the_whole(whole: Kind, part: Kind, day: date, merged_january: bool) -> None:
    period = of(whole, day, merged_january=merged_january)
    if not nests(part, whole):
        with pytest.raises(Refused):
            period.split(part)
        return
    parts = period.split(part)
    assert (parts[0].first, parts[-1].last) == (period.first, period.last)
    assert all(later.first - earlier.last == timedelta(days=1) for earlier, later in pairwise(parts))


@given(kinds, days)
def test_the_last_complete_period_is_over_and_the_next_is_not(kind: Kind, day: date) -> None:
    period = last_complete(kind, day)
    assert period.last < day <= period.next().last


def test_a_month_is_complete_on_the_first_of_the_next() -> None:
    assert last_complete("month", date(2025, 6, 30)).text == "2025-05"
    assert last_complete("month", date(2025, 7, 1)).text == "2025-06"


def test_january_comes_with_february() -> None:
    series = list(between(of("month", date(2025, 1, 1), merged_january=True), of("month", date(2025, 12, 1), merged_january=True)))
    assert len(series) == 11
    assert (series[0].text, series[0].first, series[0].label, series[0].label_en) == (
        "2025-02", date(2025, 1, 1), "2025年1—2月", "January–February 2025",
    )  # fmt: skip
    assert last_complete("month", date(2025, 2, 10), merged_january=True).text == "2024-12"
    assert [month.text for month in parse("2025Q1", merged_january=True).months()] == ["2025-02", "2025-03"]
    assert parse("2025年1—2月", merged_january=True) == series[0]
    with pytest.raises(Refused, match="1月与2月合并"):
        parse("2025-01", merged_january=True)


@pytest.mark.parametrize(
    ("over", "anchor", "first", "last", "label", "label_en"),
    [
        ("month", "2025-06", "2025-06", "2025-06", "2025年6月", "June 2025"),
        ("quarter", "2025-07", "2025-04", "2025-06", "2025年二季度", "Q2 2025"),
        ("quarter", "2025-06", "2025-04", "2025-06", "2025年二季度", "Q2 2025"),
        ("half_year", "2025Q3", "2025Q1", "2025Q2", "2025年上半年", "first half of 2025"),
        ("year", "2025-06", "2024-01", "2024-12", "2024年", "2024"),
        ("month", "2025-07-2", "2025-06-1", "2025-06-3", "2025年6月", "June 2025"),
        ("year_to_date", "2025-06", "2025-01", "2025-06", "2025年1—6月", "January–June 2025"),
        ("year_to_date", "2025-01", "2025-01", "2025-01", "2025年1月", "January 2025"),
        ("year_to_date", "2025Q1", "2025Q1", "2025Q1", "2025年一季度", "Q1 2025"),
        ("year_to_date", "2025Q2", "2025Q1", "2025Q2", "2025年上半年", "first half of 2025"),
        ("year_to_date", "2025Q3", "2025Q1", "2025Q3", "2025年前三季度", "Q1–Q3 2025"),
        ("year_to_date", "2025Q4", "2025Q1", "2025Q4", "2025年", "2025"),
        ("year_to_date", "2025-07-2", "2025-01-1", "2025-07-2", "2025年1月上旬—7月中旬", "early January–mid July 2025"),
        ("year_to_date", "2025W28", "2025W01", "2025W28", "2025年第1—28周", "weeks 1–28 of 2025"),
    ],
)
def test_what_an_indicator_gathers(over: Over, anchor: str, first: str, last: str, label: str, label_en: str) -> None:
    found = window(over, parse(anchor))
    assert found.first is not None
    assert (found.first.text, found.last.text, found.label, found.label_en) == (first, last, label, label_en)
    assert (found.periods()[0], found.periods()[-1]) == (found.first, found.last)


def test_to_date_and_latest_have_no_beginning() -> None:
    to_date, latest = window("to_date", parse("2025-06")), window("latest", parse("2025-06"))
    assert (to_date.label, latest.label) == ("截至2025年6月", "2025年6月")
    assert (to_date.label_en, latest.label_en) == ("to the end of June 2025", "June 2025")
    assert to_date.first is latest.first is None
    with pytest.raises(Refused, match="没有起点"):
        to_date.periods()


@pytest.mark.parametrize(("over", "anchor"), [("month", "2025Q2"), ("month", "2025W28"), ("quarter", "2025H1")])
def test_figures_too_coarse_for_the_window_are_refused(over: Over, anchor: str) -> None:
    with pytest.raises(Refused, match="不能按"):
        window(over, parse(anchor))


def test_the_merged_series_counts_eleven_reports_a_year() -> None:
    anchor = last_complete("month", date(2025, 7, 8), merged_january=True)
    assert [period.text for period in window("year_to_date", anchor).periods()] == ["2025-02", "2025-03", "2025-04", "2025-05", "2025-06"]
    assert window("year_to_date", of("month", date(2025, 1, 9), merged_january=True)).label == "2025年1—2月"


def test_a_period_is_a_plain_value() -> None:
    assert len({parse("2025-07"), parse("2025年7月"), of("month", date(2025, 7, 31))}) == 1
    assert str(parse("2025年7月")) == "2025-07"
    assert isinstance(parse("2025"), Period)
