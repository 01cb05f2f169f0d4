"""Lists of payments: drafted, reviewed, confirmed by a second person, or laid aside. Who is paid what is computed elsewhere.

A list is bound to the position of the ledger it was computed at. Whoever confirms hands in the digest of the same list computed again just
before, under the ledger's lock: where anything that counts has moved since, the digests differ and nothing is paid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from itertools import islice

from bihuan.foundation.access import Actor, may
from bihuan.foundation.actions.drafted import Sort, about, drop, review, to_confirm
from bihuan.foundation.actions.writing import allow, day_of, record, view_of
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.ledger import New, writing
from bihuan.foundation.models import Event, PayList, Payment
from bihuan.foundation.projections.ids import next_id

LISTS = Sort(PayList, "payments", "兑付表", "list", "拟表", "数据已更正，另行拟表")
"""How a list of payments goes."""

LINES = 2_000
"""So many lines stand in one entry of the ledger."""


@dataclass(frozen=True, order=True)
class PayLine:
    """One line: the row (its key and id), the policy ``pack.mechanism.key``, what it was entitled to and what it is paid, in 分."""

    policy: str
    key: str
    entry: int = field(compare=False)
    asked: int
    amount: int


@dataclass(frozen=True)
class PayDraft:
    """A list as computed: for which day, under which packs (pack, number, fingerprint), at which position of the ledger."""

    register: str
    title: str
    day: date
    position: int
    position_hash: str
    rules: Sequence[Sequence[str | int]]
    lines: Sequence[PayLine]


def digest_of(lines: Sequence[PayLine]) -> str:
    """The digest of what is to be paid, whatever order the lines are in."""
    text = "\n".join(f"{line.policy}\t{line.key}\t{line.asked}\t{line.amount}" for line in sorted(lines))
    return sha256(text.encode()).hexdigest()


def draft_payments(actor: Actor, draft: PayDraft, at: datetime, told: Callable[[int, int], None] | None = None) -> PayList:
    """Keep a list as a draft; ``told`` hears how many of how many lines are written. Rejected where nobody is to be paid."""
    allow(may(actor, "payments.draft", view_of(draft.register, at)))
    if not draft.lines:
        raise rejected(Refused("没有一户可兑付，不必成表", "nobody is to be paid: there is no list to make", ""))
    with writing():
        number = next_id(PayList, "default")
        body = {
            "id": number,
            "title": draft.title,
            "day": draft.day.isoformat(),
            "position": draft.position,
            "position_hash": draft.position_hash,
            "rules": [list(rule) for rule in draft.rules],
            "digest": digest_of(draft.lines),
            "count": len(draft.lines),
            "total": sum(line.amount for line in draft.lines),
            "on": day_of(at).isoformat(),
        }
        record(New("payments.drafted", body, actor.username, at, draft.register))
        _list_lines(actor, draft, number, at, told)
        return PayList.objects.get(pk=number)


def _list_lines(actor: Actor, draft: PayDraft, number: int, at: datetime, told: Callable[[int, int], None] | None) -> None:
    policies = sorted({line.policy for line in draft.lines})
    places = {policy: place for place, policy in enumerate(policies)}
    waiting, first, done = iter(sorted(draft.lines)), next_id(Payment, "default"), 0
    while part := [[line.entry, places[line.policy], line.asked, line.amount] for line in islice(waiting, LINES)]:
        record(New("payments.listed", {"id": number, "first": first, "policies": policies, "lines": part}, actor.username, at, draft.register))
        first, done = first + len(part), done + len(part)
        if told is not None:
            told(done, len(draft.lines))


def review_payments(actor: Actor, number: int, at: datetime) -> Event:
    """Say that a draft was looked through."""
    return review(LISTS, actor, number, at)


def confirm_payments(actor: Actor, number: int, computed: PayDraft, at: datetime) -> Event:
    """Confirm a reviewed list: from now on it has paid. ``computed`` is the same list computed again under the ledger's lock.

    Rejected where the person drafted or reviewed it, and where what was computed differs: then which lines did.
    """
    with writing():
        paylist = to_confirm(LISTS, actor, number, at)
        if digest_of(computed.lines) != paylist.digest:
            raise rejected(_moved(paylist, computed.lines))
        return record(about(LISTS, paylist, "confirmed", {"digest": paylist.digest, "position": computed.position}, actor, at))


def drop_payments(actor: Actor, number: int, reason: str, at: datetime) -> Event:
    """Lay a list aside before it is confirmed, with a reason."""
    return drop(LISTS, actor, number, reason, at)


def lines_of(paylist: PayList) -> list[PayLine]:
    """The lines of a list as it was drafted."""
    stored = paylist.payments.order_by("policy", "entry__key").values_list("policy", "entry__key", "entry_id", "asked", "amount")
    return [PayLine(*line) for line in stored]


def _moved(paylist: PayList, lines: Sequence[PayLine]) -> Refused:
    """What differs from the list, a few lines by name."""
    before, now = set(lines_of(paylist)), set(lines)
    changed = sorted({(line.policy, line.key) for line in before ^ now})
    named = "、".join(f"{key}（{policy.rpartition('.')[2]}）" for policy, key in changed[:5]) + ("……" if len(changed) > 5 else "")
    return Refused(
        f"拟表之后数据动了，有 {len(changed)} 笔与现在算出的不同：{named}。没有付款，请作废后重新拟表",
        f"the data moved since the list was drafted: {len(changed)} payments differ: {named}. Nothing was paid; lay it aside and draft it again", "",
    )  # fmt: skip
