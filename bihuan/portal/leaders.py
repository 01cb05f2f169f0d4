"""The leader's board and the league tables: every figure leads to the rows behind it, every score says where its points come from.

Nothing here knows a pack: a topic is a register with lights or scores, and what it shows first is what its pack declares first.
"""

from datetime import timedelta

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import boards
from bihuan.computing.boards import Matrix, Table
from bihuan.computing.grouped import group_lights
from bihuan.computing.judge import group_of, row_lights
from bihuan.foundation.grammar.indicators import Indicator
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.quantities import show_value, unit_of
from bihuan.foundation.grammar.ranking import Line
from bihuan.foundation.grammar.scores import Score
from bihuan.portal import board_map, charts, guarded, officers, shell, words
from bihuan.portal.lists import LIGHT, leading_lights
from bihuan.portal.topics import Board, board_of, day_of, explain_href, group_href, number, scored, topics
from bihuan.portal.visits import Shaped, Visit, query

TOPICS = 7
FIGURES = 6
MONTHS = 6
RATES = 3


def board(visit: Visit, register: str = "") -> HttpResponseBase:
    """Lights by office, figures of the whole city, the ranking, what turned lately; on any day gone by with ``?on=``."""
    offered = topics(visit)
    view = next((view for view in offered if not register or view.name == register), None)
    if view is None:
        if register:
            raise Http404
        return shell.page(visit, "portal/registers.html", [shell.crumb(_("领导看板"))], {"packs": []})
    shown = board_of(visit, view)
    counted = _counted(shown)
    drawn = board_map.board_map(shown, counted)
    context: Shaped = {
        "board": {
            "title": visit.title(view.shape), "on": shown.day, "past": shown.past, "today": visit.day, "href": visit.request.path,
            "topics": [
                {"title": visit.title(one.shape), "href": reverse("board-of", args=[one.name]), "current": one is view}
                for one in offered[:TOPICS]
            ],
        },
        "figures": _figures(shown), "ranking": _ranking(shown), "matrix": _matrix(shown, counted), "trend": _trend(shown), "rates": _rates(shown),
        "map": drawn, "measures": drawn["measures"] if drawn else [], "funnel": _funnel(shown), "alerts": officers.alerts(visit, view.pack),
    }  # fmt: skip
    return shell.page(visit, "portal/board.html", [shell.crumb(_("领导看板"))], context)


# --- the parts of the board


def _figures(shown: Board) -> list[Shaped]:
    """How many rows, how the lights stand, and the indicators of the whole city for those who see the whole city."""
    visit, view = shown.visit, shown.view
    page = shown.standing
    first: list[Shaped] = [{"title": visit.title(view.shape), "text": f"{page.total:,}", "unit": _("行"), "note": _("在册"), "href": shown.register_href(), "lights": []}]
    for light in leading_lights(view, page.colours)[:2]:
        counts = page.colours.get(light, {})
        lamps = [{"colour": colour, "count": counts[colour]} for colour in words.COLOURS[:3] if counts.get(colour)]
        if lamps:
            title = visit.title(view.lights[light].shape)
            href = shown.register_href(**{LIGHT + light: ["red", "yellow"]})
            first.append({"title": title, "text": "", "unit": "", "note": _("点开看红黄灯"), "href": href, "lights": lamps})
    if shown.scope.everything:
        for item in [item for item in view.indicators.values() if item.shape.per == "all"][: FIGURES - len(first)]:
            first.append(_indicator(shown, item))
    return first


def _indicator(shown: Board, item: Item[Indicator]) -> Shaped:
    measured = boards.measure(shown.columns, shown.view, item, shown.day).get("*")
    text = measured.shown.text(shown.visit.language) if measured else _("无数据")
    note = measured.period.text(shown.visit.language) if measured else ""
    return {"title": shown.visit.title(item.shape), "text": text, "unit": "", "note": note, "href": shown.register_href(), "lights": []}


def _counted(shown: Board) -> Matrix:
    """The colours of the shown light by office, as they show today or as they stood that day."""
    view = shown.view
    if not shown.light:
        return Matrix("", "", {}, {})
    return boards.as_it_was(view, shown.light, shown.day) if shown.past else boards.lights_by_office(shown.columns, view, shown.light, shown.scope, shown.day)


def _matrix(shown: Board, found: Matrix) -> Shaped:
    """One light by office; each cell leads to its rows."""
    visit, view = shown.visit, shown.view
    colours = [colour for colour in words.COLOURS if found.total.get(colour)] or list(words.COLOURS[:3])
    rows: list[Shaped] = []
    for office in [office for office in guarded.offices_of(visit, view) if office in found.offices]:
        counts = found.offices[office]
        cells = [
            {"colour": colour, "count": counts.get(colour, 0), "href": _cell_href(shown, office, colour)} for colour in colours
        ]
        rows.append({"title": office, "href": shown.register_href(office=office), "total": sum(counts.values()), "cells": cells})
    totals = [sum(row["cells"][at]["count"] for row in rows) for at in range(len(colours))]
    title = visit.title(view.lights[shown.light].shape) if shown.light else _("灯态")
    return {
        "title": title, "note": _("%(day)s 的灯态") % {"day": shown.day} if shown.past else _("点一格看是哪些"), "colours": colours, "rows": rows,
        "totals": totals, "total": sum(totals),
        "lights": [
            {"title": visit.title(view.lights[name].shape), "href": query(light=name, on=shown.day if shown.past else ""), "current": name == shown.light}
            for name in leading_lights(view, shown.standing.colours)
        ],
    }  # fmt: skip


