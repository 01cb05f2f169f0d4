"""What is not yours is not there: not in pages, counts, searches, exports, or the words of a refusal."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import urljoin

import pytest
from django.http import HttpResponse
from django.test import Client

from bihuan.foundation.models import Entry
from bihuan.portal.urls import ADDRESSES
from tests.portal import matrix, town
from tests.portal.conftest import SignIn

MOST_PAGES = 160
SHAPES = re.compile(r"\d+")


def text_of(answer: HttpResponse) -> str:
    """Everything readable in an answer: a page, or the sheets of a workbook."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if content[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return "".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist() if name.endswith(".xml"))
    return str(content.decode("utf-8", "ignore"))


def without_the_askers_words(page: str, asked: str) -> str:
    """A page of results less the two places where it repeats what its reader typed: its heading and the box that was typed in."""
    heading, box = f"<h1>搜索“{asked}”</h1>", f'name="q" type="search" value="{asked}"'
    assert (page.count(heading), page.count(box)) == (1, 1)
    return page.replace(heading, "").replace(box, "")


def links_of(page: str, here: str) -> Iterator[str]:
    for link in re.findall(r'(?:href|hx-get)="([^"#]*)', page):
        address = urljoin(here, link.replace("&amp;", "&"))
        if address.startswith("/") and not address.startswith(("/static/", "/language/", "/logout/")):
            yield address


def crawled(client: Client, starts: list[str]) -> Iterator[tuple[str, str]]:
    """Every page that can be reached by links, one of each shape a few times, and what it says."""
    waiting, seen, shapes = list(starts), set(starts), dict[str, int]()
    while waiting and len(seen) <= MOST_PAGES:
        address = waiting.pop(0)
        answer = client.get(address)
        assert answer.status_code < 500, address
        text = text_of(answer)
        yield address, text
        for link in links_of(text, address):
            shape = SHAPES.sub("0", link.partition("?")[0])
            if link not in seen and shapes.get(shape, 0) < 5:
                shapes[shape] = shapes.get(shape, 0) + 1
                seen.add(link)
                waiting.append(link)


@pytest.mark.parametrize(("username", "other"), [("wei", town.SOUTH), ("nan", town.NORTH)])
def test_an_officer_never_meets_a_word_of_another_county(sign_in: SignIn, username: str, other: str) -> None:
    held = matrix.things()
    starts = [matrix.address_of(address.name, held) for address in ADDRESSES if "GET" in address.methods and address.name != "logout"]
    starts += [f"/rows/{entry.pk}/" for entry in Entry.objects.filter(office=other)]
    starts += ["/registers/city.works/?q=工程", "/registers/city.works/export/works.sheet.xlsx"]
    client = sign_in(username)
    assert [address for address, text in crawled(client, starts) if town.CANARY[other] in text] == []
    searched = text_of(client.get("/search/", {"q": town.CANARY[other]}))
    assert town.CANARY[other] not in without_the_askers_words(searched, town.CANARY[other])


def test_rows_of_another_county_are_not_there_and_not_counted(sign_in: SignIn) -> None:
    client = sign_in("wei")
    south = town.work("W-20")
    for address in (f"/rows/{south.pk}/", f"/rows/{south.pk}/edit/", f"/rows/{south.pk}/lights/works.progress/", f"/rows/{south.pk}/figures/completed/2025-06/"):
        assert client.get(address).status_code == 404
    page = client.get("/registers/city.works/")
    assert page.context["total"] == 2
    assert {row["key"] for row in page.context["rows"]} == {"W-10", "W-11"}
    assert client.get("/registers/city.works/?office=南县").context["total"] == 0
    assert client.get("/board/").context["matrix"]["total"] == 2
    assert sign_in("shi").get("/registers/city.works/").context["total"] == 4


def test_an_enterprise_sees_its_own_rows_only(sign_in: SignIn) -> None:
    client = sign_in("qi")
    assert {row["key"] for row in client.get("/registers/city.works/").context["rows"]} == {"W-10"}
    assert client.get(f"/rows/{town.work('W-11').pk}/").status_code == 404
    met = [address for address, text in crawled(client, ["/mine/", "/registers/city.works/", "/search/?q=工程"]) if "鹤鸣湖工程1" in text]
    assert met == []


def test_what_is_public_is_open_to_everybody_and_nothing_else(small_town: None) -> None:
    visitor = Client()
    assert "工程公示" in visitor.get("/registers/city.notes/").content.decode()
    notice = Entry.objects.get(register=town.NOTES)
    assert visitor.get(f"/rows/{notice.pk}/").status_code == 200
    assert visitor.get(f"/rows/{town.work().pk}/").headers["Location"].startswith("/login/")
    assert town.CANARY[town.NORTH] not in visitor.get("/registers/").content.decode()


def test_personal_data_are_masked_until_somebody_says_why(sign_in: SignIn) -> None:
    client, row = sign_in("wei"), town.work()
    name = f"{town.CANARY[town.NORTH]}联系人"
    for tab in ("overview", "history"):
        assert name not in client.get(f"/rows/{row.pk}/?tab={tab}").content.decode()
    assert name not in client.get(f"/rows/{row.pk}/edit/").content.decode()
    asked = client.post(f"/rows/{row.pk}/reveal/contact/", {"reason": "联系业主核实"})
    assert name in asked.content.decode()
    assert client.post(f"/rows/{row.pk}/reveal/contact/", {"reason": ""}).status_code == 422


def test_no_filter_and_no_order_asks_personal_data(sign_in: SignIn) -> None:
    page = sign_in("wei").get("/registers/city.works/?f.contact=鹤鸣湖联系人&sort=contact")
    assert page.context["total"] == 2
    assert not any("contact" in one["name"] for one in page.context["filters"])
