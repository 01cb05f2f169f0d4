"""Units, and numbers kept exactly from the cell to the page.

A value is stored as one integer: money in 分 whatever its unit, any other number times ten to its decimals. :func:`parse_number` is the
one way in, for forms, the API and sheets alike, and :func:`format_number` the one way out. Nothing is rounded on the way in: a number
with more decimals than the field keeps is refused. On the way out halves round away from zero.

**Numbers from a spreadsheet** arrive as binary floats, which hold 0.1 + 0.2 as 0.30000000000000004. A float is read as the shortest
decimal that stands for it. Where that has more decimals than the field keeps, the excess is float noise, and dropped, only if it is less
than 1e-14 of the value and less than a twentieth of the last place kept. So no digit anybody typed is ever lost: a number of up to
14 significant digits with too many decimals differs from every number the field keeps by more than that. A float too large to tell
neighbouring values of the field apart is refused.

**Dimensions** are ``money`` (canonical 元), ``ratio`` (1), ``count`` (1; the noun is only a label), ``points`` (分 of a score), ``area``
(平方米), ``energy`` (吨标准煤), ``electricity`` (千瓦时), ``power`` (千瓦), ``weight`` (吨), ``length`` (米), ``volume`` (立方米), ``time`` (天), ``months``
(个月; no number of days makes a month), ``working_days``, ``none``, and quotients of two such as ``money/area`` for 万元/亩.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache

from bihuan.foundation.grammar.refusals import Refused

Number = int | float | Decimal | Fraction

LIMIT = 9 * 10**15
"""The largest stored integer. Every value up to it is exact in a double and in a 64-bit column."""

TOLERANCE = (1e-9, 4e-15)
"""How near two computed values count as equal: the first, plus the second times the magnitude; the same as in compiled formulas."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a dimension; ``factor`` is its exact size in the dimension's canonical unit.

    ``name_en`` reads behind a number in that very unit: 3.2 hundred million yuan. ``times`` and ``noun_en`` are its parts: 100,000,000 and yuan.
    """

    name: str
    name_en: str
    dimension: str
    factor: Fraction
    times: int = 1
    noun_en: str = ""

    def __str__(self) -> str:
        return self.name


NO_UNIT = Unit("", "", "none", Fraction(1))

_MANIFOLD = {
    "十": (10, "ten"), "百": (100, "hundred"), "千": (1000, "thousand"), "万": (10**4, "ten thousand"),
    "十万": (10**5, "hundred thousand"), "百万": (10**6, "million"), "千万": (10**7, "ten million"), "亿": (10**8, "hundred million"),
    "十亿": (10**9, "billion"), "百亿": (10**10, "ten billion"), "千亿": (10**11, "hundred billion"), "万亿": (10**12, "trillion"),
}  # fmt: skip
_COUNTED = {
    "个": "items", "家": "enterprises", "人": "people", "名": "people", "户": "households", "项": "items", "期": "issues", "次": "times",
    "件": "cases", "宗": "cases", "批": "batches", "座": "sites", "处": "sites", "所": "schools", "台": "machines", "套": "sets",
    "辆": "vehicles", "条": "items", "场": "events", "份": "copies", "篇": "papers", "只": "animals", "头": "head", "位": "places",
    "人次": "visits",
}  # fmt: skip
_MULTIPLIED: dict[str, tuple[str, Fraction, str]] = {
    "元": ("money", Fraction(1), "yuan"),
    **{noun: ("count", Fraction(1), english) for noun, english in _COUNTED.items()},
    "平方米": ("area", Fraction(1), "square metres"),
    "亩": ("area", Fraction(2000, 3), "mu"),
    "公顷": ("area", Fraction(10**4), "hectares"),
    "平方公里": ("area", Fraction(10**6), "square kilometres"),
    "吨标准煤": ("energy", Fraction(1), "tonnes of coal equivalent"),
    "千克标准煤": ("energy", Fraction(1, 1000), "kilograms of coal equivalent"),
    "千瓦时": ("electricity", Fraction(1), "kilowatt-hours"),
    "度": ("electricity", Fraction(1), "kilowatt-hours"),
    "千瓦": ("power", Fraction(1), "kilowatts"),
    "兆瓦": ("power", Fraction(1000), "megawatts"),
    "吨": ("weight", Fraction(1), "tonnes"),
    "公斤": ("weight", Fraction(1, 1000), "kilograms"),
    "千克": ("weight", Fraction(1, 1000), "kilograms"),
    "斤": ("weight", Fraction(1, 2000), "jin"),
    "米": ("length", Fraction(1), "metres"),
    "公里": ("length", Fraction(1000), "kilometres"),
    "立方米": ("volume", Fraction(1), "cubic metres"),
}
_SINGLE: dict[str, tuple[str, Fraction, str]] = {
    "1": ("ratio", Fraction(1), ""),
    "倍": ("ratio", Fraction(1), "times"),
    "%": ("ratio", Fraction(1, 100), "%"),
    "百分点": ("ratio", Fraction(1, 100), "percentage points"),
    "个百分点": ("ratio", Fraction(1, 100), "percentage points"),
    "‰": ("ratio", Fraction(1, 1000), "‰"),
    "分": ("points", Fraction(1), "points"),
    "天": ("time", Fraction(1), "days"),
    "小时": ("time", Fraction(1, 24), "hours"),
    "周": ("time", Fraction(7), "weeks"),
    "工作日": ("working_days", Fraction(1), "working days"),
    "个工作日": ("working_days", Fraction(1), "working days"),
    "个月": ("months", Fraction(1), "months"),
    "年": ("months", Fraction(12), "years"),
}


@cache
def known_unit(name: str) -> Unit | None:
    """The unit of that name, or None. Knows multiples (万人, 亿斤), bare multipliers (亿, of no dimension) and quotients (万元/亩)."""
    if not name:
        return NO_UNIT
    top, slash, bottom = name.partition("/")
    if slash:
        one, other = known_unit(top), known_unit(bottom)
        if one is None or other is None or not top or not bottom or "/" in bottom:
            return None
        per = f"per {_singular(other.name_en)}"
        return Unit(name, f"{one.name_en} {per}", f"{one.dimension}/{other.dimension}", one.factor / other.factor, one.times, f"{one.noun_en} {per}")
    entry = _SINGLE.get(name) or _MULTIPLIED.get(name)
    if entry:
        return Unit(name, entry[2], entry[0], entry[1], 1, entry[2])
    for length in (2, 1):
        times, noun = _MANIFOLD.get(name[:length]), name[length:]
        if times and not noun:
            return Unit(name, times[1], "none", Fraction(times[0]), times[0])
        if times and noun in _MULTIPLIED:
            dimension, factor, english = _MULTIPLIED[noun]
            return Unit(name, f"{times[1]} {english}", dimension, times[0] * factor, times[0], english)
    return None


def unit_of(name: str) -> Unit:
    """The unit of that name; refused when there is none."""
    found = known_unit(name)
    if found is None:
        raise Refused(f"不认识的单位“{name}”", f"Unknown unit “{name}”", "万元, %, 家, 亩, 吨标准煤, 天")
    return found


@dataclass(frozen=True, slots=True)
class Measure:
    """What a field keeps: its unit and decimals. For money, which is always kept to the 分, ``decimals`` are those shown."""

    unit: Unit = NO_UNIT
    decimals: int = 0

    @property
    def stored_per_unit(self) -> int:
        """How many stored integers make one of the unit: 1,000,000 for 万元, 10 for % with one decimal."""
        return int(self.unit.factor * 100) if self.unit.dimension == "money" else int(10**self.decimals)

    @property
    def kept(self) -> int:
        """How many decimals a value may have."""
        return len(str(self.stored_per_unit)) - 1

    @property
    def step(self) -> Fraction:
        """The size of one stored integer in canonical units; a formula multiplies by it."""
        return self.unit.factor / self.stored_per_unit


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written, with the unit written behind it (NO_UNIT when none was)."""

    value: Fraction
    unit: Unit

    @property
    def canonical(self) -> Fraction:
        """The same in the canonical unit of its dimension."""
        return self.value * self.unit.factor


