"""What Arrow has for the operations of compiled formulas: each by the very SQL it stands for, with the kinds it takes and gives.

`bihuan.computing.bitmaps` uses it. An operation that is not here, or not for these kinds, is asked of the engine of the columns, so this table
may be short but never wrong: `tests/computing/test_bitmaps.py` holds every line of it against that engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

Sort = Literal["int", "double", "bool", "date", "text", "word", "other"]
"""``text`` is a column of texts, coded; ``word`` a fixed text; ``other`` is left to the engine."""

Value = Any
"""An Arrow array, or a scalar where every part is fixed."""


@dataclass(frozen=True)
class Kernel:
    """One operation for one set of kinds."""

    run: Callable[..., Value]
    gives: Sort


TYPES: dict[Sort, pa.DataType] = {"int": pa.int64(), "double": pa.float64(), "bool": pa.bool_(), "date": pa.date32(), "word": pa.string()}


def _codes(value: Value) -> Value:
    return value.indices if isinstance(value, pa.DictionaryArray) else value


def _same_text(text: Value, word: Value) -> Value:
    """Whether coded texts are a word: the codes are compared, not the texts."""
    # No text has this code where the word does not occur.
    return pc.equal(_codes(text), pa.scalar(text.dictionary.index(word).as_py(), _codes(text).type))


def _other_text(text: Value, word: Value) -> Value:
    return pc.invert(_same_text(text, word))


def _turned(kernel: Callable[..., Value]) -> Callable[..., Value]:
    return lambda left, right: kernel(right, left)


def _unless(refused: Value, value: Value) -> Value:
    """The value where the condition does not hold; none where it does or is unknown."""
    return pc.if_else(refused, pa.scalar(None, value.type), value)


def _near(compared: Callable[..., Value], left: Value, right: Value, tolerance: Value) -> Value:
    return compared(pc.abs(pc.subtract(left, right)), tolerance)


def _beyond(compared: Callable[..., Value], sign: int, left: Value, right: Value, tolerance: Value) -> Value:
    return compared(pc.subtract(left, right), pc.negate(tolerance) if sign < 0 else tolerance)


def _in_cents(yuan: Value) -> Value:
    return pc.cast(pc.floor(pc.add(pc.multiply(yuan, 100.0), 0.500001)), pa.int64())


def _if(test: Value, yes: Value, no: Value) -> Value:
    return pc.if_else(test, yes, no)


def _capped(value: Value, cap: Value) -> Value:
    return pc.if_else(pc.greater(value, cap), cap, value)


def _is_null(value: Value) -> Value:
    return pc.is_null(_codes(value))


def _both(left: Value, right: Value) -> Value:
    """AND; without the second bitmap where everything is known, which makes all that follows quicker."""
    return pc.and_kleene(left, right) if _has_nulls(left) or _has_nulls(right) else pc.and_(left, right)


def _either(left: Value, right: Value) -> Value:
    return pc.or_kleene(left, right) if _has_nulls(left) or _has_nulls(right) else pc.or_(left, right)


def _has_nulls(value: Value) -> bool:
    return not value.is_valid if isinstance(value, pa.Scalar) else value.null_count > 0


def holds(condition: pa.Array) -> pa.Array:
    """Where a condition holds, as one bitmap: unknown does not."""
    if not condition.null_count:
        return condition
    known, true = (pa.Array.from_buffers(pa.bool_(), len(condition), [None, buffer], 0, condition.offset) for buffer in condition.buffers())
    return pc.and_(known, true)


_ORDERED: tuple[Sort, ...] = ("int", "double", "date")
_EVERY: tuple[Sort, ...] = (*_ORDERED, "bool")
_COMPARISONS = {
    "=": pc.equal, "<>": pc.not_equal, ">": pc.greater, ">=": pc.greater_equal, "<": pc.less, "<=": pc.less_equal,
}  # fmt: skip

KERNELS: dict[tuple[str, tuple[Sort, ...]], Kernel] = {
    ("({0} AND {1})", ("bool", "bool")): Kernel(_both, "bool"),
    ("({0} OR {1})", ("bool", "bool")): Kernel(_either, "bool"),
    ("(NOT {0})", ("bool",)): Kernel(pc.invert, "bool"),
    ("({0} = {1})", ("text", "word")): Kernel(_same_text, "bool"),
    ("({0} <> {1})", ("text", "word")): Kernel(_other_text, "bool"),
    ("({0} = {1})", ("word", "text")): Kernel(_turned(_same_text), "bool"),
    ("({0} <> {1})", ("word", "text")): Kernel(_turned(_other_text), "bool"),
    ("({0} IS NULL)", ("text",)): Kernel(_is_null, "bool"),
    ("CAST({0} AS {double})", ("int",)): Kernel(partial(pc.cast, target_type=pa.float64(), safe=False), "double"),
    ("CAST({0} AS {double})", ("double",)): Kernel(lambda value: value, "double"),
    # Whole numbers that grow too large are refused here as they are there.
    ("({0} + {1})", ("int", "int")): Kernel(pc.add_checked, "int"),
    ("({0} - {1})", ("int", "int")): Kernel(pc.subtract_checked, "int"),
    ("(-{0})", ("int",)): Kernel(pc.negate_checked, "int"),
    ("({0} + {1})", ("double", "double")): Kernel(pc.add, "double"),
    ("({0} - {1})", ("double", "double")): Kernel(pc.subtract, "double"),
    ("({0} * {1})", ("double", "double")): Kernel(pc.multiply, "double"),
    ("({0} / {1})", ("double", "double")): Kernel(pc.divide, "double"),
    ("(-{0})", ("double",)): Kernel(pc.negate, "double"),
    ("ABS({0})", ("double",)): Kernel(pc.abs, "double"),
    ("ABS({0})", ("int",)): Kernel(pc.abs_checked, "int"),
    ("NULLIF({0}, 0)", ("double",)): Kernel(lambda value: _unless(pc.equal(value, 0.0), value), "double"),
    ("CASE WHEN ABS({0}) > {1} THEN {0} END", ("double", "double")): Kernel(
        lambda value, least: _unless(pc.less_equal(pc.abs(value), least), value), "double"
    ),
    ("(ABS({0} - {1}) <= {2})", ("double",) * 3): Kernel(partial(_near, pc.less_equal), "bool"),
    ("(ABS({0} - {1}) > {2})", ("double",) * 3): Kernel(partial(_near, pc.greater), "bool"),
    ("({0} - {1} > {2})", ("double",) * 3): Kernel(partial(_beyond, pc.greater, 1), "bool"),
    ("({0} - {1} >= -{2})", ("double",) * 3): Kernel(partial(_beyond, pc.greater_equal, -1), "bool"),
    ("({0} - {1} < -{2})", ("double",) * 3): Kernel(partial(_beyond, pc.less, -1), "bool"),
    ("({0} - {1} <= {2})", ("double",) * 3): Kernel(partial(_beyond, pc.less_equal, 1), "bool"),
    ("CAST(floor({0} * 100 + 0.500001) AS BIGINT)", ("double",)): Kernel(_in_cents, "int"),
    ("CASE WHEN {1} IS NULL THEN NULL WHEN {0} > {1} THEN {1} ELSE {0} END", ("double", "double")): Kernel(_capped, "double"),
}
for _sort in _EVERY:
    KERNELS["({0} IS NULL)", (_sort,)] = Kernel(_is_null, "bool")
    KERNELS["COALESCE({0}, {1})", (_sort, _sort)] = Kernel(pc.coalesce, _sort)
    KERNELS["CASE WHEN {0} THEN {1} WHEN NOT {0} THEN {2} END", ("bool", _sort, _sort)] = Kernel(_if, _sort)
for _sign, _compared in _COMPARISONS.items():
    for _sort in _ORDERED if _sign not in ("=", "<>") else _EVERY:
        KERNELS[f"({{0}} {_sign} {{1}})", (_sort, _sort)] = Kernel(_compared, "bool")
for _word, _picked in {"GREATEST": pc.max_element_wise, "LEAST": pc.min_element_wise}.items():
    for _sort in _ORDERED:
        KERNELS[f"CASE WHEN {{0}} IS NOT NULL AND {{1}} IS NOT NULL THEN {_word}({{0}}, {{1}}) END", (_sort, _sort)] = Kernel(
            partial(_picked, skip_nulls=False), _sort
        )


def at_least(count: int, *conditions: Value) -> Value:
    """Whether so many of the conditions hold; unknown where those that are unknown could decide it."""
    one, nought = pa.scalar(1, pa.int32()), pa.scalar(0, pa.int32())
    yes = [pc.if_else(pc.coalesce(condition, False), one, nought) for condition in conditions]
    maybe = [pc.if_else(pc.coalesce(condition, True), one, nought) for condition in conditions]
    held, possible = (_summed(parts) for parts in (yes, maybe))
    unknown_or_no = pc.if_else(pc.less(possible, count), pa.scalar(False), pa.scalar(None, pa.bool_()))
    return pc.if_else(pc.greater_equal(held, count), pa.scalar(True), unknown_or_no)


def _summed(parts: list[Value]) -> Value:
    total = parts[0]
    for part in parts[1:]:
        total = pc.add(total, part)
    return total
