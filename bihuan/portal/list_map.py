"""A list on the map: counties shaded by how many rows they have or how many are red, rows as points where they have coordinates."""

from django.utils.translation import gettext as _

from bihuan.computing import lists as computed
from bihuan.computing.points import points
from bihuan.foundation import access
from bihuan.portal import lists, maps, words
from bihuan.portal.lists import LIGHT, Listed
from bihuan.portal.maps import Area, Measure
from bihuan.portal.visits import Shaped

MEASURE, ROWS = "measure", "rows"


def list_map(one: Listed) -> Shaped:
    """The offices of the list as areas with what each holds, the rows as points, and the same as a table with every colour."""
    visit, view, query = one.visit, one.view, one.query
    scope = access.visible(visit.actor, view)
    light = next(iter([*query.colours, *lists.leading_lights(view, one.page.colours)]), "")
    counted = computed.count_by_office(one.tables, view, query.asked(), scope, visit.day, light)
    offered = [(ROWS, _("条数"))] + ([("red", words.colour_word("red"))] if light else [])
    chosen = next((name for name, _title in offered if name == query.given.get(MEASURE)), ROWS)
    areas = []
    for office in sorted(counted, key=lambda office: -sum(counted[office].values())):
        number = counted[office].get("red", 0) if chosen == "red" else sum(counted[office].values())
        changes = {lists.SHAPE: [], MEASURE: [], "office": [office], **({LIGHT + light: ["red"]} if chosen == "red" else {})}
        areas.append(Area(office or _("未写单位"), number, f"{number:,}", query.href(changes)))
    drawn, total = points(one.tables, view, query.asked(), scope, visit.day, light)
    sized = view.shape.fields.get(view.shape.located.size) if view.shape.located else None
    texts = {point.id: words.with_unit(sized, point.size) or "" for point in drawn} if sized else {}
    note = _("另有 %(n)s 条没有画点") % {"n": total - len(drawn)} if total > len(drawn) else ""
    title = dict(offered)[chosen]
    return {
        "map": maps.city_map("map", visit.title(view.shape), areas, Measure(title), maps.shaped_points(drawn, texts), note),
        "measures": [{"title": text, "href": query.href({MEASURE: [name]}), "current": name == chosen} for name, text in offered],
        "offices": _offices(one, counted, light),
    }  # fmt: skip


def _offices(one: Listed, counted: dict[str, dict[str, int]], light: str) -> list[Shaped]:
    """Each office with its rows by colour."""
    shown = []
    for office, held in sorted(counted.items(), key=lambda item: -sum(item[1].values())):
        shown.append({
            "title": office or _("未写单位"), "total": sum(held.values()), "href": one.query.href({lists.SHAPE: [], MEASURE: [], "office": [office]}),
            "counts": [{"colour": colour, "count": held[colour]} for colour in words.COLOURS if held.get(colour)] if light else [],
        })  # fmt: skip
    return shown
