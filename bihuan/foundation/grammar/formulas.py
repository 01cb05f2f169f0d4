"""Formulas in the city's own words, compiled to SQL. There is no other evaluator.

    scope = Scope([Name("planned", ("计划完成投资",), "number", unit("万元"), stored_per_unit=1_000_000, many=True), …])
    formula = compile("合计(实际完成投资) / 合计(计划完成投资)", scope, expects="number", unit=unit("%"))
    formula.sql("duckdb", at=date(2025, 7, 8), table="f")

A number comes out as a double in canonical units (money in 元, a ratio of 1), a condition as true, false or NULL for "unknown", a date as
DATE (ISO text in SQLite). docs/formulas.md is the description for authors.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bihuan.foundation.grammar.clustered import carried
from bihuan.foundation.grammar.formula_check import Checker, parse
from bihuan.foundation.grammar.formula_errors import FormulaError, fault
from bihuan.foundation.grammar.formula_functions import FN
from bihuan.foundation.grammar.formula_spelling import Placed, as_written
from bihuan.foundation.grammar.formula_sql import DIALECTS, Node, Target
from bihuan.foundation.grammar.formula_terms import Term, adopt
from bihuan.foundation.grammar.formula_types import KINDS, UNBOUND, Kind, Name, Scope, compatible, dimension_of, display_of, spoken
from bihuan.foundation.grammar.formula_words import Reader
from bihuan.foundation.grammar.quantities import NO_UNIT, Unit, known_unit
from bihuan.foundation.grammar.saying import Said

__all__ = ["DIALECTS", "FN", "MAX_LENGTH", "UNBOUND", "Formula", "FormulaError", "Kind", "Name", "Scope", "compile"]

MAX_LENGTH = 4_000

_EXAMPLES: dict[Kind, str] = {
    "number": "合计(实际完成投资) / 合计(计划完成投资)",
    "yes_no": "协调未果次数 >= 1",
    "text": "如果(高技术项目, '优先', '一般')",
    "date": "加天(签约日期, 30)",
}


@dataclass(frozen=True)
class Formula:
    """A checked formula. ``names`` are the keys it mentions; ``gathered`` those inside aggregates, ``alone`` those outside (bound names in neither)."""

    source: str
    kind: Kind
    dimension: str
    names: tuple[str, ...]
    gathered: tuple[str, ...]
    alone: tuple[str, ...]
    aggregates: bool
    mentions_today: bool
    _term: Term = field(repr=False, compare=False)

    @property
    def unit(self) -> Unit:
        """The unit its number is spoken in; none where it counts, or where several are mixed."""
        return (known_unit(self._term.display.label) if self._term.display else None) or NO_UNIT

    @property
    def tree(self) -> Node:
        """The checked formula as a tree of values, from which everything that computes it is made."""
        return self._term.node

    def sql(
        self,
        dialect: str = "duckdb",
        *,
        at: date | None = None,
        at_column: str | None = None,
        table: str | None = None,
        tables: Mapping[str, str] | None = None,
    ) -> str:
        """One SQL expression for duckdb, postgres, sqlite or spark.

        今天 is the day ``at``, or the column ``at_column`` (``_at`` or ``days._at``) where many days are judged in one query. ``table`` is the
        alias before every column, ``tables`` the alias for single keys. Raises FormulaError where today is needed and not given.
        """
        if dialect not in DIALECTS:
            raise ValueError(f"{dialect!r} is not one of {', '.join(DIALECTS)}")
        return self._term.node.write(Target(dialect, at, at_column, table, tables or {}))

    def part(self, dialect: str, *, at_column: str, table: str | None = None) -> str:
        """The formula inside a plan, which is written for the columns: one meant for a cluster is carried in it (`clustered`)."""
        return carried(self.sql(dialect, at_column=at_column, table=table), dialect)

    def of_nothing(self, at: date, dialect: str = "duckdb") -> str:
        """The same for what the formula gives where there is no row to gather from."""
        return carried(self._term.node.write(Target(dialect, at, of_nothing=True)), dialect)

    def explain(self) -> str:
        """The formula in its normal Chinese spelling: titles for keys, Chinese words, every unit written out. Compiles to the same SQL."""
        return str(self._term.words)

    def said(self, placed: Placed = as_written) -> Said:
        """The same for readers of both languages: the titles, functions and choices in their words, and what ``placed`` has for a part instead of it."""
        return self._term.words.said(placed)


def compile(source: str, scope: Scope, expects: Kind | None = None, unit: Unit | None = None) -> Formula:  # noqa: A001 - the word of the trade
    """Read, check and lower one formula.

    ``expects``: the kind its place needs; ``unit``: the unit its number is declared in (checked by dimension; gives a bare number its unit).
    Raises FormulaError, which says where, what, why and how to write it right.
    """
    text = unicodedata.normalize("NFC", source)
    if len(text) > MAX_LENGTH:
        raise fault("too_long", MAX_LENGTH, size=len(text), limit=MAX_LENGTH)
    tokens = Reader(text, scope).read()
    if not tokens:
        raise fault("empty", 0)
    checker = Checker(tokens, text)
    term = _as_declared(checker.term(parse(tokens, text)), expects, unit)
    names = (tuple(checker.met), tuple(checker.gathered), tuple(checker.alone))
    return Formula(source, term.kind, str(term.dimension), *names, checker.aggregates, checker.mentions_today, term)


def _as_declared(term: Term, expects: Kind | None, unit: Unit | None) -> Term:
    """The result, refused unless it is of the kind and dimension its place declares."""
    if expects and term.kind != expects:
        (kind, kind_en), (wanted, wanted_en) = KINDS[term.kind], KINDS[expects]
        words = {"kind": kind, "kind_en": kind_en, "wanted": wanted, "wanted_en": wanted_en}
        raise fault("result_kind", term.position, **words, example=_EXAMPLES[expects])
    if unit is None or term.kind != "number":
        return term
    declared = dimension_of(unit)
    term = adopt(term, declared, display_of(unit))
    if not compatible(term.dimension, declared):
        unit_words = {"unit": spoken(term.dimension), "unit_en": term.dimension}
        raise fault("result_unit", term.position, **unit_words, wanted=spoken(declared), wanted_en=declared)
    return term
