"""``lights``: dated thresholds on an indicator, or ordered conditions; a consequence; an override kept beside the rule."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from bihuan.foundation.grammar.shape import Dated, Shape, Span, Words, YesNo, refused, said

Colour = Literal["red", "yellow", "green", "blue", "grey"]


class Thresholds(Shape):
    """Where the colours part: at or beyond ``green`` is green, at or beyond ``yellow`` is yellow, the rest is red."""

    green: str = said("绿灯线", "the line of green", "95%")
    yellow: str = said("黄灯线", "the line of yellow", "80%")
    basis: str = said("依据：条款", "the clause it rests on", "第九条（2025 年修订）")


class Condition(Shape):
    """One colour and when it applies; the first that holds wins."""

    colour: Colour = said("颜色", "the colour", "red")
    if_: str = said("条件（公式）", "the condition", "滞后天数 > 宽限天数", "")
    otherwise: YesNo = said("以上都不成立时", "when none above holds", "yes", False)
    because: str = said("一句话理由，{名称} 处代入数值", "the reason in a sentence, {names} are filled in", "滞后 {滞后天数} 天")
    basis: str = said("依据", "the clause it rests on", "第七条")

    @model_validator(mode="after")
    def _one_of_both(self) -> Condition:
        if bool(self.if_) == self.otherwise:
            raise refused("每个条件写 if 或 otherwise: yes，二者取一", "a condition has either if or otherwise: yes")
        return self


class Override(Shape):
    """Who may set a colour by hand, and for how long; the rule's own colour stays visible beside it."""

    who: Words = said("谁可以改灯（角色）", "the roles that may do it", "[supervisor]")
    until: Span = said("最长多久后恢复规则灯", "how long it may last", "30 calendar_days")


class Light(Shape):
    """A colour for each row (or each group), with its reason."""

    title: str = said("灯的名称", "its name", "投资进度灯")
    title_en: str = said("英文名称", "its English name", "investment light", "")
    of: str = said("指标（用阈值判灯时）", "the indicator, when thresholds judge", "progress", "")
    better: Literal["higher", "lower"] = said("越高越好，或越低越好", "which way is better", "higher", "higher")
    since: dict[Dated, Thresholds] = said("阈值，自何时起", "the thresholds in force", "2025-01: {green: 95%, yellow: 80%, basis: 第九条}", {})
    conditions: list[Condition] = said("有先后的条件", "ordered conditions", "[{colour: red, if: …, because: …, basis: …}]", [])
    where: str = said("哪些行判灯（公式）；其余不亮", "the rows it judges; others have no light", "状态 = '在建'", "")
    without_data: Literal["grey", "red", "yellow"] = said("缺数据时的颜色，必须写明", "the colour without data; must be said", "grey")
    consequence: dict[Colour, str] = said("各色的后果", "what follows from a colour", "{red: 约谈警示}", {})
    override: Override | None = said("人工改灯", "setting it by hand", "{who: [supervisor], until: 30 calendar_days}", None)

    @model_validator(mode="after")
    def _one_way(self) -> Light:
        if bool(self.conditions) == bool(self.of):
            raise refused("灯用阈值（of 与 since）或有先后的条件（conditions）判定，二者取一", "a light has either of and since, or conditions")
        if bool(self.of) != bool(self.since):
            raise refused("of 与 since 须同时写明", "of and since belong together")
        return self
