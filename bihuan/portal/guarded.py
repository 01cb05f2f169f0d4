"""What the pages read from the tables, each query through `access`: what an actor may not see is not there for them.

No view asks a table itself; a test holds that only this module does.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Length
from django.http import Http404

from bihuan.foundation import access, loading
from bihuan.foundation.access import Actor
from bihuan.foundation.actions import Forbidden
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import (
    Assignment,
    Cursor,
    Duty,
    Entry,
    Event,
    Figure,
    Member,
    Office,
    Override,
    Paper,
    SavedView,
    Seal,
    Trace,
    Upload,
    Verdict,
)  # fmt: skip
from bihuan.portal.visits import Visit

LARGEST_BODY = 200_000
"""Characters of an event's body that a page reads; a larger one is shown without its details."""

GRAVITY = ("red", "yellow", "grey", "green", "blue")
"""Colours, the gravest first: a row whose lights disagree shows the first of them."""

TAKEN_UP = ("review", "handoff", "document")
"""The kinds of duty that a person looks at and closes, where the others are met by the work itself."""


# --- registers and rows


def register_of(visit: Visit, name: str) -> RegisterView:
    """A register the actor may look into; 404 where there is none, or where it is not theirs to know of."""
    view = visit.register(name)
    if view is None or not may_open(visit.actor, view):
        raise Http404
    return view


def may_open(actor: Actor, view: RegisterView) -> bool:
    """Whether somebody may look into a register at all; which of its rows is another question."""
    if view.shape.public and actor.roles & access.ALLOWED["see"]:
        return True
    if actor.roles & access.STAFF:
        return True
    return access.ENTERPRISE in actor.roles and bool(view.shape.enterprise)


def row_of(visit: Visit, number: int) -> tuple[RegisterView, Entry]:
    """A row by its number with its register; 404 where the actor may not see it."""
    entry = Entry.objects.filter(pk=number).first()
    view = visit.register(entry.register) if entry else None
    if entry is None or view is None or not access.visible(visit.actor, view).holds(entry):
        raise Http404
    return view, entry


def open_row(visit: Visit, number: int) -> tuple[RegisterView, Entry]:
    """A row that can still be written: 404 also where it was withdrawn."""
    view, entry = row_of(visit, number)
    if entry.withdrawn:
        raise Http404
    return view, entry


def allow(visit: Visit, action: str, view: RegisterView | None = None, entry: Entry | None = None) -> None:
    """Go on only where the actor may; raises Forbidden with the reason."""
    decision = access.may(visit.actor, action, view, entry)
    if not decision:
        raise Forbidden(decision)


def allow_as(visit: Visit, who: Iterable[str], view: RegisterView, entry: Entry) -> None:
    """Go on only where the actor holds a role or responsibility that a rule names; raises Forbidden."""
    decision = access.may_as(visit.actor, list(who), view, entry)
    if not decision:
        raise Forbidden(decision)


def rows_of(visit: Visit, view: RegisterView) -> QuerySet[Entry]:
    """The rows of a register the actor sees, withdrawn ones left out."""
    return Entry.objects.filter(access.visible(visit.actor, view).condition(), withdrawn=False)


def own_rows(visit: Visit, view: RegisterView) -> QuerySet[Entry]:
    """The rows that belong to this person's enterprise, the last changed first."""
    own = Entry.objects.filter(register=view.name, enterprise=visit.actor.enterprise, withdrawn=False)
    return (own if visit.actor.enterprise and access.ENTERPRISE in visit.actor.roles else own.none()).order_by("-changed_seq", "-pk")


def in_order(visit: Visit, view: RegisterView, ids: Sequence[int]) -> list[Entry]:
    """Some rows by their numbers, in that order; those the actor does not see are left out."""
    found = rows_of(visit, view).in_bulk(list(ids))
    return [found[number] for number in ids if number in found]


def referring(visit: Visit, child: RegisterView, field: str, key: str) -> QuerySet[Entry]:
    """The rows of a register that refer to a row by its key, newest first."""
    return rows_of(visit, child).filter(**{f"data__{field}": key}).order_by("-pk")


