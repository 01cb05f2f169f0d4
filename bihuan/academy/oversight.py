"""How the projects are watched over: lists of items, coordination, ten-day reports, the whitelist, checks, visits and meetings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

from bihuan.academy.before import application
from bihuan.academy.diary import Diary, Values, moment, person
from bihuan.academy.invented import Invented
from bihuan.academy.lives import GO_LIVE, TODAY
from bihuan.academy.people import COLLEAGUE, COMMISSION, LEADER, OFFICER, SUPERVISOR, code_of, leader_of, officer_of
from bihuan.academy.projects import AREAS, Project, day_between
from bihuan.foundation.actions import Edit, Step, change_entries
from bihuan.foundation.grammar import periods

CHECKLIST, TRUTH = "major_projects.checklist", "major_projects.truth_checks"
ITEMS = (("用地预审与选址意见书", "手续"), ("施工许可证", "手续"), ("主体工程完工", "节点"), ("设备安装调试", "节点"))
LATE = 30
"""So many projects have an item that is late today."""

YEAR = TODAY.year


def write(diary: Diary, city: Invented) -> None:
    """Write it all into the diary."""
    _checklist(diary, city)
    _coordination(diary, city)
    _ten_days(diary, city)
    _whitelist(diary, city)
    _applications(diary, city)
    _truth(diary, city)
    _programmes(diary, city)
    _visits(diary, city)
    _meetings(diary)
    _routes(diary, city)
    _ground(diary, city)


def _checklist(diary: Diary, city: Invented) -> None:
    """Every project has its list; what was done by then comes with its day, what was done since is filled in month by month."""
    rng, rows, done_on = city.rng, list[Values](), dict[str, date]()
    late = {project.code for project in rng.sample(city.under_way, LATE)}
    on_list = [row.project for row in city.listed]
    others = [member.project for member in city.members if member.project.state_on(TODAY)[0] in ("signed", "landed", "building")]
    seen = {project.code for project in on_list}
    asked: list[tuple[Project, Sequence[tuple[str, str]]]] = [(one, ITEMS) for one in on_list]
    asked += [(one, ITEMS[:2]) for one in others if one.code not in seen]
    asked += [(one, ITEMS[:1]) for one in city.pool]
    for project, items in asked:
        if project.days["planned"] > GO_LIVE:
            continue
        for place, (item, kind) in enumerate(items):
            code = f"QD-{YEAR}-{len(rows) + 1:05d}"
            is_late = project.code in late and place == 2
            due, done = _item_days(city, project, place, is_late=is_late)
            known = done if done and done <= GO_LIVE else None
            if done and done > GO_LIVE:
                done_on[code] = done
            rows.append({
                "code": code, "project": project.code, "county": project.county, "item": item, "kind": kind,
                "owner": officer_of(project.county), "due": due, "done_on": known,
            })  # fmt: skip
    diary.record("items", moment(date(YEAR, 1, 10), 9), OFFICER, CHECKLIST, rows)
    for month in range(1, TODAY.month + 1):
        last = min(date(YEAR, month + 1, 1) - timedelta(days=1), TODAY - timedelta(days=1))
        keys = sorted(code for code, day in done_on.items() if day <= last and day.month == month)
        if keys:
            diary.note("items", moment(last, 17), partial(_tick_off, {key: done_on[key] for key in keys}))


def _item_days(city: Invented, project: Project, place: int, *, is_late: bool) -> tuple[date, date | None]:
    """When an item is due, and when it was done."""
    rng = city.rng
    if is_late:
        return TODAY - timedelta(days=rng.randint(4, 70)), None
    if project.level == "储备":
        due = day_between(rng, date(YEAR, 9, 1), date(YEAR, 12, 20))
        return due, day_between(rng, date(YEAR - 1, 9, 1), TODAY - timedelta(days=10)) if rng.random() < 0.75 else None
    if place < 2 and "landed" in project.days:
        due = max(project.days["landed"] + timedelta(days=20 + 40 * place), date(YEAR - 1, 6, 1))
    else:
        due = day_between(rng, date(YEAR, 2, 1), date(YEAR, 12, 20))
    return (due, due - timedelta(days=rng.randint(0, 9))) if due < TODAY else (due, None)


def _tick_off(done: dict[str, date], at: datetime) -> None:
    change_entries(person(OFFICER), CHECKLIST, {key: Edit({"done_on": day, "evidence": "佐证材料（演示）"}, 1) for key, day in done.items()}, at)


def _coordination(diary: Diary, city: Invented) -> None:
    """Fourteen coordinations: some settled, some failed and later lifted, some failed and still open."""
    for number, project in enumerate(city.rng.sample(city.under_way, 14), start=1):
        on = day_between(city.rng, date(YEAR, 2, 10), TODAY - timedelta(days=14)) if number > 2 else TODAY - timedelta(days=number + 2)
        failed = number <= 6
        lifted = on + timedelta(days=12) if number in (5, 6) else None
        row: Values = {
            "code": f"XT-{YEAR}-{number:04d}", "project": project.code, "county": project.county,
            "matter": ("用地指标协调", "燃气管线迁改", "专项债资金拨付", "电力增容", "地上附着物清理")[number % 5] + "（演示）",
            "held_on": on, "chair": leader_of(project.county), "result": "未果" if failed else "解决",
            "lifted_on": lifted, "evidence": "会议纪要（演示）" if lifted else None,
        }  # fmt: skip
        diary.record("plates", moment(lifted or on, 17, number), officer_of(project.county), "major_projects.plates", [row])


def _ten_days(diary: Diary, city: Invented) -> None:
    """Eight of the largest report every ten days; two reports are missing."""
    special = sorted(city.under_way, key=lambda project: -project.estimate)[:8]
    named = date(YEAR, 1, 18)
    rows: list[Values] = [
        {"project": one.code, "county": one.county, "result": "认定", "approver": LEADER, "approved_on": named, "reason": "投资规模大、带动作用强（演示）"}
        for one in special
    ]
    diary.record("ten_days", moment(named, 15), OFFICER, "major_projects.ten_day", rows)
    months = {one.project.code: one for one in city.this_year}
    period, number = periods.of("ten_days", date(YEAR, 2, 1)), 0
    while period.last <= TODAY:
        batch: list[Values] = []
        for place, project in enumerate(special):
            missing = (place == 2 and period.last == date(YEAR, 6, 30)) or (place in (2, 5) and period.last == TODAY)
            if missing or not project.began(period.last):
                continue
            number += 1
            done = months[project.code].completed[period.last.month - 1]
            part = done if done is not None else months[project.code].planned[period.last.month - 1]
            batch.append({
                "code": f"XB-{YEAR}-{number:05d}", "project": project.code, "county": project.county, "period": period.last,
                "done": part // 3, "progress": "按计划推进（演示）",
            })  # fmt: skip
        diary.record("ten_days", moment(min(period.last, TODAY - timedelta(days=1)), 17, 30), OFFICER, "major_projects.ten_day_reports", batch)
        period = period.next()


def _whitelist(diary: Diary, city: Invented) -> None:
    able = [project for project in city.under_way if project.estimate >= 10_000][:20]
    rows: list[Values] = [
        {
            "code": f"BM-{YEAR}-{number:04d}", "project": project.code, "county": project.county, "grounds": "省市重点项目（演示）",
            "from_day": date(YEAR, 2, 20), "to_day": date(YEAR, 12, 31), "contact": officer_of(project.county),
        }
        for number, project in enumerate(able, start=1)
    ]  # fmt: skip
    diary.record("whitelist", moment(date(YEAR, 2, 20), 11), OFFICER, "major_projects.whitelist", rows)
    needs: list[tuple[str, date, int | None]] = [
        ("用地", date(YEAR, 6, 3), 8), ("用能", date(YEAR, 6, 12), 9), ("环境容量", date(YEAR, 6, 24), None), ("上级资金", date(YEAR, 7, 2), None),
    ]  # fmt: skip
    for number, (factor, filed, days) in enumerate(needs, start=1):
        project, code = able[number], f"YS-{YEAR}-{number:04d}"
        row: Values = {"code": code, "project": project.code, "county": project.county, "factor": factor, "matter": f"{factor}缺口（演示）", "filed_on": filed}
        diary.record("whitelist", moment(filed, 10), officer_of(project.county), "major_projects.factor_requests", [row])
        if days:
            solved = filed + timedelta(days=days)
            solve = Step("solve", 0, {"solved_on": solved})
            diary.move("whitelist", moment(solved, 16), officer_of(project.county), ("major_projects.factor_requests", code), solve)


def _applications(diary: Diary, city: Invented) -> None:
    """The first applications for next year's list: two were sent back, the others wait."""
    signed = [project for project in city.pool if "signed" in project.days][:8]
    for number, project in enumerate(signed, start=1):
        code, on = f"SB-{YEAR}-{number:04d}", date(YEAR, 6, 18) + timedelta(days=number)
        row = application(project, code, YEAR + 1) | ({"policy_fit": False} if number == 2 else {}) | ({"months": 48} if number == 5 else {})
        diary.record("applications", moment(on, 10), officer_of(project.county), "major_projects.screening", [row])
        if number in (2, 5):
            back = Step("refuse", 0, {"decided_on": on + timedelta(days=4)}, reason="不符合筛选原则（演示）")
            diary.move("applications", moment(on + timedelta(days=4), 16), SUPERVISOR, ("major_projects.screening", code), back)


