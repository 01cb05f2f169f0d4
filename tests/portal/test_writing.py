"""Rows, moves, people in charge, figures, lights and duties, as somebody does them in a browser."""

import re
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions.past import Past, record_past
from bihuan.foundation.actions.writing import Source
from bihuan.foundation.models import Assignment, Duty, Entry, Event, Figure, Override, Upload, Verdict
from tests.portal import town
from tests.portal.conftest import SignIn

GATE = town.PNG + b"\0"
"""A picture nobody has sent in yet."""


def fields_of(page: HttpResponse) -> dict[str, object]:
    """What a form would send if nobody touched it."""
    form = page.context["form"]
    held = {one["name"]: one["value"] for one in form["hidden"]}
    for one in form["fields"]:
        if one["options"]:
            chosen = [option["value"] for option in one["options"] if option["chosen"]]
            held |= {one["name"]: chosen} if chosen else {}
        elif one["kind"] != "file":
            held[one["name"]] = one["value"]
    return held


def colour(key: str, light: str = "progress") -> str:
    return Verdict.objects.get(entry=town.work(key), light=light, to_day__isnull=True).colour


def test_a_row_is_recorded_and_its_light_is_on_its_page(sign_in: SignIn) -> None:
    client = sign_in("wei")
    new = {"row.code": "W-90", "row.name": "新桥", "row.county": town.NORTH, "row.estimate": "1,234.56", "row.labels": ["省重点"], "asked": "1"}
    answer = client.post("/registers/city.works/new/", new)
    entry = Entry.objects.get(key="W-90")
    assert answer.headers["Location"] == f"/rows/{entry.pk}/"
    assert (entry.data["estimate"], entry.data["labels"], entry.state) == (1234560000, ["省重点"], "planned")
    page = client.get(f"/rows/{entry.pk}/")
    assert [light["colour"] for light in page.context["lights"]] == ["grey", "green"]
    assert "1,234.56" in page.content.decode()


def test_what_is_refused_stands_at_its_field_and_what_was_typed_is_kept(sign_in: SignIn) -> None:
    answer = sign_in("wei").post("/registers/city.works/new/", {"row.code": "X", "row.name": "新桥", "row.county": town.NORTH, "row.estimate": "千万"})
    assert answer.status_code == 422
    wrong = {one["name"]: one["error"] for one in answer.context["form"]["fields"] if one["error"]}
    assert set(wrong) == {"row.code", "row.estimate"}
    assert next(one["value"] for one in answer.context["form"]["fields"] if one["name"] == "row.name") == "新桥"
    assert not Entry.objects.filter(title="新桥").exists()


def test_a_form_nobody_touched_changes_nothing(sign_in: SignIn) -> None:
    client, row = sign_in("wei"), town.work()
    before = Event.objects.count()
    answer = client.post(f"/rows/{row.pk}/edit/", fields_of(client.get(f"/rows/{row.pk}/edit/")))
    assert answer.status_code == 302
    assert town.work().data == row.data
    assert Event.objects.count() == before


def test_two_people_who_change_one_row_see_both_versions_and_lose_nothing(sign_in: SignIn) -> None:
    first, second, row = sign_in("wei"), sign_in("wen"), town.work()
    mine, theirs = (fields_of(client.get(f"/rows/{row.pk}/edit/")) for client in (first, second))
    assert second.post(f"/rows/{row.pk}/edit/", {**theirs, "row.estimate": "3000", "row.investor": "南方公司"}).status_code == 302
    answer = first.post(f"/rows/{row.pk}/edit/", {**mine, "row.estimate": "2000"})
    assert answer.status_code == 409
    shown = {one["name"]: one for one in answer.context["fields"]}
    assert (shown["row.estimate"]["mine"], shown["row.estimate"]["theirs"], shown["row.estimate"]["before"]) == ("2,000", "3,000", "1,000")
    assert not shown["row.investor"]["differs"], "what I did not touch is not asked, and stays as the other left it"
    assert answer.context["theirs"]["who"] == "文北"
    hidden = {one["name"]: one["value"] for one in answer.context["hidden"]}
    settled = first.post(f"/rows/{row.pk}/edit/", {**hidden, "row.estimate": shown["row.estimate"]["mine_value"]})
    assert settled.status_code == 302
    data = town.work().data
    assert (data["estimate"], data["investor"], data["labels"]) == (2000_000000, "南方公司", row.data["labels"])


