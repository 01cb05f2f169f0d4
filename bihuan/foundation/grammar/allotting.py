"""Sharing a quota out: whole numbers in, whole numbers out, and what stood when each request's turn came.

    in_order([Request("P-1", 300, ("county", "city"))], {"county": 200, "city": 500}, Terms())[0].parts == (("county", 200), ("city", 100))

A request takes from its pools as they are listed: what the first does not hold comes from the next. ``code`` says how it came out:

    granted    all it asked for              short    its pools together do not hold it
    partly     less than that                behind   one before it did not fit, and nobody behind that is served
    outbid     others are worth more (only where the best value is sought)
    unfit      does not pass the criteria    unknown  data are missing    nothing   asks for nothing more    nowhere   no pool serves it
    returned   gives back what it does not use
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import ceil
from typing import Literal

Code = Literal["granted", "partly", "short", "behind", "outbid", "unfit", "unknown", "nothing", "nowhere", "returned"]
Parts = tuple[tuple[str, int], ...]
"""How much comes from which pool."""


@dataclass(frozen=True)
class Request:
    """One request in its place of the order: what it still asks (stored units), the pools it may take from, what it is worth (hundredths)."""

    key: str
    asked: int
    pools: tuple[str, ...]
    value: int = 0


@dataclass(frozen=True)
class Terms:
    """How the order treats what does not fit: skip it or stop there; ``least`` is the least share of the asked amount that may be granted."""

    skip: bool = True
    least: Fraction | None = None


@dataclass(frozen=True)
class Share:
    """What came of one request, and what its pools together held when its turn came (or, of one outbid, hold in the end)."""

    request: Request
    parts: Parts
    code: Code
    left: int

    @property
    def amount(self) -> int:
        """What it gets in all."""
        return sum(amount for _pool, amount in self.parts)


def in_order(requests: Iterable[Request], left: Mapping[str, int], terms: Terms) -> list[Share]:
    """Serve requests in the order they stand. Each has at least one pool and asks for more than nothing."""
    remaining, stopped = dict(left), False
    shares: list[Share] = []
    for request in requests:
        share = Share(request, (), "behind", _held(request, remaining)) if stopped else _served(request, remaining, terms)
        for pool, amount in share.parts:
            remaining[pool] -= amount
        stopped = stopped or (not terms.skip and share.amount < request.asked)
        shares.append(share)
    return shares


def _served(request: Request, remaining: Mapping[str, int], terms: Terms) -> Share:
    held = _held(request, remaining)
    if held >= request.asked:
        return Share(request, taken(request, request.asked, remaining), "granted", held)
    if terms.least is not None and held > 0 and held >= ceil(request.asked * terms.least):
        return Share(request, taken(request, held, remaining), "partly", held)
    return Share(request, (), "short", held)


def _held(request: Request, remaining: Mapping[str, int]) -> int:
    return sum(remaining.get(pool, 0) for pool in request.pools)


def taken(request: Request, amount: int, remaining: Mapping[str, int]) -> Parts:
    """An amount from the pools of a request as they are listed; together they hold as much."""
    parts = []
    for pool in request.pools:
        part = min(amount, remaining.get(pool, 0))
        if part > 0:
            parts.append((pool, part))
            amount -= part
    return tuple(parts)


def chosen(requests: Iterable[Request], left: Mapping[str, int], parts: Mapping[str, Parts]) -> list[Share]:
    """The shares of a choice already made, by the key of each request chosen. The others were outbid, or would fit in no case."""
    remaining = left_after((part for some in parts.values() for part in some), left)
    shares = []
    for request in requests:
        if request.key in parts:
            shares.append(Share(request, parts[request.key], "granted", request.asked))
        elif (whole := _held(request, left)) < request.asked:
            shares.append(Share(request, (), "short", whole))
        else:
            shares.append(Share(request, (), "outbid", _held(request, remaining)))
    return shares


def left_after(parts: Iterable[tuple[str, int]], left: Mapping[str, int]) -> dict[str, int]:
    """What each pool has left after so much is taken; below nothing where it is more than it held."""
    remaining = dict(left)
    for pool, amount in parts:
        remaining[pool] = remaining.get(pool, 0) - amount
    return remaining


class Displacing:
    """Who would have to give way for a request that was outbid. ``left`` is what each pool has left after all shares."""

    def __init__(self, shares: Sequence[Share], left: Mapping[str, int]) -> None:
        self._granted = [share for share in shares if share.parts]
        self._left = left
        self._held: dict[tuple[str, ...], _Held] = {}

    def way(self, request: Request) -> list[Share]:
        """Grants that free what it lacks, of the ways looked at the one worth least; none where all together are too little.

        What gives way is worth at least as much as the request, or the choice was not the best.
        """
        if request.pools not in self._held:
            inside = frozenset(request.pools)
            freeing = [(sum(amount for pool, amount in share.parts if pool in inside), share) for share in self._granted]
            self._held[request.pools] = _Held([(amount, share) for amount, share in freeing if amount])
        return self._held[request.pools].freeing(request.asked - _held(request, self._left))


Freeing = tuple[int, Share]
"""How much a grant would free, and the grant."""


class _Held:
    """What grants would free: the poorest by value for amount first; and the largest first, with the least value among all so large."""

    def __init__(self, granted: Sequence[Freeing]) -> None:
        self.poorest = sorted(granted, key=lambda one: (Fraction(one[1].request.value, one[0]), one[1].request.key))
        self.freed = list(accumulate(amount for amount, _share in self.poorest))
        largest = sorted(granted, key=lambda one: -one[0])
        self.sizes = [-amount for amount, _share in largest]
        self.cheapest: list[Share] = list(accumulate((share for _amount, share in largest), _cheaper))

    def freeing(self, lacking: int) -> list[Share]:
        """One grant alone where that is cheaper, else the poorest ones without those not needed."""
        if lacking <= 0 or not self.freed or self.freed[-1] < lacking:
            return []
        together = self.poorest[: bisect_left(self.freed, lacking) + 1]
        over = sum(amount for amount, _share in together) - lacking
        for one in sorted(together, key=lambda one: _by_worth(one[1]), reverse=True):
            if one[0] <= over:
                together.remove(one)
                over -= one[0]
        way = [share for _amount, share in together]
        alone = bisect_right(self.sizes, -lacking)
        single = self.cheapest[alone - 1] if alone else None
        return [single] if single is not None and single.request.value <= sum(share.request.value for share in way) else way


def _cheaper(one: Share, other: Share) -> Share:
    return min(one, other, key=_by_worth)


def _by_worth(share: Share) -> tuple[int, str]:
    return share.request.value, share.request.key
