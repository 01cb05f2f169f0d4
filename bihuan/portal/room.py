"""One session as the room shows it: the agenda with its lights, the matter under discussion with what was decided before, who is there."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import meetings as held
from bihuan.computing.engine import Record
from bihuan.computing.lists import Lamp, lines_of
from bihuan.computing.meetings import Drawn, Kept, OnAgenda, Parts
from bihuan.computing.tables import Columns
from bihuan.foundation import access
from bihuan.foundation.grammar.meetings import Draw
from bihuan.foundation.models import Entry
from bihuan.portal import guarded, words
from bihuan.portal.forms import Asking, Form
from bihuan.portal.visits import Shaped, Visit, query

Point = Entry | Drawn
"""A matter: written down as a row of the agenda, or come by itself and not yet."""


class Room:
    """One session opened by somebody, everything read once for the page."""

    def __init__(self, visit: Visit, parts: Parts, session: Entry) -> None:
        self.visit, self.parts, self.session = visit, parts, session
        asked = visit.request.POST if visit.request.method == "POST" else visit.request.GET
        self.chosen = asked.get("item", "")
        self.big = bool(asked.get("big"))

    @cached_property
    def columns(self) -> Columns:
        """The columns, at the head of the ledger."""
        return self.visit.columns

    @cached_property
    def on_agenda(self) -> OnAgenda:
        """The agenda as it stands."""
        return held.on_agenda(self.columns, self.parts, self.session, self.visit.day)

    @cached_property
    def rows(self) -> dict[int, Entry]:
        """The rows of the session by number: matters, decisions, seats."""
        return guarded.rows_in_room([*self.on_agenda.rows, *self.decision_ids, *self.seat_ids])

    @cached_property
    def decision_ids(self) -> list[int]:
        """The decisions taken in this session, in order."""
        return held.referring(self.columns, self.parts.decisions, self.parts.meeting.decisions.session, self.session.key)

    @cached_property
    def seat_ids(self) -> list[int]:
        """The seats of this session, by office."""
        attendance = self.parts.meeting.attendance
        if attendance is None or self.parts.attendance is None:
            return []
        return held.referring(self.columns, self.parts.attendance, attendance.session, self.session.key)

    @cached_property
    def points(self) -> list[Point]:
        """The matters in order."""
        written: list[Point] = [self.rows[number] for number in self.on_agenda.rows if number in self.rows]
        return [*written, *self.on_agenda.drawn]

    @cached_property
    def current(self) -> Point | None:
        """The matter under discussion: the one asked for, else the first that waits."""
        asked = next((point for point in self.points if self.chosen and self.chosen in (name_of(point), self.subject(point))), None)
        waiting = (point for point in self.points if isinstance(point, Drawn) or not self.ended(point))
        return asked or next(waiting, None) or (self.points[0] if self.points else None)

    @cached_property
    def decisions(self) -> list[Entry]:
        """The decisions of this session that stand."""
        return [self.rows[number] for number in self.decision_ids if number in self.rows]

    @cached_property
    def subjects(self) -> dict[str, Entry]:
        """The rows that matters are about, as far as this person may open them."""
        return guarded.seen_among(self.visit, [subject for point in self.points if (subject := self.subject(point))])

    @cached_property
    def lamps(self) -> dict[str, Mapping[str, Lamp]]:
        """The lights of each of those rows today."""
        found: dict[str, Mapping[str, Lamp]] = {}
        for register in sorted({entry.register for entry in self.subjects.values()}):
            view = self.columns.catalogue.registers[register]
            ids = [entry.pk for entry in self.subjects.values() if entry.register == register]
            for line in lines_of(self.columns, view, ids, self.visit.day, []):
                found[held.subject_of(register, line.key)] = line.lamps
        return found

    def draw(self, source: str) -> Draw | None:
        """The draw that brought a matter here, by what the agenda says of why it is there."""
        return next((draw for draw in self.parts.meeting.agenda.draw.values() if draw.title == source), None)

    def lamp(self, point: Point, source: str) -> Lamp | None:
        """The light that brought a matter here as it shows today; for any other matter the gravest of the row it is about."""
        subject = self.subject(point)
        view = self.visit.register(subject.partition(" ")[0])
        draw = self.draw(source)
        return held.lamp_of(view, self.lamps[subject], draw.light if draw else "") if view and subject in self.lamps else None

    @cached_property
    def history(self) -> Mapping[str, Sequence[Record]]:
        """What other sessions decided on what the matters are about."""
        found = held.decided_before(self.columns, self.parts, [subject for point in self.points if (subject := self.subject(point))])
        return {subject: [row for row in rows if row["session_id"] != self.session.pk] for subject, rows in found.items()}

    @cached_property
    def marker(self) -> int:
        """A number that changes when anything in the room does."""
        seen = guarded.moved_on(self.session, self.rows, [entry.pk for entry in self.subjects.values()])
        return seen * 1000 + len(self.points) % 1000

    @cached_property
    def runs(self) -> bool:
        """Whether this person runs the session and it is not over."""
        return guarded.may_run(self.visit, self.parts, self.session) and not held.is_over(self.parts, self.session)

    def subject(self, point: Point) -> str:
        """What a matter is about, as ``register key``; empty for a matter of its own."""
        return point.subject if isinstance(point, Drawn) else str(point.data.get(self.parts.meeting.agenda.subject) or "")

    def ended(self, point: Entry) -> bool:
        """Whether a matter was discussed or put off."""
        life = self.parts.agenda.lifecycle
        return bool(life and point.state in life.shape.states and life.shape.states[point.state].final)

    def href(self, **asked: object) -> str:
        """The address of this room with what is asked, in large type where it is."""
        return reverse("meeting", args=[self.session.pk]) + query(**{"big": 1 if self.big else "", **asked})


def name_of(point: Point) -> str:
    """What names a matter in an address: its number, or for one that came by itself what it is about."""
    return point.subject if isinstance(point, Drawn) else str(point.pk)


def conclusion_of(parts: Parts, written: Entry | None) -> str:
    """What the meeting concluded on a matter; empty where nothing was typed, or the meeting keeps no conclusions."""
    field = parts.meeting.agenda.conclusion
    return str(written.data.get(field) or "") if field and written else ""


def concluding(text: str, said: str = "", *, failed: bool = False) -> Shaped:
    """What stands of a conclusion and what is said of saving it, as `_room_concluded.html` reads them."""
    return {"conclusion": text, "said": said, "failed": failed}


# --- what changes while people look


def live(room: Room) -> Shaped:
    """The agenda, the decisions and the seats, as `_room_live.html` reads them."""
    lines = [_point(room, point, place) for place, point in enumerate(room.points, start=1)]
    return {
        "meeting": _head(room), "points": lines, "decided": _decided(room), "seats": _seats(room), "runs": room.runs, "big": room.big,
        "chosen": name_of(room.current) if room.current else "",
        "poll_href": room.href(item=name_of(room.current) if room.current else "", seen=room.marker),
        "seats_href": _act(room, "seats"),
        "counts": {
            "points": len(lines), "ended": sum(line["state"] != "waiting" for line in lines), "decisions": len(room.decisions),
        },
    }  # fmt: skip


def _head(room: Room) -> Shaped:
    meeting, data = room.parts.meeting, room.session.data
    named = guarded.people([str(data[meeting.chair])]) if meeting.chair and data.get(meeting.chair) else {}
    return {
        "title": room.session.title or room.session.key, "day": str(data.get(meeting.held_on) or ""), "href": reverse("row", args=[room.session.pk]),
        "hour": str(data.get(meeting.starts_at) or "") if meeting.starts_at else "", "place": str(data.get(meeting.place) or "") if meeting.place else "",
        "chair": next(iter(named.values()), ("", ""))[0], "state": words.state_title(room.visit, room.parts.sessions, room.session.state),
        "open": held.is_open(room.parts, room.session), "over": held.is_over(room.parts, room.session),
    }  # fmt: skip


def _point(room: Room, point: Point, place: int) -> Shaped:
    agenda, subject = room.parts.meeting.agenda, room.subject(point)
    row = room.subjects.get(subject)
    written = point if isinstance(point, Entry) else None
    said = "" if isinstance(point, Entry) else point.because.text(room.visit.language)
    source = point.draw.title if isinstance(point, Drawn) else str(point.data.get(agenda.source) or "")
    lamp = room.lamp(point, source)
    state = "waiting" if written is None or not room.ended(written) else "put_off" if written.state == _put_off(room) else "ended"
    return {
        "name": name_of(point), "place": place, "title": point.title, "office": point.office, "source": _source(room, source),
        "colour": lamp.colour if lamp else "red" if (draw := room.draw(source)) and draw.overdue else "",
        "why": said or (lamp.because.text(room.visit.language) if lamp else "") or str((written.data.get(agenda.why) if written else "") or ""),
        "href": room.href(item=name_of(point)), "row_href": reverse("row", args=[row.pk]) if row else "",
        "why_href": reverse("why", args=[row.pk, lamp.light]) if row and lamp else "", "state": state,
        "state_title": words.state_title(room.visit, room.parts.agenda, written.state) if written else "",
        "fresh": written is None and held.is_open(room.parts, room.session), "written": written is not None,
        "decided": sum(1 for one in room.decisions if written and one.data.get(room.parts.meeting.decisions.item) == written.key),
        "before": len(room.history.get(subject, ())), "conclusion": conclusion_of(room.parts, written),
        "current": room.current is not None and name_of(room.current) == name_of(point),
    }  # fmt: skip


def _put_off(room: Room) -> str:
    life = room.parts.agenda.lifecycle
    return life.shape.moves[room.parts.meeting.agenda.defer].to if life else ""


def _source(room: Room, text: str) -> str:
    """Why a matter is there, in the reader's language where a draw of the meeting says it."""
    drawn = room.draw(text)
    return room.visit.title(drawn) if drawn else text


