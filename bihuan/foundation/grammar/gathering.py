"""The columns of a register that are computed: lookups, rollups and per-entry indicators, as SQL text over the tables of `columns`.

Everything is a chain of common table expressions. ``stage0`` has the stored fields, the parameters in force and the table of days; each
further stage adds the computed names whose ingredients the stage before has. Only what is asked for, and what that needs, is computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property

import sqlglot
from sqlglot import exp

from bihuan.foundation.grammar.catalogue import Catalogue, RegisterView
from bihuan.foundation.grammar.clustered import carried
from bihuan.foundation.grammar.formula_types import Name
from bihuan.foundation.grammar.formulas import Formula
from bihuan.foundation.grammar.indicators import Indicator
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.periods import Over
from bihuan.foundation.grammar.quantities import NO_UNIT
from bihuan.foundation.grammar.quotas import Quota
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import Lookup, Parameter, Rollup
from bihuan.foundation.grammar.scopes import parameter_value, unit_of
from bihuan.foundation.grammar.shape import first_day
from bihuan.foundation.grammar.windows import Days

DUTIES, GRANTS = "duties", "grants"
SYSTEM = ("_id", "_key", "_title", "_office", "_state", "_state_since")
DEEPEST = 4
"""How far a rollup may reach through rollups of other registers."""


def rows_table(register: str) -> str:
    """The quoted name of the table of a register's rows; `register` is ``pack.mechanism``."""
    return f'"r_{register.replace(".", "__")}"'


def figures_table(register: str) -> str:
    """The quoted name of the table of a register's figures."""
    return f'"f_{register.replace(".", "__")}"'


