"""One page for each leader, as a quick look: the rows in their charge with their lights, what is owed, what names them. The paper is drafted from it."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import issuing
from bihuan.computing.carrying import Carried, Row, carried
from bihuan.foundation.grammar.documents import Document
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.models import Duty, Paper
from bihuan.portal import guarded, shell, tasks, words
from bihuan.portal.paper_words import state_tag
from bihuan.portal.visits import Shaped, Visit
from bihuan.portal.writes import saved

ROWS, DUTIES, NAMED, PAPERS = 20, 10, 6, 6
"""What fits on one page of A4; beyond it the page says how many more there are."""


def choose(visit: Visit) -> HttpResponseBase:
    """The leaders whose list may be printed."""
    rows = [
        {"title": name, "note": office, "count": held, "href": reverse("duty-list", args=[username])}
        for username, name, office, held in guarded.leaders(visit)
    ]  # fmt: skip
    return shell.page(visit, "portal/duty_lists.html", [shell.crumb(_("责任清单"))], {"leaders": rows})


def duty_list(visit: Visit, username: str) -> HttpResponseBase:
    """Everything a leader carries, on one page; the official papers about them, and where to draft the next."""
    guarded.leader_of(visit, username)
    held = carried(visit.columns, username, visit.day, guarded.every_row(visit))
    rows = [{**_row(visit, row), "role": visit.title(row.role.shape) if row.role else ""} for row in held.rows]
    item = _document(visit)
    context = {
        "leader": {"name": held.name, "office": held.office}, "on": visit.day, "counts": _counts(held), "rows": rows[:ROWS],
        "rows_more": max(0, len(rows) - ROWS), "duties": [_duty(visit, held, duty) for duty in held.owed[:DUTIES]], "duties_more": max(0, len(held.owed) - DUTIES),
        "named": [_row(visit, row) for row in held.named[:NAMED]], "named_more": max(0, len(held.named) - NAMED),
        "draft_href": reverse("duty-list-draft", args=[username]) if item and issuing.may_ask(visit.actor, item) else "",
        "papers": [_paper(paper) for paper in guarded.papers(visit).filter(member=username)[:PAPERS]],
    }  # fmt: skip
    crumbs = [shell.crumb(_("责任清单"), reverse("duty-lists")), shell.crumb(held.name)]
    return shell.page(visit, "portal/duty_list.html", crumbs, context)


def draft(visit: Visit, username: str) -> HttpResponseBase:
    """Draft the official duty list of a leader; where a draft stands, go to that."""
    guarded.leader_of(visit, username)
    item = _document(visit)
    if item is None:
        raise Http404
    paper = issuing.draft(visit.actor, item.name, username, visit.at)
    return saved(visit, _("已起草，请另一位同志核稿"), reverse("paper", args=[paper.pk]))


def _document(visit: Visit) -> Item[Document] | None:
    """The document about a person that people ask for, the first that the packs declare."""
    return next((item for _view, item in issuing.asked_for(visit.catalogue) if item.shape.about), None)


def _paper(paper: Paper) -> Shaped:
    return {"title": paper.title, "href": reverse("paper", args=[paper.pk]), "number": paper.number, "state": state_tag(paper), "on": paper.drafted_on}


def _row(visit: Visit, row: Row) -> Shaped:
    entry, view = row.entry, row.view
    return {
        "title": row.title, "key": entry.key, "href": reverse("row", args=[entry.pk]), "office": entry.office, "colour": row.colour,
        "register": visit.title(view.shape) if view else entry.register, "state": words.state_title(visit, view, entry.state) if view and entry.state else "",
    }  # fmt: skip


def _duty(visit: Visit, held: Carried, duty: Duty) -> Shaped:
    entry = duty.entry
    return {
        "title": tasks.title_of(visit, duty), "about": (entry.title or entry.key) if entry else "", "href": reverse("row", args=[entry.pk]) if entry else "",
        "due": duty.due, "over": held.over(duty), "who": duty.office or duty.member,
    }  # fmt: skip


def _counts(held: Carried) -> Shaped:
    return {"rows": len(held.rows), "red": held.lit("red"), "yellow": held.lit("yellow"), "open": len(held.owed), "over": held.overdue}
