"""A ledger that says of itself that its city is invented: only from its very first entry on."""

import pytest

from bihuan.foundation.actions import Rejected, declare_invented, is_invented
from tests.foundation.city import NOW, build


def test_only_an_empty_ledger_becomes_an_invented_city(db: None) -> None:
    declare_invented(2024, NOW)
    assert is_invented()
    with pytest.raises(Rejected, match="已有记录"):
        declare_invented(2024, NOW)


def test_a_real_city_is_not_invented(db: None) -> None:
    build()
    assert not is_invented()
