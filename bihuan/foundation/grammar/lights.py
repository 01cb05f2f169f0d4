"""``lights``: dated thresholds on an indicator, or ordered conditions; a consequence; an override kept beside the rule."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from bihuan.foundation.grammar.indicators import Indicator
from bihuan.foundation.grammar.periods import parse
from bihuan.foundation.grammar.quantities import because_pair, known_unit, parse_quantity, unit_of
from bihuan.foundation.grammar.saying import NOTHING_SAID, Said, joined
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
    because_en: str = said("英文理由，{名称} 与中文相同", "the reason in English, with the same {names}", "{滞后天数} days behind", "")
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
    listed: YesNo = said("是否在列表与看板上默认显示", "whether lists and boards show it by default", "yes", False)
    override: Override | None = said("人工改灯", "setting it by hand", "{who: [supervisor], until: 30 calendar_days}", None)

    @model_validator(mode="after")
    def _one_way(self) -> Light:
        if bool(self.conditions) == bool(self.of):
            raise refused("灯用阈值（of 与 since）或有先后的条件（conditions）判定，二者取一", "a light has either of and since, or conditions")
        if bool(self.of) != bool(self.since):
            raise refused("of 与 since 须同时写明", "of and since belong together")
        return self

UNKNOWN = -1
"""Codes count the conditions from 0 (thresholds: 0 green, 1 yellow, 2 red); ``UNKNOWN - i`` says that condition ``i`` could not be decided."""

NONE_HOLDS, WHERE_UNKNOWN, NO_RULE = -1001, -1002, -1003
"""No condition holds and there is no ``otherwise``; it is unknown whether the light applies; no threshold was in force yet."""

BY_THRESHOLD: tuple[Colour, ...] = ("green", "yellow", "red")

Shown = Said
"""A value as it stands in a sentence, with its unit."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a verdict was reached on, as the plan read it; ``say`` turns it into the sentence.

    ``code``: which condition or colour (see UNKNOWN); ``rule``: the key of ``since`` in force; ``value``: the indicator's, canonical;
    ``period``: what it was gathered over; ``missing``: (period, title) of figures that are not there; ``unknown``: titles without a value, each in both languages;
    ``numbers``: the values that sentences mention, by title and by key, with their unit.
    """

    code: int
    rule: str = ""
    value: float | None = None
    period: Said = NOTHING_SAID
    missing: tuple[tuple[str, Said], ...] = ()
    unknown: tuple[Said, ...] = ()
    numbers: Mapping[str, Shown] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A colour, why, and by which clause: all three from the same facts, so they cannot disagree."""

    colour: Colour
    because: Said
    basis: str
    consequence: str = ""


def say(light: Light, facts: Facts, indicator: Indicator | None = None) -> Spoken:
    """The colour of ``light`` on ``facts`` and the sentence for it. ``indicator`` is the one a threshold light judges by."""
    if facts.code < 0:
        return _spoken(light, light.without_data, _without_data(light, facts), _basis_without(light, facts))
    if light.conditions:
        condition = light.conditions[facts.code]
        return _spoken(light, condition.colour, filled(condition.because, facts.numbers, condition.because_en), condition.basis)
    assert indicator is not None
    thresholds = light.since[facts.rule]
    colour = BY_THRESHOLD[facts.code]
    return _spoken(light, colour, _against(light, indicator, thresholds, facts), thresholds.basis)


def colour_of(light: Light, code: int | None) -> Colour | None:
    """The colour of a verdict's code; None where the light does not judge the row."""
    if code is None:
        return None
    if code < 0:
        return light.without_data
    return light.conditions[code].colour if light.conditions else BY_THRESHOLD[code]


def bounds(thresholds: Thresholds, indicator: Indicator) -> tuple[Fraction, Fraction]:
    """The lines of green and yellow in canonical units; a bare number is in the indicator's own unit."""
    return _canonical(thresholds.green, indicator), _canonical(thresholds.yellow, indicator)


def filled(template: str, numbers: Mapping[str, Shown], english: str = "") -> Said:
    """A sentence with its ``{names}`` filled in; a unit that the sentence itself writes after the brace is not said twice.

    Without an English sentence the Chinese one stands in both languages.
    """
    zh = re.sub(_NAMED, lambda found: _placed(numbers, found, "zh"), template)
    return Said(zh, re.sub(_NAMED, lambda found: _placed(numbers, found, "en"), english or template))


def names_in(template: str) -> tuple[str, ...]:
    """The names a sentence mentions in braces, in order."""
    return tuple(found["name"].strip() for found in re.finditer(_NAMED, template))


