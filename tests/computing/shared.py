"""A small city that shares out land: a county pool and a city pool, a strict order, the best value, and what is unused taken back."""

from __future__ import annotations

from datetime import date, datetime

from bihuan.computing import allocations, tables
from bihuan.computing.allocations import Asked
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import (
    AllocationDraft,
    Incoming,
    PostingGiven,
    post_quota,
    record_entries,
    review_allocation,
)
from bihuan.foundation.grammar.packs import Pack, read_pack
from bihuan.foundation.grammar.sharing import Line, Telling
from bihuan.foundation.models import Allocation, Balance
from tests.computing.small import actor as actor
from tests.computing.small import found

REGISTER = "shares.land"
PEOPLE = {"拟案人": ("officer",), "复核人": ("supervisor",), "批准人": ("leader",)}

HEAD = """
pack: shares
title: 要素
title_en: factors
version: "1.0"
owner: 市自然资源局
basis: 测试
in_force: 2020-01
roles:
  officer: {title: 经办人}
  supervisor: {title: 督查人员}
  leader: {title: 领导}
"""

LAND = """
mechanism: land
title: 用地
title_en: land
basis: 《办法》
register:
  title: 用地申请
  title_en: requests for land
  key: code
  office: county
  fields:
    code: {title: 编号, kind: text, required: 是}
    county: {title: 县区, kind: office, required: 是}
    area: {title: 面积, title_en: area, kind: number, unit: 亩, decimals: 1}
    used: {title: 已用面积, kind: number, unit: 亩, decimals: 1}
    points: {title: 优先分, title_en: points, kind: number, unit: 分}
    key_project: {title: 重点项目, kind: yes_no, default: 否}
    ready: {title: 前期完成, kind: yes_no}
criteria:
  ready: {title: 条件, all: [{key: ready, title: 前期完成, if: 前期完成, basis: 第二条}]}
lights:
  served:
    title: 保障灯
    title_en: served
    without_data: grey
    conditions:
      - {colour: green, if: 已保障面积 >= 面积, because: '已保障 {已保障面积}', basis: 第四条}
      - {colour: red, otherwise: 是, because: '只保障 {已保障面积}', basis: 第四条}
quotas:
  land:
    title: 用地指标
    title_en: land quota
    of: area
    accounts:
      province: {title: 省下达, supplies: 是}
      county: {title: 县级, each: 是}
      city: {title: 市级统筹, where: 重点项目, reserve: {2025: {value: 10%, basis: 第五条}}}
    needs: ready
    method: order
    order: [{by: 优先分}]
    full: skip
    granted: {title: 已保障面积, title_en: area granted}
    take_back: {unused: 已保障面积 - 已用面积, basis: 第六条}
    basis: 第三条
"""

OPTIMUM = LAND.replace("method: order", "method: optimum").replace("    full: skip\n", "    value: 优先分 * (面积 / 1亩)\n")


def pack(land: str = LAND) -> Pack:
    """The pack, with another edition of its mechanism where one is given."""
    return read_pack({"pack.yaml": HEAD, "land.yaml": land, "README.md": "# 要素\n", "examples.yaml": "[]\n"})


def build(at: datetime, land: str = LAND) -> None:
    """The city, its people and the pack; 100 亩 for each county and 200 亩 for the city."""
    found(at, pack(land).files, PEOPLE)
    for account, amount in {"county/甲县": "100亩", "county/乙县": "100亩", "city": "200亩"}.items():
        issue(account, amount, at)


def issue(account: str, amount: str, at: datetime) -> None:
    """Issued by the province."""
    post_quota(SYSTEM, REGISTER, "land", PostingGiven("province", account, amount, "豫自然资函〔2025〕1号"), at)


def request(key: str, at: datetime, area: object, points: object = 50, **more: object) -> int:
    """A request of 甲县 that is ready. Gives its id."""
    values = {"code": key, "county": "甲县", "area": area, "points": points, "ready": "是", **more}
    return record_entries(SYSTEM, REGISTER, [Incoming(values)], at)[0].pk


def drafted(day: date, purpose: str = "grant") -> AllocationDraft:
    """What an allocation comes to now."""
    columns = tables.current(day)
    view = columns.catalogue.registers[REGISTER]
    return allocations.drafted(Asked(columns, view, view.quotas["land.land"], day, purpose))


def kept(at: datetime, purpose: str = "grant") -> Allocation:
    """A draft that was reviewed."""
    allocation = allocations.keep(actor("拟案人"), drafted(at.date(), purpose), at)
    review_allocation(actor("复核人"), allocation.pk, at)
    return allocation


def confirmed(at: datetime, purpose: str = "grant") -> Allocation:
    """An allocation that counts."""
    allocation = kept(at, purpose)
    allocations.confirm(actor("批准人"), allocation.pk, at)
    return Allocation.objects.get(pk=allocation.pk)


def granted(draft: AllocationDraft) -> dict[str, tuple[str, int]]:
    """How each request came out and what it gets, in tenths of a 亩."""
    return {line.key: (line.code, line.amount) for line in draft.lines}


def because(draft: AllocationDraft, key: str) -> str:
    """The reason of one line, in Chinese."""
    view = tables.current(draft.day).catalogue.registers[REGISTER]
    line = next(line for line in draft.lines if line.key == key)
    return Telling(view, view.quotas["land.land"]).because(Line(line.place, line.asked, line.parts, line.code, line.facts)).zh


def balances() -> dict[str, int]:
    """What each account that is no row's own holds, in tenths of a 亩."""
    return dict(Balance.objects.filter(entry=None).values_list("account", "amount"))


def in_all() -> int:
    """All balances together: nothing, always."""
    return sum(Balance.objects.values_list("amount", flat=True))
