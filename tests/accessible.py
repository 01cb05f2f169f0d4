"""What axe-core says of a page: one list of rules, and one named list of what is another maker's, for every test that looks."""

from playwright.sync_api import Page

from bihuan import assets
from tests.conftest import skip_or_fail

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]

THEIRS = (("aria-required-children", "tabulator"),)
"""What another maker's grid does: the rule, and a word of the element it is found in."""

_FOUND = "async rules => (await axe.run(document, {runOnly: rules})).violations.map(one => [one.id, one.nodes[0].html])"


def source() -> str:
    """axe-core, as npm brought it; the test is passed over where the front end is not set up."""
    script = assets.MODULES / "axe-core" / "axe.min.js"
    if not script.is_file():
        skip_or_fail("axe-core is not installed: make assets")
    return script.read_text("utf-8")


def violations(page: Page, axe: str) -> list[list[str]]:
    """Each rule the page breaks as it stands, with the first element that breaks it, ``THEIRS`` left out."""
    page.evaluate(axe)
    found: list[list[str]] = page.evaluate(_FOUND, RULES)
    return [[rule, element] for rule, element in found if not any(rule == known and word in element for known, word in THEIRS)]
