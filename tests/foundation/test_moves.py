"""States and clocks together: a move writes its duties in the same entry of the ledger."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bihuan.foundation.actions import (
    Charge,
    Conflict,
    Forbidden,
    Rejected,
    Step,
    assign,
    close_duty,
    extend,
    move,
    pause,
    possible_moves,
    receive_upload,
    recount,
    resume,
)
from bihuan.foundation.actions.duties import ask, decline
from bihuan.foundation.actions.writing import view_of
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Assignment, Duty, Entry, Event
from tests.foundation.city import MATTERS, NOW, PROJECTS, actor, matter, project

pytestmark = [pytest.mark.usefixtures("small_city")]

MATTER = "JB-2025-001"


def contract() -> dict[str, str]:
    return {"投资合同": receive_upload(actor("王县"), PROJECTS, "", "合同.pdf", b"contract", NOW).digest}


def step(name: str, register: str, key: str, **more: object) -> Step:
    return Step(name, Entry.objects.get(register=register, key=key).version, **more)  # type: ignore[arg-type]


def signed(signed_on: str = "2025-07-08", who: str = "王县", evidence: Mapping[str, str] | None = None) -> Entry:
    attached = contract() if evidence is None else evidence
    return move(actor(who), PROJECTS, "P-001", step("sign", PROJECTS, "P-001", values={"signed_on": signed_on}, evidence=attached), NOW)


def go(name: str, who: str = "王县", at: datetime = NOW) -> Entry:
    return move(actor(who), MATTERS, MATTER, step(name, MATTERS, MATTER), at)


def days(number: int) -> datetime:
    return NOW + timedelta(days=number)


def duty() -> Duty:
    return Duty.objects.latest("id")


class TestMoves:
    """Order, people, days, evidence."""

    @pytest.fixture(autouse=True)
    def a_project(self, small_city: None) -> None:
        project()

    def test_signing_is_dated_by_the_contract(self) -> None:
        entry = signed("2025-07-08")
        assert (entry.state, entry.state_since, entry.data["signed_on"]) == ("signed", date(2025, 7, 8), "2025-07-08")
        body = body_of(Event.objects.latest("seq"))
        assert (body["move"], body["from"], body["to"], body["on"]) == ("sign", "planned", "signed", "2025-07-08")

    @pytest.mark.parametrize(
        ("signed_on", "evidence", "said"),
        [
            ("2025-07-09", None, "晚于今天"),
            ("2025-07-07", None, "早于上一状态"),
            ("", None, "缺少签约日期"),
            ("2025-07-08", {}, "缺少佐证材料：投资合同"),
            ("2025-07-08", {"投资合同": "0" * 64}, "佐证材料没有上传"),
        ],
    )
    def test_what_forbids_it(self, signed_on: str, evidence: dict[str, str] | None, said: str) -> None:
        with pytest.raises(Rejected, match=said):
            signed(signed_on, evidence=evidence)
        assert Entry.objects.get().state == "planned"

    def test_no_state_is_skipped(self) -> None:
        with pytest.raises(Rejected, match="不得跳步"):
            move(actor("王县"), PROJECTS, "P-001", step("build", PROJECTS, "P-001"), NOW)

    def test_who_signed_may_not_settle(self) -> None:
        signed()
        move(actor("王县"), PROJECTS, "P-001", step("build", PROJECTS, "P-001"), NOW)
        with pytest.raises(Rejected, match="两步须由不同的人办理"):
            move(actor("王县"), PROJECTS, "P-001", step("finish", PROJECTS, "P-001", reason="竣工"), NOW)
        assert move(actor("周办"), PROJECTS, "P-001", step("finish", PROJECTS, "P-001", reason="竣工"), NOW).state == "done"

    def test_a_move_out_of_ones_charge_is_forbidden_and_an_old_version_a_conflict(self) -> None:
        with pytest.raises(Forbidden):
            signed(who="李县")
        with pytest.raises(Conflict):
            move(actor("王县"), PROJECTS, "P-001", Step("sign", 9), NOW)

    def test_what_a_page_offers(self) -> None:
        view, entry = view_of(PROJECTS, NOW), Entry.objects.get()
        assert list(possible_moves(actor("王县"), view, entry)) == ["sign"]
        assert possible_moves(actor("李县"), view, entry) == {}
        assert possible_moves(actor("陈领"), view, entry) == {}


class TestClocks:
    """Three working days from Tuesday 8 July."""

    @pytest.fixture(autouse=True)
    def a_matter(self, small_city: None) -> None:
        matter()

    def test_receiving_starts_the_clock_of_its_kind(self) -> None:
        assert (duty().office, duty().due, duty().warn_on) == ("濮阳县", date(2025, 7, 11), date(2025, 7, 10))
        matter(weight="重大")
        assert duty().due == date(2025, 7, 22)

    @pytest.mark.parametrize(("after", "outcome"), [(3, "met"), (4, "late")])
    def test_reporting_stops_it(self, after: int, outcome: str) -> None:
        go("report", at=days(after))
        assert (duty().outcome, duty().closed_on) == (outcome, days(after).date())

    def test_while_the_province_has_it_no_day_counts(self) -> None:
        go("wait", at=days(1))
        assert (duty().paused_on, duty().escalate_on) == (date(2025, 7, 9), None)
        go("back", at=days(20))
        assert (duty().paused_on, duty().due) == (None, date(2025, 7, 30)), "two working days were left on 28 July"
        assert Duty.objects.count() == 1

    def test_a_supervisor_extends_it_once(self) -> None:
        with pytest.raises(Forbidden, match="须由督查办理"):
            extend(actor("王县"), duty().key, "5 working_days", "材料复杂", NOW)
        extend(actor("孙督"), duty().key, "5 working_days", "材料复杂", NOW)
        assert (duty().due, duty().extended) == (date(2025, 7, 18), 1)
        with pytest.raises(Rejected, match="已用完"):
            extend(actor("孙督"), duty().key, "1 working_days", "再延", NOW)
        with pytest.raises(Rejected, match="须写明理由"):
            pause(actor("孙督"), duty().key, " ", NOW)

    def test_a_supervisor_stops_it_and_sets_it_going(self) -> None:
        with pytest.raises(Rejected, match="须先由 officer 申请"):
            pause(actor("孙督"), duty().key, "等待批复", days(1))
        ask(actor("王县"), duty().key, "pause", "等待批复", days(1))
        assert (duty().asked, duty().request["person"], duty().paused_on) == ("pause", "王县", None), "asking changes nothing yet"
        pause(actor("孙督"), duty().key, "等待批复", days(1))
        assert (duty().asked, duty().request) == ("", {})
        resume(actor("孙督"), duty().key, "批复已到", days(7))
        assert duty().due == date(2025, 7, 17)
        with pytest.raises(Rejected, match="没有暂停"):
            resume(actor("孙督"), duty().key, "再来", days(8))

    def test_a_request_is_made_once_by_those_who_may_and_answered_by_another(self) -> None:
        key = duty().key
        with pytest.raises(Rejected, match="没有申请延期这一步"):
            ask(actor("王县"), key, "extend", "材料复杂", NOW, "5 working_days")
        with pytest.raises(Forbidden, match="须由经办办理"):
            ask(actor("孙督"), key, "pause", "等待批复", NOW)
        with pytest.raises(Rejected, match="没有等待批准的申请"):
            decline(actor("孙督"), key, "不准", NOW)
        ask(actor("王县"), key, "pause", "等待批复", NOW)
        with pytest.raises(Rejected, match="已申请暂停"):
            ask(actor("周办"), key, "pause", "等待批复", NOW)
        both = replace(actor("王县"), roles=frozenset({"officer", "supervisor"}), everywhere=True)
        with pytest.raises(Forbidden, match="不能批准自己的申请"):
            pause(both, key, "等待批复", NOW)
        decline(actor("孙督"), key, "自行办理", NOW)
        assert (duty().asked, duty().paused_on) == ("", None)

    def test_a_clock_is_not_closed_by_hand(self) -> None:
        with pytest.raises(Rejected, match="自动销号"):
            close_duty(actor("王县"), duty().key, "", NOW)

    def test_the_due_day_says_which_calendar_it_rests_on_and_is_not_counted_again_without_need(self) -> None:
        assert duty().calendar.startswith("2007-2026-")
        assert recount(NOW) is None


class TestAssignments:
    """Exactly one accountable person, and what they owe goes with it."""

    @pytest.fixture(autouse=True)
    def a_matter(self, small_city: None) -> None:
        matter()

    def test_the_open_clock_is_handed_over(self) -> None:
        assign(actor("王县"), MATTERS, MATTER, Charge("lead", "王县"), NOW)
        assert duty().member == "王县"
        assign(actor("王县"), MATTERS, MATTER, Charge("lead", "周办"), days(1))
        assert duty().member == "周办"
        held = Assignment.objects.order_by("id").values_list("member", "from_day", "to_day")
        assert list(held) == [("王县", date(2025, 7, 8), date(2025, 7, 9)), ("周办", date(2025, 7, 9), None)]

    def test_a_new_round_is_owed_by_who_is_in_charge(self) -> None:
        assign(actor("王县"), MATTERS, MATTER, Charge("lead", "周办"), NOW)
        go("wait")
        go("back", at=days(1))
        assert duty().member == "周办"

    @pytest.mark.parametrize(
        ("who", "said"), [("陈领", "不是经办"), ("无此人", "不是经办"), ("", "不能空缺")],
    )  # fmt: skip
    def test_who_cannot_be_in_charge(self, who: str, said: str) -> None:
        with pytest.raises(Rejected, match=said):
            assign(actor("王县"), MATTERS, MATTER, Charge("lead", who), NOW)

    def test_changing_the_responsible_leader_needs_a_reason_and_an_approver_who_may_approve(self) -> None:
        project()
        assign(actor("王县"), PROJECTS, "P-001", Charge("leader", "陈领"), NOW)
        with pytest.raises(Rejected, match="须写明理由"):
            assign(actor("王县"), PROJECTS, "P-001", Charge("leader", "吴领"), NOW)
        with pytest.raises(Rejected, match="不是督查或领导"):
            assign(actor("王县"), PROJECTS, "P-001", Charge("leader", "吴领", reason="调动", approver="周办"), NOW)
        assign(actor("王县"), PROJECTS, "P-001", Charge("leader", "吴领", reason="调动", approver="孙督"), NOW)
        assert Assignment.objects.get(role="leader", to_day=None).member == "吴领"

    def test_an_assignment_that_is_not_declared(self) -> None:
        with pytest.raises(Rejected, match="没有“boss”这项责任"):
            assign(actor("王县"), MATTERS, MATTER, Charge("boss", "王县"), NOW)
