"""Run one compiled query and give its rows: the only place where computing meets the database engine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import duckdb

from bihuan.computing.tables import Columns
from bihuan.foundation.evaluating import SECONDS, TooSlow, limited

Record = dict[str, Any]

_TABLES = re.compile(r'(?<=")[rfl]_\w+(?=")|\b(?:duties|verdicts|overrides)\b')
"""The names of tables in a query: of rows, figures and colours, and those all registers share."""

__all__ = ["Record", "TooSlow", "answer", "records", "run", "tables_in", "tuples"]


def run(columns: Columns, sql: str, values: Sequence[object] = (), seconds: float = SECONDS) -> list[Record]:
    """The rows of a query over the columns. Raises TooSlow after `seconds`, duckdb.Error for what the engine refuses."""
    with closing(columns.cursor()) as cursor, limited(cursor, seconds):
        return records(cursor.execute(sql, list(values)))


def answer(columns: Columns, sql: str, values: Sequence[object] = ()) -> list[Record]:
    """The rows of a query that many ask and few change, kept until one of the tables it names has changed. Nobody changes them."""
    return columns.keep((sql, repr(values)), tables_in(sql), lambda: run(columns, sql, values))


def tuples(columns: Columns, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """The same as `answer`, each row as a plain tuple."""

    def fetched() -> list[tuple[Any, ...]]:
        with closing(columns.cursor()) as cursor, limited(cursor):
            return cursor.execute(sql, list(values)).fetchall()

    return columns.keep((sql, repr(values), tuple), tables_in(sql), fetched)


def tables_in(sql: str) -> list[str]:
    """The tables of the columns that a query of ours names."""
    return _TABLES.findall(sql)


def records(result: duckdb.DuckDBPyConnection) -> list[Record]:
    """The rows of an executed query, each as a mapping of its columns."""
    titles = [column[0] for column in result.description or ()]
    return [dict(zip(titles, row, strict=True)) for row in result.fetchall()]
