"""Policies on one row, asked of SQLite: to the last reason and 分 what the engine of the columns says, for rows of every kind."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from bihuan.computing.engine import Record, records
from bihuan.computing.single import entitled, judged
from bihuan.foundation.evaluating import sandbox
from bihuan.foundation.grammar.catalogue import Catalogue, link
from bihuan.foundation.grammar.payables import Policy, needs_of, policies_of, subjects_sql
from bihuan.foundation.grammar.plans import Wanted, row_plan
from bihuan.foundation.grammar.reading import judgement_of
from bihuan.foundation.grammar.views import RegisterView
from tests.computing import firms
from tests.foundation.grammar.entitled import entitled_sql

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
    """Firms of every kind."""
    with sandbox("256MB", threads=1) as connection:
        firms.put_every_kind(connection, view, ROWS)
        yield connection


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
