"""Lights: what the rules said and since when, and what was set by hand beside them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from bihuan.foundation.models import Event, Override, Verdict
from bihuan.foundation.projections import duties
from bihuan.foundation.projections.ids import next_id
from bihuan.foundation.projections.rows import day_of

Body = dict[str, Any]


def judge(event: Event, body: Body, using: str) -> Iterable[int]:
    """``judged``: {verdicts: [{entry or office, register, mechanism, light, colour, facts, basis, day, look_again_on}], duties}.

    A verdict with an empty colour ends the current one: the light no longer judges this row. One with the colour that stands
    refreshes its facts and the day to look again, and keeps the day since when it stands.
    """
    start, made = next_id(Verdict, using), 0
    touched: list[int] = []
    for said in body.get("verdicts", []):
        current = _current(said, using)
        if current and current.colour == said["colour"]:
            _refresh(event, current, said, using)
        else:
            if current:
                current.to_day = day_of(said["day"])
                current.save(using=using)
            if said["colour"]:
                _begin(event, start + made, said, using)
                made += 1
        if said.get("entry"):
            touched.append(said["entry"])
    touched += duties.apply_changes(event, body.get("duties"), using)
    return touched


def _current(said: Body, using: str) -> Verdict | None:
    current = Verdict.objects.using(using).filter(mechanism=said["mechanism"], light=said["light"], to_day__isnull=True)
    if said.get("entry"):
        return current.filter(entry_id=said["entry"]).first()
    return current.filter(entry__isnull=True, register=said["register"], office=said["office"]).first()


def _refresh(event: Event, current: Verdict, said: Body, using: str) -> None:
    current.facts = said["facts"]
    current.basis = said["basis"]
    current.look_again_on = day_of(said.get("look_again_on"))
    current.seq = event.seq
    current.save(using=using)


def _begin(event: Event, number: int, said: Body, using: str) -> None:
    Verdict.objects.using(using).create(
        id=number,
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
