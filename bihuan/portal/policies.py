"""The policies of a register: who is entitled to what today against the money there is, the near misses of one, and the lists of payments."""

from collections.abc import Sequence

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing.matching import Total, matched, totals, within
from bihuan.computing.reasons import money, near_misses
from bihuan.computing.tables import Columns
from bihuan.foundation import access
from bihuan.foundation.grammar.payables import Policy, policies_of
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import PayList
from bihuan.portal import guarded, shell
from bihuan.portal.visits import Shaped, Visit, query

MOST = 200
"""So many near misses are shown."""


def overview(visit: Visit, register: str) -> HttpResponseBase:
    """Every policy in force today with its totals, as far as the reader sees the rows; of one, the rows that miss it by one condition."""
    view = guarded.register_of(visit, register)
    columns, scope = visit.columns, access.visible(visit.actor, view)
    found = _totals(columns, view, visit, scope)
    here, asked = reverse("policies", args=[register]), visit.request.GET.get("near", "")
    near = next((total.policy for total in found if total.policy.item.key == asked), None)
    context = {
        "heading": _("惠企政策"), "register": visit.title(view.shape), "whole": scope.everything,
        "rows": [_row(visit, total, here) for total in found],
        "paid": {"count": sum(total.paid for total in found), "amount": _money(visit, sum(total.amount for total in found))},
        "near": _near(visit, columns, view, near) if near else None,
        "lists": [_paylist(visit, one) for one in guarded.paylists(visit, view)[:MOST]],
    }  # fmt: skip
    crumbs = [shell.crumb(visit.title(view.shape), reverse("register", args=[register])), shell.crumb(_("惠企政策"), here)]
    return shell.page(visit, "portal/policies.html", crumbs, context)


def _totals(columns: Columns, view: RegisterView, visit: Visit, scope: access.Scope) -> Sequence[Total]:
    """Kept until anything is recorded, payments too: a run over a large register takes seconds."""

    def counted() -> Sequence[Total]:
        if not policies_of(view, visit.day):
            return []
        with matched(columns, view, visit.day) as run:
            return totals(run, scope)

    return columns.keep(("policies", view.name, visit.day, scope, columns.position), (), counted)


def _row(visit: Visit, total: Total, here: str) -> Shaped:
    policy = total.policy
    return {
        "title": visit.title(policy.item.shape), "basis": policy.pays.basis, "entitled": total.entitled, "asked": _money(visit, total.asked),
        "paid": total.paid, "amount": _money(visit, total.amount), "money": "" if policy.money is None else _money(visit, policy.money),
        "short": total.bars.get("budget", 0), "unknown": total.unknown, "near_href": f"{here}{query(near=policy.item.key)}#near",
    }  # fmt: skip


def _near(visit: Visit, columns: Columns, view: RegisterView, policy: Policy) -> Shaped:
    found = near_misses(columns, view, policy, visit.day, MOST, within(access.visible(visit.actor, view)))
    return {
        "title": visit.title(policy.item.shape), "most": MOST,
        "rows": [
            {
                "title": one.title, "key": one.key, "office": one.office, "href": f"{reverse('row', args=[one.id])}?tab=policies",
                "said": one.judgement.near_miss.said.text(visit.language) if one.judgement.near_miss else "",
            }
            for one in found
        ],
    }  # fmt: skip


def _paylist(visit: Visit, one: PayList) -> Shaped:
    states = {"drafted": _("待复核"), "reviewed": _("待确认"), "confirmed": _("已确认"), "dropped": _("已作废")}
    return {
        "number": one.pk, "title": one.title, "state": states[one.state], "count": one.count, "total": _money(visit, one.total),
        "by": one.confirmed_by or one.reviewed_by or one.drafted_by, "on": one.confirmed_on or one.reviewed_on or one.drafted_on,
    }  # fmt: skip


def _money(visit: Visit, amount: int) -> str:
    return money(amount).text(visit.language)
