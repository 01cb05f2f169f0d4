"""A relation among printed numbers and what recomputing it gives: the finding that `bihuan check` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from bihuan.computing.reading.contexts import clause_span
from bihuan.computing.reading.rounding import Printed, Verdict, compare, half_up
from bihuan.computing.reading.statements import Statement, plain

CLOSE = Decimal("0.1")
"""How far, as a part of it, a computed result may be from the printed one before the operands are held to be the wrong ones."""

Name = Literal["sum", "ratio", "growth", "average", "difference", "subset", "list-count", "trend", "restatement", "target-vs-actual"]


@dataclass(frozen=True)
class Place:
    """Where a number stands: document, line, quote."""

    doc: str
    line: int
    quote: str

    def __str__(self) -> str:
        return f"{self.doc}:{self.line}"


@dataclass(frozen=True)
class Relation:
    """Numbers that hang together. ``printed`` is the result as printed, ``computed`` what the operands give; ``arithmetic`` shows it.

    ``met`` is set where a target is compared with what became of it, which is no error either way.
    """

    place: Place
    name: Name
    operands: tuple[Decimal | str, ...]
    printed: Decimal | str
    computed: Decimal | str
    verdict: Verdict
    arithmetic: tuple[str, str]
    others: tuple[Place, ...] = ()
    met: bool | None = None

    def row(self) -> dict[str, Any]:
        """The relation as one line of output. ``agrees`` is null for a question, and for a target beside its actual."""
        agrees: bool | None = self.verdict == "agrees"
        if self.verdict == "question" or self.met is not None:
            agrees = None
        return {
            "doc": self.place.doc, "line": self.place.line, "quote": self.place.quote, "relation": self.name,
            "operands": [_json(one) for one in self.operands], "printed": _json(self.printed), "computed": _json(self.computed),
            "verdict": self.verdict, "agrees": agrees,
            "agrees_within_operand_rounding": self.verdict in ("agrees", "within rounding") if agrees is not None else None,
            "met": self.met, "arithmetic": self.arithmetic[0], "others": [str(one) for one in self.others],
        }  # fmt: skip


def _json(value: Decimal | str) -> int | float | str:
    return value if isinstance(value, str) else plain(half_up(value, 4).normalize())


def printed(one: Statement) -> Printed:
    """The number of a statement; counts of things are exact."""
    exact = one.mention.group in ("counts", "people") and one.mention.unit == one.mention.measure and not one.mention.more
    return Printed(one.mention.value, one.mention.decimals, exact)


def place_of(doc: str, one: Statement) -> Place:
    """Where a statement stands."""
    return Place(doc, one.line, one.quote)


def computed(doc: str, name: Name, result: Statement, parts: Sequence[Statement], formula: Formula) -> Relation | None:
    """The relation in which ``formula`` over ``parts`` should give ``result``; None where it cannot be computed."""
    operands = [printed(part) for part in parts]
    try:
        value, verdict = compare(printed(result), operands, formula.of)
    except (ZeroDivisionError, ArithmeticError):
        return None
    shown = formula.shown(*(f"{one.value:f}" for one in operands))
    unit, digits = result.mention.unit, result.mention.decimals
    exact, rounded = shorten(value), half_up(value, digits)
    zh = (
        f"{shown}={exact}{unit}"
        + ("" if Decimal(exact) == rounded else f"，四舍五入为 {rounded:f}{unit}")
        + f"；文中为 {result.mention.value:f}{unit}"
    )
    en = (
        f"{shown} = {exact}{unit}"
        + ("" if Decimal(exact) == rounded else f", which rounds to {rounded:f}{unit}")
        + f"; {result.mention.value:f}{unit} is printed"
    )
    if verdict == "within rounding":
        zh += "，算式里的数四舍五入前可以得出"
        en += ", which the operands could give before they were rounded"
    others = tuple(dict.fromkeys(place_of(doc, part) for part in parts if part.line != result.line or part.quote != result.quote))
    values = tuple(one.value for one in operands)
    return Relation(place_of(doc, result), name, values, result.mention.value, value, verdict, (zh, en), others)


@dataclass(frozen=True)
class Formula:
    """A formula over numbers, and the same as people write it."""

    of: Callable[..., Decimal]
    shown: Callable[..., str]


PERCENT = Formula(lambda part, whole: part * 100 / whole, lambda part, whole: f"{part}÷{whole}×100")
AVERAGE = Formula(lambda total, count: total / count, lambda total, count: f"{total}÷{count}")
SUM = Formula(lambda *parts: sum(parts, Decimal(0)), lambda *parts: "+".join(parts))
DIFFERENCE = Formula(lambda plan, done: plan - done, lambda plan, done: f"{plan}−{done}")
GROWTH = Formula(lambda before, after: (after - before) * 100 / before, lambda before, after: f"({after}−{before})÷{before}×100")
DECLINE = Formula(lambda before, after: (before - after) * 100 / before, lambda before, after: f"({before}−{after})÷{before}×100")


def shorten(value: Decimal) -> str:
    """A computed value with at most three decimals."""
    return f"{half_up(value, 3).normalize():f}"


def near(relation: Relation) -> bool:
    """Whether what was computed comes so near to what is printed that these were the operands that were meant."""
    printed, value = Decimal(str(relation.printed)), Decimal(str(relation.computed))
    return abs(value - printed) <= CLOSE * abs(printed)


def share(doc: str, result: Statement, part: Statement, whole: Statement) -> Relation | None:
    """The relation in which a percentage should be that of a part in its whole, whatever multipliers their units have."""
    factor = _times(part.mention.unit) / _times(whole.mention.unit)
    return computed(doc, "ratio", result, (part, whole), Formula(lambda a, b: a * factor * 100 / b, PERCENT.shown))


def _times(unit: str) -> Decimal:
    """What a multiplier before a unit stands for: 亿 of 亿元."""
    digits = {"万": 10_000, "亿": 100_000_000, "千": 1000, "百": 100, "十": 10}
    value = Decimal(1)
    for letter in unit:
        if letter not in digits:
            break
        value *= digits[letter]
    return value


def by_passage(found: Sequence[Statement], *, listed: bool = False) -> Iterator[list[Statement]]:
    """The targets and results of a document, passage by passage; ranks are no amounts. With ``listed`` what is only counted (222个内容) as well."""
    group: list[Statement] = []
    for one in found:
        if group and one.sentence.passage is not group[-1].sentence.passage:
            yield group
            group = []
        counted = listed and one.judgement.role == "enumeration" and one.mention.group == "counts"
        if (one.kind in ("target", "actual") and one.judgement.role != "rank") or counted:
            group.append(one)
    if group:
        yield group


def before_number(one: Statement) -> str:
    """The clause of a number up to it."""
    start, _ = clause_span(one.sentence.passage.text, one.mention, one.sentence)
    return one.sentence.passage.text[start : one.mention.bounded]
