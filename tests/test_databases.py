"""A database that could lose a confirmed write is refused before it is used."""

import sqlite3

import pytest
from django.core.checks import CheckMessage
from django.db import connection

from bihuan import sqlite
from bihuan.databases import durable, postgres_problems, sqlite_problems, tend


def codes(found: list[CheckMessage]) -> list[str | None]:
    return [message.id for message in found]


@pytest.fixture
def on_sqlite(transactional_db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("this run is on PostgreSQL; the SQLite run has it")


def test_every_process_uses_the_shipped_sqlite() -> None:
    assert sqlite3.sqlite_version == ".".join(map(str, sqlite.version()))
    assert sqlite.version() >= sqlite.NEEDED


@pytest.mark.postgres
def test_the_database_as_we_set_it_up_is_accepted(db: None) -> None:
    assert [message for message in durable(databases=["default"]) if message.is_serious()] == []


@pytest.mark.parametrize("pragma", ["synchronous=NORMAL", "mmap_size=1048576", "secure_delete=OFF"])
def test_a_weaker_sqlite_is_refused(on_sqlite: None, pragma: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
    try:
        assert codes(sqlite_problems(connection)) == ["bihuan.E003"]
    finally:
        connection.close()


def test_an_old_sqlite_library_is_refused(on_sqlite: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "NEEDED", (99, 0, 0))
    assert codes(sqlite_problems(connection)) == ["bihuan.E001"]


@pytest.mark.postgres_only
def test_a_postgresql_that_answers_before_it_has_written_is_refused(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    assert "bihuan.E012" in codes(postgres_problems(connection))


@pytest.mark.postgres
def test_a_database_that_was_looked_after_knows_what_its_tables_hold(transactional_db: None) -> None:
    tend(connection)
    known = "SELECT count(*) FROM pg_stats WHERE schemaname = 'public'" if connection.vendor == "postgresql" else "SELECT count(*) FROM sqlite_stat1"
    with connection.cursor() as cursor:
        cursor.execute(known)
        assert cursor.fetchone()[0] > 0
