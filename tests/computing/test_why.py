"""The walk of one number: from the colour down to the entry of the ledger, its hash, and the cell."""

from datetime import date, datetime

from bihuan.computing import boards, follow, why
from bihuan.foundation.models import Entry, Event
from tests.computing.conftest import DAY
from tests.computing.small import WORKS_REGISTER, meeting, report, work


def walked(code: str, light: str) -> why.Walk:
    columns = boards.current(DAY)
    entry = Entry.objects.get(register=WORKS_REGISTER, key=code)
    found = why.walk(columns, columns.catalogue.registers[WORKS_REGISTER], entry, light, DAY)
    assert found is not None
    return found


def test_a_threshold_light_walks_to_its_figures_and_their_events(city: datetime) -> None:
    work("W-1", city)
    report("W-1", city)
    follow.catch_up(city)
    found = walked("W-1", "works.progress")
    assert (found.lamp.colour, found.since, found.rule.zh) == ("red", DAY, "投资进度 ≥ 95% 绿，≥ 80% 黄，其余红（2025-01 起）")
    [step] = found.steps
    assert step.formula.zh == "合计(实际完成投资) / 合计(计划完成投资)"
    assert step.filled.zh == "4,320.00万元 / 6,000.00万元"
    assert (step.value.zh, step.period.zh) == ("72.0%", "2025年1—6月")
    assert len(step.leaves) == 12
    june = next(leaf for leaf in step.leaves if leaf.period == "2025-06" and leaf.field.zh == "实际完成投资")
    assert june.value.zh == "310万元"
    assert june.written is not None
    assert june.written.hash == Event.objects.get(kind="figures.recorded").hash


def test_an_ordered_condition_walks_to_the_rows_it_counted(city: datetime) -> None:
    work("W-1", city)
    meeting("M-1", "W-1", city)
    follow.catch_up(city)
    found = walked("W-1", "works.plate")
    assert (found.lamp.colour, found.consequence, found.rule.zh) == ("red", "约谈", "协调未果次数 >= 1次")
    [step] = found.steps
    assert (step.title.zh, step.value.zh) == ("协调未果次数", "1次")
    assert [(leaf.register, leaf.key) for leaf in step.leaves] == [("city.meetings", "M-1")]


def test_the_day_is_named_on_which_a_light_changes_if_nothing_moves(city: datetime) -> None:
    work("W-1", city, planned_start="2025-08-01")
    follow.catch_up(city)
    change = walked("W-1", "works.plate").next_change
    assert change is not None
    # From 15 July ten days of grace count: planned for 1 August, late from 12 August on.
    assert (change.day, change.colour, change.because.zh) == (date(2025, 8, 12), "yellow", "比计划开工滞后 11 天")
