"""The columns of a day gone by hold what the columns held on that day: rows, states, figures, duties and colours."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.computing import past, sweep
from bihuan.computing.tables import Columns
from bihuan.foundation import ledger, loading
from bihuan.foundation.actions import (
    Edit,
    FigureGiven,
    Incoming,
    Source,
    Step,
    change_entry,
    merge,
    move,
    record_entries,
    record_figures,
    unmerge,
    withdraw_entry,
)
from bihuan.foundation.evaluating import sandbox
from bihuan.foundation.models import Entry, Event
from tests.portal import town

pytestmark = pytest.mark.django_db
DAYS = 6
TODAY = town.NOW.date()

Content = dict[str, list[tuple[object, ...]]]


def content(columns: Columns) -> Content:
    """Every table that holds something, its rows in order; the facts of verdicts, which are refreshed without turning, left out."""
    names = [name for (name,) in columns.connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
    found: Content = {}
    for name in names:
        what = "* EXCLUDE (_code, _rule)" if name == "verdicts" else "*"
        if rows := columns.connection.execute(f'SELECT {what} FROM "{name}" ORDER BY ALL').fetchall():
            found[name] = rows
    return found


def fresh(day: date) -> Content:
    """What columns read now hold."""
    made = Columns(sandbox(), catalogue=loading.catalogue(day))
    made.read(*ledger.head())
    return content(made)


def differing(one: Content, other: Content) -> dict[str, tuple[object, object]]:
    """The tables that differ, with the rows that only one side has."""
    tables = {**one, **other}
    both = {name: (one.get(name, []), other.get(name, [])) for name in tables}
    return {name: ([row for row in a if row not in b], [row for row in b if row not in a]) for name, (a, b) in both.items() if a != b}


def act(chance: random.Random, number: int, day: int) -> None:
    """Something that somebody does that day; what the rules refuse is not done."""
    at = town.NOW + timedelta(days=day, minutes=number)
    officer = town.actor("wei")
    row = chance.choice(list(Entry.objects.filter(register=town.WORKS, office=town.NORTH, withdrawn=False)))
    others = list(Entry.objects.filter(register=town.WORKS, office=town.NORTH, withdrawn=False).exclude(pk=row.pk))
    merged = Entry.objects.filter(merged_into__withdrawn=False).first()
    match chance.randrange(8):
        case 0:
            record_entries(officer, town.WORKS, [Incoming({"code": f"W-9{day}{number}", "name": f"新桥{number}", "county": town.NORTH})], at)
        case 1:
            change_entry(officer, town.WORKS, row.key, Edit({"industry": chance.choice(["制造", "交通"]), "name": f"改名{number}"}, row.version), at)
        case 2 | 3:
            given = [FigureGiven(row.key, field, "2025-06", str(chance.randrange(200))) for field in ("planned", "completed")]
            record_figures(officer, town.WORKS, given, at, Source(reason="更正"))
        case 4:
            if row.state == "planned":
                move(officer, town.WORKS, row.key, Step("start", row.version, {"started_on": at.date().isoformat()}, {}), at)
        case 5 if others:
            merge(officer, town.WORKS, row.key, {others[0].key: others[0].version}, at)
        case 6 if merged:
            unmerge(officer, town.WORKS, merged.key, at, "核实为两个工程")
        case _ if others:  # one row stays, for the next deed
            withdraw_entry(officer, town.WORKS, row.key, "重复登记", at)


@pytest.mark.parametrize("seed", range(6))
def test_the_columns_of_a_day_are_those_a_fresh_load_gave_that_day(small_town: None, seed: int) -> None:
    chance = random.Random(seed)
    stood: dict[date, Content] = {}
    for day in range(1, DAYS):
        for number in range(chance.randrange(4)):
            try:
                act(chance, number, day)
            except (ValueError, PermissionError):
                continue
        # Colours are those of the history of verdicts, where a day that is judged late is told as it was judged: each day is judged here.
        sweep.sweep(town.NOW + timedelta(days=day, hours=2))
        stood[TODAY + timedelta(days=day)] = fresh(TODAY + timedelta(days=day))
    for gone_by, content_then in stood.items():
        assert differing(content(past.columns_on(gone_by)), content_then) == {}, gone_by


def test_before_the_ledger_there_is_nothing_to_show(small_town: None) -> None:
    with pytest.raises(past.NotYet) as refused:
        past.columns_on(date(2020, 1, 1))
    assert refused.value.first == TODAY


def test_a_day_is_made_once_and_asked_for_with_one_query(small_town: None) -> None:
    record_entries(town.actor("wei"), town.WORKS, [Incoming({"code": "W-99", "name": "新桥", "county": town.NORTH})], town.NOW + timedelta(days=1))
    made = past.columns_on(TODAY)
    with CaptureQueriesContext(connection) as captured:
        assert past.columns_on(TODAY) is made
    assert len(captured.captured_queries) == 1


def test_more_said_on_that_day_makes_it_anew(small_town: None) -> None:
    made = past.columns_on(TODAY)
    record_entries(town.actor("wei"), town.WORKS, [Incoming({"code": "W-99", "name": "新桥", "county": town.NORTH})], town.NOW + timedelta(hours=1))
    assert past.columns_on(TODAY).position == Event.objects.latest("seq").seq > made.position


def test_few_days_are_kept(small_town: None) -> None:
    for day in range(past.MOST_DAYS + 2):
        past.columns_on(TODAY + timedelta(days=day))
    assert len(past._held) == past.MOST_DAYS
