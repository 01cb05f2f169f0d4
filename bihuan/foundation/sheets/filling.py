"""A block of cells that somebody filled in on a page: checked by the code that checks an uploaded sheet, recorded in one transaction.

A cell is named by the key of its row and its field. Other than in a sheet, an emptied cell takes the value away, and each cell says which
value the person saw there: where another stands by now, both are shown and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bihuan.foundation.access import Actor, may, visible
from bihuan.foundation.actions.changing import change_entries, entries_by_key
from bihuan.foundation.actions.entries import Edit
from bihuan.foundation.actions.figures import FigureGiven, frozen_on, record_figures
from bihuan.foundation.actions.writing import Source, allow, day_of, view_of
from bihuan.foundation.checking import Incoming, Refusal, Value, example_of, rejected
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.periods import Period
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import writing
from bihuan.foundation.models import Entry, Event, Figure
from bihuan.foundation.sheets.cells import Cell, Sheet, letters_of
from bihuan.foundation.sheets.figure_sheets import check_figures
from bihuan.foundation.sheets.findings import Asked, Checked, Problem, RowEdit
from bihuan.foundation.sheets.headers import Column, Of
from bihuan.foundation.sheets.row_sheets import rehearse, typed_value
from bihuan.foundation.sheets.values import text_of, value_of

MOST = 5_000
"""Cells of one block."""

Place = tuple[str, str]
"""The key of a row, and a field of it."""


@dataclass(frozen=True)
class Filled:
    """One cell as somebody filled it in: what was typed, and the text of the value that stood there when it was shown."""

    row: str
    field: str
    text: str
    seen: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.row, self.field


@dataclass(frozen=True)
class Block:
    """The cells filled in on one page: of the fields of a register's rows, or of their figures for one period."""

    register: str
    of: Of
    period: str
    cells: Sequence[Filled]
    reason: str = ""


@dataclass(frozen=True)
class Looked:
    """What the check found of one cell. `text` reads back as its value.

    Where somebody else was quicker `theirs` is the text of what stands there now, and `seq` the entry of the ledger that wrote it.
    """

    cell: Filled
    text: str
    why: Refused | None = None
    odd: Refused | None = None
    theirs: str | None = None
    seq: int = 0
    restated: bool = False


@dataclass(frozen=True)
class Outcome:
    """Every cell of a block as it was found. `recorded` says whether it was written, `event` is None where everything stood already.

    `refusals` are those that no single cell is to blame for.
    """

    looked: tuple[Looked, ...]
    refusals: tuple[Refusal, ...] = ()
    recorded: bool = False
    event: Event | None = None

    @property
    def clean(self) -> bool:
        """Whether nothing forbids recording it, but perhaps a reason that is missing."""
        return not self.refusals and all(one.why is None and one.theirs is None for one in self.looked)

    @property
    def needs_reason(self) -> bool:
        """Whether a figure of a frozen period would be corrected."""
        return any(one.restated for one in self.looked)


def fields_to_fill(view: RegisterView, of: Of) -> dict[str, FieldShape]:
    """The fields one may type into: every figure; of the rows those that are neither the key nor personal nor files."""
    if of == "figures":
        return dict(view.shape.figures.fields) if view.shape.figures else {}
    return {key: shape for key, shape in view.shape.fields.items() if key != view.shape.key and not shape.personal and shape.kind != "file"}


def look(block: Block, actor: Actor, at: datetime) -> Outcome:
    """Check a block; nothing is written. Raises Forbidden, and Rejected where it is no block of this register."""
    view = view_of(block.register, at)
    allow(may(actor, "figures" if block.of == "figures" else "change", view))
    shapes = fields_to_fill(view, block.of)
    _refuse_strangers(block, shapes)
    scope, keys = visible(actor, view), sorted({one.row for one in block.cells})
    entries = {key: entry for key, entry in entries_by_key(view.name, keys).items() if scope.holds(entry)}
    standing = _standing(block, shapes, entries)
    looked = [_read(one, shapes[one.field], entries, standing) for one in block.cells]
    if block.of == "figures":
        period = _period(view, block)
        problems, nowhere = _problems_of_figures(looked, view, period, actor, at), list[Refusal]()
        frozen = {key for key in shapes if (day := frozen_on(view, key, period)) is not None and day <= day_of(at)}
        looked = [replace(one, restated=one.cell.field in frozen and standing.get(one.cell.place, ("", 0))[0] not in ("", one.text)) for one in looked]
    else:
        problems, nowhere = _problems_of_rows(looked, view, entries, actor, at)
    return Outcome(tuple(_with(one, problems.get(one.cell.place)) for one in looked), tuple(nowhere))


