"""Samples of what a leader carries, and of a row as it was."""

from bihuan.portal.styleguide.samples.frame import Sample, Shaped, on

ROW: Shaped = {
    "title": "年产10万吨电子级碳酸酯项目", "key": "P-2026-0017", "href": "#", "office": "范县", "colour": "red", "register": "重大项目", "state": "在建", "role": "包联领导",
}  # fmt: skip
LIST: Shaped = {
    "leader": {"name": "赵示例（市长）", "office": "濮阳市"},
    "draft_href": "#",
    "papers": [
        {"title": "赵示例同志责任清单", "href": "#", "number": "示重项责〔2026〕3号", "state": {"text": "已印发", "tone": "green"}, "on": on(-40)},
        {"title": "赵示例同志责任清单", "href": "#", "number": "", "state": {"text": "草稿", "tone": "yellow"}, "on": on(0)},
    ],
    "on": on(0),
    "counts": {"rows": 12, "red": 2, "yellow": 3, "open": 5, "over": 1},
    "rows": [ROW, {**ROW, "title": "灌区续建配套工程", "colour": "yellow"}, {**ROW, "title": "谋划中的项目", "colour": ""}],
    "rows_more": 9,
    "duties": [
        {"title": "三日反馈", "about": "督办事项一", "href": "#", "due": on(-2), "over": True, "who": "范县"},
        {"title": "项目月报", "about": "", "href": "", "due": None, "over": False, "who": "台前县"},
    ],
    "duties_more": 3,
    "named": [{**ROW, "title": "尽快协调用地", "register": "督办事项", "state": "已部署"}],
    "named_more": 1,
}
THEN: Shaped = {
    "entry": {"key": "P-2026-0017", "title": "年产10万吨电子级碳酸酯项目", "register": {"title": "重大项目", "href": "#"}},
    "on": on(-30),
    "today": on(0),
    "href": "#",
    "changed": 3,
    "state": {"text": "落地", "since": on(-60), "now": "开工", "changed": True, "withdrawn": False},
    "facts": [
        {"title": "概算投资", "text": "12 亿元", "now": "13 亿元", "changed": True},
        {"title": "建设单位", "text": "示例公司", "now": "示例公司", "changed": False},
        {"title": "开工日期", "text": None, "now": "2026-11-01", "changed": True},
    ],
    "figures": {
        "columns": [{"title": "计划完成投资", "unit": "万元"}, {"title": "实际完成投资", "unit": "万元"}],
        "rows": [{"period": "2026-10", "cells": [{"text": "800", "now": "800", "changed": False}, {"text": None, "now": "760", "changed": True}]}],
    },
    "lights": [{"title": "投资进度灯", "colour": "yellow", "because": "投资进度 86%", "basis": "第九条", "since": on(-40), "by_hand": True}],
    "people": [{"title": "包联领导", "text": "赵示例", "since": on(-90), "still": False}],
}
PAGES = {
    "entry-then": Sample("一行在某一天", "portal/entry_then.html", THEN),
    "duty-lists": Sample(
        "选择责任清单",
        "portal/duty_lists.html",
        {"leaders": [{"title": "赵示例（市长）", "note": "濮阳市", "count": 12, "href": "/styleguide/duty-list/"}]},
    ),
    "duty-list": Sample("责任清单", "portal/duty_list.html", LIST),
}
