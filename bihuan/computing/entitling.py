"""Who meets which policy, found on a cluster: one scan of the rows for many policies, whatever their number.

A query with a branch for each policy would read the rows as often; here each row makes a list of what it is entitled to, and the list is taken
apart. The conditions and amounts are the trees that `computing.facts` takes the bitmaps from, written for Spark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from bihuan.computing.clusters import Cluster
from bihuan.computing.engine import tables_in
from bihuan.computing.facts import ENTITLED, Progress, nobody
from bihuan.foundation.grammar.deciding import condition_of
from bihuan.foundation.grammar.formula_sql import BOTH, EITHER, NOT, AtLeast, Call, Column, Node, Target
from bihuan.foundation.grammar.payables import Policy, amount_of, subjects_sql, turns_of
from bihuan.foundation.grammar.views import RegisterView

TOGETHER = 200
"""Policies in one query: planning more of them takes longer than a second scan."""


def entitled_on(
    cluster: Cluster, view: RegisterView, policies: Sequence[Policy], day: date, progress: Progress = nobody
) -> tuple[pa.Table, dict[int, int]]:
    """The rows that meet each policy as ``entitled`` has them, and by policy how many rows cannot be decided. Raises ClusterFailed, TooSlow."""
    source = subjects_sql(cluster.catalogue, view, policies, day, dialect=cluster.dialect)
    tables, subjects = tables_in(source), cluster.write(source)
    found, unknown = list[pa.Table](), dict[int, int]()
    for start in range(0, len(policies), TOGETHER):
        part = policies[start : start + TOGETHER]
        writer = _Writer(view, day)
        met = [writer.condition(policy) for policy in part]
        entitled = cluster.table(writer.entitled(part, met, subjects), tables).select(ENTITLED.names).cast(ENTITLED)
        undecided = cluster.table(writer.undecided(met, subjects), tables)
        # A row that meets a policy and lacks what its amount is made of came out without one.
        lacking = Counter(entitled.filter(pc.is_null(entitled["asked"]))["policy"].to_pylist())
        unknown |= {policy.number: undecided.column(place)[0].as_py() + lacking[policy.number] for place, policy in enumerate(part)}
        found.append(entitled)
        progress(min(start + TOGETHER, len(policies)), len(policies))
    return pa.concat_tables(found), unknown


class _Writer:
    """Writes policies in Spark's SQL. A condition that many have is a column computed once, and policies say AND, OR and NOT of columns."""

    def __init__(self, view: RegisterView, day: date) -> None:
        self.view = view
        self.target = Target("spark", at=day, table="s")
        self.shared: dict[str, str] = {}

    def condition(self, policy: Policy) -> str:
        """Whether a row meets a policy, over the shared conditions."""
        return self._over_shared(condition_of(self.view, policy.short).tree).write(self.target)

    def _over_shared(self, tree: Node) -> Node:
        if isinstance(tree, Call) and tree.sql in (BOTH, EITHER, NOT):
            return Call(tree.sql, *map(self._over_shared, tree.parts))
        if isinstance(tree, AtLeast):
            return AtLeast(tree.count, *map(self._over_shared, tree.parts))
        name = self.shared.setdefault(tree.write(self.target), f"_if{len(self.shared)}")
        return Column(name, name)

    def entitled(self, policies: Sequence[Policy], met: Sequence[str], subjects: str) -> str:
        """The lines of all rows: ``ENTITLED``. Amounts are computed after the lists are taken apart, only of those who get them."""
        numbers = ", ".join(f"CASE WHEN {one} THEN {policy.number} END" for policy, one in zip(policies, met, strict=True))
        listed = f"SELECT s.*, explode(filter(array({numbers}), one -> one IS NOT NULL)) AS _policy FROM {self._rows(subjects)}"
        trees = [(policy.number, (amount_of(self.view, policy.pays).tree, *turns_of(self.view, policy.pays))) for policy in policies]
        values = [self._chosen([(number, parts[place]) for number, parts in trees]) for place in range(len(ENTITLED.names) - 2)]
        said = ", ".join(f"{value} AS {name}" for value, name in zip(values, ENTITLED.names[2:], strict=True))
        return f"SELECT s._id, s._policy AS policy, {said} FROM ({listed}) AS s"

    def _chosen(self, trees: Sequence[tuple[int, Node]]) -> str:
        """The value that a line's policy gives it; policies that say it alike stand together."""
        alike: dict[str, list[int]] = {}
        for number, tree in trees:
            alike.setdefault(tree.write(self.target), []).append(number)
        if len(alike) == 1:
            return next(iter(alike))
        branches = (f"WHEN s._policy IN ({', '.join(map(str, numbers))}) THEN {value}" for value, numbers in alike.items())
        return f"CASE {' '.join(branches)} END"

    def undecided(self, met: Sequence[str], subjects: str) -> str:
        """By policy, how many rows cannot be said to meet it or not."""
        return f"SELECT {', '.join(f'COUNT(CASE WHEN {one} IS NULL THEN 1 END)' for one in met)} FROM {self._rows(subjects)}"

    def _rows(self, subjects: str) -> str:
        shared = "".join(f", {condition} AS {name}" for condition, name in self.shared.items())
        return f"(SELECT s.*{shared} FROM ({subjects}) AS s) AS s"
