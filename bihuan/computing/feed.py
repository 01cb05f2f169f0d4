"""What the entries of the ledger speak of: the rows, duties and verdicts a follower has to look at again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Event

WHOLE = frozenset({"pack.adopted"})
"""Kinds after which everything is looked at again: the rules themselves have changed."""


@dataclass
class Touched:
    """What several events speak of.

    `entries` are rows that changed and `figures` rows of which only figures did, by register and id; `duties` are keys; `judged` the entries
    whose verdicts or overrides changed, `groups` whether verdicts of groups did; `everything`: a pack was adopted.
    """

    entries: dict[str, set[int]] = field(default_factory=dict)
    figures: dict[str, set[int]] = field(default_factory=dict)
    duties: set[str] = field(default_factory=set)
    judged: set[int] = field(default_factory=set)
    groups: bool = False
    everything: bool = False

    def take(self, event: Event, body: dict[str, Any]) -> None:
        """Take in what one event speaks of."""
        self.everything |= event.kind in WHOLE
        kept = self.figures if event.kind == "figures.recorded" else self.entries
        for part in ("rows", "changes", "edits"):
            if isinstance(spoken := body.get(part), list):  # a settled upload says only how many rows it had
                kept.setdefault(event.register, set()).update(one["id"] for one in spoken)
        if isinstance(body.get("id"), int) and event.kind.partition(".")[0] in ("entry", "personal"):
            self.entries.setdefault(event.register, set()).add(body["id"])
        if event.kind == "quota.posted":
            self.entries.setdefault(event.register, set()).update(entry for _giver, _taker, entry, _amount in body["lines"] if entry is not None)
        if event.kind in ("light.overridden", "light.restored"):
            self.judged.add(body["id"])
        for said in body.get("verdicts", ()):
            if said.get("entry"):
                self.judged.add(said["entry"])
            else:
                self.groups = True
        duties = body.get("duties") or {}
        self.duties |= {duty["key"] for part in ("open", "change") for duty in duties.get(part, ())}

    def rows(self) -> dict[str, set[int]]:
        """The rows that changed in any way, by register."""
        return {name: self.entries.get(name, set()) | self.figures.get(name, set()) for name in {**self.entries, **self.figures}}


def touched(events: Iterable[Event]) -> Touched:
    """What several events speak of together."""
    found = Touched()
    for event in events:
        found.take(event, body_of(event))
    return found
