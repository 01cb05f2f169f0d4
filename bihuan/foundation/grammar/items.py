"""What a linked pack is made of: each declared thing with its full name, the register it works on and the place it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from bihuan.foundation.grammar.errors import Place
from bihuan.foundation.grammar.yaml_text import Lines, Path

T = TypeVar("T", covariant=True)


@dataclass(frozen=True)
class Item(Generic[T]):
    """One light, clock, indicator … of one mechanism. ``register`` is the full name of the register it works on."""

    key: str
    pack: str
    mechanism: str
    register: str
    shape: T
    lines: Lines
    path: Path

    @property
    def name(self) -> str:
        """Its full name, ``pack.mechanism.key``."""
        return f"{self.pack}.{self.mechanism}.{self.key}"

    @property
    def short(self) -> str:
        """Its name inside the pack, ``mechanism.key``."""
        return f"{self.mechanism}.{self.key}"

    @property
    def place(self) -> Place:
        """Where it is written."""
        return self.lines.place(*self.path)

    def at(self, *path: str | int) -> Place:
        """Where a key inside it is written."""
        return self.lines.place(*self.path, *path)


class Items(dict[str, Item[T]]):
    """Items by ``mechanism.key``; where two packs work on one register with the same short name, the later has its full name."""

    def add(self, item: Item[T]) -> None:
        """Take one more in."""
        self[item.name if item.short in self else item.short] = item

    def found(self, word: str) -> list[Item[T]]:
        """Every item that ``word`` may mean: a full name, ``mechanism.key``, or the key alone."""
        return [item for item in self.values() if word in (item.key, item.short, item.name)]

    def find(self, word: str, mechanism: str = "") -> Item[T] | None:
        """The one item that ``word`` means, or None where there is none or more than one; an item of ``mechanism`` comes first."""
        found = self.found(word)
        own = [item for item in found if item.mechanism == mechanism]
        return own[0] if len(own) == 1 else found[0] if len(found) == 1 else None

    def find_only(self, mechanism: str) -> Item[T] | None:
        """The one item of a mechanism, or, where it has none, the only one there is; else None."""
        own = [item for item in self.values() if item.mechanism == mechanism] or list(self.values())
        return own[0] if len(own) == 1 else None
