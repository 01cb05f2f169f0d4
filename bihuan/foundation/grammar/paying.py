"""``pays`` under a criteria: what those who meet it get, how often, from which money, and what happens when that does not reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import model_validator

from bihuan.foundation.grammar.registers import DatedValue
from bihuan.foundation.grammar.shape import Dated, Shape, Words, first_day, refused, said

MOST_PRIORITIES = 3
"""How many things may decide who comes first."""


class Priority(Shape):
    """One thing that decides who comes first."""

    by: str = said("按什么排先后（公式）", "what is compared (a formula)", "研发投入占比")
    better: Literal["higher", "lower"] = said("大者在前，或小者在前", "which end comes first", "higher", "higher")


class Budget(Shape):
    """The money of a year, and what happens when more is asked for than there is."""

    since: dict[Dated, DatedValue] = said("自何时起每年多少钱", "the money of a year, from a date on", "2025: {value: 2000万元, basis: 第八条}", min_length=1)
    short: Literal["in_order", "pro_rata"] = said(
        "不够时：in_order 按先后足额，放不下的不付；pro_rata 全体同比例折付", "when it is short: in full and in order, or the same share for all", "in_order"
    )
    order: list[Priority] = said("先后次序（in_order）；都相同的按编号", "the order (in_order); equals by their keys", "[{by: 研发投入占比}]", [], max_length=MOST_PRIORITIES)

    @model_validator(mode="after")
    def _fits(self) -> Budget:
        if self.short == "in_order" and not self.order:
            raise refused("按先后付款却没有写 order：先付给谁要写明", "payment in order needs an order: say who comes first")
        if self.short == "pro_rata" and self.order:
            raise refused("同比例折付没有先后，不要写 order", "where all get the same share there is no order")
        return self


class Payment(Shape):
    """What a policy pays to each row that meets its conditions."""

    amount: str = said("应付金额（公式）", "the amount (a formula)", "研发费用 * 10%")
    at_most: str = said("每户最高（公式）", "the most for one (a formula)", "50万元", "")
    times: Literal["once", "yearly"] = said("享受次数：once 只一次，yearly 每年一次", "how often: once, or once a year", "yearly")
    from_: Dated = said("自何时起执行", "in force from", "2025")
    until: Dated | None = said("执行到哪天（当天有效）", "in force until, that day included", "2026-12-31", None)
    budget: Budget | None = said("资金盘子；不写则据实兑付", "its money; without one all is paid", "{since: …, short: in_order, order: […]}", None)
    highest_of: str = said("就高不重复：同名的几项政策，一户只付最高的一项", "of the policies that name the same group, one pays only the highest", "design", "")
    unless: Words = said("享受了这些政策的不再享受本政策", "not for those who get one of these policies", "[platform_award]", [])
    basis: str = said("依据", "the clause it rests on", "第八条")

    @model_validator(mode="after")
    def _in_order(self) -> Payment:
        if self.until and first_day(self.until) < first_day(self.from_):
            raise refused(f"执行到 {self.until}，却从 {self.from_} 才起：没有一天有效", f"it ends on {self.until}, before it begins on {self.from_}")
        return self


def circle(unless: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The policies that wait for one another, in the order they do so; empty where there is an order to decide them in."""
    done: set[str] = set()
    for start in unless:
        found = _walk(start, unless, (), done)
        if found:
            return found
    return ()


def _walk(key: str, unless: Mapping[str, tuple[str, ...]], path: tuple[str, ...], done: set[str]) -> tuple[str, ...]:
    if key in path:
        return path[path.index(key) :]
    if key in done:
        return ()
    for other in unless.get(key, ()):
        found = _walk(other, unless, (*path, key), done)
        if found:
            return found
    done.add(key)
    return ()


def in_turn(unless: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The policies in an order in which each comes after those it gives way to. There is no circle."""
    ordered: dict[str, None] = {}

    def visit(key: str) -> None:
        for other in unless.get(key, ()):
            visit(other)
        ordered.setdefault(key)

    for key in unless:
        visit(key)
    return tuple(ordered)
