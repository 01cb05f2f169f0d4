"""Rows merged into another and taken out of it again; rows told apart."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from bihuan.foundation.models import Apart, Entry, Event
from bihuan.foundation.projections import duties
from bihuan.foundation.projections.ids import next_id

Body = dict[str, Any]


def merge(event: Event, body: Body, using: str) -> Iterable[int]:
    """``entries.merged`` and ``entries.unmerged``: {into, into_key, edits: [{id, key, version, merged_into}], repointed, reason, duties}.

    A merged row stays, marked, and names the row it is part of; without `merged_into` it stands for itself again.
    """
    for edit in body["edits"]:
        Entry.objects.using(using).filter(pk=edit["id"]).update(
            merged_into=edit["merged_into"], withdrawn=edit["merged_into"] is not None, version=edit["version"], changed_seq=event.seq
        )
    duties.apply_changes(event, body.get("duties"), using)
    return [body["into"], *(edit["id"] for edit in body["edits"])]


def tell_apart(event: Event, body: Body, using: str) -> Iterable[int]:
    """``pair.told_apart``: {first, second, keys, on, reason}."""
    Apart.objects.using(using).create(
        id=next_id(Apart, using), first_id=body["first"], second_id=body["second"], by=event.actor, on=date.fromisoformat(body["on"]),
        reason=body["reason"], seq=event.seq,
    )  # fmt: skip
    return [body["first"], body["second"]]


def reconsider(event: Event, body: Body, using: str) -> Iterable[int]:
    """``pair.reconsidered``: {first, second, keys, on, reason}: whether they are one thing is open again."""
    Apart.objects.using(using).filter(first=body["first"], second=body["second"], undone=False).update(undone=True, seq=event.seq)
    return [body["first"], body["second"]]
