"""Fixtures of the foundation's tests: the small city, built once a module and rolled back behind it."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.foundation import city
from tests.standing import standing


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with standing(django_db_blocker, city.build):
        yield


@pytest.fixture
def small_city(_built: None, db: None) -> None:
    """The small city of `tests.foundation.city`."""
