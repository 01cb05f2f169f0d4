"""Find the row of column titles, and understand each title: which field, in which unit, for which period.

A title is the field's title, its English title or its key. A unit may follow in brackets, ``实际完成投资（亿元）``, and a figure's period may
stand before or behind, ``2025年7月实际完成投资（万元）``. Where a sheet has one figure only, a period alone will do: ``2025年7月``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.cadences import Exchange
from bihuan.foundation.grammar.periods import Period
from bihuan.foundation.grammar.quantities import Unit, known_unit
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import FieldShape, PeriodKind
from bihuan.foundation.grammar.scopes import measure_of
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.sheets.cells import Cell, Sheet, letters_of
from bihuan.foundation.sheets.values import NUMBERS

Of = Literal["rows", "figures"]

SERIAL = ("序号", "No.")
"""A column that only counts the rows, which people like to have; it is passed over."""

_LOOKED_AT = 20
"""How many rows from the top may hold titles of the whole sheet before the titles of its columns come."""

_BRACKETS = re.compile(r"(.*\S)\s*[（(]([^（）()]*)[）)]")
_UNIT_LINE = re.compile(r"(?:金额|数据|计量)?单位\s*[:：]\s*([^\s，,；;）)]+)")
_PERIOD_NAMED = re.compile(r"[0-9]{4}年(?:[0-9]{1,2}月(?:[上中下]旬)?(?![0-9-])|第?[一二三四1-4]季度|[上下]半年)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field or figure it holds, the period of a figure, and the unit its header says."""

    number: int
    title: str
    key: str
    shape: FieldShape
    figure: bool = False
    period: Period | None = None
    unit: Unit | None = None

    @property
    def letters(self) -> str:
        """Its letters in the sheet."""
        return letters_of(self.number)


@dataclass(frozen=True, slots=True)
class Fields:
    """What a sheet may hold: the register's fields and figures, what kind of sheet it is, and which columns it must have."""

    view: RegisterView
    of: Of
    required: tuple[str, ...]
    allowed: frozenset[str]
    whole: bool

    @property
    def figures(self) -> Mapping[str, FieldShape]:
        """The figures by key."""
        figures = self.view.shape.figures
        return {key: shape for key, shape in (figures.fields if figures else {}).items() if key in self.allowed}

    @property
    def every(self) -> PeriodKind:
        """The period of the figures."""
        return self.view.shape.figures.every if self.view.shape.figures else "month"

    @property
    def titles(self) -> list[str]:
        """The titles of everything it may hold, in the register's order."""
        return [shape.title for key, shape in {**self.view.shape.fields, **self.figures}.items() if key in self.allowed]

    def named(self, title: str) -> tuple[str, FieldShape, bool] | None:
        """The field or figure of that title, English title or key."""
        for figure, fields in ((False, self.view.shape.fields), (True, self.figures)):
            for key, shape in fields.items():
                if key in self.allowed and _folded(title) in (_folded(shape.title), _folded(shape.title_en), _folded(key)) and title:
                    return key, shape, figure
        return None


