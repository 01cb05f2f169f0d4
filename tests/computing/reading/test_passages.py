"""Lines become paragraphs without losing a character or its line."""

from hypothesis import given
from hypothesis import strategies as st

from bihuan.computing.reading.passages import LONGEST, passages


def texts(printed: str) -> list[str]:
    return [passage.text for passage in passages(printed.split("\n"))]


def test_a_sentence_cut_by_a_column_goes_on() -> None:
    first, second = passages(["年内完成投资500亿元以", "", "上,其中50亿元以上项目8个。", "", "二、下一节"])
    assert first.text == "年内完成投资500亿元以上,其中50亿元以上项目8个。"
    assert (first.lines[first.text.index("以")], first.lines[first.text.index("上")]) == (1, 3)
    assert second.text == "二、下一节"


def test_narrow_columns_are_joined_and_page_numbers_left_out() -> None:
    column = ["全市共实施省市重点项目", "1215个，概算投资12396.5", "亿元，年度计划投资", "- 12 -", "4320.7亿元。"]
    assert texts("\n".join(column)) == ["全市共实施省市重点项目1215个,概算投资12396.5亿元,年度计划投资4320.7亿元。"]


def test_full_width_digits_stray_blanks_and_doubled_glyphs_are_put_right() -> None:
    assert texts("投资 １２．５ 亿 元，增长 ８％ 。") == ["投资12.5亿元,增长8%。"]
    assert texts("重重点点项项目目建建设设") == ["重点项目建设"]
    assert texts("总产值 1 234.5 亿元") == ["总产值1234.5亿元"]
    assert texts("平平安安，高高兴兴") == ["平平安安,高高兴兴"]


def test_the_items_of_a_list_without_marks_stand_alone() -> None:
    items = ["新增100张养护床位", "改建100张认知障碍照护床位611张护理型床位", "完成300户居家环境适老化改造", "新增5家助餐点", "为456户独居老年人安装智能水表"]
    assert texts("\n".join(["2024年民生实事项目", *items])) == ["2024年民生实事项目", *items]


def test_a_quote_is_verbatim() -> None:
    (passage,) = passages(["完成投资 1024.8 亿元，占", "计划的110.4%。"])
    assert passage.quote(0, len(passage.text)) == "完成投资 1024.8 亿元，占计划的110.4%。"


def test_titles_and_marked_paragraphs_stand_alone() -> None:
    assert texts("工作报告\n\n一、回顾\n过去一年，成绩显著。\n（二）项目\n1.做好工作") == [
        "工作报告", "一、回顾", "过去一年,成绩显著。", "(二)项目", "1.做好工作",
    ]  # fmt: skip


@given(st.lists(st.text(alphabet="一二项目，。 ０1５%投资\t（）", max_size=30), max_size=12))
def test_every_character_keeps_the_line_it_stood_in(lines: list[str]) -> None:
    for passage in passages(lines):
        assert len(passage.text) == len(passage.printed) == len(passage.lines)
        assert list(passage.lines) == sorted(passage.lines)
        assert all(piece[:1] in lines[line - 1] for piece, line in zip(passage.printed, passage.lines, strict=True))


def test_a_text_without_any_mark_is_cut_into_pieces_no_longer_than_a_paragraph() -> None:
    found = passages(["完成投资12亿元新增项目3个" * 1000])
    assert [len(passage.text) <= LONGEST for passage in found] == [True] * len(found)
    assert sum(len(passage.text) for passage in found) == 14_000
