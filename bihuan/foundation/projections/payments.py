"""Lists of payments: drafted with their lines, reviewed, confirmed or laid aside."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from bihuan.foundation.models import Event, PayList, Payment
from bihuan.foundation.projections.putting import put

Body = dict[str, Any]


def draft(event: Event, body: Body, using: str) -> Iterable[int]:
    """``payments.drafted``: {id, title, day, position, position_hash, rules, digest, count, total, on}. Its lines follow as ``payments.listed``."""
    PayList.objects.using(using).create(
        id=body["id"],
        register=event.register,
        title=body["title"],
        day=date.fromisoformat(body["day"]),
        position=body["position"],
        position_hash=body["position_hash"],
        rules=body["rules"],
        digest=body["digest"],
        count=body["count"],
        total=body["total"],
        state="drafted",
        drafted_by=event.actor,
        drafted_on=date.fromisoformat(body["on"]),
        seq=event.seq,
    )
    return []


def take_in(event: Event, body: Body, using: str) -> Iterable[int]:
    """``payments.listed``: {id, first, policies, lines: [[entry, place among policies, asked, amount], …]}."""
    policies = body["policies"]
    lines = [
        Payment(id=number, paylist_id=body["id"], entry_id=entry, policy=policies[policy], asked=asked, amount=amount, seq=event.seq)
        for number, (entry, policy, asked, amount) in enumerate(body["lines"], start=body["first"])
    ]
    put(lines, using)
    return {line[0] for line in body["lines"]}


def review(event: Event, body: Body, using: str) -> Iterable[int]:
    """``payments.reviewed``: {id, digest, on}."""
    _list(body, using).update(state="reviewed", reviewed_by=event.actor, reviewed_on=date.fromisoformat(body["on"]), seq=event.seq)
    return []


def confirm(event: Event, body: Body, using: str) -> Iterable[int]:
    """``payments.confirmed``: {id, digest, position, on}: computed again at that position of the ledger, with the same lines."""
    _list(body, using).update(state="confirmed", confirmed_by=event.actor, confirmed_on=date.fromisoformat(body["on"]), seq=event.seq)
    return Payment.objects.using(using).filter(paylist=body["id"]).values_list("entry", flat=True).distinct()


def drop(event: Event, body: Body, using: str) -> Iterable[int]:
    """``payments.dropped``: {id, reason, on}: a list that will not be paid."""
    _list(body, using).update(state="dropped", reason=body["reason"], seq=event.seq)
    return []


def _list(body: Body, using: str) -> Any:
    return PayList.objects.using(using).filter(pk=body["id"])
