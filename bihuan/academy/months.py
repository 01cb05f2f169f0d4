"""Investment month by month: last year's for the projects that go on, this year's plans to the last 分, and what was done so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bihuan.academy.amounts import within
from bihuan.academy.lives import LAST_YEAR, TODAY
from bihuan.academy.projects import Project
from bihuan.academy.yearly import Listing, Lists
from bihuan.foundation.grammar.quantities import split

SEASON = (3, 2, 6, 8, 9, 10, 10, 9, 11, 12, 11, 9)
"""How the work of a year falls on its months."""

PACE = {
    "华龙区": 112, "濮阳县": 108, "濮阳经济技术开发区": 105, "清丰县": 102, "新型化工基地": 97, "南乐县": 94, "范县": 89, "示范区": 92, "台前县": 71,
}  # fmt: skip
"""How many hundredths of its plans each county does: some green, some yellow, one red."""

LATE_OFFICE = "示范区"
"""The office that has not reported every project's June."""

LATE_REPORTS = 3
MONTHS_DONE = TODAY.month - 1


@dataclass(frozen=True)
class Months:
    """A project's investment in one year, January first, in 万元. What is not known (yet) is None."""

    project: Project
    year: int
    planned: tuple[int, ...]
    completed: tuple[int | None, ...]

    def figures(self, field: str) -> list[tuple[str, int]]:
        """Month (``2024-01``) and amount, of ``planned`` or ``completed``, where there is one."""
        return [(f"{self.year}-{place:02d}", amount) for place, amount in enumerate(getattr(self, field), start=1) if amount is not None]


def last_year(rng: Random, lists: Lists) -> list[Months]:
    """The months of last year of the projects that go on this year; up to November they add up to what the list says was done."""
    going_on = {row.project.code for row in lists.years[TODAY.year] if not row.starts}
    found = []
    for row in lists.years[LAST_YEAR]:
        if row.project.code in going_on:
            planned = split(row.plan, _shape(rng, _first_month(row.project, LAST_YEAR), 12))
            done = split(row.done or 0, _shape(rng, _first_month(row.project, LAST_YEAR), 11)[:11])
            december = min(done[-1] * rng.randint(60, 110) // 100, max(0, lists.left(row.project) // 20))
            lists.spent[row.project.code] += december
            found.append(Months(row.project, LAST_YEAR, tuple(planned), (*done, december)))
    return found


def this_year(rng: Random, lists: Lists) -> list[Months]:
    """The running year: every plan spread over its months, and what was done to the end of last month."""
    return [_run(rng, lists, row) for row in lists.years[TODAY.year]]


def _run(rng: Random, lists: Lists, row: Listing) -> Months:
    project, begins = row.project, 1
    if row.starts and project.planned_start:
        begins = project.planned_start.month
    produced = project.days.get("produced")
    # What finished in the year had its plan up to then; the rest of the year is planned as nothing.
    ends = produced.month if produced and produced.year == TODAY.year else 12
    planned = split(row.plan, _shape(rng, min(begins, ends), ends))
    pace = PACE[project.county] * rng.randint(82, 118)
    wished = [_done(rng, project, month, planned[month - 1], pace) for month in range(1, MONTHS_DONE + 1)]
    most = max(0, lists.left(project))
    completed = wished if sum(wished) <= most else within(most, [0] * len(wished), wished, wished)
    return Months(project, TODAY.year, tuple(planned), (*completed, *(None for _ in range(MONTHS_DONE, 12))))


def _done(rng: Random, project: Project, month: int, planned: int, pace: int) -> int:
    last_day = date(TODAY.year, month + 1, 1) - timedelta(days=1)
    if not project.began(last_day):
        return 0
    return planned * pace * rng.randint(85, 115) // 1_000_000


def _first_month(project: Project, year: int) -> int:
    started = project.days["started"]
    return started.month if started.year == year else 1


def _shape(rng: Random, first: int, last: int) -> list[int]:
    """Twelve weights, nothing before the first month and after the last."""
    return [SEASON[month - 1] * rng.randint(80, 120) if first <= month <= last else 0 for month in range(1, 13)]


def counted(rng: Random, months: list[Months]) -> dict[str, int]:
    """How many hundredths of each project's investment the statistical office has: nearly all, for a few far less."""
    codes = sorted({one.project.code for one in months})
    return {code: rng.randint(60, 80) if rng.random() < 0.05 else rng.randint(96, 104) for code in codes}


def in_statistics(city_months: list[Months], counted_of: dict[str, int], through: str) -> dict[str, int]:
    """What the statistical office has of each project through a month (``2024-05``), in 万元."""
    totals: dict[str, int] = {}
    for one in city_months:
        done = sum(amount for month, amount in one.figures("completed") if month <= through)
        totals[one.project.code] = totals.get(one.project.code, 0) + done
    return {code: total * counted_of[code] // 100 for code, total in totals.items()}


def unreported(rng: Random, months: list[Months]) -> set[str]:
    """The projects whose June is missing."""
    under_way = [one.project.code for one in months if one.year == TODAY.year and one.project.county == LATE_OFFICE
                 and one.project.state_on(TODAY)[0] in ("started", "building")]
    return set(rng.sample(under_way, min(LATE_REPORTS, len(under_way))))
