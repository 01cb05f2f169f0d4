"""The views of one list: the same query as a table, by stage, over time, or by county."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bihuan.portal import lists
from bihuan.portal.lists import SIZE, Listed, Query
from bihuan.portal.visits import Shaped, Visit

TABLE = "table"


@dataclass(frozen=True)
class ListShape:
    """How rows are shown: what fills the template, and how many rows of the list it takes at a time."""

    fill: Callable[[Listed], Shaped]
    size: int = SIZE


SHAPES: Mapping[str, ListShape] = {TABLE: ListShape(lists.table)}
"""By the word in the address; the body of each is the template ``components/shape_WORD.html``."""


def shape_of(query: Query) -> str:
    """The view an address asks for, the table where it asks for none that this register has."""
    return query.shape if query.shape in possible(query) else TABLE


def possible(query: Query) -> list[str]:
    """The views this register has."""
    return [TABLE]


def offered(visit: Visit, query: Query) -> list[Shaped]:
    """The views to choose from; none where there is only one."""
    words = {TABLE: (_("表格"), "table")}
    shown = shape_of(query)
    there = possible(query)
    return [
        {"title": words[name][0], "icon": words[name][1], "href": query.href({lists.SHAPE: [] if name == TABLE else [name]}), "current": name == shown}
        for name in there
        if len(there) > 1
    ]
