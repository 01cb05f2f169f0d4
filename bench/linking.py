"""Enterprises written twice, found and weighed. `python -m bench.linking [--quick] [--rows N]`.

The rows are made from one seed with the mistakes people make, and with firms that only look alike, so the right answer is known: beside the time
stand the share of the pairs put forward that are right, and the share of the right ones that are put forward.
"""

from __future__ import annotations

import resource
import time
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from bench._city import COUNTIES
from bench._measuring import Sheet, seconds
from bench._records import Firm, firms
from bihuan.computing.linking import pairs, rows
from bihuan.foundation import loading
from bihuan.foundation.grammar.packs import load_pack

MOST_SECONDS = 180
PRECISION, RECALL = 0.98, 0.90


def main() -> int:
    """Make the rows, link them, and hold what came out against what is right."""
    parser = ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rows", type=int, default=0)
    options = parser.parse_args()
    count = options.rows or (20_000 if options.quick else 1_000_000)
    sheet, truth = Sheet(), list[int]()
    found, took = _linked(count, truth)
    true = _right(truth)
    sheet.note("企业去重：归一形式 linking, brought to one form", count, took[0], "s")
    sheet.note("企业去重：全程 linking, in all", count, took[0] + took[1], "s", most=MOST_SECONDS)
    sheet.note("企业去重：其中处理器时间 linking, of which processor time", count, took[2], "s")
    sheet.note("企业去重：提出的对数 pairs put forward", count, len(found), "pairs")
    sheet.note("企业去重：提对的占比 precision", count, len(found & true) / (len(found) or 1), "", least=PRECISION)
    sheet.note("企业去重：找到的占比 recall", count, len(found & true) / (len(true) or 1), "", least=RECALL)
    sheet.note("企业去重：峰值内存 peak memory", count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "MB")
    return sheet.finish()


def _linked(count: int, truth: list[int]) -> tuple[set[tuple[int, int]], tuple[float, float, float]]:
    """The pairs put forward, the seconds both steps took and the processor seconds of both; the time to make the rows is not counted."""
    shape = _shape()
    made = list(firms(count))
    truth += [firm.truth for firm in made]
    kept: list[Any] = []
    begun = time.process_time()
    first = seconds(lambda: kept.append(rows.one_form(shape, _given(made), ("濮阳市", *COUNTIES))))
    made.clear()
    second = seconds(lambda: kept.append(pairs.suspected(kept[0], shape)))
    return {(pair.left, pair.right) for pair in kept[1]}, (first, second, time.process_time() - begun)


def _given(made: list[Firm]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, firm in enumerate(made):
        yield number, {**vars(firm), "legal_person": firm.person}


def _shape() -> Any:
    """What the shipped register of enterprises compares."""
    register = load_pack(loading.shipped()["enterprise_policy"]).mechanisms["enterprises"].register_
    return register.duplicates if register else None


def _right(truth: list[int]) -> set[tuple[int, int]]:
    written: dict[int, list[int]] = defaultdict(list)
    for number, firm in enumerate(truth):
        written[firm].append(number)
    return {pair for same in written.values() for pair in combinations(same, 2)}


if __name__ == "__main__":
    raise SystemExit(main())
