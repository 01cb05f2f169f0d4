"""Further invented projects, for trying the city at size: they stand beside the ones that add up to the published totals, and say so.

`bihuan demo --projects 100000` asks for them. They are numbered after the city's own, carry the same marks of invention, report this
year's months like any project, and are judged in the last sweep. The published totals hold without them only.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from bihuan.academy.diary import PROJECTS, Diary, moment, person
from bihuan.academy.lives import LAST_YEAR, TODAY
from bihuan.academy.months import MONTHS_DONE, PACE, Months
from bihuan.academy.names import TRADES, Names
from bihuan.academy.people import OFFICER
from bihuan.academy.projects import AREAS, Project, broke_ground, day_between, later, prepared
from bihuan.foundation.actions import FigureGiven, Past, Source, record_figures, record_past

MADE_UP = Source(reason="演示数据：为试规模而加的项目，不计入公布合计")
AT_ONCE = 2_000
"""Projects in one entry of the ledger."""

FIRST_NUMBER = 10_000
"""They are numbered from here: the city's own have four digits."""


def write(diary: Diary, count: int, seed: int) -> None:
    """Write so many further projects into the diary, on the evening before TODAY, so that TODAY's sweep judges them; none where `count` is 0."""
    made = further(count, seed)
    while part := [project for _place, project in zip(range(AT_ONCE), made, strict=False)]:
        diary.note("further", moment(TODAY - timedelta(days=1), 21), partial(_bring, part))


def further(count: int, seed: int) -> Iterator[Project]:
    """The projects, the same for the same seed; a longer list begins with the shorter one."""
    rng = Random(f"{seed} further")  # noqa: S311 - the same city every time, not a secret
    names, weights = Names(rng), list(AREAS.values())
    trade_weights = [trade.weight for trade in TRADES]
    for number in range(FIRST_NUMBER, FIRST_NUMBER + count):
        trade = rng.choices(TRADES, trade_weights)[0]
        county = rng.choices(list(AREAS), weights)[0]
        work = rng.choice(trade.works).format(word=names.word(), n=rng.choice((2, 3, 5, 6, 8, 10, 12, 15, 20)))
        firm = names.firm(trade)
        name = f"{firm.partition('有限公司')[0]}{work}（{number}号）"
        project = Project(f"P-{LAST_YEAR}-{number}", name, county, trade, firm)
        project.level, project.estimate = "县重点", round(rng.lognormvariate(10.2, 0.8))
        _live(rng, project)
        yield project


def _live(rng: Random, project: Project) -> None:
    """Two in three are being built, some are in production, some have only landed."""
    fate = rng.random()
    if fate < 0.8:
        broke_ground(rng, project, day_between(rng, date(LAST_YEAR, 3, 1), date(TODAY.year, 5, 20)))
        project.planned_finish = later(rng, TODAY, 30, 500)
    else:
        prepared(rng, project, day_between(rng, date(LAST_YEAR, 9, 1), TODAY - timedelta(days=10)))
        project.planned_start = later(rng, TODAY, -25, 200)
        project.planned_finish = later(rng, project.planned_start, 300, 800)
    if fate < 0.12:
        project.days["produced"] = max(later(rng, TODAY, -200, -5), project.days["building"] + timedelta(days=1))
        project.planned_finish = project.days["produced"]


def months_of(project: Project) -> Months:
    """Its investment of this year: an even plan, done at the pace of its county and of the project itself."""
    rng = Random(project.code)  # noqa: S311 - the same figures every time
    plan = project.estimate // 30
    pace = PACE[project.county] * rng.randint(82, 118)
    begun = [project.began(date(TODAY.year, month, 28)) for month in range(1, MONTHS_DONE + 1)]
    done = [plan * pace * rng.randint(85, 115) // 1_000_000 if began else 0 for began in begun]
    return Months(project, TODAY.year, (*(plan if began else 0 for began in begun), *([plan] * (12 - MONTHS_DONE))), tuple(done))


def _bring(projects: list[Project], at: datetime) -> None:
    record_past(person(OFFICER), PROJECTS, [Past(project.row(TODAY), *project.state_on(TODAY)) for project in projects], at, MADE_UP)
    given = [
        FigureGiven(project.code, field, month, amount)
        for project in projects
        for field in ("planned", "completed")
        for month, amount in months_of(project).figures(field)
    ]
    record_figures(person(OFFICER), PROJECTS, given, at, MADE_UP)
