"""The views of one list: the same query as a table, by stage, over time, or by county."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bihuan.foundation.grammar.views import RegisterView
from bihuan.portal import gantt, list_map, lists, stages
from bihuan.portal.lists import SIZE, Listed, Query
from bihuan.portal.visits import Shaped

TABLE, STAGES, GANTT, MAP = "table", "stages", "gantt", "map"


@dataclass(frozen=True)
class ListShape:
    """How rows are shown: what fills the template, and how many rows of the list it takes at a time."""

    fill: Callable[[Listed], Shaped]
    size: int = SIZE


SHAPES: Mapping[str, ListShape] = {
    TABLE: ListShape(lists.table), STAGES: ListShape(stages.stages, 1), GANTT: ListShape(gantt.gantt, gantt.ROWS), MAP: ListShape(list_map.list_map, 1),
}  # fmt: skip
"""By the word in the address; the body of each is the template ``components/shape_WORD.html``."""


def shape_of(query: Query) -> str:
    """The view an address asks for, the table where it asks for none that this register has."""
    return query.shape if query.shape in possible(query.view) else TABLE


def possible(view: RegisterView) -> list[str]:
    """The views a register has: by stage with a lifecycle, over time where it says which dates are planned, on the map where offices own rows."""
    has = {TABLE: True, STAGES: view.lifecycle is not None, GANTT: view.shape.timeline is not None, MAP: bool(view.shape.office)}
    return [name for name, there in has.items() if there]


def offered(query: Query) -> list[Shaped]:
    """The views to choose from; none where there is only one."""
    titles = {TABLE: (_("表格"), "table"), STAGES: (_("阶段"), "layout-kanban"), GANTT: (_("甘特"), "calendar-stats"), MAP: (_("地图"), "map-2")}
    shown, there = shape_of(query), possible(query.view)
    return [
        {"title": titles[name][0], "icon": titles[name][1], "href": query.href({lists.SHAPE: [] if name == TABLE else [name]}), "current": name == shown}
        for name in there
        if len(there) > 1
    ]
