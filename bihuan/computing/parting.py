"""Amounts parted among pools, exactly: first pools first, then along paths on which others make room. Whole numbers in, whole numbers out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bihuan.foundation.grammar.allotting import Parts, Request, taken

Pools = tuple[str, ...]
Kind = tuple[int, int, Pools]
"""What requests alike have in common: amount, value, pools."""

Flows = dict[Pools, dict[str, int]]
"""How much each set of pools gives out of which."""


def parted(picked: Sequence[Request], left: Mapping[str, int]) -> dict[str, Parts]:
    """What each request takes from which pool; nothing where the pools do not hold all that was chosen."""
    wanted: Counter[Pools] = Counter()
    for request in picked:
        wanted[request.pools] += request.asked
    found = flows_of(wanted, left)
    if found is None:
        return {}
    flows, parts = found[0], {}
    for request in picked:
        parts[request.key] = taken(request, request.asked, flows[request.pools])
        for pool, amount in parts[request.key]:
            flows[request.pools][pool] -= amount
    return parts


def flows_of(wanted: Mapping[Pools, int], left: Mapping[str, int]) -> tuple[Flows, dict[str, int]] | None:
    """How much each set of pools gives out of which, and what every pool has left then. None where they hold too little."""
    remaining, flows = dict(left), {group: dict.fromkeys(group, 0) for group in wanted}
    for group, amount in wanted.items():
        if _pushed(group, amount, flows, remaining) < amount:
            return None
    return flows, remaining


def room(group: Pools, flows: Flows, remaining: Mapping[str, int]) -> int:
    """How much more a set of pools could give, whatever others have to make room."""
    return _pushed(group, sum(remaining.values()), {other: dict(given) for other, given in flows.items()}, dict(remaining))


def _pushed(group: Pools, amount: int, flows: Flows, remaining: dict[str, int]) -> int:
    """How much of an amount a set of pools gives; what it gives is taken."""
    missing = amount
    while missing > 0:
        path = _path(group, flows, remaining)
        if path is None:
            break
        missing -= _push(path, missing, flows, remaining)
    return amount - missing


Path = list[tuple[Pools, str]]
"""Steps: a set takes from a pool; where that is empty, another set that takes from it takes from a further pool instead, and so on."""


def _path(group: Pools, flows: Mapping[Pools, Mapping[str, int]], remaining: Mapping[str, int]) -> Path | None:
    waiting: list[Path] = [[(group, pool)] for pool in group]
    seen = set(group)
    while waiting:
        path = waiting.pop(0)
        pool = path[-1][1]
        if remaining.get(pool, 0) > 0:
            return path
        for other, given in flows.items():
            if given.get(pool, 0) > 0:
                further = [one for one in other if one not in seen]
                seen.update(further)
                waiting += [[*path, (other, one)] for one in further]
    return None


def _push(path: Path, missing: int, flows: dict[Pools, dict[str, int]], remaining: dict[str, int]) -> int:
    moved = min(missing, remaining[path[-1][1]], *(flows[other][path[step][1]] for step, (other, _pool) in enumerate(path[1:])))
    for step, (group, pool) in enumerate(path):
        flows[group][pool] += moved
        if step:
            flows[group][path[step - 1][1]] -= moved
    remaining[path[-1][1]] -= moved
    return moved
