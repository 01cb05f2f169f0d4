"""A page asks as many questions of a thousand rows as of ten."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan import clock
from tests.portal import town
from tests.portal.conftest import SignIn

PAGES = (
    "/desk/", "/board/", "/board/?on=2025-07-01", "/registers/city.works/", "/registers/city.works/?light.works.progress=red&sort=-estimate",
    "/registers/city.works/?view=stages", "/registers/city.works/?view=gantt", "/registers/city.works/?view=map",
    "/registers/city.works/?col=progress&col=who.works.leader&col=_next&col=_changed&col=light.works.plate",
    "/scores/city.works/works.county_rank/", "/search/?q=工程", "/papers/", "/registers/",
)  # fmt: skip


def asked(client: object, address: str) -> list[str]:
    """The queries of a page once everything that is looked up only once has been."""
    client.get(address)  # type: ignore[attr-defined]
    with CaptureQueriesContext(connection, ) as captured:
        assert client.get(address).status_code == 200  # type: ignore[attr-defined]
    return [query["sql"] for query in captured.captured_queries]


def test_the_number_of_queries_does_not_grow_with_the_rows(sign_in: SignIn) -> None:
    client, row = sign_in("shi"), town.work()
    pages = [*PAGES, f"/rows/{row.pk}/", f"/rows/{row.pk}/?tab=history", f"/rows/{row.pk}/?tab=duties"]
    town.works(20, town.NORTH, "W-5")
    few = {address: len(asked(client, address)) for address in pages}
    town.works(180, town.SOUTH, "W-6")
    many = {address: len(asked(client, address)) for address in pages}
    assert many == few
    assert max(many.values()) <= MOST, many


@pytest.mark.parametrize(("username", "pages"), [("qi", ("/mine/", "/notices/")), ("ling", ("/leaders/", "/leaders/ling/")), ("", ("/open/", "/registers/"))])
def test_pages_of_those_outside_and_of_leaders_ask_as_few_questions(sign_in: SignIn, username: str, pages: tuple[str, ...]) -> None:
    client = sign_in(username) if username else Client()
    town.works(20, town.NORTH, "W-5")
    few = {address: len(asked(client, address)) for address in pages}
    town.works(60, town.NORTH, "W-6")
    town.works(60, town.SOUTH, "W-7")
    assert {address: len(asked(client, address)) for address in pages} == few
    assert max(few.values()) <= MOST, few


def test_a_day_gone_by_asks_as_few_questions(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client, pages = sign_in("shi"), ("/board/?on=2025-07-08", "/scores/city.works/works.county_rank/?on=2025-07-08")
    monkeypatch.setattr(clock, "now", lambda: town.NOW + timedelta(days=2))
    few = {address: len(asked(client, address)) for address in pages}
    town.works(60, town.NORTH, "W-5")
    assert {address: len(asked(client, address)) for address in pages} == few
    assert max(few.values()) <= MOST, few


MOST = 60


@pytest.mark.parametrize("username", ["wei", "du", "ling"])
def test_the_workbench_and_the_list_stay_cheap(sign_in: SignIn, username: str) -> None:
    client = sign_in(username)
    assert len(asked(client, "/registers/city.works/")) <= 26
    assert len(asked(client, "/desk/")) <= 26
