"""What the check of a sheet found: the changes it would make, everything that is wrong with it, and how many rows were what."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bihuan.foundation.checking import Incoming, Value
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.ledger import canonical
from bihuan.foundation.sheets.headers import Column, Of
from bihuan.foundation.sheets.values import shown_of


@dataclass(frozen=True)
class Asked:
    """What a sheet is to be read as: a register, one of its exchanges (``monthly_sheet``; empty: any columns), and a period where one is chosen."""

    register: str
    exchange: str = ""
    period: str = ""


@dataclass(frozen=True)
class Change:
    """One value that would be recorded. ``old`` and ``new`` are stored values; ``row`` is the key of the row, empty where it gets one."""

    row: str
    title: str
    field: str
    shape: FieldShape
    old: Value
    new: Value
    cell: str
    period: str = ""
    fresh: bool = False
    restated: bool = False

    def old_text(self, language: str = "zh") -> str:
        """The old value as people read it."""
        return shown_of(self.shape, self.old, language)

    def new_text(self, language: str = "zh") -> str:
        """The new value as people read it."""
        return shown_of(self.shape, self.new, language)


@dataclass(frozen=True)
class Problem:
    """Something wrong with a sheet, or (``grave`` is false) only odd: where, what, why, and how to put it right."""

    sheet: str
    cell: str
    row: str
    column: str
    value: str
    why: Refused
    grave: bool = True

    def text(self, language: str = "zh") -> str:
        """One line: ``工作表“月报” C7 实际完成投资：“千万”不是数（例：1,234.56）``."""
        chinese = language.startswith("zh")
        sheet = (f"工作表“{self.sheet}”" if chinese else f"worksheet “{self.sheet}”") if self.sheet else ""
        place = " ".join(part for part in (sheet, self.cell, self.column) if part)
        said = self.why.text(language)
        return f"{place}{'：' if chinese else ': '}{said}" if place else said


@dataclass(frozen=True)
class Counts:
    """Rows of the sheet: recorded for the first time, changed, as they stand already, refused. ``same_cells``: values that stand already."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    same_cells: int = 0


@dataclass(frozen=True)
class RowEdit:
    """New values, as somebody would type them, for a row that stands, with the version it was compared with."""

    key: str
    version: int
    row: Incoming


@dataclass(frozen=True)
class Checked:
    """A sheet after every cell was looked at. Nothing is written yet; :func:`confirming.confirm` writes it, if nothing moved meanwhile."""

    asked: Asked
    of: Of
    file: str
    digest: str
    encoding: str
    sheet: str
    others: tuple[str, ...]
    header_row: int
    columns: tuple[Column, ...]
    position: int
    counts: Counts = Counts()
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    fresh: tuple[Incoming, ...] = field(default=(), repr=False)
    edits: tuple[RowEdit, ...] = field(default=(), repr=False)
    before: int = 0
    """The ledger's number of the last time this very file was confirmed; 0 if never."""

    @property
    def refused(self) -> bool:
        """Whether anything is wrong, so that the sheet cannot be confirmed."""
        return any(problem.grave for problem in self.problems)

    @property
    def needs_reason(self) -> bool:
        """Whether a figure of a frozen period would be corrected, which takes a reason."""
        return any(change.restated for change in self.changes)

    @cached_property
    def fingerprint(self) -> str:
        """Names exactly these changes: what a person saw and agreed to. It differs as soon as any old or new value differs."""
        lines = [[one.row, one.field, one.period, one.old, one.new, one.cell] for one in self.changes]
        return hashlib.sha256(canonical([self.digest, lines]).encode()).hexdigest()

    def by_cell(self) -> Mapping[str, Problem]:
        """The first problem of each cell, the grave ones first."""
        return {problem.cell: problem for problem in sorted(self.problems, key=lambda problem: problem.grave)}
