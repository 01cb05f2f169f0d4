"""What time alone changes: a day that comes turns lights, opens and misses duties, warns, escalates and drafts the period's papers.

Days are swept one by one, in order, each in one transaction with the high-water mark, so that every day happens exactly once whoever
sweeps and however often. A clock that goes back is refused; one that jumps far ahead is held until a person confirms it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from bihuan.computing import follow, owing, papers, tables
from bihuan.computing.follow import SWEEP, Progress, parked, record_owing, record_turned
from bihuan.computing.grouped import turned_groups
from bihuan.computing.judge import Turned, judge
from bihuan.computing.papers import About
from bihuan.computing.tables import Columns
from bihuan.computing.triggers import items_of
from bihuan.foundation import ledger
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import draft_paper, record
from bihuan.foundation.actions.clockwork import clock_of, in_days, timing_body, timing_of
from bihuan.foundation.actions.writing import day_of
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.clocks import climbed
from bihuan.foundation.grammar.documents import Document, Periodic
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.periods import Period
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.spans import settled
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.grammar.workdays import Span, state_council
from bihuan.foundation.ledger import New
from bihuan.foundation.models import Cursor, Duty

LONGEST_JUMP = 40
"""Days. A longer step means a wrong clock or a long standstill; firing months of escalations at once needs a person's word."""

CLOCK = "clock"


@dataclass
class Swept:
    """The days swept, and what came of them. ``refused``: why nothing was done, in Chinese and English."""

    days: list[date] = field(default_factory=list)
    verdicts: int = 0
    duties: int = 0
    warned: int = 0
    escalated: int = 0
    drafted: int = 0
    parked: list[str] = field(default_factory=list)
    refused: tuple[str, str] | None = None
    followed: Progress | None = None


def sweep(at: datetime, *, confirmed: bool = False) -> Swept:
    """Sweep every day up to that of `at` which was not swept yet, then follow the ledger.

    `confirmed`: a person has looked at the clock and wants a jump of more than LONGEST_JUMP days.
    """
    done, today = Swept(), day_of(at)
    mark = high_water()
    if mark and today < mark:
        done.refused = (
            f"时钟倒退：已处理到 {mark}，现在却是 {today}，请核对系统时间", f"the clock went back: {mark} was swept, and now it is {today}; check the clock",
        )  # fmt: skip
        return done
    if mark and (today - mark).days > LONGEST_JUMP and not confirmed:
        done.refused = (
            f"距上次处理（{mark}）已有 {(today - mark).days} 天，超过 {LONGEST_JUMP} 天，须人工确认：bihuan tick --confirm",
            f"{(today - mark).days} days since the last sweep ({mark}); more than {LONGEST_JUMP} need a person's word: bihuan tick --confirm",
        )
        return done
    # Not followed first: what was recorded on an earlier day is judged on the days since, one by one, and not of today at once.
    for day in _days(mark, today):
        sweep_day(day, at, done)
    done.followed = follow.catch_up(at)
    return done


def high_water() -> date | None:
    """The last day that was swept."""
    return Cursor.objects.filter(name=SWEEP).values_list("day", flat=True).first()


def _days(mark: date | None, today: date) -> Iterator[date]:
    day = mark + timedelta(days=1) if mark else today
    while day <= today:
        yield day
        day += timedelta(days=1)


def sweep_day(day: date, at: datetime, done: Swept) -> None:
    """One day, in one transaction; nothing where another worker has done it already."""
    with ledger.writing():
        held, _ = Cursor.objects.get_or_create(name=SWEEP)
        if held.day and held.day >= day:
            return
        columns = tables.current(day)
        turned = judge(columns, day)
        turned += Turned(tuple(turned_groups(columns, day)))
        record_turned(turned, at)
        owed = owing.owing(columns, day)
        record_owing(owed, at)
        done.parked += [f"{day} 第 {number} 行：{why}" for number, why in turned.failed] + [f"{day} {why}" for why in owed.failed]
        done.verdicts += len(turned.verdicts)
        done.duties += len(owed.open) + len(owed.change)
        _clocks(columns, day, at, done)
        for view, item, period in _papers_due(columns, day, done):
            about = About(day, period=period)
            done.drafted += parked(done.parked, f"{day} {item.name}", partial(_draft, columns, view, item, about, at))
        held.day = day
        held.save(update_fields=["day"])
        done.days.append(day)


def _clocks(columns: Columns, day: date, at: datetime, done: Swept) -> None:
    """Warnings and rungs of ladders that fall on this day (or fell on days when nothing could be swept)."""
    changes: dict[str, dict[str, Any]] = {}
    rungs: list[dict[str, Any]] = []
    standing = Duty.objects.filter(kind=CLOCK, closed_on__isnull=True, paused_on__isnull=True).order_by("pk")
    warned = list(standing.filter(warn_on__lte=day).values_list("key", flat=True))
    missed = list(standing.filter(due__lt=day).exclude(outcome=owing.MISSED).values_list("key", flat=True))
    for key in warned:
        changes[key] = {"key": key, "warn_on": None}
    for duty in standing.filter(escalate_on__lte=day):
        view = columns.catalogue.registers.get(duty.register)
        item = clock_of(view, duty) if view else None
        if view is None or item is None:
            done.parked.append(f"{day} {duty.key}：时限已不在现行机制里")
            continue
        timing, reached = climbed(in_days(view, item, duty.opened), timing_of(duty), day, state_council())
        changes[duty.key] = {**timing_body(timing), **changes.get(duty.key, {}), "key": duty.key}
        rungs += [{"key": duty.key, "to": rung.to, "level": duty.level + place} for place, rung in enumerate(reached, start=1)]
    for key in missed:
        changes[key] = {**changes.get(key, {}), "key": key, "outcome": owing.MISSED}
    if changes:
        body: dict[str, Any] = {"duties": {"open": [], "change": list(changes.values())}, "day": day.isoformat(), "warned": warned, "escalated": rungs, "missed": missed}
        record(New("duties.changed", body, SYSTEM.username, at))
    done.warned += len(warned)
    done.escalated += len(rungs)


def _papers_due(columns: Columns, day: date, done: Swept) -> Iterator[tuple[RegisterView, Item[Any], Period]]:
    """The documents of a period that are to be drafted on this day."""
    for view in columns.catalogue.registers.values():
        for item, trigger in items_of(view):
            if not isinstance(trigger, Periodic) or not isinstance(item.shape, Document):
                continue
            try:
                period = _due_period(settled(trigger, view.parameters, day, item.mechanism), day)
            except Refused as error:  # a year without holidays yet, a parameter without a value
                done.parked.append(f"{day} {item.name}：{error}")
                continue
            if period:
                yield view, item, period


def _due_period(trigger: Periodic, day: date) -> Period | None:
    """The period whose document is to be drafted on this very day, or None; a document may be due after the next period has ended."""
    span, period = Span.parse(trigger.due), periods.last_complete(trigger.every, day)
    for _ in range(3):
        due = state_council().add(period.last, span.count, span.unit)
        if max(due, period.last + timedelta(days=1)) == day:
            return period
        period = period.previous()
    return None


def _draft(columns: Columns, view: RegisterView, item: Item[Document], about: About, at: datetime) -> bool:
    draft_paper(SYSTEM, papers.compose(columns, view, item, about), at)
    return True
