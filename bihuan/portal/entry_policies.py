"""The tab of a row's page that says what policies give it: what it gets, what one condition keeps from it, and what to hand in."""

from collections.abc import Sequence

from django.urls import reverse

from bihuan.computing.reasons import Answer, answers, money, questions
from bihuan.foundation import access
from bihuan.foundation.grammar.criteria import Reason
from bihuan.foundation.grammar.payables import Policy
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry
from bihuan.portal.visits import Shaped, Visit

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
