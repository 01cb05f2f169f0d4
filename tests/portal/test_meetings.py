"""A meeting in the room: the agenda builds itself, what is decided runs at once, the next session begins with what is open."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from bihuan import clock
from bihuan.computing import follow, meetings, tables
from bihuan.computing.sweep import sweep
from bihuan.foundation import loading, replaying
from bihuan.foundation.access import SYSTEM, Actor, actor_of
from bihuan.foundation.actions import (
    Incoming,
    MemberGiven,
    OfficeGiven,
    Step,
    adopt,
    foresee,
    move,
    receive_upload,
    record_entries,
    set_member,
    set_office,
    set_roles,
)
from bihuan.foundation.grammar.packs import load_pack
from bihuan.foundation.models import Duty, Entry, Event, Member, Paper

DAY = datetime(2024, 3, 13, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
WEEK = timedelta(days=7)
SERIES, SESSIONS, MATTERS = "dispatch.weekly_dispatch", "dispatch.sessions", "dispatch.agenda_items"
TASKS, SEATS = "dispatch.instructions", "dispatch.attendance"
PEOPLE = {"shu": ("督查室", "supervisor"), "mi": ("督查室", "officer"), "fan": ("范县", "officer"), "qing": ("清丰县", "officer"), "zhang": ("范县", "leader")}


def actor(username: str) -> Actor:
    return actor_of(Member.objects.get(pk=username))


def record(who: str, register: str, at: datetime = DAY, **values: object) -> Entry:
    return record_entries(actor(who), register, [Incoming(values)], at)[0]


def build() -> None:
    adopt(SYSTEM, load_pack(loading.shipped()["dispatch"]).files, date(2024, 1, 1), DAY - 2 * WEEK)
    for code, kind, above in (("濮阳市", "city", ""), ("督查室", "department", "濮阳市"), ("范县", "county", "濮阳市"), ("清丰县", "county", "濮阳市")):
        set_office(SYSTEM, OfficeGiven(code, kind, above, code), DAY - 2 * WEEK)
    for username, (office, role) in PEOPLE.items():
        set_member(SYSTEM, MemberGiven(username, username, office), DAY - 2 * WEEK)
        set_roles(SYSTEM, username, [role], DAY - 2 * WEEK)
    record("shu", SERIES, code="HY-01", name="周调度会", kind="调度会", office="督查室", at=DAY - WEEK)
    for number, day in enumerate((DAY - WEEK, DAY, DAY + WEEK), start=1):
        record(
            "shu", SESSIONS, DAY - WEEK, name=f"第{number}次", series="HY-01", number=str(number), office="督查室", held_on=day.date(), starts_at="9:00", place="二楼",
            chair="zhang",
        )  # fmt: skip
    record("shu", SEATS, session="HC-2024-0002", office="范县", person="fan")
    # An instruction that nobody took up for a week: two of its clocks have run out, so it is red.
    record("shu", TASKS, DAY - WEEK, matter="应急通道", source="领导批示", office="范县", issued_on=(DAY - WEEK).date())
    sweep(DAY)


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        build()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def room(_built: None, db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Client]:
    """A browser in which somebody of the small city has signed in, on the day of the second session."""
    monkeypatch.setattr(clock, "now", lambda: DAY)

    def signed_in(username: str) -> Client:
        client = Client()
        client.force_login(Member.objects.get(pk=username))
        return client

    return signed_in


def session(number: int = 2) -> Entry:
    return Entry.objects.get(register=SESSIONS, key=f"HC-2024-000{number}")


def here(number: int = 2, act: str = "") -> str:
    return f"/meetings/{session(number).pk}/" + (f"{act}/" if act else "")


def drawn(number: int, day: datetime = DAY) -> list[str]:
    columns = tables.current(day.date())
    parts = meetings.parts_of(columns.catalogue, columns.catalogue.registers[SESSIONS])
    assert parts
    return [one.subject for one in meetings.drawn(columns, parts, session(number), day.date())]


RED = f"{TASKS} DB-2024-0001"
TASK = {"row.matter": "范县本周贯通应急通道", "row.office": "范县", "row.kind": "一般"}


def decide(client: Client, subject: str = RED, **more: str) -> Entry | None:
    client.post(here(act="decide"), {"item": subject, **TASK, **more})
    return Entry.objects.filter(register=TASKS, data__source="会议议定").order_by("-pk").first()


def test_a_red_light_comes_onto_the_agenda_without_anybody_writing_it_there(room: Callable[[str], Client]) -> None:
    html = room("shu").get(here()).content.decode()
    assert "应急通道" in html
    assert "督办红黄灯" in html
    assert "2 个时限逾期" in html
    assert Entry.objects.filter(register=MATTERS).count() == 0


def test_opening_writes_the_whole_agenda_down_in_one_entry_of_the_ledger(room: Callable[[str], Client]) -> None:
    client = room("shu")
    client.post(here(act="open"))
    assert session().state == "open"
    assert [entry.data["subject"] for entry in Entry.objects.filter(register=MATTERS)] == [RED]
    assert Event.objects.filter(register=MATTERS, kind="entries.recorded").count() == 1


def test_a_decision_typed_once_is_a_task_with_its_clocks_at_once(room: Callable[[str], Client]) -> None:
    task = decide(room("shu"))
    assert task
    assert (task.data["session"], task.data["issued_on"], task.office) == ("HC-2024-0002", "2024-03-13", "范县")
    due = {duty.name: duty.due for duty in Duty.objects.filter(entry=task, closed_on__isnull=True)}
    assert due == {"same_day": date(2024, 3, 13), "three_days": date(2024, 3, 18), "seven_days": date(2024, 3, 22)}
    assert Event.objects.get(seq=task.recorded_seq).actor == "shu"
    desk = room("fan").get("/desk/").content.decode()
    assert "范县本周贯通应急通道" in desk
    page = room("fan").get(f"/rows/{task.pk}/").content.decode()
    assert f'<a href="{here()}">第2次</a> · 应急通道' in page


def test_the_same_decision_sent_again_after_a_lost_answer_is_kept_once(room: Callable[[str], Client]) -> None:
    client = room("shu")
    decide(client)
    decide(client)
    assert Entry.objects.filter(register=TASKS, data__source="会议议定").count() == 1


def test_the_day_is_shown_while_it_is_typed_and_nothing_is_written(room: Callable[[str], Client]) -> None:
    before = Event.objects.count()
    said = room("shu").post(here(act="due"), {"item": RED, **TASK}).content.decode()
    assert "2024-03-22" in said
    assert Event.objects.count() == before


def test_a_day_set_by_the_meeting_must_be_written_and_lie_ahead(room: Callable[[str], Client]) -> None:
    client = room("shu")
    answer = client.post(here(act="decide"), {"item": RED, **TASK, "row.kind": "限期"}, headers={"HX-Request": "true", "HX-Target": "room"})
    assert answer.status_code == 422
    assert "范县本周贯通应急通道" in answer.content.decode()
    set_day = decide(client, **{"row.kind": "限期", "row.due_on": "2024-03-29"})
    assert set_day
    assert Duty.objects.get(entry=set_day, name="by_day").due == date(2024, 3, 29)


def test_what_would_run_is_what_runs(room: Callable[[str], Client]) -> None:
    row = {"matter": "甲", "source": "会议议定", "office": "范县", "kind": "一般", "issued_on": "2024-03-13"}
    foreseen = {one.clock.key: one.due for one in foresee(TASKS, Incoming(row), DAY)}
    task = record("shu", TASKS, **row)
    assert foreseen == {duty.name: duty.due for duty in Duty.objects.filter(entry=task)}


def test_order_is_changed_in_one_entry_and_a_matter_may_be_added_by_search_or_in_words(room: Callable[[str], Client]) -> None:
    client = room("shu")
    client.post(here(act="add"), {"text": "临时说一件事"})
    added = Entry.objects.get(register=MATTERS, title="临时说一件事")
    assert added.data["source"] == "临时动议"
    client.post(here(act="up"), {"item": str(added.pk)})
    rows = Entry.objects.filter(register=MATTERS)
    assert sorted((row.data["place"], row.title) for row in rows)[0][1] == "临时说一件事"
    assert Event.objects.filter(register=MATTERS, kind="entries.changed").count() == 1


def test_what_is_put_off_is_on_the_next_agenda_and_only_there(room: Callable[[str], Client]) -> None:
    client = room("shu")
    client.post(here(act="add"), {"text": "管网方案"})
    client.post(here(act="open"))
    matter = Entry.objects.get(register=MATTERS, title="管网方案")
    assert client.post(here(act="defer"), {"item": str(matter.pk)}, headers={"HX-Target": "room", "HX-Request": "true"}).status_code == 422
    client.post(here(act="defer"), {"item": str(matter.pk), "reason": "未论证"})
    client.post(here(act="close"))
    assert drawn(3, DAY + WEEK)[0] == f"{MATTERS} {matter.key}"
    matter.refresh_from_db()
    assert matter.data["conclusion"] == "未论证"
    assert "未论证" in client.get(here(3)).content.decode()


def test_a_task_that_is_done_and_accepted_leaves_the_next_agenda(room: Callable[[str], Client]) -> None:
    client = room("shu")
    client.post(here(act="open"))
    task = decide(client)
    assert task
    client.post(here(act="close"))
    subject = f"{TASKS} {task.key}"
    assert subject in drawn(3)
    proof = receive_upload(actor("fan"), TASKS, "", "proof.txt", b"done", DAY).digest
    steps = (("fan", "deploy", {"deployed_on": "2024-03-13"}), ("fan", "report", {"reported_on": "2024-03-13", "report": "已贯通"}),
             ("fan", "settle", {"settled_on": "2024-03-13"}), ("shu", "close", {"closed_on": "2024-03-13"}))  # fmt: skip
    for who, name, values in steps:
        task.refresh_from_db()
        move(actor(who), TASKS, task.key, Step(name, task.version, values, {"办结材料": proof} if name == "settle" else {}), DAY)
    follow.catch_up(DAY)
    assert subject not in drawn(3)


def test_the_minutes_are_drafted_at_the_close_and_issuing_them_moves_the_session_on(room: Callable[[str], Client]) -> None:
    client = room("shu")
    set_member(SYSTEM, MemberGiven("zhang", "张三丰", Member.objects.get(pk="zhang").office_id or ""), DAY)
    client.post(here(act="open"))
    decide(client)
    client.post(here(act="close"))
    paper = Paper.objects.get(document="minutes")
    cells = [cell for part in paper.content["parts"] if "lines" in part for line in part["lines"] for cell in line]
    assert "范县本周贯通应急通道" in cells
    assert "2024年3月22日" in cells
    assert paper.content["sender"] == session().office
    assert "主持人：张三丰" in paper.content["parts"][0]["text"], "by name, not by what they sign in with"
    for who, step in (("shu", "check"), ("zhang", "sign"), ("shu", "issue")):
        room(who).post(f"/papers/{paper.pk}/{step}/")
    paper.refresh_from_db()
    assert (paper.state, session().state) == ("issued", "recorded")
    assert client.get(f"/papers/{paper.pk}/word/").status_code == 200


def test_two_people_in_the_room_see_the_same_and_a_poll_says_nothing_when_nothing_changed(room: Callable[[str], Client]) -> None:
    chair, county = room("shu"), room("fan")
    chair.post(here(act="open"))
    page = county.get(here()).content.decode()
    poll = page.split('id="live"')[1].split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    live = {"HX-Request": "true", "HX-Target": "live"}
    assert county.get(poll, headers=live).status_code == 204
    decide(chair)
    seen = county.get(poll, headers=live)
    assert seen.status_code == 200
    assert "范县本周贯通应急通道" in seen.content.decode()


def test_whoever_has_no_seat_does_not_know_of_the_session_and_only_who_runs_it_writes(room: Callable[[str], Client]) -> None:
    assert room("qing").get(here()).status_code == 404
    assert room("fan").get(here()).status_code == 200
    assert room("fan").post(here(act="open")).status_code == 403
    assert room("zhang").post(here(act="decide"), {"item": RED, **TASK}).status_code == 403
    assert session().state == "planned"


def test_an_office_marks_its_own_seat_and_nobody_elses(room: Callable[[str], Client]) -> None:
    record("shu", SEATS, session="HC-2024-0002", office="清丰县", person="qing")
    own, other = (Entry.objects.get(register=SEATS, office=office) for office in ("范县", "清丰县"))
    assert room("fan").post(here(act="seat"), {"seat": own.pk, "mark": "出席"}).status_code == 302
    assert room("fan").post(here(act="seat"), {"seat": other.pk, "mark": "出席"}).status_code == 403
    assert Entry.objects.get(pk=own.pk).data["mark"] == "出席"


def test_the_list_of_the_session_before_is_taken_over(room: Callable[[str], Client]) -> None:
    room("shu").post(here(act="open"))
    client = room("shu")
    client.post(here(3, "seats"))
    assert Entry.objects.get(register=SEATS, data__session="HC-2024-0003").data["person"] == "fan"


def test_the_workbench_shows_the_sessions_of_the_week_and_how_many_matters_are_ones_own(room: Callable[[str], Client]) -> None:
    html = room("fan").get("/desk/").content.decode()
    assert "第2次" in html
    assert "需汇报 1 项" in html
    assert "第2次" not in room("qing").get("/desk/").content.decode()


def test_the_monthly_summary_counts_the_sessions_and_what_became_of_them(room: Callable[[str], Client]) -> None:
    client = room("shu")
    client.post(here(act="open"))
    decide(client)
    client.post(here(act="close"))
    later = datetime(2024, 4, 3, 9, 0, tzinfo=DAY.tzinfo)
    sweep(later)
    paper = Paper.objects.get(document="monthly_summary", period="2024-03")
    assert "召开调度会1次" in paper.content["parts"][0]["text"]
    assert "议定事项1件" in paper.content["parts"][0]["text"]


def test_what_the_room_wrote_is_what_the_ledger_says(room: Callable[[str], Client]) -> None:
    client = room("shu")
    client.post(here(act="open"))
    decide(client)
    client.post(here(act="close"))
    assert replaying.compare().differences == ()


def test_a_conclusion_is_typed_in_the_room_and_saved_at_once(room: Callable[[str], Client]) -> None:
    client, live = room("shu"), {"HX-Request": "true", "HX-Target": "concluded"}
    said = client.post(here(act="conclude"), {"item": RED, "conclusion": "先通后畅", "was": ""}, headers=live).content.decode()
    assert "会议结论已存" in said
    matter = Entry.objects.get(register=MATTERS, data__subject=RED)
    assert matter.data["conclusion"] == "先通后畅"
    assert "先通后畅" in room("fan").get(here()).content.decode()
    # Somebody who had not seen it is told, and overwrites nothing by it.
    told = client.post(here(act="conclude"), {"item": str(matter.pk), "conclusion": "另议", "was": ""}, headers=live).content.decode()
    assert "别人刚刚写了：先通后畅" in told
    matter.refresh_from_db()
    assert matter.data["conclusion"] == "先通后畅"
    client.post(here(act="conclude"), {"item": str(matter.pk), "conclusion": "", "was": "先通后畅"}, headers=live)
    matter.refresh_from_db()
    assert not matter.data.get("conclusion")
    assert room("fan").post(here(act="conclude"), {"item": RED, "conclusion": "甲", "was": ""}).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_agenda(room: Callable[[str], Client]) -> None:
    client = room("shu")
    addresses = ((here(), ""), (here(), "live"), ("/meetings/", ""), ("/desk/", ""))

    def asked() -> list[int]:
        counts = []
        for path, part in addresses:
            headers = {"HX-Request": "true", "HX-Target": part} if part else {}
            client.get(path, headers=headers)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path, headers=headers).status_code == 200
            counts.append(len(captured))
        return counts

    client.post(here(act="open"))
    decide(client)
    few = asked()
    shu = actor("shu")
    matters = record_entries(shu, MATTERS, [
        Incoming({"session": "HC-2024-0002", "place": str(number + 2), "matter": f"议题{number}", "source": "临时动议"}) for number in range(15)
    ], DAY)  # fmt: skip
    record_entries(shu, TASKS, [
        Incoming({
            "matter": f"事项{number}", "source": "会议议定", "office": "范县", "kind": "一般", "issued_on": "2024-03-13", "session": "HC-2024-0002",
            "agenda_item": one.key,
        }) for number, one in enumerate(matters)
    ], DAY)  # fmt: skip
    follow.catch_up(DAY)
    assert asked() == few
    assert max(few) <= 40
