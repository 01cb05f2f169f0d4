"""Working days as the State Council sets them, with make-up days (调休), and the limits counted in them.

Rules of counting, which every clock and cadence follows:

* The day something happens is day 0. "Within 3 working days" of it ends with the third working day after it.
* A limit of 0 ends with the same day, whether or not that is a working day.
* A limit in months ends on the same day of the month, or on the last day of a shorter month (31 January + 1 month = 28 February).
* Beyond the years of the table nothing is guessed: :class:`BeyondCalendar` says so, and what depends on it is held.
* The next year's notice may still move the last days of December (it has reached back to the 29th), so a due day counted across
  ``settled_through`` is recounted once the notice is in; ``version`` is kept beside each due day to tell which ones.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Literal

import yaml

from bihuan.foundation.grammar.refusals import Refused

SpanUnit = Literal["working_days", "calendar_days", "months"]

_DAY = timedelta(days=1)
_LABELS: dict[SpanUnit, str] = {"working_days": "个工作日", "calendar_days": "天", "months": "个月"}
_SPELLINGS: dict[str, SpanUnit] = {
    **dict.fromkeys(("working_days", "working_day", "个工作日", "工作日"), "working_days"),
    **dict.fromkeys(("calendar_days", "calendar_day", "天", "日", "个自然日", "自然日"), "calendar_days"),
    **dict.fromkeys(("months", "month", "个月"), "months"),
}
_SPAN = re.compile(r"([0-9]{1,4})\s*([a-z_]+|[^\s0-9a-z]+)")
_FOLD = str.maketrans("０１２３４５６７８９", "0123456789")


class BeyondCalendar(Refused):
    """A working day was asked for in a ``year`` for which no notice is in the table."""

    def __init__(self, year: int, first_year: int, last_year: int) -> None:
        self.year = year
        super().__init__(
            f"节假日表只有 {first_year} 至 {last_year} 年，没有 {year} 年，工作日不推算：请按国务院办公厅 {year} 年放假通知补录 holidays.yaml",
            f"The table of holidays covers {first_year} to {last_year}, not {year}, and working days are not guessed:"
            f" enter the General Office's notice for {year} into holidays.yaml",
        )


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as a limit is written: ``count`` (0 or more) of ``unit``."""

    count: int
    unit: SpanUnit

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read ``3 working_days``, ``5 calendar_days``, ``1 months`` or 3个工作日, 5天, 1个月. Anything else is refused."""
        match = _SPAN.fullmatch(text.strip().translate(_FOLD))
        unit = _SPELLINGS.get(match[2]) if match else None
        if match is None or unit is None:
            what = f"“{text}”不是时限的写法：须为整数加 working_days（工作日）、calendar_days（天）或 months（个月）"
            what_en = f"“{text}” is not a limit: write a whole number and working_days, calendar_days or months"
            raise Refused(what, what_en, "3 working_days")
        return cls(int(match[1]), unit)

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"

    @property
    def label(self) -> str:
        """What Chinese readers see: ``3个工作日``."""
        return f"{self.count}{_LABELS[self.unit]}"

    @property
    def label_en(self) -> str:
        """What English readers see: ``3 working days``."""
        words = self.unit.replace("_", " ")
        return f"{self.count} {words.removesuffix('s') if self.count == 1 else words}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days from 1 January of ``first_year`` to 31 December of ``last_year``. ``version`` names these facts and no others."""

    first_year: int
    last_year: int
    version: str
    notices: dict[int, tuple[str, ...]]
    _workdays: tuple[date, ...]

    @classmethod
    def load(cls, text: str) -> Calendar:
        """Build a calendar from the text of a holiday table (``data/holidays.yaml`` shows the form).

        Raises Refused for years that do not follow one another, days that run backwards, and make-up days that are no weekend days.
        """
        table: dict[int, dict[str, Any]] = yaml.safe_load(text)
        first, last = min(table), max(table)
        if sorted(table) != list(range(first, last + 1)):
            raise Refused(f"节假日表缺年份：{sorted(table)}", f"The table of holidays skips a year: {sorted(table)}", "2025, 2026, 2027")
        off: set[date] = set()
        worked: set[date] = set()
        for year, entry in table.items():
            for holiday in entry["holidays"]:
                off.update(_days_off(year, holiday))
                worked.update(_days_worked(year, holiday))
        every_day = _range(date(first, 1, 1), date(last, 12, 31))
        workdays = tuple(day for day in every_day if day in worked or (day.weekday() < 5 and day not in off))
        digest = sha256(" ".join(day.isoformat() for day in workdays).encode()).hexdigest()[:8]
        notices = {year: tuple(entry["notices"]) for year, entry in table.items()}
        return cls(first, last, f"{first}-{last}-{digest}", notices, workdays)

    @property
    def settled_through(self) -> date:
        """The last day that no future notice can move."""
        return date(self.last_year, 12, 24)

    def is_workday(self, day: date) -> bool:
        """Whether ``day`` is worked. Raises BeyondCalendar outside the table."""
        self._within(day)
        place = bisect_left(self._workdays, day)
        return place < len(self._workdays) and self._workdays[place] == day

    def add(self, day: date, n: int, unit: SpanUnit) -> date:
        """The day on which ``n`` units counted from ``day`` end; ``n`` may be negative, for a day before.

        ``add(day, 0, …)`` is ``day`` itself. Only working days need the table and raise BeyondCalendar outside it.
        """
        if unit == "calendar_days":
            return day + n * _DAY
        if unit == "months":
            return _months_later(day, n)
        self._within(day)
        if n == 0:
            return day
        place = bisect_right(self._workdays, day) + n - 1 if n > 0 else bisect_left(self._workdays, day) + n
        if not 0 <= place < len(self._workdays):
            raise BeyondCalendar(self.last_year + 1 if n > 0 else self.first_year - 1, self.first_year, self.last_year)
        return self._workdays[place]

    def count(self, start: date, end: date) -> int:
        """How many working days ``end`` lies after ``start``: those after ``start`` up to and including ``end``.

        Negative when ``end`` is earlier, so that ``count(day, add(day, n, "working_days")) == n`` for every ``n``.
        """
        self._within(start)
        self._within(end)
        if end < start:
            return bisect_left(self._workdays, end) - bisect_left(self._workdays, start)
        return bisect_right(self._workdays, end) - bisect_right(self._workdays, start)

    def _within(self, day: date) -> None:
        if isinstance(day, datetime):
            raise TypeError("a working day is a date; take the date of a moment in the city's own time zone first")
        if not self.first_year <= day.year <= self.last_year:
            raise BeyondCalendar(day.year, self.first_year, self.last_year)


