"""The main pages of the demo city: readable by everybody, no wider than a phone, and nothing the policy forbids."""

import pytest
from playwright.sync_api import Page

from tests.accessible import violations
from tests.stories.conftest import Enter

PROJECTS = "/registers/major_projects.projects/"
FIRST_ROW, FIRST_PAPER = "#rows a[href*='/rows/']", "main table a[href*='/papers/']"

PAGES = {
    "workbench": ("干部", ("/desk/",)),
    "board": ("领导", ("/board/",)),
    "register": ("干部", (PROJECTS,)),
    "row": ("干部", (f"{PROJECTS}?light.plates.plate=red", FIRST_ROW)),
    "why": ("干部", (f"{PROJECTS}?light.plates.plate=red", FIRST_ROW, "main a[href*='/lights/']")),
    "fill": ("干部", (f"{PROJECTS}fill/?period=2024-05",)),
    "upload": ("干部", ("/uploads/to/major_projects.projects/projects.monthly_sheet/",)),
    "paper": ("干部", ("/papers/", FIRST_PAPER)),
    "enterprise": ("企业", ("/mine/",)),
}
"""Who goes to each page, and how: an address, then what they click on."""



def walk(page: Page, steps: tuple[str, ...]) -> None:
    page.goto(steps[0])
    for link in steps[1:]:
        page.goto(str(page.locator(link).first.get_attribute("href")))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits_a_phone(enter: Enter, axe: str, name: str) -> None:
    face, steps = PAGES[name]
    page = enter(face)
    walk(page, steps)
    page.wait_for_load_state("networkidle")
    assert violations(page, axe) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
