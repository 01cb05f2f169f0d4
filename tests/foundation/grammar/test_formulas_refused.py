"""What formulas refuse: every fault has its words, and nothing of an engine beyond the language gets through, however it is dressed."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from bihuan.foundation.grammar import formulas
from bihuan.foundation.grammar.formula_errors import MESSAGES
from bihuan.foundation.grammar.formulas import FormulaError, Name, Scope
from bihuan.foundation.grammar.quantities import unit_of

MOST_CALLS = 200_000
"""Fifty for each of the 4,000 characters that a formula may have."""

SCOPE = Scope(
    [
        Name("a", ("甲",), "number", unit_of("万元"), stored_per_unit=10**6),
        Name("b", ("乙",), "number", unit_of("亿元"), stored_per_unit=10**10),
        Name("land", ("用地",), "number", unit_of("亩"), stored_per_unit=10),
        Name("n", ("数量",), "number"),
        Name("state", ("状态",), "text", choices=("在建", "竣工")),
        Name("name", ("名称",), "text"),
        Name("day", ("开工日期",), "date"),
        Name("flag", ("高技术",), "yes_no"),
        Name("monthly", ("月度投资",), "number", unit_of("万元"), stored_per_unit=10**6, many=True),
    ]
)

FAULTS = [
    ("empty", " \n ", 0),
    ("too_long", "甲" * 4001, 4000),
    ("too_complex", "(" * 51 + "甲" + ")" * 51, 50),
    ("too_complex", " 且 ".join(["1=1"] * 650), 3001),
    ("too_complex", "数量" + " * 数量" * 12, 0),
    ("bad_character", "甲 > 1 # 说明", 6),
    ("bad_character", "甲\u200b > 1", 1),
    ("bad_character", "状态 = '在\u202e建'", 7),
    ("wrong_operator", "甲 == 1", 2),
    ("wrong_operator", "甲 > 1 && 乙 > 1", 6),
    ("wrong_operator", "甲 > 1; 乙 > 1", 5),
    ("wrong_operator", "甲 = NULL", 0),
    ("comment", "甲 > 1 -- 说明", 6),
    ("comment", "甲 /* 说明 */ > 1", 2),
    ("unclosed_text", "状态 = '在建", 5),
    ("unclosed_text", "状态 = “在建'", 5),
    ("double_quotes", '状态 = "在建"', 5),
    ("bad_number", "甲 > 1234567890123456", 4),
    ("bad_number", "甲 > 1.2.3", 4),
    ("bad_number", "甲 > 1e5", 4),
    ("bad_date", "开工日期 > 2025-02-30", 7),
    ("bad_date", "开工日期 > 日期'去年'", 7),
    ("unknown_unit", "甲 > 5千美元", 5),
    ("unknown_name", "甲 > 概算", 4),
    ("unknown_name", "甲乙丙 > 1", 0),
    ("not_a_function", "甲 > 中位数(乙)", 4),
    ("unquoted_choice", "状态 = 在建", 5),
    ("brackets", "(甲 > 1", 0),
    ("brackets", "甲 > 1)", 5),
    ("missing_operator", "甲 乙 > 1", 2),
    ("missing_operator", "甲 (乙) > 1", 2),
    ("syntax", "甲 > ", 2),
    ("syntax", "甲 + * 乙", 4),
    ("not_allowed", "状态 在 ()", 0),
    ("wrong_kind", "状态 + 1 > 2", 0),
    ("wrong_kind", "非 甲", 2),
    ("wrong_kind", "合计(状态)", 3),
    ("compare_kinds", "状态 = 1", 5),
    ("compare_kinds", "开工日期 > 甲", 7),
    ("order_of_words", "状态 > '在建'", 0),
    ("chain", "1 < 甲 < 5", 0),
    ("units_differ", "甲 + 用地", 4),
    ("units_multiply", "甲 * 乙", 0),
    ("units_divide", "甲 / 用地 / 用地", 0),
    ("which_unit", "甲 - 乙 > 5", 8),
    ("which_unit", "用地 > 5万", 5),
    ("not_a_choice", "状态 = '停工'", 5),
    ("not_a_choice", "状态 在 ('在建', '停工')", 12),
    ("constants_only", "甲 在 (乙, 1)", 5),
    ("by_zero", "甲 / 0 > 1", 4),
    ("date_arithmetic", "开工日期 + 3 > 今天", 0),
    ("arguments", "天数(开工日期) > 1", 0),
    ("needs_constant", "包含(名称, 名称)", 7),
    ("needs_constant", "四舍五入(甲, 9)", 8),
    ("nested_aggregate", "合计(合计(月度投资))", 3),
    ("needs_aggregate", "月度投资 > 1", 0),
]


@pytest.mark.parametrize(("code", "source", "position"), FAULTS)
def test_every_fault_says_where_what_why_and_how(code: str, source: str, position: int) -> None:
    with pytest.raises(FormulaError) as refused:
        formulas.compile(source, SCOPE)
    error = refused.value
    assert (error.code, error.position) == (code, position)
    assert f"第 {position + 1} 个字" in str(error)
    assert f"character {position + 1}" in error.english
    for text in (error.what, error.what_en, error.why, error.why_en, error.example):
        assert text
        assert "{" not in text


def test_no_fault_is_without_a_test() -> None:
    elsewhere = {"needs_today", "result_kind", "result_unit"}
    assert set(MESSAGES) == {code for code, _, _ in FAULTS} | elsewhere


def test_the_kind_of_the_result_is_held() -> None:
    with pytest.raises(FormulaError, match="结果是数，这里要是否"):
        formulas.compile("甲", SCOPE, "yes_no")


def test_a_near_name_is_suggested() -> None:
    with pytest.raises(FormulaError, match="是不是“月度投资”"):
        formulas.compile("合计(月度投资额)", SCOPE)


HOSTILE = (
    """
