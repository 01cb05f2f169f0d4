"""Matching: who is paid what, the same by every way it is computed; a list is confirmed only where nothing moved."""

from datetime import date, datetime

import pytest

from bihuan.computing import paylists
from bihuan.computing.matching import ask, matched, payable, rematch, totals, what_if
from bihuan.computing.reasons import answers, near_misses, questions
from bihuan.foundation import loading
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import (
    Edit,
    FigureGiven,
    Forbidden,
    Rejected,
    change_entry,
    digest_of,
    drop_payments,
    merge,
    record_figures,
    review_payments,
    unmerge,
)
from bihuan.foundation.grammar.packs import read_pack
from bihuan.foundation.grammar.payables import policies_of
from bihuan.foundation.models import Entry, PayList
from bihuan.foundation.replaying import compare
from tests.computing import firms
from tests.computing.conftest import DAY

pytestmark = pytest.mark.django_db
RESEARCH = {"revenue": 10_000, "research": 400}


@pytest.fixture
def city(db: None, at: datetime) -> datetime:
    """Five firms: two with research enough, one just short of it, one without figures, one that lost its good name."""
    firms.build(at)
    firms.firm(1, at, RESEARCH, above_scale="是", size="小型")
    firms.firm(2, at, {"revenue": 20_000, "research": 3_000}, above_scale="是", size="中型")
    firms.firm(3, at, {"revenue": 10_000, "research": 260}, above_scale="是")
    firms.firm(4, at, {"revenue": 10_000}, above_scale="是")
    firms.firm(5, at, RESEARCH, above_scale="是", dishonest="是")
    return at


def paid(at: datetime) -> dict[str, int]:
    columns, view = firms.columns(at)
    with matched(columns, view, at.date()) as run:
        return {line.key: line.amount for line in payable(run) if line.policy.endswith(".research")}


def test_research_is_paid_by_its_formula_and_capped(city: datetime) -> None:
    assert paid(city) == {firms.code_of(1): 20_0000_00, firms.code_of(2): 100_0000_00}


def test_the_totals_say_who_is_unknown(city: datetime) -> None:
    columns, view = firms.columns(city)
    with matched(columns, view, city.date()) as run:
        [research] = [total for total in totals(run) if total.policy.item.key == "research"]
    assert (research.entitled, research.paid, research.amount, research.unknown) == (2, 2, 120_0000_00, 1)


def test_a_list_of_payments_and_the_reasons_of_each_row_agree(city: datetime) -> None:
    columns, view = firms.columns(city)
    ids = list(Entry.objects.filter(register=firms.REGISTER).values_list("pk", flat=True))
    with matched(columns, view, city.date()) as run:
        entitled = {(row["_id"], row["policy"]): row["asked"] for row in ask(run, "SELECT * FROM entitled")}
    given = answers(columns, view, ids, city.date())
    said = {(number, one.policy.number): one.asked for number, some in given.items() for one in some if one.judgement.value and one.asked}
    assert said == entitled


def test_the_near_miss_says_how_far(city: datetime) -> None:
    columns, view = firms.columns(city)
    policy = next(policy for policy in policies_of(view, city.date()) if policy.item.key == "research")
    [near] = near_misses(columns, view, policy, city.date())
    assert near.key == firms.code_of(3)
    assert near.judgement.near_miss is not None
    assert near.judgement.near_miss.said.zh == "研发占比达线：不满足（研发占比 2.6%，要求不低于 3%，相差 0.4个百分点）"


def test_near_misses_are_those_that_the_judgement_names(city: datetime) -> None:
    columns, view = firms.columns(city)
    ids = list(Entry.objects.filter(register=firms.REGISTER).values_list("pk", flat=True))
    given = answers(columns, view, ids, city.date())
    for policy in policies_of(view, city.date()):
        found = {near.id for near in near_misses(columns, view, policy, city.date())}
        named = {number for number, some in given.items() if some[policy.number].judgement.near_miss is not None}
        assert found == named, policy.short


