"""Allocation: a strict order or the best value, each line with its reason; nothing is over-committed, and what moved is not confirmed."""

from datetime import datetime

import pytest

from bihuan.computing import allocations, follow
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import (
    Edit,
    Forbidden,
    PostingGiven,
    Rejected,
    change_entry,
    drop_allocation,
    post_quota,
    withdraw_entry,
)
from bihuan.foundation.models import Allocation, Balance, Entry, Verdict
from bihuan.foundation.replaying import compare
from tests.computing import shared

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db: None, at: datetime) -> datetime:
    """Four requests of 甲县 for 240 亩 in all, one of them of a key project."""
    shared.build(at)
    shared.request("A", at, 60, 90)
    shared.request("B", at, 50, 80)
    shared.request("C", at, 30, 70)
    shared.request("D", at, 100, 60, key_project="是")
    return at


def edit(key: str, at: datetime, **values: object) -> None:
    entry = Entry.objects.get(register=shared.REGISTER, key=key)
    change_entry(SYSTEM, shared.REGISTER, key, Edit(values, entry.version), at)


def test_the_order_is_strict_and_what_does_not_fit_is_skipped(city: datetime) -> None:
    draft = shared.drafted(city.date())
    assert shared.granted(draft) == {"A": ("granted", 600), "B": ("short", 0), "C": ("granted", 300), "D": ("granted", 1000)}


def test_what_the_county_lacks_comes_from_the_city_less_its_reserve(city: datetime) -> None:
    draft = shared.drafted(city.date())
    assert next(line.parts for line in draft.lines if line.key == "D") == (("county/甲县", 100), ("city", 900))
    assert draft.pools == {"county/甲县": 1000, "county/乙县": 1000, "city": 1800}


def test_each_grant_and_refusal_says_score_cut_off_and_who_got_it(city: datetime) -> None:
    draft = shared.drafted(city.date())
    assert shared.because(draft, "A") == "优先分 90分，排第 1，申请 60.0亩；全额配给：县级·甲县 60.0亩；配给到 D 为止（优先分 60分）"
    assert shared.because(draft, "B") == (
        "优先分 80分，排第 2，申请 50.0亩；可用 40.0亩，放不下；此前已配给 1 件共 60.0亩：A 60.0亩；配给到 D 为止（优先分 60分）"
    )


def test_an_order_that_stops_serves_nobody_behind(db: None, at: datetime) -> None:
    shared.build(at, shared.LAND.replace("full: skip", "full: stop"))
    for key, area, points in (("A", 60, 90), ("B", 50, 80), ("C", 30, 70)):
        shared.request(key, at, area, points)
    draft = shared.drafted(at.date())
    assert shared.granted(draft) == {"A": ("granted", 600), "B": ("short", 0), "C": ("behind", 0)}
    assert "排在它前面的 B 放不下，按规定到此为止" in shared.because(draft, "C")


def test_part_is_granted_down_to_the_least_share(db: None, at: datetime) -> None:
    shared.build(at, shared.LAND.replace("full: skip", "full: skip\n    least: 50%"))
    for key, area, points in (("A", 60, 90), ("B", 80, 80), ("C", 100, 70)):
        shared.request(key, at, area, points)
    assert shared.granted(shared.drafted(at.date())) == {"A": ("granted", 600), "B": ("partly", 400), "C": ("short", 0)}
    shared.confirmed(at)
    shared.issue("county/甲县", "40亩", at)
    again = shared.drafted(at.date())
    assert shared.granted(again) == {"B": ("granted", 400), "C": ("short", 0)}, "what was granted is asked for no more"


def test_two_alike_in_everything_go_by_their_keys(db: None, at: datetime) -> None:
    shared.build(at)
    for key in ("Z", "Y"):
        shared.request(key, at, 70, 90)
    assert shared.granted(shared.drafted(at.date())) == {"Y": ("granted", 700), "Z": ("short", 0)}


