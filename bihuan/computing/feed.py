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
    """`entries` by id, `duties` by key, `judged` the entries whose verdicts or overrides changed; `everything`: a pack was adopted."""

    entries: set[int] = field(default_factory=set)
    duties: set[str] = field(default_factory=set)
    judged: set[int] = field(default_factory=set)
    groups: bool = False
    everything: bool = False

    def take(self, event: Event, body: dict[str, Any]) -> None:
        """Take in what one event speaks of."""
        self.everything |= event.kind in WHOLE
        for part in ("rows", "changes", "edits"):
            if isinstance(spoken := body.get(part), list):  # a settled upload says only how many rows it had
                self.entries |= {one["id"] for one in spoken}
        if isinstance(body.get("id"), int) and event.kind.partition(".")[0] in ("entry", "personal"):
            self.entries.add(body["id"])
        if event.kind in ("light.overridden", "light.restored"):
            self.judged.add(body["id"])
        for said in body.get("verdicts", ()):
            if said.get("entry"):
                self.judged.add(said["entry"])
            else:
                self.groups = True
        duties = body.get("duties") or {}
        self.duties |= {duty["key"] for part in ("open", "change") for duty in duties.get(part, ())}


def touched(events: Iterable[Event]) -> Touched:
    """What several events speak of together."""
    found = Touched()
    for event in events:
        found.take(event, body_of(event))
    return found