def test_a_withdrawn_row_keeps_its_page_and_takes_no_more_writes(sign_in: SignIn) -> None:
    client, row = sign_in("wei"), town.work("W-11")
    assert client.post(f"/rows/{row.pk}/withdraw/", {"reason": ""}).status_code == 422
    assert client.post(f"/rows/{row.pk}/withdraw/", {"reason": "重复登记"}).status_code == 302
    page = client.get(f"/rows/{row.pk}/")
    assert page.context["entry"]["withdrawn"]
    assert page.context["actions"] == []
    assert client.get(f"/rows/{row.pk}/edit/").status_code == 404
    assert client.get("/registers/city.works/").context["total"] == 1


# --- moves


def test_a_move_says_what_it_lacks_and_who_may_not_make_it(sign_in: SignIn) -> None:
    page = sign_in("wei").get(f"/rows/{town.work().pk}/move/")
    (finish,) = page.context["moves"]
    assert finish["refusals"] == []
    assert any("验收单" in need for need in finish["needs"])
    (closed,) = sign_in("ling").get(f"/rows/{town.work().pk}/move/").context["moves"]
    assert "须由经办办理" in closed["refusals"][0]


def test_a_row_moves_with_its_day_and_its_clock_stops(sign_in: SignIn) -> None:
    client, row = sign_in("wei"), town.work("W-11")
    assert Duty.objects.get(entry=row, kind="clock").closed_on is None
    form = fields_of(client.get(f"/rows/{row.pk}/move/start/"))
    assert client.post(f"/rows/{row.pk}/move/start/", {**form, "row.started_on": "2025-07-09"}).status_code == 422, "tomorrow"
    assert client.post(f"/rows/{row.pk}/move/start/", {**form, "row.started_on": "2025-07-08"}).status_code == 302
    assert town.work("W-11").state == "building"
    assert Duty.objects.get(entry=row, kind="clock").outcome == "met"
    steps = client.get(f"/rows/{row.pk}/").context["steps"]
    assert [(step["title"], step["state"]) for step in steps] == [("谋划", "done"), ("在建", "now"), ("竣工", "ahead")]


def test_evidence_is_a_file_and_is_kept(sign_in: SignIn, tmp_path) -> None:  # type: ignore[no-untyped-def]
    client, row = sign_in("wen"), town.work()
    paper = tmp_path / "accepted.pdf"
    paper.write_bytes(b"%PDF-1.4 accepted")
    form = fields_of(client.get(f"/rows/{row.pk}/move/finish/"))
    with paper.open("rb") as file:
        answer = client.post(f"/rows/{row.pk}/move/finish/", {**form, "reason": "已完工", "evidence.验收单": file})
    assert answer.status_code == 302
    files = client.get(f"/rows/{row.pk}/?tab=files").context["files"]
    (kept,) = [one for one in files if one["title"] == "accepted.pdf"]
    original = client.get(kept["href"])
    assert original.content == b"%PDF-1.4 accepted"
    assert original.headers["Content-Disposition"].startswith("attachment")


def sent_with(client: Client, number: int, files: list[tuple[str, bytes]], **more: str) -> HttpResponse:
    """The move that finishes the works, with some files as its evidence."""
    where = f"/rows/{number}/move/finish/"
    attached = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(where, {**fields_of(client.get(where)), "evidence.验收单": attached, **more})  # type: ignore[arg-type, return-value]


def test_several_photos_are_attached_at_once_and_seen_by_those_in_charge(sign_in: SignIn) -> None:
    client, row = sign_in("wen"), town.work()
    answer = sent_with(client, row.pk, [("大门.jpg", GATE), ("验收单.pdf", b"%PDF-1.4 accepted")], reason="已完工")
    assert answer.status_code == 302
    colleague = sign_in("wei")
    files = {one["title"]: one for one in colleague.get(f"/rows/{row.pk}/?tab=files").context["files"]}
    assert (files["大门.jpg"]["kind"], files["验收单.pdf"]["kind"]) == ("picture", "file")
    picture = colleague.get(files["大门.jpg"]["href"])
    assert picture.headers["Content-Type"] == "image/png", "by its bytes, not its name"
    assert picture.headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert picture.content == GATE
    assert colleague.get(files["验收单.pdf"]["href"]).headers["Content-Disposition"].startswith("attachment")
    assert sign_in("nan").get(files["大门.jpg"]["href"]).status_code == 404


