"""Rows of every kind in every register of every pack that ships: facts missing now and then, and many on a line or just beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from bihuan.computing.tables import Columns
from bihuan.foundation import columns as stored
from bihuan.foundation.columns import DutyRow, FigureRow, GrantRow, Row
from bihuan.foundation.evaluating import sandboxes
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.catalogue import Catalogue
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.views import RegisterView

DAY = date(2025, 12, 8)
ROWS = 24
OFFICES = ("甲县", "乙县", "it's 丙县\\", None)


def columns_of(catalogue: Catalogue, little: bool = False) -> Columns:
    """The columns with rows of every kind; they belong to no ledger. With `little` they answer about few rows without an optimizer, as a site does."""
    connection, plain = sandboxes(threads=2)
    found = Columns(connection, position=7, hash="7" * 64, catalogue=catalogue, plain=plain if little else None)
    found.empty()
    chance = Random(11)
    for name, view in catalogue.registers.items():
        found.populated.add(name)
        stored.add_rows(found.connection, view, [_row(chance, view, number) for number in range(1, ROWS + 1)])
        stored.add_figures(found.connection, view, list(_figures(chance, view)))
        stored.put_duties(found.connection, list(_duties(chance, view)))
        stored.put_grants(found.connection, list(_grants(view)))
    return found


def _grants(view: RegisterView) -> Iterator[GrantRow]:
    """Every other row holds some of each quota of its register."""
    for item in view.quotas.values():
        yield from ((number, item.name, number * 1_000) for number in range(1, ROWS + 1, 2))


def _row(chance: Random, view: RegisterView, number: int) -> Row:
    states = [state.title for state in view.lifecycle.shape.states.values()] if view.lifecycle else [""]
    data = {key: _value(chance, shape) for key, shape in view.shape.fields.items()}
    data[view.shape.key] = key_of(number)
    office = data.get(view.shape.office) or ""
    return Row(number, key_of(number), f"第 {number} 行", str(office), chance.choice(states), _day(chance), data)


def key_of(number: int) -> str:
    """The key of a row: the same in every register, so that rows refer to rows."""
    return f"K{number}"


def _day(chance: Random) -> date:
    return DAY - timedelta(days=chance.choice((-30, 0, 1, 5, 20, 29, 30, 31, 300, 365, 366, 729, 730, 731, 1096)))


def _value(chance: Random, shape: FieldShape) -> Any:
    if chance.random() < 0.12:
        return None
    match shape.kind:
        case "yes_no":
            return chance.random() < 0.5
        case "choice":
            return chance.choice(shape.choices)
        case "choices":
            return chance.sample(shape.choices, min(2, len(shape.choices)))
        case "date":
            return _day(chance).isoformat()
        case "money":
            return chance.choice((0, 1, 5, 20, 50, 500, 1_000, 20_000)) * 1_000_000 + chance.choice((0, 0, 0, 1, -1))
        case "number":
            return chance.choice((0, 1, 2, 3, 10, 55, 60, 95, 100, 700)) * (10**shape.decimals if chance.random() < 0.8 else 1)
        case "office":
            return chance.choice(OFFICES)
        case "entry":
            return key_of(chance.randint(1, ROWS))
        case _:
            return chance.choice(("", "写明的理由", "it's \\ 50%"))


def _figures(chance: Random, view: RegisterView) -> Iterator[FigureRow]:
    if view.shape.figures is None:
        return
    period, listed = periods.of(view.shape.figures.every, DAY), []
    while len(listed) < 25 and period.first.year >= DAY.year - 2:
        listed.append(period.text)
        period = period.previous()
    for number in range(1, ROWS + 1):
        lacking = chance.choice((0, 0, 0.02, 0.3))
        for text in listed:
            for key, shape in view.shape.figures.fields.items():
                if chance.random() >= lacking:
                    yield number, text, key, _figure(chance, shape)


def _figure(chance: Random, shape: FieldShape) -> int:
    unit = 1_000_000 if shape.kind == "money" else 10**shape.decimals
    return chance.choice((0, 1, 80, 85, 90, 95, 99, 100, 100, 120, 500)) * unit + chance.choice((0, 0, 0, 0, 1))


def _duties(chance: Random, view: RegisterView) -> Iterator[DutyRow]:
    for kind, items in (("clock", view.clocks), ("cadence", view.cadences)):
        for item in items.values():
            for number in range(1, ROWS + 1, 2):
                opened, outcome = _day(chance), chance.choice(("", "", "met", "late", "missed", "cancelled"))
                due = opened + timedelta(days=chance.choice((0, 5, 20)))
                closed = due + timedelta(days=chance.choice((-1, 0, 3))) if outcome else None
                key = f"{item.name}:{number}"
                yield view.name, number, item.key, kind, opened, due, closed, outcome, 0, key, f"{item.pack}.{item.mechanism}", "", "甲县"
