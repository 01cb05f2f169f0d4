"""``lifecycle`` and ``clocks``: states, who may move a row and on what evidence, and how long it may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.saying import Said, both
from bihuan.foundation.grammar.shape import Key, OneOrBy, Shape, Span, Words, YesNo, said


class State(Shape):
    """One state of a row."""

    title: str = said("状态名称", "its name", "开工")
    title_en: str = said("英文名称", "its English name", "started", "")
    final: YesNo = said("是否为终态", "whether nothing follows it", "yes", False)
    locked: YesNo = said("在此状态不得再改字段，只能办理动作", "in this state fields are changed by moves only", "yes", False)


class Move(Shape):
    """One way from state to state."""

    title: str = said("动作名称", "its name", "签约")
    title_en: str = said("英文名称", "its English name", "sign", "")
    source: Words = said("从哪些状态", "the states it starts from", "[negotiating]", alias="from", min_length=1)
    to: str = said("到哪个状态", "the state it leads to", "signed")
    who: Words = said("谁可以做（角色）", "the roles that may make it", "[officer]")
    guard: str = said("必须成立的条件（公式或 criteria 名）", "a condition that must hold: a formula or a criteria", "概算投资 > 0", "")
    needs: Words = said("必须已填的字段", "the fields that must be filled in", "[signed_on]", [])
    also: Words = said("可以一并填写、不必填的字段", "fields that may be filled in with it and need not be", "[remark]", [])
    evidence: Words = said("必须附上的佐证材料", "the evidence that must be attached", "[投资合同]", [])
    evidence_en: Words = said("佐证材料的英文，一一对应", "the evidence in English, in the same order", "[investment contract]", [])
    dated_by: str = said("记录实际日期的字段（不早于上一状态，不晚于当天）", "the date field that holds the real day", "signed_on", "")
    reason: YesNo = said("是否必须写明理由", "whether a reason must be given", "yes", False)
    other_than: str = said("办理人不得与做过该动作的人相同（销号人≠承办人）", "who made that move may not make this one", "solve", "")

    @property
    def papers(self) -> dict[str, Said]:
        """What each piece of evidence is called in both languages."""
        english = dict(zip(self.evidence, self.evidence_en, strict=False))
        return {name: Said(name, english.get(name, name)) for name in self.evidence}


class Lifecycle(Shape):
    """The states of a register and the moves between them."""

    states: dict[Key, State] = said("状态，按先后顺序", "its states in order", "planned: {title: 谋划}")
    start: str = said("起始状态", "the first state", "planned")
    moves: dict[Key, Move] = said("动作", "its moves", "sign: {title: 签约, from: [talks], to: signed, who: [officer]}")


class Pause(Shape):
    """A stop of the clock."""

    approver: str = said("谁批准暂停（角色）", "the role that approves it", "supervisor")
    asked_by: Words = said("谁申请暂停（角色）；写了就须先申请、再由他人批准", "the roles that ask for it; where given, one asks and somebody else approves", "[officer]", [])
    states: Words = said("自动暂停的状态", "states in which the clock stands still", "[waiting_province]", [])


class Extension(Shape):
    """A longer limit by approval."""

    at_most: int = said("最多延期几次", "how many times", "1", 1, ge=1, le=9)
    each: Span = said("每次最长延期", "the longest extension each time", "5 working_days")
    approver: str = said("谁批准延期（角色）", "the role that approves it", "supervisor")
    asked_by: Words = said("谁申请延期（角色）；写了就须先申请、再由他人批准", "the roles that ask for it; where given, one asks and somebody else approves", "[officer]", [])


class Escalation(Shape):
    """One rung of the ladder."""

    after: Span = said("超期多久", "how long after the limit", "3 working_days")
    to: str = said("升级到的角色", "the role it goes to", "leader")


class Clock(Shape):
    """A time limit that starts and stops with the life of a row."""

    title: str = said("时限名称", "its name", "三日反馈")
    title_en: str = said("英文名称", "its English name", "feedback within three days", "")
    starts: Words = said("进入哪些状态时开始，或一个日期字段", "the states whose entry starts it, or a date field", "received")
    stops: Words = said("进入哪些状态时停止", "the states whose entry stops it", "[reported]")
    limit: OneOrBy = said("期限；可按参数或字段取不同值：{by: 字段, 值: 期限}", "the limit; or by a parameter's or field's value", "3 working_days")
    where: str = said("适用条件（公式）", "the rows it applies to", "事项类别 = '重大'", "")
    owner: str = said("责任人：一项 assignments，或 office", "who owes it: an assignment, or `office`", "lead", "office")
    pause: Pause | None = said("暂停", "how it may be paused", "{approver: supervisor}", None)
    extension: Extension | None = said("延期", "how it may be extended", "{at_most: 1, each: 5 working_days, approver: supervisor}", None)
    warn: Span = said("提前多久提醒", "how early to warn", "1 working_days", "")
    escalate: list[Escalation] = said("逐级升级", "the ladder", "[{after: 0 working_days, to: supervisor}]", [])
    basis: str = said("依据", "the clause it rests on", "第三条", "")


@dataclass(frozen=True)
class Attempt:
    """Somebody tries a move: how the row stands, who asks, and what comes with it.

    ``on`` is the day it really happened, ``values`` the row's fields with those given now, ``roles`` what the person is (roles, and the
    responsibilities they carry for this row), ``called`` what those who may make the move are called in Chinese and English, ``made_by``
    who made which move of this row before.
    """

    move: str
    state: str
    since: date | None
    on: date
    today: date
    person: str
    roles: frozenset[str]
    called: tuple[str, str]
    values: Mapping[str, object]
    evidence: frozenset[str] = frozenset()
    reason: str = ""
    made_by: Mapping[str, frozenset[str]] = field(default_factory=dict)


def moves_from(life: Lifecycle, state: str) -> dict[str, Move]:
    """The moves that lead on from a state, in the order they are written."""
    return {key: move for key, move in life.moves.items() if state in move.source}


def day_of_move(move: Move, values: Mapping[str, object], today: date) -> date:
    """The day a move really happened: the one its date field holds, else today."""
    held = values.get(move.dated_by) if move.dated_by else None
    return date.fromisoformat(str(held)) if held else today


def refusals_of(life: Lifecycle, attempt: Attempt, titles: Mapping[str, str]) -> list[Refused]:
    """Everything that forbids this move, but for its guard, which is a formula. ``titles`` names the row's fields."""
    move = life.moves.get(attempt.move)
    if move is None:
        return [Refused(f"没有“{attempt.move}”这个动作", f"there is no move “{attempt.move}”", "、".join(life.moves))]
    if attempt.state not in move.source:
        return [_out_of_order(life, move, attempt.state)]
    found = [
        *_wrong_person(move, life, attempt),
        *_wrong_day(move, attempt),
        *(
            Refused(f"缺少{titles.get(name, name)}", f"{titles.get(name, name)} is missing", f"先填写{titles.get(name, name)}", "fill it in first")
            for name in dict.fromkeys([*move.needs, *filter(None, [move.dated_by])])
            if attempt.values.get(name) in (None, "", [])
        ),
        *(
            Refused(f"缺少佐证材料：{called.zh}", f"the evidence “{called.en}” is missing", f"附上{called.zh}", "attach it")
            for name, called in move.papers.items()
            if name not in attempt.evidence
        ),
    ]
    if move.reason and not attempt.reason.strip():
        found.append(Refused(f"“{move.title}”须写明理由", f"“{move.title_en or move.title}” needs a reason", "因规划调整", "the plan was changed"))
    return found


