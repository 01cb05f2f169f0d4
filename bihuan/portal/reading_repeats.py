"""Findings that repeat what is there already: said before they are confirmed and after, with the way to add them to it instead of a second row."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import repeated
from bihuan.computing.repeated import Repeated
from bihuan.foundation import access
from bihuan.foundation.models import Entry
from bihuan.portal.forms import Form
from bihuan.portal.reading_page import Page
from bihuan.portal.visits import Shaped
from bihuan.portal.writes import form_page, saved, tried


def confirmed(page: Page) -> list[Shaped]:
    """The confirmed findings that wait because what they would start is there already: by which row, and where they are added to it."""
    visit, quote = page.visit, page.place.shape.quote
    settled = {entry.pk: entry for entry in page.every if entry.state == page.confirmed}
    found = repeated.waiting(visit.columns, page.place.view, list(settled.values()), visit.day) if settled else []
    return [
        {
            **_there(page, one), "id": one.entry, "quote": settled[one.entry].data.get(quote) or "", "href": reverse("row", args=[one.entry]),
            "join_href": reverse("reading-act", args=[page.place.view.name, page.document.pk, one.entry, "join"]) if may_join(page, one, settled[one.entry]) else "",
        }
        for one in found
    ]  # fmt: skip


def foreseen(page: Page, shown: Sequence[Entry]) -> dict[int, Shaped]:
    """Of findings that wait for the second person: what is there already of what they would start, by finding."""
    waits = [entry for entry in shown if entry.state == page.waiting]
    found = repeated.would_repeat(page.visit.columns, page.place.view, waits, page.confirmed, page.visit.day) if waits else []
    return {one.entry: _there(page, one) for one in found}


def _there(page: Page, one: Repeated) -> Shaped:
    """The row that is there, as far as this person may see it."""
    seen = access.visible(page.visit.actor, one.view).holds(one.target)
    return {
        "register": page.visit.title(one.view.shape), "key": one.target.key if seen else "", "title": one.target.title if seen else "",
        "target_href": reverse("row", args=[one.target.pk]) if seen else "",
    }  # fmt: skip


def may_join(page: Page, one: Repeated, entry: Entry) -> bool:
    """Whether this person may add the finding to the row that is there: the handoff allows it, and both rows are theirs to work on."""
    actor = page.visit.actor
    return bool(one.item.shape.joins and access.may(actor, "change", one.view, one.target) and access.may(actor, "close_duty", page.place.view, entry))


def join(page: Page, entry: Entry) -> HttpResponseBase:
    """The question whether a finding becomes a further source of the row that is there, and the deed."""
    visit = page.visit
    found = repeated.waiting(visit.columns, page.place.view, [entry], visit.day) if entry.state == page.confirmed else []
    one = next((one for one in found if may_join(page, one, entry)), None)
    if one is None:
        raise Http404
    field = visit.title(one.view.shape.fields[one.item.shape.joins])
    told = {"register": visit.title(one.view.shape), "key": one.target.key, "title": one.target.title, "field": field, "text": one.text}
    note = _("%(register)s %(key)s“%(title)s”的%(field)s加上“%(text)s”，不另立一行，待办随之了结") % told
    form = Form(visit.request.path, _("并入"), page.href(), [], note=note)
    if tried(visit, form, lambda: repeated.join(visit.actor, one, visit.at)):
        return saved(visit, _("已作为 %(key)s 的又一出处") % {"key": one.target.key}, page.href())
    return form_page(visit, _("作为已有一行的又一出处"), str(entry.data.get(page.place.shape.quote) or ""), form)
