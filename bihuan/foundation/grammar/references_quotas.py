"""Whether every word of a quota means something: the field it shares out, its accounts' conditions, its order, value and criteria."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from bihuan.foundation.grammar.errors import Problem
from bihuan.foundation.grammar.finding import compiles, found
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.quantities import parse_quantity
from bihuan.foundation.grammar.quotas import Quota
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.scopes import unit_of
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.grammar.yaml_text import Path


def shared_out(view: RegisterView) -> Iterator[Problem]:
    """Every word that means nothing in the quotas of one register."""
    for item in view.quotas.values():
        yield from _quota(view, item)


def _quota(view: RegisterView, item: Item[Quota]) -> Iterator[Problem]:
    quota = item.shape
    yield from compiles(item.at("where"), view, quota.where)
    if quota.needs:
        yield from found(view.criteria, quota.needs, item, item.at("needs"), ("条件", "criteria"))
    for number, priority in enumerate(quota.order):
        yield from compiles(item.at("order", number, "by"), view, priority.by, "number")
    yield from compiles(item.at("value"), view, quota.value, "number")
    if quota.least:
        yield from _share(item, ("least",), quota.least)
    for key, account in quota.accounts.items():
        yield from compiles(item.at("accounts", key, "where"), view, account.where)
        for dated, value in account.reserve.items():
            yield from _share(item, ("accounts", key, "reserve", dated, "value"), value.value)
        if account.each and not view.shape.office:
            yield Problem(
                item.at("accounts", key, "each"), "name", f"“{view.shape.title}”没有写 office，分不出每个单位的户头", "each 按申请的归属单位分户。",
                "office: county", "the register has no office: there is no account for each", "`each` opens an account for the owner of each request.",
            )  # fmt: skip
    if quota.take_back:
        asked = view.shape.fields.get(quota.of)
        yield from compiles(item.at("take_back", "unused"), view, quota.take_back.unused, "number", unit=unit_of(asked.unit) if asked else None)
        yield from compiles(item.at("take_back", "where"), view, quota.take_back.where)


def _share(item: Item[Quota], path: Path, text: str) -> Iterator[Problem]:
    """A share of a whole: above nothing, at most all of it."""
    try:
        share = share_of(text)
    except Refused:
        share = Fraction(0)
    if not 0 < share <= 1:
        yield Problem(item.at(*path), "formula", f"“{text}”不是大于零、不超过全部的比例", "写百分数。", "50%", f"“{text}” is no share of a whole", "Write per cent.")


def share_of(text: str) -> Fraction:
    """A share as written, ``50%`` or ``0.5``, exactly. Raises Refused for a text that is no number."""
    return parse_quantity(text).canonical
