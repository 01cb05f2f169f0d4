"""One thing written in different ways comes to one form; what tells two things apart stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.grammar.wordforms import Organisation, Title, address, in_digits, organisation, phone, plain, short_place, title

PLACES = frozenset({"濮阳", "华龙", "清丰"})


@pytest.mark.parametrize(
    "written",
    [
        "濮阳市宏业化工有限公司", "濮阳宏业化工有限责任公司", "宏业化工股份有限公司", "宏业化工（濮阳）有限公司", "宏业化工(河南)有限公司", "河南省濮阳市宏业化工（集团）有限公司",
        "濮阳市华龙区宏业化工有限公司", " 宏业 化工 有限公司", "宏业·化工", "宏业化工（普通合伙）", "河南宏业化工集团有限公司",
    ],
)  # fmt: skip
def test_region_brackets_and_legal_form_say_nothing_of_which_enterprise_it_is(written: str) -> None:
    assert organisation(written, PLACES).core == "宏业化工"


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("濮阳市宏业化工有限公司第二分公司", Organisation("宏业化工", "濮阳", "第2分公司")),
        ("河南濮阳宏业化工有限公司", Organisation("宏业化工", "河南濮阳")),
        ("濮阳市华龙区好又多超市", Organisation("好又多超市", "濮阳华龙")),
        ("超市发展有限公司", Organisation("超市发展")),
        ("濮阳市工业园区开发有限公司", Organisation("工业园区开发", "濮阳")),
        ("清丰公司", Organisation("清丰")),
        ("", Organisation("")),
    ],
)
def test_region_and_branch_are_kept_apart_and_a_name_is_never_cut_down_to_nothing(written: str, parts: Organisation) -> None:
    assert organisation(written, PLACES) == parts


def test_the_stages_and_capacities_of_projects_are_told_apart() -> None:
    assert title("濮阳市年产十万吨乙二醇建设项目（一期）", PLACES) == title("年产10万吨乙二醇项目(1期)", PLACES) == title("年产100000吨乙二醇项目（一期）") == Title("年产100000吨乙2醇1期", ("100000吨", "1期", "2醇"))
    assert title("年产10万吨乙二醇项目（二期）").numbers == ("100000吨", "2期", "2醇")


@pytest.mark.parametrize(
    "written",
    ["河南省濮阳市华龙区黄河路一百二十三号", "濮阳市华龙区黄河路123号", "华龙区黄河路１２３號", "黄河路 123 号", "华龙区黄河路（123号）"],
)
def test_an_address_is_one_in_any_writing(written: str) -> None:
    assert address(written, PLACES) == "黄河路123"


@pytest.mark.parametrize("written", ["13912345678", "+86 139 1234 5678", "0086-139-1234-5678", "8613912345678", "１３９１２３４５６７８", "13912345678、0393-4412345"])
def test_a_telephone_number_is_one_in_any_writing(written: str) -> None:
    assert phone(written) == "13912345678"
    assert phone("0393-4412345") == "4412345"


@pytest.mark.parametrize(("written", "digits"), [("十", "10"), ("二十", "20"), ("一百零五", "105"), ("三千", "3000"), ("二〇二五", "2025"), ("五一路", "51路")])
def test_numbers_in_words_are_written_in_digits(written: str, digits: str) -> None:
    assert in_digits(written) == digits


def test_a_place_is_called_for_short() -> None:
    assert [short_place(name) for name in ("濮阳市", "范县", "内蒙古自治区", "濮阳")] == ["濮阳", "范县", "内蒙古", "濮阳"]


@given(st.text(max_size=30))
def test_any_text_comes_to_a_form_that_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert phone(phone(text)) == phone(text) or len(phone(text)) > 11
    assert isinstance(address(text), str)
    assert isinstance(organisation(text, PLACES).core, str)
    assert isinstance(title(text).core, str)
