"""Read an xlsx as a stream: only values, never code, never outside the archive. Runs in the limited child process of :mod:`reading`.

What a cell means is decided here once: a formula counts by its stored result, a date only where the cell is formatted as one, an
error is an error. Formatted cells without a value are passed over, so a sheet with a million painted rows is read at once.
"""

from __future__ import annotations

import math
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import IO, Any
from xml.sax.handler import ContentHandler

from defusedxml import sax

from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.sheets.cells import Cell, Fault, Limits, Merged, Raw, Unreadable, letters_of, split_reference

ABOUT = "说明"
"""The worksheet in which our own files say what they are."""

_ABOUT_ROWS = 200
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?[0-9]{0,400}\.?[0-9]{0,400}(?:[eE][+-]?[0-9]{1,4})?")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE_IDS = frozenset({14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 59)})
_PERCENT_IDS = frozenset({9, 10})
_VISIBLE = ("", "visible")


@dataclass
class Worksheet:
    """One worksheet as it was read."""

    name: str
    cells: list[Cell] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)


@dataclass
class Contents:
    """A workbook: its first visible worksheet, what its 说明 says, and the names of the others."""

    first: Worksheet
    about: dict[str, str]
    others: list[str]


def read_workbook(file: IO[bytes], limits: Limits) -> Contents:
    """The values of a workbook that :func:`archive.inspect` has let through. Raises Unreadable; a damaged one raises zip or XML errors."""
    with zipfile.ZipFile(file) as archive:
        book = _Book()
        _parse(archive, "xl/workbook.xml", book)
        targets = _targets(archive)
        paths = [(name, targets.get(relation, ""), state) for name, relation, state in book.sheets]
        shown = [(name, path) for name, path, state in paths if state in _VISIBLE and path.startswith("xl/worksheets/")]
        if not shown:
            raise Unreadable(Refused("工作簿里没有可见的工作表", "the workbook has no visible worksheet", ""))
        strings = _strings(archive, limits)
        dates, percents = _styles(archive)
        cells = _Values(strings, dates, percents, book.from_1904, limits)
        read = _Worksheet(Worksheet(shown[0][0]), cells, limits)
        _parse(archive, shown[0][1], read)
        about = _about(archive, shown[1:], cells, limits)
        others = [name for name, _path in shown[1:] if name != ABOUT]
        return Contents(read.sheet, about, others)


def _about(archive: zipfile.ZipFile, shown: list[tuple[str, str]], cells: _Values, limits: Limits) -> dict[str, str]:
    """The pairs in columns A and B of a worksheet 说明; it is small, or it is none of ours."""
    path = next((path for name, path in shown if name == ABOUT), None)
    if path is None:
        return {}
    read = _Worksheet(Worksheet(ABOUT), cells, Limits(rows=limits.rows, columns=limits.columns, cells=_ABOUT_ROWS * 20))
    _parse(archive, path, read)
    texts = {(cell.row, cell.column): cell.value for cell in read.sheet.cells if isinstance(cell.value, str)}
    return {text: str(texts.get((row, 2), "")) for (row, column), text in texts.items() if column == 1}


def _parse(archive: zipfile.ZipFile, path: str, handler: ContentHandler) -> None:
    parser: Any = sax.make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(handler)
    if path not in archive.namelist():
        raise Unreadable(
            Refused("文件已损坏：缺少工作表内容；请另存为 xlsx", "the file is damaged: a worksheet is missing; save it as xlsx", "")
        )
    with archive.open(path) as part:
        parser.parse(part)


# --- the parts of the archive


class _Part(ContentHandler):
    """A handler that knows elements by their local names."""

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - the name that xml.sax calls
        self.begin(name.rpartition(":")[2], attrs)

    def endElement(self, name: str) -> None:  # noqa: N802
        self.end(name.rpartition(":")[2])

    def begin(self, name: str, attrs: Any) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""


class _Book(_Part):
    """The worksheets in their order, and the day from which dates are counted."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, str]] = []
        self.from_1904 = False

    def begin(self, name: str, attrs: Any) -> None:
        """Take note of a worksheet, or of the workbook's settings."""
        if name == "sheet":
            relation = next((attrs.get(key) for key in attrs.getNames() if key.endswith(":id")), "")
            self.sheets.append((attrs.get("name", ""), relation or "", attrs.get("state", "")))
        elif name == "workbookPr":
            self.from_1904 = attrs.get("date1904", "") in ("1", "true")


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Where each relation of the workbook leads, inside the archive."""
    found: dict[str, str] = {}

    class Relations(_Part):
        def begin(self, name: str, attrs: Any) -> None:
            target = attrs.get("Target", "")
            if name == "Relationship" and attrs.get("TargetMode", "") != "External":
                path = target[1:] if target.startswith("/") else posixpath.join("xl", target)
                found[attrs.get("Id", "")] = posixpath.normpath(path)

    _parse(archive, "xl/_rels/workbook.xml.rels", Relations())
    return found


def _strings(archive: zipfile.ZipFile, limits: Limits) -> list[str]:
    """The texts that cells share. Phonetic guides are left out."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    strings: list[str] = []

    class Strings(_Text):
        def end(self, name: str) -> None:
            super().end(name)
            if name == "si":
                strings.append(self.taken(limits.letters))
                if len(strings) > limits.cells:
                    raise _too_many(limits)

    _parse(archive, "xl/sharedStrings.xml", Strings())
    return strings


