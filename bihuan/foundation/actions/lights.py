"""A light set by hand, beside the rule's own colour."""

from dataclasses import dataclass
from datetime import date, datetime

from bihuan.foundation.access import Actor, may_as
from bihuan.foundation.actions.writing import about, allow, day_of, entry_of, record, view_of
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lights import Colour, Light
from bihuan.foundation.grammar.lights import Override as Rule
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.spans import length
from bihuan.foundation.grammar.workdays import state_council
from bihuan.foundation.ledger import writing
from bihuan.foundation.models import Entry, Event, Override


@dataclass(frozen=True)
class HandSet:
    """A colour for a light (``plate`` or ``mechanism.plate``) until a day, that day included, and why."""

    light: str
    colour: Colour
    until_day: date
    reason: str


def override(actor: Actor, register: str, key: str, hand: HandSet, at: datetime) -> Event:
    """Set a colour by hand. It shows beside the rule's until its end; one that stands already gives way to it."""
    today = day_of(at)
    with writing():
        entry = entry_of(register, key)
        item, rule = _rule(register, hand.light, at)
        allow(may_as(actor, rule.who, view_of(register, at), entry))
        if not hand.reason.strip():
            raise rejected(Refused("人工改灯须写明理由", "setting a light by hand needs a reason", "已按期整改，待核验"), item.key, item.shape.title)
        most = length(rule.until, view_of(register, at).parameters, today, item.mechanism)
        last = state_council().add(today, most.count, most.unit)
        if not today <= hand.until_day <= last:
            why = Refused(f"截止日须在 {today} 至 {last} 之间", f"the last day must lie between {today} and {last}", str(last))
            raise rejected(why, item.key, item.shape.title)
        body = {
            "mechanism": f"{item.pack}.{item.mechanism}",
            "light": item.key,
            "colour": hand.colour,
            "reason": hand.reason,
            "from_day": today.isoformat(),
            "until_day": hand.until_day.isoformat(),
        }
        return record(about(entry, "light.overridden", body, actor, at))


def restore(actor: Actor, number: int, reason: str, at: datetime) -> Event:
    """Take a colour set by hand back before its end: the rule's own shows again from today."""
    today = day_of(at)
    with writing():
        standing = Override.objects.select_related("entry").filter(pk=number, until_day__gte=today, ended_on__isnull=True).first()
        if standing is None:
            raise rejected(Refused("没有这项人工改灯", "there is no such override", ""))
        entry: Entry = standing.entry
        _item, rule = _rule(standing.register, f"{standing.mechanism}.{standing.light}", at)
        allow(may_as(actor, rule.who, view_of(standing.register, at), entry))
        return record(about(entry, "light.restored", {"override": standing.pk, "on": today.isoformat(), "reason": reason}, actor, at))


def _rule(register: str, light: str, at: datetime) -> tuple[Item[Light], Rule]:
    item = view_of(register, at).lights.find(light)
    if item is None:
        raise rejected(Refused(f"没有“{light}”这盏灯", f"there is no light “{light}”", ""))
    if item.shape.override is None:
        raise rejected(Refused(f"“{item.shape.title}”不得人工改灯", f"“{item.shape.title}” may not be set by hand", ""), item.key, item.shape.title)
    return item, item.shape.override
