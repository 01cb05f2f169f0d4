"""Sheets that go out: blank forms to fill in, and exports that come back unchanged.

An export has the titles a form has, so the same check reads both. Its second worksheet, 说明, says of which day it is and where the ledger
stood; a value that was changed after that is pointed out when the sheet comes back. A csv has no second worksheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import IO, Literal

from bihuan.foundation.access import Actor, may, shown, visible
from bihuan.foundation.actions.writing import allow, view_of
from bihuan.foundation.checking import LONGEST, Value, rejected
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.periods import Period
from bihuan.foundation.grammar.quantities import known_unit
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.scopes import measure_of
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import head, moment_text
from bihuan.foundation.models import Entry, Office
from bihuan.foundation.sheets import xlsx
from bihuan.foundation.sheets.checking import exchange_of
from bihuan.foundation.sheets.delimited import write_csv
from bihuan.foundation.sheets.figure_sheets import standing_figures
from bihuan.foundation.sheets.headers import Column
from bihuan.foundation.sheets.values import NUMBERS, SEVERAL, as_typed, text_of
from bihuan.foundation.sheets.workbook import ABOUT

Kind = Literal["xlsx", "csv"]

_TOGETHER = 1_000
"""So many rows are read from the database at a time."""

_MOST_CHOICES = 500


@dataclass(frozen=True)
class Wanted:
    """What is to be exported: an exchange's columns or some chosen ones (field and figure keys), for which periods, of which rows.

    Without `columns` and `exchange` all fields that are not personal. Without `ids` every row the actor sees.
    """

    register: str
    exchange: str = ""
    columns: Sequence[str] = ()
    periods: Sequence[str] = ()
    ids: Sequence[int] | None = None
    words: str = field(default="全部")
    """The filter in the reader's words, for the worksheet 说明."""


def export_sheet(file: IO[bytes], wanted: Wanted, actor: Actor, at: datetime, kind: Kind = "xlsx") -> int:
    """Write the rows, as far as the actor sees them, and give how many. Personal data are masked. Rows are streamed.

    Raises Forbidden, and Rejected for an exchange, column or period that there is not.
    """
    view = view_of(wanted.register, at)
    allow(may(actor, "see", view))
    columns = _columns(view, wanted)
    position = head()[0]
    rows = _Counted(_rows(view, columns, wanted, actor))
    if kind == "csv":
        write_csv(file, _with_titles(columns, rows))
        return rows.count
    first = xlsx.Page(view.shape.title[:31], [_head(column) for column in columns], rows)
    says = _About(view, wanted, columns, actor, at, position)
    xlsx.write_workbook(file, [first, _about_page(says.lines())])
    return rows.count


def blank_form(file: IO[bytes], register: str, exchange: str, actor: Actor, at: datetime, period: str = "") -> None:
    """Write an empty form of an exchange: titles with units, a note and the choices at each cell, codes as text.

    A form of figures already holds the keys and names of the rows the actor sees. Raises Forbidden and Rejected.
    """
    view = view_of(register, at)
    allow(may(actor, "upload", view))
    found = exchange_of(view, exchange)
    if found is None:
        raise rejected(Refused("请选择一张表", "choose a sheet"), "exchange", "表")
    wanted = Wanted(register, exchange, periods=(period,) if period else ())
    columns = _columns(view, wanted)
    rows: Iterable[Sequence[xlsx.Value]] = ()
    if found.shape.of == "figures":
        rows = (
            [None if column.figure else value for column, value in zip(columns, row, strict=True)]
            for row in _rows(view, columns, wanted, actor)
        )
    offices = list(Office.objects.filter(closed=False).values_list("code", flat=True)[:_MOST_CHOICES])
    heads = [_head(column, offices) for column in columns]
    says = _About(view, wanted, columns, actor, at, head()[0])
    xlsx.write_workbook(file, [xlsx.Page(found.shape.title[:31], heads, rows, form=True), _about_page(says.lines())])


