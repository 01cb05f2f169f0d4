"""YAML as plain text: what is written is what is read, and what a reviewer would not see is refused with its line."""

import unicodedata

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.grammar.errors import PackError
from bihuan.foundation.grammar.yaml_text import DEEPEST, LARGEST_FILE, MOST_NODES, decode, read


def refusals(text: str) -> list[str]:
    with pytest.raises(PackError) as caught:
        read(text, "plates.yaml")
    return [f"{problem.place.line} {problem.what}" for problem in caught.value.problems]


def test_every_value_is_the_text_that_was_written() -> None:
    source = read("on: no\ncode: 0123\nday: 2025-07-08\nratio: 1.00\ntime: 1:30\nquoted: 'null'\n", "a.yaml")
    assert source.tree == {"on": "no", "code": "0123", "day": "2025-07-08", "ratio": "1.00", "time": "1:30", "quoted": "null"}


@pytest.mark.parametrize("nothing", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_nothing_unless_it_is_quoted(nothing: str) -> None:
    assert read(f"a: {nothing}\nb: '{nothing}'\n", "a.yaml").tree == {"a": None, "b": nothing}


@pytest.mark.parametrize("text", ["a:\n\tb: c\n", "a:\n  b: c\n\td: e\n"])
def test_a_tab_in_the_indent_is_called_a_tab(text: str) -> None:
    assert "缩进用了制表符" in refusals(text)[0]


def test_every_value_knows_its_line() -> None:
    lines = read("lights:\n  plate:\n    conditions:\n      - colour: red\n        if: 滞后天数 > 1\n", "plates.yaml").lines
    assert str(lines.place("lights", "plate", "conditions", 0, "if")) == "plates.yaml:5  lights.plate.conditions.1.if"
    assert lines.place("lights", "plate", "conditions", 0, "because").line == 4
    assert lines.place("elsewhere").line == 1


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("a: 1\nb: 2\na: 3\n", "3 键 a 写了两次（第 1 行已有）"),
        ("a: &x 1\n", "1 用了锚点 &x"),
        ("a: &x 1\nb: *x\n", "2 用了别名 *x"),
        ("a: !!int 3\n", "1 用了标签 tag:yaml.org,2002:int"),
        ("a: !secret x\n", "1 用了标签 !secret"),
        ("base: 1\n<<: {a: 1}\n", "2 用了合并键 <<"),
        ("a: 1\n---\nb: 2\n", "2 一个文件里有两份文档（---）"),
        ("a: 一\u200b二\n", "1 第 5 个字符 U+200B 看不见"),
        ("a: 1\nb: '\u202e'\n", "2 第 5 个字符 U+202E 看不见"),
        ('a: "\\u202e"\n', "1 转义写出了看不见的字符"),
        ("a: 1\nb: \x07\n", "2 第 4 个字符 U+0007 看不见"),
        ("? [a, b]\n: 1\n", "1 键不能是列表或映射"),
        ("[" * (DEEPEST + 1), f"1 嵌套超过 {DEEPEST} 层"),
        ("- x\n" * MOST_NODES, f"{MOST_NODES} 超过 {MOST_NODES} 个值"),
        ("a: 1\nb: c: d\n", "2 一行里有两个“: ”，或缩进不对：b: c: d"),
        ("a:\n\tb: 1\n", "2 缩进用了制表符"),
        ("a: {b: 滞后 {滞后天数} 天, c: d}\n", "1 花括号 { } 里的写法不对"),
        ("a: 'x\n", "2 引号或括号没有配对"),
    ],
)
def test_what_a_reviewer_would_not_see_is_refused(text: str, refused: str) -> None:
    assert any(refusal.startswith(refused) for refusal in refusals(text)), refusals(text)


def test_everything_wrong_is_told_at_once() -> None:
    assert len(refusals("a: &x 1\na: !!int 2\nb: *x\n")) == 4


def test_a_hostile_depth_costs_nothing() -> None:
    assert refusals("[" * 500_000) == [f"1 嵌套超过 {DEEPEST} 层"]


def test_a_file_too_large_or_not_utf8_is_refused() -> None:
    assert refusals("#" * (LARGEST_FILE + 1)) == ["0 文件超过 1 MB"]
    with pytest.raises(PackError) as caught:
        decode("a: 1\nb: 濮阳".encode("gb18030"), "plates.yaml")
    assert caught.value.problems[0].place.line == 2
    assert decode("\ufeffa: 1".encode(), "plates.yaml") == "a: 1"


def test_every_refusal_speaks_english_too() -> None:
    with pytest.raises(PackError) as caught:
        read("a: 1\na: 2\n", "plates.yaml")
    assert caught.value.problems[0].text("en").startswith("plates.yaml:2  the key a is written twice")


WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=12).map(lambda text: unicodedata.normalize("NFC", text))
TREES = st.recursive(WORDS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS.filter(bool), inner, max_size=4), max_leaves=20)


@given(TREES)
def test_any_tree_of_words_comes_back_as_it_was(tree: object) -> None:
    assert read(yaml.dump(tree, allow_unicode=True, default_style="'"), "a.yaml").tree == tree
