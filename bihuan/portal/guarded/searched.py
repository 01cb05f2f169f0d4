"""What a search found, read again through what its reader may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from bihuan.computing import names
from bihuan.computing.names import DUTY, OFFICE, PAPER, PERSON, ROW, Name, Reader
from bihuan.computing.passages import Asked, Hit
from bihuan.computing.read_in import Place
from bihuan.foundation import access
from bihuan.foundation.models import Assignment, Duty, Entry, Member, Paper
from bihuan.portal.guarded.owed import in_reach, owed_by
from bihuan.portal.guarded.papers import papers
from bihuan.portal.guarded.read_in import reading_places
from bihuan.portal.guarded.rows import every_row, scopes_of, within
from bihuan.portal.visits import Visit

Things = Mapping[str, Mapping[str, object]]
"""By kind and id: `Entry`, `Duty`, `Paper` or `Member`; an office is its own name."""
Text = Paper | tuple[Place, Entry]
"""What a text is: a paper, or a document with the register it was read into."""
LEAST = 2
"""So many characters are wanted before the words of texts are looked through as well."""


@dataclass(frozen=True)
class Found:
    """What a search found: names with the things themselves, and texts whose words hold what was asked."""

    names: list[Name]
    things: Things
    said: list[tuple[Hit, Text]]


def search(visit: Visit, words: str, most: int) -> Found:
    """What holds some words, at most so many of a kind and register. What this person may not see is not there."""
    actor = visit.actor
    kinds = [ROW, *([DUTY] if actor.roles & (access.STAFF | {access.ENTERPRISE}) else []), *([PAPER, PERSON, OFFICE] if actor.roles & access.STAFF else [])]
    reader = Reader(scopes_of(visit), kinds, actor.username, actor.reach | {actor.office}, actor.everywhere)
    known = names.current(visit.head)
    found = names.find(known, words, reader, most)
    things = _things(visit, found)
    _count, said = names.look(known, Asked(words), reader, most) if PAPER in kinds and len(words) >= LEAST else (0, [])
    return Found([one for one in found if one.kind == OFFICE or one.id in things[one.kind]], things, _readable(visit, said))


def archive(visit: Visit, asked: Asked, size: int, skip: int) -> tuple[int, list[tuple[Hit, Text]]]:
    """The issued papers and the documents read in that hold what is asked, the latest first: how many, and some of them.

    What this person may not see is neither.
    """
    reader = Reader(scopes_of(visit), [PAPER, ROW], visit.actor.username, everywhere=visit.actor.everywhere)
    count, found = names.look(names.current(visit.head), asked, reader, size, skip)
    return count, _readable(visit, found)


def _readable(visit: Visit, found: list[Hit]) -> list[tuple[Hit, Text]]:
    ids = {about: [hit.id for hit in found if hit.about == about] for about in (PAPER, ROW)}
    places = reading_places(visit) if ids[ROW] else {}
    held: dict[tuple[str, int], Text] = {}
    if ids[PAPER]:
        held |= {(PAPER, number): paper for number, paper in papers(visit, Paper.OUT).in_bulk(ids[PAPER]).items()}
    if places:
        rows = Entry.objects.filter(every_row(visit), pk__in=ids[ROW], withdrawn=False, register__in=places)
        held |= {(ROW, row.pk): (places[row.register], row) for row in rows}
    return [(hit, held[hit.about, hit.id]) for hit in found if (hit.about, hit.id) in held]


def _things(visit: Visit, found: Iterable[Name]) -> dict[str, dict[str, object]]:
    ids: dict[str, list[str]] = {kind: [] for kind in names.KINDS}
    for one in found:
        ids[one.kind].append(one.id)
    things: dict[str, dict[str, object]] = {kind: {} for kind in names.KINDS}
    if ids[ROW]:
        rows = Entry.objects.filter(every_row(visit), pk__in=ids[ROW], withdrawn=False)
        things[ROW] = {str(row.pk): row for row in rows}
    if ids[DUTY]:
        seen = (Q(entry__isnull=False) & within(scopes_of(visit).values())) | (Q(entry=None) & (owed_by(visit) | in_reach(visit.actor)))
        duties = Duty.objects.filter(seen, pk__in=ids[DUTY], closed_on__isnull=True).select_related("entry")
        things[DUTY] = {str(duty.pk): duty for duty in duties}
    if ids[PAPER]:
        things[PAPER] = {str(paper.pk): paper for paper in papers(visit).filter(pk__in=ids[PAPER])}
    if ids[PERSON]:
        people = Member.objects.filter(pk__in=ids[PERSON], is_active=True)
        things[PERSON] = {member.username: member for member in people}
    return things


def carried_in_sight(visit: Visit, username: str, most: int) -> tuple[str, list[tuple[Assignment, Entry]]]:
    """What somebody of the staff is called, and the rows they carry that this person sees; nothing for whoever is no such person."""
    person = Member.objects.filter(pk=username, is_active=True).first()
    if person is None or not access.STAFF & set(person.roles) or not visit.actor.roles & access.STAFF:
        return "", []
    seen = every_row(visit)
    rows = Entry.objects.filter(seen, withdrawn=False, assignments__member=username, assignments__to_day__isnull=True).values_list("pk", flat=True)
    held = Assignment.objects.filter(member=username, to_day__isnull=True, entry_id__in=rows).select_related("entry").order_by("-from_day", "-id")
    return person.name or username, [(one, one.entry) for one in held[:most]]
