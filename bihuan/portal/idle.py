"""Sign people out after a time without a request, without writing to the database at every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

RENEWED_EVERY = 60  # seconds; the idle limit is exact to this much
_SEEN = "seen_at"

BACKGROUND = ("/moved/", "/notices/count/")
"""Addresses that a page asks by itself: they keep nobody signed in."""

View = Callable[[HttpRequest], HttpResponse]


def renew_session(get_response: View) -> View:
    """Middleware: move the end of a session that is in use on, at most once a minute."""

    def respond(request: HttpRequest) -> HttpResponse:
        session = request.session
        if not request.path.startswith(BACKGROUND) and not session.is_empty():
            now = int(timezone.now().timestamp())
            if now - session.get(_SEEN, 0) >= RENEWED_EVERY:
                session[_SEEN] = now
        return get_response(request)

    return respond
