"""What everybody may see: promises, bulletins, rankings, open data."""

from bihuan.portal.styleguide.samples.frame import Sample, Shaped, on
from bihuan.portal.styleguide.samples.papers import PAPER

PROOF: Shaped = {"seq": 48231, "hash": "9f2c4e7ab1d05863c7e94a0f6b21d8e3a5c7f1092b4d6e8f7a1c3e5d7b9f0a2c", "day": on(0)}
DATA: Shaped = {
    "title": "年度目标", "rows": 26, "licence": "注明文献与行号后可以自由使用", "keeper": "市发展和改革委员会", "about_href": "/styleguide/open-about/",
    "csv_href": "#", "json_href": "#", "register_href": "#",
}  # fmt: skip
PROMISED = [
    {
        "title": "诉求解决率全年达到 95%", "group": "", "colour": "green", "because": "诉求解决率 96.0%，应不低于 95.0%：达到",
        "basis": "《2023 年政府工作报告》第 17 行", "due": on(170), "source": "诉求", "href": "", "gone": "达到",
    },
]  # fmt: skip
ROWS = [
    {"title": "粮食总产", "key": "MB-2023-01", "colour": "green", "because": "目标 50，结果 51：达到", "href": "#", "source": "年度目标"},
    {"title": "固定资产投资增长", "key": "MB-2023-02", "colour": "grey", "because": "目标 11，还没有公布可比的结果", "href": "#", "source": "年度目标"},
]
OPENED: Shaped = {
    "counted": {"kept": 2, "not_kept": 0, "unknown": 1}, "promised": PROMISED, "rows": ROWS, "data": [DATA], "proof": PROOF, "login_href": "/login/",
    "bulletins": [{"title": "关于2025年6月诉求办理情况的通报", "number": "濮诉通〔2025〕6号", "on": on(-2), "href": "/styleguide/bulletin/"}],
    "rankings": [{"title": "诉求办理排名", "basis": "分值为本市约定", "lines": [{"rank": 1, "name": "范县", "score": "100.0"}, {"rank": 2, "name": "濮阳县", "score": "88.0"}]}],
}  # fmt: skip
FIELDS = [
    {"key": "code", "title": "目标编号", "kind": "文字", "unit": "", "choices": "", "help": "", "required": True},
    {"key": "year", "title": "目标年度", "kind": "单选", "unit": "", "choices": "2023、2024", "help": "", "required": True},
]
NOTHING = {"counted": {"kept": 0, "not_kept": 0, "unknown": 0}, "promised": [], "rows": [], "data": [], "bulletins": [], "rankings": []}

PAGES = {
    "opened": Sample("公开页", "portal/opened.html", OPENED),
    "opened-empty": Sample("公开页，还没有公开的", "portal/opened.html", OPENED | NOTHING),
    "open-about": Sample("开放数据的字段说明", "portal/open_about.html", {"data": DATA, "fields": FIELDS, "withheld": 2, "proof": PROOF}),
    "bulletin": Sample("公开的通报", "portal/bulletin.html", {"paper": PAPER["paper"] | {"draft": False}, "back_href": "/styleguide/opened/", "back": "返回公开页"}),
}
