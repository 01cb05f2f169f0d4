"""What all samples share: the moment, the shell around a page, and the shape of a sample."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

CITY_TIME = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 23, 10, 7, tzinfo=CITY_TIME)
"""The moment every sample is seen from: a Monday morning."""

Shaped = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """A page template and the context it is shown with; `fragments` are the templates htmx gets, by target."""

    title: str
    template: str
    context: Shaped
    drawer: bool = False
    status: int = 200
    fragments: Mapping[str, str] = field(default_factory=dict)


def before(days: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment `days` before the samples' day."""
    return (AT - timedelta(days=days)).replace(hour=hour, minute=minute)


def on(days: int) -> date:
    """A day `days` after the samples' day (before it, when negative)."""
    return AT.date() + timedelta(days=days)


def link(title: str, name: str, page: str = "#", **more: Any) -> Shaped:
    """One line of the side navigation."""
    return {"title": title, "icon": name, "href": page, "count": None, "hot": False, "current": False, "quick": False, **more}


def shell(page: str) -> Shaped:
    """The shell as an officer of a municipal office sees it, `page` being the page that is open."""
    nav: list[Shaped] = [
        {
            "title": "工作",
            "links": [
                link("我的工作台", "layout-dashboard", "/styleguide/workbench/", count=5, hot=True, quick=True),
                link("督办任务", "checklist", count=18),
                link("公文与通报", "file-text", "/styleguide/papers/", quick=True),
            ],
        },
        {
            "title": "重大项目",
            "links": [
                link("项目总库", "building-factory-2", "/styleguide/register/", count=268, quick=True),
                link("三个一批", "git-branch"),
                link("要素保障", "map-2", count=14),
                link("上传报表", "upload", "/styleguide/upload/"),
            ],
        },
        {"title": "企业与产业", "links": [link("企业服务", "building", "/styleguide/mine/", count=9), link("产业链图谱", "sitemap")]},
        {
            "title": "数据",
            "links": [
                link("领导看板", "presentation-analytics", "/styleguide/board/", quick=True),
                link("账本", "history", "/styleguide/ledger/"),
                link("数据质检", "shield-check", count=6),
                link("设置", "settings"),
            ],
        },
    ]
    for group in nav:
        for one in group["links"]:
            one["current"] = bool(page) and one["href"] == f"/styleguide/{page}/"
    return {
        "city": "闭环治理平台",
        "home": "/styleguide/",
        "nav": nav,
        "user": {"name": "李志远", "username": "li", "office": "市重大项目办", "role": "科长"},
        "search_href": "#",
        "board_href": "/styleguide/board/",
        "notices": {"href": "/styleguide/notices/", "count_href": "#", "count": 7},
        "begins": "/styleguide/workbench/",
        "large": False,
        "tour": {"face": "officer", "shown": False, "steps": [{"at": "search", "title": "找什么都从这里", "text": "按 Ctrl K 或 /，输入名称、编号或拼音首字母。"}]},
        "prefer_href": "#",
        "terms_href": "/styleguide/words/",
        "moved": {"href": "#", "tag": "48213"},
        "idle": {"href": "#", "seconds": 900, "login": "#"},
        "language_href": "/i18n/setlang/",
        "sign_out_href": "#",
        "as_of": before(0, 10, 5),
        "ledger": {"seq": 48213, "href": "/styleguide/ledger/", "intact": True},
        "demo": True,
    }
