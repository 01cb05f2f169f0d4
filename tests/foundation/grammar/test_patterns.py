"""The form of a text: the whole of it, in bounded time."""

import pytest

from bihuan.foundation.grammar import patterns
from bihuan.foundation.grammar.refusals import Refused


@pytest.mark.parametrize(
    ("pattern", "text", "whole"),
    [
        (r"P-\d{4}", "P-2024", True), (r"P-\d{4}", "P-2024x", False), (r"P-\d{4}", "xP-2024", False), (r"P-\d{4}", "P-2024\n", False),
        (r"甲|乙", "乙", True), (r"甲|乙", "甲乙", False), (r"\d{4}年第\d+批", "2020年第2批", True),
    ],
)  # fmt: skip
def test_the_whole_text_must_have_the_form(pattern: str, text: str, whole: bool) -> None:
    assert patterns.fits(pattern, text) is whole


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|a)*b", r"(.*)*x"])
def test_no_pattern_can_hold_a_process(pattern: str) -> None:
    assert not patterns.fits(pattern, "a" * 20_000 + "!")


@pytest.mark.parametrize("pattern", ["(", "[", r"(a)\1", "(?=a)b", "a{99999999}"])
def test_what_cannot_run_in_bounded_time_is_refused_with_an_example(pattern: str) -> None:
    with pytest.raises(Refused) as refused:
        patterns.check(pattern)
    assert "编码格式" in refused.value.what
    assert refused.value.example
