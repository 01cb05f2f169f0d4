"""The colours of a register side by side: one row an entry, one column a light, beside the standing verdicts they are taken from.

Lists, boards and chips read these; a colour set by hand is put in place of the rule's when they are read, as long as it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import duckdb

from bihuan.foundation.grammar.gathering import rows_table
from bihuan.foundation.grammar.views import RegisterView

GRAVITY = ("red", "yellow", "grey", "green", "blue")
"""Colours as lists sort them, the gravest first; a row without a light comes after all."""

_KIND = f"ENUM({', '.join(repr(colour) for colour in GRAVITY)})"


def lamps_table(register: str) -> str:
    """The quoted name of the table of a register's colours; `register` is ``pack.mechanism``."""
    return f'"l_{register.replace(".", "__")}"'


def read_from(register: str) -> list[str]:
    """The tables that rows and the colours they show are read from, by their names without quotes, as `Columns.keep` asks for them."""
    return [rows_table(register).strip('"'), lamps_table(register).strip('"'), "overrides"]


def create(connection: duckdb.DuckDBPyConnection, view: RegisterView) -> None:
    """Make the empty table."""
    columns = "".join(f', "{light}" {_KIND}' for light in view.lights)
    connection.execute(f"CREATE OR REPLACE TABLE {lamps_table(view.name)} (_id BIGINT{columns})")


def renew(connection: duckdb.DuckDBPyConnection, view: RegisterView, ids: Sequence[int] | None = None) -> None:
    """Take the colours of some entries, or of all, from the standing verdicts."""
    table = lamps_table(view.name)
    only = "" if ids is None else f" AND _id IN ({', '.join(map(str, ids)) or 'NULL'})"
    connection.execute(f"DELETE FROM {table} WHERE TRUE{only}")
    pivoted = "".join(f", max(_colour) FILTER (_light = '{item.name}')" for item in view.lights.values())
    connection.execute(
        f"INSERT INTO {table} SELECT _id{pivoted} FROM verdicts WHERE _register = '{view.name}' AND _id IS NOT NULL{only} GROUP BY _id"
    )


def lit(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> set[str]:
    """The registers in which a light stands on some entries."""
    among = ", ".join(map(str, ids)) or "NULL"
    return {name for (name,) in connection.execute(f"SELECT DISTINCT _register FROM verdicts WHERE _id IN ({among})").fetchall()}


class Shown:
    """How the colours of a register show on a day, as SQL: a join to put behind a table of rows ``p``, and an expression a light."""

    def __init__(self, view: RegisterView, day: date, overridden: Collection[str], lights: Collection[str]) -> None:
        self._places = {light: place for place, light in enumerate(lights) if view.lights[light].name in overridden}
        joins = [f"LEFT JOIN {lamps_table(view.name)} l ON l._id = p._id"] if lights else []
        joins += [
            f"LEFT JOIN overrides o{place} ON o{place}._id = p._id AND o{place}._light = '{view.lights[light].name}' "
            f"AND DATE '{day}' BETWEEN o{place}._from AND o{place}._until"
            for light, place in self._places.items()
        ]
        self.join = " ".join(joins)

    def colour(self, light: str) -> str:
        """The colour that shows, NULL where the light does not judge the row."""
        return f'coalesce(o{self._places[light]}._colour::{_KIND}, l."{light}")' if light in self._places else f'l."{light}"'

    def gravity(self, light: str) -> str:
        """The place of that colour in GRAVITY; one beyond it without a light."""
        return f"coalesce(enum_code({self.colour(light)}), {len(GRAVITY)})"


def among(colours: Collection[str]) -> str:
    """The colours as a list of literals; those that are no colour are left away."""
    return ", ".join(f"'{colour}'" for colour in GRAVITY if colour in colours) or "NULL"
