"""What every form's view shares: try the action, show all that was refused, show both versions where somebody was quicker, follow the ledger."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import duckdb
from django.db import OperationalError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import follow
from bihuan.computing.engine import TooSlow
from bihuan.foundation import actions
from bihuan.foundation.actions import Conflict, Rejected
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import body_of
from bihuan.portal import events, guarded, shell, words
from bihuan.portal.forms import ROW, Form
from bihuan.portal.visits import Shaped, Visit, done

log = logging.getLogger("bihuan.portal")

KEPT_OUT = {"csrfmiddlewaretoken", "version"}
"""What a form sent that the page of a conflict does not send again."""


def saved(visit: Visit, said: str, href: str) -> HttpResponseBase:
    """After a write: forget its draft, bring the lights up to it, and say so on the next page."""
    if visit.member is not None and (draft := visit.request.POST.get("draft", "")):
        actions.drop_unsent(visit.member, draft)
    catch_up(visit)
    return done(visit, said, href)


def catch_up(visit: Visit) -> None:
    """Let computing follow what was just written. What was written stands whatever happens here; the next write or sweep follows it then."""
    visit.renew()
    try:
        follow.catch_up(visit.at)
    except (OperationalError, duckdb.Error, TooSlow):
        log.exception("the ledger is written; following it is left for the next call")


def form_page(visit: Visit, heading: str, lead: str, form: Form, back: str = "") -> HttpResponse:
    """A single form on a page or in the drawer; 422 where the last try was refused. `back`: what it leads back to, where `lead` is not its name."""
    context = {"heading": heading, "lead": lead, "form": form.shaped(visit.language)}
    crumbs = [shell.crumb(back or lead or heading, form.cancel_href), shell.crumb(heading)]
    return shell.either(visit, "portal/edit.html", crumbs, context, 422 if form.refusals else 200)


def tried(visit: Visit, form: Form, deed: Callable[[], object]) -> bool:
    """Whether a form that was sent could be carried out; where not, it now says why. Conflicts are raised on."""
    if visit.request.method != "POST":
        return False
    try:
        deed()
    except Rejected as why:
        form.refusals = why.refusals
        return False
    return True


def conflict_page(visit: Visit, view: RegisterView, conflict: Conflict, href: str) -> HttpResponse:
    """Both versions, field by field. What this person did not touch stays as the other person left it and is not asked."""
    entry = conflict.entry
    shapes = {**view.shape.fields, **(view.shape.figures.fields if view.shape.figures else {})}
    before = _before(visit, conflict)
    fields = [_versions(visit, shapes[key], key, conflict, before.get(key, conflict.theirs[key])) for key in conflict.mine if key in shapes]
    posted = visit.request.POST
    hidden = [{"name": name, "value": posted[name]} for name in posted if not name.startswith(ROW) and name not in KEPT_OUT]
    context = {
        "heading": _("这一行刚刚被别人改过"), "theirs": _last_change(visit, conflict), "fields": fields, "action": visit.request.path,
        "hidden": [*hidden, {"name": "version", "value": entry.version}], "cancel_href": href,
    }  # fmt: skip
    crumbs = [shell.crumb(entry.title or entry.key, href), shell.crumb(_("冲突"))]
    return shell.either(visit, "portal/conflict.html", crumbs, context, 409)


def _versions(visit: Visit, shape: FieldShape, key: str, conflict: Conflict, before: Any) -> Shaped:
    mine, theirs = conflict.mine[key], conflict.theirs[key]
    if mine == before:
        mine = theirs
    unit = _("（%(unit)s）") % {"unit": words.unit_text(shape.unit)} if shape.unit and shape.kind in words.NUMERIC else ""
    return {
        "name": ROW + key, "title": f"{visit.title(shape)}{unit}", "differs": mine != theirs,
        "mine": words.value_text(shape, mine), "theirs": words.value_text(shape, theirs), "before": words.value_text(shape, before),
        "mine_value": _typed(shape, mine), "theirs_value": _typed(shape, theirs),
    }  # fmt: skip


def _typed(shape: FieldShape, value: Any) -> str:
    """A stored value as somebody would type it."""
    if shape.kind == "yes_no" and value is not None:
        return "是" if value else "否"
    if shape.kind in ("choice", "choices"):  # what is sent is the choice itself, in whatever language it is shown
        return words.listed(value) if isinstance(value, list) else value or ""
    return words.value_text(shape, value) or ""


def _before(visit: Visit, conflict: Conflict) -> Mapping[str, Any]:
    """The values this person was shown, as far as they were changed since: the oldest of the old values after that version."""
    text = visit.request.POST.get("version", "")
    version = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    shown: dict[str, Any] = {}
    for event in guarded.history_of(conflict.entry):  # newest first, so the oldest wins
        body = body_of(event)
        if isinstance(body.get("version"), int) and body["version"] > version:
            shown.update({key: pair[0] for key, pair in body.get("data", {}).items()})
    return shown


def _last_change(visit: Visit, conflict: Conflict) -> Shaped:
    last = events.timeline(visit, guarded.history_of(conflict.entry, most=1), conflict.entry)
    return last[0] if last else {"who": "", "office": "", "at": None, "seq": 0, "href": ""}


def row_href(number: int | None) -> str:
    """The address of a row's page."""
    return reverse("row", args=[number])

