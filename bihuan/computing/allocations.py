"""Allocations of a quota: drafted from the requests as they stand, confirmed only where all that was read is still so, and computed again years later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bihuan.computing.optimum import best
from bihuan.computing.requests import Asking, Reading, ordered, requests, unused
from bihuan.computing.tables import Columns, current
from bihuan.foundation import loading
from bihuan.foundation.access import Actor
from bihuan.foundation.actions import AllocationDraft, GrantLine, confirm_allocation, draft_allocation
from bihuan.foundation.checking import rejected
from bihuan.foundation.evaluating import sandbox
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.allotting import Displacing, Request, Share, Terms, chosen, in_order, left_after
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.quotas import Quota
from bihuan.foundation.grammar.references_quotas import share_of
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import writing
from bihuan.foundation.models import Allocation, Event
from bihuan.foundation.replaying import catch_up, scratch

NAMED = 3
"""So many rows are named where a sentence says who got it, or who would have to give way."""

PURPOSES = ("grant", "return")
"""What an allocation may be for: granting requests, or taking back what is unused."""


@dataclass(frozen=True)
class Asked:
    """What an allocation is asked for: of which quota, on which day, whether to grant or to take back; and the columns it is read from."""

    columns: Columns
    view: RegisterView
    item: Item[Quota]
    day: date
    purpose: str = "grant"


def drafted(asked: Asked) -> AllocationDraft:
    """What an allocation comes to. Raises Refused where the best value is sought and cannot be proved."""
    if asked.purpose == "return":
        return _draft(asked, [_returned(asked.item, *row) for row in unused(asked.columns, asked.view, asked.item, asked.day)])
    reading = requests(asked.columns, asked.view, asked.item, asked.day)
    lines, value = _decided(reading)
    return _draft(asked, lines, reading.pools, value)


def read_again(asked: Asked) -> AllocationDraft:
    """The same as far as it is read, with nothing decided: what an allocation is compared with before it is confirmed."""
    if asked.purpose == "return":
        return drafted(asked)
    reading = requests(asked.columns, asked.view, asked.item, asked.day)
    return _draft(asked, [_plain(one) for one in reading.asking], reading.pools)


def keep(actor: Actor, draft: AllocationDraft, at: datetime) -> Allocation:
    """Keep a draft. Raises Forbidden, and Rejected where there is nothing to allocate."""
    return draft_allocation(actor, draft, at)


def computed(register: str, word: str, day: date, purpose: str = "grant") -> AllocationDraft:
    """What an allocation of a quota comes to as the ledger stands. Rejected where there is no such quota, or no proof of the best value."""
    columns = current(day)
    view = columns.catalogue.registers.get(register)
    item = view.quotas.find(word) if view else None
    if view is None or item is None:
        raise rejected(Refused(f"{day} 的规则里没有额度“{word}”", f"the rules of {day} have no quota “{word}”", ""))
    if purpose == "return" and item.shape.take_back is None:
        raise rejected(Refused(f"“{item.shape.title}”没有写 take_back，未用的不收回", f"{item.key} has no take_back: nothing is taken back", ""))
    try:
        return drafted(Asked(columns, view, item, day, purpose))
    except Refused as error:
        raise rejected(error) from error


def confirm(actor: Actor, number: int, at: datetime) -> Event:
    """Confirm a reviewed allocation, read again under the ledger's lock: nobody can change anything between the two.

    Raises Forbidden, and Rejected: not reviewed, the same person, or something moved since it was drafted.
    """
    with writing():
        allocation = Allocation.objects.filter(pk=number, state="reviewed").first()
        if allocation is None:
            return confirm_allocation(actor, number, None, at)  # says why not
        columns = current(allocation.day)
        view = columns.catalogue.registers.get(allocation.register)
        item = view.quotas.find(allocation.quota) if view else None
        now = read_again(Asked(columns, view, item, allocation.day, allocation.purpose)) if view and item else None
        return confirm_allocation(actor, number, now, at)


@dataclass(frozen=True)
class Again:
    """An allocation computed again from the ledger as it stood: whether it came out the same, and which rows did not."""

    same: bool
    count: int
    differing: tuple[str, ...]


def again(allocation: Allocation) -> Again:
    """Replay the ledger up to the position of an allocation, aside, and compute it once more by the packs of then."""
    catalogue = loading.catalogue_of([(pack, number) for pack, number, _ in allocation.rules])
    view = catalogue.registers[allocation.register]
    item = view.quotas.find(allocation.quota)
    assert item is not None
    with scratch() as using:
        catch_up(using, 0, allocation.position)
        columns = Columns(sandbox(threads=1), catalogue=catalogue, using=using)
        try:
            columns.read(allocation.position, allocation.position_hash)
            draft = drafted(Asked(columns, view, item, allocation.day, allocation.purpose))
        finally:
            columns.connection.close()
    before = {key: [mark, parts] for key, mark, parts in allocation.grants.values_list("entry__key", "mark", "parts")}
    now = {line.key: [line.mark, [list(part) for part in line.parts]] for line in draft.lines}
    differing = tuple(sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key)))
    return Again(not differing and draft.digest == allocation.digest, len(draft.lines), differing)


# --- who gets what


def _decided(reading: Reading) -> tuple[list[GrantLine], int]:
    """Every request with what it gets and why, and the value of all that is granted."""
    quota = reading.item.shape
    asking = ordered(quota, reading.asking)
    wanted = [Request(one.key, one.asked or 0, one.pools, one.value) for one in asking]
    if quota.method == "optimum":
        found = best(wanted, reading.pools)
        shares, value = chosen(wanted, reading.pools, found.parts), found.value
    else:
        shares, value = in_order(wanted, reading.pools, Terms(quota.full == "skip", share_of(quota.least) if quota.least else None)), 0
    told = _Told(quota, asking, shares, left_after((part for share in shares for part in share.parts), reading.pools), value)
    lines = [_line(place, one, share, facts) for place, (one, share, facts) in enumerate(zip(asking, shares, told.facts(), strict=True), 1)]
    return lines + [_plain(one) for one in reading.asking if one.out is not None], value


@dataclass(frozen=True)
class _Told:
    """What the reasons of an allocation are told from."""

    quota: Quota
    asking: Sequence[Asking]
    shares: Sequence[Share]
    left: Mapping[str, int]
    value: int

    def facts(self) -> Iterator[dict[str, Any]]:
        """The facts of each line, in their order."""
        granted = [(one, share) for one, share in zip(self.asking, self.shares, strict=True) if share.amount]
        cut = [granted[-1][0].key, granted[-1][0].turns[0]] if granted else []
        displacing, stop = Displacing(self.shares, self.left), ""
        count, amount, names = 0, 0, list[list[Any]]()
        for one, share in zip(self.asking, self.shares, strict=True):
            facts: dict[str, Any] = {"score": one.turns[0], "left": share.left}
            if self.quota.method == "order":
                facts |= {"cut": cut, "before": {"count": count, "amount": amount, "names": names[-NAMED:]}, **({"stop": stop} if share.code == "behind" else {})}
            else:
                facts |= {"value": one.value, "before": {"count": count, "amount": amount, "names": names[-NAMED:]}, "total": self.value}
            if share.code == "outbid":
                facts["displaced"] = _displaced(displacing.way(share.request))
            if share.amount:
                count, amount, names = count + 1, amount + share.amount, [*names[-NAMED:], [one.key, share.amount]]
            if not stop and share.amount < share.request.asked:
                stop = one.key
            yield facts


def _displaced(way: Sequence[Share]) -> dict[str, Any]:
    names = [[share.request.key, share.amount, share.request.value] for share in sorted(way, key=lambda share: share.request.key)[:NAMED]]
    return {"count": len(way), "value": sum(share.request.value for share in way), "names": names}


def _line(place: int, one: Asking, share: Share, facts: Mapping[str, Any]) -> GrantLine:
    return GrantLine(one.entry, one.key, place, one.asked, share.parts, share.code, facts, one.read)


def _plain(one: Asking) -> GrantLine:
    """A request that takes no part, or of which nothing is decided."""
    code, said = one.out or ("", None)
    return GrantLine(one.entry, one.key, 0, one.asked, (), code, {"zh": said.zh, "en": said.en} if said else {}, one.read)


def _returned(item: Item[Quota], entry: int, key: str, amount: int | None, holding: Mapping[str, int]) -> GrantLine:
    """What one row gives back: at most what it holds, out of the account listed last first."""
    had = sum(holding.values())
    read = [amount, [[account, holding[account]] for account in sorted(holding)]]
    if amount is None:
        facts: dict[str, Any] = {"zh": "未用多少缺数据，无法判断，没有收回", "en": "what is unused lacks data: nothing is taken back"}
        return GrantLine(entry, key, 0, had, (), "unknown", facts, read)
    order = list(item.shape.accounts)
    parts, waiting = [], min(amount, had)
    for account in sorted(holding, key=lambda name: (-order.index(name.partition("/")[0]), name)):
        if waiting > 0:
            parts.append((account, min(waiting, holding[account])))
            waiting -= parts[-1][1]
    return GrantLine(entry, key, 0, had, tuple(parts), "returned", {"unused": amount}, read)


def _draft(asked: Asked, lines: Sequence[GrantLine], pools: Mapping[str, int] | None = None, value: int = 0) -> AllocationDraft:
    item, day = asked.item, asked.day
    period = periods.of(item.shape.every, day)
    name = {"grant": "分配方案", "return": "收回方案"}[asked.purpose]
    return AllocationDraft(
        quota=item.name, register=item.register, purpose=asked.purpose, title=f"{period.label}{item.shape.title}{name}（{day}）", day=day,
        period=period.text, position=asked.columns.position, position_hash=asked.columns.hash,
        rules=[[pack, number, numbers] for pack, number, numbers, _ in loading.versions_on(day)], pools=pools or {}, lines=lines, value=value,
    )  # fmt: skip