_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " ", 0x2212: "-"}
_UNSEEN = r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_WRITTEN = re.compile(rf"([+-]?)([0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+)(?:\.([0-9]+))? *([^0-9.,+_\s{_UNSEEN}-]+)?")
_LONGEST = 60
_REASONS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r""), "是空的", "is empty"),
    (re.compile(rf".*[{_UNSEEN}].*", re.DOTALL), "含有看不见的字符", "contains invisible characters"),
    (re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE), "不是有限的数", "is not a finite number"),
    (re.compile(r"[+-]?[0-9.,]+e[+-]?[0-9]+", re.IGNORECASE), "是科学计数法，须写出全部数字", "is in exponent form; write out all digits"),
    (re.compile(r"[0-9]+(_[0-9]+)+"), "用下划线分隔，千位只能用逗号", "groups by underscores; only commas group thousands"),
    (re.compile(r"[+-]?[0-9,]*,[0-9,]*(\.[0-9]*)?\D*"), "千位逗号的位置不对", "has its thousands commas in the wrong places"),
    (re.compile(r"\(.*[0-9].*\)"), "用括号表示负数，须写负号", "uses brackets for a negative; write a minus sign"),
    (re.compile(r"[^0-9]*[零〇一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾佰仟][^0-9]*"), "是中文数字，须写阿拉伯数字", "is in Chinese numerals; write digits"),
)  # fmt: skip


