"""Enterprises for tests of matching: the shipped pack, two counties, three people, and firms with true credit codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import duckdb

from bihuan.computing import tables
from bihuan.computing.tables import Columns
from bihuan.foundation import columns as stored
from bihuan.foundation import loading
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import (
    FigureGiven,
    Incoming,
    record_entries,
    record_figures,
)
from bihuan.foundation.columns import FigureRow, Row
from bihuan.foundation.grammar.credit_codes import check_character, own_check
from bihuan.foundation.grammar.packs import Pack, load_pack
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.views import RegisterView
from tests.computing.small import actor as actor
from tests.computing.small import found

REGISTER = "enterprise_policy.enterprises"
PEOPLE = {"拟表人": ("officer",), "复核人": ("supervisor",), "批准人": ("leader",)}
CLEAN = {"dishonest": "否", "accident": "否", "pollution": "否"}


def pack() -> Pack:
    """The shipped pack."""
    return load_pack(loading.shipped()["enterprise_policy"])


def build(at: datetime) -> None:
    """The city, its people and the pack."""
    found(at, pack().files, PEOPLE)


def code_of(number: int) -> str:
    """A credit code that checks."""
    own = f"{number:08d}"
    first = f"91410900{own}{own_check(own)}"
    return first + check_character(first)


def firm(number: int, at: datetime, figures: Mapping[str, object] | None = None, **more: object) -> int:
    """A firm of 甲县 in good standing; ``figures`` are those of the year before, money in 万元. Gives its id."""
    values = {"code": code_of(number), "name": f"第 {number} 公司", "county": "甲县", **CLEAN, **more}
    entry = record_entries(SYSTEM, REGISTER, [Incoming(values)], at)[0]
    given = [FigureGiven(entry.key, field, str(at.year - 1), value) for field, value in (figures or {}).items()]
    if given:
        record_figures(SYSTEM, REGISTER, given, at)
    return entry.pk


def columns(at: datetime) -> tuple[Columns, RegisterView]:
    """The columns as they stand, and the register in them."""
    found = tables.current(at.date())
    return found, found.catalogue.registers[REGISTER]


# --- many, straight into the columns


def put_every_kind(connection: duckdb.DuckDBPyConnection, view: RegisterView, count: int) -> None:
    """Firms of every kind: each fact is missing now and then, and many lie on a line or just beside it."""
    chance = Random(7)
    stored.create(connection, [view])
    rows, figures = list[Row](), list[FigureRow]()
    for number in range(1, count + 1):
        data = {key: _value(chance, shape) for key, shape in view.shape.fields.items()}
        rows.append(Row(number, f"F{number}", office="甲县", data={**data, "code": f"F{number}"}))
        figures += _figures(chance, number)
    stored.put_rows(connection, view, rows)
    stored.put_figures(connection, view, figures, [row.id for row in rows])


def _value(chance: Random, shape: FieldShape) -> Any:
    if chance.random() < 0.15:
        return None
    match shape.kind:
        case "yes_no":
            return chance.random() < 0.5
        case "choice":
            return chance.choice(shape.choices)
        case "date":
            return (date(2025, 7, 8) - timedelta(days=chance.choice((0, 1, 300, 365, 366, 729, 730, 1095, 1096)))).isoformat()
        case "money":
            return chance.choice((0, 1, 5, 20, 50, 500, 1_000)) * 1_000_000
        case "number":
            return chance.choice((0, 1, 2, 3, 10, 55, 60, 500, 700)) * (10**shape.decimals if chance.random() < 0.8 else 1)
        case _:
            return chance.choice(("", "写明的理由"))


def _figures(chance: Random, number: int) -> Iterator[FigureRow]:
    revenue = chance.choice((1_000, 2_000, 5_000, 10_000, 20_000, 100_000))
    values = {
        "revenue": revenue * 1_000_000, "research": int(revenue * chance.choice((0.02, 0.026, 0.03, 0.04, 0.05, 0.06)) * 1_000_000),
        "growth": chance.choice((900, 1000, 1500, 2000)), "staff": chance.choice((1, 30, 31, 500)), "researchers": chance.choice((1, 3, 50)),
        "tax": chance.choice((10, 120, 1_000)) * 1_000_000,
    }  # fmt: skip
    for year in ("2024", "2025"):
        yield from ((number, year, field, value) for field, value in values.items() if chance.random() > 0.1)