def _truth(diary: Diary, city: Invented) -> None:
    """Findings: those confirmed concern only projects on no list, because a confirmed false report counts in no total."""
    kinds = ("虚报", "重复报", "迟迟未开工", "资金无实物量", "违规开工", "内容变更未报批")
    subjects = [project for project in city.pool if project.days["planned"] <= GO_LIVE][:2] + city.under_way[3:7]
    found, decided = date(YEAR, 5, 21), date(YEAR, 5, 28)
    rows: list[Values] = [
        {"code": f"HC-{YEAR}-{number:04d}", "project": project.code, "county": project.county, "kind": kind, "source": "交叉比对（演示）"}
        for number, (project, kind) in enumerate(zip(subjects, kinds, strict=True), start=1)
    ]
    diary.record("truth", moment(found, 10), OFFICER, TRUTH, rows)
    for number in range(1, 5):
        said = {"verdict": "属实" if number <= 2 else "不属实", "decided_by": SUPERVISOR, "decided_on": decided, "grounds": "现场核查记录（演示）"}
        diary.move("truth", moment(decided, 10, number), SUPERVISOR, (TRUTH, f"HC-{YEAR}-{number:04d}"), Step("decide", 0, said))


def _programmes(diary: Diary, city: Invented) -> None:
    named = (("GC-01", "交通互联互通工程（演示）", "交通", 0), ("GC-02", "水利建设提升工程（演示）", "农林水利", 0), ("GC-03", "能源保障工程（演示）", "能源", 2))
    rows, members = list[Values](), list[Values]()
    for code, name, industry, more in named:
        chosen = [row.project for row in city.listed if row.project.trade.industry == industry][:8]
        rows.append({"code": code, "name": name, "office": COMMISSION, "promised": len(chosen) + more})
        members += [
            {"code": f"GCY-{YEAR}-{len(members) + place:04d}", "programme": code, "project": project.code, "county": project.county}
            for place, project in enumerate(chosen, start=1)
        ]
    diary.record("programmes", moment(date(YEAR, 1, 25), 10), OFFICER, "major_projects.programmes", rows)
    diary.record("programmes", moment(date(YEAR, 1, 25), 11), OFFICER, "major_projects.programme_members", members)


