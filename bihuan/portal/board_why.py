"""Why a figure of a board is what it is: the panel of the walk for indicators, lights of groups, scores and ranks."""

from collections.abc import Sequence

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import boards
from bihuan.computing.boards import Table
from bihuan.computing.gathered import WHOLE, Gathered, gathered
from bihuan.computing.grouped import group_lights, next_turn
from bihuan.computing.judge import group_of
from bihuan.foundation.grammar.indicators import Indicator
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lights import Light
from bihuan.foundation.grammar.ranking import Line
from bihuan.foundation.grammar.scores import Score
from bihuan.foundation.grammar.shape import first_day
from bihuan.portal import guarded, shell, words
from bihuan.portal.board_parts import why_href
from bihuan.portal.board_ranking import value_text
from bihuan.portal.lists import FIELD
from bihuan.portal.then import then
from bihuan.portal.topics import Board, board_on, day_of, explain_href, group_href, lacking, number, scored
from bihuan.portal.visits import Shaped, Visit, query

NUMERIC = {"unit": "", "numeric": True}
NEIGHBOURS = 2


def walk_of(**parts: object) -> Shaped:
    """A walk with the steps that are given and none of the others."""
    return {"answer": None, "verdict": None, "rule": None, "steps": [], "figure": None, "event": None, "cell": None, **parts}


# --- indicators


@then
def indicator(visit: Visit, register: str, indicator: str) -> HttpResponseBase:
    """What an indicator of a group, or of the whole, was made of, and the light that judges it."""
    shown = board_on(visit, guarded.register_of(visit, register), day_of(visit))
    view = shown.view
    item = view.indicators.find(indicator)
    if item is None or item.shape.per == "entry":
        raise Http404
    group = WHOLE if item.shape.per == "all" else visit.request.GET.get("group", "")
    measured = boards.measure(shown.columns, view, item, shown.day).get(group)
    if measured is None:
        raise Http404
    found = gathered(shown.columns, view, item, group, shown.day)
    text = measured.shown.text(visit.language) if measured.value is not None else _("无数据")
    lacking = _("应有 %(expected)s 个数，只有 %(present)s 个") % {"expected": measured.expected, "present": measured.present}
    missing = [lacking] if measured.value is None else []
    formula = {"title": visit.title(item.shape), "placed": found.filled.text(visit.language), **words.formula(found.formula), "result": text, "missing": missing}
    note = " · ".join(filter(None, [group.strip("*"), measured.period.text(visit.language)]))
    light = next((one for one in view.lights.values() if group_of(view, one) is item), None)
    walk = walk_of(
        answer={"title": visit.title(item.shape), "text": text, "note": note, "more": []}, verdict=_verdict(shown, light, group) if light else None,
        rule=_rule(shown, item, light, found), steps=[{"formula": formula, "rows": _rows(shown, item, found)}],
    )  # fmt: skip
    heading = f"{visit.title(item.shape)} {group}".rstrip(" *")
    return _page(shown, heading, visit.title(view.shape), _rows_href(shown, item, group), walk)


def _page(shown: Board, heading: str, title: str, href: str, walk: Shaped) -> HttpResponseBase:
    visit = shown.visit
    context = {"heading": heading, "entry": {"title": title, "href": href}, "walk": walk, "past": shown.past_notice()}
    return shell.either(visit, "portal/why.html", [shell.crumb(title, href), shell.crumb(_("为什么"))], context)


def _rows_href(shown: Board, item: Item[Indicator], group: str) -> str:
    """The list behind a group: all rows, those of an office, or those with a value of the grouping field."""
    per = item.shape.per
    if per == "all":
        return shown.register_href()
    return shown.register_href(office=group) if per == shown.view.shape.office else shown.register_href(**{FIELD + per: group})


