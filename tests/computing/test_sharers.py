"""Eight workers at one quota: whatever they do at the same moment, no more is given than there is."""

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

ROOT = Path(__file__).resolve().parents[2]
Experiment = Callable[[str, int], dict[str, Any]]
WHOLE = {"overdrawn": 0, "sum": 0, "sound": True, "different": 0}


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
    command = [sys.executable, "-m", "tests.computing.sharers", name, str(number)]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_of_eight_allocations_confirmed_at_once_one_counts(anywhere: Experiment) -> None:
    assert anywhere("confirming", 6) == {"confirmed": 1, "refused": 7, "counted": 1, **WHOLE}


def test_of_eight_transfers_at_once_only_those_that_fit_are_booked(anywhere: Experiment) -> None:
    assert anywhere("transferring", 0) == {"confirmed": 3, "refused": 5, "counted": 3, **WHOLE}
