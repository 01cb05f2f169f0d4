"""Engines as the conformance tests use them: the same rows put in, columns of answers taken out."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

import duckdb
import psycopg
import pyarrow as pa

from bihuan.foundation.grammar.formulas import Formula
from tests.conformance.cases import COLUMNS, ROWS, TODAY

Ask = Callable[[str], list[tuple[Any, ...]]]

_TYPES = {
    "duckdb": {},
    "postgres": {"DOUBLE": "DOUBLE PRECISION"},
    "sqlite": {"DOUBLE": "REAL", "DATE": "TEXT", "BOOLEAN": "INTEGER", "BIGINT": "INTEGER"},
}


def table(dialect: str) -> str:
    """The statement that makes the table of edges; temporary, so nothing is left behind."""
    columns = ", ".join(f'"{name}" {_TYPES[dialect].get(kind, kind)}' for name, kind in COLUMNS.items())
    return f"CREATE TEMPORARY TABLE edges ({columns})"


def duckdb_engine() -> Ask:
    """DuckDB in memory."""
    connection = duckdb.connect()
    connection.execute(table("duckdb"))
    connection.executemany(f"INSERT INTO edges VALUES ({', '.join('?' * len(COLUMNS))})", ROWS)
    return lambda sql: connection.execute(sql).fetchall()


def sqlite_engine() -> Ask:
    """SQLite in memory; dates are ISO text."""
    connection = sqlite3.connect(":memory:")
    connection.execute(table("sqlite"))
    rows = [[value.isoformat() if isinstance(value, date) else value for value in row] for row in ROWS]
    connection.executemany(f"INSERT INTO edges VALUES ({', '.join('?' * len(COLUMNS))})", rows)
    return lambda sql: connection.execute(sql).fetchall()


def postgres_engine(url: str) -> Ask:
    """PostgreSQL, in a temporary table."""
    connection = psycopg.connect(url, autocommit=True)
    connection.execute(table("postgres"))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO edges VALUES ({', '.join(['%s'] * len(COLUMNS))})", ROWS)
    return lambda sql: connection.execute(sql).fetchall()


@contextmanager
def cluster_engine(address: str, rows: Sequence[Sequence[object]] = ROWS) -> Iterator[Ask]:
    """A cluster, the rows in a view of the session."""
    with import_module("bihuan.computing.clusters").connected(address) as session:
        kinds = {"BIGINT": pa.int64(), "DOUBLE": pa.float64(), "TEXT": pa.string(), "DATE": pa.date32(), "BOOLEAN": pa.bool_()}
        columns = {name: pa.array([row[place] for row in rows], kinds[kind]) for place, (name, kind) in enumerate(COLUMNS.items())}
        session.createDataFrame(pa.table(columns)).createOrReplaceTempView("edges")
        yield lambda sql: [tuple(row.values()) for row in session.sql(sql).toArrow().to_pylist()]


def answers_at_once(cluster: Ask, formulas: Sequence[Formula]) -> dict[str, list[object]]:
    """The answers of many formulas in two queries, for an engine that is far away."""
    found: dict[str, list[object]] = {}
    for gathers in (False, True):
        asked = [formula for formula in formulas if formula.aggregates == gathers]
        listed = ", ".join(f"{formula.sql('spark', at=TODAY, table='edges')} AS c{place}" for place, formula in enumerate(asked))
        rows = cluster(f"SELECT {listed} FROM edges" + ("" if gathers else " ORDER BY id"))
        for place, formula in enumerate(asked):
            found[formula.source] = [plain(formula.kind, row[place]) for row in rows]
    return found


def answers(ask: Ask, dialect: str, formula: Formula) -> list[object]:
    """The formula's answer for each row in the order of their ids, or its one answer when it gathers them."""
    order = "" if formula.aggregates else ' ORDER BY "id"'
    rows = ask(f"SELECT {formula.sql(dialect, at=TODAY, table='edges')} FROM edges{order}")
    return [plain(formula.kind, value) for (value,) in rows]


def plain(kind: str, value: object) -> object:
    """An answer as one Python type per kind; a Decimal would mean that a number left the doubles."""
    assert not isinstance(value, Decimal)
    if value is None:
        return None
    if kind == "yes_no":
        return bool(value)
    if kind == "date":
        return value if isinstance(value, str) else str(value)[:10]
    if kind == "number":
        assert isinstance(value, float)
    return value
