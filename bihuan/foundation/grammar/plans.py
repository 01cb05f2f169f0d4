"""A register at a day, as SQL: every row's values, lights and criteria in one query, and every group's indicators in another.

    plan = row_plan(catalogue, view, Wanted(lights=("plates.plate",)), [date(2025, 7, 8)])
    f'{plan.sql} SELECT _id, "plates.plate" FROM judged'

``judged`` has, for each row and day, ``_id``, ``_key``, ``_title``, ``_office``, ``_state``, ``_at``, each wanted name under its key, and

    "mechanism.light"           the code of the verdict (lights.Facts.code); NULL where the light does not judge the row
    "mechanism.light:rule"      the place of the thresholds in force among ``since``; NULL where there are none
    "mechanism.criteria"        true, false or NULL for unknown;  "…/test" what one test said;  "…!test" whether it is lifted
    "mechanism.criteria/test:left" and ":right"   both sides of a test that is one comparison of numbers

An unknown condition never decides: it stops a ladder of conditions unless an earlier one holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlglot import exp

from bihuan.foundation.grammar.catalogue import Catalogue, RegisterView
from bihuan.foundation.grammar.deciding import Column, carrying, criteria_columns
from bihuan.foundation.grammar.formulas import Formula
from bihuan.foundation.grammar.gathering import Chain, figures_table, once_a_row, with_clause
from bihuan.foundation.grammar.indicators import Indicator
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lights import NO_RULE, NONE_HOLDS, UNKNOWN, WHERE_UNKNOWN, Light, bounds, names_in
from bihuan.foundation.grammar.quantities import TOLERANCE
from bihuan.foundation.grammar.scopes import unit_of
from bihuan.foundation.grammar.shape import first_day
from bihuan.foundation.grammar.windows import Days, since_period

FIXED = ("_id", "_key", "_title", "_office", "_state", "_state_since", "_at")


@dataclass(frozen=True)
class Wanted:
    """What a plan is asked for: names of the register by key, lights and criteria by short name, and conditions of one's own by alias."""

    names: frozenset[str] = frozenset()
    lights: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    conditions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """``sql`` is a WITH clause whose last table is ``judged``; ``names`` are the keys it has as columns; ``span`` its days and windows."""

    sql: str
    view: RegisterView
    wanted: Wanted
    names: tuple[str, ...]
    span: Days


@dataclass(frozen=True)
class GroupPlan:
    """``sql`` gives (_group, _at, _value, _rows, _expected, _present) for one group indicator; ``span`` its days and windows."""

    sql: str
    indicator: Item[Indicator]
    span: Days


def row_plan(
    catalogue: Catalogue, view: RegisterView, wanted: Wanted, days: Sequence[date], ids: Sequence[int] | None = None, dialect: str = "duckdb"
) -> Plan:
    """The plan for the rows of a register on some days; ``ids`` restricts it to a few rows. ``dialect`` is what its formulas are written for."""
    conditions = {alias: view.condition(text) for alias, text in wanted.conditions.items()}
    columns = [
        *(column for name in wanted.lights for column in _light(view, name, dialect)),
        *(column for name in wanted.criteria for column in criteria_columns(view, name, carrying(dialect))),
        *(Column(f'{formula.part(dialect, at_column="_at")} AS "{alias}"', formula.names) for alias, formula in conditions.items()),
    ]
    needed = wanted.names | {name for column in columns for name in column.names}
    chain = Chain(catalogue, view, frozenset(needed), tuple(days), None if ids is None else tuple(ids), dialect=dialect)
    steps = chain.stages()
    last = steps[-1][0]
    steps.append(("judged", _ladder_of(last, columns)))
    known = [*chain.stored(), *chain.closure, *(key for key in chain.parameters if key in needed)]
    return Plan(with_clause(steps), view, wanted, tuple(dict.fromkeys(known)), chain.span)


