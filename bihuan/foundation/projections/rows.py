"""Rows, figures, moves and assignments."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bihuan.foundation.models import Assignment, Entry, Event, Figure, Member
from bihuan.foundation.private import opened
from bihuan.foundation.projections import duties
from bihuan.foundation.projections.ids import next_id
from bihuan.foundation.projections.putting import put

Body = dict[str, Any]
COLUMNS = ("title", "office", "enterprise")


def day_of(text: str | None) -> date | None:
    """A day from a body, which writes it as ISO text."""
    return date.fromisoformat(text) if text else None


def record(event: Event, body: Body, using: str) -> Iterable[int]:
    """``entries.recorded``: {rows: [{id, key, title, office, enterprise, state, state_since, data}], duties, charges}.

    `charges` are the responsibilities that whoever recorded the rows carries for them: [{mechanism, role, member, from_day}].
    """
    rows = opened(body["rows"], using)
    entries = [
        Entry(
            id=row["id"],
            register=event.register,
            key=row["key"],
            title=row["title"],
            office=row["office"],
            enterprise=row["enterprise"],
            state=row["state"],
            state_since=day_of(row["state_since"]),
            data=row["data"],
            recorded_seq=event.seq,
            changed_seq=event.seq,
        )
        for row in rows
    ]
    put(entries, using)
    _charge_recorder(event, body.get("charges", []), [row["id"] for row in rows], using)
    duties.apply_changes(event, body.get("duties"), using)
    return [row["id"] for row in rows]


def _charge_recorder(event: Event, charges: list[Body], rows: list[int], using: str) -> None:
    start = next_id(Assignment, using) if charges else 0
    pairs = [(row, charge) for row in rows for charge in charges]
    held = [
        Assignment(
            id=number, entry_id=row, mechanism=charge["mechanism"], role=charge["role"], member=charge["member"],
            from_day=date.fromisoformat(charge["from_day"]), seq=event.seq,
        )
        for number, (row, charge) in enumerate(pairs, start=start)
    ]  # fmt: skip
    put(held, using)


def change(event: Event, body: Body, using: str) -> Iterable[int]:
    """``entry.changed``: {id, version, data: {field: [old, new]}, title, office, enterprise, reason, duties}."""
    _write(event, body, using)
    return [body["id"]]


def change_many(event: Event, body: Body, using: str) -> Iterable[int]:
    """``entries.changed``: {edits: [{id, key, version, data: {field: [old, new]}, title, office, enterprise, cells}], reason, duties}."""
    return _write_many(event, body, using)


def move_many(event: Event, body: Body, using: str) -> Iterable[int]:
    """``entries.moved``: {move, edits: [{id, key, version, data, title, office, enterprise, from, to, on}], evidence, reason, duties}."""
    return _write_many(event, body, using, "state", "state_since")


def _write_many(event: Event, body: Body, using: str, *columns: str) -> Iterable[int]:
    """Set the new value of every changed field of many rows, and their state where the edits move them."""
    edits = {edit["id"]: edit for edit in opened(body["edits"], using)}
    for part in _parts(list(edits)):
        standing = Entry.objects.using(using).in_bulk(part)
        for number, entry in standing.items():
            amend(entry, edits[number], event)
            if columns:
                entry.state, entry.state_since = edits[number]["to"], day_of(edits[number]["on"])
        put(list(standing.values()), using, "data", "version", "changed_seq", *COLUMNS, *columns)
    duties.apply_changes(event, body.get("duties"), using)
    return edits


def withdraw(event: Event, body: Body, using: str) -> Iterable[int]:
    """``entry.withdrawn``: {id, version, reason, duties}. The row stays, marked, and its duties are cancelled."""
    _write(event, body, using, withdrawn=True)
    return [body["id"]]


def move(event: Event, body: Body, using: str) -> Iterable[int]:
    """``entry.moved``: {id, version, move, from, to, on, data, evidence, reason, duties}."""
    _write(event, body, using, state=body["to"], state_since=day_of(body["on"]))
    return [body["id"]]


def _write(event: Event, body: Body, using: str, **columns: Any) -> None:
    """Set the columns, and the new value of every changed field, of one row."""
    entry = Entry.objects.using(using).get(pk=body["id"])
    amend(entry, {**body, "data": opened(body.get("data", {}), using)}, event)
    for column, value in columns.items():
        setattr(entry, column, value)
    entry.save(using=using)
    duties.apply_changes(event, body.get("duties"), using)


def amend(entry: Entry, edit: Body, event: Event) -> None:
    """Set the new values, the columns that follow and the version, of a row that is saved later."""
    changes: Mapping[str, list[Any]] = edit["data"]
    entry.data = {**entry.data, **{field: new for field, (_old, new) in changes.items()}}
    for column in COLUMNS:
        if column in edit:
            setattr(entry, column, edit[column])
    entry.version = edit["version"]
    entry.changed_seq = event.seq


def record_figures(event: Event, body: Body, using: str) -> Iterable[int]:
    """``figures.recorded``: {changes: [{id, key, field, period, old, new, cell, restated}], upload, sheet, reason}."""
    changes = body["changes"]
    ids = sorted({change["id"] for change in changes})
    standing = {(figure.entry_id, figure.field, figure.period): figure for figure in _figures(ids, using)}
    start = next_id(Figure, using)
    made: list[Figure] = []
    kept: list[Figure] = []
    for change in changes:  # the action refuses a value given twice, so each place comes once
        where = (change["id"], change["field"], change["period"])
        figure = standing.get(where)
        if figure:
            kept.append(figure)
        else:
            figure = Figure(id=start + len(made), entry_id=where[0], field=where[1], period=where[2])
            made.append(figure)
        figure.value, figure.source, figure.seq = change["new"], _source(body, change), event.seq
    put([*made, *kept], using, "value", "source", "seq")
    for part in _parts(ids):
        Entry.objects.using(using).filter(pk__in=part).update(changed_seq=event.seq)
    return ids


def _figures(ids: list[int], using: str) -> Iterable[Figure]:
    for part in _parts(ids):
        yield from Figure.objects.using(using).filter(entry_id__in=part)


def _parts(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + 500] for start in range(0, len(ids), 500))


def _source(body: Body, change: Body) -> dict[str, Any]:
    return {
        name: value
        for name, value in (("upload", body.get("upload")), ("sheet", body.get("sheet")), ("cell", change.get("cell")))
        if value is not None
    }


def assign(event: Event, body: Body, using: str) -> Iterable[int]:
    """``entry.assigned``: {id, mechanism, role, member, from_day, reason, approver, duties}; an empty member ends it."""
    current = Assignment.objects.using(using).filter(
        entry_id=body["id"], mechanism=body["mechanism"], role=body["role"], to_day__isnull=True
    )
    current.update(to_day=day_of(body["from_day"]))
    if body["member"]:
        Assignment.objects.using(using).create(
            id=next_id(Assignment, using),
            entry_id=body["id"],
            mechanism=body["mechanism"],
            role=body["role"],
            member=body["member"],
            from_day=date.fromisoformat(body["from_day"]),
            reason=body["reason"],
            approver=body["approver"],
            seq=event.seq,
        )
    duties.apply_changes(event, body.get("duties"), using)
    return [body["id"]]


def assign_many(event: Event, body: Body, using: str) -> Iterable[int]:
    """``entries.assigned``: {mechanism, role, member, from_day, reason, approver, edits: [{id, key, old}], duties}; an empty member ends it."""
    ids = [edit["id"] for edit in body["edits"]]
    begins = date.fromisoformat(body["from_day"])
    held = Assignment.objects.using(using).filter(mechanism=body["mechanism"], role=body["role"], to_day__isnull=True)
    for part in _parts(ids):
        held.filter(entry_id__in=part).update(to_day=begins)
    if body["member"]:
        start = next_id(Assignment, using)
        kept = {name: body[name] for name in ("mechanism", "role", "member", "reason", "approver")}
        put([Assignment(id=start + place, entry_id=number, from_day=begins, seq=event.seq, **kept) for place, number in enumerate(ids)], using)
    duties.apply_changes(event, body.get("duties"), using)
    return ids


def reveal(event: Event, body: Body, using: str) -> Iterable[int]:
    """``personal.revealed``: {id, field, reason}. Changes nothing: somebody looked, and that is on record."""
    return [body["id"]]


def erase(event: Event, body: Body, using: str) -> Iterable[int]:
    """``personal.erased``: {id, fields} of a row, or {username} of a member. The values themselves are gone from `Secret`."""
    if "username" in body:
        Member.objects.using(using).filter(pk=body["username"]).update(name="", phone="", is_active=False, seq=event.seq)
        return []
    entry = Entry.objects.using(using).get(pk=body["id"])
    entry.data = {**entry.data, **dict.fromkeys(body["fields"])}
    entry.version += 1
    entry.changed_seq = event.seq
    entry.save(using=using)
    return [entry.pk]
