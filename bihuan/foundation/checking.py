"""Is this a value that may be stored? One place for forms, the API and sheets: text or a cell's value in, a stored value or a refusal out.

Stored values are those of the grammar: integers in smallest units, ISO dates and months, true and false, text in NFC.
Whether an office, a person or another row exists is asked by the action, under the ledger's lock; here only the form is checked.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bihuan.foundation.grammar import credit_codes, patterns, periods
from bihuan.foundation.grammar.credit_codes import credit_code
from bihuan.foundation.grammar.quantities import format_number, parse_number
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import FieldShape, Register
from bihuan.foundation.grammar.scopes import measure_of

Value = None | bool | int | str | list[str]
"""A stored value."""

LONGEST = {"text": 200, "long_text": 5000}
FIRST_YEAR, LAST_YEAR = 1900, 2199

_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u00ad]")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日)")
_SEPARATORS = re.compile(r"[、，,；;\n]")
_YES_NO = {"是": True, "否": False, "yes": True, "no": False, "true": True, "false": False}


@dataclass(frozen=True)
class Refusal:
    """Why one value is refused: the field, the cell or row it stood in, and the sentence in both languages."""

    field: str
    title: str
    why: Refused
    cell: str = ""

    def text(self, language: str = "zh") -> str:
        """One line for the person who typed it: ``B7 实际完成投资：“千万”不是数（例：1234.56）``."""
        place = " ".join(filter(None, (self.cell, self.title)))
        if language.startswith("zh"):
            return f"{place}：{self.why.text('zh')}" if place else self.why.text("zh")
        return f"{place}: {self.why.text('en')}" if place else self.why.text("en")


class Rejected(Exception):
    """What was given cannot be recorded; `refusals` says everything that is wrong, not only the first. Nothing was written."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("\n".join(refusal.text() for refusal in self.refusals))


def rejected(why: Refused, field: str = "", title: str = "", cell: str = "") -> Rejected:
    """A rejection for one reason."""
    return Rejected([Refusal(field, title or field, why, cell)])


@dataclass(frozen=True)
class Incoming:
    """A row as it came: values by field key, for a sheet the cell (``B7``) each stood in, for a handoff the row it came from."""

    values: Mapping[str, object]
    cells: Mapping[str, str] = field(default_factory=dict)
    origin: int = 0


def check_row(register: Register, row: Incoming, *, whole: bool) -> tuple[dict[str, Value], list[Refusal]]:
    """Read a row's values; `whole` fills in defaults and asks for what is required, otherwise only what is given is read.

    Gives the stored values that could be read and a refusal for each that could not.
    """
    values: dict[str, Value] = {}
    refusals: list[Refusal] = []
    for key in row.values:
        if key not in register.fields:
            known = "、".join(shape.title for shape in register.fields.values())
            refusals.append(Refusal(key, key, Refused(f"没有“{key}”这个字段", f"there is no field “{key}”", known), row.cells.get(key, "")))
    for key, shape in register.fields.items():
        if not whole and key not in row.values:
            continue
        try:
            value = check_value(shape, row.values.get(key))
            if value is None and whole and shape.default:
                value = check_value(shape, shape.default)
            if value is None and whole and shape.required and not (key == register.key and register.numbered):
                raise Refused("必须填写", "must be filled in", example_of(shape))
            values[key] = value
        except Refused as why:
            refusals.append(Refusal(key, shape.title, why, row.cells.get(key, "")))
    return values, refusals


def check_value(shape: FieldShape, raw: object) -> Value:
    """The stored value for what was typed or stood in a cell; None for nothing. Raises Refused."""
    if raw is None or (isinstance(raw, str) and not _clean(raw)) or raw == []:
        return None
    return _READERS[shape.kind](shape, raw)


def example_of(shape: FieldShape) -> str:
    """A correct value of a field, to show beside a refusal."""
    if shape.choices:
        return shape.choices[0]
    if shape.pattern or shape.check:
        return shape.pattern or credit_codes.EXAMPLE
    return {"number": "12", "money": "1,234.56", "date": "2025-07-08", "month": "2025-07", "yes_no": "是"}.get(shape.kind, "")


# --- one reader for each kind of field


