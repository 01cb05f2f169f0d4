"""Whether a target is kept: what was measured beside what was promised, three-valued, with a sentence that says both numbers.

Kinds differ in what stands on the right of the comparison. ``growth`` and ``compression`` compare the change against a base value,
``doubling`` asks for twice the base, ``range`` has two ends, ``relative`` refers to another indicator, ``qualitative`` is for people to judge;
all others compare the measured value with the one promised. Values within rounding of a line have reached it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from bihuan.foundation.grammar.criteria import Truth
from bihuan.foundation.grammar.indicators import Indicator, Target, TargetValue
from bihuan.foundation.grammar.quantities import TOLERANCE, exactly, parse_quantity, show_value, unit_of
from bihuan.foundation.grammar.saying import COMPARED, Said
from bihuan.foundation.grammar.shape import in_force

_COMPARE: dict[str, Callable[[Fraction, Fraction, Fraction], bool]] = {
    ">=": lambda left, right, near: left >= right - near,
    "<=": lambda left, right, near: left <= right + near,
    ">": lambda left, right, near: left > right + near,
    "<": lambda left, right, near: left < right - near,
    "=": lambda left, right, near: abs(left - right) <= near,
    "~": lambda left, right, near: abs(left - right) <= near,
}
_KEPT, _BROKEN = Said("达到", "kept"), Said("未达到", "not kept")


@dataclass(frozen=True, slots=True)
class Promise:
    """A target as it stands: whether it is kept (None: no data, or for people to judge), why, and the clause it rests on.

    ``gap``: how much is lacking, canonical and above zero where the target is not kept; ``due``: the day it is to be kept by.
    """

    kept: Truth
    said: Said
    basis: str
    gap: Fraction | None = None
    due: date | None = None


def promise(target: Target, indicator: Indicator, day: date, measured: float | None, reference: float | None = None) -> Promise | None:
    """How a target stands on a day, None where none is in force yet.

    ``measured`` is the canonical value of ``indicator`` (None: no value), ``reference`` that of the indicator a relative target refers to.
    """
    chosen = in_force(target.since, day)
    if chosen is None:
        return None
    value = chosen[1]
    due = date.fromisoformat(value.by) if value.by and len(value.by) == 10 else None
    if target.kind == "qualitative":
        return Promise(None, Said(f"{value.text}（须由人判断）", f"{value.text} (for people to judge)"), value.basis, due=due)
    if measured is None or (value.reference and reference is None):
        return Promise(
            None, Said(f"{target.title}：没有数据，无法判断", f"{target.title_en or target.title}: no data"), value.basis, due=due
        )
    left = _measured(target, value, indicator, exactly(measured))
    low = _promised(target, value, indicator, reference)
    high = _canonical(value.high, indicator) if target.kind == "range" else None
    operator = value.operator if target.kind != "range" else ">="
    compare, words = _COMPARE[operator], COMPARED[operator]
    near = _canonical(value.within, indicator) if value.within else Fraction(0)
    near += exactly(TOLERANCE[0]) + exactly(TOLERANCE[1]) * abs(low)
    kept = compare(left, low, near) and (high is None or left <= high + near)
    gap = None if kept else abs(left - (low if high is None or left < low else high))
    return Promise(kept, _sentence(target, indicator, (left, low, high), words, kept=kept), value.basis, gap, due)


def _measured(target: Target, value: TargetValue, indicator: Indicator, measured: Fraction) -> Fraction:
    """What is compared: the value, or its change against the base."""
    if not value.base or target.kind not in ("growth", "compression"):
        return measured
    base = _canonical(value.base, indicator)
    return measured / base - 1 if target.kind == "growth" else 1 - measured / base


def _promised(target: Target, value: TargetValue, indicator: Indicator, reference: float | None) -> Fraction:
    """The line to reach."""
    if target.kind == "doubling":
        return 2 * _canonical(value.base, indicator)
    if value.reference and reference is not None:
        return exactly(reference) + (_canonical(value.plus, indicator) if value.plus else 0)
    changed = target.kind in ("growth", "compression") and value.base
    return parse_quantity(value.value).canonical if changed else _canonical(value.value, indicator)


def _canonical(text: str, indicator: Indicator) -> Fraction:
    """A value as written, canonical; a bare number is in the indicator's own unit."""
    quantity = parse_quantity(text)
    return quantity.canonical if quantity.unit.name else quantity.value * unit_of(indicator.unit).factor


def _sentence(target: Target, indicator: Indicator, line: tuple[Fraction, Fraction, Fraction | None], words: Said, *, kept: bool) -> Said:
    left, low, high = line
    relative_change = target.kind in ("growth", "compression") and any(value.base for value in target.since.values())
    unit = unit_of("%") if relative_change else unit_of(indicator.unit)
    told = []
    for language in ("zh", "en"):
        here, there = (show_value(number, unit, indicator.decimals, language) for number in (left, low))
        upper = f"—{show_value(high, unit, indicator.decimals, language)}" if high is not None else ""
        title = indicator.title if language == "zh" else indicator.title_en or indicator.title
        outcome = (_KEPT if kept else _BROKEN).text(language)
        told.append(
            f"{title} {here}，应{words.zh} {there}{upper}：{outcome}"
            if language == "zh"
            else f"{title} {here}, {words.en} {there}{upper}: {outcome}"
        )
    return Said(told[0], told[1])
