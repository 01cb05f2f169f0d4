"""What a process makes of the ledger for quick answers and may throw away: how it comes up to the ledger's head, and when it begins anew."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import duckdb

from bihuan.foundation import ledger
from bihuan.foundation.models import Event
from bihuan.foundation.remembered import Head

MOST_EVENTS = 2_000
"""After more entries of the ledger than this since the last time, reading everything again is quicker."""

MOST_ROWS = 20_000
"""The same for rows that changed or were judged anew."""


@dataclass
class Follower:
    """Tables in a DuckDB and how far along the ledger they are. Only `refresh` writes, one thread at a time."""

    connection: duckdb.DuckDBPyConnection
    position: int = 0
    hash: str = ledger.START
    process: int = field(default_factory=os.getpid)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def refresh(self) -> None:
        """Come up to the head of the ledger."""
        with self.lock:
            events = ledger.read_after(self.position, MOST_EVENTS + 1)
            if not events:
                return
            if self.position == 0 or len(events) > MOST_EVENTS or not self.follow(events):
                self.load()
                return
            self.position, self.hash = events[-1].seq, events[-1].hash

    def load(self) -> None:
        """Read everything, and note the position it was read at. What is written meanwhile is read again by the next refresh."""
        raise NotImplementedError

    def follow(self, events: Sequence[Event]) -> bool:
        """Replace what some entries speak of, all of it or nothing; False where that is so much that `load` is quicker."""
        raise NotImplementedError

    def begin_anew(self) -> None:
        """Read everything at the next refresh, whatever was read before."""
        with self.lock:
            self.position, self.hash = 0, ledger.START

    def belongs(self, head: tuple[int, str]) -> bool:
        """Whether this is of this process and of this ledger: not a forked parent's, and the entry it stands at is still there."""
        if self.process != os.getpid():
            return False
        here = (self.position, self.hash)
        return self.position == 0 or here == head or Event.objects.filter(seq=self.position, hash=self.hash).exists()


F = TypeVar("F", bound=Follower)


class Held:
    """The one follower of its kind that this process has."""

    def __init__(self) -> None:
        self._follower: Follower | None = None
        self._guard = threading.Lock()

    def current(self, kind: type[F], make: Callable[[], F], fits: Callable[[F], bool] = lambda _held: True, head: Head | None = None) -> F:
        """It, at the head of the ledger (``head``, where it is at hand); made anew where there is none, where it belongs elsewhere, or no longer fits."""
        head = head or ledger.head()
        with self._guard:
            held = self._follower
            if not isinstance(held, kind) or held.process != os.getpid() or not fits(held):
                held = self._follower = make()
            elif not held.belongs(head):
                # Another ledger: its tables serve again, and the refresh below reads everything into them.
                if head[0]:
                    held.begin_anew()
                else:
                    held = self._follower = make()
        if (held.position, held.hash) != head:
            held.refresh()
        return held

    def forget(self) -> None:
        """Let go of it; the next `current` reads everything again."""
        held, self._follower = self._follower, None
        if held is not None and held.process == os.getpid():
            held.connection.close()
