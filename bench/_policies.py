"""Enterprises and policies from one seed, for every engine that is measured: the same columns, the same conditions, the same amounts.

Money is in whole 万元 and rates in half percents, so that an amount is a whole number of 分 however an engine multiplies.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

SEED = 20250708
SIZES = ("大型", "中型", "小型", "微型")
INDUSTRIES = tuple(f"行业{number:02d}" for number in range(12))
COUNTIES = ("濮阳县", "清丰县", "南乐县", "范县", "台前县", "华龙区", "开发区", "示范区")
CHOICES = {"size": SIZES, "industry": INDUSTRIES, "county": COUNTIES}
MONEY = ("revenue", "research", "tax", "equipment", "loan", "exports")
NUMBERS = ("staff", "researchers", "land", "patents", "age", "energy")
FLAGS = ("above_scale", "high_tech", "specialised", "clean")
TITLES = {
    "size": "规模", "industry": "行业", "county": "区划", "revenue": "营业收入", "research": "研发费用", "tax": "税收", "equipment": "设备投资", "loan": "贷款",
    "exports": "出口额", "staff": "职工", "researchers": "研发人员", "land": "用地", "patents": "专利", "age": "年限", "energy": "能耗", "above_scale": "在规",
    "high_tech": "高企", "specialised": "专精特新", "clean": "守信",
}  # fmt: skip
WAN = 1_000_000
"""分 in 万元."""
NEAR = 1e-9
"""How near a ratio counts as equal, as compiled formulas have it."""

Sort = Literal["in", "at_least", "flag", "ratio"]


@dataclass(frozen=True)
class Condition:
    """One condition: a choice among values, a number at least, a flag, or the ratio of two columns at least."""

    sort: Sort
    column: str
    value: Any = None
    other: str = ""

    def formula(self) -> str:
        """In the language of packs."""
        title = TITLES[self.column]
        match self.sort:
            case "in":
                return f"{title} 在 ({', '.join(repr(value) for value in self.value)})"
            case "at_least":
                return f"{title} >= {self.value}{'万元' if self.column in MONEY else ''}"
            case "flag":
                return title
            case "ratio":
                return f"{title} / {TITLES[self.other]} >= {self.value}"


@dataclass(frozen=True)
class Policy:
    """A policy: all of its conditions; it pays a share of a money column, up to so many 万元."""

    number: int
    conditions: tuple[Condition, ...]
    of: str
    rate: float
    most: int


def policies(count: int) -> list[Policy]:
    """So many policies; thresholds repeat, as they do in a city's own."""
    chance = random.Random(SEED)
    return [_policy(chance, number) for number in range(count)]


def _policy(chance: random.Random, number: int) -> Policy:
    conditions = [Condition("flag", "clean")]
    for column, values in chance.sample([("size", SIZES), ("industry", INDUSTRIES), ("county", COUNTIES)], 2):
        conditions.append(Condition("in", column, tuple(sorted(chance.sample(values, chance.randint(1, max(1, len(values) // 3)))))))
    conditions.append(Condition("flag", chance.choice(["above_scale", "high_tech", "specialised"])))
    column = chance.choice([*MONEY, *NUMBERS])
    conditions.append(Condition("at_least", column, chance.choice([100, 500, 1_000, 2_000]) if column in MONEY else chance.choice([5, 10, 20, 50])))
    if chance.random() < 0.4:
        conditions.append(Condition("ratio", "research", chance.choice([0.02, 0.03, 0.05]), "revenue"))
    return Policy(number, tuple(conditions), chance.choice(MONEY), chance.choice([0.005, 0.01, 0.02, 0.05]), chance.choice([20, 50, 100]))


def columns(rows: int) -> pa.Table:
    """So many enterprises: choices as places among their values, money in 分, flags; ``id`` from 1 on."""
    found: dict[str, pa.Array] = {"id": pa.array(range(1, rows + 1), pa.int64())}
    seed = iter(range(SEED, SEED + 1_000))

    def even() -> pa.Array:
        return pc.random(rows, initializer=next(seed))

    def skewed(scale: float) -> pa.Array:
        """Many small values and a few large ones, up to a million."""
        chance = even()
        drawn = pc.floor(pc.multiply(scale, pc.divide(chance, pc.subtract(1.0001, chance))))
        return pc.cast(pc.min_element_wise(pc.max_element_wise(drawn, 1.0), 1_000_000.0), pa.int64())

    for name, values in CHOICES.items():
        found[name] = pc.cast(pc.floor(pc.multiply(even(), len(values))), pa.int8())
    for name in MONEY:
        found[name] = pc.multiply(skewed(2_000.0 if name == "revenue" else 150.0), WAN)
    for name in NUMBERS:
        found[name] = skewed(15.0)
    for name in FLAGS:
        found[name] = pc.less(even(), 0.9 if name == "clean" else 0.4)
    return pa.table(found)


def checksum(counted: int, hashed: int, amount: int) -> tuple[int, int, int]:
    """What every engine must agree on: how many matches, which, and how much in 分."""
    return int(counted), int(hashed), int(amount)


PRIME = 1_000_003
"""A match of row ``id`` and policy ``number`` counts ``id * (number + 1) % PRIME`` into the hash."""