def _decided(room: Room) -> list[Shaped]:
    """Every decision of the session, with what still runs on it."""
    item = room.parts.meeting.decisions.item
    running = guarded.limits_of(entry.pk for entry in room.decisions)
    named = {entry.key: entry for entry in room.points if isinstance(entry, Entry)}
    here = room.current.key if isinstance(room.current, Entry) else ""
    seen = access.visible(room.visit.actor, room.parts.decisions)
    lines = []
    for entry in room.decisions:
        limits = running.get(entry.pk, [])
        last = max((duty.due for duty in limits if duty.due), default=None)
        late = any(duty.due and duty.due < room.visit.day for duty in limits)
        lines.append({
            "title": entry.title or entry.key, "key": entry.key, "office": entry.office, "href": reverse("row", args=[entry.pk]) if seen.holds(entry) else "",
            "due": last, "late": late, "state": words.state_title(room.visit, room.parts.decisions, entry.state),
            "matter": named[str(entry.data.get(item))].title if entry.data.get(item) in named else "", "here": bool(here) and entry.data.get(item) == here,
        })  # fmt: skip
    return lines


def _seats(room: Room) -> list[Shaped]:
    attendance, view = room.parts.meeting.attendance, room.parts.attendance
    if attendance is None or view is None:
        return []
    rows = [room.rows[number] for number in room.seat_ids if number in room.rows]
    people = guarded.people(str(row.data.get(attendance.person) or "") for row in rows)
    changes = access.may(room.visit.actor, "change", view)
    mine = access.charge(room.visit.actor, view) if changes else None
    return [
        {
            "name": people.get(str(row.data.get(attendance.person)), (str(row.data.get(attendance.person) or ""), ""))[0], "office": row.office,
            "mark": words.value_text(view.shape.fields[attendance.mark], row.data.get(attendance.mark)) or "", "number": row.pk, "version": row.version,
            "options": words.choices(words.choices_of(view.shape.fields[attendance.mark]), [str(row.data.get(attendance.mark) or "")])
            if mine and mine.holds(row) and not held.is_over(room.parts, room.session) else [],
            "mark_href": reverse("meeting-act", args=[room.session.pk, "seat"]),
        }
        for row in rows
    ]  # fmt: skip


