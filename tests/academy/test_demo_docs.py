"""docs/demo.md says what the published lines say."""

import re
from decimal import Decimal
from pathlib import Path

from bihuan.academy.published import YearlyLine, published, yearly_lines
from bihuan.command.demo import HELD

DOC = (Path(__file__).parents[2] / "docs" / "demo.md").read_text(encoding="utf-8")
ROWS = {
    "count": "count", "estimate": "estimate", "planned": "planned", "done": "done", "starts planned": "starts_planned", "started": "started",
    "finishes planned": "finishes_planned", "finished": "finished",
}  # fmt: skip


def written(line: YearlyLine, attribute: str) -> str:
    value = getattr(line, attribute)
    if value is None:
        return ""
    return str((Decimal(value) / 10**10).normalize()) if attribute in ("estimate", "planned", "done") else str(value)


def test_the_table_is_the_published_one() -> None:
    for title, attribute in ROWS.items():
        found = re.search(rf"^\| {title} \|(.*)\|$", DOC, re.MULTILINE)
        assert found, title
        cells = [cell.strip() for cell in found[1].split("|")]
        assert cells == [written(line, attribute) for line in yearly_lines()], title


def test_counts_and_days_are_those_of_the_code() -> None:
    assert f"{len(published().facts)} numbers" in DOC
    assert f"held at {HELD['BIHUAN_TODAY']}" in DOC
    assert f"{len(published().units)} offices" in DOC