_NAMED = re.compile(r"\{(?P<name>[^{}]+)\}(?P<after>\s?(?:[%‰]|[\u4e00-\u9fff]{0,4}))")
_NO_VALUE = Said("（无数据）", "(no data)")


def _placed(numbers: Mapping[str, Shown], found: re.Match[str], language: str) -> str:
    shown, after = numbers.get(found["name"].strip(), _NO_VALUE), found["after"]
    digits = re.match(r"-?[0-9][0-9,.]*", shown.zh)
    unit = shown.zh[digits.end() :].strip() if digits else ""
    return (shown.zh[: digits.end()] if digits and _said_again(unit, after.strip()) else shown.text(language)) + after


def _said_again(unit: str, after: str) -> bool:
    """Whether the sentence goes on with the value's unit, or with another word for one of the same size: 2 个节点 for 2 项."""
    if not unit or not after:
        return False
    own = known_unit(unit)
    others = (known_unit(after[:length]) for length in range(min(len(after), 4), 0, -1))
    other = next((found for found in others if found), None)
    return after.startswith(unit) or (own is not None and other is not None and (own.dimension, own.factor) == (other.dimension, other.factor))


def _spoken(light: Light, colour: Colour, because: Said, basis: str) -> Spoken:
    return Spoken(colour, because, basis, light.consequence.get(colour, ""))


def _against(light: Light, indicator: Indicator, thresholds: Thresholds, facts: Facts) -> Said:
    """The value beside the line that decided: green and yellow stand beside the line of green, red beside that of yellow."""
    assert facts.value is not None
    green, yellow = bounds(thresholds, indicator)
    line = yellow if facts.code == 2 else green
    chinese, english = ("达到", "at or above") if light.better == "higher" else ("不高于", "at or below")
    if facts.code:
        chinese, english = ("低于", "below") if light.better == "higher" else ("高于", "above")
    measured = unit_of(indicator.unit)
    value, edge = because_pair(facts.value, line, measured, indicator.decimals)
    value_en, edge_en = because_pair(facts.value, line, measured, indicator.decimals, "en")
    zh = f"{facts.period.zh}{indicator.title} {_short(value)}，{chinese} {edge}"
    en = f"{indicator.title_en or indicator.title}{f' ({facts.period.en})' if facts.period.en else ''} {_short(value_en)}, {english} {edge_en}"
    return Said(zh, en)


def _without_data(light: Light, facts: Facts) -> Said:
    if facts.code == NO_RULE:
        return Said("当期尚无阈值", "no threshold was in force")
    if facts.code == NONE_HOLDS:
        return Said("各条件均不成立", "no condition holds")
    lacking = [missing_said(facts.missing)] if facts.missing else []
    gathered = {title for _, title in facts.missing}
    lacking += [Said(f"缺{title.zh}", f"{title.en} is missing") for title in facts.unknown if title not in gathered]
    return joined(lacking) if lacking else Said("缺数据", "data are missing")


def missing_said(missing: Sequence[tuple[str, Said]], most: int = 3) -> Said:
    """Which figures are not there: ``缺 2025年5月、2025年6月 实际完成投资``, the first ``most`` periods of each named."""
    by_title: dict[Said, list[str]] = {}
    for period, title in missing:
        by_title.setdefault(title, []).append(period)
    said = []
    for title, periods in by_title.items():
        more = len(periods) - most
        first = [parse(period).said for period in periods[:most]]
        zh, en = "、".join(one.zh for one in first), ", ".join(one.en for one in first)
        said.append(
            Said(f"缺 {zh}{f' 等 {len(periods)} 期' if more > 0 else ''} {title.zh}", f"{title.en} of {en}{f' and {more} more' if more > 0 else ''} is missing")
        )
    return joined(said)


def _basis_without(light: Light, facts: Facts) -> str:
    """The clause a missing colour still rests on: that of the rule in force, or of the condition that could not be decided."""
    if light.conditions:
        stopped = UNKNOWN - facts.code
        return light.conditions[stopped].basis if 0 <= stopped < len(light.conditions) else ""
    return light.since[facts.rule].basis if facts.rule else ""


def _canonical(text: str, indicator: Indicator) -> Fraction:
    quantity = parse_quantity(text)
    return quantity.canonical if quantity.unit.name else quantity.value * unit_of(indicator.unit).factor


def _short(shown: str) -> str:
    """A value without zeros that say nothing: 72.0% is 72%."""
    return re.sub(r"(\d)\.0+(?=\D|$)|(\.\d*?[1-9])0+(?=\D|$)", lambda found: found[1] or found[2], shown)
