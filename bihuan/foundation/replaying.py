"""Replay: apply the whole ledger to empty tables, in a SQLite of its own, and compare them with the real ones field by field."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.models import JSONField, Model

from bihuan.foundation import projections
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.ledger import New, append, canonical, read_after, writing
from bihuan.foundation.models import Secret
from bihuan.foundation.projections import KEPT, PROJECTED
from bihuan.foundation.projections.putting import put

ALIAS = "replay"
BATCH = 500
MOST_SHOWN = 100


@dataclass(frozen=True)
class Difference:
    """One field of one row that the ledger and the table tell differently; field "" means the whole row is on one side only."""

    table: str
    row: str
    field: str
    ledger: str
    found: str


@dataclass(frozen=True)
class Comparison:
    """What a replay found: entries replayed, rows compared, the first MOST_SHOWN differences and how many there are."""

    entries: int
    rows: int
    differences: tuple[Difference, ...]
    count: int


def compare() -> Comparison:
    """Replay the ledger aside and compare. Writers wait only for the last entries and the comparison itself."""
    with scratch() as using:
        last = catch_up(using, 0)
        with writing():
            last = catch_up(using, last)
            return compared(using, last)


def rebuild(at: datetime) -> Comparison:
    """Put what the ledger says in place of what the tables hold, in one transaction, and put on record that it was done.

    Columns the ledger does not know (`projections.KEPT`) keep their values. Gives what was different before.
    """
    with scratch() as using:
        last = catch_up(using, 0)
        with writing():
            last = catch_up(using, last)
            before = compared(using, last)
            kept = {model: _kept_values(model) for model in KEPT}
            for model in reversed(PROJECTED):
                table = model._default_manager.all()
                table._raw_delete(table.db)
            for model in PROJECTED:
                for rows in _chunks(model, using):
                    _restore_kept(rows, kept.get(model, {}))
                    put(rows, "default")
            event = append(New("tables.rebuilt", {"differences": before.count}, SYSTEM.username, at))
            projections.apply(event)
            return before


@contextmanager
def scratch() -> Iterator[str]:
    """An empty database with our tables, under an alias of its own; gone afterwards. The secrets are copied into it."""
    with tempfile.TemporaryDirectory(prefix="bihuan-replay-") as folder:
        connections[ALIAS] = DatabaseWrapper(_database(Path(folder) / "replay.sqlite3"), ALIAS)
        try:
            tables: list[type[Model]] = [Secret, *PROJECTED]
            with connections[ALIAS].schema_editor() as editor:
                for model in tables:
                    editor.create_model(model)
            for rows in _chunks(Secret, "default"):
                put(rows, ALIAS)
            yield ALIAS
        finally:
            connections[ALIAS].close()
            del connections[ALIAS]


def _database(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "ATOMIC_REQUESTS": False,
        "AUTOCOMMIT": True,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        # Thrown away afterwards: nothing in it needs to survive anything.
        "OPTIONS": {"init_command": "PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF;PRAGMA foreign_keys=OFF;"},
        "TIME_ZONE": None,
        "USER": "",
        "PASSWORD": "",
        "HOST": "",
        "PORT": "",
        "TEST": {"CHARSET": None, "COLLATION": None, "MIGRATE": True, "MIRROR": None, "NAME": None},
    }


def catch_up(using: str, last: int, until: int | None = None) -> int:
    """Apply the entries after number `last`, up to `until` where one is given, to the scratch tables; gives the last number applied."""
    while batch := read_after(last, BATCH if until is None else min(BATCH, until - last)):
        with transaction.atomic(using=using):
            for event in batch:
                projections.apply(event, using)
        last = batch[-1].seq
    return last


def compared(using: str, entries: int) -> Comparison:
    """Compare the scratch tables, as they are after so many entries, with the real ones."""
    rows, count = 0, 0
    shown: list[Difference] = []
    for model in PROJECTED:
        for ledger, found in _pairs(_every(model, using), _every(model, "default")):
            rows += 1
            for difference in _differences(model, ledger, found):
                count += 1
                if len(shown) < MOST_SHOWN:
                    shown.append(difference)
    return Comparison(entries, rows, tuple(shown), count)


def _every(model: type[Model], using: str) -> Iterator[Model]:
    """The rows in the order of their primary keys, as Python orders them: two databases may order text differently."""
    keys = sorted(model._default_manager.using(using).values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        found = model._default_manager.using(using).in_bulk(part)
        yield from (found[key] for key in part if key in found)


def _pairs(ledger: Iterator[Model], found: Iterator[Model]) -> Iterator[tuple[Model | None, Model | None]]:
    """The rows of both sides side by side, by primary key."""
    one, other = next(ledger, None), next(found, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one.pk < other.pk):
            yield one, None
            one = next(ledger, None)
        elif one is None or other.pk < one.pk:
            yield None, other
            other = next(found, None)
        else:
            yield one, other
            one, other = next(ledger, None), next(found, None)


def _differences(model: type[Model], ledger: Model | None, found: Model | None) -> Iterator[Difference]:
    table = model._meta.db_table
    if ledger is None or found is None:
        row = ledger or found
        yield Difference(table, _named(row), "", "有" if ledger else "无", "有" if found else "无")
        return
    for column in model._meta.concrete_fields:
        if column.name in KEPT.get(model, {}):
            continue
        said, stands = getattr(ledger, column.attname), getattr(found, column.attname)
        if isinstance(column, JSONField):
            said, stands = canonical(said), canonical(stands)
        if said != stands:
            yield Difference(table, _named(found), column.attname, str(said), str(stands))


def _named(row: Model | None) -> str:
    return f"{row.pk} {row}" if row is not None else ""


def _chunks(model: type[Model], using: str) -> Iterator[list[Any]]:
    rows = model._default_manager.using(using).order_by("pk").iterator(chunk_size=BATCH)
    while chunk := list(islice(rows, BATCH)):
        yield chunk


def _kept_values(model: type[Model]) -> dict[Any, dict[str, Any]]:
    names = list(KEPT[model])
    return {row["pk"]: {name: row[name] for name in names} for row in model._default_manager.values("pk", *names)}


def _restore_kept(rows: list[Model], kept: dict[Any, dict[str, Any]]) -> None:
    for row in rows:
        for name, value in kept.get(row.pk, {}).items():
            setattr(row, name, value)
