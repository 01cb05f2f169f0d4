"""The web server: gunicorn with threads, configured here and nowhere else. `bihuan serve` starts it as a process of its own."""

import os
import sys
import threading
import time
from importlib import import_module
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connections
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.gthread import ThreadWorker

from bihuan.command.site import open_site

THREADS = 64
"""Many more than work at once: whoever finds no place is told so at once, and must not wait behind others for a thread to be told by.

They hold no connection to the database; the few that work are lent one (`bihuan/portal/lending.py`).
"""

GRACE = 5
"""Seconds a worker that is told to stop has for the requests it is answering. One that takes longer ends unfinished, and nothing of it was written."""

LINGER = 0.5
"""Seconds it waits for what is just arriving."""


class Threads(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A worker that stops once nothing is left to answer.

    gunicorn's own waits for connections that nobody asks anything on, and browsers keep those in store: up to its whole time of grace.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._answering = 0
        self._guard = threading.Lock()
        self._told = 0.0

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request, and count it as long as it is not answered."""
        with self._guard:
            self._answering += 1
        try:
            return super().handle_request(req, conn)
        finally:
            with self._guard:
                self._answering -= 1

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Begin to stop, and note since when."""
        if self.alive:
            self._told = time.monotonic()
        super().handle_exit(sig, frame)

    def murder_pending(self) -> None:
        """Let go of connections: of all of them when nothing is left to answer, or no time. Asked after each look at them."""
        super().murder_pending()
        waited = time.monotonic() - self._told
        if self._told and (waited > GRACE or (waited > LINGER and not self._answering)):
            self.nr_conns = 0


def close_inherited_connections(_server: Arbiter, _worker: Threads) -> None:
    """A database connection must not be shared by two processes: each worker opens its own."""
    connections.close_all()


def read_ahead(_worker: Threads) -> None:
    """Have the worker read what pages are answered from, beside whatever it is asked meanwhile."""
    read = import_module("bihuan.command.ahead").read  # only now is Django set up
    threading.Thread(target=read, name="bihuan-read-ahead", daemon=True).start()


def leave(_server: Arbiter, _worker: Threads) -> None:
    """End the worker here: leaving by the interpreter's way out waits for threads, and for columns that are being read only to be thrown away."""
    os._exit(0)


class Site(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """The WSGI application and how gunicorn runs it."""

    def __init__(self, bind: str, workers: int) -> None:
        self.choices: dict[str, Any] = {
            "bind": bind,
            "workers": workers,
            "worker_class": Threads,
            "threads": THREADS,
            "timeout": 60,
            "graceful_timeout": GRACE + 3,
            "backlog": 256,
            "keepalive": 15,
            "control_socket_disable": True,
            "post_fork": close_inherited_connections,
            "post_worker_init": read_ahead,
            "worker_exit": leave,
        }
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn the choices above; it reads no file and no command line."""
        for name, value in self.choices.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application each worker serves."""
        return get_wsgi_application()


def main() -> None:
    """`python -m bihuan.command.web HOST:PORT WORKERS`."""
    bind, workers = sys.argv[1:]
    open_site()
    Site(bind, int(workers)).run()


if __name__ == "__main__":
    main()
