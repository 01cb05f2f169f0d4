"""A sample of the page on which many rows are filled in."""

from bihuan.portal.filling import said
from bihuan.portal.styleguide.samples.frame import Sample, Shaped

ROWS = (
    ("PY2026-001", "年产10万吨电子级碳酸酯项目", "华龙区", "32.6", "11.1"), ("PY2026-002", "高端石油钻采装备智能制造产业园", "华龙区", "12.8", "12.2"),
    ("PY2026-005", "智慧物流枢纽与冷链集散中心", "华龙区", "7.5", ""), ("PY2026-006", "实木家居智能化生产线改造", "清丰县", "4.8", "2.5"),
)  # fmt: skip
FIELDS: list[Shaped] = [
    {"key": key, "title": title, "unit": "亿元", "kind": "money", "required": False, "help": "", "options": [], "sum": True}
    for key, title in (("planned", "计划完成投资"), ("completed", "实际完成投资"))
]


def line(key: str, title: str, office: str, planned: str, completed: str) -> Shaped:
    """One row, for the grid and for readers without scripts."""
    now = {"planned": planned, "completed": completed}
    grid = {"key": key, "title": title, "href": "#", "office": office, "state": "在建", "now": now, "before": {"planned": "10", "completed": "9.5"}}
    return {"key": key, "title": title, "note": office, "href": "#", "cells": [{"field": name, "text": text} for name, text in now.items()], "grid": grid}


LINES = [line(*row) for row in ROWS]
FILL = {
    "heading": "2026年11月填报",
    "register": {"title": "重大项目库", "href": "/styleguide/register/"},
    "action": "#",
    "ways": [{"title": "按期数值", "href": "#", "current": True}, {"title": "基本信息", "href": "#", "current": False}],
    "periods": [{"value": "2026-11", "text": "2026年11月", "chosen": True}, {"value": "2026-10", "text": "2026年10月", "chosen": False}],
    "ranges": [{"value": "owing", "text": "本期应报的（4）", "chosen": True}, {"value": "all", "text": "职责范围内全部", "chosen": False}],
    "choices": [],
    "keep": [],
    "chosen": ["华龙区"],
    "frozen": True,
    "fields": [{"title": field["title"], "unit": field["unit"]} for field in FIELDS],
    "lines": LINES,
    "page": {"first": 1, "last": 4, "total": 4, "before_href": "", "after_href": ""},
    "grid": {
        "post": "#", "drafts": "/styleguide/drafts/", "page": "sample", "of": "figures", "period": "2026-11", "fields": FIELDS, "rows": [one["grid"] for one in LINES],
        "words": said(),
    },
}  # fmt: skip

PAGES = {
    "fill": Sample("表格填报", "portal/fill.html", FILL),
    "fill-none": Sample("表格填报（没有行）", "portal/fill.html", FILL | {"lines": [], "ranges": [], "frozen": False}),
}
