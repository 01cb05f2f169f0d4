"""Worked examples as written: what is given, what happens, and what must come out. ``computing`` runs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from bihuan.foundation.grammar.errors import Place
from bihuan.foundation.grammar.lights import Colour
from bihuan.foundation.grammar.shape import Dated, Key, Shape, Span, Words, fields_of, refused, said
from bihuan.foundation.grammar.yaml_text import Lines, Path

Day = Annotated[Dated, Field(min_length=10)]
"""A day, written 2025-07-08."""

Cell = Annotated[
    Annotated[str | None, Tag("<text>")] | Annotated[list[str | None], Tag("<list>")] | Annotated[dict[str, str | None], Tag("<periods>")],
    Discriminator(lambda value: "<list>" if isinstance(value, list) else "<periods>" if isinstance(value, dict) else "<text>"),
]
"""A value as on a sheet; figures are a list from the first period of the day's year, or a table of period and value."""

Row = dict[str, Cell]
"""Values by the title or key of a field, figure or assignment; also 状态 and 进入状态日期."""


ALL_ROWS = "全部"
"""What an example calls the one group of an indicator that is computed for all rows together (``per: all``)."""


class Lengthening(Shape):
    """A clock made longer."""

    clock: str = said("时限", "the clock", "feedback")
    by: Span = said("延长多久", "by how much", "5 working_days")


class Asked(Shape):
    """More time or a stop asked for."""

    clock: str = said("时限", "the clock", "feedback")
    by: Span = said("申请延长多久；不写是申请暂停", "by how much; without it, a stop is asked for", "5 working_days", "")


class HandSet(Shape):
    """A colour set by hand."""

    light: str = said("灯", "the light", "plate")
    colour: Colour = said("改为何色", "the colour", "yellow")
    until: Day = said("到哪天为止", "until which day", "2025-08-01")


class Booked(Shape):
    """An amount of a quota that goes from one account to another."""

    quota: str = said("额度", "the quota", "land")
    from_: str = said("转出户头", "the account it comes from", "province")
    to: str = said("转入户头；分单位的写 户头/单位", "the account it goes to; one of an office is account/office", "county/濮阳县")
    amount: str = said("数量", "the amount", "500亩")
    period: str = said("哪一期，默认当期", "of which period, by default the running one", "2025", "")


class Step(Shape):
    """One thing that somebody does on a day."""

    on: Day = said("哪一天", "the day", "2025-03-01")
    key: str = said("哪一行；起草写一个人的文书时是那个人；额度的事不写", "the row, or the person a document is about; none where it is about a quota", "P-2025-017", "")
    of: str = said("哪个机制的台账（默认本算例的台账）", "the mechanism whose register it is", "plates", "")
    record: Row = said("新登记一行", "a new row", "{名称: 甲项目}", {})
    change: Row = said("修改字段", "changed fields", "{概算投资: 2000}", {})
    figures: Row = said("填报按期数值", "figures", "{实际完成投资: {2025-03: 850}}", {})
    move: str = said("动作", "a move", "sign", "")
    assign: dict[str, str] = said("分包", "assignments", "{leader: 张三}", {})
    extend: Lengthening | None = said("延期", "a clock extended", "{clock: feedback, by: 5 working_days}", None)
    ask: Asked | None = said("申请延期或暂停", "more time or a stop asked for", "{clock: feedback, by: 5 working_days}", None)
    decline: str = said("不予批准其申请的时限", "the clock whose request is turned down", "feedback", "")
    pause: str = said("暂停的时限", "a clock paused", "feedback", "")
    resume: str = said("恢复的时限", "a clock resumed", "feedback", "")
    override: HandSet | None = said("人工改灯", "a colour set by hand", "{light: plate, colour: yellow, until: 2025-08-01}", None)
    post: Booked | None = said("额度记账", "an amount of a quota booked", "{quota: land, from: province, to: city, amount: 500亩}", None)
    allocate: str = said("分配的额度：拟案、复核、确认一并办完", "the quota that is allocated: drafted, reviewed and confirmed", "land", "")
    take_back: str = said("收回未用的额度：同上", "the quota of which what is unused is taken back, in the same way", "energy", "")
    draft: str = said("起草由人提出的文书", "a document that is asked for is drafted", "duty_list", "")
    with_: Row = said("动作同时填写的字段", "fields filled in with the move", "{签约日期: 2025-03-01}", {})
    by: str = said("由谁（姓名）", "by whom", "李四", "")
    role: str = said("以何角色", "in which role", "officer", "")
    enterprise: str = said("代表哪个企业（角色为 enterprise 时）", "for which enterprise, in the role enterprise", "甲公司", "")
    reason: str = said("理由", "the reason", "资金到位", "")
    approver: str = said("批准人", "who approved it", "王五", "")
    evidence: Words = said("佐证材料", "evidence attached", "[投资合同]", [])
    refused: str = said("此步必须被拒绝，提示含此文字", "the step must be refused with these words", "缺少签约日期", "")

    @model_validator(mode="after")
    def _one_deed(self) -> Step:
        deeds: list[object] = [self.record, self.change, self.figures, self.move, self.assign, self.extend, self.ask, self.decline, self.pause, self.resume, self.override]
        deeds += [self.post, self.allocate, self.take_back, self.draft]
        if sum(map(bool, deeds)) != 1:
            names = "record、change、figures、move、assign、extend、ask、decline、pause、resume、override、post、allocate、take_back、draft"
            raise refused(f"每一步须且只须写一件事：{names}", f"a step does exactly one thing: {names.replace('、', ', ')}")
        if bool(self.key) == bool(self.post or self.allocate or self.take_back):
            raise refused("这一步是哪一行的事，要写 key；额度的事（post、allocate、take_back）不写", "a step about a row has its key; one about a quota has none")
        return self


