"""Printed numbers against one another: what agrees, what rounding explains, what contradicts, what is only asked."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.computing.reading.checking import check
from bihuan.computing.reading.relations import Relation
from bihuan.computing.reading.rounding import Printed, compare, half_up
from tests.computing.reading.samples import REPORT
from tools.marked import marked


def relations(*texts: str) -> list[Relation]:
    return check([(f"文件{number}", text.split("\n")) for number, text in enumerate(texts, start=1)])


def said(*texts: str) -> list[tuple[str, str]]:
    return [(one.name, one.verdict) for one in relations(*texts)]


def test_a_rate_that_only_the_rounding_of_its_operands_explains() -> None:
    (one,) = relations("一、现状\n\n2020年，年度计划投资928.7亿元，完成投资1024.8亿元，占计划的110.4%。")
    assert (one.verdict, one.row()["agrees"], one.row()["agrees_within_operand_rounding"]) == ("within rounding", False, True)
    assert "1024.8÷928.7×100=110.348%，四舍五入为 110.3%；文中为 110.4%" in one.arithmetic[0]


@pytest.mark.parametrize(("text", "name", "verdict"), [
    ("2021年，139个计划开工项目，实际开工132个，开工率95%。", "ratio", "agrees"),
    ("2021年，139个计划开工项目，实际开工132个，开工率93%。", "ratio", "disagrees"),
    ("2022年，我市实现工业增加值545.6亿元，全省实现工业增加值19592.8亿元，占比仅为2.8%。", "ratio", "agrees"),
    ("2022年，我市实现营业收入1508.8亿元，全省实现营业收入6.02万亿元，占比仅为2.5%。", "ratio", "agrees"),
    ("企业由40家增加到50家，增长25%。", "growth", "agrees"),
    ("企业由40家增加到50家，增长20%。", "growth", "disagrees"),
    ("审批时限由46个工作日压缩到23个工作日，下降50%。", "growth", "agrees"),
    ("实现税收110亿元，比上年增加10亿元，增长10%。", "growth", "agrees"),
    ("2023年，签约项目48个，其中制造业项目37个。", "subset", "agrees"),
    ("2023年，签约项目48个，其中制造业项目57个。", "subset", "question"),
    ("计划新开工项目196个，实际开工186个，仍有10个项目未开工。", "difference", "agrees"),
    ("计划新开工项目196个，实际开工186个，仍有12个项目未开工。", "difference", "disagrees"),
    ("高新技术企业由上年的18家增至29家，增幅61.1%。", "growth", "agrees"),
    ("年度任务3万户，已完成2.1万户，完成率70%。", "ratio", "agrees"),
    ("年度任务3000户，已完成2100户，完成率76%。", "ratio", "disagrees"),
    ("2022年，确定事项22件，已办结6件，占比27%；正在办理16件，占比73%。", "ratio", "agrees"),
    ("2022年，全市重点项目63个，其中47个实现开工，开工率达74.6%。", "ratio", "agrees"),
    ("2022年，工业增加值50亿元，建筑业增加值120亿元，工业增加值占建筑业增加值的比重为41.7%。", "ratio", "agrees"),
    ("2022年，工业增加值50亿元，建筑业增加值120亿元，工业增加值占建筑业增加值的比重为40.7%。", "ratio", "disagrees"),
    ("2022年，生产总值1002.18亿元，其中，第一产业增加值241.09亿元，第二产业增加值237.72亿元，第三产业增加值523.37亿元。", "sum", "agrees"),
    ("2022年，生产总值1012.18亿元，其中，第一产业增加值241.09亿元，第二产业增加值237.72亿元，第三产业增加值523.37亿元。", "sum", "disagrees"),
    ("2022年，完成投资356.8亿元，其中，县级200.5亿元，市级156.3亿元。", "sum", "agrees"),
    ("2022年，年末人口209.00万人，其中城镇人口105.93万人，占总人口比重（城镇化率）为50.68%。", "ratio", "agrees"),
    ("2020—2022年这3年，项目稳步推进。", "list-count", "agrees"),
    ("2020—2022年这4年，项目稳步推进。", "list-count", "disagrees"),
    ("聚焦节能装备、动力电池、油气装备3个产业链。", "list-count", "agrees"),
    ("聚焦节能装备、动力电池、油气装备4个产业链。", "list-count", "question"),
])  # fmt: skip
def test_a_relation_inside_a_paragraph(text: str, name: str, verdict: str) -> None:
    assert (name, verdict) in said(f"一、现状\n\n{text}")


def test_a_share_of_a_whole_that_its_neighbours_name_is_judged_by_it() -> None:
    text = "一、情况\n\n2024年，明确任务145项，细化为222个任务。欠进度的有17个，占总任务的7.7%；超进度的有10个，占总任务的4.5%；达进度的有162个，占总任务的72.9%。"
    found = {(one.place.quote, one.verdict) for one in relations(text) if one.name == "ratio"}
    assert found == {("占总任务的7.7%", "agrees"), ("占总任务的4.5%", "agrees"), ("占总任务的72.9%", "disagrees")}


@pytest.mark.parametrize("text", [
    "2022年，生产总值860亿元，其中，农业50亿元，林业20亿元。",  # a part of the parts
    "2022年，新增企业17家，占全省的7.7%。",  # of a whole that is not here
    "2022年，税收收入11亿元，增长5%，占比提高3个百分点。",
])  # fmt: skip
def test_where_the_whole_is_not_known_nothing_is_said(text: str) -> None:
    assert [one for one in said(f"一、情况\n\n{text}") if one[0] != "subset"] == []


YEARS = "2020年，安排重点项目283个，总投资2740.5亿元。\n2021年，安排重点项目284个，总投资3036.7亿元。"


def test_a_number_for_two_years_is_the_sum_of_both() -> None:
    assert ("sum", "agrees") in said(f"一、现状\n\n2020—2021年，共实施重点项目567个。\n{YEARS}")
    assert ("sum", "disagrees") in said(f"一、现状\n\n2020—2021年，共实施重点项目565个。\n{YEARS}")


def test_an_average_is_the_whole_by_the_number() -> None:
    found = relations(f"一、现状\n\n{YEARS}\n单个项目平均投资，2020—2021年分别为9.7亿元、10.9亿元。")
    assert [one.verdict for one in found if one.name == "average"] == ["agrees", "disagrees"]


def test_a_trend_in_words_holds_over_the_years_named() -> None:
    assert ("trend", "agrees") in said(f"一、现状\n\n{YEARS}\n从2020年到2021年来看，项目个数、总投资逐年增长。")
    assert ("trend", "disagrees") in said(f"一、现状\n\n{YEARS}\n从2020年到2021年来看，项目个数、总投资逐年下降。")


def test_chapters_are_as_many_as_announced() -> None:
    text = "三、工作安排\n\n重点做好三个方面的工作：\n\n（一）抓项目。抓好项目。\n\n（二）抓创新。抓好创新。"
    assert ("list-count", "question") in said(text)
    assert ("list-count", "agrees") in said(f"{text}\n\n（三）抓民生。抓好民生。")


SEVEN = "二、问题\n\n2023年，共实施50亿元以上制造业项目7个，与先进地区有差距。"
EIGHT = "二、问题\n\n2023年，我市龙头不多。投资50亿元以上的制造业项目共8个，带动不强。"


def test_one_thing_with_two_numbers_contradicts_itself_in_one_file_and_in_two() -> None:
    (one,) = relations(SEVEN, EIGHT)
    assert (one.name, one.verdict, str(one.place), [str(other) for other in one.others]) == ("restatement", "disagrees", "文件2:3", ["文件1:3"])
    assert ("restatement", "disagrees") in said(f"{SEVEN}\n\n{EIGHT}")


def test_a_bound_that_an_exact_plan_keeps_is_only_asked_about() -> None:
    plan = "一、现状\n\n2023年，安排重点项目338个，年度计划投资1329.3亿元。截至11月底，累计完成投资1419.2亿元。"
    target = "三、2023年工作安排\n\n实施重点项目338个，年内完成投资1320亿元以上。"
    found = {(one.name, one.verdict, one.met) for one in relations(plan, target)}
    assert {("restatement", "question", None), ("restatement", "agrees", None), ("target-vs-actual", "agrees", True)} <= found


def test_numbers_of_different_scopes_or_years_are_not_compared() -> None:
    assert said("2023年，甲县新增高新技术企业12家。", "2023年，乙县新增高新技术企业15家。") == []
    assert said("2022年，全市新增高新技术企业12家。", "2023年，全市新增高新技术企业15家。") == []
    assert said("2022年，我市工业增加值545.6亿元。", "2022年，全省工业增加值19592.8亿元。") == []


def test_a_document_without_relations_has_none_and_a_report_raises_no_alarm() -> None:
    assert said("坚持稳中求进。") == []
    assert [one for one in relations(REPORT) if one.verdict != "agrees"] == []


def test_growth_by_year_or_at_other_prices_is_not_that_of_the_printed_numbers() -> None:
    assert said("一、现状\n\n生产总值由2017年的1862亿元增加到2022年的3105亿元，年均增长6.8%。") == []
    assert said("一、现状\n\n生产总值由1862亿元增加到1905亿元，可比增长6.8%。") == []


def test_projects_begun_are_not_compared_with_other_things_begun() -> None:
    assert said("一、现状\n\n2023年，36个重点项目中已开工35个。\n\n2023年，老旧小区改造已开工118个。") == []


def test_invented_reports_raise_no_alarm() -> None:
    texts = [(path.stem, marked(path.read_text("utf-8"))[0].split("\n")) for path in sorted((Path(__file__).parent / "invented").glob("*.txt"))]
    found = [one for text in texts for one in check([text])]
    assert len([one for one in found if one.verdict == "agrees"]) >= 20
    assert [one for one in found if one.verdict in ("disagrees", "within rounding")] == []


@given(st.integers(1, 99_999), st.integers(1, 99_999), st.integers(0, 2))
def test_a_rate_rounded_half_up_agrees_and_two_digits_off_does_not(done: int, plan: int, decimals: int) -> None:
    parts = [Printed(Decimal(done), 0, exact=True), Printed(Decimal(plan), 0, exact=True)]
    rate = half_up(Decimal(done) * 100 / plan, decimals)
    assert compare(Printed(rate, decimals), parts, lambda a, b: a * 100 / b)[1] == "agrees"
    off = Printed(rate + Decimal(2).scaleb(-decimals), decimals)
    assert compare(off, parts, lambda a, b: a * 100 / b)[1] == "disagrees"


@given(st.decimals("0.001", "9999", places=3), st.decimals("0.001", "9999", places=3))
def test_a_sum_of_rounded_parts_never_contradicts_the_rounded_whole(one: Decimal, two: Decimal) -> None:
    parts = [Printed(half_up(part, 1), 1) for part in (one, two)]
    assert compare(Printed(half_up(one + two, 1), 1), parts, lambda a, b: a + b)[1] != "disagrees"


def test_lists_that_hold_more_torn_numbers_and_parts_of_several_wholes_raise_nothing() -> None:
    def alarms(text: str) -> list[str]:
        return [one.arithmetic for one in check([("文", text.split("\n"))]) if one.verdict != "agrees"]

    assert alarms("引进甲江手套加工、乙山茶叶开发、丙河石油助剂等招商项目33个。") == []
    assert alarms("2023年，全年计划新开工项目1 96个，实际开工186个，仍有10个项目未开工。") == []
    assert alarms("2024年，普通公路续建217个项目，78个新开工项目。\n\n2024年，水运续建项目13个、新开工项目4个。") == []
