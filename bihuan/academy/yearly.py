"""The annual lists of key projects 2020–2024: invented rows whose totals are, to the last 分, what the city published.

A project that is not finished goes on to the next list; one that was to start and did not is listed to start again. Amounts are in 万元.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from bihuan.academy.amounts import within
from bihuan.academy.projects import ZONE, Book, Project
from bihuan.academy.published import Tiers, YearlyLine, yearly_lines

WAN = 1_000_000
"""分 in a 万元."""

YI = 10_000
"""万元 in an 亿元."""

MUNICIPAL_UNPUBLISHED = 20
"""How many projects of city departments a list holds for which none was published."""

IN_THE_ZONE = {2020: 16}
"""At least so many of a year's new projects lie in the development zone, which broke ground for twelve of them in one day."""

BANDS: tuple[tuple[int, int], ...] = ((5_000, YI - 1), (YI, 10 * YI - 1), (10 * YI, 20 * YI - 1), (20 * YI, 50 * YI - 1), (50 * YI, 95 * YI))
"""The size bands of the published tiers, from below 1 亿元 to 50 亿元 and more."""


@dataclass
class Listing:
    """A project in the list of one year. `done` is None where nothing was published."""

    project: Project
    year: int
    starts: bool
    municipal: bool
    plan: int = 0
    done: int | None = None
    started: bool = False
    finishes: bool = False
    finished: bool = False

    @property
    def under_way(self) -> bool:
        """Whether work was going on at the end of the year."""
        return (self.started or not self.starts) and not self.finished


@dataclass
class Lists:
    """The lists by year, and what each project had spent by now."""

    years: dict[int, list[Listing]] = field(default_factory=dict)
    spent: dict[str, int] = field(default_factory=dict)

    def left(self, project: Project) -> int:
        """What remains of a project's estimate."""
        return project.estimate - self.spent.get(project.code, 0)

    def of(self, project: Project) -> list[Listing]:
        """Every listing of a project, in order."""
        return [row for rows in self.years.values() for row in rows if row.project is project]


def annual_lists(rng: Random, book: Book) -> Lists:
    """Make the lists, and their projects with an estimate each; the days are given later."""
    lists = Lists()
    for line in yearly_lines():
        rows = _rows(rng, book, lists, line)
        lists.years[line.year] = rows
        _plans(rng, lists, rows, line)
        _results(rng, lists, rows, line)
    return lists


