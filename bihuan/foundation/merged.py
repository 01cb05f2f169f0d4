"""Which row stands for a row that was merged into another, over as many steps as it takes."""

from collections.abc import Iterable

from bihuan.foundation.models import Entry


def survivors(register: str, using: str = "default") -> dict[int, int]:
    """Every merged row of a register with the row that stands for it. A merge never closes a circle, so the walk ends."""
    into = dict(Entry.objects.using(using).filter(register=register, merged_into__isnull=False).values_list("pk", "merged_into_id"))
    return {number: _end(number, into) for number in into}


def _end(number: int, into: dict[int, int]) -> int:
    while number in into:
        number = into[number]
    return number


def survivor_of(entry: Entry) -> Entry:
    """The row that stands for this one; itself where it was not merged."""
    while entry.merged_into is not None:
        entry = entry.merged_into
    return entry


def titles(entries: Iterable[Entry]) -> str:
    """Some rows by their titles and keys, for a sentence."""
    return "、".join(f"{entry.title or entry.key}（{entry.key}）" for entry in entries)
