"""Lists kept under a name: for oneself, for one's office, or for everybody who may open the register.

A kept list is what an address asks: filters, sort, columns, height of rows and the view; not which page of it.
"""

from django.contrib import messages
from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing.judge import row_lights
from bihuan.computing.lists import LIGHT
from bihuan.foundation import actions
from bihuan.foundation.models import SavedView
from bihuan.foundation.sizes import NAME
from bihuan.portal import guarded, words
from bihuan.portal.forms import Form, plain
from bihuan.portal.lists import COLUMN, DENSITY, SHAPE, Query
from bihuan.portal.visits import Shaped, Visit, onward
from bihuan.portal.writes import form_page

LONGEST_QUERY = 4_000
ARRANGING = frozenset({COLUMN, DENSITY, SHAPE, "scale", "measure"})
"""What of an address says how rows are shown, not which."""


def views(visit: Visit, query: Query) -> list[Shaped]:
    """The lists to choose from: all rows, those that are red or yellow, one's own, those of others; each says who made it."""
    here = reverse("register", args=[query.view.name])
    asked = parts(query.given)
    same = {name: values for name, values in asked.items() if name in ARRANGING}  # these two take nobody out of the view they are in
    shown: list[tuple[str, dict[str, list[str]], str]] = [(_("全部"), same, "")]
    for light in row_lights(query.view)[:1]:
        shown.append((_("红黄灯"), {LIGHT + light: ["red", "yellow"], **same}, ""))
    shown += [(one.name, one.query, _by(visit, one)) for one in guarded.saved_views(visit, query.view.name)]
    return [{"title": title, "href": here + encoded(kept), "by": by, "count": None, "current": kept == asked} for title, kept, by in shown]


def _by(visit: Visit, one: SavedView) -> str:
    """Who made a shared list and for whom; nothing for one that is only one's own."""
    if one.audience == SavedView.SELF:
        return ""
    whom = audiences()[one.audience]
    if visit.member and one.member_id == visit.member.pk:
        return _("我共享：%(whom)s") % {"whom": whom}
    return _("%(who)s共享：%(whom)s") % {"who": one.member.name or one.member_id, "whom": whom}


def audiences() -> dict[str, str]:
    """For whom a list may be kept."""
    return {SavedView.SELF: _("只给自己"), SavedView.OFFICE: _("本单位"), SavedView.EVERYBODY: _("能看本台账的所有人")}


def parts(given: QueryDict) -> dict[str, list[str]]:
    """What of an address makes a list: not which page of it."""
    return {name: kept for name, values in given.lists() if name != "page" and (kept := [value for value in values if value])}


def encoded(kept: dict[str, list[str]]) -> str:
    """The same as an address asks it."""
    query = QueryDict(mutable=True)
    for name, values in kept.items():
        query.setlist(name, values)
    return f"?{query.urlencode()}" if kept else ""


def save_href(query: Query) -> str:
    """Where the list in the address is kept under a name."""
    return reverse("keep-view", args=[query.view.name]) + encoded(parts(query.given))


def keep_view(visit: Visit, register: str) -> HttpResponseBase:
    """Keep the list in the address under a name, for whom one chooses; or forget one of one's own, which takes it back from the others."""
    view = guarded.register_of(visit, register)
    if visit.member is None:
        raise Http404
    request = visit.request
    text = request.POST.get("query") or request.GET.urlencode()
    if len(text) > LONGEST_QUERY:
        raise Http404
    kept = parts(QueryDict(text))
    here = reverse("register", args=[register])
    own = [one for one in guarded.saved_views(visit, register) if one.member_id == visit.member.pk]
    if request.method == "POST" and request.POST.get("name", "").strip():
        audience = request.POST.get("audience", "")
        audience = audience if audience in audiences() else SavedView.SELF
        actions.save_view(visit.member, register, request.POST["name"].strip()[:NAME], kept, audience)
        messages.success(request, _("已存为视图") if audience == SavedView.SELF else _("已存为视图，并共享给%(whom)s") % {"whom": audiences()[audience]})
        return onward(request, here + encoded(kept))
    if request.method == "POST" and request.POST.get("forget", ""):
        chosen = {str(one.pk): one for one in own}
        if request.POST["forget"] in chosen:
            one = chosen[request.POST["forget"]]
            actions.forget_view(visit.member, one.pk)
            messages.success(request, _("已删除视图“%(name)s”") % {"name": one.name})
        return onward(request, here)
    fields = [
        plain("name", _("视图名称"), "text"),
        plain("audience", _("给谁看"), "choice", options=words.choices(list(audiences().items()), [SavedView.SELF]), required=True),
    ]
    if own:
        held = [(str(one.pk), " · ".join(filter(None, (one.name, _by(visit, one))))) for one in own]
        fields.append(plain("forget", _("或者删除（已共享的同时收回）"), "choice", options=words.choices(held)))
    form = Form(request.path, _("保存"), here, fields, {"query": text}, note=_("视图记住筛选、排序、列、行高和查看方式"))
    return form_page(visit, _("存为视图"), visit.title(view.shape), form)
