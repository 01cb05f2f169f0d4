"""Today's dispatch: the sessions of the week as the workbench shows them, with the hour, the place and how many matters are one's own."""

import re
from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import meetings
from bihuan.computing.meetings import Parts
from bihuan.foundation.models import Entry
from bihuan.portal import guarded, words
from bihuan.portal.visits import Shaped, Visit, query


def todays_dispatch(visit: Visit) -> list[Shaped]:
    """The sessions of today and the week this person has a seat in, as `_dispatch.html` reads them."""
    found = guarded.sessions_of_the_week(visit)
    chairs = guarded.people(str(entry.data.get(parts.meeting.chair) or "") for parts, entry in found if parts.meeting.chair)
    return [_line(visit, parts, entry, chairs) for parts, entry in found]


def _line(visit: Visit, parts: Parts, entry: Entry, chairs: dict[str, tuple[str, str]]) -> Shaped:
    meeting, data = parts.meeting, entry.data
    offices = meetings.on_agenda(visit.columns, parts, entry, visit.day).all_offices
    day = str(data.get(meeting.held_on) or "")
    chair = chairs.get(str(data.get(meeting.chair) or ""), ("", ""))[0] if meeting.chair else ""
    return {
        "title": entry.title or entry.key, "href": reverse("meeting", args=[entry.pk]), "today": day == visit.day.isoformat(), "day": day,
        "hour": str(data.get(meeting.starts_at) or "") if meeting.starts_at else "",
        "place": str(data.get(meeting.place) or "") if meeting.place else "", "chair": chair, "items": len(offices),
        "mine": sum(1 for office in offices if office and office == visit.actor.office),
        "state": "now" if meetings.is_open(parts, entry) else "done" if meetings.is_over(parts, entry) else "ahead",
        "state_title": words.state_title(visit, parts.sessions, entry.state),
    }  # fmt: skip


def origins(visit: Visit, rows: Iterable[Entry]) -> dict[int, Shaped]:
    """Of some rows, the session and the matter in which a meeting decided them: {session, href, matter}. The room is open to whoever has a seat."""
    return {
        number: {
            "session": session.title or session.key, "href": reverse("meeting", args=[session.pk]) if seated else "",
            "matter": (matter.title or matter.key) if matter else "",
        }
        for number, (session, matter, seated) in guarded.decided_in(visit, rows).items()
    }  # fmt: skip


def summary(lines: list[Shaped]) -> str:
    """The next session of today in a few words, empty where there is none."""
    coming = [line for line in lines if line["today"] and line["state"] != "done"]
    if not coming:
        return ""
    said = {"hour": coming[0]["hour"], "title": coming[0]["title"], "mine": coming[0]["mine"]}
    return _("%(hour)s %(title)s需汇报 %(mine)s 项") % said if said["mine"] else _("%(hour)s %(title)s") % said


def next_session(parts: Parts, data: dict[str, object], day: date | None, counted: set[str]) -> str:
    """The address of the form of the session a week later: the same words, the number in its series one higher, in the name as well."""
    shape, meeting = parts.sessions.shape, parts.meeting
    given = {key: data[key] for key in shape.fields if key != shape.key and data.get(key) not in (None, "")}
    for key in counted & set(given):
        old, new = str(given[key]), str(int(str(given[key])) + 1)
        given[key] = new
        if shape.name in given:
            given[shape.name] = re.sub(rf"(?<!\d){re.escape(old)}(?!\d)", new, str(given[shape.name]))
    if day:
        given[meeting.held_on] = day.isoformat()
    kept = {f"row.{key}": value for key, value in given.items() if shape.fields[key].kind not in ("long_text", "file")}
    return reverse("new", args=[parts.sessions.name]) + query(**kept)