def parse_quantity(text: str) -> Quantity:
    """Read a number with or without a unit: ``35%``, ``1.2亿元``, ``-5``, ``１，２００家``.

    Full-width characters are folded, spaces at the ends and before the unit dropped, commas must group thousands. Refuses everything
    else: exponents, underscores, Chinese numerals, NaN and infinity, unknown units.
    """
    folded = text.translate(_FOLD).strip()
    match = _WRITTEN.fullmatch(folded) if len(folded) <= _LONGEST else None
    if match is None:
        reason, reason_en = next(((zh, en) for pattern, zh, en in _REASONS if pattern.fullmatch(folded)), ("不是数", "is not a number"))
        raise Refused(f"“{text[:_LONGEST]}”{reason}", f"“{text[:_LONGEST]}” {reason_en}", "1,234.56")
    sign, whole, decimals, name = match.groups(default="")
    value = Fraction(int(whole.replace(",", "") + decimals), 10 ** len(decimals))
    return Quantity(-value if sign == "-" else value, unit_of(name))


def parse_number(raw: object, measure: Measure, given: Unit | None = None) -> int:
    """The stored integer for what a person, a program or a cell gave: text, int, float or Decimal.

    A bare number is in the unit ``given`` (say, a sheet's header), else in the field's own; a unit behind it is converted exactly.
    Refuses what is no number, another dimension, more decimals than are kept, and anything beyond ±9×10¹⁵.
    """
    written, slack = _read(raw)
    source = (given or measure.unit) if written.unit == NO_UNIT else written.unit
    multiplier = written.unit.dimension == "none" and measure.unit.dimension in ("money", "count")
    if source.dimension != measure.unit.dimension and not multiplier:
        raise _other_dimension(raw, source, measure)
    steps = written.value * source.factor / measure.step
    if abs(steps) > LIMIT:
        raise _too_large(raw, measure)
    nearest = _half_up(steps)
    if slack * source.factor / measure.step >= 1:
        raise _too_coarse(raw, measure, nearest)
    if steps == nearest or (slack and abs(steps - nearest) < min(abs(steps) / 10**14, Fraction(1, 20))):
        return nearest
    raise _too_precise(raw, measure, nearest)


def _read(raw: object) -> tuple[Quantity, Fraction]:
    """What was given, and for a float the distance to the next float (0 for anything exact)."""
    if isinstance(raw, str):
        return parse_quantity(raw), Fraction(0)
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool) and _reasonable(raw):
        return Quantity(exactly(raw), NO_UNIT), Fraction(math.ulp(raw)) if isinstance(raw, float) else Fraction(0)
    shown = str(raw)[:_LONGEST]
    raise Refused(f"“{shown}”不是可以记录的数", f"“{shown}” is not a number that can be recorded", "1234.56")


def _reasonable(raw: int | float | Decimal) -> bool:
    """Whether the number is finite and of a size that is worth converting exactly."""
    if isinstance(raw, Decimal):
        return raw.is_finite() and raw.adjusted() < 30 and int(raw.as_tuple().exponent) > -60
    return abs(raw) < 10**30


