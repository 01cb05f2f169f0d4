"""Parts that add up exactly, whatever their bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.academy.amounts import DoesNotFit, within

bounds = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**7), st.integers(0, 1000)), min_size=1, max_size=40)


@given(bounds, st.integers(0, 100))
def test_parts_stay_within_their_bounds_and_add_up(rows: list[tuple[int, int, int]], place: int) -> None:
    floors = [low for low, _room, _weight in rows]
    caps = [low + room for low, room, _weight in rows]
    total = sum(floors) + (sum(caps) - sum(floors)) * place // 100
    parts = within(total, floors, caps, [weight for _low, _room, weight in rows])
    assert sum(parts) == total
    assert all(low <= part <= high for low, part, high in zip(floors, parts, caps, strict=True))


def test_a_total_beyond_the_bounds_is_refused() -> None:
    with pytest.raises(DoesNotFit, match="31 does not fit between 3 and 30"):
        within(31, [1, 1, 1], [10, 10, 10], [1, 1, 1])
    with pytest.raises(DoesNotFit):
        within(5, [1, 9], [10, 3], [1, 1])
