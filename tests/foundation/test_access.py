"""Who may see and do what: every role, on rows of two counties, field by field. Nothing is allowed by default."""

from itertools import product

import pytest

from bihuan.foundation import access
from bihuan.foundation.access import (
    ALLOWED,
    ANYBODY,
    RECORDING,
    ROLES,
    SEPARATED,
    SYSTEM,
    charge,
    may,
    may_as,
    refused_roles,
    shown,
    visible,
)
from bihuan.foundation.actions import Charge, assign
from bihuan.foundation.actions.writing import view_of
from bihuan.foundation.grammar.registers import Register
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry
from tests.foundation.city import MATTERS, NOW, PEOPLE, PROJECTS, actor, matter, project

pytestmark = [pytest.mark.usefixtures("rows")]

SEES: dict[str, set[str]] = {
    "王县": {"P-001", "P-003"},
    "周办": {"P-001", "P-003"},
    "李县": {"P-002"},
    "赵市": {"P-001", "P-002", "P-003"},
    "孙督": {"P-001", "P-002", "P-003"},
    "钱督": {"P-001", "P-002", "P-003"},
    "陈领": {"P-001", "P-002", "P-003"},
    "吴领": {"P-001", "P-002", "P-003"},
    "甲企": {"P-001"},
    "乙企": {"P-002"},
    "公民": set(),
    "系管": set(),
    "安管": set(),
    "审管": set(),
}
"""Two projects of 濮阳县 (one of them in a township below it), one of 清丰县; 甲公司 owns the first, 乙公司 the second."""

WRITES = {name: keys for name, keys in SEES.items() if name in {"王县", "周办", "李县", "赵市", "甲企", "乙企"}}
REVEALS = {name: keys for name, keys in SEES.items() if name in {"王县", "周办", "李县", "赵市", "孙督", "钱督"}}
OVERRIDES = {name: keys for name, keys in SEES.items() if name in {"孙督", "钱督"}}


@pytest.fixture
def rows(small_city: None) -> None:
    project("P-001", "濮阳县", investor="甲公司", contact="张三", phone="13912345678")
    project("P-002", "清丰县", investor="乙公司", contact="李四", phone="13987654321")
    project("P-003", "城关镇", contact="王五")


def projects() -> list[Entry]:
    return list(Entry.objects.filter(register=PROJECTS).order_by("key"))


def view() -> RegisterView:
    return view_of(PROJECTS, NOW)


def test_the_matrix_names_everybody() -> None:
    assert set(SEES) == set(PEOPLE)
    assert {role for _office, roles, _enterprise in PEOPLE.values() for role in roles} == set(ROLES)


@pytest.mark.parametrize("who", PEOPLE)
def test_which_rows_a_person_sees_and_whether_condition_and_scope_agree(who: str) -> None:
    scope = visible(actor(who), view())
    assert set(Entry.objects.filter(scope.condition()).values_list("key", flat=True)) == SEES[who]
    assert {entry.key for entry in projects() if scope.holds(entry)} == SEES[who]
    assert {entry.key for entry in projects() if may(actor(who), "see", view(), entry)} == SEES[who]
    assert not any(scope.holds(entry) for entry in Entry.objects.exclude(register=PROJECTS))


@pytest.mark.parametrize(
    ("action", "expected"),
    [("change", WRITES), ("withdraw", WRITES), ("figures", WRITES), ("reveal", REVEALS), ("override-plate", OVERRIDES)],
)
def test_what_a_person_may_do_to_which_rows(action: str, expected: dict[str, set[str]]) -> None:
    for who, entry in product(PEOPLE, projects()):
        person = actor(who)
        decision = may_as(person, ["supervisor"], view(), entry) if action == "override-plate" else may(person, action, view(), entry)
        assert bool(decision) == (entry.key in expected.get(who, set())), (who, entry.key, decision)
        assert decision.reason
        assert decision.reason_en


@pytest.mark.parametrize("who", PEOPLE)
def test_personal_fields_are_masked_for_all_but_the_enterprise_whose_row_it_is(who: str) -> None:
    person = actor(who)
    for entry in projects():
        plain = (who == "甲企" and entry.key == "P-001") or (who == "乙企" and entry.key == "P-002")
        seen = shown(person, view(), entry)
        for field, shape in view().shape.fields.items():
            value = entry.data[field]
            if shape.personal and value and not plain:
                assert seen[field] != value
                assert "*" in seen[field]
            else:
                assert seen[field] == value


@pytest.mark.parametrize(
    ("value", "masked"),
    [("张三", "张*"), ("欧阳修之", "欧***"), ("13912345678", "139******78"), ("410901199001011234", "410*************34"), ("", ""), (None, None), (5, "***")],
)
def test_what_a_mask_leaves(value: object, masked: object) -> None:
    assert access.mask(value) == masked


def test_nothing_is_allowed_that_nobody_declared() -> None:
    for who, action in product(PEOPLE, ["delete", "superuser", "", "member.*"]):
        assert not may(actor(who), action)
    assert may(SYSTEM, "member.set")


def test_a_visitor_sees_only_what_is_public() -> None:
    assert visible(ANYBODY, view()).condition() is not None
    assert not Entry.objects.filter(visible(ANYBODY, view()).condition()).exists()


def test_a_public_register_is_seen_by_all_and_written_by_those_in_charge() -> None:
    public = view()
    shape = Register.model_validate({**public.shape.model_dump(by_alias=True, exclude_unset=True), "public": "yes"})
    opened = RegisterView(public.name, public.pack, public.mechanism, shape, public.lines)
    entry = Entry.objects.get(key="P-001")
    for who in PEOPLE:
        seen = may(actor(who), "see", opened, entry)
        assert bool(seen) == (not set(PEOPLE[who][1]) & SEPARATED), who
    assert not may(actor("李县"), "change", opened, entry)
    assert not may(actor("乙企"), "change", opened, entry)
    assert shown(ANYBODY, opened, entry)["phone"] == "139******78"


def test_no_set_of_roles_makes_accounts_gives_rights_and_reads_the_record() -> None:
    """Over every pair of roles that one account may hold."""
    toxic = ("member.set", "member.roles", "ledger.read")
    for pair in product(ROLES, repeat=2):
        if refused_roles(pair) is None:
            assert sum(bool(ALLOWED[action] & set(pair)) for action in toxic) <= 1, pair


def test_who_carries_a_row_sees_it_wherever_it_lies() -> None:
    matter("清丰县")
    matters = view_of(MATTERS, NOW)
    entry = Entry.objects.get(register=MATTERS)
    assert not visible(actor("王县"), matters).holds(entry)
    assign(actor("赵市"), MATTERS, entry.key, Charge("lead", "王县"), NOW)
    assert visible(actor("王县"), matters).holds(entry)
    assert may_as(actor("王县"), ["lead"], matters, entry)
    assert not may_as(actor("周办"), ["lead"], matters, entry)


def test_an_actor_without_office_or_role_reaches_nothing() -> None:
    nobody = access.Actor("谁")
    assert not charge(nobody, view()).condition().children or not Entry.objects.filter(charge(nobody, view()).condition()).exists()
    assert not any(may(nobody, action, view()) for action in {*ALLOWED, *RECORDING})
