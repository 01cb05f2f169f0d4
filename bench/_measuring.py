"""Taking times and writing them down: a Markdown table for people, JSON for programs."""

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measurement: what, on how much, how long (or how many), and what it should be; an empty target is for information."""

    what: str
    size: str
    value: float
    unit: str
    target: str = ""
    reached: bool | None = None


class Sheet:
    """The measurements of one run."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []

    def note(self, what: str, size: object, value: float, unit: str, most: float | None = None) -> None:
        """Write one down; ``most`` is the target, which it should stay below."""
        target = "" if most is None else f"< {most:g} {unit}"
        figure = Figure(what, f"{size:,}" if isinstance(size, int) else str(size), value, unit, target, None if most is None else value < most)
        self.figures.append(figure)
        print(f"  {figure.what} [{figure.size}]: {figure.value:,.3g} {figure.unit} {'' if figure.reached is None else '✓' if figure.reached else '✗'}", flush=True)

    def table(self) -> str:
        """A Markdown table with the machine it was measured on."""
        lines = [f"{machine()}", "", "| 项目 what | 规模 size | 结果 result | 目标 target | |", "|---|---|---|---|---|"]
        for one in self.figures:
            mark = "" if one.reached is None else "✓" if one.reached else "✗"
            lines.append(f"| {one.what} | {one.size} | {one.value:,.3g} {one.unit} | {one.target} | {mark} |")
        return "\n".join(lines)

    def finish(self) -> int:
        """Print the table, and write the JSON where BIHUAN_BENCH_JSON names a file. The exit code: 0."""
        print(f"\n{self.table()}\n")
        path = os.environ.get("BIHUAN_BENCH_JSON")
        if path:
            file = Path(path)
            standing = json.loads(file.read_text("utf-8")) if file.exists() else []
            standing += [{"machine": machine(), **asdict(one)} for one in self.figures]
            file.write_text(json.dumps(standing, ensure_ascii=False, indent=2), "utf-8")
        return 0


def machine() -> str:
    """The machine in a line."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} × {platform.machine()}, Python {platform.python_version()}, load {load:.1f}"


def seconds(deed: Callable[[], object]) -> float:
    """How long it takes, once."""
    begun = time.perf_counter()
    deed()
    return time.perf_counter() - begun


def median_ms(deed: Callable[[], object], times: int = 15) -> float:
    """The median of several times, in milliseconds; the first is for warming up."""
    deed()
    return statistics.median(seconds(deed) for _ in range(times)) * 1000


def quick() -> bool:
    """Whether a short run was asked for."""
    return "--quick" in sys.argv
