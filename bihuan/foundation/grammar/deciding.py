"""Criteria as SQL: the columns of ``judged`` that a plan takes in, and the same tree as one condition for millions of rows.

Both are written from the same checked formulas, test by test, so a list of who is paid and the reasons shown to one of them cannot disagree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bihuan.foundation.grammar import formula_sql as values
from bihuan.foundation.grammar.clustered import carried
from bihuan.foundation.grammar.criteria import Any, AtLeast, Criteria, Every, Node, Not, Test, root_of, tests_of
from bihuan.foundation.grammar.formulas import Formula, FormulaError
from bihuan.foundation.grammar.views import RegisterView


@dataclass(frozen=True)
class Column:
    """A column of ``judged`` and the names it needs. ``after``: it uses columns of the first set, so it comes in a second step."""

    sql: str
    names: tuple[str, ...] = ()
    after: bool = False


@dataclass(frozen=True)
class Asked:
    """What is computed of a row: a tree of values, and the names it needs."""

    tree: values.Node
    names: tuple[str, ...]


Written = Callable[[values.Node], str]
"""How a tree over the rows ``s`` is written: for which engine, and where the day stands."""

_COLUMNS = values.Target("duckdb", at_column="s._at", table="s")


def in_columns(tree: values.Node) -> str:
    """For the columns, the day beside each row."""
    return tree.write(_COLUMNS)


def carrying(dialect: str) -> Written:
    """For a plan: as the columns have it, or as a cluster has it, carried."""
    target = replace(_COLUMNS, dialect=dialect)
    return lambda tree: carried(tree.write(target), dialect)


def criteria_columns(view: RegisterView, name: str, write: Written = in_columns) -> Iterator[Column]:
    """The columns of one criteria (short name): each test, both sides of a comparison, what is lifted, and the whole."""
    criteria = view.criteria[name].shape
    for test in tests_of(criteria):
        formula = view.condition(test.if_)
        yield Column(f'{write(formula.tree)} AS "{name}/{test.key}"', formula.names)
        yield from _sides(view, f"{name}/{test.key}", formula, write)
    lifted = tuple(dict.fromkeys(exemption.from_ for exemption in criteria.exempt))
    for key in lifted:
        lifting = _lifting(view, criteria, key)
        yield Column(f'{write(lifting.tree)} AS "{name}!{key}"', lifting.names)

    def said(test: Test) -> str:
        column = f'"{name}/{test.key}"'
        return f'({column} OR "{name}!{test.key}")' if test.key in lifted else column

    yield Column(f'{_whole(criteria, said, name)} AS "{name}"', after=True)


def condition_of(view: RegisterView, name: str) -> Asked:
    """The whole of one criteria as one condition, and the names it needs: true, false or no value for unknown."""
    return view.once(("condition", name), lambda: _condition(view, name))


def _condition(view: RegisterView, name: str) -> Asked:
    criteria = view.criteria[name].shape
    asked = {test.key: view.condition(test.if_) for test in tests_of(criteria)}
    lifted = {key: _lifting(view, criteria, key) for key in dict.fromkeys(exemption.from_ for exemption in criteria.exempt)}

    def said(test: Test) -> values.Node:
        bare = asked[test.key].tree
        return values.Call(values.EITHER, bare, lifted[test.key].tree) if test.key in lifted else bare

    names = [name for formula in asked.values() for name in formula.names] + [name for one in lifted.values() for name in one.names]
    tree = _joined(root_of(criteria), said)
    if criteria.deny:
        denied = values.chained(values.EITHER, [asked[test.key].tree for test in criteria.deny])
        tree = values.Call(values.BOTH, tree, values.Call(values.NOT, denied))
    return Asked(tree, tuple(dict.fromkeys(names)))


def _joined(node: Node, said: Callable[[Test], values.Node]) -> values.Node:
    """The tree of a criteria over its tests."""
    match node:
        case Test():
            return said(node)
        case Not():
            return values.Call(values.NOT, _joined(node.not_, said))
        case Every():
            return values.chained(values.BOTH, [_joined(part, said) for part in node.all]) if node.all else values.Constant(True)
        case Any():
            return values.chained(values.EITHER, [_joined(part, said) for part in node.any]) if node.any else values.Constant(False)
        case AtLeast():
            return values.AtLeast(node.at_least, *(_joined(part, said) for part in node.of))


def near_miss_of(criteria: Criteria, name: str) -> str:
    """A condition over the columns of ``judged``: not met, not denied, and one test alone would turn it, as `criteria.judge` finds it."""
    lifted = {exemption.from_ for exemption in criteria.exempt}

    def said(test: Test) -> str:
        column = _column(name, test)
        return f'({column} OR "{name}!{test.key}")' if test.key in lifted else column

    def other_way(test: Test) -> str:
        column = _column(name, test)
        return f'(CASE WHEN {column} OR "{name}!{test.key}" IS FALSE THEN NOT {column} END)' if test.key in lifted else f"(NOT {column})"

    def turned(one: Test) -> str:
        return _tree(root_of(criteria), lambda test: other_way(test) if test is one else said(test))

    turning = " + ".join(f"CASE WHEN {turned(test)} THEN 1 ELSE 0 END" for test in tests_of(criteria) if test not in criteria.deny) or "0"
    denied = " OR ".join(f"({_column(name, test)} IS TRUE)" for test in criteria.deny) or "FALSE"
    return f"({_tree(root_of(criteria), said)}) IS FALSE AND NOT ({denied}) AND ({turning}) = 1"


Leaf = Callable[[Test], str]
"""What stands for one test in the SQL of a tree."""


def _column(name: str, test: Test) -> str:
    return f'"{name}/{test.key}"'


_IS_WRITTEN = values.Sql("(coalesce(CAST({0} AS VARCHAR), '') <> '')", spark="(coalesce(CAST({0} AS STRING), '') <> '')")


def _lifting(view: RegisterView, criteria: Criteria, key: str) -> Asked:
    """Whether a test is lifted: its exemption holds and the reason is written down. Unknown where the exemption is."""
    parts, names = list[values.Node](), list[str]()
    for exemption in criteria.exempt:
        if exemption.from_ == key:
            formula = view.condition(exemption.if_)
            written = values.Call(_IS_WRITTEN, values.Column(exemption.needs, exemption.needs))
            parts.append(values.Call(values.BOTH, formula.tree, written))
            names += [*formula.names, exemption.needs]
    return Asked(values.chained(values.EITHER, parts), tuple(names))


def _whole(criteria: Criteria, said: Leaf, name: str) -> str:
    """The three-valued result of the whole tree; a denial beats it."""
    passed = _tree(root_of(criteria), said)
    denials = " OR ".join(_column(name, test) for test in criteria.deny)
    return f"({passed}) AND NOT ({denials})" if denials else passed


def _tree(node: Node, said: Leaf) -> str:
    match node:
        case Test():
            return said(node)
        case Not():
            return f"(NOT {_tree(node.not_, said)})"
        case Every():
            return f"({' AND '.join(_tree(part, said) for part in node.all) or 'TRUE'})"
        case Any():
            return f"({' OR '.join(_tree(part, said) for part in node.any) or 'FALSE'})"
        case AtLeast():
            parts = [_tree(part, said) for part in node.of]
            yes = " + ".join(f"CASE WHEN {part} THEN 1 ELSE 0 END" for part in parts)
            maybe = " + ".join(f"CASE WHEN {part} IS FALSE THEN 0 ELSE 1 END" for part in parts)
            return f"(CASE WHEN {yes} >= {node.at_least} THEN TRUE WHEN {maybe} < {node.at_least} THEN FALSE END)"


_COMPARISON = re.compile(r"^(?P<left>.+?) (?P<operator>>=|<=|>|<|=|<>) (?P<right>.+)$")


def sides(view: RegisterView, formula: Formula) -> tuple[Formula, str, Formula] | None:
    """Both sides of a condition that is one comparison of two numbers, else None."""
    if formula.source not in view.compared:
        view.compared[formula.source] = _sides_of(view, formula)
    return view.compared[formula.source]


def _sides_of(view: RegisterView, formula: Formula) -> tuple[Formula, str, Formula] | None:
    words = formula.explain()
    if any(sign in words for sign in (" 且 ", " 或 ", "非 ", "'")) or len(re.findall(r" (?:>=|<=|>|<|=|<>) ", words)) != 1:
        return None
    found = _COMPARISON.match(words)
    if not found:
        return None
    try:
        left, right = (view.formula(found[side], "entry", "number") for side in ("left", "right"))
    except FormulaError:
        return None
    return left, found["operator"], right


def _sides(view: RegisterView, column: str, formula: Formula, write: Written) -> Iterator[Column]:
    compared = sides(view, formula)
    if compared:
        for word, side in zip(("left", "right"), (compared[0], compared[2]), strict=True):
            yield Column(f'{write(side.tree)} AS "{column}:{word}"', side.names)