def fill(block: Block, actor: Actor, at: datetime) -> Outcome:
    """Record a block, all of it or nothing. It is checked anew under the ledger's lock. Raises what `look` raises."""
    with writing():
        found = look(block, actor, at)
        if not found.clean or (found.needs_reason and not block.reason.strip()):
            return found
        source = Source(reason=block.reason.strip())
        event: Event | None
        if block.of == "figures":
            given = [FigureGiven(one.cell.row, one.cell.field, block.period, one.text) for one in found.looked]
            event = record_figures(actor, block.register, given, at, source)
        else:
            view = view_of(block.register, at)
            entries = entries_by_key(view.name, sorted({one.cell.row for one in found.looked}))
            edits = {edit.key: Edit(edit.row.values, edit.version) for edit, _cells in _edits(found.looked, view, entries)}
            event = change_entries(actor, block.register, edits, at, source)
        return replace(found, recorded=True, event=event)


# --- reading


def _refuse_strangers(block: Block, shapes: Mapping[str, FieldShape]) -> None:
    """A block has at least one cell, not too many, none twice, and only fields that may be typed into."""
    if not 0 < len(block.cells) <= MOST:
        raise rejected(Refused(f"一次可填 1 至 {MOST} 格", f"between 1 and {MOST} cells are filled in at a time", ""), "cells", "格")
    if len({one.place for one in block.cells}) < len(block.cells):
        raise rejected(Refused("同一格填了两次", "a cell was filled in twice", ""), "cells", "格")
    strange = sorted({one.field for one in block.cells} - shapes.keys())
    if strange:
        known = "、".join(shape.title for shape in shapes.values())
        raise rejected(Refused(f"“{strange[0]}”不能在表里填写", f"“{strange[0]}” is not filled in in the grid", known), strange[0])


def _period(view: RegisterView, block: Block) -> Period:
    assert view.shape.figures is not None  # a block of figures whose fields are known
    try:
        return periods.parse(block.period, view.shape.figures.every)
    except Refused as why:
        raise rejected(why, "period", "期别") from why


def _standing(block: Block, shapes: Mapping[str, FieldShape], entries: Mapping[str, Entry]) -> dict[Place, tuple[str, int]]:
    """What stands in the cells, as text, and the number of the entry of the ledger that wrote it."""
    if block.of == "rows":
        return {
            (key, field): (text_of(shapes[field], entry.data.get(field)), entry.changed_seq)
            for key, entry in entries.items()
            for field in {one.field for one in block.cells}
        }
    keys = {entry.pk: key for key, entry in entries.items()}
    numbers, found = sorted(keys), dict[Place, tuple[str, int]]()
    for start in range(0, len(numbers), 500):
        rows = Figure.objects.filter(entry_id__in=numbers[start : start + 500], period=block.period, field__in=sorted(shapes))
        for number, field, value, seq in rows.values_list("entry_id", "field", "value", "seq"):
            found[keys[number], field] = (text_of(shapes[field], value), seq)
    return found


def _read(cell: Filled, shape: FieldShape, entries: Mapping[str, Entry], standing: Mapping[Place, tuple[str, int]]) -> Looked:
    """A cell read as a sheet's cell is, and held against what stands there now."""
    if cell.row not in entries:
        why = Refused(f"台账里没有“{cell.row}”，或不在您的职责范围内", f"there is no “{cell.row}” in the register, or it is not within your charge")
        return Looked(cell, cell.text, why)
    try:
        value = _value(shape, cell.text)
        if value in (None, []) and shape.required:
            raise Refused("必须填写", "must be filled in", example_of(shape))
    except Refused as refused:
        return Looked(cell, cell.text, refused)
    text = text_of(shape, value)
    stands, seq = standing.get(cell.place, ("", 0))
    return Looked(cell, text) if stands in (cell.seen, text) else Looked(cell, text, theirs=stands, seq=seq)


