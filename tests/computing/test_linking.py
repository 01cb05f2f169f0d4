"""Which rows are put forward as one thing: on a labelled set with the mistakes people make, and case by case."""

import socket
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import combinations
from random import Random
from typing import Any

import pytest

from bench._records import COUNTIES, code_of, firms
from bihuan.computing.linking.pairs import Pair, suspected
from bihuan.computing.linking.proposals import grouped, said
from bihuan.computing.linking.rows import one_form
from bihuan.foundation import loading
from bihuan.foundation.grammar.catalogue import linked
from bihuan.foundation.grammar.duplicates import Duplicates
from bihuan.foundation.grammar.packs import load_pack
from bihuan.foundation.grammar.views import RegisterView

PLACES = ("濮阳市", *COUNTIES)
LABELLED, SEED = 2_500, 42
"""Rows of the labelled set, and a seed that is not the one the weights were set by."""


def view_of(pack: str, mechanism: str) -> RegisterView:
    return linked([load_pack(loading.shipped()[pack])]).registers[f"{pack}.{mechanism}"]


ENTERPRISES = view_of("enterprise_policy", "enterprises")


def shape(view: RegisterView = ENTERPRISES) -> Duplicates:
    assert view.shape.duplicates
    return view.shape.duplicates


def linked_rows(rows: Iterable[Mapping[str, Any]], view: RegisterView = ENTERPRISES) -> list[Pair]:
    return suspected(one_form(shape(view), enumerate(rows), PLACES), shape(view))


FIRM = {"name": "濮阳市宏业化工有限公司", "address": "濮阳市华龙区黄河路123号", "legal_person": "王建国", "phone": "13912345678", "county": "华龙区"}


def together(one: Mapping[str, Any], other: Mapping[str, Any]) -> Pair | None:
    """Two rows among some others that are neither; the pair where they are put forward."""
    rng = Random(1)
    others = [asdict(firm) | {"legal_person": firm.person} for firm in firms(60, 0, rng.randint(1, 99))]
    found = linked_rows([{**FIRM, **one}, {**FIRM, **other}, *others])
    return next((pair for pair in found if (pair.left, pair.right) == (0, 1)), None)


@pytest.fixture(scope="module")
def labelled() -> tuple[list[dict[str, Any]], set[tuple[int, int]]]:
    """Rows, and the pairs of them that are one firm."""
    made = list(firms(LABELLED, seed=SEED))
    same = defaultdict(list)
    for number, firm in enumerate(made):
        same[firm.truth].append(number)
    rows = [asdict(firm) | {"legal_person": firm.person} for firm in made]
    return rows, {pair for numbers in same.values() for pair in combinations(numbers, 2)}


def test_of_the_pairs_put_forward_98_in_100_are_right_and_90_in_100_are_found(labelled: tuple[list[dict[str, Any]], set[tuple[int, int]]]) -> None:
    rows, true = labelled
    found = {(pair.left, pair.right) for pair in linked_rows(rows)}
    assert len(true) > 100
    assert len(found & true) / len(found) >= 0.98
    assert len(found & true) / len(true) >= 0.90


def test_the_same_rows_give_the_same_pairs(labelled: tuple[list[dict[str, Any]], set[tuple[int, int]]]) -> None:
    rows = one_form(shape(), enumerate(labelled[0][:600]), PLACES)
    assert suspected(rows, shape(), cores=1) == suspected(rows, shape(), cores=2)


def test_a_row_without_a_code_is_found_by_the_rest() -> None:
    pair = together({"code": code_of(1)}, {"code": "待核-2025-00001", "name": "宏业化工（濮阳）有限责任公司"})
    assert pair
    sentence = said(ENTERPRISES, pair)
    assert "企业名称：去掉地区和组织形式后相同（有力，+" in sentence.zh
    assert "无从比较：统一社会信用代码" in sentence.zh
    assert "telephone: the same (strong" in sentence.en


