"""House rules of lifecycles, clocks and cadences: every state reached and left, every move somebody's, every clock stopped and countable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from bihuan.foundation.grammar.cadences import Cadence
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lifecycles import Clock, Lifecycle
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.rules.rule import Hit, Rule, World
from bihuan.foundation.grammar.spans import length
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.grammar.workdays import BeyondCalendar, Span, state_council

SITE_ROLES = ("officer", "supervisor", "leader", "enterprise", "citizen")
"""The roles an account of the site can hold and a pack may name."""

_LIFE = """
lifecycle:
  states: {planned: {title: 谋划}, signed: {title: 签约}, done: {title: 达效, final: 是}}
  start: planned
  moves:
    sign: {title: 签约, from: [planned], to: signed, who: [officer]}
    finish: {title: 达效, from: [signed], to: done, who: [officer]}
"""
_CLOCK = _LIFE + """
clocks:
  feedback: {title: 三日反馈, starts: [signed], stops: [done], limit: 3 working_days, owner: office, basis: 第三条}
"""
_APPEALS = """
=== pack.yaml
pack: city
title: 样例
title_en: Samples
version: '1'
owner: 市发改委
basis: 《办法》
in_force: 2024-01
roles:
  officer: {title: 经办人}
  citizen: {title: 市民}
=== appeals.yaml
mechanism: appeals
title: 诉求
title_en: Appeals
basis: 《办法》第六条
register:
  title: 诉求台账
  key: code
  office: handler
  recorded_by: [officer, citizen]
  fields:
    code: {title: 诉求编号, kind: text}
    handler: {title: 承办单位, kind: office}
assignments:
  appellant: {title: 诉求人, who: [citizen], recorder: 是, exactly: any}
lifecycle:
  states: {filed: {title: 已提交}, settled: {title: 已解决, final: 是}}
  start: filed
  moves:
    confirm: {title: 确认解决, from: [filed], to: settled, who: [citizen]}
"""
_CADENCE = """
cadences:
  weekly: {title: 周报, every: week, due: 2 calendar_days, grace: 1 calendar_days, met_by: {updated: 是}, basis: 第三条}
