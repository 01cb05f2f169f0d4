"""Clocks made longer, stopped and set going again, on request where their rule wants one, and duties closed by hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from bihuan.foundation.access import SYSTEM, Actor, Decision, may, may_as
from bihuan.foundation.actions.clockwork import clock_of, in_days, timing_body, timing_of
from bihuan.foundation.actions.writing import Forbidden, allow, day_of, record, view_of
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar import clocks
from bihuan.foundation.grammar.clocks import Timing
from bihuan.foundation.grammar.lifecycles import Clock, Extension, Pause
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.grammar.workdays import Span, state_council
from bihuan.foundation.ledger import New, writing
from bihuan.foundation.models import Duty, Entry, Event

Wish = Literal["extend", "pause"]
"""What may be asked for about a clock."""

NO_REQUEST: dict[str, Any] = {"asked": "", "request": {}}
"""What a duty holds when nothing is asked for."""

WORDS = {"extend": ("延期", "more time"), "pause": ("暂停", "a stop")}


@dataclass(frozen=True)
class _Running:
    """A running clock with its rule as it counts on the day it was opened, and the row it runs on."""

    duty: Duty
    entry: Entry
    view: RegisterView
    clock: Clock

    @property
    def timing(self) -> Timing:
        """How it stands."""
        return timing_of(self.duty)


def ask(actor: Actor, key: str, wish: Wish, reason: str, at: datetime, by: str = "") -> Event:
    """Ask for more time (`by`: ``5 working_days``) or for a stop, where the clock's rule says who asks. Somebody else answers.

    Rejected where the rule knows no request, where one waits already, and where it could not be granted anyhow.
    """
    with writing():
        found = _running(key, reason, at)
        rule, (word, word_en) = rule_of(found.clock, wish), WORDS[wish]
        title, title_en = found.clock.title, found.clock.title_en or found.clock.title
        if rule is None or not rule.asked_by:
            raise rejected(Refused(f"“{title}”没有申请{word}这一步", f"“{title_en}” knows no request for {word_en}", ""), key, title)
        allow(may_as(actor, rule.asked_by, found.view, found.entry))
        if found.duty.asked:
            waiting = WORDS[found.duty.asked]
            raise rejected(Refused(f"已申请{waiting[0]}，等待批准", f"{waiting[1]} is asked for already and waits for an answer", ""), key, title)
        _changed(found, wish, by, day_of(at))
        request = {"by": by if wish == "extend" else "", "reason": reason, "person": actor.username, "on": day_of(at).isoformat()}
        return record(_about(found.duty, "duty.asked", {"key": key, "asked": wish, "request": request}, reason, actor, at))


def decline(actor: Actor, key: str, reason: str, at: datetime) -> Event:
    """Turn a request down, with a reason: the clock runs on as it did."""
    with writing():
        found = _running(key, reason, at)
        rule = rule_of(found.clock, found.duty.asked)
        if rule is None:
            raise rejected(Refused("没有等待批准的申请", "no request waits for an answer", ""), key, found.clock.title)
        allow(may_as(actor, [rule.approver], found.view, found.entry))
        return record(_about(found.duty, "duty.declined", {"key": key, **NO_REQUEST}, reason, actor, at))


def extend(actor: Actor, key: str, by: str, reason: str, at: datetime) -> Event:
    """Give a running clock more time: `by` is ``5 working_days``. The rule says who approves it, on whose request, how often and how much."""
    return _granted("extend", actor, key, reason, at, by)


def pause(actor: Actor, key: str, reason: str, at: datetime) -> Event:
    """Stop a running clock, where its rule allows that."""
    return _granted("pause", actor, key, reason, at)


def resume(actor: Actor, key: str, reason: str, at: datetime) -> Event:
    """Set a stopped clock going again: what was left is counted from today."""
    with writing():
        found = _running(key, reason, at)
        rule = found.clock.pause
        timing = _tried(found, lambda: clocks.resumed(found.clock, found.timing, day_of(at), state_council()))
        allow(may_as(actor, [rule.approver] if rule else [], found.view, found.entry))
        return record(_about(found.duty, "duty.resumed", {"key": key, **timing_body(timing)}, reason, actor, at))


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


def rule_of(clock: Clock, wish: str) -> Pause | Extension | None:
    """The rule of a clock about one thing that may be asked for; None where it has none."""
    return {"extend": clock.extension, "pause": clock.pause}.get(wish)


def _granted(wish: Wish, actor: Actor, key: str, reason: str, at: datetime, by: str = "") -> Event:
    """Change a clock as somebody asked and this actor approves, or in one step where the rule knows no request."""
    with writing():
        found = _running(key, reason, at)
        timing = _changed(found, wish, by, day_of(at))
        rule = rule_of(found.clock, wish)
        assert rule  # `_changed` refuses what has no rule
        allow(may_as(actor, [rule.approver], found.view, found.entry))
        _approving(found, actor, wish, rule.asked_by)
        part = {"key": key, **timing_body(timing), **NO_REQUEST} if found.duty.asked == wish else {"key": key, **timing_body(timing)}
        return record(_about(found.duty, {"extend": "duty.extended", "pause": "duty.paused"}[wish], part, reason, actor, at))


def _approving(found: _Running, actor: Actor, wish: Wish, asked_by: Sequence[str]) -> None:
    """Where the rule wants a request: there is one, and it was another person's."""
    title, (word, word_en) = found.clock.title, WORDS[wish]
    if asked_by and found.duty.asked != wish:
        raise rejected(Refused(f"{word}须先由 {'、'.join(asked_by)} 申请", f"{word_en} is asked for first, by {' or '.join(asked_by)}", ""), found.duty.key, title)
    if found.duty.asked == wish and found.duty.request.get("person") == actor.username:
        raise Forbidden(Decision(False, "不能批准自己的申请：须由他人批准", "nobody approves their own request"))


def _changed(found: _Running, wish: Wish, by: str, today: date) -> Timing:
    """The clock as it would be."""
    if wish == "extend":
        try:
            span = Span.parse(by)
        except Refused as why:
            raise rejected(why, found.duty.key, found.clock.title) from why
        return _tried(found, lambda: clocks.extended(found.clock, found.timing, span, state_council()))
    if found.clock.pause is None:
        title = found.clock.title
        raise rejected(Refused(f"“{title}”不得暂停", f"“{found.clock.title_en or title}” may not be paused", ""), found.duty.key, title)
    return _tried(found, lambda: clocks.paused(found.clock, found.timing, today))


def _tried(found: _Running, change: Callable[[], Timing]) -> Timing:
    try:
        return change()
    except Refused as why:
        raise rejected(why, found.duty.key, found.clock.title) from why


def _running(key: str, reason: str, at: datetime) -> _Running:
    """The running clock of that key; rejected where there is none or where no reason is given."""
    if not reason.strip():
        raise rejected(Refused("须写明理由", "needs a reason", "等待省级批复"), "reason", "理由")
    duty = _open(key)
    view = view_of(duty.register, at)
    item = clock_of(view, duty)
    if item is None or duty.entry is None:
        raise rejected(Refused(f"“{duty.title}”不是时限", f"“{duty.title}” is no clock", ""), key, duty.title)
    return _Running(duty, duty.entry, view, in_days(view, item, duty.opened))


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
