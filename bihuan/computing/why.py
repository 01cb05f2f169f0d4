"""The walk of one number: colour, rule and basis, formula with its numbers in place, the rows and periods behind them, and who wrote each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bihuan.computing.engine import Record, answer
from bihuan.computing.judge import missing_of, spoken_of
from bihuan.computing.lists import Lamp
from bihuan.computing.tables import Columns
from bihuan.foundation.excerpts import events_about
from bihuan.foundation.grammar.formula_spelling import TODAY, Gathering, Piece
from bihuan.foundation.grammar.formula_types import Name
from bihuan.foundation.grammar.gathering import DUTIES, Chain, figures_table, rows_table
from bihuan.foundation.grammar.indicators import Indicator
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lights import Facts, Spoken, colour_of
from bihuan.foundation.grammar.periods import of_period
from bihuan.foundation.grammar.plans import Wanted, row_plan
from bihuan.foundation.grammar.reading import NOTHING, came_to, day_said, shown
from bihuan.foundation.grammar.registers import Lookup
from bihuan.foundation.grammar.saying import NOTHING_SAID, Said, both
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Duty, Entry, Event, Figure, Override, Trace, Upload, Verdict

WRITING = ("entries.recorded", "entries.imported", "handoffs.started", "entry.changed", "entries.changed", "entry.moved", "entries.moved")
"""The kinds of entry that give the fields of a row."""

OUTCOMES = {
    "": Said("未了", "open"), "met": Said("按期", "in time"), "late": Said("逾期办结", "done late"), "missed": Said("未办", "not done"),
    "cancelled": Said("取消", "cancelled"),
}  # fmt: skip
"""How a duty ended."""

LOOK_AHEAD = 60
"""Days. How far ahead it is said when a light will change if nothing moves."""


@dataclass(frozen=True)
class Written:
    """Who wrote a value: the entry of the ledger with its hash, and the sheet and cell it came from, where it came from one."""

    seq: int
    at: datetime
    actor: str
    kind: str
    hash: str
    upload: int | None = None
    file: str = ""
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True)
class Leaf:
    """One stored value behind a number: of which row, field and period."""

    register: str
    entry: int
    key: str
    title: Said
    field: Said
    period: str
    value: Said
    written: Written | None


@dataclass(frozen=True)
class Step:
    """One computed number: its formula in words, the same with its numbers in place, its value, and what it was made of."""

    name: str
    title: Said
    formula: Said
    filled: Said
    value: Said
    period: Said
    basis: str
    steps: tuple[Step, ...] = ()
    leaves: tuple[Leaf, ...] = ()


@dataclass(frozen=True)
class Change:
    """What a light will be, and on which day, if nothing is reported and nothing moves."""

    day: date
    colour: str
    because: Said


@dataclass(frozen=True)
class Walk:
    """Everything behind one light of one row."""

    lamp: Lamp
    rule: Said
    since: date | None
    consequence: str
    steps: tuple[Step, ...]
    next_change: Change | None
    override: Override | None


def walk(columns: Columns, view: RegisterView, entry: Entry, light: str, day: date) -> Walk | None:
    """The walk of one light (short name) on one row as of a day; None where the light does not judge the row."""
    item = view.lights[light]
    row, spoken = _judged(columns, view, entry.pk, light, day)
    if spoken is None or row is None:
        return None
    standing = Verdict.objects.filter(entry=entry, mechanism=f"{item.pack}.{item.mechanism}", light=item.key, to_day__isnull=True).first()
    override = _override(entry, item.name, day)
    said = spoken[1]
    colour = override.colour if override else said.colour
    lamp = Lamp(light, item.shape.title, colour, said.because, said.basis, said.colour if override else "")
    rule, formula_names = _rule(view, light, spoken[0].code, spoken[0].rule)
    steps = tuple(_Walker(columns, view, entry, day, row).steps(formula_names))
    since = standing.from_day if standing and standing.colour == said.colour else None
    return Walk(lamp, rule, since, said.consequence, steps, next_change(columns, view, entry.pk, light, day), override)


def next_change(columns: Columns, view: RegisterView, entry: int, light: str, day: date) -> Change | None:
    """The first of the next 60 days on which a light shows another colour by time alone; one query judges them all."""
    days = [day + timedelta(days=ahead) for ahead in range(LOOK_AHEAD + 1)]
    plan = row_plan(columns.catalogue, view, Wanted(lights=(light,)), days, [entry])
    rows = answer(columns, f'{plan.sql} SELECT _at, "{light}" AS _code FROM judged ORDER BY _at')
    colours = [(row["_at"], colour_of(view.lights[light].shape, row["_code"])) for row in rows]
    turned = next(((on, colour) for on, colour in colours if colour != colours[0][1]), None)
    if turned is None or turned[1] is None:
        return None
    _row, spoken = _judged(columns, view, entry, light, turned[0])
    return Change(turned[0], turned[1], spoken[1].because) if spoken else None


def written(view: RegisterView, entry: Entry, field: str, period: str = "") -> Written | None:
    """Who wrote a stored value last: a figure by its own record, a field by the last event that gave it."""
    if period:
        figure = Figure.objects.filter(entry=entry, field=field, period=period).first()
        return _written(figure.seq, figure.source) if figure else None
    if field not in view.shape.fields:
        return None
    traced = Trace.objects.filter(entry=entry).order_by("-seq").values_list("seq", flat=True)[:200]
    for event in events_about(entry, Event.objects.filter(seq__in=list(traced), kind__in=WRITING)):
        source = _gave(event, entry, field)
        if source is not None:
            return _written(event.seq, source)
    return None


def _gave(event: Event, entry: Entry, field: str) -> Mapping[str, Any] | None:
    """The sheet and cell from which an entry of the ledger gave a field of a row, empty where it was typed; None where it gave none."""
    body = body_of(event)
    parts = [part for part in (*body.get("rows", ()), *body.get("edits", ())) if part["id"] == entry.pk]
    if event.kind.startswith("entry."):
        parts = [body]
    given = [part for part in parts if field in part.get("data", {})]
    if not given:
        return None
    return {"upload": body.get("upload"), "sheet": body.get("sheet", ""), "cell": given[0].get("cells", {}).get(field, "")}


def _written(seq: int, source: Mapping[str, Any]) -> Written | None:
    event = Event.objects.defer("body").filter(seq=seq).first()
    if event is None:
        return None
    upload = Upload.objects.filter(pk=source["upload"]).first() if source.get("upload") else None
    return Written(
        event.seq, event.at, event.actor, event.kind, event.hash, upload.pk if upload else None, upload.name if upload else "",
        str(source.get("sheet", "")), str(source.get("cell", "")),
    )  # fmt: skip


def _judged(
    columns: Columns, view: RegisterView, entry: int, light: str, day: date
) -> tuple[Record | None, tuple[Facts, Spoken] | None]:
    plan = row_plan(columns.catalogue, view, Wanted(lights=(light,)), [day], [entry])
    rows = answer(columns, f"{plan.sql} SELECT * FROM judged")
    if not rows:
        return None, None
    lacking = missing_of(columns, plan, [light], rows)
    return rows[0], spoken_of(plan, light, rows[0], lacking.get(entry, {}))


def _override(entry: Entry, light: str, day: date) -> Override | None:
    mechanism, _, name = light.rpartition(".")
    standing = Override.objects.filter(entry=entry, mechanism=mechanism, light=name, from_day__lte=day, until_day__gte=day, ended_on__isnull=True)
    return standing.order_by("-pk").first()


def _rule(view: RegisterView, light: str, code: int, dated: str) -> tuple[Said, tuple[str, ...]]:
    """The rule in force in words, and the names that it mentions."""
    item = view.lights[light]
    shape = item.shape
    if shape.conditions:
        place = code if code >= 0 else -1 - code
        if not 0 <= place < len(shape.conditions):
            return NOTHING_SAID, ()
        condition = shape.conditions[place]
        if condition.otherwise:
            names = [name for one in shape.conditions if one.if_ for name in view.condition(one.if_).names]
            return Said("以上各条均不成立", "none of the above holds"), tuple(dict.fromkeys(names))
        formula = view.condition(condition.if_)
        return formula.said(), formula.names
    indicator = view.indicators.find(shape.of, item.mechanism)
    assert indicator is not None
    if not dated:
        return NOTHING_SAID, (indicator.key,)
    lines = shape.since[dated]
    best, middle = ("≥", "≥") if shape.better == "higher" else ("≤", "≤")
    zh, en = both(indicator.shape)
    return Said(
        f"{zh} {best} {lines.green} 绿，{middle} {lines.yellow} 黄，其余红（{dated} 起）",
        f"{en} {best} {lines.green} green, {middle} {lines.yellow} yellow, else red (from {dated})",
    ), (indicator.key,)


@dataclass
class _Walker:
    """Walks down from the names of a rule to the stored values, for one row on one day."""

    columns: Columns
    view: RegisterView
    entry: Entry
    day: date
    row: Record

    def steps(self, names: Sequence[str]) -> Iterator[Step]:
        """One step for each name, fields and parameters included."""
        for key in dict.fromkeys(names):
            name = next((one for one in self.view.names("entry") if one.key == key), None)
            if name is not None:
                yield self._step(name)

    def _step(self, name: Name) -> Step:
        shape, key = self.view.shape, name.key
        value = shown(self.view, name, self._value(name))
        plain = Step(key, name.said, NOTHING_SAID, NOTHING_SAID, value, NOTHING_SAID, "")
        if key in shape.fields:
            return replace(plain, leaves=(self._leaf(self.entry, self.view, key, "", self.row.get(key)),))
        if key in shape.rollups:
            return self._rollup(plain, key)
        if key in shape.lookups:
            return replace(plain, formula=self._looked_up(shape.lookups[key]))
        indicator = next((item for item in self.view.indicators.values() if item.key == key and item.shape.per == "entry"), None)
        if indicator:
            return self._indicator(plain, indicator)
        quota = next((item for item in self.view.quotas.values() if item.key == key), None)
        if quota:
            return replace(plain, formula=both(quota.shape), basis=quota.shape.basis)
        parameter = next((item for item in self.view.parameters.values() if item.key == key), None)
        if parameter:
            since = max((dated for dated in parameter.shape.since if dated <= self.day.isoformat()), default="")
            return replace(plain, basis=parameter.shape.since[since].basis if since else "")
        return plain

    def _value(self, name: Name) -> Any:
        column = name.column or name.key
        if column in self.row:
            return self.row[column]
        plan = row_plan(self.columns.catalogue, self.view, Wanted(frozenset({name.key})), [self.day], [self.entry.pk])
        rows = answer(self.columns, f"{plan.sql} SELECT * FROM judged")
        return rows[0].get(column) if rows else None

    def _indicator(self, plain: Step, item: Item[Indicator]) -> Step:
        formula = self.view.computing(item.shape)
        chain = Chain(self.columns.catalogue, self.view, frozenset({item.key}), (self.day,))
        figures = chain.figures_of(item.key)
        others = [name for name in formula.names if name not in figures]
        if not figures:
            return replace(plain, formula=formula.said(), filled=formula.said(self._placed), basis=item.shape.basis, steps=tuple(self.steps(others)))
        window = chain.span.window(item.shape.over, self.day)
        first = window.first.text if window.first else ""
        rows = answer(
            self.columns,
            f"SELECT * FROM {figures_table(self.view.name)} WHERE _id = ? AND _period BETWEEN ? AND ? ORDER BY _period",
            [self.entry.pk, first, window.last.text],
        )
        if item.shape.over == "latest":
            rows = [row for row in rows if all(row[figure] is not None for figure in figures)][-1:]
        leaves = tuple(self._leaf(self.entry, self.view, figure, row["_period"], row[figure]) for row in rows for figure in figures)
        label = chain.span.label(item.shape.over, self.day, rows[-1]["_period"] if rows else None)
        bounds = (rows[0]["_period"], rows[-1]["_period"]) if rows else ("", "")
        filled = formula.said(lambda piece: self._sum(piece, bounds) if isinstance(piece, Gathering) else self._placed(piece))
        return replace(
            plain, formula=formula.said(), filled=filled, period=Said(label.zh, label.en), basis=item.shape.basis, leaves=leaves,
            steps=tuple(self.steps(others)),
        )  # fmt: skip

    def _looked_up(self, lookup: Lookup) -> Said:
        """Which field of which row a value is read from."""
        field = self.view.shape.fields[lookup.by]
        target = self.columns.catalogue.referred(field.of, self.view.pack)
        name = target.scope("entry").get(lookup.field) if target else None
        by, there = both(field), name.said if name else Said(lookup.field, lookup.field)
        return Said(f"{by.zh} → {there.zh}", f"{by.en} → {there.en}")

    def _placed(self, piece: Piece) -> Said | None:
        """What stands in place of a piece of a formula: the value of a name, the day for today."""
        if piece is TODAY:
            return day_said(self.day)
        return shown(self.view, piece, self._value(piece)) if isinstance(piece, Name) else None

    def _sum(self, gathering: Gathering, bounds: tuple[str, str]) -> Said:
        """What a sum, an average or a count over the figures of some periods came to."""
        part = self.view.formula(str(gathering.words), "figures")
        sql = (
            f"SELECT {part.sql(at=self.day)} AS _value FROM (SELECT f.*, r.* EXCLUDE (_id) FROM {figures_table(self.view.name)} f "
            f"JOIN {rows_table(self.view.name)} r ON r._id = f._id WHERE f._id = ? AND f._period BETWEEN ? AND ?)"
        )
        return came_to(part, answer(self.columns, sql, [self.entry.pk, *bounds])[0]["_value"])

    def _rollup(self, plain: Step, key: str) -> Step:
        rollup = self.view.shape.rollups[key]
        told = self.columns.catalogue.gathers(self.view, rollup)
        if rollup.source == DUTIES:
            return replace(plain, formula=told, leaves=tuple(self._duties(rollup.of)))
        child = self.columns.catalogue.referred(rollup.source, self.view.pack)
        assert child is not None
        bond = self.view.bond(rollup, child)
        gathered = child.formula(rollup.formula, "group")
        named = [key for key in dict.fromkeys((*(bond.names if bond else ()), *gathered.names)) if key in child.shape.fields or key in child.computed]
        named = [key for key in named if key != rollup.by] or [rollup.by]
        conditions = {"_asked": rollup.where} if rollup.where else {}
        plan = row_plan(self.columns.catalogue, child, Wanted(frozenset({rollup.by, *named}), conditions=conditions), [self.day])
        test = " AND _asked" if rollup.where else ""
        rows = answer(self.columns, f'{plan.sql} SELECT * FROM judged WHERE "{rollup.by}" = ?{test} ORDER BY _key', [self.entry.key])
        children = Entry.objects.in_bulk([row["_id"] for row in rows])
        leaves = tuple(self._leaf(children[row["_id"]], child, key, "", row[key]) for row in rows if row["_id"] in children for key in named)
        return replace(plain, formula=told, filled=plain.value, leaves=leaves)

    def _duties(self, of: str) -> Iterator[Leaf]:
        item = self.view.owing(of)
        owed = both(item.shape) if item else Said(of, of)
        for duty in Duty.objects.filter(entry=self.entry, name=of.rpartition(".")[2]).order_by("-due")[:60]:
            due, came = day_said(duty.due) if duty.due else NOTHING, OUTCOMES[duty.outcome]
            said = Said(f"到期 {due.zh}，{came.zh}", f"due {due.en}, {came.en}")
            yield Leaf(self.view.name, self.entry.pk, duty.key, of_period(owed, duty.period), owed, "", said, _written(duty.seq, {}))

    def _leaf(self, entry: Entry, view: RegisterView, field: str, period: str, value: Any) -> Leaf:
        name = view.scope("figures").get(field)
        said = shown(view, name, value) if name else Said(str(value or ""), str(value or ""))
        title = Said(entry.title, entry.title)
        return Leaf(view.name, entry.pk, entry.key, title, name.said if name else Said(field, field), period, said, written(view, entry, field, period))