def _text(shape: FieldShape, raw: object) -> Value:
    text = _written(raw)
    longest = LONGEST.get(shape.kind, LONGEST["text"])
    if shape.kind != "long_text":
        text = " ".join(text.split())
    if len(text) > longest:
        raise Refused(f"太长：{len(text)} 个字，最多 {longest} 个", f"is too long: {len(text)} characters, at most {longest}", "")
    if shape.pattern and not patterns.fits(shape.pattern, text):
        raise Refused(f"“{text}”不合编码格式", f"“{text}” does not have the form asked for", shape.pattern)
    if not shape.check or (shape.provisional and patterns.fits(shape.provisional, text)):
        return text
    return credit_code(text)


def _number(shape: FieldShape, raw: object) -> Value:
    measure = measure_of(shape)
    value = parse_number(raw, measure)
    said = f"{format_number(value, measure)}{shape.unit}"
    if shape.at_least and value < parse_number(shape.at_least, measure):
        raise Refused(f"{said} 超出范围：不得小于 {shape.at_least}", f"{said} must be at least {shape.at_least}", shape.at_least)
    if shape.at_most and value > parse_number(shape.at_most, measure):
        raise Refused(f"{said} 超出范围：不得大于 {shape.at_most}", f"{said} must be at most {shape.at_most}", shape.at_most)
    return value


def _date(shape: FieldShape, raw: object) -> Value:
    if isinstance(raw, datetime):
        raw = raw.date()
    if isinstance(raw, date):
        day = raw
    else:
        text = unicodedata.normalize("NFKC", _written(raw))
        match = _DAY.fullmatch(text)
        if match is None:
            raise Refused(f"“{text}”不是日期", f"“{text}” is not a date", "2025-07-08")
        year, month, number = (int(part) for part in match.groups() if part)
        try:
            day = date(year, month, number)
        except ValueError:
            raise Refused(f"没有 {text} 这一天", f"there is no day {text}", "2025-07-08") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(f"年份须在 {FIRST_YEAR} 至 {LAST_YEAR} 之间", f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}", "2025-07-08")
    return day.isoformat()


def _month(shape: FieldShape, raw: object) -> Value:
    if isinstance(raw, date):
        return periods.of("month", raw.date() if isinstance(raw, datetime) else raw).text
    return periods.parse(_written(raw), "month").text


def _yes_no(shape: FieldShape, raw: object) -> Value:
    if isinstance(raw, bool):
        return raw
    text = _written(raw).lower()
    if text not in _YES_NO:
        raise Refused(f"“{text}”须写 是 或 否", f"“{text}” must be 是 (yes) or 否 (no)", "是")
    return _YES_NO[text]


def _choice(shape: FieldShape, raw: object) -> Value:
    text = _written(raw)
    if text not in shape.choices:
        raise Refused(f"“{text}”不在可选值之列", f"“{text}” is not one of the choices", "、".join(shape.choices))
    return text


def _choices(shape: FieldShape, raw: object) -> Value:
    parts = raw if isinstance(raw, list | tuple) else _SEPARATORS.split(_written(raw))
    given = {str(_choice(shape, part)) for part in parts if _clean(str(part))}
    return [choice for choice in shape.choices if choice in given]


def _reference(shape: FieldShape, raw: object) -> Value:
    return " ".join(_written(raw).split())


_READERS: Mapping[str, Callable[[FieldShape, object], Value]] = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "money": _number,
    "date": _date,
    "month": _month,
    "yes_no": _yes_no,
    "choice": _choice,
    "choices": _choices,
    "office": _reference,
    "person": _reference,
    "entry": _reference,
    "file": _reference,
}


def _written(raw: object) -> str:
    """The text of a cell or form value: whole numbers without a point, no invisible or control characters, NFC."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise Refused(f"“{raw}”不是文字", f"“{raw}” is not text", "")
    if isinstance(raw, float):
        if not raw.is_integer():
            raise Refused(f"“{raw}”应为文字，单元格里是小数", f"“{raw}” should be text; the cell holds a decimal number", "")
        raw = int(raw)
    text = _clean(str(raw))
    if _CONTROL.search(text):
        raise Refused("含有控制字符", "holds control characters", "")
    return text


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\t", " "))).strip()
