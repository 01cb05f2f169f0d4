"""What every action shares: one transaction under the ledger's lock, one entry appended and applied, or nothing at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.foundation import projections
from bihuan.foundation.access import Actor, Decision
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import New, append, writing
from bihuan.foundation.loading import catalogue
from bihuan.foundation.merged import survivor_of
from bihuan.foundation.models import Entry, Event


class Forbidden(Exception):
    """The actor may not do this; `decision` says why. Nothing was written."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        super().__init__(decision.reason)


class Conflict(Exception):
    """Somebody else changed the row since it was read. `mine` are the values not written, `theirs` the row as it stands now."""

    def __init__(self, entry: Entry, mine: dict[str, Any]) -> None:
        self.entry = entry
        self.mine = mine
        self.theirs = {field: entry.data.get(field) for field in mine}
        super().__init__(f"“{entry.key}”已被他人修改（第 {entry.version} 版）。\n“{entry.key}” was changed by somebody else (version {entry.version}).")


@dataclass(frozen=True)
class Source:
    """Where what is written came from: an upload and its sheet, a reason, or the handoff that started it.

    Of a sheet, `file` names the file: its name, digest and encoding. Of a handoff, `cause` is the entry of the ledger that set it
    off; each row says which one it came from (`Incoming.origin`).
    """

    upload: int | None = None
    sheet: str = ""
    reason: str = ""
    handoff: str = ""
    cause: int | None = None
    file: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """Only what is known, for the body of an entry of the ledger."""
        return {name: value for name, value in vars(self).items() if value}


BY_HAND = Source()


def allow(decision: Decision) -> None:
    """Go on only where it is allowed."""
    if not decision:
        raise Forbidden(decision)


def day_of(at: datetime) -> date:
    """The city's own day at a moment."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def record(new: New) -> Event:
    """Append one entry and apply it to the tables, in one transaction: the only way anything is written."""
    with writing():
        event = append(new)
        projections.apply(event)
    return event


def view_of(register: str, at: datetime) -> RegisterView:
    """The register as the packs in force at that moment have it; rejected where there is none of that name."""
    registers = catalogue(day_of(at)).registers
    if register not in registers:
        raise rejected(Refused(f"没有台账 {register}", f"there is no register {register}", "、".join(sorted(registers))))
    return registers[register]


def entry_of(register: str, key: str) -> Entry:
    """A row that stands in a register; rejected where there is none, or where it was withdrawn."""
    entry = Entry.objects.filter(register=register, key=key, withdrawn=False).first()
    if entry is None:
        raise rejected(absent(register, key))
    return entry


def absent(register: str, key: str) -> Refused:
    """Why there is no such row: it never was, was withdrawn, or was merged into another, of which only the key is said: who asks may not be allowed to see it."""
    gone = Entry.objects.filter(register=register, key=key, merged_into__isnull=False).first()
    if gone is None:
        return Refused(f"台账里没有“{key}”", f"there is no “{key}” in the register", "")
    there = survivor_of(gone)
    return Refused(f"“{key}”已并入“{there.key}”", f"“{key}” was merged into “{there.key}”", there.key)


def about(entry: Entry, kind: str, body: dict[str, Any], actor: Actor, at: datetime) -> New:
    """A new entry of the ledger about one row."""
    return New(kind=kind, body={"id": entry.pk, **body}, actor=actor.username, at=at, register=entry.register, entry=entry.key)