def _rows(rng: Random, book: Book, lists: Lists, line: YearlyLine) -> list[Listing]:
    """Who is on the list: what goes on from last year's, and new projects with the rest of the published estimate."""
    municipal = line.municipal.count if line.municipal else MUNICIPAL_UNPUBLISHED
    before = lists.years.get(line.year - 1)
    again = [row.project for row in before or [] if row.starts and not row.started]
    goes_on = line.count - line.starts_planned
    if before is None:
        rows = [Listing(book.add(line.year - rng.randint(1, 2)), line.year, starts=False, municipal=False) for _ in range(goes_on)]
    else:
        chosen = _going_on(rng, lists, before, goes_on, min(municipal // 2, municipal - sum(project.municipal for project in again)), line.tiers)
        rows = [Listing(project, line.year, starts=False, municipal=project.municipal) for project in chosen]
    rows += [Listing(project, line.year, starts=True, municipal=project.municipal) for project in again]
    rows += [
        Listing(book.add(line.year, county=ZONE if place < IN_THE_ZONE.get(line.year, 0) else ""), line.year, starts=True, municipal=False)
        for place in range(line.starts_planned - len(again))
    ]
    fresh = [row for row in rows if not row.project.estimate]
    for row in fresh[: municipal - sum(row.municipal for row in rows)]:
        row.municipal = row.project.municipal = True
    for row in rng.sample(fresh, len(fresh) // 10):
        row.project.level = "省重点"
    _estimates(rng, rows, fresh, line)
    if before is None:
        lists.spent |= {row.project.code: row.project.estimate * rng.randint(8, 40) // 100 for row in rows if not row.starts}
    return rows


def _going_on(rng: Random, lists: Lists, before: Sequence[Listing], count: int, municipal: int, tiers: Tiers | None) -> list[Project]:
    """Which of last year's projects go on: those with most left to do, not too many of one kind."""
    def left(project: Project) -> float:
        return lists.left(project) / project.estimate * rng.uniform(0.8, 1.2)

    able = sorted((row.project for row in before if row.under_way), key=left, reverse=True)
    room = [2, count, tiers.from_10 // 2, tiers.from_20 // 2, tiers.from_50 // 2] if tiers else [count] * len(BANDS)
    chosen: list[Project] = []
    for project in able:
        band = band_of(project.estimate)
        if len(chosen) < count and room[band] and (municipal or not project.municipal):
            chosen.append(project)
            room[band] -= 1
            municipal -= project.municipal
    assert len(chosen) == count, f"only {len(chosen)} of {count} projects can go on"
    return chosen


def band_of(estimate: int) -> int:
    """The place in BANDS of an estimate in 万元."""
    return sum(estimate >= low for low, _high in BANDS[1:])


def _estimates(rng: Random, rows: Sequence[Listing], fresh: Sequence[Listing], line: YearlyLine) -> None:
    """Give the new projects what is left of the year's published estimate, in the published tiers where there are any."""
    known = [row.project.estimate for row in rows if row.project.estimate]
    bands = _bands(rng, known, len(fresh), line)
    # City departments' projects are few and large; the published amounts would not fit into small ones.
    weights = [rng.lognormvariate(0, 0.9) * (1.6 if row.municipal else 1) for row in fresh]
    amounts = within(line.estimate // WAN - sum(known), [low for low, _ in bands], [high for _, high in bands], [round(w, 6) for w in weights])
    for row, amount in zip(fresh, amounts, strict=True):
        row.project.estimate = amount


def _bands(rng: Random, known: Iterable[int], count: int, line: YearlyLine) -> list[tuple[int, int]]:
    if not line.tiers:
        return [(BANDS[0][0], BANDS[-1][1])] * count
    tiers = line.tiers
    upper = [tiers.from_10, tiers.from_20, tiers.from_50]
    wanted = [line.count - tiers.from_1, tiers.from_1 - sum(upper), *upper]
    for estimate in known:
        wanted[band_of(estimate)] -= 1
    bands = [band for band, more in zip(BANDS, wanted, strict=True) for _ in range(more)]
    rng.shuffle(bands)
    return bands


def _plans(rng: Random, lists: Lists, rows: Sequence[Listing], line: YearlyLine) -> None:
    """Which projects are to finish, and each one's plan of the year."""
    def nearness(row: Listing) -> float:
        return lists.left(row.project) * rng.uniform(0.5, 1.5) * (3 if row.starts else 1)

    for row in sorted(rows, key=nearness)[: line.finishes_planned]:
        row.finishes = True
    total = line.planned // WAN
    share = _municipal_plan(line) if line.municipal else total * sum(row.municipal for row in rows) // len(rows)
    for municipal, amount in ((True, share), (False, total - share)):
        part = [row for row in rows if row.municipal is municipal]
        left = [lists.left(row.project) for row in part]
        floors = [most * (70 if row.finishes else 3) // 100 for row, most in zip(part, left, strict=True)]
        caps = [most if row.finishes else most * 8 // 10 for row, most in zip(part, left, strict=True)]
        weights = [most * rng.randint(60, 140) for most in left]
        for row, plan in zip(part, within(amount, floors, caps, weights), strict=True):
            row.plan = plan


def _municipal_plan(line: YearlyLine) -> int:
    """The plan of the municipal projects, in 万元: not published, but their done and its share of the plan are."""
    assert line.municipal
    done, share = Decimal(line.municipal.done // WAN), line.municipal.done_share
    plan = (done * 100 / share).quantize(Decimal(1), ROUND_HALF_UP)
    assert (done * 100 / plan).quantize(share, ROUND_HALF_UP) == share
    return int(plan)


def _results(rng: Random, lists: Lists, rows: Sequence[Listing], line: YearlyLine) -> None:
    """What was started, finished and spent, where that was published."""
    if line.done is None or line.started is None or line.finished is None:
        return
    starting = [row for row in rows if row.starts]
    for row in sorted(starting, key=lambda row: (row.finishes, rng.random()), reverse=True)[: line.started]:
        row.started = True
    finishing = [row for row in rows if row.under_way]
    for row in sorted(finishing, key=lambda row: (not row.finishes, lists.left(row.project)))[: line.finished]:
        row.finished = True
    of_city = line.municipal.done // WAN if line.municipal else 0
    for municipal, amount in ((True, of_city), (False, line.done // WAN - of_city)):
        part = [row for row in rows if row.municipal is municipal]
        left = [lists.left(row.project) for row in part]
        active = [row.started or not row.starts for row in part]
        floors = [most * (75 if row.finished else 1) // 100 * works for row, most, works in zip(part, left, active, strict=True)]
        caps = [most * (100 if row.finished else 92) // 100 * works for row, most, works in zip(part, left, active, strict=True)]
        weights = [row.plan * rng.randint(70, 130) for row in part]
        for row, done in zip(part, within(amount, floors, caps, weights), strict=True):
            row.done = done
            lists.spent[row.project.code] = lists.spent.get(row.project.code, 0) + done
