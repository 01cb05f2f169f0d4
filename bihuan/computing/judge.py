"""Lights judged and compared with the verdicts that stand: what turned, ready for the body of a ``judged`` entry.

One compiled query a register gives the codes of all its lights for all asked rows and joins them with the standing verdicts; only rows
where something differs leave the engine, and only for those is a sentence made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from bihuan.computing.engine import Engine, Record, run
from bihuan.computing.tables import Columns
from bihuan.foundation.grammar.catalogue import Catalogue, RegisterView
from bihuan.foundation.grammar.gathering import Chain, rows_table
from bihuan.foundation.grammar.indicators import Indicator
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lights import Facts, Light, Spoken, say
from bihuan.foundation.grammar.plans import Plan, Wanted, missing_sql, row_plan
from bihuan.foundation.grammar.reading import facts_of
from bihuan.foundation.grammar.saying import Said, both
from bihuan.foundation.grammar.shape import first_day

Body = dict[str, Any]

A_HANDFUL = 200
"""Up to so many rows are compared here; more are compared by the engine. The same for all rows of a register."""

FEW = 20_000
"""Up to so many rows are asked for by id; for more, the whole register is judged at once."""


@dataclass(frozen=True)
class Turned:
    """What a judgement found: verdicts that change, as bodies, and rows that could not be computed, with why."""

    verdicts: tuple[Body, ...] = ()
    failed: tuple[tuple[int, str], ...] = ()

    def __add__(self, other: Turned) -> Turned:
        return Turned(self.verdicts + other.verdicts, self.failed + other.failed)


def judge(engine: Engine, day: date, ids: Mapping[str, Sequence[int]] | None = None) -> Turned:
    """Judge every light of the rows in `ids` (register to entry ids), or of all rows, as of a day."""
    found = Turned()
    there = engine.populated if ids is None else {name for name, asked in ids.items() if asked}
    for name, view in engine.catalogue.registers.items():
        lights = row_lights(view)
        if not lights or name not in there:
            continue
        asked = None if ids is None or len(ids[name]) > FEW else ids[name]
        found += _judged(engine, view, lights, day, asked)
    return found


def row_lights(view: RegisterView) -> tuple[str, ...]:
    """The lights that judge rows one by one, those first that lists show; those of a group indicator judge groups.

    Of several the register's own come first, then the others as their packs declare them.
    """
    of_rows = [(name, item) for name, item in view.lights.items() if group_of(view, item) is None]
    return tuple(name for name, item in sorted(of_rows, key=lambda one: (not one[1].shape.listed, one[1].mechanism != view.mechanism)))


def listed_lights(view: RegisterView) -> tuple[str, ...]:
    """The lights that lists and boards show by default: those marked ``listed``, or all where a pack marks none."""
    lights = row_lights(view)
    return tuple(name for name in lights if view.lights[name].shape.listed) or lights


def group_of(view: RegisterView, item: Item[Light]) -> Item[Indicator] | None:
    """The group indicator a threshold light judges, or None for a light of rows."""
    indicator = view.indicators.find(item.shape.of, item.mechanism) if item.shape.of else None
    return indicator if indicator and indicator.shape.per != "entry" else None


def _judged(engine: Engine, view: RegisterView, lights: Sequence[str], day: date, ids: Sequence[int] | None) -> Turned:
    """The rows that differ; where the engine cannot compute them together, halves of them, down to the row at fault."""
    plan = row_plan(engine.catalogue, view, Wanted(lights=tuple(lights)), [day], ids, engine.dialect)
    try:
        if _few(engine, view.name) if ids is None else len(ids) <= A_HANDFUL:
            rows, ended = _compared(engine, plan, lights, ids)
        else:
            rows, ended = run(engine, _differing(plan, lights, day)), list(_ended(engine, view, lights, ids))
    except (duckdb.ConversionException, duckdb.OutOfRangeException, duckdb.InvalidInputException) as error:
        every = [row["_id"] for row in run(engine, f"SELECT _id FROM {rows_table(view.name)}")] if ids is None else list(ids)
        if len(every) == 1:
            return Turned(failed=((every[0], str(error).splitlines()[0]),))
        half = len(every) // 2
        return _judged(engine, view, lights, day, every[:half]) + _judged(engine, view, lights, day, every[half:])
    lacking = missing_of(engine, plan, lights, rows)
    bodies = [body for row in rows for body in _bodies(plan, lights, row, lacking.get(row["_id"], {}))]
    return Turned((*bodies, *(_ending(view, row, day) for row in ended)))


def _few(engine: Engine, register: str) -> bool:
    """Whether a register has but a handful of rows."""
    table = rows_table(register)
    return engine.keep(("a handful", register), [table.strip('"')], lambda: len(run(engine, f"SELECT _id FROM {table} LIMIT {A_HANDFUL + 1}")) <= A_HANDFUL)


def _compared(engine: Engine, plan: Plan, lights: Sequence[str], ids: Sequence[int] | None) -> tuple[list[Record], list[Record]]:
    """The same as `_differing` and `_ended` for a handful of rows: two short queries, planned sooner than one with many joins."""
    rows = run(engine, f"{plan.sql} SELECT * FROM judged")
    mine = "_id IS NOT NULL AND _register = ?" if ids is None else "_id IN (SELECT unnest(?::BIGINT[]))"
    said = run(engine, f"SELECT * FROM verdicts WHERE {mine}", [plan.view.name if ids is None else list(ids)])
    standing = {(one["_id"], one["_light"]): one for one in said}
    differing = []
    for row in rows:
        turns = False
        for place, light in enumerate(lights):
            was = standing.pop((row["_id"], full_name(plan.view, light)), None)
            rule = row[f"{light}:rule"]
            dated = _in_order(plan.view.lights[light].shape)[rule] if rule is not None and row[light] is not None else ""
            changed = (row[light], dated) != ((was["_code"], was["_rule"] or "") if was else (None, ""))
            row[f"was{place}:colour"] = was["_colour"] if was else None
            row[f"was{place}:turns"] = changed and (was is None or was["_since"] <= row["_at"])
            turns = turns or row[f"was{place}:turns"]
        if turns:
            differing.append(row)
    return differing, list(standing.values())


def _differing(plan: Plan, lights: Sequence[str], day: date) -> str:
    """The judged rows where any light differs from its standing verdict, which is there as ``was0:colour`` …

    A verdict that began after `day` is left alone: what was judged of a later day is not overruled by an earlier one.
    """
    columns, joins, tests = [], [], []
    for place, light in enumerate(lights):
        was = f"was{place}"
        columns.append(f'{was}._colour AS "{was}:colour", {_differs(plan, light, was, day)} AS "{was}:turns"')
        joins.append(f"LEFT JOIN verdicts {was} ON {was}._id = j._id AND {was}._light = '{full_name(plan.view, light)}'")
        tests.append(_differs(plan, light, was, day))
    return f"{plan.sql} SELECT j.*, {', '.join(columns)} FROM judged j {' '.join(joins)} WHERE {' OR '.join(tests)}"


def _differs(plan: Plan, light: str, was: str, day: date) -> str:
    rule = _rule_text(plan.view.lights[light].shape, light)
    changed = f'(j."{light}" IS DISTINCT FROM {was}._code OR {rule} IS DISTINCT FROM coalesce({was}._rule, \'\'))'
    there = f'(j."{light}" IS NOT NULL OR {was}._id IS NOT NULL)'
    return f"({there} AND {changed} AND coalesce({was}._since, DATE '1900-01-01') <= DATE '{day}')"


def _rule_text(light: Light, name: str) -> str:
    """The key of the thresholds in force, as the facts of a verdict keep it; empty for ordered conditions and where there is no light."""
    if not light.since:
        return "''"
    cases = " ".join(f"WHEN {place} THEN '{dated}'" for place, dated in enumerate(_in_order(light)))
    return f"CASE WHEN j.\"{name}\" IS NULL THEN '' ELSE coalesce(CASE j.\"{name}:rule\" {cases} END, '') END"


def _in_order(light: Light) -> list[str]:
    return sorted(light.since, key=first_day)


def full_name(view: RegisterView, light: str) -> str:
    """``pack.mechanism.light`` of a light by its short name."""
    return view.lights[light].name


Lack = tuple[str, Said]
"""A figure that is not there: its period and its title."""


def missing_of(engine: Engine, plan: Plan, lights: Sequence[str], rows: Iterable[Record]) -> dict[int, dict[str, tuple[Lack, ...]]]:
    """For rows whose lights lack data: entry id, then indicator, then the (period, title) of each figure that is not there."""
    chain = Chain(engine.catalogue, plan.view, frozenset(plan.names), plan.span.days)
    ids = [row["_id"] for row in rows if any((row[light] or 0) < 0 for light in lights)]
    found: dict[int, dict[str, tuple[Lack, ...]]] = {}
    fields = plan.view.shape.figures.fields if plan.view.shape.figures else {}
    for key in plan.names:
        figures = chain.figures_of(key) if key in chain.indicators else ()
        if not ids or not figures or chain.indicators[key].shape.needs == "nothing":
            continue
        for lack in run(engine, missing_sql(plan.view, plan.span, chain.indicators[key].shape, ids, figures)):
            by_key = found.setdefault(lack["_id"], {})
            by_key[key] = (*by_key.get(key, ()), (lack["_period"], both(fields[lack["_field"]])))
    return found


def _bodies(plan: Plan, lights: Sequence[str], row: Record, missing: Mapping[str, tuple[Lack, ...]]) -> Iterator[Body]:
    for place, light in enumerate(lights):
        if row[f"was{place}:turns"]:
            spoken = spoken_of(plan, light, row, missing)
            yield verdict_body(plan.view, light, row, spoken, row[f"was{place}:colour"])


def spoken_of(
    plan: Plan, light: str, row: Record, missing: Mapping[str, tuple[Lack, ...]]
) -> tuple[Facts, Spoken] | None:
    """The facts and the words of one light on one judged row; None where it does not judge it."""
    facts = facts_of(plan, light, row, missing)
    if facts is None:
        return None
    item = plan.view.lights[light]
    indicator = plan.view.indicators.find(item.shape.of, item.mechanism) if item.shape.of else None
    return facts, say(item.shape, facts, indicator.shape if indicator else None)


def verdict_body(view: RegisterView, light: str, row: Record, spoken: tuple[Facts, Spoken] | None, was: str | None) -> Body:
    """One verdict as the body of a ``judged`` entry has it; an empty colour ends the one that stands. ``was`` is the colour before."""
    item = view.lights[light]
    place = {"register": view.name, "mechanism": f"{item.pack}.{item.mechanism}", "light": item.key, "day": row["_at"].isoformat()}
    body: Body = {"entry": row["_id"], "key": row["_key"], **place, "was": was or ""}
    if spoken is None:
        return {**body, "colour": "", "facts": {}, "basis": ""}
    facts, said = spoken
    return {**body, "colour": said.colour, "facts": facts_body(facts, said), "basis": said.basis}


def facts_body(facts: Facts, said: Spoken) -> Body:
    """Facts as the ledger keeps them: integers and text only, with the sentence as it was said."""
    kept: Body = {"code": facts.code, "zh": said.because.zh, "en": said.because.en}
    if facts.rule:
        kept["rule"] = facts.rule
    if facts.value is not None:
        kept["value"] = repr(facts.value)
    if facts.period.zh:
        kept["period"] = facts.period.zh
    if facts.missing:
        kept["missing"] = [[period, title.zh] for period, title in facts.missing]
    if facts.numbers:
        kept["numbers"] = {word: said_number.zh for word, said_number in sorted(facts.numbers.items())}
    return kept


def _ended(engine: Engine, view: RegisterView, lights: Sequence[str], ids: Sequence[int] | None) -> list[Record]:
    """Verdicts that stand on rows which are gone, or of lights that no longer exist."""
    known = ", ".join(f"'{full_name(view, light)}'" for light in lights) or "''"
    only = "" if ids is None else " AND v._id IN (SELECT unnest(?::BIGINT[]))"
    sql = (
        f"SELECT v._id, v._light, v._colour FROM verdicts v WHERE v._register = '{view.name}' AND v._id IS NOT NULL{only} AND "
        f"(v._light NOT IN ({known}) OR NOT EXISTS (SELECT 1 FROM {rows_table(view.name)} r WHERE r._id = v._id))"
    )
    return run(engine, sql, [] if ids is None else [list(ids)])


def _ending(view: RegisterView, row: Record, day: date) -> Body:
    """The body of a verdict that ends."""
    mechanism, _, light = row["_light"].rpartition(".")
    return {
        "entry": row["_id"], "register": view.name, "mechanism": mechanism, "light": light, "day": day.isoformat(), "colour": "", "facts": {},
        "basis": "", "was": row["_colour"],
    }  # fmt: skip


def parents(catalogue: Catalogue, columns: Columns, ids: Mapping[str, set[int]], keys: Mapping[str, set[str]]) -> dict[str, set[int]]:
    """The rows whose rollups gather from the rows in `ids`, and the rows that look values up in them, over as many steps as it takes.

    `keys` are further keys by register that the rows referred to before they changed.
    """
    reached: dict[str, set[int]] = {name: set(found) for name, found in ids.items()}
    waiting = [(name, set(found)) for name, found in ids.items()]
    for name, named in keys.items():
        if named and name in catalogue.registers:
            _reach(reached, waiting, name, _by_keys(columns, name, named))
    while waiting:
        name, changed = waiting.pop()
        # One question for all of them: many short ones take longer.
        asked = [
            f"SELECT '{other}' AS _register, _id FROM {rows_table(other)} WHERE "
            + (f'_key IN (SELECT "{by}" FROM changed)' if upwards else f'"{by}" IN (SELECT _key FROM changed)')
            for other, by, upwards in _bonds(catalogue, name) if other in columns.populated
        ]  # fmt: skip
        if asked:
            own = f"WITH changed AS (SELECT * FROM {rows_table(name)} WHERE _id IN (SELECT unnest(?::BIGINT[])))"
            found: dict[str, set[int]] = {}
            for row in run(columns, f"{own} {' UNION ALL '.join(dict.fromkeys(asked))}", [sorted(changed)]):
                found.setdefault(row["_register"], set()).add(row["_id"])
            for other, ids_there in found.items():
                _reach(reached, waiting, other, ids_there)
    return reached


def _reach(reached: dict[str, set[int]], waiting: list[tuple[str, set[int]]], name: str, found: set[int]) -> None:
    fresh = found - reached.setdefault(name, set())
    if fresh:
        reached[name] |= fresh
        waiting.append((name, fresh))


def _by_keys(columns: Columns, register: str, keys: set[str]) -> set[int]:
    return {row["_id"] for row in run(columns, f"SELECT _id FROM {rows_table(register)} WHERE _key IN (SELECT unnest(?))", [sorted(keys)])}


def _bonds(catalogue: Catalogue, name: str) -> Iterator[tuple[str, str, bool]]:
    """The registers that read from register `name`: (register, the field of the bond, whether that field stands in `name`)."""
    view = catalogue.registers[name]
    for other in catalogue.registers.values():
        for rollup in other.shape.rollups.values():
            source = None if rollup.source == "duties" else catalogue.referred(rollup.source, other.pack)
            if source is view:
                yield other.name, rollup.by, True
        for lookup in other.shape.lookups.values():
            target = catalogue.referred(other.shape.fields[lookup.by].of, other.pack)
            if target is view:
                yield other.name, lookup.by, False
