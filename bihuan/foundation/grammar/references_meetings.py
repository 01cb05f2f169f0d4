"""Whether every word of a meeting means something: the registers it is put together from, their fields, states and moves."""

from __future__ import annotations

from collections.abc import Iterator

from bihuan.foundation.grammar.errors import Problem
from bihuan.foundation.grammar.finding import compiles, found, known, unknown
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.meetings import Draw, Meeting
from bihuan.foundation.grammar.registers import FieldKind
from bihuan.foundation.grammar.views import Catalogue, RegisterView
from bihuan.foundation.grammar.yaml_text import Path

FIELD, MOVE, REGISTER, ROLE = ("字段", "field"), ("动作", "move"), ("台账", "register"), ("角色", "role")
TEXTS: tuple[FieldKind, ...] = ("text", "long_text")


def met(catalogue: Catalogue, view: RegisterView) -> Iterator[Problem]:
    """Every word that means nothing in the meetings whose sessions are rows of a register."""
    for item in view.meetings.values():
        yield from _sessions(catalogue, view, item)
        yield from _agenda(catalogue, view, item)
        yield from _decisions(catalogue, view, item)
        yield from _attendance(catalogue, view, item)


def _sessions(catalogue: Catalogue, view: RegisterView, item: Item[Meeting]) -> Iterator[Problem]:
    meeting = item.shape
    yield from _fields(view, item, (), {"held_on": (meeting.held_on, ("date",)), "series": (meeting.series, ("entry", "choice", *TEXTS))})
    yield from _fields(view, item, (), {"starts_at": (meeting.starts_at, TEXTS), "place": (meeting.place, TEXTS), "chair": (meeting.chair, ("person",))})
    yield from known(item.at("run_by"), ROLE, meeting.run_by, catalogue.packs[item.pack].head.roles)
    moves = view.lifecycle.shape.moves if view.lifecycle else {}
    for key in ("opens", "closes", "recorded"):
        yield from known(item.at(key), MOVE, filter(None, [getattr(meeting, key)]), moves)
    yield from found(view.documents, meeting.minutes, item, item.at("minutes"), ("文书", "document"))


def _agenda(catalogue: Catalogue, view: RegisterView, item: Item[Meeting]) -> Iterator[Problem]:
    agenda, path = item.shape.agenda, ("agenda",)
    register = catalogue.referred(agenda.register_, item.pack)
    if register is None:
        yield unknown(item.at(*path, "register"), REGISTER, agenda.register_, catalogue.registers)
    else:
        yield from _refers(register, view, item, path, agenda.session)
        texts = {key: (getattr(agenda, key), TEXTS) for key in ("subject", "source", "why", "conclusion")}
        yield from _fields(register, item, path, {"order": (agenda.order, ("number",)), **texts})
        moves = register.lifecycle.shape.moves if register.lifecycle else {}
        for key in ("defer", "discuss"):
            yield from known(item.at(*path, key), MOVE, [getattr(agenda, key)], moves)
    yield from compiles(item.at(*path, "where"), view, agenda.where)
    for key, draw in agenda.draw.items():
        yield from _draw(catalogue, item, (*path, "draw", key), draw)


def _draw(catalogue: Catalogue, item: Item[Meeting], path: Path, draw: Draw) -> Iterator[Problem]:
    """A draw from a pack that is not installed waits, like a handoff to it."""
    source = catalogue.referred(draw.register_, item.pack) if draw.register_ else None
    if draw.register_ and source is None and catalogue.full_name(draw.register_, item.pack).partition(".")[0] in catalogue.packs:
        yield unknown(item.at(*path, "register"), REGISTER, draw.register_, catalogue.registers)
    if source is not None:
        if draw.light:
            yield from found(source.lights, draw.light, item, item.at(*path, "light"), ("灯", "light"))
        yield from compiles(item.at(*path, "where"), source, draw.where)


def _decisions(catalogue: Catalogue, view: RegisterView, item: Item[Meeting]) -> Iterator[Problem]:
    decisions, path = item.shape.decisions, ("decisions",)
    register = catalogue.referred(decisions.register_, item.pack)
    if register is None:
        yield unknown(item.at(*path, "register"), REGISTER, decisions.register_, catalogue.registers)
        return
    yield from _refers(register, view, item, path, decisions.session)
    agenda = catalogue.referred(item.shape.agenda.register_, item.pack)
    if agenda is not None:
        yield from _refers(register, agenda, item, path, decisions.item, "item")
    yield from known(item.at(*path, "asks"), FIELD, decisions.asks, register.shape.fields)
    yield from known(item.at(*path, "sets"), FIELD, decisions.sets, register.shape.fields)
    yield from _fields(register, item, path, {"dated": (decisions.dated, ("date",))})


def _attendance(catalogue: Catalogue, view: RegisterView, item: Item[Meeting]) -> Iterator[Problem]:
    attendance, path = item.shape.attendance, ("attendance",)
    if attendance is None:
        return
    register = catalogue.referred(attendance.register_, item.pack)
    if register is None:
        yield unknown(item.at(*path, "register"), REGISTER, attendance.register_, catalogue.registers)
        return
    yield from _refers(register, view, item, path, attendance.session)
    yield from _fields(register, item, path, {"person": (attendance.person, ("person",)), "mark": (attendance.mark, ("choice",))})


def _fields(view: RegisterView, item: Item[Meeting], path: Path, asked: dict[str, tuple[str, tuple[FieldKind, ...]]]) -> Iterator[Problem]:
    """The fields that are named are there and hold what they must; an empty name asks nothing."""
    for key, (word, kinds) in asked.items():
        fitting = [name for name, field in view.shape.fields.items() if field.kind in kinds]
        if word and word not in fitting:
            sort = (f"{'、'.join(kinds)} 字段", f"field of the kind {' or '.join(kinds)}")
            yield unknown(item.at(*path, key), sort, word, fitting)


def _refers(child: RegisterView, parent: RegisterView, item: Item[Meeting], path: Path, word: str, key: str = "session") -> Iterator[Problem]:
    """The field of one register that refers to a row of the other."""
    if (child.name, word) not in parent.children:
        fitting = [name for register, name in parent.children if register == child.name]
        yield unknown(item.at(*path, key), (f"指向“{parent.shape.title}”的字段", f"field that refers to {parent.name}"), word, fitting)
