"""The parts of a leader's board beside its map and ranking: figures, lights by office, rates against their lines, months, the loop.

What a register shows beyond its lights its pack says under ``register.board``; without that, what it declares first.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import boards
from bihuan.computing.boards import Matrix
from bihuan.computing.scoring import Measured
from bihuan.foundation import access
from bihuan.foundation.grammar.indicators import Indicator
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.quantities import parse_quantity
from bihuan.foundation.grammar.scopes import measure_of
from bihuan.foundation.grammar.shape import first_day
from bihuan.foundation.grammar.shows import Board as Shows
from bihuan.foundation.grammar.shows import Rate
from bihuan.foundation.grammar.views import RegisterView
from bihuan.portal import charts, guarded, words
from bihuan.portal.lists import LIGHT, leading_lights
from bihuan.portal.topics import Board
from bihuan.portal.visits import Shaped, query

FIGURES = 7
MONTHS = 6
RATES = 3
NOTHING = Shows()
_FIGURE = re.compile(r"([-−]?[\d,.]+%?)\s*(.*)")


def shows(view: RegisterView) -> Shows:
    """What a pack says the board of a register shows."""
    return view.shape.board or NOTHING


def together(shown: Board) -> list[RegisterView]:
    """The register and those whose rates and loop stand beside it, as far as the reader sees all of their rows."""
    names = shows(shown.view).beside
    found = [shown.view, *(view for word in names if (view := shown.columns.catalogue.referred(word, shown.view.pack)))]
    return [view for view in found if guarded.may_open(shown.visit.actor, view) and access.visible(shown.visit.actor, view).everything]


# --- figures


def figures(shown: Board) -> list[Shaped]:
    """How many rows, how the lights stand, and the indicators of the whole city for those who see the whole city."""
    visit, view = shown.visit, shown.view
    page = shown.standing
    first: list[Shaped] = [_figure(visit.title(view.shape), f"{page.total:,}", _("行"), _("在册"), shown.register_href())]
    for light in leading_lights(view, page.colours)[:2]:
        counts = page.colours.get(light, {})
        lamps = [{"colour": colour, "count": counts[colour]} for colour in words.COLOURS[:3] if counts.get(colour)]
        if lamps:
            first.append({**_figure(visit.title(view.lights[light].shape), "", "", _since_last_week(shown, light, counts), _lit_href(shown, light)), "lights": lamps})
    chosen = [(one, item) for one in together(shown) for item in _indicators(one)] if shown.scope.everything else []
    return first + [_indicator(shown, one, item) for one, item in chosen[: FIGURES - len(first)]]


def _lit_href(shown: Board, light: str) -> str:
    """The rows that are red or yellow; of a day gone by all that were judged, the gravest first."""
    if shown.past:
        return reverse("stood", args=[shown.view.name, light]) + query(on=shown.day)
    return shown.register_href(**{LIGHT + light: ["red", "yellow"]})


def _since_last_week(shown: Board, light: str, counts: Mapping[str, int]) -> str:
    """How many more or fewer are red and yellow than a week before, by the history of verdicts; for those who see all rows."""
    if not shown.scope.everything:
        return _("点开看红黄灯")
    before = boards.as_it_was(shown.columns, shown.view, light, shown.day - timedelta(days=7)).total
    moved = [(words.colour_word(colour), counts.get(colour, 0) - before.get(colour, 0)) for colour in ("red", "yellow")]
    told = [(_("%(colour)s多 %(n)s") if more > 0 else _("%(colour)s少 %(n)s")) % {"colour": name, "n": abs(more)} for name, more in moved if more]
    return _("较上周 %(what)s") % {"what": " · ".join(told)} if told else _("红黄灯与上周一样多")


def _figure(title: str, text: str, unit: str, note: str, href: str) -> Shaped:
    return {"title": title, "text": text, "unit": unit, "note": note, "href": href, "lights": [], "why": False}


def _indicators(view: RegisterView) -> list[Item[Indicator]]:
    """The indicators of the whole that a board shows first: those its pack names, else all it declares."""
    if view.shape.board is None:
        return [item for item in view.indicators.values() if item.shape.per == "all"]
    return [item for word in view.shape.board.figures if (item := view.indicators.find(word))]


def _indicator(shown: Board, view: RegisterView, item: Item[Indicator]) -> Shaped:
    measured = boards.measure(shown.columns, view, item, shown.day).get("*")
    text, unit = split_unit(measured.shown.text(shown.visit.language)) if measured else (_("无数据"), "")
    note = measured.period.text(shown.visit.language) if measured else ""
    return {**_figure(shown.visit.title(item.shape), text, unit, note, why_href(shown, view, item)), "why": True}


def split_unit(text: str) -> tuple[str, str]:
    """A figure and its unit, which is set smaller: 296.07亿元 is 296.07 and 亿元. A per cent sign stays with its figure."""
    found = _FIGURE.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def why_href(shown: Board, view: RegisterView, item: Item[Indicator], group: str = "") -> str:
    """Where an indicator of a group, or of the whole, is explained."""
    return reverse("indicator-why", args=[view.name, item.short]) + query(group=group, on=shown.on)


# --- lights by office


def counted(shown: Board) -> Matrix:
    """The colours of the shown light by office, as they show on the day of the board."""
    view = shown.view
    if not shown.light:
        return Matrix("", "", {}, {})
    return boards.lights_by_office(shown.columns, view, shown.light, shown.scope, shown.day)


def matrix(shown: Board, found: Matrix) -> Shaped:
    """One light by office; each cell leads to its rows."""
    visit, view = shown.visit, shown.view
    colours = [colour for colour in words.COLOURS if found.total.get(colour)] or list(words.COLOURS[:3])
    rows: list[Shaped] = []
    for office in [office for office in guarded.offices_of(visit, view) if office in found.offices]:
        counts = found.offices[office]
        cells = [{"colour": colour, "count": counts.get(colour, 0), "href": cell_href(shown, office, colour)} for colour in colours]
        rows.append({"title": office, "href": shown.register_href(office=office), "total": sum(counts.values()), "cells": cells})
    totals = [sum(row["cells"][at]["count"] for row in rows) for at in range(len(colours))]
    title = visit.title(view.lights[shown.light].shape) if shown.light else _("灯态")
    return {
        "title": title, "note": _("%(day)s 的灯态") % {"day": shown.day} if shown.past else _("点一格看是哪些"), "colours": colours, "rows": rows,
        "totals": totals, "total": sum(totals),
        "lights": [
            {"title": visit.title(view.lights[name].shape), "href": query(light=name, on=shown.on), "current": name == shown.light}
            for name in leading_lights(view, shown.standing.colours)
        ],
    }  # fmt: skip


def cell_href(shown: Board, office: str, colour: str) -> str:
    """The rows of an office that show a colour of the shown light, or showed it that day."""
    if shown.past:
        return reverse("stood", args=[shown.view.name, shown.light]) + query(on=shown.day, colour=colour, office=office)
    return shown.register_href(office=office, **{LIGHT + shown.light: colour})


# --- rates


def rates(shown: Board) -> list[Shaped]:
    """Each declared rate with its target and the line of the level above; a rate by a field of choices shows the last that has data."""
    return [shaped for view in together(shown) for rate in shows(view).rates.values() if (shaped := _rate(shown, view, rate))]


def _rate(shown: Board, view: RegisterView, rate: Rate) -> Shaped | None:
    item = view.indicators.find(rate.of)
    if item is None:
        return None
    one = _newest(view, item, boards.measure(shown.columns, view, item, shown.day))
    target, target_text = _line(shown, view, rate.target)
    line, line_text = _line(shown, view, rate.line)
    value = one.value * 100 if one and one.value is not None else None
    return {
        "title": shown.visit.title(item.shape), "text": one.shown.text(shown.visit.language) if one and value is not None else _("无数据"),
        "actual": min(value, 100) if value is not None else None, "target": target, "target_text": target_text, "line": line, "line_text": line_text,
        "colour": _tone(value, target, line), "group": one.group if one and one.group != "*" else "",
        "href": why_href(shown, view, item, one.group if one and one.group != "*" else ""),
    }  # fmt: skip


def _newest(view: RegisterView, item: Item[Indicator], measured: Mapping[str, Measured]) -> Measured | None:
    """The value of the whole, or of the last choice of the grouping field that has one."""
    if item.shape.per == "all":
        return measured.get("*")
    ordered = [measured[choice] for choice in view.shape.fields[item.shape.per].choices if choice in measured]
    return next((one for one in reversed(ordered) if one.value is not None), None)


def _line(shown: Board, view: RegisterView, word: str) -> tuple[float | None, str]:
    """A declared target's value in per cent on the day shown, and what it is called."""
    target = view.targets.find(word) if word else None
    if target is None:
        return None, ""
    dated = max((day for day in target.shape.since if first_day(day) <= shown.day), key=first_day, default="")
    if not dated or not target.shape.since[dated].value:
        return None, ""
    promised = target.shape.since[dated]
    return float(parse_quantity(promised.value).canonical) * 100, f"{shown.visit.title(target.shape)} {promised.value}"


