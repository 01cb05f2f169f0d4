"""The pages of a quota: what accounts hold, who gets what and why, booked only by a second person; in both languages, for those who see all rows."""

import re
from datetime import datetime

import pytest
from django.test import Client

from bihuan import clock
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import MemberGiven, set_member, set_roles
from bihuan.foundation.models import Allocation, Balance, Entry, Member
from tests.computing import shared
from tests.computing.conftest import DAY
from tests.computing.small import moment

pytestmark = pytest.mark.django_db
PAGE = f"/quotas/{shared.REGISTER}/land/"


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Two requests, of which one fits, and an officer of a county."""
    at = moment(DAY)
    monkeypatch.setattr(clock, "now", lambda: at)
    shared.build(at)
    set_member(SYSTEM, MemberGiven("县里人", "县里人", "甲县"), at)
    set_roles(SYSTEM, "县里人", ["officer"], at)
    shared.request("A", at, 60, 90)
    shared.request("B", at, 50, 80)
    return at


def client(name: str, language: str = "zh-hans") -> Client:
    found = Client(headers={"accept-language": language})
    found.force_login(Member.objects.get(pk=name))
    return found


def shown(name: str, address: str, language: str = "zh-hans") -> str:
    answer = client(name, language).get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_from_draft_to_booked_by_three_people(city: datetime) -> None:
    assert client("拟案人").post(f"{PAGE}draft/").status_code == 302
    address = f"/allocations/{Allocation.objects.get().pk}/"
    text = shown("拟案人", address)
    assert "优先分 80分，排第 2，申请 50.0亩；可用 40.0亩，放不下；此前已配给 1 件共 60.0亩：A 60.0亩" in text
    client("复核人").post(f"{address}review/")
    assert "重读一致后确认入账" not in shown("复核人", address), "who reviewed it is not offered to confirm it"
    assert client("拟案人").post(f"{address}confirm/").status_code == 403
    assert "重读一致后确认入账" in shown("批准人", address)
    client("批准人").post(f"{address}confirm/")
    assert Allocation.objects.get().state == "confirmed"
    page = shown("批准人", PAGE)
    assert "县级·甲县 池子 40.0亩 0.0亩 40.0亩 60.0亩" in page
    assert "1 行得到配给，共 60.0亩" in page


def test_what_moved_is_told_and_nothing_is_booked(city: datetime) -> None:
    allocation = shared.kept(city)
    shared.issue("city", "1亩", city)
    answer = client("批准人").post(f"/allocations/{allocation.pk}/confirm/")
    assert answer.status_code == 422
    assert "拟案之后数据动了" in answer.content.decode()
    assert not Balance.objects.exclude(entry=None).exists()


def test_an_amount_is_booked_by_hand_or_refused_at_its_field(city: datetime) -> None:
    given = {"giver": "city", "taker": "county/甲县", "amount": "300", "basis": "调剂", "period": "2025"}
    answer = client("复核人").post(f"{PAGE}post/", given)
    assert answer.status_code == 422
    assert "只有 200.0亩，不够 300.0亩" in answer.content.decode()
    assert client("复核人").post(f"{PAGE}post/", {**given, "amount": "30"}).status_code == 302
    assert shared.balances()["county/甲县"] == 1300
    assert client("拟案人").get(f"{PAGE}post/").status_code == 403


def test_the_pages_speak_english(city: datetime) -> None:
    shared.confirmed(city)
    text = shown("批准人", PAGE, "en") + shown("批准人", f"/allocations/{Allocation.objects.get().pk}/", "en")
    for words in ("Balances of the accounts", "land quota", "points 80 points, place 2", "is to be had: it does not fit", "granted in full", "held back"):
        assert words.lower() in text.lower(), words
    assert "放不下" not in text


def test_the_register_leads_to_its_quota_and_shows_what_was_granted(city: datetime) -> None:
    assert PAGE in client("拟案人").get(f"/registers/{shared.REGISTER}/").content.decode()


def test_an_officer_of_a_county_is_not_shown_what_others_get(city: datetime) -> None:
    shared.kept(city)
    for address in (PAGE, f"{PAGE}draft/", f"/allocations/{Allocation.objects.get().pk}/"):
        assert client("县里人").get(address).status_code == 404
    assert PAGE not in client("县里人").get(f"/registers/{shared.REGISTER}/").content.decode()


def test_an_officer_of_a_county_reads_why_on_the_page_of_their_own_row(city: datetime) -> None:
    shared.request("C", city, 5, county="乙县")
    shared.confirmed(city)
    own, other = (Entry.objects.get(register=shared.REGISTER, key=key).pk for key in ("B", "C"))
    assert "优先分 80分，排第 2，申请 50.0亩；可用 40.0亩，放不下" in shown("县里人", f"/rows/{own}/?tab=quotas")
    assert client("县里人").get(f"/rows/{other}/?tab=quotas").status_code == 404
