"""The site as people use it, on a demo city with 100,000 projects more: `python -m bench.site [--quick] [--projects N]`.

Three parts. Server time of each of the main pages, asked for over loopback by one person after another. What a browser needs: first
contentful paint and what is transferred, in a fresh Chromium with nothing kept (left out where none is installed). And load: 40 requests
a second mixed from 200 sign-ins, then five times as many, when those that are not let in must be told so at once.

The city is built once into build/bench-site (BIHUAN_BENCH_SITE names another folder) and copied for every run, since the run writes. With
BIHUAN_BENCH_DATABASE, the address of an empty PostgreSQL database, it is built there instead.
"""

import asyncio
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from playwright.sync_api import Browser, sync_playwright

from bench._measuring import Sheet, quick

ROOT = Path(__file__).resolve().parent.parent
PROJECTS = "/registers/major_projects.projects/"
PEOPLE = ("demo-officer", "demo-leader")
CHROMIUM = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip

SIZE, SESSIONS, RATE, SECONDS = (2_000, 40, 20, 10) if quick() else (100_000, 200, 40, 45)
if "--projects" in sys.argv:
    SIZE = int(sys.argv[sys.argv.index("--projects") + 1])
ASKED = 15 if quick() else 60
OVERLOAD = 5
WARM = 12
"""So many pairs of quick answers in a row show that no worker is still reading."""

GATHERED = ("workbench", "register", "entry", "board")
"""The pages the goal of server time is set for; the others are for information."""

Answer = tuple[str, int, float, bool]
"""A page's name, the status, seconds, and whether it said when to come again."""


@dataclass
class Pages:
    """The addresses of each page, several of each so that no answer is the last one again."""

    officer: dict[str, list[str]]
    leader: dict[str, list[str]]
    weights: dict[str, int] = field(default_factory=lambda: {"workbench": 25, "register": 25, "entry": 25, "board": 10, "why": 5, "search": 5, "edit": 5})


def main() -> int:
    """Build, serve, measure and print."""
    sheet = Sheet()
    with _served() as site:
        cookies = asyncio.run(_signed_in(site))
        asyncio.run(_warm(site, cookies["demo-officer"][0]))
        pages = asyncio.run(_pages(site, cookies["demo-officer"][0]))
        asyncio.run(_server_time(sheet, site, cookies, pages))
        _browser(sheet, site, cookies, pages)
        for times in (1, OVERLOAD):
            asyncio.run(_load(sheet, site, cookies, pages, times))
    return sheet.finish()


# --- the city and its site


@contextmanager
def _served() -> Iterator[str]:
    kept = Path(os.environ.get("BIHUAN_BENCH_SITE", ROOT / "build" / f"bench-site-{SIZE}"))
    database = os.environ.get("BIHUAN_BENCH_DATABASE", "")
    around = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
    around |= {"BIHUAN_DEMO": "on", "BIHUAN_TODAY": "2024-07-10", "BIHUAN_CITY": "濮阳市（演示）", "BIHUAN_DATABASE": database}
    if database or not (kept / "bihuan.sqlite3").exists():
        command = [sys.executable, "-m", "bihuan.command", "demo", "--build-only", "--projects", str(SIZE)]
        subprocess.run(command, check=True, cwd=ROOT, env=around | {"BIHUAN_HOME": str(kept)})
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as folder:
        home = Path(folder) / "home"
        shutil.copytree(kept, home)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            site = f"http://127.0.0.1:{free.getsockname()[1]}"
        command = [sys.executable, "-m", "bihuan.command", "serve", "--bind", site.removeprefix("http://"), "--workers", str(os.cpu_count() or 1)]
        with (home / "served.log").open("w") as log, subprocess.Popen(command, cwd=ROOT, env=around | {"BIHUAN_HOME": str(home)}, stdout=log, stderr=log) as serving:
            try:
                asyncio.run(_wait(site))
                yield site
            finally:
                serving.terminate()