def group_plan(catalogue: Catalogue, view: RegisterView, indicator: Item[Indicator], days: Sequence[date], dialect: str = "duckdb") -> GroupPlan:
    """The plan for one indicator per group (or for all rows together) on some days.

    Rows are joined with their figures in the window; what a formula gathers without mentioning a figure counts each row once. Other group
    indicators that it mentions are computed each by its own plan and stand beside the rows of their group.
    """
    shape = indicator.shape
    formula = view.formula(shape.formula, "grouped", "number", unit_of(shape.unit))
    declared = view.shape.figures.fields if view.shape.figures else {}
    figures = [name for name in formula.names if name in declared]
    per = None if shape.per == "all" else shape.per
    where = view.condition(shape.where) if shape.where else None
    others = [name for name in formula.names if name in view.grouped]
    needed = {*(name for name in formula.names if name not in declared and name not in others), *(where.names if where else ()), *([per] if per else [])}
    chain = Chain(catalogue, view, frozenset(needed), tuple(days), dialect=dialect)
    figured = view.shape.figures.every if figures and view.shape.figures else None
    span = Days(tuple(days), figured, (shape.over,) if figured else ())
    steps = [(name, span.table() if name == "days" and figured else query) for name, query in chain.stages()]
    taking_part = f"SELECT * FROM {steps[-1][0]}" + (f" WHERE {where.part(dialect, at_column='_at')}" if where else "")
    steps.append(("taking_part", taking_part))
    steps.append(("gathered", _with_figures(view, shape, figures, span)))
    group = f'"{per}"' if per else "'*'"
    if others:
        steps += [*_beside(catalogue, view, others, days, dialect), ("with_others", _joined(others, group))]
    value = once_a_row(formula, dict.fromkeys(figures), "_at", dialect) if figures else formula.part(dialect, at_column="_at")
    # Parameters and other indicators have one value for a whole group; beside aggregates they must be grouped by.
    single = [*others, *(name for name in formula.names if name in chain.parameters)]
    by = ", ".join(["_at", *([f'"{per}"'] if per else []), *(f'"{name}"' for name in single)])
    table = "with_others" if others else "gathered"
    body = f"{_group_columns(shape, figures, group, value, span)} FROM {table} GROUP BY {by}"
    return GroupPlan(f"{with_clause(steps)} {body}", indicator, span)


def missing_sql(
    view: RegisterView, over: Days, indicator: Indicator, ids: Sequence[int], figures: Sequence[str]
) -> str:
    """Which figures of an indicator are not there: (_id, _at, _period, _field), in order, for a few rows."""
    table = figures_table(view.name)
    listed = ", ".join(f"({number})" for number in ids) or "(NULL)"
    begun = f"(SELECT min(_period) FROM {table} b WHERE b._id = i._id)"
    cumulative = f" AND e._period >= {begun}" if indicator.over == "to_date" else ""
    branches = [
        f"SELECT i._id, e._at, e._period, '{figure}' AS _field FROM (VALUES {listed}) AS i(_id) CROSS JOIN ({over.expected(indicator.over)}) e "
        f"WHERE NOT EXISTS (SELECT 1 FROM {table} f WHERE f._id = i._id AND f._period = e._period AND f.\"{figure}\" IS NOT NULL){cumulative}"
        for figure in figures
    ]
    return f"SELECT * FROM ({' UNION ALL '.join(branches)}) ORDER BY _id, _at, _field, _period"


def _ladder_of(last: str, columns: Sequence[Column]) -> str:
    first = "".join(f", {column.sql}" for column in columns if not column.after)
    second = "".join(f", {column.sql}" for column in columns if column.after)
    inner = f"SELECT s.*{first} FROM {last} s"
    return f"SELECT j.*{second} FROM ({inner}) j" if second else inner


# --- lights


def _light(view: RegisterView, name: str, dialect: str) -> Iterator[Column]:
    light = view.lights[name].shape
    where = view.condition(light.where) if light.where else None
    if light.conditions:
        yield _by_conditions(view, name, light, where, dialect)
        mentioned = (found for condition in light.conditions for word in names_in(condition.because + condition.because_en) if (found := _key(view, word)))
        yield Column("NULL AS \"" + name + ':rule"', tuple(mentioned))
    else:
        yield from _by_thresholds(view, name, light, where, dialect)


