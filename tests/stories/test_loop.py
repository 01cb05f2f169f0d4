"""The loop closed: a figure sent in and a problem that coordination did not solve turn lights red; the letter, the order to the county, and green again."""

import re

from playwright.sync_api import Page, expect

from tests.stories.conftest import Enter
from tests.stories.test_reporting import blank, book, send

PROJECTS = "/registers/major_projects.projects/"
PROOF = "现场照片和三方纪要（演示）"


def steady(page: Page) -> tuple[str, str, str]:
    """A project being built with every light green: its address, its code and its name."""
    page.goto(f"{PROJECTS}?state=building&light.plates.plate=green&light.projects.progress=green")
    row = page.locator("#rows tbody tr").first
    link = row.locator("a[href*='/rows/']").first
    code = row.locator("td, th").filter(has_text=re.compile(r"P-\d{4}-\d{4}")).first.inner_text()
    return str(link.get_attribute("href")), code, link.inner_text()


def report(page: Page, project: tuple[str, str, str], invested: int) -> None:
    """Send June's sheet with one project in it and confirm it."""
    _href, code, name = project
    send(page, book([blank(page), [code, name, None, None, invested]]), f"六月{invested}.xlsx")
    page.get_by_role("button", name="确认入账").click()
    expect(page.get_by_role("heading", name="已入账")).to_be_visible()


def because(page: Page, project: tuple[str, str, str], light: str, colour: str) -> None:
    """The project's page gives the light in this colour."""
    page.goto(project[0])
    expect(page.locator(f".because-{colour}", has=page.get_by_text(light, exact=True))).to_have_count(1)


def save(page: Page) -> None:
    page.locator("main form button.button-primary").click()
    page.wait_for_url(re.compile(r"/rows/\d+/(\?.*)?$"))


def test_from_the_sheet_to_red_to_the_letter_to_the_order_and_back_to_green(enter: Enter) -> None:
    page = enter("干部")
    project = steady(page)
    href, code, name = project

    report(page, project, 0)
    because(page, project, "投资进度灯", "red")

    page.goto("/registers/major_projects.plates/new/")
    page.locator("[name='row.project']").fill(code)
    page.locator("[name='row.county']").select_option("范县")
    page.locator("[name='row.matter']").fill("征地补偿未到户（演示）")
    page.locator("[name='row.held_on']").fill("2024-07-10")
    page.locator("[name='row.result']").select_option("未果")
    save(page)
    coordination = page.url.partition("?")[0]
    because(page, project, "挂牌", "red")

    page.goto("/papers/")
    page.get_by_role("link", name=f"关于对{name}实施红牌约谈的督办函").click()
    expect(page.locator("main")).to_contain_text("按 13710 工作机制反馈")

    page.goto(f"/registers/dispatch.handover/?q={name}")
    page.locator("#rows tbody a[href*='/rows/']").first.click()
    page.wait_for_url("**/rows/**")
    expect(page.locator("main")).to_contain_text(code)
    page.goto(f"{page.url.partition('?')[0]}move/reply/")
    page.locator("[name='row.reply']").fill("补偿已到户，投资已补报（演示）")
    page.locator("[name='row.replied_on']").fill("2024-07-10")
    save(page)
    expect(page.locator(".entry-title")).to_contain_text("已答复")

    page.goto(f"{coordination}edit/")
    page.locator("[name='row.lifted_on']").fill("2024-07-10")
    page.locator("[name='row.evidence']").fill(PROOF)
    save(page)
    because(page, project, "挂牌", "green")
    report(page, project, 99_999)
    because(page, project, "投资进度灯", "green")
    page.goto(f"{href}?tab=history")
    expect(page.locator("main")).to_contain_text(re.compile(r"红灯\s*→\s*绿灯"))
