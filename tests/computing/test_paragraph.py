"""Last year's results as a paragraph of the next report: a sentence of each target, every figure with the row it was read from."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bihuan.computing import tables
from bihuan.computing.papers import About, compose
from bihuan.foundation import loading
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import Draft, Edit, Incoming, OfficeGiven, adopt, change_entry, record_entries, set_office
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.packs import load_pack

NOW = datetime(2024, 1, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
GOALS, OFFICE = "targets.goals", "市发展和改革委员会"


def goal(name: str, year: str, value: str, outcome: str, operator: str = "不低于") -> Incoming:
    return Incoming({
        "indicator": name, "year": year, "value": value, "outcome": outcome, "operator": operator, "measure": "%", "source": "第 9 行", "keeper": OFFICE,
    })  # fmt: skip


@pytest.fixture
def goals(db: None) -> None:
    set_office(SYSTEM, OfficeGiven(OFFICE, "department", ""), NOW)
    for pack in ("targets", "dispatch"):
        adopt(SYSTEM, load_pack(loading.shipped()[pack]).files, None, NOW)
    rows = [
        goal("生产总值增长", "2023", "7", "7.2"), goal("固定资产投资增长", "2023", "11", "9"), goal("研发投入增长", "2023", "19", ""),
        goal("生产总值增长", "2022", "7", "6"),
    ]  # fmt: skip
    record_entries(SYSTEM, GOALS, rows, NOW)


def paragraph(year: int = 2023) -> Draft:
    columns = tables.current(NOW.date())
    view = columns.catalogue.register(GOALS)
    item = view.documents.find("paragraph")
    assert item is not None
    return compose(columns, view, item, About(NOW.date(), period=periods.of("year", date(year, 6, 1))))


def test_each_target_of_the_year_has_its_sentence_where_it_belongs(goals: None) -> None:
    texts = [part["text"] for part in paragraph().content["parts"]]
    assert texts[1] == "生产总值增长完成7.20%，目标为不低于7%。"
    assert texts[3].startswith("固定资产投资增长为9.00%，目标为不低于11%，差2.00")
    assert texts[5] == "研发投入增长，目标为不低于19%。"


def test_each_figure_names_its_row_and_stands_where_it_says(goals: None) -> None:
    for part in paragraph().content["parts"]:
        for source in part["sources"]:
            assert part["text"][source["offset"] :].startswith(source["value"])
            assert source["entry"].startswith("NM-2024-")
    named = {source["name"]: source["entry"] for part in paragraph().content["parts"] for source in part["sources"]}
    assert named["生产总值增长 目标值"] != named["固定资产投资增长 目标值"]


def test_a_figure_that_moves_moves_in_the_paragraph(goals: None) -> None:
    before = paragraph().content["parts"][1]["text"]
    change_entry(SYSTEM, GOALS, "NM-2024-001", Edit({"outcome": "7.4"}, 1), NOW)
    after = paragraph().content["parts"][1]["text"]
    assert (before.count("7.20"), after.count("7.40")) == (1, 1)


def test_a_year_without_targets_says_so(goals: None) -> None:
    assert [part["text"] for part in paragraph(2021).content["parts"]][1::2] == ["无。", "无。", "无。"]
