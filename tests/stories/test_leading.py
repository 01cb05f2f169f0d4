"""A leader: from a red count to the cell, a board that stays true, a day gone by, a page to sign, a map and its table, walls of any width."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import Enter, tab_to

BOARD = "/board/major_projects.projects/"


def test_from_the_red_count_to_the_cell(enter: Enter) -> None:
    page = enter("领导")
    page.goto(f"{BOARD}?light=progress")
    page.locator(".ranking-lights a", has_text=re.compile(r"[1-9]")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("重大项目")
    page.locator("#rows tbody a[href*='/rows/']").first.click()
    page.locator("a[href*='projects.progress/']").first.click()
    expect(page.get_by_text("怎么算的").first).to_be_visible()
    page.locator("a[href*='/figures/completed/']").last.click()
    expect(page.get_by_text("最初的单元格").first).to_be_visible()


def test_the_same_way_without_a_mouse(enter: Enter) -> None:
    page = enter("领导")
    page.goto(f"{BOARD}?light=progress")
    for link, there in (
        (page.locator(".ranking-lights a", has_text=re.compile(r"[1-9]")).first, "**/registers/**"),
        (page.locator("#rows tbody a[href*='/rows/']").first, "**/rows/**"),
    ):
        tab_to(page, link, most=120)
        page.keyboard.press("Enter")
        page.wait_for_url(there)
    tab_to(page, page.locator("main a[href*='projects.progress/']").first)
    page.keyboard.press("Enter")
    drawer = page.locator("#drawer")
    expect(drawer.get_by_text("怎么算的").first).to_be_visible()
    tab_to(page, drawer.locator("a[href*='/figures/completed/']").last)
    page.keyboard.press("Enter")
    expect(page.get_by_text("最初的单元格").first).to_be_visible()


def test_every_figure_of_the_board_opens_why_beside_it(enter: Enter) -> None:
    page = enter("领导")
    page.goto(BOARD)
    for part in ("#board-figures", "#board-ranking td", "#board-lines", "#board-funnel"):
        page.locator(f"{part} a[hx-get]").first.click()
        expect(page.locator("#drawer")).to_be_visible()
        expect(page.locator("#drawer .walk").get_by_text("规则与依据")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#drawer")).to_be_hidden()
    assert page.url.endswith(BOARD)


def test_what_an_officer_records_shows_without_a_reload(enter: Enter) -> None:
    leader, officer = enter("领导"), enter("干部")
    leader.goto(BOARD)
    done = leader.locator("#board-figures a", has_text="全市完成投资").locator(".board-value")
    before, at = done.inner_text(), leader.locator("#board-seq").inner_text()
    leader.evaluate("window.stays = true")
    officer.goto("/registers/major_projects.projects/?light.projects.progress=red&light.progress=red")
    officer.locator("#rows tbody a[href*='/rows/']").first.click()
    officer.get_by_role("link", name="填报").first.click()
    inputs = officer.locator("input:not([type=hidden])[name*='completed']")
    expect(inputs.first).to_be_visible()
    inputs.last.fill("98765")
    inputs.last.press("Enter")
    expect(leader.locator("#board-seq")).not_to_have_text(at, timeout=25_000)
    assert done.inner_text() != before
    assert leader.evaluate("window.stays") is True


def test_as_it_was_on_a_day_gone_by(enter: Enter) -> None:
    page = enter("领导")
    page.goto(BOARD)
    page.locator("#on").fill("2024-05-31")
    page.get_by_role("button", name="看那天").click()
    expect(page.locator(".board-past")).to_contain_text("2024-05-31")
    page.goto("/registers/major_projects.projects/?light.progress=red")
    page.locator("#rows tbody a[href*='/rows/']").first.click()
    page.goto(f"{page.url.partition('?')[0]}?on=2024-03-01")
    expect(page.get_by_text("只读")).to_be_visible()
    expect(page.locator("form[method=post]", has_text="填报")).to_have_count(0)
    page.get_by_role("link", name="回到今天").first.click()
    expect(page.get_by_text("只读")).to_have_count(0)


def test_a_leaders_page_fits_one_sheet_of_paper(enter: Enter) -> None:
    page = enter("领导")
    page.goto("/leaders/")
    page.locator("main table a").first.click()
    expect(page.get_by_text("本人签收")).to_be_visible()
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) == 1


def areas(page: Page) -> list[tuple[str, str]]:
    """The areas of the table beside the map: name and value."""
    rows = page.locator("#board-map .chart-table table").first.locator("tbody tr")
    return [(row.locator("th").inner_text(), row.locator("td").inner_text()) for row in rows.all()]


def test_the_map_and_its_table_agree(enter: Enter) -> None:
    page = enter("领导")
    page.goto(BOARD)
    page.locator("#board-map .chart-table > summary").click()
    told = areas(page)
    assert len(told) >= 6
    if not page.locator("[data-map]").count():
        return  # no boundaries could be fetched where this runs: the table stands alone
    expect(page.locator("[data-map] svg")).to_be_visible()
    drawn = page.locator("[data-map] svg").text_content() or ""
    apart = page.locator(".map-apart").inner_text()
    assert [name for name, value in told if f"{name} {value}" not in drawn and name not in apart] == []
    page.locator("[data-map]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-map-said]")).to_have_text(re.compile(told[0][0] + "|" + "|".join(name for name, _ in told)))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/registers/|/rows/"))


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080), (3840, 2160), (390, 844)])
def test_no_wall_is_too_narrow(enter: Enter, width: int, height: int) -> None:
    page = enter("领导", width=width)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(BOARD)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width >= 1366:
        assert page.evaluate("document.documentElement.scrollHeight") <= height + 1
