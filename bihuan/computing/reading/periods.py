"""Which period a number belongs to: 2023, 2020-H1, 2020-Q1, 2023-01/11, 2020/2023, annual; and whether that was printed or resolved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bihuan.computing.reading.contexts import Sentence
from bihuan.computing.reading.wording import any_of, words

_Y = r"(?P<year>20\d\d|19\d\d)年"
_TO = r"[-—–―~～至到]{1,2}"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("years", re.compile(rf"(?<!\d)(?P<first>20\d\d)年?{_TO}(?P<last>20\d\d)年")),
    ("months", re.compile(rf"(?:{_Y}(?:度)?)?(?<!\d)(?P<from>\d{{1,2}})月?份?{_TO}(?P<to>\d{{1,2}})月份?")),
    ("cutoff", re.compile(rf"(?:截至|截止到?|至)(?:目前)?(?:{_Y})?(?<!\d)(?P<to>\d{{1,2}})月(?:底|末|份|\d+日)?")),
    ("half", re.compile(rf"(?:{_Y})?(?P<half>上半年|下半年)")),
    ("quarters", re.compile(rf"(?:{_Y})?前(?P<to>[二三2-3])季度")),
    ("quarter", re.compile(rf"(?:{_Y})?第?(?P<quarter>[一二三四1-4])季度")),
    ("annual", re.compile(r"每年|逐年")),
    ("this", re.compile(r"今年|本年度?|年内|全年|当年")),
    ("last", re.compile(r"(?<![较比与同])(?:去年|上年)(?!同期)")),
    ("next", re.compile(r"明年")),
    ("year", re.compile(rf"(?<!\d){_Y}度?")),
)
_BASE_AFTER = re.compile(rf"(?:年)?{any_of(words('words', 'base_years'))}")
_BASE_BEFORE = re.compile(r"(?:较|比|以|与|是|相比|自|从|恢复到|超过|超越|回到|相当于|高于|低于)$")
OPENING = 10
"""Characters of a paragraph within which a month or quarter named speaks for all of it."""

_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True)
class Stamp:
    """A period named in a text at ``at``; ``year`` is where it begins, 0 where only the context knows."""

    at: int
    end: int
    what: str
    year: int
    last: int = 0
    low: int = 0
    high: int = 0

    def text(self, year: int) -> str:
        """The period in its written form, with ``year`` where the text names none."""
        year = self.year or year
        if self.what == "annual":
            return "annual"
        if not year:
            return ""
        if self.what == "years":
            return f"{self.year}/{self.last}"
        if self.what in ("months", "cutoff", "quarters"):
            return f"{year}-{self.low:02d}/{self.high:02d}" if self.low != self.high else f"{year}-{self.low:02d}"
        if self.what == "half":
            return f"{year}-H{self.low}"
        if self.what == "quarter":
            return f"{year}-Q{self.low}"
        return str(year)


@lru_cache(maxsize=256)
def stamps(text: str) -> tuple[Stamp, ...]:
    """The periods named in a text, in order; years to compare with are none."""
    taken: list[Stamp] = []
    for what, form in _PATTERNS:
        for match in form.finditer(text):
            if any(one.at < match.end() and match.start() < one.end for one in taken):
                continue
            if what == "year" and _is_base(text, match):
                continue
            taken.append(_stamp(what, match))
    return tuple(sorted(taken, key=lambda one: one.at))


def _is_base(text: str, match: re.Match[str]) -> bool:
    """Whether a year is only what something is compared with: 在2022年基础上, 较2019年, 2023年12月25日."""
    after = text[match.end() : match.end() + 6]
    return bool(
        _BASE_AFTER.match(after)
        or _BASE_BEFORE.search(text[: match.start()][-4:])
        or re.match(r"\d{1,2}月\d{1,2}日|[及之]?以?[后前]", after)
    )


def _stamp(what: str, match: re.Match[str]) -> Stamp:
    named = match.groupdict()
    year = int(named.get("year") or named.get("first") or 0)
    low = high = 0
    if what == "months":
        low, high = int(named["from"]), int(named["to"])
    elif what == "cutoff":
        low, high = 1, int(named["to"])
    elif what == "quarters":
        low, high = 1, 3 * int({"二": "2", "三": "3"}.get(named["to"], named["to"]))
    elif what == "half":
        low = 1 if named["half"] == "上半年" else 2
    elif what == "quarter":
        low = _QUARTERS.get(named["quarter"]) or int(named["quarter"])
    return Stamp(match.start(), match.end(), what, year, int(named.get("last") or 0), low, high)


@dataclass(frozen=True)
class Period:
    """The period of one number. ``text`` is empty where none can be told, ``year`` 0; ``inferred`` where it was not printed beside it."""

    text: str
    year: int
    inferred: bool
    cutoff: bool = False


NOWHEN = Period("", 0, inferred=False)


def period_at(sentence: Sentence, at: int, *, plan: bool) -> Period:
    """The period of a number at ``at``: the last one named before it in its paragraph, else what headings and document say."""
    text = sentence.passage.text
    clause = max(text.rfind(mark, 0, at) for mark in ",。;:")
    named = stamps(text)
    before = [one for one in named if one.at < at and not _elsewhere(text, one, at) and _reaches(one, sentence, clause, at)]
    inside = [one for one in named if sentence.start <= one.at < sentence.end]
    year = _year(sentence, before, plan=plan)
    chosen = _chosen(before, clause, plan=plan) or (inside[0] if inside and inside[0].year else None)
    if chosen is None:
        return Period(str(year), year, inferred=True) if year else NOWHEN
    shift = {"last": -1, "next": 1}.get(chosen.what, 0)
    base = year + shift if chosen.what in ("last", "next", "this") else year
    if chosen.what == "next" and sentence.written[0]:
        base = sentence.written[0] + 1
    text = chosen.text(base)
    return Period(text, chosen.year or base, chosen.year == 0, chosen.what in ("cutoff", "months", "quarters"))


def _elsewhere(text: str, one: Stamp, at: int) -> bool:
    """Whether a stamp is only an attribute inside another clause: 获2022年度科技进步奖."""
    return one.what == "year" and text[one.end - 1] == "度" and bool(re.search("[,。;]", text[one.end : at])) and text[one.end] != ","


def _reaches(one: Stamp, sentence: Sentence, clause: int, at: int) -> bool:
    """Whether a stamp still speaks: 每年 for its own clause, 一季度 for its own sentence, a year or a
    cutoff for the paragraph, but 到2025年 only to the end of what it promises."""
    if one.what == "annual":
        return one.at > clause
    if one.what in ("quarter", "quarters", "half", "months", "this", "last", "next") and not one.year:
        return one.at >= sentence.start or (one.at <= OPENING and one.what not in ("this", "last", "next"))
    text = sentence.passage.text
    if one.what == "last" and text[one.at - 1 : one.at] in ("由", "从") and re.search(r"\d", text[one.end : at]):
        return False
    return not (one.what == "year" and text[one.at - 1 : one.at] == "到" and "。" in text[one.end : at])


def _chosen(before: list[Stamp], clause: int, *, plan: bool) -> Stamp | None:
    """The stamp that counts: the last one, but a whole year's plan is not cut off at the month to which results are counted."""
    for one in reversed(before):
        if plan and one.what in ("cutoff", "months", "quarters", "quarter", "half") and one.at < clause:
            continue
        if not plan and one.what == "this" and any(other.what == "cutoff" for other in before):
            continue
        return one
    return None


def _year(sentence: Sentence, before: list[Stamp], *, plan: bool) -> int:
    """The year where a stamp names none: of the paragraph, then of the headings, then announced above, then of the document.

    A plan in a document of December that names no time at all is one for the year to come.
    """
    named = any(one.what not in ("annual", "next") for one in before)
    for one in reversed(before):
        if one.year:
            return one.last or one.year
    for heading in reversed(sentence.headings):
        years = [one for one in stamps(heading) if one.year]
        if years:
            return years[-1].last or years[-1].year
    written, month = sentence.written
    if plan and sentence.plan_year:
        return sentence.plan_year
    if written:
        return written + 1 if plan and month == 12 and not named else written
    return sentence.plan_year or sentence.usual_year
