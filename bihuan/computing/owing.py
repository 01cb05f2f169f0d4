"""What cadences ask: duties opened, met, missed and cancelled, as differences between what the columns say and what is on record.

A duty opens with its period, for every row (office, or the city) that the rule applies to while the period runs. It is met once what it
asks is there; late where that came after its last day. A row the rule no longer applies to owes nothing more, unless it missed the day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.computing.engine import run
from bihuan.computing.tables import Columns, batches
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
    asked = [one for view in columns.catalogue.registers.values() for one in _asked(columns, view, ids)]
    if not asked:
        return found
    rows = [one.only for one in asked if one.item.shape.owes == "entry"]
    standing = _standing(columns, None if None in rows else frozenset().union(*(only or () for only in rows)))
    wanted: list[Body] = []
    for view in {one.view.name: one.view for one in asked}.values():
        own = [one for one in asked if one.view is view]
        owners = _owners(columns, view, own, day)
        for one in own:
            wanted += _begun(one, owners[one.item.short], day, found)
            there = standing.get((view.name, f"{one.item.pack}.{one.item.mechanism}", one.item.key), ())
            _settle(columns, one, [duty for duty in there if one.only is None or duty.entry in one.only], owners[one.item.short], day, found)
    found.open += _not_there(columns, wanted)
    return found


@dataclass(frozen=True)
class _Asked:
    """One cadence to look at, for all that owe it or for some rows only."""

    view: RegisterView
    item: Item[Cadence]
    only: frozenset[int] | None


def _asked(columns: Columns, view: RegisterView, ids: Mapping[str, Sequence[int]] | None) -> Iterator[_Asked]:
    """The cadences of a register that what changed may concern."""
    for item in view.cadences.values():
        if item.shape.owes == "entry" and view.name not in columns.populated:
            continue
        named = item.shape.met_by.register_
        target = columns.catalogue.referred(named, item.pack) if named else None
        elsewhere = ids is not None and target is not None and bool(ids.get(target.name))
        if ids is None or elsewhere:
            yield _Asked(view, item, None)
        elif ids.get(view.name):
            yield _Asked(view, item, frozenset(ids[view.name]) if item.shape.owes == "entry" else None)


def _settle(columns: Columns, one: _Asked, standing: Sequence[_Standing], owners: Mapping[int, _Owner], day: date, found: Owing) -> None:
    """Close the duties that are met, name those whose day has passed, and let go of those nobody owes any longer."""
    met = _met(columns, one.view, one.item, standing, day)
    for duty in standing:
        if duty.key in met:
            outcome = "met" if duty.due is None or day <= duty.due else "late"
            found.change.append({"key": duty.key, "closed_on": day.isoformat(), "outcome": outcome})
        elif duty.due and day > duty.due:
            if duty.outcome != MISSED:
                found.change.append({"key": duty.key, "outcome": MISSED})
                found.missed.append(duty.key)
        elif one.item.shape.owes == "entry" and duty.entry not in owners:
            found.change.append({"key": duty.key, "closed_on": day.isoformat(), "outcome": "cancelled"})


@dataclass(frozen=True)
class _Owner:
    """Who owes a report: the row's key (empty for an office or the city), the office, and whether that is certain."""

    key: str
    office: str
    certain: bool = True


