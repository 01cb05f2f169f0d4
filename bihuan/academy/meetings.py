"""The weekly dispatch: three sessions held and the last week of June left out, with decisions at every stage
and minutes; one today whose agenda builds itself; one to come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bihuan.academy.diary import Diary, Values, moment, person
from bihuan.academy.invented import Invented
from bihuan.academy.lives import TODAY
from bihuan.academy.people import COMMISSION, LEADER, SUPERVISOR, leader_of, officer_of
from bihuan.academy.running import PROVED
from bihuan.foundation.actions import Draft, Step, check_paper, issue_paper, move, sign_paper
from bihuan.foundation.models import Entry, Paper

SERIES, SESSIONS, MATTERS = "dispatch.weekly_dispatch", "dispatch.sessions", "dispatch.agenda_items"
ATTENDANCE, TASKS = "dispatch.attendance", "dispatch.instructions"
STEP = "dispatch"
YEAR = TODAY.year
WEEKLY, COUNCIL = "HY-01", "HY-02"
FIRST_TASK = 100
"""Tasks decided in a session are numbered after the instructions of the year that were not."""


@dataclass(frozen=True)
class Task:
    """What was decided: who does what, timed how, and after how many days each stage was done (fewer stages: still open)."""

    office: str
    text: str
    stages: tuple[int, ...] = ()
    kind: str = "一般"
    days: int = 0
    support: str = ""
    back: int = 0


@dataclass(frozen=True)
class Matter:
    """A matter of a session with what was decided on it; none decided and put off, where a reason is given."""

    office: str
    text: str
    source: str
    tasks: tuple[Task, ...] = ()
    put_off: str = ""
    conclusion: str = ""


PAST: tuple[tuple[date, int, tuple[Matter, ...]], ...] = (
    (date(YEAR, 6, 12), 22, (
        Matter("濮阳县", "园区供水管线迁改收尾（演示）", "督办红黄灯", (Task("濮阳县", "完成管线试压并移交（演示）", (0, 2, 6, 8)),), conclusion="本周移交"),
        Matter("市财政部门", "专项债支出进度（演示）", "督办红黄灯", (Task("市财政部门", "逐项目倒排支出计划（演示）", (0, 3, 8, 10), support="市发展和改革委员会"),), conclusion="一项目一计划"),
        Matter("清丰县", "家居产业园二期用地（演示）", "临时动议", (Task("清丰县", "完成勘测定界（演示）", (0, 2, 6, 9), back=7),), conclusion="先定界后报批"),
    )),
    (date(YEAR, 6, 19), 23, (
        Matter("范县", "化工园区应急通道（演示）", "红牌项目", (Task("范县", "应急通道贯通（演示）", (0, 2), "限期", 16),), conclusion="按期贯通"),
        Matter("台前县", "羽绒园区污水管网（演示）", "督办红黄灯", (Task("台前县", "污水管网闭水试验（演示）", (0, 3, 14), "限期", 15, "城管部门"),), conclusion="抓紧试验"),
        Matter("华龙区", "商业综合体交通组织（演示）", "临时动议", put_off="方案未经专家论证"),
    )),
    (date(YEAR, 7, 3), 24, (
        Matter("华龙区", "商业综合体交通组织（演示）", "上次缓议", (Task("华龙区", "交通组织方案专家论证（演示）", (0, 2)),), conclusion="论证后再议"),
        Matter("南乐县", "生物基园区蒸汽价格（演示）", "督办红黄灯", (Task("南乐县", "签订供汽协议（演示）", (0,), "重大"),), conclusion="一个月内签订"),
        Matter("市工业和信息化局", "技改补助兑现（演示）", "临时动议", (Task("市工业和信息化局", "第二批补助拨付（演示）", (), "限期", 12, "市财政部门"),), conclusion="分批兑现"),
        Matter("濮阳县", "产业集群配套道路（演示）", "红牌项目", put_off="征迁资金来源待定"),
    )),
)  # fmt: skip


def write(diary: Diary, city: Invented) -> None:
    """Write it all into the diary."""
    series: list[Values] = [
        {"code": WEEKLY, "name": "全市重点工作周调度会", "kind": "调度会", "office": COMMISSION, "rhythm": "每周", "usual": "每周三 9:30"},
        {"code": COUNCIL, "name": "市政府常务会议", "kind": "常务会", "office": COMMISSION, "rhythm": "不定期", "needs_paper": "是"},
    ]
    diary.record(STEP, moment(PAST[0][0] - timedelta(days=2), 9), SUPERVISOR, SERIES, series)
    tasks = matters = seats = 0
    for place, (day, number, agenda) in enumerate(PAST, start=1):
        code = f"HC-{YEAR}-{place:04d}"
        _session(diary, code, day, number)
        seats = _attendance(diary, code, day, seats)
        _step(diary, (SESSIONS, code), moment(day, 9, 30), SUPERVISOR, Step("open", 0))
        for order, matter in enumerate(agenda, start=1):
            matters += 1
            tasks = _matter(diary, (code, f"YT-{YEAR}-{matters:05d}", day), order, matter, tasks)
        _step(diary, (SESSIONS, code), moment(day, 11, 30), SUPERVISOR, Step("close", 0))
        diary.note(STEP, moment(max(day + timedelta(days=1), date(YEAR, 7, 1)), 10, place), _issue(code))
    today = f"HC-{YEAR}-{len(PAST) + 1:04d}"
    _session(diary, today, TODAY, PAST[-1][1] + 1)
    _seats(diary, today, TODAY - timedelta(days=1), seats, {})
    council = {
        "code": f"HC-{YEAR}-{len(PAST) + 2:04d}", "name": "市政府第 12 次常务会议（演示）", "series": COUNCIL, "number": 12, "office": COMMISSION,
        "held_on": TODAY + timedelta(days=2), "starts_at": "15:00", "place": "市政府常务会议室", "chair": LEADER, "secretary": SUPERVISOR,
    }  # fmt: skip
    diary.record(STEP, moment(TODAY - timedelta(days=1), 17), SUPERVISOR, SESSIONS, [council])


def _session(diary: Diary, code: str, day: date, number: int) -> None:
    row: Values = {
        "code": code, "name": f"第 {number} 次周调度会（演示）", "series": WEEKLY, "number": number, "office": COMMISSION, "held_on": day,
        "starts_at": "9:30", "place": "市政府二楼会议室", "chair": LEADER, "secretary": SUPERVISOR,
    }  # fmt: skip
    diary.record(STEP, moment(day - timedelta(days=1), 8, 30), SUPERVISOR, SESSIONS, [row])


COUNTIES = ("濮阳县", "清丰县", "南乐县", "范县", "台前县", "华龙区")


def _attendance(diary: Diary, code: str, day: date, seats: int) -> int:
    away = COUNTIES[day.day % len(COUNTIES)]
    return _seats(diary, code, day, seats, {county: "请假" if county == away else "出席" for county in COUNTIES})


def _seats(diary: Diary, code: str, day: date, seats: int, marks: dict[str, str]) -> int:
    """The heads and officers of the counties on the list; gives the number of the last seat."""
    people = [(county, who(county)) for county in COUNTIES for who in (leader_of, officer_of)]
    rows: list[Values] = [
        {
            "code": f"QD-{YEAR}-{number:06d}", "session": code, "office": county, "person": username,
            "mark": marks.get(county, "未签到") if username.startswith("officer") else "出席" if marks else "未签到",
        }
        for number, (county, username) in enumerate(people, start=seats + 1)
    ]  # fmt: skip
    diary.record(STEP, moment(day, 9, 5), SUPERVISOR, ATTENDANCE, rows)
    return seats + len(rows)


def _matter(diary: Diary, place: tuple[str, str, date], order: int, matter: Matter, tasks: int) -> int:
    """One matter and what was decided on it; gives the number of the last task."""
    session, code, day = place
    row: Values = {
        "code": code, "session": session, "place": order, "matter": matter.text, "office": matter.office, "source": matter.source,
        "conclusion": matter.conclusion or matter.put_off or None,
    }  # fmt: skip
    diary.record(STEP, moment(day, 9, 10 + order), SUPERVISOR, MATTERS, [row])
    for task in matter.tasks:
        tasks += 1
        _task(diary, (session, code, day), f"DB-{YEAR}-{FIRST_TASK + tasks:04d}", task)
    step = Step("defer", 0, reason=matter.put_off) if matter.put_off else Step("discuss", 0)
    _step(diary, (MATTERS, code), moment(day, 11, order), SUPERVISOR, step)
    return tasks


def _task(diary: Diary, place: tuple[str, str, date], code: str, task: Task) -> None:
    session, matter, day = place
    row: Values = {
        "code": code, "matter": task.text, "source": "会议议定", "office": task.office, "person": officer_of(task.office), "kind": task.kind,
        "issued_on": day, "session": session, "agenda_item": matter, "support": task.support or None,
        "due_on": day + timedelta(days=task.days) if task.days else None,
    }  # fmt: skip
    diary.record(STEP, moment(day, 10, 30), SUPERVISOR, TASKS, [row])
    moves = (("deploy", "deployed_on"), ("report", "reported_on"), ("settle", "settled_on"), ("close", "closed_on"))
    stages = [(name, field, day + timedelta(days=after)) for (name, field), after in zip(moves, task.stages, strict=False)]
    for minute, (name, field, on) in enumerate(stages):
        if name == "close" and task.back:
            back = day + timedelta(days=task.back)
            _step(diary, (TASKS, code), moment(back, 9), SUPERVISOR, Step("send_back", 0, reason="现场未完（演示）"))
            _step(diary, (TASKS, code), moment(back, 16), officer_of(task.office), Step("settle", 0, {"settled_on": back}, {"办结材料": PROVED}))
        values: dict[str, object] = {field: on, **({"report": "已会同有关单位办理（演示）"} if name == "report" else {})}
        who = SUPERVISOR if name == "close" else officer_of(task.office)
        _step(diary, (TASKS, code), moment(on, 12, minute), who, Step(name, 0, values, {"办结材料": PROVED} if name == "settle" else {}))


def _step(diary: Diary, place: tuple[str, str], at: datetime, who: str, step: Step) -> None:
    diary.move(STEP, at, who, place, step)


def _issue(code: str) -> Callable[[datetime], None]:
    """The minutes of a session, drafted when it closed, are issued."""
    def issue(at: datetime) -> None:
        paper = Paper.objects.get(document="minutes", entry__register=SESSIONS, entry__key=code, state="draft")
        same = Draft(paper.register, paper.mechanism, paper.document, paper.title, paper.content, paper.entry_id, paper.period, paper.recipient)
        check_paper(person(SUPERVISOR), paper.pk, same, at)
        sign_paper(person(LEADER), paper.pk, same, at)
        issue_paper(person(SUPERVISOR), paper.pk, same, at)
        entry = Entry.objects.get(register=SESSIONS, key=code)
        move(person(SUPERVISOR), SESSIONS, code, Step("record", entry.version), at)

    return issue
