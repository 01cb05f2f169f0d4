"""What a file says is read as it stands: days, percentages, results of formulas, and the encoding of a csv."""

import codecs
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.sheets.cells import Fault, Unreadable, letters_of, split_reference
from bihuan.foundation.sheets.delimited import decode
from bihuan.foundation.sheets.reading import read_sheet
from tests.foundation.sheets.makers import archive, book, inline, parts, workbook, worksheet


def values(content: bytes, name: str = "月报.xlsx") -> list[list[object]]:
    return [[cell.value for cell in row.values()] for row in read_sheet(content, name).rows.values()]


def test_cells_are_read_as_what_they_are() -> None:
    content = book([["P-001", 12, 0.1, True, date(2025, 7, 8), datetime(2025, 7, 9), None, " 字 "]])  # noqa: DTZ001 - a cell has no zone
    assert values(content) == [["P-001", 12, 0.1, True, date(2025, 7, 8), date(2025, 7, 9), " 字 "]]


def test_a_percentage_is_known_by_its_format() -> None:
    sheet = read_sheet(book([[0.85, 85]], formats={"A1": "0.0%"}), "月报.xlsx")
    assert [cell.percent for cell in sheet.rows[1].values()] == [True, False]


@pytest.mark.parametrize("number_format", ["yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "[$-804]yyyy/m/d", "m/d/yy h:mm", "[$-F800]dddd, mmmm dd, yyyy"])
def test_a_number_is_a_day_only_where_its_format_says_so(number_format: str) -> None:
    sheet = read_sheet(book([[44927, 44927]], formats={"A1": number_format}), "月报.xlsx")
    assert [cell.value for cell in sheet.rows[1].values()] == [date(2023, 1, 1), 44927]


@pytest.mark.parametrize("number_format", ["General", "0.00E+00", '0.0"天"', "#,##0.00", "[Red]0", "@"])
def test_other_formats_leave_a_number_a_number(number_format: str) -> None:
    assert values(book([[44927]], formats={"A1": number_format})) == [[44927]]


def test_the_result_of_a_formula_counts_and_a_formula_without_one_is_a_fault() -> None:
    good = '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"x"</f><v>x</v></c>'
    rows = f'<row r="1">{good}<c r="C1"><f>1+1</f></c><c r="D1" t="str"><f>""</f><v></v></c></row>'
    two, text, none = values(workbook(rows))[0]
    assert (two, text) == (2, "x")
    assert isinstance(none, Fault)
    assert "没有计算结果的公式" in none.why.what


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!"])
def test_an_error_is_a_fault(error: str) -> None:
    fault = values(workbook(f'<row r="1"><c r="A1" t="e"><v>{error}</v></c></row>'))[0][0]
    assert isinstance(fault, Fault)
    assert error in fault.why.what


@pytest.mark.parametrize("written", ["NaN", "INF", "1e999", "０", "1,5"])
def test_what_is_no_finite_number_is_a_fault(written: str) -> None:
    assert isinstance(values(workbook(f'<row r="1"><c r="A1"><v>{written}</v></c></row>'))[0][0], Fault)


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        ("1", date(1900, 1, 1)), ("59", date(1900, 2, 28)), ("61", date(1900, 3, 1)),
        ("60", None), ("-1", None), ("3000000", None), ("44927.5", None),
    ],
)  # fmt: skip
def test_days_are_counted_as_a_spreadsheet_counts_them(serial: str, day: date | None) -> None:
    styles = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    content = archive(parts(worksheet(f'<row r="1"><c r="A1" s="1"><v>{serial}</v></c></row>'), xl__styles=styles))
    value = values(content)[0][0]
    assert value == day if day else isinstance(value, Fault)


def test_rows_and_cells_without_an_address_follow_one_another() -> None:
    sheet = read_sheet(workbook("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"), "月报.xlsx")
    assert [cell.reference for row in sheet.rows.values() for cell in row.values()] == ["A1", "B1", "A2"]


def test_shared_and_rich_texts_are_read_without_their_phonetic_guides() -> None:
    shared = "<sst><si><t>甲</t></si><si><r><t>乙</t></r><r><t>丙</t></r><rPh><t>yi</t></rPh></si><si><t>a_x000D_b_x005F_x0041_</t></si></sst>"
    rows = '<row r="1">' + "".join(f'<c t="s"><v>{place}</v></c>' for place in (0, 1, 2, 7)) + "</row>"
    one, two, three, wrong = values(archive(parts(worksheet(rows), xl__sharedStrings=shared)))[0]
    assert (one, two, three) == ("甲", "乙丙", "a\rb_x0041_")
    assert isinstance(wrong, Fault)


def test_merged_ranges_and_other_worksheets_are_named() -> None:
    sheet = read_sheet(workbook(f'<row r="1">{inline("A1", "x")}</row>', '<mergeCells><mergeCell ref="A5:B6"/></mergeCells>'), "月报.xlsx")
    assert [(one.text, one.first_row, one.last_row) for one in sheet.merged] == [("A5:B6", 5, 6)]
    assert sheet.place("C7") == "工作表“月报” C7"


def test_a_path_is_read_as_its_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "月报.csv"
    path.write_bytes("编码\r\nP-001\r\n".encode())
    assert read_sheet(path).file == "月报.csv"
    with pytest.raises(Unreadable, match="打不开"):
        read_sheet(tmp_path / "没有.csv")


@pytest.mark.parametrize(
    ("mark", "encoding"), [(b"", "gb18030"), (b"", "utf-8"), (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")]
)
def test_the_encoding_of_a_csv_is_decided_for_the_file_and_reported(mark: bytes, encoding: str) -> None:
    text = "编码,项目名称\r\nP-001,濮阳县城镇老旧小区改造\r\n"
    sheet = read_sheet(mark + text.encode(encoding), "月报.csv")
    assert sheet.encoding == encoding
    assert [cell.value for cell in sheet.rows[2].values()] == ["P-001", "濮阳县城镇老旧小区改造"]


@given(st.text("濮阳县重点项目投资完成率台账编码名称所在计划实际开竣工", min_size=6, max_size=60))
def test_a_heading_in_gb18030_is_never_taken_for_utf_8(text: str) -> None:
    assert decode(text.encode("gb18030")) == (text, "gb18030")


def test_a_csv_may_have_tabs_quotes_and_lines_within_a_cell() -> None:
    assert values("编码\t名称\nP-001\t\"甲\n乙\"\n".encode("utf-16"), "月报.csv") == [["编码", "名称"], ["P-001", "甲\n乙"]]
    assert values("编码\rP-001\r".encode(), "月报.csv") == [["编码"], ["P-001"]]


@given(st.integers(1, 16384), st.integers(1, 1048576))
def test_an_address_reads_back_as_itself(column: int, row: int) -> None:
    assert split_reference(f"{letters_of(column)}{row}") == (column, row)