def test_what_is_missing_is_asked_for_with_what_it_unlocks(city: datetime) -> None:
    columns, view = firms.columns(city)
    number = Entry.objects.get(key=firms.code_of(4)).pk
    given = answers(columns, view, [number], city.date())[number]
    asked = {question.fact: [policy.item.key for policy in question.unlocks] for question in questions(columns, view, number, city.date(), given)}
    assert "research" in asked["2024 研发费用"]


def test_a_changed_fact_is_matched_anew_as_a_whole_run_would(city: datetime) -> None:
    columns, view = firms.columns(city)
    with matched(columns, view, city.date()) as run:
        record_figures(SYSTEM, firms.REGISTER, [FigureGiven(firms.code_of(4), "research", "2024", 900)], city)
        columns.refresh()
        rematch(run, [Entry.objects.get(key=firms.code_of(4)).pk])
        again = payable(run)
    with matched(columns, view, city.date()) as whole:
        assert again == payable(whole)
    assert any(line.key == firms.code_of(4) and line.policy.endswith(".research") for line in again)


def test_what_if_one_policy_were_otherwise(city: datetime) -> None:
    columns, view = firms.columns(city)
    files = dict(firms.pack().files)
    files["tech_ladder.yaml"] = files["tech_ladder.yaml"].replace("2024: {value: 3%, basis: 国科发火", "2024: {value: 2%, basis: 国科发火")
    other = loading.linked_with(read_pack(files), city.date()).registers[firms.REGISTER]
    policy = next(policy for policy in policies_of(other, city.date()) if policy.item.key == "spent" or policy.item.key == "research")
    with matched(columns, view, city.date()) as run:
        assert what_if(run, policy, view) == (2, 120_0000_00)
        assert what_if(run, policy, other) == (2, 120_0000_00)  # parameters lie in the run already


def test_a_rule_is_rehearsed_before_it_counts(city: datetime) -> None:
    files = dict(firms.pack().files)
    files["tech_ladder.yaml"] = files["tech_ladder.yaml"].replace("2024: {value: 3%, basis: 国科发火", "2024: {value: 2%, basis: 国科发火")
    found = paylists.rehearse(firms.REGISTER, city.date(), loading.linked_with(read_pack(files), city.date()))
    assert (found.gaining, found.losing, found.after - found.before) == (1, 0, 13_0000_00)
    assert found.moved[0].key == firms.code_of(3)


# --- the list


def drafted(at: datetime) -> PayList:
    columns, view = firms.columns(at)
    with matched(columns, view, at.date()) as run:
        return paylists.keep(firms.actor("拟表人"), run, at)


def test_a_list_is_drafted_reviewed_and_confirmed_by_somebody_else(city: datetime) -> None:
    paylist = drafted(city)
    assert (paylist.state, paylist.count) == ("drafted", paylist.payments.count())
    with pytest.raises(Rejected, match="没有复核"):
        paylists.confirm(firms.actor("批准人"), paylist.pk, city)
    review_payments(firms.actor("复核人"), paylist.pk, city)
    with pytest.raises(Rejected, match="不能是同一个人"):
        paylists.confirm(firms.actor("复核人"), paylist.pk, city)
    with pytest.raises(Forbidden):
        paylists.confirm(firms.actor("拟表人"), paylist.pk, city)
    paylists.confirm(firms.actor("批准人"), paylist.pk, city)
    assert PayList.objects.get(pk=paylist.pk).state == "confirmed"
    assert compare().differences == ()


def test_who_was_paid_this_year_is_not_paid_again(city: datetime) -> None:
    paylist = drafted(city)
    review_payments(firms.actor("复核人"), paylist.pk, city)
    paylists.confirm(firms.actor("批准人"), paylist.pk, city)
    assert paid(city) == {}
    columns, view = firms.columns(city)
    with matched(columns, view, date(2026, 7, 8)) as run:
        assert {row["bar"] for row in ask(run, "SELECT bar FROM allotted")} <= {"", "had"}


