"""The archive: issued papers found by any words of theirs, their number, period, unit and kind; by those who may read them, at their place."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.computing import issuing, names, passages
from bihuan.computing.papers import About, compose
from bihuan.computing.tables import current
from bihuan.foundation.access import SUPERVISOR, SYSTEM, Actor
from bihuan.foundation.actions import Draft, Edit, archive_paper, change_entry, draft_paper
from bihuan.foundation.models import Entry, Paper
from bihuan.portal.printed import html_parts
from tests.portal import town
from tests.portal.conftest import SignIn

NORTH_WORD, SOUTH_WORD = town.CANARY[town.NORTH], town.CANARY[town.SOUTH]
PEOPLE = [Actor(name, frozenset({SUPERVISOR}), everywhere=True) for name in ("jia", "yi", "bing")]


def issued(code: str = "W-10") -> Paper:
    """The letter about a row, checked, signed and issued; written first where no light called for it."""
    paper = Paper.objects.filter(entry__key=code, state="draft").first() or written(town.work(code))
    for person, step in zip(PEOPLE, ("check", "sign", "issue"), strict=True):
        paper = issuing.take(person, paper.pk, step, town.NOW)
    return paper


def written(row: Entry) -> Paper:
    columns = current(town.NOW.date())
    view = columns.catalogue.registers[town.WORKS]
    about = About(town.NOW.date(), row.pk, words={"理由": "滞后"})
    return draft_paper(SYSTEM, compose(columns, view, next(iter(view.documents.values())), about), town.NOW)


def found(client: Any, **asked: str) -> list[Any]:
    page = client.get("/archive/", asked)
    assert page.status_code == 200
    return list(page.context["results"])


@pytest.mark.parametrize(
    "asked",
    [
        {"q": NORTH_WORD}, {"q": "请整改"}, {"q": "概算投资 整改"}, {"q": "ｗ-10"}, {"number": "督〔2025〕1号"}, {"number": "[2025]"}, {"number": "(2025)1"},
        {"period": "2025年7月"}, {"period": "2025-07"}, {"unit": town.NORTH}, {"unit": "发改委"}, {"kind": "函"}, {"q": "整改", "kind": "函", "unit": "北县"}, {},
    ],
)  # fmt: skip
def test_a_paper_is_found_by_words_number_time_unit_and_kind(sign_in: SignIn, asked: dict[str, str]) -> None:
    paper = issued()
    assert [one["number"] for one in found(sign_in("du"), **asked)] == [paper.number]


@pytest.mark.parametrize("asked", [{"q": "没有的话"}, {"q": "整改 没有"}, {"number": "〔2024〕"}, {"period": "2024"}, {"unit": "南县"}, {"kind": "通报"}, {"q": "整_改"}, {"q": "整%改"}])
def test_what_is_not_in_it_is_not_found(sign_in: SignIn, asked: dict[str, str]) -> None:
    issued()
    assert found(sign_in("du"), **asked) == []


@pytest.mark.parametrize("asked", ["'", '"; DROP TABLE papers; --', "(", "\\", "[", "a" * 400, "甲 乙 丙 丁 戊 己 庚 辛", "\x00"])
def test_whatever_is_asked_gets_a_page(sign_in: SignIn, asked: str) -> None:
    assert found(sign_in("du"), q=asked, number=asked, period=asked, unit=asked, kind=asked) == []


def test_a_draft_is_not_in_the_archive_and_an_archived_paper_is(sign_in: SignIn) -> None:
    assert found(sign_in("du")) == []
    paper = issued()
    archive_paper(PEOPLE[0], paper.pk, "永久", town.NOW)
    assert [one["state"]["text"] for one in found(sign_in("du"))] == ["已归档"]


def test_the_office_is_asked_for_as_an_office(sign_in: SignIn) -> None:
    assert '<label>单位<input class="input" name="unit"' in sign_in("du").get("/archive/").content.decode()


def test_nobody_finds_what_they_may_not_read(sign_in: SignIn) -> None:
    issued("W-20")
    assert found(sign_in("du"), q=SOUTH_WORD)
    assert found(sign_in("nan"), q=SOUTH_WORD)
    page = sign_in("wei").get("/archive/", {"q": SOUTH_WORD})
    assert (page.context["results"], page.context["count"]) == ([], 0)
    for username in ("qi", "min", "xi", "shen"):
        assert sign_in(username).get("/archive/").status_code == 403


def test_a_finding_is_marked_in_its_sentence_and_opens_at_its_place(sign_in: SignIn) -> None:
    paper, client = issued(), sign_in("du")
    (one,) = found(client, q="请整改")
    (said,) = one["passages"]
    assert "".join(chunk["text"] for chunk in said["chunks"] if chunk["hit"]) == "请整改"
    assert said["href"] == f"/papers/{paper.pk}/?find=%E8%AF%B7%E6%95%B4%E6%94%B9#p0-0"
    page = client.get(said["href"].partition("#")[0]).content.decode()
    assert '<p id="p0-0">' in page
    assert "<mark>请整改</mark>" in page


def test_the_archive_follows_the_ledger(sign_in: SignIn) -> None:
    client = sign_in("du")
    assert found(client, q=NORTH_WORD) == []
    issued()
    assert len(found(client, q=NORTH_WORD)) == 1
    row = town.work()
    change_entry(SYSTEM, row.register, row.key, Edit({"county": town.SOUTH}, row.version), town.NOW)
    assert [len(found(sign_in(who), q=NORTH_WORD)) for who in ("nan", "wei")] == [1, 0], "the row went to another county, and its paper with it"


def test_the_search_over_everything_looks_into_papers_too(sign_in: SignIn) -> None:
    paper = issued()
    groups = {group["title"]: group["results"] for group in sign_in("du").get("/search/", {"q": "请整改"}).context["groups"]}
    assert groups["档案全文"][0]["href"].startswith(f"/papers/{paper.pk}/?find=")
    assert "请整改" in groups["档案全文"][0]["note"]
    assert "档案" in [result["title"] for result in sign_in("du").get("/search/", {"q": "档案"}).context["groups"][-1]["results"]]


def test_pages_of_twenty(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bihuan.portal.archive.SIZE", 1)
    issued("W-10")
    issued("W-20")
    first = sign_in("du").get("/archive/").context
    second = sign_in("du").get("/archive/?page=2").context
    assert (first["count"], len(first["results"]), first["page"]["before"], second["page"]["after"]) == (2, 1, "", "")
    assert first["results"][0]["number"] != second["results"][0]["number"]
    assert sign_in("du").get("/archive/?page=x").status_code == 200


@pytest.fixture
def tabled() -> Paper:
    return Paper(
        id=1, title="通报", recipient="各县", state="issued", drafted_on=town.NOW.date(), issued_on=town.NOW.date(),
        content={"parts": [{"text": "一、情况\n\n完成 5 亿元。同比增长。", "sources": []}, {"title": "排名", "heading": ["单位", "得分"], "lines": [["北县", "9"]], "sources": []}]},
    )  # fmt: skip


def test_every_passage_has_its_anchor_on_the_page(tabled: Paper) -> None:
    told = list(passages.passages(tabled))
    assert [(one.anchor, one.text) for one in told[2:]] == [
        ("p0-0", "一、情况"), ("p0-2", "完成 5 亿元。"), ("p0-2", "同比增长。"), ("p1", "排名"), ("p1-0", "单位 北县，得分 9"),
    ]  # fmt: skip
    blocks = html_parts(tabled, lambda _source: "")["blocks"]
    anchors = {"top", *(block["anchor"] for block in blocks), *(row["anchor"] for block in blocks for row in block["rows"])}
    assert {one.anchor for one in told} <= anchors


@pytest.mark.parametrize(
    ("title", "kind"),
    [("关于红牌约谈的督办函", "函"), ("关于5月排名的通报", "通报"), ("第 3 次会议纪要", "纪要"), ("旬报汇编（上旬）", "旬报"), ("王市长责任清单", "责任清单"), ("三库", "其他")],
)  # fmt: skip
def test_a_title_names_its_kind(title: str, kind: str) -> None:
    assert passages.kind_of(title) == kind


@given(st.text(), st.lists(st.text(min_size=1, max_size=4), max_size=4))
def test_marks_cut_a_text_and_lose_nothing(text: str, words: list[str]) -> None:
    spans = passages.spans(text, words)
    assert all(first < last for first, last in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert len(passages.low(text)) == len(text)


def test_a_whole_year_of_papers_is_loaded_at_once(small_town: None) -> None:
    for at in range(3):
        draft_paper(SYSTEM, Draft(town.WORKS, "city.works", "letter", f"通报{at}", {"parts": []}, period=f"2025-0{at + 1}"), town.NOW)
    names.forget()
    assert names.look(names.current(), passages.Asked("通报"), names.Reader({}, ["paper"]), 10) == (0, [])
