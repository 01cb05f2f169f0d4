"""Indicators of groups that use one another, and rollups whose condition mentions a parameter: computed as declared."""

from datetime import date

import pytest

from bihuan.foundation import columns
from bihuan.foundation.columns import Row
from bihuan.foundation.evaluating import sandbox
from bihuan.foundation.grammar.catalogue import Catalogue, link, linked
from bihuan.foundation.grammar.plans import Wanted, group_plan, row_plan
from bihuan.foundation.grammar.rules.samples import sample_pack

PACK = """
parameters:
  tolerance: {title: 容许天数, unit: 天, since: {2024: {value: '10', basis: 本市约定}, 2025-06: {value: '30', basis: 本市约定}}}
register:
  title: 项目
  key: code
  name: code
  office: county
  fields:
    code: {title: 项目编码, kind: text, required: 是}
    county: {title: 所在县区, kind: office, required: 是}
    estimate: {title: 概算投资, kind: money, unit: 万元}
  rollups:
    slow: {title: 久拖事项数, from: matters, by: project, where: '天数(提出日期, 今天) > 容许天数', formula: 计数(), unit: 次}
indicators:
  large: {title: 大项目数, per: county, formula: 计数(概算投资 >= 1亿元), needs: nothing, unit: 个}
  all_of_them: {title: 全部项目数, per: county, formula: 计数(), needs: nothing, unit: 个}
  share: {title: 大项目占比, per: county, formula: 大项目数 / 全部项目数, needs: nothing, unit: '%'}
  average: {title: 每个大项目概算, per: county, formula: 合计(概算投资) / 大项目数, needs: nothing, unit: 万元}
  city: {title: 全市项目数, per: all, formula: 计数(), needs: nothing, unit: 个}
=== matters.yaml
mechanism: matters
title: 事项
title_en: matters
basis: 《办法》
register:
  title: 事项
  key: code
  name: code
  office: county
  fields:
    code: {title: 事项编号, kind: text, required: 是}
    project: {title: 所属项目, kind: entry, of: projects, required: 是}
    county: {title: 事项县区, kind: office, required: 是}
    filed_on: {title: 提出日期, kind: date, required: 是}
"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return link([sample_pack(PACK)])


def rows() -> list[Row]:
    given = (("P1", "甲县", 20_000), ("P2", "甲县", 5_000), ("P3", "乙县", 3_000))
    return [
        Row(number, key, key, county, "", None, {"code": key, "county": county, "estimate": estimate * 1_000_000})
        for number, (key, county, estimate) in enumerate(given, start=1)
    ]


def answer(catalogue: Catalogue, sql: str) -> list[tuple[object, ...]]:
    connection = sandbox()
    columns.create(connection, catalogue.registers.values())
    columns.put_rows(connection, catalogue.register("city.projects"), rows())
    matter = Row(9, "S1", "S1", "甲县", "", None, {"code": "S1", "project": "P1", "county": "甲县", "filed_on": "2025-05-10"})
    columns.put_rows(connection, catalogue.register("city.matters"), [matter])
    return connection.execute(sql).fetchall()


@pytest.mark.parametrize(
    ("key", "expected"),
    [("share", {"甲县": 0.5, "乙县": 0.0}), ("average", {"甲县": 250_000_000.0, "乙县": None})],
)
def test_an_indicator_of_groups_uses_others_of_the_same_groups(catalogue: Catalogue, key: str, expected: dict[str, float | None]) -> None:
    view = catalogue.register("city.projects")
    plan = group_plan(catalogue, view, view.indicators[f"projects.{key}"], [date(2025, 7, 8)])
    assert {row[0]: row[2] for row in answer(catalogue, plan.sql)} == expected


@pytest.mark.parametrize(("day", "slow"), [(date(2025, 5, 20), 0), (date(2025, 5, 21), 1), (date(2025, 6, 1), 0), (date(2025, 6, 10), 1)])
def test_the_condition_of_a_rollup_takes_a_parameter_of_its_own_register(catalogue: Catalogue, day: date, slow: int) -> None:
    view = catalogue.register("city.projects")
    plan = row_plan(catalogue, view, Wanted(names=frozenset({"slow"})), [day], [1])
    assert [row[0] for row in answer(catalogue, f"{plan.sql} SELECT slow FROM judged")] == [slow]


def test_groups_that_differ_and_groups_that_wait_for_one_another_are_told() -> None:
    other = linked([sample_pack(PACK.replace("大项目数 / 全部项目数", "大项目数 / 全市项目数"))])
    assert any("同一种分组" in problem.text() for problem in other.problems)
    round_about = linked([sample_pack(PACK.replace("formula: 计数(概算投资 >= 1亿元)", "formula: 大项目占比 * 全部项目数"))])
    assert any("互相引用" in problem.text() for problem in round_about.problems)
