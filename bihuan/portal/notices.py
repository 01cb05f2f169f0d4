"""Notices in the page, whether the ledger has moved, and how a person likes to see things."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import cast

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.foundation import actions
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Assignment, Duty, Event, Paper, Upload, Verdict
from bihuan.portal import guarded, lamps, shell, tasks, words
from bihuan.portal.guarded import noticed
from bihuan.portal.guarded.noticed import Notice
from bihuan.portal.paper_words import waits_for
from bihuan.portal.templatetags.wording import moment
from bihuan.portal.tours import FACES
from bihuan.portal.visits import Shaped, Visit, done, onward, query

SHOWN = 100

DUTIES, ROWS, PAPERS, UPLOADS = "duties", "rows", "papers", "uploads"
SORT_OF = {
    noticed.OPENED: DUTIES, noticed.WARNED: DUTIES, noticed.OVERDUE: DUTIES, noticed.ESCALATED: DUTIES, noticed.ASSIGNED: ROWS,
    noticed.MOVED: ROWS, noticed.TURNED: ROWS, noticed.PAPER: PAPERS, noticed.UPLOAD: UPLOADS,
}  # fmt: skip
"""What each kind of notice is about: the chips of the page."""


def notices(visit: Visit) -> HttpResponseBase:
    """What came up in the last month by day, those not read yet marked; as a page, or in the drawer from the bell."""
    read_to = visit.preference.read_to
    found = guarded.notices(visit)
    sort = visit.request.GET.get("sort", "")
    chosen = [one for one in found if not sort or SORT_OF[one.kind] == sort]
    context: Shaped = {
        "days": [_day(visit, list(ones), read_to) for _at, ones in groupby(chosen[:SHOWN], key=lambda one: one.at.date())],
        "sorts": _sorts(found, sort), "unread": sum(_unread(one, read_to) for one in found), "read_href": reverse("notices-read"),
        "up_to": visit.at.isoformat(),
    }  # fmt: skip
    return shell.either(visit, "portal/notices.html", [shell.crumb(_("消息"))], context)


def count(visit: Visit) -> HttpResponseBase:
    """The bell alone, with how many notices are unread."""
    return shell.part(visit, "portal/components/bell.html", {"notices": shell.bell(visit, visit.preference.read_to)})


def read(visit: Visit) -> HttpResponseBase:
    """Remember that everything up to the moment the list was shown has been read."""
    assert visit.member is not None  # the address asks for a role
    try:
        shown = datetime.fromisoformat(visit.request.POST.get("up_to", ""))
    except ValueError:
        shown = visit.at
    actions.read_notices(visit.member, min(shown, visit.at) if shown.tzinfo else visit.at)
    return done(visit, _("已全部标为已读"), reverse("notices"))


def moved(visit: Visit) -> HttpResponseBase:
    """Whether the ledger or the day has moved: 304 while both are as they were when asked before, else 204 with the new tag."""
    seq, digest = visit.columns.position, visit.columns.hash
    tag = f'"{shell.moved_tag(visit, seq, digest)}"'
    same = visit.request.headers.get("If-None-Match") == tag
    return HttpResponse(status=304 if same else 204, headers={"ETag": tag})


def alive(visit: Visit) -> HttpResponseBase:
    """Nothing but a sign of life: a page asks it when somebody says that they are still there."""
    return HttpResponse(status=204)


def prefer(visit: Visit) -> HttpResponseBase:
    """Remember the size of type, or that a tour was seen; scripts get no page back, others the page they came from."""
    assert visit.member is not None  # the address asks for a role
    posted = visit.request.POST
    if "type" in posted:
        actions.choose_type(visit.member, large=posted["type"] == "large")
    if posted.get("tour") in FACES:
        actions.put_tour_away(visit.member, posted["tour"])
    if visit.request.headers.get("X-Requested-With"):
        return HttpResponse(status=204)
    back = posted.get("next", "")
    inside = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back) if inside and back else onward(visit.request, reverse("home"))


def _unread(one: Notice, read_to: datetime | None) -> bool:
    return read_to is None or one.at > read_to


def _sorts(found: Iterable[Notice], current: str) -> list[Shaped]:
    """The chips: all, and each sort there is something of."""
    counts: dict[str, int] = {"": 0}
    for one in found:
        counts[""] += 1
        counts[SORT_OF[one.kind]] = counts.get(SORT_OF[one.kind], 0) + 1
    titles = {"": _("全部"), DUTIES: _("任务"), ROWS: _("事项"), PAPERS: _("公文"), UPLOADS: _("报表")}
    return [
        {"title": title, "href": reverse("notices") + query(sort=sort), "count": counts[sort], "current": sort == current}
        for sort, title in titles.items()
        if sort in counts
    ]


def _day(visit: Visit, ones: list[Notice], read_to: datetime | None) -> Shaped:
    return {"title": moment(ones[0].at.date(), visit.at), "notices": [{**shaped, "unread": _unread(one, read_to)} for one, shaped in _shaped(visit, ones)]}


def _shaped(visit: Visit, ones: Iterable[Notice]) -> Iterator[tuple[Notice, Shaped]]:
    for one in ones:
        clock = one.at.strftime("%H:%M") if (one.at.hour, one.at.minute) != (0, 0) else ""
        yield one, {"colour": "", "icon": "bell", "at": clock, "note": "", **SHAPED[SORT_OF[one.kind]](visit, one)}


def _about_duty(visit: Visit, one: Notice) -> Shaped:
    duty = cast(Duty, one.thing)
    line = tasks.line(visit, duty)
    said = {
        noticed.OPENED: _("新任务：%(title)s"), noticed.WARNED: _("快到期：%(title)s"), noticed.OVERDUE: _("已逾期：%(title)s"),
        noticed.ESCALATED: _("升级到您：%(title)s"),
    }  # fmt: skip
    due = _("%(day)s 到期") % {"day": duty.due.isoformat()} if duty.due else _("无时限")
    return {"colour": line["colour"], "title": said[one.kind] % {"title": line["title"]}, "href": line["href"], "note": f"{due} · {duty.office}".rstrip(" ·")}


def _about_row(visit: Visit, one: Notice) -> Shaped:
    entry = one.entry
    assert entry is not None  # assigned, moved and turned are about rows
    view, title = visit.register(entry.register), entry.title or entry.key
    shaped: Shaped = {"icon": "user", "href": reverse("row", args=[entry.pk]), "note": visit.title(view.shape) if view else ""}
    if isinstance(one.thing, Verdict):
        light = lamps.light_title(visit, one.thing.register, one.thing.mechanism, one.thing.light)
        words_ = {"light": light, "colour": words.colour_word(one.thing.colour), "title": title}
        return {**shaped, "colour": one.thing.colour, "title": _("%(light)s转%(colour)s：%(title)s") % words_, "note": lamps.because(one.thing.facts, visit.language)}
    if isinstance(one.thing, Event) and view:
        return {**shaped, **_moved_on(visit, view, one.thing, title)}
    assert isinstance(one.thing, Assignment)
    item = view.assignments.find(f"{one.thing.mechanism}.{one.thing.role}") if view else None
    return {**shaped, "title": _("指定您为%(role)s：%(title)s") % {"role": visit.title(item.shape) if item else one.thing.role, "title": title}}


def _moved_on(visit: Visit, view: RegisterView, event: Event, title: str) -> Shaped:
    """A row that somebody else moved on, or sent back to an earlier state."""
    body = body_of(event)
    states = list(view.lifecycle.shape.states) if view.lifecycle else []
    back = body["to"] in states and body["from"] in states and states.index(body["to"]) < states.index(body["from"])
    said = _("退回“%(state)s”：%(title)s") if back else _("进入“%(state)s”：%(title)s")
    return {
        "icon": "refresh" if back else "arrow-right", "title": said % {"state": words.state_title(visit, view, body["to"]), "title": title},
        "note": body.get("reason") or visit.title(view.shape),
    }  # fmt: skip


def _about_paper(visit: Visit, one: Notice) -> Shaped:
    paper = cast(Paper, one.thing)
    return {"icon": "file-text", "title": words.about(waits_for(paper.state), paper.title), "href": reverse("paper", args=[paper.pk]), "note": paper.recipient}


def _about_upload(visit: Visit, one: Notice) -> Shaped:
    upload = cast(Upload, one.thing)
    return {
        "icon": "upload", "title": _("报表已入账：%(name)s") % {"name": upload.name}, "href": reverse("uploaded", args=[upload.pk]),
        "note": ngettext("%(n)s 行", "%(n)s 行", upload.rows) % {"n": upload.rows},
    }  # fmt: skip


SHAPED = {DUTIES: _about_duty, ROWS: _about_row, PAPERS: _about_paper, UPLOADS: _about_upload}