JUDGES = ("post-05", "post-19", "post-20", "post-21", "post-15")


def _visits(diary: Diary, city: Invented) -> None:
    """Two quarterly visits, one site in each county, five judges."""
    marks = 0
    for quarter, day in ((1, date(YEAR, 3, 26)), (2, date(YEAR, 6, 25))):
        sites, scores = list[Values](), list[Values]()
        for stop, county in enumerate(AREAS, start=1):
            local = [project for project in city.under_way if project.county == county and project.began(day)]
            if len(local) <= quarter:
                continue
            code = f"GM-{YEAR}Q{quarter}-{stop:02d}"
            trouble = "配套道路未与厂区同步建成（演示）" if stop == 5 and quarter == 2 else None
            sites.append({
                "code": code, "quarter": f"{YEAR}Q{quarter}", "project": local[quarter].code, "county": county, "stop": stop,
                "visited_on": day, "trouble": trouble,
            })  # fmt: skip
            for judge in JUDGES:
                marks += 1
                mark = f"{city.rng.randint(760, 970) / 10:.1f}"
                scores.append({"code": f"PF-{YEAR}-{marks:05d}", "site": code, "county": county, "judge": judge, "mark": mark})
        diary.record("visits", moment(day, 15), OFFICER, "major_projects.observation", sites)
        diary.record("visits", moment(day, 18), OFFICER, "major_projects.observation_marks", scores)


