"""The list of a register as its readers arrange it: columns, heights of rows, sorts, and lists kept under a name."""

import re

import pytest
from django.test import Client

from bihuan.foundation.models import Preference, SavedView
from tests.portal import town
from tests.portal.conftest import SignIn

WORKS = "/registers/city.works/"


def heads(page: str) -> list[str]:
    """The keys of the columns, in the order the page shows them."""
    return re.findall(r'<th scope="col" data-c="([^"]+)"', page)


def names(page: str) -> list[str]:
    """The titles of the rows, in order."""
    return re.findall(r'<a class="name"[^>]*>([^<]+)</a>', page)


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_any_field_indicator_or_light_can_be_a_column_in_any_order(sign_in: SignIn) -> None:
    page = shown(sign_in("shi"), f"{WORKS}?col=progress&col=_title&col=light.works.plate&col=failed&col=who.works.leader&col=_next&col=_changed&col=started_on")
    assert heads(page) == ["progress", "_title", "light.works.plate", "failed", "who.works.leader", "_next", "_changed", "started_on"]
    assert "凌市长" in page
    assert "70.0%" in page


def test_the_name_of_a_row_is_always_a_column_and_unknown_ones_are_left_out(sign_in: SignIn) -> None:
    assert heads(shown(sign_in("shi"), f"{WORKS}?col=industry&col=nonsense")) == ["_title", "industry"]


def test_personal_data_stay_masked_in_a_column_and_cannot_be_sorted_by(sign_in: SignIn) -> None:
    page = shown(sign_in("shi"), f"{WORKS}?col=contact&sort=contact")
    assert "鹤鸣湖联系人" not in page
    assert 'data-c="contact"><a' not in page


def test_columns_and_row_height_are_remembered_for_the_person_and_for_nobody_else(sign_in: SignIn) -> None:
    client = sign_in("shi")
    chosen = {"query": "light.works.progress=red", "col": ["industry", "_title", "estimate"], "density": "loose"}
    answer = client.post(f"{WORKS}arrange/", chosen, headers={"HX-Request": "true", "HX-Target": "rows"})
    assert answer.headers["HX-Push-Url"].startswith(f"{WORKS}?light.works.progress=red&col=industry")
    assert heads(answer.content.decode()) == ["industry", "_title", "estimate"]
    again = shown(client, WORKS)
    assert heads(again) == ["industry", "_title", "estimate"]
    assert 'data-density="loose"' in again
    assert heads(shown(sign_in("du"), WORKS)) != ["industry", "_title", "estimate"]


def test_the_default_comes_back(sign_in: SignIn) -> None:
    client = sign_in("shi")
    before = heads(shown(client, WORKS))
    client.post(f"{WORKS}arrange/", {"query": "", "col": ["estimate"], "density": "compact"})
    answer = client.post(f"{WORKS}arrange/", {"query": "col=estimate", "col": ["estimate"], "reset": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{WORKS}?")
    assert heads(shown(client, WORKS)) == before
    assert Preference.objects.get(member="shi").lists == {}


@pytest.mark.parametrize("sort", ["_title", "_state_since", "estimate", "started_on", "progress", "failed", "light.works.progress", "industry"])
def test_a_list_is_sorted_by_any_column_both_ways(sign_in: SignIn, sort: str) -> None:
    client = sign_in("shi")
    up, down = (names(shown(client, f"{WORKS}?sort={sign}{sort}")) for sign in ("", "-"))
    assert sorted(up) == sorted(down)
    assert len(up) == 4


def test_a_red_row_comes_first_when_sorted_by_its_light(sign_in: SignIn) -> None:
    assert names(shown(sign_in("shi"), f"{WORKS}?sort=light.works.progress"))[0] == town.work("W-10").title


def kept(client: Client, name: str, audience: str, query: str = "state=building&sort=-estimate&col=estimate&density=compact") -> None:
    assert client.post(f"{WORKS}view/?{query}", {"name": name, "audience": audience, "query": query}).status_code == 302


def test_a_kept_list_is_for_oneself_ones_office_or_everybody(sign_in: SignIn) -> None:
    north = sign_in("wei")
    for name, audience in (("自己的", "self"), ("本县的", "office"), ("大家的", "everybody"), ("乱写的", "the-world")):
        kept(north, name, audience)
    colleague, neighbour = shown(sign_in("wen"), WORKS), shown(sign_in("nan"), WORKS)
    assert [name in colleague for name in ("自己的", "本县的", "大家的", "乱写的")] == [False, True, True, False]
    assert [name in neighbour for name in ("自己的", "本县的", "大家的", "乱写的")] == [False, False, True, False]
    assert "魏北共享：本单位" in colleague


def test_a_kept_list_keeps_filters_sort_columns_and_row_height(sign_in: SignIn) -> None:
    kept(sign_in("wei"), "在建大项目", "everybody")
    page = shown(sign_in("shi"), WORKS)
    address = re.search(r'href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?在建大项目', page)
    assert address
    chosen = shown(sign_in("shi"), address[1].replace("&amp;", "&"))
    assert heads(chosen) == ["_title", "estimate"]
    assert 'data-density="compact"' in chosen
    assert len(names(chosen)) == 2


def test_only_who_made_a_shared_list_takes_it_back(sign_in: SignIn) -> None:
    kept(sign_in("wei"), "大家的", "everybody")
    view = SavedView.objects.get()
    sign_in("nan").post(f"{WORKS}view/", {"forget": str(view.pk)})
    assert SavedView.objects.exists()
    sign_in("wei").post(f"{WORKS}view/", {"forget": str(view.pk)})
    assert "大家的" not in shown(sign_in("nan"), WORKS)


def test_an_empty_register_says_what_to_do(sign_in: SignIn) -> None:
    assert "没有符合条件的记录" in shown(sign_in("shi"), f"{WORKS}?q=nowhere")
