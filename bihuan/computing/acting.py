"""One step of a worked example, done by the action a person would use; a step that must be refused is tried all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.computing import issuing
from bihuan.computing.sharing import share_out
from bihuan.foundation import actions
from bihuan.foundation.access import OFFICER, SYSTEM, Actor, outsider
from bihuan.foundation.actions import Forbidden, Incoming, Rejected, duties
from bihuan.foundation.actions.writing import record
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.examples import Step
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import New
from bihuan.foundation.models import Duty, Entry, Upload
from bihuan.foundation.projections.ids import next_id

Keyed = Callable[[RegisterView, Mapping[str, Any]], dict[str, Any]]
"""Turns a row by titles or keys into one by keys."""


class NotAnExample(ValueError):
    """The example speaks of something that is not there: a mechanism, a field, a row."""


def act(view: RegisterView, step: Step, keyed: Keyed) -> list[str]:
    """Do one step; gives what did not go as the example says."""
    deed = _deed(view, step, keyed)
    where = f"{step.on} {step.key}"
    if step.refused:
        return must_refuse(deed, step.refused, where)
    try:
        deed()
    except (Rejected, Forbidden, Refused) as error:
        return [f"{where}：本应办成，却被拒绝：{said_of(error)}"]
    return []


def _deed(view: RegisterView, step: Step, keyed: Keyed) -> Callable[[], object]:
    at = moment(date.fromisoformat(step.on))
    # Somebody of the city with the role that is named, an officer by default.
    actor = Actor(step.by or "经办人", frozenset({step.role or OFFICER}), enterprise=step.enterprise, everywhere=True)
    register = view.name
    if step.record:
        own = {} if view.shape.numbered and outsider(actor) else {view.shape.key: step.key}  # who hands something in gives no number
        values = {**own, **keyed(view, step.record)}
        return lambda: actions.record_entries(actor, register, [Incoming(values)], at)
    if step.change:
        edit = actions.Edit(keyed(view, step.change), _entry(view, step).version, step.reason)
        return lambda: actions.change_entry(actor, register, step.key, edit, at)
    if step.figures:
        source = actions.Source(reason=step.reason)
        return lambda: actions.record_figures(actor, register, list(_given(view, step, keyed)), at, source)
    if step.move:
        evidence = {name: _evidence(name, at) for name in step.evidence}
        values = keyed(view, step.with_)
        moved = actions.Step(step.move, _entry(view, step).version, values, evidence, step.reason)
        return lambda: actions.move(actor, register, step.key, moved, at)
    if step.assign:
        [(role, member)] = step.assign.items()
        charge = actions.Charge(role, member, reason=step.reason, approver=step.approver)
        return lambda: actions.assign(actor, register, step.key, charge, at)
    if step.override:
        hand = actions.HandSet(step.override.light, step.override.colour, date.fromisoformat(step.override.until), step.reason)
        return lambda: actions.override(actor, register, step.key, hand, at)
    if step.post or step.allocate or step.take_back:
        return lambda: share_out(view, step, at)
    if step.draft:
        return lambda: issuing.draft(actor, step.draft, step.key, at)
    if step.extend:
        duty, by = _duty(view, step, step.extend.clock), step.extend.by
        return lambda: actions.extend(actor, duty, by, step.reason, at)
    if step.ask:
        wanted = step.ask
        return lambda: duties.ask(actor, _duty(view, step, wanted.clock), "extend" if wanted.by else "pause", step.reason, at, wanted.by)
    if step.decline:
        return lambda: duties.decline(actor, _duty(view, step, step.decline), step.reason, at)
    act, clock = (actions.pause, step.pause) if step.pause else (actions.resume, step.resume)
    return lambda: act(actor, _duty(view, step, clock), step.reason, at)


def _entry(view: RegisterView, step: Step) -> Entry:
    entry = Entry.objects.filter(register=view.name, key=step.key).first()
    if entry is None:
        raise NotAnExample(f"“{view.shape.title}”里没有 {step.key}")
    return entry


def _given(view: RegisterView, step: Step, keyed: Keyed) -> Iterator[actions.FigureGiven]:
    assert view.shape.figures is not None
    for name, cells in keyed(view, step.figures).items():
        for period, raw in by_period(cells, view.shape.figures.every, date.fromisoformat(step.on)):
            yield actions.FigureGiven(step.key, name, period, raw)


def _duty(view: RegisterView, step: Step, clock: str) -> str:
    duty = Duty.objects.filter(entry=_entry(view, step), name=clock.rpartition(".")[2], closed_on__isnull=True).first()
    if duty is None:
        raise NotAnExample(f"{step.key} 没有在走的时限 {clock}")
    return duty.key


def _evidence(name: str, at: datetime) -> str:
    """A piece of evidence on record under a digest of its name."""
    digest = sha256(name.encode()).hexdigest()
    if not Upload.objects.filter(digest=digest).exists():
        body = {"id": next_id(Upload, "default"), "purpose": "evidence", "exchange": "", "name": name, "digest": digest, "size": len(name)}
        record(New("upload.received", body, SYSTEM.username, at))
    return digest


def moment(day: date) -> datetime:
    """Nine in the morning of a day, in the city."""
    return datetime.combine(day, time(9), ZoneInfo(settings.TIME_ZONE))


def by_period(cells: object, every: periods.Kind, day: date) -> Iterator[tuple[str, object]]:
    """Figures as written: a list from the first period of the day's year, a table of period and value, or the value of the day's period."""
    if isinstance(cells, list):
        period = periods.of(every, date(day.year, 1, 1)) if every != "week" else periods.of(every, date.fromisocalendar(day.year, 1, 1))
        for raw in cells:
            yield period.text, raw
            period = period.next()
    elif isinstance(cells, dict):
        yield from ((periods.parse(text, every).text, raw) for text, raw in cells.items())
    elif cells is not None:
        yield periods.of(every, day).text, cells


def must_refuse(deed: Callable[[], object], words: str, where: str) -> list[str]:
    """What is wrong when a deed that must be refused, in these words, is not: nothing, the other words, or that it was done."""
    try:
        deed()
    except (Rejected, Forbidden, Refused) as error:
        said = said_of(error)
        return [] if words in said else [f"{where}：拒绝的理由应含“{words}”，实为：{said}"]
    return [f"{where}：本应被拒绝（{words}），却办成了"]


def said_of(error: Rejected | Forbidden | Refused) -> str:
    """A refusal in Chinese, whichever layer it came from."""
    if isinstance(error, Rejected):
        return "；".join(refusal.text() for refusal in error.refusals)
    return error.decision.reason if isinstance(error, Forbidden) else error.text()
