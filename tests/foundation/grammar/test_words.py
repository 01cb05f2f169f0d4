"""The glossary: one word for one concept, in both languages."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from bihuan.foundation.grammar.words import PARTS, TERMS, glossary, term


@pytest.mark.parametrize("side", ["key", "chinese", "english", "meaning", "meaning_en"])
def test_no_word_is_used_for_two_concepts(side: str) -> None:
    assert [word for word, times in Counter(getattr(one, side) for one in TERMS).items() if times > 1] == []


def test_every_term_is_said_in_both_languages() -> None:
    for one in TERMS:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", one.key), one
        assert re.search(r"[\u4e00-\u9fff]", one.chinese + one.meaning), one
        assert not re.search(r"[\u4e00-\u9fff]", one.english + one.meaning_en), one
        assert not one.meaning.endswith("。"), one
        assert not one.meaning_en.endswith("."), one


def test_the_words_of_the_field_are_there() -> None:
    assert (term("register").word(), term("register").word("en")) == ("台账", "register")
    assert term("duty").tooltip() == "某单位或某人在某日前必须完成的一件事"
    assert term("clock").tooltip("en").startswith("a limit that runs")
    assert 70 <= len(TERMS) <= 130
    assert {one.part for one in TERMS} == set(PARTS)


def test_the_printed_glossary_holds_every_term_once() -> None:
    for language in ("zh", "en"):
        text = glossary(language)
        assert text.count("\n## ") == len(PARTS)
        assert all(text.count(f"`{one.key}` |") == 1 for one in TERMS)
        assert all(line.count("|") == 5 for line in text.splitlines() if line.startswith("| "))
