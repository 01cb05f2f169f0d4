"""Samples of a register's other views, and of doing one thing to many rows."""

from bihuan.portal.styleguide.samples.boards import MAP
from bihuan.portal.styleguide.samples.frame import AT, Sample, Shaped, before, on
from bihuan.portal.styleguide.samples.registers import COUNTIES, REGISTER, STATES

SHAPES = [("表格", "table"), ("阶段", "layout-kanban"), ("甘特", "calendar-stats"), ("地图", "map-2")]


def shaped(at: int, shape: str, more: Shaped) -> Shaped:
    """The register in another of its views."""
    chosen = [{"title": title, "icon": name, "href": "#", "current": place == at} for place, (title, name) in enumerate(SHAPES)]
    return REGISTER | {"shape": shape, "shapes": chosen, **more}


def card(place: int, colour: str, title: str) -> Shaped:
    """One row as a card."""
    facts = [{"title": "县区", "text": COUNTIES[place]}, {"title": "总投资", "text": f"{3 + place}.60 亿元"}]
    lamps = [{"colour": colour, "text": "", "by_hand": ""}]
    move_href = "#" if place != 2 else ""
    return {"title": title, "key": f"PY2026-{place:03}", "href": "#", "lamps": lamps, "facts": facts, "due": on(place - 1), "move_href": move_href}


STAGES = shaped(1, "stages", {
    "stages": [
        {
            "key": f"s{place}", "title": title, "count": 12 * place, "more": max(0, 12 * place - 2), "href": "#", "final": title == "投产",
            "cards": [card(1, "green", "食用菌工厂化生产及深加工"), card(2, "red", "生物基可降解制品产业园标准厂房")] if place else [],
        }
        for place, title in enumerate(STATES)
    ],
})  # fmt: skip


def bar(start: float, span: float) -> Shaped:
    """A bar, in per cent of the width."""
    return {"from": start, "span": span, "single": span == 0}


def gantt_line(title: str, bars: tuple[Shaped | None, Shaped | None], late: bool, words: str) -> Shaped:  # noqa: FBT001
    """One row of the view over time."""
    plan, actual = bars
    marks = [{"at": 20.5, "text": "签约日期 2026-03-01"}]
    return {
        "title": title, "key": title, "href": "#", "late": late, "words": words, "said": f"{title} {words}", "plan": plan, "actual": actual,
        "going_on": late, "marks": marks,
    }  # fmt: skip


GANTT = shaped(2, "gantt", {
    "ticks": [{"at": place * 12.5, "text": f"2026.{place + 1:02}", "new_year": place == 0} for place in range(8)],
    "today": 61.2, "day": AT.date(), "width": 480,
    "scales": [{"title": title, "href": "#", "current": title == "月"} for title in ("月", "季", "年")],
    "lines": [
        gantt_line("智慧物流枢纽与冷链集散中心", (bar(10, 40), bar(14, 47.2)), True, "逾期 34 天未完"),
        gantt_line("家居产业园污水集中处理厂扩建", (bar(22, 50), bar(20, 41.2)), False, "进行中"),
        gantt_line("化工园区公用工程岛", (bar(40, 0), None), True, "逾期 80 天未完"),
        gantt_line("高纯电子化学品项目（二期）", (None, None), False, "没有计划"),
    ],
})  # fmt: skip
LIST_MAP = shaped(3, "map", {
    "map": MAP,
    "measures": [{"title": title, "href": "#", "current": title == "条数"} for title in ("条数", "红灯")],
    "offices": [
        {"title": name, "total": 40 - place, "href": "#", "counts": [{"colour": "red", "count": 2}, {"colour": "green", "count": 30}]}
        for place, name in enumerate(COUNTIES)
    ],
})  # fmt: skip
BULK = {
    "heading": "成批修改",
    "lead": "重大项目总库",
    "count": 28,
    "choose": [],
    "hidden": [{"name": "all", "value": "1"}, {"name": "agreed", "value": "5f"}],
    "form": None,
    "preview": {
        "quicker": False,
        "passing": 25,
        "refused": 2,
        "same": 1,
        "changes": [
            {"key": "PY2026-012", "title": "农作物秸秆综合利用热电联产", "href": "#", "pairs": [{"title": "行业", "old": "能源", "new": "生态环保"}]},
            {"key": "PY2026-005", "title": "化工园区公用工程岛", "href": "#", "pairs": [{"title": "行业", "old": None, "new": "生态环保"}]},
        ],
        "more_changes": 23,
        "refusals": [{"key": "PY2026-031", "title": "黄河滩区生态农业综合开发", "href": "#", "whys": ["“PY2026-031”不在您的职责范围内"]}],
        "more_refusals": 1,
    },
    "action": "#",
    "here": "#",
}
QUICKER = BULK | {"preview": {**BULK["preview"], "quicker": True}}  # type: ignore[dict-item]
CHOOSE = BULK | {
    "preview": None,
    "choose": [
        {"value": "start", "text": "开工（到开工）：12 条", "chosen": False},
        {"value": "build", "text": "转在建（到在建）：3 条", "chosen": False},
    ],
}
DONE = {
    "heading": "已成批修改",
    "lead": "重大项目总库",
    "count": 25,
    "who": "李志远",
    "office": "市重大项目办",
    "when": before(0, 9, 30),
    "reason": "行业口径统一",
    "seq": 4021,
    "event_href": "#",
    "here": "#",
    "undo_href": "#",
    "lasting": "",
}

PAGES = {
    "register-stages": Sample("台账：阶段", "portal/register.html", STAGES),
    "register-gantt": Sample("台账：甘特", "portal/register.html", GANTT),
    "register-map": Sample("台账：地图", "portal/register.html", LIST_MAP),
    "bulk": Sample("成批修改：预览", "portal/bulk.html", BULK),
    "bulk-quicker": Sample("成批修改：有人抢先", "portal/bulk.html", QUICKER, status=409),
    "bulk-choose": Sample("成批办理：选事项", "portal/bulk.html", CHOOSE),
    "bulk-nothing": Sample("成批办理：没有可办的", "portal/bulk.html", BULK | {"preview": None}),
    "bulk-done": Sample("成批修改：结果", "portal/bulk_done.html", DONE),
}
