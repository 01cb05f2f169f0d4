"""Two rows that are one thing: merged into one, taken apart again, told apart for good."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import (
    Charge,
    Edit,
    FigureGiven,
    Forbidden,
    Incoming,
    Rejected,
    assign,
    change_entry,
    merge,
    reconsider,
    record,
    record_entries,
    record_figures,
    tell_apart,
    unmerge,
    withdraw_entry,
)
from bihuan.foundation.earlier import earlier
from bihuan.foundation.ledger import New, head
from bihuan.foundation.merged import survivor_of, survivors
from bihuan.foundation.models import Apart, Duty, Entry, Event, Figure, Trace
from bihuan.foundation.replaying import compare
from bihuan.foundation.verify import verify
from tests.foundation.city import MATTERS, NOW, PROJECTS, actor, matter, project

pytestmark = pytest.mark.usefixtures("small_city")

LATER = NOW + timedelta(hours=2)


def of(key: str, register: str = PROJECTS) -> Entry:
    return Entry.objects.get(register=register, key=key)


def merged(*keys: str, into: str = "P-001", who: str = "孙督") -> Event:
    return merge(actor(who), PROJECTS, into, {key: of(key).version for key in keys}, NOW)


def refusal(deed: Callable[[], object]) -> str:
    before = head()
    with pytest.raises(Rejected) as caught:
        deed()
    assert head() == before
    return str(caught.value)


@pytest.fixture
def pair() -> None:
    """One project twice, and a matter about the second writing of it."""
    project("P-001")
    project("P-002", name="P-001号项目")
    matter(project="P-002")


def test_a_merged_row_stays_readable_and_names_the_row_that_stands_for_it(pair: None) -> None:
    data = of("P-002").data
    event = merged("P-002")
    gone = of("P-002")
    assert (gone.data, gone.withdrawn, gone.merged_into) == (data, True, of("P-001"))
    assert survivor_of(gone) == of("P-001")
    assert set(Trace.objects.filter(seq=event.seq).values_list("entry__key", flat=True)) == {"P-001", "P-002"}


def test_what_referred_to_it_refers_to_the_row_that_stands_for_it(pair: None) -> None:
    merged("P-002")
    assert of("JB-2025-001", MATTERS).data["project"] == "P-001"


def test_taking_it_back_restores_the_row_its_references_and_its_duties(pair: None) -> None:
    review = {"key": "review|1", "kind": "review", "register": PROJECTS, "entry": of("P-002").pk, "mechanism": PROJECTS, "name": "red", "title": "复核"}
    opened = [{**review, "office": "濮阳县", "opened": "2025-07-01", "due": "2025-07-10"}]
    record(New("judged", {"verdicts": [], "duties": {"open": opened, "change": []}}, SYSTEM.username, NOW))
    before = [(row.key, row.data, row.state, row.office, row.withdrawn) for row in Entry.objects.all()]
    owed = list(Duty.objects.values_list("key", "closed_on", "outcome", "due"))
    merged("P-002")
    assert Duty.objects.get(key="review|1").outcome == "cancelled"
    unmerge(actor("孙督"), PROJECTS, "P-002", LATER, "核实为两个项目")
    assert [(row.key, row.data, row.state, row.office, row.withdrawn) for row in Entry.objects.all()] == before
    assert list(Duty.objects.values_list("key", "closed_on", "outcome", "due")) == owed
    assert of("P-002").merged_into is None


def test_where_the_pack_says_nothing_of_duplicates_nothing_is_merged() -> None:
    matter()
    matter()
    said = refusal(lambda: merge(actor("孙督"), MATTERS, "JB-2025-001", {"JB-2025-002": 1}, NOW))
    assert "duplicates" in said


def test_what_somebody_changed_since_stays_when_a_merge_is_taken_back(pair: None) -> None:
    merged("P-002")
    project("P-003")
    change_entry(actor("赵市"), MATTERS, "JB-2025-001", Edit({"project": "P-003"}, 2), NOW)
    unmerge(actor("孙督"), PROJECTS, "P-002", LATER, "核实为两个项目")
    assert of("JB-2025-001", MATTERS).data["project"] == "P-003"


def test_ten_writings_of_one_project_become_one() -> None:
    project("P-001")
    others = [f"P-{number:03d}" for number in range(2, 11)]
    record_entries(actor("赵市"), PROJECTS, [Incoming({"code": code, "name": code, "county": "濮阳县"}) for code in others], NOW)
    merged(*others)
    assert set(survivors(PROJECTS).values()) == {of("P-001").pk}
    assert Entry.objects.filter(register=PROJECTS, withdrawn=False).count() == 1
    unmerge(actor("孙督"), PROJECTS, "P-005", LATER, "误合并")
    assert Entry.objects.filter(register=PROJECTS, withdrawn=False).count() == 2
    assert compare().count == 0


def test_everything_replays_and_verifies(pair: None) -> None:
    merged("P-002")
    unmerge(actor("孙督"), PROJECTS, "P-002", LATER, "误合并")
    tell_apart(actor("孙督"), PROJECTS, ("P-001", "P-002"), LATER)
    reconsider(actor("孙督"), PROJECTS, ("P-002", "P-001"), LATER)
    merged("P-001", into="P-002")
    assert compare().differences == ()
    assert verify().sound


def test_as_it_was_on_a_day_before_the_merge_the_row_still_stands(pair: None) -> None:
    merge(actor("孙督"), PROJECTS, "P-001", {"P-002": 1}, LATER)
    then, now = earlier(of("P-002"), LATER), earlier(of("P-002"), LATER + timedelta(hours=1))
    assert then
    assert now
    assert (then.entry.withdrawn, then.entry.merged_into_id) == (False, None)
    assert (now.entry.withdrawn, now.entry.merged_into_id) == (True, of("P-001").pk)


def test_its_figures_stay_its_own(pair: None) -> None:
    record_figures(actor("赵市"), PROJECTS, [FigureGiven(key, "done", "2025-06", "5") for key in ("P-001", "P-002")], NOW)
    merged("P-002")
    assert Figure.objects.filter(entry=of("P-001")).count() == Figure.objects.filter(entry=of("P-002")).count() == 1


def test_who_answers_for_a_merged_row_answers_for_nothing_more(pair: None) -> None:
    assign(actor("赵市"), PROJECTS, "P-002", Charge("leader", "陈领"), NOW)
    merged("P-002")
    with pytest.raises(Rejected, match="已并入"):
        assign(actor("赵市"), PROJECTS, "P-002", Charge("leader", "吴领"), NOW)


@pytest.mark.parametrize("who", ["公民", "甲企", "陈领", "李县", "审管"])
def test_only_who_the_pack_names_and_who_answers_for_both_rows_may_merge(pair: None, who: str) -> None:
    for deed in (lambda: merged("P-002", who=who), lambda: tell_apart(actor(who), PROJECTS, ("P-001", "P-002"), NOW)):
        with pytest.raises(Forbidden):
            deed()


def test_a_row_is_not_merged_into_itself_nor_in_a_circle(pair: None) -> None:
    assert "不能并入自己" in refusal(lambda: merged("P-001"))
    merged("P-002")
    assert "已并入“P-001”" in refusal(lambda: merged("P-001", into="P-002"))


def test_a_row_that_was_changed_since_it_was_looked_at_is_not_merged(pair: None) -> None:
    change_entry(actor("王县"), PROJECTS, "P-002", Edit({"estimate": "3"}, 1), NOW)
    assert "刚刚被人改过" in refusal(lambda: merge(actor("孙督"), PROJECTS, "P-001", {"P-002": 1}, NOW))


def test_who_was_changing_a_row_that_was_merged_meanwhile_reads_where_it_is(pair: None) -> None:
    merged("P-002")
    assert "“P-002”已并入“P-001”" in refusal(lambda: change_entry(actor("王县"), PROJECTS, "P-002", Edit({"estimate": "3"}, 1), NOW))
    assert "已并入" in refusal(lambda: matter(project="P-002"))


def test_a_withdrawn_row_is_not_merged(pair: None) -> None:
    withdraw_entry(actor("王县"), PROJECTS, "P-002", "录错", NOW)
    assert "没有“P-002”" in refusal(lambda: merge(actor("孙督"), PROJECTS, "P-001", {"P-002": 2}, NOW))


def test_a_chain_is_taken_apart_from_its_end(pair: None) -> None:
    project("P-003")
    merged("P-002")
    merged("P-001", into="P-003")
    assert of("JB-2025-001", MATTERS).data["project"] == "P-003"
    assert survivor_of(of("P-002")) == of("P-003")
    assert "先撤销那一次" in refusal(lambda: unmerge(actor("孙督"), PROJECTS, "P-002", LATER, "误合并"))
    for key in ("P-001", "P-002"):
        unmerge(actor("孙督"), PROJECTS, key, LATER, "误合并")
    assert of("JB-2025-001", MATTERS).data["project"] == "P-002"


def test_a_name_taken_meanwhile_keeps_a_merge_from_being_taken_back(pair: None) -> None:
    merged("P-002")
    project("P-003", name="P-001号项目")
    assert "已经登记过" in refusal(lambda: unmerge(actor("孙督"), PROJECTS, "P-002", LATER, "误合并"))


def test_taking_a_merge_back_needs_a_reason_and_a_merge(pair: None) -> None:
    assert "须写明理由" in refusal(lambda: unmerge(actor("孙督"), PROJECTS, "P-002", LATER, " "))
    assert "没有并入" in refusal(lambda: unmerge(actor("孙督"), PROJECTS, "P-002", LATER, "误合并"))


def test_rows_told_apart_are_remembered_and_not_merged_until_that_is_taken_back(pair: None) -> None:
    tell_apart(actor("孙督"), PROJECTS, ("P-002", "P-001"), NOW, "建设内容不同")
    told = Apart.objects.get()
    assert (told.first, told.second, told.by, told.reason) == (of("P-001"), of("P-002"), "孙督", "建设内容不同")
    assert "已经判为不同" in refusal(lambda: tell_apart(actor("孙督"), PROJECTS, ("P-001", "P-002"), NOW))
    assert "先撤销那个判定" in refusal(lambda: merged("P-002"))
    reconsider(actor("孙督"), PROJECTS, ("P-001", "P-002"), NOW)
    assert "没有判为不同" in refusal(lambda: reconsider(actor("孙督"), PROJECTS, ("P-001", "P-002"), NOW))
    merged("P-002")
    assert of("P-002").withdrawn
