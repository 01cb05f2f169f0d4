"""``scores``: parts, weights, multiplier, floor and cap, ties, missing data; every point can be explained."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from bihuan.foundation.grammar.shape import Dated, Key, Shape, Words, YesNo, said


class Part(Shape):
    """One part of a score."""

    title: str = said("分项名称", "its name", "投资完成率")
    title_en: str = said("英文名称", "its English name", "completion", "")
    of: str = said("指标", "the indicator", "county_progress")
    weight: Decimal = said("分值（满分）", "its full points", "60", ge=0)
    points: Literal["ratio", "rank", "steps"] = said(
        "计分办法：ratio 按比例，rank 按名次，steps 按档次", "how points are given", "ratio", "ratio"
    )
    full: str = said("得满分的指标值（ratio）", "the value that earns full points", "100%", "100%")
    zero: str = said("得零分的指标值（ratio）", "the value that earns none", "0%", "0%")
    steps: dict[str, Decimal] = said("档次：达到该值得几分（steps）", "points at or above each value", "90%: 8", {})
    floor: Decimal | None = said("最低分", "the least points", "0", None)
    cap: Decimal | None = said("最高分", "the most points", "60", None)


class Multiplier(Shape):
    """A factor on the sum."""

    of: str = said("系数指标", "the indicator", "quality")
    floor: Decimal = said("最低系数", "the least factor", "0.8")
    cap: Decimal = said("最高系数", "the greatest factor", "1.2")


class Score(Shape):
    """Points and a rank for each group."""

    title: str = said("名称", "its name", "县区月度排名")
    title_en: str = said("英文名称", "its English name", "monthly ranking of counties", "")
    per: str = said("给谁计分：分组字段或 entry", "who is scored: a grouping field or entry", "county")
    order: Literal["higher", "lower"] = said("分高者在前，或分低者在前", "which end comes first", "higher", "higher")
    total: Decimal | None = said("满分合计，须等于各分项之和", "the sum of all weights, checked", "100", None)
    parts: dict[Key, Part] = said("分项", "its parts", "progress: {title: …, of: …, weight: 60}", min_length=1)
    multiplier: Multiplier | None = said("乘数", "a factor on the sum", "{of: quality, floor: 0.8, cap: 1.2}", None)
    ties: Words = said("并列：same_rank，或依次比较的指标", "same_rank, or indicators compared in turn", "same_rank", ["same_rank"])
    missing: Literal["last", "zero", "leave_out"] = said("缺数：排末位并点名、计零分、不参加", "without data: last and named, zero, or left out", "last")
    since: Dated | None = said("自何时起用", "in force from", "2024-01", None)
    public: YesNo = said("名次是否向公众公布", "whether everybody may see the ranks", "yes", False)
    basis: str = said("依据", "the clause it rests on", "第三条", "")
