"""Duties opened, changed and closed. Their days are computed by the action that appends the event; here they are only written."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from bihuan.foundation.models import Duty, Event
from bihuan.foundation.projections.ids import next_id
from bihuan.foundation.projections.putting import put

DAYS = ("opened", "due", "counted_from", "warn_on", "paused_on", "escalate_on", "closed_on")
PLAIN = (
    "kind", "register", "mechanism", "name", "title", "period", "office", "member", "spans", "calendar", "extended", "level", "outcome",
    "asked", "request",
)  # fmt: skip


def change(event: Event, body: dict[str, Any], using: str) -> Iterable[int]:
    """``duties.changed`` and the kinds of a single duty: {duties: {open, change}, reason, approver}."""
    return apply_changes(event, body["duties"], using)


def apply_changes(event: Event, changes: dict[str, Any] | None, using: str) -> list[int]:
    """Write {open: [whole duties], change: [{key, some fields}]} and give the ids of the rows concerned.

    A duty already opened under its key is not opened again: that is what makes following the ledger twice harmless.
    """
    if not changes:
        return []
    touched = _open(event, changes.get("open", []), using)
    return touched + _change(event, changes.get("change", []), using)


def _change(event: Event, parts: list[dict[str, Any]], using: str) -> list[int]:
    duties: dict[str, Duty] = {}
    keys = sorted({part["key"] for part in parts})
    for start in range(0, len(keys), 500):
        duties.update(Duty.objects.using(using).in_bulk(keys[start : start + 500], field_name="key"))
    for part in parts:
        duty = duties[part["key"]]
        for field, value in values_of(part).items():
            setattr(duty, field, value)
        duty.seq = event.seq
    put(list(duties.values()), using, *DAYS, *PLAIN, "seq")
    return [duty.entry_id for duty in duties.values() if duty.entry_id]


def _open(event: Event, wholes: list[dict[str, Any]], using: str) -> list[int]:
    known: set[str] = set()
    for start in range(0, len(wholes), 500):
        keys = [whole["key"] for whole in wholes[start : start + 500]]
        known.update(Duty.objects.using(using).filter(key__in=keys).values_list("key", flat=True))
    fresh = {whole["key"]: whole for whole in wholes if whole["key"] not in known}
    number = next_id(Duty, using) if fresh else 0
    opened = [
        Duty(id=number + place, key=key, entry_id=whole.get("entry"), seq=event.seq, **values_of(whole)) for place, (key, whole) in enumerate(fresh.items())
    ]
    put(opened, using)
    return [whole["entry"] for whole in fresh.values() if whole.get("entry")]


def values_of(part: dict[str, Any]) -> dict[str, Any]:
    """The fields of a duty that a part of a body gives, by their names."""
    days = {field: date.fromisoformat(part[field]) if part[field] else None for field in DAYS if field in part}
    return {**days, **{field: part[field] for field in PLAIN if field in part}}
