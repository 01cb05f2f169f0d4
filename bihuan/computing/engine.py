"""Run one compiled query and give its rows: the only place where computing meets the database engine."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Any

import duckdb

from bihuan.computing.tables import Columns
from bihuan.foundation.evaluating import SECONDS, TooSlow, limited

Record = dict[str, Any]

__all__ = ["Record", "TooSlow", "records", "run"]


def run(columns: Columns, sql: str, values: Sequence[object] = (), seconds: float = SECONDS) -> list[Record]:
    """The rows of a query over the columns. Raises TooSlow after `seconds`, duckdb.Error for what the engine refuses."""
    with closing(columns.cursor()) as cursor, limited(cursor, seconds):
        return records(cursor.execute(sql, list(values)))


def records(result: duckdb.DuckDBPyConnection) -> list[Record]:
    """The rows of an executed query, each as a mapping of its columns."""
    titles = [column[0] for column in result.description or ()]
    return [dict(zip(titles, row, strict=True)) for row in result.fetchall()]
