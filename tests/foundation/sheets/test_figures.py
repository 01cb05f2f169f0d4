"""A monthly sheet is checked cell by cell: units, periods, rows, and what stands already."""

import pytest

from bihuan.foundation.actions import FigureGiven, record_figures
from bihuan.foundation.ledger import head
from tests.foundation import city
from tests.foundation.sheets.conftest import Check, Confirm
from tests.foundation.sheets.makers import book, inline, workbook

pytestmark = pytest.mark.usefixtures("projects")
TITLES = ["编码", "名称", "计划投资（万元）", "完成投资（万元）"]


def said(check: Check, rows: list[list[object]], **more: str) -> list[str]:
    return [problem.text() for problem in check(book(rows), period="2025-06", **more).problems if problem.grave]


def test_a_good_sheet_shows_what_it_would_change_and_writes_nothing(checked: Check) -> None:
    before = head()
    found = checked(book([TITLES, ["P-001", "P-001 项目", 1000, 850.5], ["P-002", None, None, "1，200"]]), period="2025-06")
    assert found.problems == ()
    assert [(one.row, one.field, one.period, one.old, one.new, one.cell) for one in found.changes] == [
        ("P-001", "planned", "2025-06", None, 1_000_000_000, "C2"),
        ("P-001", "done", "2025-06", None, 850_500_000, "D2"),
        ("P-002", "done", "2025-06", None, 1_200_000_000, "D3"),
    ]
    assert (found.counts.new, found.counts.changed, found.counts.same, found.counts.refused) == (2, 0, 0, 0)
    assert [change.new_text() for change in found.changes] == ["1,000万元", "850.5万元", "1,200万元"]
    assert head() == before


def test_the_unit_of_a_title_is_converted_exactly(checked: Check) -> None:
    for title in ("完成投资（亿元）", "完成投资(亿元)", "2025年6月完成投资（亿元）", "完成投资（亿元）2025-06", "DONE（亿元）", "完成投资（单位：亿元）"):
        found = checked(book([["编码", title], ["P-001", 0.123456]]), period="2025-06")
        assert [(one.field, one.new) for one in found.changes] == [("done", 1_234_560_000)], title


def test_a_unit_written_once_above_the_titles_holds_for_titles_without_one(checked: Check) -> None:
    rows = [["2025年6月重大项目月报"], ["填报日期：2025年7月3日", None, "单位：亿元"], ["编码", "计划投资", "完成投资（万元）"], ["P-001", 1, 1]]
    found = checked(book(rows), period="2025-06")
    assert [one.new for one in found.changes] == [10_000_000_000, 1_000_000]


def test_a_wide_sheet_has_a_column_for_each_month(checked: Check) -> None:
    rows = [["编码", "2025年1月完成投资（万元）", "完成投资 2025-02", "2025年3月 完成投资"], ["P-001", 1, 2, 3]]
    found = checked(book(rows))
    assert [(one.period, one.new) for one in found.changes] == [("2025-01", 1_000_000), ("2025-02", 2_000_000), ("2025-03", 3_000_000)]


WRONG_TITLES: list[tuple[list[str], str]] = [
    (["编码", "完成投资", "形象进度"], "C1 形象进度：“形象进度”不是这张表的列"),
    (["名称", "完成投资"], "没有找到表头"),
    (["编码", "名称"], "没有任何一列是按期数值"),
    (["编码", "完成投资", "完成投资（亿元）"], "完成投资 2025年6月有两列（B 与 C）"),
    (["编码", "2025年6月完成投资", "完成投资2025-06"], "完成投资 2025年6月有两列（B 与 C）"),
    (["编码", "完成投资（亩）"], "“亩”不是这一列能用的单位"),
    (["编码", "完成投资（大概）"], "“大概”不是这一列能用的单位"),
    (["编码", "编码", "完成投资"], "编码有两列"),
]


def test_columns_are_refused_by_name(checked: Check) -> None:
    for titles, words in WRONG_TITLES:
        texts = said(checked, [titles, ["P-001", 1, 1]])
        assert any(words in text for text in texts), (words, texts)


