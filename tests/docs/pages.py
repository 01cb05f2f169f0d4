"""The pages of the documentation as the tests read them."""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
OURS = [*READMES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES = [*OURS, *sorted((ROOT / "bihuan" / "applications").glob("*/README.md"))]


@cache
def text_of(page: Path) -> str:
    """A page, whole."""
    return page.read_text("utf-8")


def named(page: Path) -> str:
    """A page as a failing test should name it."""
    return str(page.relative_to(ROOT))


def prose(text: str) -> str:
    """A page without its blocks of code, where a bracket is no link."""
    return re.sub(r"^```.*?^```$|^    .*$", "", text, flags=re.DOTALL | re.MULTILINE)


def code(text: str) -> list[str]:
    """Every piece of code on a page: the lines of its blocks, and what stands between backquotes."""
    blocks = re.findall(r"^```(?:sh|ini)?\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    lines += [line.strip() for line in re.findall(r"^    (.*)$", text, flags=re.MULTILINE)]
    return lines + re.findall(r"`([^`\n]+)`", prose(text))


def anchors(text: str) -> set[str]:
    """What a link with # may name on a page, as GitHub makes it of the headings."""
    titles = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}
