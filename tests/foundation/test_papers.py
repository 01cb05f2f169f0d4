"""Papers, uploads, lights set by hand, packs adopted."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage

from bihuan.foundation import loading
from bihuan.foundation.actions import (
    Draft,
    Forbidden,
    HandSet,
    Rejected,
    adopt,
    content_of,
    draft_paper,
    drop_paper,
    issue_paper,
    override,
    receive_upload,
    restore,
    settle_upload,
)
from bihuan.foundation.actions.uploads import path_of
from bihuan.foundation.grammar.errors import PackError
from bihuan.foundation.grammar.packs import read_pack
from bihuan.foundation.models import Override, PackVersion, Paper, Upload
from tests.foundation.city import FILES, NOW, PROJECTS, actor, project

pytestmark = [pytest.mark.usefixtures("small_city")]


def draft(period: str = "2025-06", who: str = "赵市") -> Paper:
    return draft_paper(actor(who), Draft(PROJECTS, PROJECTS, "bulletin", f"{period}通报", {"parts": ["草稿"]}, period=period), NOW)


class TestPapers:
    """Drafted once, numbered without a gap, then frozen."""

    def test_a_bulletin_of_a_period_is_drafted_once(self) -> None:
        assert draft().pk == draft().pk

    def test_issuing_numbers_it_and_freezes_what_was_recomputed(self) -> None:
        numbers = [issue_paper(actor("孙督"), draft(f"2025-0{n}").pk, "定稿", {"parts": [n]}, NOW).number for n in (4, 5, 6)]
        assert numbers == ["〔2025〕1号", "〔2025〕2号", "〔2025〕3号"]
        assert issue_paper(actor("孙督"), draft("2025-12").pk, "定稿", {}, NOW + timedelta(days=365)).number == "〔2026〕1号"
        paper = Paper.objects.get(period="2025-04")
        assert (paper.state, paper.title, paper.content, paper.issued_by) == ("issued", "定稿", {"parts": [4]}, "孙督")

    def test_what_is_issued_is_neither_issued_again_nor_dropped(self) -> None:
        number = draft().pk
        issue_paper(actor("孙督"), number, "定稿", {}, NOW)
        with pytest.raises(Rejected, match="已经印发"):
            issue_paper(actor("孙督"), number, "再来", {}, NOW)
        with pytest.raises(Rejected, match="已经印发"):
            drop_paper(actor("赵市"), number, "不要了", NOW)

    def test_who_drafts_does_not_issue(self) -> None:
        with pytest.raises(Forbidden, match="需要角色"):
            issue_paper(actor("赵市"), draft().pk, "定稿", {}, NOW)
        with pytest.raises(Forbidden):
            draft(who="甲企")

    def test_after_a_dropped_draft_another_is_drafted(self) -> None:
        first = draft()
        with pytest.raises(Rejected, match="须写明理由"):
            drop_paper(actor("赵市"), first.pk, "", NOW)
        drop_paper(actor("赵市"), first.pk, "数据有误", NOW)
        assert draft().pk != first.pk


class TestUploads:
    """Bytes under their digest."""

    def receive(self, content: bytes = b"rows", exchange: str = "projects.sheet", name: str = "../六月\n.xlsx") -> Upload:
        return receive_upload(actor("王县"), PROJECTS, exchange, name, content, NOW)

    def test_a_sheet_waits_until_it_is_confirmed_or_dropped(self) -> None:
        upload = self.receive()
        assert (upload.state, upload.name, upload.member) == ("waiting", "六月.xlsx", "王县")
        assert settle_upload(actor("王县"), upload.pk, 3, NOW).state == "confirmed"
        with pytest.raises(Rejected, match="已经处理过"):
            settle_upload(actor("王县"), upload.pk, 3, NOW)
        assert settle_upload(actor("王县"), self.receive().pk, 0, NOW).state == "dropped"

    def test_the_same_bytes_are_stored_once_and_read_back_unchanged(self) -> None:
        one, other = self.receive(b"contract", ""), self.receive(b"contract", "")
        assert one.digest == other.digest
        assert content_of(one) == b"contract"

    def test_a_file_changed_on_the_disk_is_not_given_out(self) -> None:
        upload = self.receive(b"to be changed", "")
        default_storage.delete(path_of(upload.digest))
        with default_storage.open(path_of(upload.digest), "wb") as file:
            file.write(b"changed")
        with pytest.raises(ValueError, match="已被改动"):
            content_of(upload)

    @pytest.mark.parametrize("content", [b"", b"x" * (20 * 1024 * 1024 + 1)], ids=["empty", "too large"])
    def test_a_file_of_no_or_too_many_bytes_is_refused(self, content: bytes) -> None:
        with pytest.raises(Rejected, match="20 MB"):
            self.receive(content)


class TestHandSetLights:
    """Beside the rule, with a reason and an end."""

    @pytest.fixture(autouse=True)
    def a_project(self, small_city: None) -> None:
        project()

    def hand(self, who: str = "孙督", **more: Any) -> None:
        given = {"light": "plate", "colour": "yellow", "until_day": date(2025, 8, 1), "reason": "已整改", **more}
        override(actor(who), PROJECTS, "P-001", HandSet(**given), NOW)

    def test_a_new_one_takes_the_place_of_the_old(self) -> None:
        self.hand()
        self.hand(colour="green")
        assert list(Override.objects.order_by("id").values_list("colour", "ended_on")) == [("yellow", date(2025, 7, 8)), ("green", None)]
        restore(actor("孙督"), Override.objects.latest("id").pk, "复查未过", NOW)
        with pytest.raises(Rejected, match="没有这项人工改灯"):
            restore(actor("孙督"), Override.objects.latest("id").pk, "再来", NOW)

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"until_day": date(2025, 8, 8)}, "截止日须在 2025-07-08 至 2025-08-07 之间"),
            ({"until_day": date(2025, 7, 7)}, "截止日须在"),
            ({"reason": " "}, "须写明理由"),
            ({"light": "lamp"}, "没有“lamp”这盏灯"),
        ],
    )
    def test_what_is_refused(self, more: dict[str, Any], said: str) -> None:
        with pytest.raises(Rejected, match=said):
            self.hand(**more)

    def test_only_whom_the_rule_names(self) -> None:
        with pytest.raises(Forbidden, match="须由督查办理"):
            self.hand("王县")


class TestPacks:
    """Adopted from a day; an old day keeps its old rules."""

    NEW = {**FILES, "projects.yaml": FILES["projects.yaml"].replace("概算投资 < 100万元", "概算投资 < 200万元").replace("推进顺利", "进展顺利")}

    def test_each_day_has_the_rules_that_counted_on_it(self) -> None:
        adopt(actor("陈领"), self.NEW, date(2025, 8, 1), NOW)

        def condition(day: date) -> str:
            return str(loading.catalogue(day).register(PROJECTS).lights["projects.plate"].shape.conditions[0].if_)

        assert (condition(date(2025, 7, 31)), condition(date(2025, 8, 1))) == ("概算投资 < 100万元", "概算投资 < 200万元")
        assert loading.catalogue(date(2025, 8, 1)) is loading.catalogue(date(2026, 1, 1))
        assert loading.catalogue(date(2023, 12, 31)).registers == {}

    def test_a_plan_tells_numbers_from_words(self) -> None:
        plan = loading.plan(read_pack(self.NEW), date(2025, 8, 1))
        assert (plan.number, plan.moves_numbers, list(plan.changes)) == (2, True, ["projects"])
        assert [change.number for change in plan.changes["projects"]] == [True, False]
        assert not loading.plan(read_pack({**FILES, "README.md": "说明"}), date(2025, 8, 1)).changes

    def test_the_same_text_from_the_same_day_is_not_adopted_twice(self) -> None:
        with pytest.raises(Rejected, match="就是这些内容"):
            adopt(actor("陈领"), FILES, None, NOW)

    def test_a_pack_that_does_not_hold_together_is_not_adopted(self) -> None:
        broken = {**FILES, "matters.yaml": FILES["matters.yaml"].replace("of: projects", "of: nothing")}
        with pytest.raises(PackError, match="nothing"):
            adopt(actor("陈领"), broken, None, NOW)
        assert PackVersion.objects.count() == 1

    def test_an_officer_does_not_change_the_rules(self) -> None:
        with pytest.raises(Forbidden):
            adopt(actor("赵市"), self.NEW, None, NOW)
