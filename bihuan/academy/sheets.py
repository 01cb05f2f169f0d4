"""The monthly sheets the counties send in, as files with the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Font

SHEET = "月报"
FIRST_ROW = 2
_WRITTEN = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(<)")
_ALWAYS = (2024, 1, 1, 0, 0, 0)


def workbook(header: Sequence[str], rows: Sequence[Sequence[str | int | None]], made: datetime) -> bytes:
    """An xlsx with one sheet: a header, then the rows."""
    book = Workbook()
    book.properties.created = book.properties.modified = made.replace(tzinfo=None)
    book.properties.creator = "闭环演示城市"
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    sheet.append(list(header))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append(list(row))
    for letter, width in zip("ABCDE", (14, 44, 18, 26, 26), strict=False):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    written = io.BytesIO()
    book.save(written)
    return _undated(written.getvalue(), made)


def _undated(content: bytes, made: datetime) -> bytes:
    """The same archive without the moment at which this machine wrote it."""
    out = io.BytesIO()
    stamp = made.replace(tzinfo=None).isoformat(timespec="seconds")
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "docProps/core.xml":
                text = _WRITTEN.sub(rb"\g<1>" + stamp.encode() + rb"Z\g<2>", text)
            new.writestr(zipfile.ZipInfo(name, _ALWAYS), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()
