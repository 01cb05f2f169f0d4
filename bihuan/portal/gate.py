"""So many requests at a time in this process and no more: a short wait, then a plain "busy, come again" instead of a long queue."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

View = Callable[[HttpRequest], HttpResponseBase]

WAIT = 0.5  # seconds
COME_AGAIN = 2  # seconds, told to the browser

LOGIN, HEAVY, ORDINARY = "login", "heavy", "ordinary"
PLACES = {LOGIN: 1, HEAVY: 1, ORDINARY: 2}
"""How many requests of each kind run at once in a worker. Checking a password and reading a sheet are slow by nature: they queue apart."""


class Full(Exception):
    """No place became free in time."""


class Gate:
    """Some places and a short wait before them. At most four times as many as there are places may wait."""

    def __init__(self, places: int, wait: float = WAIT) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._queue = threading.BoundedSemaphore(places * 5)
        self._wait = wait

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one place for the length of the block. Raises Full."""
        if not self._queue.acquire(blocking=False):
            raise Full
        try:
            if not self._places.acquire(timeout=self._wait):
                raise Full
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._queue.release()


def kind_of(request: HttpRequest) -> str:
    """Which gate a request goes through."""
    if request.path.startswith(("/login/", "/demo/")) and request.method == "POST":
        return LOGIN
    if (request.path.startswith("/uploads/") and request.method == "POST") or "/export/" in request.path:
        return HEAVY
    return ORDINARY


def limit_requests(get_response: View) -> View:
    """Middleware: let a request in when there is a place, else answer 503 and when to come again. Stands behind the static files."""
    gates = {kind: Gate(places) for kind, places in PLACES.items()}

    def respond(request: HttpRequest) -> HttpResponseBase:
        try:
            with gates[kind_of(request)].place():
                return get_response(request)
        except Full:
            return busy(request)

    return respond


def busy(request: HttpRequest) -> HttpResponseBase:
    """The answer when there is no place. It asks neither the session nor the database."""
    response = render(request, "portal/errors/503.html", {"reason": ""}, status=503, using=None)
    response.headers["Retry-After"] = str(COME_AGAIN)
    return response