def test_a_code_with_a_wrong_digit_is_held_against_the_right_one() -> None:
    wrong = code_of(1)[:12] + ("7" if code_of(1)[12] != "7" else "8") + code_of(1)[13:]
    pair = together({"code": code_of(1)}, {"code": "待核-2025-00001", "code_given": wrong, "address": None, "legal_person": "李四", "phone": "13700000000"})
    assert pair
    assert "统一社会信用代码：只差一两位，其中一个校验不过（有力" in said(ENTERPRISES, pair).zh


def test_two_codes_that_check_and_differ_are_two_firms_whatever_they_are_called() -> None:
    assert together({"code": code_of(1)}, {"code": code_of(2)}) is None


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("濮阳市弘业化工有限公司", True), ("宏业化工", True), ("濮阳市宏业精细化工有限公司", True), ("濮阳市宏亚化工有限公司", True),
        ("濮阳市宏业化工有限公司范县分公司", False), ("濮阳市宏业物流有限公司", False), ("濮阳市远大商贸有限公司", False),
    ],
)  # fmt: skip
def test_a_wrong_character_or_a_short_name_is_the_same_firm_a_branch_or_a_sister_is_not(name: str, same: bool) -> None:
    """At one address, with one telephone and one legal representative."""
    assert bool(together({"code": code_of(1)}, {"code": "待核-2025-00001", "name": name})) is same


def test_a_namesake_in_another_county_is_another_firm() -> None:
    other = {"code": "待核-2025-00001", "name": "清丰县宏业化工有限公司", "county": "清丰县", "address": "清丰县人民路8号", "legal_person": "赵六", "phone": "13700000000"}
    assert together({"code": code_of(1), "name": "濮阳县宏业化工有限公司"}, other) is None


def test_ten_writings_of_one_firm_are_one_group() -> None:
    forms = ("有限公司", "有限责任公司", "公司", "", "股份有限公司")
    again = [{**FIRM, "code": f"待核-2025-{number:05d}", "name": f"{place}宏业化工{form}"} for number, (form, place) in enumerate((f, p) for f in forms for p in ("", "濮阳"))]
    groups = grouped(linked_rows([{**FIRM, "code": code_of(1)}, *again]))
    assert [group.ids for group in groups] == [tuple(range(11))]


def test_one_project_under_two_names_is_found_and_its_second_stage_is_not() -> None:
    """The primitive is the same for projects: the pack names other fields."""
    projects = view_of("major_projects", "projects")
    first = {"name": "濮阳宏业年产十万吨乙二醇建设项目（一期）", "investor": "濮阳宏业化工有限公司", "estimate": 12_000_000_00, "county": "华龙区", "industry": "先进制造业"}
    again = {**first, "name": "宏业年产10万吨乙二醇项目1期", "investor": "宏业化工有限责任公司"}
    stage = {**first, "name": "濮阳宏业年产十万吨乙二醇建设项目（二期）"}
    others = [
        {
            "name": f"{firm.name[:8]}年产{number + 3}万吨{'树脂面粉家具轮胎'[number % 4 * 2 :][:2]}项目", "investor": firm.name,
            "estimate": (number + 5) * 10_000_000, "county": firm.county, "industry": "能源",
        }
        for number, firm in enumerate(firms(60, 0, 5))
    ]
    found = linked_rows([first, again, stage, *others], projects)
    assert [(pair.left, pair.right) for pair in found] == [(0, 1)]
    assert "项目名称：" in said(projects, found[0]).zh
    assert "建设单位：去掉地区和组织形式后相同（有力" in said(projects, found[0]).zh


def test_linking_reaches_no_network_and_costs_no_start_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("linking asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert together({"code": code_of(1)}, {"code": "待核-2025-00001"})
    asked = "import sys, bihuan.foundation.grammar.lint, bihuan.computing.linking.likeness; sys.exit('splink' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_nothing_to_compare_puts_nothing_forward() -> None:
    assert linked_rows([]) == linked_rows([FIRM]) == []
    assert linked_rows([{"name": "甲"}, {"name": "乙"}, {"name": None}]) == []
