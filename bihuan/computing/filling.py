"""The best value where values follow the amounts: so much for each unit and so much for each request. Found and proved in whole numbers, without a solver.

No choice grants more requests than the smallest that fit together, nor more than the pools hold; so no choice is worth more than both at
their most. Begin with the smallest, then exchange a granted request for a slightly larger one until the pools are full: where that comes out
to the last unit, as with thousands of requests it does, the choice is the best there is. Where it does not, nothing is said.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from math import floor, gcd

from bihuan.computing.parting import Kind, Pools, flows_of, room

ROUNDS = 30
"""So many exchanges are tried; a few are enough, or none will do."""

Numbers = dict[Kind, int]


def filled(kinds: Sequence[Kind], counts: Mapping[Kind, int], left: Mapping[str, int]) -> Numbers | None:
    """How many of each kind, worth as much as can be; None where the values follow no such line, or the exchanges do not fill the pools."""
    line = _line(kinds)
    if line is None:
        return None
    rate, constant = line
    total, step = sum(left.get(pool, 0) for pool in {pool for kind in kinds for pool in kind[2]}), reduce(gcd, (kind[0] for kind in kinds))
    numbers = fitting(sorted(kinds, key=lambda kind: kind[0]), counts, total)
    most = floor(rate * (total - total % step) + constant * sum(numbers.values()))
    for _round in range(ROUNDS):
        spare = _spare(numbers, left)
        if spare is not None and sum(kind[1] * number for kind, number in numbers.items()) >= most:
            return numbers
        exchange = _exchange(numbers, counts, spare or {})
        if exchange is None:
            return None
        given, taken = exchange
        numbers[given] -= 1
        numbers[taken] += 1
    return None


def fitting(ordered: Iterable[Kind], counts: Mapping[Kind, int], amount: int) -> Numbers:
    """How many of each kind fit into an amount, whichever pools it lies in, one kind after the other until the first that does not fit whole."""
    numbers = dict.fromkeys(ordered, 0)
    for kind in numbers:
        numbers[kind] = min(counts[kind], amount // kind[0])
        amount -= numbers[kind] * kind[0]
        if numbers[kind] < counts[kind]:
            break
    return numbers


def _line(kinds: Sequence[Kind]) -> tuple[Fraction, Fraction] | None:
    """So much for each unit and so much for each request, neither below nothing; None where values follow no line."""
    first = kinds[0]
    other = next((kind for kind in kinds if kind[0] != first[0]), None)
    if other is None:
        return None
    rate = Fraction(other[1] - first[1], other[0] - first[0])
    constant = first[1] - rate * first[0]
    follows = rate >= 0 and constant >= 0 and all(kind[1] == rate * kind[0] + constant for kind in kinds)
    return (rate, constant) if follows else None


def _spare(numbers: Numbers, left: Mapping[str, int]) -> dict[Pools, int] | None:
    """How much more the requests of each set of pools could take; None where the pools do not hold what is granted already."""
    wanted: Counter[Pools] = Counter({kind[2]: 0 for kind in numbers})
    for kind, number in numbers.items():
        wanted[kind[2]] += number * kind[0]
    found = flows_of(wanted, left)
    if found is None:
        return None
    return {group: room(group, *found) for group in wanted}


def _exchange(numbers: Numbers, counts: Mapping[Kind, int], spare: Mapping[Pools, int]) -> tuple[Kind, Kind] | None:
    """A granted request and a larger one of the same pools to take its place: one that fills its pools, or else the largest step that fits."""
    found, step = None, 0
    for group, amount in spare.items():
        granted = [kind for kind, number in numbers.items() if kind[2] == group and number]
        waiting = sorted((kind for kind, number in numbers.items() if kind[2] == group and number < counts[kind]), key=lambda kind: kind[0])
        amounts = [kind[0] for kind in waiting]
        for kind in granted:
            place = bisect_right(amounts, kind[0] + amount) - 1
            if place >= 0 and amounts[place] - kind[0] > step:
                found, step = (kind, waiting[place]), amounts[place] - kind[0]
                if step == amount:
                    return found
    return found
