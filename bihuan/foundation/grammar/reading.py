"""From a row of a plan back to facts: what lights.say and criteria.judge need, with every number in the words of its unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bihuan.foundation.grammar.criteria import Criteria, Judgement, Truth, judge, tests_of
from bihuan.foundation.grammar.deciding import sides
from bihuan.foundation.grammar.formula_types import Name
from bihuan.foundation.grammar.formulas import Formula
from bihuan.foundation.grammar.indicators import Indicator
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lights import UNKNOWN, WHERE_UNKNOWN, Facts, Light, names_in
from bihuan.foundation.grammar.plans import Plan
from bihuan.foundation.grammar.quantities import NO_UNIT, Unit, exactly, ratio_of, show_value, shown_evenly, unit_of
from bihuan.foundation.grammar.saying import COMPARED, NOTHING_SAID, Said
from bihuan.foundation.grammar.shape import first_day
from bihuan.foundation.grammar.views import RegisterView

NOTHING = Said("（无数据）", "(no data)")
PLACES = 4
"""How many decimals a value is shown with where nothing declares it; zeros at the end are left away."""

Missing = Mapping[str, tuple[tuple[str, Said], ...]]
"""Key of an indicator, then the (period, title) of each figure it lacks."""

NONE_MISSING: Missing = {}


def facts_of(plan: Plan, light: str, row: Mapping[str, Any], missing: Missing = NONE_MISSING) -> Facts | None:
    """The facts of one light on one row of ``judged``; None where the light does not judge it."""
    code = row[light]
    if code is None:
        return None
    view, item = plan.view, plan.view.lights[light]
    shape, scope = item.shape, view.scope("entry")
    if shape.conditions:
        # Only what the sentence of the condition that holds mentions: most of the time of a first judgement goes into words.
        words = names_in(shape.conditions[code].because + shape.conditions[code].because_en) if code >= 0 else ()
        numbers = {word: shown(view, name, row[name.column or name.key]) for word in words if (name := scope.get(word))}
        keys = _stopped_by(view, shape, code)
        return Facts(code, missing=_of(missing, keys), unknown=_unknown(view, keys, row, missing), numbers=numbers)
    indicator = view.indicators.find(shape.of, item.mechanism)
    assert indicator is not None
    key, over, rule = indicator.key, indicator.shape.over, row[f"{light}:rule"]
    dated = sorted(shape.since, key=first_day)[rule] if rule is not None else ""
    label = plan.span.label(over, row["_at"], row.get(f"{key}:period")) if over in plan.span.overs else NOTHING_SAID
    if code >= 0:
        return Facts(code, dated, row[key], label)
    keys = (key,) if code != WHERE_UNKNOWN else view.condition(shape.where).names
    return Facts(code, dated, row[key], label, _of(missing, keys), _unknown(view, keys, row, missing))


def _unknown(view: RegisterView, keys: Iterable[str], row: Mapping[str, Any], missing: Missing) -> tuple[Said, ...]:
    """The titles of names without a value, but for those whose missing figures are named one by one."""
    names = (view.scope("entry").get(key) for key in keys if not missing.get(key))
    return tuple(name.said for name in names if name is not None and row.get(name.column or name.key) is None)


def judgement_of(view: RegisterView, criteria: str, row: Mapping[str, Any]) -> Judgement:
    """The judgement of a criteria (short name) on one row of ``judged``."""
    shape = view.criteria[criteria].shape
    truths: dict[str, Truth] = {test.key: row[f"{criteria}/{test.key}"] for test in tests_of(shape)}
    lifted = set()
    for key in dict.fromkeys(exemption.from_ for exemption in shape.exempt):
        exempt = row[f"{criteria}!{key}"]
        if truths[key] is not True and exempt:
            lifted.add(key)
        elif truths[key] is False and exempt is None:
            truths[key] = None
    return judge(shape, truths, frozenset(lifted), _numbers(view, criteria, shape, row))


def shown(view: RegisterView, name: Name, value: Any) -> Said:
    """A value of a row in words: with its unit, its decimals, 是 or 否, a day as it is written."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return Said("是", "yes") if value else Said("否", "no")
    if isinstance(value, date):
        return day_said(value)
    if isinstance(value, list):
        chosen = [name.chosen(str(one)) for one in value]
        return Said("、".join(one.zh for one in chosen), ", ".join(one.en for one in chosen))
    if not isinstance(value, int | float | Decimal):
        return name.chosen(str(value))
    unit = name.unit or NO_UNIT
    if name.stored_per_unit is not None:
        return _spoken(Fraction(value) / name.stored_per_unit * unit.factor, unit, PLACES)
    indicator = _indicator(view, name.key)
    return _spoken(exactly(value), unit, indicator.shape.decimals if indicator else PLACES, kept=indicator is not None)


