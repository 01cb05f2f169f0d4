"""The map on a board: its areas are the offices that own rows, shaded by a measure one may choose; its points the rows that a light judges."""

from collections.abc import Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import boards
from bihuan.computing.boards import Matrix
from bihuan.computing.judge import group_of
from bihuan.computing.lamps import read_from
from bihuan.computing.lists import Asked
from bihuan.computing.points import points
from bihuan.foundation.grammar.indicators import Indicator
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.quantities import parse_quantity
from bihuan.foundation.grammar.shape import first_day
from bihuan.portal import guarded, maps, words
from bihuan.portal.lists import LIGHT
from bihuan.portal.maps import Area, Measure
from bihuan.portal.topics import Board
from bihuan.portal.visits import Shaped, query

RED, ROWS = "red", "rows"
"""What areas may be shaded by beside the indicators by office: how many rows are red, and how many there are."""

INDICATORS = 2


def board_map(shown: Board, matrix: Matrix) -> Shaped | None:
    """The map of a register whose rows have coordinates or offices with an indicator; `matrix` counts the shown light by office, that day."""
    offered = measures(shown)
    if not shown.view.shape.office or (shown.view.shape.located is None and not any(isinstance(one, Item) for one in offered.values())):
        return None
    chosen = _chosen(shown, offered)
    item = offered[chosen]
    measure, areas = _by_indicator(shown, item) if isinstance(item, Item) else _by_count(shown, chosen, matrix)
    drawn, more = _points(shown)
    note = _("形状和颜色为灯态，大小为%(size)s") % {"size": _size_title(shown)} if drawn else ""
    note += _("；另有 %(more)s 个较小的未画") % {"more": more} if more else ""
    shaped = maps.city_map("map", _("分布"), areas, measure, drawn, note)
    kept = {"light": shown.visit.request.GET.get("light", ""), "score": shown.visit.request.GET.get("score", ""), "on": shown.on}
    return {
        **shaped,
        "measures": [
            {"title": _title(shown, name, one), "href": query(**kept, measure=name), "current": name == chosen} for name, one in offered.items()
        ],
    }  # fmt: skip


def measures(shown: Board) -> dict[str, Item[Indicator] | None]:
    """What the areas may be shaded by: the indicators by office, those a score or light uses first, red lights, and how many rows there are."""
    view = shown.view
    by_office = [item for item in view.indicators.values() if item.shape.per == view.shape.office]
    scores = ([shown.score] if shown.score else []) + list(view.scores.values())
    used = [part.of for score in scores for part in score.shape.parts.values()] + [item.shape.of for item in view.lights.values()]
    by_office.sort(key=lambda item: used.index(item.key) if item.key in used else len(used))
    found: dict[str, Item[Indicator] | None] = {item.short: item for item in by_office[:INDICATORS]}
    return found | ({RED: None} if shown.light else {}) | {ROWS: None}


def _chosen(shown: Board, offered: Mapping[str, object]) -> str:
    asked = shown.visit.request.GET.get("measure", "")
    return asked if asked in offered else next(iter(offered))


def _title(shown: Board, name: str, item: Item[Indicator] | None) -> str:
    if item is not None:
        return shown.visit.title(item.shape)
    return _("红灯数") if name == RED else _("行数")


def _by_indicator(shown: Board, item: Item[Indicator]) -> tuple[Measure, list[Area]]:
    measured = boards.measure(shown.columns, shown.view, item, shown.day)
    line, line_text, lower = _line(shown, item)
    areas = []
    for office in guarded.offices(shown.visit):
        if office in measured:
            one = measured[office]
            text = one.shown.text(shown.visit.language) if one.value is not None else _("无数据")
            areas.append(Area(office, one.value, text, shown.register_href(office=office)))
    return Measure(shown.visit.title(item.shape), line, line_text, lower), areas


def _line(shown: Board, item: Item[Indicator]) -> tuple[float | None, str, bool]:
    """The value beyond which a light of that indicator is red on the day shown, in words too; None where no light judges it."""
    for light in shown.view.lights.values():
        if group_of(shown.view, light) is not item:
            continue
        in_force = _in_force(light.shape.since, shown.day)
        if in_force:
            lines = light.shape.since[in_force]
            lower = light.shape.better == "lower"
            text = (_("高于 %(line)s") if lower else _("低于 %(line)s")) % {"line": lines.yellow}
            return float(parse_quantity(lines.yellow).canonical), text, lower
    return None, "", False


def _in_force(since: Mapping[str, object], day: date) -> str:
    return max((dated for dated in since if first_day(dated) <= day), key=first_day, default="")


def _by_count(shown: Board, chosen: str, matrix: Matrix) -> tuple[Measure, list[Area]]:
    areas = []
    for office in guarded.offices(shown.visit):
        if office not in matrix.offices and office not in matrix.unlit:
            continue
        counts = matrix.offices.get(office, {})
        number = counts.get("red", 0) if chosen == RED else sum(counts.values()) + matrix.unlit.get(office, 0)
        href = _reds_href(shown, office) if chosen == RED else shown.register_href(office=office)
        areas.append(Area(office, number, f"{number:,}", href))
    return Measure(_title(shown, chosen, None)), areas


def _reds_href(shown: Board, office: str) -> str:
    if shown.past:
        return reverse("stood", args=[shown.view.name, shown.light]) + query(on=shown.day, colour="red", office=office)
    return shown.register_href(office=office, **{LIGHT + shown.light: "red"})


def _points(shown: Board) -> tuple[list[Shaped], int]:
    """The rows that the shown light judges, and how many more there are than are drawn. For who sees all, kept until a row or light changes."""
    view = shown.view
    if view.shape.located is None or not shown.light:
        return [], 0
    if not shown.scope.everything:
        return _placed(shown)
    asked = ("points", view.name, shown.light, shown.day, shown.visit.language)
    return shown.columns.keep(asked, read_from(view.name), lambda: _placed(shown))


def _placed(shown: Board) -> tuple[list[Shaped], int]:
    view = shown.view
    assert view.shape.located is not None
    found, total = points(shown.columns, view, Asked(colours={shown.light: words.COLOURS}), shown.scope, shown.day, shown.light)
    sized = view.shape.fields.get(view.shape.located.size)
    texts = {point.id: words.with_unit(sized, point.size) or "" for point in found} if sized else {}
    return maps.shaped_points(found, texts, shown.on), total - len(found)


def _size_title(shown: Board) -> str:
    located = shown.view.shape.located
    field = shown.view.shape.fields.get(located.size) if located else None
    return shown.visit.title(field) if field else ""
