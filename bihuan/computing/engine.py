"""The engines that plans run on, and how one is asked: `local` are the columns in this process, `cluster` a copy of them somewhere else.

One plan runs on any of them. It is compiled once and written for the engine that is asked (``dialect``); what comes out is the same to the
last digit, which `tests/computing/test_clusters.py` holds for every pack that ships.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from contextlib import closing
from typing import Any, Protocol, TypeVar

from bihuan.computing.tables import Columns, tables_in
from bihuan.foundation.evaluating import Record, TooSlow, limited, records
from bihuan.foundation.grammar.catalogue import Catalogue

T = TypeVar("T")

__all__ = ["Engine", "Record", "TooSlow", "answer", "records", "run", "tables_in", "tuples"]


class Engine(Protocol):
    """Where plans run: the rows of all registers, as of a position of the ledger, under the packs of `catalogue`."""

    @property
    def catalogue(self) -> Catalogue:
        """The packs."""

    @property
    def dialect(self) -> str:
        """What plans are written for: ``duckdb`` or ``spark``."""

    @property
    def populated(self) -> Set[str]:
        """The registers that have rows."""

    def ask(self, sql: str, values: Sequence[object] = (), seconds: float | None = None) -> list[Record]:
        """The rows of a plan, within some seconds."""

    def keep(self, asked: object, tables: Sequence[str], answer: Callable[[], T]) -> T:
        """An answer that may be kept until one of the tables changes."""


def run(engine: Engine, sql: str, values: Sequence[object] = (), seconds: float | None = None) -> list[Record]:
    """The rows of a query. Raises TooSlow after `seconds` (by default as many as the engine allows); duckdb.Error or ClusterFailed for what the engine refuses."""
    return engine.ask(sql, values, seconds)


def answer(columns: Columns, sql: str, values: Sequence[object] = ()) -> list[Record]:
    """The rows of a query that many ask and few change, kept until one of the tables it names has changed. Nobody changes them."""
    return columns.keep((sql, repr(values)), tables_in(sql), lambda: run(columns, sql, values))


def tuples(columns: Columns, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """The same as `answer`, each row as a plain tuple."""

    def fetched() -> list[tuple[Any, ...]]:
        with closing(columns.cursor()) as cursor, limited(cursor):
            return cursor.execute(sql, list(values)).fetchall()

    return columns.keep((sql, repr(values), tuple), tables_in(sql), fetched)
