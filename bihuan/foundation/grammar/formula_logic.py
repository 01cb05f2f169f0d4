"""Conditions: comparisons, lists, and the three-valued AND, OR and NOT."""

from __future__ import annotations

from collections.abc import Sequence

from bihuan.foundation.grammar.formula_errors import fault
from bihuan.foundation.grammar.formula_spelling import Spelling, parted, quoted, spell
from bihuan.foundation.grammar.formula_sql import (
    BOTH,
    EITHER,
    NOT,
    Call,
    Constant,
    Node,
    chained,
    compared,
    compared_near,
    compared_with_fixed,
    flipped,
    tolerance,
)
from bihuan.foundation.grammar.formula_terms import Term, bounded, common_stored, demand, united
from bihuan.foundation.grammar.formula_types import KINDS, Kind
from bihuan.foundation.grammar.saying import Said

_CONDITION = "协调未果次数 >= 1 且 状态 = '在建'"
_COMPARISONS: dict[Kind, str] = {
    "number": "概算投资 >= 1亿元",
    "text": "状态 = '在建'",
    "yes_no": "高技术项目 = 是",
    "date": "开工日期 >= 2025-07-08",
}


def condition(node: Node, words: Spelling, position: int) -> Term:
    """A yes or no."""
    return bounded(Term("yes_no", node, words, position))


def compare(left: Term, operator: str, right: Term) -> Term:
    """``left operator right``; operators are = <> > >= < <=."""
    if left.kind != right.kind:
        raise _kinds_differ(left, right, operator)
    if operator not in ("=", "<>") and left.kind in ("text", "yes_no"):
        kind, kind_en = KINDS[left.kind]
        raise fault("order_of_words", left.position, kind=kind, kind_en=kind_en)
    if left.kind == "number":
        left, right = united((left, right), "比较", "compared")
        return condition(_numbers(left, operator, right), spell(left.words, f" {operator} ", right.words), left.position)
    words = spell(chosen(right, left), f" {operator} ", chosen(left, right))
    return condition(compared(left.node, operator, right.node), words, left.position)


def _kinds_differ(left: Term, right: Term, operator: str) -> Exception:
    if "yes_no" in (left.kind, right.kind) and operator not in ("=", "<>"):
        return fault("chain", left.position)
    (kind, kind_en), (other, other_en) = KINDS[left.kind], KINDS[right.kind]
    words = {"left": left.words, "right": right.words, "kind": kind, "kind_en": kind_en}
    return fault("compare_kinds", right.position, **words, other=other, other_en=other_en, example=_COMPARISONS[left.kind])


def chosen(name: Term, literal: Term) -> Spelling:
    """The words of a value beside a name: a fixed text as one of the name's choices, in English too. Refused where it is none of them."""
    if not isinstance(literal.node, Constant):
        return literal.words
    if name.choices and literal.node.value not in name.choices:
        words = {"name": name.words, "word": literal.node.value, "first": name.choices[0]}
        raise fault("not_a_choice", literal.position, **words, choices="、".join(name.choices))
    text = str(literal.node.value)
    english = dict(name.called).get(text)
    return quoted(text, english) if english and not literal.called else literal.words


def _numbers(left: Term, operator: str, right: Term) -> Node:
    """Two numbers of one dimension compared: as integers where both are, else as doubles at a tolerance."""
    if left.exact is not None and right.exact is None:
        return _numbers(right, flipped(operator), left)
    if left.stored and right.exact is not None:
        return compared_with_fixed(left.stored, operator, right.exact)
    integers = common_stored((left, right))
    if integers:
        return compared(integers[0].node, operator, integers[1].node)
    return compared_near(left.node, operator, right.node, tolerance(_magnitudes(left, right)))


def _magnitudes(left: Term, right: Term) -> Sequence[Node]:
    """What the rounding errors of both sides are measured by: at a threshold the sides are equal, so one of them is enough unless they are sums."""
    if len(left.parts) == len(right.parts) == 1:
        return right.parts
    return (*left.parts, *right.parts)


def among(value: Term, listed: Sequence[Term]) -> Term:
    """``value IN (listed)``: fixed values of the same kind."""
    for item in listed:
        if not item.fixed:
            raise fault("constants_only", item.position)
    if {term.kind for term in (value, *listed)} == {"number"}:
        value, *listed = united((value, *listed), "比较", "compared")
    tests = [compare(value, "=", item) for item in listed]
    words = spell(value.words, Said(" 在 (", " IN ("), *parted(", ", [chosen(value, item) for item in listed]), ")")
    return condition(chained(EITHER, [test.node for test in tests]), words, value.position)


def connect(terms: Sequence[Term], word: str) -> Term:
    """All of (且) or any of (或) the conditions; unknown stays unknown where it decides."""
    sql = BOTH if word == "且" else EITHER
    for term in terms:
        demand(term, "yes_no", _CONDITION)
    node = chained(sql, [term.node for term in terms])
    words = spell(*parted(Said(f" {word} ", " AND " if word == "且" else " OR "), [term.words for term in terms]))
    return condition(node, words, terms[0].position)


def deny(term: Term, position: int) -> Term:
    """Not the condition; unknown stays unknown."""
    demand(term, "yes_no", _CONDITION)
    return condition(Call(NOT, term.node), spell(Said("非 ", "NOT "), term.words), position)