# --- columns


def _columns(view: RegisterView, wanted: Wanted) -> list[Column]:
    """The columns of an export, the key first; a figure has one for each period."""
    exchange = exchange_of(view, wanted.exchange)
    figures = view.shape.figures
    keys = list(wanted.columns) or (exchange.shape.columns if exchange else _plain_fields(view))
    keys = [view.shape.key, *(key for key in keys if key != view.shape.key)]
    chosen = [_period(view, text) for text in wanted.periods]
    columns: list[Column] = []
    for key in keys:
        if key in view.shape.fields:
            columns.append(_column(len(columns), key, view.shape.fields[key]))
        elif figures and key in figures.fields:
            every: Sequence[Period | None] = chosen or [None]
            columns += [_column(len(columns) + place, key, figures.fields[key], period) for place, period in enumerate(every)]
            continue
        else:
            known = "、".join([*view.shape.fields, *(figures.fields if figures else ())])
            raise rejected(Refused(f"没有“{key}”这一列", f"there is no column “{key}”", known), "columns", "列")
    return columns


def _column(place: int, key: str, shape: FieldShape, period: Period | Literal[""] | None = "") -> Column:
    unit = known_unit(shape.unit) if shape.kind in NUMBERS and shape.unit else None
    return Column(place + 1, shape.title, key, shape, period != "", period or None, unit)


def _plain_fields(view: RegisterView) -> list[str]:
    return [key for key, shape in view.shape.fields.items() if not shape.personal]


def _period(view: RegisterView, text: str) -> Period:
    try:
        return periods.parse(text, view.shape.figures.every if view.shape.figures else "month")
    except Refused as why:
        raise rejected(why, "period", "期别") from why


def title_of(column: Column) -> str:
    """What stands above a column: the period of a figure, its title, the unit in brackets."""
    period = column.period.label if column.period else ""
    return f"{period}{column.title}{f'（{column.shape.unit}）' if column.unit else ''}"


def _head(column: Column, offices: Sequence[str] = ()) -> xlsx.Head:
    shape, title = column.shape, title_of(column)
    style = f"number{_places(shape)}" if shape.kind in NUMBERS else xlsx.DAY if shape.kind == "date" else xlsx.TEXT
    choices = (
        ("是", "否") if shape.kind == "yes_no" else shape.choices if shape.kind == "choice" else offices if shape.kind == "office" else ()
    )
    return xlsx.Head(title, style, min(max(10, 2 * len(title) + 2), 40), note_of(shape), choices)


def _places(shape: FieldShape) -> int:
    return min(6, 2 if shape.kind == "money" else shape.decimals)


def note_of(shape: FieldShape, language: str = "zh") -> str:
    """How to fill a field in: whether it must be, its bounds, its form in the words of the pack or else as a pattern; its unit stands in its head.

    A sheet says it in Chinese.
    """
    if not language.startswith("zh"):
        return _english_note(shape)
    said = [
        "必填" if shape.required else "",
        {"date": "写作 2025-07-08", "month": "写作 2025-07", "yes_no": "填 是 或 否", "person": "填用户名"}.get(shape.kind, ""),
        f"可选 {SEVERAL.join(shape.choices)}" if shape.choices else "",
        "可填几项，用顿号隔开" if shape.kind == "choices" else "",
        f"格式 {shape.pattern}" if shape.pattern and not shape.help else "",
        f"不小于 {shape.at_least}" if shape.at_least else "",
        f"不大于 {shape.at_most}" if shape.at_most else "",
        f"最多 {LONGEST[shape.kind]} 个字" if shape.kind == "long_text" else "",
        shape.help,
    ]
    return "；".join(filter(None, said))


