"""A document being looked at, as an address asks for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import get_language

from bihuan.computing.read_in import Place
from bihuan.foundation.grammar.quantities import known_unit, with_unit
from bihuan.foundation.models import Entry, Upload
from bihuan.portal import guarded, words
from bihuan.portal.visits import Visit, query

PAGE = 30
"""So many findings stand beside the text at once; what was looked at makes room for the next."""

ALL = "all"


@dataclass
class Page:
    """A document being looked at: what was found in it, which of it is asked for, and which stands beside the text."""

    visit: Visit
    place: Place
    document: Entry
    upload: Upload

    @cached_property
    def every(self) -> list[Entry]:
        """All findings, in the order of the text."""
        return guarded.findings_of(self.visit, self.place, self.document)

    @property
    def start(self) -> str:
        """The state in which nobody has looked at a finding."""
        return self.place.view.lifecycle.shape.start if self.place.view.lifecycle else ""

    @property
    def waiting(self) -> str:
        """The state in which a finding waits for the second person."""
        return self.place.view.lifecycle.shape.moves[self.place.shape.accept].to if self.place.view.lifecycle else ""

    @property
    def confirmed(self) -> str:
        """The state of a finding that a second person has confirmed."""
        return self.place.view.lifecycle.shape.moves[self.place.shape.confirm].to if self.place.view.lifecycle else ""

    @cached_property
    def state(self) -> str:
        """Which state is asked for; by default what is still to be looked at, then what waits, then everything."""
        asked = self.visit.request.GET.get("state", "")
        counts = Counter(entry.state for entry in self.every)
        if asked == ALL or asked in counts:
            return asked
        return next((state for state in (self.start, self.waiting) if counts[state]), ALL)

    @property
    def kind(self) -> str:
        """Which kind is asked for, empty for all."""
        return self.visit.request.GET.get("kind", "")

    @property
    def line(self) -> int:
        """The line of the text that is asked for, 0 for none."""
        asked = self.visit.request.GET.get("line", "")
        return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 8 else 0

    @cached_property
    def chosen(self) -> list[Entry]:
        """The findings asked for; with ``at`` from that one on."""
        kind = self.place.shape.kind
        found = [one for one in self.every if self.state in (ALL, one.state) and self.kind in ("", one.data.get(kind))]
        at = self.visit.request.GET.get("at", "")
        if at.isascii() and at.isdecimal():
            place = next((number for number, one in enumerate(self.every) if str(one.pk) == at), 0)
            kept = {one.pk for one in found}
            found = [one for one in self.every[place:] if one.pk in kept or str(one.pk) == at]
        return found

    def href(self, **changes: str) -> str:
        """This page, asked for something else."""
        asked = {"state": self.state, "kind": self.kind} | changes
        return reverse("reading", args=[self.place.view.name, self.document.pk]) + query(**asked)


def opened(visit: Visit, register: str, number: int) -> Page:
    """The document of an address; 404 where there is none, or it is not this person's to see."""
    place = guarded.reading_into(visit, register)
    document, upload = guarded.document_of(visit, place, number)
    return Page(visit, place, document, upload)


def amount_text(comparator: str, value: str, high: str, unit: str) -> str:
    """Comparison, number and unit in one phrase; empty for what has no number."""
    known, language = known_unit(unit), get_language() or "zh"
    if not value:
        return ""
    if high or known is None:
        amount = f"{value}{f'—{high}' if high else ''}{'' if language.startswith('zh') else ' '}{words.unit_text(unit)}"
    else:
        amount = with_unit(value, known, language)
    return f"{comparator} {amount}".strip()
