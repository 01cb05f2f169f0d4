"""Plans for a cluster: a query written for the columns becomes the same query in Spark's SQL, read as a tree and written from it.

Formulas are written for Spark by their own templates, as for every engine; a plan carries each as one name. What is left of a plan, its
frame, is the few kinds of node in ``_KNOWN``. Anything else is refused, because an engine that understands a word differently would compute
something else without a word of complaint.

    to_spark(row_plan(catalogue, view, wanted, [day], dialect="spark").sql + " SELECT * FROM judged")
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp

_MARK = "\N{LEFT WHITE SQUARE BRACKET}"
"""The first letter of a name that carries a formula; no name of ours begins with it."""

_KNOWN = frozenset(
    {
        # what a query is made of
        exp.Select, exp.Subquery, exp.With, exp.CTE, exp.From, exp.Join, exp.Where, exp.Group, exp.Order, exp.Ordered, exp.Qualify, exp.Union,
        exp.Values, exp.Tuple, exp.Table, exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Star, exp.Paren,
        # values
        exp.Literal, exp.Boolean, exp.Null, exp.Cast, exp.DataType, exp.Case, exp.If, exp.Coalesce, exp.Add, exp.Sub, exp.Mul, exp.Neg,
        # conditions
        exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Is, exp.Exists,
        exp.NullSafeEQ, exp.NullSafeNEQ,
        # values gathered
        exp.Count, exp.Sum, exp.Min, exp.Max, exp.AnyValue, exp.Filter, exp.Window, exp.WindowSpec, exp.RowNumber,
    }
)  # fmt: skip


class NotForClusters(ValueError):
    """A query that cannot be said in Spark's SQL so that it surely means the same."""


def carried(sql: str, dialect: str) -> str:
    """A formula as it stands in a plan: as it is for the columns, and as one name where it was written for a cluster."""
    return exp.to_identifier(_MARK + sql, quoted=True).sql("duckdb") if dialect == "spark" else sql


def to_spark(sql: str) -> str:
    """A plan whose formulas were written for Spark, as Spark reads it. Raises NotForClusters."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    for node in tree.walk():
        _check(node)
    for node in list(tree.find_all(exp.Literal)):
        # 0.95 is a decimal on a cluster, which would draw the doubles beside it into decimals.
        if not node.is_string and "." in node.this and "e" not in node.this.lower():
            node.replace(exp.Literal.number(f"{node.this}e0"))
    for node in list(tree.find_all(exp.Column)):
        if node.name.startswith(_MARK):
            node.replace(exp.Var(this=node.name.removeprefix(_MARK)))
    return _flat(tree).sql("spark", unsupported_level=sqlglot.ErrorLevel.RAISE)


def _check(node: exp.Expr) -> None:
    if type(node) not in _KNOWN:
        raise NotForClusters(f"{type(node).__name__}: {node.sql('duckdb')[:200]}")
    if isinstance(node, exp.Exists) and not isinstance(node.find_ancestor(exp.Where, exp.Case, exp.Select), exp.Where):
        # Sail 0.7.2 drops the rows for which EXISTS is false where it stands in a CASE.
        raise NotForClusters(f"EXISTS outside WHERE: {node.sql('duckdb')[:200]}")


def _flat(tree: exp.Expr) -> exp.Expr:
    """The query with one WITH at its top. Each name in it is its own: plans inside plans use the same names for their steps."""
    lifted: list[exp.CTE] = []
    _lift(tree, {}, lifted)
    if lifted:
        tree.set("with_", exp.With(expressions=lifted))
    return tree


def _lift(node: exp.Expr, names: dict[str, str], lifted: list[exp.CTE]) -> None:
    """Take the steps out of a query and of the queries in it, in the order they build on each other; ``names`` are what steps are called now."""
    steps = node.args.get("with_")
    if steps is not None:
        node.set("with_", None)
        names = dict(names)
        for step in steps.expressions:
            _lift(step.this, names, lifted)
            names[step.alias] = f"{step.alias}_{len(lifted)}"
            lifted.append(exp.CTE(this=step.this, alias=exp.TableAlias(this=exp.to_identifier(names[step.alias], quoted=True))))
    if isinstance(node, exp.Table) and node.name in names:
        if not node.alias:
            node.set("alias", exp.TableAlias(this=exp.to_identifier(node.name, quoted=True)))
        node.set("this", exp.to_identifier(names[node.name], quoted=True))
    for child in node.iter_expressions():
        _lift(child, names, lifted)
