"""Samples of the pages a person opens first: sign-in, the officer's workbench, errors."""

from typing import Any

from bihuan.portal.styleguide.samples.frame import Sample, Shaped, before, on
from bihuan.portal.styleguide.samples.meetings import DISPATCH

STEPS = ["交办", "承办", "反馈", "核查", "销号"]


def action(title: str, icon: str, href: str = "#", *marks: str) -> Shaped:
    """A button of a page's head; `marks` may hold primary and drawer."""
    return {"title": title, "icon": icon, "href": href, "primary": "primary" in marks, "drawer": "drawer" in marks}


def duty(colour: str, title: str, source: str, done: int, due: Any, act: str) -> Shaped:
    """One duty; `source` lists where it comes from, parted by |."""
    return {
        "colour": colour,
        "title": title,
        "href": "#",
        "from": [{"text": text, "href": "#" if not at else ""} for at, text in enumerate(source.split("|"))],
        "step": {"done": done, "total": len(STEPS), "title": STEPS[done - 1]},
        "due": due,
        "action": {"title": act, "href": "/styleguide/move/", "urgent": colour in {"red", "yellow"}, "drawer": True},
    }


def stat(title: str, text: str, unit: str, note: str, tone: str = "", lights: list[Shaped] | None = None) -> Shaped:
    """One figure of the strip."""
    return {"title": title, "text": text, "unit": unit, "note": note, "tone": tone, "href": "#", "lights": lights or []}