class _Text(_Part):
    """Gathers the text of ``t`` elements outside of phonetic guides."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.inside = False
        self.phonetic = False

    def begin(self, name: str, attrs: Any) -> None:
        """Listen inside of a text."""
        if name == "rPh":
            self.phonetic = True
        self.inside = name == "t" and not self.phonetic

    def characters(self, content: str) -> None:
        """Gather."""
        if self.inside:
            self.pieces.append(content)

    def end(self, name: str) -> None:
        """Stop listening."""
        self.inside = False
        if name == "rPh":
            self.phonetic = False

    def taken(self, longest: int) -> str:
        """What was gathered, once; too long a text is cut just beyond what is allowed, so that it can be refused by its cell."""
        text = "".join(self.pieces)[: longest + 1]
        self.pieces.clear()
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _styles(archive: zipfile.ZipFile) -> tuple[frozenset[int], frozenset[int]]:
    """The numbers of the cell styles that show a date, and of those that show a percentage."""
    formats: dict[int, str] = {}
    used: list[int] = []

    class Styles(_Part):
        within = False

        def begin(self, name: str, attrs: Any) -> None:
            if name == "numFmt":
                formats[int(attrs.get("numFmtId", "0"))] = attrs.get("formatCode", "")
            elif name == "cellXfs":
                self.within = True
            elif name == "xf" and self.within:
                used.append(int(attrs.get("numFmtId", "0")))

        def end(self, name: str) -> None:
            if name == "cellXfs":
                self.within = False

    if "xl/styles.xml" in archive.namelist():
        _parse(archive, "xl/styles.xml", Styles())
    bare = {number: _LITERAL.sub("", code.partition(";")[0]).lower() for number, code in formats.items()}
    dates = {number for number, code in bare.items() if re.search(r"y|d|e(?![+-])", code) and "general" not in code}
    percents = {number for number, code in bare.items() if "%" in code}
    return (
        frozenset(place for place, number in enumerate(used) if number in dates or (number in _DATE_IDS and number not in formats)),
        frozenset(place for place, number in enumerate(used) if number in percents or (number in _PERCENT_IDS and number not in formats)),
    )


# --- cells


@dataclass(frozen=True)
class _Values:
    """What turns the text of a cell into its value."""

    strings: list[str]
    dates: frozenset[int]
    percents: frozenset[int]
    from_1904: bool
    limits: Limits

    def value(self, kind: str, style: int, text: str) -> Raw | None:
        """The value of a cell of the file's own type and style; None for an empty text."""
        reader: Callable[[str, int], Raw] = {"s": self._shared, "b": self._yes_no, "e": self._error, "d": self._iso}.get(kind, self._number)
        if kind in ("str", "inlineStr"):
            return self._bounded(text) if text else None
        return reader(text.strip(), style) if text.strip() else None

    def _bounded(self, text: str) -> Raw:
        if len(text) <= self.limits.letters:
            return text
        most = self.limits.letters
        return Fault(Refused(f"文字超过 {most} 个字", f"the text is longer than {most} characters"), f"{text[:40]}…")

    def _shared(self, text: str, _style: int) -> Raw:
        place = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1
        if not 0 <= place < len(self.strings):
            return Fault(
                Refused("单元格所指的文字不存在，文件已损坏", "the cell refers to a text that is not there; the file is damaged"), text[:40]
            )
        return self._bounded(self.strings[place])

    def _yes_no(self, text: str, _style: int) -> Raw:
        return text in ("1", "true")

    def _error(self, text: str, _style: int) -> Raw:
        shown = text[:20]
        return Fault(
            Refused(
                f"单元格是错误值 {shown}；请改正公式或填入数值", f"the cell is an error, {shown}; correct the formula or enter a value"
            ),
            shown,
        )

    def _iso(self, text: str, _style: int) -> Raw:
        try:
            return _day_or_moment(datetime.fromisoformat(text).replace(tzinfo=None))
        except ValueError:
            return Fault(Refused(f"“{text[:40]}”不是日期", f"“{text[:40]}” is not a date", "2025-07-08"), text[:40])

    def _number(self, text: str, style: int) -> Raw:
        if _WHOLE.fullmatch(text):
            number: int | float = int(text)
        else:
            number = float(text) if _NUMBER.fullmatch(text) and text.strip("+-.") else math.nan
            if not math.isfinite(number):
                return Fault(Refused(f"“{text[:40]}”不是有限的数", f"“{text[:40]}” is not a finite number", "1234.56"), text[:40])
        return self._serial(number, text) if style in self.dates else number

    def _serial(self, number: float, text: str) -> Raw:
        """The day of a date cell: days since 1899-12-30, or 1904-01-01; Excel's own 29 February 1900 never was."""
        start = date(1904, 1, 1) if self.from_1904 else date(1899, 12, 31) if number < 60 else date(1899, 12, 30)
        if not 1 <= number < 2_958_466 or (int(number) == 60 and not self.from_1904):
            shown = text[:40]
            return Fault(Refused(f"日期单元格里的 {shown} 不是一个日子", f"{shown} in a date cell is no day", "2025-07-08"), shown)
        moment = datetime.combine(start, datetime.min.time()) + timedelta(seconds=round(number * 86400))
        return _day_or_moment(moment)


