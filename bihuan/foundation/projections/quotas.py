"""Quotas: every amount that went from one account to another, and the allocations that are drafted, reviewed, confirmed or laid aside."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from bihuan.foundation.models import Allocation, Balance, Event, Grant, Posting
from bihuan.foundation.projections.ids import next_id
from bihuan.foundation.projections.putting import put

Body = dict[str, Any]
Account = tuple[str, int | None]
"""An account, and the row whose own it is."""


def post(event: Event, body: Body, using: str) -> Iterable[int]:
    """``quota.posted``: {quota, period, deed, first, allocation, sources, lines: [[giver, taker, entry, amount], …], basis, on}.

    Of a grant the taker is the row's own account, of a return the giver. Balances change with the postings, in the same transaction.
    """
    postings = [
        Posting(
            id=number, quota=body["quota"], period=body["period"], deed=body["deed"], giver=giver, taker=taker, entry_id=entry,
            amount=amount, allocation_id=body["allocation"], basis=body["basis"], on=date.fromisoformat(body["on"]), by=event.actor, seq=event.seq,
        )
        for number, (giver, taker, entry, amount) in enumerate(body["lines"], start=body["first"])
    ]  # fmt: skip
    put(postings, using)
    _balance(event, body, using)
    return {entry for _giver, _taker, entry, _amount in body["lines"] if entry is not None}


def _balance(event: Event, body: Body, using: str) -> None:
    changes: dict[Account, int] = {}
    for giver, taker, entry, amount in body["lines"]:
        given: Account = (giver, entry if body["deed"] == "return" else None)
        taken: Account = (taker, entry if body["deed"] == "grant" else None)
        changes[given] = changes.get(given, 0) - amount
        changes[taken] = changes.get(taken, 0) + amount
    held = Balance.objects.using(using).filter(quota=body["quota"], period=body["period"], account__in={account for account, _entry in changes})
    there = {(one.account, one.entry_id): one for one in held}
    first = next_id(Balance, using)
    fresh: list[Balance] = []
    for (account, entry), change in changes.items():
        one = there.get((account, entry))
        if one is None:
            source = account in body["sources"]
            one = Balance(
                id=first + len(fresh), quota=body["quota"], period=body["period"], account=account, entry_id=entry, source=source, amount=change, seq=event.seq
            )
            fresh.append(one)
        else:
            one.amount += change
            one.seq = event.seq
    put(fresh, using)
    put([there[key] for key in changes if key in there], using, "amount", "seq")


def draft(event: Event, body: Body, using: str) -> Iterable[int]:
    """``allocation.drafted``: {id, quota, purpose, title, day, period, position, position_hash, rules, pools, digest, count, granted, asked, total, value, on}.

    Its lines follow as ``allocation.listed``.
    """
    plain = ("id", "quota", "purpose", "title", "period", "position", "position_hash", "rules", "pools", "digest", "count", "granted", "asked", "total", "value")
    Allocation.objects.using(using).create(
        **{name: body[name] for name in plain},
        register=event.register,
        day=date.fromisoformat(body["day"]),
        state="drafted",
        drafted_by=event.actor,
        drafted_on=date.fromisoformat(body["on"]),
        seq=event.seq,
    )
    return []


def take_in(event: Event, body: Body, using: str) -> Iterable[int]:
    """``allocation.listed``: {id, first, lines: [[entry, place, asked, amount, parts, code, facts, mark], …]}."""
    names = ("entry_id", "place", "asked", "amount", "parts", "code", "facts", "mark")
    grants = [
        Grant(id=number, allocation_id=body["id"], seq=event.seq, **dict(zip(names, line, strict=True)))
        for number, line in enumerate(body["lines"], start=body["first"])
    ]
    put(grants, using)
    return {line[0] for line in body["lines"]}


def review(event: Event, body: Body, using: str) -> Iterable[int]:
    """``allocation.reviewed``: {id, digest, on}."""
    _one(body, using).update(state="reviewed", reviewed_by=event.actor, reviewed_on=date.fromisoformat(body["on"]), seq=event.seq)
    return []


def confirm(event: Event, body: Body, using: str) -> Iterable[int]:
    """``allocation.confirmed``: {id, digest, on}; what it moves follows as ``quota.posted``."""
    _one(body, using).update(state="confirmed", confirmed_by=event.actor, confirmed_on=date.fromisoformat(body["on"]), seq=event.seq)
    return []


def drop(event: Event, body: Body, using: str) -> Iterable[int]:
    """``allocation.dropped``: {id, reason, on}: one that will move nothing."""
    _one(body, using).update(state="dropped", reason=body["reason"], seq=event.seq)
    return []


def _one(body: Body, using: str) -> Any:
    return Allocation.objects.using(using).filter(pk=body["id"])
