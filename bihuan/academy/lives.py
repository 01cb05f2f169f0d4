"""The days of every listed project's life, in keeping with the lists it stood on."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from bihuan.academy.projects import Project, broke_ground, day_between, later, prepared
from bihuan.academy.yearly import Listing, Lists

TODAY = date(2024, 7, 10)
"""The day on which the demo city stands."""

GO_LIVE = date(2024, 1, 2)
"""The day the city began to work with Bihuan: what happened before came in as history, what happened since was recorded as it happened."""

FIRST_SWEEP = date(2024, 6, 30)
"""The first day that is judged; from here the city is followed day by day, and handoffs start what they start."""

LAST_YEAR = GO_LIVE.year - 1
STARTED_SINCE, FINISHED_SINCE = 0.6, 0.36
"""Which part of what is to start, and to finish, in the running year has done so by TODAY."""


def live(rng: Random, lists: Lists) -> None:
    """Give every project on the lists its days, up to TODAY."""
    rows: dict[str, list[Listing]] = defaultdict(list)
    for listed in lists.years.values():
        for row in listed:
            rows[row.project.code].append(row)
    for standing in rows.values():
        _live_one(rng, standing)


def _live_one(rng: Random, rows: list[Listing]) -> None:
    project, last = rows[0].project, rows[-1]
    for row in rows:
        if row.starts and row.started:
            broke_ground(rng, project, _start_day(rng, row, last))
    if not rows[0].starts:
        year = int(project.code[2:6])
        broke_ground(rng, project, day_between(rng, date(year, 2, 1), date(year, 11, 30)))
    if last.finished:
        _finished(rng, project, date(last.year, 4, 1), date(last.year, 11, 28))
    elif last.year == TODAY.year:
        _run_this_year(rng, last)
    else:
        _left_the_lists(rng, project, last.year)
    if project.planned_finish is None:
        near = later(rng, date(last.year, 12, 31), -170, 0) if last.finishes else later(rng, date(last.year, 12, 31), 120, 700)
        project.planned_finish = project.days.get("produced", near)


def _start_day(rng: Random, row: Listing, last: Listing) -> date:
    """Early in the year for what was soon done, any time otherwise."""
    soon_done = row is last and row.year < TODAY.year
    return day_between(rng, date(row.year, 1, 10), date(row.year, 3, 20) if soon_done else date(row.year, 11, 15))


def _finished(rng: Random, project: Project, first: date, latest: date) -> None:
    earliest = max(first, project.days["building"] + timedelta(days=25))
    produced = day_between(rng, earliest, max(earliest, latest))
    project.days["produced"] = produced
    effective = later(rng, produced, 150, 400)
    if effective <= TODAY:
        project.days["effective"] = effective


def _left_the_lists(rng: Random, project: Project, year: int) -> None:
    """A project that was nearly done left the list and went into production soon after."""
    first, latest = (date(year, 12, 1), date(year, 12, 30)) if year == LAST_YEAR else (date(year + 1, 1, 10), date(year + 1, 6, 20))
    _finished(rng, project, first, latest)


def _run_this_year(rng: Random, row: Listing) -> None:
    """What has happened this year: some have started, some have finished, some are late."""
    project = row.project
    if row.starts:
        prepared(rng, project, day_between(rng, date(LAST_YEAR, 9, 1), date(LAST_YEAR, 12, 20)))
        if rng.random() < STARTED_SINCE:
            project.planned_start = day_between(rng, date(TODAY.year, 1, 20), TODAY - timedelta(days=8))
            broke_ground(rng, project, min(later(rng, project.planned_start, -5, 12), TODAY - timedelta(days=5)))
        elif rng.random() < 0.25:  # not landed yet, and so not about to start
            del project.days["landed"]
            project.planned_start = day_between(rng, date(TODAY.year, 5, 1), date(TODAY.year, 11, 20))
        else:
            if rng.random() < 0.65:
                project.days["landed"] = day_between(rng, GO_LIVE + timedelta(days=18), TODAY - timedelta(days=15))
            project.planned_start = day_between(rng, TODAY - timedelta(days=35), date(TODAY.year, 11, 20))
    elif row.finishes and rng.random() < FINISHED_SINCE:
        _finished(rng, project, date(TODAY.year, 2, 20), TODAY - timedelta(days=4))
    project.days = {state: day for state, day in project.days.items() if day <= TODAY}
