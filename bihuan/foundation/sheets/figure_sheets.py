"""Check a sheet of figures: one row for each row of the register, a column for each figure and period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bihuan.foundation.access import Actor, mask, visible
from bihuan.foundation.access import charge as charge_of
from bihuan.foundation.actions.changing import entries_by_key
from bihuan.foundation.actions.figures import frozen_on
from bihuan.foundation.actions.writing import day_of
from bihuan.foundation.checking import Value
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry, Figure
from bihuan.foundation.sheets.cells import Cell, Sheet
from bihuan.foundation.sheets.findings import Change, Checked, Counts, Problem
from bihuan.foundation.sheets.headers import Column
from bihuan.foundation.sheets.values import shown_of, value_of

Row = Mapping[int, Cell]
Standing = dict[tuple[int, str, str], tuple[int | None, int]]
"""What stands for the id of a row, a figure and a period: the value, and the number of the entry of the ledger that wrote it."""

_FAR = 1000
"""A figure so many times larger or smaller than all others of its row was probably typed in another unit."""


@dataclass
class Findings:
    """What is gathered while the rows are walked."""

    sheet: Sheet
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    same_cells: int = 0

    def refuse(self, row: int, cell: str, column: Column, why: Refused, key: str = "") -> None:
        """A value that is not accepted."""
        stands = self.sheet.rows[row].get(column.number)
        self.problems.append(Problem(self.sheet.name, cell, key, column.title, stands.shown if stands else "", why))
        self.refused.add(row)

    def wonder(self, change: Change, why: Refused) -> None:
        """A value that is accepted but odd."""
        self.problems.append(Problem(self.sheet.name, change.cell, change.row, change.shape.title, change.new_text(), why, grave=False))


def rows_below(sheet: Sheet, checked: Checked) -> dict[int, Row]:
    """The rows under the titles that hold anything in a column that counts."""
    numbers = {column.number for column in checked.columns}
    return {number: row for number, row in sheet.rows.items() if number > checked.header_row and numbers & row.keys()}


def is_masked(cell: Cell, column: Column) -> bool:
    """Whether a cell holds personal data as an export shows it: masked, so that it says nothing new."""
    return column.shape.personal and isinstance(cell.value, str) and "*" in cell.value


def keys_of(findings: Findings, rows: Mapping[int, Row], column: Column) -> dict[int, str]:
    """The key of each row that has one that can be read; a key given twice is refused where it comes again."""
    keys: dict[int, str] = {}
    first: dict[str, int] = {}
    for number, row in rows.items():
        try:
            key = str(value_of(column.shape, row[column.number], None) or "") if column.number in row else ""
        except Refused as why:
            findings.refuse(number, f"{column.letters}{number}", column, why)
            continue
        if key and key in first:
            what = f"“{key}”在 {column.letters}{first[key]} 已经有一行；请只留一行"
            findings.refuse(
                number,
                f"{column.letters}{number}",
                column,
                Refused(what, f"“{key}” stands in {column.letters}{first[key]} already; keep one row"),
            )
            continue
        keys[number] = key
        first.setdefault(key, number)
    return keys


def check_figures(checked: Checked, sheet: Sheet, view: RegisterView, actor: Actor, at: datetime) -> Checked:
    """The figures that would change."""
    findings = Findings(sheet, problems=list(checked.problems))
    rows = rows_below(sheet, checked)
    key_column = next(column for column in checked.columns if column.key == view.shape.key and not column.figure)
    keys = keys_of(findings, rows, key_column)
    entries = entries_by_key(view.name, list(keys.values()))
    standing = standing_figures(entry.pk for entry in entries.values())
    reach, seen = charge_of(actor, view), visible(actor, view)
    frozen: dict[tuple[str, str], date | None] = {}
    for number, key in keys.items():
        entry = entries.get(key)
        known = entry is not None and seen.holds(entry)
        if entry is None or not (known or reach.holds(entry)):
            findings.refuse(number, f"{key_column.letters}{number}", key_column, _unknown(view, key, known=False), key)
            continue
        _compare_names(findings, number, rows[number], entry, checked.columns, view)
        before = len(findings.changes)
        for column in checked.columns:
            if column.figure and column.number in rows[number]:
                _figure(findings, rows[number][column.number], column, entry, standing)
        if len(findings.changes) > before and not reach.holds(entry):
            del findings.changes[before:]
            findings.refuse(number, f"{key_column.letters}{number}", key_column, _unknown(view, key, known=True), key)
    today = day_of(at)
    for place, change in enumerate(findings.changes):
        where = (change.field, change.period)
        if change.old is not None and where not in frozen:
            frozen[where] = _frozen_on(view, checked.columns, where)
        end = frozen.get(where) if change.old is not None else None
        findings.changes[place] = replace(change, restated=end is not None and end <= today)
    _wonder(findings, entries, standing, sheet)
    return _counted(checked, findings, keys, rows)


def standing_figures(ids: Iterable[int]) -> Standing:
    """Every figure of some rows."""
    numbers, found = sorted(ids), Standing()
    for start in range(0, len(numbers), 500):
        rows = Figure.objects.filter(entry_id__in=numbers[start : start + 500]).values_list("entry_id", "field", "period", "value", "seq")
        found.update(((number, name, period), (value, seq)) for number, name, period, value, seq in rows)
    return found


def _figure(findings: Findings, cell: Cell, column: Column, entry: Entry, standing: Standing) -> None:
    """One cell: read, and compared with what stands."""
    period = column.period.text if column.period else ""
    try:
        value = value_of(column.shape, cell, column.unit)
    except Refused as why:
        findings.refuse(cell.row, cell.reference, column, why, entry.key)
        return
    if value is None:
        return
    old: Value = standing.get((entry.pk, column.key, period), (None, 0))[0]
    if old == value:
        findings.same_cells += 1
        return
    findings.changes.append(Change(entry.key, entry.title, column.key, column.shape, old, value, cell.reference, period, fresh=old is None))


def _compare_names(findings: Findings, number: int, row: Row, entry: Entry, columns: Iterable[Column], view: RegisterView) -> None:
    """What only describes the row must agree with the register: a shifted column would otherwise go unseen."""
    for column in columns:
        if column.figure or column.key == view.shape.key or column.number not in row or is_masked(row[column.number], column):
            continue
        stands = entry.data.get(column.key)
        try:
            value = value_of(column.shape, row[column.number], column.unit)
        except Refused as why:
            findings.refuse(number, row[column.number].reference, column, why, entry.key)
            continue
        if value is not None and value != stands:
            shown = str(mask(stands)) if column.shape.personal else shown_of(column.shape, stands)
            other = Refused(
                f"与台账不一致，台账里“{entry.key}”的{column.title}是“{shown}”；请核对这一行是否错位",
                f"differs from the register, where “{entry.key}” has “{shown}”; see whether the row is out of place",
            )
            findings.refuse(number, row[column.number].reference, column, other, entry.key)


def _frozen_on(view: RegisterView, columns: Iterable[Column], where: tuple[str, str]) -> date | None:
    period = next(column.period for column in columns if column.period and (column.key, column.period.text) == where)
    return frozen_on(view, where[0], period)


def _unknown(view: RegisterView, key: str, *, known: bool) -> Refused:
    """One answer for a row that is not there and one that is none of the actor's business."""
    title = view.shape.fields[view.shape.key].title
    if not key:
        return Refused(f"没有填{title}；不是数据的行（如合计）请删去", f"has no {title}; delete a row that is no data, such as a total")
    if known:
        return Refused(f"“{key}”不在您的职责范围内", f"“{key}” is not within your charge")
    return Refused(
        f"{view.shape.title}里没有“{key}”，或不在您的职责范围内", f"there is no “{key}” in the register, or it is not within your charge"
    )


