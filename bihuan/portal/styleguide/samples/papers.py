"""Samples of official documents: the list, and one bulletin as a draft."""

from bihuan.portal.styleguide.samples.frame import Sample, Shaped, before, on
from bihuan.portal.styleguide.samples.workbenches import action


def text(*pieces: str, kind: str = "text") -> Shaped:
    """A paragraph; pieces that begin with a digit are figures that can be walked."""
    shaped = [{"text": piece, "hit": piece == "5", "href": "/styleguide/why/" if piece[0].isdigit() else ""} for piece in pieces]
    return {"kind": kind, "anchor": "", "pieces": shaped}


BLOCKS = [
    text("为压实项目建设责任，推动年度目标任务按期完成，现将2026年11月份全市重大项目建设情况通报如下。"),
    text("一、总体情况", kind="heading"),
    text(
        "截至11月22日，全市在库重大项目",
        "268",
        "个，总投资",
        "2486.3",
        "亿元，年度计划完成投资",
        "314.6",
        "亿元，累计完成投资",
        "291.7",
        "亿元，完成率",
        "92.7%",
        "，高于序时进度",
        "3.1",
        "个百分点。",
    ),
    text("二、存在问题", kind="heading"),
    text("（一）部分项目进度滞后。", kind="subheading"),
    text("本月亮红灯项目", "5", "个，较上月减少", "3", "个。"),
    text("三、下步要求", kind="heading"),
    text("各县（区）要对照红灯项目清单逐项制定整改措施，明确责任人和完成时限，于11月27日前通过平台反馈。"),
    {
        "kind": "table",
        "anchor": "p8",
        "title": "各县（区）重大项目建设情况排名",
        "pieces": [],
        "columns": ["位次", "县区", "完成率", "得分"],
        "rows": [
            {"anchor": "p8-0", "cells": ["1", "濮阳县", "102.4%", "93.6"]},
            {"anchor": "p8-1", "cells": ["2", "华龙区", "98.7%", "91.2"]},
            {"anchor": "p8-2", "cells": ["3", "南乐县", "96.1%", "88.9"]},
        ],
    },
]
PAPER: Shaped = {
    "paper": {
        "red_head": "重大项目建设指挥部文件",
        "number": "重指〔2026〕41号",
        "title": "关于2026年11月份全市重大项目建设情况的通报",
        "to": "各县（区）人民政府，开发区、工业园区、示范区管委会，市直有关部门：",
        "sign": "重大项目建设指挥部",
        "dated": "2026年11月23日",
        "copies": "抄送：市委办公室，市人大常委会办公室，市政协办公室，市纪委监委机关。",
        "printed_by": "重大项目建设指挥部办公室",
        "printed_on": "2026年11月23日印发",
        "draft": True,
        "attachment": "",
        "blocks": BLOCKS,
    },
    "figures": [
        {"title": "在库重大项目", "text": "268", "href": "/styleguide/why/", "holds": True, "now": "268"},
        {"title": "累计完成投资", "text": "291.7", "href": "/styleguide/why/", "holds": False, "now": "291.9"},
        {"title": "完成率", "text": "92.7%", "href": "/styleguide/why/", "holds": True, "now": "92.7%"},
    ],
    "actions": [action("下载 Word", "download"), action("修改文字", "edit")],
    "next": {"title": "核算无误，核稿通过", "href": "", "why": "台账动了，先处理下面这些数", "waits": "待核稿"},
    "steps": [{"title": "起草", "who": "规则引擎", "on": on(-1)}, *({"title": title, "who": "", "on": None} for title in ("核稿", "签发", "印发", "归档"))],
    "moved": [{"title": "累计完成投资", "was": "291.7", "now": "291.9"}],
    "moved_more": 2,
    "renew_href": "#",
    "keep_href": "#",
    "kept": [{"title": "完成率", "was": "92.7%", "now": "92.8%", "reason": "以报数截止日为准", "who": "李志远", "on": "2026-11-22"}],
    "retention": "",
    "fonts_href": "/styleguide/paper/",
    "state": {"text": "草稿", "tone": "yellow"},
}
FONTS = {"missing": ["𬭊"], "stand_ins": [("仿宋_GB2312", "Noto Serif CJK SC"), ("黑体", "")]}
PAPERS = {
    "actions": [action("拟文", "plus", "#", "primary")],
    "tabs": [
        {"title": "待印发", "href": "#", "count": 2, "current": True},
        {"title": "已印发", "href": "#", "count": 40, "current": False},
    ],
    "papers": [
        {
            "title": "关于2026年11月份全市重大项目建设情况的通报",
            "href": "/styleguide/paper/",
            "number": "",
            "kind": "月度通报",
            "state": {"text": "草稿", "tone": "yellow"},
            "at": before(0, 6, 0),
            "who": "规则引擎",
            "due": on(3),
        },
        {
            "title": "红牌警示通知书（引水调蓄水库工程）",
            "href": "/styleguide/paper/",
            "number": "重指办〔2026〕118号",
            "kind": "警示通知",
            "state": {"text": "已印发", "tone": "green"},
            "at": before(4, 16, 0),
            "who": "李志远",
            "due": None,
        },
    ],
}

ARCHIVE: Shaped = {
    "q": "完成率", "number": "", "period": "2026", "unit": "", "kind": "通报", "asked": True, "count": 21,
    "kinds": [{"value": "", "text": "各种", "chosen": False}, {"value": "通报", "text": "通报", "chosen": True}],
    "results": [
        {
            "title": [{"text": "关于2026年11月份全市重大项目建设情况的通报", "hit": False}], "href": "/styleguide/paper/#p8-0", "number": "重指〔2026〕41号", "kind": "通报",
            "on": on(0), "sender": "市重大项目办", "state": {"text": "已归档", "tone": "grey"},
            "passages": [{"href": "/styleguide/paper/#p8-0", "chunks": [{"text": "累计完成投资291.7亿元，", "hit": False}, {"text": "完成率", "hit": True}, {"text": "92.7%", "hit": False}]}],
        }
    ],
    "page": {"first": 1, "last": 20, "total": 21, "before": "", "after": "#"},
}  # fmt: skip

PAGES = {
    "archive": Sample("档案", "portal/archive.html", ARCHIVE),
    "archive-empty": Sample("档案（没有找到）", "portal/archive.html", ARCHIVE | {"results": [], "count": 0}),
    "papers": Sample("公文列表", "portal/papers.html", PAPERS),
    "papers-empty": Sample("公文列表（空）", "portal/papers.html", PAPERS | {"papers": []}),
    "paper": Sample("一份公文", "portal/paper.html", PAPER | FONTS, fragments={"fonts": "portal/components/fonts.html"}),
}
