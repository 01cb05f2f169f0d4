"""The look in a real Chromium: accessible in every mode, nothing wider than the screen, and the small scripts do their work."""

import pytest
from django.conf import settings as site
from django.urls import include, path
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from bihuan import assets
from bihuan.portal.security import ContentSecurityPolicy
from bihuan.portal.styleguide.samples import PAGES
from tests import accessible
from tests.conftest import skip_or_fail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

urlpatterns = [path("styleguide/", include("bihuan.portal.styleguide.urls")), path("i18n/", include("django.conf.urls.i18n"))]

FIRST = ("login", "workbench", "register", "entry", "board", "why")
LOOKS = {"light": (1440, "light"), "dark": (1440, "dark"), "phone": (390, "light")}


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core, to be run in a page."""
    return accessible.source()


@pytest.fixture
def guide(live_server: LiveServer, settings: Settings) -> str:
    """The style guide's address, served under the site's own Content-Security-Policy."""
    if not (assets.VENDOR / "icons.svg").is_file():
        skip_or_fail("the front end is not set up: make assets")
    settings.ROOT_URLCONF = __name__
    settings.STATICFILES_DIRS = [assets.VENDOR]
    settings.MIDDLEWARE = [
        f"{ContentSecurityPolicy.__module__}.{ContentSecurityPolicy.__qualname__}",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django_htmx.middleware.HtmxMiddleware",
    ]
    assert "'unsafe-inline'" not in site.CONTENT_SECURITY_POLICY.replace("style-src-attr 'unsafe-inline'", "")
    return f"{live_server.url}/styleguide"


def seen(page: Page, address: str, look: str) -> list[str]:
    """Open a page in one look; what the browser complained about."""
    width, scheme = LOOKS[look]
    page.set_viewport_size({"width": width, "height": 844 if width == 390 else 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return complaints


def check(page: Page, guide: str, name: str, look: str, axe: str) -> None:
    complaints = seen(page, f"{guide}/{name}/", look)
    if PAGES[name].status == 200:
        assert complaints == []
    assert accessible.violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= LOOKS[look][0]


@pytest.mark.parametrize("name", FIRST)
def test_the_first_pages_are_accessible_and_fit(page: Page, guide: str, name: str, axe: str) -> None:
    check(page, guide, name, "light", axe)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "look"), [(name, look) for name in sorted(PAGES) for look in LOOKS if name not in FIRST or look != "light"])
def test_every_other_page_and_look_is_accessible_and_fits(page: Page, guide: str, name: str, look: str, axe: str) -> None:
    check(page, guide, name, look, axe)


def test_a_column_is_moved_by_the_keyboard_and_the_choice_is_sent(page: Page, guide: str) -> None:
    page.goto(f"{guide}/register/")
    page.get_by_text("列与行高").focus()
    page.keyboard.press("Enter")
    columns = page.locator("#arrange li")
    before = columns.nth(3).inner_text().strip()
    with page.expect_request(lambda request: request.method == "POST" and request.headers.get("hx-target") == "rows"):
        columns.nth(3).locator("[data-shift='-1']").focus()
        page.keyboard.press("Enter")
    assert columns.nth(2).inner_text().strip() == before
    expect(columns.nth(2).locator("[data-shift='-1']")).to_be_focused()


def test_choosing_rows_brings_up_what_can_be_done_with_them(page: Page, guide: str) -> None:
    page.goto(f"{guide}/register/")
    expect(page.locator("#bulk")).to_be_hidden()
    page.locator("input[name=pick]").nth(0).check()
    page.locator("input[name=pick]").nth(2).check()
    expect(page.locator("#bulk")).to_be_visible()
    expect(page.locator("[data-picked]")).to_have_text("2")
    page.locator("[data-pick-none]").click()
    expect(page.locator("#bulk")).to_be_hidden()


def test_a_filter_swaps_rows_and_counts_and_keeps_its_address(page: Page, guide: str) -> None:
    page.goto(f"{guide}/register/")
    with page.expect_response(lambda answer: "county=" in answer.url and answer.request.headers.get("hx-target") == "rows") as answer:
        page.locator("#filter-county").select_option("范县")
    assert "sort=name" in answer.value.url
    expect(page.locator("#rows .summary")).to_have_count(1)
    page.wait_for_url("**county=**")


def test_a_form_opens_in_the_drawer_and_escape_closes_it(page: Page, guide: str) -> None:
    page.goto(f"{guide}/entry/")
    page.get_by_role("link", name="改派").click()
    expect(page.locator("#drawer")).to_be_visible()
    expect(page.locator("#drawer-title")).to_have_text("改派：包联领导")
    expect(page.locator("#drawer nav.nav")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()


def test_a_tab_swaps_in_place_and_draws_its_chart(page: Page, guide: str) -> None:
    page.goto(f"{guide}/entry-history/")
    page.get_by_role("navigation", name="内容").get_by_role("link", name="数").click()
    expect(page.locator("#tab [data-chart] svg")).to_be_visible()
    expect(page.locator("#tab [aria-current=page]")).to_contain_text("数")
    expect(page.locator("#tab")).to_have_count(1)


def test_a_reader_chooses_dark_and_large_and_sees_both_at_once(page: Page, guide: str) -> None:
    """The device keeps the theme; the account keeps the size of type, which `tests/stories/test_desk.py` follows."""
    page.goto(f"{guide}/workbench/")
    page.locator("summary.tool").click()
    page.get_by_role("button", name="深色").click()
    page.get_by_role("button", name="大字").click()
    expect(page.locator("html")).to_have_attribute("data-type", "large")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 21, 32)"


def test_the_essentials_work_without_scripts(browser: Browser, guide: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{guide}/register/")
    expect(page.locator("#bulk")).to_be_visible()
    expect(page.locator("#nav")).to_be_hidden()
    page.locator(".tool-menu").click()
    expect(page.locator("#nav")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [1366, 1920, 3840])
def test_the_board_fills_a_wide_screen_without_scrolling(page: Page, guide: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": width * 9 // 16})
    page.goto(f"{guide}/board/")
    assert page.evaluate("document.documentElement.scrollHeight") <= width * 9 // 16
