"""Lists of a register: filters that compose, a sort, a page, and counts for the chips, in a constant number of queries whatever the size.

Colours are those shown: the one set by hand where it stands, else the rule's. Sentences are made only for the rows of the page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bihuan.computing.engine import Record, answer, run, tuples
from bihuan.computing.judge import missing_of, row_lights, spoken_of
from bihuan.computing.lamps import GRAVITY, Shown, among
from bihuan.computing.tables import Columns
from bihuan.foundation.access import Scope
from bihuan.foundation.grammar.gathering import rows_table
from bihuan.foundation.grammar.plans import Wanted, row_plan
from bihuan.foundation.grammar.reading import shown
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.saying import Said
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Office

__all__ = [
    "GRAVITY", "LIGHT", "Asked", "Found", "Lamp", "Line", "Page", "Stage", "bounds", "count_by_office", "find", "find_by_state", "lines_of",
    "list_entries", "sums", "values_of",
]  # fmt: skip

Colour = str


@dataclass(frozen=True)
class Asked:
    """What a list is asked for; whatever is empty does not restrict it.

    ``text`` is looked for in key and title; ``choices`` gives the accepted values of fields; ``ranges`` the least and most (stored units,
    ISO days, either may be None); ``states`` are titles; ``colours`` the accepted colours of lights by short name; ``office`` a subtree;
    ``formula`` a condition; ``gravest`` lights by short name: rows come by the gravest colour of any of them;
    ``sort`` names of the register, ``_key``, ``_title``, ``_office``, ``_state``, ``_state_since`` or ``light.NAME`` (by its colour, the gravest
    first), each with True for descending.
    """

    text: str = ""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[int | str | None, int | str | None]] = field(default_factory=dict)
    states: Sequence[str] = ()
    colours: Mapping[str, Sequence[Colour]] = field(default_factory=dict)
    office: str = ""
    formula: str = ""
    gravest: Sequence[str] = ()
    sort: Sequence[tuple[str, bool]] = ()
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class Lamp:
    """One light of one row as it shows: its colour, why, by which clause; ``rule`` is the rule's own colour where a hand-set one stands."""

    light: str
    title: str
    colour: Colour
    because: Said
    basis: str
    rule: Colour = ""


@dataclass(frozen=True)
class Line:
    """One row of a list: stored or computed values by key, and the same in words."""

    id: int
    key: str
    title: str
    office: str
    state: str
    values: Mapping[str, Any]
    words: Mapping[str, Said]
    lamps: Mapping[str, Lamp]


@dataclass(frozen=True)
class Page:
    """A page of a list: its rows, how many there are in all, and counts by state and by colour of each light before those two filters."""

    lines: Sequence[Line]
    total: int
    page: int
    pages: int
    states: Mapping[str, int]
    colours: Mapping[str, Mapping[Colour, int]]


SYSTEM_NAMES = ("_key", "_title", "_office", "_state", "_state_since")
LIGHT = "light."
"""In `Asked.sort`: what stands before the short name of a light."""


@dataclass(frozen=True)
class Found:
    """Which rows a page of a list has, in order, and the same counts as `Page`: everything but the rows themselves."""

    ids: Sequence[int]
    total: int
    page: int
    pages: int
    states: Mapping[str, int]
    colours: Mapping[str, Mapping[Colour, int]]