def exactly(value: Number) -> Fraction:
    """The exact value of a number; a float stands for the shortest decimal that names it. Raises ValueError for NaN and infinity."""
    return Fraction(Decimal(repr(value))) if isinstance(value, float) else Fraction(value)


def format_number(stored: int, measure: Measure, decimals: int | None = None) -> str:
    """The digits of a stored value in its unit: ``12,345,678,901,234.56``. Halves round away from zero."""
    return _digits(Fraction(stored, measure.stored_per_unit), measure.decimals if decimals is None else decimals)


def format_quantity(stored: int, measure: Measure, decimals: int | None = None, language: str = "zh") -> str:
    """A stored value with its unit: ``1,234.5万元``, ``12.345 million yuan``."""
    return with_unit(format_number(stored, measure, decimals), measure.unit, language)


def show_value(value: Number, unit: Unit, decimals: int, language: str = "zh") -> str:
    """A computed value, in canonical units, said in ``unit`` with so many decimals: 0.796 in % is ``79.6%``."""
    return with_unit(_digits(exactly(value) / unit.factor, decimals), unit, language)


def ratio_of(value: Number) -> tuple[int, int]:
    """The exact value of a number, as `exactly` has it, as two whole numbers: much quicker where thousands of sentences are made."""
    return (Decimal(repr(value)) if isinstance(value, float) else value).as_integer_ratio()


def shown_evenly(top: int, bottom: int, unit: Unit, most: int) -> tuple[str, str]:
    """``top / bottom``, canonical, said in ``unit`` with at most so many decimals and no zeros at their end: Chinese and English."""
    scaled, by = top * unit.factor.denominator * 10**most, bottom * unit.factor.numerator
    steps, rest = divmod(abs(scaled), by)
    if rest:
        steps = (2 * abs(scaled) + by) // (2 * by)
    whole, part = divmod(steps, 10**most)
    tail = f"{part:0{most}d}" if rest else f"{part:0{most}d}".rstrip("0")
    digits = f"{'-' if scaled < 0 and steps else ''}{whole:,}{f'.{tail}' if tail else ''}"
    return with_unit(digits, unit, "zh"), with_unit(digits, unit, "en")


def because_pair(value: Number, threshold: Number, unit: Unit, decimals: int, language: str = "zh") -> tuple[str, str]:
    """A value and the threshold it is compared with, in canonical units, so that the sentence cannot contradict the comparison.

    The threshold is printed exactly, the value with at least ``decimals`` and as many more as it takes to stand on its own side of the
    threshold: 79.96% against 80% with one decimal is ("79.96%", "80%"). Values that count as equal are printed equal.
    """
    value, threshold = exactly(value), exactly(threshold)
    exact, edge = value / unit.factor, threshold / unit.factor
    edge_text = with_unit(_all_digits(edge), unit, language)
    if abs(value - threshold) <= TOLERANCE[0] + TOLERANCE[1] * abs(threshold):
        return edge_text, edge_text
    below = exact < edge
    for more in range(decimals, decimals + 30):
        steps = 10**more
        beyond = _half_up(exact * steps) * edge.denominator - edge.numerator * steps
        if beyond and (beyond < 0) == below:
            return with_unit(_digits(exact, more), unit, language), edge_text
    raise ValueError(f"no decimal tells {value!r} from {threshold!r}")


@lru_cache(maxsize=1024)
def _all_digits(value: Fraction) -> str:
    """Every digit of a value, or ten decimals of one that has no end."""
    return _digits(value, next((n for n in range(10) if (value * 10**n).denominator == 1), 10))