def _verdict(shown: Board, light: Item[Light], group: str) -> Shaped | None:
    said = group_lights(shown.columns, shown.view, light, shown.day).get(group)
    if said is None:
        return None
    turn = next_turn(shown.columns, shown.view, light, group, shown.day)
    language = shown.visit.language
    return {
        "title": shown.visit.title(light.shape), "colour": said.colour, "because": said.because.text(language),
        "since": guarded.group_since(shown.view, light, group, shown.day), "changes_on": turn[0] if turn else None, "judged_at": shown.visit.at,
        "turns_to": {"colour": turn[1].colour, "because": turn[1].because.text(language)} if turn else None, "by_hand": None,
    }  # fmt: skip


def _rule(shown: Board, item: Item[Indicator], light: Item[Light] | None, found: Gathered) -> Shaped:
    visit = shown.visit
    mechanism = shown.columns.catalogue.mechanism(f"{item.pack}.{item.mechanism}").shape
    text = _("参与的行：%(condition)s") % {"condition": found.condition.text(visit.language)} if found.condition.zh else _("全部的行参与")
    basis = item.shape.basis or mechanism.basis
    dated = max((one for one in light.shape.since if first_day(one) <= shown.day), key=first_day, default="") if light else ""
    bands: list[Shaped] = []
    if light and dated:
        lines, sign = light.shape.since[dated], "≥" if light.shape.better == "higher" else "≤"
        told = (("green", f"{sign} {lines.green}"), ("yellow", f"{sign} {lines.yellow}"), ("red", _("其余")))
        bands = [{"colour": colour, "text": words, "hit": False} for colour, words in told]
        basis = " · ".join(filter(None, [basis, lines.basis]))
    return {"title": visit.title(mechanism), "text": text, "basis": basis, "quote": "", "in_force_from": dated, "version": "", "bands": bands, "href": ""}


def _rows(shown: Board, item: Item[Indicator], found: Gathered) -> Shaped | None:
    """The rows that gave most, as far as the reader sees them; each leads to its own page, where its figures lead to their cells."""
    seen = {entry.pk for entry in guarded.in_order(shown.visit, shown.view, [row.id for row in found.rows])}
    titles = [name.said.head(shown.visit.language) for name in found.columns]
    there = query(tab="figures" if shown.view.shape.figures and not shown.past else "", on=shown.on)
    rows = [
        {
            "title": row.title, "note": row.key if row.title != row.key else "", "href": reverse("row", args=[row.id]) + there, "source": None, "hit": False,
            "cells": [{"text": value.text(shown.visit.language), "href": "", "numeric": True} for value in row.values],
        }
        for row in found.rows if row.id in seen
    ]  # fmt: skip
    if not rows:
        return None
    return {
        "heading": _("用到的数"), "title": _("贡献最大的行"), "head": shown.visit.title(shown.view.shape), "columns": [{"title": title, **NUMERIC} for title in titles], "sourced": False,
        "total": None, "more": found.total - len(rows), "rows": rows,
    }  # fmt: skip


# --- scores and ranks


@then
def explanation(visit: Visit, register: str, score: str) -> HttpResponseBase:
    """Where every point of one group comes from, what moved it, who stands next to it, and what would move its rank."""
    shown, item = scored(visit, register, score)
    table = boards.league(shown.columns, shown.view, item, shown.day)
    group = visit.request.GET.get("group", "")
    line = next((line for line in table.lines if line.group == group), None)
    if line is None:
        raise Http404
    name = table.name(group).head(visit.language)
    of = len([one for one in table.lines if one.rank is not None])
    note = _("%(of)s 个单位中第 %(rank)s") % {"of": of, "rank": line.rank or "—"}
    note += _("（上期第 %(previous)s）") % {"previous": line.previous} if line.previous is not None else ""
    points = number(line.score) if line.score is not None else _("缺数")
    walk = walk_of(
        answer={"title": name, "text": points, "note": note, "more": [line.to_next.text(visit.language)] if line.to_next else []},
        rule=_score_rule(shown, item),
        steps=[
            {"formula": _sum(shown, item, line, points), "rows": _parts(shown, table, line)}, {"formula": None, "rows": _neighbours(shown, table, line)},
        ],
    )  # fmt: skip
    heading = _("%(title)s的得分") % {"title": name}
    return _page(shown, heading, visit.title(item.shape), reverse("league", args=[register, score]) + query(on=shown.on), walk)


