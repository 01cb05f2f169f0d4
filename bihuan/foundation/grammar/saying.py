"""A sentence in both languages, made where the numbers are, so that no page has to translate a rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Said(NamedTuple):
    """One sentence, in Chinese and in English."""

    zh: str
    en: str

    def text(self, language: str = "zh") -> str:
        """The sentence in a language: ``zh`` or ``zh-hans`` for Chinese, anything else for English."""
        return self.zh if language.startswith("zh") else self.en

    def __str__(self) -> str:
        return self.zh


NOTHING_SAID = Said("", "")


def joined(parts: Iterable[Said]) -> Said:
    """Several sentences as one: ``；`` between the Chinese ones, ``; `` between the English ones."""
    said = list(parts)
    return Said("；".join(part.zh for part in said if part.zh), "; ".join(part.en for part in said if part.en))