def split(total: int, weights: Sequence[Number]) -> list[int]:
    """``total`` in whole parts in proportion to the weights, by largest remainder (the earlier part on a tie); the parts add up exactly.

    Weights are 0 or more and not all 0; otherwise refused.
    """
    shares = [exactly(weight) for weight in weights]
    if not shares or min(shares) < 0 or not any(shares):
        raise Refused("权重须为非负数且不全为零", "Weights must be 0 or more, and not all 0", "60, 30, 10")
    common = math.lcm(*(share.denominator for share in shares))
    whole = [share.numerator * (common // share.denominator) for share in shares]
    total_share = sum(whole)
    divided = [divmod(abs(total) * share, total_share) for share in whole]
    parts = [part for part, _remainder in divided]
    by_remainder = sorted(range(len(parts)), key=lambda index: (-divided[index][1], index))
    for index in by_remainder[: abs(total) - sum(parts)]:
        parts[index] += 1
    return parts if total >= 0 else [-part for part in parts]


def _half_up(value: Fraction) -> int:
    rounded = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return rounded if value >= 0 else -rounded


def _digits(value: Fraction, decimals: int) -> str:
    scaled = _half_up(value * 10**decimals)
    whole, rest = divmod(abs(scaled), 10**decimals)
    tail = f".{rest:0{decimals}d}" if decimals else ""
    return f"{'-' if scaled < 0 else ''}{whole:,}{tail}"


def with_unit(digits: str, unit: Unit, language: str) -> str:
    """Digits with a unit behind them, as a language has it: ``5,000万元``, ``50 million yuan``."""
    number, words = apart(digits, unit, language)
    return f"{number}{'' if language.startswith('zh') or words in ('', '%', '‰') else ' '}{words}"


def apart(digits: str, unit: Unit, language: str) -> tuple[str, str]:
    """The same as two texts. English counts by thousands, so what Chinese says in 万 and 亿 is said in thousands, millions and billions: no digit is lost."""
    if language.startswith("zh"):
        return digits, "" if unit.name == "1" else unit.name
    scale = ""
    if unit.times != 1:
        digits, scale = _by_thousands(Decimal(digits.replace(",", "")) * unit.times)
    noun = _singular(unit.noun_en) if digits in ("1", "-1") and not scale and unit.name != "倍" else unit.noun_en
    return digits, f"{scale} {noun}".strip()


def _by_thousands(value: Decimal) -> tuple[str, str]:
    """A number as English says it: 1,158,460,000 is 1.15846 billion."""
    power, scale = next(((power, scale) for power, scale in _SCALES if abs(value) >= 10**power), (0, ""))
    digits = f"{value.scaleb(-power):,f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits, scale


_SCALES = ((9, "billion"), (6, "million"))
_ALONE = {"people": "person", "copies": "copy", "batches": "batch"}


def _singular(noun: str) -> str:
    """The English of a unit behind a one: household, square metre, tonne of coal equivalent."""
    counted, of, what = noun.partition(" of ")
    before, space, last = counted.rpartition(" ")
    return f"{before}{space}{_ALONE.get(last, last.removesuffix('s'))}{of}{what}"


def _other_dimension(raw: object, source: Unit, measure: Measure) -> Refused:
    wanted, wanted_en = f"以{measure.unit}计的数", f"a number in {measure.unit.name_en}"
    if not measure.unit.name:
        wanted, wanted_en = "没有单位的数", "a number without a unit"
    what = f"“{raw}”的单位是{source}，这里要填{wanted}"
    return Refused(what, f"“{raw}” is in {source.name_en}; {wanted_en} is needed here", _example(measure, 100 * measure.stored_per_unit))


def _too_large(raw: object, measure: Measure) -> Refused:
    most, most_en = (format_quantity(LIMIT, measure, 0, language) for language in ("zh", "en"))
    return Refused(f"“{raw}”太大：绝对值不得超过 {most}", f"“{raw}” is too large: the most is {most_en}", _example(measure, LIMIT))


def _too_coarse(raw: object, measure: Measure, nearest: int) -> Refused:
    what = f"“{raw}”太大，电子表格里已存不下 {measure.kept} 位小数：请把该单元格设为文本后重填"
    what_en = f"“{raw}” is too large for a spreadsheet to keep {measure.kept} decimals: make the cell text and enter it again"
    return Refused(what, what_en, _example(measure, nearest))


def _too_precise(raw: object, measure: Measure, nearest: int) -> Refused:
    kept = f" {measure.kept} 位小数" if measure.kept else "整数"
    what = f"“{raw}”的小数位太多：{f'按{measure.unit}' if measure.unit.name else ''}只保留{kept}，系统不替您四舍五入"
    what_en = f"“{raw}” has too many decimals: {measure.kept} are kept, and nothing is rounded silently"
    return Refused(what, what_en, _example(measure, nearest))


def _example(measure: Measure, stored: int) -> str:
    digits = format_number(stored, measure, measure.kept)
    return digits.rstrip("0").rstrip(".") if measure.kept else digits
