"""Tables of official documents: real borders, a head that repeats on every page, numbers on the right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from docx.document import Document as Word

from bihuan.portal.wordml import AREA_WIDTH, FANGSONG, HEI, Align, Look, element, runs

TWIPS = 1440 / 25.4
"""Twips in a millimetre."""
WHOLE = round(AREA_WIDTH * TWIPS)
CELL_MARGIN = 80
IMPRINT_MARGIN = 280
"""Twips: one character of the imprint."""
NARROWEST = 4
"""Of a column, in half-width characters."""

_NUMBER = re.compile(r"[+\-−]?\d[\d,]*(\.\d+)?\s?(%|‰|[^\W\d]{1,4})?$")
_NO_NUMBER = frozenset({"", "—", "-", "（无数据）"})
_LONG = 16

Line = Sequence[str]


def add(word: Word, columns: Line, rows: Sequence[Line], looks: tuple[Look, Look, Look]) -> None:
    """A table at the end of the document, across the type area. ``looks``: one for up to six columns, one up to nine, one for more."""
    look = looks[0] if len(columns) <= 6 else looks[1] if len(columns) <= 9 else looks[2]
    widths = _widths(columns, rows, look)
    aligns = [_align([row[at] for row in rows]) for at in range(len(columns))]
    head = _row([_cell(text, width, look, "center", HEI) for text, width in zip(columns, widths, strict=True)], head=True)
    body = [
        _row([_cell(text, width, look, align, FANGSONG) for text, width, align in zip(row, widths, aligns, strict=True)], head=False)
        for row in rows
    ]
    if not body:
        body = [_row([_cell("（无）", sum(widths), look, "center", FANGSONG, across=len(columns))], head=False)]
    _place(word, _table(widths, [head, *body], _grid_borders(), CELL_MARGIN))


def add_imprint(word: Word, lines: Sequence[Line], look: Look) -> None:
    """The block of ruled lines at the foot of the last page; a line of one text goes across, of two to both sides."""
    widths = [round(WHOLE * 0.55), WHOLE - round(WHOLE * 0.55)]
    rows = []
    for line in lines:
        if len(line) == 1:
            cells = [_cell(line[0], WHOLE, look, "left", FANGSONG, across=2)]
        else:
            left, right = _cell(line[0], widths[0], look, "left", FANGSONG), _cell(line[1], widths[1], look, "right", FANGSONG)
            cells = [_without_margin(left, "right"), _without_margin(right, "left")]
        rows.append(_row(cells, head=False))
    # Measured from the page's edge: a table as wide as the type area and measured from its margin does not float in LibreOffice.
    afloat = element(
        "tblpPr",
        leftFromText=0,
        rightFromText=0,
        vertAnchor="margin",
        horzAnchor="page",
        tblpX=round(28 * TWIPS) + IMPRINT_MARGIN,
        tblpYSpec="bottom",
    )
    _place(word, _table(widths, rows, _imprint_borders(), IMPRINT_MARGIN, afloat))


def _place(word: Word, table: Any) -> None:
    word.element.body.insert_element_before(table, "w:sectPr")


def _table(widths: Sequence[int], rows: Sequence[Any], borders: Any, margin: int, afloat: Any = None) -> Any:
    """``margin``: left and right in each cell. The table is set in by it, since Word lets a first cell's margin hang out of the type area."""
    properties = element(
        "tblPr",
        *([afloat] if afloat is not None else []),
        element("tblW", w=sum(widths), type="dxa"),
        element("jc", val="left"),
        element("tblInd", w=0 if afloat is not None else margin, type="dxa"),
        borders,
        element("tblLayout", type="fixed"),
        element("tblCellMar", element("left", w=margin, type="dxa"), element("right", w=margin, type="dxa")),
    )
    return element("tbl", properties, element("tblGrid", *(element("gridCol", w=width) for width in widths)), *rows)


def _grid_borders() -> Any:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return element("tblBorders", *(element(side, val="single", sz=4, space=0, color="000000") for side in sides))


def _imprint_borders() -> Any:
    thick = {side: element(side, val="single", sz=8, space=0, color="000000") for side in ("top", "bottom")}
    return element("tblBorders", thick["top"], thick["bottom"], element("insideH", val="single", sz=6, space=0, color="000000"))


def _row(cells: Sequence[Any], *, head: bool) -> Any:
    return element("tr", element("trPr", element("cantSplit"), *([element("tblHeader")] if head else [])), *cells)


def _cell(text: str, width: int, look: Look, align: Align, font: str, across: int = 1) -> Any:
    span = [element("gridSpan", val=across)] if across > 1 else []
    words = runs(text, font, named=font != look.font)
    paragraph = element("p", element("pPr", element("pStyle", val=look.key), element("jc", val=align)), *words)
    return element("tc", element("tcPr", element("tcW", w=width, type="dxa"), *span, element("vAlign", val="center")), paragraph)


def _without_margin(cell: Any, side: str) -> Any:
    cell.tcPr.insert(len(cell.tcPr) - 1, element("tcMar", element(side, w=0, type="dxa")))
    return cell


def _align(cells: Line) -> Align:
    told = [cell.strip() for cell in cells if cell.strip() not in _NO_NUMBER]
    if told and all(_NUMBER.match(cell) for cell in told):
        return "right"
    return "left" if any(_width(cell) > _LONG for cell in told) else "center"


def _widths(columns: Line, rows: Sequence[Line], look: Look) -> list[int]:
    """Twips for each column, together the type area: what its longest cell needs; where that is too much, the widest give way."""
    longest = [max([_width(title), *(_width(row[at]) for row in rows)]) for at, title in enumerate(columns)]
    needs = [round((max(width, NARROWEST) + 1) * look.size * 10) + 2 * CELL_MARGIN for width in longest]
    if sum(needs) < WHOLE:
        needs = [need * WHOLE // sum(needs) for need in needs]
    widths, rest = dict.fromkeys(range(len(needs)), 0), WHOLE
    for done, at in enumerate(sorted(widths, key=lambda at: needs[at])):
        widths[at] = min(needs[at], rest // (len(needs) - done))
        rest -= widths[at]
    widths[len(needs) - 1] += rest
    return list(widths.values())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
