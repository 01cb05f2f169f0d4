"""What a pack may say of duplicates: every word means something, and a provisional key is of a form of its own."""

import pytest

from bihuan.foundation import loading
from bihuan.foundation.checking import Incoming, check_row
from bihuan.foundation.grammar.catalogue import linked
from bihuan.foundation.grammar.errors import PackError
from bihuan.foundation.grammar.packs import load_pack, read_pack

FILES = load_pack(loading.shipped()["enterprise_policy"]).files


def problems(old: str, new: str) -> list[str]:
    """What is said of the shipped register of enterprises with one piece written otherwise."""
    text = FILES["enterprises.yaml"]
    assert old in text
    try:
        pack = read_pack({**FILES, "enterprises.yaml": text.replace(old, new)})
    except PackError as error:
        return [problem.text("zh") for problem in error.problems]
    return [problem.text("zh") for problem in linked([pack]).problems]


def test_the_pack_as_it_is_has_none() -> None:
    assert problems("likely: 99%", "likely: 99%") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("      address: {as: address}", "      adress: {as: address}", "adress"),
        ("      address: {as: address}", "      established_on: {as: address}", "text、long_text 字段"),
        ("      address: {as: address}", "      address: {as: addres}", "addres"),
        ("otherwise: code_given", "otherwise: given", "given"),
        ("likely: 99%", "likely: 很像", "likely"),
        ("confirmed_by: [supervisor, leader]", "confirmed_by: [auditor]", "auditor"),
        (r"provisional: '待核-\d{4}-\d{5,6}'", r"provisional: '待核-(?=\d)'", "provisional"),
    ],
)
def test_each_word_that_means_nothing_is_named(old: str, new: str, said: str) -> None:
    assert any(said in problem for problem in problems(old, new))


def test_a_key_that_is_missing_is_given_a_number_and_a_wrong_one_is_refused_with_the_way_out() -> None:
    register = linked([read_pack(FILES)]).registers["enterprise_policy.enterprises"].shape
    row = {"name": "某公司", "county": "甲县"}
    for key, refused in (("", False), ("待核-2025-00001", False), ("914109000000000110", True), ("待核-25-1", True)):
        _values, refusals = check_row(register, Incoming({**row, "code": key}), whole=True)
        assert bool(refusals) == refused, key
    assert "临时编号" in register.fields["code"].help
