"""The rows of a register with every value its policies mention, as Arrow columns, and what the policies say of them.

    facts = Facts.read(subjects_sql(…), cursor, view, policies, day)
    entitled, unknown = facts.matched()

One query of the engine reads the values (`subjects_sql`, and what no kernel covers); `bitmaps` does the rest, batch by batch and a batch a core.
`tests/computing/test_bitmaps.py` holds it to what the engine alone says of the same trees.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from bihuan.computing.bitmaps import MOST_ROWS, Batch, Program
from bihuan.computing.kernels import Sort
from bihuan.foundation.grammar.catalogue import RegisterView
from bihuan.foundation.grammar.deciding import condition_of, in_columns
from bihuan.foundation.grammar.formula_sql import Column
from bihuan.foundation.grammar.payables import Policy, amount_of, turns_of

T = TypeVar("T")

Progress = Callable[[int, int], None]
"""Told how many policies of how many are done."""

CORES = min(4, os.cpu_count() or 1)

ENTITLED = pa.schema(
    [
        ("_id", pa.int64()), ("policy", pa.int32()), ("asked", pa.int64()),
        ("turn1", pa.float64()), ("turn2", pa.float64()), ("turn3", pa.float64()),
    ]
)  # fmt: skip

_SORTS: dict[str, Sort] = {"BIGINT": "int", "INTEGER": "int", "DOUBLE": "double", "BOOLEAN": "bool", "DATE": "date", "VARCHAR": "text"}


def nobody(done: int, of: int) -> None:
    """Tell nobody how far it is."""


@dataclass(frozen=True)
class _Steps:
    """The steps of one policy."""

    policy: Policy
    met: int
    asked: int
    turns: tuple[int, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """All of them."""
        return (self.met, self.asked, *self.turns)


@dataclass
class Facts:
    """``table`` has a column for each leaf of ``program``, and the id of each row."""

    view: RegisterView
    day: date
    program: Program
    policies: Sequence[_Steps]
    table: pa.Table
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def read(cls, source: str, cursor: duckdb.DuckDBPyConnection, view: RegisterView, policies: Sequence[Policy], day: date) -> Facts:
        """The rows of ``source`` (`subjects_sql`) as the columns have them now."""
        program = Program(day, sorts_of(cursor, source))
        steps = [_steps(program, view, policy) for policy in policies]
        asked = program.leaves_of(number for one in steps for number in one.numbers)
        leaves = "".join(f', {sql} AS "{name}"' for name, sql in asked.items())
        table = cursor.sql(f"SELECT _id{leaves} FROM ({source}) s").to_arrow_table(MOST_ROWS * 2)
        return cls(view, day, program, steps, _coded(table))

    def matched(self, progress: Progress = nobody) -> tuple[pa.Table, dict[int, int]]:
        """The rows that meet each policy as ``entitled`` has them, and by policy how many rows cannot be decided."""
        found, unknown = list[pa.RecordBatch](), Counter({one.policy.number: 0 for one in self.policies})
        batches = self._batches
        for place, (parts, undecided) in enumerate(_on_every_core(lambda batch: _match(batch, self.policies), batches), 1):
            found += parts
            unknown.update(undecided)
            progress(len(self.policies) * place // len(batches), len(self.policies))
        return pa.Table.from_batches(found, ENTITLED), dict(unknown)

    def among(self, ids: pa.Array) -> Facts:
        """Some of the rows, by id."""
        return Facts(self.view, self.day, self.program, self.policies, self.table.filter(pc.is_in(self.table["_id"], ids)))

    def what_if(self, view: RegisterView, policy: Policy) -> tuple[int, int]:
        """How many rows would meet a policy as another edition of the register has it, and what they would ask in all, in 分.

        Raises LookupError where that asks for a value that was not read.
        """
        with self.lock:
            steps = _steps(self.program, view, policy)
        lacking = [sql for name, sql in self.program.leaves_of(steps.numbers).items() if name not in self.table.column_names]
        if lacking:
            raise LookupError(f"not among the values of this run: {', '.join(lacking)}")
        sums = list(_on_every_core(lambda batch: _asked(batch, steps), self._batches))
        return sum(rows for rows, _ in sums), sum(asked for _, asked in sums)

    @cached_property
    def _batches(self) -> list[Batch]:
        made = []
        for part in self.table.to_batches(max_chunksize=MOST_ROWS):
            made.append(Batch(self.program, dict(zip(part.schema.names, part.columns, strict=True)), part.num_rows))
        return made


def _steps(program: Program, view: RegisterView, policy: Policy) -> _Steps:
    met, asked = program.add(condition_of(view, policy.short).tree), program.add(amount_of(view, policy.pays).tree)
    return _Steps(policy, met, asked, tuple(program.add(turn) for turn in turns_of(view, policy.pays)))


def sorts_of(cursor: duckdb.DuckDBPyConnection, source: str) -> Callable[[str], Sort]:
    """What the engine gives for an expression over the rows: asked once for all that is stored, and singly for what is computed."""
    stored = {in_columns(Column(name, name)): kind for name, kind in _described(cursor, f"SELECT * FROM ({source})")}

    def sort(sql: str) -> Sort:
        kind = stored.get(sql) or _described(cursor, f"SELECT {sql} FROM ({source}) s")[0][1]
        return _SORTS.get(kind, "other")

    return sort


def _described(cursor: duckdb.DuckDBPyConnection, query: str) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in cursor.execute(f"DESCRIBE {query}").fetchall()]


def _coded(table: pa.Table) -> pa.Table:
    """Texts as codes; small whole numbers as all whole numbers are."""
    for place, read in enumerate(table.schema):
        column = table.column(place)
        if pa.types.is_string(read.type):
            table = table.set_column(place, read.name, column.dictionary_encode())
        elif pa.types.is_integer(read.type) and read.type != pa.int64():
            table = table.set_column(place, read.name, column.cast(pa.int64()))
    return table


def _on_every_core(deed: Callable[[Batch], T], batches: Sequence[Batch]) -> Iterator[T]:
    if len(batches) < 2:
        yield from map(deed, batches)
        return
    with ThreadPoolExecutor(CORES) as cores:
        yield from cores.map(deed, batches)


def _match(batch: Batch, policies: Sequence[_Steps]) -> tuple[list[pa.RecordBatch], dict[int, int]]:
    found, unknown = list[pa.RecordBatch](), dict[int, int]()
    for one in policies:
        met = batch.array(one.met)
        places = batch.places(one.met)
        few = batch.taken(places)
        asked = few.array(one.asked)
        turns = [few.array(turn) for turn in one.turns]
        policy = pa.repeat(pa.scalar(one.policy.number, pa.int32()), len(places))
        found.append(pa.record_batch([few.column("_id"), policy, asked, *turns], schema=ENTITLED))
        unknown[one.policy.number] = met.null_count + asked.null_count
        batch.forget()
    return found, unknown


def _asked(batch: Batch, one: _Steps) -> tuple[int, int]:
    places = batch.places(one.met)
    asked = batch.taken(places).array(one.asked)
    paid = asked.filter(pc.greater(asked, 0))
    batch.forget()
    return len(paid), pc.sum(paid).as_py() or 0