def _by_conditions(view: RegisterView, name: str, light: Light, where: Formula | None, dialect: str) -> Column:
    """The ladder: the first condition that holds wins; one that is unknown stops it, unless an earlier one holds."""
    names = list(where.names if where else ())
    ladder = str(NONE_HOLDS)
    for place, condition in reversed(list(enumerate(light.conditions))):
        if condition.otherwise:
            ladder = str(place)
            continue
        formula = view.condition(condition.if_)
        names += formula.names
        # Each condition stands once; the engine's time goes into planning, not into a row more or less.
        ladder = f"CASE {formula.part(dialect, at_column='s._at', table='s')} WHEN TRUE THEN {place} WHEN FALSE THEN {ladder} ELSE {UNKNOWN - place} END"
    if where:
        ladder = f"CASE {where.part(dialect, at_column='s._at', table='s')} WHEN TRUE THEN {ladder} WHEN FALSE THEN NULL ELSE {WHERE_UNKNOWN} END"
    return Column(f'{ladder} AS "{name}"', tuple(names))


def _by_thresholds(view: RegisterView, name: str, light: Light, where: Formula | None, dialect: str) -> Iterator[Column]:
    item = view.indicators.find(light.of, view.lights[name].mechanism)
    assert item is not None
    indicator, key = item.shape, item.key
    names = (key, *(where.names if where else ()))
    rule = _rule_in_force(view, indicator, key, light)
    yield Column(f'{rule} AS "{name}:rule"', names)
    sign = "" if light.better == "higher" else "-"
    cases = [f'WHEN "{name}:rule" IS NULL THEN {NO_RULE}', f'WHEN "{key}" IS NULL THEN {UNKNOWN}']
    if where:
        test = where.part(dialect, at_column="_at")
        cases = [f"WHEN ({test}) IS NULL THEN {WHERE_UNKNOWN}", f"WHEN NOT ({test}) THEN NULL", *cases]
    for place, dated in enumerate(sorted(light.since, key=first_day)):
        green, yellow = (float(bound) for bound in bounds(light.since[dated], indicator))
        for code, edge in enumerate((green, yellow)):
            near = TOLERANCE[0] + TOLERANCE[1] * abs(edge)
            cases.append(f'WHEN "{name}:rule" = {place} AND {sign}("{key}" - {edge!r}) >= -{near!r} THEN {code}')
    yield Column(f'CASE {" ".join(cases)} ELSE 2 END AS "{name}"', names, after=True)


def _rule_in_force(view: RegisterView, indicator: Indicator, key: str, light: Light) -> str:
    """Which thresholds judge: those in force when the judged period ended, however late it is looked at."""
    figures = view.shape.figures
    every = figures.every if figures else None
    names = view.formula(indicator.formula, "figures", "number", unit_of(indicator.unit)).names if figures else ()
    gathers = any(name in figures.fields for name in names) if figures else False
    cases = []
    for place, dated in reversed(list(enumerate(sorted(light.since, key=first_day)))):
        day = first_day(dated)
        if not gathers or every is None:
            cases.append(f"WHEN _at >= DATE '{day}' THEN {place}")
        elif indicator.over == "latest":
            cases.append(f"WHEN coalesce(\"{key}:period\", \"_latest_first\") >= '{since_period(every, day)}' THEN {place}")
        else:
            cases.append(f"WHEN \"_{indicator.over}_last\" >= '{since_period(every, day)}' THEN {place}")
    return f"CASE {' '.join(cases)} END"


def _key(view: RegisterView, word: str) -> str | None:
    """The key of a name that a sentence mentions by title or key."""
    found = view.scope("entry").get(word)
    return found.key if found else None


# --- groups


