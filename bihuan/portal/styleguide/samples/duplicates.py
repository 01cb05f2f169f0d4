"""Samples of rows that are probably one thing: two side by side, three of a group, what was decided, and the wait while they are compared."""

from bihuan.portal.styleguide.samples.frame import Sample, Shaped


def _line(title: str, *values: str | None, step: str = "", strength: str = "", tone: str = "") -> Shaped:
    return {"title": title, "values": list(values), "step": step, "strength": strength, "tone": tone}


ROWS: list[Shaped] = [
    {"title": "濮阳翊朔羽绒制品有限公司（演示）", "key": "91419999000000086Q", "office": "台前县", "href": "#"},
    {"title": "翊朔羽绒制品（濮阳）有限责任公司（演示）", "key": "待核-2025-00001", "office": "台前县", "href": "#"},
]
SAID = (
    "企业名称：去掉地区和组织形式后相同（有力，+19.2）；联系电话：相同（有力，+18.2）；法定代表人：不同（无足轻重，−2.7）；无从比较：统一社会信用代码。"
    "合计 +25.9（已扣除随便两行偶然相同的可能），是同一个的可能 > 99.99%"
)
PAIR: Shaped = {
    "likely": "> 99.99%", "two": True, "rows": ROWS, "merge_href": "#", "apart_href": "#",
    "lines": [
        _line("统一社会信用代码", "91419999000000086Q", "待核-2025-00001"),
        _line("企业名称", ROWS[0]["title"], ROWS[1]["title"], step="去掉地区和组织形式后相同", strength="有力", tone="green"),
        _line("登记地址", "台前县金堤路 8 号", None),
        _line("法定代表人", "赵**", "钱**", step="不同", strength="无足轻重"),
        _line("联系电话", "139******78", "139******78", step="相同", strength="有力", tone="green"),
    ],
    "silent": "所在县区、行业门类", "pairs": [{"between": "91419999000000086Q · 待核-2025-00001", "said": SAID, "apart_href": ""}],
}  # fmt: skip
OTHERS: list[Shaped] = [
    {"title": "濮阳澜禾新材料有限公司（演示）", "key": "91419999000000117K", "office": "范县", "href": "#"},
    {"title": "澜禾新材料（演示）", "key": "待核-2025-00004", "office": "范县", "href": "#"},
    {"title": "濮阳市兰禾新材料有限公司（演示）", "key": "待核-2025-00007", "office": "范县", "href": "#"},
]
THREE: Shaped = {
    "likely": "99.93%", "two": False, "merge_href": "#", "apart_href": "", "rows": OTHERS,
    "lines": [_line("企业名称", *(row["title"] for row in OTHERS)), _line("登记地址", "范县黄河路 3 号", None, "黄河路3号")],
    "pairs": [{"between": "91419999000000117K · 待核-2025-00007", "said": SAID, "apart_href": "#"}],
}  # fmt: skip
DECIDED: list[Shaped] = [
    {"said": "已合并", "sign": "→", "reason": "", "undo_href": "#", "rows": ROWS},
    {"said": "判为不同", "sign": "≠", "reason": "同一老板的两家公司", "undo_href": "", "rows": ROWS},
]
OVERVIEW: Shaped = {
    "heading": "疑似重复", "register": "企业主库", "basis": "《当代濮阳》2024·1 第 545 行", "may": True, "running": False, "failed": False, "here": "#",
    "groups": [PAIR, THREE], "others": 3, "decided": DECIDED,
}  # fmt: skip

PAGES = {
    "duplicates": Sample("疑似重复", "portal/duplicates.html", OVERVIEW),
    "duplicates-none": Sample("疑似重复：没有", "portal/duplicates.html", {**OVERVIEW, "groups": [], "others": 0, "decided": [], "may": False}),
    "duplicates-running": Sample("疑似重复：正在比对", "portal/duplicates.html", {**OVERVIEW, "groups": [], "others": 0, "running": True}),
    "duplicates-failed": Sample("疑似重复：没有算出来", "portal/duplicates.html", {**OVERVIEW, "groups": [], "others": 0, "failed": True}),
}
