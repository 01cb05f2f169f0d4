"""Doing one thing to many rows through the pages: choose, preview, confirm, take back."""

import re

import pytest
from django.test import Client

from bihuan.foundation.actions import Edit, change_entry
from bihuan.foundation.ledger import head
from bihuan.foundation.models import Assignment, Entry
from tests.portal import town
from tests.portal.conftest import SignIn

BULK = "/registers/city.works/bulk/"


def ids(*keys: str) -> str:
    return ",".join(str(town.work(key).pk) for key in keys)


def agreed(page: str) -> str:
    found = re.search(r'name="agreed" value="(\w{64})"', page)
    assert found, page
    return found[1]


def previewed(client: Client, **sent: str) -> str:
    answer = client.post(BULK, sent)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_bar_offers_what_this_person_may_do(sign_in: SignIn) -> None:
    assert [f'value="{act}"' in sign_in("wei").get("/registers/city.works/").content.decode() for act in ("change", "move", "assign")] == [True] * 3
    assert 'id="bulk"' not in sign_in("qi").get("/registers/city.works/").content.decode()


def test_a_field_of_many_rows_is_changed_after_a_preview(sign_in: SignIn) -> None:
    client, before = sign_in("wei"), head()
    sent = {"act": "change", "what": "industry", "picks": ids("W-10", "W-11"), "row.industry": "交通", "reason": "口径统一"}
    page = previewed(client, **sent)
    assert head() == before
    assert "将改动 2 条" in page
    assert "<del>制造</del>" in page
    answer = client.post(BULK, {**sent, "agreed": agreed(page)}, follow=True)
    assert "改动 2 条，已记入台账" in answer.content.decode()
    assert {town.work(key).data["industry"] for key in ("W-10", "W-11")} == {"交通"}


def test_all_rows_of_a_query_are_changed_and_strange_ones_named(sign_in: SignIn) -> None:
    page = previewed(sign_in("shi"), act="change", what="industry", all="1", query="f.industry=制造", **{"row.industry": "交通"})
    assert "将改动 4 条" in page
    north = previewed(sign_in("wei"), act="change", what="county", all="1", query="", **{"row.county": town.SOUTH})
    assert "不在您的职责范围内" in north
    assert "确认，改" not in north


def test_rows_of_another_county_cannot_even_be_picked(sign_in: SignIn) -> None:
    answer = sign_in("wei").get(BULK, {"act": "change", "what": "industry", "pick": ids("W-20")})
    assert answer.status_code == 302
    page = previewed(sign_in("wei"), act="change", what="industry", picks=ids("W-10", "W-20"), **{"row.industry": "交通"})
    assert town.CANARY[town.SOUTH] not in page


def test_the_confirmation_of_an_old_preview_is_a_conflict_that_shows_how_it_stands(sign_in: SignIn) -> None:
    client = sign_in("wei")
    sent = {"act": "change", "what": "industry", "picks": ids("W-10", "W-11"), "row.industry": "交通"}
    old = agreed(previewed(client, **sent))
    change_entry(town.actor("shi"), town.WORKS, "W-11", Edit({"estimate": "7"}, town.work("W-11").version), town.NOW)
    before = head()
    answer = client.post(BULK, {**sent, "agreed": old})
    assert (answer.status_code, head()) == (409, before)
    page = answer.content.decode()
    assert "什么都没有写入" in page
    assert client.post(BULK, {**sent, "agreed": agreed(page)}).status_code == 302


def test_moving_many_says_who_is_refused_and_why(sign_in: SignIn) -> None:
    client = sign_in("wei")
    choice = client.get(BULK, {"act": "move", "picks": ids("W-10", "W-11")}).content.decode()
    assert "开工（到在建）：1 条" in choice
    sent = {"act": "move", "what": "start", "picks": ids("W-10", "W-11"), "row.started_on": "2025-07-08"}
    page = previewed(client, **sent)
    assert "将改动 1 条，1 条不能办" in page
    assert "须按顺序办理，不得跳步" in page
    answer = client.post(BULK, {**sent, "agreed": agreed(page)}, follow=True)
    assert town.work("W-11").state == "building"
    assert "办理不能退回" in answer.content.decode()


def test_somebody_is_put_in_charge_of_many(sign_in: SignIn) -> None:
    client = sign_in("wei")
    sent = {"act": "assign", "what": "works.leader", "picks": ids("W-10", "W-11"), "member": "qin", "from_day": "2025-07-08", "reason": "调整", "approver": "du"}
    page = previewed(client, **sent)
    assert "凌市长" in page
    client.post(BULK, {**sent, "agreed": agreed(page)})
    assert Assignment.objects.filter(member="qin", to_day__isnull=True).count() == 2


def test_a_change_is_taken_back_from_its_page(sign_in: SignIn) -> None:
    client = sign_in("wei")
    sent = {"act": "change", "what": "industry", "picks": ids("W-10", "W-11"), "row.industry": "交通"}
    done = client.post(BULK, {**sent, "agreed": agreed(previewed(client, **sent))}, follow=True).content.decode()
    undo = re.search(r'href="([^"]*act=undo[^"]*)"', done)
    assert undo
    page = client.get(undo[1].replace("&amp;", "&")).content.decode()
    assert "将改动 2 条" in page
    client.post(BULK, {"act": "undo", "what": undo[1].rpartition("=")[2], "agreed": agreed(page)})
    assert {entry.data["industry"] for entry in Entry.objects.filter(key__in=["W-10", "W-11"])} == {"制造"}


def test_the_whole_preview_is_a_file(sign_in: SignIn) -> None:
    sent = {"act": "change", "what": "name", "picks": ids("W-10", "W-11"), "row.name": "=同名", "as": "csv"}
    text = sign_in("wei").post(BULK, sent).content.decode("utf-8-sig")
    assert "W-10,鹤鸣湖工程0,名称,鹤鸣湖工程0,'=同名," in text
    assert "已经登记过" not in text.splitlines()[1]


@pytest.mark.parametrize("sent", [{"act": "nothing"}, {"act": "undo", "what": "x"}])
def test_what_is_not_offered_is_not_there(sign_in: SignIn, sent: dict[str, str]) -> None:
    assert sign_in("wei").get(BULK, sent).status_code == 404


def test_a_wrong_value_is_shown_at_its_field(sign_in: SignIn) -> None:
    answer = sign_in("wei").post(BULK, {"act": "change", "what": "estimate", "picks": ids("W-10"), "row.estimate": "千万"})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
