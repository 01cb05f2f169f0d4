"""Papers, uploads, lights set by hand, packs adopted."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
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
    archive_paper,
    check_paper,
    content_of,
    draft_paper,
    drop_paper,
    issue_paper,
    keep_figures,
    override,
    receive_upload,
    renew_paper,
    restore,
    return_paper,
    settle_upload,
    sign_paper,
)
from bihuan.foundation.actions.uploads import path_of
from bihuan.foundation.grammar.errors import PackError
from bihuan.foundation.grammar.packs import read_pack
from bihuan.foundation.models import Event, Override, PackVersion, Paper, Upload
from bihuan.foundation.moved import moved
from tests.foundation.city import FILES, NOW, PROJECTS, actor, project

pytestmark = [pytest.mark.usefixtures("small_city")]


PARTS = [{"text": "完成投资 5 亿元。", "sources": [{"name": "完成投资", "value": "5 亿元", "offset": 5}]}]


def written(period: str = "2025-06", **more: Any) -> Draft:
    return Draft(**{"register": PROJECTS, "mechanism": PROJECTS, "document": "bulletin", "title": f"{period}通报", "content": {"parts": PARTS}, "period": period, **more})


def draft(period: str = "2025-06", who: str = "赵市", **more: Any) -> Paper:
    return draft_paper(actor(who), written(period, **more), NOW)


def other(value: str) -> Draft:
    return written(content={"parts": [{"text": f"完成投资 {value}。", "sources": [{**PARTS[0]["sources"][0], "value": value}]}]})  # type: ignore[index, dict-item]


def out(paper: Paper, at: datetime = NOW) -> Paper:
    """Checked, signed and issued, with nothing moved."""
    same = written(paper.period)
    check_paper(actor("孙督"), paper.pk, same, at)
    sign_paper(actor("陈领"), paper.pk, same, at)
    return issue_paper(actor("孙督"), paper.pk, same, at)


class TestPapers:
    """Drafted once, checked, signed, numbered without a gap, then frozen."""

    def test_a_bulletin_of_a_period_is_drafted_once(self) -> None:
        assert draft().pk == draft().pk

    def test_each_step_is_taken_in_its_turn_by_whom_and_when(self) -> None:
        paper = out(draft())
        paper = archive_paper(actor("孙督"), paper.pk, "30年", NOW + timedelta(days=1))
        assert (paper.drafted_by, paper.checked_by, paper.signed_by, paper.issued_by, paper.archived_by) == ("赵市", "孙督", "陈领", "孙督", "孙督")
        assert (paper.state, paper.retention, paper.archived_on) == ("archived", "30年", date(2025, 7, 9))
        kinds = list(Event.objects.filter(kind__startswith="paper.").order_by("seq").values_list("kind", flat=True))
        assert kinds == ["paper.drafted", "paper.checked", "paper.signed", "paper.issued", "paper.archived"]

    def test_no_step_is_skipped_or_taken_twice(self) -> None:
        number = draft().pk
        for deed in (lambda: sign_paper(actor("陈领"), number, written(), NOW), lambda: issue_paper(actor("孙督"), number, written(), NOW),
                     lambda: archive_paper(actor("孙督"), number, "永久", NOW)):  # fmt: skip
            with pytest.raises(Rejected, match="还是草稿"):
                deed()
        out(Paper.objects.get(pk=number))
        for deed in (lambda: issue_paper(actor("孙督"), number, written(), NOW), lambda: drop_paper(actor("赵市"), number, "不要了", NOW),
                     lambda: return_paper(actor("陈领"), number, "再想想", NOW), lambda: renew_paper(actor("赵市"), number, other("6 亿元"), NOW)):  # fmt: skip
            with pytest.raises(Rejected, match="已印发"):
                deed()
        with pytest.raises(Rejected, match="保管期限"):
            archive_paper(actor("孙督"), number, "随便", NOW)

    def test_nobody_takes_two_steps_that_watch_each_other(self) -> None:
        own = draft(who="孙督")
        with pytest.raises(Rejected, match="不核自己的稿"):
            check_paper(actor("孙督"), own.pk, written(), NOW)
        theirs = draft("2025-05").pk
        check_paper(actor("孙督"), theirs, written("2025-05"), NOW)
        with pytest.raises(Rejected, match="不能是同一个人"):
            sign_paper(actor("孙督"), theirs, written("2025-05"), NOW)

    @pytest.mark.parametrize(("who", "step"), [("赵市", check_paper), ("陈领", check_paper), ("赵市", sign_paper), ("赵市", issue_paper), ("甲企", check_paper)])
    def test_each_step_belongs_to_a_role(self, who: str, step: Callable[..., Paper]) -> None:
        with pytest.raises(Forbidden):
            step(actor(who), draft().pk, written(), NOW)

    def test_numbers_run_by_year_without_a_gap(self) -> None:
        later = NOW + timedelta(days=365)
        assert [out(draft(f"2025-0{n}")).number for n in (4, 5, 6)] == ["〔2025〕1号", "〔2025〕2号", "〔2025〕3号"]
        assert out(draft("2025-12"), later).number == "〔2026〕1号"

    def test_a_figure_that_moved_holds_the_paper_until_somebody_looks(self) -> None:
        number = draft().pk
        with pytest.raises(Rejected, match=r"有 1 处与文中不同：完成投资 文中 5 亿元、台账 6 亿元"):
            check_paper(actor("孙督"), number, other("6 亿元"), NOW)
        check_paper(actor("孙督"), number, written(), NOW)
        with pytest.raises(Rejected, match="台账 6 亿元"):
            sign_paper(actor("陈领"), number, other("6 亿元"), NOW)
        sign_paper(actor("陈领"), number, written(), NOW)
        with pytest.raises(Rejected, match="台账 6 亿元"):
            issue_paper(actor("孙督"), number, other("6 亿元"), NOW)
        assert Paper.objects.get(pk=number).number == ""

    def test_new_figures_are_taken_and_the_paper_checked_anew(self) -> None:
        number, now = draft().pk, other("6 亿元")
        check_paper(actor("孙督"), number, written(), NOW)
        renewed = renew_paper(actor("赵市"), number, now, NOW)
        assert (renewed.state, renewed.checked_by, renewed.content["parts"][0]["text"]) == ("draft", "", "完成投资 6 亿元。")
        check_paper(actor("孙督"), number, now, NOW)
        with pytest.raises(Rejected, match="没有要处理的"):
            renew_paper(actor("赵市"), number, now, NOW)

    def test_a_figure_is_kept_with_a_reason_until_it_moves_again_and_another_checks(self) -> None:
        number, now = draft().pk, other("6 亿元")
        with pytest.raises(Rejected, match="须写明理由"):
            keep_figures(actor("赵市"), number, now, " ", NOW)
        kept = keep_figures(actor("赵市"), number, now, "以报数截止日为准", NOW).kept
        assert [(one["title"], one["was"], one["now"], one["by"], one["reason"]) for one in kept] == [("完成投资", "5 亿元", "6 亿元", "赵市", "以报数截止日为准")]
        with pytest.raises(Rejected, match="台账 7 亿元"):
            check_paper(actor("孙督"), number, other("7 亿元"), NOW)
        assert check_paper(actor("孙督"), number, now, NOW).state == "checked"

    def test_who_keeps_a_figure_does_not_check(self) -> None:
        number, now = draft().pk, other("6 亿元")
        keep_figures(actor("孙督"), number, now, "以报数截止日为准", NOW)
        with pytest.raises(Rejected, match="决定保留原数的人"):
            check_paper(actor("孙督"), number, now, NOW)

    def test_a_paper_sent_back_begins_again(self) -> None:
        number = draft().pk
        check_paper(actor("孙督"), number, written(), NOW)
        with pytest.raises(Rejected, match="须写明理由"):
            return_paper(actor("陈领"), number, "", NOW)
        back = return_paper(actor("陈领"), number, "第二段不清楚", NOW)
        assert (back.state, back.checked_by, back.checked_on) == ("draft", "", None)

    def test_a_document_that_no_pack_has_any_more_is_not_issued(self) -> None:
        with pytest.raises(Rejected, match="已没有这种文书"):
            check_paper(actor("孙督"), draft().pk, None, NOW)

    def test_after_a_dropped_draft_another_is_drafted(self) -> None:
        first = draft()
        with pytest.raises(Rejected, match="须写明理由"):
            drop_paper(actor("赵市"), first.pk, "", NOW)
        drop_paper(actor("赵市"), first.pk, "数据有误", NOW)
        assert draft().pk != first.pk


class TestMoved:
    """Old beside new, as fine as it can be said."""

    def found(self, was: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str, str]]:
        shaped = [{"title": "甲", "recipient": "", "content": {"parts": [part]}} for part in (was, now)]
        return [(one.title, one.was, one.now) for one in moved(*shaped)]

    def table(self, *lines: list[str]) -> dict[str, Any]:
        return {"title": "排名", "heading": ["名次", "单位", "得分"], "lines": list(lines), "sources": []}

    def test_nothing_moved(self) -> None:
        assert self.found(PARTS[0], PARTS[0]) == []
        assert self.found(self.table(["1", "甲县", "9"]), self.table(["1", "甲县", "9"])) == []

    def test_a_table_tells_its_cells_by_row_and_column(self) -> None:
        was, now = self.table(["1", "甲县", "9"], ["2", "乙县", "8"]), self.table(["1", "乙县", "9.5"], ["2", "甲县", "9"])
        assert self.found(was, now) == [
            ("排名·甲县·名次", "1", "2"), ("排名·乙县·名次", "2", "1"), ("排名·乙县·得分", "8", "9.5"), ("排名·顺序", "甲县、乙县", "乙县、甲县"),
        ]  # fmt: skip

    def test_rows_that_no_column_tells_apart_are_named_by_some_together_and_do_not_move_for_another_that_went(self) -> None:
        rows = [["1", "月报", "甲项目", "8月5日"], ["2", "月报", "乙项目", "8月5日"], ["3", "旬报", "乙项目", "7月10日"]]
        left = [["1", "月报", "乙项目", "8月6日"], ["2", "旬报", "乙项目", "7月10日"]]
        owed = [{"title": "任务", "heading": ["序号", "任务", "关于", "时限"], "lines": lines, "sources": []} for lines in (rows, left)]
        assert self.found(*owed) == [("任务·月报·甲项目", "1 月报 甲项目 8月5日", ""), ("任务·月报·乙项目·时限", "8月5日", "8月6日")]

    def test_rows_come_and_go_whole(self) -> None:
        assert self.found(self.table(["1", "甲县", "9"]), self.table(["1", "乙县", "8"])) == [("排名·甲县", "1 甲县 9", ""), ("排名·乙县", "", "1 乙县 8")]

    def test_words_around_the_figures_count_as_well(self) -> None:
        was, now = {"text": "甲项目滞后。", "sources": []}, {"text": "乙项目滞后。", "sources": []}
        assert self.found(was, now) == [("第 1 部分", "甲项目滞后。", "乙项目滞后。")]

    def test_a_figure_that_only_stands_elsewhere_has_not_moved(self) -> None:
        longer = {"text": "全市完成投资 5 亿元。", "sources": [{"name": "完成投资", "value": "5 亿元", "offset": 7}]}
        assert self.found(PARTS[0], longer) == [("第 1 部分", "完成投资 5 亿元。", "全市完成投资 5 亿元。")]


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
