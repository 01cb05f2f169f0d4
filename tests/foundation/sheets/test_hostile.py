"""Files that want to do harm are refused with a sentence that says what to do: quickly, in little memory, without a trace."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from bihuan.foundation.sheets.cells import Limits, Unreadable
from bihuan.foundation.sheets.reading import read_sheet
from tests.foundation.sheets.hostile import EVERY
from tests.foundation.sheets.makers import inline, workbook

ROOT = Path(__file__).resolve().parents[3]
MB_OF_CHILDREN = 512


LONG = {"a million and more cells"}


def _worked() -> float:
    """Seconds of processor that this process and its children have taken: a busy machine does not lengthen them."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.slow) if name in LONG else name for name in EVERY])
def test_a_hostile_file_is_refused_in_words(name: str) -> None:
    file, make, said = EVERY[name]
    content = make()
    start = _worked()
    with pytest.raises(Unreadable) as caught:
        read_sheet(content, file)
    assert _worked() - start < Limits().processor_seconds, "no more than the process that reads it is given, however slow the machine"
    assert said in caught.value.text("zh")
    assert caught.value.text("en")
    assert "Traceback" not in caught.value.text("en")


ALONE = """
import resource
from bihuan.foundation.sheets.cells import Unreadable
from bihuan.foundation.sheets.reading import read_sheet
from tests.foundation.sheets.hostile import EVERY
for name in ("billion laughs", "shared strings without end", "one long text in a hundred thousand cells", "open quote of 15 MB"):
    file, make, _said = EVERY[name]
    try:
        read_sheet(make(), file)
    except Unreadable:
        continue
    raise SystemExit(f"{name} was read")
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""In a process of its own: the figure is the largest child a process ever had, and the suite has others."""


def test_no_child_took_more_memory_than_it_may() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], check=True, capture_output=True, text=True, cwd=ROOT)
    assert int(done.stdout) < MB_OF_CHILDREN * 1024


def test_a_child_that_wants_too_much_time_or_memory_is_ended() -> None:
    content = workbook("".join(f'<row r="{row}">{inline(f"A{row}", "字" * 500)}</row>' for row in range(1, 20_000)))
    for limits in (Limits(memory=40 * 1024**2, ratio=1000), Limits(wall_seconds=0, ratio=1000)):
        with pytest.raises(Unreadable, match=r"读不完"):
            read_sheet(content, "月报.xlsx", limits)


def test_a_million_painted_cells_without_a_value_are_passed_over() -> None:
    painted = "".join(f'<row r="{row}"><c r="XFD{row}" s="1"/></row>' for row in range(2, 300_000))
    sheet = read_sheet(workbook(f'<row r="1">{inline("A1", "编码")}</row>{painted}'), "月报.xlsx")
    assert list(sheet.rows) == [1]
