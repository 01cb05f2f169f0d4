"""How the lights of several registers stand today in somebody's charge, counted in the columns: nothing grows with the history of verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bihuan.computing.engine import answer
from bihuan.computing.judge import listed_lights
from bihuan.computing.lamps import GRAVITY, Shown
from bihuan.computing.tables import Columns
from bihuan.foundation.access import Scope
from bihuan.foundation.grammar.gathering import rows_table
from bihuan.foundation.grammar.views import RegisterView


def standing_lights(columns: Columns, charges: Mapping[str, Scope], day: date) -> dict[tuple[str, str], dict[str, int]]:
    """How many rows show each colour, by register and short name of a light that lists show: hand-set colours included, one query a register.

    `charges` says which rows of which registers count.
    """
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for name in sorted(charges.keys() & columns.populated):
        view = columns.catalogue.registers[name]
        lights = listed_lights(view)
        if lights:
            shown = Shown(view, day, columns.overridden, lights)
            sums = ", ".join(f"count(*) FILTER ({shown.colour(light)} = '{colour}')" for light in lights for colour in GRAVITY)
            test, values = within(charges[name], view)
            sql = f"SELECT [{sums}] AS _counts FROM {rows_table(name)} p {shown.join} WHERE {test}"
            (row,) = answer(columns, sql, values)
            found = iter(row["_counts"])
            counts |= {(name, light): {colour: number for colour in GRAVITY if (number := next(found))} for light in lights}
    return counts


def within(scope: Scope, view: RegisterView) -> tuple[str, list[object]]:
    """A scope as a condition on a table of rows ``p``, with its values; none where it holds every row."""
    if scope.everything:
        return "TRUE", []
    test = "p._office IN (SELECT unnest(?::VARCHAR[])) OR p._id IN (SELECT unnest(?::BIGINT[]))"
    values: list[object] = [sorted(scope.offices), sorted(scope.ids)]
    if scope.enterprise:
        test += f' OR p."{view.shape.enterprise}" = ?'
        values.append(scope.enterprise)
    return f"({test})", values
