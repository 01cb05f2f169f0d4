"""Allocations of a quota: drafted, reviewed, confirmed by a second person, or laid aside. Who gets what is computed elsewhere.

An allocation is bound to what was read when it was computed: requests, amounts, order, values, and what each pool held. Who confirms hands in
what would be read now, under the ledger's lock: where anything has moved, nothing is booked. What is booked is the draft itself, and no account
gives more than it holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from itertools import islice
from typing import Any

from bihuan.foundation.access import Actor, may
from bihuan.foundation.actions.drafted import Sort, about, drop, review, to_confirm
from bihuan.foundation.actions.quotas import Booking, Line, book, measure, quota_in, titled
from bihuan.foundation.actions.writing import allow, day_of, record, view_of
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.quantities import format_quantity
from bihuan.foundation.grammar.quotas import Quota
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.ledger import New, canonical, writing
from bihuan.foundation.models import Allocation, Balance, Event, Grant
from bihuan.foundation.projections.ids import next_id

ALLOCATIONS = Sort(Allocation, "allocation", "分配方案", "allocation", "拟案", "又来了新的申请，另行拟案")
"""How an allocation goes."""

LINES = 2_000
"""So many lines stand in one entry of the ledger."""


@dataclass(frozen=True)
class GrantLine:
    """One line: the row, its place in the order (0: takes no part), what it asked and gets out of which accounts, how it came out, and why.

    ``read`` is what was read of it, in whole numbers and words; ``facts`` what its reason is told from.
    """

    entry: int
    key: str
    place: int
    asked: int | None
    parts: Sequence[tuple[str, int]]
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    read: Sequence[Any] = ()

    @property
    def amount(self) -> int:
        """What it gets, or gives back, in all."""
        return sum(amount for _account, amount in self.parts)

    @property
    def mark(self) -> str:
        """The digest of what was read of it."""
        return sha256(canonical([self.key, list(self.read)]).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class AllocationDraft:
    """An allocation as computed: ``purpose`` is grant or return; ``pools`` what each account had to give; ``value`` the best there is, in hundredths."""

    quota: str
    register: str
    purpose: str
    title: str
    day: date
    period: str
    position: int
    position_hash: str
    rules: Sequence[Sequence[str | int]]
    pools: Mapping[str, int]
    lines: Sequence[GrantLine]
    value: int = 0

    @property
    def digest(self) -> str:
        """The digest of all that was read, whatever order the lines are in."""
        read = [self.quota, self.purpose, self.period, dict(self.pools), sorted(line.mark for line in self.lines)]
        return sha256(canonical(read).encode()).hexdigest()


def draft_allocation(actor: Actor, draft: AllocationDraft, at: datetime) -> Allocation:
    """Keep an allocation as a draft. Rejected where there is no request, or nothing to take back."""
    allow(may(actor, "allocation.draft", view_of(draft.register, at)))
    if not any(line.amount for line in draft.lines) and (draft.purpose == "return" or not draft.lines):
        what, what_en = ("没有可收回的额度", "there is nothing to take back") if draft.purpose == "return" else ("没有一件申请，不必分配", "there is no request")
        raise rejected(Refused(what, what_en, ""))
    with writing():
        number = next_id(Allocation, "default")
        body = {
            "id": number, "quota": draft.quota, "purpose": draft.purpose, "title": draft.title, "day": draft.day.isoformat(), "period": draft.period,
            "position": draft.position, "position_hash": draft.position_hash, "rules": [list(rule) for rule in draft.rules], "pools": dict(draft.pools),
            "digest": draft.digest, "count": len(draft.lines), "granted": sum(line.amount > 0 for line in draft.lines),
            "asked": sum(line.asked or 0 for line in draft.lines), "total": sum(line.amount for line in draft.lines), "value": draft.value,
            "on": day_of(at).isoformat(),
        }  # fmt: skip
        record(New("allocation.drafted", body, actor.username, at, draft.register))
        first, waiting = next_id(Grant, "default"), iter(draft.lines)
        while part := list(islice(waiting, LINES)):
            lines = [
                [one.entry, one.place, one.asked, one.amount, [list(taken) for taken in one.parts], one.code, dict(one.facts), one.mark] for one in part
            ]
            record(New("allocation.listed", {"id": number, "first": first, "lines": lines}, actor.username, at, draft.register))
            first += len(part)
        return Allocation.objects.get(pk=number)


def review_allocation(actor: Actor, number: int, at: datetime) -> Event:
    """Say that a draft was looked through."""
    return review(ALLOCATIONS, actor, number, at)


def confirm_allocation(actor: Actor, number: int, computed: AllocationDraft | None, at: datetime) -> Event:
    """Confirm a reviewed allocation and book it. ``computed`` is what would be drafted now, read again under the ledger's lock.

    Rejected where the person drafted or reviewed it, where anything that was read has moved, and where an account holds too little.
    """
    with writing():
        allocation = to_confirm(ALLOCATIONS, actor, number, at)
        view = view_of(allocation.register, at)
        if computed is None or computed.digest != allocation.digest:
            raise rejected(_moved(allocation, computed))
        item = quota_in(view, allocation.quota)
        lines = _lines(allocation)
        _covered(item, allocation, lines, lambda amount: format_quantity(amount, measure(view, item)))
        confirmed = record(about(ALLOCATIONS, allocation, "confirmed", {"digest": allocation.digest}, actor, at))
        for start in range(0, len(lines), LINES):
            booking = Booking(allocation.purpose, allocation.period, lines[start : start + LINES], allocation.title, allocation.pk)
            book(actor, item, booking, at)
        return confirmed


def drop_allocation(actor: Actor, number: int, reason: str, at: datetime) -> Event:
    """Lay an allocation aside before it is confirmed, with a reason."""
    return drop(ALLOCATIONS, actor, number, reason, at)


def _lines(allocation: Allocation) -> list[Line]:
    """The postings of an allocation: from the pool to the row's own account beside it, or back."""
    stored = allocation.grants.filter(amount__gt=0).order_by("pk").values_list("entry_id", "parts")
    return [(account, account, entry, amount) for entry, parts in stored for account, amount in parts]


