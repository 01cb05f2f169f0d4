"""Lists: filters that compose, counts for the chips, sorting and pages, in the same number of queries however many rows there are."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.computing import boards, follow
from bihuan.computing.boards import Asked
from bihuan.computing.scoring import told_apart
from bihuan.computing.standing import standing_lights
from bihuan.foundation.access import SYSTEM, Scope
from bihuan.foundation.actions import HandSet, override
from bihuan.foundation.grammar.refusals import Refused
from tests.computing import small
from tests.computing.conftest import DAY
from tests.computing.small import WORKS_REGISTER, meeting, report, work

ALL = Scope(WORKS_REGISTER, everything=True)


@pytest.fixture
def works(city: datetime) -> datetime:
    work("W-1", city, estimate="12000")
    work("W-2", city, county="乙县", estimate="8000", industry="交通")
    work("W-3", city, estimate="20000")
    report("W-1", city)
    report("W-3", city, [960] * 6)
    meeting("M-1", "W-2", city)
    follow.catch_up(city)
    return city


def listed(asked: Asked, scope: Scope = ALL) -> list[str]:
    columns = boards.current(DAY)
    page = boards.list_entries(columns, columns.catalogue.registers[WORKS_REGISTER], asked, scope, DAY)
    return [line.key for line in page.lines]


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        (Asked(), ["W-1", "W-2", "W-3"]),
        (Asked(text="w-2"), ["W-2"]),
        (Asked(text="工程 3"), ["W-3"]),
        (Asked(choices={"industry": ["交通"]}), ["W-2"]),
        (Asked(ranges={"estimate": (10_000_000_000, None)}), ["W-1", "W-3"]),
        (Asked(ranges={"estimate": (None, 12_000_000_000), "planned_start": ("2025-01-01", "2025-12-31")}), ["W-1", "W-2"]),
        (Asked(states=["谋划"]), ["W-1", "W-2", "W-3"]),
        (Asked(states=["在建"]), []),
        (Asked(colours={"works.progress": ["red"]}), ["W-1"]),
        (Asked(colours={"works.progress": ["green", "grey"], "works.plate": ["red"]}), ["W-2"]),
        (Asked(office="乙县"), ["W-2"]),
        (Asked(office="小城市"), ["W-1", "W-2", "W-3"]),
        (Asked(formula="概算投资 >= 1亿元 且 投资进度 < 80%"), ["W-1"]),
        (Asked(sort=[("estimate", True)]), ["W-3", "W-1", "W-2"]),
        (Asked(sort=[("progress", False)]), ["W-1", "W-3", "W-2"]),
        (Asked(sort=[("_office", False), ("_key", True)]), ["W-2", "W-3", "W-1"]),
        (Asked(sort=[("_key", False)], page=2, size=2), ["W-3"]),
        (Asked(gravest=["works.progress"], sort=[("_key", False)]), ["W-1", "W-2", "W-3"]),
        (Asked(gravest=["works.plate"], sort=[("_key", True)]), ["W-2", "W-3", "W-1"]),
        (Asked(gravest=["works.plate", "works.progress"], colours={"works.progress": ["green", "red", "grey"]}, sort=[("_key", True)]), ["W-2", "W-1", "W-3"]),
        (Asked(gravest=["works.plate", "works.progress"], sort=[("_key", False)]), ["W-1", "W-2", "W-3"]),
        (Asked(page=9), []),
    ],
)
def test_filters_compose_and_sorts_order(works: datetime, asked: Asked, keys: list[str]) -> None:
    assert listed(asked) == keys


def test_what_is_not_in_scope_is_not_listed(works: datetime) -> None:
    assert listed(Asked(), Scope(WORKS_REGISTER, offices=frozenset({"乙县"}))) == ["W-2"]
    assert listed(Asked(), Scope(WORKS_REGISTER)) == []


def test_a_column_that_is_not_there_is_refused(works: datetime) -> None:
    with pytest.raises(Refused, match="没有“_id; DROP”这一列"):
        listed(Asked(sort=[("_id; DROP", False)]))


def test_chips_count_states_and_colours_before_those_two_filters(works: datetime) -> None:
    columns = boards.current(DAY)
    view = columns.catalogue.registers[WORKS_REGISTER]
    page = boards.list_entries(columns, view, Asked(colours={"works.progress": ["red"]}), ALL, DAY)
    assert page.total == 1
    assert page.states == {"谋划": 3}
    assert page.colours == {"works.progress": {"red": 1, "green": 1, "grey": 1}, "works.plate": {"green": 2, "red": 1}}


def test_a_row_carries_its_values_and_its_lights_with_their_sentences(works: datetime) -> None:
    columns = boards.current(DAY)
    line = boards.list_entries(columns, columns.catalogue.registers[WORKS_REGISTER], Asked(text="W-1"), ALL, DAY).lines[0]
    assert line.words["estimate"].zh == "12,000万元"
    assert line.lamps["works.progress"].because.zh == "2025年1—6月投资进度 72%，低于 80%"


def test_a_colour_set_by_hand_shows_beside_the_rule(works: datetime) -> None:
    override(SYSTEM, WORKS_REGISTER, "W-2", HandSet("plate", "yellow", DAY, "已协调"), works)
    columns = boards.current(DAY)
    view = columns.catalogue.registers[WORKS_REGISTER]
    lamp = boards.list_entries(columns, view, Asked(text="W-2"), ALL, DAY).lines[0].lamps["works.plate"]
    assert (lamp.colour, lamp.rule) == ("yellow", "red")
    assert boards.lights_by_office(columns, view, "works.plate", ALL, DAY).offices == {"甲县": {"green": 2}, "乙县": {"yellow": 1}}


def test_the_lights_in_a_charge_are_counted_as_they_show(works: datetime) -> None:
    override(SYSTEM, WORKS_REGISTER, "W-2", HandSet("plate", "yellow", DAY, "已协调"), works)
    counts = standing_lights(boards.current(DAY), {WORKS_REGISTER: ALL}, DAY)
    assert counts[WORKS_REGISTER, "works.plate"] == {"green": 2, "yellow": 1}
    assert counts[WORKS_REGISTER, "works.progress"] == {"red": 1, "green": 1, "grey": 1}
    only = standing_lights(boards.current(DAY), {WORKS_REGISTER: Scope(WORKS_REGISTER, offices=frozenset({"乙县"}))}, DAY)
    assert only[WORKS_REGISTER, "works.plate"] == {"yellow": 1}


def test_the_number_of_queries_does_not_grow_with_the_rows(works: datetime) -> None:
    columns = boards.current(DAY)
    view = columns.catalogue.registers[WORKS_REGISTER]
    with CaptureQueriesContext(connection) as few:
        boards.list_entries(columns, view, Asked(office="小城市"), ALL, DAY)
    for number in range(4, 30):
        work(f"W-{number}", works)
    columns = boards.current(DAY)
    with CaptureQueriesContext(connection) as many:
        boards.list_entries(columns, view, Asked(office="小城市"), ALL, DAY)
    assert len(many) == len(few) <= 2


def test_the_board_of_a_day_gone_by_shows_what_stood_then(works: datetime) -> None:
    later = small.moment(DAY.replace(day=20))
    report("W-1", later, [960] * 6)
    follow.catch_up(later)
    columns = boards.current(DAY.replace(day=20))
    view = columns.catalogue.registers[WORKS_REGISTER]
    assert boards.as_it_was(columns, view, "works.progress", DAY).total == {"red": 1, "green": 1, "grey": 1}
    assert boards.as_it_was(columns, view, "works.progress", DAY.replace(day=20)).total == {"green": 2, "grey": 1}
    [stood] = boards.verdicts_on(view, "works.progress", DAY, ["red"])
    assert (stood.key, stood.because) == ("W-1", "2025年1—6月投资进度 72%，低于 80%")


def test_a_ranking_explains_every_point_and_what_the_next_rank_takes(works: datetime) -> None:
    columns = boards.current(DAY)
    view = columns.catalogue.registers[WORKS_REGISTER]
    table = boards.league(columns, view, view.scores["works.county_rank"], DAY)
    first, last = table.lines
    assert (first.group, first.rank, str(first.score)) == ("甲县", 1, "90.40")
    assert [(points.title, str(points.points)) for points in first.parts] == [("投资进度", "50.40"), ("完成占比", "40.00")]
    assert (last.group, last.rank, last.score, last.missing) == ("乙县", 2, None, ("投资进度", "完成占比"))


def test_lines_that_share_a_title_are_told_apart_by_their_key() -> None:
    assert told_apart({"A-1": "用地", "A-2": "用地", "A-3": "用能"}) == {"A-1": "用地 A-1", "A-2": "用地 A-2", "A-3": "用能"}
