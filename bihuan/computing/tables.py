"""The columns of this process: every row, figure, duty and current verdict in an in-memory DuckDB, as of a position of the ledger.

They are disposable. `refresh` reads the ledger after the position and replaces the rows it speaks of; where the packs in force changed,
or the ledger is not the one that was read before (another database, a restored copy), everything is read again.
"""

from __future__ import annotations

import atexit
import re
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import accumulate, islice
from typing import Any, TypeVar

import duckdb
import pyarrow as pa
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from bihuan.computing import lamps
from bihuan.computing.feed import Touched, touched
from bihuan.computing.followers import MOST_ROWS, Follower, Held
from bihuan.foundation import columns, ledger, loading
from bihuan.foundation.columns import Row
from bihuan.foundation.evaluating import SECONDS, Record, limited, records, sandboxes
from bihuan.foundation.grammar.catalogue import Catalogue, RegisterView
from bihuan.foundation.grammar.gathering import GRANTS, figures_table, rows_table
from bihuan.foundation.models import Duty, Entry, Event, Figure, Override, Posting, Verdict
from bihuan.foundation.remembered import Head
from bihuan.foundation.surroundings import figures_of, granted, grants_of, state_title

T = TypeVar("T")

BATCH = 20_000
"""Rows read and put in at a time."""

MOST_KEPT = 1_000
"""So many answers are kept; then keeping begins anew."""

FEW = 1_000
"""Up to so many rows in all the tables of a query, doing it takes less than thinking about how to do it."""

_TABLES = re.compile(r'(?<=")[rfl]_\w+__\w+(?=")|\b(?:duties|grants|verdicts|overrides)\b')
"""The names of tables in a query: of rows, figures and colours, and those all registers share."""

_ROW = ("id", "key", "title", "office", "state", "state_since")
_STANDING = {
    "verdicts": "_id BIGINT, _register VARCHAR, _light VARCHAR, _colour VARCHAR, _code INTEGER, _rule VARCHAR, _since DATE, _office VARCHAR",
    "overrides": "_id BIGINT, _register VARCHAR, _light VARCHAR, _colour VARCHAR, _from DATE, _until DATE",
}
"""Tables beside those of `foundation.columns`; `_light` is ``pack.mechanism.light``."""


