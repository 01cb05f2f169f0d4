"""Answers that many ask and few change: kept as long as nothing behind them moves, and never a moment longer."""

from datetime import datetime

import pytest
from django.db import transaction

from bihuan.computing import boards, follow, tables
from bihuan.computing.engine import answer
from bihuan.computing.judge import judge
from bihuan.computing.scoring import measure
from bihuan.computing.tables import Columns, forget
from bihuan.foundation.access import SYSTEM, Scope
from bihuan.foundation.actions import HandSet, OfficeGiven, override, set_office
from tests.applications.test_packs import linked
from tests.computing import everything
from tests.computing.conftest import DAY
from tests.computing.small import WORKS_REGISTER, meeting, report, work

ROWS = 'SELECT count(*) AS n FROM "r_city__works"'
LAMPS = 'SELECT * FROM "l_city__works" ORDER BY _id'
FIGURES = 'SELECT count(*) AS n FROM "f_city__works"'


def columns() -> Columns:
    return boards.current(DAY)


def test_an_answer_is_kept_while_other_registers_and_the_house_change(city: datetime) -> None:
    work("W-1", city)
    rows = answer(columns(), ROWS)
    set_office(SYSTEM, OfficeGiven("丙县", "county", "小城市"), city)
    meeting("M-1", "W-1", city)
    assert answer(columns(), ROWS) is rows


def test_an_answer_goes_with_the_table_it_was_read_from(city: datetime) -> None:
    work("W-1", city)
    rows, figures = answer(columns(), ROWS), answer(columns(), FIGURES)
    report("W-1", city, [100])
    assert answer(columns(), FIGURES) != figures
    work("W-2", city)
    assert (rows, answer(columns(), ROWS)) == ([{"n": 1}], [{"n": 2}])


def test_a_group_measures_anew_after_a_figure(city: datetime) -> None:
    work("W-1", city)
    report("W-1", city)
    view = columns().catalogue.registers[WORKS_REGISTER]
    item = next(item for item in view.indicators.values() if item.shape.per != "entry")
    before = measure(columns(), view, item, DAY)
    assert measure(columns(), view, item, DAY) == before
    report("W-1", city, [999] * 6)
    assert measure(columns(), view, item, DAY) != before


def test_the_matrix_shows_a_colour_set_by_hand_at_once(city: datetime) -> None:
    work("W-1", city)
    follow.catch_up(city)
    view, everything = columns().catalogue.registers[WORKS_REGISTER], Scope(WORKS_REGISTER, everything=True)
    assert boards.lights_by_office(columns(), view, "works.plate", everything, DAY).total == {"green": 1}
    override(SYSTEM, WORKS_REGISTER, "W-1", HandSet("plate", "yellow", DAY, "已协调"), city)
    assert boards.lights_by_office(columns(), view, "works.plate", everything, DAY).total == {"yellow": 1}


def test_after_very_many_changes_everything_is_read_again_and_comes_out_the_same(city: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    work("W-1", city)
    columns()
    work("W-2", city)
    report("W-2", city)
    follow.catch_up(city)
    few = answer(columns(), LAMPS)
    forget()
    columns()
    monkeypatch.setattr(tables, "MOST_ROWS", 1)
    report("W-2", city, [999] * 6)
    report("W-1", city)
    follow.catch_up(city)
    assert answer(columns(), LAMPS) != few
    assert answer(columns(), ROWS) == [{"n": 2}]


def test_the_tables_serve_again_for_another_ledger(city: datetime) -> None:
    """What was written in a transaction that was undone is gone with it, also from registers that have no row any more."""
    work("W-1", city)
    before = columns()
    with transaction.atomic():
        report("W-1", city)
        meeting("M-1", "W-1", city)
        assert answer(columns(), 'SELECT count(*) AS n FROM "r_city__meetings"') == [{"n": 1}]
        transaction.set_rollback(True)
    work("W-2", city)
    assert columns() is before
    assert [answer(columns(), f'SELECT count(*) AS n FROM "{table}"') for table in ("r_city__works", "f_city__works", "r_city__meetings")] == [[{"n": 2}], [{"n": 0}], [{"n": 0}]]


@pytest.mark.slow
def test_few_rows_are_judged_alike_with_and_without_an_optimizer_and_by_whom_they_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every light of every pack that ships, on rows that make each of them turn."""
    few, many = everything.columns_of(linked(), little=True), everything.columns_of(linked())
    said = judge(few, everything.DAY).verdicts
    monkeypatch.setattr("bihuan.computing.judge.A_HANDFUL", 0)
    assert sorted(said, key=str) == sorted(judge(many, everything.DAY).verdicts, key=str)
    assert len(said) > 500
