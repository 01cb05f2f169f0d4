"""The invented city adds up to what was published, to the last 分, and no two machines invent another one."""

from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import pytest

from bihuan.academy.batches import MANUFACTURING, PERIODS, SIZES, rated
from bihuan.academy.invented import Invented, invent
from bihuan.academy.lives import TODAY
from bihuan.academy.months import MONTHS_DONE
from bihuan.academy.names import FIRM_MARK, PERSON_MARK
from bihuan.academy.people import accounts, offices
from bihuan.academy.projects import STATES
from bihuan.academy.published import figure, org_units, published, three_batches, yearly_lines
from bihuan.academy.yearly import WAN, YI, band_of

LINES = {line.year: line for line in yearly_lines()}
SEEDS = [2024, 7]


@cache
def city(seed: int) -> Invented:
    return invent(seed)


def share(part: int, whole: int, printed: Decimal) -> Decimal:
    """A ratio in per cent, rounded as it was printed."""
    return (Decimal(part) * 100 / whole).quantize(printed, ROUND_HALF_UP)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("year", list(LINES))
def test_a_list_is_the_published_one(seed: int, year: int) -> None:
    line, rows = LINES[year], city(seed).lists.years[year]
    assert len(rows) == line.count
    assert sum(row.project.estimate for row in rows) * WAN == line.estimate
    assert sum(row.plan for row in rows) * WAN == line.planned
    assert sum(row.starts for row in rows) == line.starts_planned
    assert sum(row.finishes for row in rows) == line.finishes_planned
    if line.done is None:
        assert {row.done for row in rows} == {None}
        return
    assert sum(row.done or 0 for row in rows) * WAN == line.done
    assert sum(row.started for row in rows) == line.started
    assert sum(row.finished for row in rows) == line.finished
    assert line.done_share is not None
    assert abs(share(line.done, line.planned, line.done_share) - line.done_share) <= Decimal("0.1")  # the city's own print is off by one


@pytest.mark.parametrize("seed", SEEDS)
def test_municipal_projects_are_the_published_ones(seed: int) -> None:
    for year, line in LINES.items():
        rows = [row for row in city(seed).lists.years[year] if row.municipal]
        if line.municipal:
            assert len(rows) == line.municipal.count
            done = sum(row.done or 0 for row in rows)
            assert done * WAN == line.municipal.done
            assert share(done, sum(row.plan for row in rows), line.municipal.done_share) == line.municipal.done_share


@pytest.mark.parametrize("seed", SEEDS)
def test_this_years_list_has_the_published_parts_and_tiers(seed: int) -> None:
    line, rows = LINES[2024], city(seed).listed
    assert (sum(row.starts for row in rows), sum(not row.starts for row in rows)) == (165, 126)
    assert line.continued == 126
    assert line.tiers
    bands = Counter(band_of(row.project.estimate) for row in rows)
    assert (bands[2], bands[3], bands[4]) == (line.tiers.from_10, line.tiers.from_20, line.tiers.from_50)
    assert sum(row.project.estimate >= YI for row in rows) == line.tiers.from_1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_project_that_goes_on_is_the_same_project(seed: int) -> None:
    years = city(seed).lists.years
    for year in list(LINES)[1:]:
        before = {row.project.code: row for row in years[year - 1]}
        for row in years[year]:
            if not row.starts:
                assert before[row.project.code].under_way
            elif row.project.code in before:
                assert not before[row.project.code].started


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_spends_more_than_the_estimate(seed: int) -> None:
    invented = city(seed)
    for project in invented.projects:
        assert 0 <= invented.lists.spent.get(project.code, 0) <= project.estimate
    done = Counter[str]()
    for one in [*invented.this_year]:
        done[one.project.code] += sum(amount or 0 for amount in one.completed)
    assert all(amount <= invented.lists.left(one.project) for one in invented.this_year for amount in [done[one.project.code]])


@pytest.mark.parametrize("seed", SEEDS)
def test_every_life_is_in_order(seed: int) -> None:
    for project in city(seed).projects:
        days = [project.days[state] for state in STATES if state in project.days]
        assert days == sorted(days), project
        reached = [state in project.days for state in STATES]
        assert reached == sorted(reached, reverse=True), project
        assert max(days) <= TODAY


