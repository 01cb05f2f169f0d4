"""A leader's duty list as an official paper: drafted from the page, held by a figure that moved, numbered, archived, found; by whom and for whom."""

from typing import Any

import pypdfium2
import pytest

from bihuan.computing import follow, issuing
from bihuan.foundation.access import SUPERVISOR, SYSTEM, Actor
from bihuan.foundation.actions import Charge, FigureGiven, Forbidden, Rejected, assign, record_figures
from bihuan.foundation.models import Paper
from bihuan.foundation.replaying import compare
from bihuan.portal import official, pdf
from bihuan.portal.cited import cited
from bihuan.portal.printed import printed
from tests.portal import town
from tests.portal.conftest import SignIn

LIST = "city.works.duty_list"
SECOND = Actor("er", frozenset({SUPERVISOR}), everywhere=True)


def drafted(sign_in: SignIn) -> Paper:
    answer = sign_in("du").post("/leaders/ling/draft/")
    assert answer.status_code in (200, 204, 302)
    return Paper.objects.get(document="duty_list")


def issued(paper: Paper) -> Paper:
    for who, step in ((SECOND, "check"), (town.actor("qin"), "sign"), (SECOND, "issue")):
        paper = issuing.take(who, paper.pk, step, town.NOW)
    return paper


def test_it_is_drafted_once_from_the_leaders_page_and_goes_its_whole_way(sign_in: SignIn) -> None:
    page = sign_in("du").get("/leaders/ling/")
    assert (page.context["draft_href"], page.context["papers"]) == ("/leaders/ling/draft/", [])
    paper = drafted(sign_in)
    assert drafted(sign_in).pk == paper.pk, "a standing draft is given back"
    assert (paper.title, paper.recipient, paper.member, paper.entry, paper.drafted_by) == ("凌市长同志责任清单", "凌市长同志", "ling", None, "du")
    assert "凌市长同志（市政府）负责 2 项，其中红灯 2 项；未办结任务 2 件" in paper.content["parts"][0]["text"]
    with pytest.raises(Rejected, match="不核自己的稿"):
        issuing.take(town.actor("du"), paper.pk, "check", town.NOW)
    assert issued(paper).number == "责〔2025〕1号"
    answer = sign_in("du").post(f"/papers/{paper.pk}/archive/", {"retention": "10年"})
    assert answer.status_code in (200, 204, 302)
    [found] = sign_in("du").get("/archive/", {"q": "负责事项", "kind": "责任清单"}).context["results"]
    assert found["number"] == "责〔2025〕1号"
    listed = sign_in("du").get("/leaders/ling/").context["papers"]
    assert [(one["number"], one["state"]["text"]) for one in listed] == [("责〔2025〕1号", "已归档")]


def test_the_next_one_is_drafted_when_the_last_has_been_issued_and_numbers_have_no_gap(sign_in: SignIn) -> None:
    first = issued(drafted(sign_in))
    second = issuing.draft(town.actor("du"), LIST, "ling", town.NOW)
    other = issuing.draft(town.actor("du"), LIST, "qin", town.NOW)
    assert len({first.pk, second.pk, other.pk}) == 3
    assert [issued(one).number for one in (second, other)] == ["责〔2025〕2号", "责〔2025〕3号"]


def test_a_colour_a_duty_or_a_charge_that_moved_holds_it_until_somebody_looks(sign_in: SignIn) -> None:
    paper = drafted(sign_in)
    record_figures(SYSTEM, town.WORKS, [FigureGiven("W-10", "completed", "2025-06", "100", seen=70_000_000)], town.NOW)
    follow.catch_up(town.NOW)
    with pytest.raises(Rejected, match="红灯项数 文中 2、台账 1"):
        issuing.take(SECOND, paper.pk, "check", town.NOW)
    page = sign_in("du").get(f"/papers/{paper.pk}/")
    moved = {one["title"]: (one["was"], one["now"]) for one in page.context["moved"]}
    assert moved["红灯项数"] == ("2", "1")
    issuing.renew(town.actor("du"), paper.pk, town.NOW)
    issuing.take(SECOND, paper.pk, "check", town.NOW)
    assign(SYSTEM, town.WORKS, "W-11", Charge("leader", "ling"), town.NOW)
    with pytest.raises(Rejected, match="负责项数 文中 2、台账 3"):
        issuing.take(town.actor("qin"), paper.pk, "sign", town.NOW)


def test_every_figure_says_its_rule_and_the_same_data_give_the_same_bytes(sign_in: SignIn) -> None:
    paper = issued(drafted(sign_in))
    rules = {one.title: (one.value, one.rule) for one in cited(paper)}
    assert rules["负责项数"] == ("2", "该同志现任责任人的台账条目数")
    assert set(rules) >= {"负责项数", "红灯项数", "未办结件数", "逾期件数"}
    assert official.docx(printed(paper), cited(paper)) == official.docx(printed(paper), cited(paper))
    made = pdf.pdf(printed(paper), cited(paper)).content
    assert made == pdf.pdf(printed(paper), cited(paper)).content
    text = "".join("".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(made))
    for part in ("发改委文件", "责〔2025〕1号", "凌市长同志责任清单", "一、负责事项", f"{town.CANARY[town.NORTH]}工程0", "二、未办结任务"):
        assert part in text


def test_it_is_for_those_who_see_the_whole_city_and_for_the_leader(sign_in: SignIn) -> None:
    paper = issued(drafted(sign_in))
    asked: dict[str, Any] = {"q": "负责事项"}
    for who, status in (("du", 200), ("ling", 200), ("shi", 200), ("wei", 404), ("nan", 404)):
        assert sign_in(who).get(f"/papers/{paper.pk}/").status_code == status, who
        assert bool(sign_in(who).get("/archive/", asked).context["results"]) == (status == 200), who
    assert sign_in("wei").get(f"/papers/{paper.pk}/pdf/").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("ling", 403), ("qin", 404), ("shi", 404), ("wei", 404)])
def test_it_is_asked_for_by_those_the_pack_names(sign_in: SignIn, who: str, status: int) -> None:
    assert sign_in(who).post("/leaders/ling/draft/").status_code == status
    assert not sign_in("ling").get("/leaders/ling/").context["draft_href"]
    assert not Paper.objects.filter(document="duty_list").exists()


def test_nobody_of_a_county_works_on_it_by_another_way(sign_in: SignIn) -> None:
    paper = drafted(sign_in)
    with pytest.raises(Forbidden, match="全市"):
        issuing.renew(town.actor("wei"), paper.pk, town.NOW)
    with pytest.raises(Rejected, match="没有这位在岗人员"):
        issuing.draft(town.actor("du"), LIST, "qi", town.NOW)
    with pytest.raises(Rejected, match="没有可由人提出的文书"):
        issuing.draft(town.actor("du"), "letter", "ling", town.NOW)


def test_the_ledger_gives_it_back(sign_in: SignIn) -> None:
    issued(drafted(sign_in))
    assert not compare().differences
