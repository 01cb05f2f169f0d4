"""Whole amounts that add up: a published total parted among invented rows, each within its own bounds."""

from __future__ import annotations

from collections.abc import Sequence

from bihuan.foundation.grammar.quantities import Number, split


class DoesNotFit(ValueError):
    """No parts within these bounds add up to the total."""


def within(total: int, floors: Sequence[int], caps: Sequence[int], weights: Sequence[Number]) -> list[int]:
    """`total` in whole parts, each from its floor to its cap, otherwise in proportion to the weights; the parts add up exactly.

    Raises DoesNotFit where the total is less than the floors together or more than the caps.
    """
    if not sum(floors) <= total <= sum(caps) or any(low > high for low, high in zip(floors, caps, strict=True)):
        raise DoesNotFit(f"{total} does not fit between {sum(floors)} and {sum(caps)}")
    parts = list(floors)
    while left := total - sum(parts):
        room = [place for place, part in enumerate(parts) if part < caps[place]]
        weighed = [weights[place] for place in room]
        shares = split(left, weighed if any(weighed) else [1] * len(room))
        for place, share in zip(room, shares, strict=True):
            parts[place] += min(share, caps[place] - parts[place])
    return parts
