"""``indicators`` and ``targets``: what is measured, and what was promised of it."""

from __future__ import annotations

from typing import Literal

from bihuan.foundation.grammar.shape import Dated, Shape, YesNo, said

Over = Literal["month", "quarter", "half_year", "year", "year_to_date", "to_date", "latest"]


class Indicator(Shape):
    """A formula over a period, for each row, each group of rows, or all of them."""

    title: str = said("指标名称", "its name", "投资进度")
    title_en: str = said("英文名称", "its English name", "investment progress", "")
    formula: str = said("公式", "its formula", "合计(实际完成投资) / 合计(计划完成投资)")
    per: str = said("entry（每行）、all（全部），或一个分组字段", "entry, all, or the field that groups", "entry", "entry")
    over: Over = said("取哪段时期的数值", "over which period its figures are taken", "year_to_date", "latest")
    where: str = said("哪些行参与（公式）", "the rows that take part", "状态 = '在建'", "")
    needs: Literal["every_period", "any_period", "nothing"] = said(
        "数据要求：每期都有、至少一期、不要求；缺则不出数", "the data without which it has no value", "every_period", "every_period"
    )
    unit: str = said("显示单位", "the unit it is shown in", "%", "")
    decimals: int = said("显示小数位数", "decimals shown", "1", 1, ge=0, le=6)
    basis: str = said("口径依据", "the clause it rests on", "第三条", "")


TargetKind = Literal[
    "absolute", "growth", "share", "coverage", "ratio", "compression", "rank", "doubling", "range", "floor", "relative", "qualitative", "list",
]


class TargetValue(Shape):
    """What is promised from a day on."""

    operator: Literal[">=", "<=", "=", "~", ">", "<"] = said("比较：~ 为“左右”", "the comparison; ~ means about", ">=", ">=")
    value: str = said("目标值，可带单位", "the value, a unit may follow", "35%", "")
    high: str = said("区间上限（kind 为 range）", "the upper end of a range", "2", "")
    text: str = said("定性目标的表述", "the words of a qualitative target", "平稳增长", "")
    reference: str = said("相对目标参照的指标", "the indicator a relative target refers to", "city_growth", "")
    plus: str = said("在参照值上增加", "what is added to the reference", "1百分点", "")
    base: str = said("基期值（growth、compression、doubling）", "the value of the base period", "300亿元", "")
    base_year: int = said("基期年份", "the base year", "2022", 0, ge=0, le=2100)
    years: int = said("倍增年限", "years to double in", "3", 0, ge=0, le=50)
    within: str = said("“左右”允许的偏差", "how far `about` may be off", "0.1百分点", "")
    by: Dated | None = said("兑现期限", "the day it is due", "2024-12-31", None)
    basis: str = said("依据", "the clause it rests on", "《政府工作报告》")


class Target(Shape):
    """A promise about an indicator."""

    title: str = said("目标名称", "its name", "四新两能占比")
    title_en: str = said("英文名称", "its English name", "share of new fields", "")
    of: str = said("指标", "the indicator", "new_share")
    kind: TargetKind = said("目标类型", "its kind", "share")
    since: dict[Dated, TargetValue] = said("自何时起", "what is promised from a date on", "2022: {operator: '>=', value: 35%, basis: …}", min_length=1)
    public: YesNo = said("是否向公众公布目标与进展", "whether everybody may see it and how far it is", "yes", False)
    split: str = said("分解到的字段；各组之和不得少于总目标", "the field it is split by; parts add up to the whole", "county", "")
    parts: dict[str, str] = said("分解值", "the parts", "濮阳县: 120亿元", {})
