"""What a person does with the keyboard alone, once the page has settled."""

from playwright.sync_api import Locator, Page, expect

BUSY = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
"""What a page is marked with while a part of it is fetched and put in place; a key pressed then would go to what is not there yet."""


def press(page: Page, what: Locator) -> None:
    """Go to something with the keyboard and press Enter."""
    expect(what).to_be_visible()
    expect(page.locator(BUSY)).to_have_count(0)
    what.focus()
    page.keyboard.press("Enter")


def answered(page: Page, button: str, reason: str = "") -> None:
    """Fill the form in the drawer and send it off; the drawer closes when it was taken."""
    drawer = page.get_by_role("dialog")
    if reason:
        drawer.get_by_label("理由").focus()
        page.keyboard.type(reason)
    press(page, drawer.get_by_role("button", name=button))
    expect(page.locator("#drawer")).to_be_hidden()
