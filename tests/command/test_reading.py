"""`bihuan read` prints findings for people and for programs, and says why a file cannot be read."""

import json
from pathlib import Path

import pytest

from bihuan.command import main
from bihuan.command.outcomes import OK, REFUSED

TEXT = "三、2023年工作安排\n\n实施省市重点项目338个，年内完成投资1320亿元以上，建成甲江大桥。"


@pytest.fixture
def report(tmp_path: Path) -> str:
    path = tmp_path / "报告.txt"
    path.write_text(TEXT, "utf-8")
    return str(path)


def test_programs_get_one_object_a_line(report: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", report, "--format", "jsonl"]) == OK
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["kind"], row["value"], row["unit"], row["comparator"], row["period"]) for row in rows if row["kind"] != "other"] == [
        ("target", 338, "个", "=", "2023"), ("target", 1320, "亿元", ">=", "2023"),
    ]  # fmt: skip


def test_promises_without_a_number_are_asked_for(report: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", report, "--tasks", "--format", "jsonl"]) == OK
    (task,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (task["line"], task["action"], task["object"], task["period"]) == (3, "建成", "甲江大桥", "2023")


def test_people_get_a_line_each_and_a_count(report: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_LANGUAGE", "zh")
    assert main(["read", report]) == OK
    printed = capsys.readouterr().out
    assert ">=1320亿元" in printed
    assert printed.splitlines()[-1].startswith("目标 2；实绩 0；规定 0")
    assert main(["read", report, "--tasks"]) == OK
    assert "可核对的任务 1 件" in capsys.readouterr().out


def test_nothing_found_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_LANGUAGE", "zh")
    path = tmp_path / "空话.txt"
    path.write_text("坚持稳中求进。", "utf-8")
    assert main(["read", str(path)]) == OK
    assert "没有读到" in capsys.readouterr().out


def test_a_holiday_notice_gives_its_days(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "通知.txt"
    path.write_text("6月9日至11日放假调休，共3天。6月12日（星期日）上班。", "utf-8")
    assert main(["read", str(path), "--holidays", "2016", "--format", "jsonl"]) == OK
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["date"][-2:] for row in rows if row["off"]] == ["09", "10", "11"]


def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_LANGUAGE", "zh")
    path = tmp_path / "坏.pdf"
    path.write_bytes(b"%PDF-1.7 nothing")
    assert main(["read", str(path)]) == REFUSED
    assert "文件已损坏" in capsys.readouterr().err


def test_numbers_that_contradict_each_other_come_first(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_LANGUAGE", "zh")
    path = tmp_path / "通报.txt"
    path.write_text("一、现状\n\n企业由40家增加到50家，增长20%。税收由40亿元增加到50亿元，增长25%。", "utf-8")
    assert main(["check", str(path)]) == OK
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "不一致 1"
    assert "(50−40)÷40×100=25%；文中为 20%" in printed[2]
    assert main(["check", str(path), "--format", "jsonl"]) == OK
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["agrees"], row["printed"], row["computed"]) for row in rows] == [(False, 20, 25), (True, 25, 25)]


def test_a_file_without_relations_says_so(report: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_LANGUAGE", "zh")
    assert main(["check", report]) == OK
    assert "没有找到可以核对的数字关系" in capsys.readouterr().out
