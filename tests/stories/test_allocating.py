"""A quota shared out in a real browser: drafted, reviewed, confirmed by a second person; each request says on its own page what it got or why not."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.stories.conftest import Enter
from tests.stories.keyboard import answered, press

HERE = "/quotas/factors.energy/energy/"


def test_energy_is_shared_out_by_three_people_and_each_request_says_what_it_got(enter: Enter, admit: Callable[[str], Page]) -> None:
    officer = enter("干部")
    officer.goto(HERE)
    older = str(officer.get_by_role("region", name="分配方案").get_by_role("link").first.get_attribute("href"))
    press(officer, officer.get_by_role("link", name="新拟分配方案"))
    press(officer, officer.get_by_role("dialog").get_by_role("button", name="新拟分配方案"))
    officer.wait_for_url("**/allocations/*/")
    address = officer.url
    expect(officer.get_by_role("link", name="重读一致后确认入账")).to_have_count(0)
    lines = officer.get_by_role("region", name="逐件结果和理由").get_by_role("listitem")
    granted, refused = lines.filter(has_text="全额配给").first, lines.filter(has_text="不合条件").first
    expect(refused).to_contain_text("节能审查")
    got, not_got = (str(line.get_by_role("link").first.get_attribute("href")) for line in (granted, refused))
    amount = granted.locator("p b").first.inner_text()

    supervisor = admit("demo-supervisor")
    supervisor.goto(address)
    press(supervisor, supervisor.get_by_role("link", name="复核无误"))
    answered(supervisor, "复核分配方案")
    expect(supervisor.get_by_role("list", name="办到哪一步")).to_contain_text("2024-07-10")
    expect(supervisor.get_by_role("link", name="重读一致后确认入账")).to_have_count(0)

    leader = enter("领导")
    leader.goto(address)
    press(leader, leader.get_by_role("link", name="重读一致后确认入账"))
    answered(leader, "确认分配方案")
    expect(leader.locator(".head")).to_contain_text("已确认")

    officer.goto(f"{got}?tab=quotas")
    expect(officer.locator("#tab-body, main").last).to_contain_text(amount)
    expect(officer.locator("main")).to_contain_text("全额配给")
    officer.goto(f"{not_got}?tab=quotas")
    expect(officer.locator("main")).to_contain_text("节能审查")

    officer.goto(HERE)
    expect(officer.get_by_role("region", name="记账明细")).to_contain_text("配给")
    moved_on(supervisor, leader, older)


def moved_on(supervisor: Page, leader: Page, older: str) -> None:
    """An allocation drafted before what counts has moved is refused where it would be booked, and says what moved."""
    supervisor.goto(older)
    press(supervisor, supervisor.get_by_role("link", name="复核无误"))
    answered(supervisor, "复核分配方案")
    leader.goto(older)
    press(leader, leader.get_by_role("link", name="重读一致后确认入账"))
    drawer = leader.get_by_role("dialog")
    press(leader, drawer.get_by_role("button", name="确认分配方案"))
    expect(drawer).to_contain_text("没有入账，请作废后重新拟案")
    leader.goto(older)
    expect(leader.locator(".head")).to_contain_text("待确认")
