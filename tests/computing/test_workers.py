"""Two workers at once, some killed at any instant: what time and the ledger set off happens once, on its day, and nothing is half done."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

pytestmark = pytest.mark.slow  # processes of their own, killed and counted

ROOT = Path(__file__).resolve().parents[2]
Experiment = Callable[[str, int], dict[str, Any]]
WHOLE = {"sound": True, "different": 0, "misjudged": 0}


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Experiment:
    """Experiments on a SQLite file of their own."""
    return lambda name, number: _run(name, number, BIHUAN_HOME=str(tmp_path), BIHUAN_DATABASE="")


@pytest.fixture
def on_postgres(tmp_path: Path, postgres_url: str) -> Iterator[Experiment]:
    """Experiments on a PostgreSQL database of their own, dropped afterwards."""
    name = f"bihuan_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        url = urlunsplit(urlsplit(postgres_url)._replace(path=f"/{name}"))
        yield lambda experiment, number: _run(experiment, number, BIHUAN_HOME=str(tmp_path), BIHUAN_DATABASE=url)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def anywhere(request: pytest.FixtureRequest) -> Experiment:
    """On both databases."""
    found: Experiment = request.getfixturevalue(f"on_{request.param}")
    return found


def _run(name: str, number: int, **environment: str) -> dict[str, Any]:
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "bihuan.settings", **environment}
    environ.pop("BIHUAN_TEST_DATABASE", None)
    command = [sys.executable, "-m", "tests.computing.workers", name, str(number)]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_two_sweepers_fire_everything_once_and_on_its_day(anywhere: Experiment) -> None:
    assert anywhere("sweeps", 14) == {"killed": 0, "twice": 0, "never": 0, "early": 0, "wrong_day": 0, **WHOLE}


@pytest.mark.slow
def test_sweepers_killed_at_any_instant_lose_and_repeat_nothing(anywhere: Experiment) -> None:
    found = anywhere("sweeps_killed", 14)
    assert found.pop("killed") > 5
    assert found == {"twice": 0, "never": 0, "early": 0, "wrong_day": 0, **WHOLE}


@pytest.mark.slow
def test_followers_killed_at_any_instant_start_each_handoff_once(anywhere: Experiment) -> None:
    found = anywhere("follows_killed", 12)
    assert found.pop("killed") > 5
    assert found == {"twice": 0, "never": 0, "early": 0, **WHOLE}
