"""From a figure to a light: what is recorded is judged, exactly once, with the sentence, the handoff and the paper that follow from it."""

from datetime import date, datetime, timedelta

import pytest

from bihuan.computing import follow, tables
from bihuan.computing.gathered import gathered
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import (
    Edit,
    FigureGiven,
    Incoming,
    Step,
    adopt,
    change_entry,
    merge,
    move,
    record_entries,
    record_figures,
    unmerge,
    withdraw_entry,
)
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Duty, Entry, Event, Paper, Verdict
from tests.computing import small
from tests.computing.small import WORKS_REGISTER, meeting, moment, report, work


def verdict(code: str, light: str) -> Verdict:
    return Verdict.objects.get(entry__key=code, light=light, to_day=None)


def test_a_figure_becomes_a_light_with_its_reason_and_basis(city: datetime) -> None:
    work("W-1", city)
    report("W-1", city)
    follow.catch_up(city)
    found = verdict("W-1", "progress")
    assert (found.colour, found.facts["zh"], found.basis) == ("red", "2025年1—6月投资进度 72%，低于 80%", "第九条（2025 年修订）")
    assert found.facts["en"] == "progress (January–June 2025) 72%, below 80%"


def test_a_corrected_figure_turns_the_light_and_the_old_verdict_is_kept(city: datetime) -> None:
    work("W-1", city)
    report("W-1", city)
    follow.catch_up(city)
    later = city + timedelta(days=3)
    record_figures(SYSTEM, WORKS_REGISTER, [FigureGiven("W-1", "completed", "2025-06", 1900)], later)
    follow.catch_up(later)
    history = list(Verdict.objects.filter(light="progress").order_by("id").values_list("colour", "from_day", "to_day"))
    assert history == [("red", date(2025, 7, 8), date(2025, 7, 11)), ("green", date(2025, 7, 11), None)]


def test_a_month_not_reported_is_grey_and_named(city: datetime) -> None:
    work("W-1", city)
    report("W-1", city, [960, 960, 960, 960, None, 960])
    follow.catch_up(city)
    found = verdict("W-1", "progress")
    assert (found.colour, found.facts["zh"]) == ("grey", "缺 2025年5月 实际完成投资")


def test_an_old_month_is_judged_by_the_old_rule(city: datetime) -> None:
    work("W-1", city)
    report("W-1", city, [900] * 12, year=2024)
    follow.catch_up(moment(date(2025, 1, 5)))
    assert verdict("W-1", "progress").basis == "第九条"


def test_a_child_row_turns_the_light_of_its_parent(city: datetime) -> None:
    work("W-1", city)
    follow.catch_up(city)
    assert verdict("W-1", "plate").colour == "green"
    meeting("M-1", "W-1", city)
    follow.catch_up(city)
    assert verdict("W-1", "plate").facts["zh"] == "经 1 次协调仍未解决"


def test_a_child_moved_to_another_parent_changes_both(city: datetime) -> None:
    work("W-1", city)
    work("W-2", city)
    meeting("M-1", "W-1", city)
    follow.catch_up(city)
    change_entry(SYSTEM, small.MEETINGS_REGISTER, "M-1", Edit({"work": "W-2"}, 1), city)
    follow.catch_up(city)
    assert (verdict("W-1", "plate").colour, verdict("W-2", "plate").colour) == ("green", "red")


def test_a_withdrawn_child_no_longer_counts(city: datetime) -> None:
    work("W-1", city)
    meeting("M-1", "W-1", city)
    follow.catch_up(city)
    withdraw_entry(SYSTEM, small.MEETINGS_REGISTER, "M-1", "登记错误", city)
    follow.catch_up(city)
    assert verdict("W-1", "plate").colour == "green"


def test_a_withdrawn_row_has_no_light(city: datetime) -> None:
    work("W-1", city)
    follow.catch_up(city)
    withdraw_entry(SYSTEM, WORKS_REGISTER, "W-1", "重复登记", city)
    follow.catch_up(city)
    assert not Verdict.objects.filter(to_day=None).exists()


def test_what_referred_to_a_merged_row_counts_for_the_row_that_stands_for_it(city: datetime) -> None:
    work("W-1", city)
    work("W-2", city)
    meeting("M-1", "W-2", city)
    follow.catch_up(city)
    assert (verdict("W-1", "plate").colour, verdict("W-2", "plate").colour) == ("green", "red")
    merge(SYSTEM, WORKS_REGISTER, "W-1", {"W-2": 1}, city)
    follow.catch_up(city)
    assert verdict("W-1", "plate").colour == "red"
    assert not Verdict.objects.filter(entry__key="W-2", to_day=None).exists()
    unmerge(SYSTEM, WORKS_REGISTER, "W-2", city, "核实为两个工程")
    follow.catch_up(city)
    assert (verdict("W-1", "plate").colour, verdict("W-2", "plate").colour) == ("green", "red")


