"""docs/formulas.md against the language: its tables are printed from the code, its examples compile."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bihuan.foundation.grammar import formulas
from bihuan.foundation.grammar.formula_functions import FN, Function
from bihuan.foundation.grammar.formula_words import MAX_NESTING, MAX_TOKENS
from bihuan.foundation.grammar.formulas import MAX_LENGTH, Name, Scope
from bihuan.foundation.grammar.quantities import unit_of

PAGE = Path(__file__).resolve().parents[3] / "docs" / "formulas.md"
TEXT = PAGE.read_text("utf-8")
FUNCTIONS: list[Function] = list(dict.fromkeys(FN.values()))

SCOPE = Scope(
    [
        *(
            Name(key, (title,), "number", unit_of("万元"), stored_per_unit=10**6, many=True)
            for key, title in (("done", "实际完成投资"), ("plan", "计划完成投资"))
        ),
        *(
            Name(key, (title,), "number", unit_of(unit), stored_per_unit=10**4)
            for key, title, unit in (
                ("finished", "完成投资", "万元"),
                ("planned", "计划投资", "万元"),
                ("estimate", "概算投资", "亿元"),
                ("adjusted", "调整后投资", "亿元"),
                ("asked", "申请金额", "万元"),
                ("land", "用地面积", "亩"),
                ("tax", "税收", "万元"),
                ("months", "建设工期", "个月"),
                ("failed", "协调未果次数", "次"),
                ("late", "滞后天数", "天"),
                ("handled", "办理天数", "天"),
                ("rate", "完成率", "%"),
            )
        ),
        Name("grace", ("宽限天数",), "number", unit_of("天"), value=5),
        Name("state", ("状态",), "text", choices=("在建", "竣工")),
        Name("name", ("项目名称",), "text"),
        Name("code", ("项目编码",), "text"),
        Name("modern", ("高技术项目",), "yes_no"),
        *(Name(key, (title,), "date") for key, title in (("start", "开工日期"), ("due", "计划开工日期"), ("signed", "签约日期"))),
    ]
)


def function_table() -> str:
    """The table of functions as the page must have it."""
    rows = [f"| `{f.chinese}` | `{f.english}` | {f.takes} | {f.gives} | {f.meaning}<br>{f.meaning_en} | `{f.example}` |" for f in FUNCTIONS]
    head = "| 函数 | English | 参数 | 结果 | 含义 | 例 |\n|---|---|---|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


def test_the_table_of_functions_is_the_one_the_compiler_uses() -> None:
    assert function_table() in TEXT


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.english)
def test_the_example_of_every_function_compiles(function: Function) -> None:
    assert function.chinese in formulas.compile(function.example, SCOPE).explain()


def test_every_operator_and_literal_of_the_page_compiles() -> None:
    written = re.findall(r"^\| [^|]+ \| [^|]+ \| `([^`]+)` \|$", TEXT, re.MULTILINE)
    assert len(written) >= 20
    for source in written:
        formulas.compile(source, SCOPE)


def test_every_formula_shown_compiles_and_every_wrong_one_is_refused() -> None:
    right = re.findall(r"```formula\n(.*?)```", TEXT, re.DOTALL)
    wrong = re.findall(r"```refused\n(.*?)```", TEXT, re.DOTALL)
    assert right
    assert wrong
    for source in "".join(right).splitlines():
        formulas.compile(source, SCOPE)
    for source in "".join(wrong).splitlines():
        with pytest.raises(formulas.FormulaError):
            formulas.compile(source, SCOPE)


def test_the_limits_are_those_of_the_page() -> None:
    for limit in (MAX_LENGTH, MAX_TOKENS, MAX_NESTING):
        assert f"{limit:,}" in TEXT
