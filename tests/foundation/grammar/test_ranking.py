"""Scores: every point explained, ties and missing data by the rule, and what the next rank takes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.grammar.ranking import Line, Scale, ranked
from bihuan.foundation.grammar.scores import Score


def score(**more: object) -> Score:
    parts = {"pace": {"title": "进度", "of": "pace", "weight": 60}, "size": {"title": "规模", "of": "size", "weight": 40, "points": "rank"}}
    return Score.model_validate({"title": "排名", "per": "county", "parts": parts, "missing": "last", **more})


def lines(shape: Score, values: dict[str, dict[str, str | None]], previous: dict[str, int] | None = None) -> list[Line]:
    exact = {name: {group: None if value is None else Decimal(value) for group, value in groups.items()} for name, groups in values.items()}
    groups = sorted({group for by_group in values.values() for group in by_group})
    return ranked(shape, {key: Scale(part) for key, part in shape.parts.items()}, exact, groups, previous)


VALUES: dict[str, dict[str, str | None]] = {
    "pace": {"甲": "0.9", "乙": "0.8", "丙": "1.2", "丁": None}, "size": {"甲": "5", "乙": "9", "丙": "5", "丁": "7"},
}  # fmt: skip


def told(found: list[Line]) -> list[tuple[str, int | None, str | None]]:
    return [(line.group, line.rank, None if line.score is None else str(line.score)) for line in found]


def test_points_follow_ratio_and_place_and_stay_within_the_weight() -> None:
    # 丙 passes full points and is capped at 60; by size 甲 and 丙 share the third of four places.
    assert told(lines(score(), VALUES)) == [("乙", 1, "88.00"), ("丙", 2, "80.00"), ("甲", 3, "74.00"), ("丁", 4, None)]


@pytest.mark.parametrize(("missing", "last"), [("last", ("丁", 4, None)), ("zero", ("丁", 4, "30.00")), ("leave_out", ("丁", None, None))])
def test_missing_data_follow_the_rule(missing: str, last: tuple[str, int | None, str | None]) -> None:
    found = lines(score(missing=missing), VALUES)
    assert told(found)[-1] == last
    assert missing == "zero" or found[-1].missing == ("进度",)


def test_equal_scores_share_a_rank_and_the_next_is_skipped() -> None:
    values: dict[str, dict[str, str | None]] = {"pace": {"甲": "0.5", "乙": "0.5", "丙": "0.1"}, "size": {"甲": "1", "乙": "1", "丙": "1"}}
    assert [(line.group, line.rank) for line in lines(score(), values)] == [("乙", 1), ("甲", 1), ("丙", 3)]


def test_a_tie_is_broken_by_the_named_indicator() -> None:
    values: dict[str, dict[str, str | None]] = {
        "pace": {"甲": "0.5", "乙": "0.5"}, "size": {"甲": "1", "乙": "1"}, "jobs": {"甲": "10", "乙": "20"},
    }  # fmt: skip
    assert [(line.group, line.rank) for line in lines(score(ties=["jobs"]), values)] == [("乙", 1), ("甲", 2)]


def test_a_multiplier_is_kept_between_floor_and_cap() -> None:
    shape = score(multiplier={"of": "quality", "floor": "0.8", "cap": "1.2"})
    found = lines(shape, {**VALUES, "quality": {"甲": "2", "乙": "0.1", "丙": "1", "丁": "1"}})
    assert told(found)[:3] == [("甲", 1, "88.80"), ("丙", 2, "80.00"), ("乙", 3, "70.40")]


def test_the_change_since_the_last_rank_and_the_way_to_the_next_are_told() -> None:
    second = lines(score(), VALUES, {"丙": 1, "乙": 2})[1]
    assert (second.group, second.previous, second.change) == ("丙", 1, -1)
    assert second.to_next is not None
    assert second.to_next.zh == "再得 8.01 分可超过乙（第 1 名）"
    third = lines(score(), {"pace": {"甲": "0.5", "乙": "0.6"}, "size": {"甲": "1", "乙": "1"}})[1]
    assert third.to_next is not None
    assert third.to_next.zh == "再得 6.01 分可超过乙（第 1 名）；如进度提高 10.1 个百分点"


def test_steps_give_the_points_of_the_highest_bound_reached() -> None:
    part = {"title": "进度", "of": "pace", "weight": 10, "points": "steps", "steps": {"90%": 8, "60%": 5}}
    shape = Score.model_validate({"title": "排名", "per": "county", "parts": {"pace": part}, "missing": "last"})
    scale = Scale(shape.parts["pace"], steps=((Decimal("0.9"), Decimal(8)), (Decimal("0.6"), Decimal(5))))
    values = {"pace": {"甲": Decimal("0.95"), "乙": Decimal("0.6"), "丙": Decimal("0.1")}}
    assert [str(line.score) for line in ranked(shape, {"pace": scale}, values, ["甲", "乙", "丙"])] == ["8.00", "5.00", "0.00"]


groups = st.dictionaries(st.sampled_from("甲乙丙丁戊"), st.decimals(0, 2, places=3), min_size=2)


@given(groups, groups)
def test_printed_parts_add_up_and_order_follows_the_score(pace: dict[str, Decimal], size: dict[str, Decimal]) -> None:
    shape = score()
    found = ranked(shape, {key: Scale(part) for key, part in shape.parts.items()}, {"pace": pace, "size": size}, sorted({*pace, *size}))
    complete = [line for line in found if line.score is not None]
    assert all(line.score == sum((points.points or Decimal(0) for points in line.parts), Decimal(0)) for line in complete)
    assert [line.score for line in complete] == sorted((line.score or Decimal(0) for line in complete), reverse=True)
    assert [line.rank for line in complete] == [1 + sum((other.score or 0) > (line.score or 0) for other in complete) for line in complete]
