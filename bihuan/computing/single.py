"""Policies on a few rows: the same compiled formulas, written for SQLite, which answers a thousand expressions on one row in milliseconds.

The engine of the columns is made for millions of rows; a query of two thousand expressions takes it a quarter of a second even for one.
`tests/conformance` holds both dialects to the same answers, and `tests/computing/test_single.py` whole policies.
"""

from __future__ import annotations

import math
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bihuan.foundation.grammar.criteria import tests_of
from bihuan.foundation.grammar.deciding import condition_of, criteria_columns
from bihuan.foundation.grammar.formula_sql import Node, Target
from bihuan.foundation.grammar.payables import Policy, amount_of, turns_of
from bihuan.foundation.grammar.views import RegisterView

Facts = Mapping[str, Any]
"""The values of a row, as ``subjects`` has them."""

TOGETHER = 60
"""So many policies stand in one statement: SQLite gives at most 2,000 columns."""

MOST_HELD = 8

Entitled = tuple[int, int, int | None, float | None, float | None, float | None]
"""A row of ``entitled``."""


def judged(view: RegisterView, policies: Sequence[Policy], facts: Facts, day: date) -> dict[str, Any]:
    """What `plans.row_plan` would say of one row, for these policies: every test, both sides, what is lifted, the whole; and ``:asked``."""
    row: dict[str, Any] = {}
    for statement in _statements("judged", view, policies, facts, day):
        titles, found = _run(statement, facts)
        row |= dict(zip(titles, found, strict=True))
    for policy in policies:
        shape = policy.item.shape
        said = [policy.short, *(f"{policy.short}/{test.key}" for test in tests_of(shape)), *(f"{policy.short}!{one.from_}" for one in shape.exempt)]
        row |= {column: None if row[column] is None else bool(row[column]) for column in said}
    return row


def entitled(view: RegisterView, policies: Sequence[Policy], facts: Facts, day: date) -> Iterator[Entitled]:
    """The policies that one row meets, as rows of ``entitled``."""
    statements = _statements("entitled", view, policies, facts, day)
    for start, statement in zip(range(0, len(policies), TOGETHER), statements, strict=True):
        _, found = _run(statement, facts)
        for place, policy in enumerate(policies[start : start + TOGETHER]):
            met, asked, *turns = found[place * 5 : place * 5 + 5]
            if met:
                yield (facts["_id"], policy.number, asked, *turns)


@dataclass(frozen=True)
class _Statement:
    sql: str
    names: tuple[str, ...]


_held: dict[tuple[str, int, date, tuple[str, ...], tuple[str, ...]], tuple[RegisterView, list[_Statement]]] = {}


def _statements(kind: str, view: RegisterView, policies: Sequence[Policy], facts: Facts, day: date) -> list[_Statement]:
    """The statements for some policies, written once; the view stands beside them, so that its number is nobody else's."""
    names = tuple(sorted(facts))
    asked = (kind, id(view), day, tuple(policy.short for policy in policies), names)
    if asked not in _held:
        if len(_held) >= MOST_HELD:
            _held.clear()
        write = _judging if kind == "judged" else _entitling
        parts = (policies[start : start + TOGETHER] for start in range(0, len(policies), TOGETHER))
        _held[asked] = (view, [_Statement(write(view, part, day, names), names) for part in parts])
    return _held[asked][1]


def _judging(view: RegisterView, policies: Sequence[Policy], day: date, names: Sequence[str]) -> str:
    def write(tree: Node) -> str:
        return tree.write(Target("sqlite", at=day, table="s"))

    columns = [column for policy in policies for column in criteria_columns(view, policy.short, write)]
    first = [column.sql for column in columns if not column.after]
    first += [f'{write(amount_of(view, policy.pays).tree)} AS "{policy.short}:asked"' for policy in policies]
    second = [column.sql for column in columns if column.after]
    return f"SELECT j.*, {', '.join(second)} FROM (SELECT {', '.join(first)} FROM {_row(names)} s) j"


def _entitling(view: RegisterView, policies: Sequence[Policy], day: date, names: Sequence[str]) -> str:
    def write(tree: Node) -> str:
        return tree.write(Target("sqlite", at=day, table="s"))

    columns = []
    for policy in policies:
        asked = (condition_of(view, policy.short).tree, amount_of(view, policy.pays).tree, *turns_of(view, policy.pays))
        columns += [write(tree) for tree in asked]
    return f"SELECT {', '.join(columns)} FROM {_row(names)} s"


def _row(names: Sequence[str]) -> str:
    listed = ", ".join(f'?{place} AS "{name}"' for place, name in enumerate(names, 1))
    return f"(SELECT {listed})"


_kept = threading.local()


def _run(statement: _Statement, facts: Facts) -> tuple[list[str], tuple[Any, ...]]:
    connection: sqlite3.Connection | None = getattr(_kept, "connection", None)
    if connection is None:
        connection = _kept.connection = sqlite3.connect(":memory:", cached_statements=4 * MOST_HELD)
        # Not every build of SQLite has it.
        connection.create_function("floor", 1, lambda value: None if value is None else math.floor(value), deterministic=True)
    found = connection.execute(statement.sql, [_bound(facts[name]) for name in statement.names])
    return [column[0] for column in found.description], found.fetchone()


def _bound(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
