"""Samples of everything a person fills in: rows, moves, figures, conflicts, uploads."""

from typing import Any

from bihuan.portal.styleguide.samples.entries import HEAD
from bihuan.portal.styleguide.samples.frame import Sample, Shaped, before

ENTRY = HEAD["entry"] | {"href": "/styleguide/entry/", "state_title": "现在的状态", "state": "在建", "note": ""}


def field(name: str, title: str, kind: str, value: Any = "", **more: Any) -> Shaped:
    """One field of a form, with every key its template reads."""
    empty = {
        "required": False,
        "readonly": False,
        "help": "",
        "error": "",
        "unit": "",
        "options": [],
        "at_least": "",
        "at_most": "",
        "pattern": "",
        "accept": "",
        "autocomplete": "",
        "several": False,
        "kept": [],
    }
    return empty | {"name": name, "title": title, "kind": kind, "value": value} | more


def options(*texts: str, chosen: str = "") -> list[Shaped]:
    """Choices, one of them taken."""
    return [{"value": text, "text": text, "chosen": text == chosen} for text in texts]


def form(submit: str, fields: list[Shaped], **more: Any) -> Shaped:
    """A form with every key its template reads."""
    empty = {
        "action": "#",
        "submit": submit,
        "danger": False,
        "cancel_href": "#",
        "note": "",
        "errors": [],
        "hidden": [{"name": "version", "value": "7"}],
        "files": False,
        "draft": "",
        "drafts_href": "",
    }
    return empty | {"fields": fields} | more