1; DROP TABLE entry
甲 > 1; DROP TABLE entry
甲 > 1;
; 甲 > 1
甲 > 1 UNION SELECT 1
SELECT 1
(SELECT 1)
甲 > (SELECT max(a) FROM entry)
甲 IN (SELECT a FROM entry)
甲 在 (SELECT a FROM entry)
EXISTS (SELECT 1)
甲 > ANY (SELECT 1)
甲 > ALL (ARRAY[1])
WITH x AS (SELECT 1) SELECT * FROM x
VALUES (1)
TABLE entry
FROM entry
甲 > 1 FROM entry
甲 > 1 WHERE 1 = 1
甲 > 1 ORDER BY 甲
甲 > 1 LIMIT 1
甲 AS x
甲 x
甲, 乙
(甲, 乙)
*
COUNT(DISTINCT 甲)
COUNT(甲) FILTER (WHERE 甲 > 1)
SUM(甲) OVER ()
ROW_NUMBER() OVER (ORDER BY 甲)
合计(甲) OVER (PARTITION BY 乙)
合计(甲 ORDER BY 乙)
合计(DISTINCT 甲)
合计(*)
平均(*)
为空(*)
CAST(甲 AS TEXT)
TRY_CAST(甲 AS TEXT)
甲::text
甲::INTEGER > 1
CONVERT(甲, CHAR)
DATE(甲)
INTERVAL '1' DAY
今天 + INTERVAL 1 DAY
EXTRACT(YEAR FROM 开工日期)
POSITION('a' IN 名称)
TRIM(LEADING 'x' FROM 名称)
SUBSTRING(名称 FROM 1 FOR 2)
OVERLAY(名称 PLACING 'x' FROM 1)
x -> x + 1
x -> 甲
list_transform([1], x -> x)
[1, 2, 3]
{'a': 1}
甲[1]
名称[1:2]
{{ 甲 }}
${甲}
${jndi:ldap://x}
?
甲 > ?
:a
甲 > :a
@a
甲 > @a
@@version
$1
$$甲$$
%s
甲 % 2 = 0
甲 %(a)s
entry.a
entry."a"
"entry"."a"
"a"
[a]
`a`
`甲` > 1
甲.乙
main.entry.a
information_schema.tables
sqlite_master
pg_catalog.pg_class
duckdb_tables()
名称 || 'x' = 'y'
甲 | 乙
甲 & 乙
甲 ^ 乙
~甲
甲 << 1
甲 // 乙
甲 ** 2
甲 <=> 乙
甲 !> 乙
名称 LIKE '%x%'
名称 ILIKE 'x'
名称 NOT LIKE 'x'
名称 SIMILAR TO 'x'
名称 ~ 'x'
名称 ~* 'x'
名称 REGEXP 'x'
名称 GLOB 'x'
名称 MATCH 'x'
名称 COLLATE NOCASE = 'x'
名称 = 'x' COLLATE "C"
名称 = 'x' ESCAPE '!'
甲 BETWEEN 1 AND 2
甲 IS DISTINCT FROM 乙
甲 IS TRUE
甲 IS NOT TRUE
甲 IS 1
甲 ISNULL
甲 NOTNULL
高技术 IS UNKNOWN
CASE WHEN 甲 > 1 THEN 1 ELSE 2 END
CASE 甲 WHEN 1 THEN 2 END
NULL
NOT NULL
NULL IS NULL
CURRENT_DATE
CURRENT_TIMESTAMP
CURRENT_USER
now()
random()
RANDOM() > 0.5
load_extension('x')
pg_sleep(10)
pg_read_file('/etc/passwd')
read_csv('/etc/passwd')
read_text('/etc/passwd')
read_parquet('s3://x')
'/etc/passwd'.read_text()
COPY entry TO '/tmp/x'
ATTACH 'x.db'
INSTALL httpfs
LOAD httpfs
PRAGMA database_list
SET memory_limit = '1MB'
EXPORT DATABASE 'x'
CALL x()
EXPLAIN SELECT 1
DELETE FROM entry
UPDATE entry SET a = 1
INSERT INTO entry VALUES (1)
CREATE TABLE x (a INT)
ALTER TABLE entry DROP a
GRANT ALL ON entry TO x
BEGIN
COMMIT
VACUUM
getenv('HOME')
current_setting('x')
query('SELECT 1')
query_table('entry')
dblink('x', 'y')
lo_import('/etc/passwd')
xp_cmdshell('x')
eval('1')
__import__('os')
甲 > 1 --
甲 > 1 -- x
甲 > 1 /* x */
/*! 甲 */ > 1
甲 > 1 # x
名称 = 'x' OR '1'='1
名称 = 'x'' OR 1=1 --
名称 = 'x\\' OR 1=1 --
名称 = "x"
名称 = "x" OR ""="
名称 = E'\\x27'
名称 = U&'\\0027'
名称 = X'27'
名称 = N'x'
名称 = $q$x$q$
名称 = 'x' 'y'
0x1F > 甲
1e309 > 甲
.5 > 数量
1_000 > 数量
1,000 > 数量
NaN > 数量
Infinity > 数量
甲 > 1 AND
AND 甲 > 1
甲 AND OR 乙
NOT
且
在 ('x')
状态 在 '在建'
状态 在 (名称)
状态 在 在建
天数()
天数(,)
天数(开工日期,,今天)
如果(甲 > 1, 2)
()
(())
)(
今天()
甲()
"0"
"1" > 1
f0(甲)
f0()
fn_sum(甲)
Ｓ=1
甲 ＞ １；ＤＲＯＰ　ＴＡＢＬＥ　ｘ
甲 > 1\x00
甲 > 1\x1b[31m
甲 > 1 \u2028 DROP
甲 = 甲 = 甲
开工日期 - 开工日期 > 1
LATERAL (SELECT 1)
UNNEST(甲)
甲 QUALIFY 1
TABLESAMPLE
PIVOT
甲 AT TIME ZONE 'UTC'
开工日期 AT TIME ZONE 'UTC' = 今天
GROUPING SETS (甲)
甲 IGNORE NULLS
STRUCT(1)
MAP {1: 2}
COLUMNS(*)
* EXCLUDE (甲)
甲 > 1 INTO OUTFILE 'x'
""".strip()
    .encode()
    .decode("unicode_escape")
    .encode("latin-1")
    .decode()
    .split("\n")
)


def test_there_are_many_hostile_sources() -> None:
    assert len(set(HOSTILE)) >= 200


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_sources_are_refused(source: str) -> None:
    with pytest.raises(FormulaError):
        formulas.compile(source, SCOPE)


@pytest.mark.parametrize(
    "source",
    [
        "(" * 4000,
        "非" * 4000,
        "- " * 2000,
        "非 " * 1999 + "高技术",
        "-" + " -" * 1900 + "甲",
        "如果(" * 800,
        "绝对值(" * 49 + "甲" + ")" * 49,
        "四舍五入(" * 12 + "甲 / 乙" + ", 1)" * 12,
        "最大值(" * 25 + "甲" + ", 1万元)" * 25,
        "如果(甲 * 0.5 > 乙 * 0.5, " * 12 + "1" + ", 2)" * 12 + " > 1",
        "月数(加天(" * 20 + "开工日期" + ", 1), 今天) > 1" * 20,
        "'" * 3999,
        "甲" * 4000,
        "1" * 4000,
        "甲 + " * 900 + "甲",
        "高技术 且 " * 600 + "高技术",
        "甲 在 (" + ", ".join(["1"] * 1300) + ")",
        "1/" * 1990 + "3",
        "9" * 15 + "*9999999999999" * 200,
        "𠀀" * 4000,
        "%" * 4000,
        "，" * 4000,
    ],
    ids=lambda source: f"{source[:8]}…",
)
def test_no_source_takes_long_or_crashes(source: str) -> None:
    """The work is counted in calls, which are as many on a busy machine as on a quiet one."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        written = formulas.compile(source, SCOPE).sql()
    except FormulaError:
        written = ""
    finally:
        sys.setprofile(None)
    assert calls < MOST_CALLS
    assert len(written) < 400_000


def test_text_reaches_sql_only_as_a_literal() -> None:
    text = "a\\' OR 1=1 -- ; DROP TABLE x"
    formula = formulas.compile("名称 = '{}'".format(text.replace("'", "''")), SCOPE)
    assert formula.sql("duckdb") == "(\"name\" = 'a\\'' OR 1=1 -- ; DROP TABLE x')"
    assert formula.sql("spark") == "(`name` = 'a\\\\\\' OR 1=1 -- ; DROP TABLE x')"
