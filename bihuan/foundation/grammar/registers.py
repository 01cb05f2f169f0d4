"""``parameters`` and ``register``: what a row is, what figures it has by period, and what may enter or leave."""

from __future__ import annotations

from typing import Literal

from bihuan.foundation.grammar.duplicates import Duplicates
from bihuan.foundation.grammar.read_in import ReadIn
from bihuan.foundation.grammar.shape import Dated, Key, Shape, Words, YesNo, said
from bihuan.foundation.grammar.shows import Board

FieldKind = Literal[
    "text", "long_text", "number", "money", "date", "month", "yes_no", "choice", "choices", "office", "person", "entry", "file"
]
Icon = Literal[
    "",
    "binoculars", "bolt", "building-factory-2", "building-store", "bulb", "calendar-event", "calendar-repeat", "calendar-stats", "camera",
    "chart-dots", "checklist", "clipboard-check", "confetti", "crane", "diamond", "filter", "hierarchy", "list-check", "message-2",
    "message-question", "message-report", "messages", "podium", "quote", "report", "report-money", "rocket", "route", "scale",
    "shield-check", "shovel", "stack-2", "star", "stars", "stopwatch", "subtask", "target", "target-arrow", "tool", "traffic-lights",
    "transfer", "trending-up", "trophy", "urgent", "user-check", "zoom-check",
]
"""The pictures a register may have in the menu: names of Tabler icons that the portal's sprite holds."""

PeriodKind = Literal["ten_days", "week", "month", "quarter", "half_year", "year"]


class DatedValue(Shape):
    """One value of a parameter and the clause it rests on."""

    value: str = said("数值或选项，可带单位", "the value or choice, a unit may follow", "15%")
    basis: str = said("依据：文件名与条款，或“本市约定”", "the clause it rests on", "《办法》第九条")


class Parameter(Shape):
    """A number or choice that the rules use and an office may change from a date on."""

    title: str = said("参数名称，公式里可直接使用", "its name, usable in formulas", "宽限天数")
    title_en: str = said("英文名称", "its English name", "days of grace", "")
    unit: str = said("单位", "its unit", "天", "")
    choices: Words = said("可选值（填写后参数为文字）", "its choices, when it is a word", "[在建, 新开工]", [])
    choices_en: Words = said("可选值的英文，一一对应", "the choices in English, in the same order", "[under construction, newly started]", [])
    since: dict[Dated, DatedValue] = said("自何时起取何值", "its value from a date on", "2024-01: {value: 5, basis: 第三条}", min_length=1)


class FieldShape(Shape):
    """One field of a row, or one figure by period."""

    title: str = said("字段名称，公式与表头都用它", "its name in formulas, sheets and pages", "概算投资")
    title_en: str = said("英文名称", "its English name", "estimate", "")
    kind: FieldKind = said("类型", "its kind", "money")
    unit: str = said("单位（money 为 元、万元或亿元）", "its unit (money: 元, 万元 or 亿元)", "万元", "")
    decimals: int = said("保留的小数位数（number）", "decimals kept (number)", "1", 0, ge=0, le=6)
    required: YesNo = said("是否必填", "whether it must be filled in", "yes", False)
    at_least: str = said("最小值", "the least value", "0", "")
    at_most: str = said("最大值", "the greatest value", "100", "")
    pattern: str = said("编码格式（正则表达式）", "a pattern the whole text must match", r"P-\d{4}-\d{3}", "")
    check: Literal["", "credit_code"] = said("校验：credit_code 为统一社会信用代码", "checked as a unified social credit code", "credit_code", "")
    provisional: str = said("临时编号的格式（正则表达式）：符合它的不作 check 校验", "a pattern of provisional values, which `check` leaves alone", r"待核-\d{4}-\d{5}", "")
    choices: Words = said("可选值", "its choices", "[在建, 竣工]", [])
    choices_en: Words = said("可选值的英文，一一对应；只用于英文页面", "the choices in English, in the same order; pages in English show them", "[under construction, finished]", [])
    of: str = said("引用的台账（kind 为 entry 时）：机制名或 包名.机制名", "the register it refers to", "key_projects", "")
    default: str = said("默认值", "its default", "否", "")
    rated: YesNo = said("可选值是否从差到好排列，填写时以星级呈现（choice）", "whether the choices go from worst to best: asked for as stars (choice)", "yes", False)
    listed: YesNo = said("是否作为列表的默认列", "whether lists show it at first", "yes", False)
    personal: YesNo = said("是否为个人信息（不进入账本正文，默认遮盖）", "personal data: kept out of ledger bodies, masked", "yes", False)
    help: str = said("填报说明", "help for the person who fills it in", "按备案证填写", "")
    help_en: str = said("填报说明的英文", "the same help in English", "As the filing certificate has it", "")


class Figures(Shape):
    """Values that come back every period."""

    every: PeriodKind = said("周期", "the period", "month")
    fields: dict[Key, FieldShape] = said("按期数值", "the figures", "completed: {title: 实际完成投资, kind: money, unit: 万元}")


class Rollup(Shape):
    """A value gathered from the rows that refer to this row, or from its duties."""

    title: str = said("名称，公式里可直接使用", "its name, usable in formulas", "协调未果次数")
    title_en: str = said("英文名称", "its English name", "failed coordinations", "")
    source: str = said("来自哪个台账（机制名），或 duties", "the register it gathers from, or `duties`", "plates", alias="from")
    by: str = said("下级台账中指向本台账的字段", "the field there that refers to this register", "project", "")
    of: str = said("来自 duties 时：时限或节律的名称", "with duties: the clock or cadence", "ten_day_report", "")
    where: str = said("条件公式；duties 可用 open、overdue、late、met", "a condition; duties: open, overdue, late, met", "结果 = '未果'", "")
    formula: str = said("汇总公式", "what to gather", "计数()")
    unit: str = said("单位", "its unit", "次", "")


