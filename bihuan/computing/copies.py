"""A copy of the columns as Parquet files, one a table, for engines outside this process; as disposable as the columns themselves.

    <folder>/<position>-<digest>/columns.json           where on the ledger it stands, and what is in it
    <folder>/<position>-<digest>/<table>.parquet

A copy is written aside and renamed once it is whole, so a half-written one is never read. Personal data never leave the process: fields that a
pack marks ``personal`` are left out of the files, and a query that needs one is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from bihuan.computing.tables import Columns, whole
from bihuan.foundation.grammar.gathering import DUTIES, GRANTS, figures_table, rows_table

KEPT = 2
"""So many copies stay: the newest, and the one before, which a run may still be reading."""

ABANDONED = 24 * 3600
"""After so many seconds without a file more, nobody is writing a copy any more."""

ROWS = 128 * 1024
"""Rows in a group: what a cluster gives to one task."""

ABOUT = "columns.json"
_SHARED = (DUTIES, GRANTS, "verdicts", "overrides")


@dataclass(frozen=True)
class Copy:
    """One copy. ``withheld``: by table the columns left out of it."""

    folder: Path
    position: int
    hash: str
    withheld: Mapping[str, tuple[str, ...]]

    def file_of(self, table: str) -> Path:
        """The file of one table."""
        return self.folder / f"{table}.parquet"


def copied(columns: Columns, into: Path) -> Copy:
    """The copy of the columns as they stand; written where there is none yet. Raises OSError where it cannot be."""
    with columns.lock, closing(columns.cursor()) as cursor, whole(cursor):
        position, head = columns.position, columns.hash
        shapes = dict(_shapes(columns, cursor))
        copy = Copy(into / f"{position}-{_digest(head, shapes)}", position, head, {table: left for table, (_kept, left) in shapes.items() if left})
        if not (copy.folder / ABOUT).exists():
            _write(copy, shapes, cursor)
    os.utime(copy.folder)
    _tidy(into)
    return copy


Shapes = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""Of each table, the columns that are copied and those that are not."""


def _shapes(columns: Columns, cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, tuple[tuple[str, ...], tuple[str, ...]]]]:
    personal = {}
    for view in columns.catalogue.registers.values():
        personal[rows_table(view.name).strip('"')] = {key for key, shape in view.shape.fields.items() if shape.personal}
        figures = view.shape.figures.fields if view.shape.figures else {}
        personal[figures_table(view.name).strip('"')] = {key for key, shape in figures.items() if shape.personal}
    for table in (*personal, *_SHARED):
        every = tuple(str(row[0]) for row in cursor.execute(f'DESCRIBE "{table}"').fetchall())
        left = personal.get(table, set())
        yield table, (tuple(name for name in every if name not in left), tuple(name for name in every if name in left))


def _digest(head: str, shapes: Shapes) -> str:
    """Other packs make other tables at the same position."""
    return hashlib.sha256(json.dumps([head, shapes]).encode()).hexdigest()[:16]


def _write(copy: Copy, shapes: Shapes, cursor: duckdb.DuckDBPyConnection) -> None:
    aside = copy.folder.with_name(f".{copy.folder.name}.{os.getpid()}")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        about = {"position": copy.position, "hash": copy.hash, "tables": {}}
        for table, (kept, left) in shapes.items():
            rows = _write_table(aside / f"{table}.parquet", f'SELECT {", ".join(_quoted(name) for name in kept)} FROM "{table}"', cursor)
            about["tables"][table] = {"rows": rows, "withheld": left}  # type: ignore[index]
        (aside / ABOUT).write_text(json.dumps(about, ensure_ascii=False, indent=1), "utf-8")
        aside.rename(copy.folder)
    except FileExistsError:
        return  # another process was quicker: its copy is of the same position
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write_table(file: Path, sql: str, cursor: duckdb.DuckDBPyConnection) -> int:
    reader, rows = cursor.sql(sql).to_arrow_reader(ROWS), 0
    with file.open("wb") as out:
        with pq.ParquetWriter(out, reader.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch)
                rows += batch.num_rows
        out.flush()
        os.fsync(out.fileno())
    return rows


def _quoted(name: str) -> str:
    return f'"{name}"'


def _tidy(folder: Path) -> None:
    """Remove all copies but the newest, and what a process left behind that was killed while it wrote."""
    for aside in folder.glob(".*"):
        if aside.stat().st_mtime < time.time() - ABANDONED:
            shutil.rmtree(aside, ignore_errors=True)
    whole_ones = sorted((one for one in folder.iterdir() if (one / ABOUT).exists()), key=lambda one: one.stat().st_mtime_ns, reverse=True)
    for old in whole_ones[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
