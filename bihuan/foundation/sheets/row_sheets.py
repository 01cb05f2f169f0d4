"""Check a sheet of rows: each row of the sheet is recorded, or changes the row of the register that has its key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import chain

from bihuan.foundation.access import Actor, charge, mask, visible
from bihuan.foundation.actions.changing import change_entries, entries_by_key
from bihuan.foundation.actions.entries import Edit, amended, record_entries
from bihuan.foundation.actions.writing import Forbidden
from bihuan.foundation.checking import Incoming, Refusal, Rejected, Value, check_row
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.scopes import measure_of
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import writing
from bihuan.foundation.models import Entry
from bihuan.foundation.sheets.cells import Sheet
from bihuan.foundation.sheets.figure_sheets import Findings, Row, changed_since, exported_at, is_masked, keys_of, rows_below
from bihuan.foundation.sheets.findings import Change, Checked, Counts, Problem, RowEdit
from bihuan.foundation.sheets.headers import Column
from bihuan.foundation.sheets.values import NUMBERS, as_typed, value_of

Given = dict[str, Value]


class _Undo(Exception):
    """Ends a rehearsal."""


def check_rows(checked: Checked, sheet: Sheet, view: RegisterView, actor: Actor, at: datetime) -> Checked:
    """The rows that would be recorded or changed."""
    findings = Findings(sheet, problems=list(checked.problems))
    rows = rows_below(sheet, checked)
    key_column = next(column for column in checked.columns if column.key == view.shape.key)
    keys = keys_of(findings, rows, key_column)
    entries = entries_by_key(view.name, list(keys.values()))
    reach, seen = charge(actor, view), visible(actor, view)
    fresh: dict[int, Incoming] = {}
    edits: dict[int, RowEdit] = {}
    recognised: set[int] = set()
    for number, key in keys.items():
        entry = entries.get(key)
        given = _values(findings, rows[number], checked.columns, entry)
        cells = cells_of_row(view, checked.columns, number, key_column)
        if entry is not None and not reach.holds(entry) and (not seen.holds(entry) or _differs(entry, given)):
            findings.refuse(number, f"{key_column.letters}{number}", key_column, _not_yours(key, seen=seen.holds(entry)), key)
        elif number in findings.refused:
            continue
        elif entry is None and not key and checked.before:
            recognised.add(number)
        elif (given or entry is None) and not reach.holds(_as_it_will_be(view, entry, given)):
            column = next((one for one in checked.columns if one.key == view.shape.office), key_column)
            findings.refuse(number, f"{column.letters}{number}", column, _elsewhere(str(given.get(view.shape.office) or "")), key)
        elif entry is None:
            fresh[number] = Incoming(typed(view, {name: value for name, value in given.items() if value is not None}), cells)
            findings.changes += _all_new(view, fresh[number], key, given, checked.columns, number)
        else:
            edit = _edit(findings, entry, given, cells, checked.columns)
            if edit:
                edits[number] = RowEdit(key, entry.version, Incoming(typed(view, edit), cells))
    if recognised:
        findings.problems.append(_seen_before(checked, recognised))
    incomplete = {number: refusals for number, row in fresh.items() if (refusals := check_row(view.shape, row, whole=True)[1])}
    complete = [row for number, row in fresh.items() if number not in incomplete]
    refusals = [*chain(*incomplete.values()), *rehearse(view, complete, list(edits.values()), actor, at)]
    _blame(findings, refusals, [*fresh, *edits], key_column)
    return _counted(checked, findings, rows, fresh, edits)


def typed(view: RegisterView, values: Mapping[str, Value]) -> dict[str, object]:
    """Stored values as somebody would type them, for an action, which reads everything anew."""
    fields = view.shape.fields
    return {name: typed_value(fields[name], value) for name, value in values.items()}


def typed_value(shape: FieldShape, value: Value) -> object:
    """A stored value as somebody would type it."""
    if isinstance(value, int) and shape.kind in NUMBERS:
        return as_typed(value, measure_of(shape))
    return value


def cells_of_row(view: RegisterView, columns: Sequence[Column], number: int, key_column: Column) -> dict[str, str]:
    """The cell of each field of a row; the cell of its key for a field the sheet has no column for."""
    found = {column.key: f"{column.letters}{number}" for column in columns}
    return {name: found.get(name, f"{key_column.letters}{number}") for name in view.shape.fields}


def _values(findings: Findings, row: Row, columns: Iterable[Column], entry: Entry | None) -> Given:
    """The stored values of a row, without the empty cells; what cannot be read is refused. Personal data masked says nothing new."""
    given: Given = {}
    for column in columns:
        cell = row.get(column.number)
        if cell is None or (entry is not None and is_masked(cell, column)):
            continue
        try:
            given[column.key] = value_of(column.shape, cell, column.unit)
        except Refused as why:
            findings.refuse(cell.row, cell.reference, column, why, entry.key if entry else "")
    return given


def _as_it_will_be(view: RegisterView, entry: Entry | None, given: Given) -> Entry:
    """The row as far as it matters for whose it is."""
    stands = entry or Entry(register=view.name)
    return amended(view, stands, {name: value for name, value in given.items() if value is not None})


def _differs(entry: Entry, given: Given) -> bool:
    return any(value is not None and value != entry.data.get(name) for name, value in given.items())


def _all_new(view: RegisterView, row: Incoming, key: str, given: Given, columns: Iterable[Column], number: int) -> list[Change]:
    title = str(given.get(view.shape.name) or key)
    return [
        Change(key, title, column.key, column.shape, None, given[column.key], f"{column.letters}{number}", fresh=True)
        for column in columns
        if given.get(column.key) is not None
    ]


def _edit(findings: Findings, entry: Entry, given: Given, cells: Mapping[str, str], columns: Iterable[Column]) -> Given:
    """The fields of a row that stands whose value the sheet changes. A masked value that stands masked is no change."""
    changed: Given = {}
    exported = exported_at(findings.sheet)
    for column in columns:
        stands, value = entry.data.get(column.key), given.get(column.key)
        if value is None or value == stands:
            findings.same_cells += value is not None
            continue
        changed[column.key] = value
        shown = mask(stands) if column.shape.personal else stands
        old: Value = shown if isinstance(shown, bool | int | str | list) else None
        change = Change(entry.key, entry.title, column.key, column.shape, old, value, cells[column.key])
        findings.changes.append(change)
        if exported and entry.changed_seq > exported:
            findings.wonder(change, changed_since(exported))
    return changed


def rehearse(view: RegisterView, fresh: list[Incoming], edits: list[RowEdit], actor: Actor, at: datetime) -> list[Refusal]:
    """What the actions would refuse if the rows were recorded now: they are recorded, and undone."""
    refusals: list[Refusal] = []
    if not fresh and not edits:
        return refusals
    try:
        with writing():
            if fresh:
                _try(partial(record_entries, actor, view.name, fresh, at), refusals, "")
            if edits:
                _try(partial(change_entries, actor, view.name, edits_of(edits), at), refusals, "")
            raise _Undo
    except _Undo:
        return refusals


def _try(act: Callable[[], object], refusals: list[Refusal], cell: str) -> None:
    try:
        act()
    except Rejected as rejected:
        refusals += rejected.refusals
    except Forbidden as forbidden:
        decision = forbidden.decision
        refusals.append(Refusal("", "", Refused(decision.reason, decision.reason_en), cell))


def edits_of(edits: Iterable[RowEdit]) -> dict[str, Edit]:
    """The changes of rows as the action takes them."""
    return {edit.key: Edit(edit.row.values, edit.version, cells=edit.row.cells) for edit in edits}


def _blame(findings: Findings, refusals: Iterable[Refusal], numbers: Iterable[int], key_column: Column) -> None:
    """Each refusal of an action as a problem of its cell."""
    known = set(numbers)
    for refusal in refusals:
        number = int(refusal.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0)
        stands = {cell.reference: cell for cell in findings.sheet.rows.get(number, {}).values()}.get(refusal.cell)
        key = findings.sheet.rows.get(number, {}).get(key_column.number)
        findings.problems.append(
            Problem(findings.sheet.name, refusal.cell, key.shown if key else "", refusal.title, stands.shown if stands else "", refusal.why)
        )
        findings.refused |= {number} & known if number else known


def _seen_before(checked: Checked, rows: set[int]) -> Problem:
    why = Refused(
        f"这份文件已经入账（账本第 {checked.before} 条），其中 {len(rows)} 行没有编号，不再重复登记",
        f"this file was confirmed already (entry {checked.before}); its {len(rows)} rows without a key are not recorded again",
    )
    return Problem(checked.sheet, "", "", "", "", why, grave=False)


def _elsewhere(office: str) -> Refused:
    if not office:
        return Refused("看不出这一行归谁管；请填写所属单位", "it is not said whose row this is; fill in its office")
    return Refused(f"没有名为“{office}”的单位，或不在您的职责范围内", f"there is no office “{office}”, or it is not within your charge")


def _not_yours(key: str, *, seen: bool) -> Refused:
    if seen:
        return Refused(f"“{key}”不在您的职责范围内", f"“{key}” is not within your charge")
    return Refused(f"“{key}”这个编号不能由您登记或修改；请核对编号", f"“{key}” is not yours to record or change; check the key")


def _counted(
    checked: Checked, findings: Findings, rows: Mapping[int, Row], fresh: Mapping[int, Incoming], edits: Mapping[int, RowEdit]
) -> Checked:
    refused = findings.refused & rows.keys()
    new, changed = len(fresh.keys() - refused), len(edits.keys() - refused)
    counts = Counts(new, changed, len(rows) - len(refused) - new - changed, len(refused), findings.same_cells)
    return replace(
        checked,
        counts=counts,
        changes=tuple(findings.changes),
        problems=tuple(findings.problems),
        fresh=tuple(fresh.values()),
        edits=tuple(edits.values()),
    )
