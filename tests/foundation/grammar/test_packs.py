"""Loading a pack: everything that is wrong is said at once, with file, line, reason and a correct example."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bihuan.foundation.grammar.errors import PackError
from bihuan.foundation.grammar.examples import Example
from bihuan.foundation.grammar.explaining import TEMPLATES
from bihuan.foundation.grammar.mechanisms import Mechanism, PackHead
from bihuan.foundation.grammar.packs import Pack, load_pack, read_pack
from bihuan.foundation.grammar.rules.samples import sample_pack
from tests.foundation.grammar.guide import guide_files

REGISTER = "register: {title: 项目, key: code, fields: {code: {title: 编码, kind: text}}}\n"


def problems(text: str) -> list[str]:
    """What is said of one mechanism file, `mechanism: a` to `register:` being written already in lines 1 to 4."""
    files = guide_files() | {"a.yaml": f"mechanism: a\ntitle: 甲\nbasis: 第一条\n{REGISTER}{text}"}
    with pytest.raises(PackError) as caught:
        read_pack(files, "roads")
    return [problem.text() for problem in caught.value.problems]


def test_the_pack_of_the_guide_loads() -> None:
    pack = read_pack(guide_files(), "roads")
    assert list(pack.mechanisms) == ["inspections", "roads", "site_matters", "site_meetings", "site_tasks"]
    assert pack.head.title == "农村公路改造管理"
    assert len(pack.examples) == 10
    assert pack.place("roads", "lights", "plate", "conditions", 1, "if").line > pack.place("roads", "lights", "plate").line
    assert pack.examples[1].place("expect", "LD-2025-002").file == "roads/examples.yaml"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("clocks: {c: {title: 时限, stops: [x], limit: 3 working_days}}\n", "a.yaml:5  clocks.c.starts  没有写 starts\n  starts 是进入哪些状态时开始，或一个日期字段。\n  例：starts: received"),
        ("lights: {l: {title: 灯, thersholds: 1, without_data: grey}}\n", "不认识的键 thersholds"),
        ("lights: {l: {titel: 灯, without_data: grey}}\n", "a.yaml:5  lights.l.titel  不认识的键 titel，是不是 title？"),
        ("lights: {l: {title: 灯, of: x, better: more, without_data: grey}}\n", "better 不能是“more”，只能是 higher、lower 之一"),
        ("clocks: {c: {title: 时限, starts: x, stops: [x], limit: 3 天}}\n", "limit“3 天”写法不对：数字加 working_days（工作日）"),
        ("lights: {Plate: {title: 灯, without_data: grey}}\n", "a.yaml:5  lights.Plate  Plate“Plate”写法不对：小写英文字母开头"),
        ("lights: {l: {title: 灯, of: x, without_data: grey, since: {2025-13: {green: 1, yellow: 0, basis: 一}}}}\n", "没有 2025-13 这一天"),
        ("lifecycle: {states: {s: {title: 甲, final: 也许}}, start: s, moves: {}}\n", "final“也许”要写 是 或 否"),
        ("indicators: {i: {title: 甲, formula: 计数(), decimals: 很多}}\n", "decimals“很多”不是整数"),
        ("indicators: {i: {title: 甲, formula: 计数(), decimals: 9}}\n", "decimals“9”太大，至多是 6"),
        ("scores: {s: {title: 甲, per: code, missing: last, parts: {p: {title: 乙, of: i, weight: 一半}}}}\n", "weight“一半”不是数"),
        ("scores: {s: {title: 甲, per: code, missing: last, parts: {}}}\n", "parts 至少要有 1 项"),
        ("lights: [甲]\n", "lights 要写成若干行“名称: 内容”"),
        ("lights: {l: 红}\n", "l 要写成若干行“键: 值”"),
        ("indicators: {i: {title: [甲], formula: 计数()}}\n", "title 要写成一段文字"),
        ("documents: {d: {title: 甲, number: 一, body: 正文, trigger: {every: month}}}\n", "body 要写成列表"),
        ("documents: {d: {title: 甲, number: 一, about: person, body: [{text: 乙}], trigger: {every: month}}}\n", "写一个人的文书由人提出才起草"),
        ("documents: {d: {title: 甲, number: 一, about: person, public: 是, body: [{text: 乙}], trigger: {by: officer}}}\n", "不向公众公开"),
        ("documents: {d: {title: 甲, number: 一, body: [{text: 乙}], trigger: {whenever: 1}}}\n", "trigger 的写法认不出来，须含这些键之一：every, light, state"),
        ("lights: {l: {title: 灯, without_data: grey}}\n", "灯用阈值（of 与 since）或有先后的条件（conditions）判定，二者取一"),
        ("lights: {l: {title: 灯, without_data: grey, conditions: [{colour: red, if: 取值(甲, 0), because: 乙, basis: 一}]}}\n", "一行式写法里，含英文逗号的值要用引号括起来"),
        ("criteria: {c: {title: 甲, all: [{any: [{key: k, title: 乙, if: 丙}]}]}}\n", "a.yaml:5  criteria.c.all.1.any.1.basis  没有写 basis"),
    ],
)
def test_an_error_says_where_what_why_and_how_to_put_it_right(text: str, said: str) -> None:
    found = problems(text)
    assert any(said in one for one in found), "\n".join(found)


def test_all_problems_of_all_files_are_told_together() -> None:
    files = guide_files() | {
        "a.yaml": "mechanism: a\n", "b.yaml": "a: 1\na: 2\n", "pack.yaml": "pack: roads\n", "examples.yaml": "- {example: 甲}\n",
    }  # fmt: skip
    with pytest.raises(PackError) as caught:
        read_pack(files, "roads")
    assert {problem.place.file for problem in caught.value.problems} == {f"roads/{name}" for name in ("a.yaml", "b.yaml", "pack.yaml", "examples.yaml")}
    assert all(problem.what_en for problem in caught.value.problems)


def test_a_key_with_nothing_behind_it_is_not_written() -> None:
    plain = sample_pack("owner: 市发改委")
    blank = sample_pack("owner: 市发改委\ncode:\nlights: ~")
    assert blank.mechanisms == plain.mechanisms
    assert blank.fingerprints == plain.fingerprints


def test_two_mechanisms_of_one_key_are_refused() -> None:
    files = guide_files()
    with pytest.raises(PackError, match=r"机制代号 roads 与 roads\.yaml 重复"):
        read_pack(files | {"zz.yaml": files["roads.yaml"]})


def test_a_pack_needs_its_head() -> None:
    files = guide_files()
    del files["pack.yaml"]
    with pytest.raises(PackError, match=r"没有 pack\.yaml"):
        read_pack(files)


def test_examples_are_a_list_and_may_stand_in_several_files() -> None:
    files = guide_files()
    more = "- {example: 再来一个, mechanism: roads, day: 2025-07-08, expect: {甲: {light: grey}}}\n"
    assert len(read_pack(files | {"examples_more.yaml": more}).examples) == 11
    with pytest.raises(PackError, match="算例要写成列表"):
        read_pack(files | {"examples.yaml": "example: 甲\n"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {example: 甲, mechanism: roads, day: 2025-7, expect: {甲: {light: red}}}\n", "day“2025-7”写法不对"),
        ("- {example: 甲, mechanism: roads, day: 2025-07-08}\n", "算例没有写应得结果"),
        ("- {example: 甲, mechanism: roads, day: 2025-07-08, history: [{on: 2025-07-01, key: 甲}], expect: {甲: {light: red}}}\n", "每一步须且只须写一件事"),
        ("- {example: 甲, mechanism: roads, day: 2025-07-08, expect: {甲: {light: purple}}}\n", "light 不能是“purple”"),
        ("- {example: 甲, mechanism: roads, day: 2025-07-08, expect: {甲: {lights: {plate: {color: red}}}}}\n", "不认识的键 color，是不是 colour？"),
    ],
)
def test_examples_are_read_as_strictly(text: str, said: str) -> None:
    with pytest.raises(PackError) as caught:
        read_pack(guide_files() | {"examples.yaml": text})
    assert said in str(caught.value)


def test_a_bare_name_among_what_is_expected_is_a_value() -> None:
    (example,) = read_pack(guide_files() | {
        "examples.yaml": "- {example: 甲, mechanism: roads, day: 2025-07-08, expect: {甲: {progress: 72%, 缺报次数: ~, values: {滞后天数: 3天}, light: red}}}\n"
    }).examples  # fmt: skip
    outcome = example.shape.expect["甲"]
    assert outcome.values == {"滞后天数": "3天", "progress": "72%", "缺报次数": None}
    assert outcome.light == "red"


def test_a_folder_is_read_as_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "roads"
    folder.mkdir()
    for name, text in guide_files().items():
        (folder / name).write_text(text, "utf-8")
    (folder / "demo.csv").write_bytes(b"\xff\xfe")
    loaded = load_pack(folder)
    assert loaded.fingerprints == read_pack(guide_files()).fingerprints
    assert "demo.csv" not in loaded.files
    (folder / "more.yml").write_text("mechanism: more\n", "utf-8")
    (folder / "bad.yaml").write_bytes("title: 濮阳".encode("gb18030"))
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    assert [str(problem.place).split(":")[0].strip() for problem in caught.value.problems] == ["roads/bad.yaml", "roads/more.yml"]


# -- every error type that pydantic can raise about our shapes has words ------------------------------------------

ERRORS: dict[str, set[str]] = {
    "model": {"model_type"}, "model-fields": {"missing", "extra_forbidden", "model_attributes_type"}, "dict": {"dict_type"}, "list": {"list_type"},
    "str": {"string_type"}, "bool": {"bool_type", "bool_parsing"}, "int": {"int_type", "int_parsing", "int_parsing_size", "int_from_float"},
    "decimal": {"decimal_type", "decimal_parsing", "finite_number"}, "literal": {"literal_error"}, "tagged-union": {"union_tag_invalid"},
    "function-before": {"refused"}, "function-after": {"refused"}, "nullable": set(), "default": set(), "definitions": set(), "definition-ref": set(),
}  # fmt: skip
LIMITS = {
    "pattern": {"str": "string_pattern_mismatch"}, "ge": {"int": "greater_than_equal", "decimal": "greater_than_equal"},
    "le": {"int": "less_than_equal", "decimal": "less_than_equal"}, "min_length": {"str": "string_too_short", "list": "too_short", "dict": "too_short"},
    "max_length": {"str": "string_too_long"},
}  # fmt: skip


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str) and schema["type"] not in ("model-field", "no-info", "with-info"):
            yield schema
        for key, value in schema.items():
            if key not in ("metadata", "serialization", "discriminator", "default", "expected"):
                yield from nodes(value)
    elif isinstance(schema, list | tuple):
        for value in schema:
            yield from nodes(value)


@pytest.mark.parametrize("shape", [Mechanism, PackHead, Example])
def test_every_error_that_can_occur_has_its_words(shape: Any) -> None:
    possible: set[str] = set()
    for node in nodes(shape.__pydantic_core_schema__):
        assert node["type"] in ERRORS, f"{node['type']} is new among the shapes: say which errors it raises"
        possible |= ERRORS[node["type"]]
        possible |= {kinds[node["type"]] for limit, kinds in LIMITS.items() if limit in node and node["type"] in kinds}
    assert possible - set(TEMPLATES) == set()


def test_the_sample_pack_is_a_pack() -> None:
    assert isinstance(sample_pack("owner: 市发改委"), Pack)
