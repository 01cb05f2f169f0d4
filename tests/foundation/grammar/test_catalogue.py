"""Linking packs: what works on which register, what every name is, and what leads nowhere."""

from datetime import date
from fractions import Fraction

import pytest

from bihuan.foundation.grammar.catalogue import Catalogue, link, linked
from bihuan.foundation.grammar.errors import PackError
from bihuan.foundation.grammar.packs import read_pack
from bihuan.foundation.grammar.rules.samples import sample_pack
from tests.foundation.grammar.guide import guide_files


@pytest.fixture(scope="module")
def roads() -> Catalogue:
    return link([read_pack(guide_files(), "roads")])


def problems(sample: str) -> list[str]:
    return [problem.text() for problem in linked([sample_pack(sample)]).problems]


def test_everything_that_works_on_a_register_is_found_there(roads: Catalogue) -> None:
    view = roads.register("roads.roads")
    assert view.lifecycle is not None
    assert list(view.lights) == ["roads.progress", "roads.plate"]
    assert view.lights["roads.plate"].name == "roads.roads.plate"
    assert view.children == (("roads.inspections", "road"),)
    assert roads.mechanism("roads.inspections").register == "roads.inspections"
    assert roads.waiting == ()


def test_an_item_knows_where_it_is_written(roads: Catalogue) -> None:
    light = roads.register("roads.roads").lights["roads.plate"]
    assert light.at("conditions", 0, "if").line == light.at("conditions").line + 1
    assert str(light.place).endswith("lights.plate")


def test_computed_names_have_the_kind_and_unit_of_their_formula(roads: Catalogue) -> None:
    names = roads.register("roads.roads").computed
    assert list(names) != []
    assert (names["failed"].kind, str(names["failed"].unit)) == ("number", "次")
    assert (names["progress"].kind, str(names["progress"].unit)) == ("number", "%")
    grade = roads.register("roads.inspections").computed["grade"]
    assert (grade.kind, grade.choices, grade.column) == ("text", ("二级", "三级", "四级"), "grade")


def test_names_are_many_valued_where_rows_are_gathered(roads: Catalogue) -> None:
    view = roads.register("roads.roads")
    assert {name.key: name.many for name in view.names("entry")}["cost"] is False
    assert {name.key: name.many for name in view.names("figures")}["spent"] is True
    assert {name.key: name.many for name in view.names("group")}["cost"] is True
    assert view.scope("entry").get("实际完成投资") is None
    assert {name.key for name in view.names("duty")} == {"open", "overdue", "late", "met", "due", "closed", "level"}


def test_a_parameter_is_bound_to_the_value_of_the_day(roads: Catalogue) -> None:
    view = roads.register("roads.roads")
    bound = {day: view.scope("entry", day).get("宽限天数") for day in (date(2023, 1, 1), date(2024, 6, 1), date(2025, 6, 1))}
    assert [name.value if name else "?" for name in bound.values()] == [None, Fraction(10), Fraction(5)]
    unbound = view.scope("entry").get("宽限天数")
    assert unbound is not None
    assert unbound.column == "grace"


def test_a_formula_is_compiled_once(roads: Catalogue) -> None:
    view = roads.register("roads.roads")
    assert view.condition("滞后天数 > 宽限天数") is view.condition("滞后天数 > 宽限天数")
    assert set(view.condition("滞后天数 > 宽限天数").names) == {"lag", "grace"}


def test_states_are_choices_of_the_built_in_state(roads: Catalogue) -> None:
    with pytest.raises(ValueError, match="在建"):
        roads.register("roads.roads").condition("状态 = '在见'")


def test_a_mechanism_works_on_the_register_it_names() -> None:
    on = "=== lights.yaml\nmechanism: lights\ntitle: 灯\nbasis: 一\non: projects\ncriteria: {c: {title: 条件, all: [{key: k, title: 大, if: 概算投资 > 1, basis: 一}]}}\n"
    catalogue = link([sample_pack(on)])
    assert list(catalogue.register("city.projects").criteria) == ["lights.c"]
    assert catalogue.mechanism("city.lights").register == "city.projects"
    again = on + on.replace("lights", "more").replace("on: projects", "on: lights")
    assert link([sample_pack(again)]).mechanism("city.more").register == "city.projects"


def test_a_short_key_finds_its_own_mechanism_first_and_is_nothing_when_ambiguous() -> None:
    two = "".join(
        f"=== {key}.yaml\nmechanism: {key}\ntitle: {key}\nbasis: 一\non: projects\ncriteria: {{c: {{title: {key}, all: []}}}}\n" for key in ("one", "two")
    )
    items = link([sample_pack(two)]).register("city.projects").criteria
    assert items.find("c") is None
    assert items.find("two.c") is items["two.c"]
    assert items.find("c", "two") is items["two.c"]
    assert [item.short for item in items.found("c")] == ["one.c", "two.c"]


def test_a_handoff_to_a_pack_that_is_not_there_waits() -> None:
    sample = "handoffs: {out: {title: 交办, when: {recorded: 是}, start: {pack: dispatch, mechanism: handover, with: {matter: name}}, basis: 八}}"
    assert [item.name for item in link([sample_pack(sample)]).waiting] == ["city.projects.out"]


def test_rollups_and_indicators_that_wait_for_one_another_are_refused() -> None:
    sample = """
indicators:
  one: {title: 甲数, formula: 乙数 + 1, needs: nothing, basis: 一}
  two: {title: 乙数, formula: 丙数 + 1, needs: nothing, basis: 一}
  three: {title: 丙数, formula: 甲数 + 1, needs: nothing, basis: 一}
"""
    (cycle,) = [text for text in problems(sample) if "互相引用" in text]
    assert all(f"项目·{name}" in cycle for name in ("甲数", "乙数", "丙数"))


