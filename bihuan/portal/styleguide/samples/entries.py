"""Samples of one entry's page: its head, and each of its tabs."""

from bihuan.portal.styleguide.samples.frame import Sample, Shaped, before, on
from bihuan.portal.styleguide.samples.registers import column
from bihuan.portal.styleguide.samples.workbenches import DUTIES, action

MONTHS = [f"{month}月" for month in range(1, 13)]
PLAN = [0.6, 1.2, 2.1, 3.2, 4.3, 5.5, 6.6, 7.7, 8.8, 9.8, 10.69, 12.4]
ACTUAL = [0.5, 1.1, 2.0, 3.3, 4.5, 5.6, 6.5, 7.3, 8.2, 9.1, 9.93]
CHART = {
    "id": "investment",
    "title": "投资：计划与实际",
    "unit": "亿元",
    "labels": MONTHS,
    "now": 10,
    "note": {"index": 10, "series": "累计实际", "text": "9.93，少 0.76"},
    "series": [
        {
            "name": "当月完成",
            "shape": "faint",
            "values": [*[round(now - was, 2) for was, now in zip([0.0, *ACTUAL], ACTUAL, strict=False)], None],
        },
        {"name": "累计计划", "shape": "dashed", "values": PLAN},
        {"name": "累计实际", "shape": "line", "values": [*ACTUAL, None]},
    ],
}


def fact(title: str, text: str | None, note: str = "", href: str = "") -> Shaped:
    """One fact of the head."""
    return {"title": title, "text": text, "note": note, "href": href}


def change(title: str, old: str | None, new: str | None, href: str = "") -> Shaped:
    """One field that an event changed."""
    return {"title": title, "old": old, "new": new, "href": href}


