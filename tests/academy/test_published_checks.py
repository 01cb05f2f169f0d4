"""218 relations between published figures: the verdicts are found by computing, and every check can fail."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.academy.published import DATA, Figure, published
from bihuan.academy.published_checks import Finding, Relation, Wording, counts, evaluate, relations
from bihuan.academy.published_engine import Row, run_in_memory
from bihuan.academy.published_words import described, explain
from bihuan.computing.reading.rounding import half_up

EXPECTED = {"yes": "agree", "NO": "disagree", "suspect": "suspect", "derived": "derived"}


@pytest.fixture(scope="module")
def findings() -> dict[str, Finding]:
    """Every relation that ships, judged."""
    return {finding.relation.id: finding for finding in evaluate()}


def one(key: str, **printed: str) -> Finding:
    """The finding on one relation when other numbers had been printed."""
    facts = dict(published().facts)
    for figure, value in printed.items():
        facts[figure] = facts[figure].model_copy(update={"value": value})
    relation = next(relation for relation in relations() if relation.id == key)
    return evaluate([relation], figures=facts)[0]


def sentence(finding: Finding, english: bool = False) -> str:
    return explain(finding)[1 if english else 0]


def test_the_published_figures_agree_58_times_and_disagree_11_times() -> None:
    assert counts(evaluate()) == {"agree": 58, "disagree": 11, "suspect": 6, "derived": 143}


def test_every_verdict_is_the_one_a_reader_of_the_documents_reached(findings: dict[str, Finding], digest: dict[str, Any]) -> None:
    read = {relation["id"]: EXPECTED[relation["agrees"]] for relation in digest["relations"]}
    assert {key: finding.verdict for key, finding in findings.items()} == read


def test_every_value_is_the_one_the_documents_give(findings: dict[str, Finding], digest: dict[str, Any]) -> None:
    for relation in digest["relations"]:
        if relation["value"] != "null":
            value = findings[relation["id"]].value
            assert value is not None
            assert abs(value - Decimal(relation["value"])) <= Decimal("0.0001"), relation["id"]


def test_every_relation_says_where_it_was_printed(findings: dict[str, Finding], digest: dict[str, Any]) -> None:
    for relation in digest["relations"]:
        assert set(relation["refs"]) <= set(findings[relation["id"]].sources), relation["id"]


def test_no_verdict_is_written_in_the_data() -> None:
    text = (DATA / "relations.yaml").read_text(encoding="utf-8").partition("relations:")[2]
    assert not [word for word in ("agree", "disagree", "suspect", "derived", "verdict") if f"{word}:" in text or f": {word}," in text]


def test_one_query_answers_everything() -> None:
    asked: list[str] = []

    def run(sql: str) -> Sequence[Row]:
        asked.append(sql)
        return run_in_memory(sql)

    evaluate(run=run)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("key", "printed", "verdict"),
    [
        ("R001", {"F264": "1216"}, "disagree"),  # a sum of counts that is off by one
        ("R005", {"F275": "110.3"}, "agree"),  # the rate as it should have been printed
        ("R010", {"F277": "132"}, "disagree"),  # “all started” when one did not
        ("R017", {"F299": "116"}, "disagree"),  # “more than planned” when just as many
        ("R030", {"F323": "9.8"}, "disagree"),  # not the lowest any more
        ("R042", {"F464": "1329.3"}, "agree"),  # both documents print one plan
        ("R042", {"F464": "1340"}, "disagree"),  # a floor above the plan
        ("R043", {"F463": "339"}, "disagree"),
        ("R044", {"F614": "1100"}, "suspect"),  # a floor the plan keeps
        ("R046", {"F136": "8"}, "agree"),
        ("R056", {"F350": "495"}, "agree"),  # a reserve of three times the starts
        ("R060", {"F262": "10000"}, "agree"),  # 1亿元 is 10000万元
        ("R065", {"F598": "95.7"}, "agree"),
        ("R065", {"F598": "97"}, "disagree"),  # no rounding makes 97 of 95.7
        ("R070", {"F056": "20"}, "disagree"),  # growth too low to double in two years
        ("R089", {"F115": "2.7"}, "disagree"),
        ("R091", {"F118": "1700"}, "disagree"),  # more than half
        ("R095", {"F154": "1149.2"}, "disagree"),  # further than rounding goes
        ("R106", {"F191": "17.9"}, "disagree"),
        ("R113", {"F178": "2.55"}, "disagree"),  # a third county between the two
        ("R123", {"F168": "30.0"}, "agree"),
        ("R125", {"F176": "2.5"}, "agree"),
        ("R142", {"F386": "47.25"}, "agree"),
        ("R150", {"F377": "4.5"}, "disagree"),
        ("R159", {"F633": "17"}, "disagree"),
        ("R184", {"F539": "49"}, "disagree"),  # any of the groups
        ("R201", {"F403": "20"}, "agree"),
        ("R203", {"F029": "-20"}, "agree"),
    ],
)
def test_another_printed_number_changes_the_verdict(key: str, printed: dict[str, str], verdict: str) -> None:
    assert one(key).verdict != verdict
    assert one(key, **printed).verdict == verdict


def test_a_total_may_differ_from_its_parts_by_their_rounding_and_no_more() -> None:
    assert one("R095").verdict == "agree"  # 209.41 + 382.4 + 557.27 = 1149.08 beside 1149.09; 382.4 may be off by 0.05
    assert one("R095", F154="1149.14").verdict == "agree"
    assert one("R095", F154="1149.15").verdict == "disagree"


def test_a_rate_without_a_denominator_has_no_verdict() -> None:
    finding = one("R005", F273="0")
    assert (finding.verdict, finding.value) == ("derived", None)
    assert "没有值" in sentence(finding)


@given(done=st.integers(1, 10**6), plan=st.integers(1, 10**6), off=st.sampled_from([-1, 1]))
@settings(max_examples=25, deadline=None)
def test_a_rate_rounded_half_up_always_agrees_and_one_digit_off_never_does(done: int, plan: int, off: int) -> None:
    share = half_up(Decimal(done) * 100 / plan, 1)
    figures = {"F001": amount("F001", str(done)), "F002": amount("F002", str(plan)), "F003": amount("F003", str(share), "%")}
    rate = Relation(id="R001", name="率", name_en="rate", kind="ratio", formula="F001 / F002", unit="%", prints="F003", sources=("1:1",))
    assert evaluate([rate], figures=figures)[0].verdict == "agree"
    figures["F003"] = amount("F003", str(share + Decimal(off) / 10), "%")
    assert evaluate([rate], figures=figures)[0].verdict == "disagree"


@given(parts=st.lists(st.integers(0, 10**7), min_size=2, max_size=6))
@settings(max_examples=25, deadline=None)
def test_parts_and_total_rounded_each_by_itself_always_agree(parts: list[int]) -> None:
    rounded = [half_up(Decimal(part) / 1000, 1) for part in parts]
    keys = [f"F{number:03d}" for number in range(1, len(parts) + 1)]
    figures = {key: amount(key, str(part)) for key, part in zip(keys, rounded, strict=True)}
    figures["F099"] = amount("F099", str(half_up(Decimal(sum(parts)) / 1000, 1)))
    total = Relation(
        id="R001", name="和", name_en="sum", kind="sum", formula=" + ".join(keys), unit="亿元", adds_up_to="F099", sources=("1:1",)
    )
    assert evaluate([total], figures=figures)[0].verdict == "agree"


def amount(key: str, value: str, unit: str = "亿元") -> Figure:
    return Figure(id=key, source="1:1", topic="t", scope="全市", subject="s", operator="=", value=value, unit=unit, kind="actual")


def test_names_disagree_only_where_one_thing_has_two() -> None:
    def named(*names: tuple[str, str]) -> str:
        wordings = tuple(Wording(of=of, name=name, sources=("1:1",)) for of, name in names)
        relation = Relation(id="R001", name="名", name_en="name", kind="wording", names=wordings, sources=("1:1",))
        return evaluate([relation])[0].verdict

    assert named(("三库", "签约项目"), ("三库", "签约促开工台账")) == "disagree"
    assert named(("对接", "银企、产销"), ("对接", "产销、银企")) == "agree"
    assert named(("三零", "三零"), ("三无", "三无")) == "derived"


def test_a_wrong_rate_is_explained_by_its_own_numbers(findings: dict[str, Finding]) -> None:
    assert sentence(findings["R005"]) == "1024.8÷928.7=110.348%，四舍五入为 110.3%，公布值 110.4%；若按未取整的原数计算，可能得到公布值"
    assert sentence(findings["R005"], english=True) == (
        "1024.8÷928.7 = 110.348%, which rounds to 110.3%; 110.4% was published; figures not yet rounded could have given it"
    )


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("R042", "两数不同，只因一处是界限才不矛盾：1320亿元以上（002:15）、1329.3亿元（001:635）"),
        ("R046", "同一事项公布了不同的数：7个（001:383）、8个（001:527）"),
        ("R056", "“储备达到今年新开工项目3倍以上”不成立：3×165=495个，而 200≥495个 不成立"),
        ("R065", "只有取整以后才相同：95.7亿元（003:100）、96亿元（003:266）"),
        ("R142", "11.93%+10.02%+9.07%+8.59%+7.64%=47.25%，公布值 54.85%，相差 7.6个百分点，取整不能解释这一差异"),
        ("R189", "同一事项有不同的名称：“签约促开工台账”（001:671）、“签约项目”（002:61）"),
    ],
)
def test_disagreements_explain_themselves(findings: dict[str, Finding], key: str, words: str) -> None:
    assert sentence(findings[key]) == words


def test_every_finding_has_a_sentence_in_both_languages(findings: dict[str, Finding]) -> None:
    for finding in findings.values():
        record = described(finding)
        assert record["explanation"]
        assert record["explanation_en"]
        assert not any("F0" in record[key] or "None" in record[key] for key in ("explanation", "explanation_en")), record


def test_the_documentation_lists_exactly_the_disagreements(findings: dict[str, Finding]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "published.md").read_text(encoding="utf-8")
    for finding in findings.values():
        line = f"| {finding.relation.id} | {finding.relation.name_en} | {sentence(finding, english=True)} |"
        assert (line in page) == (finding.verdict in ("disagree", "suspect")), finding.relation.id
