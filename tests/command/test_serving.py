"""`bihuan serve` as a process: it refuses without tables, answers with them, and leaves nothing behind when it is ended."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psutil
import pytest

pytestmark = pytest.mark.slow  # processes of their own, killed and counted

KEPT = 15
"""Seconds a connection is kept for a further request."""

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A site of its own, in debug so that no static files have to be compressed first."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("BIHUAN", "DJANGO"))}
    return {**clean, "BIHUAN_HOME": str(tmp_path), "BIHUAN_LANGUAGE": "en", "BIHUAN_DEBUG": "on"}


@pytest.fixture
def address() -> str:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def bihuan(*words: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bihuan.command", *words], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def site(environ: dict[str, str], address: str) -> Iterator[psutil.Popen]:
    assert bihuan("migrate", environ=environ).returncode == 0
    process = psutil.Popen([sys.executable, "-m", "bihuan.command", "serve", "--no-follow", "--bind", address], cwd=ROOT, env=environ)
    yield process
    if process.is_running():
        process.kill()
        process.wait()


def status(address: str, *, within: float) -> int:
    """The HTTP status of the first page, asked for until the site answers."""
    end = time.monotonic() + within
    while True:
        try:
            with urlopen(f"http://{address}/", timeout=5) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code
        except URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def gone(processes: list[psutil.Process], *, within: float) -> bool:
    return not psutil.wait_procs(processes, timeout=within)[1]


@pytest.mark.parametrize("words", [["tick"], ["verify"], ["replay"], ["follow", "--once"], ["office", "闭环市"]], ids=lambda words: words[0])
def test_every_verb_refuses_a_database_without_tables(environ: dict[str, str], words: list[str]) -> None:
    done = bihuan(*words, environ=environ)
    assert (done.returncode, done.stdout) == (3, "")
    assert "bihuan migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_database_is_said_in_a_sentence(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "bihuan.sqlite3").write_bytes(b"no database at all" * 500)
    done = bihuan("verify", environ=environ)
    assert done.returncode == 3
    assert "restore a backup" in done.stderr
    assert "Traceback" not in done.stderr


def test_migrate_puts_the_triggers_of_the_ledger_back(environ: dict[str, str], tmp_path: Path) -> None:
    assert bihuan("migrate", environ=environ).returncode == 0
    with closing(sqlite3.connect(tmp_path / "bihuan.sqlite3")) as behind:
        behind.execute("DROP TRIGGER event_refuses_update")
    assert bihuan("verify", environ=environ).returncode == 1
    assert "are back" in bihuan("migrate", environ=environ).stdout
    assert bihuan("verify", environ=environ).returncode == 0


def test_serve_refuses_a_database_without_tables(environ: dict[str, str], address: str) -> None:
    refused = bihuan("serve", "--bind", address, environ=environ)
    assert refused.returncode == 3
    assert "bihuan migrate" in refused.stderr


def test_serve_answers_and_ends_cleanly_on_sigterm(site: psutil.Popen, address: str) -> None:
    assert status(address, within=30) < 500
    family = site.children(recursive=True)
    assert len(family) == 2  # gunicorn and its worker
    site.send_signal(signal.SIGTERM)
    assert site.wait(timeout=30) == 0
    assert gone(family, within=5)


def test_serve_waits_for_no_connection_that_nobody_asks_anything_on(site: psutil.Popen, address: str) -> None:
    status(address, within=30)
    host, port = address.split(":")
    silent = [socket.create_connection((host, int(port))) for _place in range(4)]
    kept = HTTPConnection(address)
    kept.request("GET", "/login/")
    kept.getresponse().read()
    family = site.children(recursive=True)
    os.kill(site.pid, signal.SIGINT)
    assert site.wait(timeout=KEPT - 3) == 0, "sooner than a connection would be let go by itself"
    assert gone(family, within=5)
    kept.close()
    for connection in silent:
        connection.close()


@pytest.mark.skipif(sys.platform != "linux", reason="children end with a killed parent on Linux only")
def test_serve_killed_outright_leaves_nothing_on_the_port(site: psutil.Popen, address: str) -> None:
    status(address, within=30)
    family = site.children(recursive=True)
    site.kill()
    site.wait()
    assert gone(family, within=30)
