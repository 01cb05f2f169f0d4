"""The sentence that goes with a verdict on published figures, in Chinese and in English, made of the numbers themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bihuan.academy.published import Figure, published, scale
from bihuan.academy.published_checks import Finding, Judged, Relation, only_rounded
from bihuan.academy.published_engine import mentioned
from bihuan.computing.reading.rounding import half_up
from bihuan.foundation.grammar.quantities import known_unit

_SIGNS = {" / ": "÷", " * ": "×", " - ": "−", " + ": "+", " >= ": "≥", " <= ": "≤", " > ": ">", " < ": "<", " = ": "=", "1年": "1"}
_BOUNDS_EN = {">=": "at least ", ">": "more than ", "<=": "at most ", "<": "less than ", "~": "about "}


@dataclass(frozen=True)
class Teller:
    """One finding told in one language. ``say`` picks between a Chinese and an English text."""

    relation: Relation
    judged: Judged
    figures: Mapping[str, Figure]
    english: bool

    def say(self, zh: str, en: str) -> str:
        """The text in the teller's language."""
        return en if self.english else zh

    def unit(self, unit: str) -> str:
        """How a unit is written behind a number. In English things that are only counted need no word."""
        if not self.english:
            return "个百分点" if unit == "百分点" else unit
        known = known_unit(unit)
        if known is None or unit in ("", "%"):
            return unit if known else ""
        only_counted = set(known.dimension.split("/")) == {"count"} and known.factor == 1
        return "" if only_counted else f" {known.name_en}"

    def quantity(self, number: str, unit: str | None = None) -> str:
        """A number with its unit, by default the relation's."""
        return f"{number}{self.unit(self.relation.unit if unit is None else unit)}"

    def computed(self, value: Decimal | None = None, unit: str | None = None) -> str:
        """A computed value with its unit; small ones that are no shares keep four decimals."""
        number = (self.judged.value if value is None else value) or Decimal(0)
        return self.quantity(_short(number, 2 if abs(number) >= 10 or self.relation.unit == "%" else 4), unit)

    def figure(self, figure: Figure) -> str:
        """A printed figure with its bound and its place."""
        text = f"{_BOUNDS_EN.get(figure.operator, '')}{self.quantity(figure.value, figure.unit)}" if self.english else figure.text
        return self.say(f"{text}（{figure.source}）", f"{text} ({figure.source})")

    def spelled(self, formula: str = "") -> str:
        """A formula with the printed numbers in the place of the ids: ``1024.8÷928.7``. Units are written where they differ."""
        source = formula or self.relation.formula
        scaled = {unit for key in mentioned(source) if scale(unit := self.figures[key].unit) > 1 and unit != "年"}
        mixed = len(scaled) > 1 or (scale(self.relation.unit) > 1 and scaled != {self.relation.unit})
        text = re.sub(r"F\d{3}", lambda found: self._operand(self.figures[found.group()], with_unit=mixed), source)
        text = _rewrite(_rewrite(text, "四舍五入", lambda value, _: f"[{value}]"), "乘方", _to_the_power)
        for written, shown in _SIGNS.items():
            text = text.replace(written, shown)
        return text.replace(" 且 ", self.say("，", ", "))

    def worked(self) -> str:
        """The formula and what it gives: ``3×165=495个``."""
        return f"{self.spelled()}{self.say('=', ' = ')}{self.computed()}"

    def _operand(self, figure: Figure, *, with_unit: bool) -> str:
        shown = scale(figure.unit) < 1 or (with_unit and scale(figure.unit) > 1 and figure.unit != "年")
        return self.quantity(figure.value, figure.unit) if shown else figure.value


def explain(finding: Finding, figures: Mapping[str, Figure] | None = None) -> tuple[str, str]:
    """One sentence, in Chinese and in English, that says why the finding has its verdict. ``figures`` as given to ``evaluate``."""
    facts = published().facts if figures is None else figures
    told = _SENTENCES[finding.judged.check]
    zh, en = (told(Teller(finding.relation, finding.judged, facts, english)) for english in (False, True))
    return zh, en[:1].upper() + en[1:]


def described(finding: Finding) -> dict[str, Any]:
    """The finding for programs: plain texts and numbers, the same keys for every relation."""
    relation, judged = finding.relation, finding.judged
    sentence, sentence_en = explain(finding)
    return {
        "id": relation.id,
        "name": relation.name,
        "name_en": relation.name_en,
        "kind": relation.kind,
        "verdict": finding.verdict,
        "check": judged.check,
        "formula": relation.formula or relation.holds,
        "value": None if finding.value is None else float(finding.value),
        "unit": relation.unit,
        "printed": None if judged.expected is None else float(judged.expected),
        "explanation": sentence,
        "explanation_en": sentence_en,
        "note": relation.note,
        "note_en": relation.note_en,
        "sources": list(finding.sources),
    }


def _short(value: Decimal, decimals: int) -> str:
    text = f"{half_up(value, decimals):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def _rewrite(text: str, function: str, shown: Callable[[str, str], str]) -> str:
    """Every call ``function(a, b)`` in ``text`` as ``shown(a, b)``; ``a`` may hold brackets of its own."""
    while (start := text.find(f"{function}(")) >= 0:
        first = start + len(function) + 1
        depth, end = 1, first
        while depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        value, _, other = text[first : end - 1].rpartition(", ")
        text = f"{text[:start]}{shown(value, other)}{text[end:]}"
    return text


def _to_the_power(base: str, power: str) -> str:
    return f"{base if base.isalnum() else f'({base})'}^({power})"