def _with_figures(view: RegisterView, shape: Indicator, figures: Sequence[str], span: Days) -> str:
    """The rows that take part, each with its figures in the window: a row a period, or one without figures where there are none."""
    if not figures:
        return "SELECT t.*, TRUE AS _once FROM taking_part t"
    carried = "".join(f', f."{figure}"' for figure in figures)
    over, table = shape.over, figures_table(view.name)
    if over == "latest":
        there = " AND ".join(f'"{figure}" IS NOT NULL' for figure in figures)
        since = f" AND g._period >= {span.bound(over, 'first', 'd')}" if shape.needs == "every_period" else ""
        at, days = span.at("d"), "" if span.only else " CROSS JOIN days d"
        newest = (
            f"(SELECT g.*, {at} AS _at FROM {table} g{days} WHERE g._period <= {span.bound(over, 'last', 'd')}{since} AND {there} "
            f"QUALIFY row_number() OVER (PARTITION BY g._id, {at} ORDER BY g._period DESC) = 1)"
        )
        return f"SELECT t.*{carried}, f._period, TRUE AS _once FROM taking_part t LEFT JOIN {newest} f ON f._id = t._id AND f._at = t._at"
    first = span.bound(over, "first", "t") if over != "to_date" else "''"
    joined = f"LEFT JOIN {table} f ON f._id = t._id AND f._period BETWEEN {first} AND {span.bound(over, 'last', 't')}"
    # Each row counts once however many periods it has: its first period carries the mark.
    once = "row_number() OVER (PARTITION BY t._id, t._at ORDER BY f._period) = 1"
    return f"SELECT t.*{carried}, f._period, {once} AS _once FROM taking_part t {joined}"


def _beside(catalogue: Catalogue, view: RegisterView, others: Sequence[str], days: Sequence[date], dialect: str) -> Iterator[tuple[str, str]]:
    """The plans of other group indicators, each as a table."""
    for key in others:
        item = view.indicators.find(key)
        assert item is not None
        yield f"_of_{key}", group_plan(catalogue, view, item, days, dialect).sql


def _joined(others: Sequence[str], group: str) -> str:
    """The rows that were gathered, with the value of each other indicator for their group beside them."""
    values = "".join(f', "_of_{key}"._value AS "{key}"' for key in others)
    own = group if group == "'*'" else f"g.{group}"
    joins = "".join(f' LEFT JOIN "_of_{key}" ON "_of_{key}"._at = g._at AND "_of_{key}"._group IS NOT DISTINCT FROM {own}' for key in others)
    return f"SELECT g.*{values} FROM gathered g{joins}"


def _group_columns(shape: Indicator, figures: Sequence[str], group: str, value: str, span: Days) -> str:
    """``SELECT`` with the group, its value where the data it needs are there, and how many figures of how many rows were expected and found."""
    rows = "count(*) FILTER (WHERE _once)"
    if not figures:
        return f"SELECT {group} AS _group, _at, {value} AS _value, {rows} AS _rows, 0 AS _expected, 0 AS _present"
    present = " + ".join(f'count("{figure}")' for figure in figures)
    bound = span.bound(shape.over, "count", "g")
    counted = bound if span.only else "1" if shape.over in ("latest", "to_date") else f'any_value("_{shape.over}_count")'
    expected = f"{rows} * {counted} * {len(figures)}"
    enough = {
        "every_period": f"({present}) >= ({expected})",
        "any_period": " AND ".join(f'count("{figure}") > 0' for figure in figures),
        "nothing": "TRUE",
    }[shape.needs]
    return (
        f"SELECT {group} AS _group, _at, CASE WHEN {enough} THEN {value} END AS _value, {rows} AS _rows, {expected} AS _expected, "
        f"{present} AS _present"
    )


def with_names(wanted: Wanted, names: Sequence[str]) -> Wanted:
    """The same request for more names."""
    return replace(wanted, names=wanted.names | frozenset(names))


def text_literal(value: str) -> str:
    """A text as SQL that no quote inside it can end."""
    return exp.Literal.string(value).sql("duckdb")


__all__ = ["FIXED", "GroupPlan", "Plan", "Wanted", "group_plan", "missing_sql", "row_plan", "text_literal", "with_names"]
