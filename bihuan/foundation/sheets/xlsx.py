"""Write an xlsx as a stream: rows come and go, and only what a cell needs is written. Text is always text, never a formula.

Three things a stranger's program may make of a cell are ruled out: text is written as inline strings, which no program computes;
characters that XML does not know are written as ``_x0007_``, as the format says; numbers beyond 15 digits are written as text.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from bihuan.foundation.sheets.cells import letters_of, plain

Value = None | str | Decimal | date
"""What a cell may hold."""

HEAD, TEXT, DAY, NOTE = "head", "text", "day", "note"
"""The styles of cells; numbers have ``number0`` … ``number6`` by the decimals they show."""

_STYLES = (TEXT, HEAD, DAY, NOTE, *(f"number{places}" for places in range(7)))
_DIGITS = 15
_FIRST_DAY = date(1900, 3, 1)  # before it, spreadsheets disagree about the day a number means
_ORIGIN = date(1899, 12, 30)
_UNKNOWN_TO_XML = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_HALF = re.compile("[\ud800-\udfff]")
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BEGIN = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True)
class Head:
    """One column: its title, the style of its cells, how wide it is, what to say when a cell is chosen, and its choices."""

    title: str
    style: str = TEXT
    width: int = 14
    note: str = ""
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class Page:
    """One worksheet. Where ``form`` is true its titles are locked and its cells are checked down to ``checked_rows``."""

    name: str
    heads: Sequence[Head]
    rows: Iterable[Sequence[Value]]
    form: bool = False
    checked_rows: int = 5000


def write_workbook(file: IO[bytes], pages: Sequence[Page]) -> None:
    """Write worksheets one after another. The choices of a column go into the last worksheet, to the right of what it holds."""
    lists = _Lists(pages)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in _parts(pages):
            archive.writestr(name, _BEGIN + text)
        for number, page in enumerate(pages, start=1):
            rows = lists.beside(page.rows) if page is pages[-1] else page.rows
            with archive.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
                for piece in _worksheet(page, rows, lists):
                    part.write(piece.encode("utf-8"))


class _Lists:
    """The choices of all columns, as columns of the last worksheet."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.page = pages[-1].name
        self.first = len(pages[-1].heads) + 3
        self.columns = list(dict.fromkeys(tuple(head.choices) for page in pages for head in page.heads if head.choices))

    def reference(self, choices: Sequence[str]) -> str:
        """The range that holds some choices."""
        column = letters_of(self.first + self.columns.index(tuple(choices)))
        return f"'{self.page}'!${column}$2:${column}${len(choices) + 1}"

    def beside(self, rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Value]]:
        """The rows of the last worksheet, with the choices at their right."""
        depth = max(map(len, self.columns), default=0)
        number = 0
        for number, row in enumerate(rows, start=1):
            yield [*row, *(None for _ in range(self.first - 1 - len(row))), *self._row(number)]
        for rest in range(number + 1, depth + 1):
            yield [*(None for _ in range(self.first - 1)), *self._row(rest)]

    def _row(self, number: int) -> list[Value]:
        return [choices[number - 1] if number <= len(choices) else None for choices in self.columns]