EDIT = {
    "heading": "修改：年产10万吨电子级碳酸酯项目",
    "lead": "PY2026-001 · 第 7 版",
    "form": form(
        "保存",
        [
            {"section": "基本情况"},
            field("name", "项目名称", "text", "年产10万吨电子级碳酸酯项目", required=True),
            field("code", "项目编码", "text", "PY2026-001", readonly=True, pattern=r"PY\d{4}-\d{3}"),
            field("county", "所在县区", "office", options=options("华龙区", "清丰县", "范县", chosen="华龙区"), required=True),
            field("industry", "行业", "choice", options=options("化工新材料", "装备制造", chosen="化工新材料")),
            field("labels", "标签", "choices", options=options("省重点", "三个一批", "灾后重建", chosen="省重点")),
            field("high_tech", "高技术项目", "yes_no", options=options("是", "否", chosen="是")),
            {"section": "投资与时间"},
            field(
                "total",
                "总投资",
                "money",
                "32600000",
                unit="万元",
                required=True,
                help="按备案证填写",
                error="总投资不能超过 1000000 万元。单位是万元，不是元。例：326000",
            ),
            field("started", "开工日期", "date", "2025-03-18"),
            field("built", "形象进度", "number", "71", unit="%", at_most="100"),
            field("permit", "备案证", "file", accept=".pdf", help="不超过 10 MB"),
            field("progress", "本期进展", "long_text", "主装置安装完成，进入电气仪表调试。"),
        ],
        errors=[{"name": "total", "text": "总投资不能超过 1000000 万元"}],
        files=True,
        note="保存后记入台账，原值保留",
    ),
}
MOVE = {
    "entry": ENTRY,
    "moves": [
        {"title": "投产", "to": "投产", "href": "#", "current": True, "refusals": []},
        {"title": "停工", "to": "停工", "href": "#", "current": False, "refusals": []},
        {
            "title": "达效",
            "to": "达产达效",
            "href": "",
            "current": False,
            "refusals": ["先要投产", "连续三个月入统产值达到设计产能 80% 以上，现在没有数"],
        },
    ],
    "form": form(
        "投产",
        [
            field("produced_on", "投产日期", "date", "2026-11-22", required=True),
            field("evidence", "投产证明", "file", required=True, accept="image/*,.pdf", several=True, kept=[{"value": "c0ffee", "title": "大门.jpg", "size": "1.2 MB"}]),
            field("reason", "说明", "long_text", help="写给审核人看"),
        ],
        files=True,
    ),
}
ASSIGN = {
    "heading": "改派：包联领导",
    "lead": "现任 王建峰，自 2025-03-18",
    "form": form(
        "改派",
        [
            field("member", "改为", "person", options=options("刘海涛", "张晓敏"), required=True),
            field("from_day", "自何日起", "date", "2026-11-23", required=True),
            field("reason", "理由", "long_text", required=True),
            field("approver", "批准人", "person", options=options("市长"), required=True),
        ],
    ),
}
OVERRIDE = {
    "heading": "人工设定：投资进度灯",
    "lead": "规则判定为黄灯。人工设定与规则并列显示，到期自动失效。",
    "form": form(
        "设定",
        [
            field("colour", "设为", "choice", options=options("绿灯", "红灯"), required=True),
            field("until", "有效至", "date", "2026-12-13", required=True),
            field("reason", "理由", "long_text", required=True),
        ],
        danger=True,
    ),
}
FIGURES = {
    "entry": ENTRY,
    "periods": [
        {"title": f"{month}月", "href": "#", "current": month == 11, "state": "full" if month < 10 else "part" if month == 10 else "none"}
        for month in range(6, 12)
    ],
    "form": form(
        "记入台账",
        [
            field("planned", "计划完成投资", "money", "6000", unit="万元", help="现在台账里：6,000，10月1日 陈晓"),
            field("completed", "实际完成投资", "money", "", unit="万元", required=True, help="上月 8,000；含设备购置"),
        ],
    ),
}
CONFLICT = {
    "heading": "这一行刚刚被别人改过",
    "theirs": {"who": "陈晓", "office": "华龙区发改委", "at": before(0, 9, 58), "seq": 48211, "href": "#"},
    "fields": [
        {
            "name": "name",
            "title": "项目名称",
            "mine": "年产10万吨电子级碳酸酯项目",
            "theirs": "年产10万吨电子级碳酸酯项目",
            "before": "年产10万吨电子级碳酸酯项目",
            "differs": False,
            "mine_value": "",
            "theirs_value": "",
        },
        {
            "name": "total",
            "title": "总投资（万元）",
            "mine": "326,000",
            "theirs": "330,000",
            "before": "320,000",
            "differs": True,
            "mine_value": "326000",
            "theirs_value": "330000",
        },
        {
            "name": "permit",
            "title": "能评批复",
            "mine": None,
            "theirs": "2026-11-20",
            "before": None,
            "differs": True,
            "mine_value": "",
            "theirs_value": "2026-11-20",
        },
    ],
    "action": "#",
    "hidden": [{"name": "version", "value": "8"}],
    "cancel_href": "/styleguide/entry/",
}
SHEETS = [
    {
        "title": "月度投资报表",
        "note": "项目总库 · 每月 5 日前",
        "template_href": "#",
        "href": "/styleguide/upload/",
        "current": True,
        "last": {"at": before(20, 16, 30), "who": "陈晓"},
    },
    {"title": "要素保障需求表", "note": "要素保障 · 随时", "template_href": "#", "href": "#", "current": False, "last": None},
]
UPLOAD = {
    "sheets": SHEETS,
    "sheet": {
        "title": "月度投资报表",
        "action": "#",
        "limits": "xlsx 或 csv，不超过 5 MB、5000 行",
        "errors": [],
        "periods": [
            {"value": "2026-11", "text": "2026年11月", "chosen": True},
            {"value": "2026-10", "text": "2026年10月", "chosen": False},
        ],
        "columns": [
            {"title": "项目编码", "unit": "", "required": True, "help": "例：PY2026-001"},
            {"title": "项目名称", "unit": "", "required": False, "help": "仅供核对，不改动台账"},
            {"title": "计划完成投资", "unit": "万元", "required": False, "help": "大于等于 0"},
            {"title": "实际完成投资", "unit": "万元", "required": True, "help": "当月数，不是累计数"},
        ],
    },
}
GRID = {
    "note": "前 4 行",
    "columns": ["A", "B", "C", "D"],
    "head_row": 1,
    "heads": ["项目编码", "项目名称", "计划完成投资", "实际完成投资"],
    "rows": [
        {"number": number, "cells": [{"text": text, "state": state, "note": note} for text, state, note in row]}
        for number, row in enumerate(
            [
                [("PY2026-001", "", ""), ("电子级碳酸酯", "", ""), ("6000", "", ""), ("8,300.00", "changed", "原值 7,900")],
                [("PY2026-002", "", ""), ("钻采装备产业园", "", ""), ("1200", "", ""), ("八百", "wrong", "不是数")],
                [("PY2026-0O3", "wrong", "没有这个编码"), ("第三水厂", "", ""), ("", "", ""), ("300", "", "")],
                [("PY2026-004", "", ""), ("低空经济基地", "", ""), ("500", "", ""), ("50000", "odd", "是上月的 98 倍")],
            ],
            start=2,
        )
    ],
}
PROBLEMS = [
    {
        "cell": "D3",
        "where": "高端石油钻采装备智能制造产业园",
        "column": "实际完成投资",
        "value": "八百",
        "text": "不是数",
        "fix": "写成 800",
        "grave": True,
    },
    {
        "cell": "A4",
        "where": "第 4 行",
        "column": "项目编码",
        "value": "PY2026-0O3",
        "text": "台账里没有这个编码；第 9 个字是字母 O，不是零",
        "fix": "最接近的是 PY2026-003 城区第三水厂",
        "grave": True,
    },
    {
        "cell": "D5",
        "where": "低空经济产业示范基地",
        "column": "实际完成投资",
        "value": "50000",
        "text": "是上月 510 的 98 倍",
        "fix": "如果单位填成了元，请改为万元",
        "grave": False,
    },
]
CHECK = {
    "file": {"name": "11月投资报表.xlsx", "sheet": "华龙区", "rows": 9},
    "tally": [{"title": "行有变化", "count": 3, "tone": "blue"}, {"title": "行不能入账", "count": 2, "tone": "red"}],
    "counts": {"changes": 9, "same": 18, "refused": sum(bool(one["grave"]) for one in PROBLEMS)},
    "problems": PROBLEMS,
    "refused": True,
    "needs_reason": False,
    "grid": GRID,
    "changes": [],
    "more_changes": 0,
    "confirm_href": "#",
    "hidden": [],
    "again_href": "/styleguide/upload/",
}
CHANGES = [
    {"title": "年产10万吨电子级碳酸酯项目", "period": "2026-11", "column": "实际完成投资", "old": "7,900", "new": "8,300", "cell": "D2"},
    {"title": "高端石油钻采装备智能制造产业园", "period": "2026-11", "column": "实际完成投资", "old": None, "new": "800", "cell": "D3"},
]
READY = CHECK | {
    "problems": PROBLEMS[2:],
    "refused": False,
    "changes": CHANGES,
    "more_changes": 7,
    "hidden": [{"name": "upload", "value": "312"}],
}
DONE = {
    "event": {"seq": 48214, "href": "#", "hash": "5be1f0c47d0d1a9e6b2f80c3"},
    "counts": {"changes": 9, "rows": 9},
    "register_href": "/styleguide/register/",
    "again_href": "/styleguide/upload/",
    "turned": [
        {
            "title": "年产10万吨电子级碳酸酯项目",
            "href": "/styleguide/entry/",
            "from_colour": "yellow",
            "to_colour": "green",
            "because": "年度投资完成率 96.2%，高于 95%",
        }
    ],
}

PAGES = {
    "edit": Sample("填写一行", "portal/edit.html", EDIT, drawer=True),
    "move": Sample("办理", "portal/move.html", MOVE, drawer=True),
    "assign": Sample("改派", "portal/edit.html", ASSIGN, drawer=True),
    "override": Sample("人工设定", "portal/edit.html", OVERRIDE, drawer=True),
    "figures": Sample("填报数", "portal/figures.html", FIGURES, drawer=True),
    "conflict": Sample("冲突", "portal/conflict.html", CONFLICT, drawer=True),
    "upload": Sample("上传", "portal/upload.html", UPLOAD),
    "upload-choose": Sample("上传（未选表）", "portal/upload.html", UPLOAD | {"sheet": None}),
    "upload-check": Sample("核对（拒收）", "portal/upload_check.html", CHECK),
    "upload-ready": Sample("核对（可入账）", "portal/upload_check.html", READY),
    "upload-done": Sample("已入账", "portal/upload_done.html", DONE),
}
