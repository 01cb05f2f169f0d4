"""What one person carries: the rows in their charge with the lights of a day, the open duties, and the open rows that name them.

One reading for the page of a leader and for the papers about one; whatever is stored is taken as it stands, lights are judged for the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from bihuan.computing.lamps import GRAVITY
from bihuan.computing.lists import lines_of
from bihuan.computing.tables import Columns
from bihuan.foundation.grammar.assignments import Assignment as Role
from bihuan.foundation.grammar.catalogue import Catalogue
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Assignment, Duty, Entry, Member


@dataclass(frozen=True)
class Row:
    """One row with the register it stands in, what the person answers for (where they carry it), and its gravest colour that day or none."""

    entry: Entry
    view: RegisterView | None
    role: Item[Role] | None
    colour: str

    @property
    def title(self) -> str:
        """What the row is called."""
        return self.entry.title or self.entry.key

    @property
    def state(self) -> str:
        """What its state is called, in Chinese."""
        states = self.view.lifecycle.shape.states if self.view and self.view.lifecycle else {}
        return states[self.entry.state].title if self.entry.state in states else self.entry.state


@dataclass(frozen=True)
class Carried:
    """What somebody carries on a day: rows in their charge, the gravest first; open duties by their due days; open rows that name them."""

    username: str
    name: str
    office: str
    day: date
    rows: Sequence[Row]
    owed: Sequence[Duty]
    named: Sequence[Row]

    @property
    def counts(self) -> dict[str, int]:
        """The figures by the words of `grammar.person_papers`."""
        return {
            "负责项数": len(self.rows), "红灯项数": self.lit("red"), "黄灯项数": self.lit("yellow"), "未办结件数": len(self.owed),
            "逾期件数": self.overdue, "点名项数": len(self.named),
        }  # fmt: skip

    @property
    def overdue(self) -> int:
        """How many of the open duties were due before the day."""
        return sum(self.over(duty) for duty in self.owed)

    def lit(self, colour: str) -> int:
        """How many rows in their charge show a colour as their gravest."""
        return sum(row.colour == colour for row in self.rows)

    def over(self, duty: Duty) -> bool:
        """Whether a duty was due before the day."""
        return bool(duty.due and duty.due < self.day)


def carried(columns: Columns, username: str, day: date, seen: Q | None = None) -> Carried:
    """What somebody carries; with `seen`, a condition on `Entry`, only the rows for which it holds. It asks the tables a constant number of questions."""
    catalogue, person = columns.catalogue, Member.objects.filter(pk=username).first()
    there = Q(withdrawn=False) & (seen or Q())
    held = list(Assignment.objects.filter(member=username, to_day__isnull=True).order_by("entry__register", "entry__key", "role"))
    rows = Entry.objects.filter(there, pk__in={one.entry_id for one in held}).in_bulk()
    named = [entry for entry in Entry.objects.filter(there & _naming(catalogue, username)).order_by("register", "key") if not _final(catalogue, entry)]
    lit = _colours(columns, [*rows.values(), *named], day)
    carrying = [
        Row(row, _view(catalogue, row), _role(catalogue, one, row), lit.get(row.pk, "")) for one in held if (row := rows.get(one.entry_id)) is not None
    ]
    mine = Q(member=username) | Q(entry_id__in=list(rows))
    owed = list(Duty.objects.filter(mine, closed_on__isnull=True).select_related("entry").order_by("due", "id"))
    return Carried(
        username, (person.name if person else "") or username, (person.office_id if person else "") or "", day,
        sorted(carrying, key=_gravest), owed, [Row(entry, _view(catalogue, entry), None, lit.get(entry.pk, "")) for entry in named],
    )  # fmt: skip


def _naming(catalogue: Catalogue, username: str) -> Q:
    """The rows in which a field names somebody: what was decided and given to them."""
    named = Q(pk__in=[])
    for view in catalogue.registers.values():
        for key, shape in view.shape.fields.items():
            if shape.kind == "person" and not shape.personal:
                named |= Q(register=view.name, **{f"data__{key}": username})
    return named


def _view(catalogue: Catalogue, entry: Entry) -> RegisterView | None:
    return catalogue.registers.get(entry.register)


def _final(catalogue: Catalogue, entry: Entry) -> bool:
    view = _view(catalogue, entry)
    states = view.lifecycle.shape.states if view and view.lifecycle else {}
    return any(state.final for key, state in states.items() if entry.state in (key, state.title))


def _role(catalogue: Catalogue, one: Assignment, entry: Entry) -> Item[Role] | None:
    view = _view(catalogue, entry)
    items = view.assignments.values() if view else ()
    return next((item for item in items if (f"{item.pack}.{item.mechanism}", item.key) == (one.mechanism, one.role)), None)


def _colours(columns: Columns, entries: Iterable[Entry], day: date) -> dict[int, str]:
    """The gravest colour of each row on a day, judged by what the ledger has now; a colour set by hand in place of the rule's."""
    ids: dict[str, set[int]] = {}
    for entry in entries:
        ids.setdefault(entry.register, set()).add(entry.pk)
    found: dict[int, str] = {}
    for register, view in columns.catalogue.registers.items():
        for line in lines_of(columns, view, sorted(ids.get(register, ())), day, ()):
            if line.lamps:
                found[line.id] = min((lamp.colour for lamp in line.lamps.values()), key=GRAVITY.index)
    return found


def _gravest(row: Row) -> int:
    return GRAVITY.index(row.colour) if row.colour else len(GRAVITY)