def children_counts(visit: Visit, view: RegisterView, entry: Entry) -> dict[tuple[str, str], int]:
    """How many rows refer to a row, by register and field, in one query for each register that may."""
    counts = {}
    for register, field in view.children:
        child = visit.register(register)
        if child is not None and may_open(visit.actor, child):
            counts[register, field] = referring(visit, child, field, entry.key).count()
    return counts


def found(visit: Visit, words: str, most: int) -> list[Entry]:
    """The rows of any register whose key or title holds some words, at most so many."""
    rows = Entry.objects.filter(every_row(visit), withdrawn=False)
    return list(rows.filter(Q(key__icontains=words) | Q(title__icontains=words)).order_by("-changed_seq")[:most])


def every_row(visit: Visit) -> Q:
    """The rows of all registers that the actor sees, as a condition on `Entry`."""
    seen, whole = Q(pk__in=[]), []
    for view in visit.catalogue.registers.values():
        if may_open(visit.actor, view):
            scope = access.visible(visit.actor, view)
            if scope.everything:
                whole.append(view.name)
            else:
                seen |= scope.condition()
    return seen | Q(register__in=whole)


def titles_of(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, str]]:
    """The numbers and titles of rows by register and key: what a reference reads as. A title is no secret of the row's office."""
    by_register: dict[str, set[str]] = {}
    for register, key in pairs:
        by_register.setdefault(register, set()).add(key)
    wanted = Q(pk__in=[])
    for register, keys in by_register.items():
        wanted |= Q(register=register, key__in=sorted(keys))
    rows = Entry.objects.filter(wanted).values_list("register", "key", "pk", "title") if by_register else []
    return {(register, key): (number, title or key) for register, key, number, title in rows}


# --- what belongs to a row


def figures_of(entry: Entry) -> list[Figure]:
    """Every figure of a row, by period."""
    return list(Figure.objects.filter(entry=entry).order_by("period", "field"))


def verdicts_of(entry: Entry, day: date | None = None) -> list[Verdict]:
    """The lights of a row: those that stand, or those that stood on a day."""
    verdicts = Verdict.objects.filter(entry=entry)
    if day is None:
        return list(verdicts.filter(to_day__isnull=True).order_by("id"))
    return list(verdicts.filter(Q(to_day__isnull=True) | Q(to_day__gt=day), from_day__lte=day).order_by("id"))


def overrides_of(ids: Iterable[int], day: date) -> list[Override]:
    """The colours set by hand that stand on a day, for some rows."""
    return list(Override.objects.filter(entry_id__in=list(ids), from_day__lte=day, until_day__gte=day, ended_on__isnull=True))


def assignments_of(entry: Entry) -> list[Assignment]:
    """Everybody who carries or carried a responsibility for a row, the present holders first."""
    return sorted(Assignment.objects.filter(entry=entry), key=lambda one: (one.to_day is not None, -one.pk))


def duties_of(entry: Entry) -> list[Duty]:
    """What is and was owed on a row, open duties first, by their due days."""
    duties = Duty.objects.filter(entry=entry).select_related("entry")
    return sorted(duties, key=lambda duty: (duty.closed_on is not None, duty.due or date.max, duty.pk))


def papers_of(entry: Entry) -> list[Paper]:
    """The official papers about a row, newest first."""
    return list(Paper.objects.filter(entry=entry).exclude(state="dropped").order_by("-id"))


def evidence_of(digests: Iterable[str]) -> dict[str, Upload]:
    """Uploads by the digests that rows and moves hold."""
    return {upload.digest: upload for upload in Upload.objects.filter(digest__in=sorted(set(digests)))}


def uploads_named(numbers: Iterable[int]) -> dict[int, str]:
    """The names of some uploads by their numbers."""
    return dict(Upload.objects.filter(pk__in=sorted(set(numbers))).values_list("pk", "name"))


# --- the ledger


def history_of(entry: Entry, before: int | None = None, most: int = 30) -> list[Event]:
    """The events that speak of a row, newest first, those before a number."""
    seqs = Trace.objects.filter(entry=entry)
    if before is not None:
        seqs = seqs.filter(seq__lt=before)
    return _light(Event.objects.filter(seq__in=list(seqs.order_by("-seq").values_list("seq", flat=True)[:most])))


def history_count(entry: Entry) -> int:
    """How many events speak of a row."""
    return Trace.objects.filter(entry=entry).count()


