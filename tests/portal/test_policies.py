"""The page of an enterprise: what policies give it, what it just misses, what to hand in; the same for the officer and for the enterprise itself."""

from datetime import datetime

import pytest
from django.test import Client

from bihuan import clock
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import MemberGiven, set_member, set_roles
from bihuan.foundation.models import Entry, Member
from tests.computing import firms
from tests.computing.conftest import DAY
from tests.computing.small import moment

pytestmark = pytest.mark.django_db
OWNER = "公司联系人"


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Three firms, and an account of the first."""
    at = moment(DAY)
    monkeypatch.setattr(clock, "now", lambda: at)
    firms.build(at)
    set_member(SYSTEM, MemberGiven(OWNER, OWNER, "", enterprise="第 1 公司"), at)
    set_roles(SYSTEM, OWNER, ["enterprise"], at)
    firms.firm(1, at, {"revenue": 10_000, "research": 400}, above_scale="是", size="小型", graduates="4")
    firms.firm(2, at, {"revenue": 10_000, "research": 260}, above_scale="是")
    firms.firm(3, at, {"revenue": 10_000}, above_scale="是")
    return at


def page(name: str, number: int, language: str = "zh-hans") -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(Member.objects.get(pk=name))
    return client.get(f"/rows/{Entry.objects.get(key=firms.code_of(number)).pk}/?tab=policies").content.decode()


def test_an_officer_sees_what_a_firm_gets_with_every_condition(city: datetime) -> None:
    text = page("拟表人", 1)
    assert "企业研发费用补助" in text
    assert "20万元" in text
    assert "研发占比达线：满足（研发占比 4%，要求 &gt;= 3%）" in text


def test_the_near_miss_says_how_far(city: datetime) -> None:
    assert "研发占比 2.6%，要求 &gt;= 3%，相差 0.4个百分点" in page("拟表人", 2)


def test_what_is_missing_is_asked_for(city: datetime) -> None:
    text = page("拟表人", 3)
    assert "2024 研发费用" in text
    assert "补上即可判定：" in text


def test_an_enterprise_sees_its_own_and_nobody_elses(city: datetime) -> None:
    assert "企业研发费用补助" in page(OWNER, 1)
    assert "研发占比" not in page(OWNER, 2)


def test_the_policies_of_the_register_stand_against_their_money(city: datetime) -> None:
    client = Client()
    client.force_login(Member.objects.get(pk="拟表人"))
    text = client.get(f"/policies/{firms.REGISTER}/?near=research").content.decode()
    assert "企业研发费用补助" in text
    assert "1,500万元" in text
    assert firms.code_of(2) in text
    assert "相差 0.4个百分点" in text


def test_an_officer_of_a_county_counts_what_is_theirs(city: datetime) -> None:
    set_member(SYSTEM, MemberGiven("乙县经办", "乙县经办", "乙县"), city)
    set_roles(SYSTEM, "乙县经办", ["officer"], city)
    client = Client()
    client.force_login(Member.objects.get(pk="乙县经办"))
    text = client.get(f"/policies/{firms.REGISTER}/?near=research").content.decode()
    assert "只计您负责的范围" in text
    assert firms.code_of(2) not in text
    assert ">20万元<" not in text