@cache
def state_council() -> Calendar:
    """The calendar shipped with the product: the notices of the General Office of the State Council since 2007."""
    return Calendar.load(files("bihuan.foundation.grammar").joinpath("data/holidays.yaml").read_text(encoding="utf-8"))


def _days_off(year: int, holiday: dict[str, Any]) -> list[date]:
    first, last = holiday["first"], holiday["last"]
    if not date(year - 1, 12, 20) <= first <= last <= date(year, 12, 31):
        what = f"{year} 年“{holiday['name']}”的起止日期不对：{first} 至 {last}"
        what_en = f"{year}: the days of “{holiday['name']}” are not in order: {first} to {last}"
        raise Refused(what, what_en, f"first: {year}-10-01, last: {year}-10-07")
    return _range(first, last)


def _days_worked(year: int, holiday: dict[str, Any]) -> list[date]:
    worked: list[date] = holiday.get("worked", [])
    for day in worked:
        if day.weekday() < 5:
            what = f"{year} 年“{holiday['name']}”的调休上班日 {day} 不是周末"
            raise Refused(what, f"{year}: make-up day {day} is not a weekend day", "worked: [2026-10-10]")
    return worked


def _range(first: date, last: date) -> list[date]:
    return [first + n * _DAY for n in range((last - first).days + 1)]


def _months_later(day: date, n: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))
