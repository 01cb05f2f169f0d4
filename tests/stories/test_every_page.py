"""Every page there is, found by its links as a person finds it: accessible in light and dark, and no wider than a phone.

A page is known by the name of its address; the first link to each name is followed.
"""

from collections import deque
from typing import Literal
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from tests.accessible import violations
from tests.stories.conftest import Enter, Visit

LINKS = """Array.from(
    document.querySelectorAll('a[href], [hx-get]'), one => new URL(one.getAttribute('href') || one.getAttribute('hx-get'), location).href
)"""

WIDTH = "new Promise(wide => requestAnimationFrame(() => requestAnimationFrame(() => wide(document.documentElement.scrollWidth))))"
"""The width of the page once it is laid out and drawn for the screen it is on."""

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def name_of(address: str) -> str:
    """The name of the page at an address; empty for what is none."""
    try:
        return str(resolve(urlsplit(address).path).url_name or "")
    except Resolver404:
        return ""


def opened(page: Page, address: str) -> str | None:
    """Go to an address: what answered wrongly, nothing for a page, and None for a file or a part of a page, which are passed over."""
    try:
        answer = page.goto(address)
    except PlaywrightError as problem:
        if "Download is starting" in problem.message or "ERR_ABORTED" in problem.message:
            return None
        raise
    assert answer is not None, address
    if not answer.ok:
        return f"answers {answer.status}"
    is_page = "text/html" in answer.headers.get("content-type", "") and page.locator("html[lang]").count() == 1
    return "" if is_page else None


def wrong_with(page: Page, axe: str) -> list[list[str]]:
    """What axe finds on the page in light and in dark, and how much wider than a phone it is."""
    found: list[list[str]] = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found += [[scheme, *one] for one in violations(page, axe)]
    page.set_viewport_size(PHONE)
    width = page.evaluate(WIDTH)
    page.set_viewport_size(DESK)
    return found + ([["phone", f"{width} px wide"]] if width > PHONE["width"] else [])


def walked(page: Page, site: str, axe: str, *also: str) -> dict[str, list[list[str]]]:
    """What is wrong with one page of each name that can be reached by links from here and ``also`` from there, by address; each is loaded once."""
    waiting = deque([page.url, *(f"{site}{path}" for path in also)])
    known = set(map(name_of, waiting))
    wrong: dict[str, list[list[str]]] = {}
    while waiting:
        address = waiting.popleft()
        answered = opened(page, address)
        if answered is None:
            continue
        wrong[address] = [["answer", answered]] if answered else wrong_with(page, axe)
        for link in page.evaluate(LINKS):
            name = name_of(link)
            if link.startswith(site) and name not in known | {"", "logout"}:
                known.add(name)
                waiting.append(link)
    return wrong


@pytest.mark.parametrize(("face", "least"), [("领导", 15), ("干部", 30), ("企业", 8)])
def test_every_page_that_a_face_is_led_to_is_accessible_and_fits_a_phone(enter: Enter, city: str, axe: str, face: str, least: int) -> None:
    wrong = walked(enter(face), city, axe)
    assert [f"{address} {' '.join(found)}" for address, all_found in wrong.items() for found in all_found] == []
    assert len(wrong) >= least, list(wrong)


def test_every_page_that_everybody_is_led_to_is_accessible_and_fits_a_phone(visit: Visit, city: str, axe: str) -> None:
    page = visit(width=1440)
    page.goto("/open/")
    wrong = walked(page, city, axe, "/registers/", "/words/")
    assert [f"{address} {' '.join(found)}" for address, all_found in wrong.items() for found in all_found] == []
    assert {"opened", "open-about", "register", "row", "registers", "login", "words"} <= {name_of(address) for address in wrong}
