"""A demo city that is served while a tool looks at it with the system's own Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "build" / "screenshots"  # a city of its own, kept for the next time
CHROMIUM = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--font-render-hinting=none",
)  # fmt: skip
PATIENCE = 300  # seconds for a first build of the city


def chromium() -> str:
    """The system's own Chromium."""
    found = os.environ.get("CHROME_BIN") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise SystemExit("no Chromium is installed (Debian: apt-get install chromium fonts-noto-cjk)")
    return found


@contextmanager
def demo_city() -> Iterator[str]:
    """The address of a demo city that is being served; ended afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = f"http://127.0.0.1:{port}"
    environ = os.environ | {"BIHUAN_HOME": str(HOME)}
    serving = subprocess.Popen([sys.executable, "-m", "bihuan.command", "demo", "--bind", f"127.0.0.1:{port}"], cwd=ROOT, env=environ)
    try:
        wait_for(site, serving)
        yield site
    finally:
        serving.terminate()
        serving.wait(60)


def wait_for(site: str, serving: subprocess.Popen[bytes]) -> None:
    """Return once the site answers; stop where it ended or takes too long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if serving.poll() is not None:
            raise SystemExit(f"bihuan demo ended with code {serving.returncode}")
        try:
            with urllib.request.urlopen(f"{site}/login/", timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.5)
    raise SystemExit(f"no answer from {site} in {PATIENCE} seconds")
