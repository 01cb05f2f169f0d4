"""Land and energy of the invented city: what projects ask for, what the province issued, one allocation that counts and one that waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from bihuan.academy.diary import Diary, Values, moment, person
from bihuan.academy.invented import Invented
from bihuan.academy.lives import GO_LIVE, TODAY
from bihuan.academy.people import COLLEAGUE, LEADER, OFFICER, SUPERVISOR
from bihuan.academy.projects import Project
from bihuan.computing import allocations
from bihuan.foundation.actions import Incoming, PostingGiven, Source, post_quota, record_entries, review_allocation

LAND, ENERGY = "factors.land", "factors.energy"
MOST = 14
"""So many projects ask for land, and so many for energy."""

INVENTED = Source(reason="演示数据：随演示城市生成的要素需求")
KINDS = ("工业", "工业", "基础设施", "商服", "公共服务")
KEY = ("省重点", "市重点")
COUNTY_LAND, CITY_LAND, ENERGY_TOTAL = 260, 600, 80_000
"""亩 issued to each county and to the city; 吨标准煤 set for the year."""


def write(diary: Diary, city: Invented) -> None:
    """Write the requests, the postings and the two allocations into the diary."""
    rng = Random("land and energy of the demo city")  # noqa: S311 - the same requests every time, not a secret
    known = [project for project in city.projects if project.days["planned"] <= GO_LIVE]
    key, others = ([project for project in known if (project.level in KEY) is chosen] for chosen in (True, False))
    half = MOST // 2
    land = [_land(rng, project, number) for number, project in enumerate(key[-half:] + others[-half:], start=1)]
    energy = [_energy(rng, project, number) for number, project in enumerate(key[-2 * half : -half] + others[-2 * half : -half], start=1)]
    first = moment(GO_LIVE, 14)
    for register, rows in ((LAND, land), (ENERGY, energy)):
        diary.note("factors", moment(TODAY - timedelta(days=12), 14), partial(_bring, register, rows))
    counties = sorted({str(row["county"]) for row in land})
    accounts = {**{f"county/{county}": f"{COUNTY_LAND}亩" for county in counties}, "city": f"{CITY_LAND}亩"}
    for account, amount in accounts.items():
        diary.note("factors", first, partial(_issue, LAND, "land", PostingGiven("province", account, amount, "演示文件：年度用地计划指标")))
    energy_issued = PostingGiven("province", "city", f"{ENERGY_TOTAL}吨标准煤", "演示文件：年度能耗指标")
    diary.note("factors", first, partial(_issue, ENERGY, "energy", energy_issued))
    diary.note("factors", moment(TODAY - timedelta(days=6), 15), _counts)
    diary.note("factors", moment(TODAY - timedelta(days=1), 15), _waits)


def _land(rng: Random, project: Project, number: int) -> Values:
    area = rng.randint(30, 320)
    farmland = rng.choice((0, 0, area // 4))
    return {
        "code": f"YD-{TODAY.year}-{number:04d}", "project": project.code, "matter": f"{project.name}用地", "county": project.county,
        "land_kind": rng.choice(KINDS), "area": area, "farmland": farmland, "balanced": farmland if rng.random() < 0.7 else 0,
        "needed_on": _day(rng), "strong_pull": rng.choice(("是", "否", "否")), "channel": rng.choice(("是", "否", "否")),
    }  # fmt: skip


def _energy(rng: Random, project: Project, number: int) -> Values:
    row = {
        "code": f"YN-{TODAY.year}-{number:04d}", "project": project.code, "matter": f"{project.name}用能", "county": project.county,
        "yearly": rng.randint(2, 40) * 500, "needed_on": _day(rng),
    }  # fmt: skip
    # One in seven has not passed its energy review yet.
    return row | ({"review": f"演示能评〔{TODAY.year}〕{number}号"} if rng.random() > 1 / 7 else {})


def _day(rng: Random) -> str:
    day: date = TODAY + timedelta(days=rng.randint(-20, 150))
    return day.isoformat()


def _bring(register: str, rows: Sequence[Values], at: datetime) -> None:
    record_entries(person(OFFICER), register, [Incoming(row) for row in rows], at, INVENTED)


def _issue(register: str, quota: str, given: PostingGiven, at: datetime) -> None:
    post_quota(person(SUPERVISOR), register, quota, given, at)


def _counts(at: datetime) -> None:
    """The land is allocated: drafted, reviewed, confirmed by three people."""
    draft = allocations.computed(LAND, "land", at.date())
    number = allocations.keep(person(OFFICER), draft, at).pk
    review_allocation(person(COLLEAGUE), number, at)
    allocations.confirm(person(LEADER), number, at)


def _waits(at: datetime) -> None:
    """The energy is drafted, and waits for its review."""
    allocations.keep(person(OFFICER), allocations.computed(ENERGY, "energy", at.date()), at)
