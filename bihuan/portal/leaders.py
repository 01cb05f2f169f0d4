"""The leader's board and the league tables: every figure leads to the rows behind it, every score says where its points come from.

Nothing here knows a pack: a topic is a register with lights or scores, and what it shows first is what its pack declares first.
"""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import boards
from bihuan.computing.judge import row_lights
from bihuan.foundation.grammar.views import RegisterView
from bihuan.portal import board_map, board_parts, board_ranking, board_since, guarded, officers, shell, words
from bihuan.portal.lists import LIGHT
from bihuan.portal.then import then
from bihuan.portal.topics import Board, board_of, board_on, day_of, explain_href, group_href, lacking, number, scored, topics
from bihuan.portal.visits import Shaped, Visit, query

TOPICS = 7


@then
def board(visit: Visit, register: str = "") -> HttpResponseBase:
    """Lights by office, figures of the whole city, the ranking, what turned lately; on any day gone by with ``?on=``."""
    offered = topics(visit)
    view = next((view for view in offered if not register or view.name == register), None)
    if view is None:
        if register:
            raise Http404
        return shell.page(visit, "portal/registers.html", [shell.crumb(_("领导看板"))], {"packs": []})
    shown = board_of(visit, view)
    view = shown.view
    counted = board_parts.counted(shown)
    drawn = board_map.board_map(shown, counted)
    monthly = board_parts.monthly(shown)
    figures = board_parts.figures(shown)
    today = board_since.today_of(shown) if shown.past else None
    scores = [{"title": visit.title(one.shape), "href": reverse("league", args=[view.name, name]) + query(on=shown.on)} for name, one in view.scores.items()]
    context: Shaped = {
        "board": _head(shown, offered), "figures": figures, "ranking": board_ranking.ranking(shown, counted, scores),
        "matrix": board_parts.matrix(shown, counted), "trend": monthly or board_parts.trend(shown), "lines": board_parts.rates(shown),
        "rates": board_parts.by_group(shown), "map": drawn, "measures": drawn["measures"] if drawn else [], "funnel": board_parts.funnel(shown),
        "alerts": [] if shown.past else officers.alerts(visit, view.pack), "on": shown.day,
        "since": board_since.since(shown, today, figures, board_parts.figures(today)) if today else None,
    }  # fmt: skip
    return shell.page(visit, "portal/board.html", [shell.crumb(_("领导看板"))], context)


def _head(shown: Board, offered: list[RegisterView]) -> Shaped:
    visit = shown.visit
    return {
        "title": visit.title(shown.view.shape), "on": shown.day, "past": shown.past, "today": visit.day, "href": visit.request.path,
        "seq": shown.columns.position,
        "topics": [
            {"title": visit.title(one.shape), "href": reverse("board-of", args=[one.name]) + query(on=shown.on), "current": one is shown.view}
            for one in offered[:TOPICS]
        ],
    }  # fmt: skip


# --- league tables


@then
def league(visit: Visit, register: str, score: str) -> HttpResponseBase:
    """A whole league table: rank, change, score, and the points of every part."""
    shown, item = scored(visit, register, score)
    table = boards.league(shown.columns, shown.view, item, shown.day)
    parts = list(item.shape.parts.values())
    rows = [
        {
            "rank": line.rank, "title": table.name(line.group).head(visit.language), "href": group_href(shown, table, line.group),
            "moved": line.change, "fallen": -line.change if line.change and line.change < 0 else 0, "previous": line.previous,
            "points": [None if points.points is None else number(points.points) for points in line.parts],
            "score": None if line.score is None else number(line.score), "missing": words.listed(lacking(shown, item, line)),
            "explain_href": explain_href(shown.view, item, line.group, shown.on),
        }
        for line in table.lines
    ]  # fmt: skip
    today = board_since.today_of(shown) if shown.past else None
    context = {
        "past": shown.past, "seq": shown.columns.position, "since": {"ranks": board_since.ranks(shown, today)} if today else None,
        "heading": visit.title(item.shape), "basis": item.shape.basis, "on": shown.day, "today": visit.day, "href": visit.request.path,
        "parts": [{"title": visit.title(part), "weight": number(part.weight)} for part in parts], "rows": rows,
        "tabs": [
            {"title": visit.title(one.shape), "href": reverse("league", args=[register, name]) + query(on=shown.on), "current": one is item}
            for name, one in shown.view.scores.items()
        ],
    }  # fmt: skip
    crumbs = [shell.crumb(_("领导看板"), reverse("board-of", args=[register]) + query(on=shown.on)), shell.crumb(visit.title(item.shape))]
    return shell.page(visit, "portal/league.html", crumbs, context)


@then
def stood(visit: Visit, register: str, light: str) -> HttpResponseBase:
    """Which rows had a colour at the end of a day gone by, and what was said of each then."""
    shown = board_on(visit, guarded.register_of(visit, register), day_of(visit))
    view, day = shown.view, shown.day
    if light not in row_lights(view):
        raise Http404
    colour, office = visit.request.GET.get("colour", ""), visit.request.GET.get("office", "")
    showed = boards.colours_by_row(shown.columns, view, light, shown.scope, day)
    asked = {row for row, (where, what) in showed.items() if (not office or where == office) and (not colour or what == colour)}
    chosen = [one for one in boards.verdicts_on(view, light, day) if one.entry in asked]
    mine = {entry.pk for entry in guarded.in_order(visit, view, [one.entry for one in chosen], withdrawn=True)}
    zh = visit.language.startswith("zh")
    rows = [
        {
            "colour": showed[one.entry][1], "title": one.title or one.key, "href": reverse("row", args=[one.entry]) + query(on=shown.on), "office": showed[one.entry][0],
            "because": one.because if zh else one.because_en, "basis": one.basis, "since": one.since,
        }
        for one in chosen if one.entry in mine
    ]  # fmt: skip
    today = reverse("register", args=[register]) + query(**{LIGHT + light: colour, "office": office})
    context = {"heading": visit.title(view.lights[light].shape), "on": day, "rows": rows, "past": {"on": day, "href": today} if shown.past else None}
    crumbs = [shell.crumb(_("领导看板"), reverse("board-of", args=[register]) + query(on=shown.on)), shell.crumb(_("%(day)s 的灯态") % {"day": day})]
    return shell.page(visit, "portal/stood.html", crumbs, context)
