"""The search: by characters, pinyin and codes; what a person may not see is not found, however they ask."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from bihuan.computing import names, pinyin
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import Edit, change_entry, withdraw_entry
from bihuan.foundation.models import Duty, Paper
from tests.portal import town
from tests.portal.conftest import SignIn

NORTH_WORD, SOUTH_WORD = town.CANARY[town.NORTH], town.CANARY[town.SOUTH]
PALETTE = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "found"}


def titles(client: object, asked: str) -> list[str]:
    page = client.get("/search/", {"q": asked})  # type: ignore[attr-defined]
    assert page.status_code == 200
    return [result["title"] for group in page.context["groups"] for result in group["results"]]


@pytest.mark.parametrize("asked", [NORTH_WORD, "hmh", "heming", "hminghgc", "HMHGC0", "w-10", f"W-1 {NORTH_WORD}", "bfgs"])
def test_a_row_is_found_by_characters_pinyin_code_and_enterprise(sign_in: SignIn, asked: str) -> None:
    assert f"{NORTH_WORD}工程0" in titles(sign_in("shi"), asked)


@pytest.mark.parametrize("asked", ["", "   ", "zzzzqq", "%", "'", '"; DROP TABLE names; --', "(", "a" * 500, "\\", "[", "hm h"])
def test_whatever_is_asked_gets_a_page(sign_in: SignIn, asked: str) -> None:
    client = sign_in("shi")
    assert client.get("/search/", {"q": asked}).status_code == 200
    assert client.get("/search/", {"q": asked}, **PALETTE).status_code == 200


@pytest.mark.parametrize("asked", [SOUTH_WORD, "yql", "yanqiling", "W-2", "南县", "xmb"])
@pytest.mark.parametrize("username", ["wei", "qi", "min"])
def test_what_may_not_be_seen_is_not_found(sign_in: SignIn, username: str, asked: str) -> None:
    client = sign_in(username)
    for answer in (client.get("/search/", {"q": asked}), client.get("/search/", {"q": asked}, **PALETTE)):
        found = re.sub(r"<(input|form)[^>]*>|<h1>.*?</h1>|<title>.*?</title>", "", answer.content.decode())
        assert SOUTH_WORD not in found


def test_every_result_opens(sign_in: SignIn) -> None:
    """For everybody who may search: what is found is theirs to open, and nothing they may not open was found."""
    met = 0
    opened: set[tuple[str, str]] = set()
    for username in ("wei", "nan", "shi", "du", "ling", "qi", "min"):
        client = sign_in(username)
        for asked in ("gc", "工程", "xz", "督", "2025", "县", "wei", "民"):
            page = client.get("/search/", {"q": asked})
            for result in [result for group in page.context["groups"] for result in group["results"]]:
                met += 1
                if (username, result["href"]) not in opened:
                    assert client.get(result["href"]).status_code == 200, (username, asked, result)
                    opened.add((username, result["href"]))
    assert met > 100


def test_duties_papers_offices_people_and_pages_are_found_by_who_may_open_them(sign_in: SignIn) -> None:
    duty = Duty.objects.filter(entry__key="W-10", closed_on__isnull=True).first()
    paper = Paper.objects.filter(entry__key="W-10").first()
    assert duty
    assert paper
    by_kind = {"任务": duty.title[:4], "公文": "关于鹤鸣湖", "单位": "beixian", "人员": "weibei", "页面": "工作台"}
    page = sign_in("wei").get("/search/", {"q": "bx"})
    assert [group["title"] for group in page.context["groups"]] == ["单位"]
    for title, asked in by_kind.items():
        groups = [group["title"] for group in sign_in("wei").get("/search/", {"q": asked}).context["groups"]]
        assert title in groups, (title, groups)
        assert not {"公文", "单位", "人员"} & {group["title"] for group in sign_in("qi").get("/search/", {"q": asked}).context["groups"]}


def test_a_person_leads_to_what_they_carry_as_far_as_one_sees_it(sign_in: SignIn) -> None:
    held = titles(sign_in("shi"), "")  # without words: the pages there are
    assert "我的工作台" in held
    everything = sign_in("shi").get("/search/?carried=ling").context["groups"][0]
    assert everything["title"] == "凌市长负责的"
    assert len(everything["results"]) == 2
    northern = sign_in("wei").get("/search/?carried=ling").context["groups"][0]["results"]
    assert [one["title"] for one in northern] == [f"{NORTH_WORD}工程0"]
    assert sign_in("wei").get("/search/?carried=qi").context["carrier"] == ""
    assert sign_in("qi").get("/search/?carried=ling").context["carrier"] == ""


def test_the_index_follows_the_ledger(sign_in: SignIn) -> None:
    client = sign_in("shi")
    entry = town.work("W-11")
    assert titles(client, "shuijing") == []
    change_entry(SYSTEM, town.WORKS, "W-11", Edit({"name": "水晶宫"}, entry.version), town.NOW)
    assert titles(client, "shuijing") == ["水晶宫", "开工时限：水晶宫"]
    withdraw_entry(SYSTEM, town.WORKS, "W-11", "重复", town.NOW)
    assert titles(client, "shuijing") == []


def test_the_match_is_marked(sign_in: SignIn) -> None:
    page = sign_in("shi").get("/search/", {"q": "hmh"}, **PALETTE)
    assert f"<mark>{NORTH_WORD}</mark>工程0" in page.content.decode()


def test_a_search_asks_as_much_of_many_rows_as_of_few(sign_in: SignIn) -> None:
    client = sign_in("wei")

    def asked() -> int:
        client.get("/search/", {"q": "gongcheng"}, **PALETTE)
        with CaptureQueriesContext(connection) as captured:
            client.get("/search/", {"q": "gongcheng"}, **PALETTE)
        return len(captured)

    few = asked()
    town.works(200, town.NORTH, "W-7")
    assert asked() == few <= 16


# --- pinyin


@pytest.mark.parametrize(
    ("text", "camel"),
    [("重大项目", "ZhongDaXiangMu"), ("银行", "YinHang"), ("重庆", "ChongQing"), ("年产10万吨", "NianChan10WanDun"), ("（省道）A线", "ShengDaoAXian"), ("", "")],
)
def test_a_text_is_kept_as_it_is_said(text: str, camel: str) -> None:
    assert pinyin.camel(text) == camel


@given(st.text(alphabet="重大项目银行濮阳县产业园（）AB12 ·", min_size=1, max_size=12), st.data())
def test_any_stretch_of_a_text_is_heard_by_its_initials_and_by_its_syllables(text: str, data: st.DataObject) -> None:
    sounds = [sound for sound in pinyin.syllables(text) if sound]
    if not sounds:
        return
    first = data.draw(st.integers(0, len(sounds) - 1))
    last = data.draw(st.integers(first + 1, len(sounds)))
    for letters in ("".join(sound[0] for sound in sounds[first:last]), "".join(sounds[first:last])):
        if len(letters) <= pinyin.LONGEST:
            span = pinyin.heard(text, letters.lower())
            assert span is not None
            assert 0 <= span[0] < span[1] <= len(text)


def test_the_table_is_read_again_where_the_ledger_is_another(small_town: None) -> None:
    held = names.current()
    held.connection.execute("DELETE FROM names")
    held.hash = "0" * 63 + "1"
    assert names.current().connection.execute("SELECT count(*) > 0 FROM names").fetchall() == [(True,)]


def test_a_visitor_is_shown_no_search_that_only_asks_to_sign_in(sign_in: SignIn) -> None:
    assert 'role="search"' not in Client().get("/open/").content.decode()
    assert 'role="search"' in sign_in("min").get("/open/").content.decode()
