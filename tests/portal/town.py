"""A small town for the portal's tests: two counties whose rows carry words that the other may never read, people of every role, one pack."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bihuan.computing import sweep
from bihuan.foundation.access import SYSTEM, Actor, actor_of
from bihuan.foundation.actions import (
    Charge,
    FigureGiven,
    Incoming,
    MemberGiven,
    OfficeGiven,
    Step,
    adopt,
    assign,
    move,
    receive_upload,
    record_entries,
    record_figures,
    set_member,
    set_office,
    set_password,
    set_roles,
)
from bihuan.foundation.models import Entry, Member

NOW = datetime(2025, 7, 8, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSWORD = "clear-water-under-the-bridge"
WORKS, MEETINGS, NOTES = "city.works", "city.meetings", "city.notes"

NORTH, SOUTH = "北县", "南县"
CANARY = {NORTH: "鹤鸣湖", SOUTH: "雁栖岭"}
"""A word in every row of a county: whoever may not see the county never meets it."""

PHOTO = "开工现场.png"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
"""A picture of one red point."""

HEAD = """
pack: city
title: 小城
title_en: small city
version: "1.0"
owner: 市发改委
basis: 《办法》
in_force: 2020-01
roles:
  officer: {title: 经办人}
  supervisor: {title: 督查人员}
  leader: {title: 领导}
  enterprise: {title: 企业}
"""

WORKS_FILE = """
mechanism: works
title: 工程
title_en: works
basis: 《办法》第二条
register:
  title: 重点工程
  title_en: key works
  key: code
  name: name
  office: county
  enterprise: investor
  recorded_by: [officer, enterprise]
  duplicates: {compare: {name: {as: title}, investor: {as: organisation}, contact: {as: person}, county: {as: same}}, likely: 90%, confirmed_by: [officer, supervisor], basis: 第六条}
  fields:
    code: {title: 编码, title_en: code, kind: text, pattern: 'W-\\d+', required: 是, listed: 是}
    name: {title: 名称, title_en: name, kind: text, required: 是, listed: 是}
    county: {title: 县区, title_en: county, kind: office, required: 是, listed: 是}
    investor: {title: 建设单位, title_en: investor, kind: text}
    industry: {title: 行业, title_en: industry, kind: choice, choices: [制造, 交通], listed: 是}
    labels: {title: 标签, title_en: labels, kind: choices, choices: [省重点, 市重点]}
    estimate: {title: 概算投资, title_en: estimate, kind: money, unit: 万元, at_least: "0", listed: 是}
    high_tech: {title: 高技术, title_en: high tech, kind: yes_no}
    planned_start: {title: 计划开工日期, title_en: planned start, kind: date}
    started_on: {title: 开工日期, title_en: started on, kind: date}
    contact: {title: 联系人, title_en: contact, kind: text, personal: 是}
  timeline: {plan: [planned_start], actual: [started_on]}
  figures:
    every: month
    fields:
      planned: {title: 计划完成投资, title_en: planned, kind: money, unit: 万元, at_least: "0"}
      completed: {title: 实际完成投资, title_en: completed, kind: money, unit: 万元, at_least: "0"}
  rollups:
    failed: {title: 协调未果次数, title_en: failed meetings, from: meetings, by: work, where: 结果 = '未果', formula: 计数(), unit: 次}
assignments:
  leader: {title: 包联领导, title_en: responsible leader, who: leader, exactly: one, change_needs: [reason, approver]}
lifecycle:
  states:
    planned: {title: 谋划, title_en: planned}
    building: {title: 在建, title_en: building}
    done: {title: 竣工, title_en: done, final: 是}
  start: planned
  moves:
    start: {title: 开工, title_en: start, from: [planned], to: building, who: [officer], dated_by: started_on}
    finish: {title: 验收, title_en: finish, from: [building], to: done, who: [officer], evidence: 验收单, reason: 是, other_than: start}
clocks:
  opening:
    title: 开工时限
    title_en: time to start
    starts: planned
    stops: [building]
    limit: 20 working_days
    pause: {approver: supervisor}
    extension: {at_most: 1, each: 5 working_days, approver: supervisor}
    escalate: [{after: 0 working_days, to: supervisor}]
