"""The running year: plans, monthly sheets, projects that start and finish, and those that are only being planned."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial

from bihuan.academy import sheets
from bihuan.academy.before import ENROLLING, EVIDENCE_TEXT, figures_given
from bihuan.academy.diary import PROJECTS, Diary, Values, moment, person
from bihuan.academy.invented import Invented
from bihuan.academy.lives import FIRST_SWEEP, GO_LIVE, TODAY
from bihuan.academy.months import LATE_OFFICE, MONTHS_DONE, in_statistics
from bihuan.academy.people import COLLEAGUE, LEADER, OFFICER, SUPERVISOR, leader_of, officer_of
from bihuan.academy.projects import AREAS, DATED, STATES, Project
from bihuan.foundation.actions import (
    Charge,
    Edit,
    FigureGiven,
    Source,
    Step,
    assign,
    change_entries,
    move,
    receive_upload,
    record_figures,
    settle_upload,
)
from bihuan.foundation.models import Entry

ENROLMENT = "major_projects.enrolment"
PROVED = hashlib.sha256(EVIDENCE_TEXT.encode()).hexdigest()

MOVES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "talks": ("negotiate", OFFICER, ()), "signed": ("sign", OFFICER, ("投资合同",)), "landed": ("land", OFFICER, ("用地证明",)),
    "started": ("start", OFFICER, ("开工照片",)), "building": ("build", OFFICER, ()), "produced": ("produce", OFFICER, ("投产证明",)),
    "effective": ("take_effect", SUPERVISOR, ("达效核验表",)),
}  # fmt: skip
"""The move that leads into each state, who makes it for the city where no county does, and the evidence it needs."""

SITED: Mapping[str, tuple[str, ...]] = {"landed": ("longitude", "latitude")}
"""What becomes known of a project with a move, beside its permits."""

MAYORS_OWN = 12
"""How many of the largest projects the mayor answers for in person."""

OFFICERS_OWN = 12
"""How many of the next largest have the officer of the sign-in page as their project officer."""


def write(diary: Diary, city: Invented) -> None:
    """Write the year so far into the diary."""
    _charges(diary, city)
    at = moment(date(TODAY.year, 1, 15), 15)
    plans = figures_given(city.this_year, ("planned",))
    diary.note("plans", at, lambda then: record_figures(person(OFFICER), PROJECTS, plans, then, Source(reason="年度计划分月")))
    for month in range(1, MONTHS_DONE + 1):
        for number, county in enumerate(AREAS):
            sent = moment(date(TODAY.year, month + 1, 3 if county != LATE_OFFICE else 5), 9, 3 * number)
            diary.note("months", sent, _sheet(city, county, month))
    for project in city.projects:
        _life(diary, project)
    for one in city.pool:
        if one.days["planned"] > GO_LIVE:
            on = one.days["planned"]
            diary.record("pool", moment(on, 11), officer_of(one.county), PROJECTS, [{**one.row(on), "code": one.code}])
    _enrolments(diary, city)
    _statistics(diary, city)


def _charges(diary: Diary, city: Invented) -> None:
    """A leader for every project on this year's list: the mayor for the largest, the county's for the others."""
    at = moment(date(TODAY.year, 1, 8), 9)
    by_size = sorted((row.project for row in city.listed), key=lambda project: -project.estimate)
    for place, project in enumerate(by_size):
        charge = Charge("leader", LEADER if place < MAYORS_OWN else leader_of(project.county))
        diary.note("charges", at, partial(_charge, project.code, charge))
        if MAYORS_OWN <= place < MAYORS_OWN + OFFICERS_OWN:
            diary.note("charges", at, partial(_charge, project.code, Charge("officer", OFFICER)))


def _charge(key: str, charge: Charge, at: datetime) -> None:
    assign(person(SUPERVISOR), PROJECTS, key, charge, at)


def _life(diary: Diary, project: Project) -> None:
    """The moves a project has made since the city works with Bihuan, on the days they happened."""
    for number, state in enumerate(STATES[1:]):
        day = project.days.get(state)
        if day and day > GO_LIVE and project.days["planned"] <= GO_LIVE:
            name, who, evidence = MOVES[state]
            values = {DATED[state]: day} | {key: value for key, value in project.row(day).items() if key.endswith("_permit") or key in SITED.get(state, ())}
            step = Step(name, 0, values, dict.fromkeys(evidence, PROVED))
            mover = officer_of(project.county) if who == OFFICER else who
            diary.move("moves", moment(day, 16, number), mover, (PROJECTS, project.code), step)


def _sheet(city: Invented, county: str, month: int) -> Callable[[datetime], None]:
    """A county sends its sheet of a month: uploaded, every figure recorded with the cell it stood in, the sheet settled."""
    def send(at: datetime) -> None:
        period = f"{TODAY.year}-{month:02d}"
        rows = list(_lines(city, county, month))
        header = ["项目编码", "项目名称", "所在县区", f"{TODAY.year}年{month}月计划完成投资（万元）", f"{TODAY.year}年{month}月实际完成投资（万元）"]
        content = sheets.workbook(header, rows, at)
        actor = person(officer_of(county))
        upload = receive_upload(actor, PROJECTS, "projects.monthly_sheet", f"{county}{period}月报.xlsx", content, at)
        given = [
            FigureGiven(str(row[0]), "completed", period, row[4], f"E{place}")
            for place, row in enumerate(rows, start=sheets.FIRST_ROW)
            if row[4] is not None
        ]
        record_figures(actor, PROJECTS, given, at, Source(upload=upload.pk, sheet=sheets.SHEET))
        settle_upload(actor, upload.pk, len(given), at)

    return send


def _lines(city: Invented, county: str, month: int) -> Iterator[list[str | int | None]]:
    """The projects of a county on this year's list, then those being planned, which spend nothing."""
    for one in city.this_year:
        if one.project.county == county:
            late = month == MONTHS_DONE and one.project.code in city.unreported
            yield [one.project.code, one.project.name, county, one.planned[month - 1], None if late else one.completed[month - 1]]
    for project in city.pool:
        if project.county == county and project.days["planned"] <= date(TODAY.year, month, 1):
            yield [project.code, project.name, county, None, 0]


