"""Who meets which policy, asked of one engine in one statement: what everything that is quicker is held against."""

from collections.abc import Iterable

from bihuan.foundation.grammar.deciding import condition_of, in_columns
from bihuan.foundation.grammar.payables import Policy, amount_of, turns_of
from bihuan.foundation.grammar.views import RegisterView


def entitled_sql(view: RegisterView, policies: Iterable[Policy]) -> str:
    """(_id, policy, asked, turn1, turn2, turn3) over ``subjects``."""
    branches = []
    for policy in policies:
        turns = ", ".join(f"CAST({in_columns(key)} AS DOUBLE) AS turn{place}" for place, key in enumerate(turns_of(view, policy.pays), 1))
        asked, where = in_columns(amount_of(view, policy.pays).tree), in_columns(condition_of(view, policy.short).tree)
        branches.append(f"SELECT s._id, {policy.number} AS policy, {asked} AS asked, {turns} FROM subjects s WHERE {where}")
    return " UNION ALL ".join(branches)
