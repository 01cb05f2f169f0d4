"""A session ends after a time without a request; being used moves the end on, with few writes."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from bihuan.portal import idle


def visit(session: object) -> None:
    request: HttpRequest = RequestFactory().get("/")
    request.session = session  # type: ignore[assignment]
    idle.renew_session(lambda _request: HttpResponse())(request)


@pytest.fixture
def session(client, db):  # type: ignore[no-untyped-def]
    opened = client.session
    opened["member"] = "alice"
    opened.save()
    return opened


def test_a_session_in_use_is_renewed_once_a_minute(session, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    start = timezone.now()
    renewed = []
    for seconds in (0, 10, 59, 61, 100, 125):
        monkeypatch.setattr(timezone, "now", lambda at=start + timedelta(seconds=seconds): at)
        session.modified = False
        visit(session)
        renewed.append(session.modified)
    assert renewed == [True, False, False, True, False, True]


def test_a_visitor_without_a_session_is_given_none(client, db) -> None:  # type: ignore[no-untyped-def]
    empty = client.session.__class__()
    visit(empty)
    assert not empty.modified
    assert Session.objects.filter(session_key=empty.session_key).count() == 0


def test_an_unused_session_ends_after_the_idle_time(session) -> None:  # type: ignore[no-untyped-def]
    assert abs(session.get_expiry_age() - settings.SESSION_COOKIE_AGE) <= 1
    assert settings.SESSION_COOKIE_AGE == 900
