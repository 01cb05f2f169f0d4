"""What is done in the room: open and close, order the agenda, write decisions down, mark who is there. Each is saved at once."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import meetings as held
from bihuan.computing.meetings import Drawn
from bihuan.computing.names import ROW
from bihuan.foundation import access, actions
from bihuan.foundation.actions import Conflict, Edit, Forbidden, Incoming, Rejected, Step
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.models import Entry
from bihuan.portal import guarded, shell, words
from bihuan.portal.forms import read_row
from bihuan.portal.meetings import answer
from bihuan.portal.room import Room, concluding, conclusion_of, name_of
from bihuan.portal.visits import Visit, onward
from bihuan.portal.writes import catch_up

FOUND = 8
"""Rows that a search for a matter offers."""


def act(visit: Visit, number: int, act: str) -> HttpResponseBase:
    """One thing done in the room; the room as it then stands is the answer."""
    parts, session = guarded.session_of(visit, number)
    room = Room(visit, parts, session)
    if visit.request.method == "GET":
        if act == "find":
            return _find(room)
        raise Http404
    if act == "due":
        return _due(room)
    if act == "conclude":
        return _conclude(room)
    deed = DEEDS.get(act)
    if deed is None:
        raise Http404
    if act != "seat":
        _allow(room)
    try:
        chosen = deed(room)
    except Rejected as why:
        return answer(Room(visit, parts, session), {"act": act, "refusals": why.refusals, "texts": [one.text(visit.language) for one in why.refusals]})
    except Conflict:
        messages.warning(visit.request, _("别人刚刚改过这里，已显示最新的内容，请再做一次"))
        chosen = room.chosen
    catch_up(visit)
    again = Room(visit, *guarded.session_of(visit, number))
    again.chosen = chosen
    if visit.part("room"):
        return answer(again)
    return onward(visit.request, again.href(item=chosen))


def _allow(room: Room) -> None:
    if not guarded.may_run(room.visit, room.parts, room.session):
        names = "、".join(access.role_name(role) for role in room.parts.meeting.run_by)
        names_en = " or ".join(access.role_name(role, "en") for role in room.parts.meeting.run_by)
        raise Forbidden(access.Decision(False, f"会议由{names}主持和记录", f"the session is run by {names_en}"))


# --- the session


def _open(room: Room) -> str:
    """Write the whole agenda down, then open."""
    written = _written(room)
    return _moved(room, room.parts.meeting.opens) or (name_of(written[0]) if written else "")


def _close(room: Room) -> str:
    return _moved(room, room.parts.meeting.closes)


def _moved(room: Room, move: str) -> str:
    step = Step(move, room.session.version)
    actions.move(room.visit.actor, room.parts.sessions.name, room.session.key, step, room.visit.at)
    return room.chosen


# --- the agenda


def _written(room: Room) -> list[Entry]:
    """The matters as rows of the agenda, those that came by themselves written down first, in one entry of the ledger."""
    agenda, view = room.parts.meeting.agenda, room.parts.agenda
    standing = [point for point in room.points if isinstance(point, Entry)]
    fresh = [point for point in room.points if isinstance(point, Drawn)]
    if not fresh:
        return standing
    last = max((int(entry.data.get(agenda.order) or 0) for entry in standing), default=0)
    rows = [Incoming(_row(room, last + place, point)) for place, point in enumerate(fresh, start=1)]
    return [*standing, *actions.record_entries(room.visit.actor, view.name, rows, room.visit.at)]


def _row(room: Room, order: int, point: Drawn) -> Mapping[str, object]:
    agenda, shape = room.parts.meeting.agenda, room.parts.agenda.shape
    values: dict[str, object] = {
        agenda.session: room.session.key, agenda.order: str(order), agenda.subject: point.subject, agenda.source: point.draw.title,
        agenda.why: point.because.zh, shape.name: point.title,
    }  # fmt: skip
    return {**values, **({shape.office: point.office} if shape.office and point.office else {})}


def _chosen(room: Room, rows: list[Entry]) -> Entry:
    """The matter the form speaks of, written down."""
    agenda = room.parts.meeting.agenda
    for entry in rows:
        if room.chosen in (str(entry.pk), str(entry.data.get(agenda.subject) or "")):
            return entry
    raise rejected(Refused("这个议题已不在议程上", "this matter is no longer on the agenda", ""))


def _shift(room: Room, by: int) -> str:
    """Put a matter one place up or down: the two change their numbers in one entry of the ledger."""
    rows, order = _written(room), room.parts.meeting.agenda.order
    own = _chosen(room, rows)
    place = next(place for place, entry in enumerate(rows) if entry.pk == own.pk)
    if 0 <= place + by < len(rows):
        rows[place], rows[place + by] = rows[place + by], rows[place]
        edits = {
            entry.key: Edit({order: str(number)}, entry.version)
            for number, entry in enumerate(rows, start=1)
            if int(entry.data.get(order) or 0) != number
        }
        actions.change_entries(room.visit.actor, room.parts.agenda.name, edits, room.visit.at)
    return str(own.pk)


def _up(room: Room) -> str:
    return _shift(room, -1)


def _down(room: Room) -> str:
    return _shift(room, 1)


def _defer(room: Room) -> str:
    """Put a matter off; why is its conclusion, where the meeting keeps conclusions and none was typed: the next session reads it."""
    agenda, reason = room.parts.meeting.agenda, room.visit.request.POST.get("reason", "").strip()
    own = _chosen(room, _written(room))
    if agenda.conclusion and reason and not conclusion_of(room.parts, own):
        actions.change_entry(room.visit.actor, room.parts.agenda.name, own.key, Edit({agenda.conclusion: reason}, own.version), room.visit.at)
        room = Room(room.visit, room.parts, room.session)
    return _settled(room, agenda.defer)


def _discuss(room: Room) -> str:
    return _settled(room, room.parts.meeting.agenda.discuss)


def _settled(room: Room, move: str) -> str:
    """End a matter; the next that waits is the one under discussion."""
    own = _chosen(room, _written(room))
    step = Step(move, own.version, reason=room.visit.request.POST.get("reason", ""))
    actions.move(room.visit.actor, room.parts.agenda.name, own.key, step, room.visit.at)
    return ""


def _add(room: Room) -> str:
    """Put a matter on the agenda: a row that was searched for, or words of one's own."""
    posted, agenda, shape = room.visit.request.POST, room.parts.meeting.agenda, room.parts.agenda.shape
    subject, text = posted.get("subject", ""), posted.get("text", "").strip()
    values: dict[str, object] = {agenda.session: room.session.key, agenda.order: str(len(_written(room)) + 1), agenda.source: agenda.added}
    if subject:
        row = guarded.seen_among(room.visit, [subject]).get(subject)
        if row is None:
            raise Http404
        values |= {agenda.subject: subject, shape.name: row.title or row.key}
        values |= {shape.office: row.office} if shape.office and row.office else {}
    elif text:
        values[shape.name] = text
    else:
        raise rejected(Refused("写明议什么，或先搜一行", "say what it is about, or search for a row", "园区供水"), "text", _("议题"))
    return str(actions.record_entries(room.visit.actor, room.parts.agenda.name, [Incoming(values)], room.visit.at)[0].pk)


