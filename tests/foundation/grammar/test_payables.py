"""Payments: no budget is overdrawn, shares add up to it, of a group one is paid, and the order does not depend on how rows lie."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.foundation import columns
from bihuan.foundation.columns import Row
from bihuan.foundation.evaluating import sandbox
from bihuan.foundation.grammar.catalogue import Catalogue, link
from bihuan.foundation.grammar.errors import PackError
from bihuan.foundation.grammar.packs import read_pack
from bihuan.foundation.grammar.payables import Policy, allotted_sql, given_way, last_day, policies_of, subjects_sql
from bihuan.foundation.grammar.views import RegisterView
from tests.foundation.grammar.entitled import entitled_sql

DAY = date(2025, 7, 8)

HEAD = """
pack: aid
title: 惠企
version: '1.0'
owner: 市工信局
basis: 《办法》
in_force: 2024
roles: {officer: {title: 经办人}}
"""
FIRMS = """
mechanism: firms
title: 企业
basis: 《办法》
parameters:
  rate: {title: 补助比例, unit: '%', since: {2024: {value: 5%, basis: 第二条}, 2025: {value: 10%, basis: 第二条（2025 年修订）}}}
register:
  title: 企业
  key: code
  office: county
  fields:
    code: {title: 信用代码, kind: text, required: 是}
    county: {title: 县区, kind: office, required: 是}
    research: {title: 研发费用, kind: money, unit: 万元}
    revenue: {title: 营业收入, kind: money, unit: 万元}
    staff: {title: 职工人数, kind: number, unit: 人}
    trust: {title: 失信, kind: yes_no, default: 否}
    excused: {title: 说明, kind: text}
criteria:
  research:
    title: 研发补助
    all:
      - {key: share, title: 研发占比不低于 3%, if: 研发费用 / 营业收入 >= 3%, basis: 第二条}
      - {at_least: 1, of: [{key: big, title: 百人以上, if: 职工人数 >= 100, basis: 第二条}, {key: rich, title: 收入过亿, if: 营业收入 >= 1亿元, basis: 第二条}]}
    exempt: [{from: share, if: 职工人数 < 20, needs: excused, approver: officer, basis: 第二条}]
    deny: [{key: trust, title: 失信, if: 失信, basis: 第九条}]
    pays:
      amount: 研发费用 * 补助比例
      at_most: 50万元
      times: yearly
      from: 2024
      highest_of: growth
      budget: {since: {2024: {value: 100万元, basis: 第三条}}, short: in_order, order: [{by: 研发费用 / 营业收入}]}
      basis: 第二条
  growth:
    title: 规模奖励
    all: [{key: revenue, title: 收入五千万, if: 营业收入 >= 5000万元, basis: 第四条}]
    pays:
      {amount: 营业收入 * 0.1%, times: once, from: 2024, highest_of: growth, budget: {since: {2024: {value: 12.34万元, basis: 第四条}}, short: pro_rata}, basis: 第四条}
  comfort:
    title: 稳岗补贴
    all: [{key: staff, title: 有职工, if: 职工人数 > 0, basis: 第五条}]
    pays: {amount: 职工人数 / 1人 * 300元, times: yearly, from: 2024, until: 2025, unless: [growth], basis: 第五条}
  later:
    title: 明年的政策
    all: [{key: staff, title: 有职工, if: 职工人数 > 0, basis: 第五条}]
    pays: {amount: 100元, times: yearly, from: 2026, basis: 第五条}
