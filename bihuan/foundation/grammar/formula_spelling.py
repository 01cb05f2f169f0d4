"""How a checked formula reads: pieces that know both languages, so that no page translates a formula by replacing words in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bihuan.foundation.grammar.formula_types import Name
from bihuan.foundation.grammar.saying import Said

TODAY, YES, NO = Said("今天", "today"), Said("是", "yes"), Said("否", "no")


@dataclass(frozen=True, slots=True)
class Gathering:
    """A sum, an average or a count inside a formula: ``words`` are a formula by themselves."""

    words: Spelling


Piece = str | Said | Name | Gathering
"""The same in both languages; said in each; a name by its title; an aggregate."""

Placed = Callable[[Piece], Said | None]
"""What stands in place of a piece where somebody reads the formula with its numbers; None where the piece itself does."""


def as_written(_piece: Piece) -> Said | None:
    """Nothing in place of anything."""
    return None


@dataclass(frozen=True, slots=True)
class Spelling:
    """A formula, or part of one, in words. As text it is in Chinese, and compiles again."""

    pieces: tuple[Piece, ...]

    def said(self, placed: Placed = as_written) -> Said:
        """The words in both languages."""
        found = [placed(piece) or _said(piece, placed) for piece in self.pieces]
        return Said("".join(one.zh for one in found), "".join(one.en for one in found))

    def __str__(self) -> str:
        return self.said().zh


def _said(piece: Piece, placed: Placed) -> Said:
    match piece:
        case Said():
            return piece
        case str():
            return Said(piece, piece)
        case Name():
            return piece.said
        case Gathering():
            return piece.words.said(placed)


def spell(*parts: Piece | Spelling) -> Spelling:
    """Parts one after another."""
    return Spelling(tuple(piece for part in parts for piece in (part.pieces if isinstance(part, Spelling) else (part,))))


def parted(between: Piece, parts: Sequence[Spelling]) -> Iterator[Piece | Spelling]:
    """The parts with something between each two."""
    for place, part in enumerate(parts):
        if place:
            yield between
        yield part


def quoted(text: str, english: str = "") -> Spelling:
    """A fixed text, in English where it is a choice that the pack wrote in English."""
    return spell(Said(*("'" + words.replace("'", "''") + "'" for words in (text, english or text))))