def test_a_child_may_look_up_what_is_rolled_up_from_it() -> None:
    files = guide_files()
    files["inspections.yaml"] += "    failed: {title: 该路段不合格次数, by: road, field: failed}\n"
    view = link([read_pack(files)]).register("roads.inspections")
    assert str(view.computed["failed"].unit) == "次"


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        ("on: nowhere", "on 写的 nowhere 没有台账"),
        ("=== other.yaml\nmechanism: other\ntitle: 甲\nbasis: 一\n", "既没有 register，也没有写 on"),
        ("criteria: {c: {title: 甲, all: [{key: k, title: 乙, if: 概算总投资 > 1, basis: 一}]}}", "公式第 1 个字：没有“概算总投资”这个名称，是不是“概算投资”"),
        ("criteria: {c: {title: 甲, all: [{key: k, title: 乙, if: 概算投资 + 1, basis: 一}]}}", "是否（条件）"),
        ("indicators: {i: {title: 占比, formula: 概算投资 / 1亿元, unit: 万元, basis: 一}}", "结果按比率计，这里要按金额计"),
        ("indicators: {i: {title: 项目数, formula: 计数(), per: town, basis: 一}}", "没有分组字段“town”"),
        ("assignments: {a: {title: 包联, who: boss}}", "没有角色“boss”"),
        ("lifecycle: {states: {a: {title: 甲}}, start: b, moves: {}}", "没有状态“b”"),
        ("lifecycle: {states: {a: {title: 甲}}, start: a, moves: {m: {title: 乙, from: a, to: a, who: officer, needs: [cost]}}}", "没有字段“cost”"),
        ("clocks: {c: {title: 时限, starts: started_on, stops: [], limit: {by: name, 甲: 3 days}}}", "期限“3 days”写法不对"),
        ("cadences: {c: {title: 月报, every: month, due: 5 calendar_days, met_by: {figures: [spent]}}}", "没有按期数值“spent”"),
        ("exchanges: {e: {title: 表, of: rows, columns: [code, naem]}}", "没有列“naem”，是不是 name"),
        ("exchanges: {e: {title: 表, of: rows, columns: [name]}}", "没有识别行的列 code"),
        ("lights: {l: {title: 灯, of: progress, without_data: grey, since: {2024: {green: 9, yellow: 8, basis: 一}}}}", "没有指标“progress”"),
        ("lights: {l: {title: 灯, without_data: grey, conditions: [{colour: red, otherwise: 是, because: '{拖延}', basis: 一}]}}", "{拖延} 代入不了"),
        ("scores: {s: {title: 排名, per: county, missing: last, parts: {p: {title: 甲, of: nothing, weight: 1}}}}", "没有指标“nothing”"),
        ("parameters: {p: {title: 概算投资, since: {2024: {value: 1, basis: 一}}}}", "名称“概算投资”在台账“项目”里已有"),
        ("parameters: {p: {title: 天数, unit: 光年, since: {2024: {value: 1, basis: 一}}}}", "没有单位“光年”"),
        ("parameters: {p: {title: 读法, choices: [甲, 乙], since: {2024: {value: 丙, basis: 一}}}}", "没有可选值“丙”"),
        ("criteria: {c: {title: 甲, all: [], exempt: [{from: k, if: 概算投资 > 1, needs: name, approver: officer, basis: 一}]}}", "没有条件代号“k”"),
        ("handoffs: {h: {title: 甲, when: {recorded: 是}, joins: code, start: {pack: city, mechanism: projects, with: {name: name}}, basis: 一}}", "没有with 中的文本字段“code”"),
        ("handoffs: {h: {title: 甲, when: {missed: report}, start: {pack: city, mechanism: projects, with: {nane: name}}, basis: 一}}", "没有时限或节律“report”"),
        ("documents: {d: {title: '{姓名}、{项目编码}', number: 一, trigger: {by: officer}, about: person, body: [{table: carried, columns: [rank]}]}}", "没有名称“项目编码”"),
        ("documents: {d: {title: 甲, number: 一, trigger: {by: officer}, about: person, body: [{table: rows, columns: [rank]}]}}", "没有表“rows”"),
        ("documents: {d: {title: 甲, number: 一, trigger: {by: officer}, about: person, body: [{table: owed, columns: [light]}]}}", "没有列“light”"),
        ("documents: {d: {title: '{去向}', number: 一, trigger: {by: officer}, body: [{table: ranking, columns: [rank]}]}}", "没有计分“ranking”"),
    ],
)
def test_what_leads_nowhere_is_told(sample: str, said: str) -> None:
    found = problems(sample)
    assert any(said in text for text in found), "\n".join(found)


def test_linking_refuses_what_lint_would_tell() -> None:
    with pytest.raises(PackError, match="没有角色"):
        link([sample_pack("assignments: {a: {title: 包联, who: boss}}")])


def test_a_mechanism_with_on_and_a_register_is_reminded_which_one_it_works_on() -> None:
    sample = """
=== visits.yaml
mechanism: visits
title: 走访
basis: 一
on: projects
register: {title: 走访记录, key: code, office: office, fields: {code: {title: 走访编号, kind: text}, office: {title: 走访单位, kind: office}}}
criteria: {c: {title: 甲, all: [{key: k, title: 乙, if: 非 为空(走访编号), basis: 一}]}}
"""
    (told,) = problems(sample)
    assert "写了 on，各节作用在“项目”上" in told
