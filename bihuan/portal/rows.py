"""Recording a row, changing it, taking it out of its register."""

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.foundation import access, actions
from bihuan.foundation.actions import Conflict, Edit, Forbidden, Incoming
from bihuan.foundation.models import Entry
from bihuan.portal import guarded
from bihuan.portal.forms import ASKED, ROW, Asking, Form, plain, read_row, version_of
from bihuan.portal.visits import Shaped, Visit
from bihuan.portal.writes import conflict_page, form_page, row_href, saved, tried


def new(visit: Visit, register: str) -> HttpResponseBase:
    """A new row. The address may fill fields in: ``?row.project=P-2025-0017``."""
    view = guarded.register_of(visit, register)
    guarded.allow(visit, "record", view)
    asked = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    filled = asked if any(name.startswith(ROW) for name in asked) else None
    keys = [key for key in view.shape.fields if key != view.shape.key or not view.shape.numbered or view.shape.fields[key].provisional]
    cancel = reverse("register", args=[register])
    form = Form(visit.request.path, pgettext("动作", "登记"), cancel, Asking(visit, view, posted=filled).fields(keys), {ASKED: 1}, draft=visit.request.get_full_path())
    made: list[Entry] = []

    def record() -> None:
        row = Incoming(read_row(visit, view, keys))
        made.extend(actions.record_entries(visit.actor, register, [row], visit.at))

    if tried(visit, form, record):
        return saved(visit, _("已登记，记入台账"), row_href(made[0].pk))
    return form_page(visit, _("登记：%(title)s") % {"title": visit.title(view.shape)}, visit.title(view.shape), form)


def edit(visit: Visit, number: int) -> HttpResponseBase:
    """Change a row. Where somebody else changed it meanwhile, both versions are shown and nothing is written."""
    view, entry = guarded.open_row(visit, number)
    guarded.allow(visit, "change", view, entry)
    posted = visit.request.POST if visit.request.method == "POST" else None
    keys = list(view.shape.fields)
    fields = [*Asking(visit, view, entry, posted).fields(keys), _reason(posted.get("reason", "") if posted else "")]
    form = Form(visit.request.path, _("保存"), row_href(number), fields, {ASKED: 1, "version": entry.version}, note=_("保存后记入台账，原值保留"))
    form.draft = visit.request.path

    def change() -> None:
        changed = Edit(read_row(visit, view, keys, entry), version_of(visit.request.POST), visit.request.POST.get("reason", ""))
        actions.change_entry(visit.actor, view.name, entry.key, changed, visit.at)

    try:
        if tried(visit, form, change):
            return saved(visit, _("已保存，记入台账"), row_href(number))
    except Conflict as conflict:
        return conflict_page(visit, view, conflict, row_href(number))
    lead = _("%(key)s · 第 %(version)s 版") % {"key": entry.key, "version": entry.version}
    return form_page(visit, _("修改：%(title)s") % {"title": entry.title or entry.key}, lead, form, entry.title or entry.key)


def withdraw(visit: Visit, number: int) -> HttpResponseBase:
    """Take a row out, with a reason; it stays in the ledger and its page stays readable."""
    view, entry = guarded.open_row(visit, number)
    guarded.allow(visit, "withdraw", view, entry)
    reason = visit.request.POST.get("reason", "")
    form = Form(visit.request.path, _("撤销"), row_href(number), [_reason(reason, required=True)], danger=True)
    if tried(visit, form, lambda: actions.withdraw_entry(visit.actor, view.name, entry.key, reason, visit.at)):
        return saved(visit, _("已撤销，记录与留痕仍可查看"), row_href(number))
    return form_page(visit, _("撤销：%(title)s") % {"title": entry.title or entry.key}, entry.key, form)


def reveal(visit: Visit, number: int, field: str) -> HttpResponseBase:
    """Show one personal value to staff who say why; that somebody looked is on record."""
    view, entry = guarded.open_row(visit, number)
    guarded.allow(visit, "reveal", view, entry)
    if field not in access.personal_fields(view):
        raise Forbidden(access.Decision(False, _("这不是个人信息"), "this is no personal data"))
    reason = visit.request.POST.get("reason", "")
    form = Form(visit.request.path, _("查看"), row_href(number), [_reason(reason, required=True)], note=_("谁看过、为什么，都会留痕"))
    held: list[object] = []
    title = visit.title(view.shape.fields[field])
    if tried(visit, form, lambda: held.append(actions.reveal(visit.actor, view.name, entry.key, field, reason, visit.at))):
        form.fields = [plain("value", title, "text", str(held[0] or ""), readonly=True)]
        form.submit = _("再看一次")
    return form_page(visit, _("查看：%(title)s") % {"title": title}, entry.title or entry.key, form)


def _reason(text: str, *, required: bool = False) -> Shaped:
    return plain("reason", _("理由"), "long_text", text, required=required)
