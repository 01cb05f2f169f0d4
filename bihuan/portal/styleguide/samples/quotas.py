"""Samples of a quota: its accounts and postings; an allocation with every reason."""

from bihuan.portal.styleguide.samples.frame import Sample, Shaped, on


def _account(title: str, kind: str, amount: str, free: str = "", **more: str) -> Shaped:
    return {"title": title, "kind": kind, "amount": amount, "free": free, "reserve": more.get("reserve", ""), "granted": more.get("granted", "")}


LISTED = {
    "number": 3, "title": "新增建设用地指标分配方案（2025-11-26）", "state": "待复核", "tone": "yellow", "href": "#", "count": 3, "granted": 1, "total": "141.00亩",
    "asked": "460.00亩", "by": "赵示例", "on": on(-1),
}  # fmt: skip
ENTRY = {"title": "翊栎装备制造产业园项目用地", "key": "YD-2025-0012", "href": "#"}
QUOTA = {
    "heading": "新增建设用地指标", "basis": "《当代濮阳》2024·1 第 529、663 行", "here": "#", "most": 100,
    "periods": [{"value": "2025", "text": "2025年", "chosen": True}, {"value": "2024", "text": "2024年", "chosen": False}],
    "acts": [{"title": "新拟分配方案", "icon": "plus", "href": "#", "primary": True, "drawer": True}],
    "accounts": [
        _account("省下达", "来源", "-860.00亩"), _account("县区·台前县", "池子", "119.00亩", "119.00亩", reserve="0.00亩", granted="141.00亩"),
        _account("市级统筹", "池子", "600.00亩", "540.00亩", reserve="60.00亩", granted="0.00亩"),
    ],
    "held": "141.00亩", "holders": 1, "lists": [LISTED],
    "postings": [
        {"on": on(-2), "deed": "配给", "giver": "县区·台前县", "taker": "", "entry": ENTRY, "amount": "141.00亩", "basis": "分配方案", "by": "李示例", "event": "#", "seq": 1817},
        {"on": on(-40), "deed": "下达", "giver": "省下达", "taker": "市级统筹", "entry": None, "amount": "600.00亩", "basis": "演示文件", "by": "曹示例", "event": "#", "seq": 204},
    ],
}  # fmt: skip
NOTHING = {**QUOTA, "periods": QUOTA["periods"][:1], "acts": [], "lists": [], "postings": [], "held": "0.00亩", "holders": 0}  # type: ignore[index]


def _line(place: int | str, outcome: str, tone: str, amount: str, because: str) -> Shaped:
    return {**ENTRY, "place": place, "office": "台前县", "asked": "141.00亩", "amount": amount, "outcome": outcome, "tone": tone, "because": because}


ALLOCATION = {
    "one": LISTED, "day": on(-1), "position": 1812, "digest": "fc875a6681c52429", "reason": "", "value": "1,986,000.00", "returning": False,
    "steps": [
        {"title": "拟案", "note": "华示例 2025-11-25", "state": "done"}, {"title": "复核", "note": "", "state": "now"},
        {"title": "确认并入账", "note": "", "state": "ahead"},
    ],
    "acts": [{"title": "复核无误", "icon": "check", "href": "#", "primary": True, "drawer": True}],
    "pools": [{"title": "县区·台前县", "text": "260.00亩"}, {"title": "市级统筹", "text": "540.00亩"}],
    "lines": [
        _line(1, "全额配给", "green", "141.00亩", "用地优先分 40分，排第 1，申请 141.00亩；全额配给：县区·台前县 141.00亩；配给到 YD-2025-0012 为止（用地优先分 40分）"),
        _line(2, "放不下", "red", "—", "用地优先分 30分，排第 2，申请 204.00亩；可用 119.00亩，放不下；此前已配给 1 件共 141.00亩：YD-2025-0012 141.00亩"),
        _line("", "不合条件", "red", "—", "不符合；占补平衡已落实：不满足（占补缺口 21亩，要求 <= 0亩，相差 21亩）"),
    ],
    "others": 12,
}  # fmt: skip
TAKEN_BACK = {**ALLOCATION, "returning": True, "value": "", "pools": [], "acts": [], "others": 0, "reason": "数据有误，另行拟案"}

PAGES = {
    "quota": Sample("额度", "portal/quota.html", QUOTA),
    "quota-none": Sample("额度：还没有下达", "portal/quota.html", NOTHING),
    "allocation": Sample("分配方案", "portal/allocation.html", ALLOCATION),
    "allocation-back": Sample("收回方案，已作废", "portal/allocation.html", TAKEN_BACK),
}
