"""A day at the desk by keyboard and in place: a duty done, a thing found by pinyin, a notice read, the tour, large type, English everywhere."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import Enter, tab_to

CHINESE = re.compile(r"[\u3400-\u9fff]")

OWN_WORDS = """
els => els.map(one => one.textContent.trim()).filter(text => /[\\u3400-\\u9fff]/.test(text))
"""


def at_the_desk(enter: Enter, *, width: int = 1440) -> Page:
    """The officer at the workbench, the tour put away."""
    page = enter("干部", width=width)
    tour = page.locator("#tour")
    if tour.is_visible():
        tour.get_by_role("button", name="不看了").click()
        expect(tour).to_be_hidden()
    return page


def test_a_duty_is_done_in_place_and_the_page_counts_again(enter: Enter) -> None:
    page = at_the_desk(enter)
    duty = page.locator(".duty", has_text="一：当日部署").first
    title = duty.locator(".duty-title").inner_text()
    count = page.locator(".tabs [aria-current] .count")
    before = int(count.inner_text())
    duty.get_by_role("link", name="部署", exact=False).last.click()
    expect(page.locator("#drawer")).to_be_visible()
    expect(page.locator("#drawer :focus")).to_have_count(1)
    page.locator("#drawer").get_by_role("button", name="部署").click()
    expect(page.locator("#drawer")).to_be_hidden()
    expect(page.locator(".toast")).to_contain_text("已部署")
    expect(page.locator(".duty-title", has_text=title)).to_have_count(0)
    assert int(count.inner_text()) == before - 1
    assert page.url.endswith("/desk/")


def test_a_duty_is_found_opened_and_done_without_a_mouse(enter: Enter) -> None:
    page = at_the_desk(enter)
    rows = page.locator("[data-row]")
    duty = rows.filter(has_text="三：三日反馈").filter(has=page.get_by_role("link", name="反馈进展")).first
    title = duty.locator(".duty-title").inner_text()
    for _row in range(rows.count()):
        page.keyboard.press("j")
        if duty.locator(":focus").count():
            break
    tab_to(page, duty.locator("a.button"), most=5)
    page.keyboard.press("Enter")
    drawer = page.locator("#drawer")
    expect(drawer.locator(":focus")).to_have_count(1)
    tab_to(page, drawer.locator("[name='row.report']"), most=30)
    page.keyboard.type("已会同有关单位办理（演示）")
    tab_to(page, drawer.get_by_role("button", name="反馈进展", exact=True), most=30)
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("已反馈")
    expect(page.locator(".duty-title", has_text=title)).to_have_count(0)


def test_a_register_is_searched_and_a_row_opened_without_a_mouse(enter: Enter) -> None:
    page = at_the_desk(enter)
    page.goto("/registers/major_projects.projects/")
    name = page.locator("#rows tbody a[href*='/rows/']").nth(2).inner_text()
    page.keyboard.press("m")
    search = page.get_by_label("在本台账中搜索")
    tab_to(page, search)
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    expect(page.locator("#rows .summary")).to_have_attribute("data-total", "1")
    tab_to(page, page.locator("#rows tbody a[href*='/rows/']").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/rows/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_anything_is_found_by_pinyin_with_the_keyboard_alone(enter: Enter) -> None:
    page = at_the_desk(enter)
    page.keyboard.press("Control+k")
    field = page.locator("#palette-q")
    expect(field).to_be_focused()
    page.keyboard.type("jtjs")
    first = page.locator("#found [role=option]").first
    expect(first.locator("mark")).to_have_text("交通建设")
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found [role=option]").nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    title = first.locator(".clip").first.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/rows/**")
    expect(page.locator("h1").first).to_contain_text(title)
    page.keyboard.press("/")
    expect(page.locator("#found", has_text="最近打开")).to_contain_text(title)
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_the_search_is_a_page_where_scripts_are_off(enter: Enter) -> None:
    page = at_the_desk(enter)
    page.goto("/search/?q=jiaotong")
    expect(page.locator("mark").first).to_have_text("交通")
    page.locator("main .lines a").first.click()
    page.wait_for_url("**/rows/**")


def test_a_notice_arrives_and_is_read(enter: Enter) -> None:
    page = at_the_desk(enter)
    badge = page.locator("#bell .badge")
    expect(badge).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("n")
    drawer = page.locator("#drawer")
    expect(drawer.locator(".unread").first).to_be_visible()
    drawer.get_by_role("button", name="全部标为已读").click()
    page.wait_for_url("**/notices/")
    expect(page.locator(".unread")).to_have_count(0)
    expect(badge).to_have_count(0)

    leader = enter("领导")
    leader.goto("/notices/")
    expect(leader.locator("main .lines a").first).to_be_visible()


def test_the_tour_shows_itself_once_and_again_when_asked(enter: Enter) -> None:
    page = enter("企业")
    tour = page.locator("#tour")
    expect(tour).to_be_visible()
    expect(tour).to_be_focused()
    steps = int(tour.locator(".tour-count").inner_text().split("/")[1])
    for _step in range(steps - 1):
        page.keyboard.press("ArrowRight")
    expect(tour.get_by_role("button", name="知道了")).to_be_visible()
    with page.expect_response("**/preferences/"):
        page.keyboard.press("Escape")
    expect(tour).to_be_hidden()
    page.reload()
    expect(tour).to_be_hidden()
    page.locator("details[data-tour=user] summary").click()
    page.get_by_role("button", name="再看一遍导览").click()
    expect(tour).to_be_visible()


def test_large_type_is_remembered_with_the_person(enter: Enter) -> None:
    page = at_the_desk(enter)
    size = "getComputedStyle(document.body).fontSize"
    before = page.evaluate(size)
    page.locator("details[data-tour=user] summary").click()
    with page.expect_response("**/preferences/"):
        page.get_by_role("button", name="大字").click()
    assert page.evaluate(size) != before
    other = enter("干部")  # another browser of the same person
    expect(other.locator("html")).to_have_attribute("data-type", "large")
    other.locator("details[data-tour=user] summary").click()
    with other.expect_response("**/preferences/"):
        other.get_by_role("button", name="标准").click()
    assert other.evaluate(size) == before


def test_the_keys_and_the_words_explain_themselves(enter: Enter) -> None:
    page = at_the_desk(enter)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator("[data-row] :focus")).to_have_count(1)
    page.goto("/registers/")
    term = page.locator(".term").first
    term.focus()
    expect(page.locator("#term-tip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#term-tip")).to_be_hidden()


@pytest.mark.parametrize("width", [390])
def test_the_desk_fits_a_phone(enter: Enter, width: int) -> None:
    page = at_the_desk(enter, width=width)
    for address in ("/desk/", "/desk/today/", "/notices/", "/search/?q=jt", "/words/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    expect(page.locator(".quickbar a").first).to_be_visible()