def moves_of(entry: Entry) -> list[Event]:
    """The moves a row has made, oldest first."""
    return list(Event.objects.filter(register=entry.register, entry=entry.key, kind="entry.moved").order_by("seq"))


def events(visit: Visit, wanted: Mapping[str, Any], first: int, most: int) -> tuple[list[Event], int]:
    """A page of the ledger, newest first, and how many events match. Only the auditor reads the ledger as a whole."""
    allow(visit, "ledger.read")
    matching = Event.objects.filter(**wanted)
    return _light(matching.order_by("-seq"), slice(first, first + most)), matching.count()


def event(visit: Visit, seq: int, row: int | None = None) -> tuple[Event, Entry | None]:
    """One event, and a row it speaks of that the actor sees, `row` if that is one. Any event for the auditor; for others 404 without such a row."""
    one = Event.objects.filter(pk=seq).first()
    if one is None:
        raise Http404
    spoken_of = Entry.objects.filter(every_row(visit), traces__seq=seq)
    about = (spoken_of.filter(pk=row).first() if row else None) or spoken_of.order_by("pk").first()
    if about is None and not access.may(visit.actor, "ledger.read"):
        raise Http404
    return one, about


def seals(visit: Visit) -> list[Seal]:
    """The checkpoints written down outside, newest first."""
    allow(visit, "ledger.read")
    return list(Seal.objects.order_by("-size")[:20])


def _light(chosen: QuerySet[Event], part: slice = slice(None)) -> list[Event]:
    """Events, newest first, without the bodies that are too large for a page."""
    body = Case(When(size__lte=LARGEST_BODY, then="body"), default=Value("{}"), output_field=TextField())
    rows = chosen.annotate(size=Length("body"), short=body).defer("body").order_by("-seq")
    found: list[Event] = list(rows[part])
    for one in found:
        one.body = one.__dict__["short"]
    return found


# --- duties


def owed_by(visit: Visit) -> Q:
    """The duties that are this person's: theirs by name, their office's own, and for supervisors and leaders those risen to them."""
    actor = visit.actor
    owed = Q(member=actor.username)
    if access.OFFICER in actor.roles and actor.office:
        owed |= Q(member="", office=actor.office)
    if access.ENTERPRISE in actor.roles and actor.enterprise:
        owed |= Q(entry__enterprise=actor.enterprise, member="")
    risen = Q(pk__in=[])
    for view in visit.catalogue.registers.values():
        for item in view.clocks.values():
            rungs = [number for number, rung in enumerate(item.shape.escalate, start=1) if rung.to in actor.roles & {access.SUPERVISOR, access.LEADER}]
            if rungs:
                risen |= Q(mechanism=f"{item.pack}.{item.mechanism}", name=item.key, level__gte=rungs[0])
    return owed | (risen & in_reach(actor))


def in_reach(actor: Actor) -> Q:
    """The duties of the offices an actor sees."""
    if actor.everywhere:
        return Q()
    return Q(office__in=sorted(actor.reach | {actor.office}))


def duties(visit: Visit, chosen: Q | None = None) -> QuerySet[Duty]:
    """This person's open duties by their due days, those only that match."""
    return Duty.objects.filter(owed_by(visit), chosen or Q(), closed_on__isnull=True).select_related("entry").order_by("due", "id")


def duty_counts(visit: Visit) -> dict[str, int]:
    """How many of this person's duties are open, due today, overdue, and to be taken up."""
    return Duty.objects.filter(owed_by(visit), closed_on__isnull=True).aggregate(
        all=Count("id"),
        today=Count("id", filter=Q(due=visit.day)),
        overdue=Count("id", filter=Q(due__lt=visit.day)),
        review=Count("id", filter=Q(kind__in=TAKEN_UP)),
    )


def duty_of(visit: Visit, number: int) -> Duty:
    """One open duty of this person or of a row they see; 404 otherwise."""
    duty = Duty.objects.select_related("entry").filter(pk=number, closed_on__isnull=True).first()
    if duty is None:
        raise Http404
    if duty.entry is None:
        if not Duty.objects.filter(owed_by(visit) | in_reach(visit.actor), pk=number).exists():
            raise Http404
        return duty
    view = visit.register(duty.entry.register)
    if view is None or not access.visible(visit.actor, view).holds(duty.entry):
        raise Http404
    return duty


