"""Recording, changing and withdrawing rows."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.db.models.functions import Length

from bihuan.foundation.access import CITIZEN, ENTERPRISE, Actor, Decision, charge, may, outsider, personal_fields
from bihuan.foundation.actions import clockwork, gates, references
from bihuan.foundation.actions.writing import BY_HAND, Conflict, Source, about, allow, day_of, entry_of, record, view_of
from bihuan.foundation.checking import Incoming, Refusal, Rejected, Value, check_row, rejected
from bihuan.foundation.grammar import patterns
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import New, writing
from bihuan.foundation.models import Entry
from bihuan.foundation.private import committed
from bihuan.foundation.projections.ids import next_id
from bihuan.foundation.sizes import KEY, NAME

Values = dict[str, Value]


@dataclass(frozen=True)
class Edit:
    """New values for some fields of a row, with the version it was read at, and for a sheet the cell each stood in."""

    values: Mapping[str, object]
    version: int
    reason: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)


def record_entries(actor: Actor, register: str, rows: Sequence[Incoming], at: datetime, source: Source = BY_HAND) -> list[Entry]:
    """Record new rows, all of them or none. Gives the rows as they now stand.

    Raises Forbidden, and Rejected with every refusal of every row: wrong values, keys or groups of fields that are there
    already, references to nothing, a full list, an entry gate not passed.
    """
    view, today = view_of(register, at), day_of(at)
    allow(may(actor, "record", view))
    rows = [_completed(actor, view, row, today) for row in rows]
    read = [check_row(view.shape, row, whole=True) for row in rows]
    refuse([*_not_asked(actor, view, rows), *(refusal for _values, refusals in read for refusal in refusals)])
    with writing():
        values = _numbered(view, [values for values, _refusals in read], today)
        fresh = as_recorded(view, values, today)
        refusals = [
            *references.refusals_of(view, values, rows, today),
            *taken(view, fresh, rows),
            *_full(view, len(rows)),
            *gates.refusals_of(view, view.shape.entry_gate, fresh, today),
            *gates.refusals_of(view, view.shape.always, fresh, today),
        ]
        refuse(refusals)
        reach = charge(actor, view)
        for entry in fresh:
            if not reach.holds(entry):
                allow(in_charge(actor, view, entry))
        written = [{**row_body(view, entry), **_place(row)} for entry, row in zip(fresh, rows, strict=True)]
        carried = _carried_by_recorder(actor, view, today)
        duties = clockwork.on_recording(view, fresh, today, {charge["role"]: actor.username for charge in carried})
        body = {"rows": written, **duties.body(), **({"charges": carried} if carried else {}), **source.body()}
        only = fresh[0].key if len(fresh) == 1 else ""
        kind = "handoffs.started" if source.handoff else "entries.recorded"
        record(New(kind, body, actor.username, at, register, only))
        stood = Entry.objects.in_bulk([entry.pk for entry in fresh])
        return [stood[entry.pk] for entry in fresh]


def change_entry(actor: Actor, register: str, key: str, edit: Edit, at: datetime) -> Entry:
    """Change some fields of a row. Raises Conflict where somebody changed it since `edit.version`, Forbidden, Rejected.

    A change to what stands already writes nothing.
    """
    view = view_of(register, at)
    row = Incoming(edit.values, edit.cells)
    values, refusals = check_row(view.shape, row, whole=False)
    refuse(refusals)
    with writing():
        entry = entry_of(register, key)
        allow(may(actor, "change", view, entry))
        if entry.version != edit.version:
            raise Conflict(entry, values)
        changed = {field: value for field, value in values.items() if entry.data.get(field) != value}
        if not changed:
            return entry
        if view.shape.key in changed:
            raise rejected(Refused("编号不能修改；登错的行请撤回后重新登记", "a key cannot be changed; withdraw the row instead", ""), view.shape.key)
        after = amended(view, entry, changed)
        refuse([
            *locked(view, entry),
            *missing(view, changed, row),
            *references.refusals_of(view, [changed], [row], day_of(at)),
            *taken(view, [after], [row]),
            *gates.refusals_of(view, view.shape.always, [after], day_of(at)),
        ])  # fmt: skip
        allow(in_charge(actor, view, after))
        duties = clockwork.merged(clockwork.on_dates(view, [(after, changed)]), clockwork.moved_office([after]))
        record(about(entry, "entry.changed", {**change_body(view, entry, after, changed), "reason": edit.reason, **duties.body()}, actor, at))
        return Entry.objects.get(pk=entry.pk)


def withdraw_entry(actor: Actor, register: str, key: str, reason: str, at: datetime) -> Entry:
    """Take a row out of its register: it stays, marked, with its history; its open duties are cancelled."""
    view = view_of(register, at)
    if not reason.strip():
        raise rejected(Refused("撤回须写明理由", "withdrawing needs a reason", "重复登记"), "reason", "理由")
    with writing():
        entry = entry_of(register, key)
        allow(may(actor, "withdraw", view, entry))
        if not view.lifecycle:
            refuse(gates.refusals_of(view, view.shape.exit_gate, [entry], day_of(at)))
        duties = clockwork.on_withdrawal(entry, day_of(at))
        record(about(entry, "entry.withdrawn", {"version": entry.version + 1, "reason": reason, **duties.body()}, actor, at))
        return Entry.objects.get(pk=entry.pk)


# --- shared with moves and with changes of many rows


def amended(view: RegisterView, entry: Entry, changed: Values) -> Entry:
    """The row as it will be, not saved: its data, and the title, office and enterprise that follow from them."""
    data = {**entry.data, **changed}
    return Entry(
        id=entry.pk, register=entry.register, key=entry.key, state=entry.state, state_since=entry.state_since, data=data, **_columns(view, data)
    )


def locked(view: RegisterView, entry: Entry) -> list[Refusal]:
    """A refusal where the state of a row keeps its fields from being changed: two people agreed on what stands, or are about to."""
    state = view.lifecycle.shape.states.get(entry.state) if view.lifecycle else None
    if state is None or not state.locked:
        return []
    why = Refused(
        f"“{state.title}”状态下不能再改，先用动作退回", f"cannot be changed in the state “{state.title_en or state.title}”; move it back first"
    )
    return [Refusal("", entry.title or entry.key, why)]


def change_body(view: RegisterView, before: Entry, after: Entry, changed: Values) -> dict[str, Any]:
    """The version, the old and new value of each changed field (personal ones as commitments), and the columns that follow."""
    personal = personal_fields(view)
    data = {
        field: [_kept(view, before, field, before.data.get(field), personal), _kept(view, before, field, value, personal)]
        for field, value in changed.items()
    }
    columns = {name: getattr(after, name) for name in ("title", "office", "enterprise") if getattr(after, name) != getattr(before, name)}
    return {"version": before.version + 1, "data": data, **columns}


def subject_of(register: str, key: str) -> str:
    """Whom a row's secrets are about."""
    return f"{register} {key}"


