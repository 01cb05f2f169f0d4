"""Everything that is invented of the demo city, from one seed: the same seed gives the same city on every machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random

from bihuan.academy.batches import Broken, Member, batch_members, broken_ground
from bihuan.academy.lives import GO_LIVE, LAST_YEAR, TODAY, live
from bihuan.academy.months import Months, counted, last_year, this_year, unreported
from bihuan.academy.projects import Book, Project, day_between, later
from bihuan.academy.yearly import Listing, Lists, annual_lists

SEED = 2024
POOL = 210
"""Projects that are planned, in talks or signed, beside those on the lists."""


@dataclass
class Invented:
    """The invented city before anything is recorded. `rng` goes on where making it ended."""

    rng: Random
    projects: list[Project]
    lists: Lists
    members: list[Member]
    broken: list[Broken]
    pool: list[Project]
    last_year: list[Months]
    this_year: list[Months]
    unreported: set[str]
    counted: dict[str, int]

    @cached_property
    def listed(self) -> list[Listing]:
        """This year's list."""
        return self.lists.years[TODAY.year]

    @cached_property
    def under_way(self) -> list[Project]:
        """The projects on this year's list that are being built today."""
        return [row.project for row in self.listed if row.project.state_on(TODAY)[0] in ("started", "building")]

    def enterprises(self) -> list[str]:
        """The firms whose contacts may sign in: the one with most projects on this year's list first, and the next four."""
        firms = [row.project.investor for row in self.listed]
        return sorted(set(firms), key=lambda firm: (-firms.count(firm), firm))[:5]

    def enterprise(self) -> str:
        """The firm that the sign-in page offers."""
        return self.enterprises()[0]


def invent(seed: int = SEED) -> Invented:
    """Make the city."""
    rng = Random(seed)  # noqa: S311 - the same city every time, not a secret
    book = Book(rng)
    lists = annual_lists(rng, book)
    live(rng, lists)
    broken = broken_ground(rng, lists)
    members = batch_members(rng, book, lists)
    pool = [_pooled(rng, book) for _ in range(POOL)]
    before, now = last_year(rng, lists), this_year(rng, lists)
    known = counted(rng, [*before, *now])
    for project in rng.sample([row.project for row in lists.years[TODAY.year] if row.project.began(TODAY)], 4):
        project.permitted = False
    return Invented(rng, book.projects, lists, members, broken, pool, before, now, unreported(rng, now), known)


def _pooled(rng: Random, book: Book) -> Project:
    """A project somewhere between an idea and a contract; some were registered only this year."""
    project = book.add(LAST_YEAR if rng.random() < 0.75 else TODAY.year)
    project.level, project.estimate = "储备", round(rng.lognormvariate(10.6, 0.7))
    if project.code[2:6] == str(TODAY.year):
        project.days["planned"] = day_between(rng, GO_LIVE + timedelta(days=10), TODAY - timedelta(days=6))
    else:
        project.days["planned"] = day_between(rng, date(LAST_YEAR, 1, 10), date(LAST_YEAR, 8, 30))
        if rng.random() < 0.65:
            project.days["talks"] = later(rng, project.days["planned"], 20, 100)
        if "talks" in project.days and rng.random() < 0.4:
            project.days["signed"] = min(later(rng, project.days["talks"], 20, 100), GO_LIVE - timedelta(days=3))
            project.days["talks"] = min(project.days["talks"], project.days["signed"])
    project.planned_start = later(rng, TODAY, 60, 420)
    return project


