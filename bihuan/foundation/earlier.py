"""Rows and duties as they were at a moment gone by: what the ledger had said of them until then, applied to nothing, and nothing written.

One row for its own page, or all that changed since a day for the columns of that day: both are folded by `Rows`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Duty, Entry, Event, Trace
from bihuan.foundation.private import opened
from bihuan.foundation.projections.duties import values_of
from bihuan.foundation.projections.rows import amend, day_of

Body = dict[str, Any]

WRITING = Q(kind__startswith="entr") | Q(kind__in=("handoffs.started", "figures.recorded", "personal.erased"))
"""The kinds of entry that may change a row or its figures."""


def end_of(day: date) -> datetime:
    """The first moment after a day of the city."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


@dataclass
class Earlier:
    """A row that is nobody's to save, and its figures by field and period, as of some moment."""

    entry: Entry
    figures: dict[tuple[str, str], int | None] = field(default_factory=dict)


def earlier(entry: Entry, before: datetime) -> Earlier | None:
    """The row as everything said of it before a moment leaves it; None where nothing had been said. Two queries whatever its past.

    Personal data that was erased since stays erased.
    """
    return earlier_rows({entry.pk}, before).get(entry.pk)


def earlier_rows(ids: Collection[int], before: datetime) -> dict[int, Earlier]:
    """Some rows, by their ids, as `earlier` has one; those of which nothing had been said are left out. Two queries whatever their past."""
    traced = Trace.objects.filter(entry__in=ids).values("seq")
    rows = Rows(ids)
    rows.take(list(Event.objects.filter(WRITING, seq__in=traced, at__lt=before).order_by("seq")))
    return rows.found


@dataclass
class Rows:
    """Some rows, by their ids, folded from the entries of the ledger that are taken in, which must come in order."""

    asked: Collection[int]
    found: dict[int, Earlier] = field(default_factory=dict)

    def take(self, events: Sequence[Event]) -> None:
        """Apply what these entries say of the rows; of kinds in WRITING. One query at most for each 500 personal values."""
        bodies = opened([self._about(event) for event in events])
        for event, body in zip(events, bodies, strict=True):
            self._apply(event, body)

    def _about(self, event: Event) -> Body:
        """The body of an event with only the parts that speak of the rows, so that nothing else is looked up."""
        return {key: [one for one in value if one.get("id") in self.asked] if _parts(value) else value for key, value in body_of(event).items()}

    def _apply(self, event: Event, body: Body) -> None:
        for number, part in self._said(body):
            row = self.found.get(number)
            if event.kind == "figures.recorded":
                if row is not None:
                    row.figures[part["field"], part["period"]] = part["new"]
            elif row is None:
                self.found[number] = Earlier(_made(event, part))
            elif event.kind == "personal.erased":
                row.entry.data = {**row.entry.data, **dict.fromkeys(part["fields"])}
            elif "version" in part:
                amend(row.entry, {"data": {}, **part}, event)
                _moved(row.entry, event, part)

    def _said(self, body: Body) -> Iterator[tuple[int, Body]]:
        """What a body says of the rows: the body itself where it is about one of them, else its parts."""
        if body.get("id") in self.asked:
            yield body["id"], body
        for value in body.values():
            if _parts(value):
                yield from ((part["id"], part) for part in value)


@dataclass
class Duties:
    """Some duties, by their keys, folded in the same way."""

    asked: Collection[str]
    found: dict[str, Duty] = field(default_factory=dict)

    def take(self, events: Sequence[Event]) -> None:
        """Apply what these entries say of the duties."""
        for event in events:
            said = body_of(event).get("duties") if SAID in event.body else None
            for whole in (said or {}).get("open", ()):
                if whole["key"] in self.asked and whole["key"] not in self.found:
                    self.found[whole["key"]] = Duty(key=whole["key"], entry_id=whole.get("entry"), seq=event.seq, **values_of(whole))
            for part in (said or {}).get("change", ()):
                if duty := self.found.get(part["key"]):
                    for name, value in values_of(part).items():
                        setattr(duty, name, value)


SAID = '"duties":{'
"""What stands in the text of a body that speaks of duties."""


def _parts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and "id" in one for one in value)


def _made(event: Event, row: Mapping[str, Any]) -> Entry:
    return Entry(
        id=row["id"], register=event.register, key=row["key"], title=row["title"], office=row["office"], enterprise=row["enterprise"],
        state=row["state"], state_since=day_of(row["state_since"]), data=row["data"], recorded_seq=event.seq, changed_seq=event.seq,
    )  # fmt: skip


def _moved(entry: Entry, event: Event, part: Mapping[str, Any]) -> None:
    if "to" in part and "on" in part:
        entry.state, entry.state_since = part["to"], day_of(part["on"])
    if event.kind.endswith("withdrawn"):
        entry.withdrawn = True
    if "merged_into" in part:
        entry.merged_into_id, entry.withdrawn = part["merged_into"], part["merged_into"] is not None