# --- the matter under discussion


def matter(room: Room, refused: Shaped | None = None) -> Shaped:
    """The matter under discussion with its history and forms, and what may be done with the session, as `_room.html` reads them."""
    point = room.current
    shown = _point(room, point, room.points.index(point) + 1) if point else None
    here = room.points.index(point) if point else 0
    return {
        "matter": shown, "before": _before(room, point) if point else [], "refused": refused,
        "conclusion": concluding(shown["conclusion"]) if shown and room.parts.meeting.agenda.conclusion else None,
        "form": _form(room, refused) if point and room.runs else None,
        "previous_href": room.href(item=name_of(room.points[here - 1])) if here > 0 else "",
        "next_href": room.href(item=name_of(room.points[here + 1])) if point and here + 1 < len(room.points) else "",
        "acts": _acts(room), "act_href": _act(room, "act")[:-4], "due_href": _act(room, "due"), "find_href": _act(room, "find"),
        "numbers": _numbers(room), "minutes": _minutes(room), "all_href": reverse("meetings"),
        "big_href": reverse("meeting", args=[room.session.pk]) + query(item=shown["name"] if shown else "", big="" if room.big else 1),
    }  # fmt: skip


def _act(room: Room, act: str) -> str:
    return reverse("meeting-act", args=[room.session.pk, act])


