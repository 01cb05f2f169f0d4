"""The whole loop of a meeting: a red project, a decision, the minutes, the task done, and the next agenda without it. It closes today's session, in a city of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.stories.conftest import Enter, copied, served
from tests.stories.test_meeting import WORK, opened


@pytest.fixture(scope="module")
def home(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city of its own: closing today's session closes it for everybody."""
    return copied(built, tmp_path_factory)


@pytest.fixture(scope="module")
def city(home: Path) -> Iterator[str]:
    """Its address."""
    with served(home) as address:
        yield address


def answered(page: Page, button: str) -> None:
    """Press a button, and wait until what it sends is written."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name=button).click()


def step(page: Page, row: str, name: str, **given: str) -> None:
    """Make a move of a row, filling fields in by name; with proof where it is asked for."""
    page.goto(f"{row}move/{name}/")
    for field, value in given.items():
        page.locator(f"[name='row.{field}']").fill(value)
    if page.locator("[data-picker][name='evidence.办结材料']").count():
        page.locator("[data-picker][name='evidence.办结材料']").set_input_files({"name": "proof.txt", "mimeType": "text/plain", "buffer": b"proof"})
    page.locator("main form button.button-primary").click()
    page.wait_for_url(lambda url: "/move/" not in url)


def test_from_a_red_project_to_a_task_done_and_off_the_next_agenda(enter: Enter, admit: Callable[[str], Page], tmp_path: Path) -> None:
    page, text, day = opened(enter("干部")), f"闭环：{WORK}", "2024-07-10"
    page.get_by_role("region", name="议程").locator(".point:not(.point-ended):not(.point-off) .point-link", has_text="红牌项目").first.click()
    expect(page.locator("#matter")).to_contain_text("红牌项目")
    form = page.locator("#decide")
    form.get_by_label("承办单位").select_option(label="市发展和改革委员会")
    form.get_by_label("督办事项").fill(text)
    form.get_by_label("督办事项").press("Enter")
    expect(page.get_by_role("region", name="本次议定")).to_contain_text(text)
    room = page.url.partition("?")[0]
    page.goto("/desk/")
    expect(page.locator("#main")).to_contain_text(text)

    page.goto(room)
    page.get_by_role("button", name="散会").click()
    expect(page.locator("#room")).to_contain_text("已散会")
    supervisor = admit("demo-supervisor")
    supervisor.goto(room)
    supervisor.get_by_role("link", name="审定并印发纪要").click()
    expect(supervisor.locator("#main")).to_contain_text(text)
    answered(supervisor, "核算无误，核稿通过")
    leader = admit("demo-leader")
    leader.goto(supervisor.url.partition("?")[0])
    answered(leader, "同意，签发")
    supervisor.reload()
    answered(supervisor, "核算无误，印发")
    supervisor.goto(room)
    expect(supervisor.locator("#room")).to_contain_text("纪要已印发")
    supervisor.get_by_role("link", name="濮调纪").click()
    with supervisor.expect_download() as download:
        supervisor.get_by_role("link", name="下载 Word").click()
    download.value.save_as(tmp_path / "minutes.docx")
    cells = [cell.text for table in Document(str(tmp_path / "minutes.docx")).tables for row in table.rows for cell in row.cells]
    assert text in cells

    page.goto("/meetings/")
    page.get_by_role("link", name="登记下一次").first.click()
    expect(page.locator("[name='row.number']")).to_have_value("26")
    expect(page.locator("[name='row.name']")).to_have_value("第 26 次周调度会（演示）")
    page.locator("main form button.button-primary").click()
    page.wait_for_url(lambda url: "/new/" not in url)
    page.goto("/meetings/")
    page.get_by_role("link", name="第 26 次周调度会").click()
    agenda = page.get_by_role("region", name="议程")
    expect(agenda.locator(".point", has_text=text)).to_contain_text("上次未办结")
    following = page.url
    row = str(agenda.locator(".point-link", has_text=text).get_attribute("href"))
    page.goto(row)
    row = str(page.locator("#matter h3 a").get_attribute("href"))
    step(page, row, "deploy", deployed_on=day)
    step(page, row, "report", reported_on=day, report="已会同有关单位办理（演示）")
    step(page, row, "settle", settled_on=day)
    step(supervisor, row, "close", closed_on=day)
    page.goto(following)
    expect(agenda).to_contain_text("红牌项目")
    expect(agenda).not_to_contain_text(text)
