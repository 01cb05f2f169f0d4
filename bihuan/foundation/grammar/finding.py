"""Small helpers for following a word to what it means, and for saying that it means nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TypeVar

from bihuan.foundation.grammar.errors import Place, Problem
from bihuan.foundation.grammar.formula_types import Kind
from bihuan.foundation.grammar.items import Item, Items
from bihuan.foundation.grammar.quantities import Unit
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.resolving import formula_problem
from bihuan.foundation.grammar.scopes import ScopeKind
from bihuan.foundation.grammar.views import RegisterView

T = TypeVar("T")


def unknown(place: Place, sort: tuple[str, str], word: str, allowed: Iterable[str]) -> Problem:
    """``word`` is no ``sort`` (in Chinese and English); says what there is, nearest first."""
    there = list(dict.fromkeys(allowed))
    near = get_close_matches(word, there, n=1, cutoff=0.5)
    listed = "、".join(there[:12]) + ("……" if len(there) > 12 else "")
    zh, en = sort
    hint, hint_en = (f"，是不是 {near[0]}？", f"; did you mean {near[0]}?") if near else ("", "")
    return Problem(
        place, "name", f"没有{zh}“{word}”{hint}", f"可用的{zh}：{listed or '无'}", near[0] if near else next(iter(there), ""),
        f"there is no {en} “{word}”{hint_en}", f"There are: {listed or 'none'}",
    )  # fmt: skip


def known(place: Place, sort: tuple[str, str], words: Iterable[str], allowed: Iterable[str]) -> Iterator[Problem]:
    """A problem for each word that is not among the allowed ones."""
    there = list(allowed)
    for word in words:
        if word not in there:
            yield unknown(place, sort, word, there)


def found(items: Items[T], word: str, item: Item[object], place: Place, sort: tuple[str, str]) -> Iterator[Problem]:
    """A problem where ``word``, written in ``item``, means no item or more than one."""
    if items.find(word, item.mechanism) is not None:
        return
    several = items.found(word)
    if several:
        names = "、".join(other.short for other in several)
        yield Problem(
            place, "name", f"{sort[0]}“{word}”不止一个：{names}", "几个机制用了同一个代号时，要写明是哪一个。", several[0].short,
            f"more than one {sort[1]} is called “{word}”: {names}", "Say which mechanism is meant.",
        )  # fmt: skip
    else:
        yield unknown(place, sort, word, [other.key for other in items.values()])


def compiles(place: Place, view: RegisterView, text: str, expects: Kind | None = "yes_no", *, kind: ScopeKind = "entry", unit: Unit | None = None) -> Iterator[Problem]:
    """A problem where ``text`` is no formula about ``view`` of the expected kind; nothing for an empty text."""
    if text:
        try:
            view.formula(text, kind, expects, unit)
        except Refused as error:
            yield formula_problem(place, error)


def sections(view: RegisterView) -> Iterator[Item[object]]:
    """Every item that works on a register."""
    for items in (
        view.parameters, view.assignments, view.clocks, view.cadences, view.exchanges, view.indicators, view.targets, view.lights, view.criteria, view.quotas,
        view.scores, view.documents, view.handoffs, view.meetings,
    ):  # fmt: skip
        yield from items.values()
