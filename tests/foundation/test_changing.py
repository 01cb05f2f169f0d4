"""Changing many rows at once: one entry of the ledger, or nothing."""

import pytest

from bihuan.foundation.actions import Conflict, Edit, Forbidden, Incoming, Rejected, change_entries, record_entries
from bihuan.foundation.ledger import body_of, head
from bihuan.foundation.models import Entry, Event, Trace
from bihuan.foundation.replaying import compare
from tests.foundation.city import NOW, PROJECTS, actor, project

pytestmark = pytest.mark.usefixtures("small_city")


def edits(**values: object) -> dict[str, Edit]:
    return {key: Edit(values, 1, cells={"estimate": f"D{place}"}) for place, key in enumerate(("P-001", "P-002"), start=2)}


def two_projects() -> None:
    rows = [Incoming({"code": code, "name": code, "county": "濮阳县", "estimate": "1000"}) for code in ("P-001", "P-002")]
    record_entries(actor("赵市"), PROJECTS, rows, NOW)


def test_many_rows_change_in_one_entry_that_names_their_cells() -> None:
    two_projects()
    event = change_entries(actor("王县"), PROJECTS, edits(estimate="2000"), NOW)
    assert event
    assert [(edit["key"], edit["data"]["estimate"], edit["cells"]) for edit in body_of(event)["edits"]] == [
        ("P-001", [1_000_000_000, 2_000_000_000], {"estimate": "D2"}),
        ("P-002", [1_000_000_000, 2_000_000_000], {"estimate": "D3"}),
    ]
    assert list(Entry.objects.values_list("version", "changed_seq")) == [(2, event.seq), (2, event.seq)]
    assert Trace.objects.filter(seq=event.seq).count() == 2
    assert compare().count == 0


def test_what_stands_already_writes_nothing() -> None:
    two_projects()
    before = head()
    assert change_entries(actor("王县"), PROJECTS, edits(estimate="1000"), NOW) is None
    assert head() == before


def test_one_bad_row_refuses_them_all_and_is_named_by_its_cell() -> None:
    two_projects()
    bad = {**edits(estimate="2000"), "P-002": Edit({"estimate": "-1"}, 1, cells={"estimate": "D3"})}
    with pytest.raises(Rejected) as caught:
        change_entries(actor("王县"), PROJECTS, bad, NOW)
    assert [refusal.cell for refusal in caught.value.refusals] == ["D3"]
    assert set(Entry.objects.values_list("version", flat=True)) == {1}


def test_two_rows_may_not_end_with_the_same_name_in_one_county() -> None:
    two_projects()
    with pytest.raises(Rejected, match="已经登记过"):
        change_entries(actor("王县"), PROJECTS, edits(name="同名"), NOW)


def test_a_row_changed_meanwhile_is_a_conflict_and_a_strange_row_forbidden() -> None:
    two_projects()
    change_entries(actor("王县"), PROJECTS, edits(estimate="2000"), NOW)
    with pytest.raises(Conflict):
        change_entries(actor("王县"), PROJECTS, edits(estimate="3000"), NOW)
    project("P-003", "清丰县")
    with pytest.raises(Forbidden):
        change_entries(actor("王县"), PROJECTS, {"P-003": Edit({"estimate": "1"}, 1)}, NOW)
    with pytest.raises(Rejected, match="台账里没有"):
        change_entries(actor("王县"), PROJECTS, {"P-999": Edit({"estimate": "1"}, 1)}, NOW)
    assert Event.objects.filter(kind="entries.changed").count() == 1