def _prints(told: Teller) -> str:
    judged, value, start = told.judged, told.judged.value or Decimal(0), told.spelled()
    if value == judged.expected:
        return told.say(f"{start}={told.computed()}，与公布值相同", f"{start} = {told.computed()}, as published")
    exact, rounded = told.quantity(_unrounded(judged)), told.quantity(f"{judged.rounded:f}")
    start = told.say(f"{start}={exact}，四舍五入为 {rounded}", f"{start} = {exact}, which rounds to {rounded}")
    if judged.verdict == "agree":
        return start + told.say("，与公布值相同", ", as published")
    printed = told.quantity(f"{judged.expected:f}")
    return start + told.say(f"，公布值 {printed}；", f"; {printed} was published; ") + _why_rounding(told)


def _unrounded(judged: Judged) -> str:
    """The value with enough digits that rounding what is shown gives what rounding the value gives."""
    value = judged.value or Decimal(0)
    digits = next((more for more in range(judged.decimals + 1, 9) if half_up(half_up(value, more), judged.decimals) == judged.rounded), 9)
    return f"{half_up(value, digits):f}".replace("-", "−")


def _why_rounding(told: Teller) -> str:
    if told.judged.explained_by_rounding:
        return told.say("若按未取整的原数计算，可能得到公布值", "figures not yet rounded could have given it")
    return told.say("取整不能解释这一差异", "rounding does not explain it")


def _adds_up_to(told: Teller) -> str:
    judged, start = told.judged, told.worked()
    value, expected = judged.value or Decimal(0), judged.expected or Decimal(0)
    printed = told.quantity(f"{expected:f}")
    gap = told.computed(abs(value - expected), "百分点" if told.relation.unit == "%" else None)
    if half_up(value, 6) == half_up(expected, 6):
        return told.say(f"{start}，与应有的 {printed} 相同", f"{start}, as it should be")
    if judged.verdict == "agree":
        return told.say(f"{start}，与 {printed} 相差 {gap}，在取整范围内", f"{start}, {gap} from {printed}, within rounding")
    return told.say(
        f"{start}，公布值 {printed}，相差 {gap}，取整不能解释这一差异",
        f"{start}; {printed} was published, {gap} away, which rounding does not explain",
    )


def _holds(told: Teller) -> str:
    relation, condition = told.relation, told.spelled(told.relation.holds)
    claim = told.say(f"“{relation.claim}”", f"“{relation.claim_en}”")
    if told.judged.verdict == "derived":
        return told.say(f"{claim}无从判断：缺数据", f"{claim} cannot be judged: a figure is missing")
    worked = ""
    if relation.formula and told.judged.value is not None:
        worked = told.worked() + told.say("，", ", ")
        condition = condition.replace(told.spelled(), told.computed())
    if told.judged.verdict == "agree":
        return told.say(f"{claim}成立：{worked}{condition}", f"{claim} holds: {worked}{condition}")
    return told.say(f"{claim}不成立：{worked}而 {condition} 不成立", f"{claim} does not hold: {worked}and {condition} is false")


def _same(told: Teller) -> str:
    figures = told.judged.figures
    printed = told.say("、", ", ").join(told.figure(figure) for figure in figures)
    if told.judged.verdict == "agree":
        return told.say(f"各处公布的数相同：{printed}", f"the same number everywhere: {printed}")
    if told.judged.verdict == "disagree":
        return told.say(f"同一事项公布了不同的数：{printed}", f"different numbers were published for one thing: {printed}")
    if any(only_rounded(one, other) for one in figures for other in figures if one is not other):
        return told.say(f"只有取整以后才相同：{printed}", f"equal only after rounding: {printed}")
    return told.say(f"两数不同，只因一处是界限才不矛盾：{printed}", f"different, and compatible only because one is a bound: {printed}")


def _within(told: Teller) -> str:
    start, band = told.worked(), told.relation.within
    least, most = told.judged.bounds or (Decimal(0), Decimal(0))
    span = f"{_short(least, 2)}{told.say(' 至 ', ' to ')}{told.computed(most)}"
    if band is None or told.judged.verdict == "agree":
        return told.say(f"{start}，在可信范围 {span} 之内", f"{start}, within the credible range {span}")
    return told.say(f"{start}，超出可信范围 {span}：{band.because}", f"{start}, outside the credible range {span}: {band.because_en}")


def _names(told: Teller) -> str:
    zh = "、".join(f"“{wording.name}”（{'、'.join(wording.sources)}）" for wording in told.relation.names)
    en = ", ".join(f"“{wording.name}” ({', '.join(wording.sources)})" for wording in told.relation.names)
    if told.judged.verdict == "disagree":
        return told.say(f"同一事项有不同的名称：{zh}", f"one thing has different names: {en}")
    if told.judged.verdict == "agree":
        return told.say(f"各处名称一致：{zh}", f"the same name everywhere: {en}")
    return told.say(f"没有两处名称可比：{zh}", f"no two names to compare: {en}")


def _derived(told: Teller) -> str:
    if told.judged.value is None:
        return told.say(f"{told.spelled()} 没有值", f"{told.spelled()} has no value")
    return told.say(f"{told.worked()}，没有公布值可比", f"{told.worked()}; nothing was published to compare")


_SENTENCES: dict[str, Callable[[Teller], str]] = {
    "prints": _prints,
    "adds_up_to": _adds_up_to,
    "holds": _holds,
    "same": _same,
    "within": _within,
    "names": _names,
    "derived": _derived,
}