WRONG_CELLS: list[tuple[list[list[object]], str]] = [
    ([TITLES, ["P-009", None, 1, 1]], "A2 编码：重大项目里没有“P-009”，或不在您的职责范围内"),
    ([TITLES, ["P-004", None, 1, 1]], "A2 编码：重大项目里没有“P-004”，或不在您的职责范围内"),
    ([TITLES, ["P-001", None, 1, 1], ["P-001", None, 2, 2]], "A3 编码：“P-001”在 A2 已经有一行"),
    ([TITLES, ["P-001", "别的项目", 1, 1]], "B2 名称：与台账不一致"),
    ([TITLES, [None, "合计", 1, 1]], "A2 编码：没有填编码"),
    ([TITLES, ["P-\u200b001", None, 1, 1]], "A2 编码：含有看不见的字符"),
    ([TITLES, ["P-\u202e001", None, 1, 1]], "A2 编码：含有看不见的字符"),
    ([TITLES, ["P-001", None, "千万", 1]], "C2 计划投资：“千万”是中文数字"),
    ([TITLES, ["P-001", None, "1e30", 1]], "C2 计划投资：“1e30”是科学计数法"),
    ([TITLES, ["P-001", None, 10.0**30, 1]], "C2 计划投资：“1e+30”不是可以记录的数"),
    ([TITLES, ["P-001", None, 1e15, 1]], "C2 计划投资：“1000000000000000.0”太大"),
    ([TITLES, ["P-001", None, "NaN", 1]], "C2 计划投资：“NaN”不是有限的数"),
    ([TITLES, ["P-001", None, 0.1234567, 1]], "C2 计划投资：“0.1234567”的小数位太多"),
    ([TITLES, ["P-001", None, True, 1]], "C2 计划投资"),
    ([TITLES, ["P-001", None, "=1+1", 1]], "C2 计划投资：是没有计算结果的公式"),
    ([TITLES, ["P-001", None, "=HYPERLINK(1)", 1]], "C2 计划投资：是没有计算结果的公式"),
    ([TITLES, ["P-001", None, "5亩", 1]], "C2 计划投资：“5亩”的单位是亩"),
    ([["2025年5月月报"], TITLES, ["P-001", None, 1, 1]], "A1 2025年5月月报：表里写的是2025年5月，您选的是2025年6月"),
    ([["单位：两"], TITLES, ["P-001", None, 1, 1]], "不认识的单位“两”"),
]


def test_what_is_wrong_is_named_by_worksheet_cell_and_column(checked: Check) -> None:
    for rows, words in WRONG_CELLS:
        texts = said(checked, rows)
        assert any(words in text and text.startswith("工作表“月报” ") for text in texts), (words, texts)


def test_what_a_form_takes_a_sheet_takes(checked: Check) -> None:
    typed = {"１２３": 123_000_000, " 5 ": 5_000_000, "1,234.5": 1_234_500_000, "0.5亿元": 5_000_000_000, "300元": 30_000, 0.1 + 0.2: 300_000}
    rows = [["编码", *(f"2025年{month}月完成投资" for month in range(1, len(typed) + 1))], ["P-001", *typed]]
    assert [one.new for one in checked(book(rows)).changes] == list(typed.values())


def test_every_problem_is_named_at_once(checked: Check) -> None:
    texts = said(checked, [TITLES, ["P-001", None, "x", "y"], ["P-002", None, "z", 1], ["P-009", None, 1, 1]])
    assert [text.split("：")[0].split(" ")[1] for text in texts] == ["C2", "D2", "C3", "A4"]


def test_merged_cells_below_the_titles_are_refused_and_above_them_are_not(checked: Check) -> None:
    titles = f'<row r="2">{inline("A2", "编码")}{inline("B2", "完成投资")}</row><row r="3">{inline("A3", "P-001")}<c r="B3"><v>1</v></c></row>'
    above = workbook(f'<row r="1">{inline("A1", "月报")}</row>{titles}', '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>')
    assert checked(above, period="2025-06").problems == ()
    below = workbook(titles, '<mergeCells><mergeCell ref="B3:B4"/></mergeCells>')
    assert ["B3:B4" in problem.text() for problem in checked(below, period="2025-06").problems] == [True]


def test_a_period_that_nobody_named_is_asked_for(checked: Check) -> None:
    assert ["没有写是哪一期" in problem.text() for problem in checked(book([["编码", "完成投资"], ["P-001", 1]])).problems] == [True]


def test_a_number_column_beside_and_empty_cells_say_nothing(checked: Check) -> None:
    found = checked(book([["序号", *TITLES], [1, "P-001", None, None, None], [2, None, None, None, None], [3, "P-002", None, 0, None]]), period="2025-06")
    assert found.problems == ()
    assert [(one.row, one.new) for one in found.changes] == [("P-002", 0)]
    assert (found.counts.new, found.counts.same) == (1, 1)


def test_a_figure_out_of_proportion_is_pointed_out_but_not_refused(checked: Check) -> None:
    record_figures(city.actor("王县"), city.PROJECTS, [FigureGiven("P-001", "done", "2025-05", "800")], city.NOW)
    found = checked(book([["编码", "完成投资"], ["P-001", 8_000_000]]), period="2025-06")
    assert not found.refused
    assert ["相差千倍以上" in problem.text() for problem in found.problems] == [True]


def test_a_restated_month_needs_a_reason_and_keeps_the_old_value(checked: Check, confirmed: Confirm) -> None:
    record_figures(city.actor("王县"), city.PROJECTS, [FigureGiven("P-001", "done", "2025-03", "800")], city.NOW)
    found = checked(book([["编码", "完成投资"], ["P-001", 810]]), period="2025-03")
    assert found.needs_reason
    assert [(one.old, one.new, one.restated) for one in found.changes] == [(800_000_000, 810_000_000, True)]
    assert (found.counts.new, found.counts.changed) == (0, 1)


def test_an_officer_of_another_county_may_not_and_a_citizen_not_at_all(checked: Check) -> None:
    assert checked(book([TITLES, ["P-001", None, 1, 1]]), period="2025-06", who="李县").refused
