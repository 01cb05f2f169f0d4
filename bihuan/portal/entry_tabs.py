"""The tabs of a row's page: an overview, figures by period, rows that refer to it, duties, files, people, and the ledger."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing.lists import Asked, find
from bihuan.foundation import access
from bihuan.foundation.actions.uploads import picture_type
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Duty, Entry, Figure
from bihuan.portal import charts, entry_policies, entry_quotas, events, guarded, lists, tasks, words
from bihuan.portal.lists import FIELD
from bihuan.portal.visits import Shaped, Visit, query

LATEST = 5
PAGE = 30


@dataclass(frozen=True)
class Opened:
    """A row whose page is open, with what several tabs need: its duties, and the numbers of the events that speak of it, newest first."""

    visit: Visit
    view: RegisterView
    entry: Entry
    duties: Sequence[Duty]
    events: Sequence[int]


def overview(opened: Opened) -> Shaped:
    """The figures as a chart, what is not settled, the last entries of the ledger."""
    visit, view, entry = opened.visit, opened.view, opened.entry
    here = reverse("row", args=[entry.pk])
    figures = guarded.figures_of(entry) if view.shape.figures else []
    pending = [duty for duty in opened.duties if duty.closed_on is None]
    return {
        "chart": charts.figures(visit, view, figures), "chart_note": _("本年，逐期累计"), "milestones": None, "related": [],
        "issues": [
            {
                "colour": line["colour"], "title": line["title"], "note": line["owner"], "href": line["href"],
                "side": duty.due.isoformat() if duty.due else _("无时限"),
            }
            for duty, line in zip(pending[:LATEST], tasks.lines(visit, pending[:LATEST]), strict=True)
        ],
        "issues_href": f"{here}?tab=duties",
        "history": events.timeline(visit, guarded.told_of(entry, opened.events[:LATEST]), entry),
        "history_href": f"{here}?tab=history", "history_count": len(opened.events),
    }  # fmt: skip


def figures(opened: Opened) -> Shaped:
    """Every figure by period, the newest first; each leads to where it came from."""
    visit, view, entry = opened.visit, opened.view, opened.entry
    shape = view.shape.figures
    found = guarded.figures_of(entry) if shape else []
    may = shape is not None and not entry.withdrawn and bool(access.may(visit.actor, "figures", view, entry))
    sheet = next((name for name, item in view.exchanges.items() if item.shape.of == "figures"), "")
    table: Shaped = {
        "title": _("按期数值"), "note": _("点一个数，看它从哪来"), "columns": [], "rows": [],
        "record_href": reverse("figures", args=[entry.pk]) if may else "",
        "uploads_href": reverse("upload", args=[view.name, sheet]) if may and sheet else "",
    }  # fmt: skip
    if shape is not None:
        table["columns"] = [{"title": visit.title(one), "unit": words.unit_text(one.unit)} for one in shape.fields.values()]
        by_period: dict[str, dict[str, Figure]] = {}
        for figure in found:
            by_period.setdefault(figure.period, {})[figure.field] = figure
        table["rows"] = [
            {"period": _period(visit, period), "total": False, "cells": [_cell(visit, view, entry, held.get(key), key) for key in shape.fields]}
            for period, held in sorted(by_period.items(), reverse=True)
        ]
    return {"chart": charts.figures(visit, view, found), "chart_note": _("本年，逐期累计"), "figures": table}


def _period(visit: Visit, text: str) -> str:
    period = periods.parse(text)
    return period.said.text(visit.language)


def _cell(visit: Visit, view: RegisterView, entry: Entry, figure: Figure | None, key: str) -> Shaped:
    shape = view.shape.figures.fields[key] if view.shape.figures else None
    if figure is None or shape is None:
        return {"text": None, "href": "", "note": ""}
    href = reverse("figure-why", args=[entry.pk, key, figure.period])
    return {"text": words.value_text(shape, figure.value), "href": href, "note": str(figure.source.get("cell", ""))}


def children(opened: Opened) -> Shaped:
    """Rows of other registers that refer to this one, a few of each. Asked for only when the tab is opened."""
    visit = opened.visit
    columns = visit.columns
    shown = []
    for register, field in opened.view.children:
        child = visit.catalogue.registers[register]
        if not guarded.may_open(visit.actor, child):
            continue
        asked = Asked(choices={field: [opened.entry.key]}, sort=[("_key", True)], size=LATEST)
        found = find(columns, child, asked, access.visible(visit.actor, child), visit.day)
        table = lists.small_table(visit, child, guarded.in_order(visit, child, found.ids))
        may = access.may(visit.actor, "record", child) and not opened.entry.withdrawn
        shown.append({
            "title": visit.title(child.shape), "count": found.total, "columns": table["columns"], "rows": table["rows"],
            "href": reverse("register", args=[register]) + query(**{f"{FIELD}{field}": opened.entry.key}),
            "add_href": reverse("new", args=[register]) + query(**{f"row.{field}": opened.entry.key}) if may else "",
        })  # fmt: skip
    return {"children": shown}


def duties(opened: Opened) -> Shaped:
    """What is owed, and what was."""
    pending = [duty for duty in opened.duties if duty.closed_on is None]
    closed = [duty for duty in opened.duties if duty.closed_on is not None]
    return {"duties": tasks.lines(opened.visit, pending), "closed": tasks.lines(opened.visit, closed[-PAGE:])}


def files(opened: Opened) -> Shaped:
    """Papers about the row, the sheets its figures came from, and the evidence of its moves."""
    entry, staff = opened.entry, bool(opened.visit.actor.roles & access.STAFF)
    shown: list[Shaped] = [
        {
            "title": paper.title, "href": reverse("paper" if staff else "letter", args=[paper.pk]), "note": paper.number or _("草稿"),
            "at": paper.issued_on or paper.drafted_on, "kind": "paper",
        }
        for paper in guarded.papers_of(opened.visit, entry)
    ]  # fmt: skip
    mine = access.charge(opened.visit.actor, opened.view).holds(entry)
    evidence = guarded.evidence_about(opened.visit, opened.view, entry) if staff or mine else []
    shown += [
        {
            "title": upload.name, "href": reverse("evidence", args=[entry.pk, upload.pk]) if mine else "", "note": name, "at": upload.at,
            "kind": "picture" if mine and picture_type(upload) else "file",
        }
        for upload, name in evidence
    ]  # fmt: skip
    sheets = {figure.source["upload"] for figure in guarded.figures_of(entry) if staff and figure.source.get("upload")}
    shown += [
        {"title": name, "href": reverse("original", args=[number]), "note": _("按期数值的来源"), "at": None, "kind": "sheet"}
        for number, name in guarded.uploads_named(sheets).items()
    ]
    return {"files": shown}


def people(opened: Opened) -> Shaped:
    """Everybody who carries or carried a responsibility for the row, with why and who approved."""
    visit = opened.visit
    held = guarded.assignments_of(opened.entry)
    known = guarded.people_for(visit, [name for one in held for name in (one.member, one.approver) if name])
    lines = []
    for one in held:
        item = opened.view.assignments.find(f"{one.mechanism}.{one.role}")
        name, office = known.get(one.member, (one.member, ""))
        lines.append({
            "title": visit.title(item.shape) if item else one.role, "name": name, "office": office, "from_day": one.from_day,
            "to_day": one.to_day, "reason": one.reason, "approver": known.get(one.approver, (one.approver, ""))[0],
        })  # fmt: skip
    return {"people": lines}


def history(opened: Opened) -> Shaped:
    """The ledger of this row, newest first, a page at a time."""
    text = opened.visit.request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
    found = guarded.history_of(opened.entry, before, PAGE)
    here = reverse("row", args=[opened.entry.pk])
    more = f"{here}{query(tab='history', before=found[-1].seq)}" if len(found) == PAGE else ""
    return {"history": events.timeline(opened.visit, found, opened.entry), "more_href": more}


def policies(opened: Opened) -> Shaped:
    """What policies give the row, and why."""
    return {"policies": entry_policies.shown(opened.visit, opened.view, opened.entry)}


def quotas(opened: Opened) -> Shaped:
    """What the row was granted of which quota, or why not."""
    return {"quotas": entry_quotas.shown(opened.visit, opened.view, opened.entry)}


TABS: Mapping[str, Callable[[Opened], Shaped]] = {
    "overview": overview, "figures": figures, "children": children, "duties": duties, "files": files, "people": people, "history": history,
    "policies": policies, "quotas": quotas,
}  # fmt: skip
"""The tabs by their names in the address; each is drawn by ``components/tab_NAME.html``."""
