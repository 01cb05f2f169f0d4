"""The diary of the demo city: what is done, by whom and when, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.foundation.access import Actor, actor_of
from bihuan.foundation.actions import Incoming, Step, move, record_entries
from bihuan.foundation.models import Entry, Member

PROJECTS = "major_projects.projects"

Values = Mapping[str, object]


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A moment in the city's own time."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(settings.TIME_ZONE))


@dataclass(order=True)
class Deed:
    """One thing that is done. Deeds of the same moment keep the order in which they were written down."""

    at: datetime
    number: int
    step: str = field(compare=False)
    run: Callable[[datetime], object] = field(compare=False)


class Diary:
    """Deeds written down in any order, done in the order of time."""

    def __init__(self) -> None:
        self._deeds: list[Deed] = []

    def note(self, step: str, at: datetime, run: Callable[[datetime], object]) -> None:
        """Write down that something is done at a moment; `step` names the part of the city it belongs to."""
        self._deeds.append(Deed(at, len(self._deeds), step, run))

    def record(self, step: str, at: datetime, who: str, register: str, rows: Sequence[Values]) -> None:
        """Write down that rows are recorded together."""
        if rows:
            self.note(step, at, lambda then: record_entries(person(who), register, [Incoming(row) for row in rows], then))

    def move(self, step: str, at: datetime, who: str, place: tuple[str, str], way: Step) -> None:
        """Write down that a row, named by register and key, is moved; the version of `way` is the one the row has by then."""
        register, key = place
        def run(then: datetime) -> Entry:
            version = Entry.objects.values_list("version", flat=True).get(register=register, key=key)
            return move(person(who), register, key, Step(way.move, version, way.values, way.evidence, way.reason), then)

        self.note(step, at, run)

    def deeds(self) -> list[Deed]:
        """Everything, in order."""
        return sorted(self._deeds)


@cache
def person(username: str) -> Actor:
    """Who a member acts as; the people of the demo city do not change."""
    return actor_of(Member.objects.get(pk=username))
