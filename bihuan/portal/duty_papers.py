"""A leader's duty list (责任清单) as a paper to keep and to sign: the same rows as its page, all of them, in Chinese whatever the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bihuan.foundation.models import Duty, Entry
from bihuan.portal.duty_lists import Held, gathered
from bihuan.portal.printed import NO_DATE, Block, Piece, Printed, chinese_day
from bihuan.portal.visits import Visit

LIGHTS = {"red": "红", "yellow": "黄", "green": "绿", "blue": "办结", "grey": "未评", "": "—"}
NOTHING = "—"


def duty_paper(visit: Visit, username: str) -> Printed:
    """The list as it is printed: no red head, no number, no imprint, since it is no document but is signed by whoever carries it. 404 as its page."""
    held = gathered(visit, username)
    return Printed(
        sender=f"责任人签字（{held.name}）：", letter=False, mark="", number="", title=f"{held.name}同志责任清单", to="",
        blocks=tuple(_blocks(visit, held)), dated=NO_DATE, day=visit.day, head=False,
    )  # fmt: skip


def _blocks(visit: Visit, held: Held) -> Iterator[Block]:
    lit, over = [colour for _entry, _role, colour in held.rows], [duty for duty in held.owed if duty.due and duty.due < visit.day]
    yield _text(
        f"截至{chinese_day(visit.day)}，{held.name}同志（{held.office}）负责 {len(lit)} 项，其中红灯 {lit.count('red')} 项、黄灯 {lit.count('yellow')} 项；"
        f"未办结任务 {len(held.owed)} 件，其中逾期 {len(over)} 件。"
    )
    yield Block("heading", (Piece("一、负责事项"),))
    columns = ("序号", "事项", "编号", "台账", "单位", "职责", "状态", "灯")
    lines = [(*_row(visit, entry), role, _state(visit, entry), LIGHTS[colour]) for entry, role, colour in held.rows]
    yield _table(columns, [(title, key, register, office, role, state, light) for title, key, register, office, role, state, light in lines])
    yield Block("heading", (Piece("二、未办结任务"),))
    yield _table(("序号", "任务", "关于", "承办", "时限", "逾期"), [_duty(visit, duty) for duty in held.owed])
    if held.named:
        yield Block("heading", (Piece("三、点名事项"),))
        yield _table(("序号", "事项", "编号", "台账", "单位", "灯"), [(*_row(visit, entry), LIGHTS[held.lights.get(entry.pk, "")]) for entry in held.named])


def _text(words: str) -> Block:
    return Block("text", (Piece(words),))


def _table(columns: tuple[str, ...], lines: Sequence[tuple[str, ...]]) -> Block:
    return Block("table", columns=columns, rows=tuple((str(at), *line) for at, line in enumerate(lines, start=1)))


def _row(visit: Visit, entry: Entry) -> tuple[str, str, str, str]:
    view = visit.register(entry.register)
    return entry.title or entry.key, entry.key, view.shape.title if view else entry.register, entry.office or NOTHING


def _state(visit: Visit, entry: Entry) -> str:
    view = visit.register(entry.register)
    states = view.lifecycle.shape.states if view and view.lifecycle else {}
    return states[entry.state].title if entry.state in states else entry.state or NOTHING


def _duty(visit: Visit, duty: Duty) -> tuple[str, ...]:
    about = (duty.entry.title or duty.entry.key) if duty.entry else NOTHING
    over = "是" if duty.due and duty.due < visit.day else NOTHING
    return duty.title, about, duty.office or duty.member or NOTHING, duty.due.isoformat() if duty.due else "无时限", over
