"""The process in which a file is taken apart: little memory, little time, no environment, no files to open or write.

It reads the file from standard input and writes one line of JSON for each row; :mod:`reading` starts it and believes nothing but the
shape of those lines. A last line says whether all went well.
"""

from __future__ import annotations

import json
import sys
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date
from io import BytesIO
from itertools import groupby
from typing import Any
from xml.sax import SAXException

from defusedxml.common import DefusedXmlException

from bihuan.foundation.confined import Bounds, restrain
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.sheets.cells import Cell, Fault, Limits, Unreadable
from bihuan.foundation.sheets.delimited import read_csv
from bihuan.foundation.sheets.workbook import cells_of, read_workbook


def main(kind: str, limits: Limits) -> int:
    """Read standard input as ``xlsx`` or ``csv`` and write what is in it to standard output."""
    restrain(Bounds(limits.memory, limits.processor_seconds, 4 * limits.unpacked))
    content = sys.stdin.buffer.read()
    try:
        head, cells = _read(kind, content, limits)
        _say({"head": head})
        for number, row in groupby(cells, key=lambda cell: cell.row):
            _say({"row": number, "cells": [_coded(cell) for cell in row]})
        _say({"end": True})
    except Unreadable as refusal:
        _say({"refused": _reason(refusal.why), "place": refusal.place})
    except (DefusedXmlException, SAXException, zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, KeyError):
        why = Refused(
            "文件已损坏或不是正常的 xlsx；请用电子表格软件打开检查，另存为 xlsx",
            "the file is damaged or no normal xlsx; open it in a spreadsheet and save it again",
        )
        _say({"refused": _reason(why), "place": ""})
    except MemoryError:
        why = Refused("内容太多，读不完；请分成几张表上传", "there is too much in it to read; split it into several sheets")
        _say({"refused": _reason(why), "place": ""})
    sys.stdout.flush()
    return 0


def _read(kind: str, content: bytes, limits: Limits) -> tuple[dict[str, Any], Iterable[Cell]]:
    if kind == "csv":
        cells, encoding = read_csv(content, limits)
        return {"name": "", "encoding": encoding, "merged": [], "others": [], "about": {}}, cells
    book = read_workbook(BytesIO(content), limits)
    merged = [[one.text, one.first_row, one.last_row] for one in book.first.merged]
    return {"name": book.first.name, "encoding": "", "merged": merged, "others": book.others, "about": book.about}, cells_of(book.first)


def _coded(cell: Cell) -> list[Any]:
    """A cell as JSON: its column, what kind of value it is, the value."""
    value = cell.value
    if isinstance(value, Fault):
        return [cell.column, "fault", [*_reason(value.why), value.shown]]
    if isinstance(value, date):
        return [cell.column, "day", value.isoformat()]
    return [cell.column, "percent" if cell.percent else "value", value]


def _reason(why: Refused) -> list[str]:
    return [why.what, why.what_en, why.example]


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, separators=(",", ":")))
    sys.stdout.write("\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], Limits(*(int(text) for text in sys.argv[2:]))))
