"""What goes out comes back as it was: any register, any values, in xlsx and csv, as rows that stand and as rows that are new."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import openpyxl
import pytest
import yaml
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import FigureGiven, Incoming, Source, adopt, record_entries, record_figures
from bihuan.foundation.checking import Value, check_value
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.ledger import writing
from bihuan.foundation.models import Entry
from bihuan.foundation.sheets.checking import check
from bihuan.foundation.sheets.findings import Asked, Checked
from bihuan.foundation.sheets.reading import read_sheet
from bihuan.foundation.sheets.row_sheets import typed_value as typed
from bihuan.foundation.sheets.writing import Kind, Wanted, blank_form, export_sheet
from tests.foundation import city

REGISTER = "random.things"
HEAD = "pack: random\ntitle: 随机\nversion: '1'\nowner: 试验\nbasis: 试验\nin_force: 2024-01\nroles:\n  officer: {title: 经办}\n"
LARGEST = 9 * 10**15

DANGEROUS = st.sampled_from(["=1+1", "+86", "-5", "@SUM(A1)", "'=x", "＝1", "'", "\t=1", "=cmd|' /C calc'!A0", "_x0041_", "a_x000D_b", "是", "00123", "1e5"])
TEXT = st.one_of(DANGEROUS, st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30))
LINES = st.lists(TEXT, min_size=1, max_size=3).map("\n".join)


def numbers(_shape: FieldShape) -> st.SearchStrategy[int]:
    return st.one_of(st.integers(-LARGEST, LARGEST), st.integers(-10_000, 10_000))


@st.composite
def shapes(draw: st.DrawFn, place: int) -> dict[str, Any]:
    """A field as a pack may declare it."""
    kind = draw(st.sampled_from(["text", "long_text", "number", "money", "date", "month", "yes_no", "choice", "choices", "office"]))
    shape: dict[str, Any] = {"title": f"{draw(st.sampled_from(['甲', '投资（年）', '完成 率', 'A-1', '2025目标']))}{place}", "kind": kind}
    if kind == "number":
        shape |= {"decimals": str(draw(st.integers(0, 6))), "unit": draw(st.sampled_from(["", "%", "万人", "吨标准煤", "分"]))}
    if kind == "money":
        shape["unit"] = draw(st.sampled_from(["元", "万元", "亿元"]))
    if kind in ("choice", "choices"):
        shape["choices"] = ["一般", "重大", "=特别", "其他 事项"]
    return shape


def stored(shape: FieldShape) -> st.SearchStrategy[Value]:
    """Values of a field as they may stand in the register."""
    days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
    wanted: dict[str, st.SearchStrategy[Any]] = {
        "text": TEXT, "long_text": LINES, "number": numbers(shape), "money": numbers(shape), "date": days.map(date.isoformat),
        "month": days.map(lambda day: day.isoformat()[:7]), "yes_no": st.booleans(), "choice": st.sampled_from(shape.choices or [""]),
        "choices": st.lists(st.sampled_from(shape.choices or [""]), min_size=1, unique=True), "office": st.sampled_from(["濮阳县", "清丰县", "城关镇"]),
    }  # fmt: skip
    return st.one_of(st.none(), wanted[shape.kind]).map(lambda value: acceptable(shape, value))


def acceptable(shape: FieldShape, value: Any) -> Value:
    try:
        return check_value(shape, typed(shape, value))
    except Refused:
        return None


@st.composite
def registers(draw: st.DrawFn) -> tuple[dict[str, dict[str, Any]], list[dict[str, Value]]]:
    """Fields of a register, and rows of it."""
    fields = {f"field{place}": draw(shapes(place)) for place in range(draw(st.integers(1, 6)))}
    made = {key: FieldShape.model_validate(shape) for key, shape in fields.items()}
    rows = draw(st.lists(st.fixed_dictionaries({key: stored(shape) for key, shape in made.items()}), min_size=1, max_size=12))
    return fields, [{"code": f"={place}" if place % 3 == 0 else f"00{place}", **row} for place, row in enumerate(rows)]


@contextmanager
def undone() -> Iterator[None]:
    """A transaction that is taken back."""
    with writing():
        yield
        transaction.set_rollback(True)


def build(fields: dict[str, dict[str, Any]]) -> None:
    register = {"title": "随机台账", "key": "code", "fields": {"code": {"title": "编号", "kind": "text", "required": "yes"}, **fields}}
    mechanism = {"mechanism": "things", "title": "随机", "basis": "试验", "register": register}
    adopt(SYSTEM, {"pack.yaml": HEAD, "things.yaml": yaml.safe_dump(mechanism, allow_unicode=True)}, None, city.NOW)


def export(wanted: Wanted, kind: Kind) -> bytes:
    file = io.BytesIO()
    export_sheet(file, wanted, city.actor("赵市"), city.NOW, kind)
    return file.getvalue()


def checked(content: bytes, register: str, kind: Kind) -> Checked:
    return check(read_sheet(content, f"导出.{kind}"), Asked(register), city.actor("赵市"), city.NOW)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(drawn=registers(), data=st.data())
def test_an_export_comes_back_unchanged_and_makes_the_same_rows_anew(small_city: None, kind: Kind, drawn: Any, data: st.DataObject) -> None:
    fields, rows = drawn
    with undone():
        build(fields)
        made = {key: FieldShape.model_validate(shape) for key, shape in fields.items()}
        with undone():
            given_rows = [Incoming({key: typed(made[key], value) if key in made else value for key, value in row.items()}) for row in rows]
            record_entries(SYSTEM, REGISTER, given_rows, city.NOW)
            stands = {entry.key: entry.data for entry in Entry.objects.filter(register=REGISTER)}
            chosen = data.draw(st.lists(st.sampled_from(list(fields)), unique=True, min_size=1))
            some = export(Wanted(REGISTER, columns=chosen), kind)
            again = checked(some, REGISTER, kind)
            assert ([problem.text() for problem in again.problems], again.changes) == ([], ())
            assert again.counts.same == len(rows)
            whole = export(Wanted(REGISTER), kind)
        new = checked(whole, REGISTER, kind)
        assert [problem.text() for problem in new.problems] == []
        assert new.counts.new == len(rows)
        record_entries(SYSTEM, REGISTER, new.fresh, city.NOW)
        assert {entry.key: entry.data for entry in Entry.objects.filter(register=REGISTER)} == stands


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.one_of(st.none(), st.integers(0, LARGEST)), min_size=1, max_size=12))
def test_figures_of_several_months_come_back_unchanged(small_city: None, kind: Kind, values: list[int | None]) -> None:
    months = [f"2024-{month:02}" for month in range(1, len(values) + 1)]
    with undone():
        city.project("P-001")
        given = [city_figure("P-001", month, value) for month, value in zip(months, values, strict=True) if value is not None]
        record_figures_of(given)
        content = export(Wanted(city.PROJECTS, columns=["name", "done", "planned"], periods=months), kind)
        again = checked(content, city.PROJECTS, kind)
        assert ([problem.text() for problem in again.problems if problem.grave], again.changes) == ([], ())
        assert again.counts.same_cells == len(given)


def city_figure(key: str, month: str, value: int) -> Any:
    """A figure of so many 分."""
    return FigureGiven(key, "done", month, f"{value // 100}.{value % 100:02}元")


def record_figures_of(given: list[Any]) -> None:
    if given:
        record_figures(city.actor("赵市"), city.PROJECTS, given, city.NOW)


@pytest.mark.usefixtures("small_city")
def test_another_program_finds_text_as_text_and_no_formula() -> None:
    city.project("P-001", name="=HYPERLINK(\"http://x\")", investor="+86")
    sheet = openpyxl.load_workbook(io.BytesIO(export(Wanted(city.PROJECTS), "xlsx"))).worksheets[0]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row}
    assert cells['=HYPERLINK("http://x")'].data_type in ("s", "inlineStr")
    assert [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
    lines = export(Wanted(city.PROJECTS, columns=["name", "investor"]), "csv").decode("utf-8-sig")
    assert "P-001,\"'=HYPERLINK(\"\"http://x\"\")\",'+86" in lines


@pytest.mark.usefixtures("small_city")
def test_a_blank_form_offers_choices_and_notes_and_is_taken_once_filled_in() -> None:
    city.project("P-001")
    adopt(SYSTEM, {**city.FILES, "projects.yaml": city.PROJECTS_FILE + EXCHANGES}, None, city.NOW)
    file = io.BytesIO()
    blank_form(file, city.PROJECTS, "project_sheet", city.actor("赵市"), city.NOW)
    form = openpyxl.load_workbook(io.BytesIO(file.getvalue()))
    sheet, about = form.worksheets
    assert [cell.value for cell in sheet[1]] == ["编码", "名称", "县区", "概算投资（万元）"]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert (rules["C2"].type, rules["C2"].formula1) == ("list", "'说明'!$E$2:$E$7")
    assert {about[f"E{row}"].value for row in range(2, 8)} == {"市政府", "发改委", "督查局", "濮阳县", "城关镇", "清丰县"}
    assert "必填" in rules["A2"].prompt
    assert (sheet["A1"].protection.locked, sheet.protection.sheet, sheet.column_dimensions["A"].width > 0) == (True, True, True)
    for column, value in enumerate(["P-002", "新项目", "濮阳县", 12.5], start=1):
        sheet.cell(2, column, value)
    filled = io.BytesIO()
    form.save(filled)
    found = check(read_sheet(filled.getvalue(), "表.xlsx"), Asked(city.PROJECTS, "project_sheet"), city.actor("赵市"), city.NOW)
    assert ([problem.text() for problem in found.problems], found.counts.new) == ([], 1)


@pytest.mark.usefixtures("small_city")
def test_a_form_of_figures_already_holds_the_rows_of_the_office() -> None:
    city.project("P-001")
    city.project("P-002", "清丰县")
    adopt(SYSTEM, {**city.FILES, "projects.yaml": city.PROJECTS_FILE + EXCHANGES}, None, city.NOW)
    file = io.BytesIO()
    blank_form(file, city.PROJECTS, "monthly_sheet", city.actor("王县"), city.NOW, "2025-06")
    rows = list(openpyxl.load_workbook(io.BytesIO(file.getvalue())).worksheets[0].values)
    assert rows == [("编码", "名称", "2025年6月计划投资（万元）", "2025年6月完成投资（万元）"), ("P-001", "P-001 项目", None, None)]


@pytest.mark.usefixtures("small_city")
def test_a_value_changed_after_the_export_is_pointed_out() -> None:
    city.project("P-001")
    record_figures_of([FigureGiven("P-001", "done", "2025-05", "100")])
    content = export(Wanted(city.PROJECTS, columns=["done"], periods=["2025-05"]), "xlsx")
    record_figures(city.actor("赵市"), city.PROJECTS, [FigureGiven("P-001", "done", "2025-05", "200")], city.NOW, Source(reason="核实"))
    found = checked(content, city.PROJECTS, "xlsx")
    assert [(one.old, one.new) for one in found.changes] == [(200_000_000, 100_000_000)]
    assert ["之后，台账里的值改过" in problem.text() for problem in found.problems] == [True]


@pytest.mark.usefixtures("small_city")
def test_an_export_holds_only_what_its_reader_may_see() -> None:
    city.project("P-001", contact="张三丰")
    city.project("P-002", "清丰县")
    file = io.BytesIO()
    assert export_sheet(file, Wanted(city.PROJECTS, columns=["contact"]), city.actor("王县"), city.NOW, "csv") == 1
    assert file.getvalue().decode("utf-8-sig").splitlines() == ["编码,联系人", "P-001,张**"]


EXCHANGES = """
exchanges:
  monthly_sheet: {title: 月报, of: figures, columns: [code, name, planned, done]}
  project_sheet: {title: 项目表, of: rows, columns: [code, name, county, estimate]}
"""
