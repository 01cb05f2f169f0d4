"""Read a sheet that somebody sent, trusting nothing: size, then table of contents, then the cells in a limited child process.

===========================  =======================================================================================
file                         at most 20 MB; xlsx or csv, by content as well as by name
archive                      at most 1,000 members, 100 MB unpacked, 100:1; no macros, no encryption, no odd names
cells                        at most 200,000 rows, 200 columns, 1,000,000 cells that hold something
process                      1 GB of address space, 30 s of processor, 60 s of wall time, no environment, XML without DTD
csv                          UTF-8 or UTF-16 by its mark, else UTF-8, else GB18030, each strictly; the choice is recorded
===========================  =======================================================================================
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple
from datetime import date
from pathlib import Path
from typing import Any

from bihuan.foundation.confined import answer_of
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.sheets.archive import Kind, inspect, kind_of
from bihuan.foundation.sheets.cells import LIMITS, Cell, Fault, Limits, Merged, Sheet, Unreadable

_CHILD = "bihuan.foundation.sheets.child"


def read_sheet(content: bytes | Path, name: str = "", limits: Limits = LIMITS) -> Sheet:
    """The first visible worksheet of an xlsx, or a csv. ``name`` is the file's name, by default the path's.

    Raises Unreadable, which says what is wrong and how to put it right; nothing else, whatever the file holds.
    """
    if isinstance(content, Path):
        name = name or content.name
        content = _from_disk(content, limits)
    kind = kind_of(name, content, limits)
    if kind == "xlsx":
        inspect(content, limits)
    with answer_of(_CHILD, [kind, *map(str, astuple(limits))], content, limits.wall_seconds) as answer:
        return _sheet(answer or (), name, kind, hashlib.sha256(content).hexdigest())


def _from_disk(path: Path, limits: Limits) -> bytes:
    """The bytes of a file, one more than allowed at most."""
    try:
        with path.open("rb") as file:
            return file.read(limits.size + 1)
    except OSError as error:
        raise Unreadable(Refused(f"打不开文件 {path}：{error.strerror}", f"cannot open {path}: {error.strerror}")) from error


def _sheet(answer: Iterable[bytes], name: str, kind: Kind, digest: str) -> Sheet:
    """What the child said, as a sheet; without a last line that says all went well, nothing it said counts."""
    head: dict[str, Any] = {}
    rows: dict[int, dict[int, Cell]] = {}
    finished = False
    for line in answer:
        said = json.loads(line)
        if "refused" in said:
            raise Unreadable(Refused(*said["refused"]), said["place"])
        if "head" in said:
            head = said["head"]
        elif "row" in said:
            rows[said["row"]] = {cell.column: cell for cell in (_cell(said["row"], *coded) for coded in said["cells"])}
        finished = "end" in said
    if not finished:
        raise Unreadable(
            Refused(
                "太大或太复杂，在限定的时间和内存内读不完；请把数据复制到一张新表，或分成几张上传",
                "it is too large or too intricate to be read within the time and memory allowed; copy the data into a new sheet, or split it",
            )
        )
    merged = tuple(Merged(*one) for one in head["merged"])
    return Sheet(name, kind, head["name"], rows, head["encoding"], merged, tuple(head["others"]), head["about"], digest)


def _cell(row: int, column: int, kind: str, value: Any) -> Cell:
    if kind == "fault":
        return Cell(column, row, Fault(Refused(*value[:3]), value[3]))
    if kind == "day":
        return Cell(column, row, date.fromisoformat(value))
    return Cell(column, row, value, kind == "percent")
