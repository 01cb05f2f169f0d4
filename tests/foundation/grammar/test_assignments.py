"""Exactly one accountable person on every day."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.grammar.assignments import Assignment, Change, Held, holder, refusals_of

TODAY = date(2025, 7, 8)
LEADER = Assignment.model_validate({"title": "包联领导", "who": "leader", "change_needs": ["reason", "approver"]})
HELD = Held("陈领", date(2025, 1, 1))


def why(change: Change, current: Held | None = HELD, rule: Assignment = LEADER, roles: frozenset[str] = frozenset({"leader"})) -> str:
    return "；".join(refused.text() for refused in refusals_of(rule, current, change, roles, TODAY))


def change(**more: Any) -> Change:
    return Change(**{"person": "吴领", "from_day": TODAY, "called": ("领导", "leader"), "reason": "工作调动", "approver": "孙督", "actor": "王县", **more})


def test_the_first_person_needs_no_reason() -> None:
    assert why(Change("陈领", TODAY, ("领导", "leader")), current=None) == ""


def test_a_change_with_reason_and_approver_is_not_refused() -> None:
    assert why(change()) == ""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"reason": " "}, "须写明理由"),
        ({"approver": ""}, "须有批准人"),
        ({"approver": "吴领"}, "批准人不能是经办人或接任人自己"),
        ({"approver": "王县"}, "批准人不能是经办人或接任人自己"),
        ({"person": ""}, "每天须恰有一人，不能空缺"),
        ({"person": "陈领"}, "已经是“包联领导”"),
        ({"from_day": date(2024, 12, 31)}, "早于现任的起始日"),
        ({"from_day": date(2025, 7, 9)}, "晚于今天"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_forbids_a_change(more: dict[str, Any], said: str) -> None:
    assert said in why(change(**more))


def test_only_a_leader_can_be_the_responsible_leader() -> None:
    assert "吴领 不是领导" in why(change(), roles=frozenset({"officer"}))


def test_a_responsibility_of_any_number_may_be_given_up() -> None:
    rule = Assignment.model_validate({"title": "联络员", "who": "officer", "exactly": "any"})
    assert why(change(person=""), rule=rule) == ""
    assert "本来就无人担任" in why(change(person=""), current=None, rule=rule)


@given(st.lists(st.integers(0, 60), max_size=8))
def test_however_often_it_changes_hands_every_day_has_exactly_one(starts: list[int]) -> None:
    history: list[Held] = []
    current: Held | None = None
    for number, start in enumerate(starts):
        day = date(2025, 5, 1) + timedelta(days=start)
        if not why(change(person=f"领导{number}", from_day=day), current=current):
            if current:
                history[-1] = Held(current.person, current.from_day, day)
            current = Held(f"领导{number}", day)
            history.append(current)
    if history:
        for day in (history[0].from_day + timedelta(days=n) for n in range(70)):
            assert sum(held.on(day) for held in history) == 1
            assert holder(history, day)
    assert holder(history, date(2025, 4, 1)) == ""