def fields_of(view: RegisterView, exchange: Exchange | None, of: Of) -> Fields:
    """What a sheet of an exchange may and must hold; without an exchange any field or figure of the register, and only the key is asked for."""
    shape = view.shape
    figures = shape.figures.fields if shape.figures else {}
    if exchange is None:
        allowed = {*shape.fields, *(figures if of == "figures" else ())}
        return Fields(view, of, (shape.key,), frozenset(allowed), False)
    needed = (
        [key for key in exchange.columns if key in figures] if of == "figures" else [key for key in exchange.columns if key in shape.fields]
    )
    return Fields(view, of, (shape.key, *(key for key in needed if key != shape.key)), frozenset({shape.key, *exchange.columns}), True)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a title, and in which cell it stands."""

    cell: str
    title: str
    why: Refused


@dataclass(frozen=True, slots=True)
class Header:
    """The columns found, the row their titles stand in, and everything that is wrong with them."""

    row: int
    columns: tuple[Column, ...]
    complaints: tuple[Complaint, ...]


def find_header(sheet: Sheet, fields: Fields, period: Period | None) -> Header:
    """The columns of a sheet. ``period`` is the one chosen for figures whose titles name none."""
    row = _title_row(sheet, fields)
    if row is None:
        key = fields.view.shape.fields[fields.view.shape.key].title
        titles = "、".join(_title_of(fields, key) for key in fields.required)
        first = min(sheet.rows, default=1)
        why = Refused(
            f"前 {_LOOKED_AT} 行里没有找到表头；表头须有“{key}”一列", f"no row of titles was found; there must be a column “{key}”", titles
        )
        return Header(0, (), (Complaint(f"A{first}", "", why),))
    columns: list[Column] = []
    complaints: list[Complaint] = []
    only = next(iter(fields.figures.items())) if len(fields.figures) == 1 else None
    for cell in sheet.rows[row].values():
        if str(cell.value).strip() in SERIAL:
            continue
        try:
            columns.append(_column(cell, fields, only))
        except Refused as why:
            complaints.append(Complaint(cell.reference, cell.shown, why))
    above = [cell for number in sheet.rows if number < row for cell in sheet.rows[number].values()]
    columns = [_with_defaults(column, above, period) for column in columns]
    complaints += [*_above(above, period), *_twice(columns, row), *_missing(columns, fields, row), *_periodless(columns, row)]
    return Header(row, tuple(columns), tuple(complaints))


def names_figures(sheet: Sheet, fields: Fields) -> bool:
    """Whether any title of a sheet, whatever its unit, is that of a figure."""
    cells = [cell for number in sorted(sheet.rows)[:_LOOKED_AT] for cell in sheet.rows[number].values() if isinstance(cell.value, str)]
    titles = (title for cell in cells for title, _unit, _period in _readings(" ".join(str(cell.value).split()), fields.every))
    return any(named and named[2] for named in map(fields.named, titles))


def _title_row(sheet: Sheet, fields: Fields) -> int | None:
    """The row that has the key's title, with the most titles that are known."""
    best, found = 0, None
    for number in sorted(sheet.rows)[:_LOOKED_AT]:
        known = [named for cell in sheet.rows[number].values() if (named := _known(cell, fields))]
        if fields.view.shape.key in known and len(known) > best:
            best, found = len(known), number
    return found


def _known(cell: Cell, fields: Fields) -> str | None:
    try:
        return _column(cell, fields, None).key
    except Refused:
        return None


def _column(cell: Cell, fields: Fields, only: tuple[str, FieldShape] | None) -> Column:
    """The column of a title. Raises Refused where it is none of the sheet's."""
    written = " ".join(str(cell.value).split())
    for title, unit, period in _readings(written, fields.every):
        named = fields.named(title) or ((*only, True) if only and not title and period else None)
        if named is None:
            continue
        key, shape, figure = named
        if period and not figure:
            continue
        return Column(cell.column, shape.title, key, shape, figure, period, _unit(written, unit, shape))
    known = "、".join(fields.titles)
    raise Refused(
        f"“{cell.shown}”不是这张表的列；请删去该列，或改用表里的列名",
        f"“{cell.shown}” is no column of this sheet; delete it, or use a title of the sheet",
        known,
    )


def _readings(written: str, every: PeriodKind) -> Iterator[tuple[str, str, Period | None]]:
    """The ways to read a title, the plainest first: as it is, with a unit in brackets, with a period before or behind."""
    title, unit = written.rstrip("*＊ "), ""
    yield title, unit, None
    match = _BRACKETS.fullmatch(title)
    if match:
        yield match[1], match[2].removeprefix("单位：").removeprefix("单位:").strip(), None
        for part, period in _without_period(match[1], every):
            yield part, match[2], period
    for part, period in _without_period(title, every):
        yield part, "", period
        inner = _BRACKETS.fullmatch(part)
        if inner:
            yield inner[1], inner[2], period


def _without_period(title: str, every: PeriodKind) -> Iterator[tuple[str, Period]]:
    """A title without the period it begins or ends with, the longest period first."""
    for size in range(min(len(title), 14), 3, -1):
        for period, rest in ((title[:size], title[size:]), (title[-size:], title[:-size])):
            try:
                yield rest.strip(" -_"), periods.parse(period, every)
            except Refused:
                continue


