"""Recording the figures of a period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bihuan.foundation.access import Actor, charge, may
from bihuan.foundation.actions.writing import BY_HAND, Conflict, Forbidden, Source, allow, day_of, record, view_of
from bihuan.foundation.checking import Refusal, Rejected, Value, check_value, rejected
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.cadences import Cadence
from bihuan.foundation.grammar.periods import Period
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.spans import settled
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.grammar.workdays import BeyondCalendar, Span, state_council
from bihuan.foundation.ledger import New, writing
from bihuan.foundation.models import Entry, Event, Figure

Place = tuple[str, str, str]
"""The key of the row, the field, the period."""


class Unseen:
    """The person who gives a figure was not shown what stood there before."""


UNSEEN = Unseen()


@dataclass(frozen=True)
class FigureGiven:
    """One value for one row and period, as typed or read from a cell. `seen` is the stored value the person was shown."""

    key: str
    field: str
    period: str
    value: object
    cell: str = ""
    seen: int | Unseen | None = UNSEEN


@dataclass(frozen=True)
class _Read:
    given: FigureGiven
    period: Period
    value: Value

    @property
    def place(self) -> Place:
        return self.given.key, self.given.field, self.period.text


def record_figures(actor: Actor, register: str, given: Sequence[FigureGiven], at: datetime, source: Source = BY_HAND) -> Event | None:
    """Record figures, all of them or none; None where every value stands already.

    Raises Forbidden; Rejected with every refusal; Conflict where a value is no longer the one that was `seen`. A period that
    is frozen takes a correction, which needs a reason and keeps the old value in the ledger.
    """
    view = view_of(register, at)
    allow(may(actor, "figures", view))
    read = _read(view, given)
    with writing():
        entries = _entries(actor, view, read)
        before = _standing(entries.values())
        _unchanged_since_seen(read, entries, before)
        changes = [
            {
                "id": entries[one.given.key].pk,
                "key": one.given.key,
                "field": one.given.field,
                "period": one.period.text,
                "old": before.get(one.place),
                "new": one.value,
                **({"cell": one.given.cell} if one.given.cell else {}),
                **({"restated": True} if _restates(view, one, before.get(one.place), day_of(at)) else {}),
            }
            for one in read
            if before.get(one.place) != one.value
        ]
        if not changes:
            return None
        _reasoned(changes, source)
        only = read[0].given.key if len({one.given.key for one in read}) == 1 else ""
        return record(New("figures.recorded", {"changes": changes, **source.body()}, actor.username, at, register, only))


def frozen_on(view: RegisterView, field: str, period: Period) -> date | None:
    """The first day on which a figure of a period is frozen, by the cadence that says so; None where none does."""
    days = [
        _freezes(settled(item.shape, view.parameters, period.last, item.mechanism), period)
        for item in view.cadences.values()
        if item.shape.freeze and field in item.shape.met_by.figures
    ]
    return min((day for day in days if day), default=None)


def _freezes(cadence: Cadence, period: Period) -> date | None:
    """The day after the due day and its grace; None beyond the table of holidays, which guesses nothing."""
    calendar, day = state_council(), period.last
    try:
        for text in filter(None, (cadence.due, cadence.grace)):
            span = Span.parse(text)
            day = calendar.add(day, span.count, span.unit)
    except BeyondCalendar:
        return None
    return date.fromordinal(day.toordinal() + 1)


def _read(view: RegisterView, given: Sequence[FigureGiven]) -> list[_Read]:
    figures = view.shape.figures
    if figures is None:
        raise rejected(Refused(f"{view.shape.title}没有按期数值", "the register has no figures by period", ""))
    read: list[_Read] = []
    refusals: list[Refusal] = []
    places: set[Place] = set()
    for one in given:
        shape = figures.fields.get(one.field)
        if shape is None:
            known = "、".join(shape.title for shape in figures.fields.values())
            refusals.append(Refusal(one.field, one.field, Refused(f"没有“{one.field}”这项数值", f"there is no figure “{one.field}”", known), one.cell))
            continue
        try:
            value = _Read(one, periods.parse(one.period, figures.every), check_value(shape, one.value))
            if value.place in places:
                raise Refused(f"{one.key} {value.period.label}填了两次", f"{one.key} has two values for {value.period.label_en}", "")
        except Refused as why:
            refusals.append(Refusal(one.field, shape.title, why, one.cell))
        else:
            places.add(value.place)
            read.append(value)
    if refusals:
        raise Rejected(refusals)
    return read


def _entries(actor: Actor, view: RegisterView, read: Sequence[_Read]) -> dict[str, Entry]:
    keys = sorted({one.given.key for one in read})
    entries: dict[str, Entry] = {}
    for start in range(0, len(keys), 500):
        rows = Entry.objects.filter(register=view.name, key__in=keys[start : start + 500], withdrawn=False)
        entries.update((entry.key, entry) for entry in rows)
    absent = [one for one in read if one.given.key not in entries]
    if absent:
        title = view.shape.fields[view.shape.key].title
        raise Rejected(
            Refusal(
                view.shape.key,
                title,
                Refused(f"台账里没有“{one.given.key}”", f"there is no “{one.given.key}” in the register", ""),
                one.given.cell,
            )
            for one in absent
        )
    scope = charge(actor, view)
    for entry in entries.values():
        if not scope.holds(entry):
            raise Forbidden(may(actor, "figures", view, entry))
    return entries


def _standing(entries: Iterable[Entry]) -> dict[Place, int | None]:
    keys = {entry.pk: entry.key for entry in entries}
    ids = sorted(keys)
    found: dict[Place, int | None] = {}
    for start in range(0, len(ids), 500):
        rows = Figure.objects.filter(entry_id__in=ids[start : start + 500]).values_list("entry_id", "field", "period", "value")
        found.update(((keys[number], field, period), value) for number, field, period, value in rows)
    return found


def _unchanged_since_seen(read: Sequence[_Read], entries: dict[str, Entry], before: dict[Place, int | None]) -> None:
    for one in read:
        stands = before.get(one.place)
        if not isinstance(one.given.seen, Unseen) and stands not in (one.given.seen, one.value):
            conflict = Conflict(entries[one.given.key], {one.given.field: one.value})
            conflict.theirs = {one.given.field: stands}
            raise conflict


def _restates(view: RegisterView, one: _Read, old: int | None, today: date) -> bool:
    frozen = frozen_on(view, one.given.field, one.period) if old is not None else None
    return frozen is not None and frozen <= today


def _reasoned(changes: Sequence[dict[str, Any]], source: Source) -> None:
    if source.reason.strip():
        return
    restated = [change for change in changes if change.get("restated")]
    if restated:
        why = Refused("该期数值已冻结，更正须写明理由", "the period is frozen; a correction needs a reason", "决算审计调整")
        raise Rejected(Refusal(change["field"], f"{change['key']} {change['period']}", why, change.get("cell", "")) for change in restated)
