"""Pages for what went wrong. They need neither a shell nor, but for the session, a database."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from bihuan.foundation.access import Decision


def decision_text(decision: Decision) -> str:
    """Why something was refused, in the language of this answer."""
    return decision.reason if (get_language() or "zh").startswith("zh") else decision.reason_en


def _page(request: HttpRequest, status: int, reason: str = "") -> HttpResponse:
    shell = {"city": settings.BIHUAN_CITY, "home": "/", "language_href": ""}
    return render(request, f"portal/errors/{status}.html", {"shell": shell, "reason": reason}, status=status)


def forbidden(request: HttpRequest, reason: str) -> HttpResponse:
    """403, with the reason where there is one to tell."""
    return _page(request, 403, reason)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 from Django itself."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is no such page, or it is not for this person to know that there is."""
    return _page(request, 404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be read."""
    return _page(request, 400)


def failed(request: HttpRequest) -> HttpResponse:
    """500: a mistake of ours; what was being done left no trace in the ledger."""
    return _page(request, 500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token: an old page, or one that is not ours."""
    return _page(request, 403, "")
