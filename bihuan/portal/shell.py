"""What stands around every page: the navigation by role, who is signed in, how far the ledger and the lights are."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation import access
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Member
from bihuan.portal import guarded, tours
from bihuan.portal.visits import Shaped, Visit

MOST_IN_NAV = 6
"""Registers of one pack in the side navigation; the others are one click further."""

MOST_QUICK = 4

DESK = frozenset({access.OFFICER, access.SUPERVISOR, access.LEADER})
READERS = DESK | {access.ENTERPRISE, access.CITIZEN}


def page(visit: Visit, template: str, crumbs: list[Shaped], context: Shaped, status: int = 200) -> HttpResponse:
    """Render a page in its shell. ``crumbs`` lead to it; the last is the page itself."""
    whole = {"shell": shell(visit), "crumbs": crumbs, "at": visit.at, "drawer": visit.drawer, **context}
    return render(visit.request, template, whole, status=status)


def part(visit: Visit, template: str, context: Shaped, status: int = 200) -> HttpResponse:
    """Render a piece of a page, or a page in the drawer: no shell, no queries for one."""
    whole = {"shell": alone(), "at": visit.at, "drawer": visit.drawer, **context}
    return render(visit.request, template, whole, status=status)


def either(visit: Visit, template: str, crumbs: list[Shaped], context: Shaped, status: int = 200) -> HttpResponse:
    """A page that may also open in the drawer."""
    return part(visit, template, context, status) if visit.drawer else page(visit, template, crumbs, context, status)


def crumb(title: str, href: str = "") -> Shaped:
    """One step of the path to a page."""
    return {"title": title, "href": href}


def link(title: str, icon: str, href: str, **more: object) -> Shaped:
    """A link of the side navigation."""
    return {"title": title, "icon": icon, "href": href, "count": None, "hot": False, "current": False, "quick": False, **more}


def action(title: str, icon: str, href: str, *, primary: bool = False, drawer: bool = False) -> Shaped:
    """A button in the head of a page."""
    return {"title": title, "icon": icon, "href": href, "primary": primary, "drawer": drawer}


def alone() -> Shaped:
    """What a page without a shell needs to know."""
    return {"city": platform(), "home": reverse("home"), "language_href": reverse("language")}


def platform() -> str:
    """What the site is called."""
    return _("%(city)s闭环平台") % {"city": settings.BIHUAN_CITY}


def shell(visit: Visit) -> Shaped:
    """The whole shell. Its number of queries does not depend on how much there is."""
    seq, digest = visit.columns.position, visit.columns.hash
    chosen = visit.preference
    overdue = guarded.duty_counts(visit)["overdue"] if visit.actor.roles & (DESK | {access.ENTERPRISE}) else 0
    nav = groups(visit, overdue)
    _mark(visit.request.path, nav)
    reads = visit.actor.roles & {access.AUDITOR}
    return {
        **alone(),
        "begins": tours.begins(visit),
        "nav": nav,
        "user": _user(visit, visit.member) if visit.member else None,
        "search_href": reverse("search") if visit.member and visit.actor.roles & READERS else "",
        "board_href": reverse("board") if visit.actor.roles & DESK else "",
        "notices": bell(visit, chosen.read_to) if visit.actor.roles & (DESK | {access.ENTERPRISE}) else None,
        "large": chosen.large,
        "tour": _tour(visit, chosen.tours) if visit.member else None,
        "prefer_href": reverse("preferences"),
        "moved": {"href": reverse("moved"), "tag": moved_tag(visit, seq, digest)} if visit.member else None,
        "idle": {"href": reverse("alive"), "seconds": settings.SESSION_COOKIE_AGE, "login": reverse("login")} if visit.member else None,
        "terms_href": reverse("words"),
        "sign_out_href": reverse("logout"),
        "as_of": visit.at,
        "ledger": {"seq": seq, "href": reverse("ledger") if reads else "", "intact": None},
        "demo": settings.BIHUAN_DEMO,
    }


def moved_tag(visit: Visit, seq: int, digest: str) -> str:
    """What stands for the state of the ledger and the day: while it is the same, no page has anything new to show."""
    return f"{seq}-{digest[:12]}-{visit.day:%m%d}"


def bell(visit: Visit, read_to: datetime | None) -> Shaped:
    """How many notices are unread, and where they are."""
    return {"href": reverse("notices"), "count_href": reverse("notices-count"), "count": guarded.unread(visit, read_to)}


def _tour(visit: Visit, seen: Sequence[str]) -> Shaped | None:
    """The tour of this person's face: whether it shows itself, and its steps."""
    face = tours.face_of(visit)
    return {"face": face, "shown": face not in seen, "steps": tours.tour(face)} if face else None


