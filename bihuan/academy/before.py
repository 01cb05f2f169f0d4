"""What the city brings along when it begins to work here: the published figures, and the past of every invented project."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

from bihuan.academy.batches import BROKEN_ON, PERIODS
from bihuan.academy.diary import PROJECTS, Diary, Values, moment, person
from bihuan.academy.invented import Invented
from bihuan.academy.lives import GO_LIVE, TODAY
from bihuan.academy.months import Months
from bihuan.academy.people import COMMISSION, OFFICER, SUPERVISOR, leader_of
from bihuan.academy.projects import ZONE, Project
from bihuan.academy.published import Figure, economic_targets, published
from bihuan.academy.yearly import YI, Listing
from bihuan.foundation.actions import FigureGiven, Past, Source, adopt, receive_upload, record_figures, record_past
from bihuan.foundation.grammar.packs import load_pack
from bihuan.foundation.loading import shipped

PACKS = ("dispatch", "enterprise_policy", "enterprise_service", "major_projects", "factors", "published", "targets")
BROUGHT = Source(reason="演示数据：随演示城市生成的历史，依公布合计反推")
PUBLISHED = Source(reason="公开文献，每行写明文献与行号")

OPERATORS = {"=": "等于", ">=": "不低于", "<=": "不高于", ">": "高于", "<": "低于", "~": "左右"}
KINDS = {"actual": "实绩", "target": "目标", "rule": "规则"}

EVIDENCE = "演示佐证.txt"
EVIDENCE_TEXT = "这是演示城市的佐证材料，不证明任何真实的事。\nEvidence of the demo city; it proves nothing real.\n"


def write(diary: Diary, city: Invented) -> None:
    """Write the past into the diary."""
    adopted = moment(GO_LIVE - timedelta(days=4), 9)
    for pack in PACKS:
        diary.note("packs", adopted, partial(_adopt, pack))
    at = moment(GO_LIVE, 9)
    diary.note("published", at, lambda then: record_past(person(OFFICER), "published.figures", _figures(), then, PUBLISHED))
    diary.note("published", at, lambda then: record_past(person(OFFICER), "published.targets", _targets(), then, PUBLISHED))
    diary.note("past", at, lambda then: receive_upload(person(OFFICER), PROJECTS, "", EVIDENCE, EVIDENCE_TEXT.encode(), then))
    known = [project for project in city.projects if project.days["planned"] <= GO_LIVE]
    _bring(diary, at, PROJECTS, [Past(project.row(GO_LIVE), *project.state_on(GO_LIVE)) for project in known])
    for rows in city.lists.years.values():
        _bring(diary, at, "major_projects.annual_list", [Past(_listing(row, number)) for number, row in enumerate(rows, start=1)])
    _bring(diary, at, "major_projects.three_batches", [Past(row) for row in _members(city)])
    _bring(diary, at, "major_projects.ground_breaking", [Past(_batch(city))])
    _bring(diary, at, "major_projects.batch_members", [Past(row) for row in _broken(city)])
    _bring(diary, at, "major_projects.enrolment", _enrolled(city))
    _bring(diary, at, "major_projects.screening", _screened(city))
    diary.note("past", at, lambda then: record_figures(person(OFFICER), PROJECTS, figures_given(city.last_year), then, BROUGHT))


def _adopt(pack: str, at: datetime) -> None:
    adopt(person(SUPERVISOR), load_pack(shipped()[pack]).files, None, at)


def _bring(diary: Diary, at: datetime, register: str, rows: Sequence[Past]) -> None:
    diary.note("past", at, lambda then: record_past(person(OFFICER), register, rows, then, BROUGHT))


def figures_given(months: Sequence[Months], fields: Sequence[str] = ("planned", "completed")) -> list[FigureGiven]:
    """The figures of some projects, as they are given."""
    return [
        FigureGiven(one.project.code, field, month, amount) for one in months for field in fields for month, amount in one.figures(field)
    ]


# --- what was published


def _figures() -> list[Past]:
    tables = published().tables
    used: dict[str, str] = {}
    named: dict[str, object] = {
        "年度重点项目": tables.yearly_lines, "三个一批": tables.three_batches, "五县": tables.five_counties, "年度目标": tables.economic_targets,
    }  # fmt: skip
    for title, table in named.items():
        used |= dict.fromkeys(_cells(table), title)
    return [Past(_figure(one, used.get(one.id, "其他"))) for one in published().facts.values()]


def _cells(table: object) -> list[str]:
    """The ids that fill a table, however deep."""
    return [found for cell in table.values() for found in _cells(cell)] if isinstance(table, dict) else [str(table)]


def _figure(figure: Figure, used_in: str) -> Values:
    document, _, line = figure.source.partition(":")
    return {
        "code": figure.id, "subject": figure.subject, "scope": figure.scope, "period": figure.period, "operator": OPERATORS[figure.operator],
        "value": figure.value, "number": figure.number, "unit": figure.unit, "kind": KINDS[figure.kind], "topic": figure.topic,
        "used_in": used_in, "document": published().documents[document].title, "line": int(line), "keeper": COMMISSION,
    }  # fmt: skip


def _targets() -> list[Past]:
    numbers: dict[int, int] = {}
    rows = []
    for target in economic_targets():
        numbers[target.year] = numbers.get(target.year, 0) + 1
        code = f"MB-{target.year}-{numbers[target.year]:02d}"
        rows.append(Past({
            "code": code, "indicator": target.indicator, "year": str(target.year), "figure": target.figure.id, "keeper": COMMISSION,
        }))  # fmt: skip
    return rows


# --- what was invented


def _listing(row: Listing, number: int) -> Values:
    cutoff = None if row.done is None else date(row.year, 11, 30) if row.year == GO_LIVE.year - 1 else date(row.year, 12, 31)
    return {
        "code": f"N-{row.year}-{number:04d}", "project": row.project.code, "county": row.project.county, "year": str(row.year),
        "kind": "新开工" if row.starts else "续建", "municipal": row.municipal, "estimate": row.project.estimate, "plan": row.plan,
        "done": row.done, "cutoff": cutoff, "to_start": row.starts, "started": row.started, "to_finish": row.finishes, "finished": row.finished,
    }  # fmt: skip


def _members(city: Invented) -> list[Values]:
    numbers = dict.fromkeys(PERIODS, 0)
    rows = list[Values]()
    for member in city.members:
        numbers[member.period] += 1
        rows.append({
            "code": f"SG-{PERIODS.index(member.period) + 1:02d}-{numbers[member.period]:03d}", "project": member.project.code,
            "county": member.project.county, "period": member.period, "batch": member.batch, "start_due": member.start_due,
            "produce_due": member.produce_due, "effect_due": member.effect_due, "leader": leader_of(member.project.county),
        })  # fmt: skip
    return rows


GROUND = "2020年第2批"


def _batch(city: Invented) -> Values:
    total = sum(one.amount for one in city.broken)
    return {
        "code": GROUND, "office": ZONE, "held_on": BROKEN_ON, "printed_count": len(city.broken), "printed_total": f"{total}万元",
    }  # fmt: skip


def _broken(city: Invented) -> list[Values]:
    return [
        {
            "code": f"JZ-2020-{number:04d}", "batch": GROUND, "project": one.project.code, "county": ZONE, "amount": one.amount,
            "proof": "施工现场照片（演示）", "proved_on": BROKEN_ON + timedelta(days=5 + number),
        }
        for number, one in enumerate(city.broken, start=1)
    ]  # fmt: skip


ENROLLING = timedelta(days=25)
"""Within so many days of its start a project is enrolled; what started later than that before GO_LIVE asks for it live."""

NOT_ENROLLED = 6
"""So many projects that had started before were never taken into the statistics."""


def _enrolled(city: Invented) -> list[Past]:
    begun = [project for project in city.projects if project.began(GO_LIVE - ENROLLING)]
    left_out = {project.code for project in begun[:: len(begun) // NOT_ENROLLED]}
    rows = []
    for number, project in enumerate((one for one in begun if one.code not in left_out), start=1):
        filed = project.days["started"] + timedelta(days=12)
        enrolled = filed + timedelta(days=9)
        rows.append(Past({
            "code": f"NT-{GO_LIVE.year - 1}-{number:04d}", "project": project.code, "county": project.county, "filed_on": filed,
            "enrolled_on": enrolled,
        }, "enrolled", enrolled))  # fmt: skip
    return rows


def _screened(city: Invented) -> list[Past]:
    """The applications of this year's new projects, admitted before the year began."""
    decided = date(GO_LIVE.year - 1, 12, 22)
    fresh = [row for row in city.listed if row.starts]
    return [
        Past(application(row.project, f"SB-{decided.year}-{number:04d}", TODAY.year) | {"plan": row.plan, "decided_on": decided}, "admitted", decided)
        for number, row in enumerate(fresh, start=1)
    ]


def application(project: Project, code: str, year: int) -> dict[str, object]:
    """An application for a project that keeps all six rules."""
    industrial, fixed = project.trade.manufacturing, project.estimate * 4 // 5
    return {
        "code": code, "project": project.code, "county": project.county, "year": str(year), "kind": "工业" if industrial else "非工业",
        "nature": "新开工", "fixed_assets": fixed, "plan": project.estimate // 3, "months": 12 + int(project.code[-2:]) % 24,
        "policy_fit": True, "investor_clear": True, "ready": True,
        "starts_this_year": True, "improves": True, "high_tech": industrial and fixed < YI,
        "exempt_reason": "高科技项目，投资额度适当降低（演示）" if industrial and fixed < YI else None,
    }  # fmt: skip
