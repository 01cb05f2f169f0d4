"""The demo city of the stories: built once a run, copied and served for each process, and left alone by everything but its pages.

BIHUAN_STORIES may name the data folder of a demo city that was built before (`bihuan demo --build-only`); it is copied, never changed.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from bihuan import assets
from tests import accessible
from tests.conftest import ROOT, skip_or_fail

PATIENCE = 180
"""Seconds for the site to answer: a few where nothing else runs, a minute where everything does."""

expect.set_options(timeout=20_000)

COMPLAINTS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event => window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
"""

Enter = Visit = Callable[..., Page]
PASSWORD = "Four-quiet-rivers-9"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every story needs a browser and a city that takes a minute to build."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BIHUAN_", "DJANGO_"))}
    return {**kept, "BIHUAN_HOME": str(home), "BIHUAN_DEMO": "on", "BIHUAN_TODAY": "2024-07-10", "BIHUAN_CITY": "濮阳市（演示）"}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a demo city as `bihuan demo --build-only` leaves it. Processes that test side by side share it."""
    if not (assets.VENDOR / "icons.svg").is_file():
        skip_or_fail("the front end is not set up: make assets")
    if kept := os.environ.get("BIHUAN_STORIES"):
        return Path(kept)
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    home, done = shared / "stories", shared / "stories.done"
    with (shared / "stories.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            command = [sys.executable, "-m", "bihuan.command", "demo", "--build-only"]
            told = subprocess.run(command, cwd=ROOT, env=_environment(home), capture_output=True, text=True, timeout=600, check=False)
            assert told.returncode == 0, told.stdout + told.stderr
            done.touch()
    return home


@pytest.fixture(scope="session")
def home(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the city that is served. Stories share it, so each takes rows of its own; what ends for everybody happens in a city apart."""
    return copied(built, tmp_path_factory)


@pytest.fixture(scope="session")
def city(home: Path) -> Iterator[str]:
    """The address of the demo city, served as a site is: its web processes and its follower."""
    with served(home) as address:
        yield address


def copied(built: Path, places: pytest.TempPathFactory) -> Path:
    """A city of its own, as it was built."""
    folder = places.mktemp("city")
    shutil.copytree(built, folder, dirs_exist_ok=True)
    return folder


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve a city until the end of the block; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bihuan.command", "serve", "--bind", f"127.0.0.1:{port}"]
    with (
        (home / "served.log").open("w") as log,
        subprocess.Popen(command, cwd=ROOT, env=_environment(home), stdout=log, stderr=log) as serving,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/login/", serving, home / "served.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            serving.terminate()


def _wait(address: str, serving: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and serving.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"the city does not answer at {address}\n{log.read_text('utf-8')}")


@pytest.fixture
def visit(browser: Browser, city: str) -> Iterator[Visit]:
    """Opens a browser of somebody who has not signed in.

    Afterwards: nothing left this machine, no policy was violated, no script failed.
    """
    opened: list[tuple[BrowserContext, list[str]]] = []

    def visited(*, width: int = 1440) -> Page:
        context = browser.new_context(
            base_url=city, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": width, "height": 900}, reduced_motion="reduce"
        )
        context.set_default_timeout(60_000)  # a page that comes late on a busy machine is not a wrong page
        context.add_init_script(COMPLAINTS)
        wrong: list[str] = []
        context.on(
            "request", lambda request: None if request.url.startswith((city, "data:", "blob:")) else wrong.append(f"asked {request.url}")
        )
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        opened.append((context, wrong))
        return context.new_page()

    yield visited
    for context, wrong in opened:
        violations = [found for page in context.pages for found in page.evaluate("window.violations")]
        context.close()
        assert [*wrong, *violations] == []


@pytest.fixture
def enter(visit: Visit) -> Enter:
    """Opens a browser of its own and goes in as one of the three faces of the sign-in page, by one click."""

    def entered(face: str, *, width: int = 1440) -> Page:
        page = visit(width=width)
        page.goto("/login/")
        page.get_by_role("button", name=face).click()
        page.wait_for_url(lambda url: "/login/" not in url)
        return page

    return entered


@pytest.fixture
def admit(home: Path, visit: Visit) -> Callable[[str], Page]:
    """Gives somebody of the city a password, and goes in as them."""

    def admitted(username: str) -> Page:
        command = [sys.executable, "-m", "bihuan.command", "member", username, "--password", "--as", "demo-sysadmin"]
        told = subprocess.run(command, cwd=ROOT, env=_environment(home), input=f"{PASSWORD}\n", capture_output=True, text=True, timeout=120, check=False)
        assert told.returncode == 0, told.stdout + told.stderr
        page = visit()
        page.goto("/login/")
        page.locator("[name=username]").fill(username)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
        return page

    return admitted


def tab_to(page: Page, wanted: Locator, most: int = 80) -> None:
    """Press Tab until something is in focus, as a person without a mouse does."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"{most} presses of Tab do not lead to {wanted}")


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core, to be run in a page."""
    return accessible.source()
