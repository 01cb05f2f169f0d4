"""Projects beyond those that add up to the published totals: the same for the same seed, marked as invented, and never in the totals."""

from itertools import islice

import pytest

from bihuan.academy import further
from bihuan.academy.diary import Diary
from bihuan.academy.invented import SEED, invent
from bihuan.academy.lives import TODAY
from bihuan.academy.months import MONTHS_DONE


def test_a_longer_list_begins_with_the_shorter_one() -> None:
    assert list(further.further(40, SEED)) == list(islice(further.further(400, SEED), 40))


def test_they_are_others_than_the_citys_own_and_say_that_they_are_invented() -> None:
    own, more = invent().projects, list(further.further(2_000, SEED))
    assert not {one.code for one in own} & {one.code for one in more}
    assert not {(one.name, one.county) for one in own} & {(one.name, one.county) for one in more}
    assert len({one.code for one in more}) == len({one.name for one in more}) == 2_000
    assert all(one.row(TODAY)["invented"] is True and one.investor.endswith("（演示）") for one in more)


def test_each_has_a_life_in_order_and_reports_every_month_gone_by() -> None:
    for project in further.further(500, SEED):
        days = [project.days[state] for state in ("planned", "talks", "signed", "landed", "started", "building", "produced") if state in project.days]
        assert days == sorted(days)
        assert days[-1] <= TODAY
        assert [month for month, _amount in further.months_of(project).figures("completed")] == [f"{TODAY.year}-{month:02d}" for month in range(1, MONTHS_DONE + 1)]


@pytest.mark.parametrize(("count", "entries"), [(0, 0), (1, 1), (further.AT_ONCE, 1), (further.AT_ONCE + 1, 2)])
def test_they_are_recorded_in_parts(count: int, entries: int) -> None:
    diary = Diary()
    further.write(diary, count, SEED)
    assert [deed.step for deed in diary.deeds()] == ["further"] * entries