@dataclass(frozen=True)
class Chain:
    """The computed columns of one register that ``needed`` asks for. ``depth`` counts the registers a rollup has come through."""

    catalogue: Catalogue
    view: RegisterView
    needed: frozenset[str]
    days: tuple[date, ...]
    ids: tuple[int, ...] | None = None
    depth: int = 0
    keys: str = ""
    """A query of one column: only rows with these keys; used inside rollups."""
    dialect: str = "duckdb"
    """What formulas are written for: the columns, or ``spark`` for a cluster."""

    @cached_property
    def indicators(self) -> dict[str, Item[Indicator]]:
        """The per-entry indicators of the register, by key."""
        return {item.key: item for item in self.view.indicators.values() if item.shape.per == "entry"}

    @cached_property
    def quotas(self) -> dict[str, Item[Quota]]:
        """The quotas of the register, by key: the name under which formulas know what a row was granted."""
        return {item.key: item for item in self.view.quotas.values()}

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters of the register, by key."""
        return {item.key: item.shape for item in self.view.parameters.values()}

    @cached_property
    def closure(self) -> tuple[str, ...]:
        """The computed names that are needed, directly or by others, in the order to compute them."""
        wanted, waiting = set[str](), list(self.needed)
        while waiting:
            key = waiting.pop()
            if key in self.view.computed and key not in wanted:
                wanted.add(key)
                waiting.extend(self.ingredients(key))
        return tuple(key for key in self.view.computed if key in wanted)

    @cached_property
    def span(self) -> Days:
        """The days of judgement with the windows that the needed indicators gather over."""
        figures = self.view.shape.figures
        overs: list[Over] = [self.indicators[key].shape.over for key in self.closure if key in self.indicators and self.figures_of(key)]
        return Days(self.days, figures.every if figures else None, tuple(dict.fromkeys(overs)))

    def ingredients(self, key: str) -> tuple[str, ...]:
        """The names of this register that a computed name is made of."""
        shape = self.view.shape
        if key in shape.lookups:
            return (shape.lookups[key].by,)
        if key in shape.rollups or key in self.quotas:
            return ()
        indicator = self.indicators[key].shape
        where = self.view.condition(indicator.where).names if indicator.where else ()
        return (*self.formula_of(key).names, *where)

    def formula_of(self, key: str) -> Formula:
        """The formula of a per-entry indicator."""
        shape = self.indicators[key].shape
        return self.view.formula(shape.formula, "figures", "number", unit_of(shape.unit))

    def figures_of(self, key: str) -> tuple[str, ...]:
        """The figures that a per-entry indicator gathers."""
        figures = self.view.shape.figures
        return tuple(name for name in self.formula_of(key).names if figures and name in figures.fields)

    def stored(self) -> tuple[str, ...]:
        """The stored fields that must be carried along."""
        used = {name for key in self.closure for name in self.ingredients(key)} | self.needed
        return tuple(key for key in self.view.shape.fields if key in used)

    def stages(self) -> list[tuple[str, str]]:
        """The common table expressions, named, in order; the last one has every needed column."""
        prefix = f"_{self.depth}" if self.depth else ""
        days = [] if self.span.only else [(f"days{prefix}", self.span.table())]
        steps = [*days, (f"stage0{prefix}", self._stage0(f"days{prefix}"))]
        levels = self._levels()
        for number in range(1, max(levels.values(), default=0) + 1):
            keys = [key for key in self.closure if levels[key] == number]
            stage = _Stage(self, f"stage{number - 1}{prefix}", f"days{prefix}", number)
            helpers, query = stage.write(keys)
            steps += [*helpers, (f"stage{number}{prefix}", query)]
        return steps

    def _levels(self) -> dict[str, int]:
        levels: dict[str, int] = {}
        for key in self.closure:
            levels[key] = 1 + max((levels.get(name, 0) for name in self.ingredients(key)), default=0)
        return levels

    def _stage0(self, days: str) -> str:
        columns = [f"r.{name}" for name in SYSTEM] + [f'r."{key}"' for key in self.stored()]
        used = {name for key in self.closure for name in self.ingredients(key)} | self.needed
        columns += [f'{parameter_sql(shape, self.span.at("d"))} AS "{key}"' for key, shape in self.parameters.items() if key in used]
        where = []
        if self.ids is not None:
            where.append(f"r._id IN ({', '.join(map(str, self.ids)) or 'NULL'})")
        if self.keys:
            where.append(f"r._key IN ({self.keys})")
        only = f" WHERE {' AND '.join(where)}" if where else ""
        days_of = self.span.literals() if self.span.only else "d.*"
        joined = "" if self.span.only else f" CROSS JOIN {days} d"
        return f"SELECT {', '.join(columns)}, {days_of} FROM {rows_table(self.view.name)} r{joined}{only}"


@dataclass
class _Stage:
    """One step of a chain: the computed names of one level, joined to the stage before."""

    chain: Chain
    before: str
    days: str
    number: int
    helpers: list[tuple[str, str]] = field(default_factory=list)
    joins: dict[str, str] = field(default_factory=dict)

    def write(self, keys: Sequence[str]) -> tuple[list[tuple[str, str]], str]:
        columns = [f'{self._column(key)} AS "{key}"' for key in keys]
        columns += [f'"{alias}"._period AS "{key}:period"' for key in keys if (alias := f"latest_{key}{self._suffix}") in self.joins]
        joins = " ".join(self.joins.values())
        return self.helpers, f"SELECT s.*, {', '.join(columns)} FROM {self.before} s {joins}".rstrip()

    @property
    def _suffix(self) -> str:
        return f"_{self.chain.depth}" if self.chain.depth else ""

    def _column(self, key: str) -> str:
        shape = self.chain.view.shape
        if key in shape.lookups:
            return self._lookup(shape.lookups[key])
        if key in shape.rollups:
            return self._rollup(key, shape.rollups[key])
        if key in self.chain.quotas:
            return self._granted(key, self.chain.quotas[key].name)
        return self._indicator(key, self.chain.indicators[key].shape)

    def _same_day(self, alias: str) -> str:
        return "" if self.chain.span.only else f' AND "{alias}"._at = s._at'

    # -- a value of the row referred to

    def _lookup(self, lookup: Lookup) -> str:
        target = self.chain.catalogue.referred(self.chain.view.shape.fields[lookup.by].of, self.chain.view.pack)
        assert target is not None
        found = target.scope("entry").get(lookup.field)
        assert found is not None
        alias = f"look_{lookup.by}"
        if found.key in target.computed:
            alias = f"look_{lookup.by}_{found.key}"
            self.joins[alias] = f'LEFT JOIN {self._rows_of(target, {found.key})} AS "{alias}" ON "{alias}"._key = s."{lookup.by}"{self._same_day(alias)}'
        else:
            self.joins[alias] = f'LEFT JOIN {rows_table(target.name)} AS "{alias}" ON "{alias}"._key = s."{lookup.by}"'
        return f'"{alias}"."{found.column}"'

    # -- values gathered from rows that refer to this one

    def _rollup(self, key: str, rollup: Rollup) -> str:
        alias = f"roll_{key}{self._suffix}"
        if rollup.source == DUTIES:
            return self._from_duties(alias, rollup)
        view = self.chain.view
        child = self.chain.catalogue.referred(rollup.source, view.pack)
        assert child is not None
        formula = child.formula(rollup.formula, "group", None, unit_of(rollup.unit))
        where = view.bond(rollup, child)
        borrowed = {name for name in (where.names if where else ()) if child.scope("entry").get(name) is None}
        source = self._rows_of(child, {*formula.names, *(where.names if where else ()), rollup.by} - borrowed)
        source = self._with_parameters(source, borrowed)
        only = f" WHERE {where.part(self.chain.dialect, at_column='_at')}" if where else ""
        self.helpers.append(
            (alias, f'SELECT "{rollup.by}" AS _ref, _at, {formula.part(self.chain.dialect, at_column="_at")} AS _value FROM {source}{only} GROUP BY "{rollup.by}", _at')
        )
        self.joins[alias] = f'LEFT JOIN "{alias}" ON "{alias}"._ref = s._key{self._same_day(alias)}'
        nothing = formula.of_nothing(self.chain.days[0], self.chain.dialect)
        return f'CASE WHEN "{alias}"._ref IS NULL THEN {nothing} ELSE "{alias}"._value END'

    def _rows_of(self, child: RegisterView, names: set[str]) -> str:
        """The rows of another register on every day of judgement: its table where stored fields are enough, else its own chain."""
        if not any(name in child.computed or name in _parameter_keys(child) for name in names):
            joined = "" if self.chain.span.only else f" CROSS JOIN {self.days} d"
            return f"(SELECT c.*, {self.chain.span.at('d')} AS _at FROM {rows_table(child.name)} c{joined})"
        if self.chain.depth >= DEEPEST:
            what = f"汇总套汇总超过 {DEEPEST} 层：{self.chain.view.name} → {child.name}"
            raise Refused(what, f"rollups reach through more than {DEEPEST} registers: {self.chain.view.name} → {child.name}", "from: plates")
        further = Chain(self.chain.catalogue, child, frozenset(names), self.chain.days, depth=self.chain.depth + 1, dialect=self.chain.dialect)
        steps = further.stages()
        return f"({with_clause(steps)} SELECT * FROM {steps[-1][0]})"

    def _with_parameters(self, source: str, keys: Iterable[str]) -> str:
        """Rows gathered from elsewhere, with parameters of this register beside them."""
        columns = [f'{parameter_sql(self.chain.parameters[key], "c._at")} AS "{key}"' for key in sorted(keys)]
        return f"(SELECT c.*, {', '.join(columns)} FROM {source} c)" if columns else source

    def _from_duties(self, alias: str, rollup: Rollup) -> str:
        view = self.chain.view
        formula = view.formula(rollup.formula, "duties", None, unit_of(rollup.unit))
        bond = view.bond(rollup, None)
        where = f" WHERE {bond.part(self.chain.dialect, at_column='_at')}" if bond else ""
        name = rollup.of.rpartition(".")[2]
        source = f"({duties_sql(view.name, name, self.days, self.chain.span.only)})"
        source = self._with_parameters(source, {name for name in (bond.names if bond else ()) if name in self.chain.parameters})
        self.helpers.append((alias, f"SELECT _id AS _ref, _at, {formula.part(self.chain.dialect, at_column='_at')} AS _value FROM {source}{where} GROUP BY _id, _at"))
        self.joins[alias] = f'LEFT JOIN "{alias}" ON "{alias}"._ref = s._id{self._same_day(alias)}'
        nothing = formula.of_nothing(self.chain.days[0], self.chain.dialect)
        return f'CASE WHEN "{alias}"._ref IS NULL THEN {nothing} ELSE "{alias}"._value END'

    # -- what a row was granted of a quota

    def _granted(self, key: str, quota: str) -> str:
        alias = f"grant_{key}{self._suffix}"
        self.helpers.append((alias, f"SELECT _id AS _ref, sum(_amount) AS _value FROM {GRANTS} WHERE _quota = '{quota}' GROUP BY _id"))
        self.joins[alias] = f'LEFT JOIN "{alias}" ON "{alias}"._ref = s._id'
        return f'CAST(coalesce("{alias}"._value, 0) AS BIGINT)'

    # -- figures gathered over a window

    def _indicator(self, key: str, indicator: Indicator) -> str:
        formula = self.chain.formula_of(key)
        figures = self.chain.figures_of(key)
        value = self._gathered(key, indicator, formula, figures) if figures else formula.part(self.chain.dialect, at_column="s._at", table="s")
        if indicator.where:
            where = self.chain.view.condition(indicator.where).part(self.chain.dialect, at_column="s._at", table="s")
            value = f"CASE WHEN {where} THEN {value} END"
        return value

    def _gathered(self, key: str, indicator: Indicator, formula: Formula, figures: Sequence[str]) -> str:
        over = indicator.over
        shared = over != "latest" and not (set(formula.alone) - set(figures)) and not (over == "to_date" and indicator.needs == "every_period")
        alias = f"{over if shared else over + '_' + key}{self._suffix}" if over != "latest" else f"latest_{key}{self._suffix}"
        if alias not in self.joins:
            self.joins[alias] = f'LEFT JOIN "{alias}" ON "{alias}"._id = s._id{self._same_day(alias)}'
            self.helpers.append((alias, ""))
        self._extend(alias, key, indicator, formula, figures)
        value = f'"{alias}"."{key}"'
        if indicator.needs == "nothing":
            empty = formula.of_nothing(self.chain.days[0], self.chain.dialect)
            return f'CASE WHEN "{alias}"._id IS NULL THEN {empty} ELSE {value} END' if not formula.alone else value
        if over == "latest":
            return f'CASE WHEN "{alias}"._period >= s."_latest_first" THEN {value} END' if indicator.needs == "every_period" else value
        counts = [f'"{alias}"."{figure}:count"' for figure in figures]
        if indicator.needs == "any_period":
            return f"CASE WHEN {' AND '.join(f'{count} > 0' for count in counts)} THEN {value} END"
        expected = f'"{alias}"._expected' if over == "to_date" else f's."_{over}_count"'
        return f"CASE WHEN {' AND '.join(f'{count} = {expected}' for count in counts)} THEN {value} END"

    def _extend(self, alias: str, key: str, indicator: Indicator, formula: Formula, figures: Sequence[str]) -> None:
        """Add one indicator to the helper that gathers its window."""
        place = next(index for index, (name, _) in enumerate(self.helpers) if name == alias)
        held = self._held.setdefault(alias, {})
        held[key] = f'{formula.part(self.chain.dialect, at_column="_at")} AS "{key}"'
        held |= {f"{figure}:count": f'count("{figure}") AS "{figure}:count"' for figure in figures}
        cumulative = indicator.over == "to_date" and indicator.needs == "every_period"
        if cumulative:
            held["_expected"] = "max(_place) - min(_place) + 1 AS _expected"
        if indicator.over == "latest":
            query = self._latest(formula, figures, held[key])
        else:
            grouped = "".join(f', "{name}"' for name in formula.alone)
            query = f"SELECT _id, _at, {', '.join(held.values())} FROM ({self._figures(indicator, formula.alone)}) GROUP BY _id, _at{grouped}"
        self.helpers[place] = (alias, query)

    @cached_property
    def _held(self) -> dict[str, dict[str, str]]:
        return {}

    def _figures(self, indicator: Indicator, alone: Iterable[str]) -> str:
        """The figures inside the window, with the row's own values that the formula mentions beside them."""
        over, span = indicator.over, self.chain.span
        last = span.bound(over, "last", "d")
        bounds = f"f._period BETWEEN {span.bound(over, 'first', 'd')} AND {last}" if over != "to_date" else f"f._period <= {last}"
        place, grid = "", ""
        if over == "to_date" and indicator.needs == "every_period":
            grid = f" JOIN ({span.expected(over)}) e ON e._at = {span.at('d')} AND e._period = f._period"
            place = ", e._place"
        return f"SELECT f.*, {span.at('d')} AS _at{place}{self._own(alone)} FROM {self._source()}{grid}{self._joined(alone)} WHERE {bounds}{self._only()}"

    def _source(self) -> str:
        table = f"{figures_table(self.chain.view.name)} f"
        return table if self.chain.span.only else f"{self.days} d CROSS JOIN {table}"

    def _latest(self, formula: Formula, figures: Sequence[str], column: str) -> str:
        span = self.chain.span
        there = " AND ".join(f'f."{figure}" IS NOT NULL' for figure in figures)
        newest = (
            f"SELECT f.*, {span.at('d')} AS _at{self._own(formula.alone)} FROM {self._source()}{self._joined(formula.alone)} "
            f"WHERE f._period <= {span.bound('latest', 'last', 'd')} AND {there}{self._only()} "
            f"QUALIFY row_number() OVER (PARTITION BY f._id, {span.at('d')} ORDER BY f._period DESC) = 1"
        )
        # One row is left for each entry, so that a formula may name its figures with or without an aggregate.
        grouped = "".join(f', "{name}"' for name in dict.fromkeys((*formula.alone, *figures)))
        return f"SELECT _id, _at, _period, {column} FROM ({newest}) GROUP BY _id, _at, _period{grouped}"

    def _own(self, alone: Iterable[str]) -> str:
        figures = self.chain.view.shape.figures
        return "".join(f', k."{name}"' for name in alone if not (figures and name in figures.fields))

    def _joined(self, alone: Iterable[str]) -> str:
        same_day = "" if self.chain.span.only else " AND k._at = d._at"
        return f" JOIN {self.before} k ON k._id = f._id{same_day}" if self._own(alone) else ""

    def _only(self) -> str:
        ids = self.chain.ids
        return "" if ids is None else f" AND f._id IN ({', '.join(map(str, ids)) or 'NULL'})"