def _value(shape: FieldShape, text: str) -> Value:
    return value_of(shape, Cell(1, 1, text), None)


def _with(looked: Looked, problem: Problem | None) -> Looked:
    """A cell with what the check of the whole block found of it."""
    if problem is None or looked.why is not None:
        return looked
    return replace(looked, why=problem.why) if problem.grave else replace(looked, odd=problem.why)


# --- what only the block as a whole shows


def _problems_of_figures(looked: Sequence[Looked], view: RegisterView, period: Period, actor: Actor, at: datetime) -> dict[Place, Problem]:
    """The block as the sheet it would be, through the check of sheets: whose rows they are, and what is out of all proportion."""
    fields = list(fields_to_fill(view, "figures").items())
    key = Column(1, view.shape.fields[view.shape.key].title, view.shape.key, view.shape.fields[view.shape.key])
    figures = [Column(at, shape.title, name, shape, figure=True, period=period) for at, (name, shape) in enumerate(fields, start=2)]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(one.cell.row for one in looked if one.why is None), start=1)}
    rows = {number: {1: Cell(1, number, name)} for name, number in numbers.items()}
    places: dict[str, Place] = {}
    for column in figures:
        for one in looked:
            if one.cell.field == column.key and one.why is None and one.text:
                cell = Cell(column.number, numbers[one.cell.row], one.text)
                rows[cell.row][cell.column] = cell
                places[cell.reference] = one.cell.place
    sheet = Sheet("", "", "", rows)
    checked = Checked(Asked(view.name, "", period.text), "figures", "", "", "", "", (), 0, (key, *figures), 0)
    found = check_figures(checked, sheet, view, actor, at).by_cell()
    whole = {name: found[f"{letters_of(1)}{number}"] for name, number in numbers.items() if f"{letters_of(1)}{number}" in found}
    at_cells = {places[cell]: problem for cell, problem in found.items() if cell in places}
    return {one.cell.place: whole[one.cell.row] for one in looked if one.cell.row in whole} | at_cells


def _problems_of_rows(
    looked: Sequence[Looked], view: RegisterView, entries: Mapping[str, Entry], actor: Actor, at: datetime
) -> tuple[dict[Place, Problem], list[Refusal]]:
    """What the action that would change the rows refuses: it is rehearsed, once every cell can be read and nobody was quicker."""
    if any(one.why is not None or one.theirs is not None for one in looked):
        return {}, []
    edits = list(_edits(looked, view, entries))
    named = {cell: place for _edit, cells in edits for cell, place in cells.items()}
    refusals = rehearse(view, [], [edit for edit, _cells in edits], actor, at)
    problems = {named[one.cell]: Problem("", one.cell, "", one.title, "", one.why) for one in refusals if one.cell in named}
    return problems, [one for one in refusals if one.cell not in named]


def _edits(looked: Iterable[Looked], view: RegisterView, entries: Mapping[str, Entry]) -> Iterator[tuple[RowEdit, dict[str, Place]]]:
    """The rows as the action takes them, each with the places of its cells by the names the action will blame them by."""
    by_row: dict[str, list[Looked]] = {}
    for one in looked:
        by_row.setdefault(one.cell.row, []).append(one)
    for number, (key, cells) in enumerate(by_row.items(), start=1):
        shapes = view.shape.fields
        values = {one.cell.field: typed_value(shapes[one.cell.field], _value(shapes[one.cell.field], one.text)) for one in cells}
        names = {one.cell.field: f"{letters_of(place)}{number}" for place, one in enumerate(cells, start=1)}
        row = Incoming(values, names)
        yield RowEdit(key, entries[key].version, row), {names[one.cell.field]: one.cell.place for one in cells}
