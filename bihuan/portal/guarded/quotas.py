"""Quotas: their accounts, postings and allocations, for those who see all rows of the register; for others there are none."""

from django.db.models import QuerySet
from django.http import Http404

from bihuan.foundation import access
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.quotas import Quota
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Allocation, Balance, Entry, Grant, Posting
from bihuan.portal.guarded.rows import may_open
from bihuan.portal.visits import Visit

MOST = 20
"""So many allocations are told of on the page of one row."""


def may_see_quotas(visit: Visit, view: RegisterView) -> bool:
    """Whether somebody may see who is granted what: they see all rows of the register."""
    return bool(view.quotas) and may_open(visit.actor, view) and access.visible(visit.actor, view).everything


def quota_of(visit: Visit, register: str, word: str) -> tuple[RegisterView, Item[Quota]]:
    """A quota with its register; 404 where there is none, or this person does not see all rows."""
    view = visit.register(register)
    item = view.quotas.find(word) if view else None
    if view is None or item is None or not may_see_quotas(visit, view):
        raise Http404
    return view, item


def quota_periods(item: Item[Quota]) -> list[str]:
    """The periods of which anything was booked, the latest first."""
    return sorted(set(Posting.objects.filter(quota=item.name).values_list("period", flat=True)), reverse=True)


def balances(item: Item[Quota], period: str) -> QuerySet[Balance]:
    """What every account holds in a period, those of single rows included."""
    return Balance.objects.filter(quota=item.name, period=period).order_by("pk")


def postings(item: Item[Quota], period: str) -> QuerySet[Posting]:
    """What was booked in a period, the latest first."""
    return Posting.objects.filter(quota=item.name, period=period).select_related("entry").order_by("-pk")


def allocations(item: Item[Quota]) -> QuerySet[Allocation]:
    """The allocations of a quota, the latest first."""
    return Allocation.objects.filter(quota=item.name).order_by("-pk")


def allocation_of(visit: Visit, number: int) -> tuple[Allocation, RegisterView, Item[Quota]]:
    """One allocation with its quota; 404 where there is none, or this person does not see all rows."""
    found = Allocation.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    return found, *quota_of(visit, found.register, found.quota)


def grants(allocation: Allocation) -> QuerySet[Grant]:
    """The lines of an allocation in the order of the requests."""
    return allocation.grants.select_related("entry").order_by("pk")


def grants_about(visit: Visit, view: RegisterView, entry: Entry) -> list[Grant]:
    """What allocations came to for one row, the latest first, for those who answer for it; drafts for the staff only. Those laid aside are left out."""
    if not access.charge(visit.actor, view).holds(entry):
        return []
    states = ("confirmed",) if access.outsider(visit.actor) else ("drafted", "reviewed", "confirmed")
    found = Grant.objects.filter(entry=entry, allocation__state__in=states).select_related("allocation", "entry")
    return list(found.order_by("-allocation_id")[:MOST])
