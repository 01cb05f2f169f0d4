"""Looking at personal data, and forgetting it."""

from datetime import datetime
from typing import Any

from bihuan.foundation.access import Actor, may, personal_fields
from bihuan.foundation.actions import entries, members
from bihuan.foundation.actions.writing import about, allow, entry_of, record, view_of
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.ledger import New, writing
from bihuan.foundation.models import Event
from bihuan.foundation.private import forget


def reveal(actor: Actor, register: str, key: str, field: str, reason: str, at: datetime) -> Any:
    """The unmasked value of one personal field, for staff in charge of the row who say why. Who looked at what is on record."""
    view = view_of(register, at)
    with writing():
        entry = entry_of(register, key)
        allow(may(actor, "reveal", view, entry))
        if field not in personal_fields(view):
            raise rejected(Refused(f"“{field}”不是个人信息", f"“{field}” is not personal data", ""), field)
        if not reason.strip():
            raise rejected(Refused("查看个人信息须写明理由", "looking at personal data needs a reason", "联系业主核实"), "reason", "理由")
        record(about(entry, "personal.revealed", {"field": field, "reason": reason}, actor, at))
        return entry.data.get(field)


def erase_entry(actor: Actor, register: str, key: str, reason: str, at: datetime) -> Event:
    """Forget the personal data of a row for good. The ledger keeps that something was there, and its chain still verifies."""
    view = view_of(register, at)
    allow(may(actor, "personal.erase"))
    with writing():
        entry = entry_of(register, key)
        forget(entries.subject_of(register, key))
        return record(about(entry, "personal.erased", {"fields": sorted(personal_fields(view)), "reason": reason}, actor, at))


def erase_member(actor: Actor, username: str, reason: str, at: datetime) -> Event:
    """Forget a person's name and phone for good and close the account. What they did stays under the username."""
    allow(may(actor, "personal.erase"))
    with writing():
        members.member_of(username)
        forget(members.subject_of(username))
        return record(New("personal.erased", {"username": username, "reason": reason}, actor.username, at))
