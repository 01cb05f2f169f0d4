"""Fixtures of the foundation's tests."""

import pytest

from tests.foundation import city


@pytest.fixture
def small_city(db: None) -> None:
    """The small city of `tests.foundation.city`."""
    city.build()