DUTIES = [
    duty("red", "说明引水调蓄水库工程征迁滞后原因并提交整改措施", "引水调蓄水库工程|市长批示〔2026〕87号|市政府督查室", 2, on(-2), "反馈"),
    duty("red", "协调环氧丙烷升级改造项目环评批复", "环氧丙烷绿色工艺升级改造|第41次周调度会纪要 第3条|重大项目办", 2, on(-1), "反馈"),
    duty(
        "yellow",
        "核实电子级碳酸酯项目11月完成投资（填报与联网差异 0.42 亿元）",
        "年产10万吨电子级碳酸酯项目|数据质检 QC-1123|系统",
        1,
        before(0, 18),
        "核实",
    ),
    duty(
        "yellow",
        "报送“三个一批”第十九期开工项目佐证材料",
        "低空经济产业示范基地（一期）|豫发改重大〔2026〕312号|省发改委",
        1,
        before(0, 17, 30),
        "上传",
    ),
    duty("yellow", "组织羽绒全产业链升级项目用工专场对接", "羽绒制品全产业链升级项目|企业诉求 SQ-20261118-06|台前县专班", 1, on(2), "办理"),
    duty("green", "审核清丰县11月月报（9 个项目）", "清丰县 · 月报|月报流程|清丰县发改委", 3, on(3), "审核"),
    duty("green", "核查500兆瓦平价风电项目升压站并网节点", "500兆瓦平价风电项目|现场核查计划|本人", 3, on(4), "核查"),
    duty("green", "补录聚碳酸酯项目施工许可证照电子件", "年产15万吨高性能聚碳酸酯|台账完整性检查|系统", 1, on(5), "补录"),
    duty("blue", "储能电站接入系统批复已上传，待销号确认", "200兆瓦/400兆瓦时独立储能电站|要素保障 YS-1107|市供电公司", 5, on(11), "销号"),
]
TABS = [
    {"title": "全部", "count": 11, "href": "#", "current": True, "hot": False},
    {"title": "今日到期", "count": 2, "href": "#", "current": False, "hot": False},
    {"title": "已逾期", "count": 2, "href": "#", "current": False, "hot": True},
    {"title": "待我审核", "count": 4, "href": "#", "current": False, "hot": False},
]
ALERTS = [
    {"colour": "red", "title": "引水调蓄水库工程", "href": "#", "because": "征迁节点逾期 21 天，连续 2 周未更新", "at": before(0, 10, 2)},
    {
        "colour": "red",
        "title": "环氧丙烷绿色工艺升级改造",
        "href": "#",
        "because": "环评批复逾期 11 天，影响开工入统",
        "at": before(0, 9, 40),
    },
    {
        "colour": "yellow",
        "title": "年产10万吨电子级碳酸酯项目",
        "href": "/styleguide/entry/",
        "because": "年度投资进度落后计划 6.1 个百分点",
        "at": before(0, 9, 15),
    },
    {
        "colour": "yellow",
        "title": "羽绒制品全产业链升级项目",
        "href": "#",
        "because": "用工缺口 320 人，企业诉求 48 小时未响应",
        "at": before(0, 8, 50),
    },
    {"colour": "green", "title": "500兆瓦平价风电项目", "href": "#", "because": "35 台风机吊装完成，提前 6 天", "at": before(1, 16, 20)},
]
MINE_NOW = [
    {"colour": "yellow", "title": "年产10万吨电子级碳酸酯项目", "href": "/styleguide/entry/", "note": "项目专员", "since": on(-240)},
    {"colour": "green", "title": "500兆瓦平价风电项目", "href": "#", "note": "包联领导", "since": on(-30)},
]
WORKBENCH = {
    "greeting": "李志远，上午好",
    "summary": "2026年11月23日 星期一 · 今天 2 项到期、2 项已逾期，09:30 周调度会需汇报 4 个项目",
    "actions": [
        action("打印今日清单", "printer"),
        action("上传报表", "upload", "/styleguide/upload/"),
        action("交办任务", "plus", "/styleguide/edit/", "primary", "drawer"),
    ],
    "stats": [
        stat("待办任务", "11", "项", "比上周少 4"),
        stat("今日到期", "2", "项", "最早 17:30", "yellow"),
        stat("已逾期", "2", "项", "最长 2 天", "red"),
        stat("待我审核", "4", "项", "清丰 1 · 风电 1 · 其他 2"),
        stat(
            "我包联的项目",
            "12",
            "个",
            "",
            lights=[{"colour": "red", "count": 2}, {"colour": "yellow", "count": 3}, {"colour": "green", "count": 7}],
        ),
        stat("本月按时办结率", "94.2", "%", "全市第 3 · 升 1.8"),
    ],
    "tabs": TABS,
    "duties": DUTIES,
    "more": {"href": "#", "count": 2},
    "dispatch": DISPATCH,
    "meetings_href": "/styleguide/meetings/",
    "filters": {
        "href": "#", "hidden": [], "registers": [{"value": "a", "text": "重大项目 8", "chosen": False}, {"value": "b", "text": "督办事项 3", "chosen": False}],
        "sorts": [{"value": "due", "text": "按期限排序", "chosen": True}, {"value": "new", "text": "新到的在前", "chosen": False}],
    },
    "alerts": ALERTS,
    "alerts_href": "#",
    "grave": [{"colour": "red", "count": 2}, {"colour": "yellow", "count": 2}],
    "mine_href": "#",
    "mine": MINE_NOW,
    "offices": [
        {"title": "华龙区", "open": 52, "over": 12, "soon": 9, "href": "#"}, {"title": "范县", "open": 50, "over": 0, "soon": 20, "href": "#"},
    ],
    "registers": [{"title": "重大项目", "note": "投资进度灯", "lights": [{"colour": "red", "count": 41}, {"colour": "yellow", "count": 53}], "href": "#"}],
}
EMPTY = WORKBENCH | {name: [] for name in ("duties", "dispatch", "alerts", "grave", "mine", "offices", "registers")} | {"more": None, "tabs": [tab | {"count": 0} for tab in TABS]}
LOGIN = {
    "login_href": "#",
    "next": "/",
    "errors": [],
    "demo_href": "#",
    "open_href": "#",
    "fields": [
        {"name": "username", "title": "账号", "kind": "text", "value": "", "required": True, "autocomplete": "username"},
        {"name": "password", "title": "密码", "kind": "password", "value": "", "required": True, "autocomplete": "current-password"},
    ],
    "demo": [
        {"word": "他", "title": "领导", "who": "王建峰 · 副市长", "what": "看全市灯态、县区排名，从一个数查到源头", "username": "leader"},
        {"word": "我", "title": "干部", "who": "李志远 · 市重大项目办", "what": "办任务、管台账、收报表、出通报", "username": "officer"},
        {"word": "你", "title": "企业", "who": "中原澄化新材料", "what": "报进展、提诉求、看办到哪一步", "username": "enterprise"},
    ],
}


