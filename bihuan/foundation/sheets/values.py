"""From a cell to a stored value and back. The stored value is always the one that :mod:`foundation.checking` gives."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from bihuan.foundation.checking import Value, check_value
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.quantities import NO_UNIT, Measure, Unit, known_unit, parse_number, with_unit
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.scopes import measure_of
from bihuan.foundation.sheets.cells import Cell, Fault, plain

NUMBERS = ("number", "money")
SEVERAL = "、"
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_WHOLE_FLOATS = 10**15
"""From here on a spreadsheet no longer keeps every digit of a whole number."""


def value_of(shape: FieldShape, cell: Cell, unit: Unit | None) -> Value:
    """The stored value of a cell; ``unit`` is what its column's header says. Raises Refused, as forms and the API do for the same text."""
    raw = cell.value
    if isinstance(raw, Fault):
        raise raw.why
    if shape.kind in NUMBERS:
        return _number(shape, cell, unit)
    if isinstance(raw, str) and shape.kind != "long_text" and _UNSEEN.search(raw):
        raise Refused(
            "含有看不见的字符；请删去后手工重新输入",
            "holds characters that cannot be seen; delete the cell and type it again",
            _UNSEEN.sub("", raw).strip()[:40],
        )
    if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) >= _WHOLE_FLOATS:
        raise Refused(
            "是数字格式，电子表格只保留前 15 位；请把单元格设为文本后重新输入",
            "is formatted as a number, of which a spreadsheet keeps 15 digits; make the cell text and type it again",
        )
    if isinstance(raw, date) and shape.kind not in ("date", "month"):
        raise Refused(f"“{raw}”是日期，这里要填文字；请把单元格设为文本", f"“{raw}” is a date where text is needed; make the cell text", "")
    return check_value(shape, raw)


def _number(shape: FieldShape, cell: Cell, unit: Unit | None) -> Value:
    """A number in its own unit: the one behind it, else a percentage by its format, else the header's, else the field's."""
    raw, measure = cell.value, measure_of(shape)
    if isinstance(raw, str) and not raw.strip():
        return None
    if isinstance(raw, date):
        raise Refused(
            f"“{raw}”是日期，这里要填数；请改单元格格式为数值",
            f"“{raw}” is a date where a number is needed; format the cell as a number",
            "1234.56",
        )
    return check_value(shape, as_typed(parse_number(raw, measure, known_unit("1") if cell.percent else unit), measure))


def as_typed(stored: int, measure: Measure) -> Decimal:
    """A stored number as somebody would type it, in the unit of its field, exactly."""
    return Decimal(stored).scaleb(-measure.kept)


def text_of(shape: FieldShape, value: Value) -> str:
    """A stored value as text that reads back as itself; empty for nothing. Numbers are in the unit of the field."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return plain(as_typed(value, measure_of(shape)))
    return SEVERAL.join(value) if isinstance(value, list) else value


def shown_of(shape: FieldShape, value: Value, language: str = "zh") -> str:
    """A stored value as people read it, with its unit: ``1,234.5万元``, ``2025年7月``."""
    if value is None:
        return "空" if language.startswith("zh") else "nothing"
    if isinstance(value, int) and not isinstance(value, bool):
        number, unit = as_typed(value, measure_of(shape)), known_unit(shape.unit)
        whole, _point, decimals = plain(number).partition(".")
        digits = f"{int(whole.lstrip('-') or 0):,}{f'.{decimals}' if decimals else ''}"
        return with_unit(f"{'-' if value < 0 else ''}{digits}", unit or NO_UNIT, language)
    if isinstance(value, str) and shape.kind == "month":
        period = periods.parse(value, "month")
        return period.label if language.startswith("zh") else period.label_en
    return text_of(shape, value)
