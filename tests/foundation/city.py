"""A small city for the foundation's tests: three offices, a handful of people, and one pack in the office's own words."""

from datetime import UTC, datetime

from bihuan.foundation.access import SYSTEM, Actor, actor_of
from bihuan.foundation.actions import (
    Incoming,
    MemberGiven,
    OfficeGiven,
    adopt,
    record_entries,
    set_member,
    set_office,
    set_roles,
)
from bihuan.foundation.models import Entry, Member

NOW = datetime(2025, 7, 8, 1, 0, tzinfo=UTC)  # 9 o'clock in the city

PROJECTS = "works.projects"
MATTERS = "works.matters"

HEAD = """
pack: works
title: 重大项目
title_en: Major projects
version: '1'
owner: 发改委
basis: 《重大项目调度办法》
in_force: 2024-01
roles:
  officer: {title: 经办}
  supervisor: {title: 督查}
  leader: {title: 领导}
  enterprise: {title: 企业}
"""
PROJECTS_FILE = """
mechanism: projects
title: 重大项目
title_en: Major projects
basis: 《重大项目调度办法》第二条
register:
  title: 重大项目
  key: code
  name: name
  office: county
  enterprise: investor
  recorded_by: [officer, enterprise]
  unique: [[name, county]]
  duplicates: {compare: {name: {as: title}, investor: {as: organisation}}, confirmed_by: [officer, supervisor], basis: 第六条}
  fields:
    code: {title: 编码, kind: text, pattern: 'P-\\d{3}', required: yes}
    name: {title: 名称, kind: text, required: yes}
    county: {title: 县区, kind: office, required: yes}
    investor: {title: 业主, kind: text}
    estimate: {title: 概算投资, kind: money, unit: 万元, at_least: 0}
    signed_on: {title: 签约日期, kind: date}
    contact: {title: 联系人, kind: text, personal: yes}
    phone: {title: 电话, kind: text, personal: yes}
  figures:
    every: month
    fields:
      planned: {title: 计划投资, kind: money, unit: 万元, at_least: 0}
      done: {title: 完成投资, kind: money, unit: 万元, at_least: 0}
assignments:
  leader: {title: 包联领导, who: leader, exactly: one, change_needs: [reason, approver]}
lifecycle:
  states:
    planned: {title: 谋划}
    signed: {title: 签约}
    building: {title: 开工}
    done: {title: 达效, final: yes}
  start: planned
  moves:
    sign: {title: 签约, from: planned, to: signed, who: officer, needs: signed_on, dated_by: signed_on, evidence: 投资合同}
    build: {title: 开工, from: signed, to: building, who: [officer, leader]}
    finish: {title: 达效, from: building, to: done, who: officer, reason: yes, other_than: sign}
cadences:
  monthly: {title: 月度填报, every: month, due: 5 calendar_days, grace: 1 working_days, freeze: yes, met_by: {figures: done}}
lights:
  plate:
    title: 挂牌
    conditions:
      - {colour: red, if: 概算投资 < 100万元, because: '概算 {概算投资}', basis: 第七条}
      - {colour: green, otherwise: yes, because: 推进顺利, basis: 第七条}
    without_data: grey
    override: {who: supervisor, until: 30 calendar_days}
quotas:
  funds:
    title: 专项额度
    title_en: earmarked funds
    of: estimate
    accounts: {province: {title: 省下达, supplies: 是}, city: {title: 市级统筹}}
    method: order
    order: [{by: 概算投资}]
    full: skip
    granted: {title: 已配额度, title_en: funds granted}
    basis: 第九条
"""
MATTERS_FILE = """
mechanism: matters
title: 交办事项
title_en: Matters in hand
basis: 《督查办法》第三条
register:
  title: 交办事项
  key: code
  numbered: JB-{年}-{号:3}
  office: county
  count: 3
  fields:
    code: {title: 编号, kind: text}
    county: {title: 承办单位, kind: office, required: yes}
    project: {title: 项目, kind: entry, of: projects}
    weight: {title: 类别, kind: choice, choices: [一般, 重大], default: 一般}
assignments:
  lead: {title: 承办人, who: officer, exactly: one}
lifecycle:
  states:
    received: {title: 受理}
    waiting: {title: 待省批复}
    reported: {title: 已反馈, final: yes}
  start: received
  moves:
    wait: {title: 报省, from: received, to: waiting, who: officer}
    back: {title: 省已批复, from: waiting, to: received, who: officer}
    report: {title: 反馈, from: received, to: reported, who: [officer, lead]}
clocks:
  feedback:
    title: 三日反馈
    starts: received
    stops: reported
    limit: {by: weight, 一般: 3 working_days, 重大: 10 working_days}
    owner: lead
    pause: {approver: supervisor, asked_by: [officer], states: waiting}
    extension: {at_most: 1, each: 5 working_days, approver: supervisor}
    warn: 1 working_days
    escalate: [{after: 0 working_days, to: supervisor}, {after: 3 working_days, to: leader}]
    basis: 第三条
"""
FILES = {"pack.yaml": HEAD, "projects.yaml": PROJECTS_FILE, "matters.yaml": MATTERS_FILE}

PEOPLE = {
    "王县": ("濮阳县", ["officer"], ""),
    "李县": ("清丰县", ["officer"], ""),
    "周办": ("濮阳县", ["officer"], ""),
    "赵市": ("发改委", ["officer"], ""),
    "孙督": ("督查局", ["supervisor"], ""),
    "钱督": ("督查局", ["supervisor"], ""),
    "陈领": ("市政府", ["leader"], ""),
    "吴领": ("市政府", ["leader"], ""),
    "甲企": ("", ["enterprise"], "甲公司"),
    "乙企": ("", ["enterprise"], "乙公司"),
    "公民": ("", ["citizen"], ""),
    "系管": ("市政府", ["sysadmin"], ""),
    "安管": ("市政府", ["secadmin"], ""),
    "审管": ("市政府", ["auditor"], ""),
}


def build() -> None:
    """The offices, the pack and the people."""
    for code, kind, parent in (
        ("市政府", "city", ""),
        ("发改委", "department", "市政府"),
        ("督查局", "department", "市政府"),
        ("濮阳县", "county", "市政府"),
        ("城关镇", "township", "濮阳县"),
        ("清丰县", "county", "市政府"),
    ):
        set_office(SYSTEM, OfficeGiven(code, kind, parent), NOW)
    adopt(SYSTEM, FILES, None, NOW)
    for username, (office, roles, enterprise) in PEOPLE.items():
        set_member(SYSTEM, MemberGiven(username, f"{username}本名", office, enterprise=enterprise), NOW)
        set_roles(SYSTEM, username, roles, NOW)


def actor(username: str) -> Actor:
    """One of the people, as who they are now."""
    return actor_of(Member.objects.get(pk=username))


def project(code: str = "P-001", county: str = "濮阳县", **more: object) -> Entry:
    """A project recorded by the city's own officer."""
    values = {"code": code, "name": f"{code} 项目", "county": county, "estimate": "1000", **more}
    return record_entries(actor("赵市"), PROJECTS, [Incoming(values)], NOW)[0]


def matter(county: str = "濮阳县", **more: object) -> Entry:
    """A matter handed to an office."""
    return record_entries(actor("赵市"), MATTERS, [Incoming({"county": county, **more})], NOW)[0]
