"""Formulas in the city's words: what is read, which kind and unit comes out, what SQL is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest
import sqlglot

from bihuan.foundation.grammar import formulas
from bihuan.foundation.grammar.formula_spelling import Gathering
from bihuan.foundation.grammar.formulas import DIALECTS, Formula, FormulaError, Name, Scope
from bihuan.foundation.grammar.quantities import unit_of
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.saying import Said
from tests.conformance.cases import CONDITIONS, GATHERED, NUMBERS, OTHERS, SCOPE, TODAY

CITY = Scope(
    [
        Name("planned", ("计划完成投资",), "number", unit_of("万元"), stored_per_unit=10**6, many=True),
        Name("completed", ("实际完成投资",), "number", unit_of("万元"), stored_per_unit=10**6, many=True),
        Name("goal", ("25年目标", "年度目标"), "number", unit_of("亿元"), stored_per_unit=10**10),
        Name("invested", ("投资（万元）",), "number", unit_of("万元"), stored_per_unit=10**6),
        Name("short", ("投资",), "number", unit_of("元"), stored_per_unit=100),
        Name("plus", ("A+B类项目数",), "number", unit_of("个"), stored_per_unit=1),
        Name("building", ("在建或竣工项目数",), "number", unit_of("个"), stored_per_unit=1),
        Name("within", ("1年内到期",), "yes_no"),
        Name("land", ("用地",), "number", unit_of("亩"), stored_per_unit=10),
        Name("months", ("建设工期",), "number", unit_of("个月"), stored_per_unit=1),
        Name("rate", ("完成率",), "number", unit_of("%")),
        Name("state", ("状态",), "text", choices=("在建", "竣工")),
        Name("signed", ("签约日期",), "date"),
        Name("day", ("日期",), "date"),
        Name("month", ("月",), "number"),
        Name("reading", ("口径",), "text", choices=("在建", "新开工"), value="新开工"),
        Name("floor", ("门槛",), "number", unit_of("亿元"), value=Decimal("1.5")),
    ]
)


def compiled(source: str, scope: Scope = CITY) -> Formula:
    return formulas.compile(source, scope)


def sql(source: str, dialect: str = "duckdb") -> str:
    return compiled(source).sql(dialect, at=TODAY)


def value(source: str) -> object:
    """What DuckDB answers to a formula without columns."""
    return duckdb.sql(f"SELECT {sql(source)}").fetchall()[0][0]


class TestReading:
    """Titles, words and literals."""

    @pytest.mark.parametrize(
        ("source", "key"),
        [
            ("25年目标 > 1", "goal"),
            ("年度目标 > 1", "goal"),
            ("goal > 1", "goal"),
            ("投资（万元） > 1", "invested"),
            ("投资(万元) > 1", "invested"),
            ("投资>1", "short"),
            ("A+B类项目数 > 1", "plus"),
            ("Ａ＋Ｂ类项目数＞１", "plus"),
            ("在建或竣工项目数 > 1", "building"),
            ("1年内到期", "within"),
            ("日期 > 2025-01-01", "day"),
            ("月 > 1", "month"),
        ],
    )
    def test_a_title_may_hold_digits_brackets_and_operators_and_the_longest_wins(self, source: str, key: str) -> None:
        assert compiled(source).names == (key,)

    @pytest.mark.parametrize(
        "source",
        [
            "25年目标≥1且投资（万元）≤5000或非1年内到期",
            "25年目标 >= 1 AND 投资(万元) <= 5000 OR NOT 1年内到期",
            "goal >= 1 and invested <= 5000 or not within",
            "25年目标　＞＝　１亿元　且　投资（万元）＜＝５０００　或　非　1年内到期",
        ],
    )
    def test_chinese_english_and_full_width_spellings_are_one_formula(self, source: str) -> None:
        assert sql(source) == '((("goal" >= 10000000000) AND ("invested" <= 5000000000)) OR (NOT "within"))'

    @pytest.mark.parametrize("text", ["'在建'", "‘在建’", "“在建”", "＇在建＇"])
    def test_text_stands_in_straight_or_curly_quotes(self, text: str) -> None:
        assert sql(f"状态 = {text}") == "(\"state\" = '在建')"

    @pytest.mark.parametrize("day", ["2025-07-08", "2025-7-8", "2025年7月8日", "日期'2025-07-08'", "日期 2025-07-08", "DATE '2025-07-08'"])
    def test_dates_are_written_in_several_ways(self, day: str) -> None:
        assert sql(f"签约日期 < {day}") == "(\"signed\" < CAST('2025-07-08' AS DATE))"

    def test_words_inside_text_are_left_alone(self) -> None:
        assert compiled("包含(状态, '且在(或)非≥')").explain() == "包含(状态, '且在(或)非≥')"

    def test_operators_keep_their_precedence(self) -> None:
        assert value("2 + 3 * 4 - 10 / 4") == 11.5
        assert value("1 > 2 或 非 1 > 2 且 1 = 1") is True
        assert value("-2 * -3") == 6.0

    def test_an_empty_test_is_written_before_or_behind(self) -> None:
        assert sql("签约日期 为空") == sql("为空(签约日期)") == sql("签约日期 IS NULL") == sql("IS_EMPTY(签约日期)")
        assert sql("签约日期 不为空") == sql("非 为空(签约日期)") == sql("签约日期 IS NOT NULL")

    def test_a_name_that_is_also_a_function_is_one_or_the_other_by_its_bracket(self) -> None:
        assert compiled("月 = 月(签约日期)").names == ("month", "signed")


class TestUnits:
    """Bare numbers, literals and the algebra of dimensions."""

    @pytest.mark.parametrize(
        ("source", "normal"),
        [
            ("25年目标 >= 1", "25年目标 >= 1亿元"),
            ("1 <= 25年目标", "1亿元 <= 25年目标"),
            ("25年目标 > 5000万元", "25年目标 > 5000万元"),
            ("完成率 >= 90", "完成率 >= 90%"),
            ("建设工期 <= 36", "建设工期 <= 36个月"),
            ("建设工期 <= 3年", "建设工期 <= 3年"),
            ("投资 / 用地 >= 200", "投资 / 用地 >= 200元/亩"),
            ("投资（万元） / 用地 >= 200", "投资（万元） / 用地 >= 200万元/亩"),
            ("25年目标 * 90% >= 1", "25年目标 * 90% >= 1亿元"),
            ("25年目标 - 2 * 1亿元 > -3", "25年目标 - 2 * 1亿元 > -3亿元"),
            ("25年目标 在 (1, 2)", "25年目标 在 (1亿元, 2亿元)"),
            ("取值(25年目标, 3)", "取值(25年目标, 3亿元)"),
            ("A+B类项目数 >= 3", "A+B类项目数 >= 3个"),
            ("合计(实际完成投资) / 合计(计划完成投资) >= 0.9", "合计(实际完成投资) / 合计(计划完成投资) >= 0.9"),
            ("25年目标 > 门槛 + 1", "25年目标 > 门槛 + 1亿元"),
        ],
    )
    def test_a_bare_number_takes_the_unit_of_its_neighbour(self, source: str, normal: str) -> None:
        assert compiled(source).explain() == normal

    @pytest.mark.parametrize(
        "source", ["25年目标 >= 1.5", "25年目标 >= 15000万元", "25年目标 >= 门槛", "25年目标 >= 1.5亿", "25年目标 >= 0.5 + 1"]
    )
    def test_one_threshold_in_several_units_is_one_integer(self, source: str) -> None:
        assert sql(source) == '("goal" >= 15000000000)'

    @pytest.mark.parametrize(
        ("source", "dimension"),
        [
            ("合计(实际完成投资) / 合计(计划完成投资)", "ratio"),
            ("25年目标 * 90%", "money"),
            ("25年目标 / A+B类项目数", "money/count"),
            ("25年目标 / 用地", "money/area"),
            ("25年目标 / 用地 * 用地", "money"),
            ("25年目标 / (25年目标 / 用地)", "area"),
            ("计数() / 计数(1年内到期)", "ratio"),
            ("天数(签约日期, 今天)", "time"),
            ("月数(签约日期, 今天)", "months"),
            ("投资 * A+B类项目数", "money"),
            ("2 * 3", "none"),
        ],
    )
    def test_dimensions_multiply_and_cancel(self, source: str, dimension: str) -> None:
        assert compiled(source).dimension == dimension

    @pytest.mark.parametrize(
        "source",
        [
            "25年目标 + 用地",
            "25年目标 > 用地",
            "25年目标 * 投资",
            "用地 * 用地",
            "天数(签约日期, 今天) > 3个月",
            "如果(1年内到期, 用地, 25年目标)",
        ],
    )
    def test_different_dimensions_do_not_mix(self, source: str) -> None:
        with pytest.raises(FormulaError) as refused:
            compiled(source)
        assert refused.value.code in ("units_differ", "units_multiply")

    def test_the_declared_unit_is_checked_and_gives_a_bare_number_its_unit(self) -> None:
        assert formulas.compile("5", CITY, "number", unit_of("万元")).sql() == "50000e0"
        with pytest.raises(FormulaError, match="结果按面积计，这里要按金额计"):
            formulas.compile("用地", CITY, "number", unit_of("万元"))

    def test_numbers_come_out_in_canonical_units(self) -> None:
        assert value("1.5亿元") == 150_000_000.0
        assert value("35%") == 0.35
        assert value("3亩") == 2000.0

    def test_zero_needs_no_unit(self) -> None:
        assert sql("25年目标 - 投资 > 0") == '(("goal" - "short") > 0)'


BOTH = Scope(
    [
        Name("planned", ("计划完成投资",), "number", unit_of("万元"), stored_per_unit=10**6, many=True, english="planned investment"),
        Name("completed", ("实际完成投资",), "number", unit_of("万元"), stored_per_unit=10**6, many=True, english="completed investment"),
        Name("late", ("逾期",), "yes_no", english="overdue"),
        Name("state", ("状态",), "text", choices=("在建", "竣工"), english="state", choices_en=("under construction", "finished")),
        Name("signed", ("签约日期",), "date"),
    ]
)


class TestSaying:
    """A formula in the words of both readers, from its tree."""

    @pytest.mark.parametrize(
        ("source", "chinese", "english"),
        [
            ("SUM(completed) / 合计(planned)", "合计(实际完成投资) / 合计(计划完成投资)", "SUM(completed investment) / SUM(planned investment)"),
            ("late 或 非 (状态 = '在建')", "逾期 或 非 (状态 = '在建')", "overdue OR NOT (state = 'under construction')"),
            ("'在建' <> 状态 且 late = 是", "'在建' <> 状态 且 逾期 = 是", "'under construction' <> state AND overdue = yes"),
            ("取值(状态, '') 在 ('在建', '停工')", "取值(状态, '') 在 ('在建', '停工')", "COALESCE(state, '') IN ('under construction', '停工')"),
            ("天数(签约日期, 今天) > 30", "天数(签约日期, 今天) > 30天", "DAYS(签约日期, today) > 30 days"),
        ],
    )
    def test_both_readings_come_from_one_tree(self, source: str, chinese: str, english: str) -> None:
        assert formulas.compile(source, BOTH).said() == (chinese, english)

    def test_numbers_stand_in_place_of_what_was_gathered_and_of_names(self) -> None:
        formula = formulas.compile("合计(实际完成投资, 状态 在 ('在建')) - 100 >= 0", BOTH)
        placed = {Gathering: Said("9万元", "90,000 yuan")}
        assert formula.said(lambda piece: placed.get(type(piece))).en.startswith("90,000 yuan - ")


class TestWriting:
    """The SQL, its tables and its day."""

    @pytest.mark.parametrize("dialect", DIALECTS)
    @pytest.mark.parametrize("source", NUMBERS + CONDITIONS + OTHERS + GATHERED)
    def test_every_dialect_can_read_what_is_written_for_it(self, source: str, dialect: str) -> None:
        assert len(sqlglot.parse(formulas.compile(source, SCOPE).sql(dialect, at=TODAY), read=dialect)) == 1

    @pytest.mark.parametrize("source", NUMBERS + CONDITIONS + OTHERS + GATHERED)
    def test_the_normal_spelling_compiles_to_the_same_sql(self, source: str) -> None:
        formula = formulas.compile(source, SCOPE)
        again = formulas.compile(formula.explain(), SCOPE)
        assert (again.explain(), again.sql(at=TODAY)) == (formula.explain(), formula.sql(at=TODAY))

    def test_columns_are_qualified_by_table_or_by_key(self) -> None:
        formula = compiled("合计(实际完成投资) / 25年目标")
        written = formula.sql("spark", table="e", tables={"completed": "f"})
        assert "`f`.`completed`" in written
        assert "`e`.`goal`" in written
        assert (formula.gathered, formula.alone, formula.aggregates) == (("completed",), ("goal",), True)

    def test_today_is_the_day_given_or_a_column(self) -> None:
        formula = compiled("签约日期 < 今天")
        assert formula.mentions_today
        assert formula.sql(at=date(2025, 7, 8)) == "(\"signed\" < CAST('2025-07-08' AS DATE))"
        assert formula.sql("sqlite", at=date(2025, 7, 8)) == "(\"signed\" < '2025-07-08')"
        assert formula.sql(at_column="days._at") == '("signed" < "days"."_at")'
        with pytest.raises(FormulaError, match="没有给出日期"):
            formula.sql()

    def test_a_parameter_is_its_value_and_no_column(self) -> None:
        assert sql("口径 = '新开工'") == "('新开工' = '新开工')"
        assert compiled("25年目标 >= 门槛").alone == ("goal",)
        assert compiled("25年目标 >= 门槛").names == ("goal", "floor")

    def test_a_parameter_without_a_value_is_unknown(self) -> None:
        scope = Scope([Name("a", ("甲",), "number", unit_of("天"), value=None), Name("b", ("乙",), "number", value=Fraction(1, 3))])
        assert duckdb.sql(f"SELECT {formulas.compile('甲 > 3 或 乙 > 1', scope).sql()}").fetchall() == [(None,)]

    def test_an_unknown_dialect_is_a_programming_error(self) -> None:
        with pytest.raises(ValueError, match="mysql"):
            compiled("1 > 2").sql("mysql")


class TestScope:
    """What may be called by which name."""

    def test_two_names_with_one_title_are_refused(self) -> None:
        with pytest.raises(Refused, match="重名"):
            Scope([Name("a", ("投资(万元)",), "number"), Name("b", ("投资（万元）",), "number")])
        with pytest.raises(Refused, match="重名"):
            Scope([Name("a", ("b",), "number"), Name("b", ("乙",), "number")])

    @pytest.mark.parametrize("title", ["且", "在", "今天", "and", "NULL", "", " ", "甲\n乙"])
    def test_words_of_the_language_are_no_titles(self, title: str) -> None:
        with pytest.raises(Refused, match="不能作名称"):
            Scope([Name("a", (title,), "number")])

    def test_the_same_title_twice_on_one_name_is_fine(self) -> None:
        assert Scope([Name("a", ("a", "甲", "甲"), "number")]).get("甲") is not None
