"""The tab of a row's page that says what policies give it: what it gets, what one condition keeps from it, and what to hand in."""

from collections.abc import Sequence

from django.urls import reverse

from bihuan.computing.reasons import Answer, answers, money, questions
from bihuan.foundation import access
from bihuan.foundation.grammar.criteria import Reason
from bihuan.foundation.grammar.payables import Policy
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry, Payment
from bihuan.portal import guarded
from bihuan.portal.visits import Shaped, Visit

MOST_LINES = 4
"""So many lines of a kind the home of an enterprise shows; the tab has all."""

MOST_ROWS = 3
"""An enterprise has one row of a register of policies; more are few."""

MARKS = {"met": "check", "exempt": "check", "clear": "check", "unmet": "x", "denied": "x", "unknown": "alert-circle"}
"""The icon of a reason by how it came out; the sentence says the same in words."""


def shown(visit: Visit, view: RegisterView, entry: Entry) -> Shaped:
    """Every policy in force today, in four groups, each with its reasons."""
    columns = visit.columns
    found = answers(columns, view, [entry.pk], visit.day).get(entry.pk, [])
    asked = questions(columns, view, entry.pk, visit.day, found)
    gets = [one for one in found if one.asked]
    # A distance is what can be worked on; a title that a firm does not have stands with what does not fit.
    near = [one for one in found if one.judgement.near_miss and one.judgement.near_miss.numbers.zh]
    unknown = [one for one in found if one.judgement.value is None or (one.judgement.value and one.asked is None)]
    grouped = {one.policy.number for one in (*gets, *near, *unknown)}
    staff = bool(visit.actor.roles & access.STAFF)
    return {
        "all_href": reverse("policies", args=[view.name]) if staff else "",
        "gets": _lines(visit, gets), "near": _lines(visit, near), "unknown": _lines(visit, unknown),
        "others": _lines(visit, [one for one in found if one.policy.number not in grouped]),
        "asks": [{"fact": one.fact, "unlocks": _titles(visit, one.unlocks), "concerns": len(one.concerns)} for one in asked],
    }  # fmt: skip


def granted(visit: Visit, view: RegisterView, rows: Sequence[Entry]) -> list[Shaped]:
    """In short, for the owner of a few rows: what confirmed lists paid, what policies give today, what one condition keeps, what to hand in."""
    paid = guarded.payments_of(entry.pk for entry in rows)
    return [_granted(visit, view, entry, [one for one in paid if one.entry_id == entry.pk]) for entry in rows[:MOST_ROWS]]


def _granted(visit: Visit, view: RegisterView, entry: Entry, paid: Sequence[Payment]) -> Shaped:
    whole = shown(visit, view, entry)
    return {
        "title": entry.title or entry.key, "href": f"{reverse('row', args=[entry.pk])}?tab=policies",
        "paid": [_paid(visit, view, one) for one in paid[:MOST_LINES]],
        **{group: whole[group][:MOST_LINES] for group in ("gets", "near")},
        "asks": [one for one in whole["asks"] if one["unlocks"]][:MOST_LINES],
    }  # fmt: skip


def _paid(visit: Visit, view: RegisterView, one: Payment) -> Shaped:
    item = view.criteria.find(one.policy)
    return {"title": visit.title(item.shape) if item else one.policy, "amount": money(one.amount).text(visit.language), "on": one.paylist.confirmed_on}


def _lines(visit: Visit, found: Sequence[Answer]) -> list[Shaped]:
    return [_line(visit, one) for one in found]


def _line(visit: Visit, one: Answer) -> Shaped:
    near, pays = one.judgement.near_miss, one.policy.pays
    return {
        "title": _title(visit, one.policy), "amount": money(one.asked).text(visit.language) if one.asked else "",
        "said": near.said.text(visit.language) if near else "", "basis": pays.basis,
        "reasons": [_reason(visit, reason) for reason in one.judgement.reasons],
    }  # fmt: skip


def _reason(visit: Visit, reason: Reason) -> Shaped:
    return {"icon": MARKS[reason.outcome], "said": reason.said.text(visit.language), "basis": reason.basis}


def _titles(visit: Visit, policies: Sequence[Policy]) -> str:
    return ("、" if visit.language.startswith("zh") else ", ").join(_title(visit, policy) for policy in policies)


def _title(visit: Visit, policy: Policy) -> str:
    return visit.title(policy.item.shape)
