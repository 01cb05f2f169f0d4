"""Meetings read from the columns: what an agenda is drawn from, the rows of a session, what was decided before, and how it was kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bihuan.computing.engine import Record, answer, run
from bihuan.computing.lamps import Shown, among
from bihuan.computing.lists import GRAVITY, Lamp, lines_of
from bihuan.computing.tables import Columns
from bihuan.foundation.grammar.gathering import rows_table
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lifecycles import Lifecycle
from bihuan.foundation.grammar.meetings import Draw, Meeting
from bihuan.foundation.grammar.plans import Wanted, row_plan
from bihuan.foundation.grammar.saying import NOTHING_SAID, Said
from bihuan.foundation.grammar.views import Catalogue, RegisterView
from bihuan.foundation.models import Entry


@dataclass(frozen=True)
class Parts:
    """The registers that a meeting is put together from."""

    item: Item[Meeting]
    sessions: RegisterView
    agenda: RegisterView
    decisions: RegisterView
    attendance: RegisterView | None

    @property
    def meeting(self) -> Meeting:
        """The meeting as its pack writes it."""
        return self.item.shape


@dataclass(frozen=True)
class Drawn:
    """A matter that comes onto the agenda by itself: the row it is about, by which draw, its colour and why."""

    subject: str
    id: int
    title: str
    office: str
    draw: Draw
    colour: str = ""
    because: Said = NOTHING_SAID


@dataclass(frozen=True)
class Kept:
    """How the decisions of some sessions were kept: all of them, finished, finished in time, overdue now, and opened again."""

    decided: int = 0
    finished: int = 0
    in_time: int = 0
    overdue: int = 0
    reopened: int = 0


def parts_of(catalogue: Catalogue, view: RegisterView) -> Parts | None:
    """The meeting whose sessions are rows of a register, with its registers; None where it has none."""
    for item in view.meetings.values():
        agenda = catalogue.referred(item.shape.agenda.register_, item.pack)
        decisions = catalogue.referred(item.shape.decisions.register_, item.pack)
        attendance = catalogue.referred(item.shape.attendance.register_, item.pack) if item.shape.attendance else None
        if agenda and decisions:
            return Parts(item, view, agenda, decisions, attendance)
    return None


def all_meetings(catalogue: Catalogue) -> list[Parts]:
    """Every meeting of the packs in force."""
    return [parts for view in catalogue.registers.values() if (parts := parts_of(catalogue, view))]


def subject_of(register: str, key: str) -> str:
    """What an agenda writes down of the row a matter is about."""
    return f"{register} {key}"


def begun(parts: Parts) -> frozenset[str]:
    """The states of a session that was opened, and all that follow."""
    life = parts.sessions.lifecycle
    if life is None:
        return frozenset()
    reached, waiting = set[str](), [life.shape.moves[parts.meeting.opens].to]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += [move.to for move in life.shape.moves.values() if state in move.source]
    return frozenset(reached)


def referring(columns: Columns, view: RegisterView, field: str, key: str, order: str = "_id") -> list[int]:
    """The rows of a register whose field refers to the row of that key, in order."""
    sql = f'SELECT _id FROM {rows_table(view.name)} WHERE "{field}" = ? ORDER BY "{order}", _id'
    return [row["_id"] for row in run(columns, sql, [key])]


# --- what an agenda is drawn from


def drawn(columns: Columns, parts: Parts, session: Entry, day: date) -> list[Drawn]:
    """The matters that a session's agenda is drawn from as things stand, in the order of the draws; each row once."""
    found: dict[str, Drawn] = {}
    for draw in parts.meeting.agenda.draw.values():
        for one in _drawn(columns, parts, session, draw, day):
            found.setdefault(one.subject, one)
    return list(found.values())


def applies(columns: Columns, parts: Parts, session: Entry, day: date) -> bool:
    """Whether the agenda of this session is drawn at all."""
    where = parts.meeting.agenda.where
    if not where:
        return True
    plan = row_plan(columns.catalogue, parts.sessions, Wanted(conditions={"_asked": where}), [day], [session.pk])
    rows = run(columns, f"{plan.sql} SELECT _asked FROM judged")
    return bool(rows and rows[0]["_asked"] is True)


