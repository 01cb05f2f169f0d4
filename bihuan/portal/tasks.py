"""Duties as pages show them: how urgent, how far round the loop, where they come from, and what to do about them."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.foundation import access
from bihuan.foundation.grammar.cadences import Cadence
from bihuan.foundation.grammar.periods import of_period
from bihuan.foundation.grammar.saying import both
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Duty
from bihuan.portal import dispatching, guarded, words
from bihuan.portal.visits import Shaped, Visit, query

SENDERS = access.STAFF | {access.ENTERPRISE}
"""Who opens the page of a duty; a citizen follows theirs on the page of what they handed in."""

LONGEST_LOOP = 5
"""Steps of a loop as it is drawn; a longer lifecycle is drawn in proportion."""

SOON = timedelta(days=2)
"""A duty due within so many days is yellow, unless its own clock says when to warn."""


def lines(visit: Visit, duties: Iterable[Duty]) -> list[Shaped]:
    """Duties as `components/duty.html` reads them: each with the one thing to do about it next, and the meeting it comes from, if any."""
    asked = list(duties)
    rows = {duty.entry.pk: duty.entry for duty in asked if duty.entry}
    origins, hands = dispatching.origins(visit, rows.values()), guarded.hands_of(visit, rows.values())
    named = guarded.people_for(visit, (duty.member for duty in asked if duty.member))
    return [line(visit, duty, hands.get(duty.entry_id or 0), origins.get(duty.entry_id or 0), named) for duty in asked]


def line(
    visit: Visit, duty: Duty, hands: frozenset[str] | None = None, origin: Shaped | None = None, named: Mapping[str, tuple[str, str]] | None = None
) -> Shaped:
    """One duty. `hands`: as what this person may move its row on, nothing where they may not; `origin`: the meeting it comes from; `named`: people."""
    view = visit.register(duty.register)
    colour, title = colour_of(duty, visit.day), title_of(visit, duty)
    if named is None:
        named = guarded.people_for(visit, [duty.member] if duty.member else [])
    owner = named.get(duty.member, (duty.member, ""))[0] or duty.office
    return {
        "colour": colour,
        "title": words.about(title, duty.entry.title or duty.entry.key) if duty.entry else title,
        "href": _look_href(visit, duty) if duty.closed_on is None else _entry_href(duty),
        "due": duty.due,
        "step": _step(visit, view, duty),
        "owner": owner,
        "from": [*_sources(visit, view, duty, owner), *([{"text": origin["session"], "href": origin["href"]}] if origin else [])],
        "action": None if duty.closed_on else _action(visit, view, duty, hands) | {"urgent": colour in ("red", "yellow")},
    }


def colour_of(duty: Duty, day: date) -> str:
    """Red when overdue, yellow when it is time, green while there is time, grey while it stands still or has no day, blue when closed."""
    if duty.closed_on:
        return "blue" if duty.outcome in ("met", "cancelled") else "red"
    if duty.paused_on or duty.due is None:
        return "grey"
    if duty.due < day:
        return "red"
    return "yellow" if (duty.warn_on or duty.due - SOON) <= day else "green"


def cadence_of(view: RegisterView | None, duty: Duty) -> Cadence | None:
    """The cadence a duty comes from, as the packs in force have it."""
    item = view.cadences.find(f"{duty.mechanism}.{duty.name}") if view and duty.kind == "cadence" else None
    return item.shape if item else None


def title_of(visit: Visit, duty: Duty) -> str:
    """What a duty is called, with its period, as the packs in force have it; as the ledger has it where they have it no longer."""
    view = visit.register(duty.register)
    item = view.owing(f"{duty.mechanism}.{duty.name}") if view else None
    return of_period(both(item.shape), duty.period).head(visit.language) if item else duty.title


def _look_href(visit: Visit, duty: Duty) -> str:
    return reverse("duty", args=[duty.pk]) if visit.actor.roles & SENDERS else _entry_href(duty)


def _entry_href(duty: Duty) -> str:
    return reverse("row", args=[duty.entry_id]) if duty.entry_id else reverse("register", args=[duty.register])


def _step(visit: Visit, view: RegisterView | None, duty: Duty) -> Shaped:
    """How far round its loop the row is that the duty is about."""
    if duty.closed_on:
        words_ = {"met": _("按期"), "late": _("逾期办结"), "missed": _("未办"), "cancelled": _("取消")}
        return {"done": 1, "total": 1, "title": words_.get(duty.outcome, duty.outcome)}
    states = list(view.lifecycle.shape.states) if view and view.lifecycle else []
    if view is None or duty.entry is None or duty.entry.state not in states:
        return {"done": 1, "total": 2, "title": _("暂停") if duty.paused_on else _("待办")}
    total = min(len(states), LONGEST_LOOP)
    done = round((states.index(duty.entry.state) + 1) * total / len(states))
    return {"done": max(done, 1), "total": total, "title": words.state_title(visit, view, duty.entry.state)}


def _sources(visit: Visit, view: RegisterView | None, duty: Duty, owner: str) -> list[Shaped]:
    sources = []
    if view is not None:
        sources.append({"text": visit.title(view.shape), "href": reverse("register", args=[view.name])})
    if duty.entry is not None:
        sources.append({"text": duty.entry.key, "href": reverse("row", args=[duty.entry_id])})
    sources.append({"text": owner, "href": ""})
    return [one for one in sources if one["text"]]


def _action(visit: Visit, view: RegisterView | None, duty: Duty, hands: frozenset[str] | None) -> Shaped:
    """What to do: move the row on, hand in the figures, record what is asked, or say that it is done."""
    title, href = _("看一看"), _look_href(visit, duty)
    cadence = cadence_of(view, duty)
    if duty.asked and visit.actor.roles & {access.SUPERVISOR, access.LEADER}:
        title = _("答复申请")
    elif duty.kind == "clock" and duty.entry and view:
        title, href = _moving(visit, view, duty, hands or frozenset()) or (title, href)
    elif cadence and view and not visit.actor.roles & access.writers(view, "figures"):
        pass  # whoever is shown a duty that others meet may look, and is not led to a form that refuses them
    elif cadence and cadence.met_by.figures and duty.entry_id:
        title, href = _("填报"), reverse("figures", args=[duty.entry_id]) + query(period=duty.period)
    elif cadence and cadence.met_by.updated and duty.entry_id:
        title, href = _("更新"), reverse("edit", args=[duty.entry_id])
    elif cadence and cadence.met_by.register_ and view:
        target = visit.catalogue.referred(cadence.met_by.register_, view.pack)
        held = {f"row.{cadence.met_by.by}": duty.entry.key} if duty.entry and cadence.met_by.by else {}
        title, href = (pgettext("动作", "登记"), reverse("new", args=[target.name]) + query(**held)) if target else (title, href)
    elif duty.kind == "document" or (cadence and cadence.met_by.document):
        return {"title": _("公文"), "href": reverse("papers"), "drawer": False}
    elif duty.kind in ("handoff", "review"):
        may = visit.actor.roles & access.STAFF and (hands is not None or duty.entry is None)
        title, href = _("了结"), reverse("duty-act", args=[duty.pk, "close"]) if may else href
    return {"title": title, "href": href, "drawer": href != _entry_href(duty)}


def _moving(visit: Visit, view: RegisterView, duty: Duty, hands: frozenset[str]) -> tuple[str, str] | None:
    """The next move of a duty's row: by its name where there is one for this person, else the choice of them; None where there is none."""
    entry = duty.entry
    if entry is None or view.lifecycle is None:
        return None
    clock = view.clocks.find(f"{duty.mechanism}.{duty.name}")
    stops = frozenset(clock.shape.stops) if clock else frozenset()
    moves = {name: rule for name, rule in view.lifecycle.shape.moves.items() if entry.state in rule.source and hands & frozenset(rule.who)}
    wanted = {name: rule for name, rule in moves.items() if rule.to in stops} or moves
    if len(wanted) == 1:
        (name, rule), = wanted.items()
        return visit.title(rule), reverse("move-by", args=[entry.pk, name])
    return (_("办理"), reverse("move", args=[entry.pk])) if moves else None