def result(icon: str, title: str, at: int, note: str, side: str = "") -> Shaped:
    """Something found, the two characters from `at` on being the match."""
    return {"icon": icon, "title": title, "href": "#", "note": note, "side": side, "before": title[:at], "hit": title[at : at + 2], "after": title[at + 2 :]}


FOUND = [
    {"title": "重大项目", "results": [
        result("file-text", "年产10万吨电子级碳酸酯项目", 9, "XM-2025-0041 · 华龙区 · 中原澄化新材料有限公司", "在建"),
        result("file-text", "聚碳酸酯下游改性材料", 1, "XM-2024-0112 · 濮阳县", "谋划"),
    ]},
    {"title": "任务", "results": [result("checklist", "月报 2026-11：年产10万吨电子级碳酸酯项目", 20, "重大项目 · XM-2025-0041", "2026-11-25 到期")]},
    {"title": "页面", "results": [result("table", "碳酸酯产业链图谱", 0, "")]},
]  # fmt: skip


def notice(title: str, note: str, at: str, colour: str = "", icon: str = "bell", *, unread: bool = False) -> Shaped:
    """One notice."""
    return {"colour": colour, "icon": icon, "title": title, "href": "#", "note": note, "at": at, "unread": unread}


NOTICES = {
    "unread": 2, "read_href": "#", "up_to": "2026-11-23T10:07:00+08:00",
    "sorts": [{"title": "全部", "href": "#", "count": 4, "current": True}, {"title": "任务", "href": "#", "count": 2, "current": False}],
    "days": [
        {"title": "今天", "notices": [
            notice("已逾期：月报 2026-10：引水调蓄水库工程", "2026-11-22 到期 · 清丰县", "", "red", unread=True),
            notice("指定您为项目专员：年产10万吨电子级碳酸酯项目", "重大项目", "09:12", icon="user", unread=True),
        ]},
        {"title": "昨天", "notices": [
            notice("投资进度灯转黄灯：羽绒制品全产业链升级项目", "完成 78%，低于 80%", "20:00", "yellow"), notice("报表已入账：11月月报.xlsx", "9 行", "16:20", icon="upload"),
        ]},
    ],
}  # fmt: skip
WORDS = {"parts": [{"title": "政务机制", "words": [{"word": "免申即享", "meaning": "符合条件的企业不用申请，政策直接兑现"}]}]}

PAGES = {
    "notices": Sample("消息", "portal/notices.html", NOTICES, drawer=True),
    "notices-empty": Sample("消息（空）", "portal/notices.html", NOTICES | {"unread": 0, "days": [], "sorts": []}, drawer=True),
    "words": Sample("用语表", "portal/words.html", WORDS),
    "search": Sample("搜索", "portal/search.html", {"q": "碳酸", "groups": FOUND, "carrier": "", "count": 4}, fragments={"found": "portal/_found.html"}),
    "search-empty": Sample("搜索（空）", "portal/search.html", {"q": "碳酸", "groups": [], "carrier": "", "count": 0}),
    "login": Sample("登录", "portal/login.html", LOGIN),
    "workbench": Sample("工作台", "portal/workbench.html", WORKBENCH, fragments={"duties": "portal/_day.html"}),
    "today": Sample("今日清单", "portal/today.html", {"heading": "李志远", "day": on(0), "back": "#", "parts": [{"title": "已逾期", "duties": DUTIES[:2]}]}),
    "workbench-empty": Sample("工作台（空）", "portal/workbench.html", EMPTY),
    **{
        f"error-{code}": Sample(f"错误 {code}", f"portal/errors/{code}.html", {"reason": reason}, status=code)
        for code, reason in [(403, "这是清丰县的项目，您所在单位没有查看权限。"), (404, ""), (409, ""), (500, ""), (503, "")]
    },
}
