"""Quotas in worked examples: what is booked and allocated in a history, and what a request would be granted on the day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from bihuan.computing import allocations
from bihuan.computing.tables import Columns
from bihuan.foundation.access import LEADER, OFFICER, SUPERVISOR, SYSTEM, Actor
from bihuan.foundation.actions import PostingGiven, post_quota, review_allocation
from bihuan.foundation.grammar.examples import GrantExpected, Step
from bihuan.foundation.grammar.quantities import parse_number
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.sharing import Line, Telling
from bihuan.foundation.grammar.views import RegisterView

DRAFTS, REVIEWS, CONFIRMS = (
    Actor(name, frozenset({role}), everywhere=True) for name, role in (("拟案人", OFFICER), ("复核人", SUPERVISOR), ("批准人", LEADER))
)
"""The three people of an example who make an allocation count."""


def share_out(view: RegisterView, step: Step, at: datetime) -> None:
    """Book an amount by hand, or allocate a quota from draft to confirmation."""
    if step.post:
        given = PostingGiven(step.post.from_, step.post.to, step.post.amount, step.reason or "示例", step.post.period)
        post_quota(SYSTEM, view.name, step.post.quota, given, at)
        return
    purpose = "grant" if step.allocate else "return"
    draft = allocations.computed(view.name, step.allocate or step.take_back, at.date(), purpose)
    number = allocations.keep(DRAFTS, draft, at).pk
    review_allocation(REVIEWS, number, at)
    allocations.confirm(CONFIRMS, number, at)


def granted_otherwise(
    columns: Columns, view: RegisterView, day: date, key: str, expected: Mapping[str, str | GrantExpected], mechanism: str
) -> Iterator[str]:
    """Everything that one request would be granted otherwise than an example says."""
    for word, asked in expected.items():
        item = view.quotas.find(word, mechanism)
        if item is None:
            yield f"没有额度 {word}"
            continue
        wanted, telling = asked if isinstance(asked, GrantExpected) else GrantExpected(amount=asked), Telling(view, item)
        try:
            draft = allocations.drafted(allocations.Asked(columns, view, item, day))
            amount = parse_number(wanted.amount, telling.measure)
        except Refused as error:
            yield f"{word}：{error.text()}"
            continue
        line = next((line for line in draft.lines if line.key == key), None)
        because = telling.because(Line(line.place, line.asked, line.parts, line.code, line.facts)).zh if line else "没有在申请"
        got = line.amount if line else 0
        if got != amount:
            yield f"{word} 应配给 {wanted.amount}，实为 {telling.quantity(got).zh}（{because}）"
        elif wanted.because not in because:
            yield f"{word} 的理由应含“{wanted.because}”，实为“{because}”"
