"""Lights as pages show them: the colour, the sentence it was said in, since when, and a colour set by hand beside it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse

from bihuan.computing.judge import row_lights
from bihuan.foundation import access
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry, Override, Verdict
from bihuan.portal import guarded
from bihuan.portal.visits import Shaped, Visit


def because(facts: Mapping[str, Any], language: str) -> str:
    """The sentence of a verdict as it was said when it was reached."""
    return str(facts.get("zh" if language.startswith("zh") else "en") or facts.get("zh") or "")


def light_title(visit: Visit, register: str, mechanism: str, light: str) -> str:
    """What a light is called; its key where the packs no longer have it."""
    view = visit.register(register)
    item = view.lights.find(f"{mechanism}.{light}") if view else None
    return visit.title(item.shape) if item else light


def because_list(visit: Visit, view: RegisterView, entry: Entry, verdicts: Sequence[Verdict], overrides: Iterable[Override]) -> list[Shaped]:
    """The lights of a row as `components/because.html` reads them, those first that lists show."""
    by_hand = {(one.mechanism, one.light): one for one in overrides}
    people = guarded.people(one.by for one in by_hand.values())
    order = [(f"{item.pack}.{item.mechanism}", item.key) for item in map(view.lights.__getitem__, row_lights(view))]
    known = [verdict for verdict in verdicts if (verdict.mechanism, verdict.light) in order]
    return [
        _shaped(visit, view, entry, verdict, by_hand.get((verdict.mechanism, verdict.light)), people)
        for verdict in sorted(known, key=lambda verdict: order.index((verdict.mechanism, verdict.light)))
    ]


def _shaped(
    visit: Visit, view: RegisterView, entry: Entry, verdict: Verdict, hand: Override | None, people: Mapping[str, tuple[str, str]]
) -> Shaped:
    name = f"{verdict.mechanism}.{verdict.light}"
    rule = (item := view.lights.find(name)) and item.shape.override
    may_set = bool(rule and not entry.withdrawn and access.may_as(visit.actor, rule.who, view, entry, guarded.held_on(visit, entry)))
    return {
        "title": light_title(visit, view.name, verdict.mechanism, verdict.light),
        "colour": hand.colour if hand else verdict.colour,
        "because": because(verdict.facts, visit.language),
        "basis": verdict.basis,
        "since": verdict.from_day,
        "changes_on": None,
        "why_href": reverse("why", args=[entry.pk, name]),
        "override_href": reverse("override", args=[entry.pk, name]) if may_set else "",
        "by_hand": {
            "name": people.get(hand.by, (hand.by, ""))[0], "reason": hand.reason, "until": hand.until_day, "rule_colour": verdict.colour,
        } if hand else None,
    }  # fmt: skip
