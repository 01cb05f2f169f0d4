"""Recording, changing and withdrawing rows."""

import pytest

from bihuan.foundation.actions import Conflict, Edit, Forbidden, Incoming, Rejected, change_entry, record_entries, withdraw_entry
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Duty, Entry, Event
from tests.foundation.city import MATTERS, NOW, PROJECTS, actor, matter, project

pytestmark = [pytest.mark.usefixtures("small_city"), pytest.mark.postgres]


def row(code: str = "P-001", county: str = "濮阳县", **more: object) -> Incoming:
    return Incoming({"code": code, "name": f"{code} 项目", "county": county, **more}, {"code": f"A{code[-1]}"})


def edit(version: int = 1, **values: object) -> Edit:
    return Edit(values, version, "核实")


def said(rejected: pytest.ExceptionInfo[Rejected]) -> str:
    return "；".join(refusal.text() for refusal in rejected.value.refusals)


def test_a_row_has_its_owner_its_first_state_and_exact_money() -> None:
    entry = project(estimate="1,234,567,890.123456")  # 12,345,678,901,234.56 yuan
    assert (entry.office, entry.state, str(entry.state_since)) == ("濮阳县", "planned", "2025-07-08")
    assert entry.data["estimate"] == 1_234_567_890_123_456
    assert Event.objects.latest("seq").entry == "P-001"


def test_several_rows_are_recorded_together_or_not_at_all() -> None:
    with pytest.raises(Rejected) as rejected:
        record_entries(actor("王县"), PROJECTS, [row("P-001"), row("P-02"), row("P-003", estimate="-1")], NOW)
    assert "不合编码格式" in said(rejected)
    assert "不得小于 0" in said(rejected)
    assert not Entry.objects.exists()


def test_what_is_there_already_is_refused_with_its_cell() -> None:
    project("P-001")
    with pytest.raises(Rejected) as rejected:
        record_entries(actor("王县"), PROJECTS, [row("P-001"), row("P-002", name="同名"), row("P-003", name="同名")], NOW)
    assert said(rejected).count("已经登记过") == 3
    assert "A1 编码：编码“P-001”已经登记过" in said(rejected)
    assert "名称、县区“同名、濮阳县”已经登记过" in said(rejected)


def test_the_same_name_in_another_county_is_another_project() -> None:
    project("P-001", name="同名")
    assert project("P-002", "清丰县", name="同名").key == "P-002"


def test_many_rows_are_compared_with_all_that_stand() -> None:
    project("P-001", name="同名")
    rows = [row(f"P-{number:03d}") for number in range(100, 160)]
    with pytest.raises(Rejected, match="同名"):
        record_entries(actor("王县"), PROJECTS, [*rows, row("P-999", name="同名")], NOW)
    assert len(record_entries(actor("王县"), PROJECTS, rows, NOW)) == 60


def test_a_reference_to_nothing_is_refused() -> None:
    with pytest.raises(Rejected, match="没有名为“台前县”的单位"):
        record_entries(actor("赵市"), PROJECTS, [row(county="台前县")], NOW)
    with pytest.raises(Rejected, match="没有名为“P-404”的记录"):
        matter(project="P-404")


def test_a_register_numbers_its_own_rows_year_by_year() -> None:
    assert [matter().key, matter().key] == ["JB-2025-001", "JB-2025-002"]
    later = record_entries(actor("赵市"), MATTERS, [Incoming({"county": "濮阳县"})], NOW.replace(year=2026))
    assert later[0].key == "JB-2026-001"


def test_numbers_go_on_behind_the_highest_whatever_keys_somebody_typed() -> None:
    matter(code="JB-2025-ABC")
    assert matter().key == "JB-2025-001"
    matter(code="JB-2025-1000")
    with pytest.raises(Rejected, match="固定为 3 行"):
        matter()
    withdraw_entry(actor("赵市"), MATTERS, "JB-2025-001", "试号", NOW)
    assert matter().key == "JB-2025-1001"


def test_a_list_of_three_takes_no_fourth() -> None:
    matter(), matter(), matter()
    with pytest.raises(Rejected, match="固定为 3 行"):
        matter()


