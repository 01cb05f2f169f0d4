"""Lists of payments: drafted from a run, reviewed, confirmed by a second person after they were computed again, taken away as files."""

import io
import json
from collections.abc import Callable
from datetime import date
from typing import IO

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan import clock
from bihuan.computing import paylists, tables
from bihuan.computing.facts import Progress, nobody
from bihuan.computing.linking.proposals import open_pairs
from bihuan.computing.matching import matched
from bihuan.foundation import access, actions
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import PayList
from bihuan.foundation.sheets.payments import described, payment_file, public_list
from bihuan.portal import errands, guarded, reviewed, shell
from bihuan.portal.errands import Errand
from bihuan.portal.forms import Form, plain
from bihuan.portal.papers import taken
from bihuan.portal.policies import in_column, large, line
from bihuan.portal.reviewed import CONFIRM, DROP, REVIEW, Act, Way, laid_aside
from bihuan.portal.visits import Shaped, Visit, query
from bihuan.portal.writes import form_page, saved, tried

AT_ONCE = 5_000
"""Up to so many rows of a register are compared while a page is made."""

MOST = 200
"""So many lines are shown; the files have all."""

WAY = Way("payments", "payments-act", (gettext_lazy("拟表"), gettext_lazy("复核"), gettext_lazy("确认兑付")), {
    REVIEW: Act(
        "payments.review", lambda visit, number, _reason: actions.review_payments(visit.actor, number, visit.at), gettext_lazy("复核无误"),
        gettext_lazy("复核兑付表"), gettext_lazy("已复核，请另一位同志确认"), gettext_lazy("复核后由另一位同志确认；拟表和复核的人不能确认"),
    ),
    CONFIRM: Act(
        "payments.confirm", lambda visit, number, _reason: paylists.confirm(visit.actor, number, visit.at), gettext_lazy("重算一致后确认兑付"),
        gettext_lazy("确认兑付"), gettext_lazy("重算一致，已确认"),
        gettext_lazy("确认时在账本锁内按拟表时的规则重算一遍，与本表一分不差才记为已兑付；数据动过则什么也不付"),
    ),
    DROP: laid_aside("payments.draft", lambda visit, number, reason: actions.drop_payments(visit.actor, number, reason, visit.at), gettext_lazy("作废兑付表")),
})  # fmt: skip
"""How a list of payments goes."""


def draft(visit: Visit, register: str) -> HttpResponseBase:
    """Make a list of what a run came to."""
    view = guarded.register_of(visit, register)
    guarded.allow(visit, "payments.draft", view)
    if not access.visible(visit.actor, view).everything:
        raise Http404  # a list is of all rows
    given = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    on = _day(given.get("on", ""), visit.day)
    back = reverse("policies", args=[register]) + query(on=on.isoformat() if on != visit.day else "")
    title = paylists.title_of(view, on)
    form = Form(
        reverse("draft-payments", args=[register]), _("拟表"), back, [plain("title", _("表名"), "text", given.get("title", "") or title, required=True)],
        {"on": on.isoformat()}, note=_("按 %(day)s 的规则和账本此刻的数据拟表；复核之后由没有经手的同志确认，才算兑付") % {"day": on.isoformat()},
    )  # fmt: skip
    actor, wanted, made = visit.actor, given.get("title", "").strip(), list[str]()

    def keep(matching: Progress = nobody, writing: Progress = nobody) -> str:
        with matched(tables.current(on), view, on, matching) as run:
            paylist = paylists.keep(actor, run, clock.now(), wanted, writing)
        return reverse("payments", args=[paylist.pk])

    said = _("已拟表，待复核")
    if visit.request.method == "POST" and large(view):
        errand = Errand(actor.username, _("拟表"), visit.title(view.shape), back, said)
        return errands.sent(visit, errand, ("draft payments", register, on, wanted, visit.columns.position), keep)
    if tried(visit, form, lambda: made.append(keep())):
        return saved(visit, said, made[0])
    return form_page(visit, _("新拟兑付表"), visit.title(view.shape), form)


def _day(text: str, today: date) -> date:
    """The day a list is for: one that has come."""
    try:
        return min(parse_date(text) or today, today)
    except ValueError:
        return today