@pytest.mark.parametrize("seed", SEEDS)
def test_three_batches_have_the_published_totals_and_rates(seed: int) -> None:
    said, members = three_batches(), city(seed).members
    assert len(members) == said.projects == len({member.project.code for member in members})
    assert sum(member.project.estimate for member in members) * WAN == said.investment
    assert Counter(member.period for member in members) == dict(zip(PERIODS, SIZES, strict=True))
    rates = (("start_due", "started", said.start_rate), ("produce_due", "produced", said.production_rate), ("effect_due", "effective", said.effect_rate))
    for due, state, rate in rates:
        owed = [member for member in members if (getattr(member, due) or date.max) <= TODAY]
        kept = [member for member in owed if state in member.project.days]
        assert share(len(kept), len(owed), rate) == rate
    makers = {period: [member.project.trade.industry == MANUFACTURING for member in members if member.period == period] for period in PERIODS}
    first, eighth = (Decimal(sum(makers[period]) * 100) / len(makers[period]) for period in ("第一期", "第八期"))
    assert eighth - first == said.advanced_share_gain


@pytest.mark.parametrize("seed", SEEDS)
def test_ground_was_broken_for_the_published_amount(seed: int) -> None:
    broken = city(seed).broken
    assert len(broken) == figure("F593").number
    assert Decimal(sum(one.amount for one in broken)) / YI == figure("F600").number
    assert all(one.amount <= one.project.estimate and one.project.days["started"] == date(2020, 7, 1) for one in broken)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_months_of_this_year_add_up_to_the_plan(seed: int) -> None:
    invented = city(seed)
    plans = {row.project.code: row.plan for row in invented.listed}
    assert {one.project.code: sum(one.planned) for one in invented.this_year} == plans
    assert sum(sum(one.planned) for one in invented.this_year) * WAN == LINES[2024].planned
    for one in invented.this_year:
        assert None not in one.completed[:MONTHS_DONE]
        assert set(one.completed[MONTHS_DONE:]) == {None}


@pytest.mark.parametrize("seed", SEEDS)
def test_last_years_months_add_up_to_what_the_list_says(seed: int) -> None:
    invented = city(seed)
    rows = {row.project.code: row for row in invented.lists.years[2023]}
    assert len(invented.last_year) == 126
    for one in invented.last_year:
        assert sum(one.planned) == rows[one.project.code].plan
        assert sum(amount or 0 for amount in one.completed[:11]) == rows[one.project.code].done


def test_the_same_seed_gives_the_same_city() -> None:
    one, other = city(2024), invent(2024)
    assert [project.row(TODAY) for project in one.projects] == [project.row(TODAY) for project in other.projects]
    assert one.unreported == other.unreported
    assert one.projects[0].name != city(7).projects[0].name


def test_nobody_and_nothing_is_real() -> None:
    invented = city(2024)
    assert all(project.row(TODAY)["invented"] is True and project.investor.endswith(FIRM_MARK) for project in invented.projects)
    people = accounts(invented.enterprises())
    names = [account.given.name for account in people]
    assert all(PERSON_MARK in name for name in names)
    assert len(set(names)) == len(names)
    documents = {fact.subject for fact in published().facts.values()}
    assert not documents & {project.name for project in invented.projects}


def test_the_offices_are_those_the_documents_name() -> None:
    given = offices()
    assert len(given) == 53 == len({office.code for office in given})
    assert {office.name for office in given} == {unit.name for unit in org_units()}
    placed: set[str] = set()
    for office in given:
        assert office.parent in placed or not office.parent
        placed.add(office.code)


def test_no_account_is_two_of_the_three_administrators() -> None:
    for account in accounts(["甲"]):
        assert len({"sysadmin", "secadmin", "auditor"} & set(account.roles)) <= 1


def test_a_rate_is_hit_at_its_printed_precision() -> None:
    whole, part = rated(Decimal("95.1"), 677)
    assert share(part, whole, Decimal("95.1")) == Decimal("95.1")
    with pytest.raises(ValueError, match="no share"):
        rated(Decimal("95.1"), 9)
