"""Packs: on disk as somebody edits them, and in the database as they were adopted. Only what was adopted counts."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from bihuan.foundation.grammar.catalogue import Catalogue, link
from bihuan.foundation.grammar.fingerprints import Change, difference
from bihuan.foundation.grammar.packs import Pack, read_pack
from bihuan.foundation.models import PackVersion
from bihuan.foundation.remembered import Head, remembered

Version = tuple[str, int, str, str]
"""What names an adopted pack: its key, its number, its two fingerprints."""


def shipped() -> dict[str, Path]:
    """The folders of the packs that come with Bihuan, by their keys."""
    root = Path(str(files("bihuan.applications")))
    return {folder.name: folder for folder in sorted(root.iterdir()) if (folder / "pack.yaml").is_file()}


def versions_on(day: date, until: int | None = None) -> tuple[Version, ...]:
    """The version of each pack in force on a day: of those adopted to count from that day or before, the last adopted.

    With `until` only what the ledger had adopted up to that entry counts.
    """
    found: dict[str, Version] = {}
    rows = PackVersion.objects.filter(in_force_from__lte=day).order_by("number")
    if until is not None:
        rows = rows.filter(seq__lte=until)
    for row in rows.values_list("pack", "number", "numbers_fingerprint", "words_fingerprint"):
        found[row[0]] = row
    return tuple(found[pack] for pack in sorted(found))


def catalogue(day: date, until: int | None = None, head: Head | None = None) -> Catalogue:
    """Everything the packs in force on a day say, linked; with `until` those adopted up to that entry of the ledger.

    The same object until another version comes into force. Where the ledger's ``head`` is at hand, nothing is asked again until it moves.
    """
    if other := _instead.get():
        return other
    return _linked(remembered(head, ("packs in force", day, until), lambda: versions_on(day, until)) if head else versions_on(day, until))


def catalogue_of(packs: Iterable[tuple[str, int]]) -> Catalogue:
    """Some versions of packs, each by its key and number, linked: the rules a list of payments was made by."""
    rows = [PackVersion.objects.get(pack=pack, number=number) for pack, number in packs]
    return _linked(tuple((row.pack, row.number, row.numbers_fingerprint, row.words_fingerprint) for row in rows))


@contextmanager
def instead(other: Catalogue) -> Iterator[None]:
    """Within the block other packs are in force, on every day: how worked examples run packs that nobody adopted."""
    before = _instead.set(other)
    try:
        yield
    finally:
        _instead.reset(before)


_instead: ContextVar[Catalogue | None] = ContextVar("packs in force instead of those adopted", default=None)


def editions(packs: Iterable[str]) -> list[tuple[date, str, int]]:
    """Every adopted version of some packs: the day it counts from, the pack, its number."""
    rows = PackVersion.objects.filter(pack__in=sorted(packs)).order_by("in_force_from", "number")
    return list(rows.values_list("in_force_from", "pack", "number"))


def pack_on(pack: str, day: date) -> Pack | None:
    """The adopted pack in force on a day, or None."""
    return next((one for one in packs_on(day) if one.key == pack), None)


@lru_cache(maxsize=8)
def _linked(versions: tuple[Version, ...]) -> Catalogue:
    return link([_read(version) for version in versions])


@lru_cache(maxsize=64)
def _read(version: Version) -> Pack:
    row = PackVersion.objects.get(pack=version[0], number=version[1])
    return read_pack(row.files)


def linked_with(pack: Pack, day: date) -> Catalogue:
    """What would be in force on a day if this pack were adopted. Raises PackError where it does not fit the others."""
    return link([*(other for other in packs_on(day) if other.key != pack.key), pack])


def packs_on(day: date) -> list[Pack]:
    """The packs in force on a day."""
    return [_read(version) for version in versions_on(day)]


@dataclass(frozen=True)
class Plan:
    """What adopting a pack would change, by mechanism: changes that move numbers, and changes of words only."""

    pack: str
    since: date
    number: int
    changes: Mapping[str, tuple[Change, ...]]

    @property
    def moves_numbers(self) -> bool:
        """Whether any change can change a result."""
        return any(change.number for changes in self.changes.values() for change in changes)


def plan(pack: Pack, since: date) -> Plan:
    """Compare a pack with the version in force on the day it would count from. Raises PackError where it does not fit the others."""
    linked_with(pack, since)
    old = pack_on(pack.key, since)
    before = old.mechanisms if old else {}
    keys = [*pack.mechanisms, *(key for key in before if key not in pack.mechanisms)]
    changes = {key: tuple(difference(before.get(key), pack.mechanisms.get(key))) for key in keys}
    head = tuple(difference(old.head if old else None, pack.head))
    return Plan(
        pack=pack.key,
        since=since,
        number=next_number(pack.key),
        changes={key: found for key, found in {"": head, **changes}.items() if found},
    )


def next_number(pack: str) -> int:
    """The number the next adopted version of a pack gets."""
    last = PackVersion.objects.filter(pack=pack).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1
