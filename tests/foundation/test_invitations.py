"""Invitations: one door, once, for some days, and for nobody but an enterprise or a citizen."""

from datetime import timedelta

import pytest

from bihuan.foundation.actions import Forbidden, Rejected
from bihuan.foundation.actions.invitations import MOST_OPEN, InvitationGiven, accept_invitation, invite, open_invitation, revoke_invitation
from bihuan.foundation.models import Event, Invitation, Member
from tests.foundation.city import NOW, actor

pytestmark = [pytest.mark.usefixtures("small_city")]

PASSWORD = "long-enough-Pass-1"


def made(who: str = "王县", **more: object) -> tuple[Invitation, str]:
    given = {"role": "enterprise", "enterprise": "丙公司", "name": "李三", **more}
    return invite(actor(who), InvitationGiven(**given), NOW)  # type: ignore[arg-type]


def test_whoever_is_invited_chooses_a_name_and_a_password_and_belongs_to_that_enterprise() -> None:
    invitation, token = made()
    member = accept_invitation(token, "li.san", PASSWORD, NOW)
    assert (member.enterprise, member.check_password(PASSWORD)) == ("丙公司", True)
    assert Member.objects.get(pk="li.san").roles == ["enterprise"]
    invitation.refresh_from_db()
    assert (invitation.state, invitation.username) == ("used", "li.san")


def test_it_works_once_and_not_after_its_days_and_not_once_taken_back() -> None:
    _one, token = made()
    accept_invitation(token, "li.san", PASSWORD, NOW)
    with pytest.raises(Rejected, match="已使用"):
        accept_invitation(token, "li.si", PASSWORD, NOW)
    _two, late = made(days=3)
    assert open_invitation(late, NOW + timedelta(days=2))
    with pytest.raises(Rejected, match="已过期"):
        accept_invitation(late, "li.si", PASSWORD, NOW + timedelta(days=3))
    three, back = made()
    revoke_invitation(actor("王县"), three.pk, NOW)
    with pytest.raises(Rejected, match="已撤回"):
        accept_invitation(back, "li.si", PASSWORD, NOW)
    assert not Member.objects.filter(pk="li.si").exists()


def test_the_ledger_and_the_tables_hold_neither_the_token_nor_the_name_in_clear() -> None:
    _invitation, token = made()
    bodies = "".join(Event.objects.values_list("body", flat=True))
    assert token not in bodies
    assert "李三" not in bodies
    assert token not in str(list(Invitation.objects.values()))


def test_a_name_that_is_taken_and_a_weak_password_make_nothing() -> None:
    _invitation, token = made()
    with pytest.raises(Rejected, match="已有人用"):
        accept_invitation(token, "甲企", PASSWORD, NOW)
    with pytest.raises(Rejected):
        accept_invitation(token, "li.san", "short", NOW)
    assert not Member.objects.filter(pk="li.san").exists()
    assert accept_invitation(token, "li.san", PASSWORD, NOW), "it still holds"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"role": "officer", "enterprise": ""}, "只能邀请"), ({"enterprise": " "}, "须写明企业名称"), ({"role": "citizen"}, "须写明企业名称"),
        ({"days": 0}, "有效期"), ({"days": 31}, "有效期"),
    ],
)  # fmt: skip
def test_what_cannot_be_invited(given: dict[str, object], words: str) -> None:
    with pytest.raises(Rejected, match=words):
        made(**given)


def test_nobody_keeps_more_doors_open_than_they_can_watch() -> None:
    made(days=3)
    for _more in range(MOST_OPEN - 1):
        made()
    with pytest.raises(Rejected, match="还没有用的邀请"):
        made()
    assert made("李县"), "everybody has their own"
    revoke_invitation(actor("王县"), Invitation.objects.filter(made_by="王县").latest("pk").pk, NOW)
    assert made()
    later = NOW + timedelta(days=3)
    assert invite(actor("王县"), InvitationGiven("enterprise", "丙公司", "李三"), later), "one that is out of date stands open no more"


def test_who_may_invite_and_take_back() -> None:
    for who in ("甲企", "公民", "孙督", "安管", "审管"):
        with pytest.raises(Forbidden):
            made(who)
    invitation, _token = made()
    with pytest.raises(Rejected):
        revoke_invitation(actor("李县"), invitation.pk, NOW)
    assert revoke_invitation(actor("系管"), invitation.pk, NOW).state == "revoked"
