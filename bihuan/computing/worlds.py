"""The small world of a worked example: its rows put in as they are given, its history acted out through the same actions people use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bihuan.computing import follow
from bihuan.computing.acting import NotAnExample, act, by_period, moment, must_refuse
from bihuan.computing.sweep import Swept, sweep_day
from bihuan.foundation import actions
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import Incoming
from bihuan.foundation.actions.clockwork import merged, on_recording
from bihuan.foundation.actions.writing import record
from bihuan.foundation.checking import check_value
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.catalogue import Catalogue, RegisterView
from bihuan.foundation.grammar.examples import Example, Row
from bihuan.foundation.grammar.gathering import DUTIES
from bihuan.foundation.ledger import New
from bihuan.foundation.models import Entry
from bihuan.foundation.projections.ids import next_id

STATE, SINCE = "状态", "进入状态日期"
MOST_VISITS = 400
"""Days on which time is let pass at most; a history longer than that is visited at its steps and its last days."""


@dataclass
class World:
    """A catalogue and a day, inside a database transaction that is rolled back afterwards."""

    catalogue: Catalogue
    pack: str
    example: Example

    @property
    def day(self) -> date:
        """The day the example is looked at."""
        return date.fromisoformat(self.example.day)

    def view(self, word: str = "") -> RegisterView:
        """The register of a mechanism by its name; by default the one the example's mechanism works on."""
        if not word:
            return self.catalogue.registers[self.catalogue.mechanisms[f"{self.pack}.{self.example.mechanism}"].register]
        found = self.catalogue.referred(word, self.pack)
        if found is None:
            raise NotAnExample(f"没有机制 {word}")
        return found

    def live(self) -> list[str]:
        """Put the rows in, act the history out and let time pass up to the day. Gives what did not go as the example says."""
        wrong: list[str] = []
        visits = self._visits()
        start = visits[0]
        self._people(start)
        for word, rows in self.example.given_in.items():
            self._put(self.view(word), rows, start)
        wrong += self._put(self.view(), self.example.given, start)
        steps = sorted(self.example.history, key=lambda step: step.on)
        for day in visits:
            done = Swept()
            sweep_day(day, moment(day), done)
            for step in (step for step in steps if step.on == day.isoformat()):
                follow.catch_up(moment(day))
                wrong += act(self.view(step.of), step, self.keyed)
            follow.catch_up(moment(day))
            wrong += done.parked
        return wrong

    def _visits(self) -> list[date]:
        """The days on which something can happen: the steps, the day, and where reports count, the beginnings of their periods."""
        days = {self.day, *(date.fromisoformat(step.on) for step in self.example.history)}
        since = {date.fromisoformat(str(row[SINCE])) for row in self.example.given.values() if row.get(SINCE)}
        first = min({*days, *(day for day in since if day <= self.day)})
        if not since and any(expected.missing for expected in self.example.expect.values()):
            first = min(first, self.day - timedelta(days=100))
        for view in (self.view(), *(self.view(word) for word in self.example.given_in)):
            for item in view.cadences.values() if self._counts_reports(view) else ():
                period = periods.of(item.shape.every, self.day)
                while period.first >= first and len(days) < MOST_VISITS:
                    days.add(period.first)
                    period = period.previous()
        return sorted({day for day in days if first <= day <= self.day} | {first})

    def _counts_reports(self, view: RegisterView) -> bool:
        """Whether what is expected may rest on reports: those missing, or values and lights of a register that counts its duties."""
        every = [*self.example.expect.values(), *(one for rows in self.example.expect_in.values() for one in rows.values())]
        counted = any(rollup.source == DUTIES for rollup in view.shape.rollups.values())
        return any(one.missing or (counted and (one.light or one.lights or one.values)) for one in every)

    def _people(self, start: date) -> None:
        """The offices and people that the example names."""
        offices = set(self._usual_offices())
        people: set[tuple[str, str]] = set()
        for view, row in self._rows():
            for key, value in self.keyed(view, row).items():
                kind = view.shape.fields[key].kind if key in view.shape.fields else ""
                if value and kind == "office":
                    offices.add(str(value))
                elif value and (kind == "person" or view.assignments.find(key)):
                    people.add((str(value), ""))
                    item = view.assignments.find(key)
                    people |= {(str(value), role) for role in (item.shape.who if item else ())}
        for step in self.example.history:
            people |= {(person, step.role) for person in (step.by, step.approver) if person}
            for role, person in step.assign.items():
                item = self.view(step.of).assignments.find(role)
                people |= {(person, who) for who in (item.shape.who if item else [])}
        at = moment(start)
        for name in sorted(offices):
            actions.set_office(SYSTEM, actions.OfficeGiven(name, "county", ""), at)
        roles: dict[str, set[str]] = {}
        for name, role in people:
            roles.setdefault(name, set()).update([role] if role else [])
        for name, held in sorted(roles.items()):
            actions.set_member(SYSTEM, actions.MemberGiven(name, name, ""), at)
            if held:
                actions.set_roles(SYSTEM, name, sorted(held), at)

    def _usual_offices(self) -> Iterator[str]:
        """The offices that a register puts where a row names none."""
        for view in {view.name: view for view, _row in self._rows()}.values():
            yield from (field.default for field in view.shape.fields.values() if field.kind == "office" and field.default)

    def _rows(self) -> Iterator[tuple[RegisterView, Row]]:
        for word, rows in self.example.given_in.items():
            yield from ((self.view(word), row) for row in rows.values())
        yield from ((self.view(), row) for row in self.example.given.values())
        for step in self.example.history:
            yield self.view(step.of), {**step.record, **step.change, **step.with_}

    # --- rows as they are given

    def keyed(self, view: RegisterView, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row by the keys of its fields, figures and assignments, from titles or keys."""
        known = {shape.title: key for key, shape in view.shape.fields.items()}
        known |= {shape.title: key for key, shape in (view.shape.figures.fields if view.shape.figures else {}).items()}
        known |= {item.shape.title: item.key for item in view.assignments.values()}
        allowed = {*known.values(), STATE, SINCE}
        keyed = {known.get(word, word): value for word, value in row.items()}
        for word in keyed:
            if word not in allowed:
                raise NotAnExample(f"“{view.shape.title}”没有“{word}”")
        return keyed

    def _put(self, view: RegisterView, rows: Mapping[str, Row], start: date) -> list[str]:
        """Put rows in as they are, whatever is missing; those that must be refused are offered at the door instead."""
        refused = {key: expected.refused for key, expected in self.example.expect.items() if expected.refused and view is self.view()}
        wrong = [message for key, words in refused.items() if key in rows for message in self._refused(view, key, rows[key], words, start)]
        given = {key: self.keyed(view, row) for key, row in rows.items() if key not in refused}
        first = next_id(Entry, "default")
        bodies = [self._body(view, key, row, first + place) for place, (key, row) in enumerate(given.items())]
        if not bodies:
            return wrong
        entries = [Entry(register=view.name, **{**body, "state_since": _day(body["state_since"])}) for body in bodies]
        clocks = merged(*(on_recording(view, [entry], entry.state_since or start) for entry in entries))
        record(New("entries.recorded", {"rows": bodies, **clocks.body()}, SYSTEM.username, moment(start), view.name))
        self._figures(view, given, {body["key"]: body["id"] for body in bodies}, start)
        self._assignments(view, given, {body["key"]: body["id"] for body in bodies}, start)
        return wrong

    def _body(self, view: RegisterView, key: str, row: Mapping[str, Any], number: int) -> dict[str, Any]:
        shape = view.shape
        data = {name: check_value(field, row.get(name)) for name, field in shape.fields.items()}
        for name, field in shape.fields.items():
            if data[name] is None and field.default and name not in row:
                data[name] = check_value(field, field.default)
        data[shape.key] = key
        life = view.lifecycle.shape if view.lifecycle else None
        states = {state.title: name for name, state in life.states.items()} if life else {}
        state = states.get(str(row[STATE]), str(row[STATE])) if row.get(STATE) else life.start if life else ""
        text = {"title": data.get(shape.name) or key, "office": data.get(shape.office) or "", "enterprise": data.get(shape.enterprise) or ""}
        return {"id": number, "key": key, **{name: str(value) for name, value in text.items()}, "state": state, "state_since": row.get(SINCE), "data": data}

    def _figures(self, view: RegisterView, rows: Mapping[str, Mapping[str, Any]], ids: Mapping[str, int], start: date) -> None:
        figures = view.shape.figures
        if figures is None:
            return
        changes = []
        for key, row in rows.items():
            for name, field in figures.fields.items():
                for period, raw in by_period(row.get(name), figures.every, self.day):
                    value = check_value(field, raw)
                    if value is not None:
                        changes.append({"id": ids[key], "key": key, "field": name, "period": period, "old": None, "new": value})
        if changes:
            record(New("figures.recorded", {"changes": changes}, SYSTEM.username, moment(start), view.name))

    def _assignments(self, view: RegisterView, rows: Mapping[str, Mapping[str, Any]], ids: Mapping[str, int], start: date) -> None:
        for key, row in rows.items():
            for item in view.assignments.values():
                if row.get(item.key):
                    body = {
                        "id": ids[key], "mechanism": f"{item.pack}.{item.mechanism}", "role": item.key, "old": "", "member": str(row[item.key]),
                        "from_day": start.isoformat(), "reason": "", "approver": "",
                    }  # fmt: skip
                    record(New("entry.assigned", body, SYSTEM.username, moment(start), view.name, key))

    def _refused(self, view: RegisterView, key: str, row: Row, words: str, start: date) -> list[str]:
        values = {view.shape.key: key, **{name: value for name, value in self.keyed(view, row).items() if name in view.shape.fields}}
        return must_refuse(lambda: actions.record_entries(SYSTEM, view.name, [Incoming(values)], moment(start)), words, key)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
