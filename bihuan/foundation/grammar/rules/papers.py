"""House rules of documents and handoffs: something fires them, their numbers run, and no handoff starts itself."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from bihuan.foundation.grammar.documents import Document, Handoff, Moved, Recorded, Trigger, Turns
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.rules.flows import reached_from
from bihuan.foundation.grammar.rules.lights import colours_of
from bihuan.foundation.grammar.rules.rule import Hit, Rule, World
from bihuan.foundation.grammar.views import RegisterView

_PLATE = """
lights:
  plate:
    title: 挂牌
    conditions:
      - {colour: red, if: 滞后天数 > 30, because: 滞后, basis: 第七条}
      - {colour: green, otherwise: 是, because: 按期, basis: 第七条}
    without_data: grey
"""
_DOCUMENT = _PLATE + """
documents:
  letter:
    title: 关于{名称}的督办函
    number: 督〔{年}〕{号}号
    trigger: {light: plate, turns: red}
    body: [{text: '{名称}滞后 {滞后天数} 天。'}]
"""
_PERSONAL = """
register:
  title: 项目
  key: code
  office: county
  fields:
    code: {title: 项目编码, kind: text, required: 是}
    county: {title: 所在县区, kind: office, required: 是}
    phone: {title: 联系电话, kind: text, personal: 是}
documents:
  notice: {title: 公告, number: '告〔{年}〕{号}号', trigger: {recorded: 是}, public: 是, body: [{text: '{项目编码}公告。'}]}
"""
_TARGET = """
=== talks.yaml
mechanism: talks
title: 约谈
title_en: Talks
basis: 《办法》第八条
register:
  title: 约谈记录
  key: code
  numbered: 'YT-{年}-{号}'
  office: county
  fields:
    code: {title: 约谈编号, kind: text, required: 是}
    county: {title: 被约谈单位, kind: office, required: 是}
    matter: {title: 约谈事由, kind: text, required: 是}
"""
_HANDOFF = _PLATE + """
handoffs:
  to_talk: {title: 红牌约谈, when: {light: plate, turns: red}, start: {pack: city, mechanism: talks, with: {matter: name, county: county}}, basis: 第八条}