def test_a_list_whose_data_moved_is_not_confirmed(city: datetime) -> None:
    paylist = drafted(city)
    review_payments(firms.actor("复核人"), paylist.pk, city)
    entry = Entry.objects.get(key=firms.code_of(1))
    change_entry(firms.actor("拟表人"), firms.REGISTER, entry.key, Edit({"dishonest": "是"}, entry.version), city)
    with pytest.raises(Rejected) as refused:
        paylists.confirm(firms.actor("批准人"), paylist.pk, city)
    assert firms.code_of(1) in str(refused.value)
    assert "没有付款" in str(refused.value)
    assert PayList.objects.get(pk=paylist.pk).state == "reviewed"
    drop_payments(firms.actor("拟表人"), paylist.pk, "数据已更正", city)


def test_a_list_comes_out_the_same_years_later(city: datetime) -> None:
    paylist = drafted(city)
    review_payments(firms.actor("复核人"), paylist.pk, city)
    paylists.confirm(firms.actor("批准人"), paylist.pk, city)
    entry = Entry.objects.get(key=firms.code_of(1))
    change_entry(firms.actor("拟表人"), firms.REGISTER, entry.key, Edit({"dishonest": "是", "name": "改名公司"}, entry.version), city)
    found = paylists.again(PayList.objects.get(pk=paylist.pk))
    assert (found.same, found.count, found.differing) == (True, paylist.count, ())


def test_a_firm_registered_twice_is_paid_once_whichever_row_was_paid(city: datetime) -> None:
    """The second row asks for the same again; once it is part of the first it asks for nothing, and what it was paid was paid to the first."""
    second = firms.firm(11, city, {"revenue": 10_000, "research": 400}, above_scale="是", name="第 1 公司（重复登记）")
    before = sum(paid(city).values())
    paylist = drafted(city)
    review_payments(firms.actor("复核人"), paylist.pk, city)
    paylists.confirm(firms.actor("批准人"), paylist.pk, city)
    assert paid(city) == {}
    merge(SYSTEM, firms.REGISTER, firms.code_of(1), {firms.code_of(11): 1}, city)
    assert paid(city) == {}
    columns, view = firms.columns(city)
    with matched(columns, view, DAY) as run:
        first = Entry.objects.get(key=firms.code_of(1)).pk
        assert {row["_id"] for row in ask(run, "SELECT DISTINCT _id FROM paid")} & {first, second} == {first}
        assert {row["_id"] for row in ask(run, "SELECT _id FROM subjects")} & {first, second} == {first}
        assert sum(row["amount"] for row in ask(run, "SELECT amount FROM paid")) == before
    unmerge(SYSTEM, firms.REGISTER, firms.code_of(11), city, "核实为两家")
    with matched(firms.columns(city)[0], view, DAY) as run:
        assert {row["_id"] for row in ask(run, "SELECT DISTINCT _id FROM paid")} >= {first, second}


def test_a_list_with_a_row_that_was_merged_since_is_not_confirmed(city: datetime) -> None:
    firms.firm(11, city, {"revenue": 10_000, "research": 400}, above_scale="是", name="第 1 公司（重复登记）")
    paylist = drafted(city)
    review_payments(firms.actor("复核人"), paylist.pk, city)
    merge(SYSTEM, firms.REGISTER, firms.code_of(1), {firms.code_of(11): 1}, city)
    with pytest.raises(Rejected, match="没有付款"):
        paylists.confirm(firms.actor("批准人"), paylist.pk, city)


def test_a_digest_does_not_depend_on_the_order_of_lines(city: datetime) -> None:
    columns, view = firms.columns(city)
    with matched(columns, view, DAY) as run:
        lines = payable(run)
    assert digest_of(lines) == digest_of(lines[::-1])
    assert digest_of(lines) != digest_of(lines[1:])