def _unit(written: str, unit: str, shape: FieldShape) -> Unit | None:
    """The unit a title says. Raises Refused for one of another dimension, or where there is nothing to measure."""
    if not unit:
        return None
    found, example = known_unit(unit), f"{shape.title}（{shape.unit}）" if shape.unit else shape.title
    if found is None or shape.kind not in NUMBERS or found.dimension != measure_of(shape).unit.dimension:
        raise Refused(f"表头“{written}”里的“{unit}”不是这一列能用的单位", f"“{unit}” in “{written}” is no unit for this column", example)
    return found


def _with_defaults(column: Column, above: list[Cell], period: Period | None) -> Column:
    """The column with what is said once for the whole sheet: the chosen period, and a unit written above the titles."""
    if column.figure and column.period is None:
        column = replace(column, period=period)
    if column.unit is None and column.shape.kind in NUMBERS:
        unit = next((unit for unit in _units_above(above) if unit.dimension == measure_of(column.shape).unit.dimension), None)
        column = replace(column, unit=unit)
    return column


def _units_above(above: list[Cell]) -> Iterator[Unit]:
    for cell in above:
        match = _UNIT_LINE.search(cell.value) if isinstance(cell.value, str) else None
        unit = known_unit(match[1]) if match else None
        if unit:
            yield unit


def _above(above: list[Cell], period: Period | None) -> Iterator[Complaint]:
    """What stands above the titles must not contradict: an unknown unit, or another period than the chosen one."""
    for cell in above:
        if not isinstance(cell.value, str):
            continue
        match = _UNIT_LINE.search(cell.value)
        if match and known_unit(match[1]) is None:
            yield Complaint(cell.reference, cell.shown, Refused(f"不认识的单位“{match[1]}”", f"unknown unit “{match[1]}”", "单位：万元"))
        named = _PERIOD_NAMED.findall(cell.value)
        if period and named and all(_other(text, period) for text in named):
            yield Complaint(
                cell.reference,
                cell.shown,
                Refused(
                    f"表里写的是{named[0]}，您选的是{period.label}；请改选期别，或换一张表",
                    f"the sheet says {named[0]}, you chose {period.label_en}; choose the other period, or another sheet",
                ),
            )


def _other(text: str, period: Period) -> bool:
    try:
        return periods.parse(text, period.kind) != period
    except Refused:
        return False


def _twice(columns: list[Column], row: int) -> Iterator[Complaint]:
    seen: dict[tuple[str, str], Column] = {}
    for column in columns:
        place = (column.key, column.period.text if column.period else "")
        other = seen.setdefault(place, column)
        if other is not column:
            what = f"{column.title}{f' {column.period.label}' if column.period else ''}有两列（{other.letters} 与 {column.letters}）；请只留一列"
            what_en = f"{column.title}{f' {column.period.label_en}' if column.period else ''} has two columns ({other.letters}, {column.letters}); keep one"
            yield Complaint(f"{column.letters}{row}", column.title, Refused(what, what_en))


def _missing(columns: list[Column], fields: Fields, row: int) -> Iterator[Complaint]:
    present = {column.key for column in columns}
    for key in fields.required:
        if key not in present:
            title = _title_of(fields, key)
            yield Complaint(f"A{row}", title, Refused(f"缺少“{title}”一列", f"there is no column “{title}”", "下载空表填写"))
    if fields.of == "figures" and not any(column.figure for column in columns) and not fields.whole:
        titles = "、".join(shape.title for shape in fields.figures.values())
        yield Complaint(f"A{row}", "", Refused("没有任何一列是按期数值", "no column holds figures by period", titles))


def _periodless(columns: list[Column], row: int) -> Iterator[Complaint]:
    for column in columns:
        if column.figure and column.period is None:
            why = Refused(
                "没有写是哪一期；请选择期别，或在列名里写明",
                "it is not said for which period; choose one, or write it in the title",
                f"2025年7月{column.title}",
            )
            yield Complaint(f"{column.letters}{row}", column.title, why)


def _title_of(fields: Fields, key: str) -> str:
    shape = fields.view.shape.fields.get(key) or fields.figures.get(key)
    return shape.title if shape else key


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
