"""Rows whose handoff would start what is there already: which row that is, and how a person adds to it instead of starting a second one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bihuan.computing.engine import run
from bihuan.computing.starting import HANDOFF, values_for
from bihuan.computing.tables import Columns
from bihuan.computing.triggers import Fired
from bihuan.foundation.access import Actor
from bihuan.foundation.actions import Edit, Incoming, change_entry, close_duty
from bihuan.foundation.actions.references import standing
from bihuan.foundation.checking import check_row
from bihuan.foundation.grammar.documents import Handoff, Moved
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.plans import Wanted, row_plan
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import writing
from bihuan.foundation.models import Duty, Entry

BETWEEN = "；"
"""What stands between the texts that were added to one another."""


@dataclass(frozen=True)
class Repeated:
    """One row and the row that stands where its handoff would start one. ``duty`` waits since the handoff was refused, None before it was tried."""

    entry: int
    item: Item[Handoff]
    view: RegisterView
    target: Entry
    text: str
    duty: Duty | None = None


def would_repeat(columns: Columns, view: RegisterView, entries: Sequence[Entry], state: str, day: date) -> list[Repeated]:
    """Of rows that would come into a state: those whose handoffs would then find their row there already."""
    return [one for item in view.handoffs.values() if isinstance(item.shape.when, Moved) and item.shape.when.state == state
            for one in _found(columns, view, item, _applying(columns, view, entries, item.shape.when.where, day), day)]  # fmt: skip


def waiting(columns: Columns, view: RegisterView, entries: Sequence[Entry], day: date) -> list[Repeated]:
    """Of rows whose handoff was refused and waits: those that repeat a row, as the ledger is now."""
    duties = {
        (duty.mechanism, duty.name, duty.entry_id): duty
        for duty in Duty.objects.filter(entry_id__in=[entry.pk for entry in entries], kind=HANDOFF, closed_on__isnull=True).order_by("-pk")
    }
    found = []
    for item in view.handoffs.values():
        held = {entry: duty for (mechanism, name, entry), duty in duties.items() if (mechanism, name) == (f"{item.pack}.{item.mechanism}", item.key)}
        some = [entry for entry in entries if entry.pk in held]
        found += [Repeated(one.entry, one.item, one.view, one.target, one.text, held[one.entry]) for one in _found(columns, view, item, some, day)]
    return found


def join(actor: Actor, one: Repeated, at: datetime) -> Entry:
    """Add what a row says to the row that is there, and settle the duty that waited: both or neither. The row that is there, as it now stands.

    Raises Conflict, Forbidden, Rejected.
    """
    key, target = one.item.shape.joins, one.target
    stands, duty = str(target.data.get(key) or ""), one.duty
    assert key
    assert duty is not None
    assert duty.entry is not None
    with writing():
        if one.text and one.text not in stands.split(BETWEEN):
            told = BETWEEN.join(filter(None, (stands, one.text)))
            target = change_entry(actor, one.view.name, target.key, Edit({key: told}, target.version, f"{duty.entry.key} 并入"), at)
        close_duty(actor, duty.key, f"不另立，并入 {target.key}", at)
        return target


def _applying(columns: Columns, view: RegisterView, entries: Sequence[Entry], where: str, day: date) -> list[Entry]:
    if not where or not entries:
        return list(entries)
    plan = row_plan(columns.catalogue, view, Wanted(conditions={"_asked": where}), [day], [entry.pk for entry in entries])
    asked = {row["_id"] for row in run(columns, f"{plan.sql} SELECT _id FROM judged WHERE _asked")}
    return [entry for entry in entries if entry.pk in asked]


def _found(columns: Columns, view: RegisterView, item: Item[Handoff], entries: Sequence[Entry], day: date) -> Iterator[Repeated]:
    """The rows among `entries` of which a group of fields that must be unique is there already in the register the handoff goes to."""
    target = columns.catalogue.started_by(item.shape)
    if target is None or not entries or not target.shape.unique:
        return
    given = values_for(columns, [Fired(item, view, entry.pk, 0) for entry in entries], target, day)
    fresh = {number: Entry(register=target.name, data=check_row(target.shape, Incoming(values), whole=True)[0]) for number, values in given.items()}
    there: dict[int, int] = {}
    for group in target.shape.unique:
        stands = standing(target, group, list(fresh.values()))
        for number, entry in fresh.items():
            if None not in (values := [entry.data.get(key) for key in group]) and (other := stands.get(tuple(map(str, values)))):
                there.setdefault(number, other)
    rows = Entry.objects.in_bulk(set(there.values()))
    for number, other in there.items():
        yield Repeated(number, item, target, rows[other], str(given[number].get(item.shape.joins) or "") if item.shape.joins else "")
