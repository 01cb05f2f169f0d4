"""What somebody has typed and not sent: scripts put it here while they type, and ask for it when the page is opened again."""

import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bihuan.foundation import actions
from bihuan.foundation.actions import Rejected
from bihuan.portal import guarded
from bihuan.portal.visits import Visit


def draft(visit: Visit) -> HttpResponseBase:
    """GET: what one typed into a page, or 204. POST: keep it; with nothing in it, forget it. Only ever one's own."""
    if visit.request.method == "GET":
        kept = guarded.unsent(visit, visit.request.GET.get("page", ""))
        return HttpResponse(status=204) if kept is None else JsonResponse({"content": kept.content, "said": _said(visit, kept.at)})
    page, content = visit.request.POST.get("page", ""), _read(visit.request.POST.get("content", ""))
    if visit.member is None or content is None:
        return JsonResponse({"said": _("草稿读不出来")}, status=422)
    if not content:
        actions.drop_unsent(visit.member, page)
        return HttpResponse(status=204)
    try:
        kept = actions.keep_unsent(visit.member, page, content, visit.at)
    except Rejected as why:
        return JsonResponse({"said": why.refusals[0].why.text(visit.language)}, status=422)
    return JsonResponse({"said": _("草稿已存 %(time)s") % {"time": f"{localtime(kept.at):%H:%M}"}})


def _said(visit: Visit, at: Any) -> str:
    moment = localtime(at)
    time = f"{moment:%H:%M}" if moment.date() == visit.day else f"{moment:%Y-%m-%d %H:%M}"
    return _("已恢复您 %(time)s 的草稿") % {"time": time}


def _read(text: str) -> dict[str, Any] | None:
    """What was sent, empty for an empty text; None where it cannot be read."""
    try:
        content = json.loads(text) if text else {}
    except ValueError:
        return None
    return content if isinstance(content, dict) else None
