"""Which period a number belongs to: 2023, 2020-H1, 2020-Q1, 2023-01/11, 2020/2023, annual; and whether that was printed or resolved."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bihuan.computing.reading.contexts import REACH, Sentence
from bihuan.computing.reading.wording import any_of, words

_Y = r"(?P<year>20\d\d|19\d\d)年"
_PLANS = "十[一二三四五六七]"
_LONG = "[两二三四五十3-5]"
_TO = r"[-—–―~～至到]{1,2}"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("years", re.compile(rf"(?<!\d)(?P<first>20\d\d)年?{_TO}(?P<last>20\d\d)年")),
    ("months", re.compile(rf"(?:{_Y}(?:度)?)?(?<!\d)(?P<from>\d{{1,2}})月?份?{_TO}(?P<to>\d{{1,2}})月份?")),
    ("cutoff", re.compile(rf"(?:截至|截止到?|至)(?:目前)?(?:{_Y})?(?<!\d)(?P<to>\d{{1,2}})月(?:底|末|份|\d+日)?")),
    ("first", re.compile(rf"(?:{_Y})?(?<![提以之])前(?P<to>\d{{1,2}}|[两二三四五六七八九十])个?月")),
    ("half", re.compile(rf"(?:{_Y})?(?P<half>上半年|下半年)")),
    ("quarters", re.compile(rf"(?:{_Y})?前(?P<to>[二三2-3])季度")),
    ("quarter", re.compile(rf"(?:{_Y})?第?(?P<quarter>[一二三四1-4])季度")),
    ("plan", re.compile(rf"(?:[“\"]?(?P<plan>{_PLANS})五|[“\"](?P<early>[八九十])五)[”\"]?(?:规划)?(?P<when>时期|期间|以来|末|期末|收官)|第(?P<plan2>{_PLANS})个五年规划")),
    ("past", re.compile(rf"(?:过去|近|这|刚刚过去的)(?P<long>{_LONG})年|(?<![\d前])(?P<long2>{_LONG})年[来间](?!自)")),
    ("future", re.compile(rf"(?:今后|未来|下)(?P<long>{_LONG})年")),
    ("annual", re.compile(r"(?<![人亩户家])每年|逐年")),
    ("this", re.compile(r"今年|本年度?|年内|全年(?!(?:目标|任务|计划)+的)|当年")),
    ("last", re.compile(r"(?<![较比与同])(?<!于|[是为])(?:去年|上年)(?!同期)|过去的?一年")),
    ("next", re.compile(r"明年")),
    ("year", re.compile(rf"(?<!\d){_Y}度?")),
)
_BASE_AFTER = re.compile(rf"(?:年)?的?{any_of(words('words', 'base_years'))}")
_BASE_BEFORE = re.compile(r"(?:较|比|以|与|是|相比|自|从|恢复到|超过|超越|回到|相当于|高于|低于)$")
_FROM_YEAR = re.compile(r"[由从](20\d\d)年[底末初]?的$")
"""What a change starts from has the year it is printed with: 从2011年的1091亿元增加到2016年的1650亿元."""
OPENING = 10
"""Characters of a paragraph within which a month or quarter named speaks for all of it."""

REMEMBERED = 40
"""Periods named before a number that may still speak for it; no honest paragraph names more."""

EARLY = 6
"""The last month in which a document speaks of the year before as the last one."""

BULLETIN = 4
"""The last month in which what a document says of a whole year, without naming it, is said of the one before."""

FIRST_PLAN_ENDS = 1955
"""The year from which five years a number give the end of a plan: the fourteenth ends in 2025."""

_THIS_TIME = ("此次", "本次", "这次")
"""What happens now is of no period to which something else was counted."""

PLAN_YEARS = 5
"""How many years a plan has."""

_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_YEARLY = re.compile("年均|累计|每年|始终|连续|年平均")
_FULL_YEAR = re.compile("全年|年末|[比较]上年|初步核算")
_ADDS_UP = re.compile("年均|累计|每年|始终|连续|年平均|个百分点|新增|净增|新建|新改扩建|(?:引进|招引|签约)[^,。;]{0,12}(?:项目|企业|人才)|(?:^|[,。;])(?:治理|改造|整治|培训|发放|完成|建成|实施|打通|搬迁|减贫)")
_STANDS_AT = re.compile("达|[增升加高大长到降少低缩减]至|[加高升大长降低减缩]到|拥有|占|比重|比例|率|突破|倍|由|从|保持|稳定|总量|余额|里程|容量|摘帽|出列|保有量|基站|面积|超过|较|比")


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
        if self.what in ("years", "plan"):
            return f"{self.year}/{self.last}"
        if self.what == "past":
            return f"{year - self.low + 1}/{year}"
        if self.what == "future":
            return f"{year}/{year + self.low - 1}"
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
            compared = what in ("quarter", "half", "plan") and text[: match.start()].endswith(("比", "较", "是", "超过", "相当于"))
            if compared or _in_title(text, match.start()) or (what == "year" and _is_base(text, match)):
                continue
            taken.append(_stamp(what, match))
    return tuple(sorted(taken, key=lambda one: one.at))


def _in_title(text: str, at: int) -> bool:
    """Whether a period is part of the name of a document: 《规划（2022—2025年）》."""
    return text.rfind("《", 0, at) > text.rfind("》", 0, at) and "》" in text[at : at + REACH]


def _is_base(text: str, match: re.Match[str]) -> bool:
    """Whether a year is only what something is compared with: 在2022年基础上, 较2019年, 2023年12月25日."""
    after = text[match.end() : match.end() + 6]
    return bool(
        _BASE_AFTER.match(after)
        or _BASE_BEFORE.search(text[: match.start()][-4:])
        or re.match(r"[底末]?(?:之|以)?前(?:建成|竣工|入住|建造|登记|出生)的", text[match.end() :])
        or re.match(r"\d{1,2}月\d{1,2}日|[及之]?以?[后前]", after)
    )


def _stamp(what: str, match: re.Match[str]) -> Stamp:
    named = match.groupdict()
    year = int(named.get("year") or named.get("first") or 0)
    low = high = 0
    if what == "months":
        low, high = int(named["from"]), int(named["to"])
    elif what == "first":
        what, low, high = "cutoff", 1, _NUMBERS.get(named["to"]) or int(named["to"])
    elif what == "cutoff":
        low, high = 1, int(named["to"])
    elif what == "quarters":
        low, high = 1, 3 * int({"二": "2", "三": "3"}.get(named["to"], named["to"]))
    elif what == "half":
        low = 1 if named["half"] == "上半年" else 2
    elif what == "quarter":
        low = _QUARTERS.get(named["quarter"]) or int(named["quarter"])
    elif what in ("past", "future"):
        long = named["long"] or named.get("long2") or ""
        low = _NUMBERS.get(long) or int(long)
    elif what == "plan":
        return _of_plan(match)
    return Stamp(match.start(), match.end(), what, year, int(named.get("last") or 0), low, high)


def _of_plan(match: re.Match[str]) -> Stamp:
    """The five years of a plan, or its last year: “十四五”时期 is 2021/2025, “十四五”末 2025."""
    number = _NUMBERS[match["early"]] if match["early"] else 10 + _NUMBERS[(match["plan"] or match["plan2"])[1]]
    last = FIRST_PLAN_ENDS + PLAN_YEARS * number
    if match["when"] and match["when"] not in ("时期", "期间", "以来"):
        return Stamp(match.start(), match.end(), "year", last)
    return Stamp(match.start(), match.end(), "plan", last - 4, last)


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
    if from_year := _FROM_YEAR.search(text[max(0, at - 10) : at]):
        return Period(from_year[1], int(from_year[1]), inferred=False)
    clause = max(text.rfind(mark, 0, at) for mark in ",。;:")
    named = stamps(text)
    near = named[: bisect_left(named, at, key=lambda one: one.at)][-REMEMBERED:]
    before = [one for one in near if not _elsewhere(text, one, at) and _reaches(one, sentence, clause, at, plan=plan)]
    inside = next((one for one in named[bisect_left(named, sentence.start, key=lambda one: one.at) :][:1] if one.at < sentence.end), None)
    year = _year(sentence, before, plan=plan)
    chosen = _span(sentence, before, clause, plan=plan) if _over_time(text, at, plan=plan) else None
    chosen = chosen or _chosen(before, clause, plan=plan) or (inside if inside and _speaks_for_all(inside, text, at, year) else None)
    if not plan and (chosen is None or chosen.what == "this") and not sentence.text.startswith(_THIS_TIME):
        chosen = next((one for one in reversed(stamps(sentence.lead)) if one.what in ("cutoff", "months", "quarters") or (one.what == "half" and one.low == 1)), chosen)
    if chosen is None:
        return Period(str(year), year, inferred=True) if year else NOWHEN
    if chosen.what == "past" and chosen.low == PLAN_YEARS:  # “十五”期间…，五年间…: the five years of the plan
        chosen = next((one for one in reversed(before) if one.what == "plan" and one.at >= sentence.start), chosen)
    if chosen.what in ("past", "future", "plan"):
        return _over(chosen, sentence, at, plan=plan)
    shift = {"last": -1, "next": 1}.get(chosen.what, 0)
    base = year + shift if chosen.what in ("last", "next", "this") else year
    if shift and sentence.written[0] and (shift > 0 or not any(one.year for one in before)):
        base = sentence.written[0] + shift
    ahead = plan and sentence.written[1] == 12  # in December a plan is one for the year to come, even beside 今年
    if sentence.written[0] and not ahead and not _of_last_year(sentence) and "今年" in (text[chosen.at : chosen.end], text[max(0, chosen.at - 2) : chosen.at]):
        base = sentence.written[0]
    text = chosen.text(base)
    return Period(text, chosen.year or base, chosen.year == 0, chosen.what in ("cutoff", "months", "quarters"))


def _of_last_year(sentence: Sentence) -> bool:
    """Whether a chapter on the year before, in a document of the first months of the next, calls that year 今年."""
    years = next((one for heading in reversed(sentence.headings) if (one := [stamp.year for stamp in stamps(heading) if stamp.what == "year"])), [])
    return sentence.heading_mode < 0 and sentence.written[1] <= BULLETIN and years == [sentence.written[0] - 1]


def _speaks_for_all(first: Stamp, text: str, at: int, year: int) -> bool:
    """Whether the first period of a sentence is also that of the numbers before it.

    Not where it is a distant aim (…，到2026年达到35%) or the year of an award or a list in a later clause (…，3个项目获2021年度科技奖).
    """
    if text[first.end - 1] == "度" and re.search("[获入评列]", _clause(text, first.at)) and re.search("[,。;]", text[at : first.at]):
        return False
    distant = first.at > at and text[first.at - 1 : first.at] in ("到", "至") and bool(year) and first.year > year + 1
    return bool(first.year) and not distant


def _clause(text: str, at: int) -> str:
    """From the mark before a number to the mark after it, within a reasonable reach."""
    first, last = max(0, at - REACH), at + REACH
    ends = [end for mark in ",。;:" if (end := text.find(mark, at, last)) >= 0]
    return text[max([first, *(text.rfind(mark, first, at) + 1 for mark in ",。;:")]) : min(ends, default=last)]


def _over_time(text: str, at: int, *, plan: bool) -> bool:
    """Whether a number adds up or averages over years, so that a span of them is its period and not the last one named."""
    return (_YEARLY if plan else _ADDS_UP).search(_clause(text, at)) is not None


def _span(sentence: Sentence, before: Sequence[Stamp], clause: int, *, plan: bool) -> Stamp | None:
    """The span of years named before a number or by the nearest heading; None where its own clause names a period."""
    if any(one.at > clause for one in before):
        return None
    yearly = _YEARLY.search(_clause(sentence.passage.text, clause + 1))
    spans = [one for one in before if one.what in ("past", "plan", "future") or (one.what == "years" and yearly)]
    if spans and not yearly and any(one.what == "year" and one.at >= max(spans[-1].at + 1, _begun(sentence)) for one in before):
        return None
    if not spans and not plan and "年均" in _clause(sentence.passage.text, clause + 1):
        return next((one for one in reversed(stamps(sentence.opened)) if one.what in ("past", "plan")), None)
    named = bool(spans) or any(one.year for one in before)
    for heading in () if named else reversed(sentence.headings):
        if any(one.what == "year" for one in stamps(heading)):
            break
        spans = spans or [one for one in stamps(heading) if one.what in ("plan", "years") or (one.what == "past" and not plan)]
    return spans[-1] if spans else None


def _over(chosen: Stamp, sentence: Sentence, at: int, *, plan: bool) -> Period:
    """The period of a number within a span of years: all of it for what adds up, its last year for what stands at a level."""
    clause = _clause(sentence.passage.text, at)
    if chosen.what == "plan":
        first, last = chosen.year, chosen.last
        if not plan and sentence.written[0]:
            last = max(first, min(last, sentence.written[0]))
    elif chosen.what == "future":
        first = (sentence.plan_year or sentence.written[0]) or 0
        last = first + chosen.low - 1
    else:
        last = _last_full_year(sentence)
        first = last - chosen.low + 1
    if not first or not last:
        return NOWHEN
    if re.search("[由从]的?$", sentence.passage.text[:at][-2:]):
        return Period(str(first - 1), first - 1, inferred=True)
    level = not _over_time(sentence.passage.text, at, plan=plan) and (plan or _STANDS_AT.search(clause) is not None)
    return Period(str(last), last, inferred=True) if level else Period(f"{first}/{last}", last, inferred=chosen.what != "plan")


def _last_full_year(sentence: Sentence) -> int:
    """The year that had ended when the document was written; 0 where it says neither that nor what it plans for."""
    written, month = sentence.written
    if written:
        return written - 1 if month <= EARLY else written
    return sentence.plan_year - 1 if sentence.plan_year else sentence.usual_year


def _elsewhere(text: str, one: Stamp, at: int) -> bool:
    """Whether a stamp is only an attribute inside another clause: 获2022年度科技进步奖."""
    return one.what == "year" and text[one.end - 1] == "度" and bool(re.search("[,。;]", text[one.end : at])) and text[one.end] != ","


def _begun(sentence: Sentence) -> int:
    """Where the sentence begins that this one, which may stand behind a semicolon, is part of."""
    return max(sentence.passage.text.rfind(mark, 0, sentence.start) for mark in "。!?") + 1


def _reaches(one: Stamp, sentence: Sentence, clause: int, at: int, *, plan: bool) -> bool:
    """Whether a stamp still speaks: 每年 for its own clause, 一季度 for its own sentence, a year or a
    cutoff for the paragraph, but 到2025年 only to the end of what it promises."""
    text = sentence.passage.text
    if one.what in ("cutoff", "months", "quarters", "quarter", "half") and one.at < sentence.start and sentence.text.startswith(_THIS_TIME):
        return False
    if one.what == "annual":
        return one.at > clause or (text[one.at : one.end] == "每年" and one.at >= sentence.start and len(re.findall("[,。;:]", text[one.end : at])) == 1)
    if one.what == "past" and text[one.at] == "近" and text[one.at - 1 : one.at] not in ("", *"。;!?,:、"):
        return one.at > clause
    if one.what in ("last", "year") and text[one.at - 1 : one.at] in ("由", "从") and re.search(r"\d", text[one.end : at]):
        return re.fullmatch(r"的?(?:[\d.]+[%\u4e00-\u9fff]{1,3}[、和])+", text[one.end : at]) is not None
    if one.what in ("quarter", "quarters", "half", "months", "this", "last", "next") and not one.year:
        if not plan and one.what in ("quarter", "quarters", "half", "months"):
            return True
        return one.at >= _begun(sentence) or one.at <= (OPENING if one.what not in ("this", "last", "next") else 1)
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
    named = any(one.what not in ("annual", "next") and sentence.passage.text[one.at : one.end] != "全年" for one in before)
    for one in reversed(before):
        if one.year:
            return one.last or one.year
    for heading in reversed(sentence.headings):
        years = [one for one in stamps(heading) if one.year]
        if years:
            chosen = years[-1] if plan else years[0]
            return chosen.last or chosen.year
        if plan and sentence.written[0] and any(one.what == "next" for one in stamps(heading)):
            return sentence.written[0] + 1
        if any(one.what == "past" for one in stamps(heading)):
            return _last_full_year(sentence)
    written, month = sentence.written
    opened = stamps(sentence.opened)
    if opened and not plan and sentence.heading_mode <= 0 and not any(one.what == "last" for one in before):
        return opened[0].year or (written - 1 if written else 0)
    if plan and (sentence.plan_year or sentence.aim_year):
        return sentence.plan_year or sentence.aim_year
    if written and not plan and not named and month <= BULLETIN and _FULL_YEAR.search(sentence.passage.text) and "今年" not in sentence.passage.text:
        return written - 1
    if written:
        return written + 1 if plan and month == 12 and not named else written
    return sentence.plan_year or sentence.usual_year
