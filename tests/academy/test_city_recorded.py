"""The lists as recorded: the rules of the packs compute the published lines from the tables, to the last digit printed."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from bihuan.academy import before, city
from bihuan.academy.diary import Diary, moment, person
from bihuan.academy.invented import invent
from bihuan.academy.lives import GO_LIVE, TODAY
from bihuan.academy.published import three_batches, yearly_lines
from bihuan.computing import tables
from bihuan.computing.scoring import measure
from bihuan.foundation.actions import declare_invented
from bihuan.foundation.models import Entry, Figure, Office

pytestmark = pytest.mark.django_db

LISTS, BATCHES = "major_projects.annual_list", "major_projects.three_batches"
LINES = {str(line.year): line for line in yearly_lines()}
YI = 100_000_000
"""元 in an 亿元."""


@pytest.fixture(scope="module")
def past(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The people, the packs and everything the city brought along; nothing of the running year."""
    with django_db_blocker.unblock(), transaction.atomic():
        invented, diary = invent(), Diary()
        person.cache_clear()
        declare_invented(2024, moment(date(2023, 12, 20)))
        city.move_in(invented)
        before.write(diary, invented)
        for deed in diary.deeds():
            deed.run(deed.at)
        yield
        transaction.set_rollback(True)


def computed(register: str, mechanism: str, indicator: str) -> dict[str, float]:
    """An indicator of a pack today, by group, in its canonical unit."""
    day = TODAY
    columns = tables.current(day)
    view = columns.catalogue.registers[register]
    found = measure(columns, view, view.indicators[f"{mechanism}.{indicator}"], day)
    return {group: one.value for group, one in found.items() if one.value is not None}


def printed(value: float, unit: float, like: Decimal) -> Decimal:
    return Decimal(repr(value / unit)).quantize(like)


def test_projects_counts_and_money_are_the_published_lines(past: None) -> None:
    for indicator, attribute, unit in (("listed", "count", 1), ("estimates", "estimate", 100), ("plans", "planned", 100), ("dones", "done", 100)):
        values = computed(LISTS, "annual_list", indicator)
        said = {year: getattr(line, attribute) for year, line in LINES.items() if getattr(line, attribute) is not None}
        assert {year: Fraction(value) * unit for year, value in values.items()} == said, indicator


def test_rates_are_the_published_ones(past: None) -> None:
    averages = computed(LISTS, "annual_list", "average")
    starts, finishes = computed(LISTS, "annual_list", "start_rate"), computed(LISTS, "annual_list", "finish_rate")
    municipal = computed(LISTS, "annual_list", "municipal_completion")
    for year, line in LINES.items():
        assert printed(averages[year], YI, line.average) == line.average
        if line.started is not None and line.finished is not None:
            assert starts[year] == line.started / line.starts_planned
            assert finishes[year] == line.finished / line.finishes_planned
        if line.municipal:
            assert printed(municipal[year], 0.01, line.municipal.done_share) == line.municipal.done_share


def test_tiers_are_the_published_ones(past: None) -> None:
    tiers = LINES["2024"].tiers
    assert tiers
    for indicator, said in (("tier_1", tiers.from_1), ("tier_10", tiers.from_10), ("tier_20", tiers.from_20), ("tier_50", tiers.from_50)):
        assert computed(LISTS, "tiers", indicator)["2024"] == said


def test_three_batches_are_the_published_ones(past: None) -> None:
    said = three_batches()
    assert sum(computed(BATCHES, "three_batches", "cohort").values()) == said.projects
    assert sum(map(Fraction, computed(BATCHES, "three_batches", "investment").values())) * 100 == said.investment
    shares = computed(BATCHES, "three_batches", "manufacturing_share")
    assert round((shares["第八期"] - shares["第一期"]) * 100, 9) == said.advanced_share_gain


def test_what_was_published_is_kept_apart(past: None) -> None:
    figures = Entry.objects.filter(register="published.figures")
    assert figures.count() == 649
    one = figures.get(key="F021")
    assert (one.data["value"], one.data["number"], one.data["document"], one.data["line"]) == ("95.1", 951_000, "市级刊物2024年第1期", 173)
    assert one.data["used_in"] == "三个一批"
    assert Entry.objects.filter(register="published.targets").count() == 28
    assert not Entry.objects.filter(register="major_projects.projects").exclude(data__invented=True).exists()


def test_projects_stand_where_their_dates_say(past: None) -> None:
    projects = Entry.objects.filter(register="major_projects.projects")
    assert Office.objects.count() == 53
    for entry in projects.exclude(state="planned"):
        assert entry.data[f"{entry.state}_on"] == entry.state_since.isoformat() if entry.state_since else False
    assert {entry.recorded_seq for entry in projects} == {projects[0].recorded_seq}
    assert not projects.filter(state_since__gt=GO_LIVE).exists()


def test_last_years_months_are_there(past: None) -> None:
    periods = set(Figure.objects.values_list("period", flat=True))
    assert periods == {f"2023-{month:02d}" for month in range(1, 13)}
