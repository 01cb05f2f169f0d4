"""Conditions at the door: entry and exit gates, guards of moves, which rows a clock applies to. Only a plain yes lets a row pass."""

from datetime import date

from bihuan.foundation.checking import Refusal
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry


def refusals_of(view: RegisterView, what: str, entry: Entry, day: date) -> list[Refusal]:
    """Why a row does not pass a criteria (by name) or a condition (a formula); nothing where it passes, or where none is asked for."""
    return []


def holds(view: RegisterView, condition: str, entry: Entry, day: date) -> bool | None:
    """Whether a condition holds for a row on a day; None where data are missing."""
    return None