def with_clause(steps: Iterable[tuple[str, str]]) -> str:
    """``WITH name AS (query), …``."""
    return "WITH " + ", ".join(f'"{name}" AS ({query})' for name, query in steps)


def duties_sql(register: str, name: str, days: str, only: str) -> str:
    """The duties of one clock or cadence, or with no ``name`` of all of them, as they stand on every day of judgement.

    ``days`` names the table of days; ``only`` is the literal of the day where there is one alone.
    """
    at = only or "d._at"
    source = f"{DUTIES} t" if only else f"{DUTIES} t CROSS JOIN {days} d"
    of = f"t._name = '{name}'" if name else "t._kind IN ('clock', 'cadence')"
    closed = f"(t._closed IS NOT NULL AND t._closed <= {at})"
    # Grace is part of the due day that a duty carries; one that was cancelled counts for nothing.
    return (
        f"SELECT t.*, {at} AS _at, NOT {closed} AS _open, NOT {closed} AND t._due < {at} AS _overdue, "
        f"{closed} AND t._outcome = 'late' AS _late, {closed} AND t._outcome = 'met' AS _met FROM {source} "
        f"WHERE t._opened <= {at} AND t._register = '{register}' AND {of} AND coalesce(t._outcome, '') <> 'cancelled'"
    )


