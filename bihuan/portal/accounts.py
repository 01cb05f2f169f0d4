"""Signing in and out. A wrong name and a wrong password get the same answer after the same work."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from bihuan.foundation import access, actions, lockout
from bihuan.foundation.models import Member
from bihuan.portal import guarded
from bihuan.portal.shell import DESK, alone
from bihuan.portal.visits import Shaped, Visit

LONGEST_NAME, LONGEST_PASSWORD = 120, 256


def home(visit: Visit) -> HttpResponseBase:
    """The first page of whoever is signed in, by role; the sign-in page for others."""
    return redirect(home_of(visit.actor.roles) if visit.member else settings.LOGIN_URL)


def home_of(roles: frozenset[str]) -> str:
    """Where a person with these roles begins."""
    if access.LEADER in roles and access.OFFICER not in roles:
        return reverse("board")
    if roles & DESK:
        return reverse("workbench")
    if roles & access.OUTSIDE:
        return reverse("mine")
    return reverse("ledger") if access.AUDITOR in roles else reverse("registers")


def sign_in(visit: Visit) -> HttpResponseBase:
    """The sign-in page, and a try at signing in. Five failures in a quarter of an hour lock the account for as long."""
    request = visit.request
    if request.method != "POST":
        return redirect(home_of(visit.actor.roles)) if visit.member else _page(visit, [], request.GET.get("next", ""))
    username = request.POST.get("username", "").strip()[:LONGEST_NAME]
    password = request.POST.get("password", "")[:LONGEST_PASSWORD]
    back = request.POST.get("next", "")
    source = request.META.get("REMOTE_ADDR", "")
    locked = lockout.locked(username, source, visit.at)
    member = authenticate(request, username=username, password=password)  # also when locked: the answer takes as long
    if locked or not isinstance(member, Member):
        if not locked and lockout.failed(username, source, visit.at):
            actions.locked_out(username, visit.at)
        return _page(visit, [_refusal()], back, username)
    lockout.succeeded(username, source, visit.at)
    return enter(visit, member, back)


def demo(visit: Visit) -> HttpResponseBase:
    """One click in a demo city signs in as one of its invented people; in a real city there is no such address."""
    if not settings.BIHUAN_DEMO:
        raise Http404
    chosen = visit.request.POST.get("as", "")
    member = next((one for one in guarded.demo_people() if one.username == chosen), None)
    if member is None:
        raise Http404
    return enter(visit, member, visit.request.POST.get("next", ""))


def sign_out(visit: Visit) -> HttpResponseBase:
    """End this session and have the browser forget the pages it holds."""
    logout(visit.request)
    response = redirect(settings.LOGIN_URL)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def enter(visit: Visit, member: Member, back: str) -> HttpResponseBase:
    """Open a session under a new key, on record, and go where the person wanted to."""
    request = visit.request
    login(request, member, backend="django.contrib.auth.backends.ModelBackend")
    request.session.cycle_key()
    actions.signed_in(member, visit.at)
    inside = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back not in ("", "/")
    response = redirect(back if inside else home_of(frozenset(member.roles)))
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, member.language, secure=settings.BIHUAN_HTTPS,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY, samesite="Lax",
        )  # fmt: skip
    return response


def _refusal() -> str:
    return _("账号或密码不对。连续输错 5 次，账号会锁定 15 分钟。")


def _page(visit: Visit, errors: list[str], back: str, username: str = "") -> HttpResponseBase:
    empty: Shaped = {"required": True, "error": "", "help": "", "unit": "", "readonly": False, "options": []}
    fields = [
        {**empty, "name": "username", "title": _("账号"), "kind": "text", "value": username, "autocomplete": "username"},
        {**empty, "name": "password", "title": _("密码"), "kind": "password", "value": "", "autocomplete": "current-password"},
    ]
    context = {
        "shell": alone(), "at": visit.at, "login_href": reverse("login"), "next": back, "fields": fields, "errors": errors,
        "demo": _offered() if settings.BIHUAN_DEMO else [], "demo_href": reverse("demo"),
        "open_href": reverse("opened"),
    }  # fmt: skip
    list(messages.get_messages(visit.request))  # what was said to the one who signed out is not for the next
    return render(visit.request, "portal/login.html", context, status=422 if errors else 200)


def _offered() -> list[Shaped]:
    words = {
        access.LEADER: ("他", _("领导"), _("看全市灯态、县区排名，从一个数查到源头")),
        access.OFFICER: ("我", _("干部"), _("办任务、管台账、收报表、出通报")),
        access.ENTERPRISE: ("你", _("企业"), _("报进展、提诉求、看办到哪一步")),
    }
    cards = []
    for member in guarded.demo_people():
        role = next(role for role in words if role in member.roles)
        word, title, what = words[role]
        who = " · ".join(filter(None, (member.name, member.enterprise or (member.office_id or ""))))
        cards.append({"word": word, "title": title, "what": what, "who": who, "username": member.username})
    return cards
