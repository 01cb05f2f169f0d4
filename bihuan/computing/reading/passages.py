"""Lines become paragraphs: wrapped lines joined, widths unified, stray blanks and doubled glyphs removed, every character with its line.

Nothing is lost: a passage keeps what was printed beside what is read, so a quote is verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST = 4000
"""Characters of the longest paragraph."""

WIDEST = 60
"""Characters of the longest line that was wrapped; longer ones are paragraphs."""

FULL, MANY = 0.85, 0.28
"""A line is full from this part of the width on; a document of which so great a part of the lines is full was wrapped."""

_ENDS = "。!?;:…！？；："
_MARK = r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[章节条部篇]|\d{1,2}[.．、](?!\d)|■|●|★|◆|附件)"
_MARKED = re.compile(rf"\s*{_MARK}")
_ENDED = re.compile(r"[。!?！？][”）)]*[\d①-⑳■●]?$")
_DOUBLED = re.compile(r"(?:(\S)\1){5,}")
_LATIN = re.compile(r"[A-Za-z]")
_PAGE = re.compile(r"\s*(?:[-—–·•]\s*)?\d{1,4}\s*(?:[-—–·•])?\s*$|\s*第\s*\d+\s*页.*$")

Glyph = tuple[str, str, int]
"""A character as read, what was printed for it (with blanks after it), and its line."""


@dataclass(frozen=True)
class Passage:
    """One paragraph. ``text`` is what is read; ``printed[i]`` and ``lines[i]`` say how and in which line character i stood."""

    text: str
    printed: tuple[str, ...]
    lines: tuple[int, ...]

    def quote(self, start: int, end: int) -> str:
        """What was printed from ``start`` to ``end``, without line breaks."""
        return "".join(self.printed[start:end]).strip()


def passages(lines: Sequence[str]) -> list[Passage]:
    """The paragraphs of a document's lines; lines count from 1. Empty lines and page numbers are no paragraphs."""
    return [passage for group in _groups(lines) for passage in _pieces(_passage(group)) if passage.text]


def _groups(lines: Sequence[str]) -> Iterable[list[tuple[int, str]]]:
    """Numbered lines that belong to one paragraph."""
    width = _width(lines)
    wrapped = _is_wrapped(lines, width)
    group: list[tuple[int, str]] = []
    blank = True
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            blank = True
        if not line.strip() or _PAGE.match(line):
            continue
        if group and ((not wrapped and _bare(group[-1][1]) and _bare(line)) or not _continues(group[-1][1], line, blank, width)):
            yield group
            group = []
        group.append((number, line))
        blank = False
    if group:
        yield group


def _width(lines: Sequence[str]) -> int:
    """How long a full line of the document is: nine lines of ten are no longer."""
    lengths = sorted(len(line.strip()) for line in lines if line.strip())
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _is_wrapped(lines: Sequence[str], width: int) -> bool:
    """Whether a document's lines were broken to a width: then many of them are as long as any. The items of a list are not."""
    lengths = [len(line.strip()) for line in lines if line.strip()]
    return sum(length >= FULL * width for length in lengths) >= MANY * len(lengths)


def _bare(line: str) -> bool:
    """Whether a line has no mark that divides or ends a sentence."""
    return not re.search("[，,。；;：:]", line)


def _continues(before: str, line: str, blank: bool, width: int) -> bool:  # noqa: FBT001 - one fact about the two lines
    """Whether ``line`` goes on with the sentence of ``before``, which may be wrapped or cut by a column."""
    before = before.strip()
    if _MARKED.match(line) or line.startswith(("\u3000\u3000", "    ")):
        return False
    if blank and (_ENDED.search(before) or (_MARKED.match(before) and _short(before))):
        return False
    full = len(before) >= width * (0.6 if width <= 30 else 0.8) and width <= WIDEST
    if before[-1] in _ENDS + "”）)":
        return full and not blank and before[-1] not in "；;：:" and not _short(before)
    if _short(before) and not full:
        return False
    titled = _MARKED.match(before) and not blank and before[-1] not in "，,、"
    if width > WIDEST and len(before) <= WIDEST and (titled or not re.search("[，,。；;]", before)):
        return False  # its lines are whole paragraphs, and this one is a title
    return not (blank and _short(line) and _short(before))


