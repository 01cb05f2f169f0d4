"""Registers as columns: the tables on which every formula runs, on any DuckDB connection, from plain rows.

    r_<pack>__<mechanism>   one row an entry: _id, _key, _title, _office, _state (the state's title), _state_since, one column a field
    f_<pack>__<mechanism>   one row an entry and period: _id, _period, one column a figure
    duties                  what is owed: clocks, cadences, handoffs, documents, reviews
    grants                  _id, _quota, _amount: what a row was granted of a quota and holds

Values stand here as they are stored: money in 分, numbers times 10**decimals, dates as dates. Worked examples, one row's gates and
guards, and the whole city all use these tables, so one formula cannot mean two things.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from bihuan.foundation.grammar.gathering import DUTIES, GRANTS, figures_table, rows_table
from bihuan.foundation.grammar.views import RegisterView

TYPES = {
    "number": "BIGINT",
    "money": "BIGINT",
    "date": "DATE",
    "yes_no": "BOOLEAN",
    "choices": "VARCHAR[]",
}
"""The column type of a field's kind; every other kind is VARCHAR."""

_ROW = pa.schema(
    [
        ("_id", pa.int64()), ("_key", pa.string()), ("_title", pa.string()), ("_office", pa.string()),
        ("_state", pa.string()), ("_state_since", pa.date32()), ("_data", pa.string()),
    ]
)  # fmt: skip
_FIGURE = pa.schema([("_id", pa.int64()), ("_period", pa.string()), ("_field", pa.string()), ("_value", pa.int64())])
_DUTY = pa.schema(
    [
        ("_register", pa.string()), ("_id", pa.int64()), ("_name", pa.string()), ("_kind", pa.string()), ("_opened", pa.date32()),
        ("_due", pa.date32()), ("_closed", pa.date32()), ("_outcome", pa.string()), ("_level", pa.int32()), ("_duty", pa.string()),
        ("_mechanism", pa.string()), ("_period", pa.string()), ("_unit", pa.string()),
    ]
)  # fmt: skip
_GRANT = pa.schema([("_id", pa.int64()), ("_quota", pa.string()), ("_amount", pa.int64())])
_FIXED = "_id BIGINT, _key VARCHAR, _title VARCHAR, _office VARCHAR, _state VARCHAR, _state_since DATE"
_DUTY_COLUMNS = (
    "_register VARCHAR, _id BIGINT, _name VARCHAR, _kind VARCHAR, _opened DATE, _due DATE, _closed DATE, _outcome VARCHAR, _level INTEGER, "
    "_duty VARCHAR, _mechanism VARCHAR, _period VARCHAR, _unit VARCHAR"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One entry: ``state`` is the state's title, ``data`` its stored values as a mapping or as the JSON text of one."""

    id: int
    key: str
    title: str = ""
    office: str = ""
    state: str = ""
    state_since: date | None = None
    data: dict[str, Any] | str = field(default_factory=dict)


GrantRow = tuple[int, str, int]
"""Entry id, quota by full name, stored amount."""

FigureRow = tuple[int, str, str, int | None]
"""Entry id, period, field, stored value."""

DutyRow = tuple[str, int | None, str, str, date, date | None, date | None, str, int, str, str, str, str]
"""Register, entry id, name, kind, opened, due, closed, outcome, level, the duty's own key, mechanism, period, office."""

DUTY_FIELDS = (
    "register", "entry_id", "name", "kind", "opened", "due", "closed_on", "outcome", "level", "key", "mechanism", "period", "office",
)  # fmt: skip
"""The fields of a stored duty, in the order of DutyRow."""


def create(connection: duckdb.DuckDBPyConnection, views: Iterable[RegisterView]) -> None:
    """Make empty tables for the registers of `views`, and the tables of duties and grants, in place of any that are there."""
    for view in views:
        columns = "".join(f', "{key}" {TYPES.get(shape.kind, "VARCHAR")}' for key, shape in view.shape.fields.items())
        connection.execute(f"CREATE OR REPLACE TABLE {rows_table(view.name)} ({_FIXED}{columns})")
        figures = view.shape.figures.fields if view.shape.figures else {}
        columns = "".join(f', "{key}" BIGINT' for key in figures)
        connection.execute(f"CREATE OR REPLACE TABLE {figures_table(view.name)} (_id BIGINT, _period VARCHAR{columns})")
    connection.execute(f"CREATE OR REPLACE TABLE {DUTIES} ({_DUTY_COLUMNS})")
    connection.execute(f"CREATE OR REPLACE TABLE {GRANTS} (_id BIGINT, _quota VARCHAR, _amount BIGINT)")


def put_rows(connection: duckdb.DuckDBPyConnection, view: RegisterView, rows: Sequence[Row], gone: Sequence[int] = ()) -> None:
    """Put `rows` in, each in place of the row of the same id; take out the rows whose ids are in `gone`."""
    _forget(connection, rows_table(view.name), [row.id for row in rows] + list(gone))
    add_rows(connection, view, rows)


def add_rows(connection: duckdb.DuckDBPyConnection, view: RegisterView, rows: Sequence[Row]) -> None:
    """Put rows in whose ids are not there yet."""
    if not rows:
        return
    table = rows_table(view.name)
    kinds = {key: TYPES.get(shape.kind, "VARCHAR") for key, shape in view.shape.fields.items()}
    wanted = json.dumps({key: ["VARCHAR"] if kind == "VARCHAR[]" else kind for key, kind in kinds.items()})
    values = "".join(f', _fields."{key}"' for key in kinds)
    incoming = pa.Table.from_arrays(_columns(rows), schema=_ROW)
    # One pass over the JSON text gives every typed column; a value that no longer fits its field's kind becomes "no value".
    _insert(
        connection, incoming,
        f"INSERT INTO {table} SELECT _id, _key, _title, _office, _state, _state_since{values} "
        f"FROM (SELECT *, json_transform(_data, '{wanted}') AS _fields FROM incoming)",
    )  # fmt: skip


def put_figures(connection: duckdb.DuckDBPyConnection, view: RegisterView, figures: Sequence[FigureRow], ids: Sequence[int]) -> None:
    """Replace all figures of the entries `ids` by `figures`, which must be every figure those entries have."""
    if view.shape.figures is not None:
        _forget(connection, figures_table(view.name), ids)
        add_figures(connection, view, figures)


def add_figures(connection: duckdb.DuckDBPyConnection, view: RegisterView, figures: Sequence[FigureRow]) -> None:
    """Put in all figures of entries that have none there yet."""
    if not figures or view.shape.figures is None:
        return
    table = figures_table(view.name)
    if len(figures) <= A_FEW:
        _add_few(connection, table, tuple(view.shape.figures.fields), figures)
        return
    ids_, periods, fields, values = zip(*figures, strict=True)
    incoming = pa.Table.from_arrays(
        [pa.array(ids_, pa.int64()), pa.array(periods, pa.string()), pa.array(fields, pa.string()), pa.array(values, pa.int64())],
        schema=_FIGURE,
    )
    pivoted = "".join(f", max(_value) FILTER (_field = '{key}')" for key in view.shape.figures.fields)
    _insert(connection, incoming, f"INSERT INTO {table} SELECT _id, _period{pivoted} FROM incoming GROUP BY _id, _period")


A_FEW = 200
"""Up to so many figures are written out in the statement; for more the engine turns them into columns."""


def _add_few(connection: duckdb.DuckDBPyConnection, table: str, fields: Sequence[str], figures: Sequence[FigureRow]) -> None:
    found: dict[tuple[int, str], dict[str, int | None]] = {}
    for number, period, field_, value in figures:
        found.setdefault((number, period), {})[field_] = value
    places = ", ".join("?" for _ in (*fields, "_id", "_period"))
    rows = ", ".join(f"({places})" for _ in found)
    values = [value for (number, period), by_field in found.items() for value in (number, period, *(by_field.get(key) for key in fields))]
    connection.execute(f"INSERT INTO {table} VALUES {rows}", values)


def put_duties(connection: duckdb.DuckDBPyConnection, duties: Sequence[DutyRow]) -> None:
    """Put duties in, each in place of the one with the same id."""
    if not duties:
        return
    connection.execute(f"DELETE FROM {DUTIES} WHERE _duty IN (SELECT unnest(?))", [[duty[9] for duty in duties]])
    columns = [pa.array(values, kind.type) for values, kind in zip(zip(*duties, strict=True), _DUTY, strict=True)]
    _insert(connection, pa.Table.from_arrays(columns, schema=_DUTY), f"INSERT INTO {DUTIES} SELECT * FROM incoming")


def put_grants(connection: duckdb.DuckDBPyConnection, grants: Sequence[GrantRow], ids: Sequence[int] = ()) -> None:
    """Put grants in, in place of all that the entries `ids` had."""
    _forget(connection, GRANTS, ids)
    if grants:
        columns = [pa.array(values, kind.type) for values, kind in zip(zip(*grants, strict=True), _GRANT, strict=True)]
        _insert(connection, pa.Table.from_arrays(columns, schema=_GRANT), f"INSERT INTO {GRANTS} SELECT * FROM incoming")


def _columns(rows: Sequence[Row]) -> list[pa.Array]:
    data = [row.data if isinstance(row.data, str) else json.dumps(row.data, ensure_ascii=False, default=str) for row in rows]
    values: list[list[Any]] = [
        [row.id for row in rows], [row.key for row in rows], [row.title for row in rows], [row.office for row in rows],
        [row.state for row in rows], [row.state_since for row in rows], data,
    ]  # fmt: skip
    return [pa.array(column, kind.type) for column, kind in zip(values, _ROW, strict=True)]


def _insert(connection: duckdb.DuckDBPyConnection, incoming: pa.Table, statement: str) -> None:
    connection.register("incoming", incoming)
    try:
        connection.execute(statement)
    finally:
        connection.unregister("incoming")


def _forget(connection: duckdb.DuckDBPyConnection, table: str, ids: Sequence[int]) -> None:
    if ids:
        connection.execute(f"DELETE FROM {table} WHERE _id IN ({_listed(ids)})")


def _listed(ids: Iterable[int]) -> str:
    return ",".join(str(int(number)) for number in ids)
