"""Sending a document in to be read, and what is done to one finding beside its moves: put right, split, merged. Each is a form of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import read_in
from bihuan.computing.read_in import Place, Seen
from bihuan.computing.reading.documents import LARGEST
from bihuan.foundation import actions
from bihuan.foundation.actions import Conflict, Edit
from bihuan.foundation.actions.uploads import LARGEST_FILE
from bihuan.foundation.checking import Refusal, Rejected, rejected
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.models import Entry
from bihuan.foundation.sheets.cells import MB, Unreadable
from bihuan.portal import guarded, reading_repeats, shell, words
from bihuan.portal.forms import ASKED, ROW, Asking, Form, plain, read_row, version_of
from bihuan.portal.reading import following
from bihuan.portal.reading_page import PAGE, Page, opened
from bihuan.portal.visits import Shaped, Visit, onward
from bihuan.portal.writes import catch_up, conflict_page, form_page, saved, tried


def read(visit: Visit, register: str) -> HttpResponseBase:
    """Send a document in: it is read, kept, and what was found in it recorded, all at once or not at all."""
    place = guarded.reading_into(visit, register)
    guarded.allow(visit, "record", place.documents)
    guarded.allow(visit, "record", place.view)
    posted = visit.request.POST if visit.request.method == "POST" else None
    shape = place.documents.shape
    keys = [key for key in shape.fields if key not in (shape.key, place.shape.file) or (key == shape.key and not shape.numbered)]
    fields = [plain("file", visit.title(shape.fields[place.shape.file]), "file", required=True, accept=".txt,.docx,.pdf,.html,.htm,.md", help=_limits())]
    asking = Asking(visit, place.documents, None, posted)
    fields += [_likely(visit, asking.field(key)) for key in keys]
    for field in fields:
        if field["name"] == ROW + shape.name:
            field.update(required=False, help=_("留空则用文件名"))
    form = Form(visit.request.path, _("读入"), reverse("register", args=[register]), fields, note=_("读完逐条核对，另一人确认后才算数"))
    done: list[tuple[Entry, int]] = []

    def take() -> None:
        file = visit.request.FILES.get("file")
        if file is None:
            raise rejected(Refused("请选择文件", "choose a file", "政府工作报告.docx"), "file", visit.title(shape.fields[place.shape.file]))
        try:
            about = read_row(visit, place.documents, keys)
            if shape.name in about:
                about[shape.name] = about[shape.name] or (file.name or "").rpartition(".")[0]
            done.append(read_in.read_in(visit.actor, place, about, file.name or "", file.read(LARGEST_FILE + 1), visit.at))
        except Unreadable as why:
            raise Rejected([Refusal("file", (file.name or "")[:80], why.why)]) from why

    if tried(visit, form, take):
        catch_up(visit)
        entry, count = done[0]
        messages.success(visit.request, _("读出 %(n)s 条，逐条核对吧") % {"n": count} if count else _("没有读出带数字的语句，也没有可核对的任务；原件已经存下"))
        return onward(visit.request, reverse("reading", args=[register, entry.pk]))
    context = {"heading": visit.title(place.shape), "lead": visit.title(place.view.shape), "form": form.shaped(visit.language), "documents": _documents(visit, place)}
    crumbs = [shell.crumb(visit.title(place.view.shape), reverse("register", args=[register])), shell.crumb(visit.title(place.shape))]
    return shell.page(visit, "portal/read.html", crumbs, context, 422 if form.refusals else 200)


def _limits() -> str:
    most = min(LARGEST, LARGEST_FILE) // MB
    return _("txt、docx、html 或带文字的 pdf，不超过 %(size)s MB；扫描件、加密文件读不了") % {"size": most}


def _likely(visit: Visit, field: Shaped) -> Shaped:
    """A field with what is likely chosen beforehand: one's own office, this year."""
    likely = visit.actor.office if field["kind"] == "office" else str(visit.day.year) if field["kind"] == "choice" else ""
    if field["value"] or likely not in [option["value"] for option in field["options"]]:
        return field
    return {**field, "options": [{**option, "chosen": option["value"] == likely} for option in field["options"]]}


