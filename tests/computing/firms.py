"""Enterprises for tests of matching: the shipped pack, two counties, three people, and firms with true credit codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bihuan.computing import tables
from bihuan.computing.tables import Columns
from bihuan.foundation import loading
from bihuan.foundation.access import SYSTEM, Actor, actor_of
from bihuan.foundation.actions import (
    FigureGiven,
    Incoming,
    MemberGiven,
    OfficeGiven,
    adopt,
    record_entries,
    record_figures,
    set_member,
    set_office,
    set_roles,
)
from bihuan.foundation.grammar.credit_codes import check_character, own_check
from bihuan.foundation.grammar.packs import Pack, load_pack
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Member

REGISTER = "enterprise_policy.enterprises"
PEOPLE = {"拟表人": ("officer",), "复核人": ("supervisor",), "批准人": ("leader",)}
CLEAN = {"dishonest": "否", "accident": "否", "pollution": "否"}


def pack() -> Pack:
    """The shipped pack."""
    return load_pack(loading.shipped()["enterprise_policy"])


def build(at: datetime) -> None:
    """The city, its people and the pack."""
    set_office(SYSTEM, OfficeGiven("小城市", "city", ""), at)
    for county in ("甲县", "乙县"):
        set_office(SYSTEM, OfficeGiven(county, "county", "小城市"), at)
    for name, roles in PEOPLE.items():
        set_member(SYSTEM, MemberGiven(name, name, "小城市"), at)
        set_roles(SYSTEM, name, list(roles), at)
    adopt(SYSTEM, pack().files, None, at)


def actor(name: str) -> Actor:
    """One of the people."""
    return actor_of(Member.objects.get(pk=name))


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