async def _wait(site: str) -> None:
    async with aiohttp.ClientSession() as client:
        for _ in range(600):
            try:
                async with client.get(f"{site}/login/") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.2)
    raise SystemExit("the site does not answer")


async def _signed_in(site: str) -> dict[str, list[dict[str, str]]]:
    """The cookies of SESSIONS sign-ins: four officers for each leader."""
    found: dict[str, list[dict[str, str]]] = {name: [] for name in PEOPLE}
    for place in range(SESSIONS):
        name = PEOPLE[place % 5 == 4]
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as client:
            async with client.get(f"{site}/login/") as page:
                token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', await page.text())
            assert token is not None
            form = {"csrfmiddlewaretoken": token[1], "as": name}
            async with client.post(f"{site}/demo/", data=form, headers={"Referer": site}, allow_redirects=False) as answer:
                assert answer.status == 302, answer.status
        found[name].append({one.key: one.value for one in jar})
    return found


async def _pages(site: str, cookies: dict[str, str]) -> Pages:
    chance = random.Random(1)
    numbers: list[str] = []
    async with aiohttp.ClientSession(cookies=cookies) as client:
        for page in (1, 7, 40):
            async with client.get(f"{site}{PROJECTS}?page={page}") as answer:
                numbers += re.findall(r'href="/rows/(\d+)/', await answer.text())
        async with client.get(f"{site}/rows/{numbers[0]}/") as answer:
            whys = re.findall(r'href="(/rows/\d+/lights/[^"/]+/)', await answer.text())
    rows = list(dict.fromkeys(numbers))
    lists = [
        "", "?light.plates.plate=red", "?f.industry=能源&sort=-estimate", "?q=数字", "?office=濮阳县&state=building", "?page=9&sort=_title",
        "?f.estimate.from=50000&light.projects.progress=yellow",
    ]  # fmt: skip
    officer = {
        "workbench": ["/desk/", "/desk/?tab=overdue", "/desk/?tab=review"], "register": [PROJECTS + one for one in lists],
        "entry": [f"/rows/{one}/" for one in chance.sample(rows, min(40, len(rows)))], "why": whys,
        "search": ["/search/?q=数字", "/search/?q=P-2023-10012", "/search/?q=污水"], "edit": [f"/rows/{one}/edit/" for one in rows[:20]],
    }  # fmt: skip
    boards = ["/board/", "/board/major_projects.projects/?light=plates.plate", "/board/major_projects.three_batches/"]
    return Pages(officer, {"board": boards, "register": officer["register"], "entry": officer["entry"], "why": whys})


async def _warm(site: str, cookies: dict[str, str]) -> None:
    """Wait until every worker has read what pages are answered from: of a large city that takes a minute after a start."""
    quick_ones = 0
    while quick_ones < WARM:
        async with aiohttp.ClientSession(cookies=cookies) as client:  # a new connection each, so that each worker gets some
            took = [(await _asked(client, "warm", site + PROJECTS))[2] for _ in range(2)]
        quick_ones = quick_ones + 1 if max(took) < 1 else 0


# --- the three parts


async def _server_time(sheet: Sheet, site: str, cookies: dict[str, list[dict[str, str]]], pages: Pages) -> None:
    for name in dict.fromkeys((*pages.officer, *pages.leader)):
        addresses = pages.officer.get(name) or pages.leader[name]
        who = "demo-officer" if name in pages.officer else "demo-leader"
        async with aiohttp.ClientSession(cookies=cookies[who][0]) as client:
            for address in addresses:
                await _asked(client, name, site + address)
            times = [await _asked(client, name, site + addresses[place % len(addresses)]) for place in range(ASKED)]
        assert all(status == 200 for _name, status, _took, _again in times), Counter(status for _n, status, *_ in times)
        most = 150 if name in GATHERED else None
        sheet.note(f"网页·{name} 服务器用时 p95 server time", SIZE, _p95([took for _n, _s, took, _a in times]) * 1000, "ms", most=most)