def _covered(item: Item[Quota], allocation: Allocation, lines: Sequence[Line], said: Any) -> None:
    """Rejected where an account would give more than it holds: the last word on over-commitment, whatever was computed."""
    wanted: Counter[tuple[str, int | None]] = Counter()
    for giver, _taker, entry, amount in lines:
        wanted[giver, entry if allocation.purpose == "return" else None] += amount
    stored = Balance.objects.filter(quota=allocation.quota, period=allocation.period, account__in={account for account, _entry in wanted})
    held = {(one.account, one.entry_id): one.amount for one in stored}
    for (account, entry), amount in wanted.items():
        if held.get((account, entry), 0) < amount:
            there = held.get((account, entry), 0)
            raise rejected(Refused(
                f"“{titled(item, account)}”只有 {said(there)}，方案要动用 {said(amount)}：没有入账",
                f"{account} holds {said(there)}, the allocation takes {said(amount)}: nothing was booked", "",
            ))  # fmt: skip


def _moved(allocation: Allocation, computed: AllocationDraft | None) -> Refused:
    """What has moved since the draft, a few by name."""
    if computed is None:
        return Refused("当日的规则里已没有这个额度，没有入账", "the rules of that day have no such quota: nothing was booked", "")
    before = dict(allocation.grants.values_list("entry__key", "mark"))
    now = {line.key: line.mark for line in computed.lines}
    changed = sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
    changed += sorted(account for account in allocation.pools.keys() | computed.pools.keys() if allocation.pools.get(account) != computed.pools.get(account))
    named = "、".join(changed[:5]) + ("……" if len(changed) > 5 else "")
    return Refused(
        f"拟案之后数据动了，有 {len(changed)} 处与现在不同：{named}。没有入账，请作废后重新拟案",
        f"the data moved since it was drafted, in {len(changed)} places: {named}. Nothing was booked; lay it aside and draft it again", "",
    )  # fmt: skip
