"""What a model proposes beside the findings of a document. Shown apart and as a proposal, counted nowhere; a person takes one up by a form, in their
own name, and it is then a finding like any other: to be looked at, taken up, and confirmed by somebody else.
"""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import proposed, read_in
from bihuan.computing.endpoint import NoAnswer, configured
from bihuan.computing.proposed import Proposed
from bihuan.computing.read_in import Seen
from bihuan.computing.reading.findings import Finding
from bihuan.foundation import access
from bihuan.foundation.actions import Conflict
from bihuan.foundation.models import Entry
from bihuan.foundation.sheets.cells import Unreadable
from bihuan.portal import guarded, words
from bihuan.portal.forms import ASKED, ROW, Asking, Form, read_row, version_of
from bihuan.portal.reading_page import Page, amount_text, opened
from bihuan.portal.visits import Shaped, Visit, onward
from bihuan.portal.writes import conflict_page, form_page, saved, tried


def shaped(page: Page) -> Shaped | None:
    """The proposals about a document, and where the next sentences are asked about; None where no model is set up."""
    endpoint = configured()
    if endpoint is None:
        return None
    held = proposed.kept(page.upload.digest)
    mine = may_take(page)
    cards = [{**_card(page, one), **(_deeds(page, one) if mine else {})} for one in (held.waiting if held else ()) if _fits(page, one)]
    left = held.total - held.asked if held else None
    return {
        "model": endpoint.model, "cards": cards, "asked": held.asked if held else 0, "total": held.total if held else None, "dropped": held.dropped if held else 0,
        "ask_href": _href(page, "reading-ask") if mine and left != 0 else "",
    }  # fmt: skip


def may_take(page: Page) -> bool:
    """Whether this person may turn a proposal into a finding."""
    return bool(access.may(page.visit.actor, "change", page.place.view) and access.may(page.visit.actor, "record", page.place.view))


def _href(page: Page, name: str, *more: str) -> str:
    return reverse(name, args=[page.place.view.name, page.document.pk, *more])


def standing(page: Page, finding: Finding) -> Entry | None:
    """The finding that the rules made of the same number, as it stands now."""
    shape = page.place.shape
    number = shape.fields.get("number", "")
    wanted = {shape.line: finding.line, shape.quote: finding.quote[: read_in.LONGEST]} | ({number: finding.number} if number else {})
    return next((entry for entry in page.every if all(entry.data.get(key) == value for key, value in wanted.items())), None)


def _fits(page: Page, one: Proposed) -> bool:
    """Whether a proposal still says something: its kind is recorded here, and nobody has looked at the finding it is about, or there is none yet."""
    kinds, entry = page.place.shape.kinds, standing(page, one.finding)
    said, read = read_in.word_of(kinds, one.finding.kind), read_in.word_of(kinds, one.read)
    if not said or not read:
        return bool(said) and entry is None
    return entry is not None and entry.state == page.start and entry.data.get(page.place.shape.kind) != said


def _deeds(page: Page, one: Proposed) -> Shaped:
    return {"take_href": _href(page, "reading-take", one.id), "aside_href": _href(page, "reading-aside", one.id)}


def _card(page: Page, one: Proposed) -> Shaped:
    finding, shape, fields = one.finding, page.place.shape, page.place.view.shape.fields
    entry = standing(page, finding)

    def said(key: str, choice: str) -> str:
        return words.choice_text(fields[key], choice) if key in fields else choice

    comparator = said(shape.fields.get("comparator", ""), read_in.word_of(shape.comparators, finding.comparator))
    return {
        "id": one.id, "line": finding.line, "quote": finding.quote, "tone": finding.kind, "kind": said(shape.kind, read_in.word_of(shape.kinds, finding.kind)),
        "amount": amount_text(comparator, finding.value, finding.high, finding.unit),
        "read": said(shape.kind, str(entry.data.get(shape.kind) or "")) if entry else "", "model": one.model, "at": one.at,
    }  # fmt: skip


# --- what is done about them