@pytest.mark.parametrize("read_again", [False, True])
def test_a_work_reported_twice_counts_once_in_the_sums_of_its_county(city: datetime, read_again: bool) -> None:
    for code in ("W-1", "W-2"):
        work(code, city)
        report(code, city)

    def counted() -> int:
        if read_again:
            tables.forget()
        columns = tables.current(city.date())
        view = columns.catalogue.registers[WORKS_REGISTER]
        item = view.indicators.find("county_progress")
        assert item
        return gathered(columns, view, item, "甲县", city.date()).total

    assert counted() == 2
    merge(SYSTEM, WORKS_REGISTER, "W-1", {"W-2": Entry.objects.get(key="W-2").version}, city)
    assert counted() == 1
    unmerge(SYSTEM, WORKS_REGISTER, "W-2", city, "核实为两个工程")
    assert counted() == 2


def test_an_unknown_value_stops_the_ladder(city: datetime) -> None:
    work("W-1", city, planned_start=None)
    follow.catch_up(city)
    found = verdict("W-1", "plate")
    assert (found.colour, found.facts["zh"], found.basis) == ("grey", "缺滞后天数", "第八条")


def test_an_unknown_value_does_not_stop_a_condition_that_holds_before_it(city: datetime) -> None:
    work("W-1", city, planned_start=None)
    meeting("M-1", "W-1", city)
    follow.catch_up(city)
    assert verdict("W-1", "plate").colour == "red"


def test_a_red_light_starts_a_handoff_and_drafts_a_letter_once(city: datetime) -> None:
    number = work("W-1", city)
    meeting("M-1", "W-1", city)
    follow.catch_up(city)
    follow.catch_up(city)
    visit = Entry.objects.get(register=small.VISITS_REGISTER)
    assert (visit.data["work"], visit.office) == ("W-1", "甲县")
    started = Event.objects.get(kind="handoffs.started")
    assert body_of(started)["rows"][0]["origin"] == number
    letter = Paper.objects.get(document="letter")
    assert letter.title == "关于W-1 工程的督办函"
    assert letter.recipient == "甲县人民政府"
    assert letter.content["parts"][0]["text"] == "W-1 工程（W-1）概算投资 12,000万元，因经 1 次协调仍未解决，请整改。"


def test_following_twice_writes_nothing(city: datetime) -> None:
    work("W-1", city)
    report("W-1", city)
    follow.catch_up(city)
    before = Event.objects.count()
    assert follow.catch_up(city).rounds == 0
    assert Event.objects.count() == before


def test_a_report_that_comes_meets_its_duty(city: datetime) -> None:
    work("W-1", city)
    move(SYSTEM, WORKS_REGISTER, "W-1", Step("start", 1, {"started_on": "2025-07-08"}), city)
    follow.catch_up(city)
    duty = Duty.objects.get(kind="cadence")
    assert (duty.period, duty.due, duty.closed_on) == ("2025-07", date(2025, 8, 5), None)
    record_figures(SYSTEM, WORKS_REGISTER, [FigureGiven("W-1", "completed", "2025-07", 5)], city)
    follow.catch_up(city)
    duty.refresh_from_db()
    assert (duty.outcome, duty.closed_on) == ("met", date(2025, 7, 8))


@pytest.mark.parametrize("limit", [1, 2])
def test_a_bounded_call_leaves_the_rest_for_the_next(city: datetime, limit: int) -> None:
    work("W-1", city)
    meeting("M-1", "W-1", city)
    progress = follow.catch_up(city, limit=limit)
    while progress.behind:
        progress = follow.catch_up(city, limit=limit)
    assert Entry.objects.filter(register=small.VISITS_REGISTER).count() == 1


LOOP = """
mechanism: visits
title: 走访
title_en: visits
basis: 《办法》第七条
register:
  title: 走访记录
  key: code
  name: code
  office: county
  numbered: 'V-{年}-{号:4}'
  fields:
    code: {title: 走访编号, kind: text}
    work: {title: 工程, kind: entry, of: works, required: 是}
    county: {title: 县区, kind: office, required: 是}
handoffs:
  again: {title: 走访引出走访, when: {recorded: yes}, start: {pack: city, mechanism: visits, with: {work: 工程, county: 县区}}, basis: 无}
  elsewhere: {title: 交给未启用的应用, when: {recorded: yes}, start: {pack: absent, mechanism: things, with: {}}, basis: 无}
"""


