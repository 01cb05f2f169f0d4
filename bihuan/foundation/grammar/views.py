"""A register as its formulas see it, with everything of any mechanism that works on it; and all registers together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from bihuan.foundation.grammar import formulas
from bihuan.foundation.grammar.assignments import Assignment
from bihuan.foundation.grammar.cadences import Cadence, Exchange
from bihuan.foundation.grammar.criteria import Criteria
from bihuan.foundation.grammar.documents import Document, Handoff
from bihuan.foundation.grammar.errors import Place, Problem
from bihuan.foundation.grammar.formula_types import Kind, Name, Scope
from bihuan.foundation.grammar.formulas import Formula
from bihuan.foundation.grammar.indicators import Indicator, Target
from bihuan.foundation.grammar.items import Item, Items
from bihuan.foundation.grammar.lifecycles import Clock, Lifecycle
from bihuan.foundation.grammar.lights import Light
from bihuan.foundation.grammar.mechanisms import Mechanism
from bihuan.foundation.grammar.meetings import Meeting
from bihuan.foundation.grammar.packs import Pack
from bihuan.foundation.grammar.quantities import Unit
from bihuan.foundation.grammar.quotas import Quota
from bihuan.foundation.grammar.registers import Parameter, Register, Rollup
from bihuan.foundation.grammar.saying import Said, both
from bihuan.foundation.grammar.scopes import (
    DUTIES,
    DUTY_NAMES,
    ScopeKind,
    built_in_names,
    field_names,
    figure_names,
    many,
    parameter_name,
    unit_of,
)
from bihuan.foundation.grammar.scores import Score
from bihuan.foundation.grammar.yaml_text import Lines

T = TypeVar("T")
Rank = tuple[bool, tuple[tuple[str, int], ...]]


@dataclass
class RegisterView:
    """One register and everything, of any mechanism, that works on it. Complete once the catalogue is linked; treat it as read-only."""

    name: str
    pack: str
    mechanism: str
    shape: Register
    lines: Lines
    lifecycle: Item[Lifecycle] | None = None
    children: tuple[tuple[str, str], ...] = ()
    parameters: Items[Parameter] = field(default_factory=Items)
    assignments: Items[Assignment] = field(default_factory=Items)
    clocks: Items[Clock] = field(default_factory=Items)
    cadences: Items[Cadence] = field(default_factory=Items)
    exchanges: Items[Exchange] = field(default_factory=Items)
    indicators: Items[Indicator] = field(default_factory=Items)
    targets: Items[Target] = field(default_factory=Items)
    lights: Items[Light] = field(default_factory=Items)
    criteria: Items[Criteria] = field(default_factory=Items)
    quotas: Items[Quota] = field(default_factory=Items)
    scores: Items[Score] = field(default_factory=Items)
    documents: Items[Document] = field(default_factory=Items)
    handoffs: Items[Handoff] = field(default_factory=Items)
    meetings: Items[Meeting] = field(default_factory=Items)
    computed: dict[str, Name] = field(default_factory=dict)
    """The names of lookups, rollups and per-entry indicators, with the kinds and units that linking found, in an order to compute them."""
    grouped: dict[str, Name] = field(default_factory=dict)
    """The group indicators that other group indicators may use, in an order to compute them."""
    compared: dict[str, tuple[Formula, str, Formula] | None] = field(default_factory=dict, repr=False)
    """What `deciding.sides` found of conditions, by their text."""
    _made: dict[object, Any] = field(default_factory=dict, repr=False)
    _bonds: dict[tuple[str, str], Formula] = field(default_factory=dict, repr=False)
    _formulas: dict[tuple[str, ScopeKind, Kind | None, Unit | None, date | None], Formula] = field(default_factory=dict, repr=False)
    _scopes: dict[tuple[ScopeKind, date | None], Scope] = field(default_factory=dict, repr=False)

    def place(self, *path: str | int) -> Place:
        """Where a key of the register is written."""
        return self.lines.place("register", *path)

    def owing(self, name: str) -> Item[Clock] | Item[Cadence] | Item[Handoff] | None:
        """The clock, cadence or handoff of that name, from which duties come."""
        return self.clocks.find(name) or self.cadences.find(name) or self.handoffs.find(name)

    def names(self, kind: ScopeKind, at: date | None = None) -> Iterator[Name]:
        """The names a formula of this kind may use; parameters are bound to their value on ``at``, or columns of their key without a day."""
        if kind in ("duty", "duties"):
            yield from DUTY_NAMES if kind == "duty" else many(DUTY_NAMES)
            return
        row = [*field_names(self.shape), *self.computed.values(), *built_in_names(self.shape, self.lifecycle.shape if self.lifecycle else None)]
        yield from many(row) if kind in ("group", "grouped") else row
        if kind == "grouped":
            yield from self.grouped.values()
        if kind != "entry":
            yield from figure_names(self.shape)
        for item in self.parameters.values():
            yield parameter_name(item.key, item.shape, at)

    def scope(self, kind: ScopeKind, at: date | None = None) -> Scope:
        """The scope of ``names``. Raises Refused where two names collide, which linking reports first."""
        found = self._scopes.get((kind, at))
        if found is None:
            found = self._scopes[kind, at] = Scope(self.names(kind, at))
        return found

    def formula(
        self, text: str, kind: ScopeKind = "entry", expects: Kind | None = None, unit: Unit | None = None, at: date | None = None
    ) -> Formula:
        """A formula about this register, compiled once. Raises FormulaError; after linking no written formula does."""
        asked = (text, kind, expects, unit, at)
        found = self._formulas.get(asked)
        if found is None:
            found = self._formulas[asked] = formulas.compile(text, self.scope(kind, at), expects, unit)
        return found

    def condition(self, text: str, kind: ScopeKind = "entry", at: date | None = None) -> Formula:
        """A formula that must be a condition."""
        return self.formula(text, kind, "yes_no", None, at)

    def bond(self, rollup: Rollup, child: RegisterView | None) -> Formula | None:
        """The condition of a rollup on the rows of ``child`` (None: on duties); None where it has none."""
        if not rollup.where:
            return None
        asked = (rollup.where, child.name if child else "")
        found = self._bonds.get(asked)
        if found is None:
            found = self._bonds[asked] = formulas.compile(rollup.where, self.bond_scope(child), "yes_no", None)
        return found

    def bond_scope(self, child: RegisterView | None) -> Scope:
        """The names in the condition of a rollup: those of ``child`` (None: of duties), and the parameters of this register beside them,
        except where a word of theirs is the same."""
        theirs = child.scope("entry") if child else self.scope("duty")
        ours = (parameter_name(item.key, item.shape) for item in self.parameters.values())
        return Scope([*theirs.names, *(name for name in ours if theirs.get(name.key) is None and theirs.get(name.title) is None)])

    def computing(self, indicator: Indicator) -> Formula:
        """The formula of an indicator of this register."""
        kind: ScopeKind = "figures" if indicator.per == "entry" else "grouped"
        return self.formula(indicator.formula, kind, "number", unit_of(indicator.unit))

    @property
    def compiled(self) -> tuple[Formula, ...]:
        """Every formula that was read against this register; once the catalogue is linked, all that its packs wrote."""
        return (*self._formulas.values(), *self._bonds.values())

    def once(self, asked: object, make: Callable[[], T]) -> T:
        """What is made of this register once and asked for often."""
        if asked not in self._made:
            self._made[asked] = make()
        found: T = self._made[asked]
        return found

    def forget(self) -> None:
        """Drop what was compiled while names were still being found; only linking needs it."""
        self._formulas.clear()
        self._bonds.clear()
        self.compared.clear()
        self._made.clear()
        self._scopes.clear()


@dataclass
class Catalogue:
    """Every pack in force, linked. ``waiting``: handoffs whose target is not installed; they are kept, and shown as waiting."""

    packs: dict[str, Pack]
    registers: dict[str, RegisterView] = field(default_factory=dict)
    mechanisms: dict[str, Item[Mechanism]] = field(default_factory=dict)
    waiting: tuple[Item[Handoff], ...] = ()
    problems: tuple[Problem, ...] = ()

    def register(self, name: str) -> RegisterView:
        """The register of that full name, ``pack.mechanism``. Raises KeyError."""
        return self.registers[name]

    def mechanism(self, name: str) -> Item[Mechanism]:
        """The mechanism of that full name, with the register it works on. Raises KeyError."""
        return self.mechanisms[name]

    def full_name(self, word: str, pack: str) -> str:
        """``mechanism`` or ``pack.mechanism`` as written in ``pack``, as a full name."""
        return word if "." in word else f"{pack}.{word}"

    def referred(self, word: str, pack: str) -> RegisterView | None:
        """The register that a mechanism's name means, or None."""
        name = self.full_name(word, pack)
        mechanism = self.mechanisms.get(name)
        return self.registers.get(name) or (self.registers.get(mechanism.register) if mechanism else None)

    def gathers(self, view: RegisterView, rollup: Rollup) -> Said:
        """What a rollup of a register gathers, from which rows or duties, in words."""
        child = None if rollup.source == DUTIES else self.referred(rollup.source, view.pack)
        told, bond = (child or view).formula(rollup.formula, "group" if child else "duties").said(), view.bond(rollup, child)
        if bond:
            told = Said(f"{told.zh}，其中 {bond.said().zh}", f"{told.en}, where {bond.said().en}")
        if child:
            of = both(child.shape)
            return Said(f"{of.zh}：{told.zh}", f"{of.en}: {told.en}")
        item = view.owing(rollup.of)
        of = both(item.shape) if item else Said("全部", "all")
        return Said(f"{told.zh}（责任事项：{of.zh}）", f"{told.en} (duty: {of.en})")

    def started_by(self, handoff: Handoff) -> RegisterView | None:
        """The register in which a handoff records its new row, or None where its pack or mechanism is not installed."""
        return self.referred(f"{handoff.start.pack}.{handoff.start.mechanism}", handoff.start.pack)

    @cached_property
    def packs_in_order(self) -> tuple[Pack, ...]:
        """The packs by the smallest code of a mechanism they hold, then as declared."""
        ranks = {key: min((_rank(one.code) for one in pack.mechanisms.values()), default=_rank("")) for key, pack in self.packs.items()}
        return tuple(sorted(self.packs.values(), key=lambda pack: ranks[pack.key]))

    @cached_property
    def registers_in_order(self) -> tuple[RegisterView, ...]:
        """The registers, those of one pack together: each by the smallest code of its own mechanism and of every other that works on it."""
        places = {pack.key: place for place, pack in enumerate(self.packs_in_order)}
        ranks: dict[str, Rank] = {}
        for name, item in self.mechanisms.items():
            for held in (name, item.register):
                ranks[held] = min(ranks.get(held, _rank("")), _rank(item.shape.code))
        return tuple(sorted(self.registers.values(), key=lambda view: (places[view.pack], ranks.get(view.name, _rank("")))))

    def view_of(self, item: Item[object]) -> RegisterView:
        """The register an item works on."""
        return self.registers[item.register]


def _rank(code: str) -> Rank:
    """Where a code such as ``A02-07`` stands: letters by their alphabet, numbers by their size (A02-9 before A02-10), none at the end."""
    return not code, tuple((word, int(number or 0)) for word, number in re.findall(r"(\D*)(\d*)", code))
