"""Every enterprise against every policy, ours and its peers on the same rows. `python -m bench.matching [--quick] [--rows N] [--policies N]`.

Each engine runs in a process of its own, on data made from one seed; its result is held against ours. Peers that are not installed are left
out: `pip install -r bench/requirements-peers.txt` puts them in. Engines that take one row at a time are given a sample and their time is
multiplied, and the table says so.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from bench._measuring import Sheet, seconds
from bench._policies import columns, policies

TIMES = 3


def main() -> int:
    """Measure every engine, or with --engine the one named, in this process."""
    options = _options()
    if options.engine:
        print(json.dumps(_measured(options)))
        return 0
    sheet, lines, ours = Sheet(), [], {}
    for engine in _engines():
        found = _in_a_process(engine, options)
        ours = found if engine == "bihuan" else ours
        lines.append(_line(engine, found, ours))
        print("  " + lines[-1], flush=True)
        if "first" in found:
            lines.append(_line("bihuan, the columns read out of its tables first", {**found, "seconds": found["first"]}, ours))
    size = f"{options.rows:,} × {options.policies}"
    if "seconds" in ours:
        _note(sheet, ours, size, options.rows)
    if not options.quick and not options.alone:
        _growth(sheet, options)
    sheet.compare(f"政策匹配 matching, {size}", "| engine | median s | × ours | matches/s | peak MB | result |", lines)
    return sheet.finish()


def _options() -> Namespace:
    parser = ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--policies", type=int, default=200)
    parser.add_argument("--engine", default="")
    options = parser.parse_args()
    options.alone = bool(options.rows)
    options.rows = options.rows or (50_000 if options.quick else 1_000_000)
    return options


def _engines() -> list[str]:
    peers = ("polars", "numpy", "pandas", "openfisca-core", "zen-engine", "cel")
    return ["bihuan", *peers]


def _in_a_process(engine: str, options: Namespace) -> dict[str, Any]:
    asked = [sys.executable, "-m", "bench.matching", "--engine", engine, "--rows", str(options.rows), "--policies", str(options.policies)]
    done = subprocess.run(asked, check=False, capture_output=True, text=True)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit code {done.returncode}"}
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _line(engine: str, found: dict[str, Any], ours: dict[str, Any]) -> str:
    if "failed" in found:
        return f"| {engine} | — | | | | {found['failed'][:80]} |"
    median = statistics.median(found["seconds"]) * found["multiplied"]
    ratio = median / statistics.median(ours["seconds"]) if "seconds" in ours else 1.0
    same = "same" if found["checksum"] == ours.get("sampled" if found["multiplied"] > 1 else "checksum") else "differs"
    sampled = f", {found['multiplied']:,.0f} × a sample" if found["multiplied"] > 1 else ""
    return f"| {engine} | {median:,.2f} | {ratio:,.2f} | {ours['checksum'][0] / median:,.0f} | {found['peak']:,} | {same}{sampled} |"


def _note(sheet: Sheet, ours: dict[str, Any], size: str, rows: int) -> None:
    """Ours for the page of benchmarks."""
    sheet.note("政策匹配：谁应得多少 matching, amounts included", size, statistics.median(ours["seconds"]), "s")
    sheet.note("首次，先从表中取出各列 the first time, with the columns read out of the tables", size, statistics.median(ours["first"]), "s")
    sheet.note("政策匹配：整轮，含限次、就高、资金 a whole run", size, ours["whole"], "s")
    sheet.note("政策匹配：峰值内存 peak memory", size, ours["peak"], "MB", most=2_000 if rows <= 1_000_000 else None)
    sheet.note("一户对全部政策，全部理由 one row, every reason", size, ours["one"] * 1000, "ms", most=50)
    sheet.note("一万条差一条的理由 reasons of 10,000 near misses", f"{ours['near']:,} rows", ours["near_seconds"], "s", most=5)
    sheet.note("一项政策改了会怎样 what-if of one policy", rows, ours["what_if"] * 1000, "ms", most=20)
    sheet.note("一个数变了，重新匹配 one changed fact matched anew", size, ours["again"] * 1000, "ms", most=100)


GROWTH = ((100_000, 200), (5_000_000, 200), (1_000_000, 1_000))
"""Rows and policies that ours is measured at beside the main size: how the time grows."""


def _growth(sheet: Sheet, options: Namespace) -> None:
    for rows, count in GROWTH:
        ours = _in_a_process("bihuan", Namespace(**{**vars(options), "rows": rows, "policies": count}))
        if "failed" in ours:
            print(f"  {rows:,} × {count}: {ours['failed']}")
            continue
        sheet.note("政策匹配：随规模增长 growth", f"{rows:,} × {count:,}", statistics.median(ours["seconds"]), "s")
        sheet.note("政策匹配：随规模增长，内存 growth, peak memory", f"{rows:,} × {count:,}", ours["peak"], "MB")


# --- in the process of one engine


def _measured(options: Namespace) -> dict[str, Any]:
    given, data = policies(options.policies), columns(options.rows)
    # Imported by name: a peer is measured without ours in its memory, and ours without numpy.
    if options.engine == "bihuan":
        ours = import_module("bench._ours")
        found: dict[str, Any] = ours.measured(given, data, TIMES)
        return found | {"multiplied": 1, "peak": _peak()}
    peers = import_module("bench._peers")
    once: Callable[[], tuple[int, int, int]] = peers.PEERS[options.engine](peers.as_numpy(data), given)
    alone = options.engine in peers.ONE_AT_A_TIME
    took, results = [], []
    for _ in range(1 if alone else TIMES):
        took.append(seconds(partial(lambda kept: kept.append(once()), results)))
    return {"seconds": took, "checksum": results[-1], "multiplied": options.rows / min(peers.SAMPLE, options.rows) if alone else 1, "peak": _peak()}


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    raise SystemExit(main())
