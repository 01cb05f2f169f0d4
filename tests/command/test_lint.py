"""`bihuan lint` and `bihuan schema` as somebody at a terminal sees them."""

import json
from pathlib import Path

import pytest

from bihuan.command import main
from tests.foundation.grammar.guide import guide_files


@pytest.fixture
def roads(tmp_path: Path) -> Path:
    folder = tmp_path / "roads"
    folder.mkdir()
    for name, text in guide_files().items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_LANGUAGE", "en")


def test_a_good_pack_is_quiet(roads: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", str(roads)]) == 0
    assert capsys.readouterr().out == "1 pack(s): 0 to put right, 0 piece(s) of advice\n"


def test_a_folder_of_packs_is_read(roads: Path) -> None:
    assert main(["lint", str(roads.parent)]) == 0


def test_what_is_wrong_is_told_with_its_place(roads: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_LANGUAGE", "zh")
    text = (roads / "roads.yaml").read_text("utf-8")
    (roads / "roads.yaml").write_text(text.replace("yellow: 80%", "yellow: 99%"), "utf-8")
    assert main(["lint", str(roads)]) == 1
    told = capsys.readouterr().out
    assert "roads/roads.yaml:" in told
    assert "绿灯线 95%、黄灯线 99% 与“越高越好”矛盾" in told
    assert told.splitlines()[-1] == "1 个应用包：1 处要改，0 处提醒"


def test_a_pack_that_does_not_load_is_told_like_any_other(roads: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (roads / "roads.yaml").write_text("mechanism: roads\nmechanism: roads\n", "utf-8")
    assert main(["lint", "--format", "json", str(roads)]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["packs"] == ["roads"]
    assert {(finding["file"], finding["line"], finding["rule"]) for finding in found["findings"]} == {("roads/roads.yaml", 2, "yaml")}


def test_a_folder_without_a_pack_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", str(tmp_path)]) == 2
    assert "there is no pack.yaml" in capsys.readouterr().err


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Bihuan pack"
