"""Clocks made longer, stopped and set going again, and duties closed by hand."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from bihuan.foundation.access import SYSTEM, Actor, may, may_as
from bihuan.foundation.actions.clockwork import clock_of, in_days, timing_body, timing_of
from bihuan.foundation.actions.writing import allow, day_of, record, view_of
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar import clocks
from bihuan.foundation.grammar.clocks import Timing
from bihuan.foundation.grammar.lifecycles import Clock
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.workdays import Span, state_council
from bihuan.foundation.ledger import New, writing
from bihuan.foundation.models import Duty, Event


def extend(actor: Actor, key: str, by: str, reason: str, at: datetime) -> Event:
    """Give a running clock more time: `by` is ``5 working_days``. The rule says who approves it, how often and how much."""
    span = Span.parse(by)

    def longer(clock: Clock, timing: Timing) -> tuple[str, Timing]:
        return clock.extension.approver if clock.extension else "", clocks.extended(clock, timing, span, state_council())

    return _retimed("duty.extended", actor, key, reason, at, longer)


def pause(actor: Actor, key: str, reason: str, at: datetime) -> Event:
    """Stop a running clock, where its rule allows that."""

    def still(clock: Clock, timing: Timing) -> tuple[str, Timing]:
        return _pauser(clock), clocks.paused(clock, timing, day_of(at))

    return _retimed("duty.paused", actor, key, reason, at, still)


def resume(actor: Actor, key: str, reason: str, at: datetime) -> Event:
    """Set a stopped clock going again: what was left is counted from today."""

    def running(clock: Clock, timing: Timing) -> tuple[str, Timing]:
        return _pauser(clock), clocks.resumed(clock, timing, day_of(at), state_council())

    return _retimed("duty.resumed", actor, key, reason, at, running)


def close_duty(actor: Actor, key: str, reason: str, at: datetime) -> Event:
    """Close a duty that only a person can say is done: a handed-over matter taken up, a review made.

    Clocks stop by moves and reports are met by figures; those are rejected here.
    """
    with writing():
        duty = _open(key)
        if duty.kind in ("clock", "cadence"):
            raise rejected(Refused(f"“{duty.title}”由办理或填报自动销号", f"“{duty.title}” is closed by the work itself", ""), key, duty.title)
        _allow_on(actor, duty, at)
        on = day_of(at)
        outcome = "late" if duty.due and on > duty.due else "met"
        part = {"key": duty.key, "closed_on": on.isoformat(), "outcome": outcome}
        return record(_about(duty, "duty.closed", part, reason, actor, at))


def recount(at: datetime) -> Event | None:
    """Count again every running clock whose due day rests on another edition of the table of holidays; None where nothing moves."""
    calendar = state_council()
    with writing():
        parts: list[dict[str, Any]] = []
        for duty in Duty.objects.filter(kind="clock", closed_on__isnull=True).exclude(calendar=calendar.version):
            view = view_of(duty.register, at)
            item = clock_of(view, duty)
            if item:
                timing = clocks.recounted(in_days(view, item, duty.opened), timing_of(duty), calendar)
                parts.append({"key": duty.key, **timing_body(timing)})
        if not parts:
            return None
        body = {"duties": {"open": [], "change": parts}, "reason": f"节假日表 {calendar.version}"}
        return record(New("duties.changed", body, SYSTEM.username, at))


def _retimed(
    kind: str, actor: Actor, key: str, reason: str, at: datetime, change: Callable[[Clock, Timing], tuple[str, Timing]]
) -> Event:
    if not reason.strip():
        raise rejected(Refused("须写明理由", "needs a reason", "等待省级批复"), "reason", "理由")
    with writing():
        duty = _open(key)
        view = view_of(duty.register, at)
        item = clock_of(view, duty)
        if item is None or duty.entry is None:
            raise rejected(Refused(f"“{duty.title}”不是时限", f"“{duty.title}” is no clock", ""), key, duty.title)
        try:
            approver, timing = change(in_days(view, item, duty.opened), timing_of(duty))
        except Refused as why:
            raise rejected(why, key, duty.title) from why
        if not approver:
            raise rejected(Refused(f"“{duty.title}”不得暂停或延期", f"“{duty.title}” may be neither paused nor extended", ""), key, duty.title)
        allow(may_as(actor, [approver], view, duty.entry))
        return record(_about(duty, kind, {"key": duty.key, **timing_body(timing)}, reason, actor, at))


def _pauser(clock: Clock) -> str:
    return clock.pause.approver if clock.pause else ""


def _open(key: str) -> Duty:
    duty = Duty.objects.select_related("entry").filter(key=key, closed_on__isnull=True).first()
    if duty is None:
        raise rejected(Refused("没有这项未了的责任", "there is no such open duty", ""), key)
    return duty


def _allow_on(actor: Actor, duty: Duty, at: datetime) -> None:
    view = view_of(duty.register, at) if duty.entry else None
    allow(may(actor, "close_duty", view, duty.entry))


def _about(duty: Duty, kind: str, part: dict[str, Any], reason: str, actor: Actor, at: datetime) -> New:
    entry = duty.entry.key if duty.entry else ""
    body = {"duties": {"open": [], "change": [part]}, "old_due": _text(duty.due), "reason": reason}
    return New(kind, body, actor.username, at, duty.register, entry)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
