"""Invitations: who was invited and has not come yet, a new one with its link and code shown once, and the page behind the link."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation import access, actions
from bihuan.foundation.actions import InvitationGiven
from bihuan.foundation.models import Invitation
from bihuan.portal import guarded, shell, words
from bihuan.portal.accounts import LONGEST_NAME, LONGEST_PASSWORD, enter
from bihuan.portal.forms import Form, plain
from bihuan.portal.visits import Shaped, Visit, done
from bihuan.portal.writes import tried

DAYS = ("1", "3", "7", "14")


def invitations(visit: Visit) -> HttpResponseBase:
    """The open invitations this person may see, and the form for another. A new one's link is shown on this answer and never again."""
    guarded.allow(visit, "invite")
    posted = visit.request.POST
    form = Form(reverse("invitations"), _("生成邀请"), reverse("home"), list(_asked(visit)), note=_("系统不发邮件：请把链接或二维码当面交给对方"))
    made: list[tuple[Invitation, str]] = []

    def make() -> None:
        days = posted.get("days", "")
        given = InvitationGiven(posted.get("role", ""), posted.get("enterprise", ""), posted.get("name", ""), int(days) if days in DAYS else 0)
        made.append(actions.invite(visit.actor, given, visit.at))

    tried(visit, form, make)
    context = {
        "form": form.shaped(visit.language), "fresh": _fresh(visit, *made[0]) if made else None,
        "open": [_line(visit, one) for one in guarded.invitations(visit)],
    }  # fmt: skip
    return shell.page(visit, "portal/invitations.html", [shell.crumb(_("邀请"))], context, 422 if form.refusals else 200)


def revoke(visit: Visit, number: int) -> HttpResponseBase:
    """Take an open invitation back: its link leads nowhere from now on."""
    if not any(one.pk == number for one in guarded.invitations(visit)):
        raise Http404
    actions.revoke_invitation(visit.actor, number, visit.at)
    return done(visit, _("邀请已撤回，链接随即失效"), reverse("invitations"))


def join(visit: Visit, token: str) -> HttpResponseBase:
    """Behind the link: choose a username and a password, and be signed in."""
    invitation = actions.open_invitation(token, visit.at)
    posted = visit.request.POST
    username = posted.get("username", "").strip()[:LONGEST_NAME]
    fields = [
        plain("username", _("账号"), "text", username, required=True, autocomplete="username", help=_("字母、数字或汉字，不含空格，登录时用")),
        plain("password", _("密码"), "password", "", required=True, autocomplete="new-password", help=_("至少 10 个字符，不要用常见的或与账号相近的")),
    ]
    form = Form(visit.request.path, _("设置好了，进入"), "", fields)
    if invitation and tried(visit, form, lambda: actions.accept_invitation(token, username, posted.get("password", "")[:LONGEST_PASSWORD], visit.at)):
        member = guarded.member(username)
        return enter(visit, member, "")
    context = {
        "shell": shell.alone(), "at": visit.at, "form": form.shaped(visit.language), "valid": invitation is not None,
        "name": invitation.name if invitation else "", "login_href": reverse("login"),
        "enterprise": invitation.enterprise if invitation else "", "expires": invitation.expires if invitation else None,
    }  # fmt: skip
    status = 422 if form.refusals else 200 if invitation else 404
    response = render(visit.request, "portal/join.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _asked(visit: Visit) -> list[Shaped]:
    posted = visit.request.POST
    roles = [(role, access.role_name(role, visit.language)) for role in (access.ENTERPRISE, access.CITIZEN)]
    days = [(day, _("%(n)s 天") % {"n": day}) for day in DAYS]
    return [
        plain("role", _("邀请谁"), "choice", required=True, options=words.choices(roles, [posted.get("role", access.ENTERPRISE)])),
        plain("enterprise", _("企业名称"), "text", posted.get("enterprise", ""), help=_("与台账里登记的名称一字不差；邀请公众不填")),
        plain("name", _("联系人"), "text", posted.get("name", ""), help=_("个人信息，不进入台账正文")),
        plain("days", _("有效期"), "choice", required=True, options=words.choices(days, [posted.get("days", "7")])),
    ]


def _fresh(visit: Visit, invitation: Invitation, token: str) -> Shaped:
    link = visit.request.build_absolute_uri(reverse("join", args=[token]))
    return {"link": link, "name": invitation.name, "enterprise": invitation.enterprise, "expires": invitation.expires}


def _line(visit: Visit, one: Invitation) -> Shaped:
    return {
        "name": one.name, "role": access.role_name(one.role, visit.language), "enterprise": one.enterprise, "by": one.made_by, "made": one.made_at,
        "expires": one.expires, "over": one.expires <= visit.at, "revoke_href": reverse("invitation-revoke", args=[one.pk]),
    }  # fmt: skip
