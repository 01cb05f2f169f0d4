"""What is computed on bitmaps: to the last row and 分 what the engine of the columns says of the same trees, on facts and formulas of every kind."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from itertools import product
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bihuan.computing.bitmaps import Batch, Program
from bihuan.computing.facts import Facts, sorts_of
from bihuan.computing.kernels import KERNELS, TYPES, Sort, at_least
from bihuan.foundation import columns
from bihuan.foundation.columns import Row
from bihuan.foundation.evaluating import sandbox
from bihuan.foundation.grammar.catalogue import Catalogue, link
from bihuan.foundation.grammar.deciding import in_columns
from bihuan.foundation.grammar.formula_sql import AtLeast, Column, Node, Target
from bihuan.foundation.grammar.formulas import FormulaError
from bihuan.foundation.grammar.packs import read_pack
from bihuan.foundation.grammar.payables import policies_of, subjects_sql
from bihuan.foundation.grammar.scopes import unit_of
from bihuan.foundation.grammar.views import RegisterView
from tests.computing import firms
from tests.foundation.grammar.entitled import entitled_sql

DAYS = (date(2025, 7, 8), date(2025, 11, 20), date(2026, 3, 1))
DAY = DAYS[0]

# --- every operation by itself

_VALUES: dict[Sort, list[Any]] = {
    "int": [None, 0, 1, -1, 2, 55, 2**40, -(2**40)],
    "double": [None, 0.0, -0.0, 1.0, 0.55, 55.0, 0.55 * 100, 1e-9, 1 + 1e-9, -3.5, 1e12, 1e12 + 0.01],
    "bool": [None, True, False],
    "date": [None, date(2025, 7, 8), date(2024, 2, 29), date(1999, 1, 1)],
    "text": [None, "", "小型", "中型"],
    "word": ["小型", "没有的"],
}
_ENGINE: dict[Sort, str] = {"int": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN", "date": "DATE", "text": "VARCHAR", "word": "VARCHAR"}


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    return sandbox("256MB", threads=1)


@pytest.mark.parametrize(("operation", "sorts"), sorted(KERNELS), ids=lambda part: part if isinstance(part, str) else "-".join(part))
def test_an_operation_is_what_its_sql_says(operation: str, sorts: tuple[Sort, ...]) -> None:
    words = _VALUES["word"] if "word" in sorts else [""]
    for word in words:
        rows = list(product(*(_VALUES[sort] if sort != "word" else [word] for sort in sorts)))
        if "/" in operation:
            rows = [row for row in rows if row[1] != 0]  # a compiled formula divides by what NULLIF has passed
        held = [pa.array(column, TYPES.get(sort, pa.string())) for column, sort in zip(zip(*rows, strict=True), sorts, strict=True)]
        given_ = [
            array.dictionary_encode() if sort == "text" else pa.scalar(word) if sort == "word" else array
            for array, sort in zip(held, sorts, strict=True)
        ]
        found = KERNELS[operation, sorts].run(*given_)
        _engine().register("held", pa.table({f"c{place}": array for place, array in enumerate(held)}))
        named = operation.format(*(f"CAST(c{place} AS {_ENGINE[sort]})" for place, sort in enumerate(sorts)), double="DOUBLE")
        wanted = _engine().execute(f"SELECT {named} FROM held").fetchall()
        assert found.to_pylist() == [value for (value,) in wanted]
        assert found.type == TYPES[KERNELS[operation, sorts].gives]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_at_least_so_many_is_what_its_sql_says(count: int) -> None:
    rows = list(product([None, True, False], repeat=3))
    held = [pa.array(column, pa.bool_()) for column in zip(*rows, strict=True)]
    _engine().register("held", pa.table({f"c{place}": array for place, array in enumerate(held)}))
    tree = AtLeast(count, *(Column(f"c{place}", f"c{place}") for place in range(3)))
    wanted = _engine().execute(f"SELECT {tree.write(Target('duckdb'))} FROM held").fetchall()
    assert at_least(count, *held).to_pylist() == [value for (value,) in wanted]


# --- whole policies of the shipped pack


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return link([firms.pack()])


@pytest.fixture(scope="module")
def view(catalogue: Catalogue) -> RegisterView:
    return catalogue.registers[firms.REGISTER]


@pytest.fixture(scope="module")
def world(view: RegisterView) -> Iterator[duckdb.DuckDBPyConnection]:
    with sandbox("256MB", threads=1) as connection:
        firms.put_every_kind(connection, view, 400)
        yield connection


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_who_meets_what_is_the_same_by_both_ways(world: duckdb.DuckDBPyConnection, catalogue: Catalogue, view: RegisterView, day: date) -> None:
    policies = policies_of(view, day)
    source = subjects_sql(catalogue, view, policies, day)
    found, unknown = Facts.read(source, world, view, policies, day).matched()
    world.execute("BEGIN")
    world.execute(f"CREATE TEMP TABLE subjects AS {source}")
    wanted = world.execute(f"SELECT * FROM ({entitled_sql(view, policies)}) ORDER BY policy, _id").fetchall()
    world.execute("ROLLBACK")
    assert sorted((tuple(row.values()) for row in found.to_pylist()), key=lambda row: (row[1], row[0])) == wanted
    assert len(wanted) > 400
    assert len(unknown) == len(policies)
    assert any(unknown.values())


def test_most_of_the_shipped_policies_need_no_help_of_the_engine(world: duckdb.DuckDBPyConnection, catalogue: Catalogue, view: RegisterView) -> None:
    policies = policies_of(view, DAY)
    facts = Facts.read(subjects_sql(catalogue, view, policies, DAY), world, view, policies, DAY)
    asked = [sql for sql in facts.program.leaves.values() if not sql.startswith('"s".')]
    assert len(asked) < len(facts.program.steps) / 20


# --- formulas of every kind, made up

_PACK = """
mechanism: firms
title: 企业
basis: 测试
register:
  title: 企业
  key: code
  office: county
  fields:
    code: {title: 编码, kind: text, required: 是}
    county: {title: 区划, kind: office, required: 是}
    size: {title: 规模, kind: choice, choices: [大型, 中型, 小型]}
    revenue: {title: 收入, kind: money, unit: 万元}
    research: {title: 研发, kind: money, unit: 万元}
    staff: {title: 人数, kind: number}
    share: {title: 占比, kind: number, unit: '%', decimals: 2}
    clean: {title: 守信, kind: yes_no}
    listed: {title: 上市, kind: yes_no}
    founded: {title: 成立, kind: date}
