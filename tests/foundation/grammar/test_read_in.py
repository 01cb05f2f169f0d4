"""What a pack may say of reading documents in: every word means something, and two people are needed."""

import pytest

from bihuan.foundation import loading
from bihuan.foundation.grammar.catalogue import linked
from bihuan.foundation.grammar.packs import load_pack, read_pack

FILES = {pack: load_pack(loading.shipped()[pack]).files for pack in ("targets", "dispatch")}


def problems(old: str, new: str) -> list[str]:
    """What is said of the pack of targets with one piece of its register of sentences written otherwise."""
    text = FILES["targets"]["report_sentences.yaml"]
    assert old in text
    changed = {**FILES["targets"], "report_sentences.yaml": text.replace(old, new)}
    found = linked([read_pack(changed), read_pack(FILES["dispatch"])]).problems
    return [problem.text("zh") for problem in found]


def test_the_pack_as_it_is_has_none() -> None:
    assert problems("kinds: {target: 目标", "kinds: {target: 目标") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    file: file\n    copies", "    file: name\n    copies", "file 字段"),
        ("    document: document\n    file", "    document: words\n    file", "entry 字段"),
        ("kinds: {target: 目标", "kinds: {target: 指标", "可选值"),
        ("'~': 左右}", "'~': 大约}", "可选值"),
        ("fields: {subject: subject", "fields: {subject: value", "text"),
        ("      actual: {promise: 否}", "      actual: {promised: 否}", "promised"),
        ("    asks: [subject", "    asks: [matter", "matter"),
        ("    merge: merge\n\n", "    merge: join\n\n", "join"),
        (", other_than: adopt}", "}", "other_than"),
    ],
)
def test_each_word_that_means_nothing_is_named(old: str, new: str, said: str) -> None:
    assert any(said in problem for problem in problems(old, new))
