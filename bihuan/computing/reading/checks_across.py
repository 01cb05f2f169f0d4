"""Relations among numbers that stand apart: years and their total, averages, trends, one thing printed twice, a target and what became of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from bihuan.computing.reading.measures import Measure, tidy
from bihuan.computing.reading.passages import Passage
from bihuan.computing.reading.relations import AVERAGE, SUM, Place, Relation, computed, place_of, printed
from bihuan.computing.reading.rounding import Verdict, half_up
from bihuan.computing.reading.statements import Statement

_TREND = re.compile(
    r"(?P<names>[^,。;:]{2,40}?)(?:均)?(?P<printed>逐年(?P<every>增长|增加|上升|下降|减少)|呈(?:现)?(?P<way>上升|增长|下降)趋势)"
)
_AVERAGE = re.compile("(?:单个|每个|平均每个)项目(?:的)?平均投资|项目平均投资")
CERTAIN = 8
"""Letters of a name from which two different numbers for it are held to contradict each other, and not only to be asked about."""

_UP = ("增长", "增加", "上升")
_DONE_TO_DATE = re.compile(r"(20\d\d)(?:-01/\d\d)?")

_EVENT = re.compile("(?:计划)?(?:开工|竣工|投产|完工)率?")
"""What is counted of all projects or of some; two numbers that differ were counted of different ones."""


@dataclass(frozen=True)
class Known:
    """A statement with its document and its measure."""

    doc: str
    statement: Statement
    measure: Measure

    @property
    def year(self) -> str:
        """The year its period is or lies in; empty for a span of years or none."""
        match = _DONE_TO_DATE.fullmatch(self.statement.period.text)
        return match[1] if match else ""


def across(known: Sequence[Known], stated: Mapping[str, Sequence[Statement]]) -> Iterator[Relation]:
    """The relations among the measured statements of all documents; ``stated`` has every statement of each."""
    for doc, every in stated.items():
        own = _Series([one for one in known if one.doc == doc])
        yield from _totals(own)
        yield from _averages(doc, own, every)
        yield from _trends(doc, own, every)
    yield from _restated(known)
    yield from _became(known)


class _Series:
    """The measured statements of one document by name and kind, so that each series is looked up and not searched for."""

    def __init__(self, own: Sequence[Known]) -> None:
        self.own = own
        self.by: dict[tuple[str, str], dict[str, Known]] = defaultdict(dict)
        self.torn: set[tuple[str, str]] = set()
        for one in own:
            if one.year and not one.measure.scope:
                self._add((one.measure.name, one.statement.kind), one)

    def _add(self, key: tuple[str, str], one: Known) -> None:
        first = self.by[key].setdefault(one.year, one)
        if first.statement.mention.value != one.statement.mention.value:
            self.torn.add(key)

    def of(self, name: str, kind: str) -> dict[str, Known]:
        """One number for each year of a measure; empty where a year has two that differ."""
        return {} if (name, kind) in self.torn else self.by.get((name, kind), {})


def _totals(own: _Series) -> Iterator[Relation]:
    """A number for 2020—2023 is the sum of those of its years, where each year has one."""
    for total in own.own:
        span = re.fullmatch(r"(20\d\d)/(20\d\d)", total.statement.period.text)
        if not span:
            continue
        series = own.of(total.measure.name, total.statement.kind)
        years = [str(year) for year in range(int(span[1]), int(span[2]) + 1)]
        if all(year in series for year in years):
            parts = [series[year].statement for year in years]
            if len({part.mention.unit for part in parts} | {total.statement.mention.unit}) == 1:
                yield from filter(None, [computed(total.doc, "sum", total.statement, parts, SUM)])


def _averages(doc: str, own: _Series, every: Sequence[Statement]) -> Iterator[Relation]:
    """单个项目平均投资: the whole investment of a year by the number of its projects."""
    for one in every:
        if one.mention.group != "money" or one.kind not in ("target", "actual") or not _AVERAGE.search(one.sentence.text):
            continue
        pair = _of_year(own.own, one.period.text)
        if pair and pair[0].mention.unit == one.mention.unit:
            yield from filter(None, [computed(doc, "average", one, pair, AVERAGE)])


def _of_year(own: Sequence[Known], year: str) -> tuple[Statement, Statement] | None:
    """The whole investment of a year and the number of the projects it is for, where each is given once."""
    amounts = {
        one.statement.mention.value: one for one in own if one.year == year and one.measure.name == "总投资" and not one.measure.scope
    }
    if len(amounts) != 1:
        return None
    (amount,) = amounts.values()
    counts = {one.statement.mention.value: one for one in own if one.year == year and one.measure.name == amount.measure.topic}
    return (amount.statement, next(iter(counts.values())).statement) if len(counts) == 1 else None


def _trends(doc: str, own: _Series, every: Sequence[Statement]) -> Iterator[Relation]:
    """项目个数、概算投资逐年增长: each of the named measures does, over the years the paragraph names."""
    for passage in {id(one.sentence.passage): one.sentence.passage for one in every}.values():
        for match in _TREND.finditer(passage.text):
            for name in match["names"].split("、"):
                yield from _trend(doc, own, passage, match, name)


def _trend(doc: str, own: _Series, passage: Passage, match: re.Match[str], name: str) -> Iterator[Relation]:
    span = re.search(r"(20\d\d)年?(?:到|至|[-—–])(20\d\d)年", passage.text[: match.start()] + match[0])
    series = _years_of(own, tidy(name), span) if span else []
    if not series:
        return
    up = (match["every"] or match["way"]) in _UP
    holds = all((b > a) if up else (b < a) for a, b in pairwise(series))
    text = ("<" if up else ">").join(f"{value:f}" for value in series)
    said = (f"{name}：{text}{'成立' if holds else '不成立'}", f"{name}: {text} {'holds' if holds else 'does not hold'}")
    way = ("增长" if up else "下降") if holds else "不是"
    place = Place(doc, passage.lines[match.start()], passage.quote(match.start(), match.end()))
    yield Relation(place, "trend", tuple(series), match["printed"], way, "agrees" if holds else "disagrees", said)


def _years_of(own: _Series, wanted: str, span: re.Match[str]) -> list[Decimal]:
    """The values of a measure for each year of a span; empty where one is missing."""
    years = [str(year) for year in range(int(span[1]), int(span[2]) + 1)]
    for name in _spellings(own.own, wanted):
        for kind in ("actual", "target"):
            series = own.of(name, kind)
            if all(year in series for year in years):
                return [series[year].statement.mention.value for year in years]
    return []


def _spellings(own: Sequence[Known], wanted: str) -> list[str]:
    """The measures that a short name may mean: 项目 is 省市重点项目 where that is the only one."""
    exact = [one.measure.name for one in own if one.measure.name == wanted]
    if exact:
        return exact[:1]
    longer = {one.measure.name for one in own if one.measure.name.endswith(wanted) and one.statement.mention.group == "counts"}
    return sorted(longer, key=len)[:1]


def _restated(known: Sequence[Known]) -> Iterator[Relation]:
    """One measure printed twice for one period: the later print against the first."""
    groups: dict[tuple[str, ...], list[Known]] = defaultdict(list)
    for one in known:
        if one.statement.period.text and one.statement.mention.form == "digits":
            groups[_key(one)].append(one)
    for group in groups.values():
        first = group[0]
        for other in group[1:]:
            if (other.doc, other.statement.sentence.passage) != (first.doc, first.statement.sentence.passage):
                pair = _pair(first, other)
                if pair.verdict != "question" or not _EVENT.fullmatch(other.measure.name):
                    yield pair


def _key(one: Known) -> tuple[str, ...]:
    name, topic = one.measure.name, one.measure.topic
    if one.statement.kind == "target" and name in ("完成投资", "年度完成投资", "计划投资", "年度计划投资"):
        name = "年度投资"
    if _EVENT.fullmatch(name):
        topic = "" if one.measure.scope else "项目"
    return (name, topic, one.measure.unit, one.measure.scope, one.statement.period.text, one.statement.kind)


def _pair(first: Known, other: Known) -> Relation:
    """Two prints of one number: equal; equal when the finer is rounded; a bound that the other keeps; or not."""
    one, two = first.statement.mention, other.statement.mention
    verdict: Verdict = "disagrees"
    if one.value == two.value:
        verdict = "agrees"
    elif _rounded(first.statement, other.statement):
        verdict = "within rounding"
    elif one.comparator != two.comparator or not _certain(first, other):
        verdict = "question"
    text = f"{one.value:f}{one.unit}（{place_of(first.doc, first.statement)}）"
    text_two = f"{two.value:f}{two.unit}（{place_of(other.doc, other.statement)}）"
    sign = "=" if verdict == "agrees" else "≠"
    name = other.measure.topic + other.measure.name
    said = (f"{name} {other.statement.period.text}：{text}{sign}{text_two}",) * 2
    place = place_of(other.doc, other.statement)
    return Relation(place, "restatement", (one.value,), two.value, one.value, verdict, said, (place_of(first.doc, first.statement),))


def _certain(first: Known, other: Known) -> bool:
    """Whether two numbers that differ must be for one thing: results, a name that says all, a period printed beside each."""
    periods = not first.statement.period.inferred and not other.statement.period.inferred
    return periods and first.statement.kind == "actual" and len(first.measure.topic + first.measure.name) >= CERTAIN


def _rounded(one: Statement, other: Statement) -> bool:
    """Whether the coarser of two numbers is the finer one rounded to its digits: 96 and 95.7."""
    coarse, fine = sorted((printed(one), printed(other)), key=lambda number: number.decimals)
    return coarse.decimals < fine.decimals and half_up(fine.value, coarse.decimals) == coarse.value


def _became(known: Sequence[Known]) -> Iterator[Relation]:
    """A target of one document beside what another says became of it, in the same year."""
    actuals: dict[tuple[str, ...], list[Known]] = defaultdict(list)
    for one in known:
        if one.statement.kind == "actual" and one.year:
            actuals[(*_unplanned(one), one.year)].append(one)
    for target in known:
        if target.statement.kind != "target" or not target.year:
            continue
        for actual in actuals.get((*_unplanned(target), target.year), ()):
            if actual.doc != target.doc:
                same = target.statement.mention.value == actual.statement.mention.value
                yield _pair(actual, target) if same else _met(target, actual)


def _unplanned(one: Known) -> tuple[str, ...]:
    name = "投资" if one.measure.name in ("完成投资", "年度完成投资") else one.measure.name
    return (name.removeprefix("计划"), one.measure.topic, one.measure.unit, one.measure.scope)


def _met(target: Known, actual: Known) -> Relation:
    wanted, got = target.statement.mention, actual.statement.mention
    met = got.value <= wanted.value if wanted.comparator in ("<", "<=") else got.value >= wanted.value
    text = (
        f"目标 {wanted.value:f}{wanted.unit}，{actual.statement.period.text} 实绩 {got.value:f}{got.unit}：{'已达到' if met else '未达到'}"
    )
    english = f"target {wanted.value:f}{wanted.unit}, actual for {actual.statement.period.text} {got.value:f}{got.unit}: {'met' if met else 'not met'}"
    place, other = place_of(target.doc, target.statement), place_of(actual.doc, actual.statement)
    return Relation(place, "target-vs-actual", (got.value,), wanted.value, got.value, "agrees", (text, english), (other,), met)
