"""Doing a duty where it stands: one button for the next step, and a page that stays and counts again."""

import json
from datetime import timedelta

from bihuan.foundation.models import Duty
from tests.portal import town
from tests.portal.conftest import SignIn

DRAWER = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "drawer-body", "HTTP_HX_CURRENT_URL": "http://testserver/desk/?tab=all"}
DUTIES = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "duties"}


def test_a_row_offers_the_move_that_stops_its_clock_by_name(sign_in: SignIn) -> None:
    lines = sign_in("wei").get("/desk/").context["duties"]
    opening = next(line for line in lines if line["title"].startswith("开工时限"))
    assert opening["action"]["title"] == "开工"
    assert opening["action"]["href"].endswith("/move/start/")


def test_whoever_may_not_make_the_move_is_offered_a_look(sign_in: SignIn) -> None:
    for line in sign_in("du").get(f"/desk/?office={town.NORTH}").context["duties"]:
        assert "/move/" not in line["action"]["href"]


def test_what_is_done_in_the_drawer_leaves_the_page_and_tells_it_to_count_again(sign_in: SignIn) -> None:
    client = sign_in("wei")
    owed = {line["title"] for line in client.get("/desk/").context["duties"]}
    entry = town.work("W-11")
    answer = client.post(f"/rows/{entry.pk}/move/start/", {"version": entry.version, "row.started_on": "2025-07-08"}, **DRAWER)
    assert answer.status_code == 204
    assert "在建" in json.loads(answer["HX-Trigger"])["bihuan:done"]
    assert not Duty.objects.filter(entry=entry, name="opening", closed_on=None).exists()
    again = client.get("/desk/", **DUTIES)
    assert "<html" not in again.content.decode()
    assert again.content.decode().count('hx-swap-oob="true"') == 2
    left = {line["title"] for line in again.context["duties"]}
    assert owed - left == {f"开工时限：{town.CANARY[town.NORTH]}工程1"}


def test_elsewhere_the_drawer_still_leads_to_the_row(sign_in: SignIn) -> None:
    entry = town.work("W-11")
    there = DRAWER | {"HTTP_HX_CURRENT_URL": f"http://testserver/rows/{entry.pk}/"}
    answer = sign_in("wei").post(f"/rows/{entry.pk}/move/start/", {"version": entry.version, "row.started_on": "2025-07-08"}, **there)
    assert answer["HX-Redirect"] == f"/rows/{entry.pk}/"


def test_the_list_narrows_to_a_register_and_sorts(sign_in: SignIn) -> None:
    client = sign_in("wei")
    page = client.get(f"/desk/?of={town.WORKS}&sort=new")
    assert page.context["duties"]
    assert [one["value"] for one in page.context["filters"]["registers"] if one["chosen"]] == [town.WORKS]
    assert client.get("/desk/?of=no.such&sort=nonsense").context["duties"] == []


def test_todays_list_has_what_is_due_and_what_is_late(sign_in: SignIn) -> None:
    duty = Duty.objects.filter(office=town.NORTH, closed_on=None, due__isnull=False).order_by("due").first()
    assert duty
    assert duty.due
    shown = sign_in("wei").get("/desk/today/").context["parts"]
    within = Duty.objects.filter(office=town.NORTH, closed_on=None, due__lte=town.NOW.date() + timedelta(days=7)).count()
    assert sum(len(part["duties"]) for part in shown) == within


def test_the_rate_counts_what_came_due_this_month_and_says_the_place(sign_in: SignIn) -> None:
    stats = {stat["title"]: stat for stat in sign_in("wei").get("/desk/").context["stats"]}
    assert "本月按时办结率" not in stats or stats["本月按时办结率"]["unit"] == "%"
    assert stats["我包联的项目"]["text"] == "0"
    assert {stat["title"]: stat for stat in sign_in("ling").get("/desk/").context["stats"]}["我包联的项目"]["text"] == "2"