def _enrolments(diary: Diary, city: Invented) -> None:
    """What started asks to be taken into the statistics; most are, some were sent back, the newest still wait.

    From FIRST_SWEEP on the yellow light of what is not enrolled starts the application itself.
    """
    begun = sorted((one for one in city.projects if one.days.get("started", date.min) > GO_LIVE - ENROLLING), key=lambda one: one.days["started"])
    asked: dict[date, list[Values]] = {}
    for number, project in enumerate(begun, start=1):
        filed = _friday(max(project.days["started"], GO_LIVE) + timedelta(days=4))
        if filed >= FIRST_SWEEP:
            continue
        code = f"NT-{TODAY.year}-{number:04d}"
        asked.setdefault(filed, []).append({"code": code, "project": project.code, "county": project.county, "filed_on": filed})
        decided = filed + timedelta(days=6 + number % 5)
        step = None
        if number % 11:
            step = Step("enrol", 0, {"enrolled_on": decided})
        elif number % 2:
            step = Step("send_back", 0, {"refused_on": decided}, reason="投资额与合同不符，请补正（演示）")
        if step and decided < TODAY:
            diary.move("enrolments", moment(decided, 15), SUPERVISOR, (ENROLMENT, code), step)
    for filed, rows in asked.items():
        diary.record("enrolments", moment(filed, 14), COLLEAGUE, ENROLMENT, rows)


def _friday(day: date) -> date:
    """The Friday of a week, on which its applications are handed in together."""
    return day + timedelta(days=(4 - day.weekday()) % 7)


def _statistics(diary: Diary, city: Invented) -> None:
    """The statistical office hands over what it has: last year's, then through May, then what came in with June's sheets."""
    months = [*city.last_year, *city.this_year]
    in_time = tuple(area for area in AREAS if area != LATE_OFFICE)
    handed = (
        (date(TODAY.year, 1, 12), f"{TODAY.year - 1}-12", tuple(AREAS)), (date(TODAY.year, 6, 20), f"{TODAY.year}-05", tuple(AREAS)),
        (date(TODAY.year, 7, 3), f"{TODAY.year}-06", in_time), (date(TODAY.year, 7, 5), f"{TODAY.year}-06", (LATE_OFFICE,)),
    )  # fmt: skip
    for day, through, areas in handed:
        known = in_statistics(months, city.counted, through)
        chosen = {one.project.code: known[one.project.code] for one in months if known[one.project.code] and one.project.county in areas}
        diary.note("enrolments", moment(day, 18), partial(_hand_over, chosen))


def _hand_over(amounts: dict[str, int], at: datetime) -> None:
    versions = dict(Entry.objects.filter(register=PROJECTS).values_list("key", "version"))
    edits = {key: Edit({"statistical_amount": amount}, versions[key]) for key, amount in amounts.items()}
    change_entries(person(COLLEAGUE), PROJECTS, edits, at, Source(reason="统计入库数据（演示）"))


def plans_filed(diary: Diary) -> None:
    """In the days after the first warnings the counties file their plans for a third of them."""
    def file(at: datetime) -> None:
        warned = Entry.objects.filter(register=RECTIFICATION, state="warned").order_by("pk")
        for entry in warned[:: PLANS_EVERY]:
            officer = person(officer_of(entry.office))
            step = Step("plan", entry.version, {"plan": "倒排工期，逐周销号（演示）", "planned_on": at.date()})
            move(officer, RECTIFICATION, entry.key, step, at)

    for day in (date(TODAY.year, 7, 2), date(TODAY.year, 7, 4)):
        diary.note("moves", moment(day, 15), file)


RECTIFICATION = "major_projects.rectification"
PLANS_EVERY = 5
