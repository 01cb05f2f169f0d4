"""Experiments: processes of their own on a database of their own. Each test module names the module that holds its experiments in ``ACTORS``."""

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

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 600
"""Seconds for one experiment: a few where nothing else runs."""

Experiment = Callable[[str, int], dict[str, Any]]
"""The name of an experiment and a number it is given; what it counted."""


@pytest.fixture
def on_sqlite(request: pytest.FixtureRequest, tmp_path: Path) -> Experiment:
    """Experiments on a SQLite file of their own."""
    actors = request.module.ACTORS
    return lambda name, number: _run(actors, name, number, BIHUAN_HOME=str(tmp_path), BIHUAN_DATABASE="")


@pytest.fixture
def on_postgres(request: pytest.FixtureRequest, tmp_path: Path, postgres_url: str) -> Iterator[Experiment]:
    """Experiments on a PostgreSQL database of their own, dropped afterwards."""
    actors, name = request.module.ACTORS, f"bihuan_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        url = urlunsplit(urlsplit(postgres_url)._replace(path=f"/{name}"))
        yield lambda experiment, number: _run(actors, experiment, number, BIHUAN_HOME=str(tmp_path), BIHUAN_DATABASE=url)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def anywhere(request: pytest.FixtureRequest) -> Experiment:
    """On both databases."""
    found: Experiment = request.getfixturevalue(f"on_{request.param}")
    return found


def _run(actors: str, name: str, number: int, **environment: str) -> dict[str, Any]:
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "bihuan.settings", **environment}
    environ.pop("BIHUAN_TEST_DATABASE", None)
    command = [sys.executable, "-m", actors, name, str(number)]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
