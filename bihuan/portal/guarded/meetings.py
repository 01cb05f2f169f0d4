"""Meetings as far as somebody may be in the room: who sees the register of sessions, and whoever is on a session's attendance list."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import Max, Q
from django.http import Http404

from bihuan.computing import meetings
from bihuan.computing.meetings import Parts
from bihuan.foundation import access
from bihuan.foundation.models import Duty, Entry, Verdict
from bihuan.portal.guarded.rows import may_open
from bihuan.portal.visits import Visit

A_WEEK = timedelta(days=6)
MOST = 40
"""Sessions of one page at most."""


def session_of(visit: Visit, number: int) -> tuple[Parts, Entry]:
    """A session and the meeting it belongs to; 404 for whoever has no seat in it."""
    entry = Entry.objects.filter(pk=number, withdrawn=False).first()
    view = visit.register(entry.register) if entry else None
    parts = meetings.parts_of(visit.catalogue, view) if view else None
    if entry is None or parts is None or not _seated(visit, parts, [entry]):
        raise Http404
    return parts, entry


def may_run(visit: Visit, parts: Parts, session: Entry) -> bool:
    """Whether this person opens, orders and writes down the session: a role the meeting names, and the session in their charge."""
    return bool(visit.actor.roles & frozenset(parts.meeting.run_by)) and access.charge(visit.actor, parts.sessions).holds(session)


def sessions_of_the_week(visit: Visit) -> list[tuple[Parts, Entry]]:
    """The sessions of today and the six days after it that this person has a seat in, in order."""
    return sessions_between(visit, 0, A_WEEK.days)


def sessions_between(visit: Visit, back: int, ahead: int) -> list[tuple[Parts, Entry]]:
    """The sessions from so many days back to so many ahead that this person has a seat in, in order."""
    found: list[tuple[Parts, Entry]] = []
    for parts in meetings.all_meetings(visit.catalogue):
        columns = visit.columns
        ids = meetings.between(columns, parts, visit.day - timedelta(days=back), visit.day + timedelta(days=ahead), MOST)
        rows = Entry.objects.in_bulk(ids)
        found += [(parts, entry) for entry in _seated(visit, parts, [rows[number] for number in ids if number in rows])]
    return found


def _seated(visit: Visit, parts: Parts, sessions: Sequence[Entry]) -> list[Entry]:
    scope = access.visible(visit.actor, parts.sessions)
    hidden = [entry for entry in sessions if not scope.holds(entry)]
    offices = {visit.actor.office, *visit.actor.reach} if visit.actor.roles & access.STAFF else set[str]()
    at_table = meetings.attended(visit.columns, parts, [entry.key for entry in hidden], visit.actor.username, offices) if hidden else frozenset()
    return [entry for entry in sessions if scope.holds(entry) or entry.key in at_table]


def rows_in_room(ids: Iterable[int]) -> dict[int, Entry]:
    """Rows of a session that somebody has been let into, by their numbers."""
    return Entry.objects.filter(withdrawn=False).in_bulk(list(ids))


def moved_on(session: Entry, ids: Iterable[int], subjects: Iterable[int]) -> int:
    """A number that grows whenever something of a session changes: its own row, its rows, or a light of what it is about."""
    rows = Entry.objects.filter(pk__in=[session.pk, *ids]).aggregate(seq=Max("changed_seq"))["seq"] or 0
    lights = Verdict.objects.filter(entry_id__in=list(subjects), to_day__isnull=True).aggregate(seq=Max("seq"))["seq"] or 0
    return max(int(rows), int(lights))


def limits_of(ids: Iterable[int]) -> dict[int, list[Duty]]:
    """What still runs on some rows of a session, the first to run out first."""
    found: dict[int, list[Duty]] = {}
    for duty in Duty.objects.filter(entry_id__in=list(ids), closed_on__isnull=True, kind="clock").order_by("due", "id"):
        found.setdefault(duty.entry_id or 0, []).append(duty)
    return found


def seen_among(visit: Visit, subjects: Iterable[str]) -> dict[str, Entry]:
    """Of the rows that matters are about, named ``register key``, those this person may open."""
    by_register: dict[str, list[str]] = {}
    for subject in subjects:
        register, _, key = subject.partition(" ")
        by_register.setdefault(register, []).append(key)
    views = [view for name in by_register if (view := visit.register(name)) and may_open(visit.actor, view)]
    scopes = access.all_visible(visit.actor, views)
    wanted = Q(pk__in=[])
    for view in views:
        wanted |= Q(register=view.name, key__in=by_register[view.name])
    rows = Entry.objects.filter(wanted, withdrawn=False) if views else Entry.objects.none()
    return {meetings.subject_of(entry.register, entry.key): entry for entry in rows if scopes[entry.register].holds(entry)}


def decided_in(visit: Visit, rows: Iterable[Entry]) -> dict[int, tuple[Entry, Entry | None, bool]]:
    """Of some rows a meeting decided, the session and the matter, and whether this person has a seat there; whoever answers for a row knows both."""
    found: dict[int, tuple[Entry, Entry | None, bool]] = {}
    asked = list(rows)
    for parts in meetings.all_meetings(visit.catalogue):
        decisions = parts.meeting.decisions
        own = [entry for entry in asked if entry.register == parts.decisions.name and entry.data.get(decisions.session)]
        if not own:
            continue
        keys = {str(entry.data[decisions.session]) for entry in own}
        items = {str(entry.data.get(decisions.item) or "") for entry in own}
        near = Entry.objects.filter(Q(register=parts.sessions.name, key__in=sorted(keys)) | Q(register=parts.agenda.name, key__in=sorted(items)))
        named = {(entry.register, entry.key): entry for entry in near}
        seated = {entry.key for entry in _seated(visit, parts, [entry for entry in named.values() if entry.register == parts.sessions.name])}
        charge = access.charge(visit.actor, parts.decisions)
        for entry in own:
            key = str(entry.data[decisions.session])
            if key in seated or charge.holds(entry):
                matter = named.get((parts.agenda.name, str(entry.data.get(decisions.item) or "")))
                found[entry.pk] = (named[parts.sessions.name, key], matter, key in seated)
    return found
