"""Other engines on the same policies. Each gives a function that matches once and its checksum; those not installed are left out.

The row-by-row engines are given a sample of the rows and their time is multiplied: they would take hours.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module
from typing import Any

from bench._policies import CHOICES, NEAR, PRIME, WAN, Condition, Policy, checksum

Data = dict[str, Any]
"""The columns as numpy arrays."""
Matching = Callable[[], tuple[int, int, int]]

SAMPLE = 500
"""Rows given to the engines that take them one at a time."""


def as_numpy(data: Any) -> Data:
    """The columns of an Arrow table as numpy arrays."""
    return {name: column.to_numpy() for name, column in zip(data.column_names, data.columns, strict=True)}


def amounts(values: Any, policy: Policy) -> Any:
    """What a share of some 分 comes to, in whole 分."""
    np = import_module("numpy")
    return np.floor(np.minimum(values / 100.0 * policy.rate, policy.most * 10_000.0) * 100 + 0.500001).astype(np.int64)


def _places(condition: Condition) -> list[int]:
    return [CHOICES[condition.column].index(value) for value in condition.value]


def _bound(condition: Condition) -> int:
    return int(condition.value) * (WAN if condition.column in ("revenue", "research", "tax", "equipment", "loan", "exports") else 1)


def numpy_masks(data: Data, policies: list[Policy]) -> Matching:
    """numpy: every distinct condition once as a mask, a policy the product of a few."""
    np = import_module("numpy")

    def once() -> tuple[int, int, int]:
        held: dict[Condition, Any] = {}

        def mask(condition: Condition) -> Any:
            found = held.get(condition)
            if found is None:
                column = data[condition.column]
                if condition.sort == "in":
                    found = np.isin(column, _places(condition))
                elif condition.sort == "at_least":
                    found = column >= _bound(condition)
                elif condition.sort == "flag":
                    found = column
                else:
                    found = column / data[condition.other] - condition.value > -NEAR
                held[condition] = found
            return found

        counted = hashed = amount = 0
        for policy in policies:
            passed = mask(policy.conditions[0])
            for condition in policy.conditions[1:]:
                passed = passed & mask(condition)
            rows = np.flatnonzero(passed)
            counted += len(rows)
            hashed += int((data["id"][rows] * (policy.number + 1) % PRIME).sum())
            amount += int(amounts(data[policy.of][rows], policy).sum())
        return checksum(counted, hashed, amount)

    return once


def pandas_filters(data: Data, policies: list[Policy]) -> Matching:
    """pandas: a boolean series for every condition of every policy."""
    pandas = import_module("pandas")

    frame = pandas.DataFrame({name: pandas.Categorical.from_codes(column, CHOICES[name]) if name in CHOICES else column for name, column in data.items()})

    def once() -> tuple[int, int, int]:
        counted = hashed = amount = 0
        for policy in policies:
            passed = None
            for condition in policy.conditions:
                column = frame[condition.column]
                if condition.sort == "in":
                    one = column.isin(condition.value)
                elif condition.sort == "at_least":
                    one = column >= _bound(condition)
                elif condition.sort == "flag":
                    one = column
                else:
                    one = column / frame[condition.other] - condition.value > -NEAR
                passed = one if passed is None else passed & one
            rows = frame.loc[passed]
            counted += len(rows)
            hashed += int((rows["id"] * (policy.number + 1) % PRIME).sum())
            amount += int(amounts(rows[policy.of].to_numpy(), policy).sum())
        return checksum(counted, hashed, amount)

    return once


def polars_lazy(data: Data, policies: list[Policy]) -> Matching:
    """polars: every policy a chain of filters, all collected together."""
    pl = import_module("polars")

    frame = pl.DataFrame({name: [CHOICES[name][place] for place in column] if name in CHOICES else column for name, column in data.items()})
    frame = frame.with_columns([pl.col(name).cast(pl.Enum(list(values))) for name, values in CHOICES.items()])

    def expression(condition: Condition) -> Any:
        column = pl.col(condition.column)
        if condition.sort == "in":
            return column.is_in(list(condition.value))
        if condition.sort == "at_least":
            return column >= _bound(condition)
        return column if condition.sort == "flag" else column / pl.col(condition.other) - condition.value > -NEAR

    def once() -> tuple[int, int, int]:
        asked = []
        for policy in policies:
            found = frame.lazy()
            for condition in policy.conditions:
                found = found.filter(expression(condition))
            share = pl.min_horizontal(pl.col(policy.of) / 100.0 * policy.rate, pl.lit(policy.most * 10_000.0)) * 100 + 0.500001
            asked.append(found.select(
                pl.len().alias("n"), (pl.col("id") * (policy.number + 1) % PRIME).sum().alias("h"), share.floor().cast(pl.Int64).sum().alias("a")
            ))  # fmt: skip
        rows = [one.row(0) for one in pl.collect_all(asked)]
        return checksum(*(sum(row[place] or 0 for row in rows) for place in range(3)))

    return once


def openfisca(data: Data, policies: list[Policy]) -> Matching:
    """OpenFisca-Core: a variable for every policy, computed for the whole population. Its numbers are 32-bit floats."""
    entities, periods, simulations, taxbenefitsystems, variables = (import_module(f"openfisca_core.{part}") for part in _FISCA)
    np = import_module("numpy")

    person = entities.build_entity(key="firm", plural="firms", label="firm", is_person=True)
    system = taxbenefitsystems.TaxBenefitSystem([person])
    period = "2025"
    for name, column in data.items():
        kind = bool if column.dtype == bool else int if name in CHOICES or name == "id" else float
        system.add_variable(type(name, (variables.Variable,), {"value_type": kind, "entity": person, "definition_period": periods.DateUnit.YEAR, "label": name}))
    for policy in policies:
        system.add_variable(type(f"p{policy.number}", (variables.Variable,), {
            "value_type": float, "entity": person, "definition_period": periods.DateUnit.YEAR, "label": "policy", "formula": _fisca_formula(policy),
        }))  # fmt: skip

    def once() -> tuple[int, int, int]:
        simulation = simulations.SimulationBuilder().build_default_simulation(system, len(data["id"]))
        for name, column in data.items():
            simulation.set_input(name, period, column)
        counted = hashed = amount = 0
        for policy in policies:
            paid = simulation.calculate(f"p{policy.number}", period)
            rows = np.flatnonzero(paid > 0)
            counted += len(rows)
            hashed += int((data["id"][rows] * (policy.number + 1) % PRIME).sum())
            amount += int(np.round(paid[rows].astype(np.float64) * 100).sum())
        return checksum(counted, hashed, amount)

    return once


_FISCA = ("entities", "periods", "simulations", "taxbenefitsystems", "variables")


def _fisca_formula(policy: Policy) -> Callable[..., Any]:
    np = import_module("numpy")

    def formula(firm: Any, period: Any) -> Any:
        passed: Any = True
        for condition in policy.conditions:
            column = firm(condition.column, period)
            if condition.sort == "in":
                one = np.isin(column, _places(condition))
            elif condition.sort == "at_least":
                one = column >= _bound(condition)
            elif condition.sort == "flag":
                one = column
            else:
                one = column / firm(condition.other, period) - condition.value > -NEAR
            passed = passed & one
        return passed * np.minimum(firm(policy.of, period) / 100.0 * policy.rate, policy.most * 10_000.0)

    return formula


# --- engines that take one row at a time


def _words(condition: Condition, any_of: str) -> str:
    if condition.sort == "in":
        listed = ", ".join(f'"{value}"' for value in condition.value)
        return any_of.format(column=condition.column, listed=listed)
    if condition.sort == "at_least":
        return f"{condition.column} >= {_bound(condition)}.0"
    return condition.column if condition.sort == "flag" else f"{condition.column} / {condition.other} - {condition.value} > -0.000000001"


def _rows(data: Data, count: int) -> list[dict[str, Any]]:
    rows = []
    for place in range(count):
        row: dict[str, Any] = {}
        for name, column in data.items():
            value = column[place]
            row[name] = CHOICES[name][int(value)] if name in CHOICES else bool(value) if column.dtype == bool else float(value)
        rows.append(row)
    return rows


def _one_by_one(data: Data, policies: list[Policy], holds: Callable[[dict[str, Any], int], bool]) -> tuple[int, int, int]:
    counted = hashed = amount = 0
    for row in _rows(data, min(SAMPLE, len(data["id"]))):
        for place, policy in enumerate(policies):
            if holds(row, place):
                counted += 1
                hashed += int(row["id"]) * (policy.number + 1) % PRIME
                amount += math.floor(min(row[policy.of] / 100.0 * policy.rate, policy.most * 10_000.0) * 100 + 0.500001)
    return checksum(counted, hashed, amount)


def zen(data: Data, policies: list[Policy]) -> Matching:
    """zen-engine: a compiled expression for every policy."""
    engine = import_module("zen")

    compiled = [engine.compile_expression(" and ".join(_words(condition, "{column} in [{listed}]") for condition in policy.conditions)) for policy in policies]
    return lambda: _one_by_one(data, policies, lambda row, place: bool(compiled[place].evaluate(row)))


def cel(data: Data, policies: list[Policy]) -> Matching:
    """common-expression-language (Rust): a compiled program for every policy."""
    engine = import_module("cel")

    programs = [engine.compile(" && ".join(_words(condition, "{column} in [{listed}]") for condition in policy.conditions)) for policy in policies]
    return lambda: _one_by_one(data, policies, lambda row, place: bool(programs[place].execute(row)))


PEERS: dict[str, Callable[[Data, list[Policy]], Matching]] = {
    "polars": polars_lazy, "numpy": numpy_masks, "pandas": pandas_filters, "openfisca-core": openfisca, "zen-engine": zen, "cel": cel,
}  # fmt: skip
ONE_AT_A_TIME = ("zen-engine", "cel")
