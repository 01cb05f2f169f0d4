"""What belongs to a row that somebody has been let see: figures, lights, people in charge, duties, papers, files."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import BooleanField, Min, Q
from django.db.models.expressions import RawSQL

from bihuan.computing import standing
from bihuan.computing.lists import GRAVITY
from bihuan.foundation import access
from bihuan.foundation.earlier import Earlier, earlier, earlier_rows
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lights import Light
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Assignment, Duty, Entry, Event, Figure, Override, Paper, Payment, Upload, Verdict
from bihuan.foundation.remembered import remembered
from bihuan.portal.guarded.rows import carried_roles, within
from bihuan.portal.visits import Visit


def figures_of(entry: Entry) -> list[Figure]:
    """Every figure of a row, by period."""
    return list(Figure.objects.filter(entry=entry).order_by("period", "field"))


def figures_in(ids: Sequence[int], periods: Iterable[str]) -> dict[tuple[int, str, str], int | None]:
    """The figures of some rows for some periods, by row, field and period."""
    asked, found = sorted(periods), dict[tuple[int, str, str], int | None]()
    for start in range(0, len(ids), 500):
        rows = Figure.objects.filter(entry_id__in=ids[start : start + 500], period__in=asked)
        found.update(((number, field, period), value) for number, field, period, value in rows.values_list("entry_id", "field", "period", "value"))
    return found


def verdicts_of(entry: Entry, day: date | None = None) -> list[Verdict]:
    """The lights of a row: those that stand, or those that stood on a day."""
    verdicts = Verdict.objects.filter(entry=entry)
    if day is None:
        return list(verdicts.filter(to_day__isnull=True).order_by("id"))
    return list(verdicts.filter(Q(to_day__isnull=True) | Q(to_day__gt=day), from_day__lte=day).order_by("id"))


def overrides_of(ids: Iterable[int], day: date) -> list[Override]:
    """The colours set by hand that stand on a day, for some rows."""
    return list(Override.objects.filter(entry_id__in=list(ids), from_day__lte=day, until_day__gte=day, ended_on__isnull=True))


def hands_on(entry: Entry, day: date) -> list[Override]:
    """The colours set by hand that stood on a row on a day, those ended since included."""
    stood = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    return list(Override.objects.filter(stood, entry=entry, from_day__lte=day, until_day__gte=day))


def earlier_of(entry: Entry, before: datetime) -> Earlier | None:
    """A row that somebody has been let see, as it was before a moment."""
    return earlier(entry, before)


def rows_earlier(entries: Sequence[Entry], before: datetime) -> list[Entry]:
    """Rows that somebody has been let see as they were before a moment, in the order given; those that were not there yet are left out."""
    found = earlier_rows(frozenset(entry.pk for entry in entries), before)
    return [found[entry.pk].entry for entry in entries if entry.pk in found]


def assignments_of(entry: Entry) -> list[Assignment]:
    """Everybody who carries or carried a responsibility for a row, the present holders first."""
    return sorted(Assignment.objects.filter(entry=entry), key=lambda one: (one.to_day is not None, -one.pk))


def duties_of(entry: Entry) -> list[Duty]:
    """What is and was owed on a row, open duties first, by their due days."""
    duties = Duty.objects.filter(entry=entry).select_related("entry")
    return sorted(duties, key=lambda duty: (duty.closed_on is not None, duty.due or date.max, duty.pk))


def open_duties(ids: Iterable[int]) -> dict[int, list[Duty]]:
    """What is owed now on some rows, by row, the nearest first."""
    found: dict[int, list[Duty]] = {}
    for duty in Duty.objects.filter(entry_id__in=list(ids), closed_on__isnull=True).order_by("due", "id"):
        found.setdefault(duty.entry_id or 0, []).append(duty)
    return found


def held_on(visit: Visit, entry: Entry) -> frozenset[str]:
    """The responsibilities this person carries now for a row."""
    return carried_roles(visit).get(entry.pk, frozenset())


def lights_of_rows(ids: Iterable[int]) -> dict[int, list[Verdict]]:
    """The lights that stand on some rows, by row."""
    found: dict[int, list[Verdict]] = {}
    for verdict in Verdict.objects.filter(entry_id__in=list(ids), to_day__isnull=True).order_by("id"):
        found.setdefault(verdict.entry_id or 0, []).append(verdict)
    return found


def papers_of(visit: Visit, entry: Entry) -> list[Paper]:
    """The official papers about a row, newest first: for staff drafts too, for whoever handed the row in what was issued, for others none."""
    found = Paper.objects.filter(entry=entry).exclude(state="dropped").order_by("-id")
    return list(found) if visit.actor.roles & access.STAFF else letters_of(visit, [entry]).get(entry.pk, [])


def letters_of(visit: Visit, entries: Iterable[Entry]) -> dict[int, list[Paper]]:
    """The issued papers about some rows that this person handed in, by row, newest first."""
    views = {view.name: view for view in visit.catalogue.registers.values() if view.shape.hand_in}
    scopes = access.charges(access.outside(visit.actor), views.values())
    own = [entry.pk for entry in entries if entry.register in scopes and scopes[entry.register].holds(entry)]
    found: dict[int, list[Paper]] = {}
    for paper in Paper.objects.filter(entry_id__in=own, state__in=Paper.OUT).order_by("-id") if own else ():
        found.setdefault(paper.entry_id or 0, []).append(paper)
    return found


def payments_of(ids: Iterable[int]) -> list[Payment]:
    """What confirmed lists paid some rows, the last first."""
    return list(Payment.objects.filter(entry_id__in=list(ids), paylist__state="confirmed").select_related("paylist").order_by("-paylist__day", "-id"))


def evidence_of(digests: Iterable[str]) -> dict[str, Upload]:
    """Uploads by the digests that rows and moves hold."""
    return {upload.digest: upload for upload in Upload.objects.filter(digest__in=sorted(set(digests)))}


def uploads_named(numbers: Iterable[int]) -> dict[int, str]:
    """The names of some uploads by their numbers."""
    return dict(Upload.objects.filter(pk__in=sorted(set(numbers))).values_list("pk", "name"))


Lamps = dict[str, tuple[str, str]]
"""The lights of one row by full name: the colour that shows, and the rule's own where that one was set by hand."""


