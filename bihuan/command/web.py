"""The web server: gunicorn with threads, configured here and nowhere else. `bihuan serve` starts it as a process of its own."""

import sys
import threading
from importlib import import_module
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connections
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from bihuan.command.site import open_site

THREADS = 64
"""Many more than work at once: whoever finds no place is told so at once, and must not wait behind others for a thread to be told by.

They hold no connection to the database; the few that work are lent one (`bihuan/portal/lending.py`).
"""


def close_inherited_connections(_server: Arbiter, _worker: Worker) -> None:
    """A database connection must not be shared by two processes: each worker opens its own."""
    connections.close_all()


def read_ahead(_worker: Worker) -> None:
    """Have the worker read what pages are answered from, beside whatever it is asked meanwhile."""
    read = import_module("bihuan.command.ahead").read  # only now is Django set up
    threading.Thread(target=read, name="bihuan-read-ahead", daemon=True).start()


class Site(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """The WSGI application and how gunicorn runs it."""

    def __init__(self, bind: str, workers: int) -> None:
        self.choices: dict[str, Any] = {
            "bind": bind,
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 60,
            "graceful_timeout": 20,
            "backlog": 256,
            "keepalive": 15,
            "control_socket_disable": True,
            "post_fork": close_inherited_connections,
            "post_worker_init": read_ahead,
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
