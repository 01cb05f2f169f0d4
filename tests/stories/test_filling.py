"""A county's month typed into the grid: pasted, refused, put right, taken back; found again after a closed tab; two people at one cell; no network."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.stories.conftest import Enter

FILL = "/registers/major_projects.projects/fill/?period=2024-05"


def opened(page: Page, address: str = FILL) -> Page:
    page.goto(address)
    expect(page.locator("#fill-grid .tabulator-row").first).to_be_visible()
    return page


def cell(page: Page, row: int, field: str) -> Locator:
    return page.locator(f"#fill-grid .tabulator-tableholder .tabulator-row:nth-of-type({row + 1}) .tabulator-cell[tabulator-field='{field}']")


def text(page: Page, row: int, field: str) -> str:
    return cell(page, row, field).inner_text()


def stand_on(page: Page, row: int, field: str) -> None:
    cell(page, row, field).click()


def paste(page: Page, words: str) -> None:
    """What Ctrl V does: the browser hands the page a clipboard."""
    page.evaluate(
        """words => {
          const data = new DataTransfer();
          data.setData("text/plain", words);
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        words,
    )


def settled(page: Page) -> None:
    """The server has looked at every cell."""
    expect(page.locator("[data-state]")).to_have_text(re.compile("已校验|不能入账"))


def save(page: Page) -> Locator:
    return page.locator("[data-save]")


def test_a_block_is_pasted_a_refused_cell_put_right_and_all_of_it_recorded(enter: Enter) -> None:
    page = opened(enter("干部"))
    before = [[text(page, row, field) for field in ("planned", "completed")] for row in range(3)]
    stand_on(page, 0, "planned")
    paste(page, "1,201\t１，３０２万元\n1203\t八百\n0.12亿元\t1305\n")
    expect(cell(page, 0, "completed")).to_have_text("1,302")
    expect(cell(page, 2, "planned")).to_have_text("1,200")  # units and full-width digits are read as in a sheet
    expect(page.locator("[data-problems] li")).to_contain_text("八百")
    expect(save(page)).to_be_disabled()

    page.locator("[data-problems] .linkish").click()
    page.keyboard.press("8")
    page.keyboard.type("00")
    page.keyboard.press("Enter")
    settled(page)
    expect(page.locator("[data-problems]")).to_be_hidden()
    page.keyboard.press("Control+z")
    assert text(page, 1, "completed") in ("八百", "! 八百", "!八百")
    page.keyboard.press("Control+y")
    settled(page)
    expect(save(page)).to_have_text("提交 6 处改动")
    if page.locator("[data-reason]").is_visible():
        page.locator("#fill-reason").fill("县区补报")
    with page.expect_navigation():
        save(page).click()
    expect(page.locator(".messages")).to_contain_text("6 处已记入台账")
    assert text(page, 1, "completed") == "800"
    assert [[text(page, row, field) for field in ("planned", "completed")] for row in range(3)] != before


def test_everything_can_be_undone_and_one_value_filled_down(enter: Enter) -> None:
    page = opened(enter("干部"))
    was = [text(page, row, "completed") for row in range(4)]
    stand_on(page, 0, "completed")
    page.keyboard.type("55")
    page.keyboard.press("Enter")
    stand_on(page, 0, "completed")
    for _step in range(3):
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+d")
    settled(page)
    assert [text(page, row, "completed") for row in range(4)] == ["55"] * 4
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(save(page)).to_have_text("还没有改动")
    assert [text(page, row, "completed") for row in range(4)] == was


def test_what_was_typed_waits_after_a_closed_tab(enter: Enter) -> None:
    page = opened(enter("干部"), f"{FILL}&rows=all")
    stand_on(page, 4, "completed")
    page.keyboard.type("4321")
    page.keyboard.press("Enter")
    expect(page.locator("main [data-kept]")).to_contain_text("草稿已存")
    context = page.context
    page.close()
    again = opened(context.new_page(), f"{FILL}&rows=all")
    expect(again.locator("[data-draft]")).to_contain_text("已恢复您")
    assert text(again, 4, "completed") == "4,321"
    # what is typed is kept with a delay, and so is that nothing is
    with again.expect_response(lambda answer: "/drafts/" in answer.url and answer.request.method == "POST" and answer.status == 204):
        again.get_by_role("button", name="放弃草稿").click()
        expect(save(again)).to_have_text("还没有改动")
    again.reload()
    expect(again.locator("[data-draft]")).to_be_hidden()


def test_two_people_at_one_cell_see_both_values(enter: Enter) -> None:
    page, other = opened(enter("干部"), f"{FILL}&rows=all&page=2"), opened(enter("干部"), f"{FILL}&rows=all&page=2")
    for one, value in ((other, "611"), (page, "622")):
        stand_on(one, 3, "completed")
        one.keyboard.type(value)
        one.keyboard.press("Enter")
        if one is other:
            settled(one)
            if one.locator("[data-reason]").is_visible():
                one.locator("#fill-reason").fill("核对")
            with one.expect_navigation():
                save(one).click()
    clash = page.locator("[data-problems] li")
    expect(clash).to_contain_text("611")
    expect(clash).to_contain_text("622")
    clash.get_by_role("button", name="用台账的").click()
    expect(page.locator("[data-problems]")).to_be_hidden()
    assert text(page, 3, "completed") == "611"
    expect(save(page)).to_have_text("还没有改动")


def test_without_a_network_nothing_typed_is_lost(enter: Enter) -> None:
    page = opened(enter("干部"), f"{FILL}&rows=all&page=3")
    stand_on(page, 2, "completed")
    page.keyboard.type("77")
    page.keyboard.press("Enter")
    settled(page)
    if page.locator("[data-reason]").is_visible():
        page.locator("#fill-reason").fill("补报")
    page.context.set_offline(True)
    save(page).click()
    expect(page.locator("[data-trouble]")).to_contain_text("没有连上网络")
    assert text(page, 2, "completed") == "77"
    page.context.set_offline(False)
    expect(page.locator("[data-trouble]")).to_be_hidden()
    settled(page)
    with page.expect_navigation():
        save(page).click()
    expect(page.locator(".messages")).to_contain_text("1 处已记入台账")


def test_the_grid_is_filled_on_a_phone(enter: Enter) -> None:
    page = opened(enter("干部", width=390), f"{FILL}&rows=all&page=4")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    stand_on(page, 1, "completed")
    page.locator(".fill-input").fill("12")
    page.locator(".fill-input").press("Enter")
    page.locator(".fill-input").press("Escape")
    settled(page)
    assert text(page, 1, "completed") == "12"
    page.locator("[data-undo]").click()
    expect(save(page)).to_have_text("还没有改动")
