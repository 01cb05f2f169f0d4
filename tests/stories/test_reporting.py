"""A county's month: sent with mistakes, put right, recorded; the light turns on the next page and leads back to the cell."""

from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from tests.stories.conftest import Enter

PROJECTS = "/registers/major_projects.projects/"
UNREPORTED = f"{PROJECTS}?light.truth_lights.fresh=yellow"
SHEET = "项目月度投资报表"


def unreported(page: Page) -> list[dict[str, str]]:
    """Projects whose light says that June is missing."""
    page.goto(UNREPORTED)
    rows = page.locator("#rows tbody tr").all()
    return [
        {"name": row.locator("a[href*='/rows/']").first.inner_text(), "href": str(row.locator("a[href*='/rows/']").first.get_attribute("href")),
         "code": row.locator("td, th").filter(has_text="P-2").first.inner_text()}
        for row in rows
    ]  # fmt: skip


def blank(page: Page) -> list[Any]:
    """The head of the blank form, as a person downloads it."""
    page.goto("/uploads/")
    with page.expect_download() as download:
        page.locator("li", has_text=SHEET).get_by_role("link", name="空表").click()
    sheet = load_workbook(BytesIO(Path(download.value.path()).read_bytes())).worksheets[0]
    return [cell.value for cell in sheet[1]]


def book(rows: list[list[Any]]) -> bytes:
    workbook = Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def send(page: Page, content: bytes, name: str) -> None:
    page.goto("/uploads/")
    page.get_by_role("link", name=SHEET, exact=True).click()
    page.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.get_by_role("button", name="核对").click()
    expect(page.get_by_role("heading", name="核对报表")).to_be_visible()


def test_a_month_with_mistakes_is_refused_by_cell_then_recorded_and_the_light_turns(enter: Enter) -> None:
    page = enter("干部")
    head = blank(page)
    first, second = unreported(page)[:2]
    page.goto(first["href"])
    expect(page.locator(".because", has_text="更新及时灯")).to_contain_text("月报未报")

    wrong = [
        head,
        [first["code"], first["name"], None, None, "约五百万"],
        [second["code"], second["name"], None, None, -3],
        ["P-1999-0001", "", None, None, 1],
    ]
    send(page, book(wrong), "六月.xlsx")
    expect(page.locator(".verdict-head")).to_contain_text("不能入账")
    refused = page.locator("table", has=page.get_by_role("columnheader", name="为什么不行"))
    for cell, words in (("E2", "约五百万"), ("E3", "-3"), ("A4", "P-1999-0001")):
        expect(refused.locator("tr", has=page.get_by_role("rowheader", name=cell))).to_contain_text(words)
    expect(page.get_by_role("button", name="确认入账")).to_have_count(0)

    right = book([head, [first["code"], first["name"], None, None, 512]])
    send(page, right, "六月改.xlsx")
    expect(page.locator(".verdict-head")).to_contain_text("可以入账")
    page.get_by_role("button", name="确认入账").click()
    expect(page.get_by_role("heading", name="已入账")).to_be_visible()
    turned = page.locator("li", has_text=first["name"])
    expect(turned.filter(has_text="黄灯 → 绿灯")).to_have_count(1)

    page.goto(first["href"])
    expect(page.locator(".because", has_text="更新及时灯")).not_to_contain_text("月报未报")
    page.goto(UNREPORTED)
    expect(page.locator("#rows")).not_to_contain_text(first["code"])


def test_a_colour_leads_to_the_cell_somebody_filled_in(enter: Enter) -> None:
    page = enter("干部")
    project = unreported(page)[-1]
    content = book([blank(page), [project["code"], project["name"], None, None, 733]])
    send(page, content, "六月补报.xlsx")
    page.get_by_role("button", name="确认入账").click()

    page.goto(project["href"])
    chip = page.locator(".quiet-lights summary", has_text="投资进度灯")
    if chip.count():
        chip.click()
    page.locator(".because", has_text="投资进度灯").get_by_role("link", name="一步步查到源头").click()
    figure = page.locator("a[href$='/figures/completed/2024-06/']").first
    expect(figure).to_have_text("733 万元")
    page.goto(str(figure.get_attribute("href")))  # the same link stands on the page and in the drawer before it
    walk = page.locator("section, article, main", has_text="最初的单元格").last
    expect(walk).to_contain_text("六月补报.xlsx")
    expect(walk).to_contain_text("E2")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载原件").click()
    assert Path(download.value.path()).read_bytes() == content