def find(columns: Columns, view: RegisterView, asked: Asked, scope: Scope, day: date) -> Found:
    """The rows that `scope` lets somebody see, by their ids. Raises Refused for a name that is not there, FormulaError for a bad condition."""
    query = _Query(columns, view, asked, scope, day)
    states, colours, passing = query.counts()
    total = query.total() if asked.states or asked.colours else passing
    return Found(query.page(), total, asked.page, max(1, -(-total // asked.size)), states, colours)


def list_entries(columns: Columns, view: RegisterView, asked: Asked, scope: Scope, day: date) -> Page:
    """The same page with its rows in words and every light judged anew, with its sentence."""
    found = find(columns, view, asked, scope, day)
    shown_columns = [key for key, shape in view.shape.fields.items() if shape.listed]
    names = [*shown_columns, *(name for name, _ in asked.sort if name in view.computed)]
    lines = lines_of(columns, view, found.ids, day, names)
    return Page(lines, found.total, found.page, found.pages, found.states, found.colours)


@dataclass(frozen=True)
class Stage:
    """The rows of one state, by its title: how many there are, and the first few of them by their ids."""

    state: str
    total: int
    ids: Sequence[int]


def find_by_state(columns: Columns, view: RegisterView, asked: Asked, scope: Scope, day: date) -> list[Stage]:
    """The rows of a list by their state, of each the first `asked.size` in the order asked for. Raises what `find` raises."""
    query = _Query(columns, view, asked, scope, day)
    return query.by_state()


def count_by_office(columns: Columns, view: RegisterView, asked: Asked, scope: Scope, day: date, light: str) -> dict[str, dict[Colour, int]]:
    """How many rows of a list each office has, by the colour of a light (short name, may be empty); "" counts those it does not judge."""
    query = _Query(columns, view, replace(asked, sort=()), scope, day)
    return query.by_office(light)


def bounds(columns: Columns, view: RegisterView, asked: Asked, scope: Scope, day: date, fields: Sequence[str]) -> tuple[date | None, date | None]:
    """The first and the last day that any row of a list has in some of its date fields."""
    query = _Query(columns, view, replace(asked, sort=()), scope, day, fields)
    return query.bounds(fields)


def sums(columns: Columns, view: RegisterView, asked: Asked, scope: Scope, day: date, fields: Sequence[str]) -> dict[str, int]:
    """What some number fields of the rows of a list add up to, in stored units; a field no row has is left out."""
    query = _Query(columns, view, replace(asked, sort=()), scope, day, fields)
    return query.sums(fields)


def values_of(columns: Columns, view: RegisterView, ids: Sequence[int], day: date, names: Sequence[str]) -> dict[int, tuple[dict[str, Any], dict[str, Said]]]:
    """Some names of a few rows, by their ids: as they are computed, and the same in words."""
    if not ids or not names:
        return {}
    plan = row_plan(columns.catalogue, view, Wanted(frozenset(names)), [day], ids)
    known = {name.key: name for name in view.names("entry")}
    rows = answer(columns, f"{plan.sql} SELECT * FROM judged")
    return {row["_id"]: ({key: row.get(key) for key in names}, {key: shown(view, known[key], row.get(key)) for key in names}) for row in rows}


def lines_of(columns: Columns, view: RegisterView, ids: Sequence[int], day: date, names: Sequence[str]) -> list[Line]:
    """A few rows, in the order given, with some of their values and all their lights as of a day."""
    if not ids:
        return []
    lights = row_lights(view)
    plan = row_plan(columns.catalogue, view, Wanted(frozenset(names), lights), [day], ids)
    rows = {row["_id"]: row for row in run(columns, f"{plan.sql} SELECT * FROM judged")}
    lacking = missing_of(columns, plan, lights, rows.values())
    hands = _hands(columns, ids, day)
    lines = []
    for number in ids:
        if number not in rows:
            continue
        row = rows[number]
        lamps = {}
        for light in lights:
            spoken = spoken_of(plan, light, row, lacking.get(number, {}))
            item = view.lights[light]
            hand = hands.get((number, item.name))
            if spoken:
                said = spoken[1]
                lamps[light] = Lamp(light, item.shape.title, hand or said.colour, said.because, said.basis, said.colour if hand else "")
        lines.append(_line(view, row, names, lamps))
    return lines


def _line(view: RegisterView, row: Record, names: Sequence[str], lamps: Mapping[str, Lamp]) -> Line:
    known = {name.key: name for name in view.names("entry")}
    words = {key: shown(view, known[key], row.get(key)) for key in names if key in known}
    values = {key: row.get(key) for key in names}
    return Line(row["_id"], row["_key"], row["_title"], row["_office"], row["_state"], values, words, lamps)


def _hands(columns: Columns, ids: Sequence[int], day: date) -> dict[tuple[int, str], Colour]:
    sql = f"SELECT _id, _light, _colour FROM overrides WHERE _id IN ({', '.join(map(str, ids))}) AND DATE '{day}' BETWEEN _from AND _until"
    return {(row["_id"], row["_light"]): row["_colour"] for row in run(columns, sql)}


class _Query:
    """The SQL of one list: the rows ``p`` that pass everything but state and colour, then the page and the chips."""

    def __init__(self, columns: Columns, view: RegisterView, asked: Asked, scope: Scope, day: date, also: Sequence[str] = ()) -> None:
        self.columns, self.view, self.asked, self.day = columns, view, asked, day
        self.values: list[Any] = []
        tests = [*self._scope(scope), *self._text(), *self._choices(), *self._ranges(), *self._office()]
        named = (*asked.choices, *asked.ranges, *(name for name, _ in asked.sort))
        for name in named:
            self._known(name)
        named = tuple(name for name in named if not name.startswith(LIGHT))
        self.clause, source = "", rows_table(view.name)
        computed = [name for name in named if name in view.computed]
        if computed or asked.formula:
            conditions = {"_asked": asked.formula} if asked.formula else {}
            fields = [name for name in named if name in view.shape.fields]
            needed = frozenset([*computed, *fields, *also, *([view.shape.enterprise] if scope.enterprise else [])])
            plan = row_plan(columns.catalogue, view, Wanted(needed, conditions=conditions), [day])
            self.clause, source = plan.sql, "judged"
            tests += ["_asked"] if asked.formula else []
        self.passing = f"(SELECT * FROM {source}{' WHERE ' + ' AND '.join(tests) if tests else ''}) p"

    def _known(self, name: str) -> None:
        if name.removeprefix(LIGHT) in self.view.lights and name.startswith(LIGHT):
            return
        if name not in SYSTEM_NAMES and name not in self.view.shape.fields and name not in self.view.computed:
            known = "、".join(shape.title for shape in self.view.shape.fields.values())
            raise Refused(f"列表没有“{name}”这一列", f"the list has no column “{name}”", known)

    def _chosen(self, shown: Shown) -> tuple[str, list[Any]]:
        """``FROM`` and ``WHERE`` of the rows with the asked states and colours, and all values so far."""
        tests, values = [], list(self.values)
        if self.asked.states:
            tests.append("p._state IN (SELECT unnest(?))")
            values.append(list(self.asked.states))
        tests += [f"{shown.colour(light)} IN ({among(colours)})" for light, colours in self.asked.colours.items()]
        return f"FROM {self.passing} {shown.join} WHERE {' AND '.join(tests) or 'TRUE'}", values

    def _shown(self, lights: Collection[str]) -> Shown:
        return Shown(self.view, self.day, self.columns.overridden, list(dict.fromkeys(lights)))

    def _ordered(self) -> tuple[str, list[Any], str]:
        """``FROM`` and ``WHERE`` of the asked rows, their values, and the terms of ``ORDER BY``."""
        sorted_by = [name.removeprefix(LIGHT) for name, _ in self.asked.sort if name.startswith(LIGHT)]
        shown = self._shown([*self.asked.colours, *self.asked.gravest, *sorted_by])
        chosen, values = self._chosen(shown)
        order = [f"least({', '.join(map(shown.gravity, self.asked.gravest))})"] if self.asked.gravest else []
        for name, down in self.asked.sort:
            term = shown.gravity(name.removeprefix(LIGHT)) if name.startswith(LIGHT) else f'p."{name}"'
            order.append(f"{term} {'DESC' if down else 'ASC'} NULLS LAST")
        return chosen, values, ", ".join([*order, "p._id"])

    def page(self) -> list[int]:
        """The ids of the page in order."""
        chosen, values, order = self._ordered()
        first = (max(self.asked.page, 1) - 1) * self.asked.size
        sql = f"{self.clause} SELECT p._id {chosen} ORDER BY {order} LIMIT {int(self.asked.size)} OFFSET {int(first)}"
        return [number for (number,) in tuples(self.columns, sql, values)]

    def by_state(self) -> list[Stage]:
        """Every state with its number of rows and the ids of the first of them, in one pass."""
        chosen, values, order = self._ordered()
        inner = (
            f"SELECT p._id, p._state, row_number() OVER (PARTITION BY p._state ORDER BY {order}) AS place, "
            f"count(*) OVER (PARTITION BY p._state) AS total {chosen}"
        )
        sql = f"{self.clause} SELECT _state, total, _id FROM ({inner}) WHERE place <= {int(self.asked.size)} ORDER BY _state, place"
        totals: dict[str, int] = {}
        ids: dict[str, list[int]] = {}
        for state, total, number in tuples(self.columns, sql, values):
            totals[state] = total
            ids.setdefault(state, []).append(number)
        return [Stage(state, total, ids[state]) for state, total in totals.items()]

    def by_office(self, light: str) -> dict[str, dict[Colour, int]]:
        """How many rows each office has, by the colour of a light."""
        shown = self._shown([*self.asked.colours, *([light] if light else [])])
        chosen, values = self._chosen(shown)
        colour = f"coalesce({shown.colour(light)}::VARCHAR, '')" if light else "''"
        counted: dict[str, dict[Colour, int]] = {}
        for office, held, number in tuples(self.columns, f"{self.clause} SELECT p._office, {colour}, count(*) {chosen} GROUP BY ALL", values):
            counted.setdefault(office or "", {})[held] = number
        return counted

    def bounds(self, fields: Sequence[str]) -> tuple[date | None, date | None]:
        """The least and the greatest day in some date fields of the asked rows."""
        chosen, values = self._chosen(self._shown(self.asked.colours))
        days = ", ".join(f'p."{name}"' for name in fields)
        [(first, last)] = tuples(self.columns, f"{self.clause} SELECT min(least({days})), max(greatest({days})) {chosen}", values)
        return first, last

    def sums(self, fields: Sequence[str]) -> dict[str, int]:
        """The sums of some number fields of the asked rows."""
        if not fields:
            return {}
        chosen, values = self._chosen(self._shown(self.asked.colours))
        terms = ", ".join(f'sum(p."{name}")' for name in fields)
        [found] = tuples(self.columns, f"{self.clause} SELECT {terms} {chosen}", values)
        return {name: int(value) for name, value in zip(fields, found, strict=True) if value is not None}

    def total(self) -> int:
        """How many rows there are in all, with the asked states and colours."""
        chosen, values = self._chosen(self._shown(self.asked.colours))
        [(number,)] = tuples(self.columns, f"{self.clause} SELECT count(*) {chosen}", values)
        return int(number)

    def counts(self) -> tuple[dict[str, int], dict[str, dict[Colour, int]], int]:
        """How many rows pass by state, by colour of each light, and in all."""
        lights = row_lights(self.view)
        shown = self._shown(lights)
        columns = "".join(f", {shown.colour(light)} AS c{place}" for place, light in enumerate(lights))
        sets = ", ".join(["()", "(_state)", *(f"(c{place})" for place in range(len(lights)))])
        sql = (
            f"{self.clause} SELECT grouping(_state{''.join(f', c{place}' for place in range(len(lights)))}), _state"
            f"{''.join(f', c{place}' for place in range(len(lights)))}, count(*) FROM (SELECT p._state{columns} FROM {self.passing} {shown.join}) "
            f"GROUP BY GROUPING SETS ({sets})"
        )
        states: dict[str, int] = {}
        colours: dict[str, dict[Colour, int]] = {light: {} for light in lights}
        total, every = 0, 2 ** (len(lights) + 1) - 1
        for grouped, state, *row, number in tuples(self.columns, sql, self.values):
            if grouped == every:
                total = number
            elif grouped == every - 2 ** len(lights):
                states |= {state: number} if state else {}
            else:
                place = next(place for place in range(len(lights)) if grouped == every - 2 ** (len(lights) - 1 - place))
                if row[place] is not None:
                    colours[lights[place]][row[place]] = number
        return states, colours, total

    def _scope(self, scope: Scope) -> list[str]:
        if scope.everything:
            return []
        self.values += [sorted(scope.offices), sorted(scope.ids)]
        tests = ["_office IN (SELECT unnest(?::VARCHAR[]))", "_id IN (SELECT unnest(?::BIGINT[]))"]
        if scope.enterprise:
            tests.append(f'"{self.view.shape.enterprise}" = ?')
            self.values.append(scope.enterprise)
        return [f"({' OR '.join(tests)})"]

    def _text(self) -> list[str]:
        words = self.asked.text.lower().split()
        self.values += [word for word in words for _ in range(2)]
        return ["(contains(lower(_title), ?) OR contains(lower(_key), ?))" for _ in words]

    def _choices(self) -> list[str]:
        tests = []
        for name, accepted in self.asked.choices.items():
            self._known(name)
            several = name in self.view.shape.fields and self.view.shape.fields[name].kind == "choices"
            tests.append(f'list_has_any("{name}", ?::VARCHAR[])' if several else f'CAST("{name}" AS VARCHAR) IN (SELECT unnest(?::VARCHAR[]))')
            self.values.append(list(accepted))
        return tests

    def _ranges(self) -> list[str]:
        tests = []
        for name, bounds in self.asked.ranges.items():
            self._known(name)
            for operator, bound in zip((">=", "<="), bounds, strict=True):
                if bound is not None:
                    tests.append(f'"{name}" {operator} ?')
                    self.values.append(date.fromisoformat(bound) if isinstance(bound, str) else bound)
        return tests

    def _office(self) -> list[str]:
        if not self.asked.office:
            return []
        path = Office.objects.filter(pk=self.asked.office).values_list("path", flat=True).first()
        self.values.append(list(Office.objects.filter(path__startswith=path).values_list("pk", flat=True)) if path else [])
        return ["_office IN (SELECT unnest(?::VARCHAR[]))"]
