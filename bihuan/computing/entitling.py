"""Who meets which policy, found on a cluster: one scan of the rows for many policies, whatever their number.

A query with a branch for each policy would read the rows as often; here each row makes a list of what it is entitled to, and the list is taken
apart. The conditions and amounts are the trees that `computing.facts` takes the bitmaps from, written for Spark.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pyarrow as pa

from bihuan.computing.clusters import Cluster
from bihuan.computing.engine import tables_in
from bihuan.computing.facts import ENTITLED, Progress, nobody
from bihuan.foundation.grammar.deciding import condition_of
from bihuan.foundation.grammar.formula_sql import Node, Target
from bihuan.foundation.grammar.payables import Policy, amount_of, subjects_sql, turns_of
from bihuan.foundation.grammar.views import RegisterView

TOGETHER = 200
"""Policies in one query: planning more of them takes longer than a second scan."""


def entitled_on(
    cluster: Cluster, view: RegisterView, policies: Sequence[Policy], day: date, progress: Progress = nobody
) -> tuple[pa.Table, dict[int, int]]:
    """The rows that meet each policy as ``entitled`` has them, and by policy how many rows cannot be decided. Raises ClusterFailed, TooSlow."""
    source = subjects_sql(cluster.catalogue, view, policies, day, dialect=cluster.dialect)
    tables, rows = tables_in(source), f"({cluster.write(source)}) AS s"
    found, unknown = list[pa.Table](), dict[int, int]()
    for start in range(0, len(policies), TOGETHER):
        part = [_Written(view, policy, day) for policy in policies[start : start + TOGETHER]]
        entitled = cluster.table(_entitled(part, rows), tables)
        found.append(entitled.select(ENTITLED.names).cast(ENTITLED))
        counted = cluster.table(_unknown(part, rows), tables)
        unknown |= {one.number: counted.column(f"p{one.number}")[0].as_py() for one in part}
        progress(min(start + TOGETHER, len(policies)), len(policies))
    return pa.concat_tables(found), unknown


class _Written:
    """One policy in Spark's SQL."""

    def __init__(self, view: RegisterView, policy: Policy, day: date) -> None:
        target = Target("spark", at=day, table="s")

        def write(tree: Node) -> str:
            return tree.write(target)

        self.number = policy.number
        self.met, self.asked = write(condition_of(view, policy.short).tree), write(amount_of(view, policy.pays).tree)
        self.turns = [write(tree) for tree in turns_of(view, policy.pays)]

    def columns(self) -> Iterator[str]:
        """What an entitled row says, in the order of ``ENTITLED``, its id apart."""
        yield f"CAST({self.number} AS INT) AS policy"
        # Sail 0.7.2 stops with "Arrays with inconsistent types" where a value of the list may be missing in one line and never in another.
        for name, value in zip(ENTITLED.names[2:], (self.asked, *self.turns), strict=True):
            yield f"CASE WHEN s._id IS NOT NULL THEN {value} END AS {name}"


def _entitled(policies: Sequence[_Written], rows: str) -> str:
    lines = ", ".join(f"CASE WHEN {one.met} THEN struct({', '.join(one.columns())}) END" for one in policies)
    taken = ", ".join(f"line.{name}" for name in ENTITLED.names[1:])
    return f"SELECT _id, {taken} FROM (SELECT s._id, explode(filter(array({lines}), one -> one IS NOT NULL)) AS line FROM {rows}) AS t"


def _unknown(policies: Sequence[_Written], rows: str) -> str:
    counted = (f"COUNT(CASE WHEN {one.met} IS NULL OR ({one.met} AND {one.asked} IS NULL) THEN 1 END) AS p{one.number}" for one in policies)
    return f"SELECT {', '.join(counted)} FROM {rows}"
