"""What the published figures say about one another: 218 relations, computed by the formula engine and judged by what they compare.

A relation is a formula over printed figures. What was printed to compare it with decides which check it gets; the numbers
decide the verdict, which is stored nowhere:

- ``agree``: the printed figure, total, claim or name holds;
- ``disagree``: it does not;
- ``suspect``: it holds only with an explanation (after rounding, because one of two is a bound) or cannot well be believed;
- ``derived``: nothing was printed to compare with, the value is only computed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from bihuan.academy.published import DATA, Figure, published, scale
from bihuan.academy.published_engine import Answers, Run, ask, mentioned, run_in_memory
from bihuan.computing.reading.rounding import DUST, half_up
from bihuan.foundation.grammar import yaml_text
from bihuan.foundation.grammar.shape import Shape

Verdict = Literal["agree", "disagree", "suspect", "derived"]
VERDICTS: tuple[Verdict, ...] = ("agree", "disagree", "suspect", "derived")

class Wording(Shape):
    """What one thing is called in one or more places. Parts of a list are divided by 、 and their order does not matter."""

    of: str
    name: str
    sources: tuple[str, ...]

    @property
    def parts(self) -> frozenset[str]:
        """The name as a set of its parts."""
        return frozenset(part.strip() for part in self.name.split("、"))


class Band(Shape):
    """The range in which a value can be believed: two formulas, and why. The range is ours, not the city's."""

    at_least: str
    at_most: str
    because: str
    because_en: str


class Relation(Shape):
    """One relation between printed figures, and what was printed to compare it with."""

    id: str
    name: str
    name_en: str
    kind: str
    formula: str = ""
    unit: str = ""
    prints: str = ""
    adds_up_to: str = ""
    claim: str = ""
    claim_en: str = ""
    holds: str = ""
    same: tuple[tuple[str, ...], ...] = ()
    within: Band | None = None
    names: tuple[Wording, ...] = ()
    note: str = ""
    note_en: str = ""
    sources: tuple[str, ...] = Field(min_length=1)

    def questions(self) -> dict[str, str]:
        """The formulas whose values the check needs, by what they are for."""
        asked = {
            "value": self.formula or self.holds,
            "holds": self.holds,
            "least": self.within.at_least if self.within else "",
            "most": self.within.at_most if self.within else "",
        }
        return {what: formula for what, formula in asked.items() if formula}


@dataclass(frozen=True)
class Judged:
    """A verdict with the numbers it was reached by, in the relation's unit. ``gap`` is how far two numbers are apart."""

    verdict: Verdict
    check: str
    value: Decimal | None = None
    expected: Decimal | None = None
    rounded: Decimal | None = None
    decimals: int = 0
    slack: Decimal = Decimal(0)
    bounds: tuple[Decimal, Decimal] | None = None
    figures: tuple[Figure, ...] = ()

    @property
    def explained_by_rounding(self) -> bool:
        """Whether figures that were not rounded before could have given what was printed."""
        if self.value is None or self.expected is None:
            return False
        return abs(self.value - self.expected) <= self.slack + Decimal(1).scaleb(-self.decimals) / 2 + DUST


@dataclass(frozen=True)
class Finding:
    """A relation, what came out and where every figure in it was printed."""

    relation: Relation
    judged: Judged
    sources: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """agree, disagree, suspect or derived."""
        return self.judged.verdict

    @property
    def value(self) -> Decimal | None:
        """The computed value in the relation's unit, to four decimals."""
        return None if self.judged.value is None else half_up(self.judged.value, 4)


def load(path: Path) -> tuple[Relation, ...]:
    """Read a file of relations. Raises PackError for YAML that is refused, ValidationError for a wrong key."""
    tree: Any = yaml_text.read(path.read_text(encoding="utf-8"), path.name).tree
    return tuple(Relation.model_validate({**row, "id": key}) for key, row in tree["relations"].items())


@cache
def relations() -> tuple[Relation, ...]:
    """The relations that ship with Bihuan, read once."""
    return load(DATA / "relations.yaml")