def _wonder(findings: Findings, entries: Mapping[str, Entry], standing: Standing, sheet: Sheet) -> None:
    """What is accepted but should be looked at: a figure out of all proportion, and one that was changed after the sheet was exported."""
    others: dict[tuple[int, str], list[int]] = defaultdict(list)
    for (number, name, _period), (value, _seq) in standing.items():
        if value:
            others[number, name].append(abs(value))
    exported = exported_at(sheet)
    for change in findings.changes:
        entry = entries[change.row]
        usual = others[entry.pk, change.field]
        new = change.new if isinstance(change.new, int) else 0
        if usual and new and (abs(new) >= _FAR * max(usual) or abs(new) * _FAR <= min(usual)):
            what = f"与该行其他各期相差千倍以上（{change.new_text()}），请核对单位"
            findings.wonder(
                change, Refused(what, f"differs a thousandfold from all other periods of the row ({change.new_text('en')}); check the unit")
            )
        if exported and standing.get((entry.pk, change.field, change.period), (None, 0))[1] > exported:
            findings.wonder(change, changed_since(exported))


def exported_at(sheet: Sheet) -> int:
    """The ledger's number at which one of our own files was exported; 0 for any other file."""
    text = sheet.about.get("账本位置", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def changed_since(exported: int) -> Refused:
    """What to say of a value that was changed after the sheet was exported."""
    return Refused(
        f"这份表导出（账本第 {exported} 条）之后，台账里的值改过；确认会以表里的值为准",
        f"the value was changed in the register after this sheet was exported (entry {exported}); confirming puts the sheet's value in its place",
    )


def _counted(checked: Checked, findings: Findings, keys: Mapping[int, str], rows: Mapping[int, Row]) -> Checked:
    changing, first_time = {change.row for change in findings.changes}, _first_time(findings.changes)
    accepted = {number: key for number, key in keys.items() if number not in findings.refused}
    new = sum(1 for key in accepted.values() if key in first_time)
    changed = sum(1 for key in accepted.values() if key in changing - first_time)
    counts = Counts(
        new=new, changed=changed, same=len(accepted) - new - changed, refused=len(rows) - len(accepted), same_cells=findings.same_cells
    )
    return replace(checked, counts=counts, changes=tuple(findings.changes), problems=tuple(findings.problems))


def _first_time(changes: Iterable[Change]) -> set[str]:
    """The rows all of whose changes are values where none stood."""
    again = {change.row for change in changes if not change.fresh}
    return {change.row for change in changes} - again
