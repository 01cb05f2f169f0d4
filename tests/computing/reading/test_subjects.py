"""The name of what each number measures, as an office writes it over a column."""

import time

import pytest

from bihuan.computing.reading.passages import passages
from bihuan.computing.reading.statements import statements


def named(*lines: str) -> list[str]:
    return [one.subject for one in statements(passages(list(lines))) if one.kind != "other"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("2023年，一般公共预算收入突破15亿元、增长14.9%。", ["一般公共预算收入", "一般公共预算收入增长率"]),
        ("2023年，工业用电量86亿千瓦时，同比增长5.1%，比上年提高0.4个百分点。", ["工业用电量", "工业用电量增长率", "工业用电量提高幅度"]),
        ("2023年，新增规上工业企业24家，总数达到159家。", ["新增规上工业企业数", "新增规上工业企业总数"]),
        ("2023年，人均生产总值从2.4万元增加到3.6万元，年均增长8.2%。", ["人均生产总值", "人均生产总值", "人均生产总值年均增长率"]),
        ("2023年，旅游收入逼近300亿元大关。", ["旅游收入"]),
        ("2023年，农林牧渔业总产值预计达到410亿元。", ["农林牧渔业总产值"]),
        ("2023年，经营管理数字化普及率超过80%。", ["经营管理数字化普及率"]),
        ("2023年，优良天数比例上升至87.2%，人口自然增长率为-3.93‰。", ["优良天数比例", "人口自然增长率"]),
        ("2023年，城镇人口占总人口比重（常住人口城镇化率）为50.68%，比上年提高1.99个百分点。", ["常住人口城镇化率", "常住人口城镇化率提高幅度"]),
        ("2023年，制造业增加值占90.6%。", ["制造业增加值占比重"]),
    ],
)
def test_a_number_that_says_nothing_alone_takes_the_name_before_it(text: str, names: list[str]) -> None:
    assert named(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "2023年，城镇和农村居民人均可支配收入分别达到36583元和17736元，分别增长7%和10%。",
            ["城镇居民人均可支配收入", "农村居民人均可支配收入", "城镇居民人均可支配收入增长率", "农村居民人均可支配收入增长率"],
        ),
        (
            "2023年，城镇、农村居民可支配收入分别为46346元、20380元，增长7.5%、9.5%。",
            ["城镇居民可支配收入", "农村居民可支配收入", "城镇居民可支配收入增长率", "农村居民可支配收入增长率"],
        ),
        ("2023年，城乡居民人均可支配收入分别增长7%、8%。", ["城镇居民人均可支配收入增长率", "农村居民人均可支配收入增长率"]),
        ("2023年，金融机构存、贷款余额分别增长8.8%、11.9%。", ["金融机构存款余额增长率", "金融机构贷款余额增长率"]),
        ("2023年，纳入重点项目26个，开工率、投产率分别达100%、78%。", ["重点项目数", "重点项目开工率", "重点项目投产率"]),
        (
            "2023年，生活用品和服务、医疗保健、衣着价格分别上涨0.9%、1.0%、0.6%。",
            ["生活用品和服务价格上涨幅度", "医疗保健价格上涨幅度", "衣着价格上涨幅度"],
        ),
        (
            "2023年，三次产业对经济增长的贡献率分别为7.3%、34.4%和58.3%。",
            ["第一产业对经济增长的贡献率", "第二产业对经济增长的贡献率", "第三产业对经济增长的贡献率"],
        ),
        ("2023年，工业增加值208亿元，工业总产值1052亿元，分别增长11.1%和11.3%。", ["工业增加值", "工业总产值", "工业增加值增长率", "工业总产值增长率"]),
    ],
)
def test_each_of_several_numbers_has_the_name_it_belongs_to(text: str, names: list[str]) -> None:
    assert named(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "2023年，全市安排重点项目458个，总投资7206.7亿元，完成投资622.2亿元，占年度投资计划的73%，开工率98.4%。",
            ["重点项目数", "重点项目总投资", "重点项目完成投资", "重点项目年度投资计划完成率", "重点项目开工率"],
        ),
        ("2023年，133个续建项目完成投资454.31亿元，占年度计划的75%。", ["续建项目数", "续建项目完成投资", "续建项目投资年度计划完成率"]),
        ("2023年，13个产业园区累计建成面积48平方公里。", ["产业园区数", "产业园区累计建成面积"]),
        ("2023年，实施127个“三化”改造项目。", ["三化改造项目数"]),
        ("2023年，投资50亿元以上的制造业项目8个。", ["投资", "投资50亿元以上的制造业项目数"]),
    ],
)
def test_what_is_said_of_projects_says_of_which(text: str, names: list[str]) -> None:
    assert named(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("今年重点工作：打造5个具有鲜明特色和人文品质的新型公共文化空间。", ["新型公共文化空间数"]),
        ("今年重点工作：新增优质企业30家、科技型中小企业50家。", ["新增优质企业数", "新增科技型中小企业数"]),
        ("今年重点工作：培育3个千亿级产业集群。", ["培育千亿级产业集群数", "产业集群规模"]),
        ("今年重点工作：吸引3万名青年人才在本市创业就业。", ["青年人才数"]),
        ("今年重点工作：培育智能工厂（车间）6家。", ["培育智能工厂(车间)数"]),
    ],
)
def test_things_to_be_done_are_named_by_what_is_counted(text: str, names: list[str]) -> None:
    assert named(text) == names


def test_an_award_is_named_by_what_it_is_paid_for() -> None:
    assert named("第三条 对新能源车型公告检测给予最高300万元奖励，给予最高500万元贴息补助。") == ["新能源车型公告检测奖励", "新能源车型公告检测贴息补助"]


def test_the_word_for_a_region_in_a_measure_is_no_owner() -> None:
    found = statements(passages(["2023年，地区生产总值增长7%，示范区完成投资3亿元。"]))
    assert [one.org for one in found if one.kind != "other"] == ["", "示范区"]


def test_names_are_found_in_a_sentence_without_end() -> None:
    begun = time.process_time()
    named("2023年" + "新增给予对按照奖励分别增长占计划和、" * 3000 + "500万元。")
    assert time.process_time() - begun < 10
