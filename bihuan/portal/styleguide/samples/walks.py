"""Samples of the walk of a number, and of the ledger it ends in."""

from bihuan.portal.styleguide.samples.entries import HISTORY, MONTHS
from bihuan.portal.styleguide.samples.forms import field, options
from bihuan.portal.styleguide.samples.frame import Sample, before, on

WALK = {
    "answer": {"title": "年度投资完成率", "text": "80.1%", "note": "2026年1—10月", "more": ["再得 4.2 分可超过南乐县（第 3 名）"]},
    "verdict": {
        "title": "投资进度灯",
        "colour": "yellow",
        "because": "年度投资完成率 80.1%，低于序时进度 6.1 个百分点",
        "since": on(0),
        "changes_on": on(8),
        "judged_at": before(0, 6, 0),
        "turns_to": {"colour": "red", "because": "停留 31 天，超过上限 30 天"},
        "by_hand": None,
    },
    "rule": {
        "title": "投资进度灯",
        "text": "按年度投资完成率与序时进度之差分色。",
        "basis": "《重大项目调度办法》第九条（2025 年修订）",
        "quote": "低于序时进度五个百分点以内的为绿灯，五至十个百分点的为黄灯，超过十个百分点的为红灯。",
        "in_force_from": "2025年1月",
        "version": "规则第 12 版",
        "href": "#",
        "bands": [
            {"colour": "green", "text": "差 5 个百分点以内", "hit": False},
            {"colour": "yellow", "text": "5 至 10", "hit": True},
            {"colour": "red", "text": "超过 10", "hit": False},
        ],
    },
    "steps": [
        {
            "formula": {
                "title": "年度投资完成率",
                "text": "合计(实际完成投资) / 年度计划投资",
                "original": "",
                "placed": "99,300 万元 / 124,000 万元",
                "result": "80.1%",
                "missing": ["缺 2026-04 实际完成投资，按 0 计入"],
            },
            "rows": {
                "heading": "用到的数",
                "title": "2026 年 1 至 11 月",
                "head": "期间",
                "sourced": False,
                "columns": [{"title": "计划", "unit": "万元", "numeric": True}, {"title": "实际", "unit": "万元", "numeric": True}],
                "more": 5,
                "rows": [
                    {
                        "title": month,
                        "note": "",
                        "href": "",
                        "source": None,
                        "cells": [
                            {"text": "6,000", "href": "", "numeric": True},
                            {"text": None if at == 3 else f"{5000 + at * 800:,}", "href": "#", "numeric": True},
                        ],
                        "hit": at == 5,
                    }
                    for at, month in enumerate(MONTHS[:6])
                ],
                "total": ["124,000", "99,300"],
            },
        }
    ],
    "figure": {
        "title": "实际完成投资",
        "period": "2026年11月",
        "text": "8,300",
        "unit": "万元",
        "history": [{"text": "7,900", "at": before(3, 15, 20), "who": "陈晓"}],
    },
    "event": {
        "seq": 48102,
        "at": before(0, 9, 12),
        "who": "陈晓",
        "office": "华龙区发改委",
        "what": "更新 11 月投资完成",
        "hash": "9f3a77c0d2e21c5be1f0c47d0d1a9e6b",
        "before_hash": "77b0a1904d195be1f0c47d0d1a9e6b2f",
        "intact": True,
        "href": "/styleguide/ledger/",
    },
    "cell": {
        "file": "11月投资报表.xlsx",
        "href": "#",
        "sheet": "华龙区",
        "cell": "D2",
        "raw": "8,300.00",
        "at": before(0, 9, 11),
        "who": "陈晓",
    },
}
EVENTS = {"events": HISTORY, "page": {"first": 1, "last": 4, "number": 1, "pages": 12054, "before_href": "", "after_href": "?before=47650"}}
LEDGER = EVENTS | {
    "chain": {
        "seq": 48213,
        "hash": "5be1f0c47d0d1a9e6b2f80c3",
        "algorithm": "SM3",
        "checked_at": before(0, 6, 0),
        "checked_to": 48090,
        "intact": True,
        "broken": "",
        "verify_href": "#",
        "seals": [{"seq": 48000, "at": before(2, 0, 5), "hash": "e8c2447a1f53", "witness": "已抄送市审计局"}],
    },
    "filters": [
        field("q", "项目、单位、人员或编号", "search"),
        field("kind", "全部种类", "choice", options=options("填报", "流转", "判定", "改派")),
        field("office", "全部单位", "office", options=options("华龙区", "清丰县")),
    ],
    "events_href": "/styleguide/ledger/",
    "href": "/styleguide/ledger/",
}

PAGES = {
    "why": Sample(
        "数的来历",
        "portal/why.html",
        {"heading": "为什么是黄灯", "entry": {"title": "年产10万吨电子级碳酸酯项目", "href": "/styleguide/entry/"}, "walk": WALK},
        drawer=True,
    ),
    "why-then": Sample(
        "数在那天的来历",
        "portal/why.html",
        {"heading": "为什么是黄灯", "entry": {"title": "年产10万吨电子级碳酸酯项目", "href": "/styleguide/entry/"}, "walk": WALK, "past": {"on": on(-30), "href": "#"}},
        drawer=True,
    ),
    "ledger": Sample("账本", "portal/ledger.html", LEDGER, fragments={"events": "portal/_events.html"}),
}
