"""Every row of a register against every policy that pays: one run, its totals, its lines, and what one changed fact changes.

    with matched(columns, view, date(2025, 12, 31)) as run:
        totals(run)
        payable(run)

A run stands in tables of its own beside the columns (``entitled``, ``paid``, ``allotted``; `grammar.payables` says what each
holds) and belongs to one position of the ledger. Reasons for single rows come from `computing.reasons`, by the same formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date

import duckdb
import pyarrow as pa

from bihuan.computing.engine import Record, records, tables_in
from bihuan.computing.facts import Facts, Progress, nobody
from bihuan.computing.single import entitled
from bihuan.computing.tables import Columns, whole
from bihuan.foundation.access import Scope
from bihuan.foundation.actions import PayLine
from bihuan.foundation.evaluating import limited
from bihuan.foundation.grammar.gathering import rows_table
from bihuan.foundation.grammar.payables import Policy, allotted_sql, given_way, policies_of, subjects_sql
from bihuan.foundation.grammar.plans import text_literal
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.merged import survivors
from bihuan.foundation.models import Payment

SECONDS = 600.0
"""How long one query of a run may take."""

Elsewhere = Callable[[RegisterView, Sequence[Policy], date, Progress], tuple[pa.Table, dict[int, int]]]
"""Another engine that says who is entitled, of the same rows (`entitling.entitled_on` of a cluster): as `Facts.matched` does."""


@dataclass
class Run:
    """One run. ``cursor`` holds its tables; ``position`` is where the columns stood on the ledger.

    ``elsewhere`` finds who is entitled, where that is not here; the money is parted here always.
    ``unknown``: by policy how many rows cannot be decided; ``facts``: the rows as they were read, None where some have changed since.
    """

    columns: Columns
    view: RegisterView
    day: date
    policies: tuple[Policy, ...]
    cursor: duckdb.DuckDBPyConnection
    position: int
    hash: str
    unknown: dict[int, int] = field(default_factory=dict)
    facts: Facts | None = None
    elsewhere: Elsewhere | None = None

    def read(self) -> Facts:
        """The rows with every value; those of the last run where nothing has changed since."""
        if self.facts is None:
            source = subjects_sql(self.columns.catalogue, self.view, self.policies, self.day)
            self.facts = self.columns.keep_one("facts", (self.view.name, self.day), tables_in(source), lambda: self._read(source))
        return self.facts

    def _read(self, source: str) -> Facts:
        return Facts.read(source, self.cursor, self.view, self.policies, self.day)


@dataclass(frozen=True)
class Total:
    """What one policy comes to, in 分: rows entitled and what they ask, rows paid and what they get, rows barred by reason, rows unknown."""

    policy: Policy
    entitled: int
    asked: int
    paid: int
    amount: int
    bars: dict[str, int]
    unknown: int


@contextmanager
def matched(columns: Columns, view: RegisterView, day: date, progress: Progress = nobody, elsewhere: Elsewhere | None = None) -> Iterator[Run]:
    """A run over the rows as they stand, entitlement found `elsewhere` where that is given. Its tables are gone when the block ends."""
    policies = policies_of(view, day)
    progress(0, len(policies))
    with closing(columns.cursor()) as cursor, limited(cursor, SECONDS):
        run = Run(columns, view, day, policies, cursor, columns.position, columns.hash, elsewhere=elsewhere)
        for table, shape in _TABLES.items():
            cursor.execute(f"CREATE TEMP TABLE {table} ({shape})")
        if policies:
            _put_entitled(run, progress)
        _put_paid(cursor, view, columns.using)
        _allot(run)
        progress(len(policies), len(policies))
        yield run


def _put_entitled(run: Run, progress: Progress) -> None:
    """The rows, and who meets what."""
    with whole(run.cursor):  # both of the same rows, whoever puts others in meanwhile
        run.cursor.execute(f"INSERT INTO subjects SELECT _id, _key, _office FROM {rows_table(run.view.name)}")
        if run.elsewhere is None:
            run.read()
    found, run.unknown = run.elsewhere(run.view, run.policies, run.day, progress) if run.elsewhere else run.read().matched(progress)
    _put(run.cursor, "entitled", found)


def _put(cursor: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    cursor.register("incoming", rows)
    cursor.execute(f"INSERT INTO {table} SELECT * FROM incoming")
    cursor.unregister("incoming")


_TABLES = {
    "subjects": "_id BIGINT, _key VARCHAR, _office VARCHAR",
    "entitled": "_id BIGINT, policy INTEGER, asked BIGINT, turn1 DOUBLE, turn2 DOUBLE, turn3 DOUBLE",
    "paid": "_id BIGINT, policy VARCHAR, year INTEGER, amount BIGINT",
    "allotted": "_id BIGINT, policy INTEGER, asked BIGINT, amount BIGINT, bar VARCHAR, rival INTEGER, place BIGINT",
}


def _put_paid(cursor: duckdb.DuckDBPyConnection, view: RegisterView, using: str) -> None:
    """What confirmed lists paid before."""
    found = Payment.objects.using(using).filter(paylist__state="confirmed", paylist__register=view.name)
    into = survivors(view.name, using)  # what was paid to a row that is part of another now was paid to that one
    rows = [(into.get(entry, entry), *rest) for entry, *rest in found.values_list("entry_id", "policy", "paylist__day__year", "amount")]
    given: list[list[object]] = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    kinds = (pa.int64(), pa.string(), pa.int32(), pa.int64())
    arrays = [pa.array(column, kind) for column, kind in zip(given, kinds, strict=True)]
    _put(cursor, "paid", pa.table(arrays, names=["_id", "policy", "year", "amount"]))


def _allot(run: Run) -> None:
    if run.policies:
        run.cursor.execute(f"INSERT INTO allotted {allotted_sql(run.view, run.policies, run.day.year)}")


def ask(run: Run, sql: str, values: Sequence[object] = ()) -> list[Record]:
    """The rows of a query over the tables of a run."""
    return records(run.cursor.execute(sql, list(values)))


# --- what came out


def within(scope: Scope) -> str:
    """The rows that somebody sees, as a condition on ``_office`` and ``_id``."""
    if scope.everything:
        return "TRUE"
    offices = ", ".join(text_literal(office) for office in sorted(scope.offices)) or "NULL"
    return f"(_office IN ({offices}) OR _id IN ({', '.join(map(str, sorted(scope.ids))) or 'NULL'}))"


def totals(run: Run, scope: Scope | None = None) -> list[Total]:
    """Every policy of the run in the order written, those that nobody meets included, over the rows that somebody sees."""
    if not run.policies:
        return []
    unknown, only = run.unknown, ""
    if scope is not None and not scope.everything:
        seen = f"SELECT _id FROM subjects WHERE {within(scope)}"
        unknown = run.read().among(run.cursor.sql(seen).to_arrow_table()["_id"].combine_chunks()).matched()[1]
        only = f" WHERE _id IN ({seen})"
    sql = (
        "SELECT policy, bar, count(*) AS rows, sum(asked) AS asked, count(*) FILTER (WHERE amount > 0) AS paid, sum(amount) AS amount "
        f"FROM allotted{only} GROUP BY ALL"
    )
    by_policy: dict[int, list[Record]] = {}
    for row in ask(run, sql):
        by_policy.setdefault(row["policy"], []).append(row)
    return [_total(policy, by_policy.get(policy.number, []), unknown[policy.number]) for policy in run.policies]


def _total(policy: Policy, rows: Sequence[Record], unknown: int) -> Total:
    def summed(key: str) -> int:
        return sum(int(row[key]) for row in rows)

    bars = {row["bar"]: int(row["rows"]) for row in rows if row["bar"]}
    return Total(policy, summed("rows"), summed("asked"), summed("paid"), summed("amount"), bars, unknown)


def payable(run: Run) -> list[PayLine]:
    """Everything that is to be paid, by policy and row."""
    name = {policy.number: policy.item.name for policy in run.policies}
    rows = ask(run, "SELECT policy, _key, _id, asked, amount FROM allotted JOIN subjects USING (_id) WHERE amount > 0")
    return sorted(PayLine(name[row["policy"]], row["_key"], row["_id"], row["asked"], row["amount"]) for row in rows)


# --- what a change changes


def rematch(run: Run, ids: Sequence[int]) -> None:
    """Match a few rows anew after the columns moved on; everybody else's entitlement stands, and the money is parted again."""
    if not ids or not run.policies:
        return
    listed = ", ".join(map(str, ids))
    affected = {row["policy"] for row in ask(run, f"SELECT DISTINCT policy FROM entitled WHERE _id IN ({listed})")}
    run.facts = None
    for table in ("subjects", "entitled"):
        run.cursor.execute(f"DELETE FROM {table} WHERE _id IN ({listed})")
    moved = ask(run, subjects_sql(run.columns.catalogue, run.view, run.policies, run.day, ids))
    if moved:
        run.cursor.executemany("INSERT INTO subjects VALUES (?, ?, ?)", [[row["_id"], row["_key"], row["_office"]] for row in moved])
    fresh = [line for row in moved for line in entitled(run.view, run.policies, row, run.day)]
    if fresh:
        run.cursor.executemany("INSERT INTO entitled VALUES (?, ?, ?, ?, ?, ?)", fresh)
    _allot_again(run, affected | {line[1] for line in fresh})


