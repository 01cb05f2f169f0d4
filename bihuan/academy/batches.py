"""Three batches (三个一批) and the ground-breaking of 2020: invented members whose totals and rates are the published ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from bihuan.academy.amounts import within
from bihuan.academy.lives import TODAY
from bihuan.academy.names import TRADES
from bihuan.academy.projects import STATES, ZONE, Book, Project, broke_ground, day_between, later, prepared
from bihuan.academy.published import ThreeBatches, figure, three_batches
from bihuan.academy.yearly import WAN, Lists

PERIODS = ("第一期", "第二期", "第三期", "第四期", "第五期", "第六期", "第七期", "第八期", "第九期", "第十期")
SIZES = (50, 58, 62, 66, 70, 74, 78, 80, 82, 79)
MAKERS = (12, 16, 20, 25, 30, 36, 43, 52, 54, 52)
"""Members of each period, and how many of them are advanced manufacturing: 24% in the first, 65% in the eighth."""

MANUFACTURING = "先进制造业"
FIRST_QUARTER = 2021 * 4 + 2
NOT_DUE = 22
"""At least so many members of the last periods are to start only after TODAY."""

BROKEN_ON = date(2020, 7, 1)


@dataclass
class Member:
    """A project of the three batches, with the days by which it should start, produce and take effect."""

    project: Project
    period: str
    batch: str
    start_due: date
    produce_due: date | None = None
    effect_due: date | None = None


@dataclass(frozen=True)
class Broken:
    """A project whose ground was broken with the others of a batch; the amount is in 万元."""

    project: Project
    amount: int


def quarter(place: int) -> tuple[date, date]:
    """The first and last day of the quarter of a period: the first is the third quarter of 2021."""
    number = FIRST_QUARTER + place
    first, following = ((date(n // 4, n % 4 * 3 + 1, 1)) for n in (number, number + 1))
    return first, following - timedelta(days=1)


def batch_members(rng: Random, book: Book, lists: Lists) -> list[Member]:
    """The members of the first ten periods. Projects of the annual lists come first, others fill a period up."""
    said = three_batches()
    assert sum(SIZES) == said.projects
    members = [member for place in range(len(PERIODS)) for member in _period(rng, book, lists, place)]
    _amounts(rng, book, members, said)
    _starts(rng, members, said.start_rate)
    _productions(rng, members, said.production_rate)
    _effects(rng, members)
    return members


def _period(rng: Random, book: Book, lists: Lists, place: int) -> Iterator[Member]:
    first, last = quarter(place)
    listed = {row.project.code: row.project for rows in lists.years.values() for row in rows}
    begun = [project for project in listed.values() if first <= project.days.get("started", date.min) <= last]
    for makers, count in ((True, MAKERS[place]), (False, SIZES[place] - MAKERS[place])):
        chosen = [project for project in begun if (project.trade.industry == MANUFACTURING) is makers][: count * 2 // 3]
        yield from (Member(project, PERIODS[place], "开工一批", last) for project in chosen)
        trades = [trade for trade in TRADES if (trade.industry == MANUFACTURING) is makers]
        for _ in range(count - len(chosen)):
            yield _filling(rng, book.add(first.year, trades), place)


def _filling(rng: Random, project: Project, place: int) -> Member:
    """A member that is on no annual list: signed, or started, in the quarter."""
    first, last = quarter(place)
    project.level = "县重点"
    if rng.random() < 0.45 or place >= len(PERIODS) - 2:
        prepared(rng, project, later(rng, day_between(rng, first, last), 20, 40))
        project.planned_start = project.days["landed"] + timedelta(days=120)
        return Member(project, PERIODS[place], "签约一批", last + timedelta(days=150))
    broke_ground(rng, project, day_between(rng, first, last))
    return Member(project, PERIODS[place], "开工一批", last)


def _amounts(rng: Random, book: Book, members: Sequence[Member], said: ThreeBatches) -> None:
    """Give the members without an estimate what is left of the published investment."""
    bare = [member.project for member in members if not member.project.estimate]
    left = said.investment // WAN - sum(member.project.estimate for member in members)
    weights = [round(rng.lognormvariate(0, 0.7), 6) for _ in bare]
    for project, amount in zip(bare, within(left, [2_000] * len(bare), [900_000] * len(bare), weights), strict=True):
        project.estimate = amount


def rated(rate: Decimal, most: int) -> tuple[int, int]:
    """The largest number up to `most`, and a part of it, whose ratio printed like `rate` (in per cent) is the published rate."""
    for whole in range(most, 0, -1):
        part = int((whole * rate / 100).quantize(Decimal(1), ROUND_HALF_UP))
        if (Decimal(part) * 100 / whole).quantize(rate, ROUND_HALF_UP) == rate:
            return whole, part
    raise ValueError(f"no share of up to {most} prints as {rate}%")


def _starts(rng: Random, members: Sequence[Member], rate: Decimal) -> None:
    """Let as many members be late with their start as the published rate says; the last signed are not due yet."""
    whole, part = rated(rate, len(members) - NOT_DUE)
    waiting = [member for member in members if "started" not in member.project.days]
    for member in waiting[len(waiting) - (len(members) - whole):]:
        member.start_due = day_between(rng, TODAY + timedelta(days=20), date(TODAY.year, 12, 20))
    due = waiting[: len(waiting) - (len(members) - whole)]
    late = set(rng.sample(range(len(due)), whole - part))
    for place, member in enumerate(due):
        if place in late:
            if rng.random() < 0.4:
                del member.project.days["landed"]
            member.start_due = min(member.start_due, date(TODAY.year, 5, 31))
        else:
            landed = member.project.days["landed"]
            broke_ground(rng, member.project, min(later(rng, landed, 20, 100), date(2023, 12, 12)) if landed < date(2023, 12, 12) else landed)
            member.start_due = max(member.project.days["started"], min(member.start_due, date(2024, 6, 28)))


def _productions(rng: Random, members: Sequence[Member], rate: Decimal) -> None:
    """Let as many members be late with production as the published rate says; produced before time, or not due, are the others."""
    for member in members:
        began = member.project.days.get("building")
        if began and member.project.level == "县重点" and (produced := later(rng, began, 240, 620)) <= date(2023, 12, 20):
            member.project.days["produced"] = produced
            if (effective := later(rng, produced, 150, 300)) <= date(2023, 12, 28):
                member.project.days["effective"] = effective
    produced_ones = [member for member in members if "produced" in member.project.days]
    whole, part = rated(rate, len(produced_ones) * 100 // 90)
    while part > len(produced_ones):
        whole, part = rated(rate, whole - 1)
    building = [member for member in members if "building" in member.project.days and "produced" not in member.project.days]
    late = {member.project.code for member in sorted(building, key=lambda member: member.project.days["building"])[: whole - part]}
    assert len(late) == whole - part
    for place, member in enumerate(produced_ones):
        produced = member.project.days["produced"]
        member.produce_due = min(later(rng, produced, 0, 60), TODAY) if place < part else day_between(rng, TODAY + timedelta(days=15), date(2024, 12, 20))
    for member in members:
        if member.project.code in late:
            member.produce_due = day_between(rng, date(2023, 11, 1), date(2024, 6, 20))
        elif "produced" not in member.project.days:
            member.produce_due = day_between(rng, date(2024, 8, 15), date(2025, 12, 20))


def _effects(rng: Random, members: Iterable[Member]) -> None:
    """All that was to have taken effect has."""
    for member in members:
        if effective := member.project.days.get("effective"):
            member.effect_due = min(later(rng, effective, 0, 40), TODAY)
        elif "produced" in member.project.days:
            member.effect_due = day_between(rng, TODAY + timedelta(days=30), date(2025, 6, 30))


def broken_ground(rng: Random, lists: Lists) -> list[Broken]:
    """The second batch ground-breaking of the development zone in 2020: so many projects, so much money, all on one day."""
    count, total = figure("F593"), figure("F600")
    assert count.number
    assert total.number
    begun = [row.project for row in lists.years[BROKEN_ON.year] if row.starts and not row.finished and row.project.county == ZONE]
    chosen = begun[: int(count.number)]
    assert len(chosen) == count.number
    for project in chosen:
        # The whole life before moves with the day; what came after starts again from it.
        move = BROKEN_ON - project.days["started"]
        project.days |= {state: project.days[state] + move for state in STATES[: STATES.index("produced")] if state in project.days}
    caps = [project.estimate for project in chosen]
    amounts = within(int(total.number * 10_000), [3_000] * len(chosen), caps, [round(rng.lognormvariate(0, 0.5), 6) for _ in chosen])
    return [Broken(project, amount) for project, amount in zip(chosen, amounts, strict=True)]
