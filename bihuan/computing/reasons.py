"""Why a row gets what it gets: every policy with every condition both ways, the near miss, and what to ask for where data are missing.

Asked of the columns by the same compiled formulas as a run of `computing.matching`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from bihuan.computing.engine import Record, run
from bihuan.computing.single import judged
from bihuan.computing.tables import Columns
from bihuan.foundation.grammar.criteria import Judgement, decide, root_of, tests_of
from bihuan.foundation.grammar.deciding import near_miss_of
from bihuan.foundation.grammar.gathering import Chain
from bihuan.foundation.grammar.payables import CENTS, Policy, amount_of, needs_of, policies_of, subjects_sql
from bihuan.foundation.grammar.plans import Wanted, missing_sql, row_plan
from bihuan.foundation.grammar.quantities import unit_of
from bihuan.foundation.grammar.reading import judgement_of, quantity
from bihuan.foundation.grammar.saying import Said
from bihuan.foundation.grammar.views import RegisterView


@dataclass(frozen=True)
class Answer:
    """One policy for one row: the judgement with its reasons, and where it is met the amount it comes to, in 分 (None where that lacks data)."""

    policy: Policy
    judgement: Judgement
    asked: int | None


@dataclass(frozen=True)
class Question:
    """A fact that is missing, by its title; the policies of which nothing else stands in the way, and all that it is asked for."""

    fact: str
    unlocks: tuple[Policy, ...]
    concerns: tuple[Policy, ...]


@dataclass(frozen=True)
class Near:
    """A row that one condition keeps from a policy."""

    id: int
    key: str
    title: str
    office: str
    policy: Policy
    judgement: Judgement


def answers(columns: Columns, view: RegisterView, ids: Sequence[int], day: date, policies: Sequence[Policy] = ()) -> dict[int, list[Answer]]:
    """Each of a few rows against every policy in force on a day (or some of them), with full reasons."""
    asked = tuple(policies) or policies_of(view, day)
    if not ids or not asked:
        return {number: [] for number in ids}
    facts = run(columns, subjects_sql(columns.catalogue, view, asked, day, ids))
    return {row["_id"]: [_answer(view, policy, found) for policy in asked] for row in facts for found in [judged(view, asked, row, day)]}


def _answer(view: RegisterView, policy: Policy, row: Record) -> Answer:
    judgement, asked = judgement_of(view, policy.short, row), row[f"{policy.short}:asked"]
    return Answer(policy, judgement, max(asked, 0) if judgement.value and asked is not None else None)


def questions(columns: Columns, view: RegisterView, number: int, day: date, given: Sequence[Answer]) -> list[Question]:
    """The facts to ask one row for, those that unlock most first.

    A fact unlocks a policy when it could turn the answer to yes with nothing else known.
    """
    undecided = [answer for answer in given if answer.judgement.value is None or _without_amount(answer)]
    lacking = _lacking(columns, view, number, day, undecided)
    concerns: dict[str, list[Policy]] = {}
    unlocks: dict[str, list[Policy]] = {}
    for answer in undecided:
        lacks = _lacks(view, answer, lacking)
        for fact in dict.fromkeys(fact for facts in lacks.values() for fact in facts):
            concerns.setdefault(fact, []).append(answer.policy)
            if _would_do(answer, {key for key, facts in lacks.items() if facts == {fact}}):
                unlocks.setdefault(fact, []).append(answer.policy)
    found = [Question(fact, tuple(unlocks.get(fact, ())), tuple(policies)) for fact, policies in concerns.items()]
    return sorted(found, key=lambda question: (-len(question.unlocks), -len(question.concerns), question.fact))


def _lacking(columns: Columns, view: RegisterView, number: int, day: date, undecided: Sequence[Answer]) -> dict[str, tuple[str, ...]]:
    """For every name without a value: the facts behind it by title; of an indicator, each figure that is not there with its period."""
    if not undecided:
        return {}
    policies = tuple(answer.policy for answer in undecided)
    row = run(columns, subjects_sql(columns.catalogue, view, policies, day, [number]))[0]
    chain = Chain(columns.catalogue, view, needs_of(view, policies), (day,))
    titles = {name.key: name.title for name in view.names("entry")}
    fields = view.shape.figures.fields if view.shape.figures else {}
    found: dict[str, tuple[str, ...]] = {}
    for key in (key for key, value in row.items() if value is None and key in titles):
        figures = chain.figures_of(key) if key in chain.indicators else ()
        gone = run(columns, missing_sql(view, chain.span, chain.indicators[key].shape, [number], figures)) if figures else []
        found[key] = tuple(f"{lack['_period']} {fields[lack['_field']].title}" for lack in gone) or (titles[key],)
    return found


def _without_amount(answer: Answer) -> bool:
    return answer.judgement.value is True and answer.asked is None


def _lacks(view: RegisterView, answer: Answer, lacking: Mapping[str, tuple[str, ...]]) -> dict[str, set[str]]:
    """The facts that each unknown test lacks, by its key; those of the amount, where all is met, under no key."""

    def facts(names: Iterable[str]) -> set[str]:
        return {fact for name in names for fact in lacking.get(name, ())}

    if _without_amount(answer):
        return {"": facts(amount_of(view, answer.policy.pays).names)}
    unknown = {reason.key for reason in answer.judgement.having("unknown")}
    return {test.key: facts(view.condition(test.if_).names) for test in tests_of(answer.policy.item.shape) if test.key in unknown}


def _would_do(answer: Answer, known: set[str]) -> bool:
    """Whether the answer would be yes if some unknown tests came out as they should."""
    if _without_amount(answer):
        return known == {""}
    shape = answer.policy.item.shape
    denials = {test.key for test in shape.deny}
    truths = {reason.key: _TRUTHS.get(reason.outcome) for reason in answer.judgement.reasons}
    truths |= {key: key not in denials for key in known}
    return decide(root_of(shape), truths) is True and not any(truths[key] is not False for key in denials)


_TRUTHS = {"met": True, "exempt": True, "denied": True, "unmet": False, "clear": False}


def near_misses(columns: Columns, view: RegisterView, policy: Policy, day: date, most: int = 200, among: str = "TRUE") -> list[Near]:
    """The rows that fail a policy by exactly one condition, by key, with their reasons; ``among`` is a condition on the rows asked."""
    plan = row_plan(columns.catalogue, view, Wanted(criteria=(policy.short,)), [day])
    missed = near_miss_of(policy.item.shape, policy.short)
    rows = run(columns, f"{plan.sql} SELECT * FROM judged WHERE {missed} AND {among} ORDER BY _key LIMIT {int(most)}")
    return [Near(row["_id"], row["_key"], row["_title"], row["_office"], policy, judgement_of(view, policy.short, row)) for row in rows]


def money(amount: int) -> Said:
    """An amount in 分 in words: in 万元 where that comes out even, else in 元."""
    unit = unit_of("万元" if amount % (CENTS * 100) == 0 and amount >= CENTS * 10_000 else "元")
    value = Fraction(amount, CENTS)
    places = next(places for places in range(3) if (value / unit.factor * 10**places).denominator == 1)
    return quantity(value, unit, places)
