"""``quotas``: an amount that is shared out. Who supplies it, whose requests it serves, in which order or to which best value, what is held back.

Amounts are stored integers of the field that says how much a request asks for; every one of them moves from one account to another.
"""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from bihuan.foundation.grammar.paying import MOST_PRIORITIES, Priority
from bihuan.foundation.grammar.registers import DatedValue
from bihuan.foundation.grammar.shape import Dated, Key, Shape, YesNo, refused, said

EXPIRED = "expired"
"""The account of what no longer counts; no pack declares it."""


class Account(Shape):
    """A place where some of a quota lies: what supplies it, or a pool that requests are served from."""

    title: str = said("户头名称", "its name", "市级统筹")
    title_en: str = said("英文名称", "its English name", "kept by the city", "")
    supplies: YesNo = said("是否为来源（上级下达）：只出不进，不能直接配给", "whether the quota comes from here: it only gives, and serves no request", "yes", False)
    each: YesNo = said("是否每个单位各一个户头（按申请的归属单位）", "whether every office has one of its own, by the owner of the request", "yes", False)
    where: str = said("哪些申请可以从这里支取（公式）；不写为全部", "which requests it serves (a formula); by default all", "省市重点", "")
    reserve: dict[Dated, DatedValue] = said("预留比例：当期到账中不参加分配的部分", "the share of what came in that is held back", "2025: {value: 10%, basis: 第五条}", {})

    @model_validator(mode="after")
    def _one_thing(self) -> Account:
        if self.supplies and (self.each or self.where or self.reserve):
            raise refused("来源不配给，不要写 each、where、reserve", "what supplies a quota serves no request: no each, where or reserve")
        return self


class Granted(Shape):
    """What formulas call the amount that a row was granted."""

    title: str = said("名称，公式里可直接使用", "its name, usable in formulas", "已保障面积")
    title_en: str = said("英文名称", "its English name", "area granted", "")


class TakeBack(Shape):
    """What of a grant goes back to where it came from."""

    unused: str = said("未用的量（公式）；最多收回已配给的", "what is unused (a formula); at most what was granted", "已保障用能 - 实际用能")
    where: str = said("哪些行收回（公式）", "which rows it is taken from", "评估结论 = '未达预期'", "")
    basis: str = said("依据", "the clause it rests on", "第六条")


class Quota(Shape):
    """An amount for a period, shared out among the rows of a register."""

    title: str = said("额度名称", "its name", "新增建设用地指标")
    title_en: str = said("英文名称", "its English name", "new construction land", "")
    of: Key = said("申请多少：本台账的数字或金额字段；额度用它的单位", "how much is asked: a number or money field; the quota has its unit", "area")
    every: Literal["year", "half_year", "quarter"] = said("按什么周期", "for which period", "year", "year")
    accounts: dict[Key, Account] = said(
        "户头：来源和各个池子；申请按所列先后找放得下的池子", "its accounts: what supplies it, and pools; a request takes the first pool that holds it",
        "{province: {title: 省下达, supplies: yes}, city: {title: 市级统筹}}", min_length=2,
    )  # fmt: skip
    where: str = said("哪些行在申请（公式）", "which rows are requests", "状态 = '待保障'", "")
    needs: str = said("必须通过的条件（criteria 名）；缺数据的不配给，请补", "the criteria a request must pass; where data are missing it is asked for them", "eligible", "")
    method: Literal["order", "optimum"] = said(
        "办法：order 严格按先后，optimum 在额度内使总分值最大", "how: strictly in order, or so that the total value is the greatest", "order"
    )
    order: list[Priority] = said(
        "先后次序；都相同的按编号", "the order; equals by their keys", "[{by: 优先分}]", min_length=1, max_length=MOST_PRIORITIES
    )
    full: Literal["", "stop", "skip"] = said(
        "放不下时（order）：stop 到此为止，后面的都不配；skip 跳过，后面放得下的照配", "what does not fit (order): nobody behind it is served, or it is skipped", "skip", ""
    )
    least: str = said("放不下时至少给到申请量的几成（order）；不写为不拆", "the least share of what is asked that may be granted (order); by default all or nothing", "50%", "")
    value: str = said("一件申请值多少（optimum，公式，取到 0.01，不能为负）", "what a request is worth (optimum: a formula, to 0.01, not negative)", "优先分 * (需求面积 / 1亩)", "")
    granted: Granted = said("配给了多少，公式和列表里叫什么", "what formulas and lists call the amount granted", "{title: 已保障面积}")
    take_back: TakeBack | None = said("定期评估：未用的收回", "what is unused is taken back", "{unused: 已保障用能 - 实际用能, basis: 第六条}", None)
    basis: str = said("依据", "the clause it rests on", "第三条")

    @model_validator(mode="after")
    def _fits(self) -> Quota:
        if (self.method == "order") != bool(self.full):
            raise refused("full 只在 order 时写，也必须写：放不下的是跳过还是到此为止", "full belongs to order and must be said there: skip what does not fit, or stop")
        if (self.method == "optimum") != bool(self.value):
            raise refused("value 只在 optimum 时写，也必须写：一件申请值多少", "value belongs to optimum and must be said there: what a request is worth")
        if self.least and self.method != "order":
            raise refused("optimum 的申请要么全给、要么不给，不要写 least", "the optimum grants a request whole or not at all: no least")
        if not any(account.supplies for account in self.accounts.values()):
            raise refused("没有来源：写明额度由谁下达（supplies: 是）", "nothing supplies it: say where the quota comes from (supplies: yes)")
        if all(account.supplies for account in self.accounts.values()):
            raise refused("没有池子：申请从哪里支取", "there is no pool: where are requests served from")
        if EXPIRED in self.accounts:
            raise refused("expired 是到期作废的户头，自带，不用声明", "expired is the account of what no longer counts, and is always there")
        return self
