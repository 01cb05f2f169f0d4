"""Samples of the meeting pages: the list of sessions, a room while it is held, in large type, and with nothing on its agenda."""

from bihuan.portal.styleguide.samples.frame import Sample, Shaped, on

SOURCES = ("上次未办结", "红牌项目", "督办红黄灯", "临时动议")


def point(place: int, title: str, office: str, colour: str, why: str, state: str = "waiting") -> Shaped:
    """One matter of the agenda; the second is the one under discussion."""
    return {
        "name": str(place), "place": place, "title": title, "office": office, "source": SOURCES[place % 4], "colour": colour, "why": why, "href": "#",
        "row_href": "#", "why_href": "#" if colour else "", "state": state, "state_title": {"ended": "已议", "put_off": "缓议"}.get(state, "待议"),
        "fresh": place == 5, "written": True, "decided": 2 if state == "ended" else 0, "before": 2 if place == 2 else 0,
        "conclusion": "先定界后报批" if state == "ended" else "", "current": place == 2,
    }  # fmt: skip


POINTS = [
    point(1, "引水调蓄水库工程征迁", "濮阳县", "red", "征迁节点逾期 21 天", "ended"),
    point(2, "环氧丙烷绿色工艺升级改造", "新型化工基地", "red", "环评批复逾期 11 天"),
    point(3, "羽绒制品全产业链升级用工缺口", "台前县", "yellow", "应于 2026-11-20 前反馈，逾期 3 天"),
    point(4, "家居产业园二期供电", "清丰县", "", "方案未论证", "put_off"),
    point(5, "低空经济基地土地指标", "华龙区", "yellow", "进度低于计划 8 个百分点"),
]
ONE: Shaped = {"name": "row.matter", "title": "督办事项", "kind": "text", "value": "", "required": True}
BARE: Shaped = {
    "required": False, "readonly": False, "help": "", "error": "", "unit": "", "options": [], "at_least": "", "at_most": "", "pattern": "", "accept": "",
    "autocomplete": "",
}  # fmt: skip
KINDS = [{"value": text, "text": text, "chosen": text == "一般"} for text in ("一般", "重大", "限期")]
OFFICES = [{"value": text, "text": text, "chosen": text == "新型化工基地"} for text in ("濮阳县", "新型化工基地", "台前县")]
FORM: Shaped = {
    "action": "#", "submit": "记下，下一条", "danger": False, "cancel_href": "#", "note": "", "errors": [], "files": False,
    "hidden": [{"name": "item", "value": "2"}, {"name": "big", "value": ""}],
    "fields": [
        BARE | ONE, BARE | {"name": "row.office", "title": "承办单位", "kind": "office", "value": "", "required": True, "options": OFFICES},
        BARE | {"name": "row.kind", "title": "事项类别", "kind": "choice", "value": "", "required": True, "options": KINDS},
        BARE | {"name": "row.due_on", "title": "会议限期", "kind": "date", "value": ""},
    ],
}  # fmt: skip
MARKS = [{"value": text, "text": text, "chosen": text == "出席"} for text in ("未签到", "出席", "请假")]
ROOM: Shaped = {
    "meeting": {
        "title": "第 42 次周调度会", "href": "#", "day": "2026-11-23", "hour": "9:30", "place": "市政府二楼会议室", "chair": "王建峰", "state": "会议中",
        "open": True, "over": False,
    },
    "points": POINTS, "runs": True, "big": False, "swapped": False, "chosen": "2", "poll_href": "#", "seats_href": "#",
    "decided": [
        {
            "title": "倒排征迁节点，逐户销号", "key": "DB-2026-0108", "office": "濮阳县", "href": "#", "due": on(9), "late": False, "state": "已交办",
            "matter": "引水调蓄水库工程征迁", "here": False,
        },
        {
            "title": "省厅会商环评批复", "key": "DB-2026-0109", "office": "新型化工基地", "href": "#", "due": on(-1), "late": True, "state": "已部署",
            "matter": "环氧丙烷绿色工艺升级改造", "here": True,
        },
    ],
    "seats": [
        {"name": "赵明", "office": "濮阳县", "mark": "出席", "number": 1, "version": 1, "options": MARKS, "mark_href": "#"},
        {"name": "孙丽", "office": "台前县", "mark": "请假", "number": 2, "version": 1, "options": [], "mark_href": "#"},
    ],
    "counts": {"points": 5, "ended": 2, "decisions": 2}, "matter": POINTS[1],
    "before": [{"title": "补正环评报告", "office": "新型化工基地", "state": "已部署", "session": "第 41 次周调度会", "held": on(-7), "href": "#"}],
    "refused": None, "conclusion": {"conclusion": "一周内会商到位", "said": "会议结论已存", "failed": False},
    "form": FORM, "previous_href": "#", "next_href": "#", "acts": [{"title": "散会", "href": "#", "primary": True}],
    "act_href": "#", "due_href": "#", "find_href": "#", "numbers": {"decided": 18, "finished": 11, "in_time": 9, "overdue": 2, "reopened": 1},
    "found": [{"subject": "a b", "title": "甲项目", "key": "P-1", "office": "范县", "register": "重大项目"}], "asked": "甲", "add_href": "#",
    "due": [{"title": "三日反馈", "due": on(3)}, {"title": "七日办结", "due": None}],
    "minutes": None, "all_href": "#", "big_href": "#",
}  # fmt: skip
HELD = ROOM | {
    "meeting": ROOM["meeting"] | {"state": "纪要已印发", "open": False, "over": True}, "runs": False, "form": None, "acts": [], "big": True,
    "matter": POINTS[0], "minutes": {"title": "周调度会第 42 次会议纪要", "number": "濮调纪〔2026〕42号", "href": "#", "issued": True},
    "refused": {"act": "close", "texts": ["不得跳步"]},
}  # fmt: skip
BLANK = ROOM | {
    "points": [], "decided": [], "seats": [], "counts": {"points": 0, "ended": 0, "decisions": 0}, "matter": None, "form": None, "before": [],
    "previous_href": "", "next_href": "",
}  # fmt: skip


