"""The house rules: each finds its bad sample and passes its good one; a pack of more than twenty mechanisms is linted as one of few (how fast, `bench.packs` measures)."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.grammar.catalogue import linked
from bihuan.foundation.grammar.intervals import Cover, Stretch, cover, covered_by, holes, spoken
from bihuan.foundation.grammar.lint import RULES, lint, offences
from bihuan.foundation.grammar.packs import read_pack
from bihuan.foundation.grammar.rules.rule import Rule
from bihuan.foundation.grammar.rules.samples import sample_pack
from tests.foundation.grammar.guide import guide_files

DAY = date(2025, 7, 8)
EVERY_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)

LADDER = """
lights:
  plate:
    title: 挂牌
    without_data: grey
    conditions:
"""


@EVERY_RULE
def test_a_rule_passes_its_good_sample_and_finds_its_bad_one(rule: Rule) -> None:
    assert offences(rule, [sample_pack(rule.good)], DAY) == []
    found = offences(rule, [sample_pack(rule.bad)], DAY)
    assert found
    for finding in found:
        assert finding.problem.place.line > 0
        assert finding.problem.what
        assert finding.problem.what_en
        assert finding.problem.example


@EVERY_RULE
def test_a_rule_says_what_it_demands_in_both_languages(rule: Rule) -> None:
    assert rule.check.__doc__ or rule.check.__name__ == "check"
    assert rule.demand.endswith("。")
    assert rule.demand_en.endswith(".")


def test_no_two_rules_share_a_name() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_the_pack_of_the_guide_offends_no_rule() -> None:
    assert lint([read_pack(guide_files(), "roads")], DAY) == []


def test_only_the_packs_asked_about_are_told_of() -> None:
    good, bad = read_pack(guide_files(), "roads"), sample_pack("lights: {}\n=== examples.yaml\n\n")
    assert lint([good], DAY, among=[bad]) == []
    assert lint([bad], DAY, among=[good]) != []


def said(conditions: str, rule: str = "light_hole") -> list[str]:
    text = LADDER + "".join(f"      - {{{line}, because: 理由, basis: 一}}\n" for line in conditions.split("\n"))
    return [finding.problem.what for finding in lint([sample_pack(text)], DAY) if finding.problem.rule == rule]


def test_the_published_rule_with_a_hole_is_found() -> None:
    assert said("colour: yellow, if: 滞后天数 >= 10 且 滞后天数 <= 30\ncolour: red, if: 滞后天数 > 30") == ["滞后天数小于 10 天时没有说亮什么灯"]


def test_a_hole_is_found_at_a_single_point() -> None:
    assert said("colour: green, if: 滞后天数 < 10\ncolour: red, if: 滞后天数 > 10") == ["滞后天数等于 10 天时没有说亮什么灯"]


def test_conditions_that_leave_nothing_out_need_no_otherwise() -> None:
    assert said("colour: red, if: 滞后天数 > 30\ncolour: yellow, if: 10 <= 滞后天数\ncolour: green, if: 滞后天数 < 10") == []


def test_units_are_counted() -> None:
    assert said("colour: red, if: 概算投资 < 1亿元\ncolour: green, if: 概算投资 > 10000万元") == ["概算投资等于 10000 万元时没有说亮什么灯"]


def test_conditions_on_several_names_need_an_otherwise() -> None:
    (told,) = said("colour: red, if: 滞后天数 > 30\ncolour: green, if: 概算投资 > 1")
    assert "没有 otherwise" in told


def test_a_condition_that_earlier_ones_take_is_never_reached() -> None:
    ladder = "colour: yellow, if: 滞后天数 >= 10\ncolour: red, if: 滞后天数 > 30\ncolour: green, otherwise: 是"
    assert said(ladder, "light_order") == ["第 2 条永远轮不到：它的取值前面的条件都占了"]


# -- intervals against brute force ---------------------------------------------------------------------------------

VIEW = linked([sample_pack("owner: 市发改委")]).registers["city.projects"]
TESTS = st.tuples(st.sampled_from([">", ">=", "<", "<=", "=", "<>"]), st.integers(0, 4)).map(lambda test: f"滞后天数 {test[0]} {test[1]}")
CONDITIONS = st.lists(st.lists(TESTS, min_size=1, max_size=3).map(" 且 ".join), min_size=1, max_size=3).map(" 或 ".join)
POINTS = [Fraction(number, 2) for number in range(-3, 12)]
OPERATORS = {">": "gt", ">=": "ge", "<": "lt", "<=": "le", "=": "eq", "<>": "ne"}


def holds(text: str, value: Fraction) -> bool:
    def test(words: str) -> bool:
        _, operator, number = words.split()
        return bool(getattr(value, f"__{OPERATORS[operator]}__")(int(number)))

    return any(all(test(words) for words in choice.split(" 且 ")) for choice in text.split(" 或 "))


def within(value: Fraction, stretch: Stretch) -> bool:
    start, end = stretch
    above = start is None or (value > start[0] if start[1] else value >= start[0])
    return above and (end is None or (value <= end[0] if end[1] else value < end[0]))


def covered(text: str) -> Cover:
    found = cover(VIEW, text)
    assert found is not None
    return found




@given(CONDITIONS)
def test_a_cover_accepts_exactly_what_its_condition_accepts(text: str) -> None:
    stretches = covered(text).stretches
    for value in POINTS:
        assert any(within(value, stretch) for stretch in stretches) == holds(text, value)


@given(st.lists(CONDITIONS, min_size=1, max_size=3))
def test_holes_are_exactly_what_no_condition_accepts(texts: list[str]) -> None:
    gaps = holes([covered(text) for text in texts])
    for value in POINTS:
        assert any(within(value, gap) for gap in gaps) == (not any(holds(text, value) for text in texts))
    assert all(spoken(gap, "天")[0] for gap in gaps)


@given(CONDITIONS, st.lists(CONDITIONS, max_size=3))
def test_what_is_called_unreachable_is(text: str, earlier: list[str]) -> None:
    if covered_by(covered(text), [covered(other) for other in earlier]):
        assert not any(holds(text, value) and not any(holds(other, value) for other in earlier) for value in POINTS)


@pytest.mark.parametrize("text", ["滞后天数 > 概算投资", "滞后天数 + 1 > 3", "为空(开工日期)", "滞后天数 > 1 且 概算投资 > 1", "项目名称 = '甲'", "不是公式("])
def test_other_conditions_are_not_guessed_at(text: str) -> None:
    assert cover(VIEW, text) is None


def test_more_than_twenty_mechanisms_load_and_are_linted() -> None:
    files = dict(guide_files())
    for number in range(9):
        files[f"roads_{number}.yaml"] = files["roads.yaml"].replace("mechanism: roads\n", f"mechanism: roads_{number}\n")
        files[f"inspections_{number}.yaml"] = (
            files["inspections.yaml"].replace("mechanism: inspections", f"mechanism: inspections_{number}").replace("of: roads", f"of: roads_{number}")
        )
        files[f"roads_{number}.yaml"] = files[f"roads_{number}.yaml"].replace("from: inspections", f"from: inspections_{number}")
    pack = read_pack(files, "roads")
    findings = lint([pack], DAY)
    assert len(pack.mechanisms) == 18 + len(read_pack(guide_files(), "roads").mechanisms) > 20
    assert {finding.problem.rule for finding in findings} <= {"readme", "mechanism_example", "light_examples", "title_once"}


@pytest.mark.parametrize(
    ("example", "told"),
    [
        ("given: {甲: {概算投资: 1}}, expect: {乙: {概算投资: 1}}", "没有给定的行或分组“乙”"),
        ("given: {甲: {占比: 1}}, expect: {甲: {占比: 1}}", "“占比”由系统算出，不能给定"),
        ("given: {甲: {概算投资: 1}}, expect: {甲: {light: red}}", "“项目”上没有灯"),
        ("given: {甲: {概算投资: 1}}, expect: {甲: {criteria: {screening: yes}}}", "没有条件“screening”"),
        ("given_in: {talks: {甲: {概算投资: 1}}}, expect: {全部: {占比: 1}}", "没有台账“talks”"),
        ("parameters: {grace: 1}, given: {甲: {概算投资: 1}}, expect: {甲: {概算投资: 1}}", "没有参数“grace”"),
        ("given: {甲: {概算投资: 1}}, history: [{on: 2025-01-01, key: 乙, move: sign, refused: 不能}]", "没有给定的行“乙”"),
        ("given: {甲: {概算投资: 1}}, history: [{on: 2025-01-01, key: 甲, move: sign, refused: 不能}]", "没有动作“sign”"),
    ],
)
def test_an_example_speaks_only_of_what_is_there(example: str, told: str) -> None:
    indicators = "indicators: {share: {title: 占比, formula: 概算投资 / 1亿元, needs: nothing, unit: '%', basis: 一}}\n"
    pack = sample_pack(f"{indicators}=== examples.yaml\n- {{example: 甲, mechanism: projects, day: 2025-07-08, {example}}}\n")
    found = [finding.problem.what for finding in lint([pack], DAY) if finding.problem.rule == "example_names"]
    assert any(told in what for what in found), found
