"""In which order packs and registers stand on pages: by the smallest code of a mechanism they hold, then as declared.

Codes number a city's mechanisms (``A02-07``); a register holds its own mechanism and every other that works on it.
"""

import re
from collections.abc import Iterable

from bihuan.foundation.grammar.packs import Pack
from bihuan.foundation.grammar.views import Catalogue, RegisterView

Rank = tuple[bool, tuple[tuple[str, int], ...]]


def packs(catalogue: Catalogue) -> list[Pack]:
    """The packs in force."""
    ranks = {key: min((_rank(mechanism.code) for mechanism in pack.mechanisms.values()), default=_rank("")) for key, pack in catalogue.packs.items()}
    return sorted(catalogue.packs.values(), key=lambda pack: ranks[pack.key])


def registers(catalogue: Catalogue, chosen: Iterable[RegisterView] | None = None) -> list[RegisterView]:
    """The chosen registers, by default all, those of one pack together."""
    places = {pack.key: place for place, pack in enumerate(packs(catalogue))}
    ranks: dict[str, Rank] = {}
    for name, item in catalogue.mechanisms.items():
        for held in (name, item.register):
            ranks[held] = min(ranks.get(held, _rank("")), _rank(item.shape.code))
    views = catalogue.registers.values() if chosen is None else chosen
    return sorted(views, key=lambda view: (places[view.pack], ranks.get(view.name, _rank(""))))


def _rank(code: str) -> Rank:
    """Where a code stands: letters by their alphabet, numbers by their size (A02-9 before A02-10), none at the end."""
    return not code, tuple((word, int(number or 0)) for word, number in re.findall(r"(\D*)(\d*)", code))
