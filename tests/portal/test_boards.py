"""The leader's board, league tables, the walk of a number, papers and the ledger."""

from datetime import timedelta
from typing import Any

import pytest

from bihuan import clock
from bihuan.computing import sweep
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import Edit, FigureGiven, Source, change_entry, record_figures, withdraw_entry
from bihuan.foundation.earlier import end_of
from bihuan.foundation.models import Entry, Event, Paper
from tests.portal import town
from tests.portal.conftest import SignIn


def test_the_board_counts_what_its_cells_lead_to(sign_in: SignIn) -> None:
    client = sign_in("ling")
    board = client.get("/board/").context
    (north,) = [row for row in board["matrix"]["rows"] if row["title"] == town.NORTH]
    for cell in north["cells"]:
        assert client.get(cell["href"]).context["total"] == cell["count"]
    assert board["figures"][0]["text"] == "4"
    assert next(one["text"] for one in board["figures"] if one["title"] == "全市投资进度") == "83.5%"


def test_the_board_of_a_day_is_the_board_that_day(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client, later = sign_in("ling"), town.NOW + timedelta(days=4)
    asked = ("figures", "ranking", "matrix", "lines", "rates", "funnel", "trend", "map")
    then = {name: client.get("/board/").context[name] for name in asked}
    league = client.get("/scores/city.works/works.county_rank/").context["rows"]
    given = [FigureGiven("W-10", "completed", "2025-06", "100"), FigureGiven("W-20", "completed", "2025-06", "1")]
    record_figures(SYSTEM, town.WORKS, given, later, Source(reason="更正"))
    withdraw_entry(SYSTEM, town.WORKS, "W-11", "重复登记", later)
    sweep.sweep(later)
    monkeypatch.setattr(clock, "now", lambda: later)
    page = client.get("/board/?on=2025-07-08")
    for name in ("ranking", "rates", "lines"):
        assert numbers(page.context[name]) == numbers(then[name]), name
    assert [one["text"] for one in page.context["figures"]] == [one["text"] for one in then["figures"]]
    assert [one["text"] for one in client.get("/board/").context["figures"]] != [one["text"] for one in then["figures"]]
    assert [(row["title"], row["total"]) for row in page.context["matrix"]["rows"]] == [(row["title"], row["total"]) for row in then["matrix"]["rows"]]
    again = client.get("/scores/city.works/works.county_rank/?on=2025-07-08").context
    assert [(row["rank"], row["title"], row["points"], row["score"]) for row in again["rows"]] == [
        (row["rank"], row["title"], row["points"], row["score"]) for row in league
    ]
    assert "按那天的账本" in page.content.decode()
    assert page.context["board"]["seq"] == Event.objects.filter(at__lt=end_of(town.NOW.date())).latest("seq").seq
    for address in ("why/works.county_progress/?group=北县&on=2025-07-08", "why/works.city_progress/?on=2025-07-08"):
        assert client.get(f"/board/city.works/{address}").status_code == 200


def numbers(shaped: Any) -> Any:
    """What a part of the board says, without where it leads."""
    if isinstance(shaped, dict):
        return {key: numbers(value) for key, value in shaped.items() if "href" not in key}
    return [numbers(one) for one in shaped] if isinstance(shaped, list) else shaped


def test_what_turned_since_is_named(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client, later = sign_in("ling"), town.NOW + timedelta(days=4)
    record_figures(SYSTEM, town.WORKS, [FigureGiven("W-10", "completed", "2025-06", "100")], later, Source(reason="更正"))
    sweep.sweep(later)
    monkeypatch.setattr(clock, "now", lambda: later)
    since = client.get("/board/?light=works.progress&on=2025-07-08").context["since"]
    assert {"then": "red", "now": "green", "count": 1} in since["turns"]
    assert ("鹤鸣湖工程0", "red", "green") in [(row["title"], row["then"], row["now"]) for row in since["rows"]]
    north = next(row for row in since["ranks"] if row["title"] == town.NORTH)
    assert (north["rank_then"], north["score_then"], north["rank_now"]) == (2, "70", 1)
    assert any(one["changed"] for one in since["figures"])


def test_the_board_shows_which_rows_were_red_that_day(sign_in: SignIn) -> None:
    client = sign_in("ling")
    nothing = client.get("/board/?on=2025-07-07")
    assert "账本从 2025-07-08 开始" in nothing.content.decode()
    assert client.get("/scores/city.works/works.county_rank/?on=2025-07-07").context["first"] == town.NOW.date()
    today = client.get("/board/?on=2025-07-08").context["matrix"]
    assert today["total"] == 4
    assert client.get("/board/?on=nonsense").status_code == 200
    rows = client.get("/board/city.works/stood/works.progress/?on=2025-07-08&colour=red").context["rows"]
    assert [(one["title"], one["because"]) for one in rows] == [("鹤鸣湖工程0", "2025年1—6月投资进度 70%，低于 80%")]


def test_every_point_of_a_score_is_explained(sign_in: SignIn) -> None:
    client = sign_in("ling")
    table = client.get("/scores/city.works/works.county_rank/").context["rows"]
    assert [(one["title"], one["score"]) for one in table] == [(town.SOUTH, "97"), (town.NORTH, "70")]
    walk = client.get(table[1]["explain_href"]).context["walk"]
    assert (walk["answer"]["text"], walk["answer"]["note"]) == ("70", "2 个单位中第 2（上期第 1）")
    assert walk["answer"]["more"][0].startswith("再得 27.01 分可超过南县")
    (part,) = walk["steps"][0]["rows"]["rows"]
    assert [cell["text"] for cell in part["cells"]][:3] == ["100", "70.0%", "70"]
    made_of = client.get(part["cells"][1]["href"]).context["walk"]
    assert made_of["answer"]["text"] == "70.0%"
    assert made_of["steps"][0]["formula"]["placed"].startswith("70")
    assert [one["rows"]["heading"] for one in walk["steps"]] == ["用到的数", "前后的单位"]
    assert [(row["title"], row["hit"]) for row in walk["steps"][1]["rows"]["rows"]] == [(town.SOUTH, False), (town.NORTH, True)]


def test_the_walk_goes_from_the_colour_to_the_entry_of_the_ledger(sign_in: SignIn) -> None:
    client, row = sign_in("ling"), town.work()
    walk = client.get(f"/rows/{row.pk}/lights/works.progress/").context["walk"]
    assert walk["verdict"]["colour"] == "red"
    assert [band["hit"] for band in walk["rule"]["bands"]] == [False, False, True]
    assert walk["steps"][0]["formula"]["text"] == "合计(实际完成投资) / 合计(计划完成投资)"
    cells = walk["steps"][0]["rows"]["rows"][0]["cells"]
    assert [cell["text"] for cell in cells] == ["70万元", "100万元"]
    figure = client.get(cells[0]["href"]).context["walk"]
    event = client.get(figure["event"]["href"])
    assert event.context["intact"]
    assert figure["event"]["hash"] == Event.objects.get(pk=figure["event"]["seq"]).hash


def test_a_walk_says_what_rows_a_rollup_gathered(sign_in: SignIn) -> None:
    walk = sign_in("ling").get(f"/rows/{town.work('W-20').pk}/lights/works.plate/").context["walk"]
    assert walk["verdict"]["because"] == "经 1 次协调仍未解决"
    (step,) = walk["steps"]
    assert "协调记录" in step["formula"]["text"]
    assert [column["title"] for column in step["rows"]["columns"]] == ["结果"]
    (row,) = step["rows"]["rows"]
    meeting = Entry.objects.get(register=town.MEETINGS, data__work="W-20")
    assert (row["title"], row["href"], [cell["text"] for cell in row["cells"]]) == (meeting.key, f"/rows/{meeting.pk}/", ["未果"])
    recorded = Event.objects.get(kind="entries.recorded", register=town.MEETINGS)
    assert row["source"]["href"] == f"/ledger/{recorded.seq}/?row={meeting.pk}"


def test_a_rule_without_dated_thresholds_names_no_day(sign_in: SignIn) -> None:
    page = sign_in("ling").get(f"/rows/{town.work('W-20').pk}/lights/works.plate/")
    assert page.context["walk"]["rule"]["in_force_from"] == ""
    assert "起施行" not in page.content.decode()


# --- papers


def test_a_red_light_drafts_a_letter_which_is_checked_signed_issued_and_archived(sign_in: SignIn) -> None:
    number = Paper.objects.get(entry=town.work()).pk
    officer, supervisor, leader = sign_in("wei"), sign_in("du"), sign_in("ling")
    page = officer.get(f"/papers/{number}/")
    assert (page.context["next"]["href"], page.context["next"]["why"]) == ("", "需要角色：督查")
    assert all(one["holds"] for one in page.context["figures"])
    assert page.context["moved"] == []
    assert officer.get(f"/papers/{number}/word/").content[:2] == b"PK"
    assert "还是草稿" in supervisor.post(f"/papers/{number}/issue/", follow=True).content.decode()
    assert supervisor.post(f"/papers/{number}/check/").status_code == 302
    assert supervisor.get(f"/papers/{number}/").context["next"]["why"] == "上一步是您办的，请另一位同志办这一步"
    assert leader.post(f"/papers/{number}/sign/").status_code == 302
    assert supervisor.post(f"/papers/{number}/issue/").status_code == 302
    issued = Paper.objects.get(pk=number)
    assert (issued.state, issued.number, issued.checked_by, issued.signed_by, issued.issued_by) == ("issued", "督〔2025〕1号", "du", "ling", "du")
    assert "已印发，须是已签发的" in supervisor.post(f"/papers/{number}/issue/", follow=True).content.decode(), "once"
    assert "督〔2025〕1号" in officer.get(f"/papers/{number}/").content.decode()
    assert supervisor.post(f"/papers/{number}/archive/", {"retention": ""}).status_code == 422
    assert supervisor.post(f"/papers/{number}/archive/", {"retention": "永久"}).status_code == 302
    shown = supervisor.get("/papers/?state=archived").context
    assert [one["state"]["text"] for one in shown["papers"]] == ["已归档"]
    assert {tab["title"] for tab in shown["tabs"]} == {"全部", "待核稿", "待签发", "待印发", "已印发", "已归档"}


def test_a_letter_whose_row_changed_waits_until_somebody_looked(sign_in: SignIn) -> None:
    row = town.work()
    number = Paper.objects.get(entry=row).pk
    supervisor, leader, officer = sign_in("du"), sign_in("ling"), sign_in("shi")
    supervisor.post(f"/papers/{number}/check/")
    change_entry(SYSTEM, row.register, row.key, Edit({"name": "改名工程"}, row.version), town.NOW)
    page = leader.get(f"/papers/{number}/")
    assert page.context["next"]["why"] == "台账动了，先处理下面这些数"
    assert any("改名工程" in one["now"] for one in page.context["moved"])
    assert "处与文中不同" in leader.post(f"/papers/{number}/sign/", follow=True).content.decode()
    assert Paper.objects.get(pk=number).state == "checked"
    assert officer.post(f"/papers/{number}/keep/", {"reason": ""}).status_code == 422
    assert officer.post(f"/papers/{number}/keep/", {"reason": "函已按原名送达"}).status_code == 302
    page = supervisor.get(f"/papers/{number}/")
    assert (page.context["moved"], page.context["kept"][0]["reason"]) == ([], "函已按原名送达")
    assert "函已按原名送达" in page.content.decode()
    officer.post(f"/papers/{number}/renew/")
    renewed = Paper.objects.get(pk=number)
    assert ("改名工程" in renewed.title, renewed.state, renewed.kept) == (True, "draft", [])
    for client, step in ((supervisor, "check"), (leader, "sign"), (supervisor, "issue")):
        client.post(f"/papers/{number}/{step}/")
    assert Paper.objects.get(pk=number).state == "issued"


def test_a_leader_sends_a_paper_back_with_a_reason(sign_in: SignIn) -> None:
    number = Paper.objects.get(entry=town.work()).pk
    sign_in("du").post(f"/papers/{number}/check/")
    leader = sign_in("ling")
    assert leader.post(f"/papers/{number}/return/", {"reason": ""}).status_code == 422
    assert leader.post(f"/papers/{number}/return/", {"reason": "先约谈"}).status_code == 302
    assert Paper.objects.get(pk=number).state == "draft"


def test_a_draft_is_laid_aside_with_a_reason(sign_in: SignIn) -> None:
    client, paper = sign_in("wei"), Paper.objects.get(entry=town.work())
    assert client.post(f"/papers/{paper.pk}/drop/", {"reason": ""}).status_code == 422
    assert client.post(f"/papers/{paper.pk}/drop/", {"reason": "已当面约谈"}).status_code == 302
    assert client.get(f"/papers/{paper.pk}/").status_code == 404


# --- the ledger


def test_the_auditor_reads_filters_and_checks_the_ledger(sign_in: SignIn) -> None:
    client = sign_in("shen")
    assert client.get("/ledger/").context["events"]
    moves = client.get("/ledger/?kind=entry.moved").context["events"]
    assert {one["what"] for one in moves} == {"办理：开工"}
    assert client.get("/ledger/?q=W-10&day=2025-07-08").context["events"]
    assert client.get("/ledger/?day=2025-99-99&page=x").status_code == 200
    checked = client.post("/ledger/verify/", follow=True)
    assert checked.context["chain"]["intact"] is True
    assert checked.context["chain"]["checked_to"] == Event.objects.count()


def test_who_sends_a_paper_may_be_named_by_its_row(sign_in: SignIn) -> None:
    paper = Paper.objects.filter(mechanism="city.works", entry=town.work()).latest("pk")
    assert paper.content["sender"] == f"{town.NORTH}发改委"
    assert f"{town.NORTH}发改委" in sign_in("du").get(f"/papers/{paper.pk}/").content.decode()


def test_a_number_is_called_what_its_pack_calls_it_in_english(sign_in: SignIn) -> None:
    client = sign_in("ling")
    client.post("/language/", {"language": "en", "next": "/"})
    walk = client.get(f"/rows/{town.work('W-20').pk}/lights/works.plate/").context["walk"]
    (step,) = walk["steps"]
    assert (step["formula"]["title"], step["rows"]["columns"][0]["title"]) == ("Failed meetings", "Result")
