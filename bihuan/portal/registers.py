"""Registers: all of them, and one as a list that is filtered, sorted, kept under a name and taken away as a sheet."""

from tempfile import TemporaryFile

from django.contrib import messages
from django.http import FileResponse, Http404, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import lists as computed
from bihuan.computing import tables
from bihuan.computing.judge import row_lights
from bihuan.foundation import access, actions
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import NAME
from bihuan.foundation.sheets.writing import Wanted, export_sheet
from bihuan.portal import filling, guarded, lists, ordering, shell
from bihuan.portal.forms import Form, plain
from bihuan.portal.lists import LIGHT, Query
from bihuan.portal.visits import Shaped, Visit, onward
from bihuan.portal.visits import query as href
from bihuan.portal.writes import form_page

LONGEST_QUERY = 2_000
MOST_EXPORTED = 200_000
LIST = "list"
"""In the address of an export: the columns of the list itself."""

CONTENT_TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


def registers(visit: Visit) -> HttpResponseBase:
    """Every register this person may look into, by pack."""
    packs = []
    for pack in ordering.packs(visit.catalogue):
        views = [view for view in ordering.registers(visit.catalogue) if view.pack == pack.key and guarded.may_open(visit.actor, view)]
        if views:
            shown = [_register_line(visit, view) for view in shell.leading(views)]
            packs.append({"key": pack.key, "title": visit.title(pack.head), "note": pack.head.owner, "registers": shown})
    return shell.page(visit, "portal/registers.html", [shell.crumb(_("全部台账"))], {"packs": packs})


def _register_line(visit: Visit, view: RegisterView) -> Shaped:
    mechanism = visit.catalogue.mechanism(view.name).shape
    note = " · ".join(filter(None, (visit.title(mechanism), mechanism.code, mechanism.basis)))
    icon = "traffic-lights" if view.lights else "checklist" if view.lifecycle else "table"
    return {"title": visit.title(view.shape), "href": reverse("register", args=[view.name]), "note": note, "icon": icon}


def register(visit: Visit, register: str) -> HttpResponseBase:
    """One register as a list. htmx gets the rows alone, with the counts that belong to them."""
    view = guarded.register_of(visit, register)
    query = lists.read_query(visit, view, visit.request.GET)
    for refused in query.refused:
        messages.error(visit.request, refused)
    columns = tables.current(visit.day)
    page = computed.find(columns, view, query.asked(), access.visible(visit.actor, view), visit.day)
    context = lists.table(visit, query, page)
    if visit.part("rows"):
        return shell.part(visit, "portal/_rows.html", context)
    offices = guarded.offices_of(visit, view)
    context |= {
        "actions": _actions(visit, view), "views": _views(visit, query), "q": query.text, "filters": lists.filters(visit, query, offices),
        "save_view_href": _save_href(query) if visit.member else "", "exports": _exports(visit, query), "bulk_href": "",
    }  # fmt: skip
    context["register"]["note"] = visit.title(visit.catalogue.mechanism(view.name).shape)
    return shell.page(visit, "portal/register.html", [shell.crumb(visit.title(view.shape))], context)


def _actions(visit: Visit, view: RegisterView) -> list[Shaped]:
    offered = []
    if view.exchanges and access.may(visit.actor, "upload", view) and access.may(visit.actor, "record", view):
        offered.append(shell.action(_("上传报表"), "upload", reverse("upload", args=[view.name, next(iter(view.exchanges))])))
    if filling.offered_to(visit, view):
        asked = {name: visit.request.GET.getlist(name) for name in visit.request.GET if name != "page"}
        offered.append(shell.action(_("表格填报"), "table-import", reverse("fill", args=[view.name]) + href(**asked)))
    if access.may(visit.actor, "record", view):
        offered.append(shell.action(_("登记"), "plus", reverse("new", args=[view.name]), primary=True, drawer=True))
    return offered


def _exports(visit: Visit, query: Query) -> list[Shaped]:
    """The list as it is filtered, in each of the register's own sheets, so that it may come back; and with its own columns."""
    if not visit.actor.roles & (access.STAFF | {access.ENTERPRISE}):
        return []
    asked = query.href({})
    name = query.view.name
    own = [{"title": _("当前列表 Excel"), "href": reverse("export", args=[name, LIST, "xlsx"]) + asked}]
    own.append({"title": _("当前列表 CSV"), "href": reverse("export", args=[name, LIST, "csv"]) + asked})
    return own + [
        {"title": f"{visit.title(item.shape)} Excel", "href": reverse("export", args=[name, short, "xlsx"]) + asked}
        for short, item in query.view.exchanges.items()
    ]


