"""The names that formulas about a register may use, with their kinds, units and columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from bihuan.foundation.grammar.formula_types import UNBOUND, Kind, Name, Unbound, Value
from bihuan.foundation.grammar.lifecycles import Lifecycle
from bihuan.foundation.grammar.quantities import NO_UNIT, Measure, Unit, known_unit, parse_quantity
from bihuan.foundation.grammar.registers import FieldShape, Parameter, Register
from bihuan.foundation.grammar.saying import both
from bihuan.foundation.grammar.shape import first_day, in_force

ScopeKind = Literal["entry", "figures", "group", "grouped", "duty", "duties"]
"""entry: one row. figures: one row and its figures, many-valued. group: rows, everything many-valued. duty, duties: one row's duties.
grouped: like group, with the other group indicators, one value each."""

KINDS: dict[str, Kind] = {"number": "number", "money": "number", "date": "date", "yes_no": "yes_no"}
"""The formula kind of a field's kind; every other kind is text."""


def unit_of(text: str) -> Unit | None:
    """The unit of a declaration, None where none is written or it is not known (lint says so)."""
    unit = known_unit(text)
    return None if unit == NO_UNIT else unit


def measure_of(field: FieldShape) -> Measure:
    """How a number or money field is stored."""
    return Measure(unit_of(field.unit) or NO_UNIT, field.decimals)


def field_name(key: str, field: FieldShape, *, many: bool = False) -> Name:
    """A field, or a figure, as a name; its column has its key."""
    kind = KINDS.get(field.kind, "text")
    if kind != "number":
        return Name(key, (field.title,), kind, column=key, choices=tuple(field.choices), many=many, english=field.title_en, choices_en=tuple(field.choices_en))
    measure = measure_of(field)
    return Name(key, (field.title,), kind, unit_of(field.unit), key, measure.stored_per_unit, many=many, english=field.title_en)


def field_names(register: Register) -> Iterator[Name]:
    """The fields of a register."""
    for key, field in register.fields.items():
        yield field_name(key, field)


def figure_names(register: Register) -> Iterator[Name]:
    """The figures of a register: a value per period each."""
    for key, field in (register.figures.fields if register.figures else {}).items():
        yield field_name(key, field, many=True)


def built_in_names(register: Register, lifecycle: Lifecycle | None) -> Iterator[Name]:
    """状态 and 进入状态日期 where rows have states, 所属单位 where they have an owner; 编号 and 名称 unless a field has that title."""
    if lifecycle:
        states = lifecycle.states.values()
        titles, english = tuple(state.title for state in states), tuple(both(state).en for state in states)
        yield Name("_state", ("状态",), "text", column="_state", choices=titles, english="state", choices_en=english)
        yield Name("_state_since", ("进入状态日期",), "date", column="_state_since", english="in this state since")
    if register.office:
        yield Name("_office", ("所属单位",), "text", column="_office", english="office")
    taken = {field.title for field in register.fields.values()}
    for key, title, called in (("_key", "编号", "key"), ("_title", "名称", "name")):
        if title not in taken:
            yield Name(key, (title,), "text", column=key, english=called)


def parameter_name(key: str, parameter: Parameter, at: date | None = None) -> Name:
    """A parameter: bound to its value in force on ``at``, or, without a day, the column of its key."""
    kind = _parameter_kind(parameter)
    value: Value | Unbound = UNBOUND
    if at is not None:
        chosen = in_force(parameter.since, at)
        value = parameter_value(parameter, chosen[1].value) if chosen else None
    unit = unit_of(parameter.unit) if kind == "number" else None
    choices, choices_en = tuple(parameter.choices), tuple(parameter.choices_en)
    return Name(key, (parameter.title,), kind, unit, key, choices=choices, value=value, english=parameter.title_en, choices_en=choices_en)


def _parameter_kind(parameter: Parameter) -> Kind:
    if parameter.choices:
        return "text"
    values = [value.value for value in parameter.since.values()]
    return "date" if values and all(_day(value) for value in values) else "number"


def parameter_value(parameter: Parameter, text: str) -> Value:
    """A parameter's value as written: a choice, a date, or a number in the parameter's unit. Raises Refused for a text that is no number."""
    if parameter.choices:
        return text
    day = _day(text)
    if day:
        return day
    quantity = parse_quantity(text)
    unit = unit_of(parameter.unit) or NO_UNIT
    return quantity.value if quantity.unit == NO_UNIT else Fraction(quantity.canonical / unit.factor)


def _day(text: str) -> date | None:
    try:
        return first_day(datetime.strptime(text, "%Y-%m-%d").date().isoformat())  # noqa: DTZ007 (a date has no zone)
    except ValueError:
        return None


DUTIES = "duties"
"""What a rollup names to gather from a row's duties instead of another register."""

DUTY_NAMES = (
    Name("open", ("未完成",), "yes_no", column="_open", english="open"),
    Name("overdue", ("已逾期",), "yes_no", column="_overdue", english="overdue"),
    Name("late", ("逾期完成",), "yes_no", column="_late", english="done late"),
    Name("met", ("按期完成",), "yes_no", column="_met", english="done in time"),
    Name("due", ("到期日",), "date", column="_due", english="due day"),
    Name("closed", ("完成日",), "date", column="_closed", english="day done"),
    Name("level", ("升级级数",), "number", column="_level", stored_per_unit=1, english="rungs escalated"),
)
"""What a rollup from duties may ask of each duty."""


def many(names: Iterable[Name]) -> Iterator[Name]:
    """The same names with a value per row; a parameter stays one value."""
    return (replace(name, many=True) for name in names)
