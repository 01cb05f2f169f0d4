"""Every formula of the cases gives the same answers on DuckDB, SQLite, PostgreSQL and a cluster, row by row and to the last bit."""

from __future__ import annotations

from pathlib import Path

import pytest

from bihuan.foundation.grammar import formulas
from bihuan.foundation.grammar.formulas import Formula
from tests.conformance.cases import COLUMNS, CONDITIONS, GATHERED, NUMBERS, OTHERS, ROWS, SCOPE, TODAY
from tests.conformance.engines import Ask, answers, answers_at_once, cluster_engine, duckdb_engine, postgres_engine, sqlite_engine
from tests.sails import NO_SPARK, installed, spark_home, sparking

EVERY = NUMBERS + CONDITIONS + OTHERS + GATHERED

# Worked out by hand, so that the engines cannot be wrong together. One answer per row: ordinary, unknown, zero, boundary, huge, negative, 分, part.
BY_HAND: dict[str, list[object]] = {
    "完成投资 >= 计划投资 * 0.55": [True, None, True, True, True, False, True, None],
    "完成投资 < 计划投资 * 0.55": [False, None, False, False, False, True, False, None],
    "完成投资 = 计划投资 * 0.55": [False, None, True, True, False, False, False, None],
    "完成投资 / 计划投资 >= 55%": [True, None, None, True, True, False, True, None],
    "完成投资 / 计划投资 > 1": [False, None, None, False, False, False, False, None],
    "完成投资 > 计划投资": [False, None, False, False, False, False, True, None],
    "完成投资 - 计划投资 >= 0.000001": [False, None, False, False, False, False, True, None],
    "完成投资 / (计划投资 * 0.1 - 计划投资 * 0.1)": [None] * 8,
    "概算投资 >= 1": [True, None, False, True, True, False, True, True],
    "概算投资 在 (1, 1.2, 100)": [True, None, False, True, False, False, True, True],
    "四舍五入(得分, 1)": [85.5, None, 0.0, 55.0, 90000000000000.0, -2.5, 2.7, None],
    "四舍五入(得分, 0)": [86.0, None, 0.0, 55.0, 90000000000000.0, -3.0, 3.0, None],
    "月数(开工日期, 期限)": [17.0, None, 0.0, 12.0, 2508.0, -12.0, 1.0, None],
    "天数(开工日期, 期限)": [517.0, None, 0.0, 365.0, 76336.0, -364.0, 29.0, None],
    "如果(高技术, '优先', '一般')": ["优先", None, "一般", "优先", "一般", None, "优先", None],
    "非 (状态 = '在建' 或 高技术)": [False, None, True, False, False, None, False, False],
    "包含(项目名称, '%_\\')": [False, None, False, False, False, True, False, False],
    "今天 > 期限": [True, None, False, True, False, True, True, False],
    "最大值(完成投资, 计划投资)": [1e7, None, 0.0, 100.0, 9e13, 100.0, 10000000000.01, None],
}


@pytest.fixture(scope="module")
def duck() -> Ask:
    return duckdb_engine()


@pytest.fixture(scope="module")
def lite() -> Ask:
    return sqlite_engine()


def compiled(source: str) -> Formula:
    return formulas.compile(source, SCOPE)


def test_there_are_more_edges_than_the_46_it_began_with() -> None:
    assert len(set(EVERY)) >= 100
    assert len(ROWS) == 8


@pytest.mark.parametrize("source", BY_HAND)
def test_the_answers_are_those_worked_out_by_hand(duck: Ask, source: str) -> None:
    assert answers(duck, "duckdb", compiled(source)) == BY_HAND[source]


@pytest.mark.parametrize("source", EVERY)
def test_sqlite_answers_as_duckdb_does(duck: Ask, lite: Ask, source: str) -> None:
    assert answers(lite, "sqlite", compiled(source)) == answers(duck, "duckdb", compiled(source))


@pytest.mark.parametrize("source", GATHERED)
def test_what_a_formula_gives_where_there_is_nothing_to_gather_is_what_the_engine_gives(duck: Ask, source: str) -> None:
    formula = compiled(source)
    assert duck(f"SELECT {formula.of_nothing(TODAY)}") == duck(f"SELECT {formula.sql(at=TODAY)} FROM edges WHERE FALSE")


@pytest.mark.postgres
def test_postgresql_answers_as_duckdb_does(duck: Ask, postgres_url: str) -> None:
    ask = postgres_engine(postgres_url)
    formulas = [compiled(source) for source in EVERY]
    assert {f.source: answers(ask, "postgres", f) for f in formulas} == {f.source: answers(duck, "duckdb", f) for f in formulas}


def test_a_cluster_answers_as_duckdb_does(duck: Ask, cluster_address: str) -> None:
    formulas = [compiled(source) for source in EVERY]
    with cluster_engine(cluster_address) as cluster:
        found = answers_at_once(cluster, formulas)
    assert found == {formula.source: answers(duck, "duckdb", formula) for formula in formulas}


@pytest.mark.slow
def test_apache_spark_answers_as_duckdb_does(duck: Ask, tmp_path: Path) -> None:
    home = spark_home()
    if home is None or not installed():
        pytest.skip(NO_SPARK)
    formulas = [compiled(source) for source in EVERY]
    with sparking(home, tmp_path) as address, cluster_engine(address) as spark:
        found = answers_at_once(spark, formulas)
    assert found == {formula.source: answers(duck, "duckdb", formula) for formula in formulas}


def test_a_cluster_never_goes_round_the_corner(cluster_address: str) -> None:
    """Two whole numbers that no BIGINT holds together: the sum is right, by every way to it."""
    sums = [compiled(source) for source in ("完成投资 + 完成投资", "合计(完成投资)", "合计(完成投资 + 完成投资)")]
    with cluster_engine(cluster_address, [(number, 2**62, *[None] * (len(COLUMNS) - 2)) for number in (1, 2, 3)]) as cluster:
        found = answers_at_once(cluster, sums)
    assert found == {"完成投资 + 完成投资": [2**63 / 100] * 3, "合计(完成投资)": [3 * 2**62 / 100], "合计(完成投资 + 完成投资)": [6 * 2**62 / 100]}
