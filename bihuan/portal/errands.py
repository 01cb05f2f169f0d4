"""Long work that writes: begun by one request, done in a thread, watched by others, whichever web process of this machine answers them.

    return errands.sent(visit, Errand(...), key, do)

How far it is stands in a file, and whoever does the work holds a lock beside it. A process that is killed lets go of its locks: an errand
whose lock is free and that has no end is gone, and as it writes in one transaction, nothing of it was written. The same errand asked for
twice is one.
"""

from __future__ import annotations

import fcntl
import json
import logging
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import IO, Literal

from django.db import connections
from django.http import Http404, HttpResponseBase
from django.urls import reverse

from bihuan.computing.facts import Progress
from bihuan.foundation.checking import Rejected
from bihuan.portal import aside, shell
from bihuan.portal.visits import Shaped, Visit, onward
from bihuan.portal.writes import saved

log = logging.getLogger("bihuan.portal")

FOLDER = "errands"

OFTEN = 0.5
"""So many seconds lie between two words about how far it is."""

Step = Literal["policies", "lines"]


@dataclass(frozen=True)
class Errand:
    """What somebody asked for and how far it is. ``back`` leads to where it was asked; done, ``href`` leads to what came of it, with ``said``.

    ``step`` is what goes on: policies computed, or lines written; ``part`` of ``of`` of them are done. ``refusals`` are Chinese and English.
    """

    who: str
    heading: str
    lead: str
    back: str
    said: str
    step: Step = "policies"
    part: int = 0
    of: int = 0
    state: Literal["running", "done", "refused", "failed", "gone"] = "running"
    href: str = ""
    refusals: Sequence[Sequence[str]] = ()


Do = Callable[[Progress, Progress], str]
"""The work, told how many policies are computed and how many lines are written; gives where its result is. Raises Rejected."""


def sent(visit: Visit, errand: Errand, key: tuple[Hashable, ...], do: Do) -> HttpResponseBase:
    """Begin an errand, unless just this one is being done, and go to the page that shows how far it is."""
    return onward(visit.request, reverse("errand", args=[begin(errand, key, do)]))


def begin(errand: Errand, key: tuple[Hashable, ...], do: Do) -> str:
    """Begin an errand, unless just this one is being done; the name it is watched by."""
    name = sha256(repr((errand.who, *key)).encode()).hexdigest()[:40]
    place = aside.folder(FOLDER) / name
    lock = place.open("wb")
    if _held(lock):
        _write(place, errand)
        threading.Thread(target=_carried_out, args=(lock, place, errand, do), name="bihuan-errand", daemon=True).start()
    else:
        lock.close()
    return name


def seen(who: str, name: str) -> Errand | None:
    """An errand of one's own; None where there is none of that name."""
    if not aside.NAME.fullmatch(name):
        return None
    place = aside.folder(FOLDER) / name
    try:
        errand = _read(place)
        if errand.state == "running":
            with place.open("rb") as lock:
                if _held(lock):  # nobody is at it: it ended just now, or whoever did it is dead
                    errand = _read(place)
                    errand = replace(errand, state="gone") if errand.state == "running" else errand
    except FileNotFoundError:
        return None
    return errand if errand.who == who else None


def _held(lock: IO[bytes]) -> bool:
    """Whether the lock is ours now. Somebody who just looks holds it for a moment."""
    for _try in range(3):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return True
    return False


def _told(place: Path) -> Path:
    return place.with_suffix(".json")


def _read(place: Path) -> Errand:
    return Errand(**json.loads(_told(place).read_text("utf-8")))


def _write(place: Path, errand: Errand) -> None:
    aside.write(_told(place), json.dumps(asdict(errand), ensure_ascii=False))


def _carried_out(lock: IO[bytes], place: Path, errand: Errand, do: Do) -> None:
    now, last = errand, 0.0

    def telling(step: Step) -> Progress:
        def tell(part: int, of: int) -> None:
            nonlocal now, last
            if step != now.step or time.monotonic() - last > OFTEN:
                now, last = replace(now, step=step, part=part, of=of), time.monotonic()
                _write(place, now)

        return tell

    with lock:
        try:
            href = do(telling("policies"), telling("lines"))
            now = replace(now, href=href, state="done")
        except Rejected as why:
            now = replace(now, state="refused", refusals=[(one.text("zh"), one.text("en")) for one in why.refusals])
        except Exception:
            log.exception("an errand failed, and nothing of it was written: %s", errand.heading)
            now = replace(now, state="failed")
        finally:
            connections.close_all()
            _write(place, now)


# --- its page


def errand(visit: Visit, name: str) -> HttpResponseBase:
    """How far an errand of one's own is; once it is done, what came of it."""
    found = seen(visit.actor.username, name)
    if found is None:
        raise Http404
    if found.state == "done":
        return saved(visit, found.said, found.href)
    place = 0 if visit.language.startswith("zh") else 1
    context: Shaped = {
        "state": found.state, "back": found.back, "refusals": [pair[place] for pair in found.refusals],
        "work": {
            "part": found.part, "of": found.of, "percent": 100 * found.part // (found.of or 1), "failed": False, "step": found.step,
            "href": reverse("errand", args=[name]),
        },
    }  # fmt: skip
    if visit.part("run"):
        return shell.part(visit, "portal/_errand.html", context)
    context |= {"heading": found.heading, "lead": found.lead}
    return shell.page(visit, "portal/errand.html", [shell.crumb(found.lead, found.back), shell.crumb(found.heading)], context)