def payments(visit: Visit, number: int) -> HttpResponseBase:
    """One list: how far it is, what each policy comes to, its lines, and what may be done next."""
    paylist = guarded.paylist_of(visit, number)
    view = guarded.register_of(visit, paylist.register)
    one = line(visit, paylist)
    policies, lines = guarded.payment_totals(paylist), guarded.payment_lines(paylist, MOST)
    titles = {item.name: visit.title(item.shape) for item in view.criteria.values()}
    context = {
        "one": one, "day": paylist.day, "position": paylist.position, "digest": paylist.digest[:16], "reason": paylist.reason, "doubt": _doubt(visit, view, paylist),
        "steps": reviewed.steps_of(WAY, paylist), "acts": reviewed.acts_of(visit, WAY, view, paylist), "files": _files(paylist),
        "policies": [{"title": titles.get(name, name), "count": count, "amount": in_column(amount)} for name, count, amount in policies],
        "lines": [
            {
                "title": entry_title, "key": key, "office": office, "href": f"{reverse('row', args=[entry])}?tab=policies",
                "policy": titles.get(policy, policy), "asked": in_column(asked), "amount": in_column(amount), "short": amount < asked,
            }
            for entry, key, entry_title, office, policy, asked, amount in lines
        ],
        "others": max(0, paylist.count - MOST),
    }  # fmt: skip
    home = reverse("policies", args=[paylist.register])
    crumbs = [shell.crumb(visit.title(view.shape), reverse("register", args=[view.name])), shell.crumb(_("惠企政策"), home), shell.crumb(paylist.title)]
    return shell.page(visit, "portal/payments.html", crumbs, context)


def _doubt(visit: Visit, view: RegisterView, paylist: PayList) -> Shaped | None:
    """That rows of a list which has not paid yet are probably one thing, and where that is decided; of a large register only where to look first."""
    if view.shape.duplicates is None or paylist.state not in ("drafted", "reviewed"):
        return None
    href = reverse("duplicates", args=[view.name])
    if guarded.count_rows(view) > AT_ONCE:
        return {"text": _("台账较大，重复登记没有在这里比对：确认之前先看“疑似重复”"), "href": href}
    paid = guarded.paid_rows(paylist)
    twice = sum(pair.left in paid and pair.right in paid for pair in open_pairs(visit.columns, view))
    return {"text": _("表中有 %(n)s 对疑似同一户，还没有人认定：先认定再确认，免得付两次") % {"n": twice}, "href": href} if twice else None


def _files(paylist: PayList) -> list[Shaped]:
    titles = {"payment.xlsx": _("付款文件 xlsx"), "payment.json": _("付款文件 json"), "public.xlsx": _("公示名单 xlsx")}
    return [
        shell.action(titles[name], "download", reverse("payments-file", args=[paylist.pk, *name.split(".")]))
        for name, (states, _write) in _WRITTEN.items() if paylist.state in states
    ]  # fmt: skip


def act(visit: Visit, number: int, act: str) -> HttpResponseBase:
    """Review a list, confirm it (it is computed once more, and paid only where it comes out the same), or lay it aside with a reason."""
    paylist = guarded.paylist_of(visit, number)
    view = guarded.register_of(visit, paylist.register)
    if act == CONFIRM and visit.request.method == "POST" and large(view):
        return _confirmed_aside(visit, view, paylist)
    return reviewed.act(visit, WAY, view, paylist, act, paylist.title)


def _confirmed_aside(visit: Visit, view: RegisterView, paylist: PayList) -> HttpResponseBase:
    """Confirm a list of a large register: it is computed once more, which takes longer than a request may."""
    chosen = reviewed.turn(visit, WAY, view, paylist, CONFIRM)
    actor, number, here = visit.actor, paylist.pk, reverse("payments", args=[paylist.pk])

    def confirm(matching: Progress, _writing: Progress) -> str:
        paylists.confirm(actor, number, clock.now(), matching)
        return here

    return errands.sent(visit, Errand(actor.username, str(chosen.heading), paylist.title, here, str(chosen.said)), ("confirm payments", number), confirm)


def _as_json(file: IO[bytes], paylist: PayList) -> int:
    file.write(json.dumps(described(paylist), ensure_ascii=False, indent=2, sort_keys=True).encode())
    return paylist.count


_WRITTEN: dict[str, tuple[tuple[str, ...], Callable[[IO[bytes], PayList], int]]] = {
    "payment.xlsx": (("confirmed",), payment_file), "payment.json": (("confirmed",), _as_json), "public.xlsx": (("reviewed", "confirmed"), public_list),
}  # fmt: skip
"""The files of a list, the states in which there is one, and what writes it."""


def as_file(visit: Visit, number: int, file: str, suffix: str) -> HttpResponse:
    """The payment file of a confirmed list, or the list that is made public once it is reviewed."""
    paylist = guarded.paylist_of(visit, number)
    states, write = _WRITTEN.get(f"{file}.{suffix}", ((), payment_file))
    if paylist.state not in states:
        raise Http404
    buffer = io.BytesIO()
    write(buffer, paylist)
    title = _("公示名单") if file == "public" else _("付款文件")
    return taken(buffer.getvalue(), f"{title}-{paylist.pk}-{paylist.day:%Y%m%d}", suffix)
