"""A small pack that has one of everything: works with monthly figures, meetings about them, lights, criteria, a score, duties, handoffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache

from bihuan.foundation.access import SYSTEM, Actor, actor_of
from bihuan.foundation.actions import (
    FigureGiven,
    Incoming,
    MemberGiven,
    OfficeGiven,
    adopt,
    record_entries,
    record_figures,
    set_member,
    set_office,
    set_roles,
)
from bihuan.foundation.grammar.catalogue import Catalogue, link
from bihuan.foundation.grammar.packs import Pack, read_pack
from bihuan.foundation.models import Member

HEAD = """
pack: city
title: 小城
title_en: small city
version: "1.0"
owner: 市发改委
basis: 测试
in_force: 2020-01
roles:
  officer: {title: 经办人}
  supervisor: {title: 督查人员}
  leader: {title: 领导}
"""

WORKS = """
mechanism: works
title: 工程
title_en: works
basis: 《办法》
parameters:
  grace: {title: 宽限天数, unit: 天, since: {2020-01: {value: "0", basis: 本市约定}, 2025-07-15: {value: "10", basis: 本市约定}}}
register:
  title: 工程
  title_en: works
  key: code
  name: name
  office: county
  duplicates: {compare: {name: {as: title}, estimate: {as: amount}}, confirmed_by: [supervisor], basis: 《办法》}
  fields:
    code: {title: 编码, kind: text, pattern: 'W-\\d+', required: 是, listed: 是}
    name: {title: 名称, kind: text, required: 是, listed: 是}
    county: {title: 县区, kind: office, required: 是, listed: 是}
    industry: {title: 行业, kind: choice, choices: [制造, 交通]}
    estimate: {title: 概算投资, title_en: estimate, kind: money, unit: 万元, at_least: "0", listed: 是}
    planned_start: {title: 计划开工日期, kind: date}
    high_tech: {title: 高技术项目, kind: yes_no}
    exempt_reason: {title: 免除理由, kind: text}
    unlawful: {title: 违规开工, kind: yes_no, default: 否}
    started_on: {title: 开工日期, kind: date}
  figures:
    every: month
    fields:
      planned: {title: 计划完成投资, title_en: planned, kind: money, unit: 万元, at_least: "0"}
      completed: {title: 实际完成投资, title_en: completed, kind: money, unit: 万元, at_least: "0"}
  rollups:
    failed: {title: 协调未果次数, from: meetings, by: work, where: 结果 = '未果', formula: 计数(), unit: 次}
    last_meeting: {title: 最近协调日期, from: meetings, by: work, formula: 最大(协调日期)}
    late_reports: {title: 缺报次数, from: duties, of: monthly, where: 已逾期, formula: 计数(), unit: 次}
lifecycle:
  states:
    planned: {title: 谋划}
    building: {title: 在建}
    done: {title: 竣工, final: 是}
  start: planned
  moves:
    start: {title: 开工, from: [planned], to: building, who: [officer], dated_by: started_on}
    finish: {title: 竣工验收, from: [building], to: done, who: [officer]}
clocks:
  opening:
    title: 开工时限
    title_en: time to start
    starts: planned
    stops: [building]
    limit: 20 working_days
    warn: 2 working_days
    escalate: [{after: 0 working_days, to: supervisor}, {after: 5 working_days, to: leader}]
cadences:
  monthly: {title: 工程月报, title_en: monthly report, every: month, owes: entry, where: 状态 = '在建', due: 5 calendar_days, met_by: {figures: [completed]}}
exchanges:
  sheet: {title: 月报表, of: figures, columns: [code, name, planned, completed]}