# --- lights


def worst_lights(ids: Sequence[int], day: date) -> dict[int, str]:
    """The gravest colour of each of some rows, a colour set by hand in place of the rule's."""
    by_hand = {(one.entry_id, one.mechanism, one.light): one.colour for one in overrides_of(ids, day)}
    worst: dict[int, str] = {}
    for verdict in Verdict.objects.filter(entry_id__in=list(ids), to_day__isnull=True).only("entry_id", "mechanism", "light", "colour"):
        colour = by_hand.get((verdict.entry_id, verdict.mechanism, verdict.light), verdict.colour)  # type: ignore[arg-type]
        number = int(verdict.entry_id or 0)
        if number not in worst or GRAVITY.index(colour) < GRAVITY.index(worst[number]):
            worst[number] = colour
    return worst


def carried_by(visit: Visit, most: int) -> list[tuple[Assignment, Entry]]:
    """The responsibilities this person carries now, each with its row, the last given first."""
    held = Assignment.objects.filter(member=visit.actor.username, to_day__isnull=True, entry__withdrawn=False)
    return [(one, one.entry) for one in held.select_related("entry").order_by("-from_day", "-id")[:most]]


# --- lights that turned


def lately_turned(visit: Visit, since: date, most: int, pack: str = "") -> list[Verdict]:
    """The lights of rows in this person's charge that turned red or yellow since a day, newest first."""
    mine = Q(pk__in=[])
    for view in visit.catalogue.registers.values():
        if view.lights and (not pack or view.pack == pack):
            scope = access.charge(visit.actor, view)
            part = Q(register=view.name)
            if not scope.everything:
                part &= Q(entry_id__in=sorted(scope.ids)) | Q(entry__office__in=sorted(scope.offices))
                if scope.enterprise:
                    part |= Q(register=view.name, entry__enterprise=scope.enterprise)
            mine |= part
    turned = Verdict.objects.filter(mine, to_day__isnull=True, from_day__gte=since, colour__in=("red", "yellow"), entry__withdrawn=False)
    return list(turned.select_related("entry").order_by("-from_day", "-seq", "-id")[:most])


# --- people, offices, lists kept


