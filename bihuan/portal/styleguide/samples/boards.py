"""Samples of what a leader sees: the board, and where a county's score comes from."""

from bihuan.portal.styleguide.samples.entries import MONTHS
from bihuan.portal.styleguide.samples.frame import Sample, Shaped, on
from bihuan.portal.styleguide.samples.workbenches import ALERTS

COLOURS = ["red", "yellow", "green", "blue", "grey"]
COUNTIES = [  # name, places moved, this year's rate, score, lights
    ("濮阳县", 1, 102.4, "93.6", (1, 1, 55, 4, 1)),
    ("华龙区", 0, 98.7, "91.2", (0, 3, 41, 5, 0)),
    ("南乐县", 2, 96.1, "88.9", (1, 1, 38, 2, 0)),
    ("清丰县", -1, 94.8, "87.4", (0, 1, 42, 3, 2)),
    ("范县", -2, 88.2, "81.5", (2, 0, 36, 1, 4)),
    ("台前县", None, 86.9, "79.8", (1, 0, 31, 2, 1)),
]


def _tint(rate: float) -> str:
    return "red" if rate < 88 else "yellow" if rate < 89.6 else ""


RANKING = {
    "title": "县区排名",
    "note": "综合得分 · 竖线为序时进度",
    "rate_title": "年度完成率",
    "scores": [{"title": "综合得分", "href": "#"}, {"title": "开工率排名", "href": "#"}],
    "rows": [
        {
            "rank": rank,
            "title": name,
            "href": "#",
            "lamp": {"colour": "green" if rank < 6 else "red", "text": "县区进度灯：投资完成率 96%"} if rank < 9 else None,
            "moved": moved,
            "fallen": -moved if moved and moved < 0 else 0,
            "score": score,
            "rate": {"actual": rate, "plan": 89.6, "colour": _tint(rate), "text": ""},
            "explain_href": "/styleguide/why/",
            "changes": ["投资完成率 +1.2 分（96.7% → 98.2%）", "新开工个数 −0.4 分（10 → 9）"] if moved else [],
            "lights": [{"colour": colour, "count": count, "href": "#"} for colour, count in zip(["red", "yellow"], lights, strict=False)],
        }
        for rank, (name, moved, rate, score, lights) in enumerate(COUNTIES, start=1)
    ],
}
MATRIX = {
    "title": "各县区灯态",
    "note": "点一格看项目",
    "colours": COLOURS,
    "rows": [
        {
            "title": name,
            "href": "#",
            "total": sum(lights),
            "cells": [
                {"colour": colour, "count": count, "href": "/styleguide/register/"} for colour, count in zip(COLOURS, lights, strict=True)
            ],
        }
        for name, _, _, _, lights in COUNTIES
    ],
    "totals": [sum(county[4][at] for county in COUNTIES) for at in range(5)],
    "total": sum(sum(county[4]) for county in COUNTIES),
    "lights": [{"title": "投资进度灯", "href": "#", "current": True}, {"title": "节点灯", "href": "#", "current": False}],
}
TREND = {
    "id": "trend",
    "title": "月度完成投资",
    "unit": "亿元",
    "labels": MONTHS[:11],
    "now": None,
    "note": None,
    "series": [
        {"name": "本年", "shape": "bar", "values": [15.2, 14.1, 26.8, 27.9, 29.4, 35.6, 28.3, 29.9, 33.7, 31.2, 19.6]},
        {"name": "上年", "shape": "dashed", "values": [13.8, 13.5, 24.1, 26.2, 26.9, 33.8, 27.5, 27.6, 30.9, 30.1, 29.2]},
    ],
}
RATES = {
    "id": "rates",
    "title": "三率对比",
    "unit": "%",
    "labels": [county[0] for county in COUNTIES],
    "now": None,
    "note": None,
    "series": [
        {"name": "签约开工率", "shape": "bar", "values": [92, 90, 88, 86, 80, 78]},
        {"name": "开工投产率", "shape": "bar", "values": [70, 66, 63, 64, 54, 52]},
        {"name": "投产达效率", "shape": "bar", "values": [85, 82, 79, 80, 73, None]},
    ],
}
FUNNEL = {
    "title": "督办闭环",
    "note": "本月 226 项",
    "rows": [
        {"title": title, "text": text, "note": note, "share": share, "href": "#", "why": False}
        for title, text, note, share in [
            ("交办", "226", "项", 100),
            ("承办", "219", "超时 2", 97),
            ("反馈", "192", "逾期 9", 85),
            ("核查", "165", "退回 6", 73),
            ("销号", "149", "65.9%", 66),
        ]
    ],
}
SQUARES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": county[0]},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[at % 3 + x, at // 3 + y] for x, y in [(0, 0), (0.96, 0), (0.96, 0.96), (0, 0.96), (0, 0)]]],
            },
        }
        for at, county in enumerate(COUNTIES)
    ],
}
"""Boundaries that are nobody's: six squares."""

