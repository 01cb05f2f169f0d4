"""The rows that a few rows need around them: children for rollups, the rows referred to for lookups, figures and duties.

Gates, guards and single judgements run on the same columns as the whole city; this fetches just enough of it for a handful of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import duckdb
from django.db.models import Case, F, Q, QuerySet, Sum, When

from bihuan.foundation import columns
from bihuan.foundation.columns import DutyRow, FigureRow, GrantRow, Row
from bihuan.foundation.grammar.catalogue import Catalogue, RegisterView
from bihuan.foundation.grammar.gathering import DUTIES, Chain
from bihuan.foundation.models import Duty, Entry, Figure, Posting

PART = 500

T = TypeVar("T")


@dataclass
class Surroundings:
    """What has been fetched so far, by register; `seen` are the register and key pairs already there."""

    catalogue: Catalogue
    day: date
    rows: dict[str, dict[int, Row]] = field(default_factory=dict)

    def include(self, view: RegisterView, rows: Iterable[Row], needed: Iterable[str]) -> None:
        """Take rows in, and everything that the computed names in `needed` gather from elsewhere."""
        fresh = {row.id: row for row in rows}
        if not fresh:
            return
        self.rows.setdefault(view.name, {}).update(fresh)
        chain = Chain(self.catalogue, view, frozenset(needed), (self.day,))
        for key in chain.closure:
            if key in view.shape.lookups:
                self._looked_up(view, key, fresh.values())
            elif key in view.shape.rollups and view.shape.rollups[key].source != DUTIES:
                self._children(view, key, fresh.values())

    def _looked_up(self, view: RegisterView, key: str, rows: Iterable[Row]) -> None:
        lookup = view.shape.lookups[key]
        target = self.catalogue.referred(view.shape.fields[lookup.by].of, view.pack)
        assert target is not None
        keys = sorted({str(value) for row in rows if isinstance(row.data, dict) and (value := row.data.get(lookup.by))})
        found = target.scope("entry").get(lookup.field)
        entries = [entry for part in _parts(keys) for entry in Entry.objects.filter(register=target.name, key__in=part, withdrawn=False)]
        self.include(target, self._new(target, entries), [found.key] if found else [])

    def _children(self, view: RegisterView, key: str, rows: Iterable[Row]) -> None:
        rollup = view.shape.rollups[key]
        child = self.catalogue.referred(rollup.source, view.pack)
        assert child is not None
        keys = [row.key for row in rows]
        bond = view.bond(rollup, child)
        names = child.formula(rollup.formula, "group").names + (bond.names if bond else ())
        entries: list[Entry] = []
        for part in _parts(keys):
            refers = Q(**{f"data__{rollup.by}__in": part})
            entries += Entry.objects.filter(refers, register=child.name, withdrawn=False)
        self.include(child, self._new(child, entries), names)

    def _new(self, view: RegisterView, entries: Iterable[Entry]) -> list[Row]:
        there = self.rows.get(view.name, {})
        return [row_of(view, entry) for entry in entries if entry.pk not in there]

    def fill(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Put everything into empty tables on a connection."""
        for name, rows in self.rows.items():
            view = self.catalogue.registers[name]
            columns.put_rows(connection, view, list(rows.values()))
            columns.put_figures(connection, view, figures_of(list(rows)), ())
            columns.put_duties(connection, duties_of(list(rows)))
            columns.put_grants(connection, grants_of(list(rows)) if view.quotas else ())


def row_of(view: RegisterView, entry: Entry) -> Row:
    """An entry as a row of columns: its state by title."""
    return Row(entry.pk, entry.key, entry.title, entry.office, state_title(view, entry.state), entry.state_since, entry.data)


def state_title(view: RegisterView, state: str) -> str:
    """The title of a state, as formulas name it."""
    states = view.lifecycle.shape.states if view.lifecycle else {}
    return states[state].title if state in states else state


def figures_of(ids: Sequence[int]) -> list[FigureRow]:
    """Every figure of some entries."""
    return [row for part in _parts(ids) for row in Figure.objects.filter(entry_id__in=part).values_list("entry_id", "period", "field", "value")]


def duties_of(ids: Sequence[int]) -> list[DutyRow]:
    """Every duty of some entries."""
    return [row for part in _parts(ids) for row in Duty.objects.filter(entry_id__in=part).values_list(*columns.DUTY_FIELDS)]


def grants_of(ids: Sequence[int]) -> list[GrantRow]:
    """What some entries were granted of each quota and hold."""
    return [row for part in _parts(ids) for row in granted(Posting.objects.filter(entry_id__in=part))]


def granted(postings: QuerySet[Posting]) -> list[GrantRow]:
    """What rows hold of each quota after some postings: granted less given back, of all periods."""
    signed = Case(When(deed="grant", then=F("amount")), When(deed="return", then=-F("amount")), default=0)
    summed = postings.filter(entry__isnull=False).order_by("entry_id", "quota").values_list("entry_id", "quota").annotate(held=Sum(signed))
    return [(entry, quota, held) for entry, quota, held in summed if entry is not None]


def _parts(items: Sequence[T]) -> Iterable[Sequence[T]]:
    return (items[start : start + PART] for start in range(0, len(items), PART))
