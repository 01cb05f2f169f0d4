"""What a house rule is: its demand in both languages, a function that finds what offends it, and a good and a bad sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from bihuan.foundation.grammar.errors import Place
from bihuan.foundation.grammar.views import Catalogue, RegisterView


class Hit(NamedTuple):
    """One offence: where, what (in both languages), and a correct example."""

    place: Place
    what: str
    what_en: str
    example: str


@dataclass(frozen=True)
class World:
    """What the rules look at: linked packs, and the day they are looked at."""

    catalogue: Catalogue
    at: date

    @property
    def views(self) -> Iterator[RegisterView]:
        """Every register."""
        yield from self.catalogue.registers.values()


@dataclass(frozen=True)
class Rule:
    """One house rule. ``demand`` says what it asks and why. ``advice``: it is told, but does not fail the check.

    Samples are sections of a mechanism, laid over those of ``samples.BASE``; a line ``=== name`` begins another file of the pack.
    """

    name: str
    demand: str
    demand_en: str
    check: Callable[[World], Iterator[Hit]]
    good: str
    bad: str
    advice: bool = False
