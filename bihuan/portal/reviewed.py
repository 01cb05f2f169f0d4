"""What counts only after three steps by different people: drafted, reviewed, confirmed; or laid aside with a reason. Lists of payments, allocations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.foundation import access
from bihuan.foundation.grammar.views import RegisterView
from bihuan.portal import guarded, shell
from bihuan.portal.forms import Form, plain
from bihuan.portal.visits import Shaped, Visit
from bihuan.portal.writes import form_page, saved, tried

REVIEW, CONFIRM, DROP = "review", "confirm", "drop"
_FROM = {REVIEW: ("drafted",), CONFIRM: ("reviewed",), DROP: ("drafted", "reviewed")}
_ICONS = {REVIEW: "check", CONFIRM: "circle-check", DROP: "x"}

Lazy = str | Promise
Deed = Callable[[Visit, int, str], object]
"""Takes who visits, the number of the thing, and a reason, empty where none is asked for."""


class Reviewed(Protocol):
    """A thing on its way: its state, and who took which step on which day."""

    pk: int
    state: str
    drafted_by: str
    drafted_on: date
    reviewed_by: str
    reviewed_on: date | None
    confirmed_by: str
    confirmed_on: date | None


@dataclass(frozen=True)
class Act:
    """One thing that may be done: its right and deed, its button, the heading and note of its form, and what is said when it is done."""

    right: str
    deed: Deed
    title: Lazy
    heading: Lazy
    said: Lazy
    note: Lazy = ""


@dataclass(frozen=True)
class Way:
    """How one sort of thing goes: the names of its two addresses, the titles of its three steps, and what may be done on the way."""

    page: str
    address: str
    steps: tuple[Lazy, Lazy, Lazy]
    acts: Mapping[str, Act]


def laid_aside(right: str, deed: Deed, heading: Lazy) -> Act:
    """The act of laying something aside, which goes the same way everywhere."""
    return Act(right, deed, gettext_lazy("作废"), heading, gettext_lazy("已作废"))


def steps_of(way: Way, one: Reviewed) -> list[Shaped]:
    """Drafted, reviewed, confirmed: who did each and when, as components/stepper.html reads them."""
    made = ((one.drafted_by, one.drafted_on), (one.reviewed_by, one.reviewed_on), (one.confirmed_by, one.confirmed_on))
    people = guarded.people([by for by, _on in made])
    done, dropped = sum(bool(by) for by, _on in made), one.state == "dropped"
    return [
        {
            "title": title, "note": f"{people.get(by, (by, ''))[0]} {on}" if by else "",
            "state": "done" if by else "skipped" if dropped else "now" if place == done else "ahead",
        }
        for place, (title, (by, on)) in enumerate(zip(way.steps, made, strict=True))
    ]  # fmt: skip


def acts_of(visit: Visit, way: Way, view: RegisterView, one: Reviewed) -> list[Shaped]:
    """What this person may do next. Whoever drafted or reviewed it is not offered to confirm it."""
    return [
        shell.action(str(act.title), _ICONS[name], reverse(way.address, args=[one.pk, name]), primary=name != DROP, drawer=True)
        for name, act in way.acts.items()
        if one.state in _FROM[name] and access.may(visit.actor, act.right, view)
        and not (name == CONFIRM and visit.actor.username in (one.drafted_by, one.reviewed_by))
    ]  # fmt: skip


def turn(visit: Visit, way: Way, view: RegisterView, one: Reviewed, name: str) -> Act:
    """An act whose turn it is, for somebody who has the right to it; 404 where it is not its turn."""
    if name not in way.acts or one.state not in _FROM[name]:
        raise Http404
    guarded.allow(visit, way.acts[name].right, view)
    return way.acts[name]


def act(visit: Visit, way: Way, view: RegisterView, one: Reviewed, name: str, title: str) -> HttpResponseBase:
    """The form of an act, and the act. 404 where it is not its turn."""
    chosen = turn(visit, way, view, one, name)
    back, reason = reverse(way.page, args=[one.pk]), visit.request.POST.get("reason", "")
    fields = [plain("reason", _("理由"), "long_text", reason, required=True)] if name == DROP else []
    form = Form(visit.request.path, str(chosen.heading), back, fields, note=str(chosen.note), danger=name == DROP)
    if tried(visit, form, lambda: chosen.deed(visit, one.pk, reason)):
        return saved(visit, str(chosen.said), back)
    return form_page(visit, str(chosen.heading), title, form)