def evaluate(
    asked: Sequence[Relation] | None = None, run: Run = run_in_memory, figures: Mapping[str, Figure] | None = None
) -> list[Finding]:
    """Compute and judge relations (all that ship by default) over ``figures``, with one query given to ``run``.

    Raises FormulaError for a formula the grammar refuses and KeyError for a figure that does not exist.
    """
    chosen = relations() if asked is None else asked
    facts = published().facts if figures is None else figures
    questions = {(relation.id, what): formula for relation in chosen for what, formula in relation.questions().items()}
    measured = [relation.formula for relation in chosen if relation.prints or relation.adds_up_to]
    answers = ask(questions, facts, run, measured)
    return [Finding(relation, judge(relation, answers, facts), _sources(relation, facts)) for relation in chosen]


def counts(findings: Iterable[Finding]) -> dict[Verdict, int]:
    """How many findings have each verdict, in the order of :data:`VERDICTS`."""
    found = Counter(finding.verdict for finding in findings)
    return {verdict: found[verdict] for verdict in VERDICTS}


def judge(relation: Relation, answers: Answers, figures: Mapping[str, Figure]) -> Judged:
    """The verdict on one relation, from the answers of the engine and the figures as printed."""
    value = _value(relation, answers)
    unanswered = value is None and bool(relation.questions())
    for wanted, check in _CHECKS:
        if wanted(relation) and not unanswered:
            return check(relation, answers, figures)
    return Judged("derived", "derived", value)


def _printed(relation: Relation, answers: Answers, figures: Mapping[str, Figure]) -> Judged:
    """A printed result: the exact value, rounded half up to the printed digits, must be the printed figure."""
    value, (expected, decimals) = _known(relation, answers), _expected(relation.prints, relation, figures)
    rounded = half_up(value, decimals)
    verdict: Verdict = "agree" if rounded == expected else "disagree"
    slack = answers.slack(relation.id, "value") / scale(relation.unit)
    return Judged(verdict, "prints", value, expected, rounded, decimals, slack)


def _total(relation: Relation, answers: Answers, figures: Mapping[str, Figure]) -> Judged:
    """A total and its parts, each rounded by itself: they must meet within the rounding of all of them."""
    value, (expected, decimals) = _known(relation, answers), _expected(relation.adds_up_to, relation, figures)
    slack = answers.slack(relation.id, "value") / scale(relation.unit)
    total = figures.get(relation.adds_up_to)
    own = total.rounding * scale(total.unit) / scale(relation.unit) if total else Decimal(0)
    verdict: Verdict = "agree" if abs(value - expected) <= slack + own + DUST else "disagree"
    return Judged(verdict, "adds_up_to", value, expected, half_up(value, decimals), decimals, slack)


def _claim(relation: Relation, answers: Answers, figures: Mapping[str, Figure]) -> Judged:
    """A claim in words: its condition must hold. A condition that cannot be answered proves nothing either way."""
    held = answers.get(relation.id, "holds")
    verdict: Verdict = "derived" if held is None else "agree" if held else "disagree"
    return Judged(verdict, "holds", _value(relation, answers))


def _same(relation: Relation, answers: Answers, figures: Mapping[str, Figure]) -> Judged:
    """Figures printed for one thing: equal, or equal only after rounding or because one is a bound, or not."""
    groups = [[figures[key] for key in group] for group in relation.same]
    worst: tuple[Verdict, Sequence[Figure]] = ("agree", groups[0])
    for group in groups:
        for pair in pairwise(group):
            verdict = _pair(*pair)
            if ("agree", "suspect", "disagree").index(verdict) > ("agree", "suspect", "disagree").index(worst[0]):
                worst = (verdict, group)
    return Judged(worst[0], "same", _value(relation, answers), figures=tuple(worst[1]))


def _pair(one: Figure, other: Figure) -> Verdict:
    left, right = plain(one), plain(other)
    if left == right:
        return "agree"
    return "suspect" if only_rounded(one, other) or only_bounded(one, other) else "disagree"


