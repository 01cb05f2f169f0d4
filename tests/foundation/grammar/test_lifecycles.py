"""Moves: their order, who makes them, on which day, with what."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.grammar.lifecycles import Attempt, Lifecycle, day_of_move, moves_from, refusals_of

TODAY = date(2025, 7, 8)
LIFE = Lifecycle.model_validate(
    {
        "states": {"planned": {"title": "谋划"}, "signed": {"title": "签约"}, "built": {"title": "开工"}, "done": {"title": "达效", "final": "yes"}},
        "start": "planned",
        "moves": {
            "sign": {
                "title": "签约", "from": "planned", "to": "signed", "who": "officer", "needs": ["signed_on", "amount"],
                "dated_by": "signed_on", "evidence": "投资合同",
            },
            "build": {"title": "开工", "from": "signed", "to": "built", "who": ["officer", "lead"]},
            "finish": {"title": "达效", "from": "built", "to": "done", "who": "officer", "reason": "yes", "other_than": "sign"},
        },
    }
)  # fmt: skip
TITLES = {"signed_on": "签约日期", "amount": "合同金额"}
SIGN = Attempt(
    move="sign",
    state="planned",
    since=date(2025, 7, 1),
    on=TODAY,
    today=TODAY,
    person="王县",
    roles=frozenset({"officer"}),
    called=("经办", "officer"),
    values={"signed_on": "2025-07-08", "amount": 100},
    evidence=frozenset({"投资合同"}),
)
FINISH = replace(SIGN, move="finish", state="built", reason="竣工验收", made_by={"sign": frozenset({"李县"})})


def why(attempt: Attempt) -> str:
    return "；".join(refused.text() for refused in refusals_of(LIFE, attempt, TITLES))


def test_a_move_with_all_it_needs_is_not_refused() -> None:
    assert why(SIGN) == ""
    assert why(FINISH) == ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"move": "fly"}, "没有“fly”这个动作"),
        ({"state": "signed"}, "“签约”状态不能签约：须按顺序办理，不得跳步（例：此时可办：开工）"),
        ({"roles": frozenset({"leader"})}, "须由经办办理"),
        ({"on": date(2025, 7, 9)}, "晚于今天 2025-07-08"),
        ({"on": date(2025, 6, 30)}, "早于上一状态的日期 2025-07-01"),
        ({"values": {"signed_on": "2025-07-08", "amount": None}}, "缺少合同金额"),
        ({"values": {"amount": 1}}, "缺少签约日期"),
        ({"evidence": frozenset({"照片"})}, "缺少佐证材料：投资合同"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_forbids_a_signing(changed: dict[str, Any], said: str) -> None:
    assert said in why(replace(SIGN, **changed))


def test_everything_that_is_wrong_is_said_at_once() -> None:
    text = why(replace(SIGN, roles=frozenset(), values={}, evidence=frozenset(), on=date(2025, 7, 9)))
    assert text.count("；") == 4


def test_who_signed_may_not_settle() -> None:
    assert "办过“签约”的人不能再办“达效”" in why(replace(FINISH, made_by={"sign": frozenset({"王县"})}))


def test_a_move_that_needs_a_reason_takes_no_blank_one() -> None:
    assert "须写明理由" in why(replace(FINISH, reason="  "))


def test_an_assignment_may_make_a_move_like_a_role() -> None:
    assert why(replace(SIGN, move="build", state="signed", roles=frozenset({"lead"}))) == ""


def test_a_move_is_dated_by_its_field_or_today() -> None:
    assert day_of_move(LIFE.moves["sign"], {"signed_on": "2025-07-03"}, TODAY) == date(2025, 7, 3)
    assert day_of_move(LIFE.moves["sign"], {}, TODAY) == TODAY
    assert day_of_move(LIFE.moves["build"], {"signed_on": "2025-07-03"}, TODAY) == TODAY


@given(st.lists(st.sampled_from(["sign", "build", "finish"]), max_size=8))
def test_no_sequence_of_moves_skips_a_state(moves: list[str]) -> None:
    state = LIFE.start
    for name in moves:
        if not refusals_of(LIFE, replace(FINISH, move=name, state=state, values=SIGN.values), TITLES):
            order = list(LIFE.states)
            assert order.index(LIFE.moves[name].to) == order.index(state) + 1
            state = LIFE.moves[name].to


def test_the_moves_that_lead_on() -> None:
    assert list(moves_from(LIFE, "planned")) == ["sign"]
    assert moves_from(LIFE, "done") == {}