def _find(room: Room) -> HttpResponseBase:
    """Rows to put on the agenda, by characters, pinyin or code."""
    _allow(room)
    asked = room.visit.request.GET.get("text", "").strip()[:60]
    there = {room.subject(point) for point in room.points}
    found = guarded.search(room.visit, asked, FOUND)  # without words it finds nothing
    known = [found.things[ROW][one.id] for one in found.names if one.kind == ROW]
    rows = [entry for entry in known if isinstance(entry, Entry) and held.subject_of(entry.register, entry.key) not in there]
    lines = [
        {
            "subject": held.subject_of(entry.register, entry.key), "title": entry.title or entry.key, "key": entry.key, "office": entry.office,
            "register": room.visit.title(room.visit.catalogue.registers[entry.register].shape),
        }
        for entry in rows[:FOUND]
    ]  # fmt: skip
    context = {"found": lines, "asked": asked, "add_href": reverse("meeting-act", args=[room.session.pk, "add"]), "big": room.big}
    return shell.part(room.visit, "portal/_room_found.html", context)


def _conclude(room: Room) -> HttpResponseBase:
    """Save what the meeting concluded on a matter. Where somebody else typed another conclusion meanwhile, theirs stands and is shown."""
    _allow(room)
    posted, field = room.visit.request.POST, room.parts.meeting.agenda.conclusion
    if not field:
        raise Http404
    own = _chosen(room, _written(room))
    text, stands = posted.get("conclusion", "").replace("\r\n", "\n").strip(), conclusion_of(room.parts, own)
    shown = concluding(text, _("会议结论已存"))
    try:
        if stands not in (posted.get("was", ""), text):
            raise Conflict(own, {})
        actions.change_entry(room.visit.actor, room.parts.agenda.name, own.key, Edit({field: text or None}, own.version), room.visit.at)
    except Rejected as why:
        shown = concluding(stands, words.clauses(one.text(room.visit.language) for one in why.refusals), failed=True)
    except Conflict:
        shown = concluding(stands, _("别人刚刚写了：%(text)s。再改一次，以您的为准") % {"text": stands}, failed=True)
    catch_up(room.visit)
    if room.visit.part("concluded"):
        return shell.part(room.visit, "portal/_room_concluded.html", {"conclusion": shown})
    if shown["failed"]:
        messages.warning(room.visit.request, str(shown["said"]))
    return onward(room.visit.request, room.href(item=own.pk))


