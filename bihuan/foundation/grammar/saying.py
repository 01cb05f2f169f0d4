"""A sentence in both languages, made where the numbers are, so that no page has to translate a rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol


class Said(NamedTuple):
    """One sentence, in Chinese and in English."""

    zh: str
    en: str

    def text(self, language: str = "zh") -> str:
        """The sentence in a language: ``zh`` or ``zh-hans`` for Chinese, anything else for English."""
        return self.zh if language.startswith("zh") else self.en

    def head(self, language: str = "zh") -> str:
        """The same where it stands alone: English words, which packs write as they stand within a sentence, begin with a capital."""
        text = self.text(language)
        return text[:1].upper() + text[1:]

    def __str__(self) -> str:
        return self.zh


class Titled(Protocol):
    """Anything with a title, and perhaps an English one."""

    @property
    def title(self) -> str:
        """The Chinese title."""

    @property
    def title_en(self) -> str:
        """The English title, or nothing."""


def both(shape: Titled) -> Said:
    """The title of something in both languages; the Chinese one where no pack wrote the English."""
    return Said(shape.title, shape.title_en or shape.title)


NOTHING_SAID = Said("", "")

COMPARED = {
    ">=": Said("不低于", "at least"), "<=": Said("不高于", "at most"), ">": Said("高于", "more than"), "<": Said("低于", "less than"),
    "=": Said("等于", "exactly"), "<>": Said("不等于", "other than"), "~": Said("约为", "about"),
}  # fmt: skip
"""How a comparison is said where people read it."""


def joined(parts: Iterable[Said]) -> Said:
    """Several sentences as one: ``；`` between the Chinese ones, ``; `` between the English ones."""
    said = list(parts)
    return Said("；".join(part.zh for part in said if part.zh), "; ".join(part.en for part in said if part.en))