cadences:
  monthly: {title: 工程月报, title_en: monthly report, every: month, owes: entry, where: 状态 = '在建', due: 5 calendar_days, met_by: {figures: [completed]}}
exchanges:
  sheet: {title: 月报表, title_en: monthly sheet, of: figures, columns: [code, name, planned, completed]}
  rows: {title: 工程基本表, title_en: sheet of works, of: rows, columns: [code, name, county, industry, estimate]}
indicators:
  progress: {title: 投资进度, title_en: progress, formula: 合计(实际完成投资) / 合计(计划完成投资), over: year_to_date, needs: any_period, unit: '%', decimals: 1}
  county_progress: {title: 县区投资进度, title_en: county progress, formula: 合计(实际完成投资) / 合计(计划完成投资), per: county, over: year_to_date, needs: any_period, unit: '%'}
  city_progress: {title: 全市投资进度, title_en: city progress, formula: 合计(实际完成投资) / 合计(计划完成投资), per: all, over: year_to_date, needs: any_period, unit: '%'}
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
    consequence: {red: 约谈县区}
    override: {who: [supervisor], until: 30 calendar_days}
  plate:
    title: 挂牌
    title_en: plate
    conditions:
      - {colour: red, if: 协调未果次数 >= 1, because: '经 {协调未果次数} 次协调仍未解决', basis: 第七条}
      - {colour: green, otherwise: 是, because: 推进顺利, basis: 第八条}
    without_data: grey
quotas:
  funds:
    title: 专项额度
    title_en: earmarked funds
    of: estimate
    accounts: {province: {title: 省下达, title_en: from the province, supplies: 是}, city: {title: 市级统筹, title_en: kept by the city}}
    where: 状态 = '谋划'
    method: order
    order: [{by: 概算投资}]
    full: skip
    granted: {title: 已配额度, title_en: funds granted}
    basis: 第十一条
scores:
  county_rank:
    title: 县区排名
    title_en: ranking of counties
    per: county
    total: 100
    parts:
      progress: {title: 投资进度, title_en: progress, of: county_progress, weight: 100, points: ratio, full: 100%}
    ties: [same_rank]
    missing: last
    basis: 第十条
documents:
  letter:
    title: 关于{名称}的督办函
    title_en: letter
    number: 督〔{年}〕{号}号
    trigger: {light: progress, turns: red}
    to: '{县区}人民政府'
    sender: '{县区}发改委'
    body: [{text: '{名称}（{编码}）概算投资 {概算投资}，因{理由}，请整改。'}]
  duty_list:
    title: '{姓名}同志责任清单'
    title_en: duty list
    number: 责〔{年}〕{号}号
    trigger: {by: [supervisor]}
    about: person
    to: '{姓名}同志'
    sender: 发改委
    body:
      - {text: '截至{今天}，{姓名}同志（{所在单位}）负责 {负责项数} 项，其中红灯 {红灯项数} 项；未办结任务 {未办结件数} 件，其中逾期 {逾期件数} 件。'}
      - {text: '一、负责事项'}
      - {table: carried, columns: [rank, title, key, register, office, role, state, light]}
      - {text: '二、未办结任务'}
      - {table: owed, columns: [rank, title, about, office, due, overdue]}
      - {text: '三、点名事项'}
      - {table: named, columns: [rank, title, key, register, office, light]}
"""

MEETINGS_FILE = """
mechanism: meetings
title: 协调
title_en: meetings
basis: 《办法》第七条
register:
  title: 协调记录
  title_en: meetings
  key: code
  name: code
  office: county
  numbered: 'X-{年}-{号:3}'
  fields:
    code: {title: 编号, title_en: number, kind: text}
    work: {title: 工程, title_en: work, kind: entry, of: works, required: 是, listed: 是}
    county: {title: 县区, title_en: county, kind: office, required: 是, listed: 是}
    held_on: {title: 协调日期, title_en: held on, kind: date, listed: 是}
    result: {title: 结果, title_en: result, kind: choice, choices: [解决, 未果], required: 是, listed: 是}
