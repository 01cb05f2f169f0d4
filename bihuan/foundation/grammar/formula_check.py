"""The walk over the parsed tree: every node is allowed, typed and unit-checked here, and becomes a term; anything else is refused.

The tree is sqlglot's; its functions and types are not used. A slot stands for a token, so the walker meets values, never text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from bihuan.foundation.grammar.formula_errors import FormulaError, fault
from bihuan.foundation.grammar.formula_functions import FN, Function
from bihuan.foundation.grammar.formula_logic import among, compare, connect, deny
from bihuan.foundation.grammar.formula_spelling import NO, TODAY, YES, quoted, spell
from bihuan.foundation.grammar.formula_sql import Column, Constant, Node, Nothing, Stored, Today
from bihuan.foundation.grammar.formula_terms import Term, counted, fixed_number, negate, over, plus, times
from bihuan.foundation.grammar.formula_types import UNBOUND, Name, Value, dimension_of, display_of
from bihuan.foundation.grammar.formula_words import MAX_NESTING, Number, TodayWord, Token

Fixed = str | bool | date

_COMPARISONS: dict[type[exp.Expression], str] = {exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<="}
_ARITHMETIC: dict[type[exp.Expression], Callable[[Term, Term], Term]] = {
    exp.Add: lambda left, right: plus(left, right, "+"),
    exp.Sub: lambda left, right: plus(left, right, "-"),
    exp.Mul: times,
    exp.Div: over,
}
_CONNECTORS: dict[type[exp.Expression], str] = {exp.And: "且", exp.Or: "或"}


def parse(tokens: Sequence[Token], source: str) -> exp.Expression:
    """The tree of a formula's tokens; raises FormulaError where they are no single expression."""
    text, offsets = "", []
    for token in tokens:
        offsets.append(len(text))
        text += f"{token.sql} "
    try:
        trees = sqlglot.parse(text, read="duckdb")
    except ParseError as error:
        column = int(error.errors[0].get("col") or 1) if error.errors else 1
        place = max((index for index, offset in enumerate(offsets) if offset < column), default=0)
        raise _unreadable(tokens[place], source) from None
    except (TokenError, RecursionError):
        raise _unreadable(tokens[-1], source) from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Expression):
        raise _unreadable(tokens[-1], source)
    return trees[0]


def _unreadable(token: Token, source: str) -> FormulaError:
    return fault("syntax", token.start, word=source[token.start : token.end])


class Checker:
    """Turns the tree into a term and remembers which names it met, inside aggregates and outside."""

    def __init__(self, tokens: Sequence[Token], source: str) -> None:
        self.tokens = tokens
        self.source = source
        self.gathered: dict[str, None] = {}
        self.alone: dict[str, None] = {}
        self.met: dict[str, None] = {}
        self.aggregates = False
        self.mentions_today = False
        self._in_aggregate = False
        self._place = 0

    def term(self, node: exp.Expression, depth: int = 0) -> Term:
        """The checked value of a node."""
        if depth > MAX_NESTING:
            raise fault("too_complex", self._place, measure="嵌套层数", measure_en="nesting", size=depth, limit=MAX_NESTING)
        kind = type(node)
        if kind is exp.Column:
            return self._slot(node)
        if kind in _COMPARISONS:
            return compare(self.term(node.this, depth + 1), _COMPARISONS[kind], self.term(node.expression, depth + 1))
        if kind in _ARITHMETIC:
            return _ARITHMETIC[kind](self.term(node.this, depth + 1), self.term(node.expression, depth + 1))
        if kind in _CONNECTORS:
            return connect([self.term(side, depth + 1) for side in _sides(node)], _CONNECTORS[kind])
        return self._other(node, depth + 1)

    def _other(self, node: exp.Expression, depth: int) -> Term:
        if isinstance(node, exp.Paren):
            inner = self.term(node.this, depth)
            return replace(inner, words=spell("(", inner.words, ")"))
        if isinstance(node, exp.Anonymous):
            return self._call(node, depth)
        if isinstance(node, exp.Not):
            inner = self.term(node.this, depth)
            return deny(inner, inner.position)
        if isinstance(node, exp.Neg):
            inner = self.term(node.this, depth)
            return negate(inner, inner.position)
        if isinstance(node, exp.In):
            return self._listed(node, depth)
        if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
            value = self.term(node.this, depth)
            return FN["为空"].call([value], value.position)
        raise self._refuse(node)

    def _listed(self, node: exp.In, depth: int) -> Term:
        if not node.expressions or _given(node) != {"this", "expressions"}:
            raise self._refuse(node)
        return among(self.term(node.this, depth), [self.term(item, depth) for item in node.expressions])

    def _refuse(self, node: exp.Expression) -> FormulaError:
        if isinstance(node, exp.Is | exp.Null):
            return fault("wrong_operator", self._place, word="NULL", instead="为空", example="开工日期 为空")
        return fault("not_allowed", self._place, what=type(node).__name__)

    def _token(self, slot: str) -> Token:
        token = self.tokens[int(slot)]
        self._place = token.start
        return token

    # -- functions ---------------------------------------------------------------------------------------------

    def _call(self, node: exp.Anonymous, depth: int) -> Term:
        token = self._token(str(node.this)[1:])
        function = token.leaf
        if not isinstance(function, Function):
            raise self._refuse(node)
        if not function.aggregate:
            return function.call([self.term(argument, depth) for argument in node.expressions], token.start)
        if self._in_aggregate:
            raise fault("nested_aggregate", token.start)
        self.aggregates = self._in_aggregate = True
        term = function.call([self.term(argument, depth) for argument in node.expressions], token.start)
        self._in_aggregate = False
        return term

    # -- values ------------------------------------------------------------------------------------------------

    def _slot(self, node: exp.Expression) -> Term:
        if _given(node) != {"this"} or not isinstance(node.this, exp.Identifier) or not node.this.quoted:
            raise self._refuse(node)
        token = self._token(node.name)
        leaf, words, position = token.leaf, self.source[token.start : token.end], token.start
        if isinstance(leaf, Name):
            return self._name(leaf, position)
        if isinstance(leaf, Number):
            return _number(leaf, position)
        if isinstance(leaf, TodayWord):
            self.mentions_today = True
            return Term("date", Today(), spell(TODAY), position)
        if isinstance(leaf, Function) or leaf is None:
            raise fault("syntax", position, word=words)
        return _literal(leaf, position)

    def _name(self, name: Name, position: int) -> Term:
        self.met[name.key] = None
        if name.value is not UNBOUND:
            return _bound(name, name.value, position)
        if name.many and not self._in_aggregate:
            raise fault("needs_aggregate", position, word=name.title)
        (self.gathered if self._in_aggregate else self.alone)[name.key] = None
        return _column(name, position)


