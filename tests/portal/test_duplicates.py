"""The page of likely duplicates: pairs side by side with what says so, one person's word, and the way back."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.http import HttpResponse
from django.test import Client

from bihuan import clock
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import Incoming, MemberGiven, record_entries, set_member, set_roles
from bihuan.foundation.models import Apart, Entry, Member
from bihuan.portal import duplicates, working
from tests.computing import firms
from tests.computing.conftest import DAY
from tests.computing.small import moment

pytestmark = pytest.mark.django_db

HERE = f"/duplicates/{firms.REGISTER}/"
SAME = {"legal_person": "王建国", "phone": "13912345678", "address": "甲县人民路八号"}


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """A firm written twice, another one, and an officer of another county."""
    at = moment(DAY)
    monkeypatch.setattr(clock, "now", lambda: at)
    firms.build(at)
    set_member(SYSTEM, MemberGiven("乙县复核", "乙县复核", "乙县"), at)
    set_roles(SYSTEM, "乙县复核", ["officer"], at)
    firms.firm(1, at, name="甲县宏业化工有限公司", **SAME)
    firms.firm(2, at, name="甲县远大商贸有限公司")
    again(at, "宏业化工（甲县）有限责任公司")
    return at


def again(at: datetime, name: str) -> Entry:
    row = {"name": name, "county": "甲县", **SAME, "address": "甲县人民路8号"}
    return record_entries(SYSTEM, firms.REGISTER, [Incoming(row)], at)[0]


def of(key: str) -> Entry:
    return Entry.objects.get(key=key)


@pytest.fixture
def as_(city: datetime) -> Callable[[str], Client]:
    def client(name: str, language: str = "zh-hans") -> Client:
        signed_in = Client(headers={"accept-language": language})
        signed_in.force_login(Member.objects.get(pk=name))
        return signed_in

    return client


def text(answer: HttpResponse) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def links(page: str) -> list[str]:
    return [found.replace("&amp;", "&") for found in re.findall(rf'href="({HERE}[a-z]+/[^"]+)"', page)]


def test_a_pair_stands_side_by_side_with_what_agrees_and_personal_data_masked(as_: Callable[[str], Client]) -> None:
    page = text(as_("复核人").get(HERE))
    assert page.count("甲县宏业化工有限公司") >= 1
    assert "去掉地区和组织形式后相同" in page
    assert "是同一个的可能 &gt; 99.99%" in page
    assert "13912345678" not in page
    assert "139******78" in page
    assert "甲县远大商贸有限公司" not in page


def test_the_register_leads_there_and_the_page_speaks_english(as_: Callable[[str], Client]) -> None:
    assert HERE in text(as_("复核人").get(f"/registers/{firms.REGISTER}/"))
    page = text(as_("复核人", "en").get(HERE))
    assert "Likely duplicates" in page
    assert "the same without place and form" in page


def test_one_person_says_they_are_one_and_takes_it_back(as_: Callable[[str], Client]) -> None:
    du = as_("复核人")
    merging = links(text(du.get(HERE)))[0]
    form = text(du.get(merging))
    assert re.search(rf'name="kept" value="{firms.code_of(1)}" checked', form), "the row with a proper code is offered to be kept"
    versions = dict(re.findall(r'name="(version\.\d+)" value="(\d+)"', form))
    answer = du.post(merging, {"kept": firms.code_of(1), **versions}, follow=True)
    assert "没有待认定的疑似重复" in text(answer)
    gone = of("待核-2025-00001")
    assert gone.merged_into == of(firms.code_of(1))
    row = text(du.get(f"/rows/{gone.pk}/"))
    assert "这一行已并入" in row
    assert f"/rows/{gone.merged_into_id}/" in row
    back = next(href for href in links(text(answer)) if "unmerge" in href)
    assert du.post(back, {"reason": ""}).status_code == 422
    assert "是同一个，合并" in text(du.post(back, {"reason": "核实为两家"}, follow=True))
    assert of("待核-2025-00001").merged_into is None


def test_told_apart_is_remembered_and_can_be_taken_back(as_: Callable[[str], Client]) -> None:
    du = as_("复核人")
    apart = next(href for href in links(text(du.get(HERE))) if "/apart/" in href)
    page = text(du.post(apart, {"reason": "两家公司"}, follow=True))
    assert "没有待认定的疑似重复" in page
    assert "两家公司" in page
    assert Apart.objects.get().by == "复核人"
    back = next(href for href in links(page) if "reconsider" in href)
    assert "是同一个，合并" in text(du.post(back, {}, follow=True))


def test_a_row_changed_meanwhile_is_refused_in_words(as_: Callable[[str], Client]) -> None:
    du = as_("复核人")
    merging = links(text(du.get(HERE)))[0]
    answer = du.post(merging, {"kept": firms.code_of(1), f"version.{of('待核-2025-00001').pk}": 9})
    assert answer.status_code == 422
    assert "刚刚被人改过" in answer.content.decode()


def test_three_writings_are_one_group_and_some_of_them_may_be_left_out(as_: Callable[[str], Client], city: datetime) -> None:
    third = again(city, "宏业化工")
    du = as_("复核人")
    page = text(du.get(HERE))
    assert "3 行疑为同一个" in page
    merging = next(href for href in links(page) if "/merge/" in href)
    versions = dict(re.findall(r'name="(version\.\d+)" value="(\d+)"', text(du.get(merging))))
    du.post(merging, {"kept": firms.code_of(1), **versions, "merged": [third.key]})
    assert of(third.key).merged_into == of(firms.code_of(1))
    assert of("待核-2025-00001").merged_into is None


def test_who_may_not_decide_reads_without_buttons_and_is_refused(as_: Callable[[str], Client]) -> None:
    officer = as_("拟表人")
    assert links(text(officer.get(HERE))) == []
    pair = f"?pick={of(firms.code_of(1)).pk}&pick={of('待核-2025-00001').pk}"
    assert officer.post(f"{HERE}apart/{pair}", {}).status_code == 403
    assert not Apart.objects.exists()


def test_an_officer_of_another_county_sees_no_pair_that_is_not_theirs(as_: Callable[[str], Client]) -> None:
    page = text(as_("乙县复核").get(HERE))
    assert "宏业化工" not in page
    assert as_("乙县复核").get(f"{HERE}apart/?pick={of(firms.code_of(1)).pk}&pick={of('待核-2025-00001').pk}").status_code == 404


def test_addresses_that_name_too_few_rows_or_no_deed_are_not_there(as_: Callable[[str], Client]) -> None:
    du, number = as_("复核人"), of(firms.code_of(1)).pk
    for address in (f"merge/?pick={number}", "merge/", f"unmerge/?pick={number}&pick={number}", f"burn/?pick={number}", "merge/?pick=x&pick=99999999"):
        assert du.get(HERE + address).status_code == 404, address


def test_of_a_large_register_the_page_waits_for_the_work(as_: Callable[[str], Client], city: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    again(city, "濮阳宏业化工")  # nobody has asked about these rows before
    monkeypatch.setattr(duplicates, "LARGE", 0)
    monkeypatch.setattr(working, "PATIENCE", 0.0)
    du = as_("复核人")
    assert "正在逐行比对" in text(du.get(HERE))
    monkeypatch.setattr(working, "PATIENCE", 60.0)
    assert "是同一个，合并" in text(du.get(HERE, headers={"HX-Request": "true", "HX-Target": "run"}))