def test_a_file_of_another_kind_is_refused_by_its_name_and_the_others_need_not_be_sent_again(sign_in: SignIn) -> None:
    client, row = sign_in("wen"), town.work()
    answer = sent_with(client, row.pk, [("大门.png", GATE), ("照片.jpg", b"MZ\x90\0")], reason="已完工")
    assert answer.status_code == 422
    form = answer.context["form"]
    assert "照片.jpg" in form["errors"][0]["text"]
    field = next(one for one in form["fields"] if one["kind"] == "file")
    assert field["error"]
    (kept,) = field["kept"]
    assert (kept["title"], town.work().state) == ("大门.png", "building")
    where = f"/rows/{row.pk}/move/finish/"
    assert client.post(where, {**fields_of(client.get(where)), "evidence.验收单": kept["value"], "reason": "已完工"}).status_code == 302
    assert "大门.png" in {one["title"] for one in client.get(f"/rows/{row.pk}/?tab=files").context["files"]}


def test_nobody_attaches_the_file_of_another(sign_in: SignIn) -> None:
    others = Upload.objects.get(name=town.PHOTO).digest
    client, where = sign_in("wen"), f"/rows/{town.work().pk}/move/finish/"
    assert client.post(where, {**fields_of(client.get(where)), "evidence.验收单": others, "reason": "已完工"}).status_code == 422


def test_what_was_typed_into_a_form_is_forgotten_once_it_is_saved(sign_in: SignIn) -> None:
    client, where = sign_in("wei"), f"/rows/{town.work().pk}/figures/?period=2025-06"
    form = client.get(where).context["form"]
    client.post(form["drafts_href"], {"page": form["draft"], "content": '{"fields": {"row.completed": ["98"]}}'})
    assert client.get(form["drafts_href"], {"page": form["draft"]}).status_code == 200
    assert client.post(where, {**fields_of(client.get(where)), "draft": form["draft"], "row.completed": "98"}).status_code == 302
    assert client.get(form["drafts_href"], {"page": form["draft"]}).status_code == 204


def test_somebody_else_is_put_in_charge_with_a_reason_and_an_approver(sign_in: SignIn) -> None:
    client, row = sign_in("du"), town.work()
    where = f"/rows/{row.pk}/assign/works.leader/"
    assert client.post(where, {"member": "qin", "from_day": "2025-07-08"}).status_code == 422
    assert client.post(where, {"member": "qin", "from_day": "2025-07-08", "reason": "分工调整", "approver": "ling"}).status_code == 302
    assert Assignment.objects.get(entry=row, to_day__isnull=True).member == "qin"
    people = client.get(f"/rows/{row.pk}/?tab=people").context["people"]
    assert [one["name"] for one in people] == ["秦市长", "凌市长"]


# --- figures and lights


def test_a_figure_entered_is_in_the_light_and_the_ranking_of_the_next_page(sign_in: SignIn) -> None:
    client, row = sign_in("wei"), town.work()
    assert colour("W-10") == "red"
    before = sign_in("shi").get("/board/").context["ranking"]["rows"]
    assert [one["title"] for one in before] == [town.SOUTH, town.NORTH]
    form = fields_of(client.get(f"/rows/{row.pk}/figures/?period=2025-06"))
    answer = client.post(f"/rows/{row.pk}/figures/", {**form, "row.completed": "99"})
    assert answer.status_code == 302
    page = client.get(f"/rows/{row.pk}/")
    assert page.context["lights"][0]["colour"] == "green"
    assert "99%" in page.context["lights"][0]["because"]
    after = sign_in("shi").get("/board/").context["ranking"]["rows"]
    assert [one["title"] for one in after] == [town.NORTH, town.SOUTH]
    walk = client.get(f"/rows/{row.pk}/figures/completed/2025-06/").context["walk"]
    assert walk["event"]["who"] == "魏北"
    assert walk["event"]["intact"]
    assert [one["text"] for one in walk["figure"]["history"]] == ["70"]


def test_a_correction_made_meanwhile_is_not_overwritten(sign_in: SignIn) -> None:
    first, second, row = sign_in("wei"), sign_in("wen"), town.work()
    mine, theirs = (fields_of(client.get(f"/rows/{row.pk}/figures/?period=2025-06")) for client in (first, second))
    second.post(f"/rows/{row.pk}/figures/", {**theirs, "row.completed": "88"})
    answer = first.post(f"/rows/{row.pk}/figures/", {**mine, "row.completed": "77"})
    assert answer.status_code == 409
    assert Figure.objects.get(entry=row, field="completed", period="2025-06").value == 88_000000


