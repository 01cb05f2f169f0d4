"""All house rules of packs, and one function that holds packs against them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bihuan.foundation.grammar.catalogue import linked
from bihuan.foundation.grammar.errors import Problem
from bihuan.foundation.grammar.packs import Pack
from bihuan.foundation.grammar.rules import examples, flows, judging, lights, meetings, pack, papers, paying, registers, sharing
from bihuan.foundation.grammar.rules.rule import Hit, Rule, World

RULES: tuple[Rule, ...] = (
    *pack.RULES, *registers.RULES, *flows.RULES, *lights.RULES, *judging.RULES, *paying.RULES, *sharing.RULES, *papers.RULES, *meetings.RULES, *examples.RULES,
)  # fmt: skip
"""Every house rule, in the order docs/packs.md lists them."""


@dataclass(frozen=True)
class Finding:
    """What a rule found. ``advice``: worth a look, but no reason to refuse the pack."""

    problem: Problem
    advice: bool


def lint(packs: Iterable[Pack], at: date, among: Iterable[Pack] = ()) -> list[Finding]:
    """Hold ``packs`` against every house rule on the day ``at``; ``among`` are other packs they may refer to.

    Findings come in the order of their places. Packs that do not load at all raise PackError before they get here.
    """
    judged = list(packs)
    keys = {pack.key for pack in judged}
    world = World(linked([*judged, *(pack for pack in among if pack.key not in keys)]), at)
    files = {lines.file for pack in judged for lines in pack.lines.values()}
    found = {finding for rule in RULES for finding in _found(rule, world) if finding.problem.place.file in files}
    return sorted(found, key=lambda finding: (finding.problem.place, finding.problem.rule, finding.problem.what))


def offences(rule: Rule, packs: Iterable[Pack], at: date) -> list[Finding]:
    """What one rule finds in packs."""
    return _found(rule, World(linked(packs), at))


def _found(rule: Rule, world: World) -> list[Finding]:
    return [Finding(_problem(rule, hit), rule.advice) for hit in rule.check(world)]


def _problem(rule: Rule, hit: Hit) -> Problem:
    return Problem(hit.place, rule.name, hit.what, rule.demand, hit.example, hit.what_en, rule.demand_en)