HISTORY: list[Shaped] = [
    {
        "seq": 48102,
        "at": before(0, 9, 12),
        "what": "更新 11 月投资完成",
        "who": "陈晓",
        "office": "企业填报员",
        "by_rule": False,
        "tone": "",
        "reason": "",
        "changes": [change("累计完成", "22.73 亿元", "23.15 亿元", "/styleguide/why/")],
        "source": {"text": "11月投资报表.xlsx C17", "href": "#"},
        "hash": "9f3a77c0d2e21c",
        "href": "#",
    },
    {
        "seq": 48090,
        "at": before(0, 6, 0),
        "what": "灯态由绿转黄",
        "who": "规则引擎",
        "office": "",
        "by_rule": True,
        "tone": "",
        "reason": "",
        "changes": [change("投资进度灯", "绿灯", "黄灯")],
        "source": {"text": "重大项目 第 12 版", "href": ""},
        "hash": "77b0a1904d19",
        "href": "#",
    },
    {
        "seq": 47911,
        "at": before(1, 21, 40),
        "what": "统计联网数据不一致",
        "who": "数据质检",
        "office": "",
        "by_rule": True,
        "tone": "red",
        "reason": "",
        "changes": [change("联网完成", None, "9.51 亿元")],
        "source": {"text": "统计联网", "href": ""},
        "hash": "c15e220008aa",
        "href": "#",
    },
    {
        "seq": 47650,
        "at": before(7, 11, 5),
        "what": "调整“联合试车”计划",
        "who": "刘工",
        "office": "华龙区发改委",
        "by_rule": False,
        "tone": "",
        "reason": "蒸汽外网迟供，经审批",
        "changes": [change("计划完成", "11-10", "11-20"), change("备注", "已排期", None)],
        "source": {"text": "节点变更单 BG-0087", "href": "#"},
        "hash": "40dd71ee93c6",
        "href": "#",
    },
]
LIGHTS = [
    {
        "title": "投资进度灯",
        "colour": "yellow",
        "because": "年度投资完成率 80.1%，低于序时进度 6.1 个百分点，5 至 10 个百分点为黄灯",
        "basis": "《重大项目调度办法》第九条",
        "since": on(0),
        "changes_on": on(8),
        "why_href": "/styleguide/why/",
        "by_hand": None,
        "override_href": "/styleguide/override/",
    },
    {
        "title": "节点灯",
        "colour": "green",
        "because": "“联合试车”节点逾期 3 天，7 天以内",
        "basis": "《重大项目调度办法》第十一条",
        "since": on(-3),
        "changes_on": None,
        "why_href": "/styleguide/why/",
        "by_hand": {"name": "王建峰", "reason": "外网蒸汽 11 月 25 日恢复", "until": on(20), "rule_colour": "yellow"},
        "override_href": "",
    },
]
HEAD: Shaped = {
    "entry": {
        "key": "PY2026-001",
        "title": "年产10万吨电子级碳酸酯项目",
        "register": {"title": "项目总库", "href": "#"},
        "colour": "yellow",
        "colour_text": "黄灯 · 滞后预警",
        "withdrawn": False,
        "merged": None,
    },
    "tags": [
        {"text": "在建", "tone": ""},
        {"text": "省重点", "tone": "blue"},
        {"text": "三个一批 · 第十七期", "tone": "blue"},
        {"text": "化工新材料链", "tone": ""},
    ],
    "actions": [
        action("办理", "checklist", "/styleguide/move/", "drawer"),
        action("改派", "user", "/styleguide/assign/", "drawer"),
        action("修改", "edit", "/styleguide/edit/", "drawer"),
        action("填报进展", "chart-line", "/styleguide/figures/", "primary", "drawer"),
    ],
    "origin": {"session": "第 41 次周调度会", "href": "#", "matter": "征迁滞后"},
    "facts": [
        fact("总投资", "32.60", "亿元"),
        fact("年度计划 / 已完成", "12.40 / 9.93", "亿元"),
        fact("累计完成投资", "23.15", "亿元（71.0%）"),
        fact("开工 / 计划投产", "2025-03-18 / 2027-03-31"),
        fact("建设单位", "中原澄化新材料有限公司", href="#"),
        fact("建设地点", "华龙区 · 新材料园区"),
        fact("包联领导", "王建峰", "副市长"),
        fact("责任单位", "华龙区人民政府"),
        fact("行业主管", "市工业和信息化局"),
        fact("首席服务员", "李志远", "139****2716"),
        fact("统计入库", "已入统", "2025-04"),
        fact("能评批复", None),
    ],
    "steps": [
        {"title": title, "note": note, "state": state}
        for title, note, state in [
            ("谋划", "2024-03-06", "done"),
            ("签约", "2024-06-28 · 114 天", "done"),
            ("前期手续", "8/8 项 · 263 天", "done"),
            ("开工", "2025-03-18", "done"),
            ("在建", "第 615 天 · 71%", "now"),
            ("投产", "计划 2027-03-31", "ahead"),
            ("达产达效", "计划 2027-12", "ahead"),
        ]
    ],
    "lights": LIGHTS,
    "quiet": [light for light in LIGHTS if light["colour"] == "green"],
}
TABS = [
    ("overview", "概览", None),
    ("figures", "数", 11),
    ("policies", "惠企政策", None),
    ("quotas", "额度分配", None),
    ("children", "下级台账", 14),
    ("duties", "任务", 5),
    ("files", "文档", 31),
    ("history", "留痕", 146),
]
MILESTONES = {
    "months": MONTHS,
    "today": 89.5,
    "href": "#",
    "rows": [
        {
            "title": "主体结构封顶",
            "who": "施工单位",
            "text": "3-31 / 3-28",
            "colour": "blue",
            "plan": {"from": 6, "span": 18},
            "actual": {"from": 6, "span": 17},
        },
        {
            "title": "主装置设备到货",
            "who": "赵工",
            "text": "6-30 / 7-06",
            "colour": "blue",
            "plan": {"from": 28, "span": 21},
            "actual": {"from": 29, "span": 22},
        },
        {
            "title": "工艺管道安装",
            "who": "赵工",
            "text": "9-15 / 9-20",
            "colour": "blue",
            "plan": {"from": 47, "span": 23},
            "actual": {"from": 49, "span": 23},
        },
        {
            "title": "电气仪表调试",
            "who": "刘工",
            "text": "10-31 / 进行 86%",
            "colour": "yellow",
            "plan": {"from": 69, "span": 14},
            "actual": {"from": 71, "span": 18.5},
        },
        {
            "title": "联合试车",
            "who": "刘工",
            "text": "11-20 / 逾期 3 天",
            "colour": "yellow",
            "plan": {"from": 82, "span": 7},
            "actual": None,
        },
        {
            "title": "消防与环保专项验收",
            "who": "李志远",
            "text": "12-20 / 未启动",
            "colour": "grey",
            "plan": {"from": 90, "span": 7},
            "actual": None,
        },
    ],
}
OVERVIEW = {
    "chart": CHART,
    "chart_note": "累计与当月，亿元",
    "milestones": MILESTONES,
    "related": [
        {"title": "用地", "colour": "green", "text": "已供地 386 亩", "note": "不动产权证 2025-0317", "href": "#"},
        {"title": "能评", "colour": "yellow", "text": "缺 2 件", "note": "节能验收材料，限 11月28日", "href": "#"},
        {"title": "资金", "colour": "green", "text": "到位 92%", "note": "银团贷款 18 亿元", "href": "#"},
    ],
    "issues": [
        {
            "colour": "red",
            "title": "园区蒸汽压力不稳影响试车",
            "note": "企业诉求 SQ-1109-02 · 园区管委会 · 限 11月21日",
            "side": "逾期 2 天",
            "href": "#",
        },
        {"colour": "yellow", "title": "节能验收缺能源计量器具台账", "note": "市发改委环资科 · 限 11月28日", "side": "承办中", "href": "#"},
    ],
    "issues_href": "#",
    "history": HISTORY,
    "history_href": "/styleguide/entry-history/",
    "history_count": 146,
}
FIGURES = {
    "chart": CHART,
    "chart_note": "累计与当月，亿元",
    "figures": {
        "title": "按月填报",
        "note": "点一个数，看它从哪来",
        "columns": [{"title": "计划完成投资", "unit": "万元"}, {"title": "实际完成投资", "unit": "万元"}],
        "rows": [
            *[
                {
                    "period": f"2026年{month}",
                    "total": False,
                    "cells": [
                        {"text": "6,000", "href": "", "note": ""},
                        {
                            "text": None if at == 3 else f"{5000 + at * 310:,}",
                            "href": "/styleguide/why/",
                            "note": "更正 1 次" if at == 5 else "",
                        },
                    ],
                }
                for at, month in enumerate(MONTHS[:11])
            ],
            {
                "period": "合计",
                "total": True,
                "cells": [{"text": "66,000", "href": "", "note": ""}, {"text": "61,140", "href": "", "note": ""}],
            },
        ],
        "record_href": "/styleguide/figures/",
        "uploads_href": "/styleguide/upload/",
    },
}
CHILDREN = {
    "children": [
        {
            "title": "节点计划",
            "href": "#",
            "count": 2,
            "add_href": "#",
            "columns": [
                column("light", "灯态", "lamp"),
                column("name", "节点", "name"),
                column("due", "期限", "due"),
                column("cost", "费用", "number", "万元"),
            ],
            "rows": [
                {"key": "1", "title": "联合试车", "cells": [{"colour": "yellow"}, {"text": "联合试车", "href": "#"}, on(-3), "1,200"]},
                {"key": "2", "title": "验收", "cells": [{"colour": "grey"}, {"text": "消防与环保专项验收", "href": "#"}, on(27), None]},
            ],
        },
        {"title": "协调记录", "href": "#", "count": 0, "add_href": "", "columns": [], "rows": []},
    ]
}