def _score_rule(shown: Board, item: Item[Score]) -> Shaped:
    mechanism = shown.columns.catalogue.mechanism(f"{item.pack}.{item.mechanism}").shape
    weights = "、".join(f"{shown.visit.title(part)} {number(part.weight)}" for part in item.shape.parts.values())
    return {
        "title": shown.visit.title(mechanism), "text": _("各项满分：%(weights)s") % {"weights": weights}, "basis": item.shape.basis or mechanism.basis,
        "quote": "", "in_force_from": item.shape.since or "", "version": "", "bands": [], "href": "",
    }  # fmt: skip


def _sum(shown: Board, item: Item[Score], line: Line, points: str) -> Shaped:
    said = [shown.visit.title(item.shape.parts[one.part]) for one in line.parts]
    placed = [number(one.points) if one.points is not None else "0" for one in line.parts]
    text, numbers = " + ".join(said), " + ".join(placed)
    rule = item.shape.multiplier
    if rule is not None and line.factor is not None:
        indicator = shown.view.indicators.find(rule.of, item.mechanism)
        text, numbers = f"({text}) × {shown.visit.title(indicator.shape) if indicator else rule.of}", f"({numbers}) × {number(line.factor)}"
    missing = [_("缺%(title)s") % {"title": one} for one in lacking(shown, item, line)]
    return {"title": shown.visit.title(item.shape), "text": text, "placed": numbers, "result": points, "missing": missing}


def _parts(shown: Board, table: Table, line: Line) -> Shaped:
    """Every part with its value, its points and how they were given, and what it gained or lost since the period before."""
    rows = []
    for now, was, gain in table.moved(line):
        part = table.score.shape.parts[now.part]
        indicator = shown.view.indicators.find(part.of, table.score.mechanism)
        href = why_href(shown, shown.view, indicator, line.group) if indicator and indicator.shape.per != "entry" and now.value is not None else ""
        value = value_text(shown, table, now.part, now.value) if now.value is not None else None
        before = value_text(shown, table, now.part, was.value) if was and was.value is not None else "—"
        cells = [
            _cell(number(part.weight)), {**_cell(value), "href": href}, _cell(number(now.points) if now.points is not None else "0"),
            _cell(before), _cell("—" if gain is None else f"{gain:+.2f}"),
        ]
        rows.append({"title": shown.visit.title(part), "note": now.why.text(shown.visit.language), "href": "", "cells": cells, "source": None, "hit": False})
    heads = (_("权重"), _("数"), _("得分"), _("上期的数"), _("得分增减"))
    return _table(_("用到的数"), _("逐项得分"), _("项"), heads, rows)


def _neighbours(shown: Board, table: Table, line: Line) -> Shaped:
    """The lines above and below, and how many points lie between."""
    at = table.lines.index(line)
    near = table.lines[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1]
    rows = []
    for one in near:
        gap = "—" if one is line or one.score is None or line.score is None else f"{one.score - line.score:+.2f}"
        why = explain_href(shown.view, table.score, one.group, shown.on)
        cells = [_cell(str(one.rank or "—")), {**_cell(number(one.score) if one.score is not None else None), "href": why}, _cell(gap)]
        href = group_href(shown, table, one.group)
        rows.append({"title": table.name(one.group).head(shown.visit.language), "note": "", "href": href, "cells": cells, "source": None, "hit": one is line})
    return _table(_("前后的单位"), _("相邻名次"), _("单位"), (_("位次"), _("得分"), _("分差")), rows)


def _table(heading: str, title: str, head: str, heads: Sequence[str], rows: list[Shaped]) -> Shaped:
    columns = [{"title": one, **NUMERIC} for one in heads]
    return {"heading": heading, "title": title, "head": head, "columns": columns, "sourced": False, "total": None, "more": 0, "rows": rows}


def _cell(text: str | None) -> Shaped:
    return {"text": text, "href": "", "numeric": True}