def _given(node: exp.Expression) -> set[str]:
    """Which arguments of a node are filled in."""
    return {name for name, value in node.args.items() if value}


def _sides(node: exp.Expression) -> list[exp.Expression]:
    """The operands of a run of one connector, in order, however long the run is."""
    kind, sides = type(node), []
    while type(node) is kind:
        sides.append(node.expression)
        node = node.this
    return [node, *reversed(sides)]


def _number(number: Number, position: int) -> Term:
    digits = f"{number.value.numerator}" if number.value.denominator == 1 else f"{float(number.value):.9f}".rstrip("0")
    if number.unit is None:
        return fixed_number(number.value, spell(digits), position)
    exact = number.value * number.unit.factor
    dimension, display = dimension_of(number.unit), display_of(number.unit)
    multiplier = str(dimension) == "none"
    term = Term("number", Constant(float(exact)), counted(digits, number.unit), position, dimension, display, exact=exact, fixed=True)
    return replace(term, multiplier=multiplier)


def _literal(value: Fixed, position: int) -> Term:
    if isinstance(value, bool):
        return Term("yes_no", Constant(value), spell(YES if value else NO), position, fixed=True)
    if isinstance(value, str):
        return Term("text", Constant(value), quoted(value), position, fixed=True)
    return Term("date", Constant(value), spell(value.isoformat()), position, fixed=True)


def _bound(name: Name, value: Value, position: int) -> Term:
    """A parameter: the value in force, said by its title."""
    dimension, display = dimension_of(name.unit), display_of(name.unit)
    if value is None:
        return Term(name.kind, Nothing(name.kind), spell(name), position, dimension, display, fixed=True, choices=name.choices, called=name.called)
    if isinstance(value, int | Fraction | Decimal) and not isinstance(value, bool):
        exact = Fraction(value) * display.factor
        return Term("number", Constant(float(exact)), spell(name), position, dimension, display, exact=exact, fixed=True)
    return replace(_literal(value, position), words=spell(name), choices=name.choices, called=name.called)


def _column(name: Name, position: int) -> Term:
    node: Node = Column(name.key, name.column or name.key)
    if name.kind != "number":
        return Term(name.kind, node, spell(name), position, choices=name.choices, called=name.called)
    dimension, display = dimension_of(name.unit), display_of(name.unit)
    if name.stored_per_unit is None:
        return Term("number", node, spell(name), position, dimension, display)
    stored = Stored(node, name.stored_per_unit / display.factor)
    return Term("number", stored.canonical(), spell(name), position, dimension, display, stored)
