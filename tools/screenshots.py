"""`make screenshots`: photograph the running demo city for the READMEs, as JPEG files in docs/pictures.

Builds and serves the demo city on a free port, signs in at one click as the people the sign-in page offers, and walks to each page by
its links. Needs Chromium (Debian: apt-get install chromium fonts-noto-cjk).
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

from tools.site import CHROMIUM, ROOT, chromium, demo_city

PICTURES = ROOT / "docs" / "pictures"
LEADER, OFFICER, ENTERPRISE = 0, 1, 2  # the order of the cards on the sign-in page
NOBODY = -1
PROJECTS, PLATE, LIGHT = "major_projects.projects", "light.plates.plate", "a[href$='.{}/']"


@dataclass(frozen=True)
class Shot:
    """One picture: its name, who looks, how they come to the page, and the screen they look at."""

    name: str
    person: int
    walk: Callable[[Page, str], None]
    dark: bool = False
    phone: bool = False


def to(address: str) -> Callable[[Page, str], None]:
    """The page at an address."""
    return lambda page, site: page.goto(f"{site}{address}") and None


def entry(page: Page, site: str) -> None:
    """The first project with a red plate."""
    page.goto(f"{site}/registers/{PROJECTS}/?{PLATE}=red")
    page.locator("#rows tbody a[href*='/rows/']").first.click()


def why(page: Page, site: str) -> None:
    """From that project, why its plate is red."""
    entry(page, site)
    page.goto(f"{site}{page.locator(LIGHT.format('plates.plate')).first.get_attribute('href')}")


def cell(page: Page, site: str) -> None:
    """From that project, the last month's figure behind another of its lights: who wrote it, and in which cell of which sheet it stood."""
    entry(page, site)
    page.goto(f"{site}{page.locator(LIGHT.format('enrolment_check.amounts')).first.get_attribute('href')}")
    figure = page.locator("a[href*='/figures/completed/']").last
    page.goto(f"{site}{figure.get_attribute('href')}")


def room(page: Page, site: str) -> None:
    """The meeting of today, in the room."""
    page.goto(f"{site}/desk/")
    session = page.locator("main a[href^='/meetings/']:not([href='/meetings/'])").first
    page.goto(f"{site}{session.get_attribute('href')}")


SHOTS = (
    Shot("board", LEADER, to(f"/board/{PROJECTS}/?light=plates.plate")),
    Shot("workbench", OFFICER, to("/desk/")),
    Shot("workbench-phone", OFFICER, to("/desk/"), phone=True),
    Shot("register", OFFICER, to(f"/registers/{PROJECTS}/?{PLATE}=red&{PLATE}=yellow")),
    Shot("gantt", OFFICER, to(f"/registers/{PROJECTS}/?view=gantt&{PLATE}=red&{PLATE}=yellow")),
    Shot("entry", OFFICER, entry),
    Shot("why", OFFICER, why),
    Shot("cell", OFFICER, cell, dark=True),
    Shot("room", OFFICER, room),
    Shot("room-phone", OFFICER, room, phone=True),
    Shot("mine", ENTERPRISE, to("/mine/")),
    Shot("mine-phone", ENTERPRISE, to("/mine/"), phone=True),
    Shot("open", NOBODY, to("/open/")),
    Shot("open-phone", NOBODY, to("/open/"), phone=True),
)


def main() -> int:
    """Take every picture, or those named on the command line."""
    wanted = set(sys.argv[1:]) or {shot.name for shot in SHOTS}
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo_city() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM))
        for shot in SHOTS:
            if shot.name in wanted:
                file = PICTURES / f"{shot.name}.jpg"
                file.write_bytes(photographed(browser, site, shot))
                print(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1024} kB")
        browser.close()
    return 0


def photographed(browser: Browser, site: str, shot: Shot) -> bytes:
    """One picture as JPEG: what the screen shows without scrolling, a little more of it on a phone."""
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", color_scheme="dark" if shot.dark else "light",
        viewport={"width": 390, "height": 844} if shot.phone else {"width": 1440, "height": 900},
    )  # fmt: skip
    page = context.new_page()
    if shot.person != NOBODY:
        page.goto(f"{site}/login/")
        page.locator(".role-card").nth(shot.person).click()
        page.wait_for_load_state("networkidle")
        if page.get_by_role("button", name="不看了").is_visible():
            page.get_by_role("button", name="不看了").click()
    shot.walk(page, site)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    taken = page.screenshot(animations="disabled", type="jpeg", quality=62)
    context.close()
    return taken


if __name__ == "__main__":
    raise SystemExit(main())