def groups(visit: Visit, overdue: int = 0) -> list[Shaped]:
    """The side navigation: links by what they belong to."""
    return [group for group in _groups(visit, overdue) if group["links"]]


def _user(visit: Visit, member: Member) -> Shaped:
    roles = _("、").join(access.role_name(role, visit.language) for role in sorted(visit.actor.roles))
    return {"name": member.name or member.username, "username": member.username, "office": visit.actor.office or visit.actor.enterprise, "role": roles}


def _groups(visit: Visit, overdue: int) -> Iterator[Shaped]:
    roles = visit.actor.roles
    work = []
    if roles & DESK:
        work.append(link(_("我的工作台"), "layout-dashboard", reverse("workbench"), count=overdue or None, hot=bool(overdue), quick=True))
        work.append(link(_("领导看板"), "presentation-analytics", reverse("board"), quick=True))
        if any(view.meetings for view in visit.catalogue.registers.values()):
            work.append(link(_("调度会议"), "calendar-event", reverse("meetings")))
        if roles & {access.LEADER, access.SUPERVISOR}:
            work.append(link(_("责任清单"), "list-details", reverse("duty-lists")))
        work.append(link(_("公文与通报"), "file-text", reverse("papers")))
        work.append(link(_("档案"), "inbox", reverse("archive")))
        work.append(link(_("上传报表"), "upload", reverse("uploads"), quick=True))
    if access.SYSADMIN in roles or access.OFFICER in roles:
        work.append(link(_("邀请"), "user", reverse("invitations")))
    if roles & access.OUTSIDE and visit.member:
        home = _("我的企业") if access.ENTERPRISE in roles else _("我的事项")
        work.append(link(home, "building", reverse("mine"), count=overdue or None, hot=bool(overdue), quick=True))
    if access.ENTERPRISE in roles:
        work.append(link(_("上传报表"), "upload", reverse("uploads"), quick=True))
    if access.AUDITOR in roles:
        work.append(link(_("账本"), "history", reverse("ledger"), quick=True))
    if not roles & DESK:
        work.append(link(_("公开"), "presentation-analytics", reverse("opened"), quick=True))
    yield {"title": _("工作"), "links": work}
    for pack in visit.catalogue.packs_in_order:
        views = [view for view in visit.catalogue.registers_in_order if view.pack == pack.key and guarded.may_open(visit.actor, view)]
        links = [
            link(visit.title(view.shape), icon_of(view), reverse("register", args=[view.name]), quick=not at)
            for at, view in enumerate(leading(views)[:MOST_IN_NAV])
        ]
        if len(views) > MOST_IN_NAV:
            links.append(link(_("全部台账"), "list-details", f"{reverse('registers')}#{pack.key}"))
        yield {"title": visit.title(pack.head), "links": links}


def leading(views: list[RegisterView]) -> list[RegisterView]:
    """The registers of a pack, those that work most first: with lights and figures, then a lifecycle, then the rest."""
    return sorted(views, key=lambda view: (not view.lights, view.shape.figures is None, view.lifecycle is None))


def icon_of(view: RegisterView) -> str:
    """The picture of a register: the one its pack gives it, or one that tells what it holds."""
    if view.shape.icon:
        return view.shape.icon
    if view.shape.figures:
        return "building-factory-2"
    if view.lights:
        return "traffic-lights"
    return "checklist" if view.lifecycle else "table"


def _mark(path: str, nav: list[Shaped]) -> None:
    """Mark the link of the page that is open, the longest address it lies under; a phone's bar has room for the first few quick ones."""
    links = [one for group in nav for one in group["links"]]
    for one in [one for one in links if one["quick"]][MOST_QUICK:]:
        one["quick"] = False
    under = [one for one in links if path.startswith(one["href"])]
    if under:
        max(under, key=lambda one: len(one["href"]))["current"] = True
