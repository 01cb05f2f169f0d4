"""Two rows of a register are one thing, or they are not: merged, taken apart again, told apart so that nobody is asked again.

A merge is one transaction. The rows that are merged stay, marked, and name the row that stands for them; their open duties are cancelled; what
referred to them refers to that row from then on. Taking it back undoes exactly this: what somebody has changed since stays as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bihuan.foundation.access import Actor, may_as
from bihuan.foundation.actions import clockwork
from bihuan.foundation.actions.changing import refusals_by_row
from bihuan.foundation.actions.entries import amended, change_body, refuse, taken
from bihuan.foundation.actions.writing import allow, day_of, entry_of, record, view_of
from bihuan.foundation.checking import Incoming, Rejected, rejected
from bihuan.foundation.grammar.duplicates import Duplicates
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import New, body_of, writing
from bihuan.foundation.loading import catalogue
from bihuan.foundation.merged import survivor_of, titles
from bihuan.foundation.models import Apart, Duty, Entry, Event

Reference = tuple[str, int, str, str]
"""The register and id of a row, its field, and the key it held before the merge."""


def merge(actor: Actor, register: str, survivor: str, versions: Mapping[str, int], at: datetime, reason: str = "") -> Event:
    """Merge rows, given by key with the version they were read at, into the row `survivor`. One entry of the ledger, and one for each register
    whose rows refer to them.

    Rejected where a row is gone, was merged, changed since it was read or was told apart from the survivor, where it is the survivor itself, and
    where what refers to it would stand twice; then nothing is written.
    """
    view = view_of(register, at)
    shape = _asked(view)
    with writing():
        kept = entry_of(register, survivor)
        merged = [_unchanged(entry_of(register, key), version) for key, version in versions.items()]
        for entry in (kept, *merged):
            allow(may_as(actor, shape.confirmed_by, view, entry))
        _refuse_contradiction(kept, merged)
        moved = _repoint(actor, view, {entry.key: kept.key for entry in merged}, at, reason or f"并入 {kept.key}")
        edits = [{"id": entry.pk, "key": entry.key, "version": entry.version + 1, "merged_into": kept.pk} for entry in merged]
        duties = clockwork.merged(*(clockwork.on_withdrawal(entry, day_of(at)) for entry in merged))
        body = {"into": kept.pk, "into_key": kept.key, "edits": edits, "repointed": [list(one) for one in moved], "reason": reason, **duties.body()}
        return record(New("entries.merged", body, actor.username, at, register, kept.key))


def unmerge(actor: Actor, register: str, key: str, at: datetime, reason: str) -> Event:
    """Let a merged row stand for itself again, with its duties and with what referred to it.

    Rejected without a reason, where the row is not merged, where the row it is part of was itself merged since, and where its name has been taken
    by a third row meanwhile.
    """
    view = view_of(register, at)
    shape = _asked(view)
    if not reason.strip():
        raise rejected(Refused("撤销合并须写明理由", "taking a merge back needs a reason", "核实为两家企业"), "reason", "理由")
    with writing():
        entry = Entry.objects.filter(register=register, key=key, merged_into__isnull=False).select_related("merged_into").first()
        kept = entry.merged_into if entry else None
        if entry is None or kept is None:
            raise rejected(Refused(f"“{key}”没有并入别的行", f"“{key}” is not merged", ""))
        for one in (entry, kept):
            allow(may_as(actor, shape.confirmed_by, view, one))
        if kept.withdrawn:
            there = survivor_of(kept)
            said = f"“{kept.key}”后来又并入了“{there.key}”，先撤销那一次" if kept.merged_into_id else f"“{kept.key}”已撤回"
            said_en = f"“{kept.key}” was merged into “{there.key}” since; take that back first" if kept.merged_into_id else f"“{kept.key}” was withdrawn"
            raise rejected(Refused(said, said_en, ""))
        refuse(taken(view, [entry], [Incoming(entry.data)], but=(kept.pk,)))
        before = _merging(entry)
        edit = {"id": entry.pk, "key": entry.key, "version": entry.version + 1, "merged_into": None}
        body = {"into": kept.pk, "into_key": kept.key, "edits": [edit], "repointed": [], "reason": reason, **_reopened(entry, before).body()}
        event = record(New("entries.unmerged", body, actor.username, at, register, entry.key))
        _point_back(actor, [one for one in before["repointed"] if one[3] == key], kept.key, at, reason)
        return event


def tell_apart(actor: Actor, register: str, keys: tuple[str, str], at: datetime, reason: str = "") -> Event:
    """Say that two rows are two things, so that the pair is not put forward again."""
    with writing():
        first, second = _pair(actor, register, keys, at)
        if _told(first, second):
            raise rejected(Refused("这两行已经判为不同", "these two rows have been told apart already", ""))
        return record(_about(first, second, "pair.told_apart", actor, at, reason))


def reconsider(actor: Actor, register: str, keys: tuple[str, str], at: datetime, reason: str = "") -> Event:
    """Take back that two rows are two things."""
    with writing():
        first, second = _pair(actor, register, keys, at)
        if not _told(first, second):
            raise rejected(Refused("这两行没有判为不同", "these two rows were not told apart", ""))
        return record(_about(first, second, "pair.reconsidered", actor, at, reason))


def _asked(view: RegisterView) -> Duplicates:
    if view.shape.duplicates is None:
        raise rejected(Refused(f"{view.shape.title}没有写明凭什么判定重复（duplicates），不能合并", f"{view.name} says nothing of duplicates, so nothing is merged", ""))
    return view.shape.duplicates


def _unchanged(entry: Entry, version: int) -> Entry:
    """The row, where nobody has changed it since it was read."""
    if entry.version != version:
        why = Refused(
            f"“{entry.key}”刚刚被人改过（第 {entry.version} 版），请重新核对后再合并",
            f"“{entry.key}” was changed just now (version {entry.version}); look at it again before merging", "",
        )  # fmt: skip
        raise rejected(why)
    return entry


def _refuse_contradiction(kept: Entry, merged: Sequence[Entry]) -> None:
    if not merged:
        raise rejected(Refused("没有选要合并的行", "no row to merge was chosen", ""))
    if any(entry.pk == kept.pk for entry in merged):
        raise rejected(Refused(f"“{kept.key}”不能并入自己", f"“{kept.key}” cannot be merged into itself", ""))
    apart = [entry for entry in merged if _told(*sorted((kept, entry), key=lambda one: one.pk))]
    if apart:
        said = titles(apart)
        raise rejected(Refused(f"{said}已判为与“{kept.key}”不同，先撤销那个判定", f"{said} was told apart from “{kept.key}”; take that back first", ""))


def _told(first: Entry, second: Entry) -> bool:
    return Apart.objects.filter(first=first, second=second, undone=False).exists()


def _pair(actor: Actor, register: str, keys: tuple[str, str], at: datetime) -> tuple[Entry, Entry]:
    """Two rows that stand, the smaller id first, of which the actor may say whether they are one."""
    view = view_of(register, at)
    shape = _asked(view)
    first, second = sorted((entry_of(register, key) for key in keys), key=lambda entry: entry.pk)
    if first.pk == second.pk:
        raise rejected(Refused(f"“{first.key}”与自己无从比较", f"“{first.key}” cannot be compared with itself", ""))
    for entry in (first, second):
        allow(may_as(actor, shape.confirmed_by, view, entry))
    return first, second


def _about(first: Entry, second: Entry, kind: str, actor: Actor, at: datetime, reason: str) -> New:
    body = {"first": first.pk, "second": second.pk, "keys": [first.key, second.key], "on": day_of(at).isoformat(), "reason": reason}
    return New(kind, body, actor.username, at, first.register, first.key)


# --- what refers to the rows


def _repoint(actor: Actor, view: RegisterView, keys: Mapping[str, str], at: datetime, reason: str) -> list[Reference]:
    """Let every row that refers to one of `keys` refer to the key beside it, register by register; gives what was changed."""
    moved: list[Reference] = []
    for child, fields in _referring(view, at):
        edits: dict[int, dict[str, str]] = {}
        for name in fields:
            for number, key in _rows_with(child, name, sorted(keys)):
                edits.setdefault(number, {})[name] = keys[key]
                moved.append((child.name, number, name, key))
        _write(actor, child, edits, at, reason)
    return moved


def _point_back(actor: Actor, moved: Sequence[Sequence[Any]], from_key: str, at: datetime, reason: str) -> None:
    """Undo what `_repoint` did for one row, where it still stands."""
    registers = catalogue(day_of(at)).registers
    for name in dict.fromkeys(str(one[0]) for one in moved):
        edits: dict[int, dict[str, str]] = {}
        rows = Entry.objects.filter(withdrawn=False).in_bulk([one[1] for one in moved if one[0] == name])
        for _register, number, field, key in (one for one in moved if one[0] == name):
            if number in rows and rows[number].data.get(field) == from_key:
                edits.setdefault(number, {})[field] = key
        if name in registers:
            _write(actor, registers[name], edits, at, reason)


def _referring(view: RegisterView, at: datetime) -> Iterator[tuple[RegisterView, list[str]]]:
    """The registers that refer to this one, with the fields that do."""
    packs = catalogue(day_of(at))
    for child in packs.registers.values():
        fields = [name for name, shape in child.shape.fields.items() if shape.kind == "entry" and packs.referred(shape.of, child.pack) is view]
        if fields:
            yield child, fields


def _rows_with(child: RegisterView, field: str, keys: Sequence[str]) -> Iterator[tuple[int, str]]:
    rows = Entry.objects.filter(register=child.name, withdrawn=False, **{f"data__{field}__in": keys}).order_by("pk")
    yield from rows.values_list("pk", f"data__{field}")


def _write(actor: Actor, child: RegisterView, edits: Mapping[int, dict[str, str]], at: datetime, reason: str) -> None:
    """Change references as one entry of the ledger; rejected where a row would then stand twice."""
    if not edits:
        return
    rows = Entry.objects.in_bulk(list(edits))
    after = [amended(child, rows[number], dict(changed)) for number, changed in edits.items()]
    incoming = [Incoming(changed) for changed in edits.values()]
    found = refusals_by_row(child, after, [dict(changed) for changed in edits.values()], incoming, day_of(at))
    wrong = [refusal for refusals in found for refusal in refusals]
    if wrong:
        why = Refused(
            f"合并后{child.shape.title}里会有重复或不合规定的行（{titles(rows[number] for number, one in zip(edits, found, strict=True) if one)}），先办结或撤回其中一行",
            f"rows of {child.name} would stand twice or break a rule; settle or withdraw one of each first", "",
        )  # fmt: skip
        raise Rejected([*rejected(why).refusals, *wrong])
    body = [
        {"id": number, "key": rows[number].key, **change_body(child, rows[number], one, dict(changed))} for one, (number, changed) in zip(after, edits.items(), strict=True)
    ]
    record(New("entries.changed", {"edits": body, "reason": reason}, actor.username, at, child.name))


# --- what a merge cancelled


def _merging(entry: Entry) -> dict[str, Any]:
    """What the entry of the ledger that merged a row says."""
    events = Event.objects.filter(kind="entries.merged", seq__in=entry.traces.values("seq")).order_by("-seq")
    return next(body for body in map(body_of, events) if any(edit["id"] == entry.pk for edit in body["edits"]))


def _reopened(entry: Entry, merging: Mapping[str, Any]) -> clockwork.Changes:
    """The duties of a row that the merge cancelled and that are cancelled still."""
    cancelled = [part["key"] for part in (merging.get("duties") or {}).get("change", ())]
    held = Duty.objects.filter(entry=entry, key__in=cancelled, outcome="cancelled").order_by("pk")
    return clockwork.Changes(change=[{"key": duty.key, "closed_on": None, "outcome": ""} for duty in held])
