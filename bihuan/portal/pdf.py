"""A paper as a PDF/A, set by Typst from the same words, looks and widths as the Word file.

The compiler runs in this process and sees nothing else: its root and its packages are an empty folder, it has no network, and all that a
paper says goes in as JSON and comes out as text. The same paper on the same fonts gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.resources import files
from tempfile import TemporaryDirectory
from typing import Any, Final

import typst

from bihuan.portal import fonts, layout
from bihuan.portal.cited import COLUMNS, NOTE, TITLE_TEXT, Cited
from bihuan.portal.layout import Line, Look, fitting
from bihuan.portal.printed import Block, Printed

STANDARD: Final = "a-2b"
"""What an archive takes: fonts inside, no links to elsewhere. It also makes the compiler refuse a character that no font has."""
SHORT = 6 * layout.CHARACTERS
"""A last paragraph of so many characters moves to the next page whole; a longer one is moved down until it reaches over."""
SIGNED_LINES = 6
"""So many lines a signature takes at most, with the notice of an annex above it."""
HEADINGS = (layout.FIRST.key, layout.SECOND.key)
KEPT = 64

_LACKED = re.compile(r'the text `"(.+?)"` could not be displayed')
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
"""Characters that each font draws as it likes, as old systems used them for rare names: whatever is drawn is not what was meant."""
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


@dataclass(frozen=True)
class Made:
    """A file, and the characters that no font of this machine has: they stand in it as empty boxes, or as something else."""

    content: bytes
    missing: tuple[str, ...] = ()


def pdf(words: Printed, cited: Sequence[Cited] = ()) -> Made:
    """The paper as a PDF. ``cited``: the sources of its figures, printed as an annex."""
    return _made(json.dumps(_told(words, cited), ensure_ascii=False, sort_keys=True), words.day.toordinal())


@lru_cache(maxsize=KEPT)
def _made(told: str, day: int) -> Made:
    at = datetime.fromordinal(day).replace(tzinfo=UTC)
    with TemporaryDirectory() as empty:
        confined: dict[str, Any] = {
            "root": empty, "font_paths": fonts.installed(), "package_path": empty, "package_cache_path": empty,
        }  # fmt: skip
        for hold in _holds(json.loads(told)["blocks"]):
            confined["sys_inputs"] = {"paper": told, "hold": json.dumps(hold)}
            if _signed_with_text(confined):
                break
        private = tuple(dict.fromkeys(_PRIVATE.findall(told)))
        try:
            return Made(typst.compile(_template(), format="pdf", timestamp=at, pdf_standards=STANDARD, **confined), private)
        except typst.TypstError as error:
            lacking = missing_in(error.diagnostic)
            if not lacking:
                raise
            missing = tuple(dict.fromkeys([*lacking, *private]))
        return Made(typst.compile(_template(), format="pdf", timestamp=at, **confined), missing)


def _holds(blocks: Sequence[dict[str, Any]]) -> Iterator[dict[str, int | None]]:
    """How the end of the body may be kept with the signature, in the order in which it is tried."""
    yield {"break-at": None, "lines": 0}
    if not blocks:
        return
    last = len(blocks) - 1
    if blocks[last]["kind"] == "table":
        yield {"break-at": last, "lines": 0}
    elif len(blocks[last]["text"]) <= SHORT:
        first = last
        while first and blocks[first - 1].get("look") in HEADINGS:
            first -= 1
        yield {"break-at": first, "lines": 0}
    else:
        yield from ({"break-at": None, "lines": lines} for lines in range(1, SIGNED_LINES + 1))


def _signed_with_text(confined: dict[str, Any]) -> bool:
    """Whether the signature stands on the page on which the body ends."""
    pages = dict(json.loads(typst.query(_template(), "metadata", field="value", **confined)))
    return "held" not in pages or pages["held"] == pages["signed"]


@cache
def _template() -> bytes:
    return files("bihuan.portal").joinpath("paper.typ").read_bytes()


def missing_in(diagnostic: str) -> tuple[str, ...]:
    """The characters that the compiler said no font has, each once."""
    found = (_ESCAPED.sub(lambda one: chr(int(one[1], 16)), text) for text in _LACKED.findall(diagnostic))
    return tuple(dict.fromkeys(found))


# --- what the template is told


def _told(words: Printed, cited: Sequence[Cited]) -> dict[str, Any]:
    behind = layout.signed_indents(words)
    head_look = layout.LETTER_HEAD if words.letter else layout.HEAD
    return {
        "letter": words.letter, "head": fitting(words.red_head), "head-size": layout.head_size(words.red_head, head_look),
        "mark": layout.mark_of(words), "number": fitting(words.number), "title": fitting(words.title), "title-sides": layout.title_indent(words.title),
        "to": fitting(words.to), "blocks": [_block(block) for block in words.blocks], "notice": f"附件：{TITLE_TEXT}" if cited else "",
        "sender": fitting(words.sender), "dated": words.dated, "behind": behind, "annex": _annex(cited) if cited else None,
        "imprint": [[fitting(text) for text in line] for line in layout.imprint_lines(words)], "day": [words.day.year, words.day.month, words.day.day],
        **_settings(),
    }  # fmt: skip


@cache
def _settings() -> dict[str, Any]:
    return {
        "looks": {look.key: asdict(look) for look in layout.LOOKS}, "fonts": {font: _chain(font) for font in fonts.OTHERS}, "hei": fonts.HEI,
        "red": layout.RED, "line": layout.LINE, "size": layout.BODY, "tracking": layout.TRACKING / 20, "character": layout.CHARACTER,
        "margins": [layout.TOP, layout.BOTTOM, layout.LEFT, layout.RIGHT],
    }  # fmt: skip


def _chain(font: str) -> list[Any]:
    """Latin letters and figures in their own font, but for the page number, which the standard wants in Song; then the Chinese ones."""
    latin = [] if font == fonts.SONG else [{"name": name, "covers": "latin-in-cjk"} for name in fonts.chain(fonts.LATIN)[:1]]
    return [*latin, *fonts.chain(font)]


def _block(block: Block) -> dict[str, Any]:
    if block.kind != "table":
        return {"kind": "text", "look": layout.OF_KIND[block.kind].key, "text": fitting(block.text)}
    return {"kind": "table", "title": fitting(block.title), "table": _table(block.columns, block.rows, layout.CELLS)}


def _table(columns: Line, rows: Sequence[Line], looks: tuple[Look, Look, Look]) -> dict[str, Any]:
    look = layout.cell_look(columns, looks)
    return {
        "columns": [fitting(text) for text in columns], "rows": [[fitting(text) for text in row] for row in rows], "none": layout.NO_ROWS,
        "widths": [width / 20 for width in layout.widths(columns, rows, look)], "aligns": layout.aligns(columns, rows), "look": look.key,
    }  # fmt: skip


def _annex(cited: Sequence[Cited]) -> dict[str, Any]:
    return {"title": TITLE_TEXT, "note": NOTE, "table": _table(COLUMNS, [one.cells for one in cited], layout.SMALL)}
