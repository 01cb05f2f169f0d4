"""What a form, the API or a sheet may say, and what is stored for it."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.checking import Incoming, Refusal, check_row, check_value
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import FieldShape, Register
from bihuan.foundation.sizes import LARGEST


def field(kind: str, **more: Any) -> FieldShape:
    return FieldShape.model_validate({"title": "字段", "kind": kind, **more})


MONEY = field("money", unit="万元", at_least="0")
CHOICE = ["在建", "竣工"]


@pytest.mark.parametrize(
    ("shape", "raw", "stored"),
    [
        (MONEY, "1,234.5678", 1_234_567_800),
        (MONEY, "1.2亿元", 12_000_000_000),
        (MONEY, 12.1, 12_100_000),
        (field("number", decimals=1), "36.5", 365),
        (field("date"), "2025年7月8日", "2025-07-08"),
        (field("date"), "2025/7/8", "2025-07-08"),
        (field("date"), "２０２５-07-08", "2025-07-08"),
        (field("date"), datetime(2025, 7, 8, 23, 59), "2025-07-08"),  # noqa: DTZ001 - a cell of a sheet has no zone
        (field("month"), "2025年7月", "2025-07"),
        (field("month"), date(2025, 7, 31), "2025-07"),
        (field("yes_no"), "是", True),
        (field("yes_no"), False, False),
        (field("choice", choices=CHOICE), "在建", "在建"),
        (field("choices", choices=CHOICE), "竣工、在建", ["在建", "竣工"]),
        (field("choices", choices=CHOICE), ["竣工"], ["竣工"]),
        (field("text"), "  濮阳县\u200b 濮水\u3000路 ", "濮阳县 濮水 路"),
        (field("text"), 123, "123"),
        (field("text"), 123.0, "123"),
        (field("text"), "e\u0301", "\u00e9"),
        (field("long_text"), "一\r\n二", "一\n二"),
        (field("text"), "   ", None),
        (field("text"), None, None),
        (field("office"), "濮阳县", "濮阳县"),
    ],
    ids=repr,
)
def test_what_is_stored(shape: FieldShape, raw: object, stored: object) -> None:
    assert check_value(shape, raw) == stored


@pytest.mark.parametrize(
    ("shape", "raw", "said"),
    [
        (MONEY, "-1", "不得小于 0"),
        (field("number", at_most="100", unit="%"), "101", "不得大于 100"),
        (MONEY, "NaN", "不是有限的数"),
        (MONEY, float("inf"), "不是可以记录的数"),
        (MONEY, "1e9", "科学计数法"),
        (MONEY, True, "不是可以记录的数"),
        (MONEY, "壹万", "中文数字"),
        (field("date"), "2026-02-29", "没有 2026-02-29 这一天"),
        (field("date"), "20260301", "不是日期"),
        (field("date"), "2026-W10-1", "不是日期"),
        (field("date"), "0001-01-01", "年份须在"),
        (field("date"), 44927, "不是日期"),
        (field("month"), "2025-13", "没有"),
        (field("yes_no"), "也许", "须写 是 或 否"),
        (field("choice", choices=CHOICE), "停工", "不在可选值之列（例：在建、竣工）"),
        (field("choices", choices=CHOICE), "在建、停工", "“停工”不在可选值之列"),
        (field("text", pattern=r"P-\d{3}"), "P-1", "不合编码格式"),
        (field("text"), "长" * 201, "太长"),
        (field("text"), "a\0b", "控制字符"),
        (field("text"), "\ud800", "控制字符"),
        (field("text"), 1.5, "单元格里是小数"),
        (field("text"), ["a"], "不是文字"),
    ],
    ids=repr,
)
def test_what_is_refused_and_why(shape: FieldShape, raw: object, said: str) -> None:
    with pytest.raises(Refused) as refused:
        check_value(shape, raw)
    assert said in refused.value.text()
    assert refused.value.what_en


@given(st.text(max_size=30) | st.integers() | st.floats() | st.booleans() | st.none(), st.sampled_from(["text", "money", "date", "month", "yes_no"]))
def test_any_text_or_cell_is_either_stored_or_refused(raw: object, kind: str) -> None:
    shape = MONEY if kind == "money" else field(kind)
    try:
        stored = check_value(shape, raw)
    except Refused:
        return
    assert stored is None or isinstance(stored, bool | int | str)
    if isinstance(stored, int) and not isinstance(stored, bool):
        assert abs(stored) <= LARGEST
    if stored is not None and kind != "money":
        assert check_value(shape, stored) == stored, "what is stored reads back as itself"


REGISTER = Register.model_validate(
    {
        "title": "项目",
        "key": "code",
        "fields": {
            "code": {"title": "编码", "kind": "text", "required": "yes"},
            "state": {"title": "状况", "kind": "choice", "choices": CHOICE, "default": "在建"},
            "amount": {"title": "投资", "kind": "money", "unit": "万元"},
        },
    }
)


def test_a_whole_row_has_its_defaults_and_names_the_cell_of_each_refusal() -> None:
    values, refusals = check_row(REGISTER, Incoming({"amount": "千万", "colour": "红"}, {"amount": "C7", "colour": "D7"}), whole=True)
    assert values["state"] == "在建"
    assert [refusal.text().partition("（")[0] for refusal in refusals] == [
        "D7 colour：没有“colour”这个字段", "编码：必须填写", "C7 投资：“千万”是中文数字，须写阿拉伯数字",
    ]  # fmt: skip


def test_a_change_reads_only_what_is_given() -> None:
    assert check_row(REGISTER, Incoming({"amount": "5"}), whole=False) == ({"amount": 5_000_000}, [])


@pytest.mark.parametrize(("title", "cell", "said"), [("金额", "B7", "B7 金额：不对"), ("金额", "", "金额：不对"), ("", "B7", "B7：不对"), ("", "", "不对")])
def test_a_refusal_says_its_place_where_it_has_one(title: str, cell: str, said: str) -> None:
    assert Refusal("", title, Refused("不对", "wrong"), cell).text() == said
