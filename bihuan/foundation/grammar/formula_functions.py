"""The functions of formulas: one table, with the words that call them, what they take and give, and their SQL for every dialect.

Nothing of an engine's own library is reachable except through this table; it also prints the tables of docs/formulas.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce

from bihuan.foundation.grammar.formula_errors import FormulaError, fault
from bihuan.foundation.grammar.formula_logic import condition
from bihuan.foundation.grammar.formula_spelling import Gathering, Spelling, parted, spell
from bihuan.foundation.grammar.formula_sql import WHOLE, Call, Constant, Gathered, Node, Nothing, Sql, Stored, scaled
from bihuan.foundation.grammar.formula_terms import Build, Term, adopt, bounded, counted, demand, joined, united, wrong_kind
from bihuan.foundation.grammar.formula_types import (
    COUNT,
    KINDS,
    NONE,
    PLAIN,
    RATIO,
    Dimension,
    Display,
    dimension_of,
    display_of,
    spoken,
)
from bihuan.foundation.grammar.quantities import unit_of
from bihuan.foundation.grammar.saying import Said

Rule = Callable[["Function", Sequence[Term], Spelling, int], Term]


@dataclass(frozen=True)
class Function:
    """One function. ``takes`` and ``gives`` are words for readers; ``least`` and ``most`` bound its arguments; ``rule`` checks and lowers a call."""

    chinese: str
    english: str
    takes: str
    gives: str
    meaning: str
    meaning_en: str
    example: str
    least: int
    most: int
    rule: Rule
    sql: Sql
    aggregate: bool = False

    def call(self, terms: Sequence[Term], position: int) -> Term:
        """The checked call; raises FormulaError."""
        if not self.least <= len(terms) <= self.most:
            wanted = f"{self.least}" if self.least == self.most else f"{self.least}–{self.most}"
            raise self.refuse("arguments", position, wanted=wanted, given=len(terms))
        words = self.spelled(terms)
        return bounded(self.rule(self, terms, spell(Gathering(words)) if self.aggregate else words, position))

    def spelled(self, terms: Sequence[Term]) -> Spelling:
        """A call of it in words."""
        return spell(Said(self.chinese, self.english), "(", *parted(", ", [term.words for term in terms]), ")")

    def refuse(self, code: str, position: int, **words: object) -> FormulaError:
        """An error that carries the meaning and the example of this function."""
        about = {"function": self.chinese, "meaning": self.meaning, "meaning_en": self.meaning_en, "example": self.example}
        return fault(code, position, **about, **words)

    def number(self, term: Term) -> Term:
        """The argument, refused unless it is a number."""
        return demand(term, "number", self.example)


_DOUBLED = Sql("CAST({0} AS {double})")
_WHEN = Sql("CASE WHEN {1} THEN {0} END")
_NONE, _ONE = Constant(0), Constant(1)
_DAY, _MONTH = unit_of("天"), unit_of("个月")


# -- gathering many values into one ---------------------------------------------------------------------------


def _kept(function: Function, terms: Sequence[Term]) -> Callable[[Node], Node]:
    """Values are kept only where the condition (second argument, if any) holds."""
    if len(terms) == 1:
        return lambda node: node
    where = demand(terms[1], "yes_no", function.example)
    return lambda node: Call(_WHEN, node, where.node)


def _gather(function: Function, terms: Sequence[Term], words: Spelling, position: int) -> Term:
    """SUM, MAX and MIN: integers stay integers, so a sum does not depend on the order of its rows."""
    value, kept = terms[0], _kept(function, terms)
    if value.kind == "date" and function.english != "SUM":
        return Term("date", Gathered(Call(function.sql, kept(value.node)), Nothing("date")), words, position)
    function.number(value)
    whole = _SUM_WHOLE if function.english == "SUM" else function.sql
    stored = Stored(_number(whole, kept(value.stored.node)), value.stored.per) if value.stored else None
    node = stored.canonical() if stored else _number(function.sql, kept(value.node))
    return Term("number", node, words, position, value.dimension, value.display, stored, factors=value.factors)


_SUM, _SUM_WHOLE, _COUNT_OF = Sql("SUM({0})"), Sql("SUM({0})", spark=f"SUM(CAST({{0}} AS {WHOLE}))"), Sql("COUNT({0})")
_SHARE = Sql("({0} / NULLIF({1}, 0))")


def _number(sql: Sql, node: Node) -> Node:
    """Numbers gathered into one; of none there is no value."""
    return Gathered(Call(sql, node), Nothing("number"))


def _average(function: Function, terms: Sequence[Term], words: Spelling, position: int) -> Term:
    """AVG as the exact sum over the number of values, where the values are integers."""
    value, kept = function.number(terms[0]), _kept(function, terms)
    if value.stored:
        total = Stored(_number(_SUM_WHOLE, kept(value.stored.node)), value.stored.per).canonical()
        node: Node = Call(_SHARE, total, Gathered(Call(_COUNT_OF, kept(value.stored.node)), _NONE))
    else:
        node = _number(function.sql, kept(value.node))
    return Term("number", node, words, position, value.dimension, value.display, factors=value.factors)


def _count(function: Function, terms: Sequence[Term], words: Spelling, position: int) -> Term:
    """COUNT(): rows; COUNT(condition): rows where it holds; COUNT(x): rows where x has a value; with a condition, among those."""
    if not terms:
        counted = Call(Sql("COUNT(*)"))
    elif terms[0].kind == "yes_no":
        counted = Call(function.sql, _kept(function, terms)(Call(_WHEN, _ONE, terms[0].node)))
    else:
        value = terms[0].stored.node if terms[0].stored else terms[0].node
        counted = Call(function.sql, _kept(function, terms)(value))
    return _whole(Gathered(counted, _NONE), words, position, COUNT)


def _whole(node: Node, words: Spelling, position: int, dimension: Dimension = NONE, shown: Display = PLAIN) -> Term:
    """A whole number of ``shown`` units that the engine counts exactly."""
    stored = Stored(node, 1 / shown.factor)
    return Term("number", stored.canonical(), words, position, dimension, shown, stored)


# -- dates ----------------------------------------------------------------------------------------------------


def _between_dates(function: Function, terms: Sequence[Term], words: Spelling, position: int) -> Term:
    """DAYS and MONTHS."""
    first, last = (demand(term, "date", function.example) for term in terms)
    measure = _DAY if function.english == "DAYS" else _MONTH
    return _whole(Call(function.sql, first.node, last.node), words, position, dimension_of(measure), display_of(measure))


def _part_of_date(function: Function, terms: Sequence[Term], words: Spelling, position: int) -> Term:
    """YEAR and MONTH."""
    return _whole(Call(function.sql, demand(terms[0], "date", function.example).node), words, position)


def _later(function: Function, terms: Sequence[Term], words: Spelling, position: int) -> Term:
    """ADD_DAYS: a bare number or a length of time."""
    day, length = demand(terms[0], "date", function.example), function.number(terms[1])
    length = adopt(length, dimension_of(_DAY), display_of(_DAY))
    if length.dimension != NONE:
        united((Term("number", _ONE, counted("1", _DAY), position, dimension_of(_DAY), display_of(_DAY)), length), "相加", "added")
    days = scaled(length.node, 1 / Fraction(_DAY.factor) if length.dimension != NONE else Fraction(1))
    return Term("date", Call(function.sql, day.node, days), function.spelled((day, length)), position)


# -- choosing and shaping -------------------------------------------------------------------------------------


def _alike(function: Function, terms: Sequence[Term], lead: Sequence[Term], build: Build, position: int) -> Term:
    """One of several values of one kind, picked by ``build`` from their nodes; ``lead`` stands before them in words."""
    kind = terms[0].kind
    for term in terms[1:]:
        if term.kind != kind:
            raise wrong_kind(term, kind, function.example)
    if kind == "number":
        terms = united(terms, "合用", "used together")
    words = function.spelled((*lead, *terms))
    if kind == "number":
        return joined(terms, build, words, position)
    chooser = next((term for term in terms if term.choices), terms[0])
    return Term(kind, build(*(term.node for term in terms)), words, position, called=chooser.called)


def _if(function: Function, terms: Sequence[Term], words: Spelling, position: int) -> Term:
    """IF: no value where the condition is unknown, never the second branch by default."""
    test = demand(terms[0], "yes_no", function.example)
    return _alike(function, terms[1:], (test,), lambda yes, no: Call(function.sql, test.node, yes, no), position)


def _nested(sql: Sql) -> Build:
    """A template of two for any number of values: ``f(a, f(b, c))``."""
    return lambda *nodes: reduce(lambda right, left: Call(sql, left, right), reversed(nodes))


def _coalesce(function: Function, terms: Sequence[Term], words: Spelling, position: int) -> Term:
    """COALESCE of two or more."""
    return _alike(function, terms, (), _nested(function.sql), position)


def _extreme(function: Function, terms: Sequence[Term], words: Spelling, position: int) -> Term:
    """GREATEST and LEAST: no value where one is missing; engines disagree about that, so the template says it."""
    if terms[0].kind not in ("number", "date"):
        raise wrong_kind(terms[0], "number", function.example)
    return _alike(function, terms, (), _nested(function.sql), position)


def _is_empty(function: Function, terms: Sequence[Term], words: Spelling, position: int) -> Term:
    """IS_EMPTY: whether there is no value."""
    value = terms[0].stored.node if terms[0].stored else terms[0].node
    return condition(Call(function.sql, value), words, position)


def _magnitude(function: Function, terms: Sequence[Term], words: Spelling, position: int) -> Term:
    """ABS."""
    value = function.number(terms[0])
    return replace(joined((value,), lambda node: Call(function.sql, node), words, position), summands=value.summands)


def _rounded(function: Function, terms: Sequence[Term], words: Spelling, position: int) -> Term:
    """ROUND to so many decimals of the unit the value is spoken in; halves go away from zero, also where 2.675 is 2.67499… in doubles."""
    value, places = function.number(terms[0]), terms[1].exact
    if value.display is None:
        raise fault("which_unit", value.position, word=value.words)
    if places is None or places not in range(7):
        raise function.refuse("needs_constant", terms[1].position, which=2, wanted="整数 0–6", wanted_en="whole number 0–6")
    steps = 10 ** int(places) / value.display.factor
    stored = Stored(Call(function.sql, scaled(value.node, steps)), Fraction(steps))
    return Term(
        "number", stored.canonical(), words, position, value.dimension, value.display, stored, bare=value.bare, factors=value.factors
    )


def _power(function: Function, terms: Sequence[Term], words: Spelling, position: int) -> Term:
    """POWER of plain numbers: growth over several periods, and the root that gives the growth of one."""
    for term in terms:
        function.number(term)
        if not term.dimension.plain:
            unit, unit_en = f"{spoken(term.dimension)}乘{spoken(term.dimension)}", f"{term.dimension} × {term.dimension}"
            raise fault("units_multiply", term.position, left=term.words, right=term.words, unit=unit, unit_en=unit_en)
    base, exponent = terms
    return Term("number", Call(function.sql, base.node, exponent.node), words, position, RATIO, factors=base.factors + exponent.factors)


def _searched(function: Function, terms: Sequence[Term], words: Spelling, position: int) -> Term:
    """CONTAINS and STARTS_WITH: a fixed text inside a text."""
    text, part = demand(terms[0], "text", function.example), terms[1]
    if not isinstance(part.node, Constant) or not isinstance(part.node.value, str) or not part.node.value or not part.fixed:
        raise function.refuse("needs_constant", part.position, which=2, wanted=KINDS["text"][0], wanted_en=KINDS["text"][1])
    return condition(Call(function.sql, text.node, part.node), words, position)


# -- SQL that differs between engines -------------------------------------------------------------------------

_POSITION = {"duckdb": "STRPOS({0}, {1})", "postgres": "STRPOS({0}, {1})", "sqlite": "INSTR({0}, {1})", "spark": "INSTR({0}, {1})"}
_PARTS = {
    "duckdb": "CAST(EXTRACT({part} FROM {day}) AS BIGINT)",
    "postgres": "CAST(EXTRACT({part} FROM {day}) AS BIGINT)",
    "sqlite": "CAST(STRFTIME('{format}', {day}) AS INTEGER)",
    "spark": "CAST(EXTRACT({part} FROM {day}) AS BIGINT)",
}
_NEXT_DAY = {"duckdb": "({0} + 1)", "postgres": "({0} + 1)", "sqlite": "DATE({0}, '+1 days')", "spark": "DATE_ADD({0}, 1)"}


def _part(dialect: str, part: str, day: str) -> str:
    """YEAR, MONTH or DAY of a date in a dialect."""
    return _PARTS[dialect].format(part=part, day=day, format={"YEAR": "%Y", "MONTH": "%m", "DAY": "%d"}[part])


def _months(dialect: str) -> str:
    """Whole months from {0} to {1}: one less while the day of the month is not reached, unless {1} is the last day of a shorter month."""
    months = f"({_part(dialect, 'YEAR', '{1}')} - {_part(dialect, 'YEAR', '{0}')}) * 12 + {_part(dialect, 'MONTH', '{1}')} - {_part(dialect, 'MONTH', '{0}')}"
    not_reached = f"{_part(dialect, 'DAY', '{1}')} < {_part(dialect, 'DAY', '{0}')}"
    not_last = f"{_part(dialect, 'DAY', _NEXT_DAY[dialect].replace('{0}', '{1}'))} <> 1"
    return f"({months} - CASE WHEN {not_reached} AND {not_last} THEN 1 ELSE 0 END)"


def _by_dialect(write: Callable[[str], str]) -> Sql:
    return Sql("", **{dialect: write(dialect) for dialect in _PARTS})


def _picked(word: str, sqlite: str) -> Sql:
    both = "CASE WHEN {{0}} IS NOT NULL AND {{1}} IS NOT NULL THEN {word}({{0}}, {{1}}) END"
    return Sql(both.format(word=word), sqlite=both.format(word=sqlite))


_DAYS = Sql(
    "",
    duckdb="DATE_DIFF('day', {0}, {1})",
    postgres="({1} - {0})",
    sqlite="CAST(JULIANDAY({1}) - JULIANDAY({0}) AS INTEGER)",
    spark="DATEDIFF({1}, {0})",
)
# A length beyond about 270 years is no date of ours, and engines differ on what they do with it.
_ADD_DAYS = Sql(
    "CASE WHEN ABS({1}) <= 99999 THEN {0} + CAST(ROUND({1}) AS INTEGER) END",
    postgres="CASE WHEN ABS({1}) <= 99999 THEN {0} + CAST(ROUND(CAST({1} AS NUMERIC)) AS INTEGER) END",
    sqlite="CASE WHEN ABS({1}) <= 99999 THEN DATE({0}, CAST(ROUND({1}) AS INTEGER) || ' days') END",
    spark="CASE WHEN ABS({1}) <= 99999 THEN DATE_ADD({0}, CAST(ROUND({1}) AS INT)) END",
)
# Beyond 9e15 steps doubles have no halves to round.
_ROUND = Sql(
    "CASE WHEN ABS({0}) > 9e15 THEN NULL WHEN {0} < 0 THEN -CAST(FLOOR(CAST(0.500000001e0 AS {double}) - {0}) AS BIGINT)"
    " ELSE CAST(FLOOR({0} + CAST(0.500000001e0 AS {double})) AS BIGINT) END",
    sqlite="CASE WHEN ABS({0}) > 9e15 THEN NULL WHEN {0} < 0 THEN -CAST(0.500000001e0 - {0} AS INTEGER)"
    " ELSE CAST({0} + 0.500000001e0 AS INTEGER) END",
)

# A root of nothing or less has no value, and neither has a result beyond e**300, where doubles end.
_POWER = Sql("CASE WHEN {0} > 0 THEN CASE WHEN ABS({1} * LN({0})) <= 300 THEN POWER({0}, {1}) END END")

_TABLE = (
    Function(
        "合计", "SUM", "数[, 条件]", "数", "各值之和；有条件时只算条件成立的行；没有值时无结果", "the sum of the values (where the condition holds)",
        "合计(实际完成投资, 状态 = '在建')", 1, 2, _gather, _SUM, aggregate=True,
    ),
    Function(
        "平均", "AVG", "数[, 条件]", "数", "有值各行的平均数", "the average of the rows that have a value",
        "平均(办理天数)", 1, 2, _average, Sql("AVG({0})"), aggregate=True,
    ),
    Function(
        "计数", "COUNT", "[任意值或条件[, 条件]]", "个数", "不写参数数行；写条件数成立的行；写其他值数有值的行",
        "rows; rows where a condition holds; rows where another value is present", "计数(状态 = '在建')", 0, 2, _count, _COUNT_OF, aggregate=True,
    ),
    Function(
        "最大", "MAX", "数或日期[, 条件]", "同参数", "各行中最大的值、最晚的日期", "the greatest value or latest date of the rows",
        "最大(实际完成投资)", 1, 2, _gather, Sql("MAX({0})"), aggregate=True,
    ),
    Function(
        "最小", "MIN", "数或日期[, 条件]", "同参数", "各行中最小的值、最早的日期", "the least value or earliest date of the rows",
        "最小(开工日期)", 1, 2, _gather, Sql("MIN({0})"), aggregate=True,
    ),
    Function(
        "天数", "DAYS", "从, 到", "天", "从前一日期到后一日期过了几天；当天为 0，倒过来为负", "days passed from the first date to the second; negative when it is earlier",
        "天数(计划开工日期, 今天) > 30", 2, 2, _between_dates, _DAYS,
    ),
    Function(
        "月数", "MONTHS", "从, 到", "个月", "两个日期之间的满月数；月末没有对应日的，以月末为满", "whole months between two dates; the end of a shorter month completes one",
        "月数(开工日期, 今天) >= 24", 2, 2, _between_dates, _by_dialect(_months),
    ),
    Function("年", "YEAR", "日期", "数", "日期的年份", "the year of a date", "年(开工日期) = 2025", 1, 1, _part_of_date, _by_dialect(lambda d: _part(d, "YEAR", "{0}"))),
    Function("月", "MONTH", "日期", "数", "日期的月份", "the month of a date", "月(今天) = 7", 1, 1, _part_of_date, _by_dialect(lambda d: _part(d, "MONTH", "{0}"))),
    Function("加天", "ADD_DAYS", "日期, 天数", "日期", "日期之后（负数为之前）若干天", "the date so many days later (or earlier)", "加天(签约日期, 30)", 2, 2, _later, _ADD_DAYS),
    Function(
        "如果", "IF", "条件, 值, 否则的值", "同值", "条件成立取前值，不成立取后值，无法判断则无值", "the first value if the condition holds, the second if not, none if unknown",
        "如果(高技术项目, 50%, 30%)", 3, 3, _if, Sql("CASE WHEN {0} THEN {1} WHEN NOT {0} THEN {2} END"),
    ),
    Function("取值", "COALESCE", "值, 值, …", "同值", "第一个有值的", "the first that has a value", "取值(调整后投资, 概算投资)", 2, 8, _coalesce, Sql("COALESCE({0}, {1})")),
    Function("为空", "IS_EMPTY", "任意值", "是否", "是否没有值；也可写 甲 为空", "whether there is no value", "为空(开工日期)", 1, 1, _is_empty, Sql("({0} IS NULL)")),
    Function("绝对值", "ABS", "数", "数", "去掉负号", "the value without its sign", "绝对值(完成投资 - 计划投资)", 1, 1, _magnitude, Sql("ABS({0})")),
    Function(
        "四舍五入", "ROUND", "数, 小数位", "数", "按该数的单位保留几位小数（0–6），五入为远离零", "rounded to 0–6 decimals of its unit, halves away from zero",
        "四舍五入(完成投资 / 计划投资, 3)", 2, 2, _rounded, _ROUND,
    ),
    Function(
        "乘方", "POWER", "正数, 次数", "数", "正数的若干次方；次数可以是分数，用来求年均增速", "a positive number to a power; a fraction gives the yearly growth",
        "乘方(2, 1 / 4) - 1", 2, 2, _power, _POWER,
    ),
    Function(
        "最大值", "GREATEST", "数或日期, …", "同值", "几个值中最大的；缺一个就无值", "the greatest of several; none if one is missing",
        "最大值(0, 完成投资 - 计划投资)", 2, 5, _extreme, _picked("GREATEST", "MAX"),
    ),
    Function(
        "最小值", "LEAST", "数或日期, …", "同值", "几个值中最小的；缺一个就无值", "the least of several; none if one is missing",
        "最小值(申请金额, 5000万元)", 2, 5, _extreme, _picked("LEAST", "MIN"),
    ),
    Function(
        "包含", "CONTAINS", "文字, '片段'", "是否", "文字里有没有这个片段", "whether the text has this part",
        "包含(项目名称, '产业园')", 2, 2, _searched, Sql("", **{d: f"({p} > 0)" for d, p in _POSITION.items()}),
    ),
    Function(
        "开头", "STARTS_WITH", "文字, '片段'", "是否", "文字是不是以它开头", "whether the text begins with this part",
        "开头(项目编码, 'P-2025')", 2, 2, _searched, Sql("", **{d: f"({p} = 1)" for d, p in _POSITION.items()}),
    ),
)  # fmt: skip

FN: dict[str, Function] = {word: function for function in _TABLE for word in (function.chinese, function.english)}
"""Every function by its Chinese and its English word."""
