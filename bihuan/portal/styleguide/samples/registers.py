"""Samples of lists: a register of projects, and the ledger."""

from typing import Any

from bihuan.portal.styleguide.samples.frame import Sample, Shaped, before, on
from bihuan.portal.styleguide.samples.workbenches import action

COUNTIES = ["华龙区", "清丰县", "南乐县", "范县", "台前县", "濮阳县"]
STATES = ["谋划", "签约", "前期", "开工", "在建", "投产"]
LIGHTS = [("red", "红灯", 5), ("yellow", "黄灯", 6), ("green", "绿灯", 15), ("blue", "办结", 2)]


def column(key: str, title: str, kind: str, unit: str = "", sort: str = "") -> Shaped:
    """One column; `sort` is "" (cannot), none, ascending or descending."""
    return {
        "key": key,
        "title": title,
        "kind": kind,
        "unit": unit,
        "sorted": "" if sort in {"", "none"} else sort,
        "sort_href": "?sort=" + key if sort else "",
    }


COLUMNS = [
    column("light", "灯态", "lamp", sort="none"),
    column("name", "项目", "name", sort="ascending"),
    column("county", "县区", "text"),
    column("state", "阶段", "tag"),
    column("total", "总投资", "number", "亿元", "none"),
    column("built", "形象进度", "progress"),
    column("year", "年度投资完成", "progress"),
    column("trend", "近六月", "trend"),
    column("next", "下一节点", "due"),
    column("gaps", "要素缺口", "tags"),
    column("leader", "包联领导", "text"),
    column("updated", "更新", "date"),
]


def project(colour: str, name: str, place: int, total: str, shares: tuple[float, float, float], days: int) -> Shaped:
    """One row; `shares` are built, planned and this year's per cent."""
    built, planned, year = shares
    tint = colour if colour in {"red", "yellow"} else ""
    gaps = {"red": [{"text": "资金", "tone": "red"}, {"text": "环评", "tone": "red"}], "yellow": [{"text": "能评", "tone": "yellow"}]}.get(
        colour
    )
    trend = [year / 12 * (1 + ((place + 1) * step) % 5 / 7) for step in range(1, 7)]
    cells: list[Any] = [
        {"colour": colour},
        {"text": name, "href": "/styleguide/entry/"},
        COUNTIES[place],
        {"text": STATES[(place + days) % len(STATES)]},
        total,
        {"actual": built, "plan": planned, "colour": tint},
        {"actual": year, "plan": 88, "colour": tint},
        trend,
        on(days),
        gaps,
        {"text": "王建峰", "note": "副市长"} if place == 0 else "刘海涛",
        before(place + 1, 9, 30),
    ]
    return {"key": f"PY2026-{place}{abs(days):02}", "id": place * 100 + abs(days), "title": name, "cells": cells}


