"""The columns as the ledger stood at the end of a day gone by: for boards, rankings and panels that look back.

Rows, figures and duties that nothing has touched since are read as they stand now; the others are folded from what the ledger had said of
them until then. Colours are those that stood that day, hand-set ones included; the rules are the packs that were in force. What the tables
of that day held is what comes out, entry by entry of the ledger. A few days are kept in each process, and never written to.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from bihuan.computing import lamps
from bihuan.computing.tables import BATCH, Columns, batches, whole
from bihuan.foundation import columns, loading
from bihuan.foundation.earlier import SAID, WRITING, Duties, Rows, end_of
from bihuan.foundation.evaluating import TooSlow, sandbox
from bihuan.foundation.models import Duty, Entry, Event, Trace
from bihuan.foundation.surroundings import row_of

MOST_DAYS = 3
"""So many days gone by are kept; the one asked for longest ago goes."""

SECONDS = 60.0
"""How long the columns of a day may take to make."""

EVENTS = 200
"""Entries of the ledger taken in at a time: some hold thousands of rows."""

NUMBERS = 500
"""Numbers named in one query."""


class NotYet(LookupError):
    """A day before the first entry of the ledger. `first` is the day the ledger begins, None where it is empty."""

    def __init__(self, first: date | None) -> None:
        super().__init__(f"账本从 {first} 开始，那天还没有账。\nThe ledger begins on {first}; that day has none.")
        self.first = first


_held: OrderedDict[date, Columns] = OrderedDict()
_keeping = threading.Lock()
_making = threading.Lock()


def columns_on(day: date, memory: str = "2GB") -> Columns:
    """The columns as the ledger stood at the end of a day. Raises NotYet before it began, TooSlow where making them takes too long.

    One query where they are kept. Only one day is made at a time: whoever asks meanwhile waits, and finds it made.
    """
    found = _kept(day)
    if found is None:
        with _making:
            found = _kept(day) or _made(day, memory)
            with _keeping:
                _held[day] = found
                while len(_held) > MOST_DAYS:
                    _held.popitem(last=False)
    return found


def _kept(day: date) -> Columns | None:
    """The columns of a day if this process has them and the ledger still has the entry they stand at as that day's last."""
    with _keeping:
        held = _held.get(day)
        if held is None or held.process != os.getpid():
            return None
        _held.move_to_end(day)
    last = list(Event.objects.filter(seq__in=(held.position, held.position + 1)).order_by("seq").values_list("hash", "at"))
    ended = len(last) == 1 or (len(last) == 2 and last[1][1] >= end_of(day))
    return held if ended and last[0][0] == held.hash else None


def _made(day: date, memory: str) -> Columns:
    last = Event.objects.filter(at__lt=end_of(day)).order_by("-seq").values_list("seq", "hash").first()
    if last is None:
        first = Event.objects.order_by("seq").values_list("at", flat=True).first()
        raise NotYet(timezone.localdate(first) if first else None)
    catalogue = loading.catalogue(day, until=last[0])
    made = Columns(sandbox(memory, threads=1), *last, catalogue=catalogue, day=day)
    made.read(*last)
    # After what is unchanged: what is written meanwhile is unchanged no more, and is put in place here.
    deadline = time.monotonic() + SECONDS
    with whole(made.connection):
        _put_rows(made, deadline)
        _put_duties(made, deadline)
    return made


def _put_rows(made: Columns, deadline: float) -> None:
    """Fold the rows that changed since and were there, with their figures, register by register."""
    for name, view in made.catalogue.registers.items():
        late = Entry.objects.filter(register=name, changed_seq__gt=made.position, recorded_seq__lte=made.position).order_by("pk")
        for ids in batches(late.values_list("pk", flat=True).iterator(chunk_size=BATCH)):
            rows = Rows(frozenset(ids))
            for events in _said_of(ids, made.position, WRITING, deadline):
                rows.take(events)
            there = {number: row for number, row in rows.found.items() if not row.entry.withdrawn}
            columns.put_rows(made.connection, view, [row_of(view, row.entry) for row in there.values()], ids)
            figures = [(number, period, field, value) for number, row in there.items() for (field, period), value in row.figures.items()]
            columns.put_figures(made.connection, view, figures, ids)
            if there and name not in made.populated:
                made.populated.add(name)
                lamps.renew(made.connection, view)


def _put_duties(made: Columns, deadline: float) -> None:
    """Fold the duties that changed since and were owed."""
    late = Duty.objects.filter(seq__gt=made.position).order_by("pk").values_list("key", "entry_id")
    for part in batches(late.iterator(chunk_size=BATCH)):
        duties = Duties(frozenset(key for key, _entry in part))
        said = Q(body__contains=SAID)
        of_rows = sorted({entry for _key, entry in part if entry is not None})
        owed_by_offices = any(entry is None for _key, entry in part)
        everything = _read(Event.objects.filter(said, seq__lte=made.position), deadline)
        for events in everything if owed_by_offices else _said_of(of_rows, made.position, said, deadline):
            duties.take(events)
        columns.put_duties(made.connection, [_duty(duty) for duty in duties.found.values()])


def _duty(duty: Duty) -> columns.DutyRow:
    register, entry, name, kind, opened, due, closed, outcome, level, key, mechanism, period, office = (getattr(duty, name) for name in columns.DUTY_FIELDS)
    return register, entry, name, kind, opened, due, closed, outcome, level, key, mechanism, period, office


def _said_of(ids: Sequence[int], position: int, kinds: Q, deadline: float) -> Iterator[list[Event]]:
    """What the ledger said of some rows up to an entry, in order."""
    seqs: set[int] = set()
    for part in batches(iter(ids), NUMBERS):
        seqs.update(Trace.objects.filter(entry_id__in=part, seq__lte=position).values_list("seq", flat=True))
    for numbers in batches(iter(sorted(seqs)), NUMBERS):
        yield from _read(Event.objects.filter(kinds, seq__in=numbers), deadline)


def _read(events: QuerySet[Event], deadline: float) -> Iterator[list[Event]]:
    yield from batches(_in_time(events.order_by("seq").iterator(chunk_size=EVENTS), deadline), EVENTS)


def _in_time(events: Iterable[Event], deadline: float) -> Iterator[Event]:
    for event in events:
        if time.monotonic() > deadline:
            raise TooSlow(f"那天的账算了 {SECONDS:g} 秒还没有算完，已停止。\nThe ledger of that day took more than {SECONDS:g} seconds and was stopped.")
        yield event
