"""Every row of a register against every policy that pays: one run, its totals, its lines, and what one changed fact changes.

    with matched(columns, view, date(2025, 12, 31)) as run:
        totals(run)
        payable(run)

A run stands in tables of its own beside the columns (``subjects``, ``entitled``, ``paid``, ``allotted``; `grammar.payables` says what each
holds) and belongs to one position of the ledger. Reasons for single rows come from `computing.reasons`, by the same formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from bihuan.computing.engine import Record, records
from bihuan.computing.single import entitled
from bihuan.computing.tables import Columns
from bihuan.foundation.access import Scope
from bihuan.foundation.actions import PayLine
from bihuan.foundation.evaluating import limited
from bihuan.foundation.grammar.deciding import conditions_once
from bihuan.foundation.grammar.gathering import with_clause
from bihuan.foundation.grammar.payables import Policy, allotted_sql, amount_of, entitled_sql, given_way, policies_of, subjects_sql
from bihuan.foundation.grammar.plans import text_literal
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Payment

TOGETHER = 50
"""So many policies stand in one query; the engine's time for planning grows faster than their number."""

SECONDS = 600.0
"""How long one query of a run may take."""

Progress = Callable[[int, int], None]
"""Told how many policies of how many are done."""


@dataclass(frozen=True)
class Run:
    """One run. ``cursor`` holds its tables; ``position`` is where the columns stood on the ledger."""

    columns: Columns
    view: RegisterView
    day: date
    policies: tuple[Policy, ...]
    cursor: duckdb.DuckDBPyConnection
    position: int
    hash: str


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


def _nothing(done: int, of: int) -> None:
    """Tell nobody."""


@contextmanager
def matched(columns: Columns, view: RegisterView, day: date, progress: Progress = _nothing) -> Iterator[Run]:
    """A run over the rows as they stand. Its tables are gone when the block ends."""
    policies = policies_of(view, day)
    with closing(columns.cursor()) as cursor, limited(cursor, SECONDS):
        run = Run(columns, view, day, policies, cursor, columns.position, columns.hash)
        cursor.execute(f"CREATE TEMP TABLE subjects AS {subjects_sql(columns.catalogue, view, policies, day)}")
        cursor.execute(f"CREATE TEMP TABLE entitled ({_ENTITLED})")
        for start in range(0, len(policies), TOGETHER):
            progress(start, len(policies))
            cursor.execute(f"INSERT INTO entitled {entitled_sql(view, policies[start : start + TOGETHER])}")
        _put_paid(cursor, view, columns.using)
        _allot(run)
        progress(len(policies), len(policies))
        yield run


_ENTITLED = "_id BIGINT, _key VARCHAR, policy INTEGER, asked BIGINT, turn1 DOUBLE, turn2 DOUBLE, turn3 DOUBLE"
_ALLOTTED = "_id BIGINT, _key VARCHAR, policy INTEGER, asked BIGINT, amount BIGINT, bar VARCHAR, rival INTEGER, place BIGINT"


def _put_paid(cursor: duckdb.DuckDBPyConnection, view: RegisterView, using: str) -> None:
    """What confirmed lists paid before."""
    found = Payment.objects.using(using).filter(paylist__state="confirmed", paylist__register=view.name)
    rows = list(found.values_list("entry__key", "policy", "paylist__day__year", "amount"))
    given: list[list[object]] = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    kinds = (pa.string(), pa.string(), pa.int32(), pa.int64())
    arrays = [pa.array(column, kind) for column, kind in zip(given, kinds, strict=True)]
    incoming = pa.table(arrays, names=["_key", "policy", "year", "amount"])
    cursor.register("incoming_paid", incoming)
    cursor.execute("CREATE TEMP TABLE paid AS SELECT * FROM incoming_paid")
    cursor.unregister("incoming_paid")


def _allot(run: Run) -> None:
    run.cursor.execute(f"CREATE OR REPLACE TEMP TABLE allotted ({_ALLOTTED})")
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


