"""Registers: all of them, and one as a list that is filtered, sorted, kept under a name and taken away as a sheet."""

from tempfile import TemporaryFile

from django.contrib import messages
from django.http import FileResponse, Http404, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.computing import lists as computed
from bihuan.foundation import access, actions
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.sheets.writing import Wanted, export_sheet
from bihuan.portal import bulk, entry_past, filling, guarded, kept, list_past, lists, shapes, shell, taken, words
from bihuan.portal.kept import LONGEST_QUERY
from bihuan.portal.lists import Query
from bihuan.portal.visits import Shaped, Visit, onward
from bihuan.portal.visits import query as href

LIST = "list"
"""In the address of an export: the columns of the list itself."""

CONTENT_TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


def registers(visit: Visit) -> HttpResponseBase:
    """Every register this person may look into, by pack."""
    packs = []
    for pack in visit.catalogue.packs_in_order:
        views = [view for view in visit.catalogue.registers_in_order if view.pack == pack.key and guarded.may_open(visit.actor, view)]
        if views:
            shown = [_register_line(visit, view) for view in shell.leading(views)]
            packs.append({"key": pack.key, "title": visit.title(pack.head), "note": pack.head.owner, "registers": shown})
    return shell.page(visit, "portal/registers.html", [shell.crumb(_("全部台账"))], {"packs": packs})


def _register_line(visit: Visit, view: RegisterView) -> Shaped:
    mechanism = visit.catalogue.mechanism(view.name).shape
    note = " · ".join(filter(None, (visit.title(mechanism), mechanism.code, mechanism.basis)))
    return {"title": visit.title(view.shape), "href": reverse("register", args=[view.name]), "note": note, "icon": shell.icon_of(view)}


def register(visit: Visit, register: str) -> HttpResponseBase:
    """One register as a list; for staff as it was on a day gone by with ``?on=``. htmx gets the rows alone, with the counts that belong to them."""
    view = guarded.register_of(visit, register)
    if visit.actor.roles & access.STAFF and (gone_by := entry_past.asked_day(visit)):
        return list_past.list_then(visit, view, gone_by)
    query = lists.read_query(visit, view, visit.request.GET)
    for refused in query.refused:
        messages.error(visit.request, refused)
    context = rows_of(visit, query)
    if visit.part("rows"):
        return shell.part(visit, "portal/_rows.html", context)
    offices = guarded.offices_of(visit, view)
    context |= {
        "actions": _actions(visit, view), "views": kept.views(visit, query), "q": query.text, "filters": lists.filters(visit, query, offices),
        "save_view_href": kept.save_href(query) if visit.member else "", "exports": _exports(visit, query), "shapes": shapes.offered(query),
        "arrange_href": reverse("arrange", args=[register]), "bulk_href": reverse("bulk", args=[register]), "bulk_export_href": reverse("export", args=[register, LIST, "xlsx"]),
    }  # fmt: skip
    context["register"]["note"] = visit.title(visit.catalogue.mechanism(view.name).shape)
    return shell.page(visit, "portal/register.html", [shell.crumb(visit.title(view.shape))], context)


def rows_of(visit: Visit, query: Query) -> Shaped:
    """The rows of a list in the view asked for, and the counts and conditions around them, as `_rows.html` reads them."""
    at_hand = visit.columns
    shape = shapes.SHAPES[shapes.shape_of(query)]
    page = computed.find(at_hand, query.view, query.asked(shape.size), access.visible(visit.actor, query.view), visit.day)
    one = lists.listed(visit, query, at_hand, page, shape.size)
    return {**lists.around(one), "shape": shapes.shape_of(query), "bulk": bulk.buttons(visit, query.view), **shape.fill(one)}


def arrange(visit: Visit, register: str) -> HttpResponseBase:
    """Show the list in other columns, in another order or with other heights of rows, and remember that for this person."""
    view = guarded.register_of(visit, register)
    posted = visit.request.POST
    text = posted.get("query", "")
    if len(text) > LONGEST_QUERY:
        raise Http404
    given = QueryDict(text, mutable=True)
    chosen = {} if posted.get("reset") else {name: values for name in (lists.COLUMN, lists.DENSITY) if (values := posted.getlist(name)[: lists.MOST_COLUMNS])}
    for name in (lists.COLUMN, lists.DENSITY):
        given.setlist(name, chosen.get(name, []))
    if visit.member:
        actions.arrange(visit.member, register, chosen)
    query = lists.read_query(visit, view, given)
    address = reverse("register", args=[register]) + query.href({})
    if not visit.part("rows"):
        return onward(visit.request, address)
    answer = shell.part(visit, "portal/_rows.html", rows_of(visit, query))
    answer.headers["HX-Push-Url"] = address
    return answer


def _actions(visit: Visit, view: RegisterView) -> list[Shaped]:
    offered = []
    if view.exchanges and access.may(visit.actor, "upload", view) and access.may(visit.actor, "record", view):
        offered.append(shell.action(_("上传报表"), "upload", reverse("upload", args=[view.name, next(iter(view.exchanges))])))
    if filling.offered_to(visit, view):
        asked = {name: visit.request.GET.getlist(name) for name in visit.request.GET if name != "page"}
        offered.append(shell.action(_("表格填报"), "table-import", reverse("fill", args=[view.name]) + href(**asked)))
    if guarded.may_see_quotas(visit, view):
        offered += [shell.action(visit.title(item.shape), "scale", reverse("quota", args=[view.name, item.key])) for item in view.quotas.values()]
    if view.shape.read_in and access.may(visit.actor, "record", view):
        offered.append(shell.action(visit.title(view.shape.read_in), "file-text", reverse("read", args=[view.name])))
    if visit.actor.roles & access.STAFF and any(item.shape.pays for item in view.criteria.values()):
        offered.append(shell.action(_("惠企政策"), "report-money", reverse("policies", args=[view.name])))
    if view.shape.duplicates and visit.actor.roles & access.STAFF:
        offered.append(shell.action(_("疑似重复"), "git-branch", reverse("duplicates", args=[view.name])))
    if access.may(visit.actor, "record", view):
        offered.append(shell.action(pgettext("动作", "登记"), "plus", reverse("new", args=[view.name]), primary=True, drawer=True))
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


# --- taken away


def export(visit: Visit, register: str, sheet: str, kind: str) -> HttpResponseBase:
    """The list as it is shown, as a file; or its rows in one of the register's own sheets, which may come back."""
    view = guarded.register_of(visit, register)
    item = view.exchanges.find(sheet) if sheet != LIST else None
    if (item is None and sheet != LIST) or not visit.actor.roles & (access.STAFF | {access.ENTERPRISE}):
        raise Http404
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it when it was sent
    if item is None:
        taken.take(file, visit, view, visit.request.GET, kind)
    else:
        query = lists.read_query(visit, view, visit.request.GET)
        ids = None
        if kept.parts(query.given):
            asked = query.asked(size=taken.MOST, page=1)
            ids = computed.find(visit.columns, view, asked, access.visible(visit.actor, view), visit.day).ids
        chips = words.clauses(str(chip["text"]) for chip in lists.chips(visit, query))
        wanted = Wanted(register, item.short, (), _periods(visit, view) if item.shape.of == "figures" else (), ids, chips or _("全部"))
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
