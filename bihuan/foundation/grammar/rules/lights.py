"""House rules of lights: no hole and no overlap between colours, a basis for every threshold, a worked example for every colour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bihuan.foundation.grammar.examples import LightExpected, Worked
from bihuan.foundation.grammar.intervals import Cover, cover, covered_by, holes, spoken
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lights import Condition, Light, bounds
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.resolving import mentions
from bihuan.foundation.grammar.rules.rule import Hit, Rule, World
from bihuan.foundation.grammar.views import Catalogue, RegisterView

_ORDERED = """
lights:
  plate:
    title: 挂牌
    conditions:
      - {colour: red, if: 滞后天数 > 30, because: '滞后 {滞后天数} 天', basis: 第七条}
      - {colour: yellow, if: 滞后天数 >= 10, because: '滞后 {滞后天数} 天', basis: 第七条}
      - {colour: green, otherwise: 是, because: 按期推进, basis: 第七条}
    without_data: grey
"""
_SHADOWED = _ORDERED.replace("滞后天数 >= 10", "滞后天数 > 40")
_THRESHOLDS = """
indicators:
  share: {title: 占比, formula: 概算投资 / 1亿元, needs: nothing, unit: '%'}
lights:
  share:
    title: 占比灯
    of: share
    since: {2024: {green: 90%, yellow: 80%, basis: 第九条}}
    without_data: grey