def test_who_takes_no_part_is_told_why(db: None, at: datetime) -> None:
    shared.build(at)
    shared.request("unsaid", at, None)
    shared.request("negative", at, -5)
    shared.request("unready", at, 5, ready="否")
    shared.request("unknown", at, 5, ready=None)
    draft = shared.drafted(at.date())
    assert {key: code for key, (code, _amount) in shared.granted(draft).items()} == {
        "unsaid": "unknown", "negative": "nothing", "unready": "unfit", "unknown": "unknown",
    }  # fmt: skip
    assert shared.because(draft, "unsaid") == "没有填“面积”，不知道要多少：请补"
    assert shared.because(draft, "negative") == "“面积”是 -5.0亩，须大于零"
    assert "前期完成：不满足" in shared.because(draft, "unready")
    assert "无法判断" in shared.because(draft, "unknown")


def test_without_a_quota_everybody_is_told_so(db: None, at: datetime) -> None:
    shared.build(at)
    shared.request("A", at, 5, county="乙县")
    post_quota(SYSTEM, shared.REGISTER, "land", PostingGiven("county/乙县", "province", "100亩", "收回"), at)
    draft = shared.drafted(at.date())
    assert shared.granted(draft) == {"A": ("short", 0)}
    assert "可用额度为零" in shared.because(draft, "A")


# --- the best value


def test_the_optimum_beats_the_order_and_names_who_would_have_to_give_way(db: None, at: datetime) -> None:
    shared.build(at, shared.OPTIMUM)
    for key, area, points in (("A", 60, 90), ("B", 50, 85), ("C", 50, 84)):
        shared.request(key, at, area, points)
    draft = shared.drafted(at.date())
    assert shared.granted(draft) == {"A": ("outbid", 0), "B": ("granted", 500), "C": ("granted", 500)}
    assert draft.value == 8450_00
    assert shared.because(draft, "A") == (
        "分值 5,400，优先分 90分，排第 1，申请 60.0亩；分配后只剩 0.0亩；给它就要撤下别的，如 B（50.0亩，分值 4,250）、C（50.0亩，分值 4,200）"
        "，总分值少 3,050；现在的总分值 8,450 已证明最大"
    )


def test_numbers_too_large_for_a_double_are_refused_with_a_reason(db: None, at: datetime) -> None:
    shared.build(at, shared.OPTIMUM.replace("优先分 * (面积 / 1亩)", "优先分 * 1000000000000"))
    shared.request("A", at, 5, 90)
    shared.request("B", at, 5, 91)
    with pytest.raises(Rejected, match="2 的 53 次方"):
        allocations.computed(shared.REGISTER, "land", at.date())


# --- confirming


def test_a_draft_that_nobody_reviewed_books_nothing(city: datetime) -> None:
    allocation = allocations.keep(shared.actor("拟案人"), shared.drafted(city.date()), city)
    with pytest.raises(Rejected, match="没有复核"):
        allocations.confirm(shared.actor("批准人"), allocation.pk, city)
    assert shared.balances()["city"] == 2000


def test_who_drafted_or_reviewed_does_not_confirm(city: datetime) -> None:
    allocation = shared.kept(city)
    with pytest.raises(Rejected, match="不能是同一个人"):
        allocations.confirm(shared.actor("复核人"), allocation.pk, city)
    with pytest.raises(Forbidden):
        allocations.confirm(shared.actor("拟案人"), allocation.pk, city)
    allocations.confirm(shared.actor("批准人"), allocation.pk, city)
    with pytest.raises(Rejected, match="已经确认"):
        allocations.confirm(shared.actor("批准人"), allocation.pk, city)
    assert shared.balances() == {"province": -4000, "county/甲县": 0, "county/乙县": 1000, "city": 1100}
    assert shared.in_all() == 0
    assert compare().differences == ()


def test_what_was_granted_turns_the_light_of_the_request(city: datetime) -> None:
    follow.catch_up(city)
    assert Verdict.objects.get(entry__key="A", to_day=None).colour == "red"
    shared.confirmed(city)
    follow.catch_up(city)
    assert {one.entry.key: one.colour for one in Verdict.objects.filter(to_day=None)} == {"A": "green", "B": "red", "C": "green", "D": "green"}