def people(usernames: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The names and offices of some accounts."""
    rows = Member.objects.filter(pk__in=sorted(set(usernames))).values_list("username", "name", "office_id")
    return {username: (name or username, office or "") for username, name, office in rows}


def people_with(roles: Iterable[str]) -> list[tuple[str, str]]:
    """Active accounts that hold one of some roles, each with what it is called: a name and an office."""
    held = set(roles)
    rows = Member.objects.filter(is_active=True).values_list("username", "name", "office_id", "roles").order_by("office_id", "username")
    return [(username, " · ".join(filter(None, (name or username, office)))) for username, name, office, has in rows if held & set(has)]


def offices() -> list[str]:
    """The offices that are not closed: which offices there are is no secret."""
    return list(Office.objects.filter(closed=False).order_by("path").values_list("code", flat=True))


def offices_of(visit: Visit, view: RegisterView) -> list[str]:
    """The offices a list of a register may be narrowed to: those this person sees rows of."""
    rows = Office.objects.filter(closed=False).order_by("path")
    if not access.visible(visit.actor, view).everything:
        rows = rows.filter(pk__in=sorted(visit.actor.reach))
    return list(rows.values_list("code", flat=True)) if view.shape.office else []


def demo_people() -> list[Member]:
    """The first leader, officer and enterprise of a demo city: who the sign-in page offers."""
    chosen: dict[str, Member] = {}
    for member in Member.objects.filter(is_active=True).select_related("office").order_by("seq"):
        for role in (access.LEADER, access.OFFICER, access.ENTERPRISE):
            if role in member.roles:
                chosen.setdefault(role, member)
        if len(chosen) == 3:
            break
    return [chosen[role] for role in (access.LEADER, access.OFFICER, access.ENTERPRISE) if role in chosen]


def saved_views(visit: Visit, register: str) -> list[SavedView]:
    """The lists this person keeps of a register."""
    return list(SavedView.objects.filter(member=visit.member, register=register).order_by("id")) if visit.member else []


# --- papers and uploads


def papers(visit: Visit, state: str = "") -> QuerySet[Paper]:
    """The official papers this person may read, newest first: those about rows they see, and those of the whole city for staff."""
    seen = Q(pk__in=[])
    for view in visit.catalogue.registers.values():
        if not may_open(visit.actor, view):
            continue
        scope = access.visible(visit.actor, view)
        part = Q(register=view.name)
        if not scope.everything:
            rows = Q(entry__office__in=sorted(scope.offices)) | Q(entry_id__in=sorted(scope.ids))
            if scope.enterprise:
                rows |= Q(entry__enterprise=scope.enterprise)
            if visit.actor.roles & access.STAFF:
                rows |= Q(entry__isnull=True, state="issued")
            part &= rows
        seen |= part
    chosen = Paper.objects.filter(seen).exclude(state="dropped").select_related("entry").order_by("-id")
    return chosen.filter(state=state) if state else chosen


def paper_of(visit: Visit, number: int) -> Paper:
    """One paper; 404 where this person may not read it."""
    paper = papers(visit).filter(pk=number).first()
    if paper is None:
        raise Http404
    return paper


def upload_of(visit: Visit, number: int) -> Upload:
    """A file somebody sent in: one's own, or for staff one whose figures they see the register of. 404 otherwise."""
    upload = Upload.objects.filter(pk=number).first()
    view = visit.register(upload.register) if upload and upload.register else None
    if upload is None or view is None:
        raise Http404
    if upload.member != visit.actor.username and not access.charge(visit.actor, view).everything:
        raise Http404
    return upload


def own_sheet(visit: Visit, number: int) -> Upload:
    """A sheet this person sent in; 404 for anybody else's."""
    upload = Upload.objects.filter(pk=number, purpose="sheet", member=visit.actor.username).first()
    view = visit.register(upload.register) if upload else None
    if upload is None or view is None or not may_open(visit.actor, view):
        raise Http404
    return upload


def outcome_of(visit: Visit, upload: Upload) -> tuple[Event, int, int, list[tuple[Entry, dict[str, Any]]]]:
    """What a settled sheet did: the entry of the ledger that has it, how many rows and values, and the lights that turned after it."""
    settled = Event.objects.get(pk=upload.seq)
    near = Event.objects.filter(seq__lt=upload.seq, seq__gte=upload.seq - 5, actor=upload.member, register=upload.register).order_by("-seq")
    recorded = next((event for event in near if body_of(event).get("upload") == upload.pk), settled)
    body = body_of(recorded)
    changes = len(body.get("changes", ())) or sum(len(row.get("data", ())) for row in body.get("rows", ()))
    touched = {change["id"] for change in body.get("changes", ())} | {row["id"] for row in body.get("rows", ())}
    said = [
        verdict
        for event in Event.objects.filter(kind="judged", seq__gt=upload.seq, seq__lte=upload.seq + 20).order_by("seq")
        for verdict in body_of(event).get("verdicts", ())
        if verdict.get("entry") in touched and (verdict.get("was") or "") != verdict["colour"]
    ]
    view = visit.catalogue.registers[upload.register]
    rows = rows_of(visit, view).in_bulk(sorted({verdict["entry"] for verdict in said})[:500])
    return recorded, upload.rows, changes, [(rows[verdict["entry"]], verdict) for verdict in said if verdict["entry"] in rows]


def last_uploads(visit: Visit) -> dict[tuple[str, str], Upload]:
    """The last confirmed sheet of this person, by register and exchange."""
    rows = Upload.objects.filter(member=visit.actor.username, purpose="sheet", state="confirmed").order_by("id")
    return {(upload.register, upload.exchange): upload for upload in rows}


# --- how far things are


def algorithm() -> str:
    """The digest the ledger is written with."""
    return str(settings.BIHUAN_HASH)


def versions(day: date) -> tuple[loading.Version, ...]:
    """The version of each pack in force on a day."""
    return loading.versions_on(day)


def standing() -> tuple[int, str, date | None]:
    """The ledger's last number and hash, and the day up to which lights are judged."""
    last = Event.objects.order_by("-seq").values_list("seq", "hash").first() or (0, "")
    day = Cursor.objects.filter(name="judge").values_list("day", flat=True).first()
    return (*last, day)