def _worksheet(page: Page, rows: Iterable[Sequence[Value]], lists: _Lists) -> Iterator[str]:
    yield f'{_BEGIN}<worksheet {_MAIN}><sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>'
    for number, head in enumerate(page.heads, start=1):
        yield f'<col min="{number}" max="{number}" width="{head.width}" style="{_STYLES.index(head.style)}" customWidth="1"/>'
    yield "</cols><sheetData>"
    yield _row(1, [head.title for head in page.heads], [HEAD] * len(page.heads))
    styles = [head.style for head in page.heads]
    for number, row in enumerate(rows, start=2):
        yield _row(number, row, styles)
    yield "</sheetData>"
    if page.form:
        open_to_all = "".join(f' {name}="0"' for name in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort"))
        yield f'<sheetProtection sheet="1" objects="0" scenarios="0"{open_to_all} autoFilter="0"/>'
    yield _validations(page, lists)
    yield "</worksheet>"


def _row(number: int, values: Sequence[Value], styles: Sequence[str]) -> str:
    cells = [
        _cell(f"{letters_of(column)}{number}", value, styles[column - 1] if column <= len(styles) else TEXT)
        for column, value in enumerate(values, start=1)
        if value is not None and value != ""
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(reference: str, value: Value, style: str) -> str:
    number = _number(value)
    if number:
        return f'<c r="{reference}" s="{_STYLES.index(style)}"><v>{number}</v></c>'
    style = TEXT if style.startswith("number") or style == DAY else style
    text = escape(clean(value.isoformat() if isinstance(value, date) else plain(value) if isinstance(value, Decimal) else str(value)))
    return f'<c r="{reference}" s="{_STYLES.index(style)}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _number(value: Value) -> str:
    """The number a cell holds, where it may be one: exact in 15 digits, or a day; empty otherwise."""
    if isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) <= _DIGITS:
        return plain(value)
    if isinstance(value, date) and value >= _FIRST_DAY:
        return str((value - _ORIGIN).days)
    return ""


def clean(text: str) -> str:
    """A text as an xlsx may hold it: what XML does not know as ``_x0007_``, half a surrogate pair as the replacement character."""
    return _UNKNOWN_TO_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", _HALF.sub("\ufffd", text))


def _validations(page: Page, lists: _Lists) -> str:
    """What a spreadsheet says when a cell is chosen, and the choices it offers."""
    asked = [(number, head) for number, head in enumerate(page.heads, start=1) if page.form and (head.note or head.choices)]
    pieces: list[str] = []
    for number, head in asked:
        letters = letters_of(number)
        kind = ' type="list" showErrorMessage="1"' if head.choices else ""
        says = f' showInputMessage="1" promptTitle={_said(head.title, 32)} prompt={_said(head.note, 250)}' if head.note else ""
        formula = f"<formula1>{escape(lists.reference(head.choices))}</formula1>" if head.choices else ""
        pieces.append(
            f'<dataValidation{kind} allowBlank="1"{says} sqref="{letters}2:{letters}{page.checked_rows + 1}">{formula}</dataValidation>'
        )
    return f'<dataValidations count="{len(pieces)}">{"".join(pieces)}</dataValidations>' if pieces else ""


def _said(text: str, most: int) -> str:
    return quoteattr(clean(text)[:most])


def _parts(pages: Sequence[Page]) -> Iterator[tuple[str, str]]:
    """Everything in the archive that is not a worksheet."""
    numbers = range(1, len(pages) + 1)
    parts = [("workbook", "sheet.main"), ("styles", "styles"), *((f"worksheets/sheet{number}", "worksheet") for number in numbers)]
    types = "".join(f'<Override PartName="/xl/{part}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in parts)
    links = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    yield "[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types">{links}{types}</Types>'
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    named = "".join(
        f'<sheet name={_said(page.name, 31)} sheetId="{number}" r:id="rId{number}"/>' for number, page in enumerate(pages, start=1)
    )
    yield "xl/workbook.xml", f'<workbook {_MAIN} xmlns:r="{_LINKS}"><sheets>{named}</sheets></workbook>'
    yield (
        "xl/_rels/workbook.xml.rels",
        _relations([*(("worksheet", f"worksheets/sheet{number}.xml") for number in numbers), ("styles", "styles.xml")]),
    )
    yield "xl/styles.xml", _styles()


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    lines = [
        f'<Relationship Id="rId{number}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    ]
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _styles() -> str:
    """One cell format for each style: titles bold on grey and locked, all else open; text as text, so that codes keep their zeros."""
    codes = {f"number{places}": "#,##0" + ("." + "0" * places if places else "") for places in range(7)} | {DAY: "yyyy-mm-dd"}
    numbers = {style: 170 + place for place, style in enumerate(codes)}
    formats = "".join(f'<numFmt numFmtId="{numbers[style]}" formatCode={quoteattr(code)}/>' for style, code in codes.items())
    open_cell = '<protection locked="0"/></xf>'
    cells = "".join(
        '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyProtection="1"/>'
        if style == HEAD
        else f'<xf numFmtId="{numbers.get(style, 49)}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyProtection="1">{open_cell}'
        for style in _STYLES
    )
    fill = '<fill><patternFill patternType="solid"><fgColor rgb="FFE8EDF3"/></patternFill></fill>'
    return (
        f'<styleSheet {_MAIN}><numFmts count="{len(codes)}">{formats}</numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="等线"/></font><font><b/><sz val="11"/><name val="等线"/></font></fonts>'
        f'<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>{fill}</fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(_STYLES)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
