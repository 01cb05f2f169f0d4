"""Targets judged on a day, for every group their indicator is measured by; computed from the columns, nothing is stored."""

from __future__ import annotations

from datetime import date

from bihuan.computing.scoring import measure
from bihuan.computing.tables import Columns
from bihuan.foundation.grammar.indicators import Target
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.promises import Promise, promise
from bihuan.foundation.grammar.shape import in_force
from bihuan.foundation.grammar.views import RegisterView

EVERYBODY = "*"
"""The one group of an indicator that is measured over all rows."""


def promises(columns: Columns, view: RegisterView, item: Item[Target], day: date) -> dict[str, Promise]:
    """How a target stands for each group (``*`` for all rows, the key of a row for an indicator per entry). Empty before it is in force."""
    chosen = in_force(item.shape.since, day)
    indicator = view.indicators.find(item.shape.of, item.mechanism)
    if chosen is None or indicator is None:
        return {}
    measured = {group: found.value for group, found in measure(columns, view, indicator, day).items()}
    if indicator.shape.per == "all":
        measured.setdefault(EVERYBODY, None)
    referred = view.indicators.find(chosen[1].reference, item.mechanism) if chosen[1].reference else None
    references = {group: found.value for group, found in measure(columns, view, referred, day).items()} if referred else {}
    common = references.get(EVERYBODY) if referred and referred.shape.per == "all" else None
    found: dict[str, Promise] = {}
    for group, value in measured.items():
        standing = promise(item.shape, indicator.shape, day, value, references.get(group, common))
        if standing:
            found[group] = standing
    return found