def _before(room: Room, point: Point) -> list[Shaped]:
    return [
        {
            "title": row["title"], "office": row["office"], "state": row["state"], "session": row["session"], "held": row["held"],
            "href": reverse("row", args=[row["id"]]) if access.visible(room.visit.actor, room.parts.decisions).everything else "",
        }
        for row in room.history.get(room.subject(point), ())
    ]  # fmt: skip


def _form(room: Room, refused: Shaped | None) -> Shaped:
    """The form of the next decision: empty, or as it was sent where it was refused."""
    posted = room.visit.request.POST if refused else None
    asking = Asking(room.visit, room.parts.decisions, posted=posted)
    fields = asking.fields(room.parts.meeting.decisions.asks)
    for field in fields:
        if field["name"] == f"row.{room.parts.decisions.shape.office}" and not posted and room.current and room.current.office:
            field["options"] = [{**option, "chosen": option["value"] == room.current.office} for option in field["options"]]
        if field["kind"] == "date":
            field["at_least"] = room.visit.day.isoformat()
    form = Form(_act(room, "decide"), _("记下，下一条"), room.href(), fields, {"item": name_of(room.current) if room.current else "", "big": 1 if room.big else ""})
    form.refusals = refused["refusals"] if refused else ()
    return form.shaped(room.visit.language)


def _acts(room: Room) -> list[Shaped]:
    """What may be done with the session now: open it, close it, put the next one down."""
    moves = room.parts.sessions.lifecycle.shape.moves if room.parts.sessions.lifecycle else {}
    offered = []
    if guarded.may_run(room.visit, room.parts, room.session):
        for act, move in (("open", room.parts.meeting.opens), ("close", room.parts.meeting.closes)):
            if room.session.state in moves[move].source:
                offered.append({"title": room.visit.title(moves[move]), "href": _act(room, act), "primary": True})
    return offered


def _numbers(room: Room) -> Shaped:
    """How the decisions of the series were kept this month."""
    series = str(room.session.data.get(room.parts.meeting.series) or "")
    first: date = room.visit.day.replace(day=1)
    one: Kept = held.kept(room.columns, room.parts, series, first, room.visit.day)
    return {"decided": one.decided, "finished": one.finished, "in_time": one.in_time, "overdue": one.overdue, "reopened": one.reopened}


def _minutes(room: Room) -> Shaped | None:
    """The minutes, drafted when the session closed."""
    found = [paper for paper in guarded.papers_of(room.visit, room.session) if paper.document == room.parts.meeting.minutes]
    if not found:
        return None
    return {"title": found[0].title, "number": found[0].number, "href": reverse("paper", args=[found[0].pk]), "issued": found[0].out}
