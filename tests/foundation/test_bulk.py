"""Doing one thing to many rows: what the preview says is what happens, by the same rules as one row alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.foundation.actions import (
    Charge,
    Edit,
    Forbidden,
    Incoming,
    Rejected,
    Step,
    assign,
    carry_out,
    change_entry,
    move,
    preview,
    receive_upload,
    record_entries,
)
from bihuan.foundation.actions.bulk import MOST, Deed, MovedOn, Preview, PutBack, SetField
from bihuan.foundation.ledger import body_of, head
from bihuan.foundation.models import Assignment, Duty, Entry, Event
from bihuan.foundation.replaying import compare
from tests.foundation.city import MATTERS, NOW, PROJECTS, actor

pytestmark = pytest.mark.usefixtures("small_city")

LATER = NOW + timedelta(hours=1)


def projects(count: int = 4, county: str = "濮阳县", first: int = 1) -> list[int]:
    rows = [Incoming({"code": f"P-{number:03}", "name": f"项目{number}", "county": county, "estimate": "1000"}) for number in range(first, first + count)]
    return [entry.pk for entry in record_entries(actor("赵市"), PROJECTS, rows, NOW)]


def signing(day: str = "2025-07-08") -> Step:
    evidence = receive_upload(actor("王县"), PROJECTS, "", "合同.pdf", b"contract", NOW).digest
    return Step("sign", 0, {"signed_on": day}, {"投资合同": evidence})


def tried(who: str, deed: Deed, ids: list[int], register: str = PROJECTS) -> Preview:
    return preview(actor(who), register, deed, ids, LATER)


def done(who: str, deed: Deed, ids: list[int], register: str = PROJECTS) -> Event | None:
    return carry_out(actor(who), register, deed, ids, tried(who, deed, ids, register).fingerprint, LATER)


def refused(found: Preview) -> dict[str, str]:
    return {one.entry.key: " ".join(refusal.text() for refusal in one.refusals) for one in found.outcomes if one.refusals}


def test_a_preview_writes_nothing_and_says_every_change() -> None:
    ids, before = projects(), head()
    found = tried("王县", SetField("estimate", "2000"), ids)
    assert head() == before
    assert [one.changes for one in found.passing()] == [{"estimate": (1_000_000_000, 2_000_000_000)}] * 4


def test_one_entry_of_the_ledger_changes_them_all_and_replays() -> None:
    ids = projects()
    event = done("王县", SetField("estimate", "2000", "统一口径"), ids)
    assert event is not None
    assert (event.kind, body_of(event)["reason"], len(body_of(event)["edits"])) == ("entries.changed", "统一口径", 4)
    assert {data["estimate"] for data in Entry.objects.values_list("data", flat=True)} == {2_000_000_000}
    assert compare().count == 0


def test_who_may_not_change_a_row_alone_may_not_change_it_with_others() -> None:
    north, south = projects(2), projects(2, "清丰县", 5)
    found = tried("王县", SetField("estimate", "2000"), [*north, *south])
    assert set(refused(found)) == {"P-005", "P-006"}
    assert all("不在您的职责范围内" in why for why in refused(found).values())
    done("王县", SetField("estimate", "2000"), [*north, *south])
    assert set(Entry.objects.filter(version=2).values_list("pk", flat=True)) == set(north)


def test_a_row_may_not_be_moved_out_of_ones_charge_either() -> None:
    assert set(refused(tried("王县", SetField("county", "清丰县"), projects(2)))) == {"P-001", "P-002"}


def test_a_role_that_may_not_change_rows_is_forbidden() -> None:
    ids = projects(1)
    with pytest.raises(Forbidden):
        tried("孙督", SetField("estimate", "2000"), ids)


@pytest.mark.parametrize("field", ["code", "contact", "nonsense"])
def test_keys_and_personal_data_are_not_changed_in_many_rows(field: str) -> None:
    ids = projects(1)
    with pytest.raises(Rejected, match="不能成批修改"):
        tried("王县", SetField(field, "x"), ids)


def test_a_value_nobody_could_type_alone_is_refused_for_all() -> None:
    ids = projects(2)
    with pytest.raises(Rejected, match="不得小于"):
        tried("王县", SetField("estimate", "-1"), ids)


def test_emptying_what_is_required_and_repeating_what_is_unique_is_refused_row_by_row() -> None:
    ids = projects(3)
    assert set(refused(tried("王县", SetField("name", ""), ids))) == {"P-001", "P-002", "P-003"}
    assert set(refused(tried("王县", SetField("name", "同名"), ids))) == {"P-002", "P-003"}


def test_what_stands_already_changes_nothing() -> None:
    ids, before = projects(2), head()
    found = tried("王县", SetField("estimate", "1000"), ids)
    assert (found.passing(), refused(found)) == ([], {})
    assert done("王县", SetField("estimate", "1000"), ids) is None
    assert head() == before


def test_moving_many_needs_for_each_what_it_needs_alone() -> None:
    ids = projects(3)
    move(actor("王县"), PROJECTS, "P-003", Step("sign", 1, *_signed(signing())), NOW)
    without = Step("sign", 0, {"signed_on": "2025-07-08"})
    assert "投资合同" in refused(tried("王县", without, ids))["P-001"]
    assert "晚于今天" in refused(tried("王县", signing("2099-01-01"), ids))["P-001"]
    found = tried("王县", signing(), ids)
    assert set(refused(found)) == {"P-003"}
    assert [one.changes["_state"] for one in found.passing()] == [("planned", "signed")] * 2


def _signed(step: Step) -> tuple[Any, Any]:
    return step.values, step.evidence


def test_many_rows_move_in_one_entry_that_replays_and_is_remembered_as_theirs() -> None:
    ids = projects(3)
    event = done("王县", signing(), ids)
    assert event is not None
    assert event.kind == "entries.moved"
    assert set(Entry.objects.values_list("state", "version")) == {("signed", 2)}
    assert compare().count == 0
    done("王县", Step("build", 0), ids)
    finish = Step("finish", 0, reason="达效核验通过")
    assert "两步须由不同的人办理" in refused(tried("王县", finish, ids))["P-001"]
    assert refused(tried("赵市", finish, ids)) == {}


def test_clocks_start_and_stop_for_many_as_for_one() -> None:
    rows = [Incoming({"county": "濮阳县", "weight": weight}) for weight in ("一般", "重大", "一般")]
    ids = [entry.pk for entry in record_entries(actor("赵市"), MATTERS, rows, NOW)]
    assert Duty.objects.filter(closed_on__isnull=True).count() == 3
    move(actor("王县"), MATTERS, Entry.objects.get(pk=ids[0]).key, Step("report", 1), LATER)
    done("王县", Step("report", 0), ids[1:], MATTERS)
    assert set(Duty.objects.values_list("closed_on", "outcome")) == {(NOW.date(), "met")}
    assert compare().count == 0


def test_assigning_many_asks_for_each_what_it_asks_alone() -> None:
    ids = projects(3)
    assign(actor("王县"), PROJECTS, "P-001", Charge("leader", "陈领"), NOW)
    found = tried("王县", Charge("leader", "陈领"), ids)
    assert set(refused(found)) == {"P-001"}
    event = done("王县", Charge("leader", "陈领"), ids)
    assert event is not None
    assert [edit["old"] for edit in body_of(event)["edits"]] == ["", ""]
    assert Assignment.objects.filter(member="陈领", to_day__isnull=True).count() == 3
    assert compare().count == 0
    assert "不能担任" in refused(tried("王县", Charge("leader", "王县"), ids))["P-002"]


def test_a_row_changed_after_the_preview_stops_everything_and_shows_how_it_stands_now() -> None:
    ids = projects(3)
    agreed = tried("王县", SetField("estimate", "2000"), ids).fingerprint
    change_entry(actor("赵市"), PROJECTS, "P-002", Edit({"name": "改名"}, 1), NOW)
    before = head()
    with pytest.raises(MovedOn) as caught:
        carry_out(actor("王县"), PROJECTS, SetField("estimate", "2000"), ids, agreed, LATER)
    assert head() == before
    assert {one.entry.key: one.entry.version for one in caught.value.preview.outcomes}["P-002"] == 2


def test_a_change_of_many_is_taken_back_exactly_but_for_rows_changed_since() -> None:
    ids = projects(3)
    stood = dict(Entry.objects.values_list("pk", "data"))
    event = done("王县", SetField("estimate", "2000"), ids)
    assert event is not None
    change_entry(actor("赵市"), PROJECTS, "P-002", Edit({"estimate": "5000"}, 2), LATER)
    assert "此后又改过" in refused(tried("王县", PutBack(event.seq), []))["P-002"]
    back = done("王县", PutBack(event.seq), [])
    assert back is not None
    assert body_of(back)["undoes"] == event.seq
    now = dict(Entry.objects.values_list("pk", "data"))
    assert [now[number] == stood[number] for number in ids] == [True, False, True]
    assert compare().count == 0


def test_more_rows_than_one_entry_may_speak_of_are_refused() -> None:
    with pytest.raises(Rejected, match="一次最多"):
        tried("王县", SetField("estimate", "1"), list(range(MOST + 1)))


@pytest.mark.parametrize("deed", [SetField("estimate", "2000"), Step("sign", 0, {"signed_on": "2025-07-08"}), Charge("leader", "陈领")])
def test_the_number_of_queries_does_not_grow_with_the_rows(deed: Deed) -> None:
    few, many = projects(5), projects(60, first=10)
    asked = []
    for ids in (few, many):
        tried("王县", deed, ids)  # what is looked up only once has been
        with CaptureQueriesContext(connection) as captured:
            tried("王县", deed, ids)
        asked.append(len(captured))
    assert asked[0] == asked[1] <= 12


DEEDS = st.one_of(
    st.builds(SetField, st.just("estimate"), st.sampled_from(["1000", "2000", ""])),
    st.builds(SetField, st.just("county"), st.sampled_from(["濮阳县", "清丰县", "无此县"])),
    st.builds(SetField, st.just("name"), st.sampled_from(["同名", "项目1", ""])),
    st.builds(Step, st.sampled_from(["sign", "build", "finish"]), st.just(0), st.sampled_from([{}, {"signed_on": "2025-07-01"}])),
    st.builds(Charge, st.just("leader"), st.sampled_from(["陈领", "王县", ""])),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(who=st.sampled_from(["王县", "赵市", "孙督"]), deeds=st.lists(DEEDS, min_size=1, max_size=4), chosen=st.sets(st.integers(0, 4), min_size=1))
def test_what_a_preview_says_is_what_happens(who: str, deeds: list[Deed], chosen: set[int]) -> None:
    """Whatever is done by whomever to whichever rows: those that pass end as previewed, all others stay as they were, and the ledger replays."""
    used = Entry.objects.count()
    ids = [*projects(3, first=used + 1), *projects(2, "清丰县", used + 4)]
    rows = [ids[place] for place in sorted(chosen)]
    for deed in deeds:
        before = {entry.pk: entry for entry in Entry.objects.all()}
        try:
            found = tried(who, deed, rows)
        except (Forbidden, Rejected):
            continue
        carry_out(actor(who), PROJECTS, deed, rows, found.fingerprint, LATER)
        after = {entry.pk: entry for entry in Entry.objects.all()}
        passing = {one.entry.pk: one for one in found.passing()}
        for number, entry in after.items():
            if number not in passing:
                assert (entry.data, entry.state, entry.version) == (before[number].data, before[number].state, before[number].version)
            else:
                _as_said(passing[number].changes, entry)
    assert compare().count == 0


def _as_said(changes: Any, entry: Entry) -> None:
    holder = Assignment.objects.filter(entry=entry, to_day__isnull=True).values_list("member", flat=True).first() or ""
    for name, (_old, new) in changes.items():
        assert (entry.state if name == "_state" else holder if name == "_holder" else entry.data.get(name)) == new
