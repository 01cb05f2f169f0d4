"""One page for each leader, to be printed and signed: the rows in their charge with their lights, what is owed, what names them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Duty, Entry
from bihuan.portal import guarded, shell, words
from bihuan.portal.visits import Shaped, Visit

ROWS, DUTIES, NAMED = 20, 10, 6
"""What fits on one page of A4; beyond it the page says how many more there are."""


def choose(visit: Visit) -> HttpResponseBase:
    """The leaders whose list may be printed."""
    rows = [
        {"title": name, "note": office, "count": held, "href": reverse("duty-list", args=[username])}
        for username, name, office, held in guarded.leaders(visit)
    ]  # fmt: skip
    return shell.page(visit, "portal/duty_lists.html", [shell.crumb(_("责任清单"))], {"leaders": rows})


@dataclass(frozen=True)
class Held:
    """What a leader carries: rows with what they answer for and the worst light, the gravest first; what is owed; rows that name them."""

    name: str
    office: str
    rows: list[tuple[Entry, str, str]]
    owed: list[Duty]
    named: list[Entry]
    lights: Mapping[int, str]


def gathered(visit: Visit, username: str) -> Held:
    """All of it; how many questions it asks does not depend on how much that is. 404 for whoever is no leader in sight."""
    name, office = guarded.leader_of(visit, username)
    held = guarded.in_charge(visit, username)
    named = [entry for entry in guarded.naming(visit, username) if not _final(visit, entry)]
    ids = [entry.pk for _held, entry in held]
    lights = guarded.worst_lights([*ids, *(entry.pk for entry in named)], visit.day)
    rows = sorted(((entry, _role(visit, entry, one.mechanism, one.role), lights.get(entry.pk, "")) for one, entry in held), key=_gravest)
    return Held(name, office, rows, list(guarded.owed_of(username, ids)), named, lights)


def duty_list(visit: Visit, username: str) -> HttpResponseBase:
    """Everything a leader carries, on one page."""
    held = gathered(visit, username)
    rows = [{**_row(visit, entry, held.lights), "role": role} for entry, role, _colour in held.rows]
    context = {
        "leader": {"name": held.name, "office": held.office}, "on": visit.day, "counts": _counts(rows, held.owed, visit), "rows": rows[:ROWS],
        "rows_more": max(0, len(rows) - ROWS), "duties": [_duty(visit, duty) for duty in held.owed[:DUTIES]], "duties_more": max(0, len(held.owed) - DUTIES),
        "named": [_row(visit, entry, held.lights) for entry in held.named[:NAMED]], "named_more": max(0, len(held.named) - NAMED),
        "files": [
            {"title": title, "href": reverse("duty-list-file", args=[username, suffix])} for title, suffix in ((_("下载 PDF"), "pdf"), (_("下载 Word"), "docx"))
        ],
    }  # fmt: skip
    crumbs = [shell.crumb(_("责任清单"), reverse("duty-lists")), shell.crumb(held.name)]
    return shell.page(visit, "portal/duty_list.html", crumbs, context)


def _gravest(row: tuple[Entry, str, str]) -> int:
    return guarded.GRAVITY.index(row[2]) if row[2] else len(guarded.GRAVITY)


def _view(visit: Visit, entry: Entry) -> RegisterView | None:
    return visit.register(entry.register)


def _final(visit: Visit, entry: Entry) -> bool:
    view = _view(visit, entry)
    states = view.lifecycle.shape.states if view and view.lifecycle else {}
    return any(state.final for key, state in states.items() if entry.state in (key, state.title))


def _role(visit: Visit, entry: Entry, mechanism: str, role: str) -> str:
    view = _view(visit, entry)
    items = view.assignments.values() if view else ()
    return next((visit.title(item.shape) for item in items if (f"{item.pack}.{item.mechanism}", item.key) == (mechanism, role)), role)


def _row(visit: Visit, entry: Entry, lights: Mapping[int, str]) -> Shaped:
    view, colour = _view(visit, entry), lights.get(entry.pk, "")
    return {
        "title": entry.title or entry.key, "key": entry.key, "href": reverse("row", args=[entry.pk]), "office": entry.office, "colour": colour,
        "register": visit.title(view.shape) if view else entry.register, "state": words.state_title(visit, view, entry.state) if view and entry.state else "",
    }  # fmt: skip


def _duty(visit: Visit, duty: Duty) -> Shaped:
    entry = duty.entry
    return {
        "title": duty.title, "about": (entry.title or entry.key) if entry else "", "href": reverse("row", args=[entry.pk]) if entry else "",
        "due": duty.due, "over": bool(duty.due and duty.due < visit.day), "who": duty.office or duty.member,
    }  # fmt: skip


def _counts(rows: Iterable[Shaped], owed: Iterable[Duty], visit: Visit) -> Shaped:
    duties, lit = list(owed), [row["colour"] for row in rows]
    return {
        "rows": len(lit), "red": lit.count("red"), "yellow": lit.count("yellow"), "open": len(duties),
        "over": sum(1 for duty in duties if duty.due and duty.due < visit.day),
    }  # fmt: skip
