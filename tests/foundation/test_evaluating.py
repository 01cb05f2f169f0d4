"""The sandbox holds: no file, no network, no unlocking, no endless query."""

import duckdb
import pytest

from bihuan.foundation.evaluating import TooSlow, limited, sandbox

REACHING_OUT = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "COPY (SELECT 1) TO '/tmp/out.csv'",
    "ATTACH '/tmp/other.db'",
    "INSTALL httpfs",
    "SELECT * FROM glob('/*')",
    "SET enable_external_access = true",
    "SET memory_limit = '64GB'",
    "RESET lock_configuration",
]


@pytest.mark.parametrize("statement", REACHING_OUT)
def test_nothing_outside_can_be_reached_and_nothing_unlocked(statement: str) -> None:
    with pytest.raises(duckdb.Error):
        sandbox().execute(statement)


def test_a_formula_does_not_find_the_variables_of_its_caller() -> None:
    secrets = {"a": [1]}
    with pytest.raises(duckdb.Error):
        sandbox().execute("SELECT * FROM secrets")
    assert secrets


def test_an_endless_query_is_stopped_and_the_connection_lives_on() -> None:
    connection = sandbox()
    with pytest.raises(TooSlow), limited(connection, seconds=0.2):
        connection.execute("SELECT count(*) FROM range(100000000000) a").fetchall()
    assert connection.execute("SELECT 1").fetchall() == [(1,)]


def test_memory_is_capped() -> None:
    with pytest.raises(duckdb.OutOfMemoryException):
        sandbox("64MB").execute("SELECT list(i) FROM range(50000000) r(i)").fetchall()
