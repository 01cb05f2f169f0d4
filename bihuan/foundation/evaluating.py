"""The sandbox in which formulas run: a DuckDB in memory that can reach no file, no network and no more than its share.

Formulas are compiled from an allow-list, so nothing harmful should ever arrive here; the sandbox is what holds if something does.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from bihuan.foundation import columns
from bihuan.foundation.grammar.catalogue import Catalogue, RegisterView
from bihuan.foundation.grammar.criteria import Judgement, Truth, tests_of
from bihuan.foundation.grammar.plans import Wanted, row_plan
from bihuan.foundation.grammar.reading import judgement_of
from bihuan.foundation.models import Entry
from bihuan.foundation.surroundings import Surroundings, row_of

SECONDS = 30.0
"""How long one query may take before it is interrupted; DuckDB has no time-out of its own."""

_CONFIG = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "preserve_insertion_order": "false",
}
_OPENING = (
    "SET python_enable_replacements = false",  # a formula must not find the caller's Python variables
    "SET enable_progress_bar = false",
    "SET TimeZone = 'Asia/Shanghai'",
    "SET lock_configuration = true",  # last: nothing may be turned back on
)


Record = dict[str, Any]


class TooSlow(Exception):
    """A query was interrupted because it took longer than allowed."""


def sandbox(memory: str = "1GB", threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A new DuckDB in memory: external access off, configuration locked, memory capped at `memory`."""
    return sandboxes(memory, threads)[0]


def sandboxes(memory: str = "1GB", threads: int = 2) -> tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]:
    """A new sandbox, and a second connection to it that carries queries out as they are written.

    Over a few rows, thinking about how to do a query of thirty joins takes the engine ten times as long as doing it.
    """
    connection = duckdb.connect(":memory:", config={**_CONFIG, "memory_limit": memory, "threads": str(threads)})
    plain = connection.cursor()
    plain.execute("PRAGMA disable_optimizer")
    for statement in _OPENING[:-1]:
        plain.execute(statement)
    for statement in _OPENING:
        connection.execute(statement)
    return connection, plain


@contextmanager
def limited(connection: duckdb.DuckDBPyConnection, seconds: float = SECONDS) -> Iterator[duckdb.DuckDBPyConnection]:
    """Interrupt whatever `connection` runs inside the block after `seconds`; raises TooSlow then."""
    guarded = _Guarded(time.monotonic() + seconds, connection)
    _watchdog.watch(guarded)
    try:
        yield connection
    except duckdb.InterruptException as error:
        if guarded.rang:
            raise TooSlow(f"计算超过 {seconds:g} 秒，已停止。The calculation was stopped after {seconds:g} seconds.") from error
        raise
    finally:
        _watchdog.leave(guarded)


def records(result: duckdb.DuckDBPyConnection) -> list[Record]:
    """The rows of an executed query, each as a mapping of its columns."""
    titles = [column[0] for column in result.description or ()]
    return [dict(zip(titles, row, strict=True)) for row in result.fetchall()]


@dataclass(eq=False)
class _Guarded:
    """One block of `limited`: when it must be over, what to interrupt, and whether that happened."""

    until: float
    connection: duckdb.DuckDBPyConnection
    rang: bool = False


class _Watchdog:
    """One thread a process that interrupts what runs too long; a query of a millisecond must not pay for a thread of its own."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._guarded: set[_Guarded] = set()
        self._sleeps_until = 0.0
        self._process = 0

    def watch(self, guarded: _Guarded) -> None:
        with self._wake:
            if self._process != os.getpid():  # a forked child has no watchdog yet
                self._process, self._guarded, self._sleeps_until = os.getpid(), set(), 0.0
                threading.Thread(target=self._run, name="bihuan-watchdog", daemon=True).start()
            self._guarded.add(guarded)
            if guarded.until < self._sleeps_until:
                self._wake.notify()

    def leave(self, guarded: _Guarded) -> None:
        with self._wake:
            self._guarded.discard(guarded)

    def _ring(self, now: float) -> None:
        for late in [one for one in self._guarded if one.until <= now]:
            late.rang = True
            self._guarded.discard(late)
            late.connection.interrupt()

    def _run(self) -> None:
        with self._wake:
            while True:
                now = time.monotonic()
                self._ring(now)
                # Woken at the latest after a second: a block that ends early needs no notice, and one that begins none either.
                self._sleeps_until = min((one.until for one in self._guarded), default=now + 1)
                self._wake.wait(max(0.0, min(self._sleeps_until - now, 1)))


_watchdog = _Watchdog()


def holds(catalogue: Catalogue, view: RegisterView, condition: str, entries: Sequence[Entry], day: date) -> dict[int, Truth]:
    """What a condition says of each entry (saved or about to be) on a day: true, false, or None where data are missing."""
    plan = row_plan(catalogue, view, Wanted(conditions={"_asked": condition}), [day], [entry.pk for entry in entries])
    names = view.condition(condition).names
    with _world(catalogue, view, entries, names, day) as connection:
        return dict(connection.execute(f"{plan.sql} SELECT _id, _asked FROM judged").fetchall())


def check(catalogue: Catalogue, view: RegisterView, criteria: str, entries: Sequence[Entry], day: date) -> dict[int, Judgement]:
    """The judgement of a criteria (its key, or ``mechanism.key``) on each entry on a day, with reasons both ways and the near miss."""
    item = view.criteria.find(criteria)
    if item is None:
        raise LookupError(f"{view.name} has no criteria {criteria!r}")
    names = {name for test in tests_of(item.shape) for name in view.condition(test.if_).names}
    for exemption in item.shape.exempt:
        names |= {*view.condition(exemption.if_).names, exemption.needs}
    plan = row_plan(catalogue, view, Wanted(criteria=(item.short,)), [day], [entry.pk for entry in entries])
    with _world(catalogue, view, entries, names, day) as connection:
        rows = records(connection.execute(f"{plan.sql} SELECT * FROM judged"))
    return {row["_id"]: judgement_of(view, item.short, row) for row in rows}


@contextmanager
def _world(
    catalogue: Catalogue, view: RegisterView, entries: Sequence[Entry], names: Iterable[str], day: date
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A small world that holds the entries as they are given, and what their values are gathered from."""
    around = Surroundings(catalogue, day)
    around.include(view, [row_of(view, entry) for entry in entries], names)
    with _emptied(catalogue) as connection, limited(connection, seconds=10):
        around.fill(connection)
        yield connection


_kept = threading.local()


@contextmanager
def _emptied(catalogue: Catalogue) -> Iterator[duckdb.DuckDBPyConnection]:
    """This thread's sandbox with the empty tables of a catalogue; what is put in is undone at the end.

    Opening a sandbox and making its tables takes far longer than the question it is asked, so each thread keeps one until another
    catalogue comes into force, it fails, or the process is forked.
    """
    held: tuple[int, Catalogue, duckdb.DuckDBPyConnection] | None = getattr(_kept, "world", None)
    if held is None or held[0] != os.getpid() or held[1] is not catalogue:
        connection = sandbox("256MB", threads=1)
        columns.create(connection, catalogue.registers.values())
        held = _kept.world = (os.getpid(), catalogue, connection)
    connection = held[2]
    connection.begin()
    try:
        yield connection
        connection.rollback()
    except BaseException:
        _kept.world = None
        raise
