"""What cadences ask: duties opened, met, missed and cancelled, as differences between what the columns say and what is on record.

A duty opens with its period, for every row (office, or the city) that the rule applies to while the period runs. It is met once what it
asks is there; late where that came after its last day. A row the rule no longer applies to owes nothing more, unless it missed the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.computing.engine import run
from bihuan.computing.tables import Columns
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.cadences import Cadence, Obligation, running
from bihuan.foundation.grammar.gathering import figures_table, rows_table
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.plans import Wanted, row_plan
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.spans import settled
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.grammar.workdays import state_council
from bihuan.foundation.models import Entry, Event, Office, Paper

T = TypeVar("T")
Body = dict[str, Any]

CADENCE = "cadence"

MISSED = "missed"
"""The outcome of a duty that is still open after its last day; closing it makes it late."""


@dataclass
class Owing:
    """Duties to open and to change, the keys of those missed just now, and cadences that could not be counted."""

    open: list[Body] = field(default_factory=list)
    change: list[Body] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.open or self.change)

    def body(self) -> Body:
        """The body of a ``duties.changed`` entry."""
        return {"duties": {"open": self.open, "change": self.change}, **({"missed": self.missed} if self.missed else {})}


@dataclass(frozen=True)
class _Standing:
    """An open duty of a cadence: its key, the row or office that owes it, its period and its last day."""

    key: str
    entry: int | None
    office: str
    period: str
    due: date | None
    outcome: str


def owing(columns: Columns, day: date, ids: Mapping[str, Sequence[int]] | None = None) -> Owing:
    """Everything that changes on a day in the duties of all cadences, or in those of the rows in `ids` (register to entry ids)."""
    found = Owing()
    for view in columns.catalogue.registers.values():
        for item in view.cadences.values():
            if item.shape.owes == "entry" and view.name not in columns.populated:
                continue
            if ids is not None and not ids.get(view.name) and not _elsewhere(columns, view, item, ids):
                continue
            only = None if ids is None or item.shape.owes != "entry" or _elsewhere(columns, view, item, ids) else ids[view.name]
            _cadence(columns, view, item, day, only, found)
    return found


def _elsewhere(columns: Columns, view: RegisterView, item: Item[Cadence], ids: Mapping[str, Sequence[int]]) -> bool:
    """Whether the duty may be met by rows of another register among those that changed."""
    named = item.shape.met_by.register_
    target = columns.catalogue.referred(named, item.pack) if named else None
    return target is not None and bool(ids.get(target.name))


def _cadence(columns: Columns, view: RegisterView, item: Item[Cadence], day: date, ids: Sequence[int] | None, found: Owing) -> None:
    owners = _owners(columns, view, item.shape, day, ids)
    standing = _standing(columns, view, item, ids)
    met = _met(columns, view, item, standing, day)
    try:
        ends = periods.of(item.shape.every, day).last
        asked = running(settled(item.shape, view.parameters, ends, item.mechanism), day, state_council())
    except Refused as error:  # a year without holidays yet, a parameter without a value
        found.failed.append(f"{item.name}：{error}")
        asked = None
    if asked:
        found.open += _opened(columns, view, item, asked, owners)
    for duty in standing:
        if duty.key in met:
            outcome = "met" if duty.due is None or day <= duty.due else "late"
            found.change.append({"key": duty.key, "closed_on": day.isoformat(), "outcome": outcome})
        elif duty.due and day > duty.due:
            if duty.outcome != MISSED:
                found.change.append({"key": duty.key, "outcome": MISSED})
                found.missed.append(duty.key)
        elif item.shape.owes == "entry" and duty.entry not in owners:
            found.change.append({"key": duty.key, "closed_on": day.isoformat(), "outcome": "cancelled"})


@dataclass(frozen=True)
class _Owner:
    """Who owes a report: the row's key (empty for an office or the city), the office, and whether that is certain."""

    key: str
    office: str
    certain: bool = True


