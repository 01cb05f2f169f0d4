"""The published figures: all of them carried over exactly, with their sources, without the names of people or firms."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bihuan.academy import published
from bihuan.academy.published import DATA, Figure, figure, scale

LONGEST_TERM = 17
"""Characters of the longest term that is carried over, a list of three industries; anything longer would be a sentence."""
WORDS = {"text": "文字", "ratio": "比值"}


def data_text() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(DATA.glob("*.yaml")))


def test_every_fact_of_the_documents_is_carried_over_with_its_source(digest: dict[str, Any]) -> None:
    ours = published.published().facts
    assert len(ours) == len(digest["facts"]) == 649
    for fact in digest["facts"]:
        mine = ours[fact["id"]]
        assert mine.source == f"{fact['doc']}:{fact['line']}"
        assert (mine.value, mine.operator, mine.kind) == (fact["value"], fact["op"], fact["kind"]), fact["id"]
        assert mine.unit == WORDS.get(fact["unit"], fact["unit"])
        assert mine.subject == fact["subject"]


def test_offices_posts_and_teams_are_all_there(digest: dict[str, Any]) -> None:
    assert len(published.org_units()) == len(digest["org"]["units"]) == 53
    assert [unit.sources for unit in published.org_units()] == [tuple(unit["refs"]) for unit in digest["org"]["units"]]
    assert len(published.posts()) == len(digest["org"]["posts"]) == 21
    assert len(published.groups()) == len(digest["org"]["groups_and_teams"]) == 12


def test_no_person_and_no_firm_is_named(digest: dict[str, Any]) -> None:
    people = {name for post in digest["org"]["posts"] for name in re.split(r"[;；]\s*", post["holder_in_seed"])}
    firms = {name.strip() for firm in digest["entities"]["enterprises"] for name in re.split(r"[/()（）]", firm["name"])}
    text = data_text()
    assert [name for name in people if name in text] == []
    assert [name for name in firms - {"", "濮阳"} if name in text] == []


def test_no_sentence_of_the_documents_is_copied(shared: Path) -> None:
    documents = "".join(path.read_text(encoding="utf-8") for path in sorted((shared / "sources").glob("*.txt")))
    written = [phrase for phrase in re.findall(r"[\u4e00-\u9fff、，。；：“”（）]+", data_text()) if len(phrase) > LONGEST_TERM]
    assert [phrase for phrase in written if phrase in documents] == []


def test_every_source_is_one_of_the_five_documents() -> None:
    documents = published.published().documents
    assert {fact.source.partition(":")[0] for fact in published.published().facts.values()} <= set(documents)


def test_the_yearly_lines_are_the_printed_totals(digest: dict[str, Any]) -> None:
    printed = {row["year"]: row for row in digest["tables"]["key_projects_by_year"]}
    for line in published.yearly_lines():
        row = printed[str(line.year)]
        assert line.count == int(row["count"])
        assert line.estimate == Decimal(row["estimate"]) * 10_000_000_000
        assert line.planned == Decimal(row["plan"]) * 10_000_000_000
        assert (line.starts_planned, line.finishes_planned) == (int(row["start_plan"]), int(row["finish_plan"]))
        if row["done"] != "null":
            assert line.done == Decimal(row["done"]) * 10_000_000_000
            assert (line.started, line.finished) == (int(row["start_done"]), int(row["finish_done"]))
            assert line.municipal is not None
            assert line.municipal.count == int(row["municipal"]["count"])
            assert line.municipal.done == Decimal(row["municipal"]["done"]) * 10_000_000_000
    assert [line.through for line in published.yearly_lines()] == ["2020-12", "2021-12", "2022-12", "2023-11", ""]


def test_the_plan_of_2024_is_split_by_size_and_by_start() -> None:
    line = published.yearly_lines()[-1]
    assert line.tiers == published.Tiers(from_1=287, from_10=42, from_20=24, from_50=6)
    assert (line.starts_planned, line.continued, line.finishes_planned) == (165, 126, 139)
    assert line.done is None
    assert line.municipal is None


def test_the_other_tables_hold_the_printed_figures() -> None:
    batches = published.three_batches()
    assert (batches.start_rate, batches.production_rate, batches.effect_rate) == (Decimal("95.1"), Decimal("90.8"), Decimal(100))
    assert (batches.projects, batches.investment) == (699, 54_720_000_000_000)
    assert published.five_counties()["濮阳县"]["strategic_share"].text == "51.9%"
    assert published.table("burden_2023")["inspections_planned"].value == "26"
    targets = {(target.indicator, target.year): target.figure.text for target in published.economic_targets()}
    assert targets["固定资产投资增长", 2023] == "11%"
    assert targets["研发经费投入增长", 2024] == "19%以上"


@pytest.mark.parametrize(("unit", "expected"), [("亿元", "1e8"), ("万人", "1e4"), ("%", "0.01"), ("百分点", "0.01"), ("个", "1")])
def test_a_printed_unit_knows_its_plain_unit(unit: str, expected: str) -> None:
    assert scale(unit) == Decimal(expected)


def test_a_figure_knows_how_far_it_was_rounded() -> None:
    assert figure("F275").rounding == Decimal("0.05")  # 110.4%
    assert figure("F271").rounding == 0  # 283 projects are 283
    assert figure("F007").rounding == Decimal("0.5")  # 463 亿元
    assert figure("F119").rounding == 50  # printed 6.02 万亿元
    assert figure("F031").number is None  # 平稳增长


def test_an_unknown_key_in_the_data_is_refused(tmp_path: Path) -> None:
    text = (DATA / "published.yaml").read_text(encoding="utf-8").replace("topic: doubling", "topik: doubling", 1)
    (tmp_path / "wrong.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="topik"):
        published.load(tmp_path / "wrong.yaml")


def test_a_figure_says_itself_with_its_bound() -> None:
    assert isinstance(figure("F614"), Figure)
    assert figure("F614").text == "1200亿元以上"
