"""Many rows written at once: as Django would write them, and refused where the table refuses."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from bihuan.foundation.models import Entry, Figure
from bihuan.foundation.projections.putting import put
from tests.audit import tampering

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def no_ledger() -> Iterator[None]:
    """These rows are of no ledger."""
    with tampering():
        yield


def entry(number: int, **values: object) -> Entry:
    given = {"title": f"“{number}”号%s工程", "state_since": date(2025, 7, number), "data": {"code": f"W-{number}", "none": None, "shares": [1, 2]}}
    return Entry(id=number, register="city.works", key=f"W-{number}", recorded_seq=1, changed_seq=1, **{**given, **values})


def test_rows_come_back_as_they_were_put() -> None:
    put([entry(1), entry(2, state_since=None, withdrawn=True), entry(3, merged_into_id=1)], "default")
    first, second, third = Entry.objects.all()
    assert (first.title, first.state_since, first.data) == ("“1”号%s工程", date(2025, 7, 1), {"code": "W-1", "none": None, "shares": [1, 2]})
    assert (first.version, first.withdrawn, first.merged_into_id) == (1, False, None)
    assert (second.state_since, second.withdrawn, third.merged_into_id) == (None, True, 1)
    assert Entry.objects.filter(data__code="W-2").get() == second, "the database reads what was put as JSON"


def test_rows_that_stand_get_the_columns_that_are_named_and_keep_the_others() -> None:
    put([entry(1), entry(2)], "default")
    put([entry(1, title="改名", state="开工"), entry(4)], "default", "title")
    assert [(row.pk, row.title, row.state) for row in Entry.objects.all()] == [(1, "改名", ""), (2, "“2”号%s工程", ""), (4, "“4”号%s工程", "")]


def test_nothing_is_put_where_one_row_breaks_a_rule_of_its_table() -> None:
    put([entry(1)], "default")
    twice = [Figure(id=number, entry_id=1, field="completed", period="2025-06", value=number, seq=1) for number in (1, 2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        put(twice, "default")
    assert not Figure.objects.exists()
    put([], "default")