AREAS = [
    {"name": name, "value": rate, "text": f"{rate}%", "band": band, "href": "#", "drawn": True}
    for (name, _, rate, _, _), band in zip(COUNTIES, ["1", "1", "2", "3", "low", "low"], strict=True)
]
APART = [{"name": "工业园区", "value": None, "text": "无数据", "band": "none", "href": "#", "drawn": False}]
MAP: Shaped = {
    "id": "map",
    "title": "项目分布",
    "note": "形状和颜色为灯态，大小为概算投资",
    "measure": "年度完成率",
    "areas": AREAS + APART,
    "apart": APART,
    "geometry": "/styleguide/map.json",
    "name": "squares",
    "sketch": True,
    "points": [
        {
            "name": f"示例项目{at}",
            "at": [at % 3 + 0.2 + at / 20, at // 3 + 0.3],
            "colour": colour,
            "word": word,
            "text": "3 亿元",
            "office": COUNTIES[at][0],
            "size": 0.2 + at / 8,
            "href": "#",
        }
        for at, (colour, word) in enumerate([("red", "红灯"), ("yellow", "黄灯"), ("green", "绿灯"), ("blue", "办结"), ("grey", "未评")])
    ],
    "legend": [{"band": "1", "text": "98.7% 至 102.4%"}, {"band": "low", "text": "低于 89.6%"}, {"band": "none", "text": "无数据"}],
    "lights": [{"colour": "red", "text": "红灯"}, {"colour": "yellow", "text": "黄灯"}],
}
BOARD: Shaped = {
    "board": {
        "title": "重大项目调度指挥",
        "on": on(0),
        "past": False,
        "seq": 4821,
        "today": on(0),
        "href": "#",
        "topics": [
            {"title": title, "href": "#", "current": not at} for at, title in enumerate(["项目总览", "三个一批", "要素保障", "督办闭环"])
        ],
    },
    "figures": [
        {"title": title, "text": text, "unit": unit, "note": note, "href": "#", "lights": lights, "why": not lights}
        for title, text, unit, note, lights in [
            ("在库项目", "268", "个", "省重点 42 · 市重点 226", []),
            ("总投资", "2,486.3", "亿元", "10 亿元以上 61 个", []),
            ("年度投资完成率", "92.7", "%", "序时 89.6%，高 3.1 个百分点", []),
            ("本年新开工", "87", "/ 104 个", "开工率 83.7% · 入统 71", []),
            (
                "灯态",
                "",
                "",
                "较上周 红 少 3 · 黄 多 2",
                [{"colour": "red", "count": 5}, {"colour": "yellow", "count": 6}, {"colour": "green", "count": 243}],
            ),
            ("督办按时办结率", "93.8", "%", "逾期 14 项，最长 21 天", []),
        ]
    ],
    "ranking": RANKING,
    "matrix": MATRIX,
    "trend": TREND,
    "lines": [
        {
            "title": title,
            "text": f"{actual}%",
            "actual": actual,
            "target": 85,
            "target_text": "本级目标 85%",
            "line": 75,
            "line_text": "省考核线 75%",
            "colour": colour,
            "group": "第十七期",
            "href": "/styleguide/why/",
        }
        for title, actual, colour in [("签约项目开工率", 86.4, ""), ("开工项目投产率", 61.9, "red"), ("投产项目达效率", 78.6, "yellow")]
    ],
    "rates": RATES,
    "funnel": FUNNEL,
    "map": MAP,
    "measures": [{"title": "年度完成率", "href": "#", "current": True}, {"title": "红灯数", "href": "#", "current": False}],
    "alerts": ALERTS,
    "since": None,
    "on": on(0),
}
SINCE: Shaped = {
    "ranks": [
        {"title": name, "rank_then": rank + (moved or 0), "score_then": "86.2", "rank_now": rank, "score_now": score, "moved": moved or 0}
        for rank, (name, moved, _rate, score, _lights) in enumerate(COUNTIES, start=1)
    ],
    "figures": [
        {"title": "年度投资完成率", "then": "74.1%", "now": "92.7%", "unit": "", "changed": True},
        {"title": "在库项目", "then": "268", "now": "268", "unit": "个", "changed": False},
    ],
    "light": "投资进度灯",
    "turns": [{"then": "yellow", "now": "red", "count": 2}, {"then": "red", "now": "green", "count": 7}, {"then": "", "now": "green", "count": 3}],
    "rows": [
        {"title": "示例项目一", "href": "#", "office": "濮阳县", "then": "yellow", "now": "red"},
        {"title": "示例项目二", "href": "#", "office": "范县", "then": "", "now": "green"},
    ],
    "more": 10,
}
PAST: Shaped = {
    **BOARD,
    "board": {**BOARD["board"], "past": True, "on": on(-120), "seq": 1207},
    "on": on(-120),
    "alerts": [],
    "since": SINCE,
}
PAGES = {
    "board": Sample("领导看板", "portal/board.html", BOARD),
    "board-then": Sample("那天的看板", "portal/board.html", PAST),
    "nothing-then": Sample("那天没有账", "portal/nothing_then.html", {"why": "账本从 2023-12-25 开始，那天还没有账。", "first": on(-700), "href": "#"}),
}
