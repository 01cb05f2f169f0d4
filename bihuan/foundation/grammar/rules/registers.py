"""House rules of registers and sheets: an owner for every row, nothing asked twice, one title for one thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bihuan.foundation.grammar.errors import Place
from bihuan.foundation.grammar.finding import sections
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.patterns import fits
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.rules.rule import Hit, Rule, World
from bihuan.foundation.grammar.views import RegisterView

_REGISTER = """
register:
  title: 项目
  key: code
  numbered: 'P-{年}-{号:3}'
  office: county
  fields:
    code: {title: 项目编码, kind: text, pattern: 'P-\\d{4}-\\d{3}', required: 是}
    county: {title: 所在县区, kind: office, required: 是}
    estimate: {title: 概算投资, kind: money, unit: 万元}
"""
_TIMELINE = _REGISTER + """    planned_start: {title: 计划开工日期, kind: date}
    started_on: {title: 开工日期, kind: date}
  timeline: {plan: [planned_start], actual: [started_on]}
"""
_CHILD = """
=== visits.yaml
mechanism: visits
title: 走访
title_en: Visits
basis: 《办法》第五条
register:
  title: 走访记录
  key: code
  office: visitor
  fields:
    code: {title: 走访编号, kind: text}
    visitor: {title: 走访单位, kind: office}
    project: {title: 走访项目, kind: entry, of: projects}
    visited_on: {title: 走访日期, kind: date}
"""
_SHEET = """
exchanges:
  sheet: {title: 项目表, of: rows, columns: [code, name, county, estimate]}
"""


def without_owner(world: World) -> Iterator[Hit]:
    """A register whose rows belong to no office."""
    for view in world.views:
        if not view.shape.office:
            yield Hit(
                view.place(), f"台账“{view.shape.title}”没有写 office", f"the register {view.name} has no office", "office: county；county: {title: 所在县区, kind: office}",
            )  # fmt: skip


def asked_twice(world: World) -> Iterator[Hit]:
    """A field that asks for a value which the row referred to already holds."""
    for view in world.views:
        for key, field in view.shape.fields.items():
            target = world.catalogue.referred(field.of, view.pack) if field.kind == "entry" else None
            held = _held(target) if target else {}
            for other, asked in view.shape.fields.items():
                if target and target is not view and (asked.title, asked.unit) in held and asked.kind != "entry":
                    there = held[asked.title, asked.unit]
                    yield Hit(
                        view.place("fields", other), f"“{asked.title}”已在“{target.shape.title}”里有了，不该再问一遍",
                        f"“{asked.title}” is held by {target.name} already", f"lookups: {{{other}: {{title: {asked.title}, by: {key}, field: {there}}}}}",
                    )  # fmt: skip


def _held(view: RegisterView) -> Mapping[tuple[str, str], str]:
    figures = view.shape.figures.fields if view.shape.figures else {}
    return {(field.title, field.unit): key for key, field in {**view.shape.fields, **figures}.items() if key != view.shape.key}


def same_title(world: World) -> Iterator[Hit]:
    """Two things of one sort with the same title: readers cannot tell them apart."""
    for pack in world.catalogue.packs.values():
        yield from _repeated("机制", "mechanisms", [(pack.place(key, "title"), shape.title) for key, shape in pack.mechanisms.items()])
    for view in world.views:
        by_section: dict[str, list[tuple[Place, str]]] = {}
        for item in sections(view):
            by_section.setdefault(str(item.path[0]), []).append((item.at("title"), getattr(item.shape, "title", item.key)))
        for section, titled in by_section.items():
            if section != "parameters":
                yield from _repeated(section, section, titled)
        if view.lifecycle:
            life = view.lifecycle
            yield from _repeated("状态", "states", [(life.at("states", key), state.title) for key, state in life.shape.states.items()])
            for state in life.shape.states:
                leaving = [(life.at("moves", key), move.title) for key, move in life.shape.moves.items() if state in move.source]
                yield from _repeated("动作", "moves", leaving)
        for key, field in view.shape.fields.items():
            yield from _repeated("可选值", "choices", [(view.place("fields", key, "choices"), choice) for choice in field.choices])


def _repeated(sort: str, sort_en: str, titled: list[tuple[Place, str]]) -> Iterator[Hit]:
    seen: dict[str, Place] = {}
    for place, title in titled:
        if title in seen:
            first = f"{seen[title].file}:{seen[title].line}"
            yield Hit(place, f"{sort}“{title}”已在 {first} 用过", f"“{title}” is used already in {first} ({sort_en})", "换一个看得出区别的名称")
        seen.setdefault(title, place)


def number_against_pattern(world: World) -> Iterator[Hit]:
    """An automatic number that the key's own pattern would refuse."""
    for view in world.views:
        field = view.shape.fields.get(view.shape.key)
        if not view.shape.numbered or field is None:
            continue
        sample = _numbered(view.shape.numbered)
        if sample is None:
            yield Hit(view.place("numbered"), "自动编号里没有 {号}", "the automatic number has no {号}", "numbered: XT-{年}-{号:4}")
        elif (form := field.provisional or field.pattern) and not _fits(form, sample):
            yield Hit(
                view.place("numbered"), f"自动编号会得到 {sample}，不符合 {view.shape.key} 的编码格式 {form}",
                f"it would give {sample}, which the pattern {form} refuses", "numbered: 'XT-{年}-{号:4}'；pattern: 'XT-\\d{4}-\\d{4}'",
            )  # fmt: skip