def day_said(day: date) -> Said:
    """A day as readers of both languages see it."""
    return Said(f"{day.year}年{day.month}月{day.day}日", day.isoformat())


def quantity(value: float | Fraction, unit: Unit, decimals: int) -> Said:
    """A computed value, canonical, in a unit with so many decimals."""
    return _spoken(exactly(value), unit, decimals, kept=True)


def came_to(gathering: Formula, value: float | None) -> Said:
    """What a sum, an average or a count came to, in its own unit; whole things without decimals."""
    if value is None:
        return NOTHING
    unit = gathering.unit
    whole = unit.dimension in ("none", "count") and (exactly(value) / unit.factor).denominator == 1
    return quantity(value, unit, 0 if whole else 2)


def _spoken(value: Fraction, unit: Unit, decimals: int, *, kept: bool = False) -> Said:
    if not kept:
        return Said(*shown_evenly(value.numerator, value.denominator, unit, decimals))
    return Said(show_value(value, unit, decimals), show_value(value, unit, decimals, "en"))


def _stopped_by(view: RegisterView, light: Light, code: int) -> tuple[str, ...]:
    """The keys mentioned by the condition that could not be decided."""
    if code == WHERE_UNKNOWN:
        return view.condition(light.where).names
    stopped = UNKNOWN - code
    if code < 0 and 0 <= stopped < len(light.conditions):
        return view.condition(light.conditions[stopped].if_).names
    return ()


def _of(missing: Missing, keys: tuple[str, ...]) -> tuple[tuple[str, Said], ...]:
    return tuple(dict.fromkeys(lack for key in keys for lack in missing.get(key, ())))


def _indicator(view: RegisterView, key: str) -> Item[Indicator] | None:
    return next((item for item in view.indicators.values() if item.key == key and item.shape.per == "entry"), None)


@dataclass(frozen=True)
class _Comparison:
    """What is said of a test that is one comparison: where its sides stand in a row, the words around them, and their units."""

    test: str
    whole: str
    left: str
    right: str
    before: Said
    between: Said
    unit: Unit
    apart: Unit


def _comparisons(view: RegisterView, criteria: str, shape: Criteria) -> tuple[_Comparison, ...]:
    found = []
    for test in tests_of(shape):
        compared = sides(view, view.condition(test.if_))
        if compared is not None:
            unit = next((name.unit for key in compared[0].names if (name := view.scope("entry").get(key))), None) or NO_UNIT
            # The distance between two percentages is in percentage points.
            apart = unit_of("个百分点") if unit.name == "%" else unit
            words = COMPARED[compared[1]]
            column, between = f"{criteria}/{test.key}", Said(f"，要求{words.zh} ", f", asked for {words.en} ")
            found.append(_Comparison(test.key, column, f"{column}:left", f"{column}:right", compared[0].said(), between, unit, apart))
    return tuple(found)


def _numbers(view: RegisterView, criteria: str, shape: Criteria, row: Mapping[str, Any]) -> dict[str, Said]:
    """What stood on both sides of each test that is one comparison, and how far apart they were."""
    said = {}
    for one in view.once(("comparisons", criteria), lambda: _comparisons(view, criteria, shape)):
        left, right = row.get(one.left), row.get(one.right)
        if left is None or right is None:
            continue
        (top, bottom), (bar, by) = ratio_of(left), ratio_of(right)
        had, asked = shown_evenly(top, bottom, one.unit, PLACES), shown_evenly(bar, by, one.unit, PLACES)
        zh, en = f"{one.before.zh} {had[0]}{one.between.zh}{asked[0]}", f"{one.before.en} {had[1]}{one.between.en}{asked[1]}"
        if row[one.whole] is False and (apart := abs(top * by - bar * bottom)):  # 0 is not above 0, and lacks nothing that could be said
            gap = shown_evenly(apart, bottom * by, one.apart, PLACES)
            zh, en = f"{zh}，相差 {gap[0]}", f"{en}, {gap[1]} apart"
        said[one.test] = Said(zh, en)
    return said
