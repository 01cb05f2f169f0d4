"""Why a light has its colour, and where a figure comes from: the walk from the colour back to the cell somebody filled in."""

from collections.abc import Iterator, Sequence

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import why
from bihuan.computing.why import Leaf, Step, Walk, Written
from bihuan.foundation import ledger
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lights import Light
from bihuan.foundation.grammar.reading import NOTHING
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.saying import Said, both
from bihuan.foundation.grammar.shape import in_force
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import New, body_of
from bihuan.foundation.models import Entry, Event
from bihuan.portal import events, guarded, shell, words
from bihuan.portal.reading import source_of
from bihuan.portal.visits import Shaped, Visit, query
from bihuan.portal.writes import row_href

MOST_ROWS = 24
DEEPEST = 3
"""How many levels of numbers made of numbers a page follows; each level is a card of its own."""


def light(visit: Visit, number: int, light: str) -> HttpResponseBase:
    """The walk of one light of one row."""
    view, entry = guarded.row_of(visit, number)
    item = view.lights.find(light)
    walked = why.walk(visit.columns, view, entry, item.short, visit.day) if item and not entry.withdrawn else None
    if item is None or walked is None:
        raise Http404
    walk = {
        "answer": None, "verdict": _verdict(visit, item, walked), "rule": _rule(visit, view, item, walked),
        "steps": list(_steps(visit, walked.steps, DEEPEST)), "figure": None, "event": None, "cell": None,
    }  # fmt: skip
    return _page(visit, entry, visit.title(item.shape), walk)


def figure(visit: Visit, number: int, field: str, period: str) -> HttpResponseBase:
    """Where one figure comes from: its value and its corrections, the entry of the ledger, the cell of the sheet."""
    view, entry = guarded.row_of(visit, number)
    shape = view.shape.figures.fields.get(field) if view.shape.figures else None
    try:
        parsed = periods.parse(period)
    except Refused:
        raise Http404 from None
    stands = next((one for one in guarded.figures_of(entry) if (one.field, one.period) == (field, parsed.text)), None)
    if shape is None or stands is None:
        raise Http404
    source = why.written(view, entry, field, parsed.text)
    people = guarded.people_for(visit, [source.actor]) if source else {}
    who, office = people.get(source.actor, (source.actor, "")) if source else ("", "")
    label = parsed.said.text(visit.language)
    text, unit = words.value_and_unit(shape, stands.value)
    walk: Shaped = {
        "answer": None, "verdict": None, "rule": None, "steps": [],
        "figure": {
            "title": visit.title(shape), "period": label, "text": text or "—", "unit": unit,
            "history": _corrections(visit, view, entry, field, parsed.text),
        },
        "event": _event(visit, entry, source, (who, office)) if source else None,
        "cell": _cell(source, who, words.value_text(shape, stands.value) or "") if source and source.upload else None,
    }  # fmt: skip
    return _page(visit, entry, f"{label} {visit.title(shape)}", walk)


def _page(visit: Visit, entry: Entry, heading: str, walk: Shaped) -> HttpResponseBase:
    context = {"heading": heading, "entry": {"title": entry.title or entry.key, "href": row_href(entry.pk)}, "walk": walk, "source": source_of(visit, entry)}
    crumbs = [shell.crumb(entry.title or entry.key, row_href(entry.pk)), shell.crumb(_("为什么"))]
    return shell.either(visit, "portal/why.html", crumbs, context)


# --- the colour and its rule


def _verdict(visit: Visit, item: Item[Light], walked: Walk) -> Shaped:
    hand = walked.override
    name = guarded.people([hand.by]).get(hand.by, (hand.by, ""))[0] if hand else ""
    change = walked.next_change
    return {
        "title": visit.title(item.shape), "colour": walked.lamp.colour, "because": walked.lamp.because.text(visit.language),
        "since": walked.since or visit.day, "changes_on": change.day if change else None, "judged_at": visit.at,
        "turns_to": {"colour": change.colour, "because": change.because.text(visit.language)} if change else None,
        "by_hand": {"name": name, "reason": hand.reason, "until": hand.until_day} if hand else None,
    }  # fmt: skip


def _rule(visit: Visit, view: RegisterView, item: Item[Light], walked: Walk) -> Shaped:
    dated = in_force(item.shape.since, visit.day)
    version = next((number for pack, number, _numbers, _words in guarded.versions(visit.day) if pack == item.pack), 0)
    return {
        "title": visit.title(visit.catalogue.mechanism(f"{item.pack}.{item.mechanism}").shape), "text": walked.rule.text(visit.language), "basis": walked.lamp.basis,
        "quote": walked.consequence, "in_force_from": dated[0].isoformat() if dated else "",
        "version": _("规则第 %(number)s 版") % {"number": version}, "href": "", "bands": list(_bands(view, item, walked, visit)),
    }  # fmt: skip


def _bands(view: RegisterView, item: Item[Light], walked: Walk, visit: Visit) -> Iterator[Shaped]:
    """Every colour the light can have and when, the one that holds marked."""
    colour = walked.lamp.rule or walked.lamp.colour
    dated = in_force(item.shape.since, visit.day)
    if dated:
        sign = "≥" if item.shape.better == "higher" else "≤"
        lines = (("green", f"{sign} {dated[1].green}"), ("yellow", f"{sign} {dated[1].yellow}"), ("red", _("其余")))
        yield from ({"colour": name, "text": text, "hit": name == colour} for name, text in lines)
        return
    for condition in item.shape.conditions:
        text = _("以上都不成立") if condition.otherwise else view.condition(condition.if_).said().text(visit.language)
        yield {"colour": condition.colour, "text": text, "hit": condition.colour == colour and condition.basis == walked.lamp.basis}


