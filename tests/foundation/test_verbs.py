"""`bihuan verify`, `replay`, `plan` and `adopt`, as somebody types them."""

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from bihuan import clock
from bihuan.command import adopting, ledger
from bihuan.command.outcomes import OK, PROBLEMS, REFUSED, Refused
from bihuan.foundation import triggers
from bihuan.foundation.actions import MemberGiven, set_member
from bihuan.foundation.models import Entry, Event, PackVersion
from tests.audit import tampering
from tests.foundation.city import FILES, NOW, actor, project

pytestmark = pytest.mark.usefixtures("small_city")


@pytest.fixture(autouse=True)
def in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_LANGUAGE", "zh")


def verify(**options: Any) -> int:
    return ledger.verify(Namespace(**{"checkpoint": None, "write_checkpoint": None, "format": "text", **options}))


def replay(**options: Any) -> int:
    return ledger.replay(Namespace(**{"rebuild": False, "format": "text", **options}))


def adopt(folder: Path, by: str = "陈领", since: str | None = "2025-08-01") -> int:
    return adopting.adopt(Namespace(pack=str(folder), since=since, by=by))


def plan(folder: Path, **options: Any) -> int:
    return adopting.plan(Namespace(**{"pack": str(folder), "since": "2025-08-01", "format": "text", **options}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The pack as somebody edited it: another threshold, another word."""
    changed = FILES["projects.yaml"].replace("概算投资 < 100万元", "概算投资 < 200万元").replace("推进顺利", "进展顺利")
    for name, text in {**FILES, "projects.yaml": changed}.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def forge() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS event_refuses_update")
        cursor.execute("UPDATE foundation_event SET actor = '别人' WHERE seq = 7")


def test_a_sound_ledger_says_so_and_how_much_nothing_protects(capsys: pytest.CaptureFixture[str]) -> None:
    assert verify() == OK
    said = capsys.readouterr().out
    assert "账本完整" in said
    assert "还没有检查点保护" in said


def test_a_checkpoint_is_written_once_and_compared_with_later(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "checkpoint.txt"
    size = Event.objects.count()
    assert verify(write_checkpoint=str(path)) == OK
    project()
    assert verify(checkpoint=str(path)) == OK
    assert f"与检查点（{size} 条）一致" in capsys.readouterr().out
    with pytest.raises(Refused, match="不覆盖旧的"):
        verify(write_checkpoint=str(path))
    for other in (tmp_path / "nothing.txt", tmp_path):
        with pytest.raises(Refused, match="读不到检查点"):
            verify(checkpoint=str(other))
    path.write_text("不是检查点", "utf-8")
    with pytest.raises(Refused, match="不是检查点"):
        verify(checkpoint=str(path))


def test_a_forged_entry_is_named_and_nothing_is_rebuilt_from_it(capsys: pytest.CaptureFixture[str]) -> None:
    forge()
    assert verify() == PROBLEMS
    said = capsys.readouterr().out
    assert "最早在第 7 条" in said
    assert "触发器不见了" in said
    assert verify(format="json") == PROBLEMS
    found = json.loads(capsys.readouterr().out)
    assert (found["sound"], found["append_only"], found["findings"][0]["seq"]) == (False, False, 7)
    for rebuild, code in ((True, REFUSED), (False, PROBLEMS)):
        with pytest.raises(Refused, match="不能据以重放或重建") as refusal:
            replay(rebuild=rebuild)
        assert refusal.value.code == code


def test_an_entry_that_is_gone_is_told_by_the_replay_too(capsys: pytest.CaptureFixture[str]) -> None:
    project()
    with tampering(), connection.cursor() as cursor:
        triggers.take_down(connection)
        cursor.execute("DELETE FROM foundation_event WHERE seq = (SELECT max(seq) - 1 FROM foundation_event)")
    with pytest.raises(Refused):
        replay()
    assert "缺第" in capsys.readouterr().out


def test_a_table_changed_beside_the_ledger_is_named_and_put_right(capsys: pytest.CaptureFixture[str]) -> None:
    project()
    assert replay() == OK
    with tampering():
        Entry.objects.update(title="改过的")
    assert replay() == PROBLEMS
    assert "foundation_entry  1 改过的  title：账本 P-001 项目，表中 改过的" in capsys.readouterr().out
    assert replay(rebuild=True, format="json") == OK
    found = json.loads(capsys.readouterr().out)
    assert (found["count"], found["rebuilt"]) == (1, True)
    assert replay() == OK


def test_a_plan_marks_what_moves_numbers_and_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert plan(folder) == OK
    said = capsys.readouterr().out
    assert "[影响数值]" in said
    assert "[只改文字]" in said
    assert plan(folder, format="json") == OK
    assert [change["moves_numbers"] for change in json.loads(capsys.readouterr().out)["changes"]] == [True, False]
    assert PackVersion.objects.count() == 1


def test_adopting_counts_from_its_day(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert adopt(folder) == OK
    assert "重大项目 第 2 版自 2025-08-01 起适用" in capsys.readouterr().out
    assert timezone.localdate(Event.objects.latest("seq").at) == clock.today(), "the ledger keeps UTC, the city counts its own days"
    assert plan(folder) == OK
    assert "没有不同" in capsys.readouterr().out


def test_what_is_not_adopted(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="没有账号"):
        adopt(folder, by="无此人")
    with pytest.raises(Refused, match="不能决定此事"):
        adopt(folder, by="王县")
    with pytest.raises(Refused, match="不是日期"):
        adopt(folder, since="下月")
    with pytest.raises(Refused, match="没有应用包目录"):
        adopt(tmp_path / "nothing")
    (folder / "projects.yaml").write_text("mechanism: [", "utf-8")
    with pytest.raises(Refused, match=r"projects\.yaml"):
        adopt(folder)
    assert PackVersion.objects.count() == 1


def test_a_pack_that_does_not_fit_the_others_is_told_its_problems(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "matters.yaml").write_text(FILES["matters.yaml"].replace("of: projects", "of: nothing"), "utf-8")
    assert plan(folder) == PROBLEMS
    assert adopt(folder) == PROBLEMS
    assert "nothing" in capsys.readouterr().out


def test_an_account_that_was_closed_decides_nothing(folder: Path) -> None:
    set_member(actor("系管"), MemberGiven("陈领", office="市政府", active=False), NOW)
    with pytest.raises(Refused, match="不能决定此事"):
        adopt(folder)
