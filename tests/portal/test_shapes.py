"""The views of one list: table, stages, time and map show the same rows."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bihuan.portal import maps
from bihuan.portal.gantt import against, axis_of
from tests.portal import town
from tests.portal.conftest import SignIn

WORKS = "/registers/city.works/"
VIEWS = ("table", "stages", "gantt", "map")


def shown(client: Client, **asked: str) -> str:
    answer = client.get(WORKS, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def total(page: str) -> int:
    found = re.search(r'data-total="(\d+)"', page)
    assert found
    return int(found[1])


@pytest.mark.parametrize("asked", [{}, {"light.works.progress": "red"}, {"office": town.NORTH}, {"q": town.CANARY[town.SOUTH]}, {"state": "building"}])
def test_the_four_views_agree_on_what_they_show(sign_in: SignIn, asked: dict[str, str]) -> None:
    client = sign_in("shi")
    pages = {view: shown(client, view=view, **asked) for view in VIEWS}
    count = total(pages["table"])
    assert {view: total(page) for view, page in pages.items()} == dict.fromkeys(VIEWS, count)
    assert len(re.findall(r'<a class="name"', pages["table"])) == count
    assert len(re.findall(r'class="stage-card"', pages["stages"])) == count
    assert len(re.findall(r'class="bars-line"', pages["gantt"])) == count
    rows = re.findall(r'<th scope="row"><a href="[^"]*">[^<]*</a></th><td class="numeric">(\d+)</td><td>', pages["map"])
    assert sum(map(int, rows)) == count


def test_nobody_sees_a_strange_row_in_any_view(sign_in: SignIn) -> None:
    client = sign_in("nan")
    for view in VIEWS:
        page = shown(client, view=view)
        assert town.CANARY[town.NORTH] not in page
        assert town.CANARY[town.SOUTH] in page or view == "map"


def test_a_stage_draws_a_few_cards_and_leads_to_the_rest(sign_in: SignIn) -> None:
    town.works(20, town.NORTH, "W-3")
    page = shown(sign_in("wei"), view="stages")
    assert len(re.findall(r'class="stage-card"', page)) == 13
    assert "另有 9 条" in page
    assert f'href="{WORKS}?state=planned"' in page or 'href="?state=planned"' in page


def test_a_card_is_moved_by_its_form_by_those_who_may(sign_in: SignIn) -> None:
    move = f'hx-get="/rows/{town.work("W-11").pk}/move/"'
    assert move in shown(sign_in("wei"), view="stages")
    assert move not in shown(sign_in("qi"), view="stages")


def test_time_says_in_words_what_its_bars_draw(sign_in: SignIn) -> None:
    page = shown(sign_in("shi"), view="gantt")
    assert 'aria-label="开工日期 2025-07-08"' in page
    assert "没有日期" in page
    assert shown(sign_in("shi"), view="gantt", scale="month").count("bars-tick") > 1


def test_a_map_without_boundaries_is_a_table(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "geometry", lambda: None)
    page = shown(sign_in("shi"), view="map")
    assert "没有地图边界，以表格代替" in page
    assert town.NORTH in page


def test_a_register_without_a_lifecycle_or_a_timeline_has_no_such_view(sign_in: SignIn) -> None:
    page = sign_in("shi").get("/registers/city.meetings/?view=stages").content.decode()
    assert "阶段，可左右滚动" not in page
    assert "甘特" not in page
    assert "<table" in page


DAYS = st.dates(date(2010, 1, 1), date(2035, 12, 31))


@given(st.one_of(st.none(), DAYS), st.one_of(st.none(), DAYS), DAYS, st.sampled_from(["", "month", "quarter", "year"]))
def test_an_axis_holds_every_day_of_its_list_and_today(one: date | None, other: date | None, today: date, scale: str) -> None:
    least, most = (min(one, other), max(one, other)) if one and other else (one, other)
    axis = axis_of(least, most, today, scale)
    assert axis.first <= today < axis.last
    near = [day for day in (least, most) if day and abs(day - today) < timedelta(days=366 * 15)]
    assert all(axis.first <= day < axis.last for day in near)
    places = [tick["at"] for tick in axis.ticks()]
    assert places == sorted(places)
    assert places[0] >= 0
    assert places[-1] < 100


@pytest.mark.parametrize(
    ("plan", "actual", "said"),
    [
        ((date(2025, 1, 1), date(2025, 6, 30)), (date(2025, 1, 1), date(2025, 7, 3)), (True, "晚 3 天")),
        ((date(2025, 1, 1), date(2025, 6, 30)), (date(2025, 1, 1), date(2025, 6, 30)), (False, "按期")),
        ((date(2025, 1, 1), date(2025, 6, 30)), (date(2025, 1, 1), None), (True, "逾期 8 天未完")),
        ((date(2025, 7, 1), date(2025, 12, 31)), (None, None), (True, "应开始 7 天")),
        ((date(2025, 7, 1), date(2025, 12, 31)), (date(2025, 7, 1), None), (False, "进行中")),
        ((None, None), (None, None), (False, "没有计划")),
    ],
)
def test_a_row_is_late_as_its_days_say(plan: tuple[date | None, ...], actual: tuple[date | None, ...], said: tuple[bool, str]) -> None:
    assert against(plan, actual, 2, town.NOW.date()) == said
