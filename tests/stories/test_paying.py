"""Policies paid in a real browser: a day and rules chosen, a list drafted, reviewed and confirmed by others, files taken away; what a firm is told."""

import io
from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.stories.conftest import Enter
from tests.stories.keyboard import answered, press

HERE = "/policies/enterprise_policy.enterprises/"
TITLE = "上半年免申即享兑付表（故事）"


def taken(page: Page, link: str, folder: Path) -> list[tuple[object, ...]]:
    """The rows of a sheet that a link gives."""
    with page.expect_download() as waiting:
        press(page, page.get_by_role("link", name=link))
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return list(load_workbook(io.BytesIO(target.read_bytes()), read_only=True).worksheets[0].values)


def test_a_list_goes_from_a_day_and_its_rules_to_the_payment_file(enter: Enter, admit: Callable[[str], Page], tmp_path: Path) -> None:
    officer = enter("干部")
    officer.goto("/registers/enterprise_policy.enterprises/")
    press(officer, officer.get_by_role("link", name="惠企政策", exact=True))
    officer.get_by_label("哪一天").fill("2024-07-01")
    officer.get_by_label("规则版本").select_option(index=0)
    press(officer, officer.get_by_role("button", name="计算"))
    officer.wait_for_url("**on=2024-07-01*")
    press(officer, officer.get_by_role("link", name="新拟兑付表"))
    drawer = officer.get_by_role("dialog")
    expect(drawer).to_contain_text("按 2024-07-01 的规则")
    drawer.get_by_label("表名").fill(TITLE)
    press(officer, drawer.get_by_role("button", name="拟表"))
    officer.wait_for_url("**/payments/*/")
    address = officer.url
    expect(officer.get_by_role("link", name="付款文件 xlsx")).to_have_count(0)

    supervisor = admit("demo-supervisor")
    supervisor.goto(address)
    press(supervisor, supervisor.get_by_role("link", name="复核无误"))
    answered(supervisor, "复核兑付表")
    expect(supervisor.get_by_role("link", name="重算一致后确认兑付")).to_have_count(0)
    public = taken(supervisor, "公示名单 xlsx", tmp_path)

    leader = enter("领导")
    leader.goto(address)
    press(leader, leader.get_by_role("link", name="重算一致后确认兑付"))
    answered(leader, "确认兑付")
    expect(leader.locator(".head")).to_contain_text("已确认")
    paid = taken(leader, "付款文件 xlsx", tmp_path)
    count = int(leader.get_by_role("region", name="各项政策").locator(".panel-note").inner_text().split(" ")[0])
    assert len(paid) >= count
    assert len(public) >= count

    officer.goto(HERE)
    expect(officer.get_by_role("region", name="兑付表").get_by_role("listitem").filter(has_text=TITLE)).to_contain_text("已确认")


def test_an_enterprise_reads_what_it_gets_and_what_one_condition_keeps_from_it(enter: Enter) -> None:
    firm = enter("企业", width=390)
    firm.goto("/mine/")
    policies = firm.get_by_role("region", name="惠企政策")
    expect(policies).to_contain_text("只差一条")
    press(firm, policies.get_by_role("link").first)
    firm.wait_for_url("**tab=policies")
    expect(firm.locator("main")).to_contain_text("相差")
