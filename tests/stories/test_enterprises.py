"""The third face: an appeal from the first word to the last, the page for everybody, and how somebody comes to an account."""

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.stories.conftest import Enter, Visit, tab_to

HAND_IN = "/mine/new/enterprise_service.appeals/"
PASSWORD = "a-long-Enough-one-7"


def hand_in(page: Page, matter: str) -> str:
    """Hand an appeal in by the short form; gives its key."""
    page.goto(HAND_IN)
    page.get_by_label("诉求事项").fill(matter)
    page.get_by_label("审批服务").check()
    page.get_by_role("button", name="提交").click()
    page.wait_for_url(re.compile("/mine/"))
    card = page.locator(".followed", has_text=matter)
    expect(card).to_contain_text("还剩")
    return str(re.search(r"SQ-\d{4}-\d{5}", card.inner_text())[0])  # type: ignore[index]


def move(page: Page, key: str, name: str, **given: str) -> None:
    """Find a row by its key and make a move of it, filling fields in by name."""
    page.goto(f"/registers/enterprise_service.appeals/?q={key}")
    row = str(page.locator("#rows a[href*='/rows/']").first.get_attribute("href"))
    page.goto(f"{row}move/{name}/")
    for field, value in given.items():
        page.locator(f"[name='row.{field}']").fill(value)
    if page.locator("[data-picker][name='evidence.办理佐证']").count():
        page.locator("[data-picker][name='evidence.办理佐证']").set_input_files({"name": "proof.txt", "mimeType": "text/plain", "buffer": b"proof"})
    page.locator("main form button.button-primary").click()
    page.wait_for_url(lambda url: "/move/" not in url)


def test_an_appeal_is_handed_in_without_a_mouse(enter: Enter) -> None:
    page = enter("企业")
    page.goto("/mine/")
    tab_to(page, page.get_by_role("link", name=re.compile("提交")).first)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{HAND_IN}")
    if not page.get_by_label("诉求事项").evaluate("one => one === document.activeElement"):
        tab_to(page, page.get_by_label("诉求事项"))
    page.keyboard.type("厂区外路灯不亮")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("审批服务")).to_be_checked()
    tab_to(page, page.get_by_role("button", name="提交"))
    page.keyboard.press("Enter")
    expect(page.locator(".followed", has_text="厂区外路灯不亮")).to_contain_text("还剩")


def test_an_appeal_goes_back_once_and_is_solved_only_when_the_enterprise_says_so(enter: Enter) -> None:
    firm, officer = enter("企业", width=390), enter("干部")
    key = hand_in(firm, "临时道路占用许可")
    move(officer, key, "route", routed_on="2024-07-10")
    move(officer, key, "answer", result="已受理", handled_on="2024-07-10")

    firm.goto("/mine/")
    card = firm.locator(".waiting .followed", has_text=key)
    expect(card).to_contain_text("已受理")
    row = str(card.get_by_role("link").first.get_attribute("href"))
    firm.goto(row)
    open_issues = firm.get_by_role("region", name="未了事项")
    expect(open_issues).to_contain_text("确认时限")
    expect(open_issues).not_to_contain_text("demo-enterprise")  # whose word is waited for is told by name, never by account
    firm.goto("/mine/")
    card.get_by_role("link", name="不满意，退回重办").click()
    firm.get_by_label("理由").fill("受理不等于办好")
    firm.locator("#drawer-body form button.button-primary").click()
    expect(firm.locator("#drawer")).to_be_hidden()
    expect(firm.locator(".followed", has_text=key)).to_contain_text("退回过 1 次")
    expect(firm.locator(".waiting .followed", has_text=key)).to_have_count(0)

    move(officer, key, "answer", result="许可已发", handled_on="2024-07-10")
    firm.goto("/mine/")
    firm.locator(".waiting .followed", has_text=key).get_by_role("link", name="确认解决").click()
    firm.get_by_label("非常满意").check()
    firm.locator("#drawer-body form button.button-primary").click()
    expect(firm.locator("#drawer")).to_be_hidden()
    firm.locator("details.closed summary").click()
    done = firm.locator(".closed .followed", has_text=key)
    expect(done).to_contain_text("非常满意")
    with firm.expect_response("**/mine/"):
        firm.evaluate("document.dispatchEvent(new CustomEvent('bihuan:moved'))")  # as when the ledger moved on
    expect(done).to_be_visible()


def test_a_visitor_reads_what_was_promised_and_takes_the_data_along(visit: Visit, tmp_path: Path) -> None:
    page = visit(width=390)
    page.goto("/open/")
    expect(page.locator("h1")).to_contain_text("说过的，做到哪一步")
    expect(page.locator("main")).to_contain_text("诉求解决率全年达到 95%")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="JSON 年度目标").click()
    target = tmp_path / "targets.json"
    waiting.value.save_as(target)
    data = json.loads(target.read_text("utf-8"))
    assert data["licence"]
    assert data["ledger"]["hash"]
    assert all(row["_ledger"]["hash"] for row in data["rows"])
    page.goto("/open/enterprise_service.appeals/")
    assert "/login/" in page.url, "what no pack opens is not there"


def test_an_invitation_leads_from_its_link_to_ones_own_page_and_to_nobody_elses(enter: Enter, visit: Visit) -> None:
    officer = enter("干部")
    officer.goto("/invitations/")
    officer.locator("[name='role']").select_option("citizen")
    officer.locator("[name='name']").fill("王小满")
    officer.get_by_role("button", name="生成邀请").click()
    link = officer.locator(".invitation-link").inner_text()
    expect(officer.locator(".invitation-code svg")).to_be_visible()
    officer.goto("/invitations/")
    assert link not in officer.content(), "it is shown once"

    citizen = visit(width=390)
    citizen.goto(link)
    citizen.get_by_label("账号").fill("wang.xiaoman")
    citizen.get_by_label("密码").fill(PASSWORD)
    citizen.get_by_role("button", name="设置好了，进入").click()
    citizen.wait_for_url(re.compile("/mine/"))
    expect(citizen.locator("main")).to_contain_text("没有正在办的诉求")
    key = hand_in(citizen, "路灯不亮")
    expect(citizen.locator(".followed")).to_have_count(1)

    officer.goto("/registers/enterprise_service.appeals/?q=SQ-2024-00001")
    other = str(officer.locator("#rows a[href*='/rows/']").first.get_attribute("href"))
    answer = citizen.goto(other)
    assert answer
    assert answer.status == 404
    citizen.goto("/mine/")
    expect(citizen.locator(".followed")).to_contain_text(key)

    again = visit(width=390)
    gone = again.goto(link)
    assert gone
    assert gone.status == 404
    expect(again.locator("main")).to_contain_text("这份邀请不能用了")
