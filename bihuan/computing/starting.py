"""Handoffs started: a row recorded where the matter goes on, or, where that is not possible, a duty that waits and says why."""

from __future__ import annotations

from collections.abc import Mapping
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


def start(columns: Columns, fired: Fired, at: datetime) -> bool:
    """Start one handoff. False where it had to be left waiting: a target that is not installed, a row refused, a cycle."""
    item: Item[Handoff] = fired.item  # type: ignore[assignment]  # the caller sorted handoffs from documents
    target = columns.catalogue.started_by(item.shape)
    if target is None:
        return _wait(fired, at, f"目标应用尚未启用：{item.shape.start.pack}.{item.shape.start.mechanism}")
    if item.name in ancestry(fired.entry):
        return _wait(fired, at, "衔接循环：由本衔接登记的事项又触发了本衔接，已停止")
    values = values_for(columns, fired, target, day_of(at))
    try:
        with transaction.atomic():
            record_entries(SYSTEM, target.name, [Incoming(values)], at, Source(handoff=item.name, cause=fired.cause, origin=fired.entry))
    except Rejected as error:
        return _wait(fired, at, "；".join(refusal.text() for refusal in error.refusals))
    except Forbidden as error:
        return _wait(fired, at, error.decision.reason)
    return True


def ancestry(entry: int) -> list[str]:
    """The names of the handoffs through which a row came to be, the nearest first."""
    names: list[str] = []
    for _ in range(DEEPEST):
        seq = Entry.objects.filter(pk=entry).values_list("recorded_seq", flat=True).first()
        event = Event.objects.filter(seq=seq, kind="handoffs.started").first() if seq else None
        if event is None:
            return names
        body = body_of(event)
        names.append(body["handoff"])
        entry = body.get("origin", 0)
    return names


def values_for(columns: Columns, fired: Fired, target: RegisterView, day: date) -> dict[str, object]:
    """The values of the new row, from the formulas of ``with``, as a person would type them."""
    item: Item[Handoff] = fired.item  # type: ignore[assignment]  # as above
    formulas = {key: fired.view.formula(text) for key, text in item.shape.start.with_.items()}
    if not formulas:
        return {}
    names = [name for formula in formulas.values() for name in formula.names]
    plan = row_plan(columns.catalogue, fired.view, with_names(Wanted(), names), [day], [fired.entry])
    selected = ", ".join(f'{formula.sql(at_column="_at")} AS "{key}"' for key, formula in formulas.items())
    rows = run(columns, f"{plan.sql} SELECT {selected} FROM judged")
    return {key: typed(target.shape.fields[key], formulas[key], value) for key, value in rows[0].items()} if rows else {}


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


def _wait(fired: Fired, at: datetime, why: str) -> bool:
    """Leave a duty with the office that owns the row: it says what waits, and why."""
    item = fired.item
    entry = Entry.objects.get(pk=fired.entry)
    today = day_of(at)
    duty = {
        "key": f"{HANDOFF}|{entry.register}|{entry.key}|{item.name}|{fired.cause}", "kind": HANDOFF, "register": entry.register,
        "entry": entry.pk, "mechanism": f"{item.pack}.{item.mechanism}", "name": item.key, "title": item.shape.title,
        "office": entry.office, "opened": today.isoformat(), "due": None,
    }  # fmt: skip
    body: Mapping[str, object] = {"duties": {"open": [duty], "change": []}, "reason": why, "cause": fired.cause}
    record(New("duties.changed", body, SYSTEM.username, at, entry.register, entry.key))
    return False
