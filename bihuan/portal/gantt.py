"""A list over time: for each row the bar of its plan, under it the bar of what happened, and today's line through all of them.

Which fields are which the register says itself (`register.timeline`). The scale spans all rows of the list, so that every page of it is drawn alike.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.computing import lists as computed
from bihuan.foundation import access
from bihuan.foundation.grammar.registers import Timeline
from bihuan.foundation.models import Entry
from bihuan.portal import words
from bihuan.portal.lists import Listed, paging
from bihuan.portal.visits import Shaped, Visit

ROWS = 40
SCALE = "scale"
MONTH, QUARTER, YEAR = "month", "quarter", "year"
STEP = {MONTH: 1, QUARTER: 3, YEAR: 12}
WIDTH = {MONTH: 46, QUARTER: 64, YEAR: 110}
"""How wide one step of the scale is drawn, in pixels."""

MOST_MONTHS, MOST_QUARTERS = 24, 100
"""Beyond so many months the scale is in quarters, beyond so many in years, where nobody chose."""

LEAST_STEPS = 6

FAR = timedelta(days=366 * 15)
"""A day further from today than this is a slip of the pen: it is drawn at the edge."""


@dataclass(frozen=True)
class Axis:
    """The days a chart spans, from the first of a month to the last of one, in steps of so many months."""

    first: date
    last: date
    step: int

    def at(self, day: date) -> float:
        """Where a day lies, in per cent of the width; days beyond an end lie at it."""
        days = (min(max(day, self.first), self.last) - self.first).days
        return round(100 * days / max(1, (self.last - self.first).days), 3)

    def ticks(self) -> Iterator[Shaped]:
        """The beginning of each step, with its label: the year, and in it the quarter or month."""
        day = self.first
        while day < self.last:
            text = f"{day.year}" if self.step == STEP[YEAR] else f"{day.year}.{day.month:02}"
            yield {"at": self.at(day), "text": text, "new_year": day.month == 1}
            day = _months_on(day, self.step)


def gantt(one: Listed) -> Shaped:
    """The rows of a page as bars on one axis."""
    visit, line = one.visit, one.view.shape.timeline
    assert line is not None
    fields = list(dict.fromkeys([*line.plan, *line.actual, *line.marks]))
    least, most = computed.bounds(one.tables, one.view, one.query.asked(), access.visible(visit.actor, one.view), visit.day, fields)
    axis = axis_of(least, most, visit.day, one.query.given.get(SCALE, ""))
    lines = one.lines()[0]
    first = (one.page.page - 1) * one.size + 1
    ticks = list(axis.ticks())
    scale = next(name for name, step in STEP.items() if step == axis.step)
    return {
        "ticks": ticks, "today": axis.at(visit.day), "day": visit.day, "width": len(ticks) * WIDTH[scale],
        "lines": [_line(visit, one, entry, axis) for entry in lines],
        "scales": [{"title": title, "href": one.query.href({SCALE: [name]}), "current": name == scale} for name, title in _scales()],
        "page": {"first": first if lines else 0, "last": first - 1 + len(lines), **paging(one.query, one.page)},
    }  # fmt: skip


def _scales() -> list[tuple[str, str]]:
    return [(MONTH, _("月")), (QUARTER, _("季")), (YEAR, _("年"))]


def axis_of(least: date | None, most: date | None, today: date, scale: str) -> Axis:
    """The axis that holds all the days of a list and today."""
    days = [day for day in (least, most, today) if day]
    first, last = max(min(days), today - FAR), min(max(days), today + FAR)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    chosen = scale if scale in STEP else MONTH if months <= MOST_MONTHS else QUARTER if months <= MOST_QUARTERS else YEAR
    step = STEP[chosen]
    begin = date(first.year, (first.month - 1) // step * step + 1, 1)
    end = _months_on(begin, step * LEAST_STEPS)
    while end <= last:
        end = _months_on(end, step)
    return Axis(begin, end, step)


def _months_on(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def _line(visit: Visit, one: Listed, entry: Entry, axis: Axis) -> Shaped:
    """One row: its bars, its single days, and how what happened stands to the plan, in words."""
    line = one.view.shape.timeline
    assert line is not None
    plan, actual = _days(entry, line.plan), _days(entry, line.actual)
    late, words = against(plan, actual, len(line.actual), visit.day)
    begun = bool(actual and actual[0])
    until = actual[-1] if len(actual) == 2 and actual[-1] else visit.day if begun and len(line.actual) == 2 else actual[0] if begun else None
    marks = [{"at": axis.at(day), "text": f"{visit.title(one.view.shape.fields[name])} {day}"} for name in line.marks for day in _days(entry, [name]) if day]
    return {
        "title": entry.title or entry.key, "key": entry.key, "href": reverse("row", args=[entry.pk]), "late": late, "words": words, "marks": marks,
        "plan": _bar(axis, plan[0] if plan else None, plan[-1] if plan else None),
        "actual": _bar(axis, actual[0] if begun else None, until), "going_on": begun and len(line.actual) == 2 and not actual[-1],
        "said": _said(visit, one, entry, line),
    }  # fmt: skip


def _days(entry: Entry, fields: Sequence[str]) -> list[date | None]:
    return [date.fromisoformat(str(value)) if (value := entry.data.get(name)) else None for name in fields]


def _bar(axis: Axis, first: date | None, last: date | None) -> Shaped | None:
    """A bar from day to day; a single day is as wide as one."""
    if first is None and last is None:
        return None
    begin, end = first or last, last or first
    assert begin is not None
    assert end is not None
    at, until = axis.at(min(begin, end)), axis.at(max(begin, end))
    return {"from": at, "span": round(until - at, 3), "single": begin == end}


def against(plan: Sequence[date | None], actual: Sequence[date | None], ends: int, today: date) -> tuple[bool, str]:
    """Whether a row is late against its plan, and how it stands in words. `ends`: how many days of what happened a register knows."""
    planned = plan[-1] if plan else None
    begun = actual[0] if actual else None
    ended = actual[-1] if ends and len(actual) == ends else None
    if planned is None:
        return False, _("没有计划") if begun is None else ""
    if ended:
        days = (ended - planned).days
        if days > 0:
            return True, ngettext("晚 %(n)s 天", "晚 %(n)s 天", days) % {"n": days}
        return False, _("按期") if days == 0 else ngettext("提前 %(n)s 天", "提前 %(n)s 天", -days) % {"n": -days}
    if today > planned:
        days = (today - planned).days
        return True, ngettext("逾期 %(n)s 天未完", "逾期 %(n)s 天未完", days) % {"n": days}
    if begun is None and len(plan) == 2 and plan[0] and today > plan[0]:
        days = (today - plan[0]).days
        return True, ngettext("应开始 %(n)s 天", "应开始 %(n)s 天", days) % {"n": days}
    return False, _("进行中") if begun else _("未到期")


def _said(visit: Visit, one: Listed, entry: Entry, line: Timeline) -> str:
    """Every day of the row in words, for those who do not see the bars."""
    fields = one.view.shape.fields
    names = dict.fromkeys([*line.plan, *line.actual, *line.marks])
    return words.clauses(f"{visit.title(fields[name])} {entry.data[name]}" for name in names if entry.data.get(name)) or _("没有日期")
