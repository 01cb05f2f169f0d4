"""Lights: what the rules said and since when, and what was set by hand beside them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from bihuan.foundation.models import Event, Override, Verdict
from bihuan.foundation.projections import duties
from bihuan.foundation.projections.ids import next_id
from bihuan.foundation.projections.putting import put
from bihuan.foundation.projections.rows import day_of

Body = dict[str, Any]


def judge(event: Event, body: Body, using: str) -> Iterable[int]:
    """``judged``: {verdicts: [{entry or office, register, mechanism, light, colour, facts, basis, day, look_again_on}], duties}.

    A verdict with an empty colour ends the current one: the light no longer judges this row. One with the colour that stands
    refreshes its facts and the day to look again, and keeps the day since when it stands.
    """
    said = body.get("verdicts", [])
    standing = _standing(said, using)
    refreshed: list[Verdict] = []
    begun: list[Verdict] = []
    ended: dict[str, list[int]] = {}
    for one in said:
        current = standing.get(_place(one))
        if current and current.colour == one["colour"]:
            refreshed.append(_refreshed(event, current, one))
            continue
        if current:
            ended.setdefault(one["day"], []).append(current.pk)
        if one["colour"]:
            begun.append(_begun(event, one))
    for day, ids in ended.items():
        for start in range(0, len(ids), PART):
            Verdict.objects.using(using).filter(pk__in=ids[start : start + PART]).update(to_day=date.fromisoformat(day))
    put(refreshed, using, "facts", "basis", "look_again_on", "seq")
    first = next_id(Verdict, using) if begun else 0
    for place, verdict in enumerate(begun):
        verdict.pk = first + place
    put(begun, using)
    touched = [one["entry"] for one in said if one.get("entry")]
    return touched + duties.apply_changes(event, body.get("duties"), using)


PART = 500

Place = tuple[str, int | str, str, str]
"""Whose verdict: the register and office of a group, or a row; then the mechanism and the light."""


def _place(said: Body) -> Place:
    if said.get("entry"):
        return "", said["entry"], said["mechanism"], said["light"]
    return said["register"], said["office"], said["mechanism"], said["light"]


def _standing(said: list[Body], using: str) -> dict[Place, Verdict]:
    """The verdicts that stand where something is said now; one light speaks once of one row in an entry of the ledger."""
    current = Verdict.objects.using(using).filter(to_day__isnull=True)
    ids = sorted({one["entry"] for one in said if one.get("entry")})
    registers = {one["register"] for one in said if not one.get("entry")}
    rows = [verdict for start in range(0, len(ids), PART) for verdict in current.filter(entry_id__in=ids[start : start + PART])]
    groups = list(current.filter(entry__isnull=True, register__in=registers)) if registers else []
    return {
        **{("", verdict.entry_id or 0, verdict.mechanism, verdict.light): verdict for verdict in rows},
        **{(verdict.register, verdict.office, verdict.mechanism, verdict.light): verdict for verdict in groups},
    }


def _refreshed(event: Event, current: Verdict, said: Body) -> Verdict:
    current.facts = said["facts"]
    current.basis = said["basis"]
    current.look_again_on = day_of(said.get("look_again_on"))
    current.seq = event.seq
    return current


def _begun(event: Event, said: Body) -> Verdict:
    return Verdict(
        register=said["register"],
        entry_id=said.get("entry"),
        office=said.get("office", ""),
        mechanism=said["mechanism"],
        light=said["light"],
        colour=said["colour"],
        facts=said["facts"],
        basis=said["basis"],
        from_day=date.fromisoformat(said["day"]),
        look_again_on=day_of(said.get("look_again_on")),
        seq=event.seq,
    )


def override(event: Event, body: Body, using: str) -> Iterable[int]:
    """``light.overridden``: {id, mechanism, light, colour, reason, from_day, until_day}; it takes the place of one that stands."""
    from_day = date.fromisoformat(body["from_day"])
    standing = Override.objects.using(using).filter(
        entry_id=body["id"], mechanism=body["mechanism"], light=body["light"], until_day__gte=from_day, ended_on__isnull=True
    )
    standing.update(ended_on=from_day)
    Override.objects.using(using).create(
        id=next_id(Override, using),
        register=event.register,
        entry_id=body["id"],
        mechanism=body["mechanism"],
        light=body["light"],
        colour=body["colour"],
        reason=body["reason"],
        by=event.actor,
        from_day=from_day,
        until_day=date.fromisoformat(body["until_day"]),
        seq=event.seq,
    )
    return [body["id"]]


def restore(event: Event, body: Body, using: str) -> Iterable[int]:
    """``light.restored``: {id, override, on, reason}: the rule's own colour shows again."""
    Override.objects.using(using).filter(pk=body["override"]).update(ended_on=day_of(body["on"]))
    return [body["id"]]
