"""Lengths of time that name a parameter: the one place that turns the name into the length in force.

A limit that an office sets for itself belongs in a dated parameter with its basis, not in the middle of a rule. Wherever the language asks
for a length of time, the title or key of a parameter in 工作日, 天 or 个月 may stand instead. A clock takes the value in force on the day it
starts, a report the one in force when its period ends, anything else the one in force on the day it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar

from bihuan.foundation.grammar.items import Item, Items
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import Parameter
from bihuan.foundation.grammar.scopes import parameter_value
from bihuan.foundation.grammar.shape import LASTING, Shape, in_force, is_span
from bihuan.foundation.grammar.workdays import Span, SpanUnit

S = TypeVar("S", bound=Shape)
Path = tuple[str | int, ...]

UNITS: dict[str, SpanUnit] = {
    "工作日": "working_days", "个工作日": "working_days", "天": "calendar_days", "日": "calendar_days", "个月": "months",
}  # fmt: skip
"""The units a parameter may have to stand for a length of time."""


def settled(shape: S, parameters: Items[Parameter], day: date, mechanism: str = "") -> S:
    """``shape`` with the length in force on ``day`` wherever it names a parameter; a parameter of ``mechanism`` comes first.

    Raises Refused for a name that is no parameter, and for one without a value on that day.
    """

    def written(word: str) -> str:
        return word if not word or is_span(word) else str(length(word, parameters, day, mechanism))

    def within(part: object) -> object:
        return settled(part, parameters, day, mechanism) if isinstance(part, Shape) else part

    changes: dict[str, object] = {}
    for attribute in type(shape).model_fields:
        value: Any = getattr(shape, attribute)
        if attribute not in _lasting(type(shape)):
            changes[attribute] = [within(part) for part in value] if isinstance(value, list) else within(value)
        elif isinstance(value, dict):
            changes[attribute] = {key: text if key == "by" else written(text) for key, text in value.items()}
        else:
            changes[attribute] = written(value)
    changes = {attribute: value for attribute, value in changes.items() if value != getattr(shape, attribute)}
    return shape.model_copy(update=changes) if changes else shape


def lengths(shape: Shape, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every length of time in a shape as written, with the path of its key."""
    for attribute, declared in type(shape).model_fields.items():
        value, at = getattr(shape, attribute), (*path, declared.alias or attribute)
        if attribute not in _lasting(type(shape)):
            inner = enumerate(value) if isinstance(value, list) else ()
            yield from (found for place, part in inner if isinstance(part, Shape) for found in lengths(part, (*at, place)))
            yield from lengths(value, at) if isinstance(value, Shape) else ()
        elif isinstance(value, dict):
            yield from (((*at, key), text) for key, text in value.items() if key != "by")
        elif value:
            yield at, value


def length(word: str, parameters: Items[Parameter], day: date, mechanism: str = "") -> Span:
    """The length of time that ``word`` writes or names, in force on ``day``. Raises Refused."""
    if is_span(word):
        return Span.parse(word)
    found = named(word, parameters, mechanism)
    if found is None:
        raise Refused(f"“{word}”不是期限，也不是参数", f"“{word}” is neither a length of time nor a parameter", "3 working_days")
    chosen = in_force(found.shape.since, day)
    if chosen is None:
        what = f"参数“{found.shape.title}”在 {day} 还没有值"
        raise Refused(what, f"the parameter “{found.shape.title}” has no value on {day}", "since: {2020-01: {value: 5, basis: …}}")
    return value_of(found.shape, chosen[1].value)


def named(word: str, parameters: Items[Parameter], mechanism: str = "") -> Item[Parameter] | None:
    """The parameter of that title or key."""
    titled = (item for item in parameters.values() if item.shape.title == word)
    return parameters.find(word, mechanism) or next(titled, None)


def value_of(parameter: Parameter, text: str) -> Span:
    """A parameter's value as a length of time. Raises Refused where its unit is none of days or months, or the value is not whole."""
    unit, value = UNITS.get(parameter.unit), parameter_value(parameter, text)
    if unit is None or parameter.choices:
        what = f"参数“{parameter.title}”的单位是“{parameter.unit or '无'}”，不能作期限"
        raise Refused(what, f"the parameter “{parameter.title}” is no length of time", "unit: 工作日（或 天、个月）")
    if not isinstance(value, int | Fraction) or value < 0 or Fraction(value).denominator != 1 or value > 9999:
        raise Refused(f"参数“{parameter.title}”的值“{text}”不是期限", f"“{text}” is no length of time", "value: 5")
    return Span(int(value), unit)


@cache
def _lasting(shape: type[Shape]) -> frozenset[str]:
    """The attributes of a shape that are lengths of time."""
    return frozenset(name for name, declared in shape.model_fields.items() if LASTING in declared.metadata)
