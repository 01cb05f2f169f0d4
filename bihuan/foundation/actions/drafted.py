"""The steps that lists of payments and allocations share: drafted, then reviewed, then confirmed by a second person, or laid aside before that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from bihuan.foundation.access import Actor, may
from bihuan.foundation.actions.writing import allow, day_of, record, view_of
from bihuan.foundation.checking import rejected
from bihuan.foundation.drafted_table import Drafted
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.ledger import New, writing
from bihuan.foundation.models import Event

T = TypeVar("T", bound=Drafted)


@dataclass(frozen=True)
class Sort(Generic[T]):
    """One sort of thing: its table, the first word of its rights and of its kinds of events, and what it is called.

    ``drafting`` is what drafting it is called, ``again`` a sample of a reason to lay one aside.
    """

    table: type[T]
    word: str
    zh: str
    en: str
    drafting: str
    again: str


def numbered(sort: Sort[T], number: int, *states: str) -> T:
    """The one of that number, in one of these states. Rejected where there is none, or it is past its turn."""
    found = sort.table._default_manager.filter(pk=number).first()
    if found is None:
        raise rejected(Refused(f"没有第 {number} 号{sort.zh}", f"there is no {sort.en} {number}", ""))
    if found.state not in states:
        what, what_en = _TURNS[states]
        raise rejected(Refused(f"第 {number} 号{sort.zh}{what}", f"{sort.en} {number} {what_en}", ""))
    return found


_DRAFTED, _REVIEWED, _WAITING = ("drafted",), ("reviewed",), ("drafted", "reviewed")
_TURNS: Mapping[tuple[str, ...], tuple[str, str]] = {
    _DRAFTED: ("不是待复核的草案", "is no draft to be reviewed"),
    _REVIEWED: ("没有复核，或已经确认", "was not reviewed, or was confirmed already"),
    _WAITING: ("已经确认或作废", "was confirmed or laid aside already"),
}


def review(sort: Sort[T], actor: Actor, number: int, at: datetime) -> Event:
    """Say that a draft was looked through."""
    with writing():
        found = numbered(sort, number, *_DRAFTED)
        allow(may(actor, f"{sort.word}.review", view_of(found.register, at)))
        return record(about(sort, found, "reviewed", {"digest": found.digest}, actor, at))


def to_confirm(sort: Sort[T], actor: Actor, number: int, at: datetime) -> T:
    """The one that this person may confirm now, inside `writing`. Rejected where it is not its turn, or the person drafted or reviewed it."""
    found = numbered(sort, number, *_REVIEWED)
    allow(may(actor, f"{sort.word}.confirm", view_of(found.register, at)))
    if actor.username in (found.drafted_by, found.reviewed_by):
        raise rejected(Refused(
            f"{sort.drafting}、复核和确认不能是同一个人：请另一位同志确认", f"who drafted or reviewed the {sort.en} does not confirm it: ask somebody else", "",
        ))  # fmt: skip
    return found


def drop(sort: Sort[T], actor: Actor, number: int, reason: str, at: datetime) -> Event:
    """Lay one aside before it is confirmed, with a reason."""
    with writing():
        found = numbered(sort, number, *_WAITING)
        allow(may(actor, f"{sort.word}.draft", view_of(found.register, at)))
        if not reason.strip():
            raise rejected(Refused(f"作废{sort.zh}须写明理由", f"laying the {sort.en} aside needs a reason", sort.again), "reason", "理由")
        return record(about(sort, found, "dropped", {"reason": reason}, actor, at))


def about(sort: Sort[T], one: T, step: str, body: Mapping[str, str | int], actor: Actor, at: datetime) -> New:
    """The entry of a step that was taken."""
    return New(f"{sort.word}.{step}", {"id": one.pk, **body, "on": day_of(at).isoformat()}, actor.username, at, one.register)