def _kept(view: RegisterView, entry: Entry, field: str, value: Value, personal: frozenset[str]) -> object:
    return committed(value, subject_of(entry.register, entry.key)) if field in personal else value


# --- within


def refuse(refusals: Sequence[Refusal]) -> None:
    """Go on only where nothing is refused."""
    if refusals:
        raise Rejected(refusals)


def _columns(view: RegisterView, data: Values) -> dict[str, str]:
    """Title, office and enterprise from a row's data. A personal name is no title: titles stand in lists and in the ledger."""
    shape = view.shape
    named = shape.name if shape.name and shape.name not in personal_fields(view) else shape.key
    found = {"title": data.get(named), "office": data.get(shape.office), "enterprise": data.get(shape.enterprise)}
    return {name: str(value)[: NAME if name == "title" else KEY] if value else "" for name, value in found.items()}


def as_recorded(view: RegisterView, rows: Sequence[Values], today: date) -> list[Entry]:
    """The rows as they will stand, not saved, with their ids."""
    life = view.lifecycle.shape if view.lifecycle else None
    start = next_id(Entry, "default")
    return [
        Entry(
            id=start + place,
            register=view.name,
            key=str(values[view.shape.key]),
            state=life.start if life else "",
            state_since=today if life else None,
            data=values,
            **_columns(view, values),
        )
        for place, values in enumerate(rows)
    ]