def _numbered(form: str) -> str | None:
    """The first number of 2025 in that form, or None where it has no running number."""
    if not re.search(r"\{号(:\d+)?\}", form):
        return None
    return re.sub(r"\{号(?::(\d+))?\}", lambda found: "1".zfill(int(found[1] or 1)), form.replace("{年}", "2025"))


def _fits(form: str, text: str) -> bool:
    try:
        return fits(form, text)
    except Refused:
        return True


def sheet_without_required(world: World) -> Iterator[Hit]:
    """A sheet of rows without a required column: what is exported could not be imported again."""
    for view in world.views:
        for item in view.exchanges.values():
            lacking = _lacking(view, item.shape.columns) if item.shape.of == "rows" else []
            if lacking:
                yield Hit(
                    item.at("columns"), f"表里没有必填的列 {'、'.join(lacking)}，导出的表导不回来", f"the sheet lacks the required column(s) {', '.join(lacking)}",
                    f"columns: [{', '.join([*item.shape.columns, *lacking])}]",
                )  # fmt: skip


def _lacking(view: RegisterView, columns: list[str]) -> list[str]:
    given = {view.shape.key} if view.shape.numbered else set()
    return [key for key, field in view.shape.fields.items() if field.required and not field.default and key not in {*columns, *given}]


def unreferred_by(world: World) -> Iterator[Hit]:
    """An indicator or score grouped by a field that is free text: every spelling becomes a group of its own."""
    for view in world.views:
        grouped: list[Item[object]] = [*view.indicators.values(), *view.scores.values()]
        for item in grouped:
            field = view.shape.fields.get(getattr(item.shape, "per", ""))
            if field and field.kind in ("text", "long_text", "number", "money", "choices", "file"):
                yield Hit(
                    item.at("per"), f"按“{field.title}”（{field.kind}）分组，写法不同就成了不同的组", f"grouped by {field.kind}: every spelling is a group",
                    "per: county；county: {title: 所在县区, kind: office}",
                )  # fmt: skip


def day_drawn_twice(world: World) -> Iterator[Hit]:
    """A date that a timeline names twice: it would be drawn over itself, and a plan would be taken for what happened."""
    for view in world.views:
        line = view.shape.timeline
        named = [(key, name) for key in ("plan", "actual", "marks") for name in getattr(line, key)] if line else []
        for place, (key, name) in enumerate(named):
            if name in [other for _key, other in named[:place]]:
                yield Hit(
                    view.place("timeline", key), f"“{view.shape.fields[name].title if name in view.shape.fields else name}”在 timeline 里写了两次",
                    f"“{name}” stands twice in the timeline", "timeline: {plan: [planned_start, planned_finish], actual: [started_on, finished_on]}",
                )  # fmt: skip


RULES = (
    Rule(
        "register_owner", "每一行都要有归属单位：谁能看、谁该办、排名算谁的，都从它来。",
        "Every row belongs to an office: it decides who may see it, who must act and whose ranking it counts for.", without_owner, _REGISTER,
        _REGISTER.replace("  office: county\n", ""),
    ),
    Rule(
        "ask_once", "已经有的数不再向人要：从所指的那一行带出来。为基层减负的规定也管着这个系统。",
        "What is held already is not asked for again: it is read from the row referred to.", asked_twice, _REGISTER + _CHILD,
        _REGISTER + _CHILD.replace("visited_on: {title: 走访日期, kind: date}", "estimate: {title: 概算投资, kind: money, unit: 万元}"),
    ),
    Rule(
        "title_once", "同类的东西名称不能相同，否则页面上分不清说的是哪一个。", "No two things of one sort share a title.", same_title, _REGISTER + _CHILD,
        _REGISTER + _CHILD.replace("title: 走访\n", "title: 项目总库\n"),
    ),
    Rule(
        "number_fits", "自动编出来的号要通得过自己的编码格式，否则一行也登记不进去。", "An automatic number passes the key's own pattern.", number_against_pattern,
        _REGISTER, _REGISTER.replace("{号:3}", "{号:4}"),
    ),
    Rule(
        "sheet_returns", "导出的表要能原样导回来，必填的列一个不能少。", "What is exported can be imported again, so no required column is missing.",
        sheet_without_required, _SHEET, _SHEET.replace("code, name, county", "code, name"),
    ),
    Rule(
        "day_once", "时间轴上一个日期只能是计划、实际、节点之一，否则看不出是说好的还是做到的。", "A date of a timeline is planned, or happened, or a mark: one of them.",
        day_drawn_twice, _TIMELINE, _TIMELINE.replace("actual: [started_on]", "actual: [planned_start]"),
    ),
    Rule(
        "grouped_by", "分组的字段要有固定的取值（单位、选项、引用），不能是随手填的文字或数。", "Groups come from a field with fixed values.", unreferred_by,
        "indicators: {total: {title: 项目数, formula: 计数(), per: county, needs: nothing, unit: 个, basis: 第三条}}",
        "indicators: {total: {title: 项目数, formula: 计数(), per: name, needs: nothing, unit: 个, basis: 第三条}}",
    ),
)  # fmt: skip