def test_where_anything_moved_nothing_is_booked(city: datetime) -> None:
    moves = {
        "A": lambda: edit("A", city, points=10),
        "B": lambda: withdraw_entry(SYSTEM, shared.REGISTER, "B", "项目已取消", city),
        "E": lambda: shared.request("E", city, 5),
        "city": lambda: shared.issue("city", "1亩", city),
    }
    for named, move in moves.items():
        allocation = shared.kept(city)
        move()
        with pytest.raises(Rejected, match="没有入账") as refused:
            allocations.confirm(shared.actor("批准人"), allocation.pk, city)
        assert named in str(refused.value)
        drop_allocation(shared.actor("拟案人"), allocation.pk, "数据动了", city)
    assert not Balance.objects.exclude(entry=None).exists()


def test_an_allocation_comes_out_the_same_years_later(city: datetime) -> None:
    allocation = shared.confirmed(city)
    edit("A", city, area=1)
    found = allocations.again(Allocation.objects.get(pk=allocation.pk))
    assert (found.same, found.count, found.differing) == (True, 4, ())


# --- given back


def test_what_is_unused_is_taken_back_and_shared_out_again(city: datetime) -> None:
    shared.confirmed(city)
    edit("A", city, used=20)
    edit("D", city, used=40)
    draft = shared.drafted(city.date(), "return")
    assert shared.granted(draft) == {"A": ("returned", 400), "C": ("unknown", 0), "D": ("returned", 600)}
    assert shared.because(draft, "D") == "已配 100.0亩，未用 60.0亩，收回到 市级统筹 60.0亩（第六条）"
    shared.confirmed(city, "return")
    assert shared.balances()["county/甲县"] == 400
    assert shared.in_all() == 0
    again = shared.granted(shared.drafted(city.date()))
    assert again["A"] == ("granted", 400), "who gave back asks for it again"
    assert compare().differences == ()


def test_who_was_taken_out_of_the_register_gives_everything_back(city: datetime) -> None:
    shared.confirmed(city)
    withdraw_entry(SYSTEM, shared.REGISTER, "A", "项目已取消", city)
    for key in ("C", "D"):
        edit(key, city, used=100)
    assert shared.granted(shared.drafted(city.date(), "return")) == {"A": ("returned", 600)}
    shared.confirmed(city, "return")
    assert shared.balances()["county/甲县"] == 600
    assert shared.in_all() == 0


# --- by hand


def test_no_account_gives_more_than_it_holds(city: datetime) -> None:
    with pytest.raises(Rejected, match=r"“市级统筹”只有 200\.0亩，不够 201\.0亩"):
        post_quota(SYSTEM, shared.REGISTER, "land", PostingGiven("city", "county/甲县", "201亩", "调剂"), city)
    post_quota(SYSTEM, shared.REGISTER, "land", PostingGiven("city", "county/甲县", "150亩", "调剂"), city)
    assert shared.balances() == {"province": -4000, "county/甲县": 2500, "county/乙县": 1000, "city": 500}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (PostingGiven("province", "city", "0亩", "文"), "须大于零"),
        (PostingGiven("province", "city", "-1亩", "文"), "须大于零"),
        (PostingGiven("province", "city", "很多", "文"), "很多"),
        (PostingGiven("province", "city", "1亩", " "), "依据"),
        (PostingGiven("province", "county", "1亩", "文"), "没有户头“county”"),
        (PostingGiven("province", "county/丙县", "1亩", "文"), "没有户头“county/丙县”"),
        (PostingGiven("city", "city", "1亩", "文"), "两个户头"),
        (PostingGiven("city", "expired", "1亩", "文"), "还没有结束"),
    ],
)
def test_a_posting_that_means_nothing_is_refused(city: datetime, given: PostingGiven, why: str) -> None:
    with pytest.raises(Rejected, match=why):
        post_quota(SYSTEM, shared.REGISTER, "land", given, city)


def test_what_is_left_of_a_year_that_is_over_expires(city: datetime) -> None:
    later = city.replace(year=2026)
    post_quota(SYSTEM, shared.REGISTER, "land", PostingGiven("city", "expired", "200亩", "年度结转办法", "2025"), later)
    assert shared.balances()["expired"] == 2000
    assert shared.in_all() == 0


def test_who_may_book_draft_and_confirm(city: datetime) -> None:
    with pytest.raises(Forbidden):
        post_quota(shared.actor("拟案人"), shared.REGISTER, "land", PostingGiven("province", "city", "1亩", "文"), city)
    with pytest.raises(Forbidden):
        allocations.keep(shared.actor("批准人"), shared.drafted(city.date()), city)