def _short(line: str) -> bool:
    """Whether a line looks like a title: short, and with no mark inside that divides clauses."""
    line = line.strip()
    return len(line) <= 36 and not re.search(r"[，,。；;、]", line.lstrip("（(一二三四五六七八九十)）、"))


def _passage(group: Iterable[tuple[int, str]]) -> Passage:
    glyphs: list[Glyph] = []
    for number, line in group:
        glyphs.extend((_narrow(letter), letter, number) for letter in line.strip())
        glyphs.append((" ", "", number))
    glyphs = _without_blanks(_single(glyphs))
    return Passage("".join(glyph[0] for glyph in glyphs), tuple(glyph[1] for glyph in glyphs), tuple(glyph[2] for glyph in glyphs))


def _pieces(passage: Passage) -> Iterable[Passage]:
    """A passage that is longer than any paragraph is, cut after sentences: what is read of one must not grow with its square."""
    start = 0
    while start < len(passage.text):
        end = min(start + LONGEST, len(passage.text))
        if end < len(passage.text):
            cuts = [passage.text.rfind(mark, start + LONGEST // 2, end) + 1 for mark in ("。", ";", ",")]
            end = next((cut for cut in cuts if cut), end)
        yield Passage(passage.text[start:end], passage.printed[start:end], passage.lines[start:end])
        start = end


def _narrow(letter: str) -> str:
    """Full-width letters, digits and marks as half-width ones; other blanks as a blank."""
    if "\uff01" <= letter <= "\uff5e":
        return chr(ord(letter) - 0xFEE0)
    return " " if letter.isspace() or letter in "\u200b\ufeff\u00ad" else letter


def _single(glyphs: list[Glyph]) -> list[Glyph]:
    """Glyphs printed twice to look bold, once: five pairs in a row with four different letters are no accident."""
    text = "".join(glyph[0] for glyph in glyphs)
    dropped = {at + 1 for run in _DOUBLED.finditer(text) if len(set(run[0])) >= 4 for at in range(run.start(), run.end(), 2)}
    return [glyph for at, glyph in enumerate(glyphs) if at not in dropped]


def _without_blanks(glyphs: list[Glyph]) -> list[Glyph]:
    """Leave blanks only between Latin words; a digit or a Chinese character needs none beside it."""
    kept: list[Glyph] = []
    following = ""
    follows = [""] * len(glyphs)
    for at in range(len(glyphs) - 1, -1, -1):
        following = glyphs[at][0] if glyphs[at][0] != " " else following
        follows[at] = following
    for at, (letter, printed, line) in enumerate(glyphs):
        if letter != " ":
            kept.append((letter, printed, line))
            continue
        after = follows[at]
        before = kept[-1][0] if kept else ""
        if (_LATIN.match(before) and _LATIN.match(after)) or (
            printed and before.isdigit() and after.isdigit() and not _grouped(glyphs, at)
        ):
            kept.append((" ", printed, line))
        elif kept:
            kept[-1] = (before, kept[-1][1] + printed, kept[-1][2])
    return kept


def _grouped(glyphs: list[Glyph], at: int) -> bool:
    """Whether the blank at ``at`` divides one number: single digits spread out, or a group of three."""
    text = "".join(glyph[0] for glyph in glyphs[max(0, at - 8) : at + 8])
    middle = min(at, 8)
    before = re.search(r"[\d.]+$", text[:middle])
    after = re.match(r" [\d.]+", text[middle:])
    if not before or not after:
        return False
    right = after[0].strip().split(".")[0]
    return len(right) == 3 or (len(before[0]) <= 2 and len(right) == 1)