def _cell_href(shown: Board, office: str, colour: str) -> str:
    if shown.past:
        return reverse("stood", args=[shown.view.name, shown.light]) + query(on=shown.day, colour=colour, office=office)
    return shown.register_href(office=office, **{LIGHT + shown.light: colour})


def _ranking(shown: Board) -> Shaped:
    """The league table of the first score that ranks groups, each score leading to its explanation."""
    empty: Shaped = {"title": _("排名"), "note": "", "rate_title": "", "rows": [], "scores": []}
    if shown.score is None:
        return empty
    table = boards.league(shown.columns, shown.view, shown.score, shown.day)
    item = table.score
    part = next(iter(item.shape.parts.values()))
    scores = [{"title": shown.visit.title(one.shape), "href": reverse("league", args=[shown.view.name, name])} for name, one in shown.view.scores.items()]
    lamps = _group_lamps(shown, item)
    return {
        "title": shown.visit.title(item.shape), "note": item.shape.basis, "rate_title": shown.visit.title(part), "scores": scores,
        "rows": [{**_ranked(shown, table, line), "lamp": lamps.get(line.group)} for line in table.lines if line.rank is not None][:FIGURES * 4],
    }  # fmt: skip


def _group_lamps(shown: Board, score: Item[Score]) -> dict[str, Shaped]:
    """The first light that judges the groups a score ranks, by group: its colour, and its title with the reason."""
    for item in shown.view.lights.values():
        judged = group_of(shown.view, item)
        if judged is not None and judged.shape.per == score.shape.per:
            title = shown.visit.title(item.shape)
            spoken = group_lights(shown.columns, shown.view, item, shown.day)
            return {group: {"colour": said.colour, "text": f"{title}：{said.because.text(shown.visit.language)}"} for group, said in spoken.items()}
    return {}


def _ranked(shown: Board, table: Table, line: Line) -> Shaped:
    points = line.parts[0] if line.parts else None
    value = points.value if points else None
    part = next(iter(table.score.shape.parts.values()))
    indicator = shown.view.indicators.find(part.of, table.score.mechanism)
    ratio = indicator is not None and unit_of(indicator.shape.unit).dimension == "ratio"
    return {
        "rank": line.rank, "title": table.names.get(line.group, line.group), "href": group_href(shown, table, line.group),
        "moved": line.change, "fallen": -line.change if line.change and line.change < 0 else 0,
        "score": number(line.score) if line.score is not None else "—",
        "rate": {
            "actual": float(value * 100) if value is not None and ratio else None, "plan": None, "colour": "",
            "text": show_value(value, unit_of(indicator.shape.unit), indicator.shape.decimals, shown.visit.language)
            if value is not None and indicator is not None and not ratio else "",
        },
        "explain_href": explain_href(shown.view, table.score, line.group, shown.day if shown.past else None),
    }  # fmt: skip


def _rates(shown: Board) -> Shaped | None:
    """Up to three percentages by group, side by side."""
    series: list[tuple[str, dict[str, float | None]]] = []
    groups: dict[str, None] = {}
    for item in shown.view.indicators.values():
        if item.shape.per in ("entry", "all") or item.shape.unit != "%" or len(series) == RATES:
            continue
        measured = boards.measure(shown.columns, shown.view, item, shown.day)
        series.append((shown.visit.title(item.shape), {group: one.value * 100 for group, one in measured.items() if one.value is not None}))
        groups.update(dict.fromkeys(group for group in measured if group))
    return charts.by_group(list(groups), series, "%")


def _trend(shown: Board) -> Shaped | None:
    """How many rows were red and yellow at the end of each of the last months; only for those who see all rows."""
    if not shown.light or not shown.scope.everything:
        return None
    ends = [shown.day]
    while len(ends) < MONTHS:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    ends.reverse()
    labels = [f"{day.month}月{day.day}日" if shown.visit.language.startswith("zh") else day.isoformat() for day in ends]
    return charts.turned(labels, [boards.as_it_was(shown.view, shown.light, day).total for day in ends])


def _funnel(shown: Board) -> Shaped | None:
    """How many rows stand in each state, in the order of the lifecycle."""
    life = shown.view.lifecycle
    if life is None:
        return None
    counts = shown.standing.states
    most = max(counts.values(), default=0) or 1
    rows = [
        {"title": shown.visit.title(state), "text": str(counts.get(state.title, 0)), "note": "", "share": round(100 * counts.get(state.title, 0) / most),
         "href": shown.register_href(state=name)}
        for name, state in life.shape.states.items()
    ]  # fmt: skip
    return {"title": _("所处阶段"), "note": _("现在的状态"), "rows": rows}


