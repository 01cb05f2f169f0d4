"""Offices, accounts, rights, personal data."""

import pytest
from django.contrib.auth import authenticate

from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import (
    Forbidden,
    MemberGiven,
    OfficeGiven,
    Rejected,
    end_sessions,
    erase_member,
    locked_out,
    reveal,
    set_member,
    set_office,
    set_password,
    set_roles,
)
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Event, Member, Office, Secret
from bihuan.foundation.verify import verify
from tests.foundation.city import NOW, PROJECTS, actor, project

pytestmark = [pytest.mark.usefixtures("small_city")]

PASSWORD = "a-Long-enough-1"


def test_an_office_that_moves_takes_its_subtree_with_it() -> None:
    set_office(actor("系管"), OfficeGiven("濮阳县", "county", "发改委"), NOW)
    assert Office.objects.get(pk="城关镇").path == "/市政府/发改委/濮阳县/城关镇/"
    assert Office.objects.get(pk="清丰县").path == "/市政府/清丰县/"


@pytest.mark.parametrize(
    ("code", "parent", "said"), [("市政府", "城关镇", "不能是自己或下级"), ("台前县", "无此单位", "没有上级单位"), ("甲/乙", "", "不能含 /")]
)
def test_offices_that_cannot_be(code: str, parent: str, said: str) -> None:
    with pytest.raises(Rejected, match=said):
        set_office(actor("系管"), OfficeGiven(code, "county", parent), NOW)


def test_one_administrator_makes_accounts_another_gives_rights_a_third_reads() -> None:
    with pytest.raises(Forbidden):
        set_roles(actor("系管"), "王县", ["leader"], NOW)
    with pytest.raises(Forbidden):
        set_member(actor("安管"), MemberGiven("新人"), NOW)
    with pytest.raises(Forbidden, match="不能给自己授权"):
        set_roles(actor("安管"), "安管", ["leader"], NOW)
    with pytest.raises(Rejected, match="三员分立"):
        set_roles(actor("安管"), "王县", ["sysadmin", "auditor"], NOW)
    with pytest.raises(Rejected, match="没有角色“king”"):
        set_roles(actor("安管"), "王县", ["king"], NOW)


def test_there_is_no_account_that_may_do_everything() -> None:
    assert not hasattr(Member, "is_superuser")
    with pytest.raises(Rejected, match="不可用"):
        set_member(actor("系管"), MemberGiven(SYSTEM.username), NOW)


def test_a_password_is_set_by_oneself_or_the_system_administrator_and_never_written_down() -> None:
    set_password(actor("系管"), "王县", PASSWORD, NOW)
    assert authenticate(username="王县", password=PASSWORD)
    set_password(actor("王县"), "王县", PASSWORD + "2", NOW)
    with pytest.raises(Forbidden):
        set_password(actor("周办"), "王县", PASSWORD, NOW)
    with pytest.raises(Rejected):
        set_password(actor("王县"), "王县", "12345", NOW)
    assert not [event for event in Event.objects.all() if PASSWORD in event.body]


def test_new_rights_or_a_new_password_end_the_sessions_opened_before() -> None:
    def bound() -> str:
        return Member.objects.get(pk="王县").get_session_auth_hash()

    seen = {bound()}
    set_roles(actor("安管"), "王县", ["officer", "supervisor"], NOW)
    seen.add(bound())
    set_password(actor("系管"), "王县", PASSWORD, NOW)
    seen.add(bound())
    end_sessions(actor("王县"), "王县", NOW)
    seen.add(bound())
    set_member(actor("系管"), MemberGiven("王县", office="清丰县"), NOW)
    assert len({*seen, bound()}) == 5


def test_a_lock_out_is_on_record_and_names_only_real_accounts() -> None:
    assert body_of(locked_out("王县", NOW)) == {"username": "王县"}
    assert body_of(locked_out("我的密码123", NOW)) == {"username": ""}


def test_names_are_in_no_entry_of_the_ledger() -> None:
    project(contact="张三丰", phone="13912345678")
    bodies = "".join(Event.objects.values_list("body", flat=True))
    assert "本名" not in bodies
    assert "张三丰" not in bodies
    assert "13912345678" not in bodies
    assert Member.objects.get(pk="王县").name == "王县本名"


def test_the_same_name_twice_has_two_commitments() -> None:
    """So that nobody can tell from the ledger that two people have the same phone."""
    project("P-001", phone="13912345678")
    project("P-002", phone="13912345678")
    assert Secret.objects.filter(value='"13912345678"').count() == 2


def test_looking_at_a_phone_is_on_record_with_its_reason() -> None:
    project(phone="13912345678")
    assert reveal(actor("王县"), PROJECTS, "P-001", "phone", "联系业主", NOW) == "13912345678"
    event = Event.objects.latest("seq")
    assert (event.kind, event.actor, body_of(event)["reason"]) == ("personal.revealed", "王县", "联系业主")
    for who, field, reason in (("李县", "phone", "看看"), ("陈领", "phone", "看看")):
        with pytest.raises(Forbidden):
            reveal(actor(who), PROJECTS, "P-001", field, reason, NOW)
    with pytest.raises(Rejected, match="须写明理由"):
        reveal(actor("王县"), PROJECTS, "P-001", "phone", " ", NOW)
    with pytest.raises(Rejected, match="不是个人信息"):
        reveal(actor("王县"), PROJECTS, "P-001", "name", "看看", NOW)


def test_a_forgotten_person_has_no_name_and_no_account() -> None:
    erase_member(actor("安管"), "周办", "离职", NOW)
    member = Member.objects.get(pk="周办")
    assert (member.name, member.is_active) == ("", False)
    assert actor("周办").roles == frozenset()
    assert verify().sound
