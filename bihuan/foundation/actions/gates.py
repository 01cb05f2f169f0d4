"""Conditions at the door: entry and exit gates, guards of moves, which rows a clock applies to. Only a plain yes lets a row pass."""

from collections.abc import Sequence
from datetime import date

from bihuan.foundation import evaluating
from bihuan.foundation.checking import Refusal
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.loading import catalogue
from bihuan.foundation.models import Entry


def refusals_of(view: RegisterView, what: str, entries: Sequence[Entry], day: date) -> list[Refusal]:
    """Why rows, as they are or are about to be, do not pass a criteria (by name) or a condition (a formula); nothing where none is asked."""
    found = refusals_by_row(view, what, entries, day)
    return [found[entry.pk] for entry in entries if entry.pk in found]


def refusals_by_row(view: RegisterView, what: str, entries: Sequence[Entry], day: date) -> dict[int, Refusal]:
    """The same by the ids of the rows; those that pass are left out."""
    if not what or not entries:
        return {}
    item = view.criteria.find(what)
    if item is None:
        passing = holding(view, what, entries, day)
        said = view.condition(what).said()
        why = Refused(f"须满足：{said.zh}", f"must hold: {said.en}", "")
        return {entry.pk: Refusal("", entry.title or entry.key, why) for entry in entries if entry.pk not in passing}
    judged = evaluating.check(catalogue(day), view, item.short, entries, day)
    return {
        entry.pk: Refusal("", entry.title or entry.key, Refused(
            f"{item.shape.title}：{judged[entry.pk].said.zh}", f"{item.shape.title_en or item.shape.title}: {judged[entry.pk].said.en}", "",
        ))
        for entry in entries
        if judged[entry.pk].value is not True
    }  # fmt: skip


def holding(view: RegisterView, condition: str, entries: Sequence[Entry], day: date) -> frozenset[int]:
    """The ids of the rows for which a condition holds on a day; a row whose data are missing is not among them."""
    if not entries:
        return frozenset()
    found = evaluating.holds(catalogue(day), view, condition, entries, day)
    return frozenset(number for number, truth in found.items() if truth is True)
