"""Rows that lived before they came here: which states a row must have passed, and whether its dates tell of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from bihuan.foundation.grammar.lifecycles import Lifecycle, Move, moves_from
from bihuan.foundation.grammar.refusals import Refused


def way_to(life: Lifecycle, state: str) -> tuple[Move, ...] | None:
    """The shortest chain of moves from the first state to this one, the earlier written first; None where no move leads there."""
    ways: dict[str, tuple[Move, ...]] = {life.start: ()}
    queue = deque([life.start])
    while queue:
        here = queue.popleft()
        for move in moves_from(life, here).values():
            if move.to not in ways:
                ways[move.to] = (*ways[here], move)
                queue.append(move.to)
    return ways.get(state)


def refusals_of_past(life: Lifecycle, state: str, since: date, values: Mapping[str, object], today: date) -> list[Refused]:
    """Why a row cannot come in as being in `state` since a day: no way there, a step without its fields, days out of order or to come."""
    if state not in life.states:
        return [Refused(f"没有“{state}”这个状态", f"there is no state “{state}”", "、".join(life.states))]
    found = []
    if since > today:
        found.append(Refused(f"进入状态的日期 {since} 晚于今天 {today}", f"{since} is later than today, {today}", str(today)))
    way = way_to(life, state)
    if way is None:
        title = life.states[state].title
        return [*found, Refused(f"没有动作通向“{title}”", f"no move leads to “{title}”", "")]
    for move in way:
        for name in dict.fromkeys([*move.needs, *filter(None, [move.dated_by])]):
            if values.get(name) in (None, "", []):
                found.append(Refused(f"“{move.title}”已办，却缺少 {name}", f"“{move.title_en or move.title}” was made, yet {name} is missing", ""))
    return found + _out_of_order(way, since, values)


def _out_of_order(way: tuple[Move, ...], since: date, values: Mapping[str, object]) -> list[Refused]:
    """The days of the steps must follow one another, and the last of them is the day since when the state stands."""
    steps = [(move, date.fromisoformat(str(values[move.dated_by]))) for move in way if move.dated_by and values.get(move.dated_by)]
    found = [
        Refused(f"“{move.title}”的日期 {day} 早于“{before.title}”的日期 {earlier}", f"{day} of “{move.title_en}” is before {earlier} of “{before.title_en}”", "")
        for (before, earlier), (move, day) in pairwise(steps)
        if day < earlier
    ]
    if way and steps and steps[-1][0] is way[-1] and steps[-1][1] != since:
        found.append(Refused(f"进入状态的日期应是 {steps[-1][1]}，不是 {since}", f"the state stands since {steps[-1][1]}, not {since}", str(steps[-1][1])))
    return found