indicators:
  progress: {title: 投资进度, title_en: progress, formula: 合计(实际完成投资) / 合计(计划完成投资), over: year_to_date, needs: every_period, unit: '%', decimals: 1}
  share: {title: 完成占比, formula: 合计(实际完成投资) / 概算投资, over: to_date, needs: any_period, unit: '%', decimals: 1}
  newest: {title: 最近一月完成, formula: 合计(实际完成投资), over: latest, needs: any_period, unit: 万元, decimals: 0}
  behind: {title: 滞后天数, formula: '天数(计划开工日期, 今天)', unit: 天, decimals: 0}
  county_progress: {title: 县区投资进度, title_en: county progress, formula: 合计(实际完成投资) / 合计(计划完成投资), per: county, over: year_to_date, needs: any_period, unit: '%'}
  county_count: {title: 县区工程数, formula: 计数(), per: county, unit: 个, decimals: 0}
  county_estimate: {title: 县区完成占比, formula: 合计(实际完成投资) / 合计(概算投资), per: county, over: year_to_date, needs: any_period, unit: '%'}
  city_progress: {title: 全市投资进度, formula: 合计(实际完成投资) / 合计(计划完成投资), per: all, over: year_to_date, needs: any_period, unit: '%'}
lights:
  progress:
    title: 进度灯
    title_en: progress light
    of: progress
    better: higher
    without_data: grey
    since:
      2024-01: {green: 100%, yellow: 85%, basis: 第九条}
      2025-01: {green: 95%, yellow: 80%, basis: 第九条（2025 年修订）}
  county:
    title: 县区灯
    title_en: county light
    of: county_progress
    without_data: grey
    since: {2024-01: {green: 95%, yellow: 80%, basis: 第十条}}
  plate:
    title: 挂牌
    title_en: plate
    where: 状态 = '谋划'
    conditions:
      - {colour: red, if: 协调未果次数 >= 1, because: '经 {协调未果次数} 次协调仍未解决', basis: 第七条}
      - {colour: yellow, if: 滞后天数 > 宽限天数, because: '比计划开工滞后 {滞后天数} 天', basis: 第八条}
      - {colour: green, otherwise: 是, because: 推进顺利, basis: 第八条}
    without_data: grey
    consequence: {red: 约谈}
    override: {who: [supervisor], until: 30 calendar_days}
criteria:
  screening:
    title: 筛选条件
    title_en: screening
    all:
      - {key: size, title: 概算投资不低于一亿元, title_en: estimate of 100 million, if: 概算投资 >= 1亿元, basis: 第二条}
      - {at_least: 1, of: [{key: tech, title: 高技术, if: 高技术项目, basis: 第三条}, {key: factory, title: 制造业, if: 行业 = '制造', basis: 第三条}]}
    exempt: [{from: size, if: 高技术项目, needs: exempt_reason, approver: supervisor, basis: 第四条}]
    deny: [{key: unlawful, title: 违规开工, if: 违规开工, basis: 第五条}]
scores:
  county_rank:
    title: 县区排名
    title_en: ranking of counties
    per: county
    order: higher
    total: 100
    parts:
      progress: {title: 投资进度, title_en: progress, of: county_progress, weight: 60, points: ratio, full: 100%}
      share: {title: 完成占比, title_en: share, of: county_estimate, weight: 40, points: rank}
    ties: [same_rank]
    missing: last
documents:
  letter:
    title: 关于{名称}的督办函
    number: 督〔{年}〕{号}号
    trigger: {light: plate, turns: red}
    to: '{县区}人民政府'
    body: [{text: '{名称}（{编码}）概算投资 {概算投资}，因{理由}，请整改。'}]
  bulletin:
    title: 关于{期}县区排名的通报
    number: 通〔{年}〕{号}号
    trigger: {every: month, due: 10 calendar_days}
    body: [{text: '{期}全市投资进度 {全市投资进度}。'}, {table: county_rank, columns: [rank, name, score]}]
  duty_list: {title: '{姓名}责任清单', number: '责〔{年}〕{号}号', trigger: {by: [supervisor]}, about: person, body: [{text: '负责 {负责项数} 项，全市投资进度 {全市投资进度}。'}]}
  note: {title: '关于{名称}的说明', number: '说〔{年}〕{号}号', trigger: {by: [supervisor]}, body: [{text: '{名称}投资进度 {投资进度}。'}]}