class LightExpected(Shape):
    """A light and its reason."""

    colour: Colour = said("颜色", "the colour", "red")
    because: str = said("理由应含的文字", "words its reason has", "低于 80%", "")
    basis: str = said("依据应含的文字", "words its basis has", "第九条", "")


class CriteriaExpected(Shape):
    """A judgement and what it rests on, by the keys of tests."""

    result: Literal["yes", "no", "unknown"] = said("结论", "the judgement", "no")
    met: Words = said("满足的条件", "tests that are met", "[policy]", [])
    not_met: Words = said("不满足的条件", "tests that are not met", "[duration]", [])
    unknown: Words = said("缺数据的条件", "tests that lack data", "[estimate]", [])
    exempt: Words = said("经批准免除的条件", "tests lifted by approval", "[fixed_assets]", [])
    denied: Words = said("否决的条件", "denials that hold", "[unlawful]", [])


class PaymentExpected(Shape):
    """What a row is paid under a policy, and why no more."""

    amount: str = said("付多少", "what is paid", "30万元")
    because: str = said("不足额的理由应含的文字", "words of the reason why it is not all", "就高不重复", "")


class GrantExpected(Shape):
    """What a request would be granted that day, and why."""

    amount: str = said("配给多少", "what is granted", "30亩")
    because: str = said("理由应含的文字", "words its reason has", "放不下", "")


class ClockExpected(Shape):
    """How a clock stands."""

    due: Day | None = said("到期日", "the day it is due", "2025-03-06", None)
    state: Literal["open", "paused", "overdue", "met", "late"] = said("状态", "how it stands", "overdue", "open")
    level: int = said("已升级几级", "rungs of the ladder climbed", "1", 0, ge=0)


class ScoreExpected(Shape):
    """Points and rank."""

    score: str = said("得分", "the points", "57.6", "")
    rank: int = said("名次", "the rank", "1", 0, ge=0)
    previous: int = said("上期名次", "the rank of the period before", "2", 0, ge=0)
    missing: Words = said("缺数的分项", "parts without data", "[progress]", [])


_Light = Annotated[
    Annotated[Colour, Tag("<colour>")] | Annotated[LightExpected, Tag("<light>")],
    Discriminator(lambda value: "<light>" if isinstance(value, (dict, LightExpected)) else "<colour>"),
]
_Judgement = Annotated[
    Annotated[Literal["yes", "no", "unknown"], Tag("<result>")] | Annotated[CriteriaExpected, Tag("<criteria>")],
    Discriminator(lambda value: "<criteria>" if isinstance(value, (dict, CriteriaExpected)) else "<result>"),
]
_Payment = Annotated[
    Annotated[str, Tag("<amount>")] | Annotated[PaymentExpected, Tag("<payment>")],
    Discriminator(lambda value: "<payment>" if isinstance(value, (dict, PaymentExpected)) else "<amount>"),
]