@dataclass
class Columns(Follower):
    """The rows of all registers as columns, how their lights stand, and what is owed. Ask with `cursor`."""

    catalogue: Catalogue = field(kw_only=True)
    using: str = "default"
    """The database the rows are read from; only `default` is followed."""
    day: date | None = None
    """The day gone by at whose end these columns stand, `position` being its last entry; None for those that follow the ledger."""
    populated: set[str] = field(default_factory=set)
    """The registers that ever had a row here: the others need not be asked."""
    made: bool = False
    """Whether the tables of all registers are there."""
    overridden: set[str] = field(default_factory=set)
    """The lights, by full name, of which some colour was set by hand."""
    moved: dict[str, int] = field(default_factory=dict)
    """The position of the ledger at which each table last changed, by its name without quotes."""
    kept: dict[object, tuple[tuple[int, ...], Any]] = field(default_factory=dict)
    """Answers, each with where the tables it was read from stood."""
    plain: duckdb.DuckDBPyConnection | None = None
    """A connection without an optimizer, for questions about few rows; one thread at a time has it."""
    turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def dialect(self) -> str:
        """What plans are written for."""
        return "duckdb"

    def ask(self, sql: str, values: Sequence[object] = (), seconds: float | None = None) -> list[Record]:
        """The rows of a query. Raises TooSlow after `seconds`, duckdb.Error for what the engine refuses."""
        if self.plain is not None and self._few(tables_in(sql)) and self.turn.acquire(blocking=False):
            try:
                with limited(self.plain, seconds or SECONDS):
                    return records(self.plain.execute(sql, list(values)))
            finally:
                self.turn.release()
        with closing(self.cursor()) as cursor, limited(cursor, seconds or SECONDS):
            return records(cursor.execute(sql, list(values)))

    def _few(self, tables: Collection[str]) -> bool:
        """Whether some tables have so few rows between them that a query over them need not be optimized."""
        sums = accumulate(self.keep(("rows in", table), [table], partial(_count, self, table)) for table in tables)
        return bool(tables) and all(rows <= FEW for rows in sums)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of one's own to the same tables: what another thread puts in meanwhile is not seen half done."""
        return self.connection.cursor()

    def keep(self, asked: object, tables: Sequence[str], answer: Callable[[], T]) -> T:
        """The answer to a question, computed anew only where one of the tables it is read from has changed since.

        For what many ask and few change: totals, rankings. An answer is the same object for all who ask; nobody changes it.
        """
        stood = tuple(self.moved.get(table, 0) for table in tables)
        found = self.kept.get(asked)
        if found is not None and found[0] == stood:
            known: T = found[1]
            return known
        said = answer()
        if len(self.kept) >= MOST_KEPT:
            self.kept = {}
        self.kept[asked] = (stood, said)
        return said

    def keep_one(self, kind: str, asked: object, tables: Sequence[str], answer: Callable[[], T]) -> T:
        """The same for answers so large that only the last of a kind is kept."""
        key = (kind, asked)
        for other in [held for held in self.kept if isinstance(held, tuple) and held[0] == kind and held != key]:
            self.kept.pop(other, None)
        return self.keep(key, tables, answer)

    def follow(self, events: Sequence[Event]) -> bool:
        """Replace the rows, duties and lights that some entries speak of."""
        changed = touched(events)
        if len(changed.judged) + sum(map(len, changed.rows().values())) > MOST_ROWS:
            return False
        with whole(self.connection):
            self._replace(changed)
        self.moved.update(dict.fromkeys(self._moved_by(changed), events[-1].seq))
        return True

    def load(self) -> None:
        """Read everything."""
        self.read(*ledger.head())

    def read(self, position: int, head: str) -> None:
        """Read everything, as it stands at a position of the ledger."""
        stored = Entry.objects.using(self.using).filter(**self._among)
        there = set(stored.order_by().values_list("register", flat=True).distinct()) & set(self.catalogue.registers)
        with whole(self.connection):
            self.empty()
            self.populated |= there
            for name in sorted(there):
                self._load_register(self.catalogue.registers[name])
            unchanged = {} if self.day is None else {"seq__lte": self.position}
            owed = Duty.objects.using(self.using).filter(**unchanged).values_list(*columns.DUTY_FIELDS)
            for duties in batches(owed.iterator(chunk_size=BATCH)):
                columns.put_duties(self.connection, duties)
            booked = Posting.objects.using(self.using).filter(seq__lte=position)
            columns.put_grants(self.connection, granted(booked))
            self._put_standing(None)
        self.populated, self.made = there, True
        self.position, self.hash, self.kept, self.moved = position, head, {}, {}

    def empty(self) -> None:
        """Every table of these packs, without rows; tables that were made before and never had a row stay as they are."""
        views = [view for view in self.catalogue.registers.values() if not self.made or view.name in self.populated]
        columns.create(self.connection, views)
        for table, shape in _STANDING.items():
            self.connection.execute(f"CREATE OR REPLACE TABLE {table} ({shape})")
        for view in views:
            lamps.create(self.connection, view)

    @property
    def _among(self) -> dict[str, Any]:
        """What the entries have in common that are rows here."""
        return {"withdrawn": False, **({} if self.day is None else {"changed_seq__lte": self.position})}

    def _load_register(self, view: RegisterView) -> None:
        among = {"register": view.name, **self._among}
        stored = Entry.objects.using(self.using).filter(**among)
        for part in batches(stored.order_by("pk").values_list(*_ROW, Cast("data", TextField())).iterator(chunk_size=BATCH)):
            columns.add_rows(self.connection, view, [_row(view, values) for values in part])
        if view.shape.figures:
            of_rows = {f"entry__{name}": value for name, value in among.items()}
            figures = Figure.objects.using(self.using).filter(**of_rows).order_by("entry_id")
            for rows in _whole_entries(figures.values_list("entry_id", "period", "field", "value").iterator(chunk_size=BATCH)):
                columns.add_figures(self.connection, view, rows)

    def _replace(self, changed: Touched) -> None:
        for name, ids in changed.rows().items():
            view = self.catalogue.registers.get(name)
            if view is not None and ids:
                self.populated.add(name)
                self._replace_rows(view, sorted(changed.entries.get(name, ())))
                columns.put_figures(self.connection, view, figures_of(sorted(ids)), sorted(ids))
                if view.quotas:
                    columns.put_grants(self.connection, grants_of(sorted(ids)), sorted(ids))
        for keys in batches(iter(sorted(changed.duties)), 500):
            columns.put_duties(self.connection, list(Duty.objects.filter(key__in=keys).values_list(*columns.DUTY_FIELDS)))
        if changed.judged or changed.groups:
            self._put_standing(sorted(changed.judged))

    def _moved_by(self, changed: Touched) -> Iterator[str]:
        """The tables that hold what some events speak of."""
        for name, ids in changed.rows().items():
            if ids:
                yield from (rows_table(name).strip('"'), figures_table(name).strip('"'))
                view = self.catalogue.registers.get(name)
                if view is not None and view.quotas:
                    yield GRANTS
        if changed.duties:
            yield "duties"
        if changed.judged or changed.groups:
            yield from _STANDING
            yield from (lamps.lamps_table(name).strip('"') for name in self.populated)

    def _replace_rows(self, view: RegisterView, ids: Sequence[int]) -> None:
        """Rows as they are now; those withdrawn are left out."""
        for part in batches(iter(ids), 500):
            stored = Entry.objects.filter(pk__in=part, withdrawn=False).values_list(*_ROW, Cast("data", TextField()))
            rows = [_row(view, values) for values in stored]
            columns.put_rows(self.connection, view, rows, sorted(set(part) - {row.id for row in rows}))

    def _put_standing(self, ids: Sequence[int] | None) -> None:
        """Replace the current verdicts and the overrides of some entries (and of all groups), or of all."""
        verdicts = Verdict.objects.using(self.using).filter(stands_on(self.day))
        overrides = Override.objects.using(self.using).filter(ended_on__isnull=True)
        if self.day is not None:
            ends = Q(ended_on__isnull=True) | Q(ended_on__gt=self.day)
            overrides = Override.objects.using(self.using).filter(ends, seq__lte=self.position, from_day__lte=self.day, until_day__gte=self.day)
        lit = set(self.populated) if ids is None else lamps.lit(self.connection, ids)
        for part in [None] if ids is None else list(batches(iter(ids), 500)) or [[]]:
            said = verdicts if part is None else verdicts.filter(entry_id__in=part)
            hands = overrides if part is None else overrides.filter(entry_id__in=part)
            self._stand("verdicts", part, map(_verdict, said.exclude(entry=None).iterator(chunk_size=BATCH)))
            self._stand("overrides", part, map(_override, hands.iterator(chunk_size=BATCH)))
        self.connection.execute("DELETE FROM verdicts WHERE _id IS NULL")
        self._stand("verdicts", [], map(_verdict, verdicts.filter(entry=None)))
        self.overridden = {name for (name,) in self.connection.execute("SELECT DISTINCT _light FROM overrides").fetchall()}
        for name in (lit | lamps.lit(self.connection, ids or ())) & set(self.catalogue.registers):
            lamps.renew(self.connection, self.catalogue.registers[name], ids)

    def _stand(self, table: str, ids: Sequence[int] | None, rows: Iterator[tuple[Any, ...]]) -> None:
        if ids:
            self.connection.execute(f"DELETE FROM {table} WHERE _id IN ({', '.join(map(str, ids))})")
        for part in batches(rows):
            names = [column.split()[0] for column in _STANDING[table].split(", ")]
            incoming = pa.table(dict(zip(names, zip(*part, strict=True), strict=True)))
            self.connection.register("standing", incoming)
            self.connection.execute(f"INSERT INTO {table} SELECT {', '.join(names)} FROM standing")
            self.connection.unregister("standing")


