"""The page of GB/T 9704-2012, whatever file it becomes: 22 lines of 28 characters, the looks of its parts, and how wide tables are."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bihuan.portal.fonts import FANGSONG, HEI, KAI, SONG, TITLE
from bihuan.portal.printed import Printed

AREA_WIDTH, AREA_HEIGHT = 156, 225
"""Millimetres: the type area inside margins of 37 (top), 35, 28 (left) and 26."""
TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
LINES, CHARACTERS = 22, 28
LINE = math.floor(AREA_HEIGHT / 25.4 * 72 / LINES * 20) / 20
"""Points from line to line, in whole twips; exact, so that it holds in Word, WPS and LibreOffice whatever font stands in."""
BODY = 16
"""Points: size 3. 28 of them are a little wider than the type area, hence the tracking."""
WIDTH = AREA_WIDTH / 25.4 * 72
"""The type area in points."""
CHARACTER = WIDTH / CHARACTERS
"""Points from character to character."""
TRACKING = math.floor((CHARACTER - BODY) * 20)
"""Twentieths of a point between characters of size 3."""
RED = "E60012"

TWIPS = 1440 / 25.4
"""Twips in a millimetre."""
WHOLE = round(AREA_WIDTH * TWIPS)
CELL_MARGIN = 80
IMPRINT_MARGIN = 280
"""Twips: one character of the imprint."""
NARROWEST = 4
"""Of a column, in half-width characters."""

Align = Literal["left", "right", "center", "both"]
Line = Sequence[str]

WARNING = {"草稿": "未编号、未印发，数以印发时重新核算为准", "作废": "此稿已作废，不得使用"}
NO_ROWS = "（无）"

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
_NUMBER = re.compile(r"[+\-−]?\d[\d,]*(\.\d+)?\s?(%|‰|[^\W\d]{1,4})?$")
_NO_NUMBER = frozenset({"", "—", "-", "（无数据）"})
_LONG = 16


@dataclass(frozen=True)
class Look:
    """A paragraph style: sizes and distances in points, the indent of its first line in characters."""

    key: str
    name: str
    font: str = FANGSONG
    size: float = BODY
    align: Align = "left"
    line: float = LINE
    before: float = 0
    indent: int = 0
    keep: bool = False
    colour: str = ""


TEXT = Look("gw-text", "公文正文", align="both", indent=2)
PLAIN = Look("gw-plain", "公文顶格", align="both")
HEAD = Look("gw-head", "公文发文机关标志", TITLE, 44, "center", line=52, before=62, colour=RED)
LETTER_HEAD = Look("gw-letter-head", "信函发文机关标志", TITLE, 36, "center", line=42, colour=RED)
NUMBER = Look("gw-number", "公文发文字号", align="center", before=2 * LINE)
LETTER_NUMBER = Look("gw-letter-number", "信函发文字号", align="right", before=BODY * 7 / 8)
NAME = Look("gw-title", "公文标题", TITLE, 22, "center", line=33, before=2 * LINE, keep=True)
TO = Look("gw-to", "公文主送", align="both", before=LINE)
FIRST = Look("gw-heading", "公文一级标题", HEI, align="both", indent=2, keep=True)
SECOND = Look("gw-subheading", "公文二级标题", KAI, align="both", indent=2, keep=True)
CAPTION = Look("gw-caption", "公文表题", TITLE, align="center", before=LINE / 4, keep=True)
NOTICE = Look("gw-notice", "公文附件说明", align="both", indent=2, before=LINE, keep=True)
SENDER = Look("gw-sender", "公文署名", align="right", before=LINE, keep=True)
DATE = Look("gw-date", "公文成文日期", align="right")
ANNEX = Look("gw-annex", "公文附件", HEI)
ANNEX_NAME = Look("gw-annex-title", "公文附件标题", TITLE, 22, "center", line=33, before=LINE, keep=True)
REMARK = Look("gw-remark", "公文表注", size=12, line=20, align="both")
MARK = Look("gw-mark", "公文草稿标记", HEI, 14, "right", line=18, colour=RED)
PAGE = Look("gw-page", "公文页码", SONG, 14, line=14)
RULE = Look("gw-rule", "信函下线", size=1, line=1)
IMPRINT = Look("gw-imprint", "公文版记", size=14, line=24)
ANCHOR = Look("gw-anchor", "公文版记锚点", size=1, line=1)
CELLS = (
    Look("gw-cell-1", "公文表格", size=12, line=20), Look("gw-cell-2", "公文表格小", size=10.5, line=17), Look("gw-cell-3", "公文表格密", size=9, line=14),
)  # fmt: skip
SMALL = (CELLS[1], CELLS[1], CELLS[2])
"""For the annex."""
LOOKS = (
    TEXT, PLAIN, HEAD, LETTER_HEAD, NUMBER, LETTER_NUMBER, NAME, TO, FIRST, SECOND, CAPTION, NOTICE, SENDER, DATE, ANNEX, ANNEX_NAME, REMARK,
    MARK, PAGE, RULE, IMPRINT, ANCHOR, *CELLS,
)  # fmt: skip
OF_KIND = {"heading": FIRST, "subheading": SECOND, "text": TEXT}


def fitting(text: str) -> str:
    """The text on one line, without the characters that files cannot hold or that change the order of what is read."""
    return " ".join(_UNFIT.sub("", text).replace("\r\n", "\n").splitlines()).replace("\t", " ")


def mark_of(words: Printed) -> str:
    """What stands in red on every page of a paper that is not issued; nothing on one that is."""
    return f"{words.mark}　{WARNING[words.mark]}" if words.mark else ""


def head_size(text: str, look: Look) -> float:
    """Points: the look's size, or less, so that the red words stay on one line."""
    return min(look.size, 438 // max(len(text), 1))


def title_indent(title: str) -> float:
    """Points on both sides that let a title of several lines break into lines of about one length, instead of leaving a word alone on the last."""
    whole = 438 / NAME.size
    lines = -(-length(title) // whole)
    return max(whole - length(title) / lines - 1.5, 0) / 2 * NAME.size if lines > 1 else 0


def signed_indents(words: Printed) -> tuple[float, float]:
    """Points on the right of the sender's name and of the date: the date begins two characters behind the name, as the standard asks."""
    name, date = length(words.sender), length(words.dated)
    behind = max(name - date, 2)
    return (behind + date + 2 - name) * CHARACTER, behind * CHARACTER


def length(text: str) -> float:
    """In characters; a digit is half of one."""
    return sum(0.5 if letter.isascii() else 1 for letter in text)


def cell_look(columns: Line, looks: tuple[Look, Look, Look] = CELLS) -> Look:
    """The look of a table's cells: one for up to six columns, one up to nine, one for more."""
    return looks[0] if len(columns) <= 6 else looks[1] if len(columns) <= 9 else looks[2]


def aligns(columns: Line, rows: Sequence[Line]) -> list[Align]:
    """How each column stands: numbers on the right, long texts on the left, short ones in the middle."""
    return [_align([row[at] for row in rows]) for at in range(len(columns))]


def _align(cells: Line) -> Align:
    told = [cell.strip() for cell in cells if cell.strip() not in _NO_NUMBER]
    if told and all(_NUMBER.match(cell) for cell in told):
        return "right"
    return "left" if any(_width(cell) > _LONG for cell in told) else "center"


def widths(columns: Line, rows: Sequence[Line], look: Look) -> list[int]:
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


def imprint_lines(words: Printed) -> list[Line]:
    """The lines at the foot of the last page: of one text across, of two to both sides. The standard gives letters none."""
    return [] if words.letter else [(words.sender, f"{words.dated}印发")]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