_Grant = Annotated[
    Annotated[str, Tag("<amount>")] | Annotated[GrantExpected, Tag("<grant>")],
    Discriminator(lambda value: "<grant>" if isinstance(value, (dict, GrantExpected)) else "<amount>"),
]


class Expected(Shape):
    """What must come out for one row or group. A key that is none of these names an indicator, rollup, lookup or field."""

    light: Colour | None = said("灯色（只有一盏灯时）", "the colour, where there is one light", "red", None)
    because: str = said("理由应含的文字", "words its reason has", "低于 80%", "")
    basis: str = said("依据应含的文字", "words its basis has", "第九条", "")
    lights: dict[str, _Light] = said("各灯", "several lights", "{plate: red}", {})
    values: dict[str, str | None] = said("数值，照显示写法；空为没有值", "values as shown; empty means none", "{投资进度: 72%}", {})
    criteria: dict[str, _Judgement] = said("条件的结论", "judgements", "{screening: {result: no, not_met: [duration]}}", {})
    pays: dict[str, _Payment] = said("各项政策付多少", "what policies pay it", "{research: 30万元}", {})
    grants: dict[str, _Grant] = said("当日分配会配给多少", "what an allocation of that day would grant it", "{land: 30亩}", {})
    state: str = said("状态", "its state", "签约", "")
    clocks: dict[str, ClockExpected] = said("时限", "its clocks", "{feedback: {due: 2025-03-06, state: overdue}}", {})
    missing: dict[str, Words] = said("缺报：节律与期", "reports missing: cadence and periods", "{monthly_report: [2025-06]}", {})
    scores: dict[str, ScoreExpected] = said("计分", "scores", "{county_rank: {score: 57.6, rank: 1}}", {})
    targets: dict[str, Literal["yes", "no", "unknown"]] = said("目标是否达到", "whether targets are kept", "{share: no}", {})
    documents: Words = said("起草的文书", "documents drafted", "[red_letter]", [])
    handoffs: Words = said("启动的衔接", "handoffs started", "[red_to_meeting]", [])
    agenda: Words | None = said("会次自动列入的议题：所议各行的编号，按顺序", "the rows that come onto a session's agenda by themselves, in order", "[P-2025-017]", None)
    refused: str = said("该行必须被拒绝登记，提示含此文字", "the row must be refused with these words", "缺少必填项", "")

    @model_validator(mode="before")
    @classmethod
    def _named_values(cls, value: object) -> object:
        if not isinstance(value, dict) or not isinstance(value.get("values", {}), dict):
            return value
        own = {name for name, _ in fields_of(cls)}
        named = {key: item for key, item in value.items() if key not in own}
        kept = {key: item for key, item in value.items() if key in own}
        return {**kept, "values": {**(kept.get("values") or {}), **named}} if named else value


class Example(Shape):
    """A worked example in the office's own words: the pack's test."""

    example: str = said("算例说的是什么", "what it shows", "进度跌破八成，六月亮红灯")
    mechanism: Key = said("机制", "the mechanism", "plates")
    day: Day = said("站在哪一天看", "the day it is looked at", "2025-07-08")
    parameters: dict[str, str] = said("临时改用的参数值", "parameters set for this example", "{grace: 5}", {})
    given: dict[str, Row] = said("所作用台账的行", "rows of the register the mechanism works on", "{P-2025-017: {…}}", {})
    given_in: dict[str, dict[str, Row]] = said("其他台账的行：机制: {行: …}", "rows of other registers", "{plates: {XT-0001: {…}}}", {})
    history: list[Step] = said("其后发生的事，按日期", "what happens then", "[{on: 2025-03-01, key: P-2025-017, move: sign}]", [])
    expect: dict[str, Expected] = said("应得结果：行或分组", "what must come out, by row or group", "{P-2025-017: {light: red}}", {})
    expect_in: dict[str, dict[str, Expected]] = said("其他台账的应得结果", "what must come out in other registers", "{dispatch.handover: {…}}", {})

    @model_validator(mode="after")
    def _expects(self) -> Example:
        if not (self.expect or self.expect_in or any(step.refused for step in self.history)):
            raise refused("算例没有写应得结果：expect、expect_in，或某一步的 refused", "an example expects something: expect, expect_in or a refused step")
        return self


@dataclass(frozen=True)
class Worked:
    """An example and where it is written."""

    shape: Example
    lines: Lines
    path: Path

    def place(self, *path: str | int) -> Place:
        """The place of a key of this example."""
        return self.lines.place(*self.path, *path)
