"""A paper as it is printed: its words in the order of GB/T 9704-2012, in Chinese whatever the reader's language, each figure with its source."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.conf import settings

from bihuan.computing.passages import anchor_of, spans
from bihuan.foundation.models import Paper

Kind = Literal["heading", "subheading", "text", "table"]

NO_DATE = "\u3000\u3000\u3000\u3000年\u3000月\u3000日"
"""Left open in a draft: the day of issue is not known."""
NO_SENDER = "（发文机关待定）"
MARKS = {**dict.fromkeys(Paper.WAITING, "草稿"), "dropped": "作废"}
APPENDIX = "数据来源"

_HEADING = re.compile(r"[一二三四五六七八九十]+、[^。]{1,40}$")
_SUBHEADING = re.compile(r"（[一二三四五六七八九十]+）[^。]{1,40}。?$")


@dataclass(frozen=True)
class Source:
    """Where one printed figure or table comes from, as `computing.papers` noted it. ``kind``: field, computed, indicator, score, rows or person."""

    name: str
    value: str
    kind: str
    of: str
    entry: str = ""
    group: str = ""
    where: str = ""
    day: str = ""


@dataclass(frozen=True)
class Piece:
    """A stretch of a paragraph: plain words, or one figure with its source."""

    text: str
    source: Source | None = None


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or a table of the body. ``anchor``: its place in the page, as the archive's search names it."""

    kind: Kind
    pieces: tuple[Piece, ...] = ()
    title: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    source: Source | None = None
    anchor: str = ""

    @property
    def text(self) -> str:
        """The words of a paragraph."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Printed:
    """Everything that is printed. ``mark`` is 草稿 or 作废, or empty once issued; ``letter``: laid out as a letter (函), not as a document.

    ``day`` is that of issue, or of the draft.
    """

    sender: str
    letter: bool
    mark: str
    number: str
    title: str
    to: str
    blocks: tuple[Block, ...]
    dated: str
    day: date

    @property
    def red_head(self) -> str:
        """The red words at the top: a document adds 文件 to its sender's name, a letter does not."""
        return self.sender if self.letter else f"{self.sender}文件"

    @property
    def sources(self) -> Iterator[tuple[str, Source]]:
        """Every source in the order of the body, with what it is called there."""
        for block in self.blocks:
            yield from ((piece.source.name, piece.source) for piece in block.pieces if piece.source)
            if block.source:
                yield block.title, block.source


def printed(paper: Paper) -> Printed:
    """The paper in its printed words. A draft has neither number nor date, whatever its record holds."""
    content: Mapping[str, Any] = paper.content
    issued = paper.out
    return Printed(
        sender=full_name(str(content.get("sender") or "")),
        letter=paper.title.endswith("函"),
        mark=MARKS.get(paper.state, ""),
        number=paper.number if issued else "",
        title=paper.title,
        to=f"{paper.recipient.rstrip('：:')}：" if paper.recipient else "",
        blocks=tuple(_blocks(content.get("parts", ()))),
        dated=chinese_day(paper.issued_on) if issued and paper.issued_on else NO_DATE,
        day=paper.issued_on or paper.drafted_on,
    )


def full_name(sender: str) -> str:
    """An office's full name: packs write 市发改委 for the office of whichever city they run in. A demo city's name says that it is one."""
    city = settings.BIHUAN_CITY
    return f"{city}{sender[1:]}" if sender.startswith("市") and city.partition("（")[0].endswith("市") else sender or NO_SENDER


def chinese_day(day: date) -> str:
    """A day as official documents write it, without leading zeros: 2025年7月8日."""
    return f"{day.year}年{day.month}月{day.day}日"


def html_parts(paper: Paper, walk: Callable[[Source], str], appendix: str = "", find: str = "") -> dict[str, Any]:
    """The ``paper`` of the page `portal/paper.html`. ``walk`` gives a source the address that explains it, or nothing; ``find`` are words to mark."""
    words = printed(paper)
    asked = find.split()
    return {
        "red_head": words.red_head, "number": words.number, "title": words.title, "to": words.to, "sign": words.sender, "dated": words.dated,
        "copies": "", "printed_by": words.sender, "printed_on": f"{words.dated}印发", "attachment": f"附件：{appendix}" if appendix else "",
        "draft": not paper.out, "blocks": [_shaped(block, walk, asked) for block in words.blocks],
    }  # fmt: skip


def _shaped(block: Block, walk: Callable[[Source], str], asked: Sequence[str]) -> dict[str, Any]:
    pieces = [
        {"text": text, "hit": hit, "href": walk(piece.source) if piece.source else ""}
        for piece in block.pieces
        for text, hit in chunks(piece.text, asked)
    ]
    rows = [{"anchor": f"{block.anchor}-{at}", "cells": list(row)} for at, row in enumerate(block.rows)]
    return {"kind": block.kind, "pieces": pieces, "title": block.title, "columns": list(block.columns), "rows": rows, "anchor": block.anchor}


def chunks(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """A text cut at the words looked for: each stretch, and whether it is one of them."""
    cut, done = [], 0
    for first, last in spans(text, words):
        cut += [(text[done:first], False), (text[first:last], True)]
        done = last
    return [(part, hit) for part, hit in [*cut, (text[done:], False)] if part]


def _blocks(parts: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    for place, part in enumerate(parts):
        if "text" in part:
            yield from _paragraphs(place, tuple(_pieces(str(part["text"]), part.get("sources", ()))))
        else:
            source = next(iter(part.get("sources", ())), None)
            rows = tuple(tuple(str(cell) for cell in line) for line in part["lines"])
            title = str(part.get("title") or "")
            yield Block(
                "table", title=title, columns=tuple(part["heading"]), rows=rows, source=_source(source, title) if source else None, anchor=anchor_of(place)
            )  # fmt: skip


def _paragraphs(place: int, pieces: Sequence[Piece]) -> Iterator[Block]:
    """One block for each line of a text; a line that reads like a heading is one."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *others = piece.text.split("\n")
        lines[-1].append(Piece(first, piece.source))
        lines.extend([Piece(other, piece.source)] for other in others)
    for number, line in enumerate(lines):
        kept = tuple(piece for piece in line if piece.text)
        text = "".join(piece.text for piece in kept)
        if text.strip():
            kind: Kind = "heading" if _HEADING.match(text) else "subheading" if _SUBHEADING.match(text) else "text"
            yield Block(kind, kept, anchor=anchor_of(place, number))


def _pieces(text: str, sources: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
    """The text cut at its figures."""
    done = 0
    for raw in sources:
        source, start = _source(raw, ""), int(raw.get("offset", -1))
        if start < done or not text.startswith(source.value, start):
            continue
        if start > done:
            yield Piece(text[done:start])
        yield Piece(source.value, source)
        done = start + len(source.value)
    if done < len(text):
        yield Piece(text[done:])


def _source(raw: Mapping[str, Any], title: str) -> Source:
    held = {name: str(raw.get(name) or "") for name in ("name", "value", "kind", "of", "entry", "group", "where", "day")}
    return Source(**{**held, "name": held["name"] or title})
