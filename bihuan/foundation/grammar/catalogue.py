"""Packs linked together: every register with all that works on it, every name resolved, every formula compiled once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bihuan.foundation.grammar.documents import Handoff
from bihuan.foundation.grammar.errors import PackError, Problem
from bihuan.foundation.grammar.items import Item, Items
from bihuan.foundation.grammar.mechanisms import Mechanism
from bihuan.foundation.grammar.packs import Pack
from bihuan.foundation.grammar.references import check
from bihuan.foundation.grammar.resolving import resolve
from bihuan.foundation.grammar.views import Catalogue, RegisterView

__all__ = ["Catalogue", "Item", "Items", "RegisterView", "link", "linked"]

SECTIONS = (
    "parameters", "assignments", "clocks", "cadences", "exchanges", "indicators", "targets", "lights", "criteria", "quotas", "scores", "documents",
    "handoffs", "meetings",
)  # fmt: skip
"""The sections whose items belong to the register a mechanism works on."""


def link(packs: Iterable[Pack]) -> Catalogue:
    """Link packs. Raises PackError naming every reference that leads nowhere, every formula that does not compile and every cycle."""
    catalogue = linked(packs)
    if catalogue.problems:
        raise PackError(list(catalogue.problems))
    return catalogue


def linked(packs: Iterable[Pack]) -> Catalogue:
    """Link packs as far as possible; what is wrong stands in the catalogue's ``problems``. For lint; everybody else uses ``link``."""
    catalogue = Catalogue({pack.key: pack for pack in packs})
    problems = list(_assemble(catalogue))
    problems.extend(resolve(catalogue))
    problems.extend(check(catalogue))
    catalogue.waiting = tuple(_waiting(catalogue))
    catalogue.problems = tuple(sorted({_hinted(catalogue, problem) for problem in problems}, key=lambda problem: problem.place))
    return catalogue


def _hinted(catalogue: Catalogue, problem: Problem) -> Problem:
    """Remind the author of a mechanism that has both `on` and a register which of the two its sections work on."""
    for item in catalogue.mechanisms.values():
        if item.lines.file == problem.place.file and item.shape.on and item.shape.register_ and not problem.place.key.startswith("register"):
            on = catalogue.registers[item.register].shape.title
            why = f"{problem.why} 写了 on，各节作用在“{on}”上；要作用在本机制自己的台账上，就删去 on。".strip()
            why_en = f"{problem.why_en} With `on`, the sections work on {item.register}; without it, on this mechanism's own register.".strip()
            return replace(problem, why=why, why_en=why_en)
    return problem


def _waiting(catalogue: Catalogue) -> Iterator[Item[Handoff]]:
    for view in catalogue.registers.values():
        for item in view.handoffs.values():
            if catalogue.started_by(item.shape) is None:
                yield item


def _assemble(catalogue: Catalogue) -> Iterator[Problem]:
    """Every register with the items that work on it; names and formulas are not yet resolved."""
    for pack in catalogue.packs.values():
        for key, mechanism in pack.mechanisms.items():
            if mechanism.register_:
                name = f"{pack.key}.{key}"
                catalogue.registers[name] = RegisterView(name, pack.key, key, mechanism.register_, pack.lines[pack.file_of[key]])
    for pack in catalogue.packs.values():
        for key, mechanism in pack.mechanisms.items():
            yield from _take_in(catalogue, pack, key, mechanism)


def _take_in(catalogue: Catalogue, pack: Pack, key: str, mechanism: Mechanism) -> Iterator[Problem]:
    """Put the sections of one mechanism under the register it works on."""
    worked_on = _worked_on(catalogue, pack, key, mechanism)
    if worked_on is None:
        yield _nowhere(pack, key, mechanism)
        return
    lines = pack.lines[pack.file_of[key]]
    catalogue.mechanisms[f"{pack.key}.{key}"] = Item(key, pack.key, key, worked_on, mechanism, lines, ())
    view = catalogue.registers[worked_on]
    for section in SECTIONS:
        items: Items[object] = getattr(view, section)
        shapes: Mapping[str, object] = getattr(mechanism, section)
        for name, shape in shapes.items():
            items.add(Item(name, pack.key, key, worked_on, shape, lines, (section, name)))
    if mechanism.register_ and worked_on != f"{pack.key}.{key}":
        own = catalogue.registers[f"{pack.key}.{key}"]
        for name, parameter in mechanism.parameters.items():
            own.parameters.add(Item(name, pack.key, key, worked_on, parameter, lines, ("parameters", name)))
    if mechanism.lifecycle and view.lifecycle:
        yield Problem(
            lines.place("lifecycle"), "name", f"{view.shape.title} 已在 {view.lifecycle.place.file} 写了流程", "一行只能有一种状态。",
            f"on: {key}", f"the register has a lifecycle already, in {view.lifecycle.place.file}", "A row has one state.",
        )  # fmt: skip
    elif mechanism.lifecycle:
        view.lifecycle = Item("lifecycle", pack.key, key, worked_on, mechanism.lifecycle, lines, ("lifecycle",))


def _worked_on(catalogue: Catalogue, pack: Pack, key: str, mechanism: Mechanism) -> str | None:
    """The full name of the register a mechanism works on: the one `on` names, following its own `on`; by default its own."""
    name, seen = catalogue.full_name(mechanism.on or key, pack.key), set[str]()
    while name not in catalogue.registers:
        owner = catalogue.packs.get(name.partition(".")[0])
        target = owner.mechanisms.get(name.partition(".")[2]) if owner else None
        if owner is None or target is None or not target.on or name in seen:
            return None
        seen.add(name)
        name = catalogue.full_name(target.on, owner.key)
    return name


def _nowhere(pack: Pack, key: str, mechanism: Mechanism) -> Problem:
    if mechanism.on:
        return Problem(
            pack.place(key, "on"), "name", f"on 写的 {mechanism.on} 没有台账", "机制要作用在一本台账上：本包的机制名，或 包名.机制名。", "on: key_projects",
            f"there is no register {mechanism.on}", "A mechanism works on a register: a mechanism of this pack, or pack.mechanism.",
        )  # fmt: skip
    return Problem(
        pack.place(key, "mechanism"), "name", "既没有 register，也没有写 on", "机制要作用在一本台账上。", "on: key_projects",
        "there is neither a register nor `on`", "A mechanism works on a register.",
    )  # fmt: skip
