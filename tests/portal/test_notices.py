"""Notices: what came up for whom, up to when it was read, and a bell that knows when to look again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan import clock
from bihuan.computing import follow
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import Charge, Incoming, Step, assign, move, receive_upload, record_entries, settle_upload
from bihuan.foundation.models import Member, Paper, Preference
from tests.portal import town
from tests.portal.conftest import SignIn

NORTH_WORD, SOUTH_WORD = town.CANARY[town.NORTH], town.CANARY[town.SOUTH]


def titles(client: object, **asked: str) -> list[str]:
    page = client.get("/notices/", asked)  # type: ignore[attr-defined]
    assert page.status_code == 200
    return [one["title"] for day in page.context["days"] for one in day["notices"]]


def unread(client: object) -> int:
    return int(client.get("/notices/").context["unread"])  # type: ignore[attr-defined]


def test_whoever_is_put_in_charge_is_told_so_and_where(sign_in: SignIn) -> None:
    client = sign_in("qin")
    assert not [title for title in titles(client) if title.startswith("指定您")]
    assign(SYSTEM, town.WORKS, "W-11", Charge("leader", "qin"), town.NOW)
    assert f"指定您为包联领导：{NORTH_WORD}工程1" in titles(client)
    page = client.get("/notices/")
    told = next(one for day in page.context["days"] for one in day["notices"] if one["title"].startswith("指定您"))
    assert told["unread"]
    assert client.get(told["href"]).context["entry"]["key"] == "W-11"


def test_an_officer_is_told_of_new_duties_and_of_those_overdue(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in("nan")
    assert any(title.startswith("新任务：开工时限") for title in titles(client))
    later = town.NOW + timedelta(days=29)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert any(title.startswith("已逾期：") for title in titles(client))


def test_the_leader_who_carries_a_row_is_told_of_its_light_and_of_moves_by_others(sign_in: SignIn) -> None:
    client = sign_in("ling")
    assert any(title.startswith("进度灯转") and NORTH_WORD in title for title in titles(client, sort="rows"))
    record_entries(SYSTEM, town.MEETINGS, [Incoming({"work": "W-10", "county": town.NORTH, "result": "未果"})], town.NOW)
    follow.catch_up(town.NOW)
    assert f"挂牌转红灯：{NORTH_WORD}工程0" in titles(client)


def test_an_enterprise_is_told_how_its_own_rows_move_and_nothing_of_others(sign_in: SignIn) -> None:
    client = sign_in("qi")
    told = titles(client)
    assert f"进入“在建”：{NORTH_WORD}工程0" in told
    assert not any(SOUTH_WORD in title for title in told)


def test_nobody_is_told_of_what_they_may_not_see(sign_in: SignIn) -> None:
    for username, word in (("wei", SOUTH_WORD), ("nan", NORTH_WORD), ("qi", SOUTH_WORD)):
        assert word not in sign_in(username).get("/notices/").content.decode()


def test_a_paper_is_told_of_to_whoever_takes_its_next_step(sign_in: SignIn) -> None:
    assert all(title.startswith("待核稿：") for title in titles(sign_in("du"), sort="papers"))
    assert titles(sign_in("ling"), sort="papers") == titles(sign_in("wei"), sort="papers") == []
    number = Paper.objects.get(entry=town.work()).pk
    sign_in("du").post(f"/papers/{number}/check/")
    assert [title[:4] for title in titles(sign_in("ling"), sort="papers")] == ["待签发："]
    sign_in("ling").post(f"/papers/{number}/sign/")
    assert "待印发：" in {title[:4] for title in titles(sign_in("du"), sort="papers")}


def test_what_was_read_stays_read_and_what_comes_later_does_not(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in("ling")
    assert unread(client) > 0
    client.post("/notices/read/", {"up_to": town.NOW.isoformat()})
    assert unread(client) == 0
    later = town.NOW + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assign(SYSTEM, town.WORKS, "W-21", Charge("leader", "ling"), later)
    assert unread(client) == 1
    assert client.get("/desk/").context["shell"]["notices"]["count"] == 1
    client.post("/notices/read/", {"up_to": town.NOW.isoformat()})  # a page that lay open is not allowed to unread
    assert Preference.objects.get(member="ling").read_to == town.NOW
    client.post("/notices/read/", {"up_to": "nonsense"})
    assert unread(client) == 0


def test_a_list_opened_before_something_came_does_not_mark_it_read(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in("ling")
    shown = client.get("/notices/").context["up_to"]
    later = town.NOW + timedelta(minutes=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    assign(SYSTEM, town.WORKS, "W-11", Charge("leader", "ling"), later)
    client.post("/notices/read/", {"up_to": shown})
    assert unread(client) == 1


def test_the_page_asks_whether_the_ledger_has_moved_and_is_told_by_a_tag(sign_in: SignIn) -> None:
    client = sign_in("wei")
    first = client.get("/moved/")
    assert first.status_code == 204
    assert client.get("/moved/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    move(SYSTEM, town.WORKS, "W-11", Step("start", 1, {"started_on": "2025-07-08"}), town.NOW)
    again = client.get("/moved/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["ETag"] != first["ETag"]) == (204, True)
    assert 'id="bell"' in client.get("/notices/count/").content.decode()


def test_notices_cost_the_same_for_few_rows_and_many(sign_in: SignIn) -> None:
    client = sign_in("wei")

    def asked() -> int:
        client.get("/notices/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/notices/")
        return len(captured)

    few = asked()
    town.works(120, town.NORTH, "W-8")
    for number in range(20):
        assign(SYSTEM, town.WORKS, f"W-8{number}", Charge("leader", "qin"), town.NOW)
    assert asked() == few <= 32


def test_a_sheet_that_was_recorded_is_told_to_who_sent_it(sign_in: SignIn) -> None:
    client = sign_in("wei")
    upload = receive_upload(town.actor("wei"), town.WORKS, "works.sheet", "june.csv", "编码,名称\n".encode(), town.NOW)
    assert titles(client, sort="uploads") == []
    settle_upload(town.actor("wei"), upload.pk, 3, town.NOW)
    assert titles(client, sort="uploads") == ["报表已入账：june.csv"]
    assert titles(sign_in("wen"), sort="uploads") == []


# --- preferences


def test_the_size_of_type_is_remembered_with_the_person(sign_in: SignIn) -> None:
    client = sign_in("wei")
    assert 'data-type="large"' not in client.get("/desk/").content.decode()
    assert client.post("/preferences/", {"type": "large", "next": "/papers/"})["Location"] == "/papers/"
    assert 'data-type="large"' in sign_in("wei").get("/desk/").content.decode()
    assert client.post("/preferences/", {"type": ""}, headers={"X-Requested-With": "bihuan"}).status_code == 204
    assert 'data-type="large"' not in client.get("/desk/").content.decode()


def test_preferences_lead_nowhere_else(sign_in: SignIn) -> None:
    assert sign_in("wei").post("/preferences/", {"type": "", "next": "https://elsewhere.example/"})["Location"] == "/"


@pytest.mark.parametrize(("username", "face"), [("wei", "officer"), ("du", "officer"), ("ling", "leader"), ("qi", "enterprise")])
def test_a_tour_shows_itself_until_it_was_seen(sign_in: SignIn, username: str, face: str) -> None:
    client = sign_in(username)
    tour = client.get("/registers/").context["shell"]["tour"]
    assert (tour["face"], tour["shown"]) == (face, True)
    assert len(tour["steps"]) >= 5
    client.post("/preferences/", {"tour": face}, headers={"X-Requested-With": "bihuan"})
    client.post("/preferences/", {"tour": "nonsense"}, headers={"X-Requested-With": "bihuan"})
    assert not client.get("/registers/").context["shell"]["tour"]["shown"]
    assert Preference.objects.get(member=Member.objects.get(pk=username)).tours == [face]


def test_the_words_of_the_field_are_explained_in_both_languages(sign_in: SignIn) -> None:
    client = sign_in("wei")
    words = {one["word"]: one["meaning"] for one in client.get("/words/?as=json").json()}
    assert {"13710", "免申即享", "红黄绿挂牌", "包联", "分包"} <= set(words)
    english = {one["word"] for one in client.get("/words/?as=json", headers={"Accept-Language": "en"}).json()}
    assert "benefit without application" in english
    assert "免申即享" in client.get("/words/").content.decode()
