"""What every test may ask for: the material beside the checkout, a PostgreSQL, a browser; and what CI does not let pass."""

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page, sync_playwright

from tests.audit import ledger_may_be_emptied, watching
from tests.reachable import answers
from tests.sails import LACKING, installed, sailing

pytest_plugins = ["tests.experiments"]

if not hasattr(sys.modules["__main__"], "__file__"):
    # In a worker of pytest-xdist the main module has no file; the client of a cluster takes that for its own doctests, and leaves.
    sys.modules["__main__"].__file__ = __file__

ROOT = Path(__file__).resolve().parent.parent
CI = os.environ.get("CI") == "true"

settings.register_profile("quick", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", max_examples=2_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

# Without these, Chromium tries to look up its maker's hosts at every start.
CHROMIUM_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip


def skip_or_fail(reason: str) -> None:
    """Skip, but fail in CI: there, what a test needs is installed and running."""
    if CI:
        pytest.fail(f"CI=true allows no skipping: {reason}")
    pytest.skip(reason)


def pytest_collection_finish() -> None:
    """What stands once everything is collected stands to the end: the collector of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """At the end it may go: libraries that count what they hand out say at the exit what was never given back."""
    gc.unfreeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave PostgreSQL-only tests out of a run on SQLite; `make test` makes a second run on PostgreSQL."""
    if connection.vendor == "postgresql":
        return
    for item in items:
        if item.get_closest_marker("postgres_only"):
            item.add_marker(pytest.mark.skip(reason="runs on PostgreSQL only: make test-postgres"))


@pytest.fixture(scope="session", autouse=True)
def tables_can_be_emptied() -> Iterator[None]:
    """Between two tests with real transactions Django empties every table, the ledger too."""
    with ledger_may_be_emptied():
        yield


@pytest.fixture(autouse=True)
def nothing_is_written_behind_the_ledger(request: pytest.FixtureRequest) -> Iterator[None]:
    """Any write on a projected table in a transaction that appends nothing to the ledger fails the test."""
    if "db" not in request.fixturenames and not request.node.get_closest_marker("django_db"):
        yield
        return
    request.getfixturevalue("db")
    if not connection.in_atomic_block:  # a test with real transactions of its own
        yield
        return
    with watching() as audit:
        yield
    assert audit.unrecorded() == [], "a table was changed without the ledger; write through bihuan.foundation.actions"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of mission and source texts beside the checkout, or named by BIHUAN_SHARED."""
    folder = Path(os.environ.get("BIHUAN_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("the source texts are not beside this checkout; name their folder in BIHUAN_SHARED")
    return folder


@pytest.fixture(scope="session")
def cluster_address() -> Iterator[str]:
    """A cluster for the whole run: Sail on loopback."""
    if not installed():
        skip_or_fail(LACKING)
    with sailing() as sail:
        yield sail.address


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """A PostgreSQL on loopback, for a test that starts processes of its own there."""
    url = os.environ.get("BIHUAN_TEST_DATABASE") or "postgres://127.0.0.1:5432/postgres"
    if not answers(url):
        skip_or_fail(f"no PostgreSQL answers at {url}")
    return url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process: the system's own, without a window."""
    program = os.environ.get("CHROME_BIN") or shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        skip_or_fail("no Chromium is installed (Debian: apt-get install chromium)")
    # Playwright runs an event loop in this thread, which Django otherwise takes for an asynchronous view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page in Chinese at 1440 by 900. The test fails if anything asks for an address outside this machine."""
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    outside: list[str] = []
    context.on("request", lambda request: None if _local(request.url) else outside.append(request.url))
    yield context.new_page()
    context.close()
    assert not outside, f"the page asked for {outside}"


def _local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1", "http://localhost", "data:", "blob:", "about:"))
