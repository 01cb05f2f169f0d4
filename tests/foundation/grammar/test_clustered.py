"""Plans for a cluster: what is carried comes out as it was written, steps keep their own names, and what is not surely the same is refused."""

import pytest

from bihuan.foundation.grammar.clustered import NotForClusters, carried, to_spark


def test_a_formula_is_carried_word_for_word() -> None:
    formula = "CASE WHEN `s`.`名称` = 'it\\'s \"x\"' THEN 1e0 END"
    assert to_spark(f'SELECT {carried(formula, "spark")} AS "a" FROM "r_x" s') == f"SELECT {formula} AS `a` FROM `r_x` AS s"
    assert carried(formula, "duckdb") == formula


def test_steps_of_plans_inside_plans_keep_apart() -> None:
    sql = 'WITH rows AS (SELECT 1 AS x), more AS (WITH rows AS (SELECT x FROM rows) SELECT rows.x FROM rows) SELECT more.x FROM more'
    assert to_spark(sql) == (
        "WITH `rows_0` AS (SELECT 1 AS x), `rows_1` AS (SELECT x FROM `rows_0` AS `rows`), "
        "`more_2` AS (SELECT rows.x FROM `rows_1` AS `rows`) SELECT more.x FROM `more_2` AS `more`"
    )


def test_a_number_with_a_point_is_a_double_and_never_a_decimal() -> None:
    assert to_spark('SELECT "a" - 0.95 FROM t') == "SELECT `a` - 0.95e0 FROM t"


def test_the_newest_of_each_is_chosen_without_qualify() -> None:
    written = to_spark('SELECT * FROM t QUALIFY row_number() OVER (PARTITION BY "a" ORDER BY "b" DESC) = 1')
    assert "QUALIFY" not in written
    assert written.endswith("WHERE _w = 1")


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT read_csv('x')", "ReadCSV"),
        ("SELECT regexp_matches(a, 'x') FROM t", "Regexp"),
        ("SELECT a // 2 FROM t", "IntDiv"),
        ("SELECT a % 2 FROM t", "Mod"),
        ("SELECT median(a) FROM t", "Median"),
        ("SELECT * FROM t WHERE a = ?", "Placeholder"),
        ("SELECT CASE WHEN EXISTS (SELECT 1 FROM u) THEN 1 ELSE 0 END FROM t", "EXISTS outside WHERE"),
    ],
)
def test_what_may_mean_something_else_there_is_refused(sql: str, why: str) -> None:
    with pytest.raises(NotForClusters, match=why):
        to_spark(sql)


def test_exists_in_a_condition_on_rows_is_let_through() -> None:
    assert "EXISTS" in to_spark("SELECT a FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.a = t.a)")