def lamps_of(ids: Sequence[int], day: date) -> dict[int, Lamps]:
    """The lights of some rows, a colour set by hand in place of the rule's."""
    by_hand = {(one.entry_id, one.mechanism, one.light): one.colour for one in overrides_of(ids, day)}
    found: dict[int, Lamps] = {number: {} for number in ids}
    standing = Verdict.objects.filter(entry_id__in=list(ids), to_day__isnull=True)
    for number, mechanism, light, colour in standing.values_list("entry_id", "mechanism", "light", "colour"):
        hand = by_hand.get((number, mechanism, light))
        found[int(number or 0)][f"{mechanism}.{light}"] = (hand, colour) if hand else (colour, "")
    return found


def worst_lights(ids: Sequence[int], day: date) -> dict[int, str]:
    """The gravest colour of each of some rows; those without a light are left out."""
    return {number: min((colour for colour, _rule in lamps.values()), key=GRAVITY.index) for number, lamps in lamps_of(ids, day).items() if lamps}


def carried_by(visit: Visit, most: int) -> list[tuple[Assignment, Entry, str]]:
    """The responsibilities this person carries now, each with its row and that row's gravest colour, the last given first.

    Asked of the tables only when the ledger has moved.
    """
    username = visit.actor.username

    def look() -> list[tuple[Assignment, Entry, str]]:
        held = Assignment.objects.filter(member=username, to_day__isnull=True, entry__withdrawn=False)
        carried = list(held.select_related("entry").order_by("-from_day", "-id")[:most])
        worst = worst_lights(list(dict.fromkeys(one.entry_id for one in carried)), visit.day)
        return [(one, one.entry, worst.get(one.entry_id, "")) for one in carried]

    return remembered(visit.head, ("carried", username, visit.day, most), look)