handoffs:
  red_to_visit: {title: 红牌转走访, when: {light: plate, turns: red}, start: {pack: city, mechanism: visits, with: {work: 编码, county: 县区}}, basis: 第七条}
"""

MEETINGS = """
mechanism: meetings
title: 协调
title_en: meetings
basis: 《办法》第七条
register:
  title: 协调记录
  key: code
  name: code
  office: county
  fields:
    code: {title: 编号, kind: text, required: 是}
    work: {title: 工程, kind: entry, of: works, required: 是}
    county: {title: 县区, kind: office, required: 是}
    held_on: {title: 协调日期, kind: date}
    result: {title: 结果, kind: choice, choices: [解决, 未果], required: 是}
  lookups:
    estimate: {title: 工程概算, by: work, field: estimate}
"""

VISITS = """
mechanism: visits
title: 走访
title_en: visits
basis: 《办法》第七条
register:
  title: 走访记录
  key: code
  name: code
  office: county
  numbered: 'V-{年}-{号:4}'
  fields:
    code: {title: 走访编号, kind: text}
    work: {title: 工程, kind: entry, of: works, required: 是}
    county: {title: 县区, kind: office, required: 是}
"""


FILES = {"pack.yaml": HEAD, "works.yaml": WORKS, "meetings.yaml": MEETINGS, "visits.yaml": VISITS}


@cache
def pack() -> Pack:
    """The pack as read."""
    return read_pack(FILES)


@cache
def catalogue() -> Catalogue:
    """The pack linked."""
    return link([pack()])


# --- the same city in the database

WORKS_REGISTER, MEETINGS_REGISTER, VISITS_REGISTER = "city.works", "city.meetings", "city.visits"
COMPLETED = [850, 820, 790, 780, 770, 310]


def moment(day: date) -> datetime:
    """Nine in the morning of a day, in the city."""
    return datetime(day.year, day.month, day.day, 1, 0, tzinfo=UTC)


def found(at: datetime, files: Mapping[str, str], people: Mapping[str, Sequence[str]] | None = None) -> None:
    """A city of two counties, its people with their roles, and a pack."""
    for code, kind, parent in (("小城市", "city", ""), ("甲县", "county", "小城市"), ("乙县", "county", "小城市")):
        set_office(SYSTEM, OfficeGiven(code, kind, parent), at)
    for name, roles in (people or {}).items():
        set_member(SYSTEM, MemberGiven(name, name, "小城市"), at)
        set_roles(SYSTEM, name, list(roles), at)
    adopt(SYSTEM, files, None, at)


def actor(name: str) -> Actor:
    """One of the people."""
    return actor_of(Member.objects.get(pk=name))


def build(at: datetime) -> None:
    """Two counties and the pack."""
    found(at, FILES)


def work(code: str, at: datetime, **more: object) -> int:
    """A work of 甲县 with an estimate of 1.2 亿元; gives its id."""
    values = {"code": code, "name": f"{code} 工程", "county": "甲县", "estimate": "12000", "industry": "制造", "planned_start": "2025-08-01", **more}
    return record_entries(SYSTEM, WORKS_REGISTER, [Incoming(values)], at)[0].pk


def report(code: str, at: datetime, completed: list[object] | None = None, planned: object = 1000, year: int = 2025) -> None:
    """Figures of a work from January on, in 万元."""
    given = []
    for month, value in enumerate(completed if completed is not None else COMPLETED, start=1):
        given.append(FigureGiven(code, "planned", f"{year}-{month:02d}", planned))
        given.append(FigureGiven(code, "completed", f"{year}-{month:02d}", value))
    record_figures(SYSTEM, WORKS_REGISTER, given, at)


def meeting(code: str, work_code: str, at: datetime, result: str = "未果") -> None:
    """A coordination about a work."""
    values = {"code": code, "work": work_code, "county": "甲县", "held_on": at.date().isoformat(), "result": result}
    record_entries(SYSTEM, MEETINGS_REGISTER, [Incoming(values)], at)