def row_body(view: RegisterView, entry: Entry) -> dict[str, Any]:
    """A row as an entry of the ledger writes it: whole, with a commitment in place of each personal value."""
    personal = personal_fields(view)
    return {
        "id": entry.pk,
        "key": entry.key,
        "title": entry.title,
        "office": entry.office,
        "enterprise": entry.enterprise,
        "state": entry.state,
        "state_since": entry.state_since.isoformat() if entry.state_since else None,
        "data": {field: _kept(view, entry, field, value, personal) for field, value in entry.data.items()},
    }


def in_charge(actor: Actor, view: RegisterView, entry: Entry) -> Decision:
    """Whether the row, as it will be, is the actor's to write: a citizen may hand something in without owning it."""
    allowed = may(actor, "record", view)
    if not allowed or charge(actor, view).holds(entry):
        return allowed
    if CITIZEN in actor.roles and CITIZEN in view.shape.recorded_by and not entry.enterprise:
        return allowed
    return Decision(False, f"“{entry.key}”归 {entry.office or '别处'} 管，不在您的职责范围内", f"“{entry.key}” is not within your charge")


def _completed(actor: Actor, view: RegisterView, row: Incoming, today: date) -> Incoming:
    """A row with what nobody need be asked: the day it is recorded, and for an enterprise its own name."""
    own = actor.enterprise if ENTERPRISE in actor.roles else ""
    known = {view.shape.recorded_on: today.isoformat(), view.shape.enterprise: own}
    filled = {key: value for key, value in known.items() if key and value and not row.values.get(key)}
    return replace(row, values={**row.values, **filled}) if filled else row


def _not_asked(actor: Actor, view: RegisterView, rows: Sequence[Incoming]) -> list[Refusal]:
    """A refusal for each field that an enterprise or a citizen gives and is not asked for."""
    shape = view.shape
    if not shape.hand_in or not outsider(actor):
        return []
    asked = {*shape.hand_in, shape.enterprise, shape.recorded_on}
    given = dict.fromkeys(key for row in rows for key, value in row.values.items() if key not in asked and value not in (None, "", []))
    why = Refused("这一项由承办单位填写", "this is filled in by the office in charge", "")
    return [Refusal(key, shape.fields[key].title if key in shape.fields else key, why) for key in given]


def _carried_by_recorder(actor: Actor, view: RegisterView, today: date) -> list[dict[str, str]]:
    """The responsibilities that whoever records a row carries for it from then on."""
    return [
        {"mechanism": f"{item.pack}.{item.mechanism}", "role": item.key, "member": actor.username, "from_day": today.isoformat()}
        for item in view.assignments.values()
        if item.shape.recorder and actor.roles & frozenset(item.shape.who)
    ]


def _numbered(view: RegisterView, rows: Sequence[Values], today: date) -> list[Values]:
    """The rows with a key given to each that has none, where the register numbers its own."""
    key, pattern = view.shape.key, view.shape.numbered
    if not pattern or all(values.get(key) for values in rows):
        return list(rows)
    head, width, tail = _parts(pattern.replace("{年}", str(today.year)))
    number = _highest(view.name, head, tail)
    numbered: list[Values] = []
    for values in rows:
        if not values.get(key):
            number += 1
            values = {**values, key: f"{head}{number:0{width}d}{tail}"}
        numbered.append(values)
    return numbered