def totals(run: Run, among: str = "TRUE") -> list[Total]:
    """Every policy of the run in the order written, those that nobody meets included; ``among`` is a condition on the rows counted."""
    only = "" if among == "TRUE" else f" WHERE _id IN (SELECT _id FROM subjects WHERE {among})"
    sql = (
        "SELECT policy, bar, count(*) AS rows, sum(asked) AS asked, count(*) FILTER (WHERE amount > 0) AS paid, sum(amount) AS amount "
        f"FROM allotted{only} GROUP BY ALL"
    )
    by_policy: dict[int, list[Record]] = {}
    for row in ask(run, sql):
        by_policy.setdefault(row["policy"], []).append(row)
    unknown = _unknown(run, among)
    return [_total(policy, by_policy.get(policy.number, []), unknown[policy.number]) for policy in run.policies]


def _total(policy: Policy, rows: Sequence[Record], unknown: int) -> Total:
    def summed(key: str) -> int:
        return sum(int(row[key]) for row in rows)

    bars = {row["bar"]: int(row["rows"]) for row in rows if row["bar"]}
    return Total(policy, summed("rows"), summed("asked"), summed("paid"), summed("amount"), bars, unknown)


def _unknown(run: Run, among: str) -> dict[int, int]:
    """How many rows of each policy cannot be decided: a condition, or the amount of who meets them all, lacks data."""
    found: dict[int, int] = {}
    for start in range(0, len(run.policies), TOGETHER):
        part = run.policies[start : start + TOGETHER]
        tests, wholes = conditions_once(run.view, [policy.short for policy in part])
        columns = {**tests, **{f"a{policy.number}": f"({amount_of(run.view, policy.pays).sql}) IS NULL" for policy in part}}
        selected = ", ".join(f'{sql} AS "{name}"' for name, sql in columns.items())
        counts = ", ".join(
            f'count(*) FILTER (WHERE ({wholes[policy.short]}) IS NULL OR ({wholes[policy.short]}) AND "a{policy.number}") AS "{policy.number}"'
            for policy in part
        )
        rows = ask(run, f"SELECT {counts} FROM (SELECT {selected} FROM subjects s WHERE {among})")
        found |= {int(number): count for number, count in rows[0].items()}
    return found


def payable(run: Run) -> list[PayLine]:
    """Everything that is to be paid, by policy and row."""
    name = {policy.number: policy.item.name for policy in run.policies}
    rows = ask(run, "SELECT policy, _key, _id, asked, amount FROM allotted WHERE amount > 0")
    return sorted(PayLine(name[row["policy"]], row["_key"], row["_id"], row["asked"], row["amount"]) for row in rows)


# --- what a change changes


def rematch(run: Run, ids: Sequence[int]) -> None:
    """Match a few rows anew after the columns moved on; everybody else's entitlement stands, and the money is parted again."""
    if not ids or not run.policies:
        return
    listed = ", ".join(map(str, ids))
    affected = {row["policy"] for row in ask(run, f"SELECT DISTINCT policy FROM entitled WHERE _id IN ({listed})")}
    run.cursor.execute(f"DELETE FROM subjects WHERE _id IN ({listed})")
    run.cursor.execute(f"INSERT INTO subjects {subjects_sql(run.columns.catalogue, run.view, run.policies, run.day, ids)}")
    run.cursor.execute(f"DELETE FROM entitled WHERE _id IN ({listed})")
    moved = ask(run, f"SELECT * FROM subjects WHERE _id IN ({listed})")
    fresh = [line for row in moved for line in entitled(run.view, run.policies, row, run.day)]
    if fresh:
        run.cursor.executemany("INSERT INTO entitled VALUES (?, ?, ?, ?, ?, ?, ?)", fresh)
    _allot_again(run, affected | {line[2] for line in fresh})


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

    Only values that the run holds already can be asked for; others raise duckdb.BinderException.
    """
    sql = with_clause([("asking", entitled_sql(view, [policy]))])
    row = ask(run, f"{sql} SELECT count(*) AS rows, coalesce(sum(asked), 0) AS asked FROM asking WHERE asked > 0")[0]
    return int(row["rows"]), int(row["asked"])
