"""Sheets: choose one, take its blank form, send it filled in, see every cell checked, confirm. Nothing counts before it is confirmed."""

from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation import access, actions
from bihuan.foundation.checking import Refusal, Rejected
from bihuan.foundation.contents import HEAD, picture_of
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.cadences import Exchange
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Upload
from bihuan.foundation.sheets.cells import LIMITS, MB, Cell, Sheet, Unreadable, letters_of
from bihuan.foundation.sheets.checking import check
from bihuan.foundation.sheets.confirming import Agreed, NotConfirmed, confirm
from bihuan.foundation.sheets.findings import Asked, Checked
from bihuan.foundation.sheets.headers import fields_of
from bihuan.foundation.sheets.reading import read_sheet
from bihuan.foundation.sheets.writing import blank_form, note_of
from bihuan.portal import guarded, lamps, shell, words
from bihuan.portal.registers import CONTENT_TYPES
from bihuan.portal.visits import Shaped, Visit, onward, query
from bihuan.portal.writes import catch_up

PREVIEW_ROWS = 40
MOST_CHANGES = 60
MOST_PROBLEMS = 200
MOST_TURNED = 30
ALONE = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'none'; frame-ancestors 'none'; sandbox"
"""The policy of a picture that is opened by itself; the browser's own page around it has a style."""

OFFERED = 13

SheetOf = tuple[RegisterView, str, Item[Exchange]]


def offered(visit: Visit) -> list[SheetOf]:
    """The sheets this person may send: of registers they may upload to and record in."""
    found: list[SheetOf] = []
    for view in visit.catalogue.registers.values():
        if not guarded.may_open(visit.actor, view) or not access.may(visit.actor, "upload", view):
            continue
        for name, item in view.exchanges.items():
            if access.may(visit.actor, "figures" if item.shape.of == "figures" else "record", view):
                found.append((view, name, item))
    return found


def uploads(visit: Visit) -> HttpResponseBase:
    """The sheets one may send."""
    return _choose(visit, None, [])


def upload(visit: Visit, register: str, sheet: str) -> HttpResponseBase:
    """One sheet: what its columns hold, and the place to put the file. A file that was sent goes to its check."""
    chosen = _sheet_of(visit, register, sheet)
    if visit.request.method != "POST":
        return _choose(visit, chosen, [])
    file = visit.request.FILES.get("file")
    if file is None:
        return _choose(visit, chosen, [_("请选择文件")])
    try:
        content = file.read(LIMITS.size + 1)
        received = actions.receive_upload(visit.actor, register, chosen[2].short, file.name or "", content, visit.at)
    except Rejected as why:
        return _choose(visit, chosen, [refusal.text(visit.language) for refusal in why.refusals])
    return onward(visit.request, reverse("check", args=[received.pk]) + query(period=visit.request.POST.get("period", "")))


def _sheet_of(visit: Visit, register: str, sheet: str) -> SheetOf:
    chosen = next((one for one in offered(visit) if one[0].name == register and sheet in (one[1], one[2].key)), None)
    if chosen is None:
        raise Http404
    return chosen


def _choose(visit: Visit, chosen: SheetOf | None, errors: Sequence[str]) -> HttpResponseBase:
    last = guarded.last_uploads(visit)
    sheets = []
    for view, name, item in offered(visit):
        before = last.get((view.name, item.short))
        sheets.append({
            "title": visit.title(item.shape), "note": visit.title(view.shape), "href": reverse("upload", args=[view.name, name]),
            "template_href": reverse("blank", args=[view.name, name]), "current": chosen is not None and chosen[2] is item,
            "last": {"at": before.at, "who": before.name} if before else None,
        })  # fmt: skip
    context = {"sheets": sheets, "sheet": _shaped(visit, chosen, errors) if chosen else None}
    return shell.page(visit, "portal/upload.html", [shell.crumb(_("上传报表"))], context, 422 if errors else 200)