def _owners(columns: Columns, view: RegisterView, asked: Sequence[_Asked], day: date) -> dict[str, dict[int, _Owner]]:
    """Who owes each report on a day, by the cadence's short name and the entry's id; offices and the city have negative numbers.

    One query answers for all cadences of a register. A row whose data are missing is uncertain: it opens nothing and cancels nothing.
    """
    found: dict[str, dict[int, _Owner]] = {one.item.short: {} for one in asked}
    rows = [one for one in asked if one.item.shape.owes == "entry"]
    for one in asked:
        if one.item.shape.owes == "office":
            offices = Office.objects.filter(kind__in=one.item.shape.offices, closed=False).order_by("pk").values_list("pk", flat=True)
            found[one.item.short] = {-1 - place: _Owner("", office) for place, office in enumerate(offices)}
        elif one.item.shape.owes == "city":
            found[one.item.short] = {-1: _Owner("", "")}
    if not rows:
        return found
    only = None if any(one.only is None for one in rows) else sorted(set().union(*(one.only or () for one in rows)))
    conditions = {f"_asked{place}": one.item.shape.where for place, one in enumerate(rows) if one.item.shape.where}
    plan = row_plan(columns.catalogue, view, Wanted(conditions=conditions), [day], only)
    for row in run(columns, f"{plan.sql} SELECT * FROM judged"):
        for place, one in enumerate(rows):
            sure = row.get(f"_asked{place}", True)
            if sure is not False:
                found[one.item.short][row["_id"]] = _Owner(row["_key"], row["_office"], sure is True)
    return found


def _standing(columns: Columns, ids: frozenset[int] | None) -> dict[tuple[str, str, str], list[_Standing]]:
    """The open duties of all cadences, by register, mechanism and name; of rows only those in `ids`, where given."""
    found: dict[tuple[str, str, str], list[_Standing]] = {}
    only = "" if ids is None else " AND (_id IS NULL OR _id IN (SELECT unnest(?::BIGINT[])))"
    sql = f"SELECT _register, _mechanism, _name, _duty, _id, _unit, _period, _due, _outcome FROM duties WHERE _closed IS NULL AND _kind = ?{only}"
    for row in run(columns, sql, [CADENCE] if ids is None else [CADENCE, sorted(ids)]):
        one = _Standing(row["_duty"], row["_id"], row["_unit"], row["_period"], row["_due"], row["_outcome"])
        found.setdefault((row["_register"], row["_mechanism"], row["_name"]), []).append(one)
    return found


def _begun(one: _Asked, owners: Mapping[int, _Owner], day: date, found: Owing) -> Iterator[Body]:
    """The duties of the period that holds the day, whether or not they are on record already."""
    item, view = one.item, one.view
    try:
        ends = periods.of(item.shape.every, day).last
        asked = running(settled(item.shape, view.parameters, ends, item.mechanism), day, state_council())
    except Refused as error:  # a year without holidays yet, a parameter without a value
        found.failed.append(f"{item.name}：{error}")
        return
    for number, owner in owners.items() if asked else ():
        if asked and owner.certain and (one.only is None or number in one.only):
            yield _body(one, asked, number, owner)


def _body(one: _Asked, asked: Obligation, number: int, owner: _Owner) -> Body:
    item = one.item
    return {
        "key": f"{CADENCE}|{one.view.name}|{owner.key or owner.office}|{item.name}|{asked.period}", "kind": CADENCE,
        "register": one.view.name, "entry": number if number > 0 else None, "mechanism": f"{item.pack}.{item.mechanism}", "name": item.key,
        "title": f"{item.shape.title}（{asked.period.label}）", "period": asked.period.text, "office": owner.office,
        "opened": asked.opens.isoformat(), "due": asked.grace_ends.isoformat(), "calendar": asked.calendar,
    }  # fmt: skip


def _not_there(columns: Columns, wanted: Sequence[Body]) -> list[Body]:
    """Those that are not on record yet: a duty is opened once."""
    if not wanted:
        return []
    keys = [body["key"] for body in wanted]
    there = {row["_duty"] for row in run(columns, "SELECT _duty FROM duties WHERE _duty IN (SELECT unnest(?))", [keys])}
    return [body for body in wanted if body["key"] not in there]


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
        issued = set(Paper.objects.filter(mechanism=mechanism, document=name, state__in=Paper.OUT).values_list("period", flat=True))
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
    for part in batches(sorted(ids), 500):
        seqs = dict(Entry.objects.filter(pk__in=part).values_list("pk", "changed_seq"))
        moments = dict(Event.objects.filter(seq__in=set(seqs.values())).values_list("seq", "at"))
        found |= {number: _day(moments[seq]) for number, seq in seqs.items() if seq in moments}
    return found


def _day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
