"""Figures by period: exact, all or none, frozen after their day, corrected with a reason."""

import pytest

from bihuan.foundation.actions import Conflict, FigureGiven, Forbidden, Rejected, Source, frozen_on, record_figures
from bihuan.foundation.actions.writing import view_of
from bihuan.foundation.grammar import periods
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Entry, Event, Figure, Trace
from tests.foundation.city import MATTERS, NOW, PROJECTS, actor, matter, project

pytestmark = [pytest.mark.usefixtures("small_city"), pytest.mark.postgres]


def done(value: object, period: str = "2025-06", **more: object) -> FigureGiven:
    return FigureGiven("P-001", "done", period, value, **more)  # type: ignore[arg-type]


def record(*given: FigureGiven, who: str = "王县", reason: str = "", at: object = NOW) -> Event | None:
    return record_figures(actor(who), PROJECTS, given, at, Source(upload=7, sheet="六月", reason=reason))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def two_projects(small_city: None) -> None:
    project("P-001")
    project("P-002", "清丰县")


def test_a_figure_is_kept_to_the_fen_with_where_it_came_from() -> None:
    record(done("1,234,567,890.123456", cell="D7"))
    figure = Figure.objects.get()
    assert (figure.period, figure.value) == ("2025-06", 1_234_567_890_123_456)
    assert figure.source == {"upload": 7, "sheet": "六月", "cell": "D7"}
    assert Entry.objects.get(key="P-001").changed_seq == figure.seq


def test_the_largest_sum_that_can_be_kept_and_the_next() -> None:
    record(done("9000000000"))
    with pytest.raises(Rejected, match="太大"):
        record(done("9000000000.000001"))


def test_one_entry_of_the_ledger_says_old_and_new_of_every_change_and_each_row_finds_it() -> None:
    record(done("100"))
    event = record_figures(
        actor("赵市"), PROJECTS, [done("120"), done("5", "2025年7月"), FigureGiven("P-002", "planned", "2025/6", "3")], NOW, Source(reason="核对")
    )
    assert event
    assert [(c["key"], c["field"], c["period"], c["old"], c["new"]) for c in body_of(event)["changes"]] == [
        ("P-001", "done", "2025-06", 100_000_000, 120_000_000),
        ("P-001", "done", "2025-07", None, 5_000_000),
        ("P-002", "planned", "2025-06", None, 3_000_000),
    ]
    assert Trace.objects.filter(seq=event.seq).count() == 2


def test_the_same_sheet_twice_writes_once() -> None:
    assert record(done("100"))
    assert record(done("100")) is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (done("千万", cell="D7"), "D7 完成投资：“千万”"),
        (done("-1"), "不得小于 0"),
        (done("1", "2025-13"), "没有"),
        (done("1", "2025Q2"), "不是月"),
        (FigureGiven("P-404", "done", "2025-06", "1", "D9"), "D9 编码：台账里没有“P-404”"),
        (FigureGiven("P-001", "colour", "2025-06", "1"), "没有“colour”这项数值"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_figure_stops_the_whole_sheet_and_names_its_cell(given: FigureGiven, said: str) -> None:
    with pytest.raises(Rejected) as rejected:
        record(done("1", "2025-01"), given)
    assert said in "；".join(refusal.text() for refusal in rejected.value.refusals)
    assert not Figure.objects.exists()


def test_a_value_given_twice_is_refused() -> None:
    with pytest.raises(Rejected, match="填了两次"):
        record(done("1"), done("2", "2025年6月"))


def test_another_county_may_not_fill_in() -> None:
    with pytest.raises(Forbidden):
        record(done("1"), who="李县")


def test_a_register_without_figures_takes_none() -> None:
    matter()
    with pytest.raises(Rejected, match="没有按期数值"):
        record_figures(actor("赵市"), MATTERS, [FigureGiven("JB-2025-001", "done", "2025-06", "1")], NOW)


def test_a_period_freezes_the_day_after_its_due_day_and_grace() -> None:
    """June is due on 5 July, a Saturday, and one working day of grace ends on Monday the 7th."""
    day = frozen_on(view_of(PROJECTS, NOW), "done", periods.parse("2025-06"))
    assert str(day) == "2025-07-08"
    assert frozen_on(view_of(PROJECTS, NOW), "planned", periods.parse("2025-06")) is None


def test_a_late_first_figure_is_no_correction_but_a_change_of_it_is() -> None:
    record(done("100"))
    with pytest.raises(Rejected, match="P-001 2025-06：该期数值已冻结，更正须写明理由"):
        record(done("120"))
    event = record(done("120"), reason="决算审计调整")
    assert event
    body = body_of(event)
    assert body["reason"] == "决算审计调整"
    assert body["changes"][0] == {"id": 1, "key": "P-001", "field": "done", "period": "2025-06", "old": 100_000_000, "new": 120_000_000, "restated": True}


def test_before_its_day_a_figure_changes_without_a_reason() -> None:
    at = NOW.replace(day=7)
    record(done("100"), at=at)
    record(done("120"), at=at)
    assert Figure.objects.get().value == 120_000_000


def test_a_figure_can_be_emptied() -> None:
    record(done("100", "2025-07"))
    record(done(None, "2025-07"))
    assert Figure.objects.get().value is None


def test_who_saw_an_older_value_is_told() -> None:
    record(done("100", "2025-07"))
    record(done("110", "2025-07", seen=100_000_000))
    with pytest.raises(Conflict) as conflict:
        record(done("120", "2025-07", seen=100_000_000))
    assert (conflict.value.mine, conflict.value.theirs) == ({"done": 120_000_000}, {"done": 110_000_000})