""" + _TARGET
_BACK = _HANDOFF.replace("mechanism: talks, with: {matter: name", "mechanism: projects, with: {code: code, name: name")


def _triggered(world: World) -> Iterator[tuple[RegisterView, Item[Document] | Item[Handoff], Trigger, str]]:
    for view in world.views:
        for document in view.documents.values():
            yield view, document, document.shape.trigger, "trigger"
        for handoff in view.handoffs.values():
            yield view, handoff, handoff.shape.when, "when"


def never_fired(world: World) -> Iterator[Hit]:
    """A document or handoff whose light never turns that colour, or whose state no move enters."""
    for view, item, trigger, key in _triggered(world):
        light = view.lights.find(trigger.light, item.mechanism) if isinstance(trigger, Turns) else None
        if isinstance(trigger, Turns) and light and trigger.turns not in colours_of(light.shape):
            yield Hit(
                item.at(key), f"“{item.shape.title}”等“{light.shape.title}”变 {trigger.turns}，而这盏灯没有这种颜色",
                f"{item.key} waits for {trigger.turns}, which the light never shows", f"{{light: {trigger.light}, turns: {colours_of(light.shape)[0]}}}",
            )  # fmt: skip
        if isinstance(trigger, Moved) and view.lifecycle and trigger.state in view.lifecycle.shape.states:
            life = view.lifecycle.shape
            entered = {move.to for move in life.moves.values() if set(move.source) & reached_from(life, [life.start])}
            if trigger.state not in entered:
                yield Hit(item.at(key), f"“{item.shape.title}”等进入“{trigger.state}”，而没有动作到那里", f"no move enters {trigger.state}", "{state: signed}")


def unnumbered(world: World) -> Iterator[Hit]:
    """A document whose number does not run by year."""
    for view in world.views:
        for item in view.documents.values():
            lacking = [word for word in ("{年}", "{号") if word not in item.shape.number]
            if lacking:
                yield Hit(
                    item.at("number"), f"文号“{item.shape.number}”缺 {'、'.join(word.strip('{}') for word in lacking)}",
                    f"the number lacks {', '.join(lacking)}", "number: 濮重项办〔{年}〕{号}号",
                )  # fmt: skip


def incomplete_handoff(world: World) -> Iterator[Hit]:
    """A handoff that leaves a required field of the new row empty."""
    for view in world.views:
        for item in view.handoffs.values():
            target = world.catalogue.started_by(item.shape)
            if target is None:
                continue
            given = {*item.shape.start.with_, *([target.shape.key] if target.shape.numbered else [])}
            lacking = [key for key, field in target.shape.fields.items() if field.required and not field.default and key not in given]
            if lacking:
                yield Hit(
                    item.at("start"), f"新行缺必填的 {'、'.join(target.shape.fields[key].title for key in lacking)}",
                    f"the new row would lack {', '.join(lacking)}", f"with: {{{', '.join(f'{key}: …' for key in lacking)}}}",
                )  # fmt: skip


def handoff_circle(world: World) -> Iterator[Hit]:
    """Handoffs that lead back to where they began: each new row would start another."""
    edges: dict[str, dict[str, Item[Handoff]]] = {}
    for view in world.views:
        for item in view.handoffs.values():
            target = world.catalogue.started_by(item.shape)
            if target and isinstance(item.shape.when, Recorded):
                edges.setdefault(view.name, {})[target.name] = item
    try:
        list(TopologicalSorter(edges).static_order())
    except CycleError as error:
        cycle = error.args[1]
        item = edges[cycle[0]].get(cycle[1]) or next(iter(edges[cycle[0]].values()))
        told = " → ".join(world.catalogue.registers[name].shape.title for name in cycle)
        yield Hit(item.at("when"), f"衔接绕回了自己：{told}", f"the handoffs come round to themselves: {' → '.join(cycle)}", "when: {recorded: 是, where: 结果 = '未果'}")


def round_trip(world: World) -> Iterator[Hit]:
    """Handoffs between two registers in both directions: fine when people act in between, worth a second look."""
    pairs: dict[tuple[str, str], Item[Handoff]] = {}
    for view in world.views:
        for item in view.handoffs.values():
            target = world.catalogue.started_by(item.shape)
            if target:
                pairs.setdefault((view.name, target.name), item)
    for (start, end), item in pairs.items():
        if (end, start) in pairs and start <= end:
            titles = [world.catalogue.registers[name].shape.title for name in (start, end)]
            yield Hit(
                item.place, f"“{titles[0]}”与“{titles[1]}”互相启动", f"{start} and {end} start one another", "确认两头都要有人办理，不会自动来回",
            )  # fmt: skip


def tells_personal(world: World) -> Iterator[Hit]:
    """A document for everybody that fills in personal data."""
    for view in world.views:
        personal = {word for key, field in view.shape.fields.items() if field.personal for word in (key, field.title)}
        for item in view.documents.values():
            texts = [getattr(part, "text", "") for part in item.shape.body] + [item.shape.title, item.shape.to]
            told = sorted(word for word in personal if any(f"{{{word}}}" in text for text in texts))
            if item.shape.public and told:
                yield Hit(
                    item.at("public"), f"“{item.shape.title}”向公众公开，却写入个人信息 {'、'.join(told)}",
                    f"{item.key} is for everybody and tells personal data: {', '.join(told)}", "public: 否",
                )  # fmt: skip


RULES = (
    Rule(
        "fired", "文书和衔接要有会发生的事来触发，否则永远等不到。", "Something that can happen fires every document and handoff.", never_fired, _DOCUMENT,
        _DOCUMENT.replace("turns: red", "turns: blue"),
    ),
    Rule(
        "document_number", "文号要有 {年} 和 {号}：年内顺序编号，一文一号。", "A document's number has {年} and {号}, so that it runs within its year.", unnumbered,
        _DOCUMENT, _DOCUMENT.replace("督〔{年}〕{号}号", "督〔{年}〕"),
    ),
    Rule(
        "handoff_complete", "衔接启动的新行要能登记得进去：必填的都要给。", "The row that a handoff starts has all its required fields.", incomplete_handoff, _HANDOFF,
        _HANDOFF.replace("{matter: name, county: county}", "{county: county}"),
    ),
    Rule(
        "handoff_circle", "登记即触发的衔接不能绕回自己，否则会无休止地生出新行。", "Handoffs fired by recording a row do not come round to themselves.", handoff_circle,
        _HANDOFF, _BACK.replace("{light: plate, turns: red}", "{recorded: 是}"),
    ),
    Rule(
        "handoff_both_ways", "两本台账互相启动时，请确认中间有人办理。", "Where two registers start one another, make sure that people act in between.", round_trip,
        _HANDOFF, _BACK,
        advice=True,
    ),
    Rule(
        "public_personal", "向公众公开的文书不得写入个人信息。", "A document for everybody tells no personal data.", tells_personal,
        _PERSONAL, _PERSONAL.replace("{项目编码}公告", "{项目编码}公告，{联系电话}"),
    ),
)  # fmt: skip
