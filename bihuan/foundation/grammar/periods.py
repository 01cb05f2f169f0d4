"""Periods of time as text, and the only place that knows how to read and write them.

=========  ===========  ============  ============================================
kind       canonical    label         also read
=========  ===========  ============  ============================================
year       2025         2025年        2025年度
half_year  2025H1       2025年上半年  2025上半年
quarter    2025Q3       2025年三季度  2025年第3季度, 2025年第三季度
month      2025-07      2025年7月     2025/7, 202507
ten_days   2025-07-1    2025年7月上旬 2025-07上, 2025-07上旬
week       2025W28      2025年第28周  2025-W28
=========  ===========  ============  ============================================

Weeks are ISO weeks (Monday to Sunday, counted in the year that holds their Thursday), so they nest in no month or year.
The last ten days of a month run from the 21st to its end.

Statistics do not report January alone: it comes with February. A period made with ``merged_january`` belongs to such a
series; its February is ``2025-02`` with 1 January as first day, read also as 2025年1—2月, and its January is that same period.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, cast, get_args

from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.saying import Said

Kind = Literal["year", "half_year", "quarter", "month", "ten_days", "week"]
Over = Literal["month", "quarter", "half_year", "year", "year_to_date", "to_date", "latest"]

KINDS: tuple[Kind, ...] = get_args(Kind)
_NESTED: tuple[Kind, ...] = ("year", "half_year", "quarter", "month", "ten_days")
_MONTHS_IN: dict[Kind, int] = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}
_DAY = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 1900, 2199

_EXAMPLES: dict[Kind, str] = {
    "year": "2025",
    "half_year": "2025H1",
    "quarter": "2025Q3",
    "month": "2025-07",
    "ten_days": "2025-07上",
    "week": "2025W28",
}
_NAMES: dict[Kind, str] = {"year": "年", "half_year": "半年", "quarter": "季度", "month": "月", "ten_days": "旬", "week": "周"}

_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_TEN_DAYS = {"上": 1, "中": 2, "下": 3}
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4}
_HALVES = {"上": 1, "下": 2}
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("year", re.compile(r"([0-9]{4})(?:年|年度)?")),
    ("half_year", re.compile(r"([0-9]{4})H([12])")),
    ("half_year", re.compile(r"([0-9]{4})年?(上|下)半年")),
    ("quarter", re.compile(r"([0-9]{4})Q([1-4])")),
    ("quarter", re.compile(r"([0-9]{4})年?第?([1-4一二三四])季度")),
    ("month", re.compile(r"([0-9]{4})-([0-9]{2})")),
    ("month", re.compile(r"([0-9]{4})([0-9]{2})")),
    ("month", re.compile(r"([0-9]{4})(?:/|年)([0-9]{1,2})月?")),
    ("ten_days", re.compile(r"([0-9]{4})-([0-9]{2})-([123])")),
    ("ten_days", re.compile(r"([0-9]{4})-([0-9]{2})(上|中|下)旬?")),
    ("ten_days", re.compile(r"([0-9]{4})年([0-9]{1,2})月(上|中|下)旬")),
    ("week", re.compile(r"([0-9]{4})-?W([0-9]{2})")),
    ("week", re.compile(r"([0-9]{4})年第?([0-9]{1,2})周")),
)
_JANUARY_TO_FEBRUARY = re.compile(r"年1[-–—]2月$")
_FOLD = str.maketrans("０１２３４５６７８９－／", "0123456789-/")


@dataclass(frozen=True, slots=True)
class Period:
    """One period. ``text`` is what is stored; ``first`` and ``last`` are its days, both included. Made by :func:`of` and :func:`parse`."""

    kind: Kind
    text: str
    first: date
    last: date
    merged_january: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return self.text

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def next(self) -> Period:
        """The period of the same series that begins the day after this one ends."""
        return of(self.kind, self.last + _DAY, merged_january=self.merged_january)

    def previous(self) -> Period:
        """The period of the same series that ends the day before this one begins."""
        return of(self.kind, self.first - _DAY, merged_january=self.merged_january)

    def split(self, kind: Kind) -> tuple[Period, ...]:
        """This period in parts of a shorter kind, in order. Refused where the parts do not fill it exactly, as weeks never do."""
        if self.kind == kind:
            return (self,)
        if not nests(kind, self.kind):
            what = f"{self.label}不能恰好分为若干{_NAMES[kind]}"
            raise Refused(what, f"{self.label_en} cannot be divided into periods of kind {kind}", "quarter → month")
        first = of(kind, self.first, merged_january=self.merged_january)
        return tuple(between(first, of(kind, self.last, merged_january=self.merged_january)))

    def months(self) -> tuple[Period, ...]:
        """Its months, in order; refused for ten days and weeks."""
        return self.split("month")

    @property
    def label(self) -> str:
        """What Chinese readers see: ``2025年7月上旬``."""
        return _label(self)

    @property
    def label_en(self) -> str:
        """What English readers see: ``early July 2025``."""
        return _label_en(self)

    @property
    def said(self) -> Said:
        """What readers of both languages see."""
        return Said(self.label, self.label_en)


@dataclass(frozen=True, slots=True)
class Window:
    """The periods an indicator gathers: from ``first`` (None: from the beginning) to ``last``, both included."""

    over: Over
    first: Period | None
    last: Period

    def periods(self) -> tuple[Period, ...]:
        """Every period of the window in order; refused for one that has no beginning."""
        if self.first is None:
            raise Refused("累计至今没有起点，不能逐期列出", "A window without a beginning cannot be listed", "over: year_to_date")
        return tuple(between(self.first, self.last))

    @property
    def label(self) -> str:
        """What Chinese readers see: ``2025年1—6月``."""
        return _window_label(self)

    @property
    def label_en(self) -> str:
        """What English readers see: ``January–June 2025``."""
        return _window_label_en(self)


def of_period(title: Said, text: str) -> Said:
    """A title with the period it is about, as canonical text: ``每周调度（2024年第28周）``, ``weekly dispatch (week 28 of 2024)``; alone where there is none."""
    if not text:
        return title
    period = parse(text).said
    return Said(f"{title.zh}（{period.zh}）", f"{title.en} ({period.en})")


def parse(text: str, kind: Kind | None = None, *, merged_january: bool = False) -> Period:
    """Read a period from its canonical text or a common spelling.

    Raises Refused for anything else, for a period that does not exist (2025-13, 2025W53), and, where ``kind`` is given, for another kind.
    """
    folded = text.strip().translate(_FOLD)
    if merged_january:
        folded = _JANUARY_TO_FEBRUARY.sub("年2月", folded)
    for found, pattern in _PATTERNS:
        match = pattern.fullmatch(folded)
        if match is None:
            continue
        if kind not in (None, found):
            break
        words = _HALVES if found == "half_year" else _TEN_DAYS if found == "ten_days" else _NUMERALS
        return _made(text, found, [words.get(part) or int(part) for part in match.groups()], merged_january=merged_january)
    wanted = _NAMES[kind] if kind else "期别"
    example = _EXAMPLES[kind] if kind else "2025-07, 2025Q3, 2025-07上, 2025W28"
    raise Refused(f"“{text}”不是{wanted}的写法", f"“{text}” is not a period{f' of kind {kind}' if kind else ''}", example)


def of(kind: Kind, day: date, *, merged_january: bool = False) -> Period:
    """The period of that kind that holds ``day``; ``merged_january`` changes months only. Refused before 1900 and after 2199."""
    year = day.isocalendar().year if kind == "week" else day.year
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        what = f"年份须在 {_FIRST_YEAR} 至 {_LAST_YEAR} 之间，不是 {year}"
        raise Refused(what, f"The year must lie between {_FIRST_YEAR} and {_LAST_YEAR}, not {year}", _EXAMPLES[kind])
    if kind == "week":
        return _week(day)
    if kind == "ten_days":
        return _ten_days(day)
    length = _MONTHS_IN[kind]
    number = (day.month - 1) // length + 1
    first, last = date(year, number * length - length + 1, 1), _month_end(year, number * length)
    mark = {"year": "", "half_year": f"H{number}", "quarter": f"Q{number}", "month": f"-{number:02d}"}[kind]
    if kind == "month" and merged_january and first.month <= 2:
        first, last, mark = date(year, 1, 1), _month_end(year, 2), "-02"
    return Period(kind, f"{year}{mark}", first, last, merged_january)


def last_complete(kind: Kind, day: date, *, merged_january: bool = False) -> Period:
    """The last period that has ended before ``day`` begins: on 1 July, and on any day of July, the last month is June."""
    return of(kind, day, merged_january=merged_january).previous()


def between(first: Period, last: Period) -> Iterator[Period]:
    """Every period of the series of ``first``, from it to ``last``, both included; nothing when ``last`` is earlier."""
    current = first
    while current.first <= last.first:
        yield current
        current = current.next()


def nests(part: Kind, whole: Kind) -> bool:
    """Whether periods of kind ``part`` fill those of kind ``whole`` exactly. Weeks fill only weeks."""
    if part == whole:
        return True
    return part in _NESTED and whole in _NESTED and _NESTED.index(part) > _NESTED.index(whole)


def window(over: Over, anchor: Period) -> Window:
    """What an indicator gathers when ``anchor`` is the last period of its figures that counts.

    ``year_to_date`` runs from the beginning of the anchor's year to the anchor. ``month``, ``quarter``, ``half_year`` and ``year``
    are the last whole one that ends no later than the anchor, in periods of the anchor's kind. ``to_date`` and ``latest`` have no
    beginning: the first gathers everything up to the anchor, the second takes the last value found there.
    Refused where the figures come in longer periods than ``over`` names, or in weeks, which fill no month.
    """
    if over in ("to_date", "latest"):
        return Window(over, None, anchor)
    if over == "year_to_date":
        start = date.fromisocalendar(int(anchor.text[:4]), 1, 1) if anchor.kind == "week" else date(anchor.first.year, 1, 1)
        return Window(over, of(anchor.kind, start, merged_january=anchor.merged_january), anchor)
    kind = cast(Kind, over)
    if not nests(anchor.kind, kind):
        what = f"按{_NAMES[anchor.kind]}填报的数值不能按{_NAMES[kind]}汇总"
        raise Refused(what, f"Figures by {anchor.kind} cannot be gathered by {kind}", "every: month, over: quarter")
    whole = of(kind, anchor.last + _DAY, merged_january=anchor.merged_january).previous()
    parts = whole.split(anchor.kind)
    return Window(over, parts[0], parts[-1])


def _made(text: str, kind: Kind, numbers: list[int], *, merged_january: bool) -> Period:
    """The period a text names, from its numbers: year, then half, quarter, week or month, then ten days."""
    year, number, part = (*numbers, 1, 1)[:3]
    try:
        if kind == "week":
            day = date.fromisocalendar(year, number, 4)
        else:
            month = number if kind in ("month", "ten_days") else (number - 1) * _MONTHS_IN[kind] + 1
            day = date(year, month, (part - 1) * 10 + 1)
    except ValueError:
        raise Refused(f"没有“{text}”这一期", f"There is no period “{text}”", _EXAMPLES[kind]) from None
    if kind == "month" and merged_january and number == 1:
        raise Refused(f"“{text}”不单独填报：1月与2月合并", f"“{text}” is not reported alone: January comes with February", f"{year}-02")
    return of(kind, day, merged_january=merged_january)


def _week(day: date) -> Period:
    year, week, weekday = day.isocalendar()
    first = day - timedelta(days=weekday - 1)
    return Period("week", f"{year}W{week:02d}", first, first + 6 * _DAY)


def _ten_days(day: date) -> Period:
    part = min((day.day - 1) // 10, 2)
    last = day.replace(day=part * 10 + 10) if part < 2 else _month_end(day.year, day.month)
    return Period("ten_days", f"{day.year}-{day.month:02d}-{part + 1}", day.replace(day=part * 10 + 1), last)


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - _DAY


def _label(period: Period) -> str:
    year, month = period.text[:4], period.last.month
    match period.kind:
        case "year":
            return f"{year}年"
        case "half_year":
            return f"{year}年{'上' if month == 6 else '下'}半年"
        case "quarter":
            return f"{year}年{'一二三四'[month // 3 - 1]}季度"
        case "month":
            return f"{year}年{'1—2' if period.first.month < month else month}月"
        case "ten_days":
            return f"{year}年{month}月{'上中下'[int(period.text[-1]) - 1]}旬"
        case "week":
            return f"{year}年第{int(period.text[-2:])}周"


def _label_en(period: Period) -> str:
    year, month = period.text[:4], _ENGLISH_MONTHS[period.last.month - 1]
    match period.kind:
        case "year":
            return year
        case "half_year":
            return f"{'first' if period.last.month == 6 else 'second'} half of {year}"
        case "quarter":
            return f"Q{period.text[-1]} {year}"
        case "month":
            return f"{'January–' if period.first.month < period.last.month else ''}{month} {year}"
        case "ten_days":
            return f"{('early', 'mid', 'late')[int(period.text[-1]) - 1]} {month} {year}"
        case "week":
            return f"week {int(period.text[-2:])} of {year}"


def _window_label(window: Window) -> str:
    last = window.last
    if window.over == "to_date":
        return f"截至{last.label}"
    if window.over != "year_to_date":
        return last.label if window.over == "latest" else of(cast(Kind, window.over), last.last).label
    if last.kind in ("half_year", "quarter") and last.last.month in (6, 12):
        return of("half_year" if last.last.month == 6 else "year", last.last).label
    if window.first == last:
        return last.label
    year = last.text[:4]
    match last.kind:
        case "quarter":
            return f"{year}年前三季度"
        case "month":
            return f"{year}年1—{last.last.month}月"
        case "week":
            return f"{year}年第1—{int(last.text[-2:])}周"
        case _:
            return f"{year}年1月上旬—{last.label[5:]}"


def _window_label_en(window: Window) -> str:
    last = window.last
    if window.over == "to_date":
        return f"to the end of {last.label_en}"
    if window.over != "year_to_date":
        return last.label_en if window.over == "latest" else of(cast(Kind, window.over), last.last).label_en
    if last.kind in ("half_year", "quarter") and last.last.month in (6, 12):
        return of("half_year" if last.last.month == 6 else "year", last.last).label_en
    if window.first == last:
        return last.label_en
    match last.kind:
        case "quarter":
            return f"Q1–{last.label_en}"
        case "month":
            return f"January–{_ENGLISH_MONTHS[last.last.month - 1]} {last.text[:4]}"
        case "week":
            return f"weeks 1–{int(last.text[-2:])} of {last.text[:4]}"
        case _:
            return f"early January–{last.label_en}"
