"""The page of an enterprise: what policies give it, what it just misses, what to hand in; the same for the officer and for the enterprise itself."""

import json
import threading
from datetime import datetime

import pytest
from django.test import Client

from bihuan import clock
from bihuan.computing.facts import Progress
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import (
    FigureGiven,
    Incoming,
    MemberGiven,
    record_entries,
    record_figures,
    set_member,
    set_roles,
    tell_apart,
)
from bihuan.foundation.models import Entry, Member, PayList
from bihuan.portal import policies, working
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
    assert "研发占比达线：满足（研发占比 4%，要求不低于 3%）" in text


def test_the_near_miss_says_how_far(city: datetime) -> None:
    assert "研发占比 2.6%，要求不低于 3%，相差 0.4个百分点" in page("拟表人", 2)


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
    assert "本年资金（元）" in text
    assert "15,000,000" in text
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
    assert ">200,000<" not in text


# --- from a run to what is paid


def asked(name: str, address: str, **given: str) -> tuple[int, str]:
    client = Client()
    client.force_login(Member.objects.get(pk=name))
    answer = client.post(address, given) if given else client.get(address)
    return answer.status_code, b"".join(answer).decode("utf-8", "replace")


def test_a_list_is_drafted_reviewed_and_confirmed_on_its_page_by_three_people(city: datetime) -> None:
    status, text = asked("拟表人", f"/policies/{firms.REGISTER}/")
    assert "拟兑付表" in text
    status, _ = asked("拟表人", f"/policies/{firms.REGISTER}/draft/", on="2025-07-08", title="上半年兑付表")
    paylist = PayList.objects.get()
    assert (status, paylist.title, paylist.state) == (302, "上半年兑付表", "drafted")
    page_of = f"/payments/{paylist.pk}/"
    assert firms.code_of(1) in asked("批准人", page_of)[1]
    assert asked("批准人", f"{page_of}confirm/")[0] == 404  # nobody reviewed it
    assert asked("复核人", f"{page_of}review/", sure="1")[0] == 302
    assert "重算一致后确认兑付" not in asked("复核人", page_of)[1]
    status, text = asked("复核人", f"{page_of}confirm/", sure="1")
    assert status == 422
    assert "不能是同一个人" in text
    assert asked("批准人", f"{page_of}confirm/", sure="1")[0] == 302
    assert PayList.objects.get().state == "confirmed"


def test_a_list_with_two_rows_that_are_probably_one_firm_says_so_until_somebody_decided(city: datetime) -> None:
    same = {"above_scale": "是", "address": "甲县人民路 8 号", "phone": "13912345678"}
    firms.firm(21, city, {"revenue": 10_000, "research": 400}, name="甲县宏业化工有限公司", **same)
    again = {"name": "宏业化工（甲县）有限责任公司", "county": "甲县", **firms.CLEAN, **same}
    second = record_entries(SYSTEM, firms.REGISTER, [Incoming(again)], city)[0]
    record_figures(SYSTEM, firms.REGISTER, [FigureGiven(second.key, field, "2024", value) for field, value in (("revenue", 10_000), ("research", 400))], city)
    asked("拟表人", f"/policies/{firms.REGISTER}/draft/", on="2025-07-08", title="兑付表")
    here = f"/payments/{PayList.objects.get().pk}/"
    client = Client()
    client.force_login(Member.objects.get(pk="复核人"))
    assert "表中有 1 对疑似同一户" in client.get(here).content.decode()
    tell_apart(SYSTEM, firms.REGISTER, (firms.code_of(21), second.key), city)
    assert "疑似同一户" not in client.get(here).content.decode()


def test_a_list_whose_data_moved_is_not_confirmed_on_its_page_either(city: datetime) -> None:
    asked("拟表人", f"/policies/{firms.REGISTER}/draft/", on="2025-07-08", title="兑付表")
    page_of = f"/payments/{PayList.objects.get().pk}/"
    asked("复核人", f"{page_of}review/", sure="1")
    record_figures(SYSTEM, firms.REGISTER, [FigureGiven(firms.code_of(1), "research", "2024", 500)], city)
    status, text = asked("批准人", f"{page_of}confirm/", sure="1")
    assert status == 422
    assert "没有付款" in text
    assert PayList.objects.get().state == "reviewed"


def test_the_files_are_there_when_the_list_has_come_that_far(city: datetime) -> None:
    asked("拟表人", f"/policies/{firms.REGISTER}/draft/", on="2025-07-08", title="兑付表")
    page_of = f"/payments/{PayList.objects.get().pk}/"
    assert asked("批准人", f"{page_of}public.xlsx")[0] == 404
    asked("复核人", f"{page_of}review/", sure="1")
    assert asked("批准人", f"{page_of}public.xlsx")[0] == 200
    assert asked("批准人", f"{page_of}payment.json")[0] == 404
    asked("批准人", f"{page_of}confirm/", sure="1")
    status, text = asked("批准人", f"{page_of}payment.json")
    assert (status, json.loads(text)["total"]) == (200, PayList.objects.get().total)
    assert asked("批准人", f"{page_of}payment.xlsx")[0] == 200


def test_who_sees_a_part_of_the_rows_sees_no_list_of_all(city: datetime) -> None:
    asked("拟表人", f"/policies/{firms.REGISTER}/draft/", on="2025-07-08", title="兑付表")
    set_member(SYSTEM, MemberGiven("乙县经办", "乙县经办", "乙县"), city)
    set_roles(SYSTEM, "乙县经办", ["officer"], city)
    assert asked("乙县经办", f"/payments/{PayList.objects.get().pk}/")[0] == 404
    assert "拟兑付表" not in asked("乙县经办", f"/policies/{firms.REGISTER}/")[1]


def test_a_long_run_says_how_far_it_is(city: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go = threading.Event()

    def slow(told: Progress) -> str:
        told(3, 49)
        let_go.wait(20)
        return "算完"

    monkeypatch.setattr(working, "PATIENCE", 0.05)
    work = working.on("一项长活", slow, large=True)
    assert not work.done
    words = policies.working_words(work, "/there/")
    assert words is not None
    assert (words["part"], words["of"], words["percent"]) == (3, 49, 6)
    let_go.set()
    monkeypatch.setattr(working, "PATIENCE", 20)
    assert working.on("一项长活", slow, large=True).result == "算完"


def test_work_that_failed_says_so_and_is_begun_again(city: datetime) -> None:
    def wrong(told: Progress) -> str:
        raise ValueError("没有这一列")

    assert working.on("算不出来的", wrong, large=True).failed
    assert working.on("算不出来的", lambda told: "好了", large=True).result == "好了"
