"""Relations between a whole and its parts: shares of it, parts that make it up, and how many of some things did what they should."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from bihuan.computing.reading.relations import SUM, Relation, before_number, by_passage, computed, near, share
from bihuan.computing.reading.statements import Statement

MOST_PARTS = 8
"""Numbers that are added up at the most."""

_SHARE = re.compile(
    r"(?:.*、)?(?:(?P<part>[^、]*?)占(?:到|了|全部|比)?(?P<whole>[^,。;、]{0,20}?)(?:的)?(?:比[重例]|份额)?|(?P<of>[^、占]{4,}?)(?:的)?比重)(?:达到?|为|是|约|仅|近)*$"
)
_LEADS = re.compile("^(?:其中|分别|,|总量|规模)+")
_RATE = re.compile(r"(?<![增失])率(?:已|均)?(?:达到?|为|是)?$")
_ALL = re.compile(r"^(?:总(?:数|量|任务|项目|额)?|全部|全市|全县|全区|比)?[^,。;、]{0,8}$")
_INDUSTRY = re.compile("第[一二三]产业")
_CLEAR_DIGITS = 3
"""Digits of a whole from which it is no accident that parts add up to it."""


def wholes(doc: str, found: Sequence[Statement]) -> Iterator[Relation]:
    """The relations of parts to wholes among the statements of one document."""
    earlier: dict[str, list[Statement]] = {}
    for numbers in by_passage(found, listed=True):
        yield from _shares(doc, numbers, earlier)
        yield from _rates(doc, numbers)
        yield from _sums(doc, numbers)
        for one in numbers:
            earlier.setdefault(one.period.text, []).append(one)


def _shares(doc: str, numbers: Sequence[Statement], earlier: Mapping[str, Sequence[Statement]]) -> Iterator[Relation]:
    """17个, 占总任务的7.7%; 第一产业增加值占地区生产总值的比重为24.1%: a part by its whole, both given before."""
    last: Statement | None = None
    unsaid: dict[str, Statement] = {}
    open_: list[tuple[str, Statement, Statement]] = []
    for at, one in enumerate(numbers):
        said = _SHARE.match(re.sub(r"\([^)]*\)", "", before_number(one))) if one.mention.unit == "%" and one.mention.low is None else None
        if said is None:
            continue
        named = _LEADS.sub("", said["part"] or said["of"] or "")
        part = _called(numbers[:at], named) if named else _just_before(numbers, at)
        if part is None:
            continue
        at_part = numbers.index(part)
        others = [
            other for other in [*reversed(numbers[:at_part]), *numbers[at_part + 1 : at]]
            if other.mention.measure == part.mention.measure and other.mention.low is None and other.subject != part.subject
        ]  # fmt: skip
        name = said["whole"] or ""
        whole = last if said["of"] else _called(others[::-1], name) or _called(earlier.get(one.period.text, ()), name)
        if whole is not None:
            last = whole
            yield from _judged(doc, one, part, whole)
        elif not said["of"] and _ALL.match(name) and part.mention.measure:
            fitting = _fitting(doc, one, part, others)
            if fitting is None:
                open_.append((name, one, part))
            else:
                unsaid[name] = fitting[0]
                yield fitting[1]
    for name, one, part in open_:
        if name in unsaid and len(name) > 1:
            yield from _judged(doc, one, part, unsaid[name])


def _called(numbers: Sequence[Statement], name: str) -> Statement | None:
    """The last number that measures what is named; the same thing may be called 地区生产总值 and 生产总值."""
    for one in reversed(numbers if len(name) > 3 else ()):
        if one.subject and one.mention.unit != "%" and (one.subject.endswith(name) or name.endswith(one.subject)):
            return one
    return None


def _just_before(numbers: Sequence[Statement], at: int) -> Statement | None:
    beside = [one for one in numbers[:at] if one.sentence is numbers[at].sentence and one.mention.group != "rates"]
    return beside[-1] if beside and beside[-1].mention.low is None else None


def _judged(doc: str, result: Statement, part: Statement, whole: Statement) -> Iterator[Relation]:
    """The share of a part in a whole that is named: right or wrong, where they come near what is printed."""
    relation = share(doc, result, part, whole)
    if relation and near(relation):
        yield relation


def _fitting(doc: str, result: Statement, part: Statement, others: Sequence[Statement]) -> tuple[Statement, Relation] | None:
    """The share in a whole that is not named: the nearest number of which it is that share; None where there is none."""
    for whole in others:
        relation = share(doc, result, part, whole)
        if relation and relation.verdict == "agrees":
            return whole, relation
    return None


def _rates(doc: str, numbers: Sequence[Statement]) -> Iterator[Relation]:
    """63个项目, 47个实现开工, 开工率74.6%: of so many so many, where it comes out."""
    for at, one in enumerate(numbers):
        if one.mention.unit != "%" or at < 2 or not _RATE.search(before_number(one)):
            continue
        beside = [other for other in numbers[max(0, at - 4) : at] if other.sentence is one.sentence and other.mention.group == "counts" and not other.mention.more]
        for whole, part in reversed(list(pairwise(beside))):
            if whole.mention.value >= part.mention.value > 0 and whole.mention.measure == part.mention.measure:
                relation = share(doc, one, part, whole)
                if relation and relation.verdict == "agrees":
                    yield relation
                    break


def _sums(doc: str, numbers: Sequence[Statement]) -> Iterator[Relation]:
    """其中, 第一产业 a, 第二产业 b, 第三产业 c: what makes up the whole named before, where it comes out or the list is known to be whole."""
    for at, whole in enumerate(numbers):
        text, mention = whole.sentence.passage.text, whole.mention
        if mention.group in ("rates", "time") or mention.low is not None or mention.comparator != "=":
            continue
        following = [one for one in numbers[at + 1 :] if one.mention.unit == mention.unit and one.mention.low is None][:MOST_PARTS]
        if not following or "其中" not in text[mention.end : following[0].mention.start]:
            continue
        industries = [one for one in following[:3] if _INDUSTRY.match(one.subject)]
        if len({one.subject[:2] for one in industries}) == 3:
            relation = computed(doc, "sum", whole, industries, SUM)
            if relation and near(relation):
                yield relation
            continue
        for count in range(2, len(following) + 1):
            relation = computed(doc, "sum", whole, following[:count], SUM)
            if relation and relation.verdict == "agrees" and len(f"{mention.value:f}".replace(".", "").strip("0")) >= _CLEAR_DIGITS:
                yield relation
                break
