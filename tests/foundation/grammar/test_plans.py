"""Plans: what one query says of a row agrees with the rules as written; unknown never decides; old periods follow old rules."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation import columns
from bihuan.foundation.columns import Row
from bihuan.foundation.evaluating import sandbox
from bihuan.foundation.grammar import criteria
from bihuan.foundation.grammar.catalogue import Catalogue, link
from bihuan.foundation.grammar.packs import read_pack
from bihuan.foundation.grammar.plans import Wanted, group_plan, missing_sql, row_plan
from bihuan.foundation.grammar.reading import judgement_of
from tests.computing import small

DAY = date(2025, 7, 8)
WAN = 1_000_000


@pytest.fixture
def world() -> Iterator[duckdb.DuckDBPyConnection]:
    """The small city's empty tables."""
    with sandbox("256MB", threads=1) as connection:
        columns.create(connection, small.catalogue().registers.values())
        yield connection


def put(world: duckdb.DuckDBPyConnection, number: int, completed: list[int | None], year: int = 2025, **data: Any) -> None:
    view = small.catalogue().registers["city.works"]
    values = {"code": f"W-{number}", "county": "甲县", "estimate": 12_000 * WAN, "planned_start": "2025-08-01", **data}
    columns.put_rows(world, view, [Row(number, f"W-{number}", office="甲县", state=data.get("state", "谋划"), data=values)])
    figures = [(number, f"{year}-{month:02d}", "planned", 1000 * WAN) for month in range(1, len(completed) + 1)]
    figures += [(number, f"{year}-{month:02d}", "completed", value * WAN) for month, value in enumerate(completed, 1) if value is not None]
    columns.put_figures(world, view, figures, [number])


