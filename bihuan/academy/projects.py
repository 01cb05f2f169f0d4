"""Invented projects: what they are, and the dated life each has led."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from bihuan.academy.names import TRADES, Names, Trade

AREAS: dict[str, int] = {
    "濮阳县": 17, "清丰县": 13, "南乐县": 12, "范县": 13, "台前县": 9, "华龙区": 12, "濮阳经济技术开发区": 15, "示范区": 6, "新型化工基地": 5,
}  # fmt: skip
"""Where projects lie, and how many of a hundred."""

SITES: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "濮阳县": (("115.02", "115.32", "35.52", "35.70"), ("115.00", "115.22", "35.44", "35.48")),
    "清丰县": (("115.07", "115.30", "35.84", "35.96"), ("114.99", "115.04", "35.88", "36.02")),
    "南乐县": (("115.07", "115.24", "36.06", "36.16"), ("115.27", "115.42", "36.03", "36.08")),
    "范县": (("115.49", "115.66", "35.77", "35.87"), ("115.38", "115.45", "35.71", "35.77")),
    "台前县": (("115.73", "115.85", "35.88", "35.95"), ("115.82", "116.02", "35.985", "36.01")),
    "华龙区": (("114.96", "115.03", "35.76", "35.83"), ("115.07", "115.20", "35.772", "35.788")),
    "濮阳经济技术开发区": (("114.925", "114.955", "35.66", "35.72"),), "示范区": (("115.08", "115.14", "35.71", "35.74"),),
    "新型化工基地": (("114.925", "114.955", "35.63", "35.66"),),
}  # fmt: skip
"""Stretches of land, west, east, south and north in degrees, coarse enough to be anybody's knowledge: invented sites lie within them."""

ZONE = "濮阳经济技术开发区"

DEPARTMENTS: dict[str, str] = {
    "战略性新兴产业": "市工业和信息化局", "先进制造业": "市工业和信息化局", "城镇基础设施": "城管部门", "社会民生": "市发展和改革委员会",
    "农林水利": "商务、环保、乡村振兴部门", "生态环保": "商务、环保、乡村振兴部门", "现代服务业": "商务、环保、乡村振兴部门",
    "能源": "市发展和改革委员会", "交通": "市发展和改革委员会",
}  # fmt: skip

STATES = ("planned", "talks", "signed", "landed", "started", "building", "produced", "effective")
"""The states a project goes through, in order; `removed` may follow any before `produced`."""

DATED = {state: f"{state}_on" for state in (*STATES[1:], "removed")}
"""The field that holds the day each state was entered."""


@dataclass
class Project:
    """A project that does not exist. `estimate` is in 万元; `days` says when it entered each state."""

    code: str
    name: str
    county: str
    trade: Trade
    investor: str
    municipal: bool = False
    level: str = "市重点"
    estimate: int = 0
    days: dict[str, date] = field(default_factory=dict)
    planned_start: date | None = None
    planned_finish: date | None = None
    permitted: bool = True

    def state_on(self, day: date) -> tuple[str, date]:
        """The state it was in at the end of a day, and since when."""
        entered = [(state, on) for state in (*STATES, "removed") if (on := self.days.get(state)) and on <= day]
        return entered[-1] if entered else ("planned", day)

    def began(self, day: date) -> bool:
        """Whether it had broken ground by then."""
        return "started" in self.days and self.days["started"] <= day

    def site(self) -> dict[str, str]:
        """Where it would stand: a point that follows from its code alone. Plans have no site yet, nor has one project in twenty."""
        rng = Random(self.code)  # noqa: S311 - the same site every time, not a secret
        if "landed" not in self.days or rng.random() < 0.05:
            return {}
        west, east, south, north = map(Decimal, rng.choice(SITES[self.county]))
        across, up = (Decimal(rng.randrange(1000)) / 1000 for _ in range(2))
        return {"longitude": f"{west + (east - west) * across:.5f}", "latitude": f"{south + (north - south) * up:.5f}"}

    def row(self, day: date) -> dict[str, object]:
        """Its row of the register of major projects, as known on a day."""
        on = {DATED[state]: known.isoformat() for state, known in self.days.items() if state in DATED and known <= day}
        permits = {}
        if "landed_on" in on:
            permits["land_permit"] = f"演地〔{on['landed_on'][:4]}〕{self.code[-4:]}号"
        if "started_on" in on and self.permitted:
            number = f"{on['started_on'][:4]}〕{self.code[-4:]}号"
            permits |= {"planning_permit": f"演规〔{number}", "building_permit": f"演建〔{number}"}
        return {
            "code": self.code, "name": self.name, "county": self.county, "investor": self.investor, "level": self.level,
            "industry": self.trade.industry, "cluster": self.trade.cluster, "manufacturing": self.trade.manufacturing,
            "new_kind": self.trade.new_kind, "municipal": self.municipal, "estimate": self.estimate,
            "department": DEPARTMENTS[self.trade.industry] if self.municipal else None,
            "planned_start": self.planned_start, "planned_finish": self.planned_finish,
            **(self.site() if "landed_on" in on else {}), "invented": True, **on, **permits,
        }  # fmt: skip


class Book:
    """All invented projects, numbered year by year."""

    def __init__(self, rng: Random) -> None:
        self.projects: list[Project] = []
        self._rng = rng
        self._names = Names(rng)
        self._numbers: Counter[int] = Counter()
        self._firms: dict[Trade, list[str]] = {}

    def add(self, year: int, trades: Sequence[Trade] = TRADES, county: str = "") -> Project:
        """A new project, first registered in that year, of one of these trades."""
        rng = self._rng
        trade = rng.choices(trades, [trade.weight for trade in trades])[0]
        county = county or rng.choices(list(AREAS), list(AREAS.values()))[0]
        self._numbers[year] += 1
        firm = self._firm(trade)
        project = Project(f"P-{year}-{self._numbers[year]:04d}", self._names.project(trade, firm, county), county, trade, firm)
        self.projects.append(project)
        return project

    def _firm(self, trade: Trade) -> str:
        """A new firm, or now and then one that has a project already."""
        firms = self._firms.setdefault(trade, [])
        if not firms or self._rng.random() < 0.75:
            firms.append(self._names.firm(trade))
            return firms[-1]
        return self._rng.choice(firms)


def day_between(rng: Random, first: date, last: date) -> date:
    """A day from the first to the last, both included."""
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))


def later(rng: Random, day: date, least: int, most: int) -> date:
    """A day so many days later (or, with negative numbers, earlier)."""
    return day + timedelta(days=rng.randint(least, most))


def prepared(rng: Random, project: Project, landed: date) -> None:
    """Give a project the days of the states up to landing."""
    signed = later(rng, landed, -150, -30)
    talks = later(rng, signed, -160, -30)
    project.days |= {"planned": later(rng, talks, -160, -20), "talks": talks, "signed": signed, "landed": landed}


def broke_ground(rng: Random, project: Project, started: date) -> None:
    """Give a project the days of the states up to construction, the landing included where it has none."""
    if "landed" not in project.days:
        prepared(rng, project, later(rng, started, -90, -20))
    project.days |= {"started": started, "building": later(rng, started, 10, 30)}
    project.planned_start = project.planned_start or later(rng, started, -20, 5)
