"""Work that may take longer than somebody should wait for a page: done in a thread of this process, and told how far it is.

    work = working.on(("policies", register, day), run, large=True)
    if work.done: work.result

What was asked with the same key is the same work. A few are kept; a worker that ends takes them with it, and the next request begins anew: nothing
is written here.
"""

import logging
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from django.db import connections

from bihuan.computing.facts import Progress

log = logging.getLogger("bihuan.portal")

MOST_KEPT = 16
PATIENCE = 1.5
"""So many seconds a request waits before it shows how far the work is."""


@dataclass(eq=False)
class Work:
    """One piece of work: how much of how much is done, and the result once it is."""

    part: int = 0
    of: int = 0
    result: Any = None
    failed: bool = False
    _ended: threading.Event = field(default_factory=threading.Event)

    @property
    def done(self) -> bool:
        """Whether there is a result."""
        return self._ended.is_set() and not self.failed

    def told(self, part: int, of: int) -> None:
        """How far it is."""
        self.part, self.of = part, of


_kept: dict[Hashable, Work] = {}
_guard = threading.Lock()


def on(key: Hashable, do: Callable[[Progress], Any], *, large: bool) -> Work:
    """The work of that key, begun if it is not: in a thread where it is large, and waited for a moment, else here and now.

    Work that failed is begun again by the next request that asks for it.
    """
    with _guard:
        work = _kept.get(key)
        begin = work is None or work.failed
        if work is None or work.failed:
            while len(_kept) >= MOST_KEPT:
                _kept.pop(next(iter(_kept)))
            work = _kept[key] = Work()
    if begin and not large:
        _finish(work, do)
    elif begin:
        threading.Thread(target=_aside, args=(key, work, do), name="bihuan-work", daemon=True).start()
    work._ended.wait(PATIENCE)
    return work


def _finish(work: Work, do: Callable[[Progress], Any]) -> None:
    try:
        work.result = do(work.told)
    except BaseException:
        work.failed = True
        raise
    finally:
        work._ended.set()


def _aside(key: Hashable, work: Work, do: Callable[[Progress], Any]) -> None:
    try:
        _finish(work, do)
    except Exception:
        log.exception("work %r was begun by a page and failed", key)
    finally:
        connections.close_all()