def judged(world: duckdb.DuckDBPyConnection, wanted: Wanted, *days: date) -> list[dict[str, Any]]:
    view = small.catalogue().registers["city.works"]
    found = world.execute(f"{row_plan(small.catalogue(), view, wanted, days or (DAY,)).sql} SELECT * FROM judged ORDER BY _id, _at")
    titles = [column[0] for column in found.description or ()]
    return [dict(zip(titles, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize(
    ("day", "completed", "year", "code", "rule"),
    [
        (date(2025, 7, 8), [960] * 6, 2025, 0, 1),
        (date(2025, 7, 8), [950] * 6, 2025, 0, 1),  # exactly at the line is at the line
        (date(2025, 7, 8), [800] * 6, 2025, 1, 1),
        (date(2025, 7, 8), [799] * 6, 2025, 2, 1),
        (date(2025, 7, 8), [960] * 5, 2025, -1, 1),  # June is missing
        (date(2025, 7, 8), [960] * 7, 2025, 0, 1),  # July has not ended and does not count
        (date(2025, 1, 5), [960] * 12, 2024, 1, 0),  # December 2024, by the rule of 2024, however late it is looked at
        (date(2023, 6, 5), [], 2023, -1003, None),  # no rule was in force
    ],
)
def test_a_threshold_light_takes_the_whole_periods_and_the_rule_of_their_time(
    world: duckdb.DuckDBPyConnection, day: date, completed: list[int | None], year: int, code: int, rule: int | None
) -> None:
    put(world, 1, completed, year)
    [row] = judged(world, Wanted(lights=("works.progress",)), day)
    assert (row["works.progress"], row["works.progress:rule"]) == (code, rule)


def test_one_day_and_many_days_are_judged_alike(world: duckdb.DuckDBPyConnection) -> None:
    put(world, 1, [850, 820, 790, 780, 770, 310])
    put(world, 2, [960, 960, None, 960, 960, 960], planned_start=None)
    days = [date(2025, month, day) for month in (1, 4, 7, 12) for day in (1, 8, 28)]
    view = small.catalogue().registers["city.works"]
    wanted = Wanted(frozenset(view.computed), ("works.progress", "works.plate"), tuple(view.criteria))
    together = judged(world, wanted, *days)
    one_by_one = sorted((row for day in days for row in judged(world, wanted, day)), key=lambda row: (row["_id"], row["_at"]))
    assert together == one_by_one


def test_missing_figures_are_named_by_period(world: duckdb.DuckDBPyConnection) -> None:
    put(world, 1, [960, None, 960, 960, None, 960])
    view = small.catalogue().registers["city.works"]
    plan = row_plan(small.catalogue(), view, Wanted(frozenset({"progress"})), [DAY])
    sql = missing_sql(view, plan.span, view.indicators["works.progress"].shape, [1], ["completed", "planned"])
    assert [(row[2], row[3]) for row in world.execute(sql).fetchall()] == [("2025-02", "completed"), ("2025-05", "completed")]


def test_what_gathers_no_figure_counts_each_row_once(world: duckdb.DuckDBPyConnection) -> None:
    put(world, 1, [100] * 6)
    put(world, 2, [200] * 6, estimate=6_000 * WAN)
    catalogue = small.catalogue()
    view = catalogue.registers["city.works"]
    [row] = world.execute(group_plan(catalogue, view, view.indicators["works.county_estimate"], [DAY]).sql).fetchall()
    # 1,800 completed in all, against 18,000 estimated: not six times 18,000.
    assert row[:4] == ("甲县", DAY, pytest.approx(0.1), 2)


def test_a_rollup_of_nothing_is_what_the_formula_says_of_nothing(world: duckdb.DuckDBPyConnection) -> None:
    put(world, 1, [])
    [row] = judged(world, Wanted(frozenset({"failed", "last_meeting", "late_reports"})))
    assert (row["failed"], row["last_meeting"], row["late_reports"]) == (0, None, 0)


def test_a_parameter_takes_the_value_in_force_on_each_day(world: duckdb.DuckDBPyConnection) -> None:
    put(world, 1, [])
    rows = judged(world, Wanted(frozenset({"grace"})), date(2025, 7, 14), date(2025, 7, 15))
    assert [row["grace"] for row in rows] == [0, 10]


# --- criteria: the query and the explanation agree on every tree and every truth

LEAVES = [f"t{number}" for number in range(5)]
trees = st.recursive(
    st.sampled_from(LEAVES).map(lambda key: {"leaf": key}),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda nodes: {"all": nodes}),
        st.lists(inner, min_size=1, max_size=3).map(lambda nodes: {"any": nodes}),
        st.tuples(st.integers(1, 3), st.lists(inner, min_size=1, max_size=3)).map(lambda pair: {"at_least": pair[0], "of": pair[1]}),
        inner.map(lambda node: {"not": node}),
    ),
    max_leaves=6,
)


def written(node: Any, seen: dict[str, int]) -> Any:
    """A drawn tree as a pack writes it; a leaf used again gets a key of its own and asks the same field."""
    if "leaf" in node:
        place = seen[node["leaf"]] = seen.get(node["leaf"], 0) + 1
        return f"{{key: {node['leaf']}_{place}, title: {node['leaf']}, if: {node['leaf']}, basis: 一}}"
    if "not" in node:
        return f"{{not: {written(node['not'], seen)}}}"
    [(name, nodes)] = [(key, value) for key, value in node.items() if isinstance(value, list)]
    listed = ", ".join(written(one, seen) for one in nodes)
    head = f"at_least: {node['at_least']}, " if "at_least" in node else ""
    return f"{{{head}{name}: [{listed}]}}"


def linked(tree: Any, *, denied: bool) -> Catalogue:
    fields = "".join(f"    {key}: {{title: {key}, kind: yes_no}}\n" for key in (*LEAVES, "no", "lift"))
    deny = "    deny: [{key: no, title: 否决, if: no, basis: 一}]\n" if denied else ""
    seen: dict[str, int] = {}
    node = written(tree, seen)
    first = f"{next(iter(seen))}_1"
    text = (
        "mechanism: rows\ntitle: 行\nbasis: 一\nregister:\n  title: 行\n  key: code\n  fields:\n    code: {title: 编码, kind: text}\n"
        f"    why: {{title: 理由, kind: text}}\n{fields}criteria:\n  rule:\n    title: 规则\n    all: [{node}]\n"
        f"    exempt: [{{from: {first}, if: lift, needs: why, approver: officer, basis: 一}}]\n{deny}"
    )
    head = 'pack: p\ntitle: p\nversion: "1"\nowner: p\nbasis: p\nin_force: 2020-01\nroles: {officer: {title: 经办}}\n'
    return link([read_pack({"pack.yaml": head, "rows.yaml": text})])


truths = st.sampled_from([True, False, None])


@given(trees, st.booleans(), st.lists(st.tuples(*[truths] * 7, st.sampled_from(["", "因为", None])), min_size=1, max_size=8))
def test_the_query_and_the_explanation_agree(tree: Any, denied: bool, rows: list[Any]) -> None:
    catalogue = linked(tree, denied=denied)
    view = catalogue.registers["p.rows"]
    with sandbox("256MB", threads=1) as connection:
        columns.create(connection, [view])
        data = [dict(zip((*LEAVES, "no", "lift", "why"), values, strict=True)) for values in rows]
        columns.put_rows(connection, view, [Row(place, str(place), data=values) for place, values in enumerate(data)])
        found = connection.execute(f"{row_plan(catalogue, view, Wanted(criteria=('rows.rule',)), [DAY]).sql} SELECT * FROM judged")
        titles = [column[0] for column in found.description or ()]
        for values in found.fetchall():
            row = dict(zip(titles, values, strict=True))
            said = judgement_of(view, "rows.rule", row)
            assert said.value is row["rows.rule"]
            assert (said.near_miss is None) or said.value is False


def test_the_near_miss_names_the_one_test_that_stands_in_the_way_and_by_how_much(world: duckdb.DuckDBPyConnection) -> None:
    put(world, 1, [], estimate=8_000 * WAN, high_tech=False, industry="制造", unlawful=False)
    view = small.catalogue().registers["city.works"]
    [row] = judged(world, Wanted(criteria=("works.screening",)))
    said = judgement_of(view, "works.screening", row)
    assert said.value is False
    assert said.near_miss is not None
    assert said.near_miss.said.zh == "概算投资不低于一亿元：不满足（概算投资 8,000万元，要求不低于 10,000万元，相差 2,000万元）"


def test_what_lies_on_a_line_that_it_should_be_above_is_not_said_to_be_apart_from_it() -> None:
    catalogue = link([read_pack({name: text.replace("概算投资 >= 1亿元", "概算投资 > 1亿元") for name, text in small.FILES.items()})])
    view = catalogue.registers["city.works"]
    with sandbox("256MB", threads=1) as connection:
        columns.create(connection, catalogue.registers.values())
        put(connection, 1, [], estimate=10_000 * WAN, high_tech=False, industry="制造", unlawful=False)
        found = connection.execute(f"{row_plan(catalogue, view, Wanted(criteria=('works.screening',)), [DAY]).sql} SELECT * FROM judged")
        row = dict(zip([column[0] for column in found.description or ()], found.fetchone() or (), strict=True))
    near = judgement_of(view, "works.screening", row).near_miss
    assert near is not None
    assert near.said.zh == "概算投资不低于一亿元：不满足（概算投资 10,000万元，要求高于 10,000万元）"


def test_a_denial_beats_everything_and_leaves_no_near_miss(world: duckdb.DuckDBPyConnection) -> None:
    put(world, 1, [], high_tech=True, industry="制造", unlawful=True)
    view = small.catalogue().registers["city.works"]
    [row] = judged(world, Wanted(criteria=("works.screening",)))
    said = judgement_of(view, "works.screening", row)
    assert (said.value, said.near_miss, [reason.key for reason in said.having("denied")]) == (False, None, ["unlawful"])


def test_every_test_is_named_once() -> None:
    shape = small.catalogue().registers["city.works"].criteria["works.screening"].shape
    assert [test.key for test in criteria.tests_of(shape)] == ["size", "tech", "factory", "unlawful"]
    assert criteria.judge(shape, {"size": None, "tech": True, "factory": None, "unlawful": False}).value is None
