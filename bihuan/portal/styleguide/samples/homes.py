"""The home of an enterprise or a citizen, with what they handed in at every stage."""

from bihuan.portal.styleguide.samples.frame import Sample, Shaped, before, on
from bihuan.portal.styleguide.samples.workbenches import duty

TEXT_FIELD: Shaped = {
    "name": "username", "title": "账号", "kind": "text", "value": "", "required": True, "readonly": False, "help": "登录时用", "error": "", "unit": "", "options": [],
    "at_least": "", "at_most": "", "pattern": "", "accept": "", "autocomplete": "username",
}  # fmt: skip
EMPTY_FORM: Shaped = {"danger": False, "cancel_href": "#", "errors": [], "hidden": [], "files": False, "note": ""}
ORDINARY = ("已提交", "办理中", "待您确认", "已解决")


def step(title: str, note: str, state: str) -> Shaped:
    """One step of a way."""
    return {"title": title, "note": note, "state": state}


def card(key: str, title: str, steps: list[Shaped], **more: object) -> Shaped:
    """Something handed in; `more` says what differs from one under way without a clock."""
    plain = {
        "id": f"row-{key}", "key": key, "title": title, "href": "#", "register": "诉求办理台账", "state": "办理中", "closed": False, "office": "濮阳县", "steps": steps,
        "clocks": [], "moves": [], "yours": False, "facts": [], "letters": [], "stars": None, "times": 0,
    }  # fmt: skip
    return {**plain, **more}


def clock(colour: str, text: str, gone: int, **more: object) -> Shaped:
    """A running clock."""
    plain = {"title": "办理时限", "colour": colour, "text": text, "from": on(-4), "due": on(5), "gone": gone, "risen": 0, "extended": 0, "asked": ""}
    return {**plain, **more}


BACK = {"title": "撤回诉求", "href": "#", "primary": False, "forward": False}
RUNNING = [
    card(
        "SQ-2025-00017", "厂区周边供水压力不足", [step("已提交", "", "done"), step("退回重办", "2025-07-09", "now"), step("待您确认", "", "ahead"), step("已解决", "", "ahead")],
        state="退回重办", times=1, clocks=[clock("yellow", "还剩 1 个工作日，共 3 个工作日", 66, title="重办时限")], moves=[BACK],
        facts=[{"title": "最近一次写明的理由", "text": "早高峰水压还是不够"}],
    ),
    card(
        "SQ-2025-00021", "危化品仓库验收时间", [step("已提交", "", "done"), step("办理中", "2025-07-02", "now"), step("待您确认", "", "ahead"), step("已解决", "", "ahead")],
        clocks=[clock("red", "已超过 1 个工作日", 100, risen=1)], moves=[BACK],
    ),
    card(
        "SQ-2025-00022", "园区天然气管道接口", [step("已提交", "", "done"), step("办理中", "2025-07-04", "now"), step("待您确认", "", "ahead"), step("已解决", "", "ahead")],
        clocks=[clock("green", "还剩 6 个工作日，共 10 个工作日", 40, asked="承办单位已申请延期，等待批准")], moves=[BACK],
    ),
]
WAITING = [
    card(
        "SQ-2025-00020", "绿色工厂奖补资金", [step("已提交", "", "done"), step("办理中", "2025-06-28", "done"), step("待您确认", "2025-07-08", "now"), step("已解决", "", "ahead")],
        state="待您确认", office="市工业和信息化局", yours=True, clocks=[clock("green", "还剩 8 个工作日，共 10 个工作日", 20, title="确认时限")],
        facts=[{"title": "办理结果", "text": "奖补 20 万元已列入本月拨付计划，预计 25 日前到账"}],
        moves=[{"title": "确认解决", "href": "#", "primary": True, "forward": True}, {"title": "不满意，退回重办", "href": "#", "primary": False, "forward": True}, BACK],
    ),
]
CLOSED = [
    card(
        "SQ-2025-00001", "技改补助资金拨付进度", [step(title, "", "done") for title in ORDINARY], state="已解决", closed=True, office="市财政部门",
        letters=[{"title": "关于“技改补助资金拨付进度”的答复函", "href": "#", "number": "濮诉复〔2025〕1号", "on": on(-6)}],
        facts=[{"title": "办理结果", "text": "已拨付"}, {"title": "评价", "text": "当天就有人联系"}], stars={"full": "★★★★★", "empty": "", "word": "非常满意"},
    ),
]
PROJECT: Shaped = {
    "title": "年产10万吨电子级碳酸酯项目", "href": "/styleguide/entry/", "colour": "yellow", "because": "年度投资完成率 80.1%，低于序时进度",
    "state": "在建", "register": "重大项目总库",
}  # fmt: skip
GRANTED: Shaped = {
    "title": "中原澄化新材料有限公司", "href": "#",
    "paid": [{"title": "一次性扩岗补助", "amount": "6,000元", "on": on(-30)}],
    "gets": [{"title": "企业研发费用补助", "amount": "20万元", "said": ""}],
    "near": [{"title": "省级专精特新中小企业奖励", "amount": "", "said": "从事细分市场年限 1年，要求不低于 2年，相差 1年"}],
    "asks": [{"fact": "2024 研发人员", "unlocks": "首次认定高新技术企业奖励"}],
}  # fmt: skip
MINE: Shaped = {
    "name": "中原澄化新材料有限公司", "enterprise": True,
    "ways": [{"title": "诉求办理台账", "href": "#", "primary": True, "icon": "plus", "drawer": False}],
    "waiting": WAITING, "running": RUNNING, "closed": CLOSED, "projects": [PROJECT], "actions": [],
    "granted": [GRANTED],
    "asked": [duty("yellow", "填报 11 月完成投资", "年产10万吨电子级碳酸酯项目|月报", 1, on(2), "填报")], "watched": [],
}  # fmt: skip
MINE_EMPTY = MINE | {"name": "王小满", "enterprise": False, "waiting": [], "running": [], "closed": [], "projects": [], "asked": [], "granted": []}

INVITED: Shaped = {"name": "王小满", "enterprise": "中原澄化新材料有限公司", "expires": before(-5, 9, 0)}
INVITING: Shaped = {
    "fresh": None, "form": {**EMPTY_FORM, "action": "#", "submit": "生成邀请", "note": "系统不发邮件：请把链接或二维码当面交给对方", "fields": [TEXT_FIELD]},
    "open": [{**INVITED, "role": "企业", "by": "officer-fagai", "made": before(1, 9, 0), "over": False, "revoke_href": "#"}],
}  # fmt: skip
FRESH: Shaped = {**INVITED, "link": "https://city.example/join/8Hq2…"}
JOIN: Shaped = {
    "shell": {"city": "濮阳市闭环平台", "home": "/", "language_href": "/language/"}, "form": {**EMPTY_FORM, "action": "#", "submit": "设置好了，进入", "fields": [TEXT_FIELD]},
    "valid": True, "login_href": "/login/", **INVITED,
}  # fmt: skip

PAGES = {
    "invitations": Sample("邀请", "portal/invitations.html", INVITING),
    "invitations-fresh": Sample("邀请，刚生成一份", "portal/invitations.html", INVITING | {"fresh": FRESH, "open": []}),
    "join": Sample("接受邀请", "portal/join.html", JOIN),
    "join-over": Sample("邀请不能用了", "portal/join.html", JOIN | {"valid": False}),
    "mine": Sample("企业首页", "portal/mine.html", MINE),
    "mine-empty": Sample("公众首页，还没有诉求", "portal/mine.html", MINE_EMPTY),
}
