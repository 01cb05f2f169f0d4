"""Boards: lights by office, indicators by group, league tables, and how lights stood on a day gone by. Read from the columns, never stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, QuerySet

from bihuan.computing.engine import answer, run
from bihuan.computing.lamps import Shown
from bihuan.computing.lists import Asked, Lamp, Line, Page, lines_of, list_entries
from bihuan.computing.scoring import Measured, Table, league, measure
from bihuan.computing.standing import within
from bihuan.computing.tables import Columns, current, stands_on
from bihuan.foundation.access import Scope
from bihuan.foundation.grammar.gathering import figures_table, rows_table
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Verdict

__all__ = [
    "Asked", "Lamp", "Line", "Matrix", "Measured", "Page", "Stood", "Table", "as_it_was", "by_period", "colours_by_row", "current", "league", "lights_by_office", "lines_of",
    "list_entries", "measure", "verdicts_on",
]  # fmt: skip


@dataclass(frozen=True)
class Matrix:
    """How many rows of each office show each colour; ``unlit`` have no light. ``total`` counts the colours of all offices."""

    light: str
    title: str
    offices: Mapping[str, Mapping[str, int]]
    total: Mapping[str, int]
    unlit: Mapping[str, int] = field(default_factory=dict)


def lights_by_office(columns: Columns, view: RegisterView, light: str, scope: Scope, day: date) -> Matrix:
    """The colours of one light (short name) by owning office, as they show today: hand-set colours included."""
    tests, values = within(scope, view)
    item = view.lights[light]
    shown = Shown(view, day, columns.overridden, [light])
    sql = (
        f"SELECT p._office, {shown.colour(light)} AS _shown, count(*) AS _n FROM {rows_table(view.name)} p {shown.join} "
        f"WHERE {tests} GROUP BY ALL ORDER BY p._office"
    )
    offices: dict[str, dict[str, int]] = {}
    unlit: dict[str, int] = {}
    total: dict[str, int] = {}
    for row in answer(columns, sql, values):
        if row["_shown"] is None:
            unlit[row["_office"]] = row["_n"]
        else:
            offices.setdefault(row["_office"], {})[row["_shown"]] = row["_n"]
            total[row["_shown"]] = total.get(row["_shown"], 0) + row["_n"]
    return Matrix(light, item.shape.title, offices, total, unlit)


def by_period(columns: Columns, view: RegisterView, figure: str, scope: Scope, years: Sequence[int]) -> dict[str, int]:
    """What a figure of the rows that `scope` sees adds up to (stored unit), by period, in some years; a period without any is absent."""
    tests, values = within(scope, view)
    sql = (
        f'SELECT f._period, sum(f."{figure}") AS _sum FROM {figures_table(view.name)} f JOIN {rows_table(view.name)} p ON p._id = f._id '
        f"WHERE {tests} AND left(f._period, 4) IN (SELECT unnest(?::VARCHAR[])) GROUP BY f._period ORDER BY f._period"
    )
    return {row["_period"]: int(row["_sum"]) for row in answer(columns, sql, [*values, [str(year) for year in years]]) if row["_sum"] is not None}


@dataclass(frozen=True)
class Stood:
    """A verdict as it stood on a day: what was said then, and since when."""

    entry: int
    key: str
    title: str
    office: str
    colour: str
    because: str
    because_en: str
    basis: str
    since: date


def as_it_was(columns: Columns, view: RegisterView, light: str, day: date) -> Matrix:
    """The colours of one light by office at the end of a day gone by, from the history of verdicts. Offices are those of today.

    The answer is kept until a row or a light has changed.
    """
    return columns.keep(("as_it_was", view.name, light, day), [rows_table(view.name).strip('"'), "verdicts"], lambda: _as_it_was(view, light, day))


def _as_it_was(view: RegisterView, light: str, day: date) -> Matrix:
    item = view.lights[light]
    counted = _on(view, light, day).values("entry__office", "colour").annotate(n=Count("pk")).values_list("entry__office", "colour", "n")
    offices: dict[str, dict[str, int]] = {}
    total: dict[str, int] = {}
    for office, colour, number in counted.order_by("entry__office", "colour"):
        offices.setdefault(office, {})[colour] = number
        total[colour] = total.get(colour, 0) + number
    return Matrix(light, item.shape.title, offices, total)


def verdicts_on(view: RegisterView, light: str, day: date, colours: Sequence[str] = ()) -> list[Stood]:
    """The verdicts of one light as they stood at the end of a day, with the sentences said then."""
    found = _on(view, light, day).select_related("entry").order_by("entry__key")
    stood = []
    for verdict in found.filter(colour__in=colours) if colours else found:
        entry = verdict.entry
        assert entry is not None
        said, said_en = verdict.facts.get("zh", ""), verdict.facts.get("en", "")
        stood.append(Stood(entry.pk, entry.key, entry.title, entry.office, verdict.colour, said, said_en, verdict.basis, verdict.from_day))
    return stood


def colours_by_row(columns: Columns, view: RegisterView, light: str, scope: Scope, day: date) -> dict[int, tuple[str, str]]:
    """The office of each row that `scope` sees and the colour of one light that shows on it, by the row's id; rows without a light are left out."""
    tests, values = within(scope, view)
    shown = Shown(view, day, columns.overridden, [light])
    sql = (
        f"SELECT p._id, p._office, {shown.colour(light)}::VARCHAR AS _shown FROM {rows_table(view.name)} p {shown.join} "
        f"WHERE {tests} AND {shown.colour(light)} IS NOT NULL"
    )
    return {row["_id"]: (row["_office"], row["_shown"]) for row in run(columns, sql, values)}


def _on(view: RegisterView, light: str, day: date) -> QuerySet[Verdict]:
    item = view.lights[light]
    return Verdict.objects.filter(stands_on(day), register=view.name, mechanism=f"{item.pack}.{item.mechanism}", light=item.key, entry__isnull=False)
