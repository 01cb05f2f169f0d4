"""What a search found, read again through what its reader may see."""

from collections.abc import Iterable, Mapping

from django.db.models import Q

from bihuan.computing import names
from bihuan.computing.names import DUTY, OFFICE, PAPER, PERSON, ROW, Name, Reader
from bihuan.foundation import access
from bihuan.foundation.models import Assignment, Duty, Entry, Member
from bihuan.portal.guarded.owed import in_reach, owed_by
from bihuan.portal.guarded.papers import papers
from bihuan.portal.guarded.rows import every_row, scopes_of, within
from bihuan.portal.visits import Visit

Things = Mapping[str, Mapping[str, object]]
"""By kind and id: `Entry`, `Duty`, `Paper` or `Member`; an office is its own name."""


def search(visit: Visit, words: str, most: int) -> tuple[list[Name], Things]:
    """What holds some words, at most so many of a kind and register, with the things themselves. What this person may not see is not there."""
    actor = visit.actor
    kinds = [ROW, *([DUTY] if actor.roles & (access.STAFF | {access.ENTERPRISE}) else []), *([PAPER, PERSON, OFFICE] if actor.roles & access.STAFF else [])]
    reader = Reader(scopes_of(visit), kinds, actor.username, actor.reach | {actor.office}, actor.everywhere)
    found = names.find(names.current(), words, reader, most)
    things = _things(visit, found)
    return [one for one in found if one.kind == OFFICE or one.id in things[one.kind]], things


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
