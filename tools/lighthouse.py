"""`make lighthouse`: what Lighthouse says of the workbench, the register and the board of the demo city; exit code 1 below LEAST.

Lighthouse is fetched from the npm registry into build/lighthouse on first use; it is no part of what Bihuan needs. Needs Node.js 18 and Chromium.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools.site import CHROMIUM, ROOT, chromium, demo_city

FOLDER = ROOT / "build" / "lighthouse"
VERSION = "13.5.0"
CATEGORIES = ("performance", "accessibility", "best-practices")
LEAST = 95
PAGES = {"workbench": (1, "/desk/"), "register": (1, "/registers/major_projects.projects/"), "board": (0, "/board/")}
"""Each page with who looks at it: the place of their card on the sign-in page."""


def main() -> int:
    """Ask about every page, or those named on the command line, and print a table."""
    command = installed()
    print(f"| page | {' | '.join(CATEGORIES)} | first contentful paint | transferred |\n|---|{'---|' * (len(CATEGORIES) + 2)}")
    worst = 100
    with demo_city() as site:
        for name in sys.argv[1:] or PAGES:
            person, address = PAGES[name]
            report = asked(command, site + address, signed_in(site, person))
            scores = [round(100 * report["categories"][category]["score"]) for category in CATEGORIES]
            worst = min(worst, *scores)
            paint, weight = (report["audits"][audit]["displayValue"] for audit in ("first-contentful-paint", "total-byte-weight"))
            print(f"| {name} | {' | '.join(map(str, scores))} | {paint} | {weight} |", flush=True)
    return int(worst < LEAST)


def installed() -> Path:
    """The Lighthouse of that version, fetched where it is not there."""
    program = FOLDER / "node_modules" / ".bin" / "lighthouse"
    stamp = FOLDER / f"{VERSION}.installed"
    if not stamp.exists():
        npm = shutil.which("npm")
        if not npm:
            raise SystemExit("no Node.js is installed: Lighthouse needs version 18 or newer")
        subprocess.run([npm, "install", "--prefix", str(FOLDER), "--no-save", "--loglevel=error", f"lighthouse@{VERSION}"], check=True)
        stamp.touch()
    return program


def signed_in(site: str, person: int) -> str:
    """The cookies of somebody of the sign-in page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM))
        page = browser.new_page()
        page.goto(f"{site}/login/")
        page.locator(".role-card").nth(person).click()
        page.wait_for_url(lambda url: "/login/" not in url)
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
        browser.close()
    return cookies


def asked(command: Path, address: str, cookies: str) -> dict[str, dict[str, dict[str, object]]]:
    """The report of one page, as Lighthouse's desktop preset sees it."""
    out = FOLDER / "report.json"
    flags = " ".join(("--headless", *CHROMIUM))
    words = [
        str(command), address, "--quiet", "--preset=desktop", f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={flags}",
        f"--extra-headers={json.dumps({'Cookie': cookies})}", "--output=json", f"--output-path={out}",
    ]  # fmt: skip
    subprocess.run(words, check=True, cwd=FOLDER, env=os.environ | {"CHROME_PATH": chromium()})
    report: dict[str, dict[str, dict[str, object]]] = json.loads(out.read_text("utf-8"))
    return report


if __name__ == "__main__":
    raise SystemExit(main())
