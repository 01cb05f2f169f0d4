"""Numbers: one reading for forms, the API and sheets; exact in, exact out; and sentences that cannot contradict themselves."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bihuan.foundation.grammar.quantities import (
    LIMIT,
    NO_UNIT,
    Measure,
    Quantity,
    apart,
    because_pair,
    exactly,
    format_number,
    format_quantity,
    known_unit,
    parse_number,
    parse_quantity,
    ratio_of,
    show_value,
    shown_evenly,
    split,
    unit_of,
    with_unit,
)
from bihuan.foundation.grammar.refusals import Refused

YUAN, WAN, YI = (Measure(unit_of(name), 2) for name in ("元", "万元", "亿元"))
PERCENT = Measure(unit_of("%"), 1)
HOMES = Measure(unit_of("户"))
MU = Measure(unit_of("亩"), 2)
PLAIN = Measure(NO_UNIT, 2)
PER_MU = Measure(unit_of("万元/亩"), 2)

measures = st.sampled_from([YUAN, WAN, YI, PERCENT, HOMES, MU, PLAIN, PER_MU])
stored = st.integers(min_value=-LIMIT, max_value=LIMIT)


@pytest.mark.parametrize(
    ("raw", "measure", "kept"),
    [
        ("1234.56", YUAN, 123456),
        ("12345678901234.56", YUAN, 1234567890123456),
        ("1,234.5", YUAN, 123450),
        ("１２３", YUAN, 12300),
        ("１，２３４．５", YUAN, 123450),
        ("　 12 ", YUAN, 1200),
        ("-0", YUAN, 0),
        ("−5", YUAN, -500),
        ("+5", YUAN, 500),
        ("1.2亿元", WAN, 12_000_000_000),
        ("1.2亿", WAN, 12_000_000_000),
        ("3 万元", WAN, 3_000_000),
        ("1.123456", WAN, 1_123_456),
        ("100", YI, 10**12),
        ("35.5%", PERCENT, 355),
        ("３５％", PERCENT, 350),
        ("1.5百分点", PERCENT, 15),
        ("0.5倍", PERCENT, 500),
        ("1.2万户", HOMES, 12000),
        ("12家", HOMES, 12),
        ("15亩", MU, 1500),
        ("1公顷", MU, 1500),
        ("3.10", PLAIN, 310),
        ("30万元/亩", PER_MU, 3000),
        (5, WAN, 5_000_000),
        (Decimal("5.50"), WAN, 5_500_000),
        (5.5, WAN, 5_500_000),
        (0.1 + 0.2, YUAN, 30),
        (12345678901234.56, YUAN, 1234567890123456),
    ],
)
def test_what_is_given_is_kept_exactly(raw: object, measure: Measure, kept: int) -> None:
    assert parse_number(raw, measure) == kept


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("", "是空的"),
        ("NaN", "不是有限的数"),
        ("-Infinity", "不是有限的数"),
        ("1e30", "科学计数法"),
        ("1.5E-3", "科学计数法"),
        ("1_000", "下划线"),
        ("壹万", "中文数字"),
        ("三百二十", "中文数字"),
        ("1,23", "千位逗号"),
        ("12,34,567.8", "千位逗号"),
        ("(1,234)", "负号"),
        ("1\u200b2", "看不见"),
        ("12\ufeff", "看不见"),
        ("12 345", "不是数"),
        (".5", "不是数"),
        ("1.", "不是数"),
        ("1..2", "不是数"),
        ("--1", "不是数"),
        ("约100", "不是数"),
        ("100+", "不是数"),
        ("=1+1", "不是数"),
        ("٣", "不是数"),
        ("5²", "不认识的单位“²”"),
        ("5只羊", "不认识的单位“只羊”"),
        ("5户", "这里要填以元计的数"),
        ("5%", "这里要填以元计的数"),
        ("0.001", "只保留 2 位小数"),
        ("1.001", "只保留 2 位小数"),
        ("90000000000000.01", "太大"),
        ("9" * 50, "太大"),
        ("9" * 5000, "不是数"),
        (float("nan"), "不是可以记录的数"),
        (float("-inf"), "不是可以记录的数"),
        (1e30, "不是可以记录的数"),
        (7.2e13, "电子表格里已存不下"),
        (1.001, "只保留 2 位小数"),
        (True, "不是可以记录的数"),
        (None, "不是可以记录的数"),
        (Decimal("sNaN"), "不是可以记录的数"),
        (Decimal("1E+999999"), "不是可以记录的数"),
        (Decimal("1E-999999"), "不是可以记录的数"),
        (10**40, "不是可以记录的数"),
    ],
)
def test_what_is_no_number_here_is_refused_with_its_reason_and_an_example(raw: object, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        parse_number(raw, YUAN)
    assert "（例：" in str(refused.value)
    assert "for example" in refused.value.text("en")


def test_a_refusal_for_decimals_offers_a_number_the_field_takes() -> None:
    with pytest.raises(Refused) as refused:
        parse_number("79.96%", PERCENT)
    assert refused.value.text() == "“79.96%”的小数位太多：按%只保留 1 位小数，系统不替您四舍五入（例：80）"
    assert parse_number(refused.value.example, PERCENT) == 800


def test_a_field_without_a_unit_takes_no_percentage() -> None:
    with pytest.raises(Refused, match="没有单位的数"):
        parse_number("35%", PLAIN)


def test_a_bare_number_is_in_the_unit_of_the_sheet() -> None:
    assert parse_number("1.2", WAN, unit_of("亿元")) == parse_number(1.2, WAN, unit_of("亿元")) == parse_number("12000", WAN)
    assert parse_number("1.2万元", WAN, unit_of("亿元")) == 1_200_000
    assert parse_number(0.355, PERCENT, unit_of("1")) == 355


@given(stored, measures)
def test_what_is_written_out_reads_back_the_same(value: int, measure: Measure) -> None:
    digits = format_number(value, measure, measure.kept)
    assert parse_number(digits, measure) == value
    assert parse_number(digits.replace(",", ""), measure) == value
    assert parse_number(Decimal(digits.replace(",", "")), measure) == value
    assert parse_number(format_quantity(value, measure, measure.kept), measure) == value


@given(st.integers(min_value=-7 * 10**15, max_value=7 * 10**15), measures)
def test_a_cell_that_holds_a_kept_value_is_read_as_that_value(value: int, measure: Measure) -> None:
    assume(abs(value) < 10**15 or measure in (YUAN, PLAIN))
    assert parse_number(value / measure.stored_per_unit, measure) == value


@given(st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=24))
def test_a_sum_made_by_a_spreadsheet_is_the_sum_of_its_parts(values: list[int]) -> None:
    total = 0.0
    for value in values:
        total += value / 100
    assert parse_number(total, YUAN) == sum(values)


@given(st.integers(min_value=1, max_value=10**14 - 1), st.integers(min_value=3, max_value=14))
def test_no_typed_digit_is_ever_rounded_away(digits: int, decimals: int) -> None:
    typed = Decimal(digits).scaleb(-decimals)
    kept_value = typed * 100
    for raw in (typed, float(typed), f"{typed:f}"):
        if kept_value == kept_value.to_integral_value():
            assert parse_number(raw, YUAN) == int(kept_value)
        else:
            with pytest.raises(Refused):
                parse_number(raw, YUAN)


@given(st.text(alphabet="0123456789０１．，,.-+ 万亿元%eE_()家/十壹²\u200b\u3000", max_size=12) | st.text(max_size=8), measures)
def test_any_text_is_a_value_or_a_refusal(text: str, measure: Measure) -> None:
    try:
        value = parse_number(text, measure)
    except Refused:
        return
    assert abs(value) <= LIMIT


@given(st.floats() | st.decimals() | st.integers() | st.none() | st.booleans() | st.binary() | st.dates(), measures)
def test_any_cell_is_a_value_or_a_refusal(cell: object, measure: Measure) -> None:
    try:
        value = parse_number(cell, measure)
    except Refused:
        return
    assert isinstance(cell, float | int | Decimal)
    assert abs(Fraction(value, measure.stored_per_unit) - exactly(cell)) <= Fraction(1, 20 * measure.stored_per_unit)


@pytest.mark.parametrize(
    ("name", "dimension", "factor"),
    [
        ("亿元", "money", 10**8),
        ("万亿元", "money", 10**12),
        ("%", "ratio", Fraction(1, 100)),
        ("万人", "count", 10**4),
        ("万人次", "count", 10**4),
        ("亩", "area", Fraction(2000, 3)),
        ("万亩", "area", Fraction(20_000_000, 3)),
        ("万吨标准煤", "energy", 10**4),
        ("亿斤", "weight", 50_000),
        ("亿千瓦时", "electricity", 10**8),
        ("千米", "length", 1000),
        ("千克", "weight", Fraction(1, 1000)),
        ("天", "time", 1),
        ("年", "months", 12),
        ("亿", "none", 10**8),
        ("万元/亩", "money/area", 15),
        ("件/万人", "count/count", Fraction(1, 10**4)),
        ("", "none", 1),
    ],
)
def test_a_unit_has_a_dimension_and_an_exact_size(name: str, dimension: str, factor: int | Fraction) -> None:
    unit = unit_of(name)
    assert (unit.dimension, unit.factor, str(unit)) == (dimension, factor, name)


@pytest.mark.parametrize("name", ["美元", "万%", "亿天", "元/", "/亩", "元/亩/天", "万万元", "kg"])
def test_an_unknown_unit_is_refused(name: str) -> None:
    assert known_unit(name) is None
    with pytest.raises(Refused, match=f"不认识的单位“{name}”"):
        unit_of(name)


def test_thresholds_are_read_with_their_unit() -> None:
    assert parse_quantity("35%").canonical == Fraction(35, 100)
    assert parse_quantity("1.2亿元").canonical == 120_000_000
    assert parse_quantity("0.1百分点").canonical == Fraction(1, 1000)
    assert parse_quantity("-5") == Quantity(Fraction(-5), NO_UNIT)


@pytest.mark.parametrize(
    ("value", "measure", "decimals", "zh", "en"),
    [
        (1234567890123456, YUAN, None, "12,345,678,901,234.56元", "12,345,678,901,234.56 yuan"),
        (123456789, WAN, 2, "123.46万元", "1.2346 million yuan"),
        (125000, WAN, 0, "0万元", "0 yuan"),
        (500000, WAN, 0, "1万元", "10,000 yuan"),
        (-500000, WAN, 0, "-1万元", "-10,000 yuan"),
        (-400000, WAN, 0, "0万元", "0 yuan"),
        (355, PERCENT, None, "35.5%", "35.5%"),
        (12, HOMES, None, "12户", "12 households"),
        (1, HOMES, None, "1户", "1 household"),
        (310, PLAIN, None, "3.10", "3.10"),
    ],
)
def test_what_readers_see(value: int, measure: Measure, decimals: int | None, zh: str, en: str) -> None:
    assert format_quantity(value, measure, decimals) == zh
    assert format_quantity(value, measure, decimals, language="en") == en


def test_a_computed_value_is_said_in_its_unit_with_halves_away_from_zero() -> None:
    assert show_value(0.72, unit_of("%"), 0) == "72%"
    assert show_value(0.285, unit_of("%"), 0) == "29%"
    assert show_value(-0.285, unit_of("%"), 0) == "-29%"
    assert show_value(Fraction(1, 3), unit_of("%"), 1) == "33.3%"
    assert show_value(150_000_000, unit_of("亿元"), 1, "en") == "150 million yuan"
    assert show_value(0.8, unit_of("1"), 2) == "0.80"


@pytest.mark.parametrize(
    ("written", "english"),
    [
        ("3.2亿元", "320 million yuan"), ("1234.56亿元", "123.456 billion yuan"), ("0.5万元", "5,000 yuan"), ("99.99万元", "999,900 yuan"),
        ("20万元/亩", "200,000 yuan per mu"), ("3万", "30,000"), ("1人", "1 person"), ("12.5万人", "125,000 people"), ("1倍", "1 times"), ("1个月", "1 month"),
        ("-3亿元", "-300 million yuan"), ("1吨标准煤", "1 tonne of coal equivalent"), ("5百分点", "5 percentage points"),
    ],
)  # fmt: skip
def test_english_counts_by_thousands_and_says_one_in_the_singular(written: str, english: str) -> None:
    found = parse_quantity(written)
    assert with_unit(f"{float(found.value):g}", found.unit, "en") == english


@given(st.integers(-(10**15), 10**15), st.sampled_from(["万元", "亿元", "万", "万人", "元", "千亿元"]))
def test_no_digit_is_lost_in_english(value: int, unit: str) -> None:
    digits, words = apart(f"{value / 100:.2f}" if abs(value) < 10**12 else f"{value:,}", unit_of(unit), "en")
    scale = {"million": 10**6, "billion": 10**9}.get(words.partition(" ")[0], 1)
    written = Decimal(f"{value / 100:.2f}") if abs(value) < 10**12 else Decimal(value)
    assert Decimal(digits.replace(",", "")) * scale == written * unit_of(unit).times


@given(st.fractions(max_denominator=10**6) | st.integers(-(10**6), 10**6), st.sampled_from(["1", "%", "万元", "亩", "天"]))
def test_a_number_said_without_zeros_at_its_end_is_the_number_said_in_full(value: Fraction | int, unit: str) -> None:
    whole = show_value(value, unit_of(unit), 4)
    digits, name = re.fullmatch(r"(-?[\d,]+\.\d{4})(.*)", whole).groups()  # type: ignore[union-attr]
    even = (Fraction(value) / unit_of(unit).factor * 10**4).denominator == 1
    wanted = (digits.rstrip("0").rstrip(".") if even else digits) + name
    assert shown_evenly(*ratio_of(value), unit_of(unit), 4)[0] == wanted


@pytest.mark.parametrize(
    ("value", "threshold", "unit", "decimals", "pair"),
    [
        (0.72, 0.8, "%", 0, ("72%", "80%")),
        (0.796, 0.8, "%", 0, ("79.6%", "80%")),
        (0.7996, 0.8, "%", 1, ("79.96%", "80%")),
        (0.853, 0.852, "%", 0, ("85.3%", "85.2%")),
        (0.55 * 100 / 100, 0.55, "%", 0, ("55%", "55%")),
        (0.8 - 1e-12, 0.8, "%", 1, ("80%", "80%")),
        (99_999_999.99, 10**8, "亿元", 2, ("0.9999999999亿元", "1亿元")),
        (-0.004, 0, "%", 0, ("-0.4%", "0%")),
    ],
)
def test_a_reason_never_contradicts_its_comparison(value: float, threshold: float, unit: str, decimals: int, pair: tuple[str, str]) -> None:
    assert because_pair(value, threshold, unit_of(unit), decimals) == pair


@given(
    st.floats(min_value=-10, max_value=10, allow_nan=False),
    st.integers(min_value=-2000, max_value=2000),
    st.integers(min_value=0, max_value=4),
    st.sampled_from(["%", "1", "‰"]),
)
def test_the_printed_numbers_stand_as_the_values_do(value: float, thousandths: int, decimals: int, unit: str) -> None:
    threshold = Fraction(thousandths, 1000)
    printed, edge = (parse_quantity(text).canonical for text in because_pair(value, threshold, unit_of(unit), decimals))
    if abs(exactly(value) - threshold) > Fraction(2, 10**9):
        assert (printed < edge, printed > edge) == (value < threshold, value > threshold)
    else:
        assert printed == edge or (printed < edge) == (value < threshold)


@given(st.integers(min_value=-(10**12), max_value=10**12), st.lists(st.integers(min_value=0, max_value=1000), min_size=1, max_size=12))
def test_a_split_adds_up_and_gives_nobody_a_whole_unit_too_much(total: int, weights: list[int]) -> None:
    assume(any(weights))
    parts = split(total, weights)
    assert sum(parts) == total
    assert all(abs(part - Fraction(total * weight, sum(weights))) < 1 for part, weight in zip(parts, weights, strict=True))


def test_a_split_gives_the_odd_unit_to_the_largest_remainder() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(10, [Decimal("0.5"), 0.25, Fraction(1, 4)]) == [5, 3, 2]
    assert split(-7, [0, 2, 1]) == [0, -5, -2]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_a_split_needs_weights(weights: list[int]) -> None:
    with pytest.raises(Refused, match="权重"):
        split(10, weights)
