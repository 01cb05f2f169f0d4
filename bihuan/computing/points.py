"""The rows of a list as points of a map: where each lies, how large it is, and the colour it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bihuan.computing.engine import run
from bihuan.computing.lamps import Shown
from bihuan.computing.lists import Asked, find
from bihuan.computing.tables import Columns
from bihuan.foundation.access import Scope
from bihuan.foundation.grammar.gathering import rows_table
from bihuan.foundation.grammar.scopes import measure_of
from bihuan.foundation.grammar.views import RegisterView

MOST = 600
"""So many points, the largest, are drawn: more could not be told apart, and a browser would feel them."""

WEST_OF_ALL = -180


@dataclass(frozen=True)
class Point:
    """A row on the map: degrees, its size in the stored unit (None without one), and the colour that shows (None without a light)."""

    id: int
    title: str
    office: str
    longitude: float
    latitude: float
    size: int | None
    colour: str | None


def points(columns: Columns, view: RegisterView, asked: Asked, scope: Scope, day: date, light: str = "") -> tuple[list[Point], int]:
    """The rows of a list that have coordinates, the largest first and at most MOST, and how many there are in all; none where a register has no coordinates."""
    located = view.shape.located
    if located is None:
        return [], 0
    there = {name: (WEST_OF_ALL * _per_degree(view, name), None) for name in (located.longitude, located.latitude)}
    sort = [(located.size, True)] if located.size else []
    found = find(columns, view, replace(asked, ranges={**there, **asked.ranges}, sort=sort, gravest=(), page=1, size=MOST), scope, day)
    return _placed(columns, view, found.ids, day, light), found.total


def _placed(columns: Columns, view: RegisterView, ids: Sequence[int], day: date, light: str) -> list[Point]:
    located = view.shape.located
    assert located is not None
    shown = Shown(view, day, columns.overridden, [light] if light else [])
    size = f'p."{located.size}"' if located.size else "NULL"
    sql = (
        f'SELECT p._id, p._title, p._key, p._office, p."{located.longitude}" AS _east, p."{located.latitude}" AS _north, {size} AS _size, '
        f"{shown.colour(light) if light else 'NULL'} AS _colour FROM {rows_table(view.name)} p {shown.join} "
        "WHERE p._id IN (SELECT unnest(?::BIGINT[]))"
    )
    east, north = _per_degree(view, located.longitude), _per_degree(view, located.latitude)
    by_id = {
        row["_id"]: Point(
            row["_id"], row["_title"] or row["_key"], row["_office"], row["_east"] / east, row["_north"] / north, row["_size"], row["_colour"]
        )
        for row in run(columns, sql, [list(ids)])
    }  # fmt: skip
    return [by_id[number] for number in ids if number in by_id]


def _per_degree(view: RegisterView, field: str) -> int:
    """How many stored units of a field make one degree."""
    return int(measure_of(view.shape.fields[field]).stored_per_unit)
