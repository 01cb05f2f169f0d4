"""Changing many rows at once, as a sheet does: one entry of the ledger for all of them, or nothing."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bihuan.foundation.access import Actor, charge, may
from bihuan.foundation.actions import clockwork, gates, references
from bihuan.foundation.actions.entries import Edit, Values, amended, change_body, in_charge, locked, missing, refuse, taken_by_row
from bihuan.foundation.actions.writing import BY_HAND, Conflict, Source, allow, day_of, record, view_of
from bihuan.foundation.checking import Incoming, Refusal, check_row
from bihuan.foundation.grammar.catalogue import RegisterView
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.ledger import New, writing
from bihuan.foundation.models import Entry, Event

MOST = 500
"""So many keys are asked for in one query."""


def change_entries(actor: Actor, register: str, edits: Mapping[str, Edit], at: datetime, source: Source = BY_HAND) -> Event | None:
    """Change fields of rows, given by key, all of them or none; None where every value stands already.

    Raises what `change_entry` raises, Rejected with every refusal of every row.
    """
    view = view_of(register, at)
    allow(may(actor, "change", view))
    read = {key: check_row(view.shape, Incoming(edit.values, edit.cells), whole=False) for key, edit in edits.items()}
    refuse([refusal for _values, refusals in read.values() for refusal in refusals])
    with writing():
        entries = entries_by_key(register, list(edits))
        refuse(_absent(view, entries, edits))
        changed = _changed(entries, edits, {key: values for key, (values, _refusals) in read.items()})
        if not changed:
            return None
        after = {key: amended(view, entries[key], values) for key, values in changed.items()}
        rows = [Incoming(edits[key].values, edits[key].cells) for key in changed]
        refuse([refusal for key in changed for refusal in locked(view, entries[key])])
        wrong = refusals_by_row(view, list(after.values()), list(changed.values()), rows, day_of(at))
        refuse([refusal for refusals in wrong for refusal in refusals])
        reach = charge(actor, view)
        for row in [entries[key] for key in changed] + list(after.values()):
            if not reach.holds(row):
                allow(in_charge(actor, view, row))
        body = [_body(view, entries[key], after[key], changed[key], edits[key]) for key in changed]
        relocated = [after[key] for key in changed if after[key].office != entries[key].office]
        duties = clockwork.merged(clockwork.on_dates(view, [(after[key], values) for key, values in changed.items()]), clockwork.moved_office(relocated))
        return record(New("entries.changed", {"edits": body, **source.body(), **duties.body()}, actor.username, at, register))


def refusals_by_row(view: RegisterView, after: Sequence[Entry], changed: Sequence[Values], rows: Sequence[Incoming], day: date) -> list[list[Refusal]]:
    """Why each row may not be as it will be: emptied, referring to nothing, there already, or against what must always hold."""
    unknown = references.refusals_by_row(view, changed, rows, day)
    there = taken_by_row(view, after, rows)
    broken = gates.refusals_by_row(view, view.shape.always, after, day)
    return [
        [*missing(view, values, row), *unknown[place], *there[place], *([broken[entry.pk]] if entry.pk in broken else [])]
        for place, (entry, values, row) in enumerate(zip(after, changed, rows, strict=True))
    ]


def entries_by_key(register: str, keys: Sequence[str]) -> dict[str, Entry]:
    """The rows that stand, by key; a withdrawn row counts as none."""
    found: dict[str, Entry] = {}
    for start in range(0, len(keys), MOST):
        for entry in Entry.objects.filter(register=register, key__in=keys[start : start + MOST], withdrawn=False):
            found[entry.key] = entry
    return found


def _absent(view: RegisterView, entries: Mapping[str, Entry], edits: Mapping[str, Edit]) -> list[Refusal]:
    key = view.shape.key
    return [
        Refusal(key, view.shape.fields[key].title, Refused(f"台账里没有“{name}”", f"there is no “{name}” in the register"), edit.cells.get(key, ""))
        for name, edit in edits.items()
        if name not in entries
    ]


def _changed(entries: Mapping[str, Entry], edits: Mapping[str, Edit], read: Mapping[str, Values]) -> dict[str, Values]:
    """The values that differ from what stands. Raises Conflict for a row that was changed since it was read."""
    changed: dict[str, Values] = {}
    for key, values in read.items():
        entry = entries[key]
        if entry.version != edits[key].version:
            raise Conflict(entry, values)
        differing = {name: value for name, value in values.items() if entry.data.get(name) != value}
        if differing:
            changed[key] = differing
    return changed


def _body(view: RegisterView, before: Entry, after: Entry, changed: Values, edit: Edit) -> dict[str, Any]:
    cells = {"cells": {name: edit.cells[name] for name in changed if name in edit.cells}} if edit.cells else {}
    return {"id": before.pk, "key": before.key, **change_body(view, before, after, changed), **cells}