def _english_note(shape: FieldShape) -> str:
    choices = [f"{choice} ({english})" for choice, english in zip(shape.choices, shape.choices_en, strict=True)] if shape.choices_en else shape.choices
    said = [
        "required" if shape.required else "",
        {"date": "written 2025-07-08", "month": "written 2025-07", "yes_no": "是 (yes) or 否 (no)", "person": "a username"}.get(shape.kind, ""),
        f"one of {', '.join(choices)}" if shape.choices and shape.kind != "choices" else "",
        f"some of {', '.join(choices)}, with {SEVERAL} between" if shape.kind == "choices" else "",
        f"of the form {shape.pattern}" if shape.pattern and not shape.help_en else "",
        f"at least {shape.at_least}" if shape.at_least else "",
        f"at most {shape.at_most}" if shape.at_most else "",
        f"at most {LONGEST[shape.kind]} characters" if shape.kind == "long_text" else "",
        shape.help_en or shape.help,
    ]
    return "; ".join(filter(None, said))


# --- rows


class _Counted:
    """An iterable that knows afterwards how many there were."""

    def __init__(self, rows: Iterable[Sequence[xlsx.Value]]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Sequence[xlsx.Value]]:
        for row in self.rows:
            self.count += 1
            yield row


def _rows(view: RegisterView, columns: Sequence[Column], wanted: Wanted, actor: Actor) -> Iterator[list[xlsx.Value]]:
    for entries in _entries(view, wanted, actor):
        figures = standing_figures(entry.pk for entry in entries) if any(column.figure for column in columns) else {}
        for entry in entries:
            data = shown(actor, view, entry)
            row: list[xlsx.Value] = []
            for column in columns:
                place = (entry.pk, column.key, column.period.text if column.period else "")
                row.append(_cell(column.shape, figures.get(place, (None, 0))[0] if column.figure else data.get(column.key)))
            yield row


def _entries(view: RegisterView, wanted: Wanted, actor: Actor) -> Iterator[list[Entry]]:
    """The rows that are wanted and seen, some at a time, in the order in which they were recorded or asked for."""
    rows = Entry.objects.filter(visible(actor, view).condition(), withdrawn=False).order_by("pk")
    if wanted.ids is None:
        stream = rows.iterator(chunk_size=_TOGETHER)
        while part := list(islice(stream, _TOGETHER)):
            yield part
        return
    for start in range(0, len(wanted.ids), _TOGETHER):
        found = rows.in_bulk(wanted.ids[start : start + _TOGETHER])
        yield [found[number] for number in wanted.ids[start : start + _TOGETHER] if number in found]


def _cell(shape: FieldShape, value: Value) -> xlsx.Value:
    """A stored value as a cell: numbers in the unit of their title, days as days, all else as text."""
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return as_typed(value, measure_of(shape))
    if shape.kind == "date" and isinstance(value, str) and "*" not in value:
        return date.fromisoformat(value)
    return text_of(shape, value)


def _with_titles(columns: Sequence[Column], rows: Iterable[Sequence[xlsx.Value]]) -> Iterator[Sequence[xlsx.Value]]:
    yield [title_of(column) for column in columns]
    yield from rows


# --- what the file says of itself


@dataclass(frozen=True)
class _About:
    view: RegisterView
    wanted: Wanted
    columns: Sequence[Column]
    actor: Actor
    at: datetime
    position: int

    def lines(self) -> Iterator[tuple[str, str]]:
        """The pairs of the worksheet 说明."""
        exchange = exchange_of(self.view, self.wanted.exchange)
        yield "台账", f"{self.view.shape.title} {self.view.name}"
        yield "表", exchange.shape.title if exchange else "自选列"
        yield "数据截至", moment_text(self.at)
        yield "账本位置", str(self.position)
        yield "导出人", self.actor.username
        yield "范围", self.wanted.words
        for column in self.columns:
            yield title_of(column), note_of(column.shape)


def _about_page(lines: Iterable[tuple[str, str]]) -> xlsx.Page:
    heads = [xlsx.Head("项目", xlsx.NOTE, 24), xlsx.Head("内容", xlsx.NOTE, 80)]
    return xlsx.Page(ABOUT, heads, lines)
