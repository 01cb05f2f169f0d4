"""Arithmetic with printed numbers: what they may have been before they were rounded, and whether a printed result follows from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Literal

DUST = Decimal("1e-9")
"""What computing in doubles may leave behind; no printed figure is that fine."""

Verdict = Literal["agrees", "within rounding", "disagrees", "question"]


def half_up(value: Decimal, decimals: int) -> Decimal:
    """``value`` rounded as offices round: a half goes up, away from zero."""
    return value.quantize(DUST, ROUND_HALF_UP).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@dataclass(frozen=True)
class Printed:
    """A number as printed: its value and the decimals it was rounded to; a count of things is exact."""

    value: Decimal
    decimals: int
    exact: bool = False

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """The least and the greatest it may have been before it was rounded."""
        half = Decimal(0) if self.exact else Decimal(5).scaleb(-self.decimals - 1)
        return self.value - half, self.value + half


def compare(printed: Printed, operands: Sequence[Printed], formula: Callable[..., Decimal]) -> tuple[Decimal, Verdict]:
    """The value of ``formula`` over the operands, and whether the printed result follows from it.

    It ``agrees`` where the value, rounded half up to the printed decimals, is what was printed; ``within rounding`` where operands that
    round to the printed ones could give it; else it ``disagrees``. Raises ZeroDivisionError as the formula does.
    """
    value = formula(*(operand.value for operand in operands))
    if half_up(value, printed.decimals) == printed.value:
        return value, "agrees"
    corners = [formula(*ends) for ends in product(*(operand.ends for operand in operands))]
    least, most = Printed(printed.value, printed.decimals).ends
    return value, "within rounding" if min(corners) <= most + DUST and max(corners) >= least - DUST else "disagrees"
