"""Rows that are probably one firm, in a real browser: looked at, merged by a person, taken back, told apart; with the keyboard alone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.stories.conftest import Enter
from tests.stories.keyboard import answered, press

HERE = "/duplicates/enterprise_policy.enterprises/"


def test_a_pair_is_merged_by_a_person_and_taken_back_then_told_apart(enter: Enter, admit: Callable[[str], Page]) -> None:
    page = admit("demo-supervisor")
    page.goto("/registers/enterprise_policy.enterprises/")
    press(page, page.get_by_role("link", name="疑似重复"))
    pairs = page.locator(".twins")
    expect(pairs).to_have_count(3)
    pair = pairs.first
    names = [link.inner_text() for link in pair.locator("thead a").all()]
    assert len(set(names)) == 2, "one firm, written down in two ways"
    press(page, pair.locator("summary"))
    expect(pair.locator("details p")).to_contain_text("去掉地区和组织形式后相同")

    press(page, pair.get_by_role("link", name="是同一个，合并"))
    answered(page, "合并为一行")
    expect(pairs).to_have_count(2)
    decided = page.get_by_role("region", name="已认定的").get_by_role("listitem").filter(has_text=names[0])
    expect(decided).to_contain_text("已合并")
    expect(decided).to_contain_text(names[1])
    taken_in = str(decided.locator("a[href^='/rows/']").first.get_attribute("href"))
    page.goto(taken_in)
    expect(page.locator("main .notice", has_text="已并入")).to_be_visible()

    page.goto(HERE)
    press(page, decided.get_by_role("link", name="撤销"))
    answered(page, "撤销合并", "两家各有税号（故事）")
    expect(pairs).to_have_count(3)
    page.goto(taken_in)
    expect(page.locator("main .notice", has_text="已并入")).to_have_count(0)

    page.goto(HERE)
    press(page, page.locator(".twins", has_text=names[0]).get_by_role("link", name="不是同一个"))
    answered(page, "判为不同", "母公司与子公司（故事）")
    expect(pairs).to_have_count(2)
    expect(decided).to_contain_text("判为不同")
    expect(decided).to_contain_text("母公司与子公司（故事）")
    press(page, decided.get_by_role("link", name="撤销"))
    answered(page, "撤销判定")
    expect(pairs).to_have_count(3)


def test_an_officer_looks_at_the_pairs_and_is_not_asked_to_decide(enter: Enter) -> None:
    page = enter("干部")
    page.goto(HERE)
    expect(page.locator(".twins").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("认定由台账指定的角色办理")
    expect(page.get_by_role("link", name="是同一个，合并")).to_have_count(0)
