"""Files made at test time: good sheets by an independent writer (openpyxl), and archives put together by hand to do harm."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import openpyxl

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK = f'<workbook {MAIN} xmlns:r="{LINKS}"><sheets><sheet name="月报" sheetId="1" r:id="rId1"/></sheets></workbook>'
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)


def book(rows: Iterable[Sequence[Any]], title: str = "月报", formats: Mapping[str, str] | None = None) -> bytes:
    """An xlsx of some rows, written by openpyxl."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def archive(members: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of some members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return file.getvalue()


def parts(sheet: bytes | str, **more: bytes | str) -> dict[str, bytes | str]:
    """The members of a small workbook whose worksheet is the given XML; further members by name, ``__`` for ``/``."""
    return {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/worksheets/sheet1.xml": sheet,
        **{name.replace("__", "/") + ".xml": content for name, content in more.items()},
    }


def worksheet(rows: str, after: str = "", before: str = "") -> str:
    """The XML of a worksheet with the given rows."""
    return f'{before}<worksheet {MAIN}><sheetData>{rows}</sheetData>{after}</worksheet>'


def workbook(rows: str, after: str = "", **more: bytes | str) -> bytes:
    """An xlsx with the given rows as XML."""
    return archive(parts(worksheet(rows, after), **more))


def inline(reference: str, text: str) -> str:
    """A cell that holds text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'
