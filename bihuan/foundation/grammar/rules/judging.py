"""House rules of parameters, criteria and scores: a basis for every number, points that add up, nothing declared in vain."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bihuan.foundation.grammar.criteria import Any as AnyOf
from bihuan.foundation.grammar.criteria import AtLeast, Criteria, Every, Node, Not, Test
from bihuan.foundation.grammar.errors import Place
from bihuan.foundation.grammar.finding import sections
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lights import names_in
from bihuan.foundation.grammar.references_judged import leaves_of
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import Rollup
from bihuan.foundation.grammar.resolving import mentions
from bihuan.foundation.grammar.rules.rule import Hit, Rule, World
from bihuan.foundation.grammar.scores import Part
from bihuan.foundation.grammar.shape import Shape, fields_of
from bihuan.foundation.grammar.spans import lengths
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.grammar.yaml_text import Path

_EMPTY_BASIS = {"", "无", "待定", "…", "……", "同上"}

_CRITERIA = """
criteria:
  screening:
    title: 筛选
    all:
      - {key: amount, title: 投资不低于一亿元, if: 概算投资 >= 1亿元, basis: 第二条}
      - {at_least: 1, of: [{key: named, title: 有名称, if: 非 为空(项目名称), basis: 第二条}]}
    exempt: [{from: amount, if: 滞后天数 = 0, needs: name, approver: supervisor, basis: 第二条}]
"""
_SCORE = """
indicators:
  share: {title: 占比, formula: 平均(概算投资) / 1亿元, per: county, needs: nothing, unit: '%', basis: 第三条}
scores:
  rank:
    title: 排名
    per: county
    total: 100
    parts: {share: {title: 占比得分, of: share, weight: 100, points: steps, steps: {90%: 100, 80%: 60}}}
    missing: last
"""
_PARAMETER = """
parameters:
  grace: {title: 宽限天数, unit: 天, since: {2024: {value: 5, basis: 第三条}}}
lights:
  plate:
    title: 挂牌
    conditions:
      - {colour: red, if: 滞后天数 > 宽限天数, because: 滞后, basis: 第七条}
      - {colour: green, otherwise: 是, because: 按期, basis: 第七条}
    without_data: grey
