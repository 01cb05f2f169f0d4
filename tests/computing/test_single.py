"""Policies on one row, asked of SQLite: to the last reason and 分 what the engine of the columns says, for rows of every kind."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import duckdb
import pytest

from bihuan.computing.engine import Record, records
from bihuan.computing.single import entitled, judged
from bihuan.foundation import columns
from bihuan.foundation.columns import FigureRow, Row
from bihuan.foundation.evaluating import sandbox
from bihuan.foundation.grammar.catalogue import Catalogue, link
from bihuan.foundation.grammar.payables import Policy, entitled_sql, needs_of, policies_of, subjects_sql
from bihuan.foundation.grammar.plans import Wanted, row_plan
from bihuan.foundation.grammar.reading import judgement_of
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.views import RegisterView
from tests.computing import firms

DAYS = (date(2025, 7, 8), date(2025, 11, 20), date(2026, 3, 1))
ROWS = 60


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return link([firms.pack()])


@pytest.fixture(scope="module")
def view(catalogue: Catalogue) -> RegisterView:
    return catalogue.registers[firms.REGISTER]


@pytest.fixture(scope="module")
def world(view: RegisterView) -> Iterator[duckdb.DuckDBPyConnection]:
    """Firms of every kind: each fact is missing now and then, and many lie on a line or just beside it."""
    chance = Random(7)
    with sandbox("256MB", threads=1) as connection:
        columns.create(connection, [view])
        rows, figures = list[Row](), list[FigureRow]()
        for number in range(1, ROWS + 1):
            data = {key: _value(chance, shape) for key, shape in view.shape.fields.items()}
            rows.append(Row(number, f"F{number}", office="甲县", data={**data, "code": f"F{number}"}))
            figures += _figures(chance, number)
        columns.put_rows(connection, view, rows)
        columns.put_figures(connection, view, figures, [row.id for row in rows])
        yield connection


def _value(chance: Random, shape: FieldShape) -> Any:
    if chance.random() < 0.15:
        return None
    match shape.kind:
        case "yes_no":
            return chance.random() < 0.5
        case "choice":
            return chance.choice(shape.choices)
        case "date":
            return (date(2025, 7, 8) - timedelta(days=chance.choice((0, 1, 300, 365, 366, 729, 730, 1095, 1096)))).isoformat()
        case "money":
            return chance.choice((0, 1, 5, 20, 50, 500, 1_000)) * 1_000_000
        case "number":
            return chance.choice((0, 1, 2, 3, 10, 55, 60, 500, 700)) * (10**shape.decimals if chance.random() < 0.8 else 1)
        case _:
            return chance.choice(("", "写明的理由"))


def _figures(chance: Random, number: int) -> Iterator[FigureRow]:
    revenue = chance.choice((1_000, 2_000, 5_000, 10_000, 20_000, 100_000))
    values = {
        "revenue": revenue * 1_000_000, "research": int(revenue * chance.choice((0.02, 0.026, 0.03, 0.04, 0.05, 0.06)) * 1_000_000),
        "growth": chance.choice((900, 1000, 1500, 2000)), "staff": chance.choice((1, 30, 31, 500)), "researchers": chance.choice((1, 3, 50)),
        "tax": chance.choice((10, 120, 1_000)) * 1_000_000,
    }  # fmt: skip
    for year in ("2024", "2025"):
        yield from ((number, year, field, value) for field, value in values.items() if chance.random() > 0.1)


def _facts(world: duckdb.DuckDBPyConnection, catalogue: Catalogue, view: RegisterView, policies: tuple[Policy, ...], day: date) -> list[Record]:
    return records(world.execute(f"SELECT * FROM ({subjects_sql(catalogue, view, policies, day)}) ORDER BY _id"))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_reason_is_the_one_of_the_columns(world: duckdb.DuckDBPyConnection, catalogue: Catalogue, view: RegisterView, day: date) -> None:
    policies = policies_of(view, day)
    plan = row_plan(catalogue, view, Wanted(needs_of(view, policies), criteria=tuple(policy.short for policy in policies)), [day])
    whole = records(world.execute(f"{plan.sql} SELECT * FROM judged ORDER BY _id"))
    outcomes = set()
    for row, facts in zip(whole, _facts(world, catalogue, view, policies, day), strict=True):
        one = judged(view, policies, facts, day)
        for policy in policies:
            assert judgement_of(view, policy.short, one) == judgement_of(view, policy.short, row), (policy.short, facts)
            outcomes.add(judgement_of(view, policy.short, one).value)
    assert outcomes == {True, False, None}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_amount_is_the_one_of_the_columns(world: duckdb.DuckDBPyConnection, catalogue: Catalogue, view: RegisterView, day: date) -> None:
    policies = policies_of(view, day)
    facts = _facts(world, catalogue, view, policies, day)
    source = f"WITH subjects AS ({subjects_sql(catalogue, view, policies, day)})"
    whole = world.execute(f"{source} SELECT * FROM ({entitled_sql(view, policies)}) ORDER BY _id, policy").fetchall()
    assert [line for row in facts for line in entitled(view, policies, row, day)] == whole
    assert len(whole) > ROWS
