"""Whether two engines say the same: every light, criteria, indicator, score, rank and payment of every register that has rows, to the last digit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa

from bihuan.computing.clusters import Cluster
from bihuan.computing.engine import Engine, run
from bihuan.computing.entitling import entitled_on
from bihuan.computing.facts import ENTITLED, Facts
from bihuan.computing.judge import row_lights
from bihuan.computing.scoring import league, measure
from bihuan.computing.tables import Columns
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.payables import policies_of, subjects_sql
from bihuan.foundation.grammar.plans import Wanted, row_plan
from bihuan.foundation.grammar.scores import Score
from bihuan.foundation.grammar.views import RegisterView

Values = Mapping[Any, Any]
"""What one engine says: of each row, group or payment."""


@dataclass(frozen=True)
class Compared:
    """What was asked of both, how many answers there were, and those that differ: of what, here, there."""

    what: str
    answers: int
    differing: tuple[tuple[Any, Any, Any], ...]


def compared(columns: Columns, cluster: Cluster, day: date) -> Iterator[Compared]:
    """Everything that plans say of a day, asked here and there."""
    for name, view in columns.catalogue.registers.items():
        if name in columns.populated:
            yield _compared(name, columns, cluster, partial(rows_of, view=view, day=day))
            yield from _of_groups(columns, cluster, view, day)
            policies = policies_of(view, day)
            if policies:
                yield _held(f"{name}: {len(policies)} policies", _entitled(columns, view, day), _counted(*entitled_on(cluster, view, policies, day)))


def rows_of(engine: Engine, view: RegisterView, day: date) -> Values:
    """By row everything that is computed of it: names, lights with the rule in force, criteria with each test. Personal fields are left out."""
    fields = {key for key, shape in view.shape.fields.items() if not shape.personal}
    names = frozenset({*fields, *view.computed, *(item.key for item in view.parameters.values())})
    wanted = Wanted(names, row_lights(view), tuple(item.short for item in view.criteria.values()))
    plan = row_plan(engine.catalogue, view, wanted, [day], dialect=engine.dialect)
    return {row["_id"]: row for row in run(engine, f"{plan.sql} SELECT * FROM judged")}


def _of_groups(columns: Columns, cluster: Cluster, view: RegisterView, day: date) -> Iterator[Compared]:
    for item in view.indicators.values():
        if item.shape.per != "entry":
            yield _compared(item.name, columns, cluster, partial(measure, view=view, item=item, day=day))
    for score in view.scores.values():
        yield _compared(score.name, columns, cluster, partial(_lines, view=view, item=score, day=day))


def _lines(engine: Engine, view: RegisterView, item: Item[Score], day: date) -> Values:
    return {line.group: line for line in league(engine, view, item, day).lines}


def _entitled(columns: Columns, view: RegisterView, day: date) -> Values:
    policies = policies_of(view, day)
    with closing(columns.cursor()) as cursor:
        return _counted(*Facts.read(subjects_sql(columns.catalogue, view, policies, day), cursor, view, policies, day).matched())


def _counted(found: pa.Table, unknown: Mapping[int, int]) -> Values:
    """Who is entitled to what by policy and row, and by policy how many cannot be decided."""
    rows = {(row["policy"], row["_id"]): tuple(row[name] for name in ENTITLED.names[2:]) for row in found.to_pylist()}
    return rows | {("?", number): count for number, count in unknown.items()}


def _compared(what: str, columns: Columns, cluster: Cluster, ask: Callable[[Engine], Values]) -> Compared:
    return _held(what, ask(columns), ask(cluster))


def _held(what: str, here: Values, there: Values) -> Compared:
    differing = tuple((of, here.get(of), there.get(of)) for of in {**here, **there} if here.get(of) != there.get(of))
    return Compared(what, len(here), differing)