def session(title: str, day: str, state: str, colour: str, **more: object) -> Shaped:
    """One session of the list."""
    return {
        "title": title, "href": "/styleguide/meeting/", "day": day, "hour": "9:30", "place": "市政府二楼会议室", "items": 12, "mine": 2,
        "state_title": state, "open": state == "会议中", "next_href": "#", "colour": colour, **more,
    }  # fmt: skip


LIST = {
    "coming": [session("第 42 次周调度会", "2026-11-23", "会议中", "")],
    "over": [session("第 41 次周调度会", "2026-11-16", "纪要已印发", "yellow"), session("第 40 次周调度会", "2026-11-09", "已闭环", "blue", hour="")],
    "numbers": [{"series": "周调度会", "series_href": "#", "colour": "yellow", "span": "本月", "decided": 18, "finished": 11, "in_time": 9, "overdue": 2, "reopened": 1}],
}


def today(title: str, state: str, state_title: str, **more: object) -> Shaped:
    """One session of today's dispatch."""
    bare = {"href": "#", "today": True, "day": "2026-11-23", "hour": "9:30", "place": "", "chair": "", "items": 2, "mine": 0}
    return {**bare, "title": title, "state": state, "state_title": state_title, **more}


DISPATCH = [
    today("红灯项目晨会", "done", "已散会", hour="8:30", place="线上"),
    today("第 42 次周调度会", "now", "会议中", href="/styleguide/meeting/", place="市政府二楼会议室", chair="王建峰", items=12, mine=4),
    today("要素保障碰头会", "ahead", "拟召开", today=False, day="2026-11-25", hour="16:30", items=3),
]

PAGES = {
    "meetings": Sample("调度会议", "portal/meetings.html", LIST),
    "meetings-empty": Sample("调度会议（空）", "portal/meetings.html", {"coming": [], "over": [], "numbers": []}),
    "meeting": Sample("会议室", "portal/meeting.html", ROOM, fragments={
        "room": "portal/_room.html", "live": "portal/_room_live.html", "found": "portal/_room_found.html", "due": "portal/_room_due.html",
        "concluded": "portal/_room_concluded.html",
    }),
    "meeting-held": Sample("会议室（已散会，大字）", "portal/meeting.html", HELD),
    "meeting-empty": Sample("会议室（空）", "portal/meeting.html", BLANK),
}  # fmt: skip