def carried_in(visit: Visit, view: RegisterView) -> list[int]:
    """The rows of a register for which this person carries a responsibility now."""
    held = Assignment.objects.filter(member=visit.actor.username, to_day__isnull=True, entry__register=view.name, entry__withdrawn=False)
    return sorted(set(held.values_list("entry_id", flat=True)))


def standing_lights(visit: Visit) -> dict[tuple[str, str], dict[str, int]]:
    """How many rows in this person's charge show each colour, by register and short name of a light that lists show."""
    judged = [view for view in visit.catalogue.registers.values() if view.lights]
    return standing.standing_lights(visit.columns, access.charges(visit.actor, judged), visit.day)


def group_since(view: RegisterView, light: Item[Light], office: str, day: date) -> date | None:
    """Since when the light of an office has stood as it stood on a day; None where groups of that light are only computed."""
    stands = Q(from_day__lte=day) & (Q(to_day__isnull=True) | Q(to_day__gt=day))
    mechanism = f"{light.pack}.{light.mechanism}"
    found = Verdict.objects.filter(stands, register=view.name, office=office, entry__isnull=True, mechanism=mechanism, light=light.key)
    return found.values_list("from_day", flat=True).first()


_GRAVE = RawSQL("foundation_verdict.colour IN ('red', 'yellow')", (), BooleanField())
"""Word for word the condition of the index that keeps red and yellow lights by their days: SQLite takes a partial index only where the statement
itself says so, and a bound value says nothing. Without it the newest verdict costs a walk through all of them."""


LOOKED = (100, 2_000)
"""So many of the newest lights are looked through, first few, then more, before the database is asked for those of one's own charge."""


def lately_turned(visit: Visit, since: date, most: int, pack: str = "") -> list[Verdict]:
    """The lights of rows in this person's charge that turned red or yellow since a day, newest first. Asked of the tables only when the ledger has moved."""
    return remembered(visit.head, ("lately turned", visit.actor, since, most, pack), lambda: _lately_turned(visit, since, most, pack))


def _lately_turned(visit: Visit, since: date, most: int, pack: str) -> list[Verdict]:
    judged = [view for view in visit.catalogue.registers.values() if view.lights and (not pack or view.pack == pack)]
    charges = access.charges(visit.actor, judged)
    newest = Verdict.objects.filter(_GRAVE, to_day__isnull=True, from_day__gte=since, entry__isnull=False, entry__withdrawn=False)
    newest = newest.select_related("entry").order_by("-from_day", "-seq", "-id")
    found: list[Verdict] = []
    # Walked from the newest on: told the registers as well, a database would rather gather all that is red there and sort it. By slices, not by a
    # cursor: outside a transaction PostgreSQL makes the whole answer of a cursor before its first row.
    for first, end in zip((0, *LOOKED), LOOKED, strict=False):
        part = newest[first:end]
        found += [one for one in part if one.entry is not None and one.register in charges and charges[one.register].holds(one.entry)]
        if len(found) >= most or len(part) < end - first:
            return found[:most]
    return list(newest.filter(within(charges.values()))[:most])


def holders_of(ids: Iterable[int]) -> dict[tuple[int, str, str], str]:
    """Who carries each responsibility for some rows now, by row, mechanism and role."""
    held = Assignment.objects.filter(entry_id__in=list(ids), to_day__isnull=True)
    return {(number, mechanism, role): member for number, mechanism, role, member in held.values_list("entry_id", "mechanism", "role", "member")}


def next_due(ids: Iterable[int]) -> dict[int, date]:
    """The day on which the first open duty of each of some rows is due; those without one are left out."""
    open_duties = Duty.objects.filter(entry_id__in=list(ids), closed_on__isnull=True, due__isnull=False).order_by()
    return dict(open_duties.values_list("entry_id").annotate(first=Min("due")))


def written_at(seqs: Iterable[int]) -> dict[int, datetime]:
    """When some entries of the ledger were written."""
    return dict(Event.objects.filter(seq__in=sorted(set(seqs))).values_list("seq", "at"))
