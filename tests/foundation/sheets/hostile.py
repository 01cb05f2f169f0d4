"""Sixty files that want to do harm, and what must be said to each. They are made when asked for, never kept."""

import codecs
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.foundation.sheets.makers import BOOK, archive, book, inline, parts, workbook, worksheet

GOOD = book([["编码", "完成投资"], ["P-001", 1]])
HEAD = "编码,完成投资\r\n"
MB = 1024 * 1024
NOISE = bytes(range(256)) * 4096  # a megabyte that does not compress to nothing

Case = tuple[str, Callable[[], bytes], str]
"""The file's name, how it is made, and a piece of what must be said."""


def _lying_size() -> bytes:
    """A member that says it is a hundred bytes and unpacks to fifty megabytes."""
    content = bytearray(archive(parts(worksheet("<row/>" * 9_000_000))))
    while True:
        at = content.find(b"PK\x01\x02")
        if at < 0:
            return bytes(content).replace(b"pk\x01\x02", b"PK\x01\x02")
        if struct.unpack_from("<L", content, at + 24)[0] > MB:
            struct.pack_into("<L", content, at + 24, 100)
        content[at : at + 2] = b"pk"


def _encrypted_zip() -> bytes:
    content = bytearray(GOOD)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        content[at + offset] |= 1
    return bytes(content)


def _truncated(content: bytes, share: float) -> bytes:
    return content[: int(len(content) * share)]


def _damaged_bytes() -> bytes:
    content = bytearray(workbook("".join(f'<row r="{n}">{inline(f"A{n}", str(n * 7919))}</row>' for n in range(1, 5000))))
    at = content.find(b"worksheets/sheet1.xml") + 400
    content[at : at + 64] = bytes(64)
    return bytes(content)


def _many_members() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for number in range(10_000):
            made.writestr(f"a/{number}", b"")
    return file.getvalue()


def _rich_bomb() -> bytes:
    """Two hundred thousand cells that all refer to one text as long as a cell may be."""
    shared = f"<sst><si><t>{'长' * 32_000}</t></si></sst>"
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 100_001))
    return archive(parts(worksheet(rows), xl__sharedStrings=shared))


def _deep() -> bytes:
    return archive(parts(worksheet("<row><c>" * 500_000)), zipfile.ZIP_STORED)


def _twice() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in parts(worksheet("")).items():
            made.writestr(name, content)
        made.writestr("xl/Workbook.xml", BOOK)
    return file.getvalue()


def _dtd(declaration: str, use: str) -> bytes:
    return archive(parts(worksheet(f'<row r="1">{inline("A1", use)}</row>', before=f'<!DOCTYPE x [{declaration}]>')))


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12))