def _documents(visit: Visit, place: Place) -> list[Shaped]:
    """The documents that were read before, the last first."""
    rows = guarded.rows_of(visit, place.documents).order_by("-pk")[:PAGE]
    return [{"title": entry.title or entry.key, "note": entry.key, "href": reverse("reading", args=[place.view.name, entry.pk])} for entry in rows]


# --- one finding


def act(visit: Visit, register: str, number: int, finding: int, act: str) -> HttpResponseBase:
    """The form of a deed, and the deed."""
    page = opened(visit, register, number)
    entry = next((one for one in page.every if one.pk == finding), None)
    forms: Mapping[str, Callable[[Page, Entry], HttpResponseBase]] = {"correct": _correct, "split": _split, "merge": _merge, "join": reading_repeats.join}
    if entry is None or act not in forms:
        raise Http404
    guarded.allow(visit, "change", page.place.view, entry)
    try:
        return forms[act](page, entry)
    except Conflict as conflict:
        return conflict_page(visit, page.place.view, conflict, page.href(at=str(finding)))


def _correct(page: Page, entry: Entry) -> HttpResponseBase:
    visit, view = page.visit, page.place.view
    posted = visit.request.POST if visit.request.method == "POST" else None
    keys = page.place.shape.asks
    fields = Asking(visit, view, entry, posted).fields(keys)
    form = Form(visit.request.path, _("保存"), page.href(at=str(entry.pk)), fields, {ASKED: 1, "version": entry.version}, note=_("原文不变，只改读法"))

    def change() -> None:
        edit = Edit(read_row(visit, view, keys, entry), version_of(visit.request.POST))
        actions.change_entry(visit.actor, view.name, entry.key, edit, visit.at)

    if tried(visit, form, change):
        return saved(visit, _("已更正，记入台账"), page.href(at=str(entry.pk)))
    return form_page(visit, _("更正读法"), str(entry.data.get(page.place.shape.quote) or ""), form)


def _split(page: Page, entry: Entry) -> HttpResponseBase:
    visit = page.visit
    text = str(entry.data.get(page.place.shape.quote) or "")
    where = [(str(cut), f"{text[:cut]} | {text[cut:]}") for cut in read_in.cuts(text)]
    posted = visit.request.POST.get("cut", where[0][0] if where else "")
    fields = [plain("cut", _("从哪里拆开"), "pick", required=True, options=words.choices(where, [posted]))]
    form = Form(visit.request.path, _("拆分"), page.href(at=str(entry.pk)), fields, {"version": entry.version}, note=_("拆成的两条各自重读，等待核对"))

    def divide() -> None:
        cut = int(posted) if posted.isascii() and posted.isdecimal() else 0
        read_in.divide(visit.actor, page.place, Seen(entry, version_of(visit.request.POST)), cut, visit.at)

    if tried(visit, form, divide):
        return saved(visit, _("已拆成两条"), page.href())
    return form_page(visit, _("拆分语句"), text, form)


def _merge(page: Page, entry: Entry) -> HttpResponseBase:
    visit, quote = page.visit, page.place.shape.quote
    asked = visit.request.POST.get("other", "")
    other = next((one for one in page.every if str(one.pk) == asked), None) if asked else following(page, entry)
    if other is None:
        raise Http404
    version = version_of(visit.request.POST) if visit.request.method == "POST" else entry.version
    held = visit.request.POST.get("other_version", "")
    seen = Seen(other, int(held) if held.isascii() and held.isdecimal() and len(held) < 10 else other.version)
    hidden: dict[str, object] = {"version": entry.version, "other": other.pk, "other_version": other.version}
    note = _("后一条并入前一条，数值和单位以前一条为准")
    form = Form(visit.request.path, _("并成一条"), page.href(at=str(entry.pk)), [], hidden, note=note)

    def merge() -> None:
        read_in.merge(visit.actor, page.place, Seen(entry, version), seen, visit.at)

    if tried(visit, form, merge):
        return saved(visit, _("已并成一条"), page.href(at=str(entry.pk)))
    return form_page(visit, _("并入下一条"), f"{entry.data.get(quote)} + {other.data.get(quote)}", form)