"""


def catalogue(mechanism: str = FIRMS) -> Catalogue:
    return link([read_pack({"pack.yaml": HEAD, "firms.yaml": mechanism, "README.md": "# 惠企\n"}, "aid")])


CATALOGUE = catalogue()
VIEW = CATALOGUE.registers["aid.firms"]


class Firm(NamedTuple):
    """One firm; money in 万元."""

    code: str
    research: int | None
    revenue: int | None
    staff: int | None
    trust: bool = False


class Paid(NamedTuple):
    """One line of what came out."""

    code: str
    policy: str
    asked: int
    amount: int
    bar: str
    by: str


def allot(firms: Sequence[Firm], paid: Sequence[tuple[str, str, int, int]] = (), day: date = DAY, view: RegisterView = VIEW) -> list[Paid]:
    """What the firms are paid; ``paid``: (code, policy, year, 分) of earlier lists."""
    world = _world()
    world.execute("BEGIN")
    rows = [Row(number, firm.code, office="甲县", data=_data(firm)) for number, firm in enumerate(firms, 1)]
    columns.put_rows(world, view, rows)
    policies = policies_of(view, day)
    world.execute(f"CREATE TEMP TABLE subjects AS {subjects_sql(CATALOGUE, view, policies, day)}")
    world.execute(f"CREATE TEMP TABLE entitled AS {entitled_sql(view, policies)}")
    world.execute("CREATE TEMP TABLE paid (_id BIGINT, policy VARCHAR, year INTEGER, amount BIGINT)")
    if paid:
        world.executemany("INSERT INTO paid SELECT _id, ?, ?, ? FROM subjects WHERE _key = ?", [(f"aid.firms.{policy}", year, amount, code) for code, policy, year, amount in paid])
    lines = _lines(world, view, policies, day)
    world.execute("ROLLBACK")
    return lines


@cache
def _world() -> duckdb.DuckDBPyConnection:
    """Empty tables, kept: opening a sandbox takes longer than what is asked of it."""
    world = sandbox("256MB", threads=1)
    columns.create(world, CATALOGUE.registers.values())
    return world


def _lines(world: duckdb.DuckDBPyConnection, view: RegisterView, policies: Sequence[Policy], day: date) -> list[Paid]:
    found = world.execute(f"SELECT _key, a.* FROM ({allotted_sql(view, policies, day.year)}) a JOIN subjects USING (_id) ORDER BY policy, place, _key").fetchall()
    name = {policy.number: policy.item.key for policy in policies}
    return [Paid(key, name[policy], asked, amount, bar, name.get(by, "")) for key, _, policy, asked, amount, bar, by, _ in found]


def _data(firm: Firm) -> dict[str, object]:
    wan = 1_000_000
    values = {"research": firm.research and firm.research * wan, "revenue": firm.revenue and firm.revenue * wan, "staff": firm.staff}
    return {"code": firm.code, "county": "甲县", "trust": firm.trust, **values}


def test_what_a_firm_gets_is_the_formula_of_the_day() -> None:
    firm = Firm("A", research=300, revenue=6000, staff=120)
    assert allot([firm])[0] == Paid("A", "research", 30_0000_00, 30_0000_00, "", "")
    assert allot([firm], day=date(2024, 7, 8))[0].asked == 15_0000_00  # the rate of 2024


def test_the_most_for_one_caps_the_amount() -> None:
    assert allot([Firm("A", research=900, revenue=6000, staff=120)])[0].asked == 50_0000_00


def test_unknown_is_not_paid_and_not_refused_by_guess() -> None:
    assert [line.policy for line in allot([Firm("A", research=None, revenue=4000, staff=120)])] == ["comfort"]


def test_a_denial_beats_everything() -> None:
    assert [line.policy for line in allot([Firm("A", research=300, revenue=4000, staff=120, trust=True)])] == ["comfort"]


def test_of_a_group_the_highest_is_paid_and_the_other_says_which() -> None:
    lines = {line.policy: line for line in allot([Firm("A", research=300, revenue=6000, staff=120)])}
    assert lines["growth"] == Paid("A", "growth", 6_0000_00, 0, "higher", "research")


def test_what_gives_way_says_to_what() -> None:
    lines = {line.policy: line for line in allot([Firm("A", research=None, revenue=6000, staff=120)])}
    assert (lines["comfort"].bar, lines["comfort"].by) == ("unless", "growth")


def test_a_limit_counts_what_was_paid_before() -> None:
    firm = Firm("A", research=None, revenue=6000, staff=120)
    lines = {line.policy: line.bar for line in allot([firm], [("A", "growth", 2023, 1)])}
    assert lines == {"growth": "had", "comfort": "unless"}  # once is once; and who had it gives way still
    firm = Firm("A", research=None, revenue=400, staff=120)
    assert [line.bar for line in allot([firm], [("A", "comfort", 2025, 1)])] == ["had"]
    assert [line.bar for line in allot([firm], [("A", "comfort", 2024, 1)])] == [""]


def test_a_group_that_paid_this_year_pays_no_more() -> None:
    lines = {line.policy: line.bar for line in allot([Firm("A", research=300, revenue=4000, staff=120)], [("A", "growth", 2025, 1)])}
    assert lines["research"] == "group"


def test_the_money_goes_in_order_and_stops_where_it_does_not_reach() -> None:
    firms = [Firm("A", 400, 4000, 120), Firm("B", 480, 4000, 120), Firm("C", 350, 4000, 120), Firm("D", 150, 4000, 120)]
    lines = [line for line in allot(firms) if line.policy == "research"]
    # 48, then 40; 35 does not fit into the 12 left, and nobody behind it is paid either.
    assert [(line.code, line.amount, line.bar) for line in lines] == [
        ("B", 48_0000_00, ""), ("A", 40_0000_00, ""), ("C", 0, "budget"), ("D", 0, "budget"),
    ]  # fmt: skip


def test_a_policy_counts_on_its_days_only() -> None:
    def keys(day: date) -> list[str]:
        return [policy.item.key for policy in policies_of(VIEW, day)]

    assert keys(date(2023, 12, 31)) == []
    assert keys(date(2025, 12, 31)) == ["research", "growth", "comfort"]
    assert keys(date(2026, 1, 1)) == ["research", "growth", "later"]


@pytest.mark.parametrize(("dated", "last"), [("2025", "2025-12-31"), ("2024-02", "2024-02-29"), ("2025-12", "2025-12-31"), ("2025-03-04", "2025-03-04")])
def test_the_last_day_of_a_dated_value(dated: str, last: str) -> None:
    assert last_day(dated).isoformat() == last


firm_lists = st.lists(
    st.builds(
        Firm, code=st.uuids(version=4).map(str), research=st.one_of(st.none(), st.integers(0, 2000)), revenue=st.one_of(st.none(), st.integers(1, 30_000)),
        staff=st.one_of(st.none(), st.integers(0, 500)), trust=st.booleans(),
    ), max_size=25, unique_by=lambda firm: firm.code,
)  # fmt: skip
MONEY = {"research": 100_0000_00, "growth": 12_3400_00}


@settings(max_examples=40)
@given(firm_lists)
def test_budgets_groups_and_shares(firms: list[Firm]) -> None:
    lines = allot(firms)
    for key, money in MONEY.items():
        mine = [line for line in lines if line.policy == key]
        asked = sum(line.asked for line in mine if line.bar in ("", "budget"))
        assert sum(line.amount for line in mine) <= money
        if key == "growth" and asked > money:
            assert sum(line.amount for line in mine) == money  # to the 分
            for line in (line for line in mine if line.bar == "budget"):
                assert abs(line.amount - Fraction(line.asked * money, asked)) < 1
    for code in {line.code for line in lines}:
        grouped = [line for line in lines if line.code == code and line.policy in MONEY]
        assert sum(line.bar in ("", "budget") for line in grouped) <= 1
        assert all(line.amount == line.asked for line in lines if line.code == code and line.bar == "")
        assert all(0 <= line.amount < line.asked for line in lines if line.code == code and line.bar)


@settings(max_examples=20)
@given(firm_lists.flatmap(lambda firms: st.tuples(st.just(firms), st.permutations(firms))))
def test_the_order_of_rows_changes_nothing(orders: tuple[list[Firm], list[Firm]]) -> None:
    assert allot(orders[0]) == allot(orders[1])


@settings(max_examples=40)
@given(firm_lists)
def test_nobody_behind_the_line_is_paid(firms: list[Firm]) -> None:
    mine = [line for line in allot(firms) if line.policy == "research" and line.bar in ("", "budget")]
    bars = [line.bar for line in mine]
    assert bars == sorted(bars)


def test_policies_are_decided_after_those_they_give_way_to() -> None:
    assert list(given_way(VIEW, policies_of(VIEW, DAY))) == ["firms.research", "firms.growth", "firms.comfort"]


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("amount: 研发费用 * 补助比例", "amount: 研发费用 / 营业收入", "要按金额计"),
        ("at_most: 50万元", "at_most: 五十万", "五十万"),
        ("unless: [growth]", "unless: [bonus]", "没有会付款的政策“bonus”"),
        ("short: in_order, order: [{by: 研发费用 / 营业收入}]", "short: in_order", "先付给谁要写明"),
        ("until: 2025,", "until: 2023,", "没有一天有效"),
        ("short: pro_rata", "short: pro_rata, order: [{by: 营业收入}]", "没有先后"),
        ("研发费用 / 营业收入 >= 3%", "研发投入 / 营业收入 >= 3%", "研发投入"),
    ],
)
def test_what_cannot_be_paid_is_refused_in_words(written: str, instead: str, said: str) -> None:
    assert written in FIRMS
    with pytest.raises(PackError) as refused:
        catalogue(FIRMS.replace(written, instead))
    assert said in str(refused.value)
