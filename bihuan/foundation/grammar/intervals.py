"""Which values a condition covers, where it only compares one name with numbers; so that a hole between conditions can be found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bihuan.foundation.grammar.formula_types import Name
from bihuan.foundation.grammar.formula_words import Number, Reader, Token
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView

_FLIPPED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "=": "=", "<>": "<>"}

Cut = tuple[Fraction, bool]
"""A point between values: just before the number (False) or just after it (True)."""

Stretch = tuple[Cut | None, Cut | None]
"""The values between two cuts; None is without end."""


@dataclass(frozen=True)
class Cover:
    """The values of one name, in its own unit, that a condition accepts: stretches between cuts, None for without end."""

    name: Name
    stretches: tuple[Stretch, ...]


def cover(view: RegisterView, text: str) -> Cover | None:
    """What ``text`` covers if it is made of comparisons of one number with fixed numbers, joined by 且 or 或; else None."""
    try:
        tokens = Reader(text, view.scope("entry")).read()
    except Refused:
        return None
    if any(token.sort not in ("value", "operator") for token in tokens):
        return None
    names: set[str] = set()
    union: list[Stretch] = []
    name: Name | None = None
    for choice in _split(tokens, "OR"):
        stretches: list[Stretch] = [(None, None)]
        for test in _split(choice, "AND"):
            compared = _comparison(test)
            if compared is None:
                return None
            name, covered = compared
            names.add(name.key)
            stretches = [both for one in stretches for other in covered if (both := meet(one, other))]
        union.extend(stretches)
    return Cover(name, tuple(union)) if name and len(names) == 1 else None


def _split(tokens: Sequence[Token], word: str) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.sort == "operator" and token.sql == word:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _comparison(tokens: Sequence[Token]) -> tuple[Name, list[Stretch]] | None:
    if len(tokens) != 3 or tokens[1].sql not in _FLIPPED:
        return None
    left, operator, right = tokens[0].leaf, tokens[1].sql, tokens[2].leaf
    if isinstance(left, Number) and isinstance(right, Name):
        left, right, operator = right, left, _FLIPPED[operator]
    if not isinstance(left, Name) or not isinstance(right, Number) or left.kind != "number":
        return None
    return left, _accepted(operator, _in_unit_of(left, right))


def _in_unit_of(name: Name, number: Number) -> Fraction:
    own = name.unit.factor if name.unit else Fraction(1)
    return number.value if number.unit is None else number.value * number.unit.factor / own


def _accepted(operator: str, value: Fraction) -> list[Stretch]:
    before, after = (value, False), (value, True)
    accepted: dict[str, list[Stretch]] = {
        ">": [(after, None)], ">=": [(before, None)], "<": [(None, before)], "<=": [(None, after)], "=": [(before, after)],
        "<>": [(None, before), (after, None)],
    }  # fmt: skip
    return accepted[operator]


def meet(one: Stretch, other: Stretch) -> Stretch | None:
    """The values that lie in both, or None where there are none."""
    starts = [cut for cut in (one[0], other[0]) if cut is not None]
    ends = [cut for cut in (one[1], other[1]) if cut is not None]
    start, end = max(starts, default=None), min(ends, default=None)
    return None if start is not None and end is not None and start >= end else (start, end)


def holes(covers: Iterable[Cover]) -> list[Stretch]:
    """The stretches that no condition accepts. All covers must be of one name."""
    stretches = sorted((stretch for one in covers for stretch in one.stretches), key=lambda stretch: _low(stretch[0]))
    found: list[Stretch] = []
    reached: Cut | None = None
    begun = False
    for start, end in stretches:
        if start is not None and (not begun or (reached is not None and start > reached)):
            found.append((reached if begun else None, start))
        begun = True
        if end is None:
            return found
        reached = end if reached is None else max(reached, end)
    return [*found, (reached, None)]


def covered_by(one: Cover, earlier: Iterable[Cover]) -> bool:
    """Whether every value of ``one`` is accepted by an earlier condition already."""
    gaps = holes([cover for cover in earlier if cover.name.key == one.name.key] or [Cover(one.name, ())])
    return not any(meet(stretch, gap) for stretch in one.stretches for gap in gaps)


def _low(cut: Cut | None) -> tuple[int, Cut]:
    return (0, (Fraction(0), False)) if cut is None else (1, cut)


def spoken(stretch: Stretch, unit: str) -> tuple[str, str]:
    """A stretch in words, in both languages: ``大于 10 至小于 30 天``."""
    (start, end), shown = stretch, f" {unit}" if unit else ""
    if start and end and start[0] == end[0]:
        return f"等于 {_digits(start[0])}{shown}", f"exactly {_digits(start[0])}"
    low = f"{'大于' if start[1] else '不小于'} {_digits(start[0])}" if start else ""
    high = f"{'不大于' if end[1] else '小于'} {_digits(end[0])}" if end else ""
    low_en = f"{'above' if start[1] else 'from'} {_digits(start[0])}" if start else ""
    high_en = f"{'up to' if end[1] else 'below'} {_digits(end[0])}" if end else ""
    return f"{'、'.join(filter(None, [low, high])) or '任何值'}{shown}", " ".join(filter(None, [low_en, high_en])) or "any value"


def _digits(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.6f}".rstrip("0")
