"""Every page there is, found by its links as a person finds it: accessible in light and dark, and no wider than a phone.

A page is known by the name of its address; the first link to each name is followed.
"""

from collections import deque
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.stories.conftest import Enter

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]
FOUND = "async rules => (await axe.run(document, {runOnly: rules})).violations.map(one => [one.id, one.nodes.length, one.nodes[0].html])"
LINKS = """Array.from(
    document.querySelectorAll('a[href], [hx-get]'), one => new URL(one.getAttribute('href') || one.getAttribute('hx-get'), location).href
)"""

THEIRS = (("aria-required-children", "tabulator"),)
"""What another maker's grid does: the rule, and a word of the element it is found in."""

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def name_of(address: str) -> str:
    """The name of the page at an address; empty for what is none."""
    try:
        return str(resolve(urlsplit(address).path).url_name or "")
    except Resolver404:
        return ""


def pages_of(page: Page, site: str) -> Iterator[str]:
    """Go to one page of each name that can be reached from here; files and parts of pages are passed over."""
    waiting, known = deque([page.url]), {name_of(page.url)}
    while waiting:
        address = waiting.popleft()
        answer = page.request.get(address)
        if "text/html" not in answer.headers.get("content-type", "") or "<html" not in answer.text():
            continue
        assert answer.ok, f"{address} answers {answer.status}"
        page.goto(address)
        yield address
        for link in page.evaluate(LINKS):
            name = name_of(link)
            if link.startswith(site) and name not in known | {"", "logout"}:
                known.add(name)
                waiting.append(link)


def wrong_with(page: Page, axe: str) -> list[list[str]]:
    """What axe finds on the page in light and in dark, and how much wider than a phone it is."""
    found: list[list[str]] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(axe)
        found += [
            [scheme, *map(str, one)] for one in page.evaluate(FOUND, RULES)
            if not any(one[0] == rule and word in str(one[2]) for rule, word in THEIRS)
        ]  # fmt: skip
    page.set_viewport_size(PHONE)
    page.reload()
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(DESK)
    return found + ([["phone", f"{width} px wide"]] if width > PHONE["width"] else [])


@pytest.mark.parametrize(("face", "least"), [("领导", 15), ("干部", 30), ("企业", 8)])
def test_every_page_that_a_face_is_led_to_is_accessible_and_fits_a_phone(enter: Enter, city: str, axe: str, face: str, least: int) -> None:
    page = enter(face)
    pages = {address: wrong_with(page, axe) for address in pages_of(page, city)}
    assert {address: wrong for address, wrong in pages.items() if wrong} == {}
    assert len(pages) >= least, list(pages)
