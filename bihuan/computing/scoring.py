"""Indicators by group and scores, computed on any engine and any day; nothing of them is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import cast

from bihuan.computing.engine import Engine, Record, run, tables_in
from bihuan.foundation.grammar.indicators import Indicator
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.plans import Wanted, group_plan, row_plan
from bihuan.foundation.grammar.quantities import exactly, parse_quantity, unit_of
from bihuan.foundation.grammar.ranking import Line, Points, Scale, ranked
from bihuan.foundation.grammar.reading import NOTHING, quantity
from bihuan.foundation.grammar.saying import Said
from bihuan.foundation.grammar.scores import Part, Score
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.grammar.workdays import state_council


@dataclass(frozen=True)
class Measured:
    """The value of an indicator for one group: canonical, None without data; ``present`` of ``expected`` figures of ``rows`` rows were there."""

    group: str
    value: float | None
    shown: Said
    period: Said
    rows: int
    expected: int
    present: int


@dataclass(frozen=True)
class Table:
    """A score on a day: its lines in order, and the lines of the period before by group."""

    score: Item[Score]
    day: date
    lines: Sequence[Line]
    names: Mapping[str, Said]
    before: Mapping[str, Line] = field(default_factory=dict)

    def name(self, group: str) -> Said:
        """What a group is called: a row by its title, a choice by its words, an office by itself."""
        return self.names.get(group, Said(group, group))

    def moved(self, line: Line) -> list[tuple[Points, Points | None, Decimal | None]]:
        """Each part of a line, the same part of the period before, and the points gained or lost; None where one of them is without data."""
        old = {points.part: points for points in self.before[line.group].parts} if line.group in self.before else {}
        return [(now, was := old.get(now.part), _gain(now, was)) for now in line.parts]


def _gain(now: Points, was: Points | None) -> Decimal | None:
    return now.points - was.points if was is not None and now.points is not None and was.points is not None else None


def measure(engine: Engine, view: RegisterView, item: Item[Indicator], day: date) -> dict[str, Measured]:
    """The values of an indicator by group on a day; ``per: all`` has the one group ``*``; per entry, groups are the keys of rows.

    What groups measure is kept until a table behind it changes; rows are too many to keep.
    """
    shape = item.shape
    if shape.per == "entry":
        plan = row_plan(engine.catalogue, view, Wanted(frozenset({item.key})), [day], dialect=engine.dialect)
        label = plan.span.label(shape.over, day) if shape.over in plan.span.overs and shape.over != "latest" else Said("", "")
        sql = f'{plan.sql} SELECT _key AS _group, "{item.key}" AS _value, 1 AS _rows, 0 AS _expected, 0 AS _present FROM judged'
        return _measured(run(engine, sql), shape, label)
    asked = (view.name, item.name, day)
    group = engine.keep(("plan", *asked), (), lambda: group_plan(engine.catalogue, view, item, [day], engine.dialect))
    label = group.span.label(shape.over, day) if group.span.overs and shape.over != "latest" else Said("", "")
    return engine.keep(("measured", *asked), tables_in(group.sql), lambda: _measured(run(engine, group.sql), shape, label))


def _measured(rows: Iterable[Record], shape: Indicator, label: Said) -> dict[str, Measured]:
    unit = unit_of(shape.unit)
    found = {}
    for row in rows:
        name = "" if row["_group"] is None else str(row["_group"])
        said = NOTHING if row["_value"] is None else quantity(row["_value"], unit, shape.decimals)
        found[name] = Measured(name, row["_value"], said, label, row["_rows"], row["_expected"], row["_present"])
    return found


def measure_days(engine: Engine, view: RegisterView, item: Item[Indicator], days: Sequence[date]) -> dict[tuple[date, str], Measured]:
    """The values of a group indicator on several days in one query, by day and group."""
    shape, unit = item.shape, unit_of(item.shape.unit)
    plan = group_plan(engine.catalogue, view, item, days, engine.dialect)
    labelled = bool(plan.span.overs) and shape.over != "latest"
    found = {}
    for row in run(engine, plan.sql):
        name = "" if row["_group"] is None else str(row["_group"])
        said = NOTHING if row["_value"] is None else quantity(row["_value"], unit, shape.decimals)
        label = plan.span.label(shape.over, row["_at"]) if labelled else Said("", "")
        found[row["_at"], name] = Measured(name, row["_value"], said, label, row["_rows"], row["_expected"], row["_present"])
    return found


def league(engine: Engine, view: RegisterView, item: Item[Score], day: date) -> Table:
    """The score of every group on a day, with the rank of the period before."""
    before = {line.group: line for line in _lines(engine, view, item, _period_before(view, day), None)}
    ranks = {group: line.rank for group, line in before.items() if line.rank is not None}
    names = _names(engine, view, item.shape.per, day)
    lines = _lines(engine, view, item, day, ranks, names)
    return Table(item, day, lines, names, before)


def _names(engine: Engine, view: RegisterView, per: str, day: date) -> dict[str, Said]:
    """What the groups are called that do not say it themselves."""
    if per == "entry":
        sql = row_plan(engine.catalogue, view, Wanted(), [day], dialect=engine.dialect).sql + " SELECT _key, _title FROM judged"
        titles = {row["_key"]: row["_title"] for row in run(engine, sql) if row["_title"]}
        return {key: Said(text, text) for key, text in told_apart(titles).items()}
    field = view.scope("entry").get(per)
    return {choice: field.chosen(choice) for choice in field.choices} if field else {}


def told_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """Titles by key; those that several keys share have their key beside them, so that one line of a ranking is not taken for another."""
    times = Counter(titles.values())
    return {key: title if times[title] == 1 else f"{title} {key}" for key, title in titles.items()}


def _lines(
    engine: Engine, view: RegisterView, item: Item[Score], day: date, before: Mapping[str, int] | None, names: Mapping[str, Said] | None = None
) -> list[Line]:
    score = item.shape
    used = [part.of for part in score.parts.values()]
    used += [score.multiplier.of] if score.multiplier else []
    used += [tie for tie in score.ties if tie != "same_rank"]
    values: dict[str, dict[str, Decimal | None]] = {}
    for word in dict.fromkeys(used):
        indicator = cast(Item[Indicator], view.indicators.find(word, item.mechanism))
        measured = measure(engine, view, indicator, day)
        values[word] = {group: _decimal(one.value) for group, one in measured.items() if group}
    groups = sorted({group for by_group in values.values() for group in by_group})
    scales = {key: _scale(view, item, part) for key, part in score.parts.items()}
    return ranked(score, scales, values, groups, before, names)


def _scale(view: RegisterView, item: Item[Score], part: Part) -> Scale:
    indicator = cast(Item[Indicator], view.indicators.find(part.of, item.mechanism)).shape
    steps = tuple((_canonical(bound, indicator), points) for bound, points in part.steps.items())
    percent = unit_of(indicator.unit).dimension == "ratio"
    return Scale(part, _canonical(part.full, indicator), _canonical(part.zero, indicator), steps, percent)


def _canonical(text: str, indicator: Indicator) -> Decimal:
    written = parse_quantity(text)
    canonical = written.canonical if written.unit.name else written.value * unit_of(indicator.unit).factor
    return Decimal(canonical.numerator) / Decimal(canonical.denominator)


def _decimal(value: float | None) -> Decimal | None:
    if value is None:
        return None
    exact = exactly(value)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _period_before(view: RegisterView, day: date) -> date:
    """A day that is judged by the period before: as far into it as `day` is into its own."""
    every = view.shape.figures.every if view.shape.figures else "month"
    months = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
    if every in months:
        return state_council().add(day, -months[every], "months")
    return state_council().add(day, -7 if every == "week" else -10, "calendar_days")
