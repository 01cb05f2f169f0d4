"""The best value within a quota, proved: each request whole or not at all, so that what is granted is worth the most.

HiGHS solves it in doubles; nothing it says is taken on trust. It is given whole numbers, divided by what they have in common, and refused
where they leave the range in which a double holds every whole number. Its choice is added up again in integers, parted among the pools by an
exact flow, and must be worth no less than the bound it proved: values are whole, so a bound below the next whole number is a proof.

Requests alike in amount, value and pools are one variable: how many of them are granted. Those earlier in the order are.

Where values are about proportional to amounts plus a constant, small requests are worth the most for their amount, and the solver's bound
grants one more request, in part, than can ever be granted in whole. No branching closes that gap in time; a bound on how many can be granted
closes it at once. It is counted here, in whole numbers: the smallest first, until what the pools hold together is used up. Where they follow
such a line exactly, `filling` finds and proves the best value without a solver.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from importlib import import_module
from math import floor, gcd
from typing import Any

from bihuan.computing.filling import filled, fitting
from bihuan.computing.parting import Kind, parted
from bihuan.foundation.grammar.allotting import Parts, Request
from bihuan.foundation.grammar.refusals import Refused

EXACT = 2**53
"""Up to here a double holds every whole number."""

SECONDS = 60.0
"""How long the search for the best value may take."""

NEAR = 100
"""A bound on how many are granted is worth its row where filling up by value comes so near to it: one part of so many."""

TOLERANCES = (1e-6, 1e-9)
"""How far from whole the solver may leave a number: its own measure first, and a finer one where its answer does not hold in whole numbers."""

@dataclass(frozen=True)
class Best:
    """What the chosen requests take from which pools, and what they are worth in all; no choice is worth more than ``bound``."""

    parts: Mapping[str, Parts]
    value: int
    bound: int


def best(requests: Sequence[Request], left: Mapping[str, int], seconds: float = SECONDS) -> Best:
    """The choice worth most. Raises Refused where the numbers are too large to be exact, or no proof is found in time."""
    counts = Counter((one.asked, one.value, one.pools) for one in requests)
    kinds = [kind for kind in counts if kind[0] <= sum(left.get(pool, 0) for pool in kind[2])]
    if not kinds:
        return Best({}, 0, 0)
    common = _in_common(kinds, counts, left)
    if (full := filled(kinds, counts, left)) is not None:
        picked = _picked(requests, full)
        worth = sum(request.value for request in picked)
        return Best(parted(picked, left), worth, worth)
    program, begun = _program(kinds, counts, left, common), time.monotonic()
    for tolerance in TOLERANCES:
        numbers, bound = _solved(program, len(kinds), tolerance, seconds)
        picked = _picked(requests, dict(zip(kinds, numbers, strict=True)))
        found = Best(parted(picked, left), sum(request.value for request in picked), bound * common[1])
        if found.bound <= found.value and len(found.parts) == len(picked):
            return found
        if time.monotonic() - begun >= seconds:
            break
    if len(found.parts) < len(picked):
        raise Refused("求解器的答案用整数复核不成立，没有采用。请改用 order", "the solver's answer does not hold in whole numbers and was not used", "method: order")
    raise Refused(
        f"{seconds:g} 秒内没有证明最优：已得分值 {found.value}，上界 {found.bound}（均按 0.01 计）。请把分值取粗一些，或改用 order",
        f"no proof within {seconds:g} seconds: {found.value} found, at most {found.bound} (in hundredths). Use coarser values, or the method order",
        "method: order",
    )


def _in_common(kinds: Sequence[Kind], counts: Mapping[Kind, int], left: Mapping[str, int]) -> tuple[int, int]:
    """What all amounts and pools, and all values, can be divided by. Refused where they are too large to be exact even so."""
    amounts = reduce(gcd, (*left.values(), *(asked for asked, _value, _pools in kinds)))
    values = reduce(gcd, (value for _asked, value, _pools in kinds)) or 1
    asked = sum(kind[0] * counts[kind] for kind in kinds) // amounts
    worth = sum(kind[1] * counts[kind] for kind in kinds) // values
    if max(asked, worth, sum(left.values()) // amounts) >= EXACT:
        raise Refused(
            "申请量、额度或分值合计达到 2 的 53 次方，求解器的双精度数装不下每个整数，不能保证一分不差。请放大单位、减少小数位，或改用 order",
            "amounts or values add up to 2 to the 53rd or more, where a double no longer holds every whole number. "
            "Use a larger unit, fewer decimals, or the method order", "method: order",
        )  # fmt: skip
    return amounts, values


# --- the question put to HiGHS


def _program(kinds: Sequence[Kind], counts: Mapping[Kind, int], left: Mapping[str, int], common: tuple[int, int]) -> Any:
    """Columns: how many of each kind; then, for each set of pools that requests may take from, how much from each of them.

    Rows: what a set's requests take is what its pools give (as much or more); no pool gives more than it holds; then bounds on how many are granted.
    """
    highs = import_module("highspy")
    amounts, values = common
    groups = list(dict.fromkeys(kind[2] for kind in kinds))
    pools = list(dict.fromkeys(pool for group in groups for pool in group))
    flows = [(group, pool) for group in groups for pool in group]
    columns: list[list[tuple[int, float]]] = [[(groups.index(kind[2]), float(kind[0] // amounts))] for kind in kinds]
    columns += [[(groups.index(group), -1.0), (len(groups) + pools.index(pool), 1.0)] for group, pool in flows]
    bounds = list(_bounds(kinds, counts, left))
    for row, (places, _most) in enumerate(bounds, start=len(groups) + len(pools)):
        for place in places:
            columns[place].append((row, 1.0))
    program = highs.HighsLp()
    program.sense_ = highs.ObjSense.kMaximize
    program.num_col_, program.num_row_ = len(columns), len(groups) + len(pools) + len(bounds)
    program.col_cost_ = [float(kind[1] // values) for kind in kinds] + [0.0] * len(flows)
    program.col_lower_ = [0.0] * len(columns)
    program.col_upper_ = [float(counts[kind]) for kind in kinds] + [float(left.get(pool, 0) // amounts) for _group, pool in flows]
    program.row_lower_ = [-highs.kHighsInf] * program.num_row_
    program.row_upper_ = [0.0] * len(groups) + [float(left.get(pool, 0) // amounts) for pool in pools] + [float(most) for _places, most in bounds]
    kind_of = highs.HighsVarType
    program.integrality_ = [kind_of.kInteger] * len(kinds) + [kind_of.kContinuous] * len(flows)
    _fill(program.a_matrix_, highs.MatrixFormat.kColwise, columns)
    return program


def _bounds(kinds: Sequence[Kind], counts: Mapping[Kind, int], left: Mapping[str, int]) -> Iterator[tuple[list[int], int]]:
    """Bounds on how many of some kinds (by their places) are granted: of all, and of those that share a set of pools; only bounds that are worth their row.

    One is, where filling up by value for the amount grants about as many as can be granted at all.
    """
    sets = dict.fromkeys(kind[2] for kind in kinds)
    for pools in [tuple(dict.fromkeys(pool for group in sets for pool in group)), *(sets if len(sets) > 1 else ())]:
        places = [place for place, kind in enumerate(kinds) if set(kind[2]) <= set(pools)]
        some, amount = [kinds[place] for place in places], sum(left.get(pool, 0) for pool in pools)
        most = sum(fitting(sorted(some, key=lambda kind: kind[0]), counts, amount).values())
        dearest = sum(fitting(sorted(some, key=lambda kind: Fraction(-kind[1], kind[0])), counts, amount).values())
        if most < sum(counts[kind] for kind in some) and dearest >= most - most // NEAR:
            yield places, most


def _fill(matrix: Any, form: Any, columns: Sequence[Sequence[tuple[int, float]]]) -> None:
    starts, places, numbers = [0], [], []
    for column in columns:
        places += [row for row, _number in column]
        numbers += [number for _row, number in column]
        starts.append(len(places))
    matrix.format_, matrix.start_, matrix.index_, matrix.value_ = form, starts, places, numbers


def _solved(program: Any, kinds: int, tolerance: float, seconds: float) -> tuple[list[int], int]:
    """How many of each kind, and the proved bound on the value. One thread and one seed: the same question has the same answer."""
    solver = import_module("highspy").Highs.__base__()  # the class itself announces itself on the standard output as it is made
    options: dict[str, object] = {
        "output_flag": False, "threads": 1, "random_seed": 0, "time_limit": seconds,
        "mip_rel_gap": 0.0, "mip_abs_gap": 0.0, "mip_feasibility_tolerance": tolerance, "primal_feasibility_tolerance": tolerance / 10,
    }  # fmt: skip
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(program)
    solver.run()
    status = solver.modelStatusToString(solver.getModelStatus())
    if status not in ("Optimal", "Time limit reached"):
        raise Refused(f"求解器没有给出答案：{status}", f"the solver gave no answer: {status}", "method: order")
    found, bound = solver.getSolution().col_value[:kinds], solver.getInfo().mip_dual_bound
    everything = sum(cost * most for cost, most in zip(program.col_cost_, program.col_upper_, strict=True))  # so long as nothing is proved
    return [round(number) for number in found] or [0] * kinds, floor(min(bound, everything) + 1e-3)


# --- its answer in whole numbers


def _picked(requests: Sequence[Request], numbers: dict[Kind, int]) -> list[Request]:
    """The requests chosen: of those alike the earlier ones."""
    picked = []
    for request in requests:
        kind = (request.asked, request.value, request.pools)
        if numbers.get(kind, 0) > 0:
            numbers[kind] -= 1
            picked.append(request)
    return picked
