"""Targets of every kind: kept, not kept, or not to be told."""

from datetime import date

import pytest

from bihuan.foundation.grammar.indicators import Indicator, Target
from bihuan.foundation.grammar.promises import promise

DAY = date(2024, 7, 8)


def standing(kind: str, value: dict[str, str], measured: float | None, *, unit: str = "", reference: float | None = None) -> bool | None:
    target = Target.model_validate({"title": "目标", "of": "x", "kind": kind, "since": {"2024": {"basis": "第一条", **value}}})
    found = promise(target, Indicator(title="指标", formula="计数()", unit=unit), DAY, measured, reference)
    assert found is not None
    return found.kept


@pytest.mark.parametrize(
    ("kind", "value", "unit", "measured", "kept"),
    [
        ("absolute", {"value": "1320亿元"}, "亿元", 1320e8, True),
        ("absolute", {"value": "1320亿元"}, "亿元", 1319.9e8, False),
        ("share", {"value": "35%"}, "%", 0.35, True),
        ("share", {"value": "35%"}, "%", 0.3499, False),
        ("coverage", {"value": "100%", "operator": "="}, "%", 1.0, True),
        ("ratio", {"value": "3倍"}, "倍", 200 / 165, False),
        ("floor", {"value": "5"}, "个", 5.0, True),
        ("list", {"value": "10", "operator": "="}, "个", 9.0, False),
        ("rank", {"value": "2", "operator": "<="}, "位", 1.0, True),
        ("growth", {"value": "7%", "base": "100亿元"}, "亿元", 107e8, True),
        ("growth", {"value": "7%", "base": "100亿元"}, "亿元", 106.9e8, False),
        ("growth", {"value": "7%"}, "%", 0.07, True),
        ("compression", {"value": "60%", "base": "35"}, "天", 14.0, True),
        ("compression", {"value": "60%", "base": "35"}, "天", 15.0, False),
        ("compression", {"value": "14", "operator": "<="}, "天", 14.0, True),
        ("doubling", {"base": "300亿元"}, "亿元", 600e8, True),
        ("doubling", {"base": "300亿元"}, "亿元", 599e8, False),
        ("range", {"value": "1", "high": "2"}, "项", 2.0, True),
        ("range", {"value": "1", "high": "2"}, "项", 3.0, False),
        ("absolute", {"value": "3%", "operator": "~", "within": "0.1百分点"}, "%", 0.0309, True),
        ("absolute", {"value": "3%", "operator": "~", "within": "0.1百分点"}, "%", 0.0312, False),
    ],
)
def test_a_target_is_kept_or_not(kind: str, value: dict[str, str], unit: str, measured: float, kept: bool) -> None:
    unit = "" if unit == "位" else unit
    assert standing(kind, value, measured, unit=unit) is kept


def test_a_relative_target_refers_to_another_indicator() -> None:
    value = {"reference": "city", "plus": "1百分点"}
    assert standing("relative", value, 0.08, unit="%", reference=0.07) is True
    assert standing("relative", value, 0.079, unit="%", reference=0.07) is False
    assert standing("relative", value, 0.08, unit="%") is None


def test_without_data_and_in_words_nothing_is_decided() -> None:
    assert standing("share", {"value": "35%"}, None, unit="%") is None
    assert standing("qualitative", {"text": "平稳增长"}, 1.0) is None


def test_what_is_lacking_and_why_is_said_with_both_numbers() -> None:
    target = Target.model_validate(
        {"title": "三倍", "of": "x", "kind": "ratio", "since": {"2024": {"value": "3倍", "basis": "第 671 行", "by": "2024-12-31"}}}
    )
    indicator = Indicator(title="储备倍率", title_en="reserve ratio", formula="计数()", unit="倍", decimals=2)
    found = promise(target, indicator, DAY, 200 / 165)
    assert found is not None
    assert found.said.zh == "储备倍率 1.21倍，应不低于 3.00倍：未达到"
    assert found.said.en.startswith("reserve ratio 1.21")
    assert (found.basis, found.due, round(float(found.gap or 0), 2)) == ("第 671 行", date(2024, 12, 31), 1.79)
    assert promise(target, indicator, date(2023, 12, 31), 4.0) is None
