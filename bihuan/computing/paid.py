"""What a worked example says policies pay, held against a run over its own small world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from bihuan.computing.matching import ask, matched
from bihuan.computing.reasons import money
from bihuan.computing.tables import Columns
from bihuan.foundation.grammar.examples import PaymentExpected
from bihuan.foundation.grammar.payables import CENTS, barred, policies_of
from bihuan.foundation.grammar.quantities import parse_quantity
from bihuan.foundation.grammar.views import RegisterView


def paid_otherwise(
    columns: Columns, view: RegisterView, day: date, key: str, expected: Mapping[str, str | PaymentExpected], mechanism: str
) -> Iterator[str]:
    """Everything that one row is paid otherwise than an example says; each policy by the word the example uses."""
    there = {policy.item.name: policy for policy in policies_of(view, day)}
    with matched(columns, view, day) as run:
        rows = {row["policy"]: row for row in ask(run, "SELECT * FROM allotted JOIN subjects USING (_id) WHERE _key = ?", [key])}
    for word, asked in expected.items():
        item = view.criteria.find(word, mechanism)
        policy = there.get(item.name) if item else None
        if policy is None:
            yield f"没有政策 {word}，或当日还没有执行、已经停止"
            continue
        row = rows.get(policy.number, {"amount": 0, "bar": "", "rival": None, "place": 0})
        wanted = asked if isinstance(asked, PaymentExpected) else PaymentExpected(amount=asked)
        rival = next((other for other in there.values() if other.number == row["rival"]), None)
        because = barred(policy, row["bar"], rival, row["place"]).zh
        if round(parse_quantity(wanted.amount).canonical * CENTS) != row["amount"]:
            yield f"{word} 应付 {wanted.amount}，实付 {money(row['amount']).zh}{f'（{because}）' if because else ''}"
        elif wanted.because not in because:
            yield f"{word} 的理由应含“{wanted.because}”，实为“{because}”"
