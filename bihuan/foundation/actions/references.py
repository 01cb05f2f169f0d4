"""Does what a row refers to exist, and is what must be unique there already? Asked in bulk, under the ledger's lock."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from bihuan.foundation.actions.writing import absent
from bihuan.foundation.checking import Incoming, Refusal, Value
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.loading import catalogue
from bihuan.foundation.models import Entry, Member, Office, Upload

FEW = 50
"""Up to so many rows are looked up one by one; of more, those that share the first field of the group are looked up together."""

AT_ONCE = 500
"""So many values stand in one condition."""

NAMES = {"office": ("单位", "office"), "person": ("人员", "person"), "entry": ("记录", "row"), "file": ("文件", "file")}


def refusals_of(view: RegisterView, rows: Sequence[dict[str, Value]], incoming: Sequence[Incoming], day: date) -> list[Refusal]:
    """A refusal for each reference to an office, person, row or file that is not there."""
    return [refusal for found in refusals_by_row(view, rows, incoming, day) for refusal in found]


def refusals_by_row(view: RegisterView, rows: Sequence[dict[str, Value]], incoming: Sequence[Incoming], day: date) -> list[list[Refusal]]:
    """The same, those of each row by themselves."""
    found: list[list[Refusal]] = [[] for _row in rows]
    for field, shape in view.shape.fields.items():
        if shape.kind not in NAMES:
            continue
        wanted = {str(values[field]) for values in rows if values.get(field)}
        missing = wanted - _existing(view, field, wanted, day) if wanted else wanted
        for refusals, values, row in zip(found, rows, incoming, strict=True):
            if str(values.get(field)) in missing:
                why = _why(view, field, str(values[field]), day)
                refusals.append(Refusal(field, shape.title, why, row.cells.get(field, "")))
    return found


def _why(view: RegisterView, field: str, word: str, day: date) -> Refused:
    shape = view.shape.fields[field]
    target = catalogue(day).referred(shape.of, view.pack) if shape.kind == "entry" else None
    if target and Entry.objects.filter(register=target.name, key=word, merged_into__isnull=False).exists():
        return absent(target.name, word)
    zh, en = NAMES[shape.kind]
    return Refused(f"没有名为“{word}”的{zh}", f"there is no {en} “{word}”", "")


def _existing(view: RegisterView, field: str, wanted: set[str], day: date) -> set[str]:
    shape = view.shape.fields[field]
    target = catalogue(day).referred(shape.of, view.pack) if shape.kind == "entry" else None
    names = sorted(wanted)
    found: set[str] = set()
    for start in range(0, len(names), 500):
        part = names[start : start + 500]
        match shape.kind:
            case "office":
                found.update(Office.objects.filter(code__in=part, closed=False).values_list("code", flat=True))
            case "person":
                found.update(Member.objects.filter(username__in=part, is_active=True).values_list("username", flat=True))
            case "file":
                found.update(Upload.objects.filter(digest__in=part).values_list("digest", flat=True))
            case _:
                rows = Entry.objects.filter(register=target.name if target else "", key__in=part, withdrawn=False)
                found.update(rows.values_list("key", flat=True))
    return found


def standing(view: RegisterView, group: Sequence[str], fresh: Sequence[Entry]) -> dict[tuple[str, ...], int]:
    """The rows of the register by their values of a group of fields, those at least that could clash with the fresh ones.

    A key stays taken when its row is withdrawn, because the ledger speaks of it; another group is free again.
    """
    everything = Entry.objects.filter(register=view.name)
    if list(group) == [view.shape.key]:
        return {(key,): number for key, number in _by_key(everything, fresh)}
    rows = everything.filter(withdrawn=False)
    found: dict[tuple[str, ...], int] = {}
    for same in _alike(view, group, fresh):
        found.update((tuple(str(data.get(field)) for field in group), number) for number, data in rows.filter(same).values_list("pk", "data").iterator())
    return found


def _alike(view: RegisterView, group: Sequence[str], fresh: Sequence[Entry]) -> Iterator[Q]:
    """Conditions that together hold all rows with the same values as a fresh one."""
    if len(fresh) <= FEW:
        same = Q(pk__in=[])
        for entry in fresh:
            same |= _same(view, group, entry)
        yield same
        return
    first = group[0]
    given = [value for entry in fresh if (value := entry.data.get(first)) is not None]
    if any(isinstance(value, list | dict) for value in given):
        yield Q()
        return
    values = list(dict.fromkeys(given))
    for start in range(0, len(values), AT_ONCE):
        part = values[start : start + AT_ONCE]
        yield Q(office__in=part) if first == view.shape.office else Q(**{f"data__{first}__in": part})


def _by_key(rows: QuerySet[Entry], fresh: Sequence[Entry]) -> Iterator[tuple[str, int]]:
    keys = [entry.key for entry in fresh]
    for start in range(0, len(keys), AT_ONCE):
        yield from rows.filter(key__in=keys[start : start + AT_ONCE]).values_list("key", "pk")


def _same(view: RegisterView, group: Sequence[str], entry: Entry) -> Q:
    """The rows with the same values; by an indexed column where a field has one."""
    same = Q()
    for field in group:
        value: Any = entry.data.get(field)
        if value is None:
            return Q(pk__in=[])
        same &= Q(office=value) if field == view.shape.office else Q(**{f"data__{field}": value})
    return same
