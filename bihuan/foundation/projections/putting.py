"""Many rows written at once: one prepared statement, which the database is handed row by row.

Django's `bulk_create` spells every value of every row into ever new statements, which takes ten times as long as the database needs to
write them; and what is projected is written under the ledger's lock, where everybody waits.
"""

from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

PLAIN = frozenset({"BigIntegerField", "IntegerField", "BooleanField", "CharField", "TextField", "ForeignKey"})
"""Sorts of fields whose values every database takes as they are."""


def put(rows: Sequence[Model], using: str, *changed: str) -> None:
    """Insert rows of one table, ids and all; where ``changed`` names fields, rows that stand under their id get those, and keep the others.

    Raises IntegrityError where a constraint of the table is broken. The caller holds the transaction.
    """
    if not rows:
        return
    connection = connections[using]
    fields = _fields(type(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(_statement(type(rows[0]), changed), _values(rows, fields, connection))


@cache
def _fields(model: type[Model]) -> tuple["Field[Any, Any]", ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.generated)


def _values(rows: Sequence[Model], fields: Sequence["Field[Any, Any]"], connection: BaseDatabaseWrapper) -> list[list[Any]]:
    """What is handed over for each row: plain values as they are, the others as Django would store them."""
    read = attrgetter(*(field.attname for field in fields))
    values = [list(read(row)) for row in rows]
    for place, field in enumerate(fields):
        if field.get_internal_type() not in PLAIN:
            for row in values:
                row[place] = field.get_db_prep_save(row[place], connection)
    return values


@cache
def _statement(model: type[Model], changed: tuple[str, ...]) -> str:
    """The statement with a place for each value; SQLite and PostgreSQL spell it alike."""
    columns = {field.name: f'"{field.column}"' for field in _fields(model)}
    insert = f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns.values())}) VALUES ({", ".join(["%s"] * len(columns))})'
    renewed = ", ".join(f"{columns[name]} = excluded.{columns[name]}" for name in changed)
    return f'{insert} ON CONFLICT ("id") DO UPDATE SET {renewed}' if renewed else insert
