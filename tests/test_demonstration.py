"""The mark of a demo city: later commands ask it on its own day, and nothing but its own database is ever taken for one."""

import json
from datetime import date
from pathlib import Path

import pytest

from bihuan import demonstration
from bihuan.environment import SettingRefused


def given(home: Path, **more: str) -> dict[str, str]:
    return demonstration.with_mark({"BIHUAN_HOME": str(home), **more})


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    demonstration.mark(tmp_path, date(2024, 7, 19), "濮阳市（演示）")
    return tmp_path


def test_a_marked_city_is_asked_on_the_day_it_has_come_to(marked: Path) -> None:
    found = given(marked)
    assert found["BIHUAN_DEMO"] == "on"
    assert found["BIHUAN_TODAY"] == "2024-07-19"
    assert found["BIHUAN_CITY"] == "濮阳市（演示）"


def test_what_is_set_counts_more_than_the_mark(marked: Path) -> None:
    assert given(marked, BIHUAN_TODAY="2024-12-01")["BIHUAN_TODAY"] == "2024-12-01"
    assert given(marked, BIHUAN_DEMO="off", BIHUAN_TODAY="")["BIHUAN_DEMO"] == "off"


def test_a_city_on_postgresql_is_never_taken_for_a_demo_by_a_mark_left_behind(marked: Path) -> None:
    assert "BIHUAN_DEMO" not in given(marked, BIHUAN_DATABASE="postgres://db.example/city")


def test_a_city_without_mark_is_a_real_one(tmp_path: Path) -> None:
    assert given(tmp_path) == {"BIHUAN_HOME": str(tmp_path)}


def test_a_mark_may_not_set_anything_else(marked: Path) -> None:
    (marked / "demo.json").write_text(json.dumps({"BIHUAN_DEMO": "on", "BIHUAN_DATABASE": "postgres://db.example/x", "PATH": "/"}), "utf-8")
    assert set(given(marked)) == {"BIHUAN_HOME", "BIHUAN_DEMO"}


@pytest.mark.parametrize("text", ["{", "[]", "\x00"])
def test_a_mark_that_cannot_be_read_is_refused_and_demo_writes_it_again(marked: Path, text: str) -> None:
    (marked / "demo.json").write_text(text, "utf-8")
    with pytest.raises(SettingRefused, match="bihuan demo"):
        given(marked)
    assert given(marked, **demonstration.HELD)["BIHUAN_DEMO"] == "on"