def _cells(count: int) -> bytes:
    rows = "".join(
        f'<row r="{row}">' + "".join(f"<c><v>{(row * 31 + column) % 977}</v></c>" for column in range(200)) + "</row>"
        for row in range(1, count // 200 + 1)
    )
    return workbook(rows)


XLSX: dict[str, Case] = {
    "empty file": ("月报.xlsx", lambda: b"", "空的"),
    "too large": ("月报.xlsx", lambda: b"PK\x03\x04" + bytes(20 * MB), "超过 20 MB"),
    "not a zip": ("月报.xlsx", lambda: b"PK\x03\x04" + NOISE, "已损坏"),
    "text renamed xlsx": ("月报.xlsx", (HEAD + "P-001,1").encode, "内容却是文本"),
    "xlsx renamed csv": ("月报.csv", lambda: GOOD, "内容却是xlsx"),
    "web page": ("月报.xls", lambda: b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
    "web page renamed xlsx": ("月报.xlsx", lambda: b"  <table><tr><td>1</td></tr></table>", "网页"),
    "old Office": ("月报.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "另存为 xlsx"),
    "old Office renamed xlsx": ("月报.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "另存为 xlsx"),
    "encrypted by Office": (
        "月报.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le"), "加了密"),
    "encrypted zip": ("月报.xlsx", _encrypted_zip, "加了密"),
    "macros by name": ("月报.xlsm", lambda: GOOD, "宏"),
    "macros inside": ("月报.xlsx", lambda: archive({**parts(worksheet("")), "xl/vbaProject.bin": b"x"}), "宏"),
    "old macro sheet": ("月报.xlsx", lambda: archive({**parts(worksheet("")), "xl/macrosheets/sheet1.xml": b"x"}), "宏"),
    "binary workbook": ("月报.xlsb", lambda: GOOD, "xlsb"),
    "another suffix": ("月报.pdf", lambda: b"%PDF-1.7", "不接收"),
    "no suffix": ("月报", lambda: GOOD, "不接收"),
    "a document": ("月报.xlsx", lambda: archive({"word/document.xml": "<w/>"}), "不是 xlsx 工作簿"),
    "nested zip": ("月报.xlsx", lambda: archive({"月报.xlsx": GOOD}), "不是 xlsx 工作簿"),
    "zip bomb": ("月报.xlsx", lambda: archive(parts(bytes(60 * MB))), "压缩比"),
    "zip bomb beyond the size": ("月报.xlsx", lambda: archive(parts(bytes(101 * MB))), "解压后超过"),
    "many bombs": ("月报.xlsx", lambda: archive({**parts(""), **{f"xl/{n}": bytes(2 * MB) for n in range(60)}}), "解压后超过"),
    "lying size": ("月报.xlsx", _lying_size, "已损坏"),
    "ten thousand members": ("月报.xlsx", _many_members, "1000 个"),
    "name outside": ("月报.xlsx", lambda: archive({**parts(worksheet("")), "../../etc/cron.d/x": b"x"}), "越出目录"),
    "absolute name": ("月报.xlsx", lambda: archive({**parts(worksheet("")), "/etc/passwd": b"x"}), "越出目录"),
    "name of another system": ("月报.xlsx", lambda: archive({**parts(worksheet("")), "c:\\x": b"x"}), "越出目录"),
    "two of one name": ("月报.xlsx", _twice, "重名"),
    "half a file": ("月报.xlsx", lambda: _truncated(GOOD, 0.5), "已损坏"),
    "last bytes lost": ("月报.xlsx", lambda: GOOD[:-10], "已损坏"),
    "bytes overwritten": ("月报.xlsx", _damaged_bytes, "已损坏"),
    "no worksheet": ("月报.xlsx", lambda: archive({k: v for k, v in parts("").items() if "sheet1" not in k}), "已损坏"),
    "no relations": ("月报.xlsx", lambda: archive({k: v for k, v in parts("").items() if "rels" not in k}), "已损坏"),
    "relation outside": ("月报.xlsx", lambda: archive({
        **parts(worksheet("")),
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Target="../../../etc/passwd"/></Relationships>',
    }), "没有可见的工作表"),
    "hidden worksheet": ("月报.xlsx", lambda: archive({
        **parts(worksheet("")), "xl/workbook.xml": BOOK.replace("<sheet name", '<sheet state="veryHidden" name')}), "没有可见的工作表"),
    "worksheet is no XML": ("月报.xlsx", lambda: archive(parts("not xml at all")), "已损坏"),
    "worksheet is empty": ("月报.xlsx", lambda: archive(parts("")), "已损坏"),
    "half of the XML": ("月报.xlsx", lambda: archive(parts(worksheet("<row><c>")[:-30])), "已损坏"),
    "half a character": ("月报.xlsx", lambda: archive(parts(worksheet("<row r='1'>").encode() + b"\xff\xfe\xff")), "已损坏"),
    "half a million elements deep": ("月报.xlsx", _deep, "已损坏"),
    "billion laughs": ("月报.xlsx", lambda: _dtd(LAUGHS, "&a11;"), "已损坏"),
    "foreign entity": ("月报.xlsx", lambda: _dtd('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"), "已损坏"),
    "foreign DTD": ("月报.xlsx", lambda: archive(parts(worksheet("", before='<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">'))), "已损坏"),
    "last cell of all": ("月报.xlsx", lambda: workbook(f'<row r="1048576">{inline("XFD1048576", "x")}</row>'), "XFD1048576"),
    "a column too far": ("月报.xlsx", lambda: workbook(f'<row r="1">{inline("GS1", "x")}</row>'), "GS1"),
    "a row too far": ("月报.xlsx", lambda: workbook(f'<row r="200001">{inline("A200001", "x")}</row>'), "A200001"),
    "one cell twice": ("月报.xlsx", lambda: workbook(f'<row r="1">{inline("A1", "x")}{inline("A1", "y")}</row>'), "A1"),
    "an address of nothing": ("月报.xlsx", lambda: workbook(f'<row r="1">{inline("ÄÖ7", "x")}</row>'), "地址"),
    "a merged range of nothing": ("月报.xlsx", lambda: workbook("", '<mergeCells><mergeCell ref="A1:??"/></mergeCells>'), "地址"),
    "a million and more cells": ("月报.xlsx", lambda: _cells(1_000_400), "1000000"),
    "shared strings without end": (
        "月报.xlsx", lambda: archive(parts(worksheet(""), xl__sharedStrings=f"<sst>{''.join(f'<si><t>{n}</t></si>' for n in range(1_000_002))}</sst>")),
        "1000000"),
    "one long text in a hundred thousand cells": ("月报.xlsx", _rich_bomb, "内容太多"),
}
CSV: dict[str, Case] = {
    "empty csv": ("月报.csv", lambda: b"", "空的"),
    "NUL": ("月报.csv", lambda: HEAD.encode() + b"P-001,\x00", "NUL"),
    "open quote of 15 MB": ("月报.csv", lambda: HEAD.encode() + b'P-001,"' + b"x" * (15 * MB), "引号没有配对"),
    "open quote of 50 MB": ("月报.csv", lambda: HEAD.encode() + b'P-001,"' + b"x" * (50 * MB), "超过 20 MB"),
    "open quote over many lines": ("月报.csv", lambda: HEAD.encode() + b'P-001,"' + b"x,\r\n" * 1_000_000, "引号没有配对"),
    "text behind a quote": ("月报.csv", (HEAD + 'P-001,"1"2\r\n').encode, "引号没有配对"),
    "a hundred thousand columns": ("月报.csv", lambda: HEAD.encode() + b",".join([b"1"] * 100_000), "200 列"),
    "half a million rows": ("月报.csv", lambda: HEAD.encode() + b"P-001,1\r\n" * 500_000, "内容太多"),
    "lines in two encodings": ("月报.csv", lambda: HEAD.encode() + "P-001,濮阳\r\n".encode("gb18030") + b"\xff\xff", "编码"),
    "neither encoding": ("月报.csv", lambda: b"\x80\x81\xff\xfe\xfd" * 100, "编码"),
    "half of a UTF-16": ("月报.csv", lambda: codecs.BOM_UTF16_LE + HEAD.encode("utf-16-le") + b"\x00", "编码"),
    "half a surrogate pair": ("月报.csv", lambda: codecs.BOM_UTF16_LE + b"\x00\xd8,\x00", "编码"),
    "a picture": ("月报.csv", lambda: b"\x89PNG\r\n\x1a\n" + zlib.compress(NOISE), ""),
}
EVERY = {**XLSX, **CSV}
