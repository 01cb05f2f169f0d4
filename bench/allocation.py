"""Ten thousand requests for one quota, ours and its peers on the same numbers. `python -m bench.allocation [--quick] [--requests N]`.

Nine counties with a pool each and one of the city behind them; a request takes from its county first. Four kinds of values, the hardest last:

    score      a priority of 1 to 100 times the amount, as the packs have it       close      about ten times the amount
    free       anything from 1 to 100,000                                         strong     ten times the amount, and 5,000 more

Each engine runs in a process of its own and seeks the best value with no gap; what it finds is held against ours. Peers that are not installed
are left out: `pip install -r bench/requirements-peers.txt` puts them in.
"""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from importlib import import_module
from random import Random
from typing import Any

from bench._measuring import Sheet, seconds
from bihuan.computing.optimum import best
from bihuan.foundation.grammar.allotting import Displacing, Request, Terms, chosen, in_order, left_after
from bihuan.foundation.grammar.refusals import Refused

COUNTIES, CITY = tuple(f"county/{number}" for number in range(9)), "city"
KINDS = ("score", "free", "close", "strong")
LONGEST = 20
TARGET = 10.0
"""Seconds for ten thousand requests."""


def main() -> int:
    """Measure every engine on every kind, or with --engine one of them, in this process."""
    options = _options()
    if options.engine:
        print(json.dumps(_measured(options)))
        return 0
    sheet, lines = Sheet(), []
    for kind in KINDS[:2] if options.quick else KINDS:
        ours = _in_a_process("bihuan", kind, options.requests)
        lines.append(_line("bihuan", kind, ours, ours))
        if kind == KINDS[0]:
            sheet.note("分配到最优并证明 allocated to the proved optimum", options.requests, ours["seconds"], "s", most=TARGET)
            sheet.note("逐件理由 with the reason of every line", options.requests, ours["telling"], "s")
            sheet.note("严格按先后 in strict order", options.requests, ours["order"], "s")
        for engine in ("scipy", "ortools"):
            lines.append(_line(engine, kind, _in_a_process(engine, kind, options.requests), ours))
    sheet.compare(f"额度分配 allocation, {options.requests:,} requests, 10 pools", "| values | engine | s | × ours | best value | gap |", lines)
    return sheet.finish()


def _options() -> Namespace:
    parser = ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--requests", type=int, default=0)
    parser.add_argument("--engine", default="")
    parser.add_argument("--kind", default=KINDS[0])
    options = parser.parse_args()
    options.requests = options.requests or (2_000 if options.quick else 10_000)
    return options


