"""The dispatch meeting in a real browser: from a red light to a decision, to a task, to the next agenda."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import violations
from tests.stories.conftest import PATIENCE, Enter

TODAYS = re.compile("第 25 次周调度会")
WORK = "三日内完成现场会办（演示）"


def into_the_room(page: Page) -> Page:
    page.goto("/desk/")
    page.get_by_role("region", name="今日调度").get_by_role("link", name=TODAYS).click()
    expect(page.get_by_role("heading", level=1, name=TODAYS)).to_be_visible()
    return page


def opened(page: Page) -> Page:
    into_the_room(page)
    if page.get_by_role("button", name="开会").count():
        page.get_by_role("button", name="开会").click()
    # the first write of a process that has just started reads every row into its columns before it answers
    expect(page.locator("#room")).to_contain_text("会议中", timeout=PATIENCE * 1000)
    return page


def test_the_agenda_is_there_with_its_lights_and_one_click_tells_why(enter: Enter) -> None:
    page = into_the_room(enter("干部"))
    agenda = page.get_by_role("region", name="议程")
    expect(agenda).to_contain_text("红牌项目")
    expect(agenda).to_contain_text("上次缓议")
    agenda.locator(".point-link", has_text="红牌项目").first.click()
    page.locator("#matter").get_by_role("link", name="为什么").click()
    expect(page.locator("#drawer")).to_be_visible()


def test_decisions_are_typed_with_the_keyboard_alone_and_run_at_once(enter: Enter) -> None:
    page = opened(enter("干部"))
    matter = page.locator("#decide").get_by_label("督办事项")
    expect(matter).to_be_focused()
    for number in (1, 2):
        matter.fill(f"第{number}条：{WORK}")
        expect(page.locator("#due")).to_contain_text("2024-07-19")
        matter.press("Enter")
        expect(page.get_by_role("region", name="本次议定")).to_contain_text(f"第{number}条：{WORK}")
        expect(matter).to_be_focused()
        expect(matter).to_have_value("")
    page.get_by_role("region", name="本次议定").get_by_role("link", name=f"第1条：{WORK}").click()
    expect(page.locator(".origin")).to_contain_text(TODAYS)
    expect(page.locator("#main")).to_contain_text("已交办")


def test_two_people_in_the_room_see_the_same(enter: Enter) -> None:
    writer, leader = opened(enter("干部")), into_the_room(enter("领导"))
    expect(leader.locator("#decide")).to_have_count(0)
    text = f"两处同看：{WORK}"
    writer.locator("#decide").get_by_label("督办事项").fill(text)
    writer.keyboard.press("Enter")
    expect(leader.get_by_role("region", name="本次议定")).to_contain_text(text, timeout=15_000)


def test_what_is_not_sent_stays_and_nothing_is_written_twice(enter: Enter) -> None:
    page = opened(enter("干部"))
    text = f"断网时写的：{WORK}"
    matter = page.locator("#decide").get_by_label("督办事项")
    matter.fill(text)
    page.context.set_offline(True)
    matter.press("Enter")
    expect(page.locator("[data-unsent]")).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#decide").get_by_label("督办事项")).to_have_value(text)
    page.locator("#decide").get_by_label("督办事项").press("Enter")
    expect(page.get_by_role("region", name="本次议定").get_by_text(text)).to_have_count(1)


def test_a_matter_is_put_off_with_a_reason_and_another_found_by_search(enter: Enter) -> None:
    page = opened(enter("干部"))
    before = page.locator("#matter h3").inner_text()
    page.get_by_label("缓议理由").fill("方案未论证（演示）")
    page.get_by_role("button", name="缓议，下次再议").click()
    expect(page.locator(".point-off", has_text=before)).to_be_visible()
    page.get_by_text("加一个议题").click()
    page.get_by_label("议题", exact=True).fill("供水")
    page.locator(".found-one").first.click()
    expect(page.get_by_role("region", name="议程")).to_contain_text("临时动议")


def test_a_conclusion_is_saved_on_leaving_the_box_and_seen_by_everybody(enter: Enter) -> None:
    writer, leader = opened(enter("干部")), into_the_room(enter("领导"))
    last = writer.locator(f"#{writer.locator('.point:not(.point-ended):not(.point-off) .point-link').last.get_attribute('id')}")
    last.click()
    expect(last).to_have_attribute("aria-current", "true")
    writer.get_by_label("会议结论").fill("先通后畅（演示）")
    writer.locator("#decide").get_by_label("督办事项").click()
    expect(writer.locator("#concluded")).to_contain_text("会议结论已存")
    expect(leader.get_by_role("region", name="议程")).to_contain_text("先通后畅（演示）", timeout=15_000)


def test_every_field_of_a_decision_not_sent_is_found_again(enter: Enter) -> None:
    page = opened(enter("干部"))
    form = page.locator("#decide")
    form.get_by_label("督办事项").fill("留着（演示）")
    form.get_by_label("承办单位").select_option(label="市财政部门")
    form.get_by_label("事项类别").select_option(label="限期")
    form.get_by_label("会议限期").fill("2024-07-26")
    page.reload()
    expect(form.get_by_label("督办事项")).to_have_value("留着（演示）")
    assert form.get_by_label("承办单位").locator("option:checked").inner_text() == "市财政部门"
    assert form.get_by_label("事项类别").locator("option:checked").inner_text() == "限期"
    expect(form.get_by_label("会议限期")).to_have_value("2024-07-26")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_open_to_everybody(enter: Enter, axe: str, width: int, scheme: str) -> None:
    page = enter("干部", width=width)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two words playwright takes
    found: dict[str, list[list[str]]] = {}
    page.goto("/meetings/")
    addresses = ["/meetings/", *(link.get_attribute("href") or "" for link in page.locator(".lines a.clip").all()[:3])]
    for address in addresses:
        page.goto(address)
        found[address] = violations(page, axe)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    assert {address: said for address, said in found.items() if said} == {}
