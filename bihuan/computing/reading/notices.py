"""Holiday notices: which days are off and which weekend days are worked, from the words of the notice.

    2月4日至10日放假调休，共7天。2月2日（星期六）、2月3日（星期日）上班。

A day moved (公休日调至) is worked where it was and free where it is moved to; a day that the notice gives off stays off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_NOTE = re.compile(r"[(（][^)）]*[)）]")
_DAY = re.compile(r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日")
_TO = re.compile(r"\s*(?:(?<!调)[至到]|[-—–―~～]{1,2})\s*$")
_CLAUSE = re.compile(r"[^，。；,;]+")
_MOVED = re.compile(r"(?:公休日)?(?:分别)?调[至到]")


@dataclass(frozen=True)
class DayOff:
    """One day of a notice: ``off`` or, where it is worked although it is a weekend, not."""

    day: date
    off: bool


def days_of(notice: str, year: int) -> list[DayOff]:
    """The days a notice for ``year`` speaks of, in order: free ones and worked weekends. Words without dates give none."""
    free: set[date] = set()
    worked: set[date] = set()
    for clause, found in _dated(_NOTE.sub("", notice), year):
        moved = _MOVED.search(clause)
        days = {day for _, day in found}
        if moved:
            worked |= {day for at, day in found if at < moved.start()}
            free |= {day for at, day in found if at > moved.start()}
        elif "上班" in clause:
            worked |= days
        elif re.search("放假|补休|公休", clause):
            free |= days
    holidays = _holidays(notice, year)
    worked -= holidays
    return [DayOff(day, day not in worked) for day in sorted(free | worked)]


def _holidays(notice: str, year: int) -> set[date]:
    """The days that are given off outright; a rest day moved away from one of them does not make it a working day."""
    return {day for clause, found in _dated(_NOTE.sub("", notice), year) if "放假" in clause for _, day in found}


def _dated(text: str, year: int) -> Iterator[tuple[str, list[tuple[int, date]]]]:
    """Each clause with its days and where they stand in it; ranges are spelled out, left-out years and months carried on."""
    waiting: list[tuple[int, date]] = []
    last: date | None = None
    month = 0
    for match in _CLAUSE.finditer(text):
        clause = match[0]
        found: list[tuple[int, date]] = []
        for named in _DAY.finditer(clause):
            month = int(named["month"] or month)
            day = _nearest(named["year"], month, int(named["day"]), last or date(year, int(named["month"] or 1), 1))
            if day is None:
                continue
            if found and _TO.search(clause[: named.start()]) and day > found[-1][1]:
                first = found[-1][1]
                found += [(named.start(), first + timedelta(n)) for n in range(1, (day - first).days)]
            found.append((named.start(), day))
            last = day
        if found and not re.search("放假|补休|公休|上班|调[至到]|节假日|假日", clause):
            waiting += found
            continue
        yield clause, [(-1, day) for _, day in waiting] + found
        waiting = []


def _nearest(year: str | None, month: int, day: int, last: date) -> date | None:
    """The day meant: in the year named, else in the year that brings it nearest to the day named before."""
    if not month:
        return None
    years = [int(year)] if year else [last.year - 1, last.year, last.year + 1]
    days = [made for one in years if (made := _made(one, month, day))]
    return min(days, key=lambda one: abs((one - last).days), default=None)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
