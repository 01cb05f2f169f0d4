"""Fixtures of computing's tests."""

from datetime import date, datetime

import pytest

from tests.computing import small

DAY = date(2025, 7, 8)


@pytest.fixture
def at() -> datetime:
    """Nine in the morning of 8 July 2025."""
    return small.moment(DAY)


@pytest.fixture
def city(db: None, at: datetime) -> datetime:
    """The small city with its pack, at that moment."""
    small.build(at)
    return at
