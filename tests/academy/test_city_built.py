"""The city as built through the doors of the foundation: the rules of the packs compute the published lines from its tables,
and its days bring every colour, every kind of duty and every paper."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from bihuan.academy.city import STEPS, Built, Progress, build, stands
from bihuan.academy.diary import PROJECTS, moment
from bihuan.academy.invented import invent
from bihuan.academy.lives import GO_LIVE, TODAY
from bihuan.academy.months import LATE_OFFICE, LATE_REPORTS, PACE
from bihuan.academy.people import ENTERPRISE, LEADER, OFFICER
from bihuan.academy.published import three_batches, yearly_lines
from bihuan.computing import tables
from bihuan.computing.scoring import measure
from bihuan.foundation.actions import content_of
from bihuan.foundation.models import Assignment, Duty, Entry, Event, Figure, Member, Office, Paper, Upload, Verdict

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LISTS, BATCHES = "major_projects.annual_list", "major_projects.three_batches"
LINES = {str(line.year): line for line in yearly_lines()}
YI = 100_000_000
"""元 in an 亿元."""

told: list[Progress] = []


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Built]:
    """The whole city, built once."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(moment(TODAY), progress=told.append)
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


def test_projects_counts_and_money_are_the_published_lines(city: Built) -> None:
    for indicator, attribute, unit in (("listed", "count", 1), ("estimates", "estimate", 100), ("plans", "planned", 100), ("dones", "done", 100)):
        values = computed(LISTS, "annual_list", indicator)
        said = {year: getattr(line, attribute) for year, line in LINES.items() if getattr(line, attribute) is not None}
        assert {year: Fraction(value) * unit for year, value in values.items()} == said, indicator


def test_rates_are_the_published_ones(city: Built) -> None:
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


def test_tiers_are_the_published_ones(city: Built) -> None:
    tiers = LINES["2024"].tiers
    assert tiers
    for indicator, said in (("tier_1", tiers.from_1), ("tier_10", tiers.from_10), ("tier_20", tiers.from_20), ("tier_50", tiers.from_50)):
        assert computed(LISTS, "tiers", indicator)["2024"] == said


def test_three_batches_are_the_published_ones(city: Built) -> None:
    said = three_batches()
    assert sum(computed(BATCHES, "three_batches", "cohort").values()) == said.projects
    assert sum(map(Fraction, computed(BATCHES, "three_batches", "investment").values())) * 100 == said.investment
    shares = computed(BATCHES, "three_batches", "manufacturing_share")
    assert round((shares["第八期"] - shares["第一期"]) * 100, 9) == said.advanced_share_gain


def test_what_was_published_is_kept_apart(city: Built) -> None:
    figures = Entry.objects.filter(register="published.figures")
    assert figures.count() == 649
    one = figures.get(key="F021")
    assert (one.data["value"], one.data["number"], one.data["document"], one.data["line"]) == ("95.1", 951_000, "市级刊物2024年第1期", 173)
    assert one.data["used_in"] == "三个一批"
    assert Entry.objects.filter(register="published.targets").count() == 28
    assert not Entry.objects.filter(register="major_projects.projects").exclude(data__invented=True).exists()


def test_projects_stand_where_their_dates_say(city: Built) -> None:
    projects = Entry.objects.filter(register="major_projects.projects")
    assert Office.objects.count() == 53
    for entry in projects.exclude(state="planned"):
        assert entry.data[f"{entry.state}_on"] == entry.state_since.isoformat() if entry.state_since else False
    brought = projects.filter(recorded_seq=projects.order_by("pk")[0].recorded_seq)
    assert brought.count() > 1_200
    assert Event.objects.get(seq=brought[0].recorded_seq).kind == "entries.imported"
    assert not brought.filter(changed_seq=brought[0].recorded_seq, state_since__gt=GO_LIVE).exists()


def test_this_years_months_add_up_to_the_plan(city: Built) -> None:
    listed = set(Entry.objects.filter(register=LISTS, data__year="2024").values_list("data__project", flat=True))
    planned = Figure.objects.filter(entry__register=PROJECTS, field="planned", period__startswith="2024", entry__key__in=listed)
    assert planned.count() == 291 * 12
    assert sum(planned.values_list("value", flat=True)) == LINES["2024"].planned


def test_a_figure_can_be_walked_back_to_the_cell_it_stood_in(city: Built) -> None:
    figure = Figure.objects.filter(field="completed", period="2024-03", entry__office="濮阳县", value__gt=0).first()
    assert figure is not None
    upload = Upload.objects.get(pk=figure.source["upload"])
    assert (upload.state, upload.name, figure.source["sheet"]) == ("confirmed", "濮阳县2024-03月报.xlsx", "月报")
    assert figure.source["cell"].startswith("E")
    assert content_of(upload).startswith(b"PK")


def test_june_is_missing_where_it_was_not_reported(city: Built) -> None:
    missing = Duty.objects.filter(name="monthly_report", period="2024-06", outcome="missed")
    assert missing.count() == LATE_REPORTS
    assert set(missing.values_list("office", flat=True)) == {LATE_OFFICE}


def test_counties_show_every_colour(city: Built) -> None:
    progress = computed(PROJECTS, "monthly_ranking", "county_progress")
    assert LATE_OFFICE not in progress
    assert set(progress) == set(PACE) - {LATE_OFFICE}
    colours = Counter("green" if value >= 1 else "yellow" if value >= 0.85 else "red" for value in progress.values())
    assert set(colours) == {"green", "yellow", "red"}


def test_plates_show_every_colour(city: Built) -> None:
    plates = Verdict.objects.filter(mechanism="major_projects.plates", light="plate", to_day=None)
    assert {"red", "yellow", "green"} <= set(plates.values_list("colour", flat=True))
    assert Paper.objects.filter(document="red_letter", state="draft").count() == plates.filter(colour="red").count()


def test_every_listed_project_has_one_leader(city: Built) -> None:
    held = Assignment.objects.filter(role="leader", to_day=None)
    assert held.count() == 291 == held.values("entry").distinct().count()
    assert held.filter(member=LEADER).exists()


def test_the_loop_turns(city: Built) -> None:
    assert city.parked == []
    assert Entry.objects.filter(register="major_projects.rectification").exists()
    assert Entry.objects.filter(register="dispatch.handover").exists()
    stages = set(Entry.objects.filter(register="dispatch.instructions").values_list("state", flat=True))
    assert stages == {"received", "deployed", "reported", "settled", "closed"}
    assert Paper.objects.filter(document="bulletin", period="2024-06").exists()


def test_three_people_are_offered_at_one_click(city: Built) -> None:
    assert [Member.objects.get(pk=name).roles for name in (LEADER, OFFICER, ENTERPRISE)] == [["leader"], ["officer"], ["enterprise"]]
    assert not any(member.has_usable_password() and member.password for member in Member.objects.all())
    firm = Member.objects.get(pk=ENTERPRISE).enterprise
    assert firm == invent().enterprise()
    assert Entry.objects.filter(register=PROJECTS, enterprise=firm).count() > 1


def test_the_ledger_says_that_the_city_is_invented(city: Built) -> None:
    assert stands()
    assert city.entries == Event.objects.count()
    moments = list(Event.objects.order_by("seq").values_list("at", flat=True))
    assert moments == sorted(moments)


def test_building_says_how_far_it_is(city: Built) -> None:
    assert {progress.step for progress in told} <= set(STEPS)
    assert [progress.done for progress in told] == sorted(progress.done for progress in told)
    assert told[-1].done == told[-1].total
    assert told[-1].day == TODAY
