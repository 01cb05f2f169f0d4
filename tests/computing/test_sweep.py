"""Time: each day exactly once and in order, a clock that goes back refused, a long jump held, one bad row never in the way."""

from datetime import date, datetime, timedelta

from bihuan.computing import follow
from bihuan.computing.sweep import high_water, sweep
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import Step, move
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Duty, Event, Paper, Verdict
from tests.computing.small import WORKS_REGISTER, moment, report, work


def plates() -> list[tuple[str, date, date | None]]:
    return list(Verdict.objects.filter(light="plate").order_by("id").values_list("colour", "from_day", "to_day"))


def test_a_light_turns_by_time_alone_on_its_own_day(city: datetime) -> None:
    work("W-1", city, planned_start="2025-08-01")
    sweep(city)
    done = sweep(moment(date(2025, 8, 14)))
    assert done.days[0] == date(2025, 7, 9)
    assert len(done.days) == 37
    assert plates() == [("green", date(2025, 7, 8), date(2025, 8, 12)), ("yellow", date(2025, 8, 12), None)]


def test_sweeping_a_day_twice_does_nothing(city: datetime) -> None:
    work("W-1", city)
    sweep(city)
    before = Event.objects.count()
    assert sweep(city + timedelta(hours=5)).days == []
    assert Event.objects.count() == before


def test_a_clock_that_goes_back_is_refused(city: datetime) -> None:
    sweep(city)
    done = sweep(city - timedelta(days=1))
    assert done.refused is not None
    assert "时钟倒退" in done.refused[0]
    assert high_water() == city.date()


def test_a_long_jump_is_held_until_a_person_confirms_it(city: datetime) -> None:
    work("W-1", city)
    sweep(city)
    later = city + timedelta(days=60)
    assert sweep(later).refused is not None
    assert high_water() == city.date()
    assert len(sweep(later, confirmed=True).days) == 60


def test_a_clock_warns_and_climbs_its_ladder_once(city: datetime) -> None:
    work("W-1", city)
    duty = Duty.objects.get(kind="clock")
    assert duty.due == date(2025, 8, 5)
    for days in range(0, 45, 3):
        sweep(city + timedelta(days=days))
    bodies = [body_of(event) for event in Event.objects.filter(kind="duties.changed", actor=SYSTEM.username)]
    assert sum(len(body.get("warned", ())) for body in bodies) == 1
    rungs = [(body["day"], rung["to"]) for body in bodies for rung in body.get("escalated", ())]
    assert rungs == [("2025-08-06", "supervisor"), ("2025-08-12", "leader")]
    assert [body["day"] for body in bodies if body.get("missed")] == ["2025-08-06"]


def test_reports_are_opened_missed_and_met_late(city: datetime) -> None:
    work("W-1", city)
    move(SYSTEM, WORKS_REGISTER, "W-1", Step("start", 1, {"started_on": "2025-07-08"}), city)
    sweep(city)
    sweep(moment(date(2025, 8, 6)))
    july, august = Duty.objects.filter(kind="cadence").order_by("period")
    assert (july.period, july.outcome, july.closed_on) == ("2025-07", "missed", None)
    assert (august.period, august.outcome, august.due) == ("2025-08", "", date(2025, 9, 5))
    at = moment(date(2025, 8, 7))
    report("W-1", at, [1] * 7)
    follow.catch_up(at)
    july.refresh_from_db()
    assert (july.outcome, july.closed_on) == ("late", date(2025, 8, 7))


def test_a_bulletin_is_drafted_on_its_day_and_once(city: datetime) -> None:
    work("W-1", city)
    report("W-1", city)
    sweep(city)
    sweep(moment(date(2025, 7, 10)))
    sweep(moment(date(2025, 7, 12)))
    paper = Paper.objects.get(document="bulletin")
    assert (paper.title, paper.period) == ("关于2025年6月县区排名的通报", "2025-06")
    assert paper.content["parts"][0]["text"] == "2025年6月全市投资进度 72.0%。"
    assert paper.content["parts"][0]["sources"][0]["value"] == "72.0%"
    assert paper.content["parts"][1]["lines"] == [["1", "甲县", "83.20"]]


def test_days_that_were_slept_through_are_swept_in_order_with_their_own_dates(city: datetime) -> None:
    work("W-1", city, planned_start="2025-07-20")
    sweep(city)
    sweep(moment(date(2025, 8, 1)))
    assert plates() == [("green", date(2025, 7, 8), date(2025, 7, 31)), ("yellow", date(2025, 7, 31), None)]


def test_what_was_recorded_and_not_followed_is_judged_day_by_day(city: datetime) -> None:
    work("W-1", city, planned_start="2025-08-01")
    sweep(city)
    report("W-1", moment(date(2025, 7, 20)))
    sweep(moment(date(2025, 8, 14)))
    assert plates() == [("green", date(2025, 7, 8), date(2025, 8, 12)), ("yellow", date(2025, 8, 12), None)]


def test_the_light_of_an_office_is_judged_each_day_and_kept(city: datetime) -> None:
    work("W-1", city)
    report("W-1", city)
    sweep(city)
    sweep(moment(date(2025, 7, 19)))
    later = moment(date(2025, 7, 20))
    report("W-1", later, [960] * 6)
    sweep(later)
    history = Verdict.objects.filter(light="county").order_by("id").values_list("office", "colour", "from_day", "to_day", "basis")
    assert list(history) == [
        ("甲县", "red", date(2025, 7, 8), date(2025, 7, 20), "第十条"),
        ("甲县", "green", date(2025, 7, 20), None, "第十条"),
    ]
