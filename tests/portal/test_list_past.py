"""The list of a register on a day gone by, and the links of every page about that day: they lead to rows and figures as they were then."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from bihuan import clock
from bihuan.computing import sweep
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import Edit, FigureGiven, Source, change_entry, record_figures, withdraw_entry
from tests.portal import town
from tests.portal.conftest import SignIn

TODAY = town.NOW.date()
LATER = town.NOW + timedelta(days=4)
WORKS = f"/registers/{town.WORKS}/"
ABOUT_A_DAY = re.compile(r"/(registers|rows|board|scores)/.+")


@pytest.fixture
def moved_on(small_town: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four days later: a name and an industry changed, a figure put right, a row withdrawn."""
    work = town.work("W-10")
    change_entry(town.actor("wei"), town.WORKS, work.key, Edit({"industry": "交通", "name": "改了名的工程"}, work.version), LATER)
    record_figures(SYSTEM, town.WORKS, [FigureGiven("W-10", "completed", "2025-06", "100")], LATER, Source(reason="更正"))
    withdraw_entry(SYSTEM, town.WORKS, "W-11", "重复登记", LATER)
    sweep.sweep(LATER)
    monkeypatch.setattr(clock, "now", lambda: LATER)


def cells(client: Client, address: str) -> dict[str, list[object]]:
    """The rows of a list by their keys, without where their names lead."""
    rows = client.get(address).context["rows"]
    return {row["key"]: [{**cell, "href": ""} if isinstance(cell, dict) and "href" in cell else cell for cell in row["cells"]] for row in rows}


def test_the_list_of_a_day_is_the_list_that_day(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    client = sign_in("ling")
    columns = "?col=light.works.progress&col=_title&col=industry&col=_state&col=progress"
    before = cells(client, WORKS + columns)
    request.getfixturevalue("moved_on")
    assert cells(client, f"{WORKS}{columns}&on={TODAY}") == before
    assert cells(client, WORKS + columns) != before
    assert "W-11" in before


def test_it_is_read_only_says_its_day_and_leads_back(sign_in: SignIn, moved_on: None) -> None:
    client = sign_in("ling")
    page = client.get(f"{WORKS}?on={TODAY}&office={town.NORTH}")
    assert page.context["past"] == {"on": TODAY, "href": f"{WORKS}?office=%E5%8C%97%E5%8E%BF"}
    html = page.content.decode()
    assert "回到今天" in html
    assert "hx-post" not in html
    assert f"{WORKS}bulk/" not in html
    ways = [cell["href"] for row in page.context["rows"] for cell in row["cells"] if isinstance(cell, dict) and "href" in cell]
    assert len(ways) == len(page.context["rows"]) > 0
    assert all(way.endswith(f"?on={TODAY}") for way in ways)
    rows = client.get(f"{WORKS}?on={TODAY}", headers={"HX-Request": "true", "HX-Target": "rows"})
    assert "<html" not in rows.content.decode()


def test_who_carries_a_row_and_what_is_due_are_told_of_today_only(sign_in: SignIn, moved_on: None) -> None:
    page = sign_in("ling").get(f"{WORKS}?on={TODAY}&col=_title&col=_next&col=who.works.leader")
    assert [column["key"] for column in page.context["columns"]] == ["_title"]


def test_a_day_before_the_ledger_and_nonsense(sign_in: SignIn, moved_on: None) -> None:
    client = sign_in("ling")
    assert client.get(f"{WORKS}?on=2020-01-01").context["first"] == TODAY
    for asked in (LATER.date().isoformat(), "2030-01-01", "yesterday"):
        assert client.get(f"{WORKS}?on={asked}").context.get("past") is None


def test_nobody_sees_a_row_of_a_day_that_is_not_theirs_today(sign_in: SignIn, moved_on: None) -> None:
    seen = sign_in("nan").get(f"{WORKS}?on={TODAY}").context
    assert {row["key"] for row in seen["rows"]} == set(cells(sign_in("nan"), WORKS))


def links(html: str) -> Iterator[str]:
    """Where the main part of a page leads to rows, lists, boards and scores; not the ways back to today."""
    for match in re.finditer(r'<a [^>]*href="([^"]+)"[^>]*>([^<]*)', html[html.index("<main") : html.index("</main")]):
        if "回到今天" not in match[2] and ABOUT_A_DAY.match(address := match[1].replace("&amp;", "&")):
            yield address


def test_every_link_of_a_page_about_a_day_keeps_the_day(sign_in: SignIn, moved_on: None) -> None:
    client = sign_in("ling")
    waiting, seen, lost = [f"/board/{town.WORKS}/?on={TODAY}", f"/scores/{town.WORKS}/works.county_rank/?on={TODAY}"], set[str](), []
    while waiting:
        address = waiting.pop()
        seen.add(address)
        page = client.get(address)
        assert page.status_code == 200, address
        for link in links(page.content.decode()):
            if parse_qs(urlsplit(link).query).get("on") != [TODAY.isoformat()]:
                lost.append(f"{address} -> {link}")
            elif link not in seen and link not in waiting and len(seen) < 60:
                waiting.append(link)
    assert lost == []
    assert {urlsplit(one).path.split("/")[1] for one in seen} == {"board", "scores", "registers", "rows"}