"""

NOTES_FILE = """
mechanism: notes
title: 公告
title_en: notices
basis: 《办法》第十二条
register:
  title: 公开事项
  title_en: public notices
  key: code
  name: text
  office: county
  public: 是
  fields:
    code: {title: 编号, title_en: number, kind: text, required: 是}
    text: {title: 内容, title_en: text, kind: text, required: 是, listed: 是}
    county: {title: 单位, title_en: office, kind: office, required: 是, listed: 是}
"""

FILES = {"pack.yaml": HEAD, "works.yaml": WORKS_FILE, "meetings.yaml": MEETINGS_FILE, "notes.yaml": NOTES_FILE}

OFFICES = (("市政府", "city", ""), ("发改委", "department", "市政府"), (NORTH, "county", "市政府"), (SOUTH, "county", "市政府"))

PEOPLE = {
    "wei": ("魏北", NORTH, ["officer"], ""),
    "wen": ("文北", NORTH, ["officer"], ""),
    "nan": ("南生", SOUTH, ["officer"], ""),
    "shi": ("石市", "发改委", ["officer"], ""),
    "du": ("杜督", "发改委", ["supervisor"], ""),
    "ling": ("凌市长", "市政府", ["leader"], ""),
    "qin": ("秦市长", "市政府", ["leader"], ""),
    "qi": ("齐经理", "", ["enterprise"], "北方公司"),
    "min": ("民民", "", ["citizen"], ""),
    "xi": ("席管", "市政府", ["sysadmin"], ""),
    "an": ("安管", "市政府", ["secadmin"], ""),
    "shen": ("申审", "市政府", ["auditor"], ""),
}
"""Accounts by username: name, office, roles, enterprise."""


def build() -> None:
    """Offices, people, the pack, and a few rows in each county."""
    for code, kind, parent in OFFICES:
        set_office(SYSTEM, OfficeGiven(code, kind, parent), NOW)
    adopt(SYSTEM, FILES, None, NOW)
    for username, (name, office, roles, enterprise) in PEOPLE.items():
        set_member(SYSTEM, MemberGiven(username, name, office, enterprise=enterprise), NOW)
        set_roles(SYSTEM, username, roles, NOW)
        set_password(SYSTEM, username, PASSWORD, NOW)
    works(2, NORTH, "W-1")
    works(2, SOUTH, "W-2")
    record_entries(SYSTEM, MEETINGS, [Incoming({"work": "W-10", "county": NORTH, "result": "解决"}), Incoming({"work": "W-20", "county": SOUTH, "result": "未果"})], NOW)
    record_entries(SYSTEM, NOTES, [Incoming({"code": "G-1", "text": "工程公示", "county": NORTH})], NOW)
    for key in ("W-10", "W-20"):
        photo = {"开工照片": receive_upload(SYSTEM, WORKS, "", PHOTO, PNG, NOW).digest} if key == "W-10" else {}
        move(SYSTEM, WORKS, key, Step("start", 1, {"started_on": "2025-07-08"}, photo), NOW)
        assign(SYSTEM, WORKS, key, Charge("leader", "ling"), NOW)
    fill({"W-10": (100, 70), "W-20": (100, 97)})
    sweep.sweep(NOW)


def works(count: int, county: str, prefix: str) -> list[Entry]:
    """Rows of a county, each with its word."""
    rows = [
        Incoming({
            "code": f"{prefix}{number}", "name": f"{CANARY[county]}工程{number}", "county": county, "industry": "制造", "estimate": "1000",
            "contact": f"{CANARY[county]}联系人", "investor": "北方公司" if county == NORTH and not number else "",
        })
        for number in range(count)
    ]  # fmt: skip
    return record_entries(SYSTEM, WORKS, rows, NOW)


def fill(values: dict[str, tuple[int, int]], period: str = "2025-06") -> None:
    """Planned and completed investment of a month, in 万元."""
    given = [
        FigureGiven(key, field, period, str(value), seen=None)
        for key, pair in values.items()
        for field, value in zip(("planned", "completed"), pair, strict=True)
    ]
    record_figures(SYSTEM, WORKS, given, NOW)


def work(key: str = "W-10") -> Entry:
    """One of the works."""
    return Entry.objects.get(register=WORKS, key=key)


def actor(username: str) -> Actor:
    """One of the people, as who they are now."""
    return actor_of(Member.objects.get(pk=username))