def _tone(value: float | None, target: float | None, line: float | None) -> str:
    """Red short of the line of the level above, yellow short of the own target, else no colour of its own."""
    if value is None:
        return ""
    if line is not None and value < line:
        return "red"
    return "yellow" if target is not None and value < target else ""


def by_group(shown: Board) -> Shaped | None:
    """Up to three percentages by office, or by another field, side by side: those of the register with declared rates first."""
    views = sorted(together(shown) or [shown.view], key=lambda view: not shows(view).rates)
    return next((chart for view in [*views, shown.view] if (chart := _by_group(shown, view))), None)


def _by_group(shown: Board, view: RegisterView) -> Shaped | None:
    shared = [item for item in view.indicators.values() if item.shape.per not in ("entry", "all") and item.shape.unit == "%"]
    shared.sort(key=lambda item: item.shape.per != view.shape.office)
    series: list[tuple[str, dict[str, float | None]]] = []
    groups: dict[str, None] = {}
    for item in [item for item in shared if item.shape.per == shared[0].shape.per][:RATES]:
        measured = boards.measure(shown.columns, view, item, shown.day)
        series.append((shown.visit.title(item.shape), {group: one.value * 100 for group, one in measured.items() if one.value is not None}))
        groups.update(dict.fromkeys(group for group in measured if group))
    return charts.by_group(list(groups), series, "%")


