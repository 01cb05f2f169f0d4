"""Setting up a real city from the command line: offices, the three administrators, and then everybody else by them."""

import io

import pytest

from bihuan.command import main
from bihuan.foundation.models import Event, Member, Office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_LANGUAGE", "en")


@pytest.fixture
def administrators() -> None:
    main(["member", "wang.sys"])
    main(["member", "li.sec", "--name", "李示例"])
    main(["roles", "wang.sys", "sysadmin"])
    main(["roles", "li.sec", "secadmin"])


def test_a_city_with_nobody_in_it_gets_its_offices_and_first_administrators() -> None:
    assert main(["office", "闭环市", "--kind", "city"]) == 0
    assert main(["office", "东山县", "--kind", "county", "--above", "闭环市", "--english", "Dongshan"]) == 0
    assert main(["member", "wang.sys", "--name", "王示例", "--office", "闭环市"]) == 0
    assert main(["roles", "wang.sys", "sysadmin"]) == 0
    assert Office.objects.get(pk="东山县").path == "/闭环市/东山县/"
    assert Member.objects.get(pk="wang.sys").roles == ["sysadmin"]
    assert set(Event.objects.values_list("actor", flat=True)) == {"bihuan"}


def test_once_there_is_an_administrator_the_command_line_acts_as_them(administrators: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["member", "zhang.san"]) == 3
    assert "--as wang.sys" in capsys.readouterr().err
    assert main(["member", "zhang.san", "--as", "wang.sys"]) == 0
    assert main(["roles", "zhang.san", "officer", "--as", "wang.sys"]) == 3
    assert main(["roles", "zhang.san", "officer", "--as", "li.sec"]) == 0
    assert Member.objects.get(pk="zhang.san").roles == ["officer"]
    assert Event.objects.latest("seq").actor == "li.sec"


def test_no_account_is_two_administrators(administrators: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["member", "zhao.two", "--as", "wang.sys"]) == 0
    assert main(["roles", "zhao.two", "sysadmin", "auditor", "--as", "li.sec"]) == 1
    assert "separate" in capsys.readouterr().err
    assert Member.objects.get(pk="zhao.two").roles == []


def test_a_password_comes_from_standard_input_and_a_weak_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse 9 staple\n"))
    assert main(["member", "wang.sys", "--password"]) == 0
    assert Member.objects.get(pk="wang.sys").check_password("correct horse 9 staple")
    monkeypatch.setattr("sys.stdin", io.StringIO("1234567890\n"))
    assert main(["member", "wang.sys", "--password"]) == 1
    assert Member.objects.get(pk="wang.sys").check_password("correct horse 9 staple")


def test_what_is_not_said_stays(administrators: None) -> None:
    main(["office", "闭环市", "--kind", "city", "--as", "wang.sys"])
    main(["office", "东山县", "--kind", "county", "--above", "闭环市", "--as", "wang.sys"])
    assert main(["office", "东山县", "--english", "Dongshan", "--as", "wang.sys"]) == 0
    assert Office.objects.get(pk="东山县").path == "/闭环市/东山县/"
    assert main(["member", "li.sec", "--office", "东山县", "--language", "en", "--as", "wang.sys"]) == 0
    member = Member.objects.get(pk="li.sec")
    assert (member.name, member.office_id, member.language, member.roles) == ("李示例", "东山县", "en", ["secadmin"])
    assert main(["office", "西山县", "--as", "wang.sys"]) == 2


def test_a_closed_account_and_one_that_never_was_act_for_nobody(administrators: None) -> None:
    assert main(["member", "li.sec", "--close", "--as", "wang.sys"]) == 0
    assert main(["roles", "wang.sys", "--as", "li.sec"]) == 3
    assert main(["roles", "wang.sys", "--as", "nobody"]) == 3
