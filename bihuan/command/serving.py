"""`bihuan serve`: the web server and the follower under one roof; `bihuan migrate`: the tables they need.

`serve` itself serves nothing. It starts two children, ends both when a signal ends it, and starts a follower that fell over again;
a web server that ends takes the follower with it. Each child leads a group of processes of its own, so that a Ctrl-C in the terminal
reaches `serve` alone: a web server that is interrupted and told to stop at once does neither.
"""

import argparse
import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections

from bihuan.command import static
from bihuan.command.language import say
from bihuan.command.outcomes import OK, REFUSED, USAGE, Refused
from bihuan.command.site import refuse_missing_tables
from bihuan.command.verbs import available
from bihuan.foundation import triggers

log = logging.getLogger("bihuan.serve")

RESTART_AFTER = 5.0  # seconds between two starts of a follower that fell over
STOPPING = 10.0  # seconds the web server has to finish what it is doing; it takes fewer (`web.GRACE`)
_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


def migrate(_options: argparse.Namespace) -> int:
    """Make or update the tables, and put back the triggers of the ledger where somebody took them away."""
    call_command("migrate", interactive=False, verbosity=1)
    if not triggers.stand():
        triggers.put_up(connections[DEFAULT_DB_ALIAS])
        print(say("账本的只增触发器不见了，已重新建立。请执行：bihuan verify", "The append-only triggers were gone and are back. Now run: bihuan verify"))
    return OK


def serve(options: argparse.Namespace) -> int:
    """Run the site until a signal ends it. Refuses where tables are missing."""
    if options.workers < 1:
        raise Refused(f"--workers 至少是 1，不能是 {options.workers}", f"--workers is 1 or more, not {options.workers}", USAGE)
    refuse_missing_tables()
    static.collect_if_changed()
    connections.close_all()
    web = [sys.executable, "-m", "bihuan.command.web", options.bind, str(options.workers)]
    follows = "follow" in available() and not options.no_follow
    follower = [sys.executable, "-m", "bihuan.command", "follow"] if follows else None
    return supervise(web, follower)


def supervise(web: list[str], follower: list[str] | None) -> int:
    """Keep `web` and `follower` running until one signal, or the end of `web`. The exit code is that of `web`.

    The follower is ended at once, whatever it is at: it does each thing in one transaction. A second signal ends `web` as well.
    """
    site = _start(web)
    second = _start(follower) if follower else None
    started = time.monotonic()
    asked: list[float] = []

    def end(_number: int, _frame: FrameType | None) -> None:
        asked.append(time.monotonic())
        site.terminate()
        if second:
            second.terminate()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)
    while site.poll() is None:
        if asked and (len(asked) > 1 or time.monotonic() - asked[0] > STOPPING):
            break
        if follower and second and second.poll() is not None and time.monotonic() - started > RESTART_AFTER and not asked:
            log.warning("the follower ended with code %s; starting it again", second.returncode)
            second, started = _start(follower), time.monotonic()
        _wait(site, 0.5)
    for child in (site, second):
        if child:
            _kill(child)
    return OK if asked else (site.returncode or REFUSED)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, process_group=0, preexec_fn=_end_with_parent())  # noqa: S603, PLW1509  our own interpreter; one prctl call


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux, have a child ended when `serve` is killed outright, so that no orphan holds the port."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_END_WITH_PARENT, signal.SIGTERM)


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a child and of its own children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