def _out_of_order(life: Lifecycle, move: Move, state: str) -> Refused:
    now = both(life.states[state]) if state in life.states else Said(state, state)
    possible = [both(other) for other in moves_from(life, state).values()]
    what = f"“{now.zh}”状态不能{move.title}：须按顺序办理，不得跳步"
    return Refused(
        what, f"“{both(move).en}” does not start from “{now.en}”: states follow their order", f"此时可办：{'、'.join(one.zh for one in possible) or '无'}",
        f"possible now: {', '.join(one.en for one in possible) or 'nothing'}",
    )  # fmt: skip


def _wrong_person(move: Move, life: Lifecycle, attempt: Attempt) -> list[Refused]:
    found = []
    if not attempt.roles & frozenset(move.who):
        chinese, english = attempt.called
        found.append(Refused(f"“{move.title}”须由{chinese}办理", f"“{move.title_en or move.title}” is made by {english}", ""))
    if move.other_than and attempt.person in attempt.made_by.get(move.other_than, frozenset()):
        other, this = both(life.moves[move.other_than]), both(move)
        what = f"办过“{other.zh}”的人不能再办“{this.zh}”：两步须由不同的人办理"
        found.append(Refused(what, f"who made “{other.en}” may not make “{this.en}” as well: the two are made by two people", "由他人办理", "let somebody else do it"))
    return found


def _wrong_day(move: Move, attempt: Attempt) -> list[Refused]:
    if attempt.on > attempt.today:
        return [Refused(f"“{move.title}”的日期 {attempt.on} 晚于今天 {attempt.today}", f"{attempt.on} is later than today, {attempt.today}", "")]
    if attempt.since and attempt.on < attempt.since:
        what = f"“{move.title}”的日期 {attempt.on} 早于上一状态的日期 {attempt.since}"
        return [Refused(what, f"{attempt.on} is earlier than the day of the state before, {attempt.since}", f"{attempt.since} 或以后", f"{attempt.since} or later")]
    return []
