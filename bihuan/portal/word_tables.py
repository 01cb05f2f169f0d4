"""Tables of official documents: real borders, a head that repeats on every page, numbers on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document as Word

from bihuan.portal.fonts import FANGSONG, HEI
from bihuan.portal.layout import CELL_MARGIN, IMPRINT_MARGIN, LEFT, NO_ROWS, TWIPS, WHOLE, Align, Line, Look, aligns, cell_look, widths
from bihuan.portal.wordml import element, runs


def add(word: Word, columns: Line, rows: Sequence[Line], looks: tuple[Look, Look, Look]) -> None:
    """A table at the end of the document, across the type area. ``looks``: one for up to six columns, one up to nine, one for more."""
    look = cell_look(columns, looks)
    wide, sides = widths(columns, rows, look), aligns(columns, rows)
    head = _row([_cell(text, width, look, "center", HEI) for text, width in zip(columns, wide, strict=True)], head=True)
    body = [
        _row([_cell(text, width, look, align, FANGSONG) for text, width, align in zip(row, wide, sides, strict=True)], head=False)
        for row in rows
    ]
    if not body:
        body = [_row([_cell(NO_ROWS, sum(wide), look, "center", FANGSONG, across=len(columns))], head=False)]
    _place(word, _table(wide, [head, *body], _grid_borders(), CELL_MARGIN))


def add_imprint(word: Word, lines: Sequence[Line], look: Look) -> None:
    """The block of ruled lines at the foot of the last page; a line of one text goes across, of two to both sides."""
    wide = [round(WHOLE * 0.55), WHOLE - round(WHOLE * 0.55)]
    rows = []
    for line in lines:
        if len(line) == 1:
            cells = [_cell(line[0], WHOLE, look, "left", FANGSONG, across=2)]
        else:
            left, right = _cell(line[0], wide[0], look, "left", FANGSONG), _cell(line[1], wide[1], look, "right", FANGSONG)
            cells = [_without_margin(left, "right"), _without_margin(right, "left")]
        rows.append(_row(cells, head=False))
    # Measured from the page's edge: a table as wide as the type area and measured from its margin does not float in LibreOffice.
    afloat = element(
        "tblpPr",
        leftFromText=0,
        rightFromText=0,
        vertAnchor="margin",
        horzAnchor="page",
        tblpX=round(LEFT * TWIPS) + IMPRINT_MARGIN,
        tblpYSpec="bottom",
    )
    _place(word, _table(wide, rows, _imprint_borders(), IMPRINT_MARGIN, afloat))


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
