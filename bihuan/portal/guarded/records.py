"""The ledger, as far as somebody may read it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404

from bihuan.foundation import access, loading
from bihuan.foundation.actions.moves import Made, moves_made
from bihuan.foundation.excerpts import events_about, light
from bihuan.foundation.models import Cursor, Entry, Event, Seal, Trace
from bihuan.portal.guarded.rows import allow, every_row
from bihuan.portal.visits import Visit

LARGEST_BODY = 1_500_000
"""Bytes of an event's body that the pages of a row read: a day's verdicts of two thousand rows. A larger one is shown without details."""

LARGEST_LISTED = 200_000
"""The same for the ledger as a whole, whose pages list any thirty events."""


def history_of(entry: Entry, before: int | None = None, most: int = 30) -> list[Event]:
    """The events that speak of a row as `told_of` reads them, newest first, those before a number."""
    seqs = Trace.objects.filter(entry=entry)
    if before is not None:
        seqs = seqs.filter(seq__lt=before)
    return told_of(entry, list(seqs.order_by("-seq").values_list("seq", flat=True)[:most]))


def told_of(entry: Entry, seqs: Iterable[int]) -> list[Event]:
    """Some events that speak of a row by their numbers, newest first; of a long body only what speaks of it."""
    return events_about(entry, Event.objects.filter(seq__in=list(seqs)), LARGEST_BODY)


def spoken_of(entry: Entry) -> list[int]:
    """The numbers of all events that speak of a row, newest first."""
    return list(Trace.objects.filter(entry=entry).order_by("-seq").values_list("seq", flat=True))


def writers_of(seqs: Iterable[int]) -> dict[int, str]:
    """Who wrote some entries of the ledger."""
    return dict(Event.objects.filter(seq__in=sorted(set(seqs))).values_list("seq", "actor"))


def moves_of(entry: Entry) -> list[Made]:
    """The moves a row has made, oldest first, alone or with others."""
    return moves_made([entry.pk])[entry.pk]


def moves_of_rows(entries: Iterable[Entry]) -> dict[int, list[Made]]:
    """The same for some rows, by row."""
    return moves_made([entry.pk for entry in entries])


def events(visit: Visit, wanted: Mapping[str, Any], first: int, most: int) -> tuple[list[Event], int]:
    """A page of the ledger, newest first, and how many events match. Only the auditor reads the ledger as a whole."""
    allow(visit, "ledger.read")
    matching = Event.objects.filter(**wanted)
    return light(matching, LARGEST_LISTED, slice(first, first + most)), matching.count()


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


def algorithm() -> str:
    """The digest the ledger is written with."""
    return str(settings.BIHUAN_HASH)


def versions(day: date) -> tuple[loading.Version, ...]:
    """The version of each pack in force on a day."""
    return loading.versions_on(day)


def standing(visit: Visit) -> tuple[int, str, date | None]:
    """The ledger's last number and hash as this visit sees it, and the day up to which lights are judged."""
    day = Cursor.objects.filter(name="judge").values_list("day", flat=True).first()
    return visit.columns.position, visit.columns.hash, day
