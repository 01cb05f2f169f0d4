"""Rows with a past: what a city brings along when it begins to work here, in the states it had reached by then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bihuan.foundation.access import Actor, Decision, charge, may
from bihuan.foundation.actions import gates, references
from bihuan.foundation.actions.entries import amended, refuse, row_body, taken
from bihuan.foundation.actions.writing import Forbidden, Source, allow, day_of, record, view_of
from bihuan.foundation.checking import Incoming, Refusal, Value, check_row, rejected
from bihuan.foundation.grammar.catalogue import RegisterView
from bihuan.foundation.grammar.histories import refusals_of_past
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.ledger import New, writing
from bihuan.foundation.models import Entry, Event
from bihuan.foundation.projections.ids import next_id


@dataclass(frozen=True)
class Past:
    """A row as it was kept elsewhere: its values, and in a register with a lifecycle the state it is in and since when."""

    values: Mapping[str, object]
    state: str = ""
    since: date | None = None


def record_past(actor: Actor, register: str, rows: Sequence[Past], at: datetime, source: Source) -> Event:
    """Record rows with their past in one entry of the ledger, all of them or none; `source` must say where it is known from.

    Nothing that happened before is made to happen again: no handoff starts and no clock opens, so a row whose clock would still be
    running is refused and has to be recorded and moved like any other. Each row brings its key. Raises Forbidden, and Rejected with
    every refusal of every row: those of `record_entries`, and a state that its dates do not lead to.
    """
    view, today = view_of(register, at), day_of(at)
    allow(may(actor, "record", view))
    if not (source.reason.strip() or source.upload):
        raise rejected(Refused("历史记录须写明来源", "rows with a past need to say where they are known from", "原项目库导出，2023-12-31"), "reason", "来源")
    incoming = [Incoming(row.values) for row in rows]
    read = [check_row(view.shape, row, whole=True) for row in incoming]
    refuse([refusal for _values, refusals in read for refusal in refusals])
    values = [values for values, _refusals in read]
    refuse([refusal for row, known in zip(rows, values, strict=True) for refusal in _about_the_past(view, row, known, today)])
    with writing():
        start = next_id(Entry, "default")
        fresh = [_standing(view, start + place, row, known) for place, (row, known) in enumerate(zip(rows, values, strict=True))]
        refuse([
            *references.refusals_of(view, values, incoming, today),
            *taken(view, fresh, incoming),
            *gates.refusals_of(view, view.shape.entry_gate, fresh, today),
            *gates.refusals_of(view, view.shape.always, fresh, today),
        ])  # fmt: skip
        scope = charge(actor, view)
        for entry in fresh:
            if not scope.holds(entry):
                raise Forbidden(Decision(False, f"“{entry.key}”不在您的职责范围内", f"“{entry.key}” is not within your charge"))
        body = {"rows": [row_body(view, entry) for entry in fresh], **source.body()}
        return record(New("entries.imported", body, actor.username, at, register, fresh[0].key if len(fresh) == 1 else ""))


def _about_the_past(view: RegisterView, row: Past, values: Mapping[str, Value], today: date) -> list[Refusal]:
    """Why a row's state, its days or its clocks do not allow it to come in."""
    title, key = view.shape.title, values.get(view.shape.key)
    if not key:
        return [Refusal(view.shape.key, title, Refused("历史记录须带原来的编号", "a row with a past brings its key", ""))]
    if view.lifecycle is None:
        wrong = bool(row.state or row.since)
        return [Refusal("", str(key), Refused(f"{title}没有流程，不能写状态", "the register has no lifecycle", ""))] if wrong else []
    life = view.lifecycle.shape
    if row.since is None:
        return [Refusal("", str(key), Refused("须写明状态和进入日期", "needs its state and since when", ""))]
    found = refusals_of_past(life, row.state, row.since, values, today)
    if not found and view.clocks and not life.states[row.state].final:
        found.append(Refused(
            f"{title}有时限，未办结的行不能作为历史记入，请登记后逐步办理", "the register has clocks; record an unfinished row and move it", "",
        ))  # fmt: skip
    return [Refusal("", str(key), refused) for refused in found]


def _standing(view: RegisterView, number: int, row: Past, values: dict[str, Value]) -> Entry:
    """The row as it will stand, not saved."""
    bare = Entry(id=number, register=view.name, key=str(values[view.shape.key]), state=row.state, state_since=row.since, data={})
    return amended(view, bare, values)