def _owners(columns: Columns, view: RegisterView, cadence: Cadence, day: date, ids: Sequence[int] | None) -> dict[int, _Owner]:
    """Who owes the report on a day, by entry id; offices and the city have negative numbers. Rows whose data are missing are uncertain."""
    if cadence.owes == "office":
        offices = Office.objects.filter(kind__in=cadence.offices, closed=False).order_by("pk").values_list("pk", flat=True)
        return {-1 - place: _Owner("", office) for place, office in enumerate(offices)}
    if cadence.owes == "city":
        return {-1: _Owner("", "")}
    wanted = Wanted(conditions={"_asked": cadence.where} if cadence.where else {})
    plan = row_plan(columns.catalogue, view, wanted, [day], ids)
    asked = "_asked" if cadence.where else "TRUE"
    rows = run(columns, f"{plan.sql} SELECT _id, _key, _office, {asked} AS _sure FROM judged WHERE {asked} IS NOT FALSE")
    return {row["_id"]: _Owner(row["_key"], row["_office"], row["_sure"] is True) for row in rows}


def _standing(columns: Columns, view: RegisterView, item: Item[Cadence], ids: Sequence[int] | None) -> list[_Standing]:
    only = "" if ids is None else f" AND _id IN ({', '.join(map(str, ids)) or 'NULL'})"
    sql = (
        "SELECT _duty, _id, _unit, _period, _due, _outcome FROM duties "
        f"WHERE _closed IS NULL AND _kind = ? AND _register = ? AND _mechanism = ? AND _name = ?{only}"
    )
    rows = run(columns, sql, [CADENCE, view.name, f"{item.pack}.{item.mechanism}", item.key])
    return [_Standing(row["_duty"], row["_id"], row["_unit"], row["_period"], row["_due"], row["_outcome"]) for row in rows]


def _opened(columns: Columns, view: RegisterView, item: Item[Cadence], asked: Obligation, owners: Mapping[int, _Owner]) -> Iterator[Body]:
    sql = "SELECT _duty FROM duties WHERE _register = ? AND _name = ? AND _period = ?"
    there = {row["_duty"] for row in run(columns, sql, [view.name, item.key, asked.period.text])}
    for number, owner in owners.items():
        name = f"{CADENCE}|{view.name}|{owner.key or owner.office}|{item.name}|{asked.period}"
        if owner.certain and name not in there:
            yield {
                "key": name, "kind": CADENCE, "register": view.name, "entry": number if number > 0 else None,
                "mechanism": f"{item.pack}.{item.mechanism}", "name": item.key, "title": f"{item.shape.title}（{asked.period.label}）",
                "period": asked.period.text, "office": owner.office, "opened": asked.opens.isoformat(), "due": asked.grace_ends.isoformat(),
                "calendar": asked.calendar,
            }  # fmt: skip


# --- which are met


def _met(columns: Columns, view: RegisterView, item: Item[Cadence], standing: Sequence[_Standing], day: date) -> set[str]:
    """The keys of the standing duties for which what they ask is there."""
    rule = item.shape.met_by
    if not standing:
        return set()
    if rule.figures:
        return _by_figures(columns, view, item, standing, day)
    if rule.register_:
        return _by_rows(columns, view, item, standing, day)
    if rule.document:
        document = view.documents.find(rule.document, item.mechanism)
        mechanism, name = (f"{document.pack}.{document.mechanism}", document.key) if document else ("", "")
        issued = set(Paper.objects.filter(mechanism=mechanism, document=name, state="issued").values_list("period", flat=True))
        return {duty.key for duty in standing if duty.period in issued}
    changed = _last_changes([duty.entry for duty in standing if duty.entry])
    return {duty.key for duty in standing if duty.entry in changed and changed[duty.entry] in periods.parse(duty.period)}


