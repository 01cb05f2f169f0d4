"""So many requests at a time in this process and no more: a short wait, then a plain "busy, come again" instead of a long queue."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation

View = Callable[[HttpRequest], HttpResponseBase]

WAIT = 1.5  # seconds
WAITING = 18
"""How many may wait for each place: as many as are served within WAIT when an answer takes 80 ms."""

COME_AGAIN = 2  # seconds, told to the browser

LOGIN, HEAVY, ORDINARY = "login", "heavy", "ordinary"
PLACES = {LOGIN: 1, HEAVY: 1, ORDINARY: 2}
"""How many requests of each kind run at once in a worker. Checking a password and reading a sheet are slow by nature: they queue apart."""


class Full(Exception):
    """No place became free in time."""


class Gate:
    """Some places and a short wait before them, for no more than WAITING requests a place."""

    def __init__(self, places: int, wait: float = WAIT) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._queue = threading.BoundedSemaphore(places * (1 + WAITING))
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
    if request.path.startswith(("/login/", "/demo/", "/join/")) and request.method == "POST":
        return LOGIN
    if (request.path.startswith("/uploads/") or "/bulk/" in request.path) and request.method == "POST":
        return HEAVY
    if "/export/" in request.path:
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
    """The answer when there is no place. It asks neither the session nor the database, and is drawn once for each language."""
    asked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
    language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    return HttpResponse(_busy_page(language), status=503, headers={"Retry-After": str(COME_AGAIN), "Content-Language": language})


@cache
def _busy_page(language: str) -> str:
    with translation.override(language):
        return render_to_string("portal/errors/503.html", {"reason": "", "shell": {"city": settings.BIHUAN_CITY, "home": "/", "language_href": ""}})
