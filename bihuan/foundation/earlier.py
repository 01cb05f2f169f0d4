"""A row as it was at a moment gone by: what the ledger had said of it until then, applied to nothing, and nothing written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Entry, Event, Trace
from bihuan.foundation.private import opened
from bihuan.foundation.projections.rows import amend, day_of

Body = dict[str, Any]

WRITING = Q(kind__startswith="entr") | Q(kind__in=("handoffs.started", "figures.recorded", "personal.erased"))
"""The kinds of entry that may change a row or its figures."""


@dataclass
class Earlier:
    """A row that is nobody's to save, and its figures by field and period, as of some moment."""

    entry: Entry
    figures: dict[tuple[str, str], int | None] = field(default_factory=dict)


def earlier(entry: Entry, before: datetime) -> Earlier | None:
    """The row as everything said of it before a moment leaves it; None where nothing had been said. Two queries whatever its past.

    Personal data that was erased since stays erased.
    """
    traced = Trace.objects.filter(entry=entry).values("seq")
    events = list(Event.objects.filter(WRITING, seq__in=traced, at__lt=before).order_by("seq"))
    bodies = opened([_about(event, entry.pk) for event in events])
    found: Earlier | None = None
    for event, body in zip(events, bodies, strict=True):
        found = _applied(found, event, body, entry)
    return found


def _about(event: Event, number: int) -> Body:
    """The body of an event with only the parts that speak of one row, so that nothing else is looked up."""
    body = body_of(event)
    return {key: [one for one in value if one.get("id") == number] if _parts(value) else value for key, value in body.items()}


def _parts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and "id" in one for one in value)


def _applied(found: Earlier | None, event: Event, body: Body, entry: Entry) -> Earlier | None:
    if event.kind == "figures.recorded":
        if found is not None:
            found.figures |= {(change["field"], change["period"]): change["new"] for change in body["changes"]}
        return found
    for part in _said(body, entry.pk):
        if found is None:
            found = Earlier(_made(entry, event, part))
        elif event.kind == "personal.erased":
            found.entry.data = {**found.entry.data, **dict.fromkeys(part["fields"])}
        elif "version" in part:
            amend(found.entry, {"data": {}, **part}, event)
            _moved(found.entry, event, part)
    return found


def _said(body: Body, number: int) -> Iterator[Body]:
    """What a body says of the row: the body itself where it is about one row, else its parts."""
    if body.get("id") == number:
        yield body
    for value in body.values():
        if _parts(value):
            yield from value


def _made(entry: Entry, event: Event, row: Mapping[str, Any]) -> Entry:
    return Entry(
        id=entry.pk, register=entry.register, key=row["key"], title=row["title"], office=row["office"], enterprise=row["enterprise"],
        state=row["state"], state_since=day_of(row["state_since"]), data=row["data"], recorded_seq=event.seq, changed_seq=event.seq,
    )  # fmt: skip


def _moved(entry: Entry, event: Event, part: Mapping[str, Any]) -> None:
    if "to" in part and "on" in part:
        entry.state, entry.state_since = part["to"], day_of(part["on"])
    if event.kind.endswith("withdrawn"):
        entry.withdrawn = True
