"""What a changed file changes: a number, or only words; and how that is said."""

import pytest

from bihuan.foundation.grammar.fingerprints import Change, difference
from bihuan.foundation.grammar.mechanisms import Mechanism
from bihuan.foundation.grammar.packs import Pack, read_pack
from tests.foundation.grammar.guide import guide_files

FILES = guide_files()
PACK = read_pack(FILES)


def edited(*replacements: tuple[str, str]) -> Pack:
    text = FILES["roads.yaml"]
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return read_pack(FILES | {"roads.yaml": text})


def changes(*replacements: tuple[str, str]) -> list[Change]:
    return difference(PACK.mechanisms["roads"], edited(*replacements).mechanisms["roads"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: 路段挂牌", "title: 公路挂牌"),
        ("because: 按期推进", "because: 一切正常"),
        ("basis: 第十一条（2025 年修订）", "basis: 第十二条"),
        ("title_en: plate\n", "title_en: the plate\n"),
        ("to: 各县（区）人民政府", "to: 各县区人民政府"),
        ("red: 约谈", "red: 约谈主要负责人"),
        ("各县区农村公路改造排名如下。", "排名如下。"),
    ],
)
def test_words_change_no_number(old: str, new: str) -> None:
    after = edited((old, new))
    assert after.fingerprints.numbers == PACK.fingerprints.numbers
    assert after.fingerprints.words != PACK.fingerprints.words
    assert [change.number for change in changes((old, new))] == [False]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("green: 95%", "green: 90%"),
        ("value: 5, basis: 第九条（2025 年修订）", "value: 6, basis: 第九条（2025 年修订）"),
        ("检查不合格次数 >= 2", "检查不合格次数 >= 3"),
        ("limit: 15 working_days", "limit: 10 working_days"),
        ("from: done, to: accepted", "from: done, to: building"),
        ("at_least: 0, listed: 是}", "at_least: 1, listed: 是}"),
        ("full: 100%", "full: 90%"),
        ("columns: [code, name, county, planned, spent]", "columns: [code, planned, spent]"),
        ("who: [supervisor], other_than", "who: [leader], other_than"),
    ],
)
def test_numbers_do(old: str, new: str) -> None:
    after = edited((old, new))
    assert after.fingerprints.numbers != PACK.fingerprints.numbers
    assert after.fingerprints_of("inspections") == PACK.fingerprints_of("inspections")
    assert any(change.number for change in changes((old, new)))


def test_a_default_written_out_is_no_change() -> None:
    after = edited(("    better: higher\n", ""), ("per: county\n    order: higher\n", "per: county\n"))
    assert after.fingerprints == PACK.fingerprints
    assert changes(("    better: higher\n", "")) == []


def test_the_order_of_keys_does_not_matter() -> None:
    after = edited(("of: progress\n    better: higher\n", "better: higher\n    of: progress\n"))
    assert after.fingerprints == PACK.fingerprints


def test_a_change_is_said_in_titles() -> None:
    (change,) = changes(("green: 95%", "green: 90%"))
    assert change.zh == "灯 › 投资进度灯 › 阈值 › 2025-01 › 绿灯线：“95%” → “90%”"
    assert change.en == "its lights › progress light › the thresholds in force › 2025-01 › the line of green: “95%” → “90%”"
    assert change.path == ("lights", "progress", "since", "2025-01", "green")


def test_an_inserted_condition_is_one_change() -> None:
    line = "      - {colour: green, otherwise: 是, because: 按期推进, basis: 第九条}\n"
    new = "      - {colour: yellow, if: 缺报次数 > 0, because: 缺报, basis: 第十条}\n"
    (change,) = changes((line, new + line))
    assert change.number
    assert change.zh == "新增 灯 › 路段挂牌 › 有先后的条件 › 第 3 项（yellow）"


def test_what_comes_and_goes_is_said_once() -> None:
    (added,) = difference(None, PACK.mechanisms["roads"])
    assert added.zh == "新增 机制（农村公路改造）"
    (removed,) = difference(PACK.mechanisms["roads"], None)
    assert (removed.zh, removed.number) == ("删去 机制（农村公路改造）", True)
    assert difference(None, None) == []


def test_a_mechanism_does_not_differ_from_itself() -> None:
    for mechanism in PACK.mechanisms.values():
        assert difference(mechanism, Mechanism.model_validate(mechanism.model_dump(by_alias=True, exclude_defaults=True))) == []
