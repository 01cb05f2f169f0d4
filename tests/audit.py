"""Audit completeness, held for every test: whatever writes a projected table does so in a transaction that also appends to the ledger."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

from bihuan.foundation.models import Event
from bihuan.foundation.projections import PROJECTED

TABLES = "|".join(model._meta.db_table for model in PROJECTED)
WRITES = re.compile(rf'^\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+"?({TABLES})"?[\s(]', re.IGNORECASE)
APPENDS = re.compile(rf'^\s*INSERT INTO "?{Event._meta.db_table}"?[\s(]', re.IGNORECASE)
UNDOES = re.compile(r'^\s*ROLLBACK TO SAVEPOINT "?(\w+)"?', re.IGNORECASE)


@dataclass
class Audit:
    """The writes seen, each with the transaction it was in; and the transactions that appended to the ledger."""

    base: tuple[str, ...]
    writes: list[tuple[str | None, str]] = field(default_factory=list)
    appended: set[str | None] = field(default_factory=set)
    suspended: bool = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Django's execute wrapper: look at each statement before it runs."""
        undone = UNDOES.match(sql)
        if undone:
            self.writes = [(transaction, statement) for transaction, statement in self.writes if transaction != undone[1]]
        elif APPENDS.match(sql):
            self.appended.add(self._transaction())
        elif WRITES.match(sql) and not self.suspended:
            self.writes.append((self._transaction(), sql[:120]))
        return execute(sql, params, many, context)

    def _transaction(self) -> str | None:
        """The outermost transaction inside the test's own, or None."""
        inside = [name for name in connection.savepoint_ids if name and name not in self.base]
        return inside[0] if inside else None

    def unrecorded(self) -> list[str]:
        """The statements that changed a projected table in no transaction that appended to the ledger."""
        return [sql for transaction, sql in self.writes if transaction is None or transaction not in self.appended]


_current: list[Audit] = []


@contextmanager
def watching() -> Iterator[Audit]:
    """Watch every statement on the default connection."""
    audit = Audit(tuple(name for name in connection.savepoint_ids if name))
    _current.append(audit)
    try:
        with connection.execute_wrapper(audit):
            yield audit
    finally:
        _current.pop()


@contextmanager
def tampering() -> Iterator[None]:
    """Where a test itself plays the one who changes a table behind the ledger's back."""
    for audit in _current:
        audit.suspended = True
    try:
        yield
    finally:
        for audit in _current:
            audit.suspended = False


@contextmanager
def ledger_may_be_emptied() -> Iterator[None]:
    """Let Django empty the tables between two tests with real transactions, which the append-only triggers forbid."""
    plain = BaseDatabaseOperations.execute_sql_flush

    def flush(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        names = ("event_refuses_update", "event_refuses_delete")
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "postgresql":
                cursor.execute("ALTER TABLE foundation_event DISABLE TRIGGER USER")
                plain(self, sql_list)
                cursor.execute("ALTER TABLE foundation_event ENABLE TRIGGER USER")
                return
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN (%s, %s)", names)
            triggers = dict(cursor.fetchall())
            for name in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            plain(self, sql_list)
            for statement in triggers.values():
                cursor.execute(statement)

    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
    try:
        yield
    finally:
        BaseDatabaseOperations.execute_sql_flush = plain  # type: ignore[method-assign]