PROJECTS = [
    project("yellow", "年产10万吨电子级碳酸酯项目", 0, "32.60", (71, 76.5, 80.1), -3),
    project("yellow", "高端石油钻采装备智能制造产业园", 0, "12.80", (51, 60, 79), 26),
    project("green", "低空经济产业示范基地（一期）", 0, "9.20", (5, 6, 56), 12),
    project("green", "实木家居智能化生产线改造", 1, "4.80", (48, 47, 90), 33),
    project("blue", "200兆瓦/400兆瓦时独立储能电站", 1, "6.10", (100, 100, 100.4), 34),
    project("yellow", "家居产业园污水集中处理厂扩建", 1, "2.20", (74, 80, 76), 61),
    project("red", "生物基可降解制品产业园标准厂房", 2, "8.60", (4, 16, 65), -11),
    project("green", "农作物秸秆综合利用热电联产", 2, "5.40", (78, 75, 94), 18),
    project("red", "环氧丙烷绿色工艺升级改造", 3, "16.90", (0, 8, 27), -9),
    project("green", "化工园区公用工程岛", 3, "11.20", (18, 15, 95), 5),
    project("red", "黄河滩区生态农业综合开发", 4, "3.90", (7, 20, 67), -11),
    project("green", "高纯电子化学品项目（二期）", 5, "13.50", (0, 0, 0), 2),
]
PROJECTS[-1]["cells"][6] = None
ROWS = {
    "total": 28,
    "sums": [{"title": "总投资", "text": "331.9", "unit": "亿元"}, {"title": "年度已完成", "text": "112.7", "unit": "亿元"}],
    "lights": [
        {"colour": colour, "text": text, "count": count, "chosen": colour == "yellow", "href": f"?light={colour}"}
        for colour, text, count in LIGHTS
    ],
    "chosen": [{"text": "总投资 ≥ 2 亿元", "href": "?"}, {"text": "黄灯", "href": "?"}],
    "keep": [{"name": "sort", "value": "name"}],
    "query": "sort=name",
    "density": "standard",
    "shape": "table",
    "choosing": [{"key": one["key"], "title": one["title"], "shown": True, "fixed": one["kind"] == "name"} for one in COLUMNS],
    "densities": [
        {"value": value, "text": text, "chosen": value == "standard"} for value, text in [("compact", "紧凑"), ("standard", "标准"), ("loose", "宽松")]
    ],
    "columns": COLUMNS,
    "rows": PROJECTS,
    "bulk": [
        {"title": "修改字段", "name": "change", "icon": "edit"},
        {"title": "办理", "name": "move", "icon": "checklist"},
        {"title": "指派", "name": "assign", "icon": "user"},
    ],
    "page": {"first": 1, "last": 12, "number": 1, "pages": 3, "before_href": "", "after_href": "?page=2"},
    "register": {
        "key": "major_projects.key_projects",
        "title": "重大项目总库",
        "note": "口径：总投资 2000 万元以上在库项目",
        "href": "/styleguide/register/",
        "rows_href": "/styleguide/register/",
    },
}
LIST_THEN = ROWS | {"bulk": [], "past": {"on": on(-30), "href": "#"}, "today": on(0), "asked": [{"name": "county", "value": "范县"}]}
REGISTER = ROWS | {
    "actions": [
        action("上传报表", "table-import", "/styleguide/upload/"),
        action("新建项目", "plus", "/styleguide/edit/", "primary", "drawer"),
    ],
    "views": [
        {"title": title, "href": "#", "by": "王建峰共享：本单位" if count == 9 else "", "count": count, "current": title == "全部项目"}
        for title, count in [
            ("全部项目", 268),
            ("红黄灯", 41),
            ("我包联的", 12),
            ("第十九期三个一批", 36),
            ("本月应开工", 9),
            ("七天未更新", 17),
        ]
    ],
    "save_view_href": "#",
    "shapes": [{"title": title, "icon": name, "href": "#", "current": name == "table"} for title, name in [("表格", "table"), ("地图", "map-2")]],
    "arrange_href": "#",
    "q": "",
    "bulk_href": "#",
    "bulk_export_href": "#",
    "filters": [
        {
            "name": "county",
            "title": "县区",
            "kind": "choice",
            "first": True,
            "options": [{"value": name, "text": name, "chosen": False} for name in COUNTIES],
        },
        {
            "name": "state",
            "title": "阶段",
            "kind": "choice",
            "first": True,
            "options": [{"value": name, "text": name, "chosen": False} for name in STATES],
        },
        {"name": "total", "title": "总投资", "kind": "money", "unit": "亿元", "first": False, "low": "2", "high": ""},
        {"name": "started", "title": "开工日期", "kind": "date", "unit": "", "first": False, "low": "", "high": ""},
        {
            "name": "chain",
            "title": "产业链",
            "kind": "choice",
            "first": False,
            "options": [{"value": "化工新材料", "text": "化工新材料", "chosen": False}],
        },
    ],
    "exports": [
        {"title": "Excel（当前列与筛选）", "href": "#"},
        {"title": "Excel（全部字段）", "href": "#"},
        {"title": "CSV", "href": "#"},
    ],
}
NONE_FOUND = REGISTER | {"rows": [], "total": 0, "chosen": []}

PAGES = {
    "register": Sample("台账列表", "portal/register.html", REGISTER, fragments={"rows": "portal/_rows.html"}),
    "list-then": Sample("台账在某一天", "portal/list_then.html", LIST_THEN, fragments={"rows": "portal/_rows.html"}),
    "register-empty": Sample("台账列表（空）", "portal/register.html", NONE_FOUND),
}
