"""Formulas over published figures, compiled by the grammar and answered by DuckDB in one query.

The query reads a table of one column per figure. Its first row holds the figures as printed; every further row raises one of
them by half of its last printed digit. So one query gives both the values and how far rounding could have moved them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from bihuan.academy.published import Figure
from bihuan.foundation.grammar import formulas
from bihuan.foundation.grammar.formulas import Name, Scope
from bihuan.foundation.grammar.quantities import known_unit

Question = tuple[str, str]
"""Which relation asks, and what the formula is for."""

Row = Sequence[float | bool | None]
Run = Callable[[str], Sequence[Row]]
"""Runs one SELECT and gives its rows."""

_ID = re.compile(r"F\d{3}")


@dataclass(frozen=True)
class Answers:
    """What the engine answered: the first row as printed, the others each with one figure raised by its rounding."""

    columns: Mapping[Question, int]
    rows: Sequence[Row]

    def get(self, relation: str, what: str) -> float | bool | None:
        """The answer in plain units (元, 人, a ratio; true or false for a condition); None where there is no value."""
        column = self.columns.get((relation, what))
        return None if column is None else self.rows[0][column]

    def number(self, relation: str, what: str) -> Decimal:
        """The answer as an exact decimal of the double. Raises ValueError where there is no value."""
        answer = self.get(relation, what)
        if answer is None:
            raise ValueError(f"{relation}: the formula for {what} has no value")
        return Decimal(repr(float(answer)))

    def slack(self, relation: str, what: str) -> Decimal:
        """How far the rounding of the printed figures may have moved a number, in plain units."""
        column = self.columns[relation, what]
        base = self.number(relation, what)
        moved = (row[column] for row in self.rows[1:])
        return sum((abs(Decimal(repr(float(value))) - base) for value in moved if value is not None), Decimal(0))


def mentioned(formula: str) -> list[str]:
    """The ids of the figures a formula names, each once, in order."""
    return sorted(set(_ID.findall(formula)))


def run_in_memory(sql: str) -> Sequence[Row]:
    """Run a query in a DuckDB of its own that can touch nothing else."""
    with duckdb.connect(":memory:", config={"enable_external_access": False, "threads": 1}) as connection:
        return connection.execute(sql).fetchall()


def ask(questions: Mapping[Question, str], figures: Mapping[str, Figure], run: Run, measured: Iterable[str] = ()) -> Answers:
    """Answer every question over ``figures`` with one query; rounding is measured for the figures in the formulas ``measured``.

    Raises FormulaError for a formula the grammar refuses and KeyError for a figure that does not exist.
    """
    used = [figures[key] for key in mentioned(" ".join(questions.values()))]
    raised = [figures[key] for key in mentioned(" ".join(measured)) if figures[key].rounding]
    scope = Scope([_name(figure) for figure in used])
    columns = {question: position for position, question in enumerate(questions)}
    if not questions:
        return Answers(columns, [()])
    expressions = [formulas.compile(formula, scope).sql("duckdb") for formula in questions.values()]
    return Answers(columns, run(_query(used, raised, expressions)))


def _query(used: Sequence[Figure], raised: Sequence[Figure], expressions: Iterable[str]) -> str:
    rows = ", ".join(f"({', '.join(_cells(used, number, figure))})" for number, figure in enumerate([None, *raised]))
    names = ", ".join(['"row"', *(f'"{figure.id}"' for figure in used)])
    answers = ", ".join(f"{expression} AS q{position}" for position, expression in enumerate(expressions))
    return " ".join(["WITH figures(", names, ") AS (VALUES", rows, ") SELECT", answers, 'FROM figures ORDER BY "row"'])


def _cells(used: Sequence[Figure], number: int, raised: Figure | None) -> Iterable[str]:
    """One row of the table: its number, then every figure as the integer its column holds, one of them half a last digit higher."""
    yield str(number)
    for figure in used:
        if figure.number is None:
            raise ValueError(f"{figure.id} was published in words and cannot be computed with: {figure.value}")
        value = figure.number + figure.rounding if figure is raised else figure.number
        stored = str(int(value * _per_printed_unit(figure)))
        yield stored if raised else f"CAST({stored} AS BIGINT)"


def _name(figure: Figure) -> Name:
    """The figure as a name of the formula language, with the unit it was printed in where the grammar knows it."""
    return Name(figure.id, (), "number", known_unit(figure.unit), figure.id, _per_printed_unit(figure))


def _per_printed_unit(figure: Figure) -> int:
    """How many stored integers one printed unit is: 分 for money, else ten times the last printed digit, so that half of it is whole."""
    known = known_unit(figure.unit)
    if known and known.dimension == "money":
        return int(known.factor * 100)
    return int(10 ** (figure.decimals + 1))
