"""A work report in a real browser: sent in, looked at beside its text with the keyboard alone, confirmed by somebody else, found again."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.computing.reading.samples import REPORT
from tests.stories.conftest import Enter

PLACE = "/reading/targets.report_sentences/"


def sent_in(page: Page, folder: Path) -> str:
    """Send a report in; the address of its page."""
    report = folder / "临川市2024年政府工作报告（故事）.txt"
    report.write_text(REPORT, "utf-8")
    page.goto(PLACE)
    page.locator("[data-picker]").set_input_files(report)
    page.get_by_role("main").get_by_role("button", name="读入").click()
    page.wait_for_url(f"**{PLACE}*/")
    return page.url


def looked(page: Page, count: int) -> None:
    expect(page.locator(".reading-counts")).to_contain_text(f"{count} 已看")


def test_a_report_is_looked_at_by_keys_confirmed_by_another_and_found_again(enter: Enter, admit: Callable[[str], Page], tmp_path: Path) -> None:
    page = enter("干部")
    address = sent_in(page, tmp_path)
    page.keyboard.press("j")
    expect(page.locator(".mark-now").first).to_be_in_viewport()
    dropped = page.locator(".finding-now").get_attribute("id")
    page.keyboard.press("x")
    expect(page.get_by_label("理由")).to_be_focused()
    page.keyboard.type("不是承诺（故事）")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    looked(page, 1)
    expect(page.locator(f"#{dropped}")).to_have_count(0)

    goal = page.locator(".finding", has_text="生产总值增长8%左右")
    goal.get_by_role("link").first.focus()
    page.keyboard.press("a")
    page.get_by_label("牵头单位").select_option(index=1)
    page.get_by_role("dialog").get_by_role("button", name="采用").click()
    looked(page, 2)

    other = admit("demo-supervisor")
    other.goto(f"{address}?state=adopted")
    other.locator(".finding", has_text="生产总值增长8%左右").get_by_role("button", name="确认").click()
    expect(other.locator(".reading-counts")).to_contain_text("0 等另一人确认")

    page.goto("/archive/?q=生产总值增长8%25左右&kind=读入的文件")
    page.locator(".archive-said a").first.click()
    expect(page.locator(".reading-lines li:target")).to_contain_text("生产总值增长8%左右")