async def _asked(client: aiohttp.ClientSession, name: str, address: str) -> Answer:
    begun = time.perf_counter()
    async with client.get(address) as answer:
        await answer.read()
        return name, answer.status, time.perf_counter() - begun, "Retry-After" in answer.headers


def _browser(sheet: Sheet, site: str, cookies: dict[str, list[dict[str, str]]], pages: Pages) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        print("  no Chromium here: first paint and transfer are left out")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM))
        for name, who, address, most in (
            ("workbench", "demo-officer", "/desk/", 150), ("register", "demo-officer", PROJECTS, 150),
            ("entry", "demo-officer", pages.officer["entry"][0], 450), ("board", "demo-leader", "/board/", 450),
        ):  # fmt: skip
            paints, sizes = zip(*(_painted(browser, site, cookies[who][0], address) for _ in range(3 if quick() else 7)), strict=True)
            sheet.note(f"网页·{name} 首次绘制 first contentful paint", SIZE, statistics.median(paints), "ms", most=1000)
            sheet.note(f"网页·{name} 传输量 transferred", SIZE, max(sizes) / 1000, "kB", most=most)
        browser.close()


def _painted(browser: Browser, site: str, cookies: dict[str, str], address: str) -> tuple[float, int]:
    """Milliseconds to the first contentful paint, and bytes transferred, of one visit with nothing kept."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda done: sizes.append(int(done["encodedDataLength"])))
    page.goto(site + address, wait_until="networkidle")
    painted = float(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
    context.close()
    return painted, sum(sizes)


async def _load(sheet: Sheet, site: str, cookies: dict[str, list[dict[str, str]]], pages: Pages, times: int) -> None:
    """So many requests a second, each sent when its moment comes whatever became of those before."""
    chance = random.Random(2)
    clients = {name: [aiohttp.ClientSession(cookies=one, connector=aiohttp.TCPConnector(limit=0)) for one in jars] for name, jars in cookies.items()}
    rate, tasks = RATE * times, []
    begun = time.perf_counter()
    for place in range(rate * SECONDS):
        name, who, address = _drawn(chance, pages)
        client = chance.choice(clients[who])
        await asyncio.sleep(max(0.0, begun + place / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(_tolerant(client, name, site + address)))
    answers = await asyncio.gather(*tasks)
    for client in (one for some in clients.values() for one in some):
        await client.close()
    _tell(sheet, answers, rate, times)


async def _tolerant(client: aiohttp.ClientSession, name: str, address: str) -> Answer:
    try:
        return await _asked(client, name, address)
    except (aiohttp.ClientError, TimeoutError):
        return name, 0, 0.0, False


def _drawn(chance: random.Random, pages: Pages) -> tuple[str, str, str]:
    name = chance.choices(list(pages.weights), list(pages.weights.values()))[0]
    who = "demo-officer" if name in pages.officer and (name not in pages.leader or chance.random() < 0.8) else "demo-leader"
    return name, who, chance.choice((pages.officer if who == "demo-officer" else pages.leader)[name])


def _tell(sheet: Sheet, answers: list[Answer], rate: int, times: int) -> None:
    took = [took for _name, status, took, _again in answers if status == 200]
    turned = [again for _name, status, _took, again in answers if status == 503]
    wrong = Counter(status for _name, status, *_ in answers if status not in (200, 503))
    size = f"{SIZE:,} · {SESSIONS} · {rate}/s"
    load = "负载" if times == 1 else "五倍负载"
    sheet.note(f"{load}·放行请求 p95 accepted, p95", size, _p95(took) * 1000, "ms", most=500 if times == 1 else 2000)
    sheet.note(f"{load}·放行 accepted", size, 100 * len(took) / len(answers), "%", least=100 if times == 1 else None)
    sheet.note(f"{load}·出错 errors", size, sum(wrong.values()), "", most=1)
    if times > 1:
        told = 100 * sum(turned) / len(turned) if turned else 100
        sheet.note("五倍负载·503 带 Retry-After refused and told when to come again", size, told, "%", least=100)


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


if __name__ == "__main__":
    raise SystemExit(main())
