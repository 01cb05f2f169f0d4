"""The pack that docs/packs.md builds, read from that page."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "packs.md"


def guide_files() -> dict[str, str]:
    """The files of the pack in the guide, each put together from its blocks."""
    files: dict[str, str] = {}
    for name, block in re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        files[name] = files.get(name, "") + block
    return files
