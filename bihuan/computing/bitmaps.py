"""The trees of compiled formulas over a batch of columns, by Arrow's kernels: a condition becomes a bitmap, with another for what is known.

    program = Program(day, sort_of)
    wanted = program.add(tree)
    program.leaves                      # what the engine of the columns is asked for: stored values, and what no kernel covers
    Batch(program, columns)[wanted]     # an Arrow array

The same tree is the SQL of the engine, the statement for one row, and this; what is alike in many policies is one step and is computed once
a batch. Whatever `kernels` does not cover is a leaf, computed by the engine for every row, so nothing is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from bihuan.computing.kernels import KERNELS, TYPES, Sort, Value, at_least, holds
from bihuan.foundation.grammar.deciding import in_columns
from bihuan.foundation.grammar.formula_sql import AtLeast, Call, Constant, Node, Nothing, Today

_NOTHING: dict[str, Sort] = {"number": "double", "yes_no": "bool", "date": "date"}


@dataclass(frozen=True)
class Step:
    """One value of a program: a leaf by its column, a fixed value, or a kernel over the values of other steps."""

    sort: Sort
    column: str = ""
    fixed: Any = None
    run: Callable[..., Value] | None = None
    parts: tuple[int, ...] = ()


class Program:
    """Trees as numbered steps; equal parts of them are the same step."""

    def __init__(self, day: date, sort_of: Callable[[str], Sort]) -> None:
        """``sort_of`` says of an SQL expression over the rows ``s`` what the engine gives for it."""
        self.day = day
        self.steps: list[Step] = []
        self.leaves: dict[str, str] = {}
        """The SQL of each leaf by its column."""
        self._sort_of = sort_of
        self._numbers: dict[object, int] = {}
        self.uses: list[int] = []
        """How many other steps, and how many of those that were asked for, use each."""

    def add(self, tree: Node) -> int:
        """The number of the step that gives a tree."""
        match tree:
            case Constant():
                return self._fixed(tree.value)
            case Today():
                return self._fixed(self.day)
            case Nothing() if tree.kind in _NOTHING:
                sort = _NOTHING[tree.kind]
                return self._known(("nothing", sort), lambda: Step(sort, fixed=pa.scalar(None, TYPES[sort])))
            case Call():
                return self._called(tree)
            case AtLeast():
                parts = tuple(self.add(part) for part in tree.parts)
                if any(self.steps[part].sort != "bool" for part in parts) or not parts:
                    return self._leaf(tree)
                return self._known(("at least", tree.count, parts), lambda: Step("bool", run=partial(at_least, tree.count), parts=parts))
        return self._leaf(tree)

    def leaves_of(self, numbers: Iterable[int]) -> dict[str, str]:
        """The leaves that some steps need: the SQL of each by its column."""
        waiting, reached = list(numbers), set[int]()
        while waiting:
            number = waiting.pop()
            if number not in reached:
                reached.add(number)
                waiting += self.steps[number].parts
        return {step.column: self.leaves[step.column] for number in sorted(reached) if (step := self.steps[number]).column}

    def _fixed(self, value: float | int | str | date) -> int:
        sort: Sort = (
            "bool" if isinstance(value, bool) else "int" if isinstance(value, int) else "double" if isinstance(value, float)
            else "word" if isinstance(value, str) else "date"
        )  # fmt: skip
        if sort == "int" and not -(2**63) <= int(value) < 2**63:  # type: ignore[arg-type]
            return self._known(("beyond", value), lambda: Step("other"))
        return self._known(("fixed", sort, value), lambda: Step(sort, fixed=pa.scalar(value, TYPES[sort])))

    def _called(self, tree: Call) -> int:
        parts = tuple(self.add(part) for part in tree.parts)
        operation = tree.sql.columns
        kernel = KERNELS.get((operation, tuple(self.steps[part].sort for part in parts)))
        if kernel is None:
            return self._leaf(tree)
        return self._known((operation, parts), lambda: Step(kernel.gives, run=kernel.run, parts=parts))

    def _leaf(self, tree: Node) -> int:
        sql = in_columns(tree)
        return self._known(("leaf", sql), lambda: self._new_leaf(sql))

    def _new_leaf(self, sql: str) -> Step:
        column = f"v{len(self.leaves)}"
        self.leaves[column] = sql
        return Step(self._sort_of(sql), column=column)

    def _known(self, asked: object, make: Callable[[], Step]) -> int:
        number = self._numbers.get(asked)
        if number is None:
            step = make()
            number = self._numbers[asked] = len(self.steps)
            self.steps.append(step)
            self.uses.append(0)
            for part in step.parts:
                self.uses[part] += 1
        return number


MOST_HELD = 16
"""So many values that are no bitmaps a batch holds on to."""

MOST_ROWS = 2**19
"""A batch has at most so many rows."""


@cache
def _places() -> pa.Array:
    """0, 1, 2 …"""
    return pc.subtract(pc.cumulative_sum(pa.repeat(pa.scalar(1, pa.int32()), MOST_ROWS)), 1).cast(pa.int32())


class Batch:
    """Some rows: the values of a program's steps over them, each computed when it is first asked for; what many steps use is held."""

    def __init__(self, program: Program, columns: Mapping[str, Value], length: int) -> None:
        self._program = program
        self._columns = columns
        self.length = length
        self._held: dict[int, Value] = {}
        self._large: list[int] = []

    def __getitem__(self, number: int) -> Value:
        found = self._held.get(number)
        if found is not None:
            return found
        step = self._program.steps[number]
        if step.run is None:
            found = self._columns[step.column] if step.column else step.fixed
        else:
            found = step.run(*[self[part] for part in step.parts])
            if self._program.uses[number] < 2:
                return found
            if step.sort != "bool":
                self._large.append(number)
        self._held[number] = found
        return found

    def array(self, number: int) -> pa.Array:
        """The values as an array, also where they are fixed."""
        found = self[number]
        if not isinstance(found, pa.Scalar):
            return found
        return pa.repeat(found, self.length) if found.is_valid else pa.nulls(self.length, found.type)

    def column(self, name: str) -> pa.Array:
        """A column as it was read."""
        return self._columns[name]

    def places(self, number: int) -> pa.Array:
        """Where a condition holds: the places of its rows."""
        return _places().slice(0, self.length).filter(holds(self.array(number)))

    def forget(self) -> None:
        """Let go of what is no bitmap, where it has become much; it is computed again if it is asked for."""
        if len(self._large) > MOST_HELD:
            large, self._large = self._large, []
            for number in large:
                self._held.pop(number, None)

    def taken(self, places: pa.Array) -> Batch:
        """A few rows of these, by place."""
        return Batch(self._program, _Taken(self._columns, places), len(places))


class _Taken(Mapping[str, Value]):
    """Columns of which some rows are taken, when they are asked for."""

    def __init__(self, columns: Mapping[str, Value], places: pa.Array) -> None:
        self._columns, self._places = columns, places

    def __getitem__(self, name: str) -> Value:
        return pc.take(self._columns[name], self._places, boundscheck=False)

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)