def _drawn(columns: Columns, parts: Parts, session: Entry, draw: Draw, day: date) -> Iterable[Drawn]:
    if draw.unfinished:
        yield from _told(columns, parts.decisions, draw, _unfinished(columns, parts, session, draw), day)
    elif draw.put_off:
        yield from _put_off(columns, parts, session, draw)
    else:
        view = columns.catalogue.referred(draw.register_, parts.item.pack)
        if view is not None:
            yield from _told(columns, view, draw, _chosen(columns, view, draw, parts.item.mechanism, day), day)


def _chosen(columns: Columns, view: RegisterView, draw: Draw, mechanism: str, day: date) -> list[int]:
    """The rows of a register that a draw takes, the gravest and the longest overdue first."""
    item = view.lights.find(draw.light, mechanism) if draw.light else None
    light = next((name for name, one in view.lights.items() if one is item), "")
    shown = Shown(view, day, columns.overridden, [light] if light else [])
    clause, source, tests = "", rows_table(view.name), ["TRUE"]
    if draw.where:
        plan = row_plan(columns.catalogue, view, Wanted(conditions={"_asked": draw.where}), [day])
        clause, source = plan.sql, "judged"
        tests.append("p._asked")
    tests += [f"{shown.colour(light)} IN ({among(draw.colours)})"] if light else []
    tests += ["w._due IS NOT NULL"] if draw.overdue else []
    waits = f"(SELECT _id, min(_due) AS _due FROM duties WHERE _register = '{view.name}' AND _closed IS NULL AND _due < DATE '{day}' GROUP BY _id)"
    order = [shown.gravity(light)] if light else []
    sql = (
        f"{clause} SELECT p._id FROM {source} p {shown.join} LEFT JOIN {waits} w ON w._id = p._id WHERE {' AND '.join(tests)} "
        f"ORDER BY {', '.join([*order, 'w._due NULLS LAST', 'p._id'])} LIMIT {draw.most}"
    )
    return [row["_id"] for row in run(columns, sql)]


def _unfinished(columns: Columns, parts: Parts, session: Entry, draw: Draw) -> list[int]:
    """The decisions of earlier sessions of the series that have not come to an end, the oldest first."""
    series, held, decided = parts.meeting.series, parts.meeting.held_on, parts.meeting.decisions
    life = parts.decisions.lifecycle
    sql = (
        f'SELECT d._id FROM {rows_table(parts.decisions.name)} d JOIN {rows_table(parts.sessions.name)} s ON d."{decided.session}" = s._key '
        f'WHERE s."{series}" = ? AND s."{held}" < ? AND s._id <> ? AND NOT list_contains(?::VARCHAR[], d._state) '
        f'ORDER BY s."{held}", d._id LIMIT {draw.most}'
    )
    final = final_titles(life.shape) if life else []
    values = [session.data.get(series), session.data.get(held), session.pk, final]
    return [row["_id"] for row in run(columns, sql, values)]


def _put_off(columns: Columns, parts: Parts, session: Entry, draw: Draw) -> Iterable[Drawn]:
    """The matters that the session before put off, as what they are about, with what it said of them."""
    agenda = parts.meeting.agenda
    before = last_before(columns, parts, session)
    life = parts.agenda.lifecycle
    if before is None or life is None:
        return
    state = life.shape.states[life.shape.moves[agenda.defer].to].title
    why = f'coalesce("{agenda.conclusion}", "{agenda.why}")' if agenda.conclusion else f'"{agenda.why}"'
    sql = (
        f'SELECT _id, _key, _title, _office, "{agenda.subject}" AS subject, {why} AS why FROM {rows_table(parts.agenda.name)} '
        f'WHERE "{agenda.session}" = ? AND _state = ? ORDER BY "{agenda.order}", _id LIMIT {draw.most}'
    )
    for row in run(columns, sql, [before, state]):
        subject = row["subject"] or subject_of(parts.agenda.name, row["_key"])
        said = Said(row["why"] or draw.title, row["why"] or draw.title_en or draw.title)
        yield Drawn(subject, row["_id"], row["_title"], row["_office"], draw, "", said)


def last_before(columns: Columns, parts: Parts, session: Entry) -> str | None:
    """The key of the last session of the series that was held before this one."""
    titles = [parts.sessions.lifecycle.shape.states[state].title for state in sorted(begun(parts))] if parts.sessions.lifecycle else []
    series, held = parts.meeting.series, parts.meeting.held_on
    sql = (
        f'SELECT _key FROM {rows_table(parts.sessions.name)} WHERE "{series}" = ? AND "{held}" < ? AND list_contains(?::VARCHAR[], _state) '
        f'ORDER BY "{held}" DESC, _id DESC LIMIT 1'
    )
    rows = run(columns, sql, [session.data.get(series), session.data.get(held), titles])
    return str(rows[0]["_key"]) if rows else None


