"""The steps of a paper: checked, signed, issued, archived; sent back or laid aside; its figures taken anew, or kept with a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import issuing
from bihuan.foundation import actions
from bihuan.foundation.access import Actor
from bihuan.foundation.actions import RETENTIONS, Rejected
from bihuan.foundation.models import Paper
from bihuan.portal import guarded, words
from bihuan.portal.forms import Form, plain
from bihuan.portal.visits import Visit, onward
from bihuan.portal.writes import form_page, saved, tried


def check(visit: Visit, number: int) -> HttpResponseBase:
    """Say that a draft was looked through, its figures computed again."""
    return _taken(visit, number, "check", lambda paper: _("已核稿"))


def sign(visit: Visit, number: int) -> HttpResponseBase:
    """Sign a checked paper."""
    return _taken(visit, number, "sign", lambda paper: _("已签发"))


def issue(visit: Visit, number: int) -> HttpResponseBase:
    """Issue a signed paper: it is composed again from the ledger, gets its number, and is frozen."""
    return _taken(visit, number, "issue", lambda paper: _("已印发：%(number)s") % {"number": paper.number})


def _taken(visit: Visit, number: int, step: str, said: Callable[[Paper], str]) -> HttpResponseBase:
    guarded.paper_of(visit, number)
    guarded.allow(visit, f"paper.{step}")
    return _done(visit, number, lambda: issuing.take(visit.actor, number, step, visit.at), said)


def renew(visit: Visit, number: int) -> HttpResponseBase:
    """Take the figures the ledger has now."""
    guarded.paper_of(visit, number)
    guarded.allow(visit, "paper.draft")
    return _done(visit, number, lambda: issuing.renew(visit.actor, number, visit.at), lambda paper: _("已取用台账现在的数，请重新核稿"))


def _done(visit: Visit, number: int, deed: Callable[[], Paper], said: Callable[[Paper], str]) -> HttpResponseBase:
    """Do it and say so; what was refused is said on the page of the paper."""
    here = reverse("paper", args=[number])
    try:
        paper = deed()
    except Rejected as why:
        for refusal in why.refusals:
            messages.error(visit.request, refusal.text(visit.language))
        return onward(visit.request, here)
    return saved(visit, said(paper), here)


def keep(visit: Visit, number: int) -> HttpResponseBase:
    """Keep the figures as they stand, with a reason."""
    asked = Reasoned("paper.draft", issuing.keep, _("保留原数"), _("已保留原数，请另一位同志核稿"), why=_("为什么不取用台账现在的数"))
    return _reasoned(visit, number, asked)


def send_back(visit: Visit, number: int) -> HttpResponseBase:
    """Send a checked or signed paper back, with a reason."""
    return _reasoned(visit, number, Reasoned("paper.sign", actions.return_paper, _("退回"), _("已退回，重新拟稿核稿")))


def drop(visit: Visit, number: int) -> HttpResponseBase:
    """Lay a paper aside before it is issued, with a reason."""
    asked = Reasoned("paper.draft", actions.drop_paper, _("作废草稿"), _("草稿已作废"), submit=_("作废"), then=reverse("papers"), danger=True)
    return _reasoned(visit, number, asked)


@dataclass(frozen=True)
class Reasoned:
    """A step that is taken with a reason: what it asks of whoever takes it, the deed, its heading, and what is said when it is done.

    ``why`` asks for the reason, ``submit`` is the word on the button, ``then`` the page that follows; by default 理由, the heading, the paper.
    """

    action: str
    deed: Callable[[Actor, int, str, datetime], object]
    heading: str
    done: str
    why: str = ""
    submit: str = ""
    then: str = ""
    danger: bool = False


def _reasoned(visit: Visit, number: int, step: Reasoned) -> HttpResponseBase:
    """The form of such a step, and the step."""
    paper = guarded.paper_of(visit, number)
    guarded.allow(visit, step.action)
    reason = visit.request.POST.get("reason", "")
    field = plain("reason", step.why or _("理由"), "long_text", reason, required=True)
    form = Form(visit.request.path, step.submit or step.heading, reverse("paper", args=[number]), [field], danger=step.danger)
    if tried(visit, form, lambda: step.deed(visit.actor, number, reason, visit.at)):
        return saved(visit, step.done, step.then or form.cancel_href)
    return form_page(visit, step.heading, paper.title, form)


def archive(visit: Visit, number: int) -> HttpResponseBase:
    """Put an issued paper into the archive, saying how long it is kept."""
    paper = guarded.paper_of(visit, number)
    guarded.allow(visit, "paper.archive")
    chosen = visit.request.POST.get("retention", "")
    options = words.choices([(one, _retention(one)) for one in RETENTIONS], [chosen or RETENTIONS[1]])
    field = plain("retention", _("保管期限"), "choice", chosen, required=True, options=options)
    form = Form(visit.request.path, _("归档"), reverse("paper", args=[number]), [field])
    if tried(visit, form, lambda: actions.archive_paper(visit.actor, number, chosen, visit.at)):
        return saved(visit, _("已归档"), form.cancel_href)
    return form_page(visit, _("归档"), paper.title, form)


def _retention(retention: str) -> str:
    return dict(zip(RETENTIONS, (_("永久"), _("30 年"), _("10 年")), strict=True))[retention]