def only_rounded(one: Figure, other: Figure) -> bool:
    """Whether the coarser of two figures is the finer one rounded to its digits: 96 and 95.7."""
    coarse, fine = sorted((one, other), key=lambda figure: figure.rounding * scale(figure.unit), reverse=True)
    if coarse.unit != fine.unit or coarse.number is None or fine.number is None or coarse.decimals == fine.decimals:
        return False
    return half_up(fine.number, coarse.decimals) == coarse.number


def only_bounded(one: Figure, other: Figure) -> bool:
    """Whether one figure is a bound that the other, an exact one, keeps: 1200以上 and 1290."""
    for bound, exact in ((one, other), (other, one)):
        if exact.operator in ("=", "~") and bound.operator not in ("=", "~"):
            gap = plain(exact) - plain(bound)
            return gap > 0 if bound.operator in (">", ">=") else gap < 0
    return False


def plain(figure: Figure) -> Decimal:
    """The figure in plain units (元, 人, a ratio). Raises ValueError where words were printed."""
    if figure.number is None:
        raise ValueError(f"{figure.id} was published in words: {figure.value}")
    return figure.number * scale(figure.unit)


def _band(relation: Relation, answers: Answers, figures: Mapping[str, Figure]) -> Judged:
    """A value that must lie in the range where it can be believed."""
    value = _known(relation, answers)
    unit = scale(relation.unit)
    least, most = (answers.number(relation.id, what) / unit for what in ("least", "most"))
    verdict: Verdict = "agree" if least - DUST <= value <= most + DUST else "suspect"
    return Judged(verdict, "within", value, bounds=(least, most))


def _names(relation: Relation, answers: Answers, figures: Mapping[str, Figure]) -> Judged:
    """Names printed for things: two names of one thing disagree; a thing named in one place has nothing to compare with."""
    things: dict[str, list[Wording]] = {}
    for wording in relation.names:
        things.setdefault(wording.of, []).append(wording)
    compared = [wordings for wordings in things.values() if len(wordings) > 1]
    different = Decimal(len({wording.parts for wording in relation.names}))
    if not compared:
        return Judged("derived", "names", different)
    verdict: Verdict = "agree" if all(len({wording.parts for wording in named}) == 1 for named in compared) else "disagree"
    return Judged(verdict, "names", different)


_Check = Callable[[Relation, Answers, Mapping[str, Figure]], Judged]
_CHECKS: tuple[tuple[Callable[[Relation], object], _Check], ...] = (
    (lambda relation: relation.prints, _printed),
    (lambda relation: relation.adds_up_to, _total),
    (lambda relation: relation.holds, _claim),
    (lambda relation: relation.same, _same),
    (lambda relation: relation.within, _band),
    (lambda relation: relation.names, _names),
)


def _value(relation: Relation, answers: Answers) -> Decimal | None:
    answer = answers.get(relation.id, "value")
    return None if answer is None else Decimal(repr(answer + 0.0)) / scale(relation.unit)


def _known(relation: Relation, answers: Answers) -> Decimal:
    return answers.number(relation.id, "value") / scale(relation.unit)


def _expected(written: str, relation: Relation, figures: Mapping[str, Figure]) -> tuple[Decimal, int]:
    """What a figure id or a literal (``100``, ``100%``) says, in the relation's unit, and the decimals it was printed with."""
    found = figures.get(written)
    if found is None:
        digits = written.rstrip("%")
        return Decimal(digits), len(digits.partition(".")[2])
    if found.unit != relation.unit:
        raise ValueError(f"{relation.id} is in {relation.unit} and cannot be compared with {found.id} in {found.unit}")
    return plain(found) / scale(found.unit), found.decimals


def _sources(relation: Relation, figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """The places of the relation and of every figure in it, in order."""
    written = " ".join(
        [*relation.questions().values(), relation.prints, relation.adds_up_to, *(key for group in relation.same for key in group)]
    )
    named = {source for wording in relation.names for source in wording.sources}
    places = {*relation.sources, *named, *(figures[key].source for key in mentioned(written))}
    return tuple(sorted(places, key=lambda place: (place.partition(":")[0], int(place.partition(":")[2]))))
