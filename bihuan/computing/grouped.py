"""Lights of groups: a threshold light on an indicator by county, industry … judged on a day from what the indicator measures there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from bihuan.computing.engine import Engine, run
from bihuan.computing.scoring import Measured, measure, measure_days
from bihuan.computing.tables import Columns
from bihuan.foundation.grammar.indicators import Indicator
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lights import NO_RULE, UNKNOWN, Facts, Light, Spoken, bounds, say
from bihuan.foundation.grammar.quantities import TOLERANCE, exactly
from bihuan.foundation.grammar.saying import both
from bihuan.foundation.grammar.scopes import unit_of
from bihuan.foundation.grammar.shape import first_day
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.grammar.windows import Days, since_period


def group_lights(engine: Engine, view: RegisterView, item: Item[Light], day: date) -> dict[str, Spoken]:
    """The colour of every group on a day, why, and by which clause; nothing for a light that judges rows."""
    indicator = view.indicators.find(item.shape.of, item.mechanism) if item.shape.of else None
    if indicator is None or indicator.shape.per == "entry":
        return {}
    rule = _in_force(view, item.shape, indicator.shape, day)
    measured = measure(engine, view, indicator, day)
    return {group: say(item.shape, _facts(item.shape, indicator.shape, rule, one), indicator.shape) for group, one in measured.items()}


def _in_force(view: RegisterView, light: Light, indicator: Indicator, day: date) -> str:
    """The key of the thresholds that judge: those in force when the judged period ended, however late it is looked at."""
    figures = view.shape.figures
    names = view.formula(indicator.formula, "grouped", "number", unit_of(indicator.unit)).names
    gathers = figures is not None and any(name in figures.fields for name in names)
    begun = []
    for dated in sorted(light.since, key=first_day):
        if figures is not None and gathers:
            last = Days((day,), figures.every, (indicator.over,)).window(indicator.over, day).last
            begun += [dated] if str(last) >= since_period(figures.every, first_day(dated)) else []
        else:
            begun += [dated] if first_day(dated) <= day else []
    return begun[-1] if begun else ""


def _facts(light: Light, indicator: Indicator, rule: str, one: Measured) -> Facts:
    if not rule:
        return Facts(NO_RULE)
    if one.value is None:
        return Facts(UNKNOWN, rule, unknown=(both(indicator),))
    value, sign = exactly(one.value), 1 if light.better == "higher" else -1
    for code, line in enumerate(bounds(light.since[rule], indicator)):
        if sign * (value - line) >= -(exactly(TOLERANCE[0]) + exactly(TOLERANCE[1]) * abs(line)):
            return Facts(code, rule, one.value, one.period)
    return Facts(2, rule, one.value, one.period)


def turned_groups(columns: Columns, day: date) -> list[dict[str, Any]]:
    """The lights of offices that differ from what stands, as bodies of a ``judged`` entry. Groups that are no offices are only ever computed."""
    bodies: list[dict[str, Any]] = []
    for name in sorted(columns.populated & set(columns.catalogue.registers)):
        view = columns.catalogue.registers[name]
        for item in view.lights.values():
            indicator = view.indicators.find(item.shape.of, item.mechanism) if item.shape.of else None
            field = view.shape.fields.get(indicator.shape.per) if indicator else None
            if field is not None and field.kind == "office":
                bodies += _of_offices(columns, view, item, day)
    return bodies


def _of_offices(columns: Columns, view: RegisterView, item: Item[Light], day: date) -> Iterator[dict[str, Any]]:
    sql = "SELECT _office, _colour FROM verdicts WHERE _id IS NULL AND _register = ? AND _light = ?"
    standing = {row["_office"]: row["_colour"] for row in run(columns, sql, [view.name, item.name])}
    place = {"register": view.name, "mechanism": f"{item.pack}.{item.mechanism}", "light": item.key, "day": day.isoformat()}
    spoken = {office: said for office, said in group_lights(columns, view, item, day).items() if office}
    for office, said in spoken.items():
        if standing.get(office) != said.colour:
            facts = {"zh": said.because.zh, "en": said.because.en}
            yield {**place, "office": office, "colour": said.colour, "facts": facts, "basis": said.basis, "was": standing.get(office) or ""}
    for office in sorted(standing.keys() - spoken.keys()):
        yield {**place, "office": office, "colour": "", "facts": {}, "basis": "", "was": standing[office]}


LOOK_AHEAD = 60
"""Days. How far ahead it is said when the light of a group will change if nothing moves."""


def next_turn(columns: Columns, view: RegisterView, item: Item[Light], group: str, day: date) -> tuple[date, Spoken] | None:
    """The first of the next days on which the light of a group shows another colour by time alone; one query measures them all."""
    indicator = view.indicators.find(item.shape.of, item.mechanism) if item.shape.of else None
    if indicator is None or indicator.shape.per == "entry":
        return None
    days = [day + timedelta(days=ahead) for ahead in range(LOOK_AHEAD + 1)]
    measured = measure_days(columns, view, indicator, days)
    today = None
    for on in days:
        one = measured.get((on, group))
        if one is None:
            continue
        said = say(item.shape, _facts(item.shape, indicator.shape, _in_force(view, item.shape, indicator.shape, on), one), indicator.shape)
        today = today or said.colour
        if said.colour != today:
            return on, said
    return None