"""


def _inside(shape: object, path: Path = ()) -> Iterator[tuple[Path, Shape]]:
    """A shape and every shape in it, with their paths."""
    if isinstance(shape, Shape):
        yield path, shape
        for (name, _), (key, _) in zip(type(shape).model_fields.items(), fields_of(type(shape)), strict=True):
            yield from _inside(getattr(shape, name), (*path, key))
    elif isinstance(shape, dict):
        for key, value in shape.items():
            yield from _inside(value, (*path, key))
    elif isinstance(shape, list):
        for number, value in enumerate(shape):
            yield from _inside(value, (*path, number))


_NEEDS_BASIS = ("DatedValue", "Thresholds", "Condition", "Test", "Exemption", "TargetValue", "Clock", "Cadence", "Handoff", "Meeting", "Payment")


def without_basis(world: World) -> Iterator[Hit]:
    """A threshold, condition, parameter, limit or handoff that rests on nothing."""
    for view in world.views:
        for item in sections(view):
            for path, shape in _inside(item.shape):
                if type(shape).__name__ in _NEEDS_BASIS and str(getattr(shape, "basis", "")).strip() in _EMPTY_BASIS:
                    spot = item.at(*path)
                    yield Hit(spot, f"{spot.key} 没有写 basis", f"{spot.key} has no basis", "basis: 第九条（2025 年修订）；来源没有规定的，写“本市约定”")


def _criteria(world: World) -> Iterator[Item[Criteria]]:
    for view in world.views:
        yield from view.criteria.values()


def empty_criteria(world: World) -> Iterator[Hit]:
    """Criteria that test nothing, or ask for more tests than there are."""
    for item in _criteria(world):
        if not list(leaves_of(item.shape)):
            yield Hit(item.place, f"“{item.shape.title}”没有任何条件", f"{item.key} tests nothing", "all: [{key: amount, title: 投资额, if: 概算投资 >= 1亿元, basis: 第二条}]")
        for path, node in _at_least(item.shape.all, ("all",)):
            yield Hit(
                item.at(*path), f"共 {len(node.of)} 项，却要求至少 {node.at_least} 项", f"{node.at_least} of only {len(node.of)}", "{at_least: 2, of: [{…}, {…}, {…}]}",
            )  # fmt: skip
        for path, node in _at_least(item.shape.any, ("any",)):
            yield Hit(item.at(*path), f"共 {len(node.of)} 项，却要求至少 {node.at_least} 项", f"{node.at_least} of only {len(node.of)}", "at_least: 1")


def _at_least(nodes: list[Node], path: Path) -> Iterator[tuple[Path, AtLeast]]:
    for number, node in enumerate(nodes):
        here = (*path, number)
        if isinstance(node, AtLeast):
            if node.at_least > len(node.of):
                yield here, node
            yield from _at_least(node.of, (*here, "of"))
        elif isinstance(node, Every):
            yield from _at_least(node.all, (*here, "all"))
        elif isinstance(node, AnyOf):
            yield from _at_least(node.any, (*here, "any"))
        elif isinstance(node, Not) and not isinstance(node.not_, Test):
            yield from _at_least([node.not_], (*here, "not"))


def points_that_do_not_add_up(world: World) -> Iterator[Hit]:
    """Weights that do not sum to the total; a cap or a step above the weight; a floor above the cap."""
    for view in world.views:
        for item in view.scores.values():
            weights = sum((part.weight for part in item.shape.parts.values()), Decimal(0))
            if item.shape.total is not None and weights != item.shape.total:
                yield Hit(
                    item.at("total"), f"“{item.shape.title}”各分项合计 {weights} 分，写的满分是 {item.shape.total} 分",
                    f"the parts of {item.key} add up to {weights}, the total is {item.shape.total}", f"total: {weights}",
                )  # fmt: skip
            for key, part in item.shape.parts.items():
                for what, what_en in _faults(part):
                    yield Hit(item.at("parts", key), f"分项“{part.title}”{what}", f"{key}: {what_en}", "{weight: 60, floor: 0, cap: 60}")
            multiplier = item.shape.multiplier
            if multiplier and multiplier.floor > multiplier.cap:
                yield Hit(item.at("multiplier"), "最低系数高于最高系数", "the least factor is above the greatest", "{of: quality, floor: 0.8, cap: 1.2}")


def _faults(part: Part) -> Iterator[tuple[str, str]]:
    if part.floor is not None and part.cap is not None and part.floor > part.cap:
        yield f"最低分 {part.floor} 高于最高分 {part.cap}", f"the floor {part.floor} is above the cap {part.cap}"
    highest = max(part.steps.values(), default=Decimal(0))
    if highest > part.weight:
        yield f"档次最高 {highest} 分，超过分值 {part.weight}", f"a step gives {highest}, more than the weight {part.weight}"
    if part.points == "steps" and not part.steps:
        yield "按档次计分，却没有写 steps", "points by steps, but no steps"


def unused_parameter(world: World) -> Iterator[Hit]:
    """A parameter that no formula, limit or sentence mentions."""
    used: dict[Place, bool] = {}
    for view in world.views:
        mentioned = _mentioned(world, view) if view.parameters else set()
        for item in view.parameters.values():
            used[item.place] = used.get(item.place, False) or item.key in mentioned or item.shape.title in mentioned
    for view in world.views:
        for item in view.parameters.values():
            if not used.pop(item.place, True):
                yield Hit(
                    item.place, f"参数“{item.shape.title}”没有公式用到", f"no formula uses the parameter {item.key}",
                    f"if: 滞后天数 > {item.shape.title}；不用就删去",
                )  # fmt: skip


_FORMULAS = ("formula", "where", "guard", "if", "with", "amount", "at_most", "by", "value", "unused")
_SENTENCES = ("because", "because_en", "text", "title")
_LENGTHS = ("limit", "due", "grace", "warn", "each", "after", "until")


def _mentioned(world: World, view: RegisterView) -> set[str]:
    """The words mentioned about a register: in its items, in its rollups, and in rollups elsewhere that gather from it."""
    words = {word for item in sections(view) if isinstance(item.shape, Shape) for _, word in lengths(item.shape)}
    words |= {name for rollup in view.shape.rollups.values() for name in _bond(world, view, rollup)}
    shapes = [*(item.shape for item in sections(view)), *([view.lifecycle.shape] if view.lifecycle else []), view.shape]
    parents = [other.shape for other in world.views if any(child == view.name for child, _ in other.children)]
    for shape in (*shapes, *parents):
        for _, inner in _inside(shape):
            for key, value in _texts(inner):
                if key in _FORMULAS:
                    words |= mentions(view, value, "grouped" if key == "formula" else "entry")
                else:
                    words |= {value} if key in _LENGTHS else set(names_in(value))
    return words


def _bond(world: World, view: RegisterView, rollup: Rollup) -> tuple[str, ...]:
    """The names in the condition of a rollup; none where it cannot be compiled, which linking reports."""
    try:
        formula = view.bond(rollup, None if rollup.source == "duties" else world.catalogue.referred(rollup.source, view.pack))
    except Refused:
        return ()
    return formula.names if formula else ()


def _texts(shape: Shape) -> Iterator[tuple[str, str]]:
    """The formulas, sentences and lengths of time of one shape that may name a parameter."""
    for (name, _), (key, _) in zip(type(shape).model_fields.items(), fields_of(type(shape)), strict=True):
        value = getattr(shape, name)
        if isinstance(value, str) and key in (*_FORMULAS, *_SENTENCES, *_LENGTHS):
            yield key, value
        elif isinstance(value, dict) and key in ("limit", "with"):
            yield from ((key, text) for text in value.values() if isinstance(text, str))


RULES = (
    Rule(
        "basis", "阈值、条件、参数、时限和衔接都要写明依据：有人点开红灯时，要看到是哪一条。",
        "Thresholds, conditions, parameters, limits and handoffs say what they rest on: whoever opens a red light must see the clause.", without_basis,
        _PARAMETER, _PARAMETER.replace("value: 5, basis: 第三条", "value: 5, basis: ''"),
    ),
    Rule(
        "criteria_tests", "条件要能判出结果：空条件谁都通过，要求的项数不能多于列出的项数。",
        "Criteria test something, and ask for no more tests than there are.", empty_criteria, _CRITERIA, _CRITERIA.replace("at_least: 1", "at_least: 2"),
    ),
    Rule(
        "score_total", "各分项的分值要加得起来，封顶和档次不能超过分值。", "The points of the parts add up; caps and steps stay within the weight.",
        points_that_do_not_add_up, _SCORE, _SCORE.replace("weight: 100", "weight: 60"),
    ),
    Rule(
        "parameter_used", "写了不用的参数，会让人以为改它能改变结果。", "A parameter that nothing uses makes people believe that changing it matters.",
        unused_parameter, _PARAMETER, _PARAMETER.replace("滞后天数 > 宽限天数", "滞后天数 > 5天"),
    ),
)  # fmt: skip
