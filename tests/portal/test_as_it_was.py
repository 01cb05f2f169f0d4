"""A row on a day gone by: what the ledger had said of it until then; as it was today is as it is."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan import clock
from bihuan.foundation.actions import Edit, FigureGiven, change_entry, record_figures
from bihuan.foundation.earlier import earlier, end_of
from bihuan.foundation.models import Assignment, Duty, Entry, Figure
from tests.portal import town
from tests.portal.conftest import SignIn

TODAY = town.NOW.date()
"""The city's day in these tests."""

COMPARED = ("key", "title", "office", "enterprise", "state", "state_since", "data", "withdrawn", "version")


def test_as_it_was_today_is_as_it_is(small_town: None) -> None:
    for entry in Entry.objects.all():
        then = earlier(entry, end_of(TODAY))
        assert then is not None
        assert [getattr(then.entry, name) for name in COMPARED] == [getattr(entry, name) for name in COMPARED]
        assert then.figures == {(one.field, one.period): one.value for one in Figure.objects.filter(entry=entry)}


def test_before_it_was_recorded_there_was_no_row(small_town: None, sign_in: SignIn) -> None:
    row = town.work()
    assert earlier(row, end_of(date(2020, 1, 1))) is None
    assert sign_in("ling").get(f"/rows/{row.pk}/?on=2020-01-01").status_code == 404


def test_today_days_to_come_and_nonsense_are_the_page_of_today(sign_in: SignIn) -> None:
    client, row = sign_in("ling"), town.work()
    for asked in (TODAY.isoformat(), "2030-01-01", "yesterday", ""):
        assert "tab" in client.get(f"/rows/{row.pk}/?on={asked}").context


def test_what_changed_since_is_told_beside_what_was(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    row = town.work()
    later = town.NOW + timedelta(days=3)
    change_entry(town.actor("wei"), town.WORKS, row.key, Edit({"industry": "交通"}, row.version), later)
    record_figures(town.actor("wei"), town.WORKS, [FigureGiven(row.key, "completed", "2025-07", "12")], later)
    monkeypatch.setattr(clock, "now", lambda: later)
    page = sign_in("ling").get(f"/rows/{row.pk}/?on={TODAY}")
    (industry,) = [one for one in page.context["facts"] if one["title"] == "行业"]
    assert (industry["text"], industry["now"], industry["changed"]) == ("制造", "交通", True)
    july = next(one for one in page.context["figures"]["rows"] if one["period"] == "2025-07")
    assert [(cell["text"], cell["now"]) for cell in july["cells"]][1] == (None, "12")
    assert page.context["changed"] == 2
    html = page.content.decode()
    assert "只读" in html
    assert "hx-post" not in html
    assert f"/rows/{row.pk}/edit/" not in html


def test_who_may_not_see_a_row_today_may_not_see_it_as_it_was(sign_in: SignIn) -> None:
    assert sign_in("nan").get(f"/rows/{town.work().pk}/?on=2025-07-07").status_code == 404


def test_a_long_past_asks_no_more_questions(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    row, client = town.work(), sign_in("ling")
    monkeypatch.setattr(clock, "now", lambda: town.NOW + timedelta(days=40))

    def asked() -> int:
        client.get(f"/rows/{row.pk}/?on=2025-07-30")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/rows/{row.pk}/?on=2025-07-30").status_code == 200
        return len(captured.captured_queries)

    few = asked()
    for day in range(1, 12):
        record_figures(town.actor("wei"), town.WORKS, [FigureGiven(row.key, "completed", "2025-07", str(day))], town.NOW + timedelta(days=day))
    assert asked() == few


# --- a leader's page


def test_a_leader_sees_the_own_list_and_a_supervisor_all(sign_in: SignIn) -> None:
    assert [one["href"] for one in sign_in("ling").get("/leaders/").context["leaders"]] == ["/leaders/ling/"]
    assert sign_in("du").get("/leaders/ling/").status_code == 200
    assert sign_in("wei").get("/leaders/ling/").status_code == 404
    assert sign_in("wei").get("/leaders/").context["leaders"] == []


def test_the_list_holds_what_a_leader_carries(sign_in: SignIn) -> None:
    page = sign_in("ling").get("/leaders/ling/")
    held = Assignment.objects.filter(member="ling", to_day__isnull=True).count()
    assert page.context["counts"]["rows"] == held
    assert page.context["rows"][0]["colour"] == "red"
    owed = Duty.objects.filter(entry__assignments__member="ling", closed_on__isnull=True).distinct().count()
    assert page.context["counts"]["open"] == owed
    assert "本人签收" in page.content.decode()
