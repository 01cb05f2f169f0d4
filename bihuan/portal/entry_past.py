"""A row on a day gone by: its values, state, people, lights and figures as the ledger had them then, with what has changed since. Read only."""

from collections.abc import Mapping
from datetime import date

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse

from bihuan.foundation import access
from bihuan.foundation.earlier import Earlier, end_of
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry
from bihuan.portal import guarded, lamps, shell, words
from bihuan.portal.visits import Shaped, Visit, query


def asked_day(visit: Visit) -> date | None:
    """The day gone by that an address asks for with ``?on=``; None for today, for days to come, and for nonsense."""
    try:
        day = date.fromisoformat(visit.request.GET.get("on", ""))
    except ValueError:
        return None
    return day if day < visit.day else None


def row_then(visit: Visit, view: RegisterView, entry: Entry, day: date) -> HttpResponseBase:
    """The page of a row as it was at the end of a day; who may see it today may see it then."""
    then = guarded.earlier_of(entry, end_of(day))
    if then is None:
        raise Http404
    here, register = reverse("row", args=[entry.pk]), reverse("register", args=[view.name]) + query(on=day)
    facts, figures = _facts(visit, view, entry, then), _figures(visit, view, entry, then)
    context = {
        "entry": {"key": entry.key, "title": then.entry.title or entry.key, "register": {"title": visit.title(view.shape), "href": register}},
        "on": day, "today": visit.day, "href": here, "facts": facts, "figures": figures, "lights": _lights(visit, view, entry, day), "people": _people(visit, view, entry, day),
        "state": _state(visit, view, entry, then), "changed": sum(one["changed"] for one in facts) + sum(cell["changed"] for row in figures["rows"] for cell in row["cells"]),
    }  # fmt: skip
    crumbs = [shell.crumb(visit.title(view.shape), register), shell.crumb(entry.title or entry.key, here), shell.crumb(str(day))]
    return shell.page(visit, "portal/entry_then.html", crumbs, context)


def _state(visit: Visit, view: RegisterView, entry: Entry, then: Earlier) -> Shaped | None:
    if not then.entry.state:
        return None
    was, now = (words.state_title(visit, view, one.state) for one in (then.entry, entry))
    return {"text": was, "since": then.entry.state_since, "now": now, "changed": was != now, "withdrawn": then.entry.withdrawn}


def _facts(visit: Visit, view: RegisterView, entry: Entry, then: Earlier) -> list[Shaped]:
    """The fields that hold something then or now, with both where they differ; personal data masked as ever."""
    was, now = access.shown(visit.actor, view, then.entry), access.shown(visit.actor, view, entry)
    lines = []
    for key, shape in view.shape.fields.items():
        before, today = (words.with_unit(shape, values.get(key)) for values in (was, now))
        if before or today:
            lines.append({"title": visit.title(shape), "text": before, "now": today, "changed": before != today})
    return lines


def _figures(visit: Visit, view: RegisterView, entry: Entry, then: Earlier) -> Shaped:
    """Figures by period, the newest first, with today's value where it differs."""
    fields = view.shape.figures.fields if view.shape.figures else {}
    today = {(one.field, one.period): one.value for one in guarded.figures_of(entry)} if fields else {}
    periods = sorted({period for _field, period in {**today, **then.figures}}, reverse=True)
    rows = [{"period": period, "cells": [_cell(then.figures, today, key, period, fields) for key in fields]} for period in periods]
    return {"columns": [{"title": visit.title(shape), "unit": words.unit_text(shape.unit)} for shape in fields.values()], "rows": rows}


def _cell(was: Mapping[tuple[str, str], int | None], today: Mapping[tuple[str, str], int | None], key: str, period: str, fields: Mapping[str, object]) -> Shaped:
    before, now = (words.value_text(fields[key], values.get((key, period))) for values in (was, today))  # type: ignore[arg-type]
    return {"text": before, "now": now, "changed": before != now}


def _lights(visit: Visit, view: RegisterView, entry: Entry, day: date) -> list[Shaped]:
    """What was said of each light then, a colour set by hand in place of the rule's."""
    hands = {(one.mechanism, one.light): one.colour for one in guarded.hands_on(entry, day)}
    return [
        {
            "title": lamps.light_title(visit, view.name, one.mechanism, one.light), "colour": hands.get((one.mechanism, one.light), one.colour),
            "because": lamps.because(one.facts, visit.language), "basis": one.basis, "since": one.from_day, "by_hand": (one.mechanism, one.light) in hands,
        }
        for one in guarded.verdicts_of(entry, day)
    ]  # fmt: skip


def _people(visit: Visit, view: RegisterView, entry: Entry, day: date) -> list[Shaped]:
    """Who carried each responsibility that day."""
    held = [one for one in guarded.assignments_of(entry) if one.from_day <= day and (one.to_day is None or one.to_day > day)]
    names = guarded.people_for(visit, (one.member for one in held))
    titles = {(f"{item.pack}.{item.mechanism}", item.key): visit.title(item.shape) for item in view.assignments.values()}
    return [
        {"title": titles.get((one.mechanism, one.role), one.role), "text": names.get(one.member, (one.member, ""))[0], "since": one.from_day, "still": one.to_day is None}
        for one in held
    ]  # fmt: skip