def _allot_again(run: Run, affected: set[int]) -> None:
    """Part the money of some policies again, and of those that share a group with them or give way to them."""
    reached = _reached(run, affected)
    if not reached:
        return
    part = tuple(policy for policy in run.policies if policy.number in reached)
    listed = ", ".join(str(number) for number in sorted(reached))
    run.cursor.execute(f"DELETE FROM allotted WHERE policy IN ({listed})")
    again = allotted_sql(run.view, part, run.day.year)
    run.cursor.execute(f"INSERT INTO allotted {again}")


def _reached(run: Run, affected: set[int]) -> set[int]:
    """The policies that those affected are bound to, over as many steps as it takes."""
    numbers = {policy.short: policy.number for policy in run.policies}
    bound: dict[int, set[int]] = {policy.number: set() for policy in run.policies}
    for short, others in given_way(run.view, run.policies).items():
        for other in others:
            bound[numbers[short]].add(numbers[other])
            bound[numbers[other]].add(numbers[short])
    groups: dict[str, list[int]] = {}
    for policy in run.policies:
        groups.setdefault(policy.pays.highest_of, []).append(policy.number)
    for group, members in groups.items():
        for number in members if group else ():
            bound[number] |= set(members)
    reached, waiting = set(affected), list(affected)
    while waiting:
        fresh = bound[waiting.pop()] - reached
        reached |= fresh
        waiting += fresh
    return reached


def what_if(run: Run, policy: Policy, view: RegisterView) -> tuple[int, int]:
    """How many would meet one policy as another edition has it (``view``), and what they would ask in all, in 分; budgets are left aside.

    Only values that the run holds already can be asked for; others raise LookupError.
    """
    return run.read().what_if(view, policy)