"""


def _lights(world: World) -> Iterator[tuple[RegisterView, Item[Light]]]:
    for view in world.views:
        for item in view.lights.values():
            yield view, item


def crossed_thresholds(world: World) -> Iterator[Hit]:
    """The line of green lies beyond that of yellow, in the direction that is better."""
    for view, item in _lights(world):
        indicator = view.indicators.find(item.shape.of, item.mechanism)
        for dated, thresholds in item.shape.since.items() if indicator else ():
            try:
                green, yellow = bounds(thresholds, indicator.shape) if indicator else (0, 0)
            except Refused:
                continue
            if green == yellow or (green > yellow) != (item.shape.better == "higher"):
                better, better_en = ("越高越好", "higher is better") if item.shape.better == "higher" else ("越低越好", "lower is better")
                yield Hit(
                    item.at("since", dated), f"绿灯线 {thresholds.green}、黄灯线 {thresholds.yellow} 与“{better}”矛盾，黄灯永远不亮",
                    f"green {thresholds.green} and yellow {thresholds.yellow} contradict “{better_en}”: yellow can never show",
                    "{green: 95%, yellow: 80%, basis: 第九条}",
                )  # fmt: skip


def after_otherwise(world: World) -> Iterator[Hit]:
    """Nothing follows `otherwise`, and no condition is covered by those before it."""
    for view, item in _lights(world):
        conditions = item.shape.conditions
        ends = [number for number, condition in enumerate(conditions) if condition.otherwise]
        for number in range(ends[0] + 1, len(conditions)) if ends else ():
            yield Hit(
                item.at("conditions", number), f"otherwise 之后的第 {number + 1} 条永远轮不到", f"condition {number + 1} stands after otherwise and is never reached",
                "把 otherwise 放在最后",
            )  # fmt: skip
        covers = _covers(view, conditions)
        for number, one in covers.items():
            if covered_by(one, [other for place, other in covers.items() if place < number]):
                yield Hit(
                    item.at("conditions", number, "if"), f"第 {number + 1} 条永远轮不到：它的取值前面的条件都占了",
                    f"condition {number + 1} is never reached: earlier ones accept all its values", "先写严的（> 30），再写宽的（>= 10）",
                )  # fmt: skip


def _covers(view: RegisterView, conditions: list[Condition]) -> dict[int, Cover]:
    found = {number: cover(view, condition.if_) for number, condition in enumerate(conditions) if condition.if_}
    return {number: one for number, one in found.items() if one}


def hole_between_colours(world: World) -> Iterator[Hit]:
    """Every value has a colour: by `otherwise`, or because the conditions leave no gap."""
    for view, item in _lights(world):
        conditions = item.shape.conditions
        if not conditions or any(condition.otherwise for condition in conditions):
            continue
        covers = _covers(view, conditions)
        if len(covers) == len(conditions) and len({one.name.key for one in covers.values()}) == 1:
            name = covers[0].name
            for gap in holes(covers.values()):
                zh, en = spoken(gap, name.unit.name if name.unit else "")
                yield Hit(
                    item.at("conditions"), f"{name.title}{zh}时没有说亮什么灯", f"nothing is said of {name.title} {en}",
                    "{colour: green, otherwise: 是, because: 按期推进, basis: 第七条}",
                )  # fmt: skip
        else:
            yield Hit(
                item.at("conditions"), "没有 otherwise：以上条件都不成立时没有说亮什么灯", "without otherwise nothing is said of rows that meet no condition",
                "{colour: green, otherwise: 是, because: 按期推进, basis: 第七条}",
            )  # fmt: skip


def colours_of(light: Light) -> list[str]:
    """The colours a light can show, worst first as written, and the one without data."""
    own = [condition.colour for condition in light.conditions] if light.conditions else ["red", "yellow", "green"]
    return list(dict.fromkeys([*own, light.without_data]))


def light_examples(world: World) -> Iterator[Hit]:
    """Each colour that a light can show is shown by a worked example, grey included."""
    shown = {item.name: _colours_shown(world.catalogue, item) for _, item in _lights(world)}
    for view, item in _lights(world):
        spared = {item.shape.without_data} if _never_in_doubt(view, item.shape) else set()
        lacking = [colour for colour in colours_of(item.shape) if colour not in shown[item.name] | spared]
        if lacking:
            yield Hit(
                item.place, f"“{item.shape.title}”没有亮 {'、'.join(lacking)} 的算例", f"no worked example shows “{item.shape.title}” {', '.join(lacking)}",
                f"- {{example: 缺一个月不评灯, mechanism: {item.mechanism}, day: 2025-07-08, given: …, expect: {{P-2025-017: {{light: {lacking[-1]}}}}}}}",
            )  # fmt: skip


_ALWAYS_KNOWN = re.compile(r"为空\([^()]*\)|取值\([^()]*, *-?[0-9.]+\)")
"""Parts of a condition that have an answer whatever is missing: 为空(甲), and 取值(甲, 0)."""


def _never_in_doubt(view: RegisterView, light: Light) -> bool:
    """Whether every condition of a light has an answer on any row: it asks only for states, counts, parameters and what is empty."""
    if not light.conditions or any(condition.colour == light.without_data for condition in light.conditions):
        return False
    counts = {key for key, rollup in view.shape.rollups.items() if rollup.formula.startswith("计数(")}
    certain = {"_state", *counts, *(item.key for item in view.parameters.values())}
    asked = (_ALWAYS_KNOWN.sub("是", text) for text in (light.where, *(condition.if_ for condition in light.conditions)))
    return all(mentions(view, text, "entry") <= certain for text in asked if text and text != "是")


def _colours_shown(catalogue: Catalogue, item: Item[Light]) -> set[str]:
    """The colours that some example expects of this light."""
    pack = catalogue.packs[item.pack]
    shown: set[str] = set()
    for worked in pack.examples:
        shown |= _expected(catalogue, worked, item)
    return shown


def _expected(catalogue: Catalogue, worked: Worked, item: Item[Light]) -> set[str]:
    mechanism = catalogue.mechanisms.get(f"{item.pack}.{worked.shape.mechanism}")
    if mechanism is None or mechanism.register != item.register:
        return set()
    view = catalogue.registers[item.register]
    shown: set[str] = set()
    for outcome in worked.shape.expect.values():
        if outcome.light and view.lights.find_only(worked.shape.mechanism) is item:
            shown.add(outcome.light)
        for word, light in outcome.lights.items():
            if view.lights.find(word, worked.shape.mechanism) is item:
                shown.add(light.colour if isinstance(light, LightExpected) else light)
    return shown


def dated_in_order(world: World) -> Iterator[Hit]:
    """Thresholds are written in the order they came into force."""
    for _, item in _lights(world):
        for earlier, later in pairwise(item.shape.since):
            if later <= earlier:
                yield Hit(
                    item.at("since", later), f"{later} 写在 {earlier} 后面", f"{later} stands after {earlier}", "2024-01 在前，2025-01 在后",
                )  # fmt: skip


RULES = (
    Rule(
        "light_thresholds", "绿灯线要比黄灯线更好；否则有一种颜色永远不亮，判灯的人和被判的人都看不明白。",
        "The line of green lies beyond the line of yellow; otherwise one colour never shows.", crossed_thresholds, _THRESHOLDS,
        _THRESHOLDS.replace("green: 90%, yellow: 80%", "green: 80%, yellow: 90%"),
    ),
    Rule(
        "light_order", "条件按先后判，先成立的算数；写了却轮不到的条件会让人误以为它起作用。",
        "Conditions are tried in order and the first that holds wins; one that is never reached misleads its readers.", after_otherwise, _ORDERED,
        _SHADOWED,
    ),
    Rule(
        "light_hole", "每个取值都要有颜色：印发后才发现“落后 10–30 亮黄、超过 30 亮红”没说 0–10，就晚了。",
        "Every value has a colour; a published rule that forgets a range cannot be applied.", hole_between_colours, _ORDERED,
        _ORDERED.replace("      - {colour: green, otherwise: 是, because: 按期推进, basis: 第七条}\n", ""),
    ),
    Rule(
        "light_examples", "每种颜色都要有一个算例，灰灯也要：算例是业务人员看得懂的测试。",
        "Every colour has a worked example, grey included: examples are the tests an official can read.", light_examples,
        _ORDERED + """
=== examples.yaml
- {example: 滞后四十天亮红, mechanism: projects, day: 2025-07-08, given: {甲: {滞后天数: 40}}, expect: {甲: {light: red}}}
- {example: 滞后二十天亮黄, mechanism: projects, day: 2025-07-08, given: {甲: {滞后天数: 20}}, expect: {甲: {light: yellow}}}
- {example: 不滞后亮绿, mechanism: projects, day: 2025-07-08, given: {甲: {滞后天数: 0}}, expect: {甲: {lights: {plate: green}}}}
- {example: 没有数据亮灰, mechanism: projects, day: 2025-07-08, given: {甲: {}}, expect: {甲: {light: grey}}}
""",
        _ORDERED,
    ),
    Rule(
        "light_dates", "阈值按施行先后写，读的人才不会看错哪一条在用。", "Thresholds are written in the order they came into force.", dated_in_order,
        _THRESHOLDS, _THRESHOLDS.replace("since: {2024:", "since: {2025: {green: 95%, yellow: 80%, basis: 第九条}, 2024:"),
    ),
)  # fmt: skip