# --- lists kept under a name


def _views(visit: Visit, query: Query) -> list[Shaped]:
    here = reverse("register", args=[query.view.name])
    asked = _kept(query.given)
    shown: list[tuple[str, dict[str, list[str]]]] = [(_("全部"), {})]
    for light in row_lights(query.view)[:1]:
        shown.append((_("红黄灯"), {LIGHT + light: ["red", "yellow"]}))
    shown += [(view.name, view.query) for view in guarded.saved_views(visit, query.view.name)]
    return [{"title": title, "href": here + _encoded(kept), "count": None, "current": kept == asked} for title, kept in shown]


def _kept(given: QueryDict) -> dict[str, list[str]]:
    """What of an address makes a list: not which page of it."""
    return {name: kept for name, values in given.lists() if name != "page" and (kept := [value for value in values if value])}


def _encoded(kept: dict[str, list[str]]) -> str:
    query = QueryDict(mutable=True)
    for name, values in kept.items():
        query.setlist(name, values)
    return f"?{query.urlencode()}" if kept else ""


def _save_href(query: Query) -> str:
    return reverse("keep-view", args=[query.view.name]) + _encoded(_kept(query.given))


def keep_view(visit: Visit, register: str) -> HttpResponseBase:
    """Keep the list in the address under a name, for this person only; or forget one."""
    view = guarded.register_of(visit, register)
    if visit.member is None:
        raise Http404
    request = visit.request
    text = request.POST.get("query") or request.GET.urlencode()
    if len(text) > LONGEST_QUERY:
        raise Http404
    kept = _kept(QueryDict(text))
    here = reverse("register", args=[register])
    if request.method == "POST" and request.POST.get("name", "").strip():
        actions.save_view(visit.member, register, request.POST["name"].strip()[:NAME], kept)
        messages.success(request, _("已存为视图"))
        return onward(request, here + _encoded(kept))
    if request.method == "POST" and request.POST.get("forget", ""):
        chosen = {str(one.pk): one.pk for one in guarded.saved_views(visit, register)}
        if request.POST["forget"] in chosen:
            actions.forget_view(visit.member, chosen[request.POST["forget"]])
        return onward(request, here)
    fields = [plain("name", _("视图名称"), "text")]
    held = [(str(one.pk), one.name) for one in guarded.saved_views(visit, register)]
    if held:
        options = [{"value": value, "text": text, "chosen": False} for value, text in held]
        fields.append(plain("forget", _("或者删除"), "choice", options=options))
    form = Form(request.path, _("保存"), here, fields, {"query": text})
    return form_page(visit, _("存为视图"), visit.title(view.shape), form)


# --- taken away


def export(visit: Visit, register: str, sheet: str, kind: str) -> HttpResponseBase:
    """The list as it is filtered and sorted, as a file: in one of the register's own sheets, which may come back, or with the list's columns."""
    view = guarded.register_of(visit, register)
    item = view.exchanges.find(sheet) if sheet != LIST else None
    if (item is None and sheet != LIST) or not visit.actor.roles & (access.STAFF | {access.ENTERPRISE}):
        raise Http404
    query = lists.read_query(visit, view, visit.request.GET)
    ids = None
    if _kept(query.given):
        asked = query.asked(size=MOST_EXPORTED, page=1)
        ids = computed.find(tables.current(visit.day), view, asked, access.visible(visit.actor, view), visit.day).ids
    listed = [key for key, shape in view.shape.fields.items() if shape.listed and not shape.personal]
    chips = "；".join(str(chip["text"]) for chip in lists.chips(visit, query))
    wanted = Wanted(
        register, item.short if item else "", () if item else listed, _periods(visit, view) if item and item.shape.of == "figures" else (), ids,
        chips or "全部",
    )  # fmt: skip
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it when it was sent
    export_sheet(file, wanted, visit.actor, visit.at, "csv" if kind == "csv" else "xlsx")
    file.seek(0)
    title = visit.title(item.shape if item else view.shape)
    return FileResponse(file, as_attachment=True, filename=f"{title}-{visit.day:%Y%m%d}.{kind}", content_type=CONTENT_TYPES[kind])


def _periods(visit: Visit, view: RegisterView) -> list[str]:
    """The periods of this year up to the present one."""
    if view.shape.figures is None:
        return []
    last = periods.of(view.shape.figures.every, visit.day)
    return [one.text for one in periods.window("year_to_date", last).periods()]
