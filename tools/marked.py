"""Texts that carry their own gold: behind each number that states something stands a mark that says what it is.

    投资增长8%左右{t8%~2024}，实施50亿元以上{r*50亿元>=-}项目5—6个{t5-6个=}

A mark is a letter for the kind (t target, a actual, r rule), a star where finding the number counts neither way, the value or the range,
the unit, the bound, and the period (none is named by a dash or by nothing). Numbers without a mark state nothing.
"""

from __future__ import annotations

import re
from typing import Any

KINDS = {"t": "target", "a": "actual", "r": "rule"}
_MARK = re.compile(
    r"\{(?P<kind>[tar])(?P<either>\*?)(?P<value>-?[\d.]+)(?:-(?P<high>[\d.]+))?(?P<unit>[^=<>~{}]+)(?P<sign>>=|<=|=|<|>|~)(?P<period>[\d/HQ-]*|annual)\}"
)
_BEFORE, _AFTER = 24, 8
"""Characters of a quote before a mark and after it, as far as the clause goes."""


def marked(text: str) -> tuple[str, list[dict[str, Any]]]:
    """A text without its marks, and a gold row for each. Raises ValueError for a brace that belongs to no mark."""
    plain, rest = "", 0
    marks: list[tuple[int, re.Match[str]]] = []
    for mark in _MARK.finditer(text):
        plain += text[rest : mark.start()]
        rest = mark.end()
        marks.append((len(plain), mark))
    plain += text[rest:]
    stray = re.search(r".{0,20}[{}].{0,20}", plain)
    if stray:
        raise ValueError(f"no mark: {stray[0]}")
    return plain, [_row(plain, at, mark) for at, mark in marks]


def _row(plain: str, at: int, mark: re.Match[str]) -> dict[str, Any]:
    before = re.search(rf"[^。；！？，、：,;:]{{0,{_BEFORE}}}$", plain[max(0, at - _BEFORE) : at])
    after = re.match(rf"[^。；！？，、：,;:\n]{{0,{_AFTER}}}", plain[at:])
    quote = (before[0] if before else "") + (after[0] if after else "")
    amount: dict[str, Any] = {"value": float(mark["value"])}
    if mark["high"]:
        amount = {"low": float(mark["value"]), "high": float(mark["high"])}
    period = mark["period"]
    return {
        "line": plain.count("\n", 0, at - 1) + 1, "quote": quote.replace("\n", ""), "kind": KINDS[mark["kind"]], **amount,
        "unit": mark["unit"], "comparator": mark["sign"], "period": None if period in ("-", "") else period,
        "role": "class-threshold" if mark["either"] else "",
    }  # fmt: skip
