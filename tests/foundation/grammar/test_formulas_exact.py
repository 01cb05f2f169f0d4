"""Comparisons against exact integer arithmetic, at the scale of 分, 元 and 亿元: no boundary refused, no 分 overlooked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.grammar import formulas
from bihuan.foundation.grammar.formulas import Name, Scope
from bihuan.foundation.grammar.quantities import LIMIT, unit_of

SCOPE = Scope(
    [
        Name("a", ("甲",), "number", unit_of("元"), stored_per_unit=100),
        Name("b", ("乙",), "number", unit_of("万元"), stored_per_unit=10**6),
        Name("c", ("丙",), "number", unit_of("亿元"), stored_per_unit=10**10),
        Name("n", ("数量",), "number", None, stored_per_unit=1000),
    ]
)

EXACTLY: dict[str, Callable[[Fraction, Fraction], bool]] = {
    ">=": lambda left, right: left >= right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    "<": lambda left, right: left < right,
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
}

Rows = Sequence[tuple[int, int]]


def judged(source: str, rows: Rows) -> list[bool]:
    """What DuckDB says of each row; the two stored integers are columns a and b (c and n are the second again)."""
    condition = formulas.compile(source, SCOPE, "yes_no").sql()
    listed = ", ".join(f"({index}, {a}::BIGINT, {b}::BIGINT)" for index, (a, b) in enumerate(rows))
    answers = duckdb.sql(
        f"SELECT {condition} FROM (SELECT i, a, b, b AS c, b AS n FROM (VALUES {listed}) t(i, a, b)) ORDER BY i"
    ).fetchall()
    return [answer for (answer,) in answers]


def percent_of(share: int, whole: int) -> int:
    """So many per cent of a whole, rounded to the next integer that is enough."""
    return -(-share * whole // 100)


@pytest.mark.parametrize("operator", EXACTLY)
@pytest.mark.parametrize("scale", [1, 100, 10**4, 10**6, 10**8, 10**10])
def test_a_percentage_of_a_whole_is_exact_on_its_boundary(operator: str, scale: int) -> None:
    shares = [7, 15, 29, 35, 55, 57, 85, 95]
    wholes = [whole * scale for whole in (100, 300, 700, 1100, 12300)]
    for share in shares:
        rows = [(percent_of(share, whole) + more, whole) for whole in wholes for more in (-1, 0, 1)]
        expected = [EXACTLY[operator](Fraction(a), Fraction(share * b, 100)) for a, b in rows]
        assert judged(f"甲 {operator} 乙 * {share}%", rows) == expected
        assert judged(f"乙 * 0.{share:02d} {operator} 甲", rows) == [
            EXACTLY[operator](Fraction(share * b, 100), Fraction(a)) for a, b in rows
        ]


@pytest.mark.parametrize("operator", EXACTLY)
def test_fifty_five_is_fifty_five_hundredths_of_a_hundred(operator: str) -> None:
    for scale in (1, 100, 10**10):
        answer = EXACTLY[operator](Fraction(55), Fraction(55))
        assert judged(f"甲 {operator} 0.55 * 乙", [(55 * scale, 100 * scale)]) == [answer]
        assert judged(f"甲 / 乙 {operator} 0.55", [(55 * scale, 100 * scale)]) == [answer]


@pytest.mark.parametrize("yuan", [1, 10**4, 10**8, 10**10, 10**12])
def test_one_fen_is_seen_at_every_scale_of_money(yuan: int) -> None:
    whole = yuan * 100
    assert judged("甲 * 1 > 乙 * 1", [(whole + 1, whole), (whole, whole), (whole - 1, whole)]) == [True, False, False]
    assert judged("甲 * 100% = 乙 * 1", [(whole + 1, whole), (whole, whole), (whole - 1, whole)]) == [False, True, False]
    assert judged("甲 - 乙 * 0.5 >= 乙 * 0.5", [(whole + 1, whole), (whole, whole), (whole - 1, whole)]) == [True, True, False]


stored = st.integers(-LIMIT, LIMIT)


@given(st.lists(st.tuples(stored, stored), min_size=1, max_size=20), st.sampled_from(sorted(EXACTLY)))
def test_what_is_stored_is_compared_as_integers(rows: Rows, operator: str) -> None:
    near = [(a, a + step) for a, _ in rows for step in (-1, 0, 1)]
    pairs = [*rows, *near]
    assert judged(f"甲 {operator} 乙", pairs) == [EXACTLY[operator](Fraction(a), Fraction(b)) for a, b in pairs]
    assert judged(f"甲 - 乙 {operator} 0.01元", pairs) == [EXACTLY[operator](Fraction(a - b), Fraction(1)) for a, b in pairs]


@given(st.lists(stored, min_size=1, max_size=20), st.decimals(-(10**6), 10**6, places=9, allow_nan=False), st.sampled_from(sorted(EXACTLY)))
def test_a_literal_between_two_integers_divides_them_exactly(values: list[int], literal: object, operator: str) -> None:
    written = f"{literal:f}"
    bound = Fraction(written) * 10**6
    near = [max(-LIMIT, min(LIMIT, int(bound) + step)) for step in (-1, 0, 1)]
    rows = [(value, value) for value in (*values, *near)]
    assert judged(f"乙 {operator} {written}", rows) == [EXACTLY[operator](Fraction(b), bound) for _, b in rows]


@given(
    st.integers(1, 9999),
    st.lists(st.integers(1, 10**9), min_size=1, max_size=20),
    st.sampled_from([1, 10, 1000]),
    st.sampled_from(sorted(EXACTLY)),
)
def test_a_share_is_judged_as_integers_judge_it(share: int, wholes: list[int], scale: int, operator: str) -> None:
    """Up to 1000 万元 a step of one 分 moves the quotient by more than the tolerance; there the answer is the exact one."""
    rows = [(-(-share * whole // 10**4) * scale + more, whole * scale) for whole in wholes for more in (0, 1, -1)]
    exact = [EXACTLY[operator](Fraction(a, b), Fraction(share, 10**4)) for a, b in rows]
    close = [0 < abs(Fraction(a, b) - Fraction(share, 10**4)) < Fraction(2, 10**9) for a, b in rows]
    answers = judged(f"甲 / 乙 {operator} {share / 100:.2f}%", rows)
    assert [answer for answer, near in zip(answers, close, strict=True) if not near] == [
        answer for answer, near in zip(exact, close, strict=True) if not near
    ]


@given(st.lists(st.tuples(stored, st.integers(1, LIMIT)), min_size=1, max_size=20), st.integers(1, 199))
def test_every_operator_and_its_opposite_disagree(rows: Rows, share: int) -> None:
    for operator, opposite in ((">=", "<"), (">", "<="), ("=", "<>")):
        first, second = (judged(f"甲 {word} 乙 * {share}%", rows) for word in (operator, opposite))
        assert first == [not answer for answer in second]


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=30), st.integers(0, 6))
def test_rounding_is_half_away_from_zero_in_decimals(values: list[int], places: int) -> None:
    halves = [(2 * value + 1) * 5 * 10 ** max(0, 2 - places) for value in values if abs(value) < 10**6]
    numbers = [*values, *halves]
    rounded = formulas.compile(f"四舍五入(数量, {places})", SCOPE).sql()
    listed = ", ".join(f"({index}, {value}::BIGINT)" for index, value in enumerate(numbers))
    answers = duckdb.sql(f"SELECT {rounded} FROM (VALUES {listed}) t(i, n) ORDER BY i").fetchall()

    def half_up(value: Fraction) -> Fraction:
        scaled = abs(value) * 10**places + Fraction(1, 2)
        return Fraction(scaled.numerator // scaled.denominator * (1 if value >= 0 else -1), 10**places)

    assert [answer for (answer,) in answers] == [float(half_up(Fraction(number, 1000))) for number in numbers]


@given(st.lists(st.integers(-(10**14), 10**14), min_size=1, max_size=50))
def test_a_sum_is_exact_whatever_the_order_of_its_rows(values: list[int]) -> None:
    for ordered in (values, values[::-1]):
        listed = ", ".join(f"({value}::BIGINT)" for value in ordered)
        total = formulas.compile("合计(甲)", SCOPE).sql()
        assert duckdb.sql(f"SELECT {total} FROM (VALUES {listed}) t(a)").fetchall() == [(sum(values) / 100,)]


def test_a_sum_that_cancels_to_noise_is_no_denominator() -> None:
    rows = [(100, 3), (100, 7), (10**14 + 1, 10**14 + 1)]
    assert judged("为空(甲 / (乙 * 0.1 + 乙 * 0.2 - 乙 * 0.3))", rows) == [True, True, True]