def _shaped(visit: Visit, chosen: SheetOf, errors: Sequence[str]) -> Shaped:
    view, name, item = chosen
    fields = fields_of(view, item.shape, item.shape.of)
    figures = view.shape.figures.fields if view.shape.figures else {}
    columns = []
    for key in item.shape.columns:
        shape = view.shape.fields.get(key) or figures[key]
        columns.append({"title": visit.title(shape), "unit": words.unit_text(shape.unit), "required": key in fields.required, "help": note_of(shape, visit.language)})
    return {
        "title": visit.title(item.shape), "action": reverse("upload", args=[view.name, name]), "errors": list(errors), "columns": columns,
        "periods": _periods(visit, view) if item.shape.of == "figures" else [],
        "limits": _("xlsx 或 csv，不超过 %(size)s MB、%(rows)s 行") % {"size": LIMITS.size // MB, "rows": LIMITS.rows},
    }  # fmt: skip


def _periods(visit: Visit, view: RegisterView) -> list[Shaped]:
    """The periods one may hand in, the last that has ended chosen; a title that names its own period comes first."""
    if view.shape.figures is None:
        return []
    one = periods.of(view.shape.figures.every, visit.day)
    shown = []
    for at in range(OFFERED):
        shown.append({"value": one.text, "text": one.said.text(visit.language), "chosen": at == 1})
        one = one.previous()
    return shown


def blank(visit: Visit, register: str, sheet: str) -> HttpResponseBase:
    """The empty form of a sheet, with its notes and choices; for figures with the rows this person answers for."""
    view, _name, item = _sheet_of(visit, register, sheet)
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it when it was sent
    blank_form(file, view.name, item.short, visit.actor, visit.at, visit.request.GET.get("period", ""))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{visit.title(item.shape)}.xlsx", content_type=CONTENT_TYPES["xlsx"])


# --- checked, and confirmed


def checked(visit: Visit, number: int) -> HttpResponseBase:
    """Every cell of a sheet that was sent, checked against the register as it is now."""
    upload = guarded.own_sheet(visit, number)
    if upload.state != "waiting":
        return onward(visit.request, reverse("uploaded", args=[number]))
    return _check_page(visit, upload, _asked(visit, upload))


def confirmed(visit: Visit, number: int) -> HttpResponseBase:
    """Record what was checked, if it is still what was agreed to."""
    upload = guarded.own_sheet(visit, number)
    posted = visit.request.POST
    agreed = Agreed(posted.get("fingerprint", ""), posted.get("reason", ""))
    try:
        confirm(upload, _asked(visit, upload), agreed, visit.actor, visit.at)
    except NotConfirmed as why:
        messages.warning(visit.request, why.reasons()[0 if visit.language.startswith("zh") else 1])
        return _check_page(visit, upload, _asked(visit, upload), 409)
    except Rejected as rejected:
        if upload.state != "waiting":
            return onward(visit.request, reverse("uploaded", args=[number]))
        for refusal in rejected.refusals:
            messages.error(visit.request, refusal.text(visit.language))
        return _check_page(visit, upload, _asked(visit, upload), 422)
    catch_up(visit)
    return onward(visit.request, reverse("uploaded", args=[number]))


def _asked(visit: Visit, upload: Upload) -> Asked:
    period = visit.request.POST.get("period") or visit.request.GET.get("period", "")
    return Asked(upload.register, upload.exchange, period)


def _check_page(visit: Visit, upload: Upload, asked: Asked, status: int = 200) -> HttpResponseBase:
    try:
        sheet = read_sheet(actions.content_of(upload), upload.name)
        found = check(sheet, asked, visit.actor, visit.at)
    except (Unreadable, Rejected) as why:
        texts = [why.text(visit.language)] if isinstance(why, Unreadable) else [_refusal(visit, one) for one in why.refusals]
        for text in texts:
            messages.error(visit.request, text)
        return onward(visit.request, _again(visit, upload))
    context = {
        "file": {"name": upload.name, "sheet": found.sheet, "rows": sum(1 for number in sheet.rows if number > found.header_row)},
        "counts": {"changes": len(found.changes), "same": found.counts.same_cells, "refused": sum(one.grave for one in found.problems)},
        "refused": found.refused, "tally": _tally(found),
        "problems": list(_problems(visit, found)), "changes": _changes(visit, found), "more_changes": max(0, len(found.changes) - MOST_CHANGES),
        "grid": _grid(found, sheet), "confirm_href": reverse("confirm", args=[upload.pk]), "again_href": _again(visit, upload),
        "needs_reason": found.needs_reason,
        "hidden": [{"name": "fingerprint", "value": found.fingerprint}, {"name": "period", "value": asked.period}],
    }  # fmt: skip
    return shell.page(visit, "portal/upload_check.html", [shell.crumb(_("上传报表"), reverse("uploads")), shell.crumb(_("核对报表"))], context, status)


def _tally(found: Checked) -> list[Shaped]:
    """The rows of the sheet by what becomes of them; what there is none of is left out."""
    counts = found.counts
    lines = [(_("行首次登记"), counts.new, "green"), (_("行有变化"), counts.changed, "blue"), (_("行与台账相同"), counts.same, "grey"), (_("行不能入账"), counts.refused, "red")]
    return [{"title": title, "count": count, "tone": tone} for title, count, tone in lines if count]


def _refusal(visit: Visit, refusal: Refusal) -> str:
    return refusal.text(visit.language)


def _again(visit: Visit, upload: Upload) -> str:
    view = visit.register(upload.register)
    name = next((name for name, item in view.exchanges.items() if upload.exchange in (name, item.short)), "") if view else ""
    return reverse("upload", args=[upload.register, name]) if name else reverse("uploads")


def _problems(visit: Visit, found: Checked) -> Iterator[Shaped]:
    zh = visit.language.startswith("zh")
    for problem in found.problems[:MOST_PROBLEMS]:
        yield {
            "cell": problem.cell, "where": problem.row, "column": problem.column, "value": problem.value or None,
            "text": problem.why.what if zh else problem.why.what_en, "grave": problem.grave,
            "fix": _("例：%(example)s") % {"example": problem.why.example} if problem.why.example else "",
        }  # fmt: skip


def _changes(visit: Visit, found: Checked) -> list[Shaped]:
    return [
        {
            "title": change.title or change.row or _("新的一行"), "period": change.period, "column": visit.title(change.shape), "cell": change.cell,
            "old": None if change.fresh or change.old is None else change.old_text(visit.language), "new": change.new_text(visit.language),
        }
        for change in found.changes[:MOST_CHANGES]
    ]  # fmt: skip


def _grid(found: Checked, sheet: Sheet) -> Shaped:
    """The sheet as it was read, with what is wrong, odd or new marked in its cells."""
    wrong, new = found.by_cell(), {change.cell: change for change in found.changes}
    letters = [column.number for column in found.columns]
    rows = []
    for number in [number for number in sorted(sheet.rows) if number > found.header_row][:PREVIEW_ROWS]:
        cells = []
        for column in letters:
            cell: Cell | None = sheet.rows[number].get(column)
            place = f"{letters_of(column)}{number}"
            state, note = "", ""
            if place in wrong:
                state, note = ("wrong" if wrong[place].grave else "odd"), wrong[place].why.what
            elif place in new:
                state, note = "changed", "" if new[place].old is None else _("原值 %(old)s") % {"old": new[place].old_text()}
            cells.append({"text": cell.shown if cell else "", "state": state, "note": note})
        rows.append({"number": number, "cells": cells})
    return {
        "note": _("前 %(count)s 行") % {"count": len(rows)}, "columns": [letters_of(column) for column in letters], "head_row": found.header_row,
        "heads": [column.title for column in found.columns], "rows": rows,
    }  # fmt: skip


def uploaded(visit: Visit, number: int) -> HttpResponseBase:
    """What a confirmed sheet did, down to the lights that turned because of it."""
    upload = guarded.own_sheet(visit, number)
    if upload.state == "waiting":
        raise Http404
    event, rows, changes, turned = guarded.outcome_of(visit, upload)
    zh = visit.language.startswith("zh")
    context = {
        "event": {"seq": event.seq, "href": reverse("event", args=[event.seq]), "hash": event.hash}, "counts": {"changes": changes, "rows": rows},
        "turned": [
            {
                "title": entry.title or entry.key, "href": reverse("row", args=[entry.pk]), "from_colour": said.get("was") or "grey",
                "to_colour": said["colour"] or "grey", "because": lamps.because(said.get("facts", {}), "zh" if zh else "en"),
            }
            for entry, said in turned[:MOST_TURNED]
        ],
        "register_href": reverse("register", args=[upload.register]), "again_href": _again(visit, upload),
    }  # fmt: skip
    return shell.page(visit, "portal/upload_done.html", [shell.crumb(_("上传报表"), reverse("uploads")), shell.crumb(_("已入账"))], context)


def original(visit: Visit, number: int) -> HttpResponseBase:
    """A file as it was sent in, never shown inside the browser."""
    return _sent(guarded.upload_of(visit, number))


def evidence(visit: Visit, number: int, upload: int) -> HttpResponseBase:
    """A file attached to a row: a picture is shown, by what its bytes are and in a page of its own that may do nothing; all else is saved."""
    return _sent(guarded.evidence_file(visit, number, upload), pictures=True)


def _sent(upload: Upload, *, pictures: bool = False) -> HttpResponse:
    try:
        content = actions.content_of(upload)
    except FileNotFoundError:
        raise Http404 from None
    media = picture_of(content[:HEAD]) if pictures else ""
    named = f"{'inline' if media else 'attachment'}; filename*=UTF-8''{quote(upload.name)}"
    alone = {"Content-Security-Policy": ALONE} if media else {}
    return HttpResponse(content, content_type=media or "application/octet-stream", headers={"Content-Disposition": named, **alone})
