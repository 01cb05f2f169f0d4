"""SQL as the four engines read it: a small tree of values, templates per dialect, and comparisons that come out the same everywhere.

Numbers are computed as doubles in canonical units. What is stored as integers stays integers wherever that is possible (sums, differences,
comparisons with a literal), so those answers are exact. Every other comparison has a tolerance, because 0.55 * 100 is not 55 in doubles:

    |left - right| <= 1e-9 + 4e-15 * magnitude

1e-9 covers quotients near a threshold; checked against integer arithmetic it refuses no exact boundary and 1e-6 would accept false ones. Money
in 元 reaches 1e12, where neighbouring doubles are 1.2e-4 apart, so the second part grows with the operands: 4e-15 is 36 roundings of 2**-53,
as many as a product of ``MAX_FACTORS`` stored values can collect, and still sees a difference of one 分 in 1e12 元.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache

from sqlglot import exp

from bihuan.foundation.grammar.formula_errors import fault
from bihuan.foundation.grammar.formula_types import Kind
from bihuan.foundation.grammar.quantities import TOLERANCE

DIALECTS = ("duckdb", "postgres", "sqlite", "spark")
MAX_FACTORS = 12
ABSOLUTE, RELATIVE = TOLERANCE

_TYPES: dict[str, dict[Kind, str]] = {
    "duckdb": {"number": "DOUBLE", "text": "TEXT", "yes_no": "BOOLEAN", "date": "DATE"},
    "postgres": {"number": "DOUBLE PRECISION", "text": "TEXT", "yes_no": "BOOLEAN", "date": "DATE"},
    "sqlite": {"number": "REAL", "text": "TEXT", "yes_no": "INTEGER", "date": "TEXT"},
    "spark": {"number": "DOUBLE", "text": "STRING", "yes_no": "BOOLEAN", "date": "DATE"},
}
_FLIPPED = {"=": "=", "<>": "<>", ">": "<", "<": ">", ">=": "<=", "<=": ">="}
_BEYOND = 2**63 - 1


@dataclass(frozen=True)
class Target:
    """Where SQL is written for: the dialect, the day that 今天 means (or the column that holds it) and the tables that hold the columns.

    ``of_nothing`` asks for what comes out where there is no row to gather from.
    """

    dialect: str
    at: date | None = None
    at_column: str | None = None
    table: str | None = None
    tables: Mapping[str, str] = field(default_factory=dict)
    of_nothing: bool = False


class Sql:
    """A piece of SQL with ``{0}``, ``{1}`` … for its parts and ``{double}`` for the type; dialects that differ are named."""

    def __init__(self, every: str, **dialects: str) -> None:
        self._of = {dialect: dialects.get(dialect, every) for dialect in DIALECTS}
        self._longest = max(self._of.values(), key=len)

    @property
    def columns(self) -> str:
        """The template as the engine of the columns reads it: what tells one operation from another, whoever made it."""
        return self._of["duckdb"]

    def weight(self, parts: Sequence[Node]) -> int:
        """How many values the piece writes when its parts are filled in; a part that occurs twice counts twice."""
        return 1 + sum(part.weight * self._longest.count(f"{{{index}}}") for index, part in enumerate(parts))

    def write(self, parts: Sequence[Node], target: Target) -> str:
        """The piece with its parts written for ``target``."""
        written = [part.write(target) for part in parts]
        return self._of[target.dialect].format(*written, double=_TYPES[target.dialect]["number"])


class Node:
    """A value in SQL."""

    weight = 1

    def write(self, target: Target) -> str:
        """The SQL text of the value."""
        raise NotImplementedError


@dataclass(frozen=True)
class Column(Node):
    """A column as it is stored."""

    key: str
    column: str

    def write(self, target: Target) -> str:
        table = target.tables.get(self.key, target.table)
        return f"{_quoted(table, target.dialect)}.{_quoted(self.column, target.dialect)}" if table else _quoted(self.column, target.dialect)


@dataclass(frozen=True)
class Today(Node):
    """The day of judgement: a literal, or a column when many days are judged in one query."""

    def write(self, target: Target) -> str:
        if target.at_column is not None:
            return ".".join(_quoted(part, target.dialect) for part in target.at_column.split("."))
        if target.at is None:
            raise fault("needs_today", 0)
        return Constant(target.at).write(target)


@dataclass(frozen=True)
class Constant(Node):
    """A fixed value. Floats are canonical doubles, ints are stored integers; dates are plain text in SQLite."""

    value: float | int | str | date

    def write(self, target: Target) -> str:
        return _constant(self.value, target.dialect)


@dataclass(frozen=True)
class Nothing(Node):
    """No value of a kind."""

    kind: Kind

    def write(self, target: Target) -> str:
        return f"CAST(NULL AS {_TYPES[target.dialect][self.kind]})"


class Call(Node):
    """A template filled with parts."""

    def __init__(self, sql: Sql, *parts: Node) -> None:
        self.sql = sql
        self.parts = parts
        self.weight = sql.weight(parts)

    def write(self, target: Target) -> str:
        return self.sql.write(self.parts, target)


class AtLeast(Node):
    """Whether so many of several conditions hold; unknown where those that are unknown could decide it."""

    def __init__(self, count: int, *parts: Node) -> None:
        self.count = count
        self.parts = parts
        self.weight = 1 + 2 * sum(part.weight for part in parts)

    def write(self, target: Target) -> str:
        """As two sums, of those that hold and of those that may."""
        parts = [part.write(target) for part in self.parts]
        yes = " + ".join(f"CASE WHEN {part} THEN 1 ELSE 0 END" for part in parts) or "0"
        maybe = " + ".join(f"CASE WHEN NOT {part} THEN 0 ELSE 1 END" for part in parts) or "0"
        return f"(CASE WHEN {yes} >= {self.count} THEN TRUE WHEN {maybe} < {self.count} THEN FALSE END)"


class Gathered(Node):
    """Many values made one, which is a fixed value where there are none."""

    def __init__(self, call: Call, nothing: Node) -> None:
        self.call, self.nothing, self.weight = call, nothing, call.weight

    def write(self, target: Target) -> str:
        return (self.nothing if target.of_nothing else self.call).write(target)


@dataclass(frozen=True)
class Stored:
    """An exact integer and how many of it make one canonical unit (100 for 分 when 元 is canonical)."""

    node: Node
    per: Fraction

    def canonical(self) -> Node:
        """The same quantity as a double in canonical units."""
        return scaled(Call(_TO_DOUBLE, self.node), 1 / self.per)


WHOLE = "DECIMAL(38, 0)"
"""Whole numbers on a cluster, where sums and differences of integers go round the corner in silence. Nothing of ours fills 38 digits."""

BOTH, EITHER, NOT = Sql("({0} AND {1})"), Sql("({0} OR {1})"), Sql("(NOT {0})")
_TO_DOUBLE = Sql("CAST({0} AS {double})")
_TIMES, _OVER = Sql("({0} * {1})"), Sql("({0} / {1})")
_ABS, _PLUS = Sql("ABS({0})"), Sql("({0} + {1})")
_FIXED_NEVER, _FIXED_ALWAYS = Sql("({0} <> {0})"), Sql("({0} = {0})")
_COMPARED = {operator: Sql(f"({{0}} {operator} {{1}})") for operator in _FLIPPED}
_NEAR = {
    "=": Sql("(ABS({0} - {1}) <= {2})"),
    "<>": Sql("(ABS({0} - {1}) > {2})"),
    ">": Sql("({0} - {1} > {2})"),
    ">=": Sql("({0} - {1} >= -{2})"),
    "<": Sql("({0} - {1} < -{2})"),
    "<=": Sql("({0} - {1} <= {2})"),
}
_NOT_ZERO = Sql("NULLIF({0}, 0)")
_NOT_NEAR_ZERO = Sql("CASE WHEN ABS({0}) > {1} THEN {0} END")


def chained(sql: Sql, nodes: Sequence[Node]) -> Node:
    """Several joined two by two as a balanced tree, so that a long list does not nest deep."""
    if len(nodes) == 1:
        return nodes[0]
    half = len(nodes) // 2
    return Call(sql, chained(sql, nodes[:half]), chained(sql, nodes[half:]))


def scaled(node: Node, factor: Fraction) -> Node:
    """A double times an exact factor, with one rounding where the factor or its inverse is whole."""
    if factor.numerator != 1:
        node = Call(_TIMES, node, Constant(float(factor.numerator)))
    if factor.denominator != 1:
        node = Call(_OVER, node, Constant(float(factor.denominator)))
    return node


def compared(left: Node, operator: str, right: Node) -> Node:
    """The two compared as they are: texts, dates, yes and no, integers."""
    return Call(_COMPARED[operator], left, right)


def compared_with_fixed(left: Stored, operator: str, right: Fraction) -> Node:
    """An integer compared with an exact value; one that falls between two integers is moved to the neighbour that gives the same answer."""
    bound = right * left.per
    if bound.denominator == 1:
        return compared(left.node, operator, Constant(max(-_BEYOND, min(_BEYOND, bound.numerator))))
    if operator in ("=", "<>"):
        return Call(_FIXED_NEVER if operator == "=" else _FIXED_ALWAYS, left.node)
    floor = max(-_BEYOND, min(_BEYOND, bound.numerator // bound.denominator))
    return compared(left.node, ">" if operator in (">", ">=") else "<=", Constant(floor))


def flipped(operator: str) -> str:
    """The comparison with its sides exchanged."""
    return _FLIPPED[operator]


def compared_near(left: Node, operator: str, right: Node, tolerance: Node) -> Node:
    """Two doubles compared at a tolerance; every operator and its opposite always disagree."""
    return Call(_NEAR[operator], left, right, tolerance)


def tolerance(parts: Sequence[Node]) -> Node:
    """How far two doubles may be apart and still be equal, when the magnitudes of ``parts`` went into them."""
    fixed = [abs(float(part.value)) for part in parts if isinstance(part, Constant) and isinstance(part.value, float)]
    total: Node = Constant(ABSOLUTE + RELATIVE * sum(fixed))
    for part in parts:
        if not isinstance(part, Constant):
            total = Call(_PLUS, total, Call(_TIMES, Constant(RELATIVE), Call(_ABS, part)))
    return total


def divided(left: Node, right: Node, parts: Sequence[Node]) -> Node:
    """``left / right`` with no value where ``right`` is zero, or is a sum (of ``parts``) that cancels to the noise of rounding."""
    safe = Call(_NOT_NEAR_ZERO, right, tolerance(parts)) if len(parts) > 1 else Call(_NOT_ZERO, right)
    return Call(_OVER, left, safe)


@lru_cache(maxsize=4096, typed=True)
def _quoted(word: str, dialect: str) -> str:
    return exp.to_identifier(word, quoted=True).sql(dialect)


@lru_cache(maxsize=4096, typed=True)
def _constant(value: float | int | str | date, dialect: str) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        digits = repr(value)
        digits = digits if "e" in digits else f"{digits.removesuffix('.0')}e0"
        # An exponent makes a literal a double everywhere but in PostgreSQL, where it is NUMERIC.
        return f"CAST({digits} AS DOUBLE PRECISION)" if dialect == "postgres" else digits
    if isinstance(value, int):
        return str(value)
    text = exp.Literal.string(value if isinstance(value, str) else value.isoformat()).sql(dialect)
    return text if isinstance(value, str) or dialect == "sqlite" else f"CAST({text} AS DATE)"
