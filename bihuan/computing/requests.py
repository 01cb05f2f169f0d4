"""The requests for a quota as they stand: what each still asks, its place, what it is worth, which pools it may take from; and what those hold.

Everything is made whole here, once: scores to ten-thousandths, values to hundredths, amounts as they are stored. From here on no float decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil, floor, isfinite
from typing import Any

from bihuan.computing.engine import Record, run
from bihuan.computing.tables import Columns
from bihuan.foundation.actions.quotas import came_in, held
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.plans import Wanted, row_plan
from bihuan.foundation.grammar.quotas import Account, Quota
from bihuan.foundation.grammar.reading import judgement_of
from bihuan.foundation.grammar.references_quotas import share_of
from bihuan.foundation.grammar.saying import Said
from bihuan.foundation.grammar.shape import in_force
from bihuan.foundation.grammar.sharing import SCORE, VALUE, Telling
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Balance, Entry

NEARLY_HALF = 0.500001
"""Half counts as a whole one; the little more takes in what a double holds as 0.4999…."""


Holding = tuple[int, str, int | None, dict[str, int]]
"""A row that was granted some: id, key, what it does not use (None: cannot be said), and what it holds of which account."""


@dataclass(frozen=True)
class Asking:
    """One row that asks: ``out`` is how and why it takes no part, None where it does. ``asked`` is what it still asks, None where it does not say."""

    entry: int
    key: str
    asked: int | None
    turns: tuple[int | None, ...]
    value: int = 0
    pools: tuple[str, ...] = ()
    out: tuple[str, Said] | None = None

    @property
    def read(self) -> list[Any]:
        """What was read of it, as the ledger can hold it."""
        return [self.asked, list(self.turns), self.value, list(self.pools), self.out[0] if self.out else ""]


@dataclass(frozen=True)
class Reading:
    """All requests by their keys, and what every pool has to give: what it holds less its reserve."""

    view: RegisterView
    item: Item[Quota]
    day: date
    period: periods.Period
    asking: Sequence[Asking]
    pools: Mapping[str, int] = field(default_factory=dict)


def requests(columns: Columns, view: RegisterView, item: Item[Quota], day: date) -> Reading:
    """Read the requests for a quota on a day. Raises Refused where a value is below nothing."""
    found = [_asking(view, item, row) for row in _rows(columns, view, item, day)]
    asking = sorted((one for one in found if one is not None), key=lambda one: one.key)
    period = periods.of(item.shape.every, day)
    pools = to_give(item, period.text, day, columns.using)
    reached = {pool: 0 for one in asking for pool in one.pools}
    return Reading(view, item, day, period, asking, {**reached, **pools})


def to_give(item: Item[Quota], period: str, day: date, using: str = "default") -> dict[str, int]:
    """What each pool has to give: its balance less the share of what came in that is held back."""
    into = came_in(item.name, period, using)
    found = {}
    for name, amount in held(item.name, period, using).items():
        account = item.shape.accounts.get(name.partition("/")[0])
        if account is not None and not account.supplies:
            found[name] = max(0, amount - reserve(account, into.get(name, 0), day))
    return found


def reserve(account: Account, came: int, day: date) -> int:
    """What of so much is held back on a day, rounded up."""
    chosen = in_force(account.reserve, day)
    return ceil(share_of(chosen[1].value) * max(came, 0)) if chosen else 0


def _rows(columns: Columns, view: RegisterView, item: Item[Quota], day: date) -> list[Record]:
    quota = item.shape
    turns = [view.formula(priority.by, "entry", "number") for priority in quota.order]
    formulas = {f"_turn{place}": formula for place, formula in enumerate(turns)}
    if quota.value:
        formulas["_value"] = view.formula(quota.value, "entry", "number")
    conditions = {f"_pool_{key}": account.where for key, account in quota.accounts.items() if account.where}
    if quota.where:
        conditions["_asks"] = quota.where
    names = {quota.of, item.key, *(name for formula in formulas.values() for name in formula.names)}
    needs = view.criteria.find(quota.needs, item.mechanism) if quota.needs else None
    plan = row_plan(columns.catalogue, view, Wanted(frozenset(names), criteria=(needs.short,) if needs else (), conditions=conditions), [day])
    computed = "".join(f', {formula.sql(at_column="_at")} AS "{name}"' for name, formula in formulas.items())
    only = ' WHERE "_asks" IS NOT FALSE' if quota.where else ""
    return run(columns, f"{plan.sql} SELECT *{computed} FROM judged{only}")


def _asking(view: RegisterView, item: Item[Quota], row: Record) -> Asking | None:
    """A row as a request; None where it was granted all it asked for."""
    quota, wanted, had = item.shape, row[item.shape.of], row[item.key]
    if wanted is not None and had and had >= wanted:
        return None
    asked = None if wanted is None else wanted - had
    turns = tuple(_whole(row[f"_turn{place}"], SCORE) for place in range(len(quota.order)))
    value = _whole(row.get("_value"), VALUE)
    pools, unknown = _pools(quota, row)
    out = _out(view, item, row, asked)
    if out is None and quota.value and (value is None or value < 0):
        out = ("unknown", Said("分值缺数据", "its value lacks data")) if value is None else ("unfit", Said("分值小于零", "its value is below nothing"))
    if out is None and unknown:
        title = quota.accounts[unknown].title
        out = ("unknown", Said(f"能否从“{title}”支取缺数据，无法判断", f"whether it may take from {unknown} lacks data"))
    if out is None and not pools:
        out = ("nowhere", Said("没有一个池子受理它", "no pool serves it"))
    return Asking(row["_id"], row["_key"], asked, turns, value or 0, pools, out)


def _out(view: RegisterView, item: Item[Quota], row: Record, asked: int | None) -> tuple[str, Said] | None:
    """Why a row takes no part, by what it says itself and by the criteria."""
    title = view.shape.fields[item.shape.of].title
    english = view.shape.fields[item.shape.of].title_en or title
    if row.get("_asks", True) is None:
        return "unknown", Said("是否在申请缺数据，无法判断", "whether it is a request lacks data")
    if asked is None:
        return "unknown", Said(f"没有填“{title}”，不知道要多少：请补", f"it does not say its {english}: please supply it")
    if asked <= 0:
        shown = Telling(view, item).quantity(asked)
        return "nothing", Said(f"“{title}”是 {shown.zh}，须大于零", f"its {english} is {shown.en}, and must be above zero")
    if item.shape.needs:
        needs = view.criteria.find(item.shape.needs, item.mechanism)
        judgement = judgement_of(view, needs.short, row) if needs else None
        if judgement is not None and not judgement.value:
            return ("unknown" if judgement.value is None else "unfit"), judgement.said
    return None


def _pools(quota: Quota, row: Record) -> tuple[tuple[str, ...], str]:
    """The pools a row may take from as they are listed, and the first of which that cannot be said."""
    pools = []
    for key, account in quota.accounts.items():
        serves = row[f"_pool_{key}"] if account.where else True
        if account.supplies or serves is False:
            continue
        if serves is None:
            return (), key
        if not account.each:
            pools.append(key)
        elif row["_office"]:
            pools.append(f"{key}/{row['_office']}")
    return tuple(pools), ""


def _whole(value: Any, parts: int) -> int | None:
    """A computed number in whole parts; None where there is none."""
    return None if value is None or not isfinite(value) else floor(value * parts + NEARLY_HALF)


def ordered(quota: Quota, asking: Sequence[Asking]) -> list[Asking]:
    """The requests that take part, in their order: by each priority in turn, without data last, equals by their keys."""

    def turn(one: Asking) -> tuple[Any, ...]:
        signed = [
            (score is None, 0 if score is None else -score if priority.better == "higher" else score)
            for score, priority in zip(one.turns, quota.order, strict=True)
        ]
        return (*signed, one.key)

    return sorted((one for one in asking if one.out is None), key=turn)


def unused(columns: Columns, view: RegisterView, item: Item[Quota], day: date) -> list[Holding]:
    """The rows that hold some of the quota in the running period and do not use all of it, or of which that cannot be said.

    A row that was taken out of the register since uses nothing.
    """
    rule = item.shape.take_back
    if rule is None:
        return []
    period = periods.of(item.shape.every, day).text
    holding: dict[int, dict[str, int]] = {}
    stored = Balance.objects.using(columns.using).filter(quota=item.name, period=period, entry__isnull=False, amount__gt=0).order_by("pk")
    for entry, account, amount in stored.values_list("entry_id", "account", "amount"):
        if entry is not None:
            holding.setdefault(entry, {})[account] = amount
    measure = Telling(view, item).measure
    formula = view.formula(rule.unused, "entry", "number", measure.unit)
    conditions = {"_gives": rule.where} if rule.where else {}
    plan = row_plan(columns.catalogue, view, Wanted(frozenset(formula.names), conditions=conditions), [day], sorted(holding))
    found: list[Holding] = []
    for row in run(columns, f'{plan.sql} SELECT *, {formula.sql(at_column="_at")} AS "_unused" FROM judged ORDER BY _key'):
        free = _unused(row, float(measure.step))
        if free is None or free > 0:
            found.append((row["_id"], row["_key"], free, holding[row["_id"]]))
    gone = Entry.objects.using(columns.using).filter(pk__in=sorted(holding), withdrawn=True).order_by("key")
    return found + [(pk, key, sum(holding[pk].values()), holding[pk]) for pk, key in gone.values_list("pk", "key")]


def _unused(row: Record, step: float) -> int | None:
    """What a row does not use, in stored units; None where that cannot be said."""
    gives, left = row.get("_gives", True), row["_unused"]
    if gives is False:
        return 0
    return None if gives is None or left is None else floor(left / step + 1e-6)
