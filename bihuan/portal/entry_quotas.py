"""The tab of a row's page that says what it was granted of which quota, or why not."""

from django.urls import reverse

from bihuan.foundation.grammar.sharing import Telling
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry
from bihuan.portal import allocations, guarded, quotas
from bihuan.portal.visits import Shaped, Visit


def shown(visit: Visit, view: RegisterView, entry: Entry) -> list[Shaped]:
    """Every allocation that concerns the row, the latest first: what it came to and why."""
    whole, lines = guarded.may_see_quotas(visit, view), []
    for grant in guarded.grants_about(visit, view, entry):
        item = view.quotas.find(grant.allocation.quota)
        if item is not None:
            telling = Telling(view, item)
            about = quotas.line(visit, telling, grant.allocation)
            href = reverse("allocation", args=[grant.allocation_id]) if whole else ""
            lines.append({**allocations.line(visit, telling, grant), "allocation": about["title"], "state": about["state"], "href": href})
    return lines
