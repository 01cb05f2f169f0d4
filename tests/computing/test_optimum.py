"""The best value: what HiGHS says, held against every choice there is; and what exact numbers it refuses."""

from itertools import accumulate, combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.computing.optimum import best
from bihuan.foundation.grammar.allotting import Displacing, Request, Terms, chosen, in_order, left_after
from bihuan.foundation.grammar.refusals import Refused

POOLS = ("甲", "乙", "市")
some_pools = st.lists(st.sampled_from(POOLS), min_size=1, max_size=3, unique=True).map(tuple)
asking = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 30), some_pools), min_size=1, max_size=7)
holding = st.fixed_dictionaries({pool: st.integers(0, 20) for pool in POOLS})


def of(asked: list[tuple[int, int, tuple[str, ...]]]) -> list[Request]:
    return [Request(f"R{place}", amount, pools, value) for place, (amount, value, pools) in enumerate(asked)]


def fits(requests: tuple[Request, ...], left: dict[str, int]) -> bool:
    """Whether these can all be served: for each set of pools, those that may take from no other ask for no more than it holds (Hall's condition)."""
    for size in range(1, len(POOLS) + 1):
        for group in combinations(POOLS, size):
            if sum(one.asked for one in requests if set(one.pools) <= set(group)) > sum(left[pool] for pool in group):
                return False
    return True


def worth(requests: list[Request], left: dict[str, int]) -> int:
    """The most that any choice of requests is worth, all choices tried."""
    return max(sum(one.value for one in some) for size in range(len(requests) + 1) for some in combinations(requests, size) if fits(some, left))


@settings(max_examples=60, deadline=None)
@given(asking, holding)
def test_no_choice_is_worth_more_and_no_pool_gives_more_than_it_holds(asked: list[tuple[int, int, tuple[str, ...]]], left: dict[str, int]) -> None:
    requests = of(asked)
    found, most = best(requests, left), worth(requests, left)
    assert (found.value, found.bound) == (most, most)
    shares = chosen(requests, left, found.parts)
    assert min(left_after((part for share in shares for part in share.parts), left).values()) >= 0
    assert all(share.amount in (0, share.request.asked) for share in shares)
    assert all({pool for pool, _amount in share.parts} <= set(share.request.pools) for share in shares)


@settings(max_examples=60, deadline=None)
@given(asking, holding)
def test_who_would_give_way_is_worth_no_less_than_who_was_outbid(asked: list[tuple[int, int, tuple[str, ...]]], left: dict[str, int]) -> None:
    requests = of(asked)
    shares = chosen(requests, left, best(requests, left).parts)
    remaining = left_after((part for share in shares for part in share.parts), left)
    displacing = Displacing(shares, remaining)
    for share in shares:
        if share.code == "outbid":
            way = displacing.way(share.request)
            freed = sum(amount for one in way for pool, amount in one.parts if pool in share.request.pools)
            assert freed + sum(remaining[pool] for pool in share.request.pools) >= share.request.asked or not way
            assert not way or sum(one.request.value for one in way) >= share.request.value


@settings(max_examples=60, deadline=None)
@given(asking, holding, st.booleans())
def test_the_order_gives_no_more_than_there_is_and_serves_nobody_past_a_stop(
    asked: list[tuple[int, int, tuple[str, ...]]], left: dict[str, int], skip: bool
) -> None:
    shares = in_order(of(asked), left, Terms(skip=skip))
    assert min(left_after((part for share in shares for part in share.parts), left).values()) >= 0
    codes = [share.code for share in shares]
    if not skip and "short" in codes:
        assert set(codes[codes.index("short") + 1 :]) <= {"behind"}


@settings(max_examples=120, deadline=None)
@given(asking, holding, st.integers(0, 5), st.integers(0, 40), st.integers(0, 1))
def test_values_that_follow_the_amounts_and_a_constant_have_the_same_best(
    asked: list[tuple[int, int, tuple[str, ...]]], left: dict[str, int], rate: int, constant: int, noise: int
) -> None:
    requests = of([(amount, rate * amount + constant + noise * (value % 3), pools) for amount, value, pools in asked])
    found, most = best(requests, left), worth(requests, left)
    assert (found.value, found.bound) == (most, most)


@pytest.mark.parametrize(("own", "rate", "constant", "share"), [((), 10, 5_000, 2), (("甲", "乙"), 10, 5_000, 2), (("甲", "乙"), 1, 1_000, 4), (("甲", "乙"), 0, 500, 2)])
def test_thousands_whose_values_follow_their_amounts_and_a_constant_are_proved(own: tuple[str, ...], rate: int, constant: int, share: int) -> None:
    rng = Random(7)
    amounts = [rng.randint(100, 20_000) for _place in range(10_000)]
    left = dict.fromkeys((*own, "市"), sum(amounts) // share // (len(own) + 1))
    requests = [
        Request(f"R{place}", amount, (*rng.sample(own, min(1, len(own))), "市"), rate * amount + constant) for place, amount in enumerate(amounts)
    ]
    found, held = best(requests, left), sum(left.values())
    most = sum(total <= held for total in accumulate(sorted(amounts)))
    assert found.value == found.bound == rate * held + constant * most
    parts = [part for parts in found.parts.values() for part in parts]
    assert min(left_after(parts, left).values()) >= 0


def test_of_requests_alike_the_earlier_are_granted() -> None:
    requests = [Request(key, 4, ("市",), 7) for key in ("C", "A", "B")]
    assert set(best(requests, {"市": 9}).parts) == {"C", "A"}


def test_a_pool_makes_room_for_those_who_can_take_from_no_other() -> None:
    requests = [Request("both", 5, ("甲", "市"), 5), Request("only", 5, ("甲",), 5)]
    assert best(requests, {"甲": 5, "市": 5}).parts == {"both": (("市", 5),), "only": (("甲", 5),)}


def test_what_a_double_cannot_hold_is_refused() -> None:
    with pytest.raises(Refused, match="2 的 53 次方"):
        best([Request("A", 2**53 - 1, ("市",), 1), Request("B", 2, ("市",), 1)], {"市": 2**53})


def test_a_proof_that_takes_too_long_is_refused_and_says_how_far_it_came() -> None:
    requests = [Request(f"R{place}", 10_007 + place * place % 977, ("市",), 100_000 + place * place * place % 9_973) for place in range(4_000)]
    with pytest.raises(Refused, match="没有证明最优"):
        best(requests, {"市": 20_000_003}, seconds=0.01)