def asked(kind: str, count: int) -> tuple[list[Request], dict[str, int]]:
    """The requests and what the pools hold: about half of what is asked for; the same every time."""
    rng = Random(f"allocation {kind}")
    requests = []
    for number in range(count):
        amount = rng.randint(100, 20_000)
        value = {
            "score": amount * rng.randint(1, 100), "free": rng.randint(1, 100_000), "close": amount * 10 + rng.randint(1_000, 11_000), "strong": amount * 10 + 5_000,
        }[kind]  # fmt: skip
        requests.append(Request(f"R{number:06d}", amount, (rng.choice(COUNTIES), CITY), value))
    total = sum(one.asked for one in requests)
    return requests, dict.fromkeys(COUNTIES, total // 25) | {CITY: total // 8}


def _in_a_process(engine: str, kind: str, count: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.allocation", "--engine", engine, "--kind", kind, "--requests", str(count)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit code {done.returncode}"}
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _line(engine: str, kind: str, found: dict[str, Any], ours: dict[str, Any]) -> str:
    if "failed" in found:
        return f"| {kind} | {engine} | — | | | {found['failed'][:80]} |"
    gap = found["bound"] - found["value"]
    return f"| {kind} | {engine} | {found['seconds']:.2f} | {found['seconds'] / ours['seconds']:.2f} | {found['value']:,} | {gap:,} |"


def _measured(options: Namespace) -> dict[str, Any]:
    requests, left = asked(options.kind, options.requests)
    return {"bihuan": _ours, "scipy": _scipy, "ortools": _ortools}[options.engine](requests, left)


def _timed(deed: Callable[[], Any]) -> tuple[float, Any]:
    kept: list[Any] = []
    took = seconds(lambda: kept.append(deed()))
    return took, kept[0]


def _ours(requests: Sequence[Request], left: dict[str, int]) -> dict[str, Any]:
    import_module("highspy")  # loading it is no part of solving
    try:
        took, found = _timed(lambda: best(requests, left, LONGEST))
    except Refused as error:
        return {"seconds": float(LONGEST), "telling": 0.0, "order": 0.0, **_so_far(error)}

    def tell() -> int:
        shares = chosen(requests, left, found.parts)
        remaining = left_after((part for share in shares for part in share.parts), left)
        assert min(remaining.values()) >= 0
        displacing = Displacing(shares, remaining)
        return sum(len(displacing.way(share.request)) for share in shares if share.code == "outbid")

    telling, _ = _timed(tell)
    order, _ = _timed(lambda: in_order(requests, left, Terms()))
    return {"seconds": took, "telling": telling, "order": order, "value": found.value, "bound": found.bound}


def _so_far(error: Refused) -> dict[str, int]:
    """The value and the bound that a refusal names."""
    value, bound = (int(word.rstrip(",")) for word in error.what_en.replace("most ", "").split() if word.rstrip(",").isdigit() and int(word.rstrip(",")) > LONGEST)
    return {"value": value, "bound": bound}


def _scipy(requests: Sequence[Request], left: dict[str, int]) -> dict[str, Any]:
    """scipy.optimize.milp over the same model, written as its users would."""
    numpy, optimize, sparse = import_module("numpy"), import_module("scipy.optimize"), import_module("scipy.sparse")
    count, pools = len(requests), [*COUNTIES, CITY]
    over = {pool: count + place for place, pool in enumerate(COUNTIES)}
    rows, columns, numbers = [], [], []
    for place, one in enumerate(requests):
        rows.append(pools.index(one.pools[0]))
        columns.append(place)
        numbers.append(one.asked)
    for pool, place in over.items():
        rows += [pools.index(pool), len(COUNTIES)]
        columns += [place, place]
        numbers += [-1, 1]
    matrix = sparse.csr_array((numbers, (rows, columns)), shape=(len(pools), count + len(over)))
    cost = numpy.array([-one.value for one in requests] + [0] * len(over), dtype=float)
    whole = numpy.array([1] * count + [0] * len(over))
    upper = numpy.array([1.0] * count + [numpy.inf] * len(over))
    limits = optimize.LinearConstraint(matrix, -numpy.inf, [left[pool] for pool in pools])
    took, found = _timed(lambda: optimize.milp(
        cost, integrality=whole, bounds=optimize.Bounds(0, upper), constraints=limits, options={"mip_rel_gap": 0, "time_limit": LONGEST},
    ))  # fmt: skip
    value = sum(one.value for one, share in zip(requests, found.x, strict=False) if share > 0.5)
    return {"seconds": took, "value": value, "bound": int(-found.mip_dual_bound + 1e-3)}


def _ortools(requests: Sequence[Request], left: dict[str, int]) -> dict[str, Any]:
    """CP-SAT of OR-Tools, one worker, over the same model."""
    cp = import_module("ortools.sat.python.cp_model")
    model = cp.CpModel()
    taken = [model.new_bool_var(one.key) for one in requests]
    over = {pool: model.new_int_var(0, left[CITY], pool) for pool in COUNTIES}
    for pool in COUNTIES:
        model.add(sum(one.asked * flag for one, flag in zip(requests, taken, strict=True) if one.pools[0] == pool) <= left[pool] + over[pool])
    model.add(sum(over.values()) <= left[CITY])
    model.maximize(sum(one.value * flag for one, flag in zip(requests, taken, strict=True)))
    solver = cp.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, LONGEST
    took, status = _timed(lambda: solver.solve(model))
    if status not in (cp.OPTIMAL, cp.FEASIBLE):
        sys.exit(f"no answer in {LONGEST} seconds")
    return {"seconds": took, "value": int(solver.objective_value), "bound": int(solver.best_objective_bound)}


if __name__ == "__main__":
    sys.exit(main())
