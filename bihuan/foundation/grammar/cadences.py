"""``cadences`` and ``exchanges``: who owes what when, and the sheets it comes in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bihuan.foundation.grammar import periods, workdays
from bihuan.foundation.grammar.periods import Period
from bihuan.foundation.grammar.registers import PeriodKind
from bihuan.foundation.grammar.shape import Key, Shape, Span, Words, YesNo, refused, said
from bihuan.foundation.grammar.workdays import Calendar


class MetBy(Shape):
    """What fulfils the duty of a period: figures entered, a row recorded, a row changed, a move made or a document issued."""

    figures: Words = said("须填报的按期数值", "the figures that must be there", "[completed]", [])
    register_: str = said("该期内须在此台账新增一行", "a row of this register dated in the period", "visits", "")
    by: str = said("该台账中指向本行的字段", "the field there that refers to this row", "project", "")
    dated: str = said("该台账中判断属于哪一期的日期或期别字段", "the field that says which period it belongs to", "visited_on", "")
    where: str = said("该台账中算数的行（公式）", "the rows there that count", "类型 = '例会'", "")
    updated: YesNo = said("该期内本行须有更新", "the row must have been changed in the period", "yes", False)
    document: str = said("该期须印发的文书", "a document that must be issued", "bulletin", "")

    @model_validator(mode="after")
    def _one_way(self) -> MetBy:
        ways = [bool(self.figures), bool(self.register_), self.updated, bool(self.document)]
        if sum(ways) != 1:
            raise refused(
                "met_by 须且只须写明一种：figures、register、updated 或 document", "met_by needs exactly one of figures, register, updated, document"
            )
        return self


class Cadence(Shape):
    """A duty that comes back every period."""

    title: str = said("节律名称", "its name", "月度更新")
    title_en: str = said("英文名称", "its English name", "monthly update", "")
    every: PeriodKind = said("周期", "the period", "month")
    months: list[Annotated[int, Field(ge=1, le=12)]] = said("只在这些月份（集中活动）", "only in these months (a campaign)", "[7, 8, 9]", [])
    owes: Literal["entry", "office", "city"] = said("谁应报：每行、每个单位，或全市一次", "who owes it", "entry", "entry")
    offices: Words = said("应报单位的类型（owes 为 office 时）", "the kinds of office that owe it", "[county]", [])
    where: str = said("适用条件（公式）", "the rows it applies to", "状态 = '在建'", "")
    due: Span = said("期末后多久截止；0 calendar_days 为期末当日", "how long after the period's end", "5 calendar_days")
    grace: Span = said("宽限", "the grace after it", "1 working_days", "")
    met_by: MetBy = said("何为完成", "what fulfils it", "{figures: [completed]}")
    freeze: YesNo = said("到期后该期数值冻结，只能更正", "figures freeze at the due day", "yes", False)
    basis: str = said("依据", "the clause it rests on", "第三条", "")


class Exchange(Shape):
    """A sheet that comes in or goes out; what is exported can be imported again."""

    title: str = said("表名", "its name", "月度投资报表")
    title_en: str = said("英文名称", "its English name", "monthly investment sheet", "")
    of: Literal["rows", "figures"] = said("登记行，还是按期数值", "rows, or figures by period", "figures")
    columns: Words = said("列，按顺序", "its columns in order", "[code, name, planned, completed]")


Cadences = dict[Key, Cadence]
Exchanges = dict[Key, Exchange]


@dataclass(frozen=True, slots=True)
class Obligation:
    """What one period asks: it may be met from ``opens`` on, is due on ``due``, and is missed once ``grace_ends`` has passed."""

    period: Period
    opens: date
    due: date
    grace_ends: date
    calendar: str

    def standing(self, day: date, met_on: date | None = None) -> Literal["open", "met", "late", "missed"]:
        """How it stands on a day: met in time, met late, missed so far, or still open."""
        if met_on is not None and met_on <= day:
            return "met" if met_on <= self.grace_ends else "late"
        return "missed" if day > self.grace_ends else "open"


def obligation(cadence: Cadence, period: Period, calendar: Calendar) -> Obligation | None:
    """What ``cadence`` asks for ``period``; None in the months a campaign leaves out.

    The due day is counted from the period's last day, which is day 0. Raises workdays.BeyondCalendar past the last holiday table.
    """
    if cadence.months and period.last.month not in cadence.months:
        return None
    due = _after(period.last, cadence.due, calendar)
    return Obligation(period, period.first, due, _after(due, cadence.grace, calendar) if cadence.grace else due, calendar.version)


def running(cadence: Cadence, day: date, calendar: Calendar) -> Obligation | None:
    """The obligation of the period that holds ``day``, or None."""
    return obligation(cadence, periods.of(cadence.every, day), calendar)


def unsettled(cadence: Cadence, day: date, calendar: Calendar, *, back: int = 12) -> tuple[Obligation, ...]:
    """The obligations that may stand open on ``day``: the running one and those of the ``back`` periods before it, oldest first."""
    period, found = periods.of(cadence.every, day), []
    for _ in range(back + 1):
        asked = obligation(cadence, period, calendar)
        if asked is not None:
            found.append(asked)
        period = period.previous()
    return tuple(reversed(found))


def frozen(cadence: Cadence, period: Period, day: date, calendar: Calendar) -> bool:
    """Whether the figures of ``period`` may on ``day`` only be corrected, with a reason: the cadence freezes them after the due day."""
    asked = obligation(cadence, period, calendar) if cadence.freeze else None
    return asked is not None and day > asked.grace_ends


def _after(day: date, span: str, calendar: Calendar) -> date:
    parsed = workdays.Span.parse(span)
    return calendar.add(day, parsed.count, parsed.unit)
