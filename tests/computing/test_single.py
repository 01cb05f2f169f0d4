"""Policies asked of SQLite (one row) and PostgreSQL: to the last reason and 分 what the engine of the columns says, for rows of every kind."""

from collections.abc import Iterator, Sequence
from datetime import date

import duckdb
import psycopg
import pytest

from bihuan.computing.engine import Record, records
from bihuan.computing.single import entitled, judged
from bihuan.foundation.evaluating import sandbox
from bihuan.foundation.grammar.catalogue import Catalogue, link
from bihuan.foundation.grammar.deciding import condition_of
from bihuan.foundation.grammar.formula_sql import Target
from bihuan.foundation.grammar.payables import Policy, amount_of, needs_of, policies_of, subjects_sql, turns_of
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


@pytest.mark.postgres
def test_postgresql_says_of_every_policy_what_the_columns_say(
    world: duckdb.DuckDBPyConnection, catalogue: Catalogue, view: RegisterView, postgres_url: str
) -> None:
    day = DAYS[1]
    policies = policies_of(view, day)
    source = subjects_sql(catalogue, view, policies, day)
    shape = ", ".join(f'"{name}" {_IN_POSTGRES.get(kind, kind)}' for name, kind, *_ in world.execute(f"DESCRIBE {source}").fetchall())
    rows = world.execute(f"{source} ORDER BY _id").fetchall()
    with psycopg.connect(postgres_url) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE subjects ({shape}) ON COMMIT DROP")
        cursor.executemany(f"INSERT INTO subjects VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)
        found = cursor.execute(_everything(view, policies, "postgres", day, "subjects")).fetchall()
    assert found == world.execute(_everything(view, policies, "duckdb", day, f"({source})")).fetchall()


_IN_POSTGRES = {"DOUBLE": "DOUBLE PRECISION", "VARCHAR": "TEXT"}


def _everything(view: RegisterView, policies: Sequence[Policy], dialect: str, day: date, rows: str) -> str:
    """Of each row whether it meets each policy, what it asks, and its turn."""
    target = Target(dialect, at=day, table="s")
    trees = [tree for policy in policies for tree in (condition_of(view, policy.short).tree, amount_of(view, policy.pays).tree, *turns_of(view, policy.pays))]
    return f"SELECT {', '.join(tree.write(target) for tree in trees)} FROM {rows} s ORDER BY s._id"
