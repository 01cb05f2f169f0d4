"""A day at the desk: going in, correcting a row that somebody else corrected too, moving a project on, sending a letter."""

from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import expect

from tests.stories.conftest import Enter

PROJECTS = "/registers/major_projects.projects/"


@pytest.mark.parametrize(("face", "begins"), [("领导", "/board/"), ("干部", "/desk/"), ("企业", "/mine/")])
def test_each_face_goes_in_by_one_click_and_begins_at_its_own_page(enter: Enter, face: str, begins: str) -> None:
    page = enter(face)
    assert page.url.endswith(begins)
    expect(page.locator("h1").first).to_be_visible()


def test_two_people_change_one_row_and_neither_is_lost(enter: Enter) -> None:
    mine, theirs = enter("干部"), enter("干部")
    mine.goto(f"{PROJECTS}?state=planned")
    row = str(mine.locator("#rows a[href*='/rows/']").nth(3).get_attribute("href"))
    for page in (mine, theirs):
        page.goto(f"{row}edit/")
    before = mine.locator("[name='row.estimate']").input_value()
    theirs.locator("[name='row.estimate']").fill("45678")
    theirs.locator("main form button.button-primary").click()
    theirs.wait_for_url(lambda url: "/edit/" not in url)

    mine.locator("[name='row.estimate']").fill("34567")
    with mine.expect_response(lambda answer: answer.request.method == "POST") as answer:
        mine.locator("main form button.button-primary").click()
    assert answer.value.status == 409
    versions = mine.locator(".versions tr", has_text="概算投资")
    expect(versions.locator("td").nth(0)).to_contain_text(f"{int(before.replace(',', '')):,}")
    expect(versions.locator("td").nth(1)).to_contain_text("45,678")
    expect(versions.locator("td").nth(2)).to_contain_text("34,567")
    versions.get_by_label("34,567").check()
    mine.get_by_role("button", name="按选择保存").click()
    mine.goto(f"{row}edit/")
    assert mine.locator("[name='row.estimate']").input_value().replace(",", "") == "34567"


def test_a_project_moves_on_and_not_before_it_was_there(enter: Enter) -> None:
    page = enter("干部")
    page.goto(f"{PROJECTS}?state=planned")
    row = str(page.locator("#rows a[href*='/rows/']").first.get_attribute("href"))
    page.goto(f"{row}move/")
    page.get_by_role("link", name="转在谈").click()
    page.locator("[name='row.talks_on']").fill("2001-01-01")
    page.get_by_role("button", name="转在谈").click()
    expect(page.locator("main form [role=alert], main form .field-error").first).to_contain_text("早于上一状态的日期")

    page.locator("[name='row.talks_on']").fill("2024-07-10")
    page.get_by_role("button", name="转在谈").click()
    page.wait_for_url(lambda url: "/move/" not in url)
    expect(page.locator(".entry-title")).to_contain_text("在谈")


def test_a_red_plate_has_its_letter_to_take_away(enter: Enter, tmp_path: Path) -> None:
    page = enter("干部")
    page.goto(f"{PROJECTS}?light.plates.plate=red")
    plated = page.locator("#rows a[href*='/rows/']").all_inner_texts()
    page.goto("/papers/")
    letters = page.get_by_role("link", name="红牌约谈的督办函")
    next(letter for letter in letters.all() if any(name in letter.inner_text() for name in plated)).click()
    title = page.locator("h1.paper-title").inner_text()
    assert any(name in title for name in plated)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 Word").click()
    assert download.value.suggested_filename == f"{title}.docx"
    download.value.save_as(tmp_path / "letter.docx")
    letter = Document(str(tmp_path / "letter.docx"))
    texts = [line.text for line in letter.paragraphs]
    assert title in texts
    assert any(text.startswith("草稿") for text in texts)
    assert letter.tables, "the sources of its figures"


@pytest.mark.parametrize(("face", "says"), [("领导", "Major projects"), ("干部", "Upload a sheet"), ("企业", "My enterprise")])
def test_english_is_one_click_away_from_the_first_page_of_each_face_and_back(enter: Enter, face: str, says: str) -> None:
    page = enter(face)
    begins = page.url
    page.locator("summary[aria-label='显示设置'], [data-tour=user] summary").click()
    page.get_by_role("button", name="Switch to English").last.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url == begins
    expect(page.locator("body")).to_contain_text(says)
    page.goto(PROJECTS)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Major projects")
    expect(page.get_by_role("link", name="Record", exact=True)).to_have_count(1 if face == "干部" else 0)
    page.get_by_role("button", name="中文").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
