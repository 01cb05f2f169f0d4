"""Read and write a csv. Its encoding is decided for the whole file, strictly, and reported; nothing is guessed line by line."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO, TextIOWrapper
from typing import IO

from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.sheets.cells import Cell, Fault, Limits, Unreadable, letters_of, plain

INERT = "'"
"""What our csv files put before a text that a spreadsheet would take for a formula, and before a text that begins with it."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", INERT)

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding: by its mark (UTF-8 or UTF-16), else UTF-8, else GB18030. Raises Unreadable."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _strictly(content[len(mark) :], name), name
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _strictly(content, "gb18030"), "gb18030"


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(
            Refused(
                f"第 {line} 行有字节不属于任何一种编码（UTF-8、GB18030）；请另存为 xlsx，或另存为 UTF-8 的 csv",
                f"line {line} holds bytes of no encoding (UTF-8, GB18030); save it as xlsx, or as a csv in UTF-8",
            )
        ) from error


def read_csv(content: bytes, limits: Limits) -> tuple[list[Cell], str]:
    """The cells of a csv and its encoding. Raises Unreadable for NUL, an open quote, too many rows, columns or cells."""
    text, encoding = decode(content)
    if "\0" in text:
        raise _refused("含有空字符（NUL），不是文本；请另存为 xlsx", "it holds NUL characters and is no text; save it as xlsx")
    csv.field_size_limit(limits.letters)
    first = text[: limits.letters].splitlines()[0] if text else ""
    reader = csv.reader(StringIO(text, newline=""), delimiter="\t" if "\t" in first and "," not in first else ",", strict=True)
    cells: list[Cell] = []
    try:
        for number, row in enumerate(reader, start=1):
            cells += _kept(number, row, limits)
            if len(cells) > limits.cells or (row and number > limits.rows):
                raise _refused(
                    f"内容太多：最多 {limits.rows} 行、{limits.cells} 个单元格；请分成几张表上传",
                    f"there is too much in it: at most {limits.rows} rows and {limits.cells} cells; split it",
                )
    except csv.Error as error:
        what = f"第 {reader.line_num} 行附近的引号没有配对，或一格超过 {limits.letters} 个字"
        raise _refused(
            what, f"near line {reader.line_num} a quote is open, or a cell holds more than {limits.letters} characters"
        ) from error
    return cells, encoding


def _kept(number: int, row: list[str], limits: Limits) -> Iterator[Cell]:
    for column, text in enumerate(row, start=1):
        if not text:
            continue
        if column > limits.columns:
            raise Unreadable(
                Refused(f"超出 {limits.columns} 列；请删去表外的内容", f"lies beyond {limits.columns} columns; delete what is there"),
                f"{letters_of(column)}{number}",
            )
        bare = text[1:] if text.startswith(INERT) and text[1:].startswith(DANGEROUS) else text
        yield Cell(column, number, bare if bare.upper() not in _ERRORS else Fault(_ERROR, bare))


_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
_ERROR = Refused("单元格是错误值；请改正公式或填入数值", "the cell is an error; correct the formula or enter a value")


def _refused(what: str, what_en: str) -> Unreadable:
    return Unreadable(Refused(what, what_en))


def write_csv(file: IO[bytes], rows: Iterable[Sequence[str | Decimal | date | None]]) -> None:
    """Write rows as a csv in UTF-8 with its mark. A text that a spreadsheet would take for a formula gets ``'`` before it."""
    text = TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([_written(value) for value in row])
    text.detach()


def _written(value: str | Decimal | date | None) -> str:
    if isinstance(value, str):
        safe = "".join(letter for letter in value if letter in "\n\t" or not ("\ud800" <= letter <= "\udfff" or ord(letter) < 32))
        return INERT + safe if safe.startswith(DANGEROUS) else safe
    return plain(value) if isinstance(value, Decimal) else value.isoformat() if value else ""