def _highest(register: str, head: str, tail: str) -> int:
    """The highest number given so far. Of keys of one length the last number in order is the highest; a key somebody typed may be no number."""

    def number(key: str) -> int | None:
        text = key[len(head) : len(key) - len(tail)]
        return int(text) if text.isascii() and text.isdecimal() else None

    standing = Entry.objects.filter(register=register, key__startswith=head, key__endswith=tail).order_by().annotate(length=Length("key"))
    highest = 0
    for length, last in list(standing.values("length").annotate(last=Max("key")).values_list("length", "last")):
        found = number(last)
        if found is None:
            keys = standing.filter(length=length).order_by("-key").values_list("key", flat=True).iterator(chunk_size=50)
            found = next((one for key in keys if (one := number(key)) is not None), 0)
        highest = max(highest, found)
    return highest


def _parts(pattern: str) -> tuple[str, int, str]:
    """What stands before ``{号}`` or ``{号:4}``, how wide it is, and what stands behind."""
    match = re.fullmatch(r"(.*)\{号(?::(\d))?\}(.*)", pattern)
    return (match[1], int(match[2] or 1), match[3]) if match else (pattern, 1, "")


def _place(row: Incoming) -> dict[str, Any]:
    """Where a row came from: of a sheet the cell each value stood in, of a handoff the row that set it off."""
    cells = {"cells": {name: row.cells[name] for name in row.values if name in row.cells}} if row.cells else {}
    return {**cells, **({"origin": row.origin} if row.origin else {})}


def missing(view: RegisterView, changed: Values, row: Incoming) -> list[Refusal]:
    """A refusal for each field that must be filled in and would be emptied."""
    why = Refused("必须填写，不能清空", "must be filled in and cannot be emptied", "")
    return [
        Refusal(field, view.shape.fields[field].title, why, row.cells.get(field, ""))
        for field, value in changed.items()
        if value is None and view.shape.fields[field].required
    ]


def _full(view: RegisterView, more: int) -> list[Refusal]:
    count = view.shape.count
    standing = Entry.objects.filter(register=view.name, withdrawn=False).count() if count else 0
    if not count or standing + more <= count:
        return []
    why = Refused(
        f"{view.shape.title}固定为 {count} 行，现有 {standing} 行，放不下 {more} 行",
        f"the register holds exactly {count} rows; it has {standing} and cannot take {more} more",
        "先撤回要替换的行",
    )
    return [Refusal("", view.shape.title, why)]


def taken(view: RegisterView, fresh: Sequence[Entry], rows: Sequence[Incoming], but: Collection[int] = ()) -> list[Refusal]:
    """A refusal for each row whose key, or whose group of fields that must be unique, is there already (but in the rows `but`) or comes twice."""
    return [refusal for found in taken_by_row(view, fresh, rows, but) for refusal in found]


def taken_by_row(view: RegisterView, fresh: Sequence[Entry], rows: Sequence[Incoming], but: Collection[int] = ()) -> list[list[Refusal]]:
    """The same, those of each row by themselves. A row with a proper key may be what one with a provisional key was waiting for: it stands beside it."""
    found: list[list[Refusal]] = [[] for _row in rows]
    for group in [[view.shape.key], *view.shape.unique]:
        standing = references.standing(view, group, fresh)
        for refusals, entry, row in zip(found, fresh, rows, strict=True):
            values = tuple(str(entry.data.get(field)) for field in group)
            other = standing.get(values)
            clashes = other is not None and other != entry.pk and other not in but and None not in (entry.data.get(field) for field in group)
            if clashes and other is not None and not _waited_for(view, entry, other):
                titles = "、".join(view.shape.fields[field].title for field in group)
                why = Refused(
                    f"{titles}“{'、'.join(values)}”已经登记过", f"“{', '.join(values)}” is recorded already", "改用别的值，或修改已有的那一行"
                )
                refusals.append(Refusal(group[0], titles, why, row.cells.get(group[0], "")))
            standing.setdefault(values, entry.pk)
    return found


def _waited_for(view: RegisterView, entry: Entry, other: int) -> bool:
    """Whether a row has a proper key and the other one only a provisional one."""
    form = view.shape.fields[view.shape.key].provisional
    if not form or patterns.fits(form, entry.key):
        return False
    key = Entry.objects.filter(pk=other).values_list("key", flat=True).first()
    return key is not None and patterns.fits(form, key)
