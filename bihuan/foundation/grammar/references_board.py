"""Whether every word of what a board shows means something."""

from __future__ import annotations

from collections.abc import Iterator

from bihuan.foundation.grammar.errors import Place, Problem
from bihuan.foundation.grammar.finding import known, unknown
from bihuan.foundation.grammar.views import Catalogue, RegisterView

INDICATOR = ("全部合计的指标", "indicator per all")
TARGET = ("目标", "target")


def board(catalogue: Catalogue, view: RegisterView) -> Iterator[Problem]:
    """What the board of a register shows: its indicators, targets and figures, and the registers beside it."""
    shows = view.shape.board
    if shows is None:
        return
    steps = [*shows.funnel, *filter(None, shows.funnel.values())]
    yield from _whole(view, view.place("board", "figures"), shows.figures)
    yield from _whole(view, view.place("board", "funnel"), steps)
    figures = view.shape.figures.fields if view.shape.figures else {}
    yield from known(view.place("board", "monthly"), ("按期数值", "figure"), filter(None, [shows.monthly]), figures)
    for key, rate in shows.rates.items():
        item = view.indicators.find(rate.of)
        per = item.shape.per if item else ""
        if item is None or (per != "all" and not (per in view.shape.fields and view.shape.fields[per].choices)):
            possible = [one.key for one in view.indicators.values() if one.shape.per != "entry"]
            yield unknown(view.place("board", "rates", key, "of"), ("全部合计或按选项分组的指标", "indicator per all or by a choice"), rate.of, possible)
        for name in ("target", "line"):
            word = getattr(rate, name)
            if word and view.targets.find(word) is None:
                yield unknown(view.place("board", "rates", key, name), TARGET, word, [one.key for one in view.targets.values()])
    for word in shows.beside:
        if catalogue.referred(word, view.pack) is None:
            yield unknown(view.place("board", "beside"), ("台账", "register"), word, [name.removeprefix(f"{view.pack}.") for name in catalogue.registers])


def _whole(view: RegisterView, place: Place, words: list[str]) -> Iterator[Problem]:
    whole = [item.key for item in view.indicators.values() if item.shape.per == "all"]
    for word in words:
        item = view.indicators.find(word)
        if item is None or item.shape.per != "all":
            yield unknown(place, INDICATOR, word, whole)
