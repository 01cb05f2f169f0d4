"""Which clocks a row would start if it were recorded now, and when each would run out: what a form shows while it is filled in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bihuan.foundation.actions import clockwork
from bihuan.foundation.actions.entries import as_recorded
from bihuan.foundation.actions.writing import day_of, view_of
from bihuan.foundation.checking import Incoming, Rejected, check_row
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.lifecycles import Clock


@dataclass(frozen=True)
class Foreseen:
    """A clock that would start. ``due`` is None beyond the table of holidays."""

    clock: Item[Clock]
    due: date | None


def foresee(register: str, row: Incoming, at: datetime) -> Sequence[Foreseen]:
    """The clocks of a new row, the first to run out first; nothing as long as what they count from is wrong or missing. Writes nothing."""
    view, today = view_of(register, at), day_of(at)
    values, _refusals = check_row(view.shape, row, whole=True)
    [entry] = as_recorded(view, [{view.shape.key: "", **values}], today)
    try:
        opened = clockwork.on_recording(view, [entry], today).open
    except Rejected:
        return []
    found = [
        Foreseen(item, date.fromisoformat(part["due"]) if part["due"] else None)
        for part in opened
        for item in view.clocks.values()
        if (f"{item.pack}.{item.mechanism}", item.key) == (part["mechanism"], part["name"])
    ]
    return sorted(found, key=lambda one: one.due or date.max)