"""
_HEAD = "pack: made\ntitle: 测试\nversion: '1'\nowner: 测试\nbasis: 测试\nin_force: 2020-01\nroles: {officer: {title: 经办人}}\n"


@cache
def _made() -> tuple[Catalogue, RegisterView, duckdb.DuckDBPyConnection]:
    linked = link([read_pack({"pack.yaml": _HEAD, "firms.yaml": _PACK, "README.md": "# 测试\n"}, "made")])
    view = linked.registers["made.firms"]
    world = sandbox("256MB", threads=1)
    columns.create(world, [view])
    return linked, view, world


_money = st.recursive(
    st.sampled_from(["收入", "研发", "100万元", "0.5万元", "收入 * 3%", "研发 / 3"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-"]), inner).map(lambda part: f"({part[0]} {part[1]} {part[2]})"),
        st.tuples(st.sampled_from(["最大值", "最小值", "取值"]), inner, inner).map(lambda part: f"{part[0]}({part[1]}, {part[2]})"),
        st.tuples(st.sampled_from(["守信", "人数 >= 3"]), inner, inner).map(lambda part: f"如果({part[0]}, {part[1]}, {part[2]})"),
        inner.map(lambda one: f"绝对值({one})"),
        inner.map(lambda one: f"四舍五入({one}, 1)"),
    ),
    max_leaves=4,
)
_sign = st.sampled_from([">", ">=", "<", "<=", "=", "<>"])
_simple = st.one_of(
    st.tuples(_money, _sign, _money).map(" ".join),
    st.tuples(_money, _money, _sign, st.sampled_from(["0.03", "3%", "1", "占比"])).map(lambda part: f"{part[0]} / {part[1]} {part[2]} {part[3]}"),
    st.tuples(st.sampled_from(["人数", "占比", "人数 + 1", "占比 * 人数"]), _sign, st.sampled_from(["3", "55%", "2.5", "人数"])).map(" ".join),
    st.sampled_from(["守信", "守信 = 上市", "规模 在 ('大型', '小型')", "规模 <> '中型'", "规模 为空", "研发 为空", "占比 为空", "包含(规模, '小')"]),
    st.tuples(st.sampled_from(["成立", "加天(成立, 人数)"]), _sign, st.sampled_from(["今天", "2024-02-29", "成立"])).map(" ".join),
    st.tuples(_sign, st.integers(0, 800)).map(lambda part: f"天数(成立, 今天) {part[0]} {part[1]}"),
)
_condition = st.recursive(
    _simple,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["且", "或"]), inner).map(lambda part: f"({part[0]}) {part[1]} ({part[2]})"),
        inner.map(lambda one: f"非 ({one})"),
    ),
    max_leaves=5,
)
_wan = st.sampled_from([None, 0, 1, 50, 100, 3_000, 10**6]) | st.integers(-(10**7), 10**7)
_facts = st.fixed_dictionaries({
    "size": st.sampled_from([None, "大型", "中型", "小型"]),
    "revenue": _wan.map(lambda wan: wan and wan * 1_000_000),
    "research": _wan.map(lambda wan: wan and wan * 30_000),
    "staff": st.sampled_from([None, 0, 1, 2, 3, 55]),
    "share": st.sampled_from([None, 0, 300, 5_500, 5_501]),
    "clean": st.sampled_from([None, True, False]),
    "listed": st.sampled_from([None, True, False]),
    "founded": st.sampled_from([None, "2025-07-08", "2024-02-29", "2023-07-09"]),
})  # fmt: skip


def _both(tree: Node, rows: Sequence[dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """The values of a tree over some rows, on bitmaps and by the engine alone."""
    _, view, world = _made()
    world.execute("BEGIN")
    try:
        columns.put_rows(world, view, [Row(number, f"F{number}", office="甲县", data=row) for number, row in enumerate(rows)])
        source = f"SELECT *, DATE '{DAY}' AS _at FROM r_made__firms"
        program = Program(DAY, sorts_of(world, source))
        number = program.add(tree)
        leaves = "".join(f', {sql} AS "{name}"' for name, sql in program.leaves_of([number]).items())
        table = world.sql(f"SELECT {in_columns(tree)} AS wanted{leaves} FROM ({source}) s ORDER BY _id").to_arrow_table()
    finally:
        world.execute("ROLLBACK")
    arrays = {name: column.combine_chunks() for name, column in zip(table.column_names, table.columns, strict=True)}
    coded = {name: array.dictionary_encode() if pa.types.is_string(array.type) else array for name, array in arrays.items()}
    return Batch(program, coded, len(rows)).array(number).to_pylist(), arrays["wanted"].to_pylist()


@given(_condition, st.lists(_facts, min_size=1, max_size=12))
@settings(max_examples=80, deadline=None)
def test_a_condition_holds_for_the_same_rows_by_both_ways(text: str, rows: list[dict[str, Any]]) -> None:
    try:
        tree = _made()[1].condition(text).tree
    except FormulaError:
        assume(False)
        return
    found, wanted = _both(tree, rows)
    assert found == wanted


@given(_money, st.lists(_facts, min_size=1, max_size=12))
@settings(max_examples=50, deadline=None)
def test_an_amount_is_the_same_double_by_both_ways(text: str, rows: list[dict[str, Any]]) -> None:
    try:
        tree = _made()[1].formula(text, "entry", "number", unit_of("元")).tree
    except FormulaError:
        assume(False)
        return
    found, wanted = _both(tree, rows)
    assert found == wanted
