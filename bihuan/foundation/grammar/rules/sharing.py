"""House rules of quotas: what is asked for has a unit and is not below nothing, and nobody is left without a pool unawares."""

from __future__ import annotations

from collections.abc import Iterator

from bihuan.foundation.grammar.quantities import parse_quantity
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.rules.rule import Hit, Rule, World

_QUOTA = """
register:
  title: 项目
  key: code
  name: name
  office: county
  fields:
    code: {title: 项目编码, kind: text, required: 是}
    name: {title: 项目名称, kind: text}
    county: {title: 所在县区, kind: office, required: 是}
    estimate: {title: 概算投资, kind: money, unit: 万元}
    area: {title: 需求面积, kind: number, unit: 亩, decimals: 1, at_least: 0}
    key_project: {title: 重点项目, kind: yes_no}
quotas:
  land:
    title: 用地指标
    of: area
    accounts:
      province: {title: 省下达, supplies: 是}
      county: {title: 县级, each: 是}
      city: {title: 市级统筹, where: 重点项目}
    method: order
    order: [{by: 概算投资}]
    full: skip
    granted: {title: 已保障面积}
    basis: 第三条
"""


def asked_for(world: World) -> Iterator[Hit]:
    """A quota of something without a unit, or of which less than nothing may be asked."""
    for view in world.views:
        for item in view.quotas.values():
            field = view.shape.fields.get(item.shape.of)
            if field is not None and not (field.unit and _not_below_nothing(field)):
                yield Hit(
                    item.at("of"), f"“{field.title}”没有写单位，或可以填负数：额度说不清是多少", f"{item.shape.of} has no unit, or may be below nothing",
                    f"{item.shape.of}: {{title: {field.title}, kind: number, unit: 亩, decimals: 1, at_least: 0}}",
                )  # fmt: skip


def _not_below_nothing(field: FieldShape) -> bool:
    try:
        return bool(field.at_least) and parse_quantity(field.at_least).value >= 0
    except Refused:
        return False


def nowhere_to_go(world: World) -> Iterator[Hit]:
    """A quota each of whose pools serves some requests only."""
    for view in world.views:
        for item in view.quotas.values():
            pools = [account for account in item.shape.accounts.values() if not account.supplies]
            if pools and all(account.where for account in pools):
                yield Hit(
                    item.at("accounts"), f"“{item.shape.title}”的每个池子都有条件：不合条件的申请没有一个池子受理", f"{item.key}: every pool has a condition",
                    "county: {title: 县级, each: 是}",
                )  # fmt: skip


RULES = (
    Rule(
        "quota_amount", "额度配的是有单位、不小于零的量，否则说不清配了多少。", "What a quota shares out has a unit and is not below nothing.", asked_for,
        _QUOTA, _QUOTA.replace(", at_least: 0", ""),
    ),
    Rule(
        "quota_pool", "每件申请最好都有池子受理；都有条件时，想一想不合条件的怎么办。", "Every request has a pool that serves it; where all have conditions, think of the others.",
        nowhere_to_go, _QUOTA, _QUOTA.replace("{title: 县级, each: 是}", "{title: 县级, each: 是, where: 重点项目}"), advice=True,
    ),
)  # fmt: skip
