"""From the days of judgement to the periods that count on them: the table of days that every plan starts from, as SQL text.

For each ``over`` a plan uses, the table has ``_<over>_first`` and ``_<over>_last`` (periods, as text) and ``_<over>_count`` (how many periods
are expected). ``to_date`` and ``latest`` have no first period; their ``_first`` is the last period that had ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.periods import Kind, Over, Period, Window
from bihuan.foundation.grammar.saying import NOTHING_SAID, Said

PARTS = ("first", "last", "count")

GRID_YEARS = 30
"""How many years back a cumulative indicator looks for the beginning of a row's figures."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days a plan judges, and how figures come in: ``every`` is None for a register without figures."""

    days: tuple[date, ...]
    every: Kind | None
    overs: tuple[Over, ...]

    def window(self, over: Over, day: date) -> Window:
        """What ``over`` gathers on ``day``: whole periods that have ended; ``latest`` may also take the one that runs."""
        assert self.every is not None
        ended = periods.last_complete(self.every, day)
        return periods.window(over, periods.of(self.every, day) if over == "latest" else ended)

    def label(self, over: Over, day: date, period: str | None = None) -> Said:
        """How a sentence names what was gathered: ``2025年1—6月``; for ``latest`` the period found."""
        if self.every is None:
            return NOTHING_SAID
        if over == "latest":
            found = periods.parse(period, self.every) if period else None
            return Said(found.label, found.label_en) if found else NOTHING_SAID
        window = self.window(over, day)
        return Said(window.label, window.label_en)

    @property
    def only(self) -> str:
        """The one day as a literal; empty where there are several."""
        return _date(self.days[0]) if len(self.days) == 1 else ""

    def at(self, alias: str) -> str:
        """The day of judgement as SQL: the one day, or the column of the table of days under its alias."""
        return self.only or f"{alias}._at"

    def bound(self, over: Over, part: str, alias: str) -> str:
        """A bound of a window as SQL (``first``, ``last``, ``count``): its literal on the one day, or the column of the table of days.

        Literals let the engine skip the figures outside the window; a join with the table of days would compare them all.
        """
        if not self.only:
            return f'{alias}."_{over}_{part}"'
        return self._cells(over, self.days[0])[PARTS.index(part)]

    def literals(self) -> str:
        """The columns of the table of days for the one day, as a list of literals."""
        cells = [f"{cell} AS \"_{over}_{part}\"" for over in self.overs for part, cell in zip(PARTS, self._cells(over, self.days[0]), strict=True)]
        return ", ".join([f"{self.only} AS _at", *cells])

    def table(self) -> str:
        """The table of days as SQL: ``SELECT * FROM (VALUES …) AS _days(_at, …)``."""
        columns = ["_at", *(f'"_{over}_{part}"' for over in self.overs for part in PARTS)]
        rows = ", ".join(f"({', '.join([_date(day), *(cell for over in self.overs for cell in self._cells(over, day))])})" for day in self.days)
        return f"SELECT * FROM (VALUES {rows}) AS _days({', '.join(columns)})"

    def expected(self, over: Over) -> str:
        """Every period that should have figures, a row a day and period, as SQL: (_at, _period, _place)."""
        rows = []
        for day in self.days:
            for place, period in enumerate(self._expected(over, day)):
                rows.append(f"({_date(day)}, '{period}', {place})")
        return f"SELECT * FROM (VALUES {', '.join(rows)}) AS _expected(_at, _period, _place)"

    def _expected(self, over: Over, day: date) -> Iterable[Period]:
        window = self.window(over, day)
        if over == "latest":
            assert self.every is not None
            return (periods.last_complete(self.every, day),)
        if over == "to_date":
            return _grid(window.last)
        return window.periods()

    def _cells(self, over: Over, day: date) -> Sequence[str]:
        window = self.window(over, day)
        if window.first is None:
            assert self.every is not None
            return (f"'{periods.last_complete(self.every, day)}'", f"'{window.last}'", "1")
        return (f"'{window.first}'", f"'{window.last}'", str(len(window.periods())))


def since_period(every: Kind, day: date) -> str:
    """The first period judged by a rule in force from ``day``: the one that ends on or after it, as text."""
    return periods.of(every, day).text


def _grid(last: Period) -> Iterable[Period]:
    first = periods.of(last.kind, date(last.first.year - GRID_YEARS, 1, 1))
    return periods.between(first, last)


def _date(day: date) -> str:
    return f"DATE '{day.isoformat()}'"