def test_a_change_keeps_old_and_new_in_the_ledger_and_moves_the_version() -> None:
    project()
    entry = change_entry(actor("王县"), PROJECTS, "P-001", edit(estimate="2000", name="改名"), NOW)
    assert (entry.version, entry.title, entry.data["estimate"]) == (2, "改名", 2_000_000_000)
    body = body_of(Event.objects.latest("seq"))
    assert body["data"] == {"estimate": [1_000_000_000, 2_000_000_000], "name": ["P-001 项目", "改名"]}
    assert body["reason"] == "核实"


def test_a_second_editor_is_told_and_shown_both_versions() -> None:
    project()
    change_entry(actor("王县"), PROJECTS, "P-001", edit(estimate="2000"), NOW)
    with pytest.raises(Conflict) as conflict:
        change_entry(actor("周办"), PROJECTS, "P-001", edit(estimate="3000"), NOW)
    assert (conflict.value.mine, conflict.value.theirs) == ({"estimate": 3_000_000_000}, {"estimate": 2_000_000_000})


def test_a_change_to_what_stands_writes_nothing() -> None:
    project()
    before = Event.objects.count()
    assert change_entry(actor("王县"), PROJECTS, "P-001", edit(estimate="1000"), NOW).version == 1
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("values", "words"),
    [({"code": "P-009"}, "编号不能修改"), ({"name": ""}, "不能清空"), ({"name": "P-002 项目"}, "已经登记过"), ({"colour": "红"}, "没有“colour”")],
)
def test_a_change_that_breaks_the_register_is_refused(values: dict[str, object], words: str) -> None:
    project("P-001")
    project("P-002")
    with pytest.raises(Rejected, match=words):
        change_entry(actor("王县"), PROJECTS, "P-001", Edit(values, 1), NOW)


def test_a_row_cannot_be_given_away_out_of_ones_own_charge() -> None:
    project()
    with pytest.raises(Forbidden, match="清丰县"):
        change_entry(actor("王县"), PROJECTS, "P-001", edit(county="清丰县"), NOW)
    assert change_entry(actor("赵市"), PROJECTS, "P-001", edit(county="清丰县"), NOW).office == "清丰县"


def test_open_duties_move_with_the_row_to_its_new_office() -> None:
    matter("濮阳县")
    change_entry(actor("赵市"), MATTERS, "JB-2025-001", edit(county="清丰县"), NOW)
    assert Duty.objects.get().office == "清丰县"


def test_a_withdrawn_row_stays_with_its_history_and_its_duties_are_cancelled() -> None:
    matter()
    entry = withdraw_entry(actor("赵市"), MATTERS, "JB-2025-001", "重复交办", NOW)
    assert entry.withdrawn
    assert Duty.objects.get().outcome == "cancelled"
    with pytest.raises(Rejected, match="没有“JB-2025-001”"):
        withdraw_entry(actor("赵市"), MATTERS, "JB-2025-001", "再来", NOW)
    with pytest.raises(Rejected, match="已经登记过"):
        matter(code="JB-2025-001")


def test_withdrawing_needs_a_reason() -> None:
    project()
    with pytest.raises(Rejected, match="须写明理由"):
        withdraw_entry(actor("王县"), PROJECTS, "P-001", " ", NOW)


@pytest.mark.parametrize(("who", "county"), [("李县", "濮阳县"), ("公民", "濮阳县"), ("孙督", "濮阳县"), ("系管", "濮阳县"), ("乙企", "濮阳县")])
def test_who_may_not_record_a_project_there(who: str, county: str) -> None:
    with pytest.raises(Forbidden):
        record_entries(actor(who), PROJECTS, [row(county=county, investor="甲公司")], NOW)
    assert not Entry.objects.exists()


def test_an_enterprise_records_its_own() -> None:
    assert record_entries(actor("甲企"), PROJECTS, [row(investor="甲公司")], NOW)[0].enterprise == "甲公司"


def test_a_register_that_is_not_there_is_named() -> None:
    with pytest.raises(Rejected, match="没有台账 works"):
        record_entries(actor("王县"), "works.nothing", [row()], NOW)
