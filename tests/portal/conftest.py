"""Fixtures of the portal's tests: the town, built once a module and rolled back behind it; browsers for its people; the clock held still."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from bihuan import clock
from bihuan.foundation.models import Member
from tests.portal import town
from tests.standing import standing

SignIn = Callable[[str], Client]


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with standing(django_db_blocker, town.build):
        yield


@pytest.fixture
def small_town(_built: None, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The town of `tests.portal.town`, on its day."""
    monkeypatch.setattr(clock, "now", lambda: town.NOW)


@pytest.fixture
def sign_in(small_town: None) -> SignIn:
    """A browser in which one of the town's people has signed in."""

    def signed_in(username: str) -> Client:
        client = Client()
        client.force_login(Member.objects.get(pk=username))
        return client

    return signed_in