"""
_LONGEST = {"ten_days": 8, "week": 7, "month": 28, "quarter": 90, "half_year": 181, "year": 365}
"""The shortest a period of each kind can be, in days."""


def _lives(world: World) -> Iterator[tuple[RegisterView, Item[Lifecycle]]]:
    for view in world.views:
        if view.lifecycle:
            yield view, view.lifecycle


def reached_from(life: Lifecycle, states: Iterable[str]) -> set[str]:
    """The states that moves lead to from some states, those included."""
    reached, waiting = set[str](), list(states)
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting.extend(move.to for move in life.moves.values() if state in move.source)
    return reached


def unreached_state(world: World) -> Iterator[Hit]:
    """A state that no move leads to from the start."""
    for _, item in _lives(world):
        reached = reached_from(item.shape, [item.shape.start])
        for key, state in item.shape.states.items():
            if key not in reached:
                yield Hit(
                    item.at("states", key), f"没有动作能到“{state.title}”", f"no move leads to {key}",
                    f"sign: {{title: {state.title}, from: [{item.shape.start}], to: {key}, who: [officer]}}",
                )  # fmt: skip


def dead_end(world: World) -> Iterator[Hit]:
    """A state that is not final and has no way out."""
    for _, item in _lives(world):
        left = set(chain.from_iterable(move.source for move in item.shape.moves.values()))
        for key, state in item.shape.states.items():
            if not state.final and key not in left:
                yield Hit(
                    item.at("states", key), f"“{state.title}”不是终态，却没有动作能离开", f"{key} is not final and nothing leaves it",
                    f"{key}: {{title: {state.title}, final: 是}}",
                )  # fmt: skip


def nobody_may(world: World) -> Iterator[Hit]:
    """A move without anybody who may make it, or a role that no account can hold."""
    for pack in world.catalogue.packs.values():
        for role in pack.head.roles:
            if role not in SITE_ROLES:
                yield Hit(
                    pack.lines["pack.yaml"].place("roles", role), f"没有账号能有角色 {role}", f"no account can hold the role {role}",
                    "officer: {title: 经办人}（可用：" + "、".join(SITE_ROLES) + "）",
                )  # fmt: skip
    for _, item in _lives(world):
        for key, move in item.shape.moves.items():
            if not move.who:
                yield Hit(item.at("moves", key), f"动作“{move.title}”没有人可以做", f"nobody may make the move {key}", "who: [officer]")


def _clocks(world: World) -> Iterator[tuple[RegisterView, Item[Clock]]]:
    for view in world.views:
        for item in view.clocks.values():
            yield view, item


def never_stops(world: World) -> Iterator[Hit]:
    """A clock that no state stops, or whose stops cannot be reached once it has started."""
    for view, item in _clocks(world):
        life = view.lifecycle.shape if view.lifecycle else None
        begun = [state for state in item.shape.starts if life and state in life.states]
        reached = reached_from(life, begun) - set(begun) if life and begun else set(life.states) if life else set()
        if not reached & set(item.shape.stops):
            yield Hit(
                item.at("stops"), f"时限“{item.shape.title}”开始后没有状态能让它停下", f"nothing stops the clock {item.key} once it has started",
                f"stops: [{next(iter(reached), 'reported')}]",
            )  # fmt: skip


def _limits(clock: Clock) -> list[str]:
    limit = clock.limit
    spans = [span for key, span in limit.items() if key != "by"] if isinstance(limit, Mapping) else [limit]
    return [*spans, *([clock.extension.each] if clock.extension else [])]


def beyond_calendar(world: World) -> Iterator[Hit]:
    """A limit in working days that, begun today, would run past the last known holiday table."""
    calendar = state_council()
    for view, item in _clocks(world):
        for text in _limits(item.shape):
            try:
                span = length(text, view.parameters, world.at, item.mechanism)
                calendar.add(world.at, span.count, span.unit)
            except BeyondCalendar as error:
                yield Hit(
                    item.at("limit"), f"时限 {text} 从 {world.at} 起算，超出已知的节假日表：{error.what}",
                    f"the limit {text} from {world.at} runs past the known holidays: {error.what_en}", "limit: 30 working_days",
                )  # fmt: skip
            except Refused:
                continue


def _days(span: Span) -> float:
    """About how many calendar days a length of time is."""
    return span.count * {"calendar_days": 1.0, "working_days": 1.4, "months": 30.0}[span.unit]


def impossible_due(world: World) -> Iterator[Hit]:
    """A report due only after the next period has ended, or in months in which its period never ends."""
    for view, item in _cadences(world):
        cadence = item.shape
        if _asked(world, view, item) > _LONGEST[cadence.every]:
            yield Hit(
                item.at("due"), f"“{cadence.title}”到下一期结束后才截止（{cadence.due}{'，宽限 ' + cadence.grace if cadence.grace else ''}）",
                f"{item.key} is due only after the next period has ended", "due: 5 calendar_days",
            )  # fmt: skip
        ends = {"quarter": {3, 6, 9, 12}, "half_year": {6, 12}, "year": {12}}.get(cadence.every)
        if cadence.months and ends and not ends & set(cadence.months):
            yield Hit(
                item.at("months"), f"“{cadence.title}”写的月份里没有一期在此结束，永远不用报", f"no period of {item.key} ends in the months given", "months: [3, 6]",
            )  # fmt: skip


def _asked(world: World, view: RegisterView, item: Item[Cadence]) -> float:
    """About how many days after its period a report is missed; 0 where a length of time cannot be told, which linking reports."""
    try:
        return sum(_days(length(text, view.parameters, world.at, item.mechanism)) for text in (item.shape.due, item.shape.grace) if text)
    except Refused:
        return 0.0


def _cadences(world: World) -> Iterator[tuple[RegisterView, Item[Cadence]]]:
    for view in world.views:
        for item in view.cadences.values():
            yield view, item


def owner_of_office_duty(world: World) -> Iterator[Hit]:
    """A cadence that offices owe, without saying which offices."""
    for _, item in _cadences(world):
        if item.shape.owes == "office" and not item.shape.offices:
            yield Hit(item.place, f"“{item.shape.title}”由单位报，没有写哪类单位", f"{item.key} is owed by offices, but not by which", "offices: [county]")


def asks_and_approves(world: World) -> Iterator[Hit]:
    """A request that the same role makes and approves."""
    for _, item in _clocks(world):
        for key, rule in (("pause", item.shape.pause), ("extension", item.shape.extension)):
            if rule and rule.approver in rule.asked_by:
                yield Hit(
                    item.at(key, "asked_by"), f"“{item.shape.title}”由 {rule.approver} 申请，又由 {rule.approver} 批准",
                    f"{rule.approver} both asks and approves on {item.key}", f"{key}: {{asked_by: [officer], approver: supervisor}}",
                )  # fmt: skip


def out_of_reach(world: World) -> Iterator[Hit]:
    """A move for enterprises or citizens in a register in which none of them has a row."""
    for view, item in _lives(world):
        held = {role for one in view.assignments.values() for role in one.shape.who}
        for key, move in item.shape.moves.items():
            for role in move.who:
                if (role == "enterprise" and not view.shape.enterprise and role not in held) or (role == "citizen" and role not in held):
                    yield Hit(
                        item.at("moves", key, "who"), f"“{move.title}”要 {role} 来做，可台账里没有一行是他们的",
                        f"{key} is for {role}, and no row of the register is theirs",
                        "assignments: {appellant: {title: 诉求人, who: [enterprise, citizen], recorder: 是, exactly: any}}",
                    )  # fmt: skip


def recorder_never(world: World) -> Iterator[Hit]:
    """A responsibility that falls to whoever records a row, for roles that may not record."""
    for view in world.views:
        for item in view.assignments.values():
            if item.shape.recorder and not set(item.shape.who) & set(view.shape.recorded_by):
                yield Hit(
                    item.at("recorder"), f"“{item.shape.title}”由登记人担任，可 {'、'.join(item.shape.who)} 都不能登记",
                    f"{item.key} falls to the recorder, and none of {', '.join(item.shape.who)} may record", "recorded_by: [officer, citizen]",
                )  # fmt: skip


RULES = (
    Rule(
        "state_reached", "每个状态都要有动作能到；到不了的状态只会让人白找。", "Some move leads to every state.", unreached_state, _LIFE,
        _LIFE.replace("to: signed", "to: done"),
    ),
    Rule(
        "state_left", "不是终态的状态都要有出路，否则事项卡在那里，没有人能推进。", "Every state that is not final has a way out.", dead_end, _LIFE,
        _LIFE.replace(", final: 是", ""),
    ),
    Rule(
        "move_somebody", "每个动作都要有账号可以持有的角色来做，否则这一步永远做不成。", "Every move is open to a role that accounts can hold.", nobody_may, _LIFE,
        _LIFE.replace("to: done, who: [officer]", "to: done, who: []"),
    ),
    Rule(
        "clock_stops", "每个时限都要有停下的状态，否则一定逾期。", "Every clock has a state that stops it, or it is bound to run out.", never_stops, _CLOCK,
        _CLOCK.replace("stops: [done]", "stops: [planned]"),
    ),
    Rule(
        "clock_calendar", "工作日要按国务院公布的放假安排数；没有公布的年份数不出来。", "Working days are counted by published holiday tables.", beyond_calendar,
        _CLOCK, _CLOCK.replace("3 working_days", "2000 working_days"),
    ),
    Rule(
        "cadence_due", "一期的截止要在下一期结束之前，否则欠账越积越多，永远催不完。", "A report is due before the next period ends.", impossible_due, _CADENCE,
        _CADENCE.replace("2 calendar_days", "20 calendar_days"),
    ),
    Rule(
        "cadence_offices", "单位应报的，要写明哪类单位，才能列出谁没报。", "What offices owe says which offices.", owner_of_office_duty, _CADENCE,
        _CADENCE.replace("every: week", "every: week, owes: office"),
    ),
    Rule(
        "asks_approves", "申请和批准不能是同一个角色，否则申请这一步形同虚设。", "Who asks for more time is not who approves it.", asks_and_approves,
        _CLOCK.replace("owner: office", "owner: office, pause: {asked_by: [officer], approver: supervisor}"),
        _CLOCK.replace("owner: office", "owner: office, pause: {asked_by: [officer], approver: officer}"),
    ),
    Rule(
        "outsider_reaches", "要企业或公众来办的一步，台账里得有属于他们的行，否则谁也办不了。", "A move for enterprises or citizens needs rows that are theirs.", out_of_reach,
        _APPEALS, _APPEALS.replace("  appellant: {title: 诉求人, who: [citizen], recorder: 是, exactly: any}\n", "  appellant: {title: 承办人, who: [officer], exactly: any}\n"),
    ),
    Rule(
        "recorder_records", "由登记人担任的责任，其角色要能登记，否则永远无人担任。", "A responsibility of the recorder is for roles that may record.", recorder_never,
        _APPEALS, _APPEALS.replace("recorded_by: [officer, citizen]", "recorded_by: [officer]"),
    ),
)  # fmt: skip
