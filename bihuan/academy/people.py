"""The offices the documents name, and invented people in the posts they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.academy.names import person
from bihuan.academy.projects import AREAS
from bihuan.academy.published import Unit, org_units, posts
from bihuan.foundation.actions import MemberGiven, OfficeGiven

CITY = "濮阳市"
COMMISSION = "市发展和改革委员会"
OF_LEVEL = {"office": "institution", "zoneoffice": "zone_office", "town": "township", "college": "institution"}
"""The kind an office has here, by the level the documents put it on; a level not named is its own kind."""

OF_KIND = {
    **dict.fromkeys(("government", "party", "committee", "leading_group"), "department"),
    "community": "community", "department": "county_department", "subdistrict": "township",
}  # fmt: skip
"""Kinds that go before levels: the city's own departments, whose staff see the whole city, and offices inside a county or zone."""


@dataclass(frozen=True)
class Account:
    """A member to be made, and the roles they get."""

    given: MemberGiven
    roles: tuple[str, ...]
    post: str


LEADER, OFFICER, ENTERPRISE = "demo-leader", "demo-officer", "demo-enterprise"
CITIZEN = "demo-citizen"
"""The three accounts that the sign-in page of the demo city offers at one click."""

SUPERVISOR, COLLEAGUE = "demo-supervisor", "officer-fagai"
SYSADMIN, SECADMIN, AUDITOR = "demo-sysadmin", "demo-secadmin", "demo-auditor"


def offices() -> list[OfficeGiven]:
    """The 53 offices, each after the one above it. What the documents put under the city's leadership as such stands under the city."""
    units = {unit.name: unit for unit in org_units()}
    ordered: dict[str, OfficeGiven] = {}

    def place(unit: Unit) -> None:
        above = unit.parent if unit.parent in units else CITY if unit.parent else ""
        if above and above not in ordered:
            place(units[above])
        kind = OF_KIND.get(unit.kind) or OF_LEVEL.get(unit.level, unit.level)
        ordered.setdefault(unit.name, OfficeGiven(code_of(unit.name), kind, code_of(above or ""), unit.name, unit.name_en))

    for unit in units.values():
        place(unit)
    return list(ordered.values())


def code_of(name: str) -> str:
    """An office's name as its code: a slash parts the offices on a path, so two bodies in one house are joined otherwise."""
    return name.replace("/", "、")


def accounts(enterprises: Sequence[str]) -> list[Account]:
    """Everybody with an account: the administrators first, then those in the named posts, the officers, a firm and a citizen."""
    named: list[tuple[str, str, tuple[str, ...], str]] = [
        (SYSADMIN, CITY, ("sysadmin",), "系统管理员"),
        (SECADMIN, CITY, ("secadmin",), "安全管理员"),
        (AUDITOR, CITY, ("auditor",), "审计管理员"),
        (LEADER, CITY, ("leader",), "市长"),
        *((f"post-{number:02d}", office, ("leader",), title) for number, (title, office) in enumerate(_posts(), start=1)),
        (SUPERVISOR, COMMISSION, ("supervisor",), "督查人员"),
        ("supervisor-2", "市委办公室", ("supervisor",), "督查人员"),
        (OFFICER, COMMISSION, ("officer",), "重点项目经办人"),
        (COLLEAGUE, COMMISSION, ("officer",), "重点项目经办人"),
        *((officer_of(county), county, ("officer",), "县区项目经办人") for county in AREAS),
        *((leader_of(county), county, ("leader",), "县区负责人") for county in AREAS),
        *((officer_of(office), office, ("officer",), "承办人") for office in DEPARTMENTS),
        (ENTERPRISE, "", ("enterprise",), "项目单位联系人"),
        (CITIZEN, "", ("citizen",), "市民"),
        *((contact_of(number), "", ("enterprise",), "企业联系人") for number in range(1, len(enterprises))),
    ]  # fmt: skip
    firms = {ENTERPRISE: enterprises[0], **{contact_of(number): firm for number, firm in enumerate(enterprises[1:], start=1)}}
    return [
        Account(MemberGiven(username, f"{person(number)}（{post}）", code_of(office), enterprise=firms.get(username, "")), roles, post)
        for number, (username, office, roles, post) in enumerate(named)
    ]  # fmt: skip


DEPARTMENTS = ("市工业和信息化局", "市政务服务和大数据管理局", "城管部门", "商务、环保、乡村振兴部门", "市财政部门", "市场监管部门")
"""City departments that have an officer with an account."""

_PINYIN = {
    "濮阳县": "puyang", "清丰县": "qingfeng", "南乐县": "nanle", "范县": "fan", "台前县": "taiqian", "华龙区": "hualong",
    "濮阳经济技术开发区": "kaifaqu", "示范区": "shifanqu", "新型化工基地": "huagong", "市工业和信息化局": "gongxin",
    "市政务服务和大数据管理局": "dashuju", "城管部门": "chengguan", "商务、环保、乡村振兴部门": "shangwu", "市财政部门": "caizheng",
    "市场监管部门": "shichang",
}  # fmt: skip


def officer_of(office: str) -> str:
    """The username of an office's officer; the one of the sign-in page sits in the commission."""
    return OFFICER if office == COMMISSION else f"officer-{_PINYIN[office]}"


def contact_of(number: int) -> str:
    """The username of the contact of another firm: the first, the second and so on."""
    return f"enterprise-{number}"


def leader_of(office: str) -> str:
    """The username of a county's leader."""
    return f"leader-{_PINYIN[office]}"


def _posts() -> list[tuple[str, str]]:
    """The leading posts other than the mayor's, with the office each belongs to, once for every holder."""
    latest: dict[str, tuple[str, int]] = {}
    for post in posts():
        latest[post.title] = max(latest.get(post.title, ("", 0)), (post.as_of, post.holders))
    return [(title, _office_of(title, list(AREAS))) for title, (_as_of, holders) in latest.items() if "市长" not in title or "副市长" in title
            for _ in range(holders)]


def _office_of(title: str, areas: Sequence[str]) -> str:
    """Where a post belongs: the office its title begins with, the county it names, else the city."""
    known = [unit.name for unit in org_units() if title.startswith(unit.name)]
    county = [area for area in areas if area in title]
    zone = ["濮阳经济技术开发区"] if title.startswith("开发区") else []
    return (known or county or zone or [CITY])[0]
