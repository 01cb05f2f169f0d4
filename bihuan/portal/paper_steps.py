"""The steps of a paper: checked, signed, issued, archived; sent back or laid aside; its figures taken anew, or kept with a reason."""

from collections.abc import Callable

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import issuing
from bihuan.foundation import actions
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
    paper = guarded.paper_of(visit, number)
    guarded.allow(visit, "paper.draft")
    form = _asked(visit, number, _("保留原数"), _("为什么不取用台账现在的数"))
    if tried(visit, form, lambda: issuing.keep(visit.actor, number, _reason(visit), visit.at)):
        return saved(visit, _("已保留原数，请另一位同志核稿"), form.cancel_href)
    return form_page(visit, _("保留原数"), paper.title, form)


def send_back(visit: Visit, number: int) -> HttpResponseBase:
    """Send a checked or signed paper back, with a reason."""
    paper = guarded.paper_of(visit, number)
    guarded.allow(visit, "paper.sign")
    form = _asked(visit, number, _("退回"), _("理由"))
    if tried(visit, form, lambda: actions.return_paper(visit.actor, number, _reason(visit), visit.at)):
        return saved(visit, _("已退回，重新拟稿核稿"), form.cancel_href)
    return form_page(visit, _("退回"), paper.title, form)


def drop(visit: Visit, number: int) -> HttpResponseBase:
    """Lay a paper aside before it is issued, with a reason."""
    paper = guarded.paper_of(visit, number)
    guarded.allow(visit, "paper.draft")
    form = _asked(visit, number, _("作废"), _("理由"), danger=True)
    if tried(visit, form, lambda: actions.drop_paper(visit.actor, number, _reason(visit), visit.at)):
        return saved(visit, _("草稿已作废"), reverse("papers"))
    return form_page(visit, _("作废草稿"), paper.title, form)


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


def _reason(visit: Visit) -> str:
    return visit.request.POST.get("reason", "")


def _asked(visit: Visit, number: int, submit: str, title: str, *, danger: bool = False) -> Form:
    field = plain("reason", title, "long_text", _reason(visit), required=True)
    return Form(visit.request.path, submit, reverse("paper", args=[number]), [field], danger=danger)
