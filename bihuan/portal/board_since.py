"""What has changed between a day gone by and today: ranks and scores, figures, and which rows turned to another colour. Both sides are columns."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from django.urls import reverse

from bihuan.computing import boards
from bihuan.computing.boards import Table
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.ranking import Line
from bihuan.foundation.grammar.scores import Score
from bihuan.portal import guarded, words
from bihuan.portal.topics import Board, board_on, number
from bihuan.portal.visits import Shaped, query

MOST_TURNED = 12
"""So many rows that turned are named; the others are counted."""


def today_of(shown: Board) -> Board | None:
    """The same board today; None where no pack in force has the register any more."""
    view = shown.visit.register(shown.view.name)
    if view is None:
        return None
    score = view.scores.get(shown.score.short) if shown.score else None
    return replace(board_on(shown.visit, view, shown.visit.day), light=shown.light if shown.light in view.lights else "", score=score)


def since(shown: Board, today: Board, then: Sequence[Shaped], now: Sequence[Shaped]) -> Shaped:
    """The difference as the page shows it; `then` and `now` are the figures of both boards."""
    return {"ranks": ranks(shown, today), "figures": list(_figures(then, now)), **_turned(shown, today)}


def ranks(shown: Board, today: Board) -> list[Shaped]:
    """Who stood where and stands where, with the scores; in the order of today, those that are gone last."""
    if shown.score is None or today.score is None:
        return []
    before, after = _lines(shown, shown.score), _lines(today, today.score)
    tables = {**dict.fromkeys(before[0], before[1]), **dict.fromkeys(after[0], after[1])}
    return [
        {"title": tables[group].name(group).head(shown.visit.language), **_stands("then", before[0].get(group)), **_stands("now", after[0].get(group)),
         "moved": _moved(before[0].get(group), after[0].get(group))}
        for group in {**after[0], **before[0]}
    ]  # fmt: skip


def _lines(shown: Board, score: Item[Score]) -> tuple[dict[str, Line], Table]:
    table = boards.league(shown.columns, shown.view, score, shown.day)
    return {line.group: line for line in table.lines if line.rank is not None}, table


def _stands(when: str, line: Line | None) -> Shaped:
    return {f"rank_{when}": line.rank if line else None, f"score_{when}": number(line.score) if line and line.score is not None else None}


def _moved(before: Line | None, after: Line | None) -> int:
    """Places up, negative down; 0 also where one side has no rank."""
    return (before.rank or 0) - (after.rank or 0) if before and after else 0


def _figures(then: Sequence[Shaped], now: Sequence[Shaped]) -> list[Shaped]:
    today = {one["title"]: one for one in now}
    return [
        {"title": one["title"], "then": one["text"], "now": other["text"], "unit": one["unit"], "changed": one["text"] != other["text"]}
        for one in then if not one["lights"] and (other := today.get(one["title"]))
    ]  # fmt: skip


def _turned(shown: Board, today: Board) -> Shaped:
    """How many rows turned from which colour to which, the most first, and some of them; "" is a row without that light, or not there."""
    if not shown.light or not today.light:
        return {"light": "", "turns": [], "rows": [], "more": 0}
    before, after = (boards.colours_by_row(one.columns, one.view, one.light, one.scope, one.day) for one in (shown, today))
    pairs = {row: (before.get(row, ("", ""))[1], after.get(row, ("", ""))[1]) for row in {**before, **after}}
    turned = {row: pair for row, pair in pairs.items() if pair[0] != pair[1]}
    gravest = sorted(turned, key=lambda row: (turned[row][1] not in ("red", "yellow"), words.COLOURS.index(turned[row][1]) if turned[row][1] else 9, row))
    named = guarded.in_order(shown.visit, today.view, gravest[:MOST_TURNED])
    rows = [
        {
            "title": entry.title or entry.key, "href": reverse("row", args=[entry.pk]) + query(on=shown.on), "office": entry.office,
            "then": turned[entry.pk][0], "now": turned[entry.pk][1],
        }
        for entry in named
    ]  # fmt: skip
    turns = [{"then": pair[0], "now": pair[1], "count": count} for pair, count in Counter(turned.values()).most_common()]
    return {"light": shown.visit.title(shown.view.lights[shown.light].shape), "turns": turns, "rows": rows, "more": len(turned) - len(rows)}
