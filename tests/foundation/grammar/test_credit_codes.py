"""Unified social credit codes: the standard's own example, and no slip of one character passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from bihuan.foundation.grammar.credit_codes import ALPHABET, check_character, credit_code, own_check
from bihuan.foundation.grammar.refusals import Refused


@st.composite
def codes(draw: st.DrawFn) -> str:
    own = draw(st.text(ALPHABET, min_size=8, max_size=8))
    first = "91" + draw(st.text("0123456789", min_size=6, max_size=6)) + own + own_check(own)
    # The organisation's own check character may be one that the code itself never has.
    return first + check_character(first)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110000600037341L", " 9135 0100 m000 100y 43 "])
def test_a_true_code_is_taken_in_capitals_without_spaces(code: str) -> None:
    assert credit_code(code) == "".join(code.split()).upper()


@given(codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(code: str, place: int, other: str) -> None:
    assert credit_code(code) == code
    wrong = code[:place] + other + code[place + 1 :]
    if wrong != code:
        with pytest.raises(Refused):
            credit_code(wrong)


@given(codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_what_others_refuse_is_refused_and_what_is_taken_they_take(code: str, place: int, other: str) -> None:
    changed = code[:place] + other + code[place + 1 :]
    try:
        taken = bool(credit_code(changed))
    except Refused:
        taken = False
    assert uscc.is_valid(code)
    assert not taken or uscc.is_valid(changed)


@pytest.mark.parametrize(
    ("code", "said"),
    [("9135010", "18 位"), ("91350100M000100Y4I", "没有“I”"), ("91350100M000100Y44", "校验位不对"), ("9135X100M000100Y43", "行政区划")],
)
def test_a_wrong_code_is_refused_in_words(code: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        credit_code(code)
