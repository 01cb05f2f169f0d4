"""A work report of the demo city, invented and saying so: read in, looked at by an officer, confirmed in part by somebody else."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from bihuan.academy.diary import Diary, moment, person
from bihuan.academy.invented import Invented
from bihuan.academy.people import COMMISSION, OFFICER, SUPERVISOR
from bihuan.computing.read_in import place_of, read_in
from bihuan.foundation import loading
from bihuan.foundation.actions import Step, carry_out, move, preview
from bihuan.foundation.models import Entry

SENTENCES, TASKS = "targets.report_sentences", "targets.report_tasks"
REPORT = Path(__file__).parent / "data" / "report.txt"
READ_ON, TAKEN_UP_ON, CONFIRMED_ON, ACCEPTED_ON = date(2024, 7, 1), date(2024, 7, 2), date(2024, 7, 4), date(2024, 7, 8)
LEADS = {11: COMMISSION, 15: COMMISSION, 17: "市工业和信息化局", 19: "市政务服务和大数据管理局", 21: "城管部门", 23: "市财政部门"}
"""Who leads what stands in which line of the report."""

LEFT = 23
"""From this line on nobody has confirmed anything yet."""

ABOUT = {"name": "2024年政府工作报告摘要（演示）", "report": "政府工作报告", "year": "2024", "keeper": COMMISSION}


def write(diary: Diary, _city: Invented) -> None:
    """Write the reading, the looking at and the confirming into the diary."""
    diary.note("report", moment(READ_ON, 15), _read)
    diary.note("report", moment(TAKEN_UP_ON, 10), _take_up)
    diary.note("report", moment(CONFIRMED_ON, 10), _confirm)
    diary.note("report", moment(ACCEPTED_ON, 9), _accept)


def _read(at: datetime) -> None:
    catalogue = loading.catalogue(at.date())
    place = place_of(catalogue, catalogue.register(SENTENCES))
    assert place is not None
    read_in(person(OFFICER), place, ABOUT, "2024年政府工作报告摘要（演示）.txt", REPORT.read_bytes(), at)


def _take_up(at: datetime) -> None:
    """What is sure is taken up with its lead; a result of last year is turned down."""
    for line, lead in LEADS.items():
        rows = [entry for entry in Entry.objects.filter(register=SENTENCES, state="found") if entry.data["line"] == line and entry.data["sure"]]
        _to_many(OFFICER, SENTENCES, Step("adopt", 0, {"lead": lead}), rows, at)
    for entry in Entry.objects.filter(register=SENTENCES, state="found", data__kind="实绩").order_by("pk")[:3]:
        move(person(OFFICER), SENTENCES, entry.key, Step("drop", entry.version, reason="上年实绩，不列目标"), at)


def _confirm(at: datetime) -> None:
    rows = [entry for entry in Entry.objects.filter(register=SENTENCES, state="adopted") if entry.data["line"] < LEFT]
    _to_many(SUPERVISOR, SENTENCES, Step("confirm", 0), rows, at)


def _accept(at: datetime) -> None:
    """The offices accept their tasks on the day before the limit, all but the last."""
    rows = list(Entry.objects.filter(register=TASKS, state="deployed").order_by("pk"))[:-1]
    _to_many(OFFICER, TASKS, Step("accept", 0, {"accepted_on": at.date().isoformat()}), rows, at)


def _to_many(who: str, register: str, step: Step, rows: list[Entry], at: datetime) -> None:
    ids = [entry.pk for entry in rows]
    if ids:
        carry_out(person(who), register, step, ids, preview(person(who), register, step, ids, at).fingerprint, at)
