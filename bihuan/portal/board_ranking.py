"""The ranking on a board: who stands where, who moved, and which parts moved them."""

from decimal import Decimal

from django.utils.translation import gettext as _

from bihuan.computing import boards
from bihuan.computing.boards import Matrix, Table
from bihuan.computing.grouped import group_lights
from bihuan.computing.judge import group_of
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.quantities import show_value, unit_of
from bihuan.foundation.grammar.ranking import Line
from bihuan.foundation.grammar.scores import Score
from bihuan.portal import words
from bihuan.portal.board_parts import cell_href
from bihuan.portal.topics import Board, explain_href, group_href, number
from bihuan.portal.visits import Shaped

MOST = 24


def ranking(shown: Board, counted: Matrix, scores: list[Shaped]) -> Shaped:
    """The league table of the first score that ranks groups, each score leading to its explanation."""
    if shown.score is None:
        return {"title": _("排名"), "note": "", "rate_title": "", "rows": [], "scores": [], "register_href": shown.register_href()}
    table = boards.league(shown.columns, shown.view, shown.score, shown.day)
    item = table.score
    part = next(iter(item.shape.parts.values()))
    lamps = _group_lamps(shown, item)
    by_office = item.shape.per == shown.view.shape.office and bool(shown.light)
    return {
        "title": shown.visit.title(item.shape), "note": item.shape.basis, "rate_title": shown.visit.title(part), "scores": scores,
        "register_href": shown.register_href(),
        "rows": [
            {
                **_ranked(shown, table, line), "lamp": lamps.get(line.group), "changes": changes(shown, table, line),
                "lights": _lights(shown, counted, line.group) if by_office else [],
            }
            for line in table.lines if line.rank is not None
        ][:MOST],
    }  # fmt: skip


def changes(shown: Board, table: Table, line: Line) -> list[str]:
    """Which parts moved a score since the period before, the largest first: points gained or lost, and the values before and now."""
    moved = [(gain, now, was) for now, was, gain in table.moved(line) if gain]
    told = []
    for gain, now, was in sorted(moved, key=lambda one: -abs(one[0])):
        part = table.score.shape.parts[now.part]
        before, after = (value_text(shown, table, now.part, points.value if points else None) for points in (was, now))
        told.append(_("%(part)s %(gain)s 分（%(before)s → %(after)s）") % {
            "part": shown.visit.title(part), "gain": f"{'+' if gain > 0 else '−'}{number(abs(gain))}", "before": before, "after": after,
        })  # fmt: skip
    return told


def value_text(shown: Board, table: Table, part: str, value: Decimal | None) -> str:
    """What a part measured, in its unit."""
    indicator = shown.view.indicators.find(table.score.shape.parts[part].of, table.score.mechanism)
    if value is None or indicator is None:
        return _("无数据")
    return show_value(value, unit_of(indicator.shape.unit), indicator.shape.decimals, shown.visit.language)


def _lights(shown: Board, counted: Matrix, office: str) -> list[Shaped]:
    counts = counted.offices.get(office, {})
    return [{"colour": colour, "count": counts.get(colour, 0), "href": cell_href(shown, office, colour)} for colour in ("red", "yellow")]


def _group_lamps(shown: Board, score: Item[Score]) -> dict[str, Shaped]:
    """The first light that judges the groups a score ranks, by group: its colour, and its title with the reason."""
    for item in shown.view.lights.values():
        judged = group_of(shown.view, item)
        if judged is not None and judged.shape.per == score.shape.per:
            title = shown.visit.title(item.shape)
            spoken = group_lights(shown.columns, shown.view, item, shown.day)
            return {group: {"colour": said.colour, "text": words.about(title, said.because.text(shown.visit.language))} for group, said in spoken.items()}
    return {}


def _ranked(shown: Board, table: Table, line: Line) -> Shaped:
    points = line.parts[0] if line.parts else None
    value = points.value if points else None
    part = next(iter(table.score.shape.parts.values()))
    indicator = shown.view.indicators.find(part.of, table.score.mechanism)
    ratio = indicator is not None and unit_of(indicator.shape.unit).dimension == "ratio"
    return {
        "rank": line.rank, "title": table.name(line.group).head(shown.visit.language), "href": group_href(shown, table, line.group),
        "moved": line.change, "fallen": -line.change if line.change and line.change < 0 else 0,
        "score": number(line.score) if line.score is not None else "—",
        "rate": {
            "actual": float(value * 100) if value is not None and ratio else None, "plan": None, "colour": "",
            "text": show_value(value, unit_of(indicator.shape.unit), indicator.shape.decimals, shown.visit.language)
            if value is not None and indicator is not None and not ratio else "",
        },
        "explain_href": explain_href(shown.view, table.score, line.group, shown.on),
    }  # fmt: skip
