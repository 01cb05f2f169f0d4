"""From the ledger to the tables: one function for each kind of entry, and nothing else ever writes a projected table.

The functions are deterministic: they use the entry, its body and the tables as the earlier entries left them, never a clock
or a setting. So applying the whole ledger to empty tables gives the same rows with the same ids.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model

from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import (
    Allocation,
    Apart,
    Assignment,
    Attempt,
    Balance,
    Cursor,
    Duty,
    Entry,
    Event,
    Figure,
    Grant,
    Invitation,
    Member,
    Office,
    Override,
    PackVersion,
    Paper,
    PayList,
    Payment,
    Posting,
    Preference,
    SavedView,
    Seal,
    Secret,
    Trace,
    Unsent,
    Upload,
    Verdict,
)
from bihuan.foundation.projections import duties, house, merging, payments, quotas, rows, verdicts
from bihuan.foundation.projections.ids import next_id
from bihuan.foundation.projections.putting import put

Apply = Callable[[Event, dict[str, Any], str], Iterable[int]]
"""Applies an event with its body to the database of that alias; gives the ids of the rows it speaks of."""

KINDS: dict[str, Apply] = {
    "city.invented": house.nothing,
    "office.set": house.set_office,
    "member.set": house.set_member,
    "member.roles_set": house.set_roles,
    "member.password_set": house.nothing,
    "member.signed_in": house.nothing,
    "member.locked_out": house.nothing,
    "member.sessions_ended": house.end_sessions,
    "invitation.made": house.invite,
    "invitation.revoked": house.revoke,
    "invitation.used": house.use,
    "pack.adopted": house.adopt,
    "upload.received": house.receive,
    "upload.settled": house.settle,
    "ledger.sealed": house.seal,
    "tables.rebuilt": house.nothing,
    "personal.revealed": rows.reveal,
    "personal.erased": rows.erase,
    "entries.recorded": rows.record,
    "entries.imported": rows.record,
    "entry.changed": rows.change,
    "entries.changed": rows.change_many,
    "entry.withdrawn": rows.withdraw,
    "entry.moved": rows.move,
    "entries.moved": rows.move_many,
    "entries.merged": merging.merge,
    "entries.unmerged": merging.merge,
    "pair.told_apart": merging.tell_apart,
    "pair.reconsidered": merging.reconsider,
    "figures.recorded": rows.record_figures,
    "entry.assigned": rows.assign,
    "entries.assigned": rows.assign_many,
    "duties.changed": duties.change,
    "duty.asked": duties.change,
    "duty.declined": duties.change,
    "duty.extended": duties.change,
    "duty.paused": duties.change,
    "duty.resumed": duties.change,
    "duty.closed": duties.change,
    "judged": verdicts.judge,
    "handoffs.started": rows.record,
    "light.overridden": verdicts.override,
    "light.restored": verdicts.restore,
    "paper.drafted": house.draft,
    "paper.checked": house.step_paper,
    "paper.signed": house.step_paper,
    "paper.returned": house.send_back,
    "paper.renewed": house.renew,
    "paper.kept": house.keep,
    "paper.issued": house.issue,
    "paper.archived": house.archive,
    "paper.dropped": house.drop,
    "payments.drafted": payments.draft,
    "payments.listed": payments.take_in,
    "payments.reviewed": payments.review,
    "payments.confirmed": payments.confirm,
    "payments.dropped": payments.drop,
    "quota.posted": quotas.post,
    "allocation.drafted": quotas.draft,
    "allocation.listed": quotas.take_in,
    "allocation.reviewed": quotas.review,
    "allocation.confirmed": quotas.confirm,
    "allocation.dropped": quotas.drop,
}
"""Every kind of entry the ledger may hold."""

PROJECTED: tuple[type[Model], ...] = (
    Office, Member, Invitation, PackVersion, Upload, Entry, Apart, Figure, Assignment, Override, Verdict, Duty, Paper, PayList, Payment, Allocation,
    Grant, Posting, Balance, Seal, Trace,
)  # fmt: skip
"""The tables that the ledger can build again, in an order in which each refers only to those before it."""

KEPT: dict[type[Model], dict[str, str]] = {
    Member: {"password": "a hash of a secret does not belong into a record that is kept for ever and read by auditors"},
}
"""Columns of projected tables that the ledger does not know, and why; a rebuild keeps them."""

EXEMPT: dict[type[Model] | str, str] = {
    Event: "is the ledger itself",
    Secret: "holds what the ledger must be able to forget; each row is bound to the ledger by its commitment, which verify checks",
    Cursor: "how far a follower has come: a derived position, moved in the same transaction as what it follows",
    SavedView: "a person's own way of looking; it changes no record and nobody's duty",
    Preference: "how somebody likes to see things and how far they have read; what they were told is in the ledger",
    Unsent: "what somebody typed and has not sent: no record until it is sent; sent, thrown away or out of date it is deleted",
    Attempt: "tries at signing in, kept for the lock-out and then pruned; the lock-out itself is in the ledger",
    "django_session": "a browser's session; it ends by itself and holds no record",
    "django_migrations": "Django's own list of the migrations that ran",
    "django_content_type": "Django's own list of models",
    "auth_permission": "made by Django's auth application; Bihuan decides by roles and office and never reads it",
    "auth_group": "made by Django's auth application; never read",
    "auth_group_permissions": "made by Django's auth application; never read",
}
"""The tables that are not built from the ledger, and why."""


class UnknownKind(LookupError):
    """The ledger holds an entry whose kind this version of Bihuan does not know."""


def apply(event: Event, using: str = "default") -> None:
    """Bring the tables from before this event to after it. The caller holds the transaction in which it was appended."""
    if event.kind not in KINDS:
        raise UnknownKind(
            f"账本第 {event.seq} 条的种类 {event.kind} 本版本不认识。\nThis version does not know the kind {event.kind} of entry {event.seq}."
        )
    touched = sorted(set(KINDS[event.kind](event, body_of(event), using)))
    start = next_id(Trace, using) if touched else 0
    put([Trace(id=start + place, entry_id=entry, seq=event.seq) for place, entry in enumerate(touched)], using)
