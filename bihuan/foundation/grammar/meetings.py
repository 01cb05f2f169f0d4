"""``meetings``: a meeting put together from registers. Its sessions are rows of the register the mechanism works on; agenda, decisions
and attendance are rows of registers that refer to them, with their own states and clocks; its minutes are a document.
"""

from __future__ import annotations

from pydantic import model_validator

from bihuan.foundation.grammar.lights import Colour
from bihuan.foundation.grammar.shape import Key, Shape, Words, YesNo, refused, said


class Draw(Shape):
    """One way in which matters come onto the agenda by themselves."""

    title: str = said("议题来由", "why it is on the agenda", "红灯项目")
    title_en: str = said("英文名称", "its English name", "red projects", "")
    register_: str = said("从哪个台账取", "the register it is drawn from", "major_projects.projects", "")
    light: str = said("看哪盏灯", "the light it looks at", "plates.plate", "")
    colours: list[Colour] = said("取哪些灯色", "the colours it takes", "[red]", [])
    overdue: YesNo = said("取有逾期责任的行", "rows with an overdue duty", "yes", False)
    where: str = said("还须满足的条件（公式）", "a further condition", "项目级别 = '省级'", "")
    unfinished: YesNo = said("取本系列以前各次还没办结的议定事项", "the decisions of earlier sessions that are not finished", "yes", False)
    put_off: YesNo = said("取本系列上一次会缓议的议题", "the matters that the session before put off", "yes", False)
    most: int = said("最多取几条", "how many at most", "20", 20, ge=1, le=200)

    @model_validator(mode="after")
    def _one_source(self) -> Draw:
        if bool(self.register_) + self.unfinished + self.put_off != 1:
            raise refused("register、unfinished、put_off 三者写且只写一种", "write exactly one of register, unfinished and put_off")
        if self.register_ and not (self.light or self.overdue or self.where):
            raise refused("从台账取须写 light、overdue 或 where，否则整本台账都上会", "a register is drawn from by light, overdue or where")
        if bool(self.light) != bool(self.colours):
            raise refused("light 与 colours 要一起写", "light and colours go together")
        return self


class Agenda(Shape):
    """Where the matters of a session stand, and how they come there."""

    register_: str = said("议题台账", "the register of its matters", "agenda_items")
    session: Key = said("指向会次的字段", "the field that refers to the session", "session")
    order: Key = said("顺序（数字字段）", "the number field that holds the order", "place")
    subject: Key = said("议的是哪一行（文字字段，系统填写）", "the text field that says which row it is about, filled in by the system", "subject")
    source: Key = said("议题来由（文字字段）", "the text field that says why it is there", "source")
    why: Key = said("灯的理由（文字字段）", "the text field that keeps the light's sentence", "why")
    conclusion: str = said("会议结论（文字字段，会上逐项填写）", "the text field in which the meeting's conclusion is typed in the room", "conclusion", "")
    added: str = said("会上加入的议题写何来由", "the reason written for a matter added in the room", "临时动议", "临时动议")
    defer: Key = said("缓议的动作", "the move that puts it off", "defer")
    discuss: Key = said("议毕的动作", "the move made when it has been discussed", "discuss")
    where: str = said("自动取议题的会次（公式，默认全部）", "the sessions whose agenda is drawn; by default all", "会议类型 = '调度会'", "")
    draw: dict[Key, Draw] = said("议题从哪里来，按先后", "what it is drawn from, in order", "reds: {title: 红灯, …}", min_length=1)


class Decisions(Shape):
    """Where the decisions of a session stand: rows with a life and clocks of their own."""

    register_: str = said("议定事项台账", "the register of its decisions", "instructions")
    session: Key = said("指向会次的字段", "the field that refers to the session", "session")
    item: Key = said("指向议题的字段", "the field that refers to the matter", "agenda_item")
    asks: Words = said("会上逐条填写的字段，按顺序", "the fields filled in for each decision, in order", "[matter, office, person, kind, due_on]", min_length=1)
    sets: dict[Key, str] = said("固定取值", "fields that always get this value", "{source: 会议议定}", {})
    dated: Key = said("取会议日期的字段", "the date field that gets the session's day", "issued_on")


class Attendance(Shape):
    """Who is there."""

    register_: str = said("签到台账", "the register of attendance", "attendance")
    session: Key = said("指向会次的字段", "the field that refers to the session", "session")
    person: Key = said("参会人（person 字段）", "the person field", "person")
    mark: Key = said("到会情况（choice 字段）", "the choice field that says whether they came", "mark")


class Meeting(Shape):
    """A meeting: sessions that follow one another, an agenda that builds itself, decisions that become tasks, minutes."""

    title: str = said("会议名称", "its name", "周调度会")
    title_en: str = said("英文名称", "its English name", "weekly dispatch", "")
    series: Key = said("会议系列字段：同系列的会次前后相接", "the field that says which sessions follow one another", "series")
    held_on: Key = said("开会日期（date 字段）", "the date field of its day", "held_on")
    starts_at: str = said("开会时间（text 字段）", "the text field of its hour", "starts_at", "")
    place: str = said("地点（text 字段）", "the text field of its place", "place", "")
    chair: str = said("主持人（person 字段）", "the person field of who chairs it", "chair", "")
    run_by: Words = said("由谁主持和记录（角色）", "the roles that run it", "[supervisor]")
    opens: Key = said("开会的动作", "the move that opens it", "open")
    closes: Key = said("散会的动作", "the move that closes it", "close")
    agenda: Agenda = said("议程", "its agenda", "{register: agenda_items, …}")
    decisions: Decisions = said("议定事项", "its decisions", "{register: instructions, …}")
    attendance: Attendance | None = said("签到", "its attendance", "{register: attendance, …}", None)
    minutes: Key = said("纪要（documents 名）", "the document that is its minutes", "minutes")
    recorded: str = said("纪要印发后自动办理的动作", "the move made when its minutes are issued", "record", "")
    basis: str = said("依据", "the clause it rests on", "第九条")
