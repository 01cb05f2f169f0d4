"""Meetings: the sessions of a series with how their decisions were kept, and the room in which one is held."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import meetings as held
from bihuan.computing.meetings import Kept, Parts
from bihuan.foundation.models import Entry
from bihuan.portal import dispatching, guarded, room, shell, words
from bihuan.portal.room import Room
from bihuan.portal.visits import Shaped, Visit

BACK, AHEAD = 92, 31
"""Days of sessions on the list: a quarter back, a month ahead."""


def meetings(visit: Visit) -> HttpResponseBase:
    """The sessions to come and those held, and how many decisions were kept, this week's and this month's."""
    found = guarded.sessions_between(visit, BACK, AHEAD)
    lights = guarded.worst_lights([entry.pk for _parts, entry in found], visit.day)
    coming = [(parts, entry) for parts, entry in found if not held.is_over(parts, entry)]
    over = [(parts, entry) for parts, entry in reversed(found) if held.is_over(parts, entry)]
    context = {
        "coming": [{**_session(visit, parts, entry, lights), "next_href": ""} for parts, entry in coming],
        "over": [{**_session(visit, parts, entry, lights), "next_href": _next_href(visit, parts, entry, found)} for parts, entry in over],
        "numbers": [line for parts in held.all_meetings(visit.catalogue) for line in _numbers(visit, parts, found)],
    }  # fmt: skip
    return shell.page(visit, "portal/meetings.html", [shell.crumb(_("调度会议"))], context)


def _session(visit: Visit, parts: Parts, entry: Entry, lights: Mapping[int, str]) -> Shaped:
    meeting, data = parts.meeting, entry.data
    items = held.on_agenda(visit.columns, parts, entry, visit.day).all_offices
    return {
        "title": entry.title or entry.key, "href": reverse("meeting", args=[entry.pk]), "day": str(data.get(meeting.held_on) or ""),
        "hour": str(data.get(meeting.starts_at) or "") if meeting.starts_at else "", "place": str(data.get(meeting.place) or "") if meeting.place else "",
        "items": len(items), "mine": sum(1 for office in items if office and office == visit.actor.office),
        "state_title": words.state_title(visit, parts.sessions, entry.state), "open": held.is_open(parts, entry),
        "colour": lights.get(entry.pk, ""),
    }  # fmt: skip


def _numbers(visit: Visit, parts: Parts, found: list[tuple[Parts, Entry]]) -> list[Shaped]:
    """How the decisions of each series were kept, this week's and this month's, of the series this person has a seat in."""
    series = list(dict.fromkeys(str(entry.data.get(parts.meeting.series) or "") for own, entry in found if own.item is parts.item))
    field = parts.sessions.shape.fields[parts.meeting.series]
    target = visit.catalogue.referred(field.of, parts.sessions.pack) if field.kind == "entry" else None
    titles = guarded.titles_of(visit, [(target.name, key) for key in series]) if target else {}
    monday, first = visit.day - timedelta(days=visit.day.weekday()), visit.day.replace(day=1)
    lights = guarded.worst_lights([number for number, _title in titles.values()], visit.day)
    lines = []
    for key in series:
        number, title = titles.get((target.name, key), (0, key)) if target else (0, key)
        shown = {"series": title, "series_href": reverse("row", args=[number]) if number else "", "colour": lights.get(number, "")}
        for name, since in ((_("本周"), monday), (_("本月"), first), (_("今年"), first.replace(month=1))):
            lines.append({**shown, "span": name, **kept_line(held.kept(visit.columns, parts, key, since, visit.day))})
    return lines


def kept_line(one: Kept) -> Shaped:
    """How decisions were kept, as the templates read it."""
    return {"decided": one.decided, "finished": one.finished, "in_time": one.in_time, "overdue": one.overdue, "reopened": one.reopened}


def meeting(visit: Visit, number: int) -> HttpResponseBase:
    """The room of one session. Its live part alone answers the poll, and nothing at all where nothing changed."""
    parts, entry = guarded.session_of(visit, number)
    opened = Room(visit, parts, entry)
    if visit.part("live"):
        if visit.request.GET.get("seen") == str(opened.marker):
            return HttpResponse(status=204)
        return shell.part(visit, "portal/_room_live.html", {**room.live(opened), "swapped": True})
    return answer(opened)


def answer(opened: Room, refused: Shaped | None = None) -> HttpResponseBase:
    """The room, or for htmx its body; 422 where a form was refused."""
    context = {**room.live(opened), **room.matter(opened, refused), "swapped": False}
    status = 422 if refused else 200
    if opened.visit.part("room"):
        return shell.part(opened.visit, "portal/_room.html", context, status)
    crumbs = [shell.crumb(_("调度会议"), reverse("meetings")), shell.crumb(opened.session.title or opened.session.key)]
    return shell.page(opened.visit, "portal/meeting.html", crumbs, context, status)


def _next_href(visit: Visit, parts: Parts, session: Entry, found: list[tuple[Parts, Entry]]) -> str:
    """The address of the form in which the next session is put down, filled in from the last of its series; empty for any other."""
    data, meeting = dict(session.data), parts.meeting
    later = [one for own, one in found if own.item is parts.item and one.data.get(meeting.series) == data.get(meeting.series)]
    if later[-1].pk != session.pk or not guarded.may_run(visit, parts, session):
        return ""
    shape = parts.sessions.shape
    day = date.fromisoformat(str(data[meeting.held_on])) + timedelta(days=7) if data.get(meeting.held_on) else None
    numbers = {key for group in shape.unique if meeting.series in group for key in group if shape.fields[key].kind == "number"}
    return dispatching.next_session(parts, data, day, numbers)
