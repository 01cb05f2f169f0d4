"""Samples of the policies of a register: totals against money, near misses, lists of payments."""

from bihuan.portal.styleguide.samples.frame import Sample, Shaped, on


def _row(title: str, entitled: int, asked: str, paid: int, amount: str, money: str, **more: int) -> Shaped:
    return {
        "title": title, "basis": "演示金额", "entitled": entitled, "asked": asked, "paid": paid, "amount": amount, "money": money,
        "short": more.get("short", 0), "unknown": more.get("unknown", 0), "near_href": "#near", "share": more.get("share"),
    }  # fmt: skip


OVERVIEW = {
    "heading": "惠企政策",
    "register": "企业主库",
    "whole": True,
    "here": "#", "on": on(0), "editions": [{"value": "2025-11-26", "text": "当日现行规则", "chosen": True}, {"value": "2026-01-01", "text": "2026-01-01 起的规则", "chosen": False}],
    "work": None, "draft_href": "#", "rehearse_href": "",
    "paid": {"count": 1368, "amount": "13,023.05万元"},
    "rows": [
        _row("企业研发费用补助", 89, "38,455,500", 25, "14,318,000", "15,000,000", short=64, unknown=31, share=95),
        _row("工业设计服务券", 53, "7,032,300", 53, "1,200,000", "1,200,000", short=53, unknown=17, share=100),
        _row("中小微企业稳岗返还", 289, "13,127,400", 289, "13,127,400", "", unknown=13),
    ],
    "idle": [_row("市长杯工业设计大赛奖励", 0, "0", 0, "0", "")],
    "near": {
        "title": "企业研发费用补助", "most": 200,
        "rows": [
            {"title": "翊朔羽绒制品有限公司（演示）", "key": "91419999000000086Q", "office": "台前县", "href": "#",
             "said": "研发占比达线：不满足（研发占比 2.6%，要求不低于 3%，相差 0.4个百分点）"},
        ],
    },
    "lists": [
        {"number": 2, "title": "企业主库惠企政策兑付表（2025-11-26）", "state": "待复核", "tone": "yellow", "href": "#", "count": 12, "total": "86.4万元", "by": "赵示例", "on": on(-1)},
        {"number": 1, "title": "企业主库惠企政策兑付表（2025-07-10）", "state": "已确认", "tone": "green", "href": "#", "count": 1368, "total": "13,023.05万元", "by": "钱示例", "on": on(-140)},
    ],
}  # fmt: skip
NOTHING = {**OVERVIEW, "whole": False, "rows": [], "idle": [], "near": None, "lists": [], "paid": {"count": 0, "amount": "0元"}}

DRAFTING = {
    "heading": "拟表", "lead": "企业主库", "state": "running", "back": "#", "refusals": [],
    "work": {"part": 128_000, "of": 1_012_400, "percent": 12, "failed": False, "step": "lines", "href": "#"},
}  # fmt: skip

PAGES = {
    "errand": Sample("长活：正在写明细", "portal/errand.html", DRAFTING),
    "errand-gone": Sample("长活：中途断了", "portal/errand.html", {**DRAFTING, "state": "gone"}),
    "errand-refused": Sample("长活：退回", "portal/errand.html", {**DRAFTING, "state": "refused", "refusals": ["没有一户可兑付，不必成表"]}),
    "policies": Sample("惠企政策", "portal/policies.html", OVERVIEW),
    "policies-none": Sample("惠企政策：没有政策", "portal/policies.html", NOTHING),
}
