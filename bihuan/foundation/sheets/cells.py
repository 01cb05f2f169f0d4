"""What a sheet is once it is read: rows of cells that know where they stood. No Django and no parser here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bihuan.foundation.grammar.refusals import Refused

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be. Whatever is larger is refused, most of it before anything is unpacked."""

    size: int = 20 * MB
    members: int = 1_000
    unpacked: int = 100 * MB
    ratio: int = 100
    rows: int = 200_000
    columns: int = 200
    cells: int = 1_000_000
    letters: int = 32_767
    memory: int = 1024 * MB
    processor_seconds: int = 30
    wall_seconds: int = 60


LIMITS = Limits()


class Unreadable(Exception):
    """A file that is not read, and why: what is wrong, how to put it right, in both languages. Nothing was written."""

    def __init__(self, why: Refused, place: str = "") -> None:
        self.why = why
        self.place = place
        super().__init__(self.text())

    def text(self, language: str = "zh") -> str:
        """One sentence, with the cell or range where one is to blame."""
        return f"{self.place} {self.why.text(language)}".strip()


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that holds no value that could be read: an error, a formula without a result."""

    why: Refused
    shown: str


Raw = str | int | float | bool | date | Fault
"""What stands in a cell: text, a number as the file has it, yes or no, a day (only where the cell is formatted as one), or a fault."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that is not empty. ``percent``: it is formatted as a percentage, so 0.85 means 85%."""

    column: int
    row: int
    value: Raw
    percent: bool = False

    @property
    def reference(self) -> str:
        """Where it stands: ``C7``."""
        return f"{letters_of(self.column)}{self.row}"

    @property
    def shown(self) -> str:
        """Its value as text, cut short, for a message."""
        value = self.value
        text = value.shown if isinstance(value, Fault) else ("是" if value else "否") if isinstance(value, bool) else str(value)
        return text if len(text) <= 60 else f"{text[:59]}…"


@dataclass(frozen=True, slots=True)
class Merged:
    """A range of merged cells, such as ``B3:C3``."""

    text: str
    first_row: int
    last_row: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first visible worksheet of a file (or the whole of a CSV), row by row; rows and cells that are empty are left out.

    ``about`` is what stands in a worksheet 说明, as :mod:`writing` puts it there; ``others`` are worksheets that were not read.
    """

    file: str
    kind: str
    name: str
    rows: Mapping[int, Mapping[int, Cell]]
    encoding: str = ""
    merged: tuple[Merged, ...] = ()
    others: tuple[str, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""

    def place(self, reference: str) -> str:
        """Where a cell stands, for a message: ``工作表“月报” C7``, or the cell alone where there are no worksheets."""
        return f"工作表“{self.name}” {reference}" if self.name else reference


def letters_of(column: int) -> str:
    """A column's letters: 1 → A, 28 → AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def split_reference(reference: str) -> tuple[int, int] | None:
    """Column and row of ``C7`` (``$`` is allowed), or None where it is no reference."""
    letters = reference.replace("$", "").rstrip("0123456789")
    number = reference.replace("$", "")[len(letters) :]
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3 and number.isascii() and number.isdecimal() and len(number) <= 7):
        return None
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column, int(number)


def plain(number: Decimal) -> str:
    """A number's digits, without thousands and without zeros at the end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