def _by_figures(columns: Columns, view: RegisterView, item: Item[Cadence], standing: Sequence[_Standing], day: date) -> set[str]:
    """All figures of the period are in: of the row, or of every row of the office or the city that must report."""
    there = " AND ".join(f'f."{figure}" IS NOT NULL' for figure in item.shape.met_by.figures)
    table, asked = figures_table(view.name), [duty.key for duty in standing]
    duties = "(SELECT * FROM duties WHERE _duty IN (SELECT unnest(?)))"
    if item.shape.owes == "entry":
        sql = f"SELECT DISTINCT t._duty FROM {duties} t JOIN {table} f ON f._id = t._id AND f._period = t._period AND {there}"
    else:
        wanted = Wanted(conditions={"_asked": item.shape.where} if item.shape.where else {})
        plan = row_plan(columns.catalogue, view, wanted, [day])
        rows = "SELECT * FROM judged" + (" WHERE _asked" if item.shape.where else "")
        same = "AND r._office = t._unit" if item.shape.owes == "office" else ""
        sql = (
            f"{plan.sql} SELECT t._duty FROM {duties} t WHERE NOT EXISTS (SELECT 1 FROM ({rows}) r LEFT JOIN {table} f "
            f"ON f._id = r._id AND f._period = t._period AND {there} WHERE f._id IS NULL {same})"
        )
    return {row["_duty"] for row in run(columns, sql, [asked])}


def _by_rows(columns: Columns, view: RegisterView, item: Item[Cadence], standing: Sequence[_Standing], day: date) -> set[str]:
    """A row was recorded that refers to who owes it and is dated in the period."""
    rule = item.shape.met_by
    target = columns.catalogue.referred(rule.register_, item.pack)
    if target is None:
        return set()
    refers = "t._unit" if item.shape.owes == "office" else "o._key"
    bond = f'c."{rule.by}" = {refers}' if rule.by else "TRUE"
    dated = "TRUE"
    if rule.dated:
        days = target.shape.fields[rule.dated].kind == "date"
        dated = f'c."{rule.dated}" BETWEEN p._first AND p._last' if days else f'c."{rule.dated}" = t._period'
    rows = rows_table(target.name)
    if rule.where:
        wanted = Wanted(frozenset(filter(None, (rule.by, rule.dated))), conditions={"_counts": rule.where})
        rows = f"({row_plan(columns.catalogue, target, wanted, [day]).sql} SELECT * FROM judged WHERE _counts)"
    spans = ", ".join(f"('{period}', DATE '{period.first}', DATE '{period.last}')" for period in _periods(standing))
    rows, clause = rows_table(target.name), ""
    if rule.where:
        needed = frozenset(name for name in (rule.by, rule.dated) if name)
        plan = row_plan(columns.catalogue, target, Wanted(needed, conditions={"_counts": rule.where}), [day])
        rows, clause = "(SELECT * FROM judged WHERE _counts)", plan.sql
    sql = (
        f"{clause} SELECT DISTINCT t._duty FROM duties t JOIN (VALUES {spans}) AS p(_text, _first, _last) ON p._text = t._period "
        f"LEFT JOIN {rows_table(view.name)} o ON o._id = t._id JOIN {rows} c ON {bond} AND {dated} "
        "WHERE t._duty IN (SELECT unnest(?))"
    )
    return {row["_duty"] for row in run(columns, sql, [[duty.key for duty in standing]])}


def _periods(standing: Sequence[_Standing]) -> list[periods.Period]:
    return [periods.parse(text) for text in sorted({duty.period for duty in standing})]


def _last_changes(ids: Sequence[int]) -> dict[int, date]:
    """The day on which each entry was last changed."""
    found: dict[int, date] = {}
    for part in parts(sorted(ids), 500):
        seqs = dict(Entry.objects.filter(pk__in=part).values_list("pk", "changed_seq"))
        moments = dict(Event.objects.filter(seq__in=set(seqs.values())).values_list("seq", "at"))
        found |= {number: _day(moments[seq]) for number, seq in seqs.items() if seq in moments}
    return found


def _day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def parts(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part
