"""House rules of meetings: what is decided runs against a clock, and a matter stands on an agenda once."""

from __future__ import annotations

from collections.abc import Iterator

from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.meetings import Meeting
from bihuan.foundation.grammar.rules.rule import Hit, Rule, World
from bihuan.foundation.grammar.views import RegisterView

_SESSIONS = """
register:
  title: 会次
  key: code
  name: code
  office: county
  fields:
    code: {title: 会次编号, kind: text, required: 是}
    county: {title: 召集单位, kind: office, required: 是}
    series: {title: 会议系列, kind: text, required: 是}
    held_on: {title: 开会日期, kind: date, required: 是}
lifecycle:
  states: {planned: {title: 拟开}, open: {title: 会议中}, held: {title: 已开, final: 是}}
  start: planned
  moves:
    open: {title: 开会, from: [planned], to: open, who: [supervisor]}
    close: {title: 散会, from: [open], to: held, who: [supervisor]}
documents:
  minutes:
    title: '{名称}会议纪要'
    number: 纪〔{年}〕{号}号
    trigger: {state: held}
    body: [{text: '{会议系列}，{开会日期}。'}]
meetings:
  weekly:
    title: 周调度会
    series: series
    held_on: held_on
    run_by: [supervisor]
    opens: open
    closes: close
    agenda:
      register: matters
      session: session
      order: place
      subject: subject
      source: source
      why: why
      defer: defer
      discuss: discuss
      draw: {left: {title: 未办结, unfinished: 是}}
    decisions: {register: tasks, session: session, item: matter, asks: [text, county], dated: decided_on}
    minutes: minutes
    basis: 第九条
"""
_MATTERS = """
=== matters.yaml
mechanism: matters
title: 议题
title_en: Matters
basis: 《办法》第九条
register:
  title: 议题
  key: code
  name: text
  office: county
  fields:
    code: {title: 议题编号, kind: text, required: 是}
    session: {title: 所属会次, kind: entry, of: projects, required: 是}
    county: {title: 议题单位, kind: office}
    text: {title: 议题内容, kind: text}
    place: {title: 顺序, kind: number}
    subject: {title: 议题对象, kind: text}
    source: {title: 议题来由, kind: text}
    why: {title: 灯的理由, kind: text}
  unique: [[session, subject]]
lifecycle:
  states: {waiting: {title: 待议}, done: {title: 已议, final: 是}, put_off: {title: 缓议, final: 是}}
  start: waiting
  moves:
    discuss: {title: 议毕, from: [waiting], to: done, who: [supervisor]}
    defer: {title: 缓议, from: [waiting], to: put_off, who: [supervisor]}
"""
_TASKS = """
=== tasks.yaml
mechanism: tasks
title: 议定事项
title_en: Decisions
basis: 《办法》第十条
register:
  title: 议定事项
  key: code
  name: text
  office: county
  fields:
    code: {title: 事项编号, kind: text, required: 是}
    session: {title: 议定会次, kind: entry, of: projects}
    matter: {title: 议定议题, kind: entry, of: matters}
    county: {title: 承办单位, kind: office, required: 是}
    text: {title: 事项内容, kind: text}
    decided_on: {title: 议定日期, kind: date}
lifecycle:
  states: {given: {title: 已交办}, closed: {title: 已销号, final: 是}}
  start: given
  moves: {close: {title: 销号, from: [given], to: closed, who: [supervisor]}}
"""
_CLOCK = "clocks: {seven: {title: 七日, starts: [given], stops: [closed], limit: 7 working_days, owner: office, basis: 第十条}}\n"
_GOOD = _SESSIONS + _MATTERS + _TASKS + _CLOCK


def _registers(world: World) -> Iterator[tuple[Item[Meeting], RegisterView | None, RegisterView | None]]:
    """Every meeting with the registers of its agenda and of its decisions."""
    for view in world.views:
        for item in view.meetings.values():
            agenda, decisions = item.shape.agenda.register_, item.shape.decisions.register_
            yield item, world.catalogue.referred(agenda, item.pack), world.catalogue.referred(decisions, item.pack)


def without_clock(world: World) -> Iterator[Hit]:
    """A meeting whose decisions start no clock, or belong to nobody."""
    for item, _agenda, decisions in _registers(world):
        if decisions is None:
            continue
        start = decisions.lifecycle.shape.start if decisions.lifecycle else ""
        begins = {start, item.shape.decisions.dated, *item.shape.decisions.asks} - {""}
        spot = item.at("decisions", "register")
        if not any(set(clock.shape.starts) & begins for clock in decisions.clocks.values()):
            yield Hit(
                spot, f"“{decisions.shape.title}”登记时没有时限开始", f"no clock starts when a row of {decisions.name} is recorded",
                f"clocks: {{limit: {{title: 办结, starts: [{start or 'given'}], stops: [closed], limit: 7 working_days}}}}",
            )  # fmt: skip
        if decisions.shape.office not in item.shape.decisions.asks:
            yield Hit(
                spot, "会上没有填写承办单位", "the office that is to do it is not asked for", f"asks: [text, {decisions.shape.office or 'office'}]",
            )  # fmt: skip


def twice_on_the_agenda(world: World) -> Iterator[Hit]:
    """An agenda on which the same matter can stand twice."""
    for item, agenda, _decisions in _registers(world):
        pair = {item.shape.agenda.session, item.shape.agenda.subject}
        if agenda is not None and not any(set(group) == pair for group in agenda.shape.unique):
            yield Hit(
                item.at("agenda", "register"), f"“{agenda.shape.title}”没有写明同一会次同一事项只列一次", f"{agenda.name} may hold a matter twice in one session",
                f"unique: [[{item.shape.agenda.session}, {item.shape.agenda.subject}]]",
            )  # fmt: skip


RULES = (
    Rule(
        "decision_clock", "会上议定的事要有人办、有时限：没有责任单位或时限的不算交办。", "What a meeting decides has an owner and a time limit.", without_clock,
        _GOOD, _SESSIONS + _MATTERS + _TASKS,
    ),
    Rule(
        "agenda_once", "同一会次上，同一事项只列一次。", "A matter stands once on the agenda of a session.", twice_on_the_agenda,
        _GOOD, _GOOD.replace("  unique: [[session, subject]]\n", ""),
    ),
)  # fmt: skip
