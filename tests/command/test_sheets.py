"""`bihuan import` and `bihuan export`: what is printed, what is written, and with which exit code."""

import io
import json
from pathlib import Path

import openpyxl
import pytest

from bihuan.command import main
from bihuan.foundation.models import Cursor, Event, Figure, Upload
from tests.foundation import city
from tests.foundation.sheets.makers import book

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def chinese_city(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small city with one project, and a command line that speaks Chinese."""
    monkeypatch.setenv("BIHUAN_LANGUAGE", "zh")
    city.build()
    city.project("P-001")


def sheet(folder: Path, *rows: list[object]) -> str:
    path = folder / "月报.xlsx"
    path.write_bytes(book(rows))
    return str(path)


def imported(path: str, *more: str) -> int:
    return main(["import", path, "--register", city.PROJECTS, "--as", "王县", *more])


def test_a_sheet_is_checked_and_nothing_written_until_it_is_confirmed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sheet(tmp_path, ["编码", "完成投资（亿元）"], ["P-001", 0.5])
    assert imported(path, "--period", "2025-07") == 0
    said = capsys.readouterr().out
    assert "B2  P-001 完成投资 2025-07  空 → 5,000万元" in said
    assert "加上 --confirm 入账" in said
    assert not Upload.objects.exists()
    assert imported(path, "--period", "2025-07", "--confirm") == 0
    assert "已入账" in capsys.readouterr().out
    assert Figure.objects.get().value == 5_000_000_000
    assert Cursor.objects.get(name="follow").seq == Event.objects.latest("seq").seq
    assert imported(path, "--period", "2025-07", "--confirm") == 0
    assert "与台账一致" in capsys.readouterr().out
    assert Event.objects.filter(kind="upload.received").count() == 1


def test_problems_are_printed_with_their_cells_and_end_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sheet(tmp_path, ["编码", "完成投资"], ["P-001", "千万"], ["P-009", 1])
    assert imported(path, "--period", "2025-07", "--confirm") == 1
    said = capsys.readouterr().out
    assert "拒收  工作表“月报” B2 完成投资：“千万”" in said
    assert "拒收  工作表“月报” A3 编码" in said
    assert not Upload.objects.exists()


def test_a_program_reads_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert imported(sheet(tmp_path, ["编码", "完成投资"], ["P-001", "x"]), "--period", "2025-07", "--format", "json") == 1
    told = json.loads(capsys.readouterr().out)
    assert [(problem["cell"], problem["grave"]) for problem in told["problems"]] == [("B2", True)]
    assert told["counts"]["refused"] == 1


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [(("--period", "七月"), 1, "期别"), (("--sheet", "没有"), 1, "没有“没有”这张表")],
)
def test_what_was_asked_for_and_is_not_there_is_said(
    tmp_path: Path, more: tuple[str, ...], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imported(sheet(tmp_path, ["编码", "完成投资"], ["P-001", 1]), *more) == code
    assert words in capsys.readouterr().err


def test_a_file_that_cannot_be_read_and_a_stranger_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04")
    assert imported(str(tmp_path / "x.xlsx")) == 1
    assert "已损坏" in capsys.readouterr().err
    assert imported(str(tmp_path / "没有.xlsx")) == 1
    assert "打不开" in capsys.readouterr().err
    path = sheet(tmp_path, ["编码", "完成投资"], ["P-001", 1])
    assert main(["import", path, "--register", city.PROJECTS, "--as", "公民", "--period", "2025-07"]) == 3
    assert main(["import", path, "--register", city.PROJECTS, "--as", "无此人", "--period", "2025-07"]) == 3


def test_an_export_is_imported_again_unchanged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for out in (tmp_path / "项目.xlsx", tmp_path / "项目.csv"):
        assert main(["export", "--register", city.PROJECTS, "--as", "王县", "--out", str(out)]) == 0
        assert "1 行" in capsys.readouterr().out
        assert imported(str(out)) == 0
        assert "新增 0 行，变更 0 行，未变 1 行，拒收 0 行" in capsys.readouterr().out
    rows = list(openpyxl.load_workbook(io.BytesIO((tmp_path / "项目.xlsx").read_bytes())).worksheets[0].values)
    assert rows[0] == ("编码", "名称", "县区", "业主", "概算投资（万元）", "签约日期")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["项目.csv", "项目.xlsx"]


def test_an_export_chooses_columns_and_periods_and_refuses_what_there_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "月报.csv"
    words = ["export", "--register", city.PROJECTS, "--as", "王县", "--out", str(out)]
    assert main([*words, "--columns", "done", "--period", "2025-05", "--period", "2025-06"]) == 0
    assert out.read_text("utf-8-sig").splitlines() == ["编码,2025年5月完成投资（万元）,2025年6月完成投资（万元）", "P-001,,"]
    before = out.read_bytes()
    assert main([*words, "--columns", "nothing"]) == 1
    assert "没有“nothing”这一列" in capsys.readouterr().err
    assert out.read_bytes() == before
    assert main([*words[:-1], str(tmp_path / "月报.pdf")]) == 3