class Lookup(Shape):
    """A value read from the row that a field of this row refers to, so that nobody is asked for it twice."""

    title: str = said("名称，公式里可直接使用", "its name, usable in formulas", "项目行业")
    title_en: str = said("英文名称", "its English name", "industry of the project", "")
    by: Key = said("本台账中指向另一台账的字段（kind 为 entry）", "the field here that refers to the other row", "project")
    field: Key = said("取那一行的哪个字段", "the field there", "industry")


class Located(Shape):
    """Where rows lie, so that maps show them as points."""

    longitude: Key = said("经度字段（number，单位度，CGCS2000 或 WGS-84）", "the field with the longitude: a number, degrees, CGCS2000 or WGS-84", "longitude")
    latitude: Key = said("纬度字段（number）", "the field with the latitude: a number", "latitude")
    size: str = said("决定点大小的字段（money 或 number）", "the field that sizes a point: money or a number", "estimate", "")


class Timeline(Shape):
    """Which days of a row are a plan and which are what happened: what the view over time draws as two bars, one under the other."""

    plan: Words = said(
        "计划的起、止日期字段（只写一个为节点）", "the date fields of its planned first and last day; one alone is a single day",
        "[planned_start, planned_finish]", min_length=1, max_length=2,
    )  # fmt: skip
    actual: Words = said("实际的起、止日期字段；止日为空即仍在进行", "the same of what happened; without a last day it goes on", "[started_on, produced_on]", [], max_length=2)
    marks: Words = said("另标为节点的日期字段", "more date fields, drawn as single days", "[signed_on, landed_on]", [])


class Register(Shape):
    """A ledger of typed rows."""

    title: str = said("台账名称", "its name", "重大项目")
    title_en: str = said("英文名称", "its English name", "major projects", "")
    icon: Icon = said("菜单里的图标；不写时按台账的内容选一个", "its picture in the menu; by default one is chosen by what it holds", "target", "")
    key: Key = said("识别一行的字段", "the field that identifies a row", "code")
    name: str = said("作为标题显示的字段", "the field shown as its title", "name", "")
    numbered: str = said("自动编号格式：{年} 为登记年份，{号} 为当年顺序号（可写 {号:4} 补零）", "how keys are given when none is written", "XT-{年}-{号:4}", "")
    office: str = said("决定归属单位的字段（kind 为 office）", "the field that names the owning office", "county", "")
    enterprise: str = said("决定所属企业的字段：企业账号只看到自己的行", "the field that names the owning enterprise", "investor", "")
    located: Located | None = said("坐标字段：有坐标的行在地图上显示为点", "the fields that place its rows on a map", "{longitude: longitude, latitude: latitude}", None)
    recorded_by: Words = said("谁可以登记和修改（角色）", "the roles that may record and change its rows", "[officer]", ["officer"])
    changed_by: Words = said("登记以后谁可以修改、撤回和填报（角色）；默认同 recorded_by", "the roles that may change and withdraw rows; by default those of recorded_by", "[officer]", [])
    hand_in: Words = said("企业和公众提交时只问、也只收的字段；默认全部", "the only fields that an enterprise or a citizen is asked for and may give; by default all", "[matter, kind, detail]", [])
    recorded_on: str = said("登记日期字段（kind 为 date）：不填时取登记当天", "the date field that takes the day of recording where none is given", "filed_on", "")
    public: YesNo = said("是否向公众公开（个人信息除外）", "whether everybody may see it, personal data excepted", "yes", False)
    licence: str = said("公开数据的使用条件，随下载的数据写明", "the terms under which its open data may be used, written into every download", "注明出处后可以自由使用", "")
    licence_en: str = said("使用条件的英文", "the same terms in English", "free to use with the source named", "")
    fields: dict[Key, FieldShape] = said("字段", "its fields", "code: {title: 编码, kind: text}", min_length=1)
    figures: Figures | None = said("按期数值", "its figures by period", "{every: month, fields: …}", None)
    rollups: dict[Key, Rollup] = said("由下级台账或责任事项汇总的数", "values gathered from other rows", "failed: {…}", {})
    lookups: dict[Key, Lookup] = said("由所指向的行带出的数", "values read from the row referred to", "industry: {…}", {})
    timeline: Timeline | None = said(
        "哪些日期是计划、哪些是实际（时间轴视图）", "which dates are planned and which happened, for the view over time",
        "{plan: [planned_start, planned_finish], actual: [started_on, produced_on]}", None,
    )  # fmt: skip
    unique: list[Words] = said("不得重复的字段组合", "field groups that must be unique", "[[name, county]]", [])
    count: int = said("固定张数的台账应有的行数", "exact number of rows of a fixed-size list", "10", 0, ge=0)
    entry_gate: str = said("入账必须通过的条件（criteria 名）", "the criteria a row must pass to enter", "screening", "")
    always: str = said("登记和每次修改之后都必须成立的条件（criteria 名）", "the criteria a row passes after every change", "reasoned", "")
    board: Board | None = said("领导看板展示什么", "what a leader's board shows of it", "{figures: [city_done], monthly: completed}", None)
    duplicates: Duplicates | None = said(
        "凭什么看出两行是同一个，谁来认定", "what tells that two rows are one thing, and who says so", "{compare: {name: {as: organisation}}, basis: …}", None
    )
    read_in: ReadIn | None = said("怎样把一份文件读成一行行记录", "how a document becomes rows of it", "{document: document, file: file, …}", None)
    exit_gate: str = said("退出必须通过的条件（criteria 名）", "the criteria a row must pass to leave", "completed", "")
