"""Taking times and writing them down: a Markdown table for people, JSON for programs."""

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
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
        self.compared: list[dict[str, object]] = []

    def note(self, what: str, size: object, value: float, unit: str, most: float | None = None, least: float | None = None) -> None:
        """Write one down; the target is to stay below ``most``, or to reach ``least``."""
        target = f"< {most:g} {unit}" if most is not None else f"≥ {least:g} {unit}" if least is not None else ""
        reached = value < most if most is not None else value >= least if least is not None else None
        figure = Figure(what, f"{size:,}" if isinstance(size, int) else str(size), value, unit, target, reached)
        self.figures.append(figure)
        print(f"  {figure.what} [{figure.size}]: {figure.value:,.3g} {figure.unit} {'' if figure.reached is None else '✓' if figure.reached else '✗'}", flush=True)

    def compare(self, title: str, head: str, lines: Sequence[str]) -> None:
        """A table of ours beside others, each line and the head already in Markdown."""
        self.compared.append({"compared": title, "machine": machine(), "lines": [head, "|" + "---|" * (head.count("|") - 1), *lines]})
        print(f"\n{title}, {machine()}\n\n" + "\n".join(self.compared[-1]["lines"]), flush=True)  # type: ignore[arg-type]

    def finish(self) -> int:
        """Print the table, and write the JSON where BIHUAN_BENCH_JSON names a file. The exit code: 0."""
        print(f"\n{table(self.figures)}\n")
        path = os.environ.get("BIHUAN_BENCH_JSON")
        if path:
            file = Path(path)
            standing = json.loads(file.read_text("utf-8")) if file.exists() else []
            standing += [*({"machine": machine(), **asdict(one)} for one in self.figures), *self.compared]
            file.write_text(json.dumps(standing, ensure_ascii=False, indent=2), "utf-8")
        return 0


def table(figures: Iterable[Figure]) -> str:
    """A Markdown table of measurements."""
    lines = ["| 项目 what | 规模 size | 结果 result | 目标 target | |", "|---|---|---|---|---|"]
    for one in figures:
        mark = "" if one.reached is None else "✓" if one.reached else "✗"
        lines.append(f"| {one.what} | {one.size} | {one.value:,.3g} {one.unit} | {one.target} | {mark} |")
    return "\n".join(lines)


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
