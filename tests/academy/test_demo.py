"""`bihuan demo`: what it refuses, what it builds, and that a killed build leaves nothing behind."""

import os
import socket
import subprocess
import sys
import time
from argparse import Namespace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bihuan.academy.clearing import NotInvented, clear
from bihuan.command import demo as command
from bihuan.command import demo_city
from bihuan.command.outcomes import Refused
from bihuan.computing.follow import SWEEP
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import OfficeGiven, set_office
from bihuan.foundation.models import Cursor, Event, Office

NOW = datetime(2025, 7, 8, 1, 0, tzinfo=UTC)


@pytest.fixture
def real_city(db: None) -> None:
    """A database that somebody works with."""
    set_office(SYSTEM, OfficeGiven("某市", "city"), NOW)


def asked(**more: object) -> Namespace:
    return Namespace(**{"bind": "127.0.0.1:0", "port": 0, "build_only": False, "fresh": False, **more})


@pytest.mark.parametrize("fresh", [False, True])
def test_a_real_city_is_left_alone(real_city: None, *, fresh: bool) -> None:
    with pytest.raises(Refused, match="不是演示城市") as refused:
        demo_city.raise_city(fresh=fresh)
    assert "BIHUAN_HOME=" in refused.value.en
    assert Office.objects.get().code == "某市"
    assert Event.objects.count() == 1


def test_nothing_but_an_invented_city_is_ever_cleared(real_city: None) -> None:
    with pytest.raises(NotInvented):
        clear()
    assert Event.objects.count() == 1


def test_the_clock_goes_on_from_where_the_city_has_come_to(db: None, settings: object) -> None:
    settings.BIHUAN_TODAY = date(2024, 7, 10)  # type: ignore[attr-defined]
    assert demo_city.today() == date(2024, 7, 10)
    Cursor.objects.create(name=SWEEP, day=date(2024, 7, 19))
    assert demo_city.today() == date(2024, 7, 19)


def test_a_taken_port_is_said_before_anything_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in command.HELD:
        monkeypatch.setenv(name, command.HELD[name])
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Refused, match="换一个端口"):
            command.demo(asked(port=other.getsockname()[1]))


def test_a_site_that_says_it_is_no_demo_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in command.HELD:
        monkeypatch.setenv(name, command.HELD[name])
    monkeypatch.setenv("BIHUAN_DEMO", "off")
    with pytest.raises(Refused, match="BIHUAN_DEMO=on"):
        command.demo(asked())


# --- in processes of their own


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BIHUAN_", "DJANGO_"))}
    return {**kept, "BIHUAN_HOME": str(home), "BIHUAN_LANGUAGE": "en"}


def bihuan(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "bihuan.command", *words], env=environment(home), capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_city_is_built_once_proved_and_thrown_away_on_request(tmp_path: Path) -> None:
    first = bihuan(tmp_path, "demo", "--build-only")
    assert first.returncode == 0, first.stderr
    assert "entries in the ledger" in first.stdout
    assert "100%" in first.stdout
    assert bihuan(tmp_path, "demo", "--build-only").stdout == ""
    assert bihuan(tmp_path, "verify").returncode == 0
    assert bihuan(tmp_path, "replay").returncode == 0
    again = bihuan(tmp_path, "demo", "--build-only", "--fresh")
    assert again.returncode == 0, again.stderr
    assert "Throwing the last demo city away" in again.stdout
    assert bihuan(tmp_path, "verify").returncode == 0


@pytest.mark.slow
def test_a_killed_build_leaves_nothing_and_is_begun_anew(tmp_path: Path) -> None:
    words = [sys.executable, "-u", "-m", "bihuan.command", "demo", "--build-only"]
    with subprocess.Popen(words, env=environment(tmp_path), stdout=subprocess.PIPE, text=True) as building:
        assert building.stdout
        for line in building.stdout:
            if " 30%" in line:
                building.kill()
                break
    time.sleep(0.2)
    assert bihuan(tmp_path, "verify").returncode == 0
    again = bihuan(tmp_path, "demo", "--build-only")
    assert again.returncode == 0, again.stderr
    assert "entries in the ledger" in again.stdout
