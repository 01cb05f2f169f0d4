"""Signing in and out: the same answer for everybody who is refused, a lock after too many tries, a new key for every session."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from bihuan import clock
from bihuan.foundation.actions import end_sessions, set_roles
from bihuan.foundation.models import Event
from tests.portal import town
from tests.portal.conftest import SignIn


@pytest.fixture
def later(small_town: None, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Move the clock on by some minutes."""
    moment = [town.NOW]
    monkeypatch.setattr(clock, "now", lambda: moment[0])

    def move(minutes: int) -> datetime:
        moment[0] += timedelta(minutes=minutes)
        return moment[0]

    return move


def enter(client: Client, username: str, password: str = town.PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    return client.post("/login/", {"username": username, "password": password, **more})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(("username", "first"), [("shi", "/desk/"), ("ling", "/board/"), ("qi", "/mine/"), ("shen", "/ledger/"), ("xi", "/registers/")])
def test_everybody_begins_where_their_work_is(small_town: None, username: str, first: str) -> None:
    client = Client()
    assert enter(client, username).headers["Location"] == first
    assert client.get("/").headers["Location"] == first
    assert Event.objects.filter(kind="member.signed_in", actor=username).count() == 1


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(small_town: None) -> None:
    wrong, unknown = enter(Client(), "shi", "not the password"), enter(Client(), "nobody-of-that-name", "not the password")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.context["errors"] == unknown.context["errors"]
    assert wrong.content.decode().replace('value="shi"', "").count("账号或密码不对") == 1


def test_five_failures_lock_an_account_for_a_quarter_of_an_hour(later) -> None:  # type: ignore[no-untyped-def]
    client = Client()
    for _ in range(5):
        enter(client, "shi", "guess")
    assert enter(client, "shi").status_code == 422, "the right password does not open a locked account"
    assert Event.objects.filter(kind="member.locked_out").count() == 1
    assert enter(Client(REMOTE_ADDR="10.0.0.9"), "wei").status_code == 302, "others go on"
    later(14)
    assert enter(client, "shi").status_code == 422
    later(2)
    assert enter(client, "shi").status_code == 302


def test_a_success_forgives_the_failures_before_it(later) -> None:  # type: ignore[no-untyped-def]
    for _ in range(3):
        for _ in range(4):
            enter(Client(), "shi", "guess")
        assert enter(Client(), "shi").status_code == 302
        later(1)


def test_a_source_that_tries_many_names_is_locked_and_leaves_no_unknown_name_in_the_ledger(small_town: None) -> None:
    for number in range(25):
        enter(Client(), f"name-{number}", "guess")
    assert enter(Client(), "shi").status_code == 422
    assert not Event.objects.filter(kind="member.locked_out", body__contains="name-").exists()


def test_a_session_gets_a_new_key_when_somebody_signs_in(small_town: None) -> None:
    client = Client()
    planted = client.session
    planted["planted"] = "by somebody else"
    planted.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
    enter(client, "shi")
    assert client.session.session_key != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()


def test_signing_out_ends_the_session_and_needs_a_form(sign_in: SignIn) -> None:
    client = sign_in("shi")
    assert client.get("/logout/").status_code == 405
    key = client.session.session_key
    answer = client.post("/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get("/desk/").headers["Location"].startswith("/login/")


def test_new_rights_and_an_order_from_outside_end_open_sessions(sign_in: SignIn) -> None:
    first, second = sign_in("wei"), sign_in("nan")
    set_roles(town.actor("an"), "wei", ["officer", "supervisor"], town.NOW)
    end_sessions(town.actor("xi"), "nan", town.NOW)
    for client in (first, second):
        assert client.get("/desk/").headers["Location"].startswith("/login/")


def test_after_signing_in_one_goes_on_inside_this_site_only(small_town: None) -> None:
    assert enter(Client(), "shi", next="/registers/city.works/?q=W").headers["Location"] == "/registers/city.works/?q=W"
    for outside in ("https://example.com/", "//example.com/", "javascript:alert(1)", "/\\example.com"):
        assert enter(Client(), "shi", next=outside).headers["Location"] == "/desk/"


def test_one_click_demo_people_exist_in_a_demo_city_only(small_town: None) -> None:
    assert Client().post("/demo/", {"as": "shi"}).status_code == 404
    assert Client().get("/login/").context["demo"] == []
    with override_settings(BIHUAN_DEMO=True):
        offered = {card["username"] for card in Client().get("/login/").context["demo"]}
        assert len(offered) == 3
        for username in offered:
            client = Client()
            assert client.post("/demo/", {"as": username}).status_code == 302
            assert signed_in(client)
        assert Client().post("/demo/", {"as": "shen"}).status_code == 404, "only those on offer"


def test_a_page_speaks_the_language_one_has_chosen(sign_in: SignIn) -> None:
    client = sign_in("shi")
    assert "我的工作台" in client.get("/desk/").content.decode()
    client.post("/language/", {"language": "en", "next": "/desk/"})
    page = client.get("/registers/city.works/").content.decode()
    assert '<html lang="en"' in page
    assert "Key works" in page
