"""Fixtures of computing's tests: the small city, built once a module and rolled back behind it."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.computing import small
from tests.standing import standing

DAY = date(2025, 7, 8)


@pytest.fixture
def at() -> datetime:
    """Nine in the morning of 8 July 2025."""
    return small.moment(DAY)


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with standing(django_db_blocker, lambda: small.build(small.moment(DAY))):
        yield


@pytest.fixture
def city(_built: None, db: None, at: datetime) -> datetime:
    """The small city with its pack, at that moment."""
    return at