# --- league tables


def league(visit: Visit, register: str, score: str) -> HttpResponseBase:
    """A whole league table: rank, change, score, and the points of every part."""
    shown, item = scored(visit, register, score)
    table = boards.league(shown.columns, shown.view, item, shown.day)
    parts = list(item.shape.parts.values())
    rows = [
        {
            "rank": line.rank, "title": table.names.get(line.group, line.group), "href": group_href(shown, table, line.group),
            "moved": line.change, "fallen": -line.change if line.change and line.change < 0 else 0, "previous": line.previous,
            "points": [None if points.points is None else number(points.points) for points in line.parts],
            "score": None if line.score is None else number(line.score), "missing": "、".join(line.missing),
            "explain_href": explain_href(shown.view, item, line.group, shown.day if shown.past else None),
        }
        for line in table.lines
    ]  # fmt: skip
    context = {
        "heading": visit.title(item.shape), "basis": item.shape.basis, "on": shown.day, "today": visit.day, "href": visit.request.path,
        "parts": [{"title": visit.title(part), "weight": number(part.weight)} for part in parts], "rows": rows,
        "tabs": [
            {"title": visit.title(one.shape), "href": reverse("league", args=[register, name]), "current": one is item}
            for name, one in shown.view.scores.items()
        ],
    }  # fmt: skip
    crumbs = [shell.crumb(_("领导看板"), reverse("board-of", args=[register])), shell.crumb(visit.title(item.shape))]
    return shell.page(visit, "portal/league.html", crumbs, context)


def explanation(visit: Visit, register: str, score: str) -> HttpResponseBase:
    """Where every point of one group comes from, and what would move its rank."""
    shown, item = scored(visit, register, score)
    table = boards.league(shown.columns, shown.view, item, shown.day)
    group = visit.request.GET.get("group", "")
    line = next((line for line in table.lines if line.group == group), None)
    if line is None:
        raise Http404
    name = table.names.get(group, group)
    ranked = [one for one in table.lines if one.rank is not None]
    context: Shaped = {
        "score": {
            "title": name, "period": str(shown.day), "rank": line.rank or "—", "of": len(ranked), "previous": line.previous,
            "points": number(line.score) if line.score is not None else _("缺数"), "basis": item.shape.basis,
            "parts": [_part(shown, table, line, at) for at in range(len(line.parts))],
            "multiplier": _multiplier(shown, item, line), "nudges": [line.to_next.text(visit.language)] if line.to_next else [],
        }
    }  # fmt: skip
    crumbs = [shell.crumb(visit.title(item.shape), reverse("league", args=[register, score])), shell.crumb(name)]
    return shell.either(visit, "portal/score.html", crumbs, context)


def _part(shown: Board, table: Table, line: Line, at: int) -> Shaped:
    points = line.parts[at]
    part = table.score.shape.parts[points.part]
    indicator = shown.view.indicators.find(part.of, table.score.mechanism)
    value = None
    if indicator is not None and points.value is not None:
        value = show_value(points.value, unit_of(indicator.shape.unit), indicator.shape.decimals, shown.visit.language)
    return {
        "title": shown.visit.title(part), "weight": number(part.weight), "value": value,
        "points": "0" if points.points is None else number(points.points), "because": points.why.text(shown.visit.language),
        "href": group_href(shown, table, line.group) if value else "",
    }  # fmt: skip


def _multiplier(shown: Board, item: Item[Score], line: Line) -> Shaped | None:
    rule = item.shape.multiplier
    if rule is None or line.factor is None:
        return None
    indicator = shown.view.indicators.find(rule.of, item.mechanism)
    because = _("不低于 %(floor)s，不高于 %(cap)s") % {"floor": number(rule.floor), "cap": number(rule.cap)}
    return {"title": shown.visit.title(indicator.shape) if indicator else rule.of, "text": number(line.factor), "because": because}


def stood(visit: Visit, register: str, light: str) -> HttpResponseBase:
    """Which rows had a colour at the end of a day gone by, and what was said of each then."""
    view = guarded.register_of(visit, register)
    if light not in row_lights(view):
        raise Http404
    day, colour, office = day_of(visit), visit.request.GET.get("colour", ""), visit.request.GET.get("office", "")
    chosen = [one for one in boards.verdicts_on(view, light, day, [colour] if colour else ()) if not office or one.office == office]
    mine = {entry.pk for entry in guarded.in_order(visit, view, [one.entry for one in chosen])}
    zh = visit.language.startswith("zh")
    rows = [
        {
            "colour": one.colour, "title": one.title or one.key, "href": reverse("row", args=[one.entry]), "office": one.office,
            "because": one.because if zh else one.because_en, "basis": one.basis, "since": one.since,
        }
        for one in chosen if one.entry in mine
    ]  # fmt: skip
    context = {"heading": visit.title(view.lights[light].shape), "on": day, "rows": rows}
    crumbs = [shell.crumb(_("领导看板"), reverse("board-of", args=[register])), shell.crumb(_("%(day)s 的灯态") % {"day": day})]
    return shell.page(visit, "portal/stood.html", crumbs, context)