def final_titles(life: Lifecycle) -> list[str]:
    """The titles of the states in which a row has come to its end."""
    return [state.title for state in life.states.values() if state.final]


def _told(columns: Columns, view: RegisterView, draw: Draw, ids: Sequence[int], day: date) -> Iterable[Drawn]:
    """Rows as matters: the light that was asked for, or the gravest, with its sentence; and how long the oldest duty waits."""
    waiting = overdue_of(columns, view, ids, day) if draw.overdue else {}
    for line in lines_of(columns, view, ids, day, []):
        lamp = lamp_of(view, line.lamps, draw.light)
        said = waiting.get(line.id) or (lamp.because if lamp else NOTHING_SAID)
        yield Drawn(subject_of(view.name, line.key), line.id, line.title or line.key, line.office, draw, lamp.colour if lamp else "", said)


def lamp_of(view: RegisterView, lamps: Mapping[str, Lamp], light: str = "") -> Lamp | None:
    """The lamp that was asked for, or the gravest that is lit."""
    asked = view.lights.find(light) if light else None
    lit = [lamp for name, lamp in lamps.items() if asked is None or view.lights[name] is asked]
    return min(lit, key=lambda lamp: GRAVITY.index(lamp.colour)) if lit else None


def overdue_of(columns: Columns, view: RegisterView, ids: Sequence[int], day: date) -> dict[int, Said]:
    """Of some rows, the duty that is overdue longest, in a sentence."""
    if not ids:
        return {}
    sql = (
        f"SELECT _id, min_by(_name, _due) AS name, min(_due) AS due FROM duties WHERE _register = ? AND _closed IS NULL AND _due < ? "
        f"AND _id IN ({', '.join(map(str, ids))}) GROUP BY _id"
    )
    found = {}
    for row in run(columns, sql, [view.name, day]):
        item = view.clocks.find(row["name"]) or view.cadences.find(row["name"])
        title, title_en = (item.shape.title, item.shape.title_en or item.shape.title) if item else (row["name"], row["name"])
        days = (day - row["due"]).days
        found[row["_id"]] = Said(f"{title}：应于 {row['due']} 前，逾期 {days} 天", f"{title_en}: due {row['due']}, {days} days overdue")
    return found


# --- what came of it


def decided_before(columns: Columns, parts: Parts, subjects: Iterable[str]) -> dict[str, list[Record]]:
    """The decisions ever taken on what some matters are about, the newest first: {id, key, title, office, state, session, session_id, held}."""
    agenda, decisions = parts.meeting.agenda, parts.meeting.decisions
    sql = (
        f'SELECT i."{agenda.subject}" AS subject, d._id AS id, d._key AS key, d._title AS title, d._office AS office, d._state AS state, '
        f's._title AS session, s._id AS session_id, s."{parts.meeting.held_on}" AS held FROM {rows_table(parts.decisions.name)} d '
        f'JOIN {rows_table(parts.agenda.name)} i ON d."{decisions.item}" = i._key JOIN {rows_table(parts.sessions.name)} s '
        f'ON d."{decisions.session}" = s._key WHERE list_contains(?::VARCHAR[], i."{agenda.subject}") ORDER BY held DESC, id DESC'
    )
    found: dict[str, list[Record]] = {}
    for row in run(columns, sql, [sorted(set(subjects))]):
        found.setdefault(row["subject"], []).append(row)
    return found


def kept(columns: Columns, parts: Parts, series: str, since: date, until: date) -> Kept:
    """How the decisions of the sessions of a series held between two days were kept. A second round of a clock means: opened again."""
    life, meeting = parts.decisions.lifecycle, parts.meeting
    final = final_titles(life.shape) if life else []
    sql = (
        f"WITH duty AS (SELECT _id, bool_or(_closed IS NULL AND _due < ?) AS over, bool_or(_outcome = 'late') AS late, "
        f"bool_or(_kind = 'clock' AND ends_with(_duty, '|2')) AS again FROM duties WHERE _register = '{parts.decisions.name}' GROUP BY _id) "
        f"SELECT count(*) AS decided, count(*) FILTER (done) AS finished, count(*) FILTER (done AND NOT late) AS in_time, "
        f"count(*) FILTER (NOT done AND over) AS overdue, count(*) FILTER (again) AS reopened FROM (SELECT list_contains(?::VARCHAR[], d._state) AS done, "
        f"coalesce(u.over, FALSE) AS over, coalesce(u.late, FALSE) AS late, coalesce(u.again, FALSE) AS again FROM {rows_table(parts.decisions.name)} d "
        f'JOIN {rows_table(parts.sessions.name)} s ON d."{meeting.decisions.session}" = s._key LEFT JOIN duty u ON u._id = d._id '
        f'WHERE s."{meeting.series}" = ? AND s."{meeting.held_on}" BETWEEN ? AND ?)'
    )
    rows = run(columns, sql, [until, final, series, since, until])
    return Kept(**rows[0])


