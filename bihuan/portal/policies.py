"""The policies of a register: who is entitled to what on a day by the rules of a day, against the money there is; near misses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from bihuan.computing import paylists
from bihuan.computing.facts import Progress
from bihuan.computing.matching import Total, matched, totals, within
from bihuan.computing.reasons import money, near_misses
from bihuan.foundation import access, loading
from bihuan.foundation.access import Scope
from bihuan.foundation.grammar.catalogue import Catalogue, RegisterView
from bihuan.foundation.grammar.payables import Policy, policies_of
from bihuan.foundation.models import PayList
from bihuan.portal import guarded, shell, working
from bihuan.portal.visits import Shaped, Visit, query
from bihuan.portal.working import Work

MOST = 200
"""So many near misses, lists and rows of a rehearsal are shown."""

LARGE = 20_000
"""From so many rows on a run is work of its own, and the page says how far it is."""


@dataclass(frozen=True)
class Asked:
    """What a page of policies is about: a register on a day, by the rules in force on another."""

    visit: Visit
    view: RegisterView
    on: date
    rules: date

    @property
    def here(self) -> str:
        """Its own address."""
        return reverse("policies", args=[self.view.name]) + query(**self.words)

    @property
    def words(self) -> dict[str, str]:
        """What its address says, without what goes without saying."""
        said = {"on": self.on.isoformat()} if self.on != self.visit.day else {}
        return said | ({"rules": self.rules.isoformat()} if self.rules != self.on else {})

    @property
    def scope(self) -> Scope:
        """The rows the reader sees."""
        return access.visible(self.visit.actor, self.view)

    @property
    def catalogue(self) -> Catalogue:
        """The packs it goes by."""
        return loading.catalogue(self.rules)

    @property
    def large(self) -> bool:
        """Whether a run takes longer than a page may."""
        return large(self.view)

    def key(self, kind: str) -> tuple[object, ...]:
        """What tells this work from other work; another entry of the ledger makes it other work."""
        versions = (loading.versions_on(self.on), loading.versions_on(self.rules))
        return (kind, self.view.name, self.on, versions, self.scope, self.visit.columns.position)


def large(view: RegisterView) -> bool:
    """Whether a run over a register takes longer than a request may."""
    return guarded.count_rows(view) > LARGE


def asked_of(visit: Visit, register: str) -> Asked:
    """What an address of policies is about."""
    on = _day(visit, "on") or visit.day
    return Asked(visit, guarded.register_of(visit, register), on, _day(visit, "rules") or on)


def _day(visit: Visit, name: str) -> date | None:
    try:
        return parse_date(visit.request.GET.get(name, "") or visit.request.POST.get(name, ""))
    except ValueError:
        return None


def overview(visit: Visit, register: str) -> HttpResponseBase:
    """Every policy in force with its totals, as far as the reader sees the rows; of one, the rows that miss it by one condition."""
    asked = asked_of(visit, register)
    work = working.on(asked.key("totals"), lambda told: _counted(asked, told), large=asked.large)
    context = _run(asked, work)
    if visit.part("run"):
        return shell.part(visit, "portal/_policy_run.html", context)
    near = _chosen(asked, visit.request.GET.get("near", ""))
    context |= {
        "heading": _("惠企政策"), "register": visit.title(asked.view.shape), "whole": asked.scope.everything,
        "on": asked.on, "here": reverse("policies", args=[register]), "editions": _editions(asked), "near": _near(asked, near) if near else None,
        "lists": [line(visit, one) for one in guarded.paylists(visit, asked.view)[:MOST]],
    }  # fmt: skip
    return shell.page(visit, "portal/policies.html", crumbs(asked), context)


def crumbs(asked: Asked, *more: Shaped) -> list[Shaped]:
    """The way to it."""
    home = reverse("register", args=[asked.view.name])
    return [shell.crumb(asked.visit.title(asked.view.shape), home), shell.crumb(_("惠企政策"), asked.here), *more]


def _counted(asked: Asked, told: Progress) -> Sequence[Total]:
    """Under the rules of the columns at hand over these; under others over columns of their own, which are read first."""
    if asked.catalogue is asked.visit.catalogue:
        with matched(asked.visit.columns, asked.view, asked.on, told) as run:
            return totals(run, asked.scope)
    view = asked.catalogue.registers.get(asked.view.name)
    if view is None:
        return []
    columns = paylists.fresh(asked.catalogue)
    try:
        with matched(columns, view, asked.on, told) as run:
            return totals(run, asked.scope)
    finally:
        columns.connection.close()


def _run(asked: Asked, work: Work) -> Shaped:
    """The table of a run, or how far it is."""
    found: Sequence[Total] = work.result if work.done else []
    drafting = asked.rules == asked.on <= asked.visit.day and bool(access.may(asked.visit.actor, "payments.draft", asked.view))
    ordered = sorted(found, key=_weight)
    count, amount = sum(total.paid for total in found), sum(total.amount for total in found)
    return {
        "rows": [_row(asked, total) for total in ordered if total.entitled], "idle": [_row(asked, total) for total in ordered if not total.entitled],
        "paid": {"count": count, "amount": yuan(asked.visit, amount)},
        "work": working_words(work, asked.here),
        "draft_href": reverse("draft-payments", args=[asked.view.name]) + query(on=asked.on.isoformat()) if drafting and count and asked.scope.everything else "",
        "rehearse_href": reverse("rehearse", args=[asked.view.name]) + query(**asked.words) if asked.scope.everything else "", "other_rules": asked.rules != asked.on,
    }  # fmt: skip


def _weight(total: Total) -> tuple[int, ...]:
    """What moves most money first; what nobody meets last."""
    return -total.amount, -total.entitled, -total.unknown


def working_words(work: Work, here: str) -> Shaped | None:
    """How far some work is, as `components/working.html` reads it; None where it is done."""
    return None if work.done else {"part": work.part, "of": work.of, "percent": 100 * work.part // (work.of or 1), "failed": work.failed, "href": here}


def _row(asked: Asked, total: Total) -> Shaped:
    visit, policy = asked.visit, total.policy
    return {
        "title": visit.title(policy.item.shape), "basis": policy.pays.basis, "entitled": total.entitled, "asked": in_column(total.asked),
        "paid": total.paid, "amount": in_column(total.amount), "money": "" if policy.money is None else in_column(policy.money),
        "share": min(100, round(100 * total.amount / policy.money)) if policy.money else None,
        "short": total.bars.get("budget", 0), "unknown": total.unknown,
        "near_href": f"{reverse('policies', args=[asked.view.name])}{query(**asked.words, near=policy.item.key)}#near" if asked.rules == asked.on else "",
    }  # fmt: skip


def _editions(asked: Asked) -> list[Shaped]:
    """The days from which other rules counted or will count."""
    packs = {item.name.partition(".")[0] for item in asked.view.criteria.values() if item.shape.pays} or {asked.view.pack}
    days = sorted({day for day, _pack, _number in loading.editions(packs)}, reverse=True)
    said = [(asked.on, _("当日现行规则"))] + [(day, _("%(day)s 起的规则") % {"day": day.isoformat()}) for day in days if day != asked.on]
    return [{"value": "" if day == asked.on else day.isoformat(), "text": text, "chosen": day == asked.rules} for day, text in said]


def _chosen(asked: Asked, key: str) -> Policy | None:
    return next((policy for policy in policies_of(asked.view, asked.on) if policy.item.key == key), None)


def _near(asked: Asked, policy: Policy) -> Shaped:
    visit = asked.visit
    found = near_misses(visit.columns, asked.view, policy, asked.on, MOST, within(asked.scope))
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


def line(visit: Visit, one: PayList) -> Shaped:
    """A list of payments in a line."""
    states = {"drafted": _("待复核"), "reviewed": _("待确认"), "confirmed": _("已确认"), "dropped": _("已作废")}
    tones = {"drafted": "yellow", "reviewed": "yellow", "confirmed": "green", "dropped": ""}
    return {
        "number": one.pk, "title": one.title, "state": states[one.state], "tone": tones[one.state], "count": one.count, "total": yuan(visit, one.total),
        "by": one.confirmed_by or one.reviewed_by or one.drafted_by, "on": one.confirmed_on or one.reviewed_on or one.drafted_on,
        "href": reverse("payments", args=[one.pk]),
    }  # fmt: skip


def yuan(visit: Visit, amount: int) -> str:
    """An amount in 分 as people write it."""
    return money(amount).text(visit.language)


def in_column(amount: int) -> str:
    """An amount in 分 as it stands in a column whose head says 元: every row in one unit, so that the eye can compare them."""
    whole, rest = divmod(amount, 100)
    return f"{whole:,}.{rest:02}" if rest else f"{whole:,}"