def test_a_light_set_by_hand_stands_beside_the_rule(sign_in: SignIn) -> None:
    client, row = sign_in("du"), town.work()
    where = f"/rows/{row.pk}/lights/works.progress/override/"
    assert client.post(where, {"colour": "yellow", "until": "2026-01-01", "reason": "整改中"}).status_code == 422, "longer than the rule allows"
    assert client.post(where, {"colour": "yellow", "until": "2025-07-20", "reason": "整改中"}).status_code == 302
    light = client.get(f"/rows/{row.pk}/").context["lights"][0]
    assert (light["colour"], light["by_hand"]["rule_colour"], light["by_hand"]["name"]) == ("yellow", "red", "杜督")
    listed = client.get("/registers/city.works/?light.works.progress=yellow").context["rows"]
    assert [one["key"] for one in listed] == ["W-10"]
    assert client.post(where, {"reason": "整改完成"}).status_code == 302
    assert Override.objects.get(entry=row).ended_on == town.NOW.date()


# --- duties


def test_a_clock_is_made_longer_by_whom_the_rule_names(sign_in: SignIn) -> None:
    row = town.work("W-11")
    duty = Duty.objects.get(entry=row, kind="clock")
    offered = sign_in("wei").get(f"/duties/{duty.pk}/").context["moves"]
    assert [bool(one["refusals"]) for one in offered] == [True, True]
    client = sign_in("du")
    due = duty.due
    assert client.post(f"/duties/{duty.pk}/extend/", {"count": "9", "unit": "working_days", "reason": "等批复"}).status_code == 422
    assert client.post(f"/duties/{duty.pk}/extend/", {"count": "5", "unit": "working_days", "reason": "等批复"}).status_code == 302
    longer = Duty.objects.get(pk=duty.pk)
    assert due
    assert longer.due
    assert longer.due > due


def test_the_workbench_shows_ones_own_duties_by_deadline(sign_in: SignIn) -> None:
    page = sign_in("wei").get("/desk/")
    titles = [one["title"] for one in page.context["duties"]]
    assert titles == ["工程月报（2025年7月）：鹤鸣湖工程0", "开工时限：鹤鸣湖工程1"] or titles == ["开工时限：鹤鸣湖工程1", "工程月报（2025年7月）：鹤鸣湖工程0"]
    assert page.context["alerts"][0]["title"] == "鹤鸣湖工程0"
    assert [one["title"] for one in sign_in("ling").get("/desk/").context["mine"]] == ["雁栖岭工程0", "鹤鸣湖工程0"]


# --- in the drawer


def drawer(client: Client, method: str, address: str, data: dict[str, object] | None = None) -> HttpResponse:
    send = getattr(client, method)
    return send(address, data or {}, headers={"HX-Request": "true", "HX-Target": "drawer-body"})  # type: ignore[no-any-return]


def test_a_form_in_the_drawer_is_the_same_form_without_the_shell(sign_in: SignIn) -> None:
    client, row = sign_in("wei"), town.work()
    page = drawer(client, "get", f"/rows/{row.pk}/edit/")
    assert page.content.decode().lstrip().startswith("<div data-title=")
    assert "<html" not in page.content.decode()
    refused = drawer(client, "post", f"/rows/{row.pk}/edit/", {**fields_of(page), "row.estimate": "千万"})
    assert refused.status_code == 422
    written = drawer(client, "post", f"/rows/{row.pk}/edit/", {**fields_of(page), "row.estimate": "5"})
    assert (written.status_code, written.headers["HX-Redirect"]) == (204, f"/rows/{row.pk}/")


def test_htmx_gets_the_rows_of_a_list_alone(sign_in: SignIn) -> None:
    answer = sign_in("shi").get("/registers/city.works/?light.works.progress=red", headers={"HX-Request": "true", "HX-Target": "rows"})
    page = answer.content.decode()
    assert "<html" not in page
    assert len(re.findall(r"<tr", page)) == 2


def test_a_row_that_came_with_its_past_shows_the_days_it_brought(sign_in: SignIn) -> None:
    past = Past({"code": "W-77", "name": "旧桥", "county": town.NORTH, "started_on": "2024-03-01"}, "done", date(2025, 1, 9))
    record_past(SYSTEM, town.WORKS, [past], town.NOW, Source(reason="原项目库导出"))
    steps = sign_in("wei").get(f"/rows/{town.work('W-77').pk}/").context["steps"]
    assert [(step["state"], step["note"]) for step in steps] == [("done", ""), ("done", "2024-03-01"), ("now", "2025-01-09")]


def test_lights_that_ask_nothing_share_a_line(sign_in: SignIn) -> None:
    page = sign_in("wei").get(f"/rows/{town.work('W-10').pk}/")
    assert [(light["title"], light["colour"]) for light in page.context["lights"]] == [("进度灯", "red"), ("挂牌", "green")]
    assert [light["title"] for light in page.context["quiet"]] == ["挂牌"]