def _meetings(diary: Diary) -> None:
    """The monthly starts of the counties, the city's monthly meeting, its quarterly visit and matching."""
    number = 0
    for month in range(1, TODAY.month):
        rows = list[Values]()
        held: Sequence[tuple[str, str, int]] = [
            *(("集中开工", county, 12) for county in AREAS if (county, month) != ("台前县", TODAY.month - 1)),
            ("例会", COMMISSION, 22), *([("观摩", COMMISSION, 26), ("对接", COMMISSION, 27)] if month % 3 == 0 else []),
        ]  # fmt: skip
        for kind, office, day in held:
            number += 1
            held_on, subject = date(YEAR, month, day), f"{month}月{kind}（演示）"
            rows.append({"code": f"HD-{YEAR}-{number:04d}", "kind": kind, "office": office, "held_on": held_on, "subject": subject})
        diary.record("meetings", moment(date(YEAR, month, 28), 17), COLLEAGUE, "major_projects.rhythm", rows)
    quarters = ((1, date(YEAR, 4, 8)), (2, date(YEAR, 7, 8)))
    offices = ("市工业和信息化局", "城管部门", "市财政部门", "市场监管部门", code_of("商务/环保/乡村振兴部门"))
    for quarter, told_on in quarters:
        marked: list[Values] = [
            {"code": f"ZN-{YEAR}-{quarter}{place:03d}", "office": office, "quarter": f"{YEAR}Q{quarter}", "in_time": 14 - place * quarter, "total": 15}
            for place, office in enumerate(offices)
        ]
        diary.record("meetings", moment(told_on, 16), COLLEAGUE, "major_projects.functional_marks", marked)


def _routes(diary: Diary, city: Invented) -> None:
    rows: list[Values] = []
    for number, project in enumerate([one for one in city.pool if one.state_on(GO_LIVE)[0] == "planned" and one.days["planned"] <= GO_LIVE][:10]):
        lacks = number % 3 == 0
        rows.append({
            "project": project.code, "county": project.county, "ready": not lacks, "lacks_money": lacks, "lacks_technology": False,
            "route": "纳入招引范围" if lacks else "超前开展前期工作", "reason": "资金缺口较大（演示）" if lacks else "条件基本具备（演示）",
        })  # fmt: skip
    diary.record("pool", moment(date(YEAR, 3, 15), 10), OFFICER, "major_projects.routes", rows)


def _ground(diary: Diary, city: Invented) -> None:
    """A batch ground-breaking of this year; one member still has no proof of its start."""
    held = date(YEAR, 4, 12)
    begun = [row.project for row in city.listed if row.starts and row.project.days.get("started", date.max) <= held]
    county = max(AREAS, key=lambda area: sum(project.county == area for project in begun))
    chosen = [project for project in begun if project.county == county][:6]
    code = f"{YEAR}年第1批"
    total = f"{sum(one.estimate for one in chosen)}万元"
    batch: Values = {"code": code, "office": county, "held_on": held, "printed_count": len(chosen), "printed_total": total}
    rows: list[Values] = [
        {
            "code": f"JZ-{YEAR}-{number:04d}", "batch": code, "project": project.code, "county": county, "amount": project.estimate,
            **({"proof": "施工现场照片（演示）", "proved_on": held + timedelta(days=9)} if number > 1 else {}),
        }
        for number, project in enumerate(chosen, start=1)
    ]  # fmt: skip
    diary.record("ground", moment(held, 11), OFFICER, "major_projects.ground_breaking", [batch])
    diary.record("ground", moment(held + timedelta(days=10), 11), OFFICER, "major_projects.batch_members", rows)
