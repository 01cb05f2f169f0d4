"""The register as officers work with it: filters that compose, a list kept and shared, many rows at once, the four views, columns by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import Enter

PROJECTS = "/registers/major_projects.projects/"

OVER = """async (addresses) => {
    const place = document.getElementById("rows"), over = [];
    for (const address of addresses) {
        const answer = await fetch(address, {headers: {"HX-Request": "true", "HX-Target": "rows"}});
        place.innerHTML = await answer.text();
        const rows = place.querySelector(".density"), scroll = place.querySelector(".scroll");
        for (const density of scroll ? ["compact", "standard", "loose"] : []) {
            rows.dataset.density = density;
            if (scroll.scrollWidth > scroll.clientWidth) over.push(`${address} ${density}: ${scroll.scrollWidth - scroll.clientWidth} px`);
        }
    }
    return over;
}"""
"""The lists that are wider than their place on the page, in each height of rows."""


def total(page: Page) -> int:
    return int(str(page.locator("#rows .summary").get_attribute("data-total")))


def heads(page: Page) -> list[str]:
    return page.locator("#rows thead th[data-c]").evaluate_all("heads => heads.map(one => one.dataset.c)")


def test_filters_compose_and_the_list_is_kept_for_everybody(enter: Enter) -> None:
    page = enter("干部")
    page.goto(PROJECTS)
    everything = total(page)
    page.locator("#filter-state").select_option("building")
    page.wait_for_url("**state=building**")
    building = total(page)
    page.locator("#filter-office").select_option("范县")
    page.wait_for_url("**office=**")
    expect(page.locator("#rows .chips")).to_contain_text("范县")
    assert 0 < total(page) < building < everything

    page.get_by_role("link", name="存为视图").click()
    page.locator("#drawer-body [name=name]").fill("范县在建")
    page.locator("#drawer-body [name=audience]").select_option("everybody")
    page.locator("#drawer-body").get_by_role("button", name="保存").click()
    expect(page.locator(".messages")).to_contain_text("共享给")

    leader = enter("领导")
    leader.goto(PROJECTS)
    shared = leader.locator(".views .tabs a", has_text="范县在建")
    expect(shared).to_contain_text("共享")
    shared.click()
    leader.wait_for_url("**state=building**")
    expect(leader.locator("#rows .chips")).to_contain_text("在建")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_list_of_the_city_scrolls_sideways_on_a_desk(enter: Enter, city: str, language: str) -> None:
    page = enter("干部", width=1366)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": city}])
    page.goto("/registers/")
    addresses = page.eval_on_selector_all("main a[href^='/registers/']", "links => [...new Set(links.map(one => one.pathname))]")
    assert len(addresses) > 60
    page.goto(PROJECTS)
    assert page.evaluate(OVER, addresses) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    assert page.evaluate(OVER, [PROJECTS]) == []


def test_the_four_views_agree_on_how_many_rows_there_are(enter: Enter) -> None:
    page = enter("干部")
    page.goto(f"{PROJECTS}?state=started")
    rows = total(page)
    for name, drawn in (("阶段", ".stage h2 .count"), ("甘特", ".bars-line"), ("地图", ".list-map > .scroll tbody td:nth-child(2)")):
        page.get_by_role("navigation", name="查看方式").get_by_role("link", name=name).click()
        expect(page.get_by_role("navigation", name="查看方式").locator("[aria-current]")).to_have_text(name)
        assert total(page) == rows
        counted = page.locator(drawn)
        texts = counted.all_inner_texts()
        assert (counted.count() if name == "甘特" else sum(int(text) for text in texts)) == rows


def test_columns_and_row_height_are_chosen_by_the_keyboard_and_stay(enter: Enter) -> None:
    page = enter("干部")
    page.goto(PROJECTS)
    before = heads(page)
    page.locator("summary", has_text="列与行高").focus()
    page.keyboard.press("Enter")
    with page.expect_response(lambda answer: answer.url.endswith("/arrange/")):
        page.get_by_role("checkbox", name="更新", exact=True).focus()
        page.keyboard.press("Space")
    expect(page.locator("#rows thead th[data-c=_changed]")).to_be_visible()
    with page.expect_response(lambda answer: answer.url.endswith("/arrange/")):
        page.get_by_role("button", name="把 级别 前移", exact=True).focus()
        page.keyboard.press("Enter")
    with page.expect_response(lambda answer: answer.url.endswith("/arrange/")):
        page.locator("input[name=density]:checked").focus()
        page.keyboard.press("ArrowRight")
    expect(page.locator("#rows [data-density=loose]")).to_be_visible()
    assert heads(page).index("level") == before.index("level") - 1

    page.goto("/desk/")
    page.goto(PROJECTS)
    assert "_changed" in heads(page)
    expect(page.locator("#rows [data-density=loose]")).to_be_visible()
    page.locator("summary", has_text="列与行高").click()
    page.get_by_role("button", name="恢复默认").click()
    page.wait_for_load_state()
    assert heads(page) == before


def test_many_rows_move_after_a_preview_that_names_who_is_refused(enter: Enter) -> None:
    page = enter("干部")
    page.goto(f"{PROJECTS}?state=planned&state=talks&office=示范区")
    rows = total(page)
    page.locator("#rows tbody input[name=pick]").first.check()
    expect(page.locator("#bulk [data-picked]")).to_have_text("1")
    page.get_by_label(re.compile("选中全部")).check()
    page.locator("#bulk").get_by_role("button", name="办理").click()
    page.get_by_role("radio", name=re.compile("转在谈")).check()
    page.get_by_role("button", name="下一步").click()
    page.locator("[name='row.talks_on']").fill("2024-07-10")
    page.get_by_role("button", name="预览").click()
    verdict = page.locator("main h2").first
    expect(verdict).to_contain_text("条不能办")
    moved, refused = (int(found) for found in re.findall(r"(\d+) 条", verdict.inner_text()))
    assert moved + refused == rows
    expect(page.get_by_role("region", name="不能办的，以及为什么")).to_contain_text("不得跳步")
    page.get_by_role("button", name=re.compile("确认，改")).click()
    expect(page.locator("main h2").first).to_contain_text(f"改动 {moved} 条，已记入台账")
    expect(page.locator("main")).to_contain_text("办理不能退回")


def test_all_rows_of_a_query_are_changed_and_taken_back(enter: Enter) -> None:
    page = enter("干部")
    page.goto(f"{PROJECTS}?state=landed")
    rows = total(page)
    page.locator("#rows tbody input[name=pick]").first.check()
    page.get_by_label(re.compile("选中全部")).check()
    expect(page.locator("#bulk [data-picked]")).to_have_text(str(rows))
    page.locator("#bulk").get_by_role("button", name="修改字段").click()
    page.get_by_role("radio", name="用地手续文号").check()
    page.get_by_role("button", name="下一步").click()
    page.locator("[name='row.land_permit']").fill("濮自然资〔2024〕成批号")
    page.get_by_role("button", name="预览").click()
    expect(page.locator("main h2").first).to_contain_text(f"将改动 {rows} 条")
    page.get_by_role("button", name=re.compile("确认，改")).click()
    page.get_by_role("link", name="撤回这次修改").click()
    expect(page.locator("main h2").first).to_contain_text(f"将改动 {rows} 条")
    page.get_by_role("button", name=re.compile("确认，改")).click()
    expect(page.locator("main h2").first).to_contain_text("已记入台账")
