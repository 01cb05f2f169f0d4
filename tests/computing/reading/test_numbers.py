"""Numbers in government Chinese: value, measure and bound of every way they are written."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.computing.reading.numbers import Mention, mentions, number


def only(text: str) -> Mention:
    (mention,) = mentions(text)
    return mention


@pytest.mark.parametrize(
    ("text", "value", "unit", "comparator"),
    [
        ("投资1320亿元以上", "1320", "亿元", ">="),
        ("总量超100亿元", "100", "亿元", ">"),
        ("涨幅控制在3%以内", "3", "%", "<="),
        ("失业率5.5%左右", "5.5", "%", "~"),
        ("约4.2万人", "4.2", "万人", "~"),
        ("帮助2100余家企业", "2100", "家", ">"),
        ("全国870多家医院", "870", "家", ">"),
        ("惠及8万余人", "8", "万人", ">"),
        ("不少于40个", "40", "个", ">="),
        ("不超过15天", "15", "天", "<="),
        ("不足10亿元", "10", "亿元", "<"),
        ("增长6.5%并争取更好", "6.5", "%", ">="),
        ("提高1.3个百分点", "1.3", "个百分点", "="),
        ("缩短至14个工作日以内", "14", "个工作日", "<="),
        ("产值6.02万亿元", "6.02", "万亿元", "="),
        ("增加值19,592.8亿元", "19592.8", "亿元", "="),
        ("千亿级产业集群", "1000", "亿元", ">="),
        ("500亿级产业集群", "500", "亿元", ">="),
        ("突破百亿元大关", "100", "亿元", ">"),
        ("亿元以上项目", "1", "亿元", ">="),
        ("两千户", "2000", "户", "="),
        ("四万人", "4", "万人", "="),
        ("一百二十三个", "123", "个", "="),
        ("近五分之一", "0.2", "比例", "="),
        ("百分之三十以上", "30", "%", ">="),
        ("铁路网密度507公里/万平方公里", "507", "公里/万平方公里", "="),
        ("规模倍增", "2", "倍", "="),
        ("数量翻一番", "2", "倍", "="),
        ("产值翻两番", "4", "倍", "="),
        ("实现两位数增长", "10", "%", ">="),
        ("恢复到八成左右", "8", "成", "~"),
        ("至少建设1所", "1", "所", ">="),
        ("不低于每亩300万元", "300", "万元", ">="),
        ("装机222.8万千瓦", "222.8", "万千瓦", "="),
        ("引进28家上下游企业", "28", "家", "="),
        ("上百家企业", "100", "家", ">="),
        ("万余人参加", "1", "万人", ">"),
        ("约2/3的企业", "0.666667", "比例", "~"),
        ("期满3年", "3", "年", "="),
        ("集中签约6次", "6", "次", "="),
        ("工作圆满5年", "5", "年", "="),
        ("连续从业满5年", "5", "年", ">="),
        ("不低于每人每月715元", "715", "元", ">="),
        ("不及邻近开发区的三分之一", "0.333333", "比例", "<"),
        ("自然增长率-0.19‰", "-0.19", "‰", "="),
        ("总数突破千家", "1000", "家", ">"),
        ("税收首次突破亿元。", "1", "亿元", ">"),
        ("动力电池30GWh", "30", "GWh", "="),
        ("千万吨级基地", "1000", "万吨", ">="),
        ("半数以上的企业", "0.5", "比例", ">="),
    ],
)
def test_a_number_has_its_value_measure_and_bound(text: str, value: str, unit: str, comparator: str) -> None:
    found = mentions(text)[-1]
    sign = "~" if text.startswith("近") else comparator
    assert (found.value, found.unit, found.comparator) == (Decimal(value), unit, sign)


@pytest.mark.parametrize(("text", "low", "high", "unit"), [
    ("修订标准1—2项", 1, 2, "项"), ("10-20亿元项目", 10, 20, "亿元"), ("2至3个领域", 2, 3, "个"), ("新建20～30座", 20, 30, "座"), ("增长5%到6%", 5, 6, "%"),
    ("亩产三四百斤", 300, 400, "斤"), ("两三百家", 200, 300, "家"), ("处10万元以上100万元以下罚款", 10, 100, "万元"),
])  # fmt: skip
def test_a_range_has_two_ends(text: str, low: int, high: int, unit: str) -> None:
    found = only(text)
    assert (found.low, found.value, found.unit) == (low, high, unit)


def test_a_list_shares_its_bound_and_its_measure() -> None:
    first, second = mentions("产值分别突破80亿元、60亿元")
    assert (first.comparator, second.comparator) == (">", ">")
    first, second = mentions("高于全国、全省1.1个和0.7个百分点")
    assert (first.unit, second.unit) == ("个百分点", "个百分点")


@pytest.mark.parametrize("text", ["百姓安居", "千方百计", "一般公共预算", "5G", "万众一心", "三五年", "数百万元", "数十家"])
def test_words_with_number_characters_measure_nothing(text: str) -> None:
    assert not [one for one in mentions(text) if one.unit]


@given(st.integers(min_value=1, max_value=9999))
def test_numbers_in_characters_read_as_those_in_digits(value: int) -> None:
    assert number(in_characters(value)) == value


def in_characters(value: int) -> str:
    """A whole number below ten thousand as it is spelled: 三千零五十."""
    digits, spelled, gap = "零一二三四五六七八九", "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            spelled += ("零" if gap and spelled else "") + digits[digit] + name
            gap = False
        else:
            gap = bool(spelled)
    return spelled


@given(st.text(alphabet="0123456789零一二两十百千万亿元个家%—-至余超约第年月.,，以上增长倍", max_size=40))
def test_any_text_gives_numbers_in_order_that_do_not_overlap(text: str) -> None:
    found = mentions(text)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))
    assert all(0 <= one.start < one.end <= len(text) for one in found)


def test_the_measure_named_last_is_that_of_the_whole_list() -> None:
    found = mentions("分别低3.2个、25.9个、6.7个百分点")
    assert [(one.value, one.unit) for one in found] == [(Decimal("3.2"), "个百分点"), (Decimal("25.9"), "个百分点"), (Decimal("6.7"), "个百分点")]