_held = Held()
forget = _held.forget
"""Let go of the columns; the next `current` reads them again."""
atexit.register(forget)


def current(day: date, memory: str = "4GB", catalogue: Catalogue | None = None, head: Head | None = None) -> Columns:
    """The columns of this process, refreshed to the head of the ledger, under the packs in force on a day (`catalogue` and `head`, where at hand)."""
    packs = catalogue or loading.catalogue(day, head=head)

    def made() -> Columns:
        # One thread: the many short queries of pages and single figures then never wait for a second core that is busy elsewhere.
        connection, plain = sandboxes(memory, threads=1)
        return Columns(connection, catalogue=packs, plain=plain)

    return _held.current(Columns, made, lambda held: held.catalogue is packs, head)


def _count(columns: Columns, table: str) -> int:
    with closing(columns.cursor()) as cursor:
        return int(cursor.execute(f'SELECT count(*) FROM "{table}"').fetchall()[0][0])


def tables_in(sql: str) -> list[str]:
    """The tables of the columns that a query of ours names, each once."""
    return sorted(set(_TABLES.findall(sql)))


def stands_on(day: date | None) -> Q:
    """The verdicts that stood at the end of a day, or that stand now."""
    return Q(to_day__isnull=True) if day is None else Q(from_day__lte=day) & (Q(to_day__isnull=True) | Q(to_day__gt=day))


def _row(view: RegisterView, values: Sequence[Any]) -> Row:
    number, key, title, office, state, since, data = values
    return Row(number, key, title, office, state_title(view, state), since, data)


def _verdict(verdict: Verdict) -> tuple[Any, ...]:
    facts = verdict.facts
    light = f"{verdict.mechanism}.{verdict.light}"
    code, rule = facts.get("code"), facts.get("rule", "")
    return verdict.entry_id, verdict.register, light, verdict.colour, code, rule, verdict.from_day, verdict.office


def _override(override: Override) -> tuple[Any, ...]:
    light = f"{override.mechanism}.{override.light}"
    return override.entry_id, override.register, light, override.colour, override.from_day, override.until_day


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The items in lists of at most so many."""
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part


def _whole_entries(figures: Iterable[columns.FigureRow]) -> Iterator[list[columns.FigureRow]]:
    """Batches that never part the figures of one entry: a batch is pivoted by itself."""
    held: list[columns.FigureRow] = []
    for figure in figures:
        if len(held) >= BATCH * 5 and figure[0] != held[-1][0]:
            yield held
            held = []
        held.append(figure)
    if held:
        yield held


@contextmanager
def whole(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Everything that is put in inside the block, or nothing of it."""
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
