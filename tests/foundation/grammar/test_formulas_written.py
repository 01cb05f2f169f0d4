"""Formulas nobody thought of: made by a grammar, or of stray characters. They compile or are refused; they never crash, hang or disagree."""

from __future__ import annotations

import re
import sqlite3
from functools import cache

import duckdb
from hypothesis import example, given
from hypothesis import strategies as st

from bihuan.foundation.grammar import formulas
from bihuan.foundation.grammar.formula_functions import FN
from bihuan.foundation.grammar.formulas import DIALECTS, FormulaError
from tests.conformance.cases import SCOPE, TODAY
from tests.conformance.engines import Ask, answers, duckdb_engine, sqlite_engine

FIELDS = ["完成投资", "计划投资", "概算投资", "人数", "得分", "占比", "进度", "宽限天数", "未定参数"]
LITERALS = ["0", "1", "55", "0.9", "90%", "1亿元", "5000万元", "3天", "2个月", "5万"]
ROW_FUNCTIONS = sorted({function.chinese for function in FN.values() if not function.aggregate})
AGGREGATES = sorted({function.chinese for function in FN.values() if function.aggregate})

numbers = st.deferred(
    lambda: (
        st.sampled_from(FIELDS)
        | st.sampled_from(LITERALS)
        | st.builds("({} {} {})".format, numbers, st.sampled_from("+-*/"), numbers)
        | st.builds("-{}".format, numbers)
        | st.builds("绝对值({})".format, numbers)
        | st.builds("四舍五入({}, {})".format, numbers, st.integers(0, 6))
        | st.builds("如果({}, {}, {})".format, conditions, numbers, numbers)
        | st.builds("{}({}, {})".format, st.sampled_from(["取值", "最大值", "最小值"]), numbers, numbers)
        | st.builds("{}({}, {})".format, st.sampled_from(["天数", "月数"]), dates, dates)
        | st.builds("{}({})".format, st.sampled_from(["年", "月"]), dates)
    )
)
dates = st.deferred(
    lambda: st.sampled_from(["开工日期", "期限", "今天", "2025-07-08", "2024-02-29"]) | st.builds("加天({}, {})".format, dates, numbers)
)
texts = st.sampled_from(["状态", "项目名称", "'在建'", "'it''s'", "取值(项目名称, '无')"])
conditions = st.deferred(
    lambda: (
        st.just("高技术")
        | st.builds("{} {} {}".format, numbers, st.sampled_from(["=", "<>", ">", ">=", "<", "<="]), numbers)
        | st.builds("{} {} {}".format, dates, st.sampled_from(["=", ">", "<="]), dates)
        | st.builds("{} {} {}".format, texts, st.sampled_from(["=", "<>"]), texts)
        | st.builds("({} {} {})".format, conditions, st.sampled_from(["且", "或"]), conditions)
        | st.builds("非 ({})".format, conditions)
        | st.builds("为空({})".format, numbers | dates | texts)
        | st.builds("{} 在 ({}, {})".format, numbers, st.sampled_from(LITERALS), st.sampled_from(LITERALS))
        | st.builds("包含({}, '建')".format, texts)
    )
)
gathered = st.builds("{}({})".format, st.sampled_from(AGGREGATES), numbers | conditions) | st.builds(
    "{}({}, {})".format, st.sampled_from(AGGREGATES), numbers, conditions
)
WORDS = [
    *FIELDS, *LITERALS, *ROW_FUNCTIONS, *AGGREGATES, "状态", "高技术", "今天", "且", "或", "非", "在", "为空", "不在", "是", "否",
    "(", ")", ",", "，", "+", "-", "*", "/", "=", "<>", ">", "≥", "'", "''", "“", "”", '"', ";", "--", "SELECT", "AND", "NULL", ".", "::", "[", "{", "\\",
]  # fmt: skip


@cache
def engines() -> tuple[Ask, Ask]:
    return duckdb_engine(), sqlite_engine()


def compiled(source: str) -> formulas.Formula | None:
    """The formula, or None where it was refused with all its words."""
    try:
        formula = formulas.compile(source, SCOPE)
    except FormulaError as refused:
        check_words(refused, source)
        return None
    for dialect in DIALECTS:
        formula.sql(dialect, at=TODAY)
    return formula


def check_words(refused: FormulaError, source: str) -> None:
    """A refusal points into the source and has every part of its message."""
    assert 0 <= refused.position <= len(source)
    for text in (refused.what, refused.what_en, refused.why, refused.why_en, refused.example):
        assert text
        assert not re.search(r"\{[a-z_]+\}", text)


@given(numbers | conditions | dates | gathered)
@example("四舍五入(得分 - 得分, 2) / 进度")
def test_engines_agree_on_formulas_nobody_thought_of(source: str) -> None:
    formula = compiled(source)
    if formula is None:
        return
    duck, lite = engines()
    first, second = answers(duck, "duckdb", formula), answers(lite, "sqlite", formula)
    if "合计" not in source and "平均" not in source:
        assert first == second
        return
    # A sum of doubles depends on the order in which an engine adds; sums of what is stored do not.
    for left, right in zip(first, second, strict=True):
        assert left == right or abs(left - right) <= 1e-12 * abs(left)  # type: ignore[operator, arg-type]


@given(numbers | conditions | dates | gathered)
def test_the_normal_spelling_is_a_fixed_point(source: str) -> None:
    formula = compiled(source)
    if formula is not None:
        again = formulas.compile(formula.explain(), SCOPE)
        assert again.explain() == formula.explain()
        assert again.sql(at=TODAY) == formula.sql(at=TODAY)


@given(st.lists(st.sampled_from(WORDS), max_size=40), st.sampled_from(["", " "]))
def test_words_in_any_order_compile_or_are_refused(words: list[str], between: str) -> None:
    formula = compiled(between.join(words))
    if formula is not None and formula.kind != "text":
        answers(engines()[0], "duckdb", formula)


@given(st.text(max_size=200) | st.text(alphabet="'\"()“”‘’，；甲0123-*/=<>且或非在", max_size=400))
def test_any_text_compiles_or_is_refused(source: str) -> None:
    compiled(source)


@given(st.text(max_size=40))
def test_any_text_is_found_again_as_the_text_it_is(text: str) -> None:
    formula = compiled("项目名称 = '" + text.replace("'", "''") + "'")
    if formula is None:
        return
    for connection in (duckdb.connect(), sqlite3.connect(":memory:")):
        literal = formula.sql("duckdb").removeprefix('("title" = ').removesuffix(")")
        found = connection.execute(f"SELECT {literal}").fetchall()
        assert found == [(formula.explain().removeprefix("项目名称 = '").removesuffix("'").replace("''", "'"),)]
