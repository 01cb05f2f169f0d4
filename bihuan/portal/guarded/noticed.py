"""What has come up for somebody: derived at each look from the projections and the ledger's moments, and stored nowhere.

What an event did has the moment of that event; what time alone did (a duty overdue, a duty to be warned of) begins with its day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q

from bihuan.foundation import access
from bihuan.foundation.models import Assignment, Duty, Entry, Event, Paper, Trace, Upload, Verdict
from bihuan.foundation.remembered import remembered
from bihuan.portal.guarded.owed import duties
from bihuan.portal.guarded.papers import waiting
from bihuan.portal.guarded.rows import within
from bihuan.portal.visits import Visit

ASSIGNED, OPENED, WARNED, OVERDUE, ESCALATED = "assigned", "opened", "warned", "overdue", "escalated"
MOVED, TURNED, PAPER, UPLOAD = "moved", "turned", "paper", "upload"

GRAVE = ("red", "yellow")

LATELY = timedelta(days=30)
MOST = 100
"""Notices of one kind that are looked at; a person with more has other means than this list."""

MOST_ROWS = 500

Thing = Assignment | Duty | Event | Verdict | Paper | Upload


@dataclass(frozen=True)
class Notice:
    """One thing that came up: of what kind, when, what it is about, and the row where there is one."""

    kind: str
    at: datetime
    thing: Thing
    entry: Entry | None = None


def notices(visit: Visit) -> list[Notice]:
    """What came up for this person in the last month, newest first."""
    since = visit.day - LATELY
    carried = list(Assignment.objects.filter(member=visit.actor.username, to_day__isnull=True, entry__withdrawn=False).select_related("entry")[:MOST_ROWS])
    own = _own_rows(visit)
    rows = {one.entry_id: one.entry for one in carried} | {entry.pk: entry for entry in own}
    given = [one for one in carried if one.from_day >= since]
    owed = list(duties(visit).filter(Q(opened__gte=since) | Q(warn_on__range=(since, visit.day)) | Q(due__range=(since, visit.day)))[:MOST])
    drafts = _drafts(visit, since)
    uploads = list(Upload.objects.filter(member=visit.actor.username, purpose="sheet", state="confirmed").order_by("-id")[:MOST])
    turned = _turned(visit, since, sorted(rows))
    moves = _moves(visit, since, sorted(rows))
    seqs = {one.seq for things in (given, owed, drafts, uploads, turned) for one in things}
    moments = {seq: at.astimezone(visit.at.tzinfo) for seq, at in Event.objects.filter(seq__in=seqs).values_list("seq", "at")}
    found = [Notice(ASSIGNED, moments[one.seq], one, one.entry) for one in given]
    found += [_duty(visit, one, moments) for one in owed]
    found += [Notice(PAPER, moments[one.seq], one, one.entry) for one in drafts]
    found += [Notice(UPLOAD, moments[one.seq], one) for one in uploads]
    found += [Notice(TURNED, min(moments[one.seq], _end(visit, one.from_day)), one, one.entry) for one in turned]
    by_key = {(entry.register, entry.key): entry for entry in rows.values()}
    found += [Notice(MOVED, event.at.astimezone(visit.at.tzinfo), event, by_key[event.register, event.entry]) for event in moves if (event.register, event.entry) in by_key]
    recent = [one for one in found if visit.at - LATELY <= one.at <= visit.at]
    return sorted(recent, key=lambda one: one.at, reverse=True)


def _own_rows(visit: Visit) -> list[Entry]:
    """The rows of this person's own enterprise."""
    if access.ENTERPRISE not in visit.actor.roles or not visit.actor.enterprise:
        return []
    owned = [view.name for view in visit.catalogue.registers.values() if view.shape.enterprise]
    return list(Entry.objects.filter(register__in=owned, enterprise=visit.actor.enterprise, withdrawn=False).order_by("-changed_seq")[:MOST_ROWS])


def _drafts(visit: Visit, since: date) -> list[Paper]:
    """The papers that wait to be checked, signed or issued by this person."""
    return list(waiting(visit).filter(drafted_on__gte=since)[:MOST])


def _turned(visit: Visit, since: date, rows: Sequence[int]) -> list[Verdict]:
    """The lights that turned of the rows somebody carries or owns; for an officer of one office also the red and yellow ones of that office."""
    turned = Verdict.objects.filter(to_day__isnull=True, from_day__gte=since, entry__withdrawn=False).select_related("entry")
    grave = Verdict.objects.filter(
        entry=OuterRef("entry"), mechanism=OuterRef("mechanism"), light=OuterRef("light"), to_day=OuterRef("from_day"), colour__in=GRAVE
    )
    better = Q(Exists(grave), colour="green")  # green is news only after red or yellow
    wanted = Q(entry_id__in=rows) & (Q(colour__in=GRAVE) | better)
    if access.OFFICER in visit.actor.roles and not visit.actor.everywhere:
        judged = [view for view in visit.catalogue.registers.values() if view.lights]
        wanted |= within(access.charges(visit.actor, judged).values()) & Q(colour__in=GRAVE)
    return list(turned.filter(wanted).order_by("-from_day", "-id")[:MOST])


def _moves(visit: Visit, since: date, rows: Sequence[int]) -> list[Event]:
    """The moves that others made of the rows somebody carries or owns."""
    if not rows:
        return []
    spoken = Trace.objects.filter(entry_id__in=rows).values("seq")
    moved = Event.objects.filter(kind="entry.moved", at__gte=_start(visit, since), seq__in=spoken).exclude(actor=visit.actor.username)
    return list(moved.order_by("-seq")[:MOST])


def _duty(visit: Visit, duty: Duty, moments: dict[int, datetime]) -> Notice:
    """A duty by what it has come to: overdue, risen, to be warned of, or opened."""
    written = moments[duty.seq]
    if duty.due and duty.due < visit.day:
        kind = ESCALATED if duty.level and duty.member != visit.actor.username and duty.office != visit.actor.office else OVERDUE
        return Notice(kind, _start(visit, duty.due + timedelta(days=1)), duty, duty.entry)
    if duty.warn_on and duty.opened < duty.warn_on <= visit.day:
        return Notice(WARNED, _start(visit, duty.warn_on), duty, duty.entry)
    return Notice(OPENED, written, duty, duty.entry)


def _start(visit: Visit, day: date) -> datetime:
    return datetime.combine(day, time.min, visit.at.tzinfo)


def _end(visit: Visit, day: date) -> datetime:
    """The last moment of a day, or now on that day itself: a light whose facts were refreshed later did not turn later."""
    return min(visit.at, _start(visit, day + timedelta(days=1)) - timedelta(seconds=1))


# --- how many are unread

def unread(visit: Visit, read: datetime | None) -> int:
    """How many notices came after the moment up to which somebody has read. Asked of the tables only when the ledger has moved."""
    known = remembered(visit.head, ("notices", visit.actor.username, visit.day), lambda: tuple(_latest(visit)))
    return len(known) if read is None else sum(at > read for at in known)


def _latest(visit: Visit) -> Iterator[datetime]:
    return (one.at for one in notices(visit))