def _policy(title: str, amount: str, said: str, *reasons: tuple[str, str]) -> Shaped:
    shown = [{"icon": icon, "said": words, "basis": "第八条"} for icon, words in reasons]
    return {"title": title, "amount": amount, "said": said, "basis": "演示金额", "reasons": shown}


POLICIES = {
    "policies": {
        "all_href": "#",
        "gets": [
            _policy("企业研发费用补助", "20万元", "", ("check", "研发占比达线：满足（研发占比 4%，要求不低于 3%）"), ("check", "严重失信主体：未触发一票否决")),
            _policy("一次性扩岗补助", "6,000元", "", ("check", "新招高校毕业生：满足（新招高校毕业生 4人，要求不低于 1人）")),
        ],
        "near": [
            _policy("省级专精特新中小企业奖励", "", "从事细分市场满两年：不满足（从事细分市场年限 1年，要求不低于 2年，相差 1年）", ("x", "从事细分市场满两年：不满足")),
        ],
        "asks": [{"fact": "2024 研发人员", "unlocks": "首次认定高新技术企业奖励", "concerns": 2}, {"fact": "占用土地", "unlocks": "", "concerns": 1}],
        "unknown": [_policy("首次认定高新技术企业奖励", "", "", ("alert-circle", "研发人员占比不低于 10%：缺数据，无法判断"))],
        "others": [_policy("大型企业稳岗返还", "", "", ("x", "大型企业：不满足"))],
    }
}
FILES = {
    "files": [
        {"title": "11月投资报表.xlsx", "href": "#", "note": "华龙区 · 9 个项目", "at": before(0, 9, 12), "kind": "sheet"},
        {"title": "豫环审〔2024〕88号.pdf", "href": "#", "note": "环评批复", "at": before(420), "kind": "file"},
    ]
}


def _page(tab: str, body: Shaped) -> Shaped:
    tabs = [
        {
            "key": key,
            "title": title,
            "href": f"/styleguide/entry-{key}/" if key != "overview" else "/styleguide/entry/",
            "count": count,
            "current": key == tab,
        }
        for key, title, count in TABS
    ]
    return HEAD | body | {"tab": tab, "tabs": tabs}


QUOTAS = {
    "quotas": [
        {
            "allocation": "新增建设用地指标分配方案（2025-11-26）", "state": "已确认", "href": "#", "place": 2, "outcome": "放不下", "tone": "red", "asked": "204.00亩",
            "amount": "—", "because": "用地优先分 30分，排第 2，申请 204.00亩；可用 119.00亩，放不下；此前已配给 1 件共 141.00亩：YD-2025-0012 141.00亩",
        }
    ]
}  # fmt: skip

PAGES = {
    "entry": Sample("一条记录", "portal/entry.html", _page("overview", OVERVIEW)),
    "entry-figures": Sample("一条记录：数", "portal/entry.html", _page("figures", FIGURES)),
    "entry-children": Sample("一条记录：下级台账", "portal/entry.html", _page("children", CHILDREN)),
    "entry-policies": Sample("一条记录：惠企政策", "portal/entry.html", _page("policies", POLICIES)),
    "entry-quotas": Sample("一条记录：额度分配", "portal/entry.html", _page("quotas", QUOTAS)),
    "entry-duties": Sample("一条记录：任务", "portal/entry.html", _page("duties", {"duties": DUTIES[:3], "closed": DUTIES[8:]})),
    "entry-files": Sample("一条记录：文档", "portal/entry.html", _page("files", FILES)),
    "entry-history": Sample("一条记录：留痕", "portal/entry.html", _page("history", {"history": HISTORY, "more_href": "#"})),
}