def ask(visit: Visit, register: str, number: int) -> HttpResponseBase:
    """Ask the model about the next sentences; what goes wrong is said on the page, and the findings stay as they are."""
    page = opened(visit, register, number)
    endpoint = configured()
    if endpoint is None or not may_take(page):
        raise Http404
    before = proposed.kept(page.upload.digest)
    zh = visit.language.startswith("zh")
    try:
        asked = proposed.ask_on(endpoint, page.upload, visit.at)
        fresh = len(asked.proposed) - (len(before.proposed) if before else 0)
        messages.info(visit.request, _("模型提议 %(n)s 条，未经人确认，一条也没有入账") % {"n": fresh} if fresh else _("模型没有可用的提议"))
    except NoAnswer as failure:
        messages.error(visit.request, failure.zh if zh else failure.en)
    except (Unreadable, OSError, ValueError):
        messages.error(visit.request, _("看不到原文，没有问模型"))
    return onward(visit.request, page.href())


def aside(visit: Visit, register: str, number: int, proposal: str) -> HttpResponseBase:
    """Show a proposal no more."""
    page = opened(visit, register, number)
    one = _proposal(page, proposal)
    proposed.put_aside(page.upload.digest, one.id)
    return onward(visit.request, page.href())


def take(visit: Visit, register: str, number: int, proposal: str) -> HttpResponseBase:
    """The form of a finding, filled in as the model proposes; saved, it is that person's: a finding that nobody has looked at."""
    page = opened(visit, register, number)
    one = _proposal(page, proposal)
    entry = standing(page, one.finding)
    try:
        return _form(page, one, entry)
    except Conflict as conflict:
        return conflict_page(visit, page.place.view, conflict, page.href())


def _form(page: Page, one: Proposed, entry: Entry | None) -> HttpResponseBase:
    visit, place = page.visit, page.place
    shape, view = place.shape, place.view
    number = _free(page, one.finding) if entry is None else one.finding.number
    typed = read_in.row_of(place, page.document, replace(one.finding, number=number), frozenset(guarded.offices(visit)))
    keys = [key for key in shape.asks if view.shape.fields[key].kind != "choices"]
    posted = visit.request.POST if visit.request.method == "POST" else _filled(typed, _said(page, one, entry))
    fields = Asking(visit, view, entry, posted).fields(keys)
    note = _("模型 %(model)s 的提议，未经人确认。保存后是待核的一条，照常采用，再由另一人确认") % {"model": one.model}
    hidden: dict[str, object] = {ASKED: 1, **({"version": entry.version} if entry else {})}
    form = Form(visit.request.path, _("取用"), page.href(), fields, hidden, note=note)

    def keep() -> None:
        given = read_row(visit, view, keys, entry)
        if entry is not None:
            proposed.change(visit.actor, view, one, Seen(entry, version_of(visit.request.POST)), given, visit.at)
        else:
            proposed.record(visit.actor, view, one, {**typed, **given}, visit.at)
        proposed.put_aside(page.upload.digest, one.id)

    if tried(visit, form, keep):
        return saved(visit, _("已取用为待核的一条"), page.href())
    return form_page(visit, _("取用模型的提议"), one.finding.quote, form)


def _said(page: Page, one: Proposed, entry: Entry | None) -> set[str]:
    """The fields that the proposal speaks of: all of a new row; of one that stands its kind, what follows from it, the period and the names."""
    shape = page.place.shape
    if entry is None:
        return set(shape.asks)
    about = {shape.fields[word] for word in ("subject", "year", "last_day", "office") if word in shape.fields}
    return {shape.kind, *about, *(key for drafted in shape.drafts.values() for key in drafted)}


def _filled(typed: dict[str, object], keys: set[str]) -> QueryDict:
    """A form as the model would fill it in; what it says nothing of stays as it stands."""
    given = QueryDict(mutable=True)
    for key in keys:
        value = typed.get(key)
        if value not in (None, ""):
            given[ROW + key] = str(value)
    return given


def _free(page: Page, finding: Finding) -> int:
    """A place that no other finding with the same words in the same line has."""
    shape = page.place.shape
    same = [entry for entry in page.every if (entry.data.get(shape.line), entry.data.get(shape.quote)) == (finding.line, finding.quote[: read_in.LONGEST])]
    number = shape.fields.get("number", "")
    return max([0, *(int(entry.data.get(number) or 0) for entry in same)]) + 1


def _proposal(page: Page, name: str) -> Proposed:
    """One that is still to be decided; 404 for any other, and for who may not decide it."""
    held = proposed.kept(page.upload.digest) if configured() is not None and may_take(page) else None
    one = next((one for one in (held.waiting if held else ()) if one.id == name and _fits(page, one)), None)
    if one is None:
        raise Http404
    return one