# --- the numbers


def _steps(visit: Visit, steps: Sequence[Step], deep: int) -> Iterator[Shaped]:
    """Each computed number as a card: its formula, the numbers in place, and the rows behind it; then what those were made of."""
    for step in steps:
        yield {
            "formula": {
                "title": step.title.head(visit.language), "placed": (step.filled if step.filled.zh else step.value).text(visit.language),
                "result": step.value.text(visit.language), "missing": [], "basis": step.basis, **words.formula(step.formula),
            },
            "rows": _rows(visit, step) if step.leaves else None,
        }  # fmt: skip
        if deep > 1:
            yield from _steps(visit, step.steps, deep - 1)


def _rows(visit: Visit, step: Step) -> Shaped:
    """The stored values behind a number: a line for each period, or for each row, with a column for each kind of value."""
    fields = list(dict.fromkeys(leaf.field for leaf in step.leaves))
    lines: dict[tuple[int, str, str], dict[Said, Leaf]] = {}
    for leaf in step.leaves:
        lines.setdefault((leaf.entry, leaf.key, leaf.period), {})[leaf.field] = leaf
    rows = [_line(visit, held, fields) for held in list(lines.values())[:MOST_ROWS]]
    by_period = any(cell["href"] for row in rows for cell in row["cells"])
    return {
        "heading": _("用到的数"),
        "title": step.period.text(visit.language) or step.title.head(visit.language), "head": _("期间") if by_period else _("记录"), "sourced": any(row["source"] for row in rows),
        "columns": [_column(visit, step.leaves[0].register, name) for name in fields], "rows": rows,
        "total": None, "more": max(0, len(lines) - MOST_ROWS),
    }  # fmt: skip


def _column(visit: Visit, register: str, name: Said) -> Shaped:
    """A column of values by its name, in the language of this answer."""
    view = visit.register(register)
    shapes = [*view.shape.fields.values(), *(view.shape.figures.fields.values() if view.shape.figures else ())] if view else []
    shape = next((shape for shape in shapes if shape.title == name.zh), None)
    return {"title": name.head(visit.language), "unit": "", "numeric": shape is not None and shape.kind in words.NUMERIC}


def _line(visit: Visit, held: dict[Said, Leaf], fields: Sequence[Said]) -> Shaped:
    leaf = next(iter(held.values()))
    view = visit.register(leaf.register)
    figures = view.shape.figures.fields if view and view.shape.figures else {}
    keys = {both(shape): key for key, shape in figures.items()}
    cells = [
        {
            "text": None if name not in held else held[name].value.text(visit.language) if held[name].value != NOTHING else None if leaf.period else "—",
            "href": reverse("figure-why", args=[leaf.entry, keys[name], leaf.period]) if name in held and leaf.period and name in keys else "",
            "numeric": _column(visit, leaf.register, name)["numeric"],
        }
        for name in fields
    ]  # fmt: skip
    if any(cell["href"] for cell in cells):
        return {"title": periods.parse(leaf.period).said.text(visit.language), "note": "", "href": "", "cells": cells, "source": None, "hit": False}
    title = leaf.title.text(visit.language) or leaf.key
    note = leaf.key if title != leaf.key and "|" not in leaf.key else ""
    return {
        "title": title, "note": note, "href": reverse("row", args=[leaf.entry]), "cells": cells, "source": _source(leaf), "hit": False,
    }


def _source(leaf: Leaf) -> Shaped | None:
    """Where the values of a row were written down: the cell of a sheet, else the entry of the ledger."""
    source = leaf.written
    if source is None:
        return None
    if source.upload:
        place = " ".join(filter(None, (source.sheet, source.cell)))
        return {"text": place or source.file, "href": reverse("original", args=[source.upload])}
    return {"text": _("第 %(seq)s 号") % {"seq": source.seq}, "href": reverse("event", args=[source.seq]) + query(row=leaf.entry)}


# --- the entry of the ledger and the cell


def _corrections(visit: Visit, view: RegisterView, entry: Entry, field: str, period: str) -> list[Shaped]:
    """The values that stood before, newest first."""
    assert view.shape.figures is not None
    shape = view.shape.figures.fields[field]
    found = [event for event in guarded.history_of(entry, most=200) if event.kind == "figures.recorded"]
    people = guarded.people_for(visit, (event.actor for event in found))
    corrections = []
    for event in found:
        for change in body_of(event).get("changes", ()):
            if (change["id"], change["field"], change["period"]) == (entry.pk, field, period) and change.get("old") is not None:
                who = people.get(event.actor, (event.actor, ""))[0]
                corrections.append({"text": words.value_text(shape, change["old"]), "at": event.at, "who": who})
    return corrections


def _event(visit: Visit, entry: Entry, source: Written, by: tuple[str, str]) -> Shaped:
    event, _about = guarded.event(visit, source.seq, entry.pk)
    return {
        "seq": source.seq, "at": source.at, "who": by[0], "office": by[1], "what": events.kind_word(source.kind), "hash": event.hash,
        "before_hash": event.prev, "intact": intact(event), "href": reverse("event", args=[source.seq]) + query(row=entry.pk),
    }  # fmt: skip


def intact(event: Event) -> bool:
    """Whether an entry still has the hash that its content gives."""
    new = New(event.kind, {}, event.actor, event.at, event.register, event.entry)
    return ledger.digest(event.algorithm, event.prev + ledger.text_of(event.seq, new, event.body)) == event.hash


def _cell(source: Written, who: str, text: str) -> Shaped:
    return {
        "file": source.file, "href": reverse("original", args=[source.upload]), "sheet": source.sheet, "cell": source.cell, "raw": text,
        "at": source.at, "who": who,
    }  # fmt: skip