# --- one session


@dataclass(frozen=True)
class OnAgenda:
    """How many matters a session has, by the office that reports them; `drawn` are those that came by themselves and are not written down."""

    rows: tuple[int, ...]
    offices: tuple[str, ...]
    drawn: tuple[Drawn, ...]

    @property
    def all_offices(self) -> tuple[str, ...]:
        """The office of every matter, in order."""
        return (*self.offices, *(one.office for one in self.drawn))


def on_agenda(columns: Columns, parts: Parts, session: Entry, day: date) -> OnAgenda:
    """The matters of a session in order: those written down, then those that come by themselves, as long as it is not over.

    Kept until the columns move on: the room, its polls and every workbench ask the same.
    """
    asked = ("agenda", session.pk, day, columns.position)  # it is drawn from any register and from lights: nothing less than the position will do
    return columns.keep(asked, (), lambda: _on_agenda(columns, parts, session, day))


def _on_agenda(columns: Columns, parts: Parts, session: Entry, day: date) -> OnAgenda:
    agenda = parts.meeting.agenda
    sql = (
        f'SELECT _id, _office, _key, "{agenda.subject}" AS subject FROM {rows_table(parts.agenda.name)} WHERE "{agenda.session}" = ? '
        f'ORDER BY "{agenda.order}", _id'
    )
    rows = run(columns, sql, [session.key])
    written = {row["subject"] for row in rows if row["subject"]}
    waiting = [] if is_over(parts, session) or not applies(columns, parts, session, day) else drawn(columns, parts, session, day)
    fresh = tuple(one for one in waiting if one.subject not in written)
    return OnAgenda(tuple(row["_id"] for row in rows), tuple(row["_office"] or "" for row in rows), fresh)


def is_open(parts: Parts, session: Entry) -> bool:
    """Whether a session is being held."""
    life = parts.sessions.lifecycle
    return bool(life) and session.state == life.shape.moves[parts.meeting.opens].to  # type: ignore[union-attr]  # as the line says


def is_over(parts: Parts, session: Entry) -> bool:
    """Whether a session was closed, or will not be held."""
    life = parts.sessions.lifecycle
    if life is None:
        return False
    return session.state in life.shape.states and (life.shape.states[session.state].final or (session.state in begun(parts) and not is_open(parts, session)))


def between(columns: Columns, parts: Parts, first: date, last: date, most: int) -> list[int]:
    """The sessions held, or to be held, from one day to another, in the order of their days and hours."""
    held, hour = parts.meeting.held_on, parts.meeting.starts_at
    order = f', lpad("{hour}", 5, \'0\')' if hour else ""
    sql = f'SELECT _id FROM {rows_table(parts.sessions.name)} WHERE "{held}" BETWEEN ? AND ? ORDER BY "{held}"{order}, _id LIMIT {most}'
    return [row["_id"] for row in answer(columns, sql, [first, last])]


def attended(columns: Columns, parts: Parts, keys: Iterable[str], person: str, offices: Iterable[str]) -> frozenset[str]:
    """Which of some sessions, by key, have this person or one of these offices on their attendance list."""
    attendance = parts.meeting.attendance
    if attendance is None or parts.attendance is None:
        return frozenset()
    sql = (
        f'SELECT DISTINCT "{attendance.session}" AS session FROM {rows_table(parts.attendance.name)} WHERE list_contains(?::VARCHAR[], "{attendance.session}") '
        f'AND ("{attendance.person}" = ? OR list_contains(?::VARCHAR[], _office))'
    )
    return frozenset(row["session"] for row in run(columns, sql, [sorted(set(keys)), person, sorted(set(offices) - {""})]))