# --- months


def monthly(shown: Board) -> Shaped | None:
    """The declared figure by period, this year against last, up to the day shown."""
    view, key = shown.view, shows(shown.view).monthly
    if not key or view.shape.figures is None:
        return None
    year = shown.day.year
    field = view.shape.figures.fields[key]
    sums = boards.by_period(shown.columns, view, key, shown.scope, [year - 1, year])
    per_unit = 10**10 if field.kind == "money" else measure_of(field).stored_per_unit  # 分 in an 亿元
    known = {period: round(float(total / per_unit), 2) for period, total in sums.items()}
    return charts.by_month(shown.visit, shown.visit.title(field), words.unit_text("亿元" if field.kind == "money" else field.unit), known, year)


def trend(shown: Board) -> Shaped | None:
    """How many rows were red and yellow at the end of each of the last months; only for those who see all rows."""
    if not shown.light or not shown.scope.everything:
        return None
    ends = [shown.day]
    while len(ends) < MONTHS:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    ends.reverse()
    labels = [_("%(month)s月%(day)s日") % {"month": day.month, "day": day.day} for day in ends]
    return charts.turned(labels, [boards.as_it_was(shown.columns, shown.view, shown.light, day).total for day in ends])


# --- the loop


def funnel(shown: Board) -> Shaped | None:
    """The declared loop, of this register or one beside it; else how many rows stand in each state, in the order of the lifecycle."""
    declared = next((view for view in together(shown) if shows(view).funnel), None)
    if declared is None:
        return _states(shown)
    rows = list(_steps(shown, declared))
    said = shows(declared)
    title = said.funnel_title if shown.visit.language.startswith("zh") else said.funnel_title_en or said.funnel_title
    most = max((row["value"] for row in rows), default=0) or 1
    return {
        "title": title or shown.visit.title(declared.shape), "note": shown.visit.title(declared.shape),
        "rows": [{**row, "share": round(100 * row["value"] / most)} for row in rows],
    }  # fmt: skip


def _steps(shown: Board, view: RegisterView) -> Iterator[Shaped]:
    for word, noted in shows(view).funnel.items():
        item, beside = view.indicators.find(word), view.indicators.find(noted) if noted else None
        if item is None:
            continue
        measured = boards.measure(shown.columns, view, item, shown.day).get("*")
        value = measured.value if measured and measured.value is not None else 0
        said = boards.measure(shown.columns, view, beside, shown.day).get("*") if beside else None
        note = f"{shown.visit.title(beside.shape)} {said.shown.text(shown.visit.language)}" if beside and said and said.value is not None else ""
        yield {
            "title": shown.visit.title(item.shape), "value": value, "text": f"{value:,.0f}", "note": note, "href": why_href(shown, view, item), "why": True,
        }


def _states(shown: Board) -> Shaped | None:
    life = shown.view.lifecycle
    if life is None:
        return None
    counts = shown.standing.states
    most = max(counts.values(), default=0) or 1
    rows = [
        {"title": shown.visit.title(state), "text": str(counts.get(state.title, 0)), "note": "", "share": round(100 * counts.get(state.title, 0) / most),
         "href": shown.register_href(state=name), "why": False}
        for name, state in life.shape.states.items()
    ]  # fmt: skip
    return {"title": _("所处阶段"), "note": _("那天的状态") if shown.past else _("现在的状态"), "rows": rows}
