"""Handoffs started: a row recorded where the matter goes on, or, where that is not possible, a duty that waits and says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction

from bihuan.computing.engine import run
from bihuan.computing.tables import Columns
from bihuan.computing.triggers import Fired
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import Forbidden, Incoming, Rejected, Source, record, record_entries
from bihuan.foundation.actions.writing import day_of
from bihuan.foundation.grammar.documents import Handoff
from bihuan.foundation.grammar.formulas import Formula
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.plans import Wanted, row_plan, with_names
from bihuan.foundation.grammar.quantities import exactly, unit_of
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import New, body_of
from bihuan.foundation.models import Entry, Event

HANDOFF = "handoff"
DEEPEST = 12
"""How many handoffs may follow from one another; a name that comes twice on the way is a cycle, and is refused at once."""


def start(columns: Columns, batch: Sequence[Fired], at: datetime) -> int:
    """Start one handoff for the rows that one entry of the ledger set it off for: one entry for all of them. Gives how many were started.

    The others are left waiting: a target that is not installed, a row refused, a cycle. Where some of many are refused, halves are tried
    until each refused row stands alone.
    """
    item: Item[Handoff] = batch[0].item  # type: ignore[assignment]  # the caller sorted handoffs from documents
    target = columns.catalogue.started_by(item.shape)
    if target is None:
        return _wait(batch, at, f"目标应用尚未启用：{item.shape.start.pack}.{item.shape.start.mechanism}")
    before = ancestry([fired.entry for fired in batch])
    _wait([fired for fired in batch if item.name in before[fired.entry]], at, "衔接循环：由本衔接登记的事项又触发了本衔接，已停止")
    return _record(columns, [fired for fired in batch if item.name not in before[fired.entry]], target, at)


def _record(columns: Columns, batch: Sequence[Fired], target: RegisterView, at: datetime) -> int:
    if not batch:
        return 0
    item, values = batch[0].item, values_for(columns, batch, target, day_of(at))
    rows = [Incoming(values.get(fired.entry, {}), origin=fired.entry) for fired in batch]
    try:
        with transaction.atomic():
            record_entries(SYSTEM, target.name, rows, at, Source(handoff=item.name, cause=batch[0].cause))
    except (Rejected, Forbidden) as error:
        if len(batch) > 1:
            half = len(batch) // 2
            return _record(columns, batch[:half], target, at) + _record(columns, batch[half:], target, at)
        return _wait(batch, at, error.decision.reason if isinstance(error, Forbidden) else "；".join(refusal.text() for refusal in error.refusals))
    return len(batch)


def ancestry(entries: Sequence[int]) -> dict[int, list[str]]:
    """The names of the handoffs through which each row came to be, the nearest first."""
    names: dict[int, list[str]] = {entry: [] for entry in entries}
    at = {entry: entry for entry in entries}  # the row each has been followed back to
    for _ in range(DEEPEST):
        seqs = dict(Entry.objects.filter(pk__in=set(at.values())).values_list("pk", "recorded_seq"))
        started = {event.seq: body_of(event) for event in Event.objects.filter(seq__in=set(seqs.values()), kind="handoffs.started")}
        origins = {row["id"]: row.get("origin", 0) for body in started.values() for row in body["rows"]}
        at = {entry: row for entry, row in at.items() if seqs.get(row) in started}
        if not at:
            break
        for entry, row in at.items():
            names[entry].append(started[seqs[row]]["handoff"])
        at = {entry: origins[row] for entry, row in at.items()}
    return names


def origin(entry: Entry) -> int:
    """The row whose handoff started this one; 0 where nothing but a person did."""
    event = Event.objects.filter(seq=entry.recorded_seq, kind="handoffs.started").first()
    return next((int(row.get("origin", 0)) for row in body_of(event)["rows"] if row["id"] == entry.pk), 0) if event else 0


def values_for(columns: Columns, batch: Sequence[Fired], target: RegisterView, day: date) -> dict[int, dict[str, object]]:
    """The values of each new row by the row it comes from, from the formulas of ``with``, as a person would type them."""
    item: Item[Handoff] = batch[0].item  # type: ignore[assignment]  # as above
    view = batch[0].view
    formulas = {key: view.formula(text) for key, text in item.shape.start.with_.items()}
    if not formulas:
        return {}
    names = [name for formula in formulas.values() for name in formula.names]
    plan = row_plan(columns.catalogue, view, with_names(Wanted(), names), [day], [fired.entry for fired in batch])
    selected = ", ".join(f'{formula.sql(at_column="_at")} AS "{key}"' for key, formula in formulas.items())
    return {
        row.pop("_id"): {key: typed(target.shape.fields[key], formulas[key], value) for key, value in row.items()}
        for row in run(columns, f"{plan.sql} SELECT _id, {selected} FROM judged")
    }


def typed(shape: FieldShape, formula: Formula, value: Any) -> object:
    """A computed value as it would be typed into a field: numbers in the field's own unit, days as ISO text."""
    if value is None or isinstance(value, str | bool):
        return {True: "是", False: "否"}.get(value, value) if isinstance(value, bool) else value
    if isinstance(value, date):
        return value.isoformat()
    if formula.kind == "number":
        amount = Fraction(exactly(value)) / unit_of(shape.unit).factor
        return str(Decimal(amount.numerator) / Decimal(amount.denominator))
    return str(value)


def _wait(batch: Sequence[Fired], at: datetime, why: str) -> int:
    """Leave a duty with the office that owns each row: it says what waits, and why. None of them was started: 0."""
    today, entries = day_of(at), Entry.objects.in_bulk([fired.entry for fired in batch])
    for fired in batch:
        item, entry = fired.item, entries[fired.entry]
        duty = {
            "key": f"{HANDOFF}|{entry.register}|{entry.key}|{item.name}|{fired.cause}", "kind": HANDOFF, "register": entry.register,
            "entry": entry.pk, "mechanism": f"{item.pack}.{item.mechanism}", "name": item.key, "title": item.shape.title,
            "office": entry.office, "opened": today.isoformat(), "due": None,
        }  # fmt: skip
        body: Mapping[str, object] = {"duties": {"open": [duty], "change": []}, "reason": why, "cause": fired.cause}
        record(New("duties.changed", body, SYSTEM.username, at, entry.register, entry.key))
    return 0