def parameter_sql(parameter: Parameter, at: str = "d._at") -> str:
    """The value of a parameter on the day in the column ``at``: numbers as canonical doubles, choices as text, days as dates."""
    unit = unit_of(parameter.unit) or NO_UNIT
    cases = []
    for dated, value in sorted(parameter.since.items(), key=lambda item: first_day(item[0]), reverse=True):
        cases.append(f"WHEN {at} >= DATE '{first_day(dated)}' THEN {_literal(parameter_value(parameter, value.value), unit.factor)}")
    return f"CASE {' '.join(cases)} END"


def _literal(value: object, factor: Fraction) -> str:
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, int | Fraction):
        return f"CAST({float(Fraction(value) * factor)!r} AS DOUBLE)"
    return exp.Literal.string(str(value)).sql("duckdb")


def _parameter_keys(view: RegisterView) -> set[str]:
    return {item.key for item in view.parameters.values()}


def once_a_row(formula: Formula, figures: Mapping[str, object], at_column: str, dialect: str = "duckdb") -> str:
    """The SQL of a group formula over rows joined with their figures: what gathers no figure counts each row once (``_once``)."""
    tree = sqlglot.parse_one(formula.sql(dialect, at_column=at_column), read=dialect)
    for call in list(tree.find_all(exp.AggFunc)):
        if not any(column.name in figures for column in call.find_all(exp.Column)):
            call.replace(exp.Filter(this=call.copy(), expression=exp.Where(this=exp.column("_once", quoted=True))))
    return carried(tree.sql(dialect), dialect)


def names_of(view: RegisterView) -> Iterator[Name]:
    """Every name that a formula about one row may use."""
    yield from view.names("entry")