def _day_or_moment(moment: datetime) -> Raw:
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return moment.date()
    shown = moment.isoformat(" ", "seconds")
    return Fault(Refused(f"“{shown}”带有时刻，这里只填到日", f"“{shown}” has a time of day; only the day goes here", shown[:10]), shown)


class _Worksheet(_Text):
    """The cells of one worksheet that hold something."""

    def __init__(self, sheet: Worksheet, values: _Values, limits: Limits) -> None:
        super().__init__()
        self.sheet, self.values, self.limits = sheet, values, limits
        self.row = self.column = 0
        self.kind, self.style, self.formula = "n", 0, False
        self.seen: set[tuple[int, int]] = set()
        self.letters = 0

    def begin(self, name: str, attrs: Any) -> None:
        """A row, a cell, or what is in it."""
        if name == "row":
            self.row, self.column = _number_of(attrs.get("r"), self.row + 1), 0
        elif name == "c":
            self._begin_cell(attrs)
        elif name == "f":
            self.formula = True
        elif name == "mergeCell":
            self._merge(attrs.get("ref", ""))
        super().begin(name, attrs)
        self.inside = self.inside or name == "v"

    def _begin_cell(self, attrs: Any) -> None:
        where = split_reference(attrs.get("r", "")) if attrs.get("r") else (self.column + 1, self.row)
        if where is None:
            raise _damaged_cell(str(attrs.get("r"))[:20])
        self.column, self.row = where
        self.kind, self.style, self.formula = attrs.get("t", "n"), _number_of(attrs.get("s"), 0), False
        self.pieces.clear()

    def end(self, name: str) -> None:
        """A cell that holds something is kept."""
        super().end(name)
        if name != "c":
            return
        value = self.values.value(self.kind, self.style, self.taken(self.limits.letters))
        if value is None and self.formula and self.kind != "str":
            why = Refused(
                "是没有计算结果的公式；请用电子表格软件打开后保存，或粘贴为数值",
                "is a formula without a result; open and save it in a spreadsheet",
            )
            value = Fault(why, "=…")
        if value is not None and value != "":
            self._keep(value)

    def _keep(self, value: Raw) -> None:
        limits, sheet = self.limits, self.sheet
        reference = f"{letters_of(self.column)}{self.row}"
        if self.row > limits.rows or self.column > limits.columns or self.column < 1 or self.row < 1:
            what = f"超出 {limits.rows} 行、{limits.columns} 列；请删去表外的内容"
            raise Unreadable(Refused(what, f"lies beyond {limits.rows} rows and {limits.columns} columns; delete what is there"), reference)
        if (self.column, self.row) in self.seen:
            raise _damaged_cell(reference)
        self.seen.add((self.column, self.row))
        self.letters += len(value) if isinstance(value, str) else 8
        if len(self.seen) > limits.cells or self.letters > limits.unpacked // 2:
            raise _too_many(limits)
        sheet.cells.append(Cell(self.column, self.row, value, self.style in self.values.percents and isinstance(value, int | float)))

    def _merge(self, text: str) -> None:
        ends = [split_reference(end) for end in text.split(":")]
        if None in ends or len(self.sheet.merged) >= 10_000:
            raise _damaged_cell(text[:40])
        rows = [end[1] for end in ends if end]
        self.sheet.merged.append(Merged(text, min(rows), max(rows)))


def cells_of(sheet: Worksheet) -> Iterator[Cell]:
    """The cells in reading order."""
    return iter(sorted(sheet.cells, key=lambda cell: (cell.row, cell.column)))


def _number_of(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else default


def _too_many(limits: Limits) -> Unreadable:
    return Unreadable(
        Refused(
            f"内容太多：最多 {limits.cells} 个有内容的单元格；请分成几张表上传",
            f"there is too much in it: at most {limits.cells} cells that hold something; split it into several sheets",
        )
    )


def _damaged_cell(reference: str) -> Unreadable:
    return Unreadable(
        Refused("单元格地址重复或有误，文件已损坏；请另存为 xlsx", "is a wrong or repeated address; the file is damaged, save it as xlsx"),
        reference,
    )
