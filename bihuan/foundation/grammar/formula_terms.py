"""Terms: checked values of a formula, each with its kind, dimension, SQL and Chinese words, and the arithmetic between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from bihuan.foundation.grammar.formula_errors import fault
from bihuan.foundation.grammar.formula_spelling import Spelling, spell
from bihuan.foundation.grammar.formula_sql import MAX_FACTORS, WHOLE, Call, Constant, Node, Sql, Stored, divided, scaled
from bihuan.foundation.grammar.formula_types import (
    KINDS,
    NONE,
    PLAIN,
    PLAIN_TOPS,
    RATIO,
    Dimension,
    Display,
    Kind,
    compatible,
    product,
    quotient,
    spoken,
)
from bihuan.foundation.grammar.quantities import Unit, known_unit, with_unit
from bihuan.foundation.grammar.saying import Said

MAX_WEIGHT = 4_000

Build = Callable[..., Node]
_ADD, _SUBTRACT, _MULTIPLY, _NEGATE = Sql("({0} + {1})"), Sql("({0} - {1})"), Sql("({0} * {1})"), Sql("(-{0})")
_WHOLE = {sign: Sql(f"({{0}} {sign} {{1}})", spark=f"(CAST({{0}} AS {WHOLE}) {sign} CAST({{1}} AS {WHOLE}))") for sign in "+-"}


@dataclass(frozen=True, slots=True)
class Term:
    """One checked value.

    ``node`` gives it as a canonical double (numbers) or as it is; ``stored`` as exact integers where that is possible; ``exact`` is its
    value when it is fixed. ``bare``: made of numbers without units only, so it takes the unit of its neighbour; ``multiplier``: 5万 or
    3亿, which beside money is 元 and beside counts is items. ``display`` is the unit it is spoken in, None when several are mixed.
    ``summands`` are the values whose magnitudes count for the tolerance when it is a sum. ``choices`` are the only texts it can be, ``called``
    texts it can be with their English.
    """

    kind: Kind
    node: Node
    words: Spelling
    position: int
    dimension: Dimension = NONE
    display: Display | None = PLAIN
    stored: Stored | None = None
    exact: Fraction | None = None
    bare: bool = False
    multiplier: bool = False
    fixed: bool = False
    factors: int = 1
    summands: tuple[Node, ...] = ()
    choices: tuple[str, ...] = ()
    called: tuple[tuple[str, str], ...] = ()

    @property
    def parts(self) -> tuple[Node, ...]:
        """The summands, at least the value itself."""
        return self.summands or (self.node,)


def bounded(term: Term) -> Term:
    """The term, unless the SQL it writes has grown too large or multiplies too many values."""
    if term.node.weight > MAX_WEIGHT:
        raise fault(
            "too_complex", term.position, measure="写成的查询有", measure_en="values in its query", size=term.node.weight, limit=MAX_WEIGHT
        )
    if term.factors > MAX_FACTORS:
        raise fault(
            "too_complex", term.position, measure="连乘连除的数有", measure_en="factors in a row", size=term.factors, limit=MAX_FACTORS
        )
    return term


def demand(term: Term, kind: Kind, example: str) -> Term:
    """The term, refused unless it is of that kind."""
    if term.kind != kind:
        raise wrong_kind(term, kind, example)
    return term


def wrong_kind(term: Term, kind: Kind, example: str) -> Exception:
    """The error for a term of another kind than the place needs."""
    (kind_zh, kind_en), (wanted, wanted_en) = KINDS[term.kind], KINDS[kind]
    words = {"kind": kind_zh, "kind_en": kind_en, "wanted": wanted, "wanted_en": wanted_en}
    return fault("wrong_kind", term.position, word=term.words, example=example, **words)


def fixed_number(value: Fraction, words: Spelling, position: int) -> Term:
    """A number without a unit."""
    return Term("number", Constant(float(value)), words, position, exact=value, bare=True, fixed=True)


def adopt(term: Term, dimension: Dimension, display: Display | None) -> Term:
    """A bare number with the unit of its neighbour."""
    if not term.bare and not term.multiplier:
        return term
    if term.exact == 0:
        return replace(term, dimension=dimension, display=display, bare=False)
    if display is None or (term.multiplier and str(dimension) not in ("money", *PLAIN_TOPS)):
        raise fault("which_unit", term.position, word=term.words)
    if term.multiplier:
        return replace(term, dimension=dimension, display=display, multiplier=False)
    unit = known_unit(display.label) if is_number(str(term.words)) else None
    words = counted(str(term.words), unit) if unit else term.words
    if term.exact is not None:
        value = term.exact * display.factor
        return replace(term, dimension=dimension, display=display, bare=False, exact=value, node=Constant(float(value)), words=words)
    stored = Stored(term.stored.node, term.stored.per / display.factor) if term.stored else None
    node = scaled(term.node, display.factor)
    summands = tuple(scaled(part, display.factor) for part in term.summands)
    return replace(term, dimension=dimension, display=display, bare=False, node=node, stored=stored, summands=summands)


def is_number(words: str) -> bool:
    """Whether this is a number as formulas write it, without a unit."""
    return words.removeprefix("-").replace(".", "", 1).isdigit()


def counted(digits: str, unit: Unit) -> Spelling:
    """A number with its unit: ``5000万元``, ``50 million yuan``."""
    return spell(Said(f"{digits}{unit.name}", with_unit(digits, unit, "en")))


def united(terms: Sequence[Term], deed: str, deed_en: str) -> list[Term]:
    """The numbers in one dimension, bare ones in the unit of the others. Refused where the dimensions differ or the unit is ambiguous."""
    named = [term for term in terms if not term.bare and not term.multiplier]
    if not named:
        return list(terms)
    first = next((term for term in named if term.dimension.top != "none"), named[0])
    for term in named:
        if not compatible(first.dimension, term.dimension):
            raise _units_differ(named[0], term if term is not named[0] else first, deed, deed_en)
    shown = shared_display(named)
    return [adopt(term, first.dimension, shown) for term in terms]


def _units_differ(left: Term, right: Term, deed: str, deed_en: str) -> Exception:
    words = {"left": left.words, "unit": spoken(left.dimension), "unit_en": left.dimension}
    others = {"right": right.words, "other": spoken(right.dimension), "other_en": right.dimension}
    return fault("units_differ", right.position, **words, **others, deed=deed, deed_en=deed_en, example="计划投资 - 完成投资 >= 100万元")


def shared_display(terms: Sequence[Term]) -> Display | None:
    """The unit all of them are spoken in, or None when they differ."""
    shown = [term.display for term in terms]
    if any(display is None or shown[0] is None or display.factor != shown[0].factor for display in shown):
        return None
    return next((display for display in shown if display and display.label), shown[0])


def common_stored(terms: Sequence[Term]) -> list[Stored] | None:
    """The terms as integers of one size, or None where one of them is not."""
    per = next((term.stored.per for term in terms if term.stored), None)
    if per is None:
        return None
    found = [_stored_at(term, per) for term in terms]
    return [stored for stored in found if stored] if all(found) else None


def _stored_at(term: Term, per: Fraction) -> Stored | None:
    if term.exact is None:
        return term.stored if term.stored and term.stored.per == per else None
    whole = term.exact * per
    small = whole.denominator == 1 and abs(whole) <= 9 * 10**15
    return Stored(Constant(whole.numerator), per) if small else None


def joined(terms: Sequence[Term], build: Build, words: Spelling, position: int, whole: Build | None = None) -> Term:
    """One number out of several of one dimension, by a template that only picks or adds: integers stay integers, built by ``whole`` where given."""
    integers = common_stored(terms)
    stored = Stored((whole or build)(*(part.node for part in integers)), integers[0].per) if integers else None
    node = stored.canonical() if stored else build(*(term.node for term in terms))
    dimension = next((term.dimension for term in terms if term.dimension.top != "none"), terms[0].dimension)
    factors, bare = max(term.factors for term in terms), all(term.bare for term in terms)
    return bounded(Term("number", node, words, position, dimension, shared_display(terms), stored, bare=bare, factors=factors))


def plus(left: Term, right: Term, operator: str) -> Term:
    """``left + right`` or ``left - right``."""
    for term in (left, right):
        if term.kind == "date":
            raise fault("date_arithmetic", left.position)
        demand(term, "number", "计划投资 - 完成投资")
    deed, deed_en = ("相加", "added") if operator == "+" else ("相减", "subtracted")
    left, right = united((left, right), deed, deed_en)
    words = spell(left.words, f" {operator} ", right.words)
    sql = _ADD if operator == "+" else _SUBTRACT
    term = joined((left, right), partial(Call, sql), words, left.position, partial(Call, _WHOLE[operator]))
    if left.exact is not None and right.exact is not None:
        value = left.exact + right.exact if operator == "+" else left.exact - right.exact
        return replace(term, exact=value, node=Constant(float(value)), stored=None, fixed=True)
    return term if term.stored else replace(term, summands=left.parts + right.parts)


def negate(term: Term, position: int) -> Term:
    """``-term``."""
    demand(term, "number", "-1")
    words = spell("- " if str(term.words).startswith("-") else "-", term.words)
    if term.exact is not None:
        return replace(term, node=Constant(float(-term.exact)), exact=-term.exact, words=words, position=position)
    stored = Stored(Call(_NEGATE, term.stored.node), term.stored.per) if term.stored else None
    return bounded(replace(term, node=Call(_NEGATE, term.node), stored=stored, words=words, position=position))


def times(left: Term, right: Term) -> Term:
    """``left * right``."""
    for term in (left, right):
        demand(term, "number", "合同金额 * 90%")
    dimension = product(left.dimension, right.dimension)
    if dimension is None:
        unit, unit_en = f"{spoken(left.dimension)}乘{spoken(right.dimension)}", f"{left.dimension} × {right.dimension}"
        raise fault("units_multiply", left.position, left=left.words, right=right.words, unit=unit, unit_en=unit_en)
    words = spell(left.words, " * ", right.words)
    exact = left.exact * right.exact if left.exact is not None and right.exact is not None else None
    node = Constant(float(exact)) if exact is not None else Call(_MULTIPLY, left.node, right.node)
    return _multiplied(left, right, Term("number", node, words, left.position, dimension, _product_display(left, right), exact=exact))


def over(left: Term, right: Term) -> Term:
    """``left / right``; no value where ``right`` is zero."""
    for term in (left, right):
        demand(term, "number", "完成投资 / 计划投资")
    if right.exact == 0:
        raise fault("by_zero", right.position)
    dimension = left.dimension if right.bare else quotient(left.dimension, right.dimension)
    if dimension is None:
        unit, unit_en = f"{spoken(left.dimension)}除以{spoken(right.dimension)}", f"{left.dimension} by {right.dimension}"
        raise fault("units_divide", left.position, left=left.words, right=right.words, unit=unit, unit_en=unit_en)
    words = spell(left.words, " / ", right.words)
    exact = left.exact / right.exact if left.exact is not None and right.exact is not None else None
    node = Constant(float(exact)) if exact is not None else divided(left.node, right.node, right.parts)
    return _multiplied(left, right, Term("number", node, words, left.position, dimension, _quotient_display(left, right), exact=exact))


def _multiplied(left: Term, right: Term, term: Term) -> Term:
    return bounded(replace(term, bare=left.bare and right.bare, fixed=term.exact is not None, factors=left.factors + right.factors))


def _product_display(left: Term, right: Term) -> Display | None:
    if left.bare or right.bare:
        return left.display if right.bare else right.display
    if left.display is None or right.display is None:
        return None
    for one, other in ((left, right), (right, left)):
        if other.dimension.plain and _rank(one.dimension) > _rank(other.dimension):
            return one.display
        label, _, bottom = one.display.label.partition("/") if one.display else ("", "", "")
        if bottom and other.display and bottom == other.display.label:
            return Display(label, left.display.factor * right.display.factor)
    return PLAIN if left.display.factor == right.display.factor == 1 else None


def _rank(dimension: Dimension) -> int:
    """Whose unit a product is spoken in: 60 points times 85% is points, 3000 people times 85% is people."""
    return {"ratio": 0, "none": 1, "count": 2}.get(str(dimension), 3)


def _quotient_display(left: Term, right: Term) -> Display | None:
    if right.bare:
        return left.display
    if left.dimension == right.dimension:
        return PLAIN
    if left.display is None or right.display is None:
        return None
    if right.dimension in (NONE, RATIO):
        return left.display
    if left.dimension.plain and right.dimension.plain:
        return left.display if right.display.factor == 1 else None
    label = f"{left.display.label}/{right.display.label}"
    return Display(label, left.display.factor / right.display.factor)
