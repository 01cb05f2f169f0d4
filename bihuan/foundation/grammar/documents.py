"""``documents`` and ``handoffs``: what is written, and what starts elsewhere when something happens here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Tag, model_validator

from bihuan.foundation.grammar.lights import Colour
from bihuan.foundation.grammar.registers import PeriodKind
from bihuan.foundation.grammar.shape import Key, Shape, Span, Words, YesNo, chosen_by, refused, said


class Periodic(Shape):
    """Every period, so long after its end."""

    every: PeriodKind = said("周期", "the period", "month")
    due: Span = said("期末后多久", "how long after the period's end", "10 calendar_days", "0 calendar_days")


class Turns(Shape):
    """A light turns to a colour."""

    light: str = said("灯：本机制的灯名，或 机制.灯", "the light", "plate")
    turns: Colour = said("变为何色", "the colour it turns to", "red")


class Moved(Shape):
    """A row comes into a state."""

    state: str = said("进入的状态", "the state it enters", "signed")
    where: str = said("条件（公式）", "a condition", "概算投资 >= 1亿元", "")


class Recorded(Shape):
    """A row is recorded in this mechanism's register."""

    recorded: YesNo = said("新登记一行时", "when a row is recorded", "yes")
    where: str = said("条件（公式）", "a condition", "结果 = '未果'", "")


class Missed(Shape):
    """A duty is missed: a clock runs out or a report is not in."""

    missed: str = said("逾期的时限或节律", "the clock or cadence", "ten_day_report")


class ByHand(Shape):
    """A person asks for it."""

    by: Words = said("由谁提出（角色）", "the roles that may ask for it", "[officer]")


Trigger = Annotated[
    Annotated[Periodic, Tag("<every>")]
    | Annotated[Turns, Tag("<light>")]
    | Annotated[Moved, Tag("<state>")]
    | Annotated[Recorded, Tag("<recorded>")]
    | Annotated[Missed, Tag("<missed>")]
    | Annotated[ByHand, Tag("<by>")],
    chosen_by(
        ("every", "<every>"), ("light", "<light>"), ("turns", "<light>"), ("state", "<state>"), ("recorded", "<recorded>"),
        ("missed", "<missed>"), ("by", "<by>"), otherwise="?",
    ),
]  # fmt: skip


class TextPart(Shape):
    """A paragraph; ``{名称}`` is filled in and cites its source."""

    text: str = said("一段文字，{名称} 处代入数值", "a paragraph; {names} are filled in", "{期}，全市完成投资 {city_done}。")
    each: YesNo = said("是否对每一行写一句，连成一段", "whether it is said of each row, the sentences making one paragraph", "yes", False)
    where: str = said("写哪些行（公式；each 时）", "of which rows (with each)", "年度结果 不为空", "")
    of_period: str = said("只写这个字段属于本期的行（each 时）", "only rows whose field lies in the period of the paper (with each)", "year", "")


class TablePart(Shape):
    """A table of a score or of rows."""

    table: str = said(
        "计分名，或 rows（符合 where 的行）；about: person 时是 carried（负责的行）、owed（未办结的任务）或 named（点名的行）",
        "a score, or `rows`; with `about: person` it is `carried` (rows in their charge), `owed` (open duties) or `named` (rows that name them)", "county_rank",
    )  # fmt: skip
    source: str = said("rows 取自指向本行的下级台账（默认本台账）", "`rows` of a register that refers to this row; by default of this one", "visits", "", alias="from")
    by: str = said("该台账中指向本行的字段", "the field there that refers to this row", "project", "")
    columns: Words = said("列", "its columns", "[rank, name, score, previous]")
    where: str = said("行的条件（公式）", "which rows", "", "")
    of_period: str = said("只列这个字段属于本期的行", "only rows whose field lies in the period of the paper", "year", "")
    title: str = said("表题", "its title", "县区排名", "")


Paragraph = Annotated[
    Annotated[TextPart, Tag("<text>")] | Annotated[TablePart, Tag("<table>")],
    chosen_by(("text", "<text>"), ("table", "<table>"), otherwise="<text>"),
]


class Document(Shape):
    """An official paper drawn from the ledger, numbered and frozen."""

    title: str = said("标题，可含 {期} {年} {名称}", "its title", "关于{期}排名情况的通报")
    title_en: str = said("英文名称", "its English name", "monthly ranking bulletin", "")
    number: str = said("文号：{年} 与 {号} 必须都有", "its number; {年} and {号} are needed", "濮重项办〔{年}〕{号}号")
    trigger: Trigger = said("何时起草", "when it is drafted", "{every: month, due: 10 calendar_days}")
    about: Literal["", "person"] = said(
        "写谁：person 是写一个人；不写则写触发它的那一行，或全市", "whom it is about: `person`; otherwise the row that fired it, or the city", "person", ""
    )
    to: str = said("主送", "whom it goes to", "各县（区）人民政府", "")
    sender: str = said("发文机关", "who sends it", "市重大项目办", "")
    public: YesNo = said("印发后是否向公众公开", "whether everybody may read it once it is issued", "yes", False)
    body: list[Paragraph] = said("正文", "its paragraphs and tables", "[{text: …}, {table: county_rank, columns: [rank, name]}]", min_length=1)
    basis: str = said("依据", "the clause it rests on", "第三条", "")

    @model_validator(mode="after")
    def _of_a_person(self) -> Document:
        if self.about and not isinstance(self.trigger, ByHand):
            raise refused("写一个人的文书由人提出才起草：trigger 写 {by: [角色]}", "a document about a person is asked for: its trigger is {by: [roles]}")
        if self.about and self.public:
            raise refused("写一个人的文书不向公众公开", "a document about a person is not for everybody")
        return self


class Start(Shape):
    """What begins elsewhere."""

    pack: str = said("目标包", "the pack", "dispatch")
    mechanism: str = said("目标机制", "the mechanism", "handover")
    with_: dict[Key, str] = said("新行的字段取值：字段: 本处公式", "values of the new row: its field and a formula here", "{project: code}", {})


class Handoff(Shape):
    """When this happens here, that starts there."""

    title: str = said("名称", "its name", "红牌交能力作风会")
    title_en: str = said("英文名称", "its English name", "red plate to the meeting", "")
    when: Trigger = said("何时", "when", "{light: plate, turns: red}")
    start: Start = said("在何处起始何事", "what starts there", "{pack: dispatch, mechanism: handover, with: {project: code}}")
    joins: str = said(
        "新行已有时，可由人把 with 中这个文本字段的内容并到那一行，而不另立一行",
        "where the new row is there already, a person may add what `with` gives this text field to that row instead", "source", "",
    )  # fmt: skip
    basis: str = said("依据", "the clause it rests on", "第七条")

    @model_validator(mode="after")
    def _no_period(self) -> Handoff:
        if isinstance(self.when, ByHand):
            raise refused("衔接由事实触发；when 写 light、state、recorded、missed 或 every", "a handoff starts from a fact, not by hand")
        return self