# --- decisions


def _decide(room: Room) -> str:
    """Write one decision down: a row with its clocks running. The same one sent twice, as after a lost answer, is kept once."""
    own = _chosen(room, _written(room))
    row = _decision(room, own)
    decisions, view = room.parts.meeting.decisions, room.parts.decisions
    shape = view.shape
    same = (decisions.item, shape.name, shape.office)
    given = {decisions.item: own.key, shape.name: str(row.get(shape.name) or "").strip(), shape.office: row.get(shape.office)}
    if not any(all(entry.data.get(key) == given[key] for key in same) for entry in room.decisions):
        actions.record_entries(room.visit.actor, view.name, [Incoming(row)], room.visit.at)
    return str(own.pk)


def _decision(room: Room, own: Entry | None) -> dict[str, object]:
    decisions = room.parts.meeting.decisions
    typed = read_row(room.visit, room.parts.decisions, decisions.asks)
    fixed: dict[str, object] = {**decisions.sets, decisions.session: room.session.key, decisions.dated: room.visit.day.isoformat()}
    return {**typed, **fixed, **({decisions.item: own.key} if own else {})}


def _due(room: Room) -> HttpResponseBase:
    """When what is being typed would have to be done, by the clocks it would start."""
    _allow(room)
    found = actions.foresee(room.parts.decisions.name, Incoming(_decision(room, None)), room.visit.at)
    lines = [{"title": room.visit.title(one.clock.shape), "due": one.due} for one in found]
    return shell.part(room.visit, "portal/_room_due.html", {"due": lines})


# --- who is there


def _seat(room: Room) -> str:
    """Mark whether somebody came: whoever runs the session, or the office itself for its own people."""
    attendance, view, posted = room.parts.meeting.attendance, room.parts.attendance, room.visit.request.POST
    row = next((room.rows[number] for number in room.seat_ids if str(number) == posted.get("seat") and number in room.rows), None)
    if attendance is None or view is None or row is None:
        raise Http404
    actions.change_entry(room.visit.actor, view.name, row.key, Edit({attendance.mark: posted.get("mark", "")}, row.version), room.visit.at)
    return room.chosen


def _seats(room: Room) -> str:
    """Put the people of the session before on the list of this one."""
    attendance, view = room.parts.meeting.attendance, room.parts.attendance
    before = held.last_before(room.columns, room.parts, room.session)
    if attendance is None or view is None or before is None or room.seat_ids:
        raise rejected(Refused("没有上一次的名单可以沿用", "there is no list of the session before", ""))
    ids = held.referring(room.columns, view, attendance.session, before)
    kept = guarded.rows_in_room(ids)
    office = view.shape.office
    rows = [
        Incoming({attendance.session: room.session.key, attendance.person: kept[number].data.get(attendance.person), office: kept[number].office})
        for number in ids
        if number in kept
    ]
    actions.record_entries(room.visit.actor, view.name, rows, room.visit.at)
    return room.chosen


DEEDS: Mapping[str, Callable[[Room], str]] = {
    "open": _open, "close": _close, "up": _up, "down": _down, "defer": _defer, "discuss": _discuss, "add": _add, "decide": _decide,
    "seat": _seat, "seats": _seats,
}  # fmt: skip
"""What may be done in the room; each gives the matter to show next, empty for the first that waits."""