def test_a_handoff_that_comes_round_to_itself_is_refused_and_left_with_a_reason(city: datetime) -> None:
    adopt(SYSTEM, {**small.FILES, "visits.yaml": LOOP}, None, city)
    work("W-1", city)
    record_entries(SYSTEM, small.VISITS_REGISTER, [Incoming({"work": "W-1", "county": "甲县"})], city)
    progress = follow.catch_up(city)
    assert not progress.behind
    assert Entry.objects.filter(register=small.VISITS_REGISTER).count() == 2
    waiting = Duty.objects.get(kind="handoff", name="again")
    assert (waiting.office, waiting.closed_on) == ("甲县", None)
    told = Event.objects.filter(kind="duties.changed", entry=waiting.entry.key).order_by("-seq")
    assert any("衔接循环" in event.body for event in told)


def test_a_handoff_to_a_pack_that_is_not_installed_waits(city: datetime) -> None:
    adopt(SYSTEM, {**small.FILES, "visits.yaml": LOOP}, None, city)
    work("W-1", city)
    record_entries(SYSTEM, small.VISITS_REGISTER, [Incoming({"work": "W-1", "county": "甲县"})], city)
    follow.catch_up(city)
    assert Duty.objects.filter(kind="handoff", name="elsewhere").count() == 2


def test_many_red_rows_are_handed_on_in_one_entry_and_the_refused_one_waits_alone(city: datetime) -> None:
    """A work may be visited once only: the one that has its visit already is refused, the other four are started all the same."""
    once = small.VISITS.replace("  numbered:", "  unique: [[work]]\n  numbered:")
    adopt(SYSTEM, {**small.FILES, "visits.yaml": once}, None, city)
    for number in range(1, 6):
        work(f"W-{number}", city)
    record_entries(SYSTEM, small.VISITS_REGISTER, [Incoming({"work": "W-3", "county": "甲县"})], city)
    follow.catch_up(city)
    unsolved = [{"code": f"M-{number}", "work": f"W-{number}", "county": "甲县", "result": "未果"} for number in range(1, 6)]
    record_entries(SYSTEM, small.MEETINGS_REGISTER, [Incoming({**one, "held_on": city.date().isoformat()}) for one in unsolved], city)
    progress = follow.catch_up(city)
    assert (progress.started, progress.waiting) == (4, 1)
    visited = Entry.objects.filter(register=small.VISITS_REGISTER).order_by("key")
    assert [(row.key[-4:], row.data["work"]) for row in visited] == [("0001", "W-3"), ("0002", "W-1"), ("0003", "W-2"), ("0004", "W-4"), ("0005", "W-5")]
    assert Duty.objects.get(kind="handoff", name="red_to_visit").entry.key == "W-3"
    assert Event.objects.filter(kind="handoffs.started").count() < 4


def test_one_row_that_cannot_be_computed_does_not_stop_the_others(city: datetime) -> None:
    """A day that no calendar reaches, slipped into the columns: the engine refuses it, and only that row is named."""
    beyond = small.WORKS.replace("formula: '天数(计划开工日期, 今天)'", "formula: '天数(加天(计划开工日期, 90), 今天)'")
    adopt(SYSTEM, {**small.FILES, "works.yaml": beyond}, None, city)
    for number in (1, 2, 3):
        work(f"W-{number}", city)
    broken = Entry.objects.get(key="W-2")
    tables.current(city.date()).connection.execute("UPDATE r_city__works SET planned_start = DATE '5881580-07-10' WHERE _key = 'W-2'")
    progress = follow.catch_up(city)
    assert sorted(Verdict.objects.filter(light="plate").values_list("entry__key", flat=True)) == ["W-1", "W-3"]
    assert any(str(broken.pk) in line for line in progress.parked)


def test_an_adopted_pack_judges_everything_anew(city: datetime) -> None:
    work("W-1", city)
    report("W-1", city)
    follow.catch_up(city)
    adopt(SYSTEM, {**small.FILES, "works.yaml": small.WORKS.replace("green: 95%, yellow: 80%", "green: 70%, yellow: 50%")}, None, city)
    follow.catch_up(city)
    assert verdict("W-1", "progress").colour == "green"
