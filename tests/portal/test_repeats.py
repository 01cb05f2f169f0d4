"""A finding that repeats a target: said where it is confirmed, and added to the target as a further source instead of a second one."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bihuan.computing import follow
from bihuan.foundation.models import Duty, Entry, Event
from bihuan.foundation.replaying import compare
from tests.portal import test_reading
from tests.portal.test_reading import DRAWER, LEAD, NOW, OFFICE, SENTENCES, Open

_built, sign_in = test_reading._built, test_reading.sign_in

FIRST = "2021年政府工作报告\n\n2021年主要预期目标\n\n2021年，全市生产总值增长8%左右。\n"
SECOND = "2021年经济工作会议讲话\n\n一、2021年主要预期目标\n\n各位代表，做好工作很重要。\n\n2021年，全市生产总值增长8%左右。\n"


def read(client: Client, name: str, report: str, text: str) -> str:
    given = {"row.name": name, "row.report": report, "row.year": "2021", "row.keeper": OFFICE}
    answer = client.post(f"/reading/{SENTENCES}/", {**given, "asked": "1", "file": SimpleUploadedFile(f"{name}.txt", text.encode())})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return str(answer["Location"])


def sentence(page: str) -> Entry:
    document = Entry.objects.get(pk=int(re.findall(r"/(\d+)/", page)[-1]))
    return next(entry for entry in Entry.objects.filter(register=SENTENCES) if entry.data["document"] == document.key and entry.data["value"])


def adopted(client: Client, page: str) -> Entry:
    row = sentence(page)
    given = {"version": row.version, "row.lead": LEAD, "row.node_on": "2021-12-31"}
    assert client.post(f"/rows/{row.pk}/move/adopt/", given, **DRAWER).status_code == 204
    return sentence(page)


def confirmed(client: Client, page: str) -> Entry:
    row = sentence(page)
    assert client.post(f"/rows/{row.pk}/move/confirm/", {"version": row.version}, **DRAWER).status_code == 204
    return sentence(page)


@pytest.fixture
def twice(sign_in: Open) -> str:
    """The address of a second document whose sentence repeats a target that the first one set; taken up and not confirmed."""
    zhang, li = sign_in("zhang"), sign_in("li")
    first = read(zhang, "政府工作报告", "政府工作报告", FIRST)
    adopted(zhang, first)
    confirmed(li, first)
    assert Entry.objects.filter(register="targets.goals").count() == 1
    page = read(zhang, "经济工作会议讲话", "市委经济工作会议", SECOND)
    adopted(zhang, page)
    return page


def test_it_is_said_before_the_second_person_confirms(sign_in: Open, twice: str) -> None:
    goal = Entry.objects.get(register="targets.goals")
    context = sign_in("li").get(twice, {"state": "adopted"}).context
    [card] = [one for one in context["findings"] if one["id"] == sentence(twice).pk]
    assert (card["repeats"]["key"], card["repeats"]["target_href"], card["repeats"]["register"]) == (goal.key, f"/rows/{goal.pk}/", "年度目标")
    assert context["repeats"] == []


def test_it_becomes_a_further_source_and_no_second_target(sign_in: Open, twice: str) -> None:
    li = sign_in("li")
    row = confirmed(li, twice)
    goal = Entry.objects.get(register="targets.goals")
    duty = Duty.objects.get(entry=row, kind="handoff", name="to_goal", closed_on=None)
    [said] = li.get(twice).context["repeats"]
    assert (said["id"], said["key"]) == (row.pk, goal.key)
    assert "要立的已经有了" in li.get(twice).content.decode()
    form = li.get(said["join_href"], **DRAWER)
    assert goal.key in form.content.decode()
    assert li.post(said["join_href"], **DRAWER).status_code == 204
    goal.refresh_from_db()
    duty.refresh_from_db()
    assert Entry.objects.filter(register="targets.goals").count() == 1
    assert goal.data["source"].split("；") == ["政府工作报告 第 5 行", "经济工作会议讲话 第 7 行"]
    assert (duty.closed_on, duty.outcome) == (NOW.date(), "met")
    assert {event.actor for event in Event.objects.order_by("-seq")[:2]} == {"li"}
    assert li.get(twice).context["repeats"] == []
    assert li.post(said["join_href"], **DRAWER).status_code == 404, "once"
    follow.catch_up(NOW)
    assert not compare().differences


def test_one_that_repeats_nothing_says_nothing(sign_in: Open) -> None:
    zhang = sign_in("zhang")
    page = read(zhang, "政府工作报告", "政府工作报告", FIRST)
    adopted(zhang, page)
    context = zhang.get(page, {"state": "adopted"}).context
    assert [one["repeats"] for one in context["findings"]] == [None]
    assert zhang.get(f"{page}{sentence(page).pk}/join/", **DRAWER).status_code == 404


def test_who_may_not_change_targets_is_told_and_offered_nothing(sign_in: Open, twice: str) -> None:
    confirmed(sign_in("li"), twice)
    [said] = sign_in("du").get(twice).context["repeats"]
    assert (bool(said["key"]), said["join_href"]) == (True, "")
