"""What formulas speak of: names with their kind and unit, the scope that finds them, and the little algebra of dimensions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from fractions import Fraction
from typing import Literal

from bihuan.foundation.grammar.quantities import Unit
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.saying import Said

Kind = Literal["number", "text", "yes_no", "date"]

KINDS: dict[Kind, tuple[str, str]] = {
    "number": ("数", "a number"),
    "text": ("文字", "text"),
    "yes_no": ("是否（条件）", "a yes or no (a condition)"),
    "date": ("日期", "a date"),
}

RESERVED = frozenset({"且", "或", "非", "在", "不在", "为空", "不为空", "是", "否", "今天"}) | frozenset(
    {"AND", "OR", "NOT", "IN", "IS", "NULL", "TRUE", "FALSE", "TODAY", "DATE"}
)
"""Words a name may not have as its title: a formula could not tell them apart."""


class Unbound(Enum):
    """The mark of a name that is a column, not a value."""

    UNBOUND = "unbound"


UNBOUND = Unbound.UNBOUND

Value = int | Fraction | Decimal | str | bool | date | None


@dataclass(frozen=True)
class Name:
    """Something a formula may mention.

    ``stored_per_unit``: how many stored integer units make one display unit (1_000_000 for 万元 kept in 分); None when the column already
    holds a canonical double. Date columns are DATE (ISO text in SQLite), yes_no columns BOOLEAN (0/1 in SQLite), integers BIGINT.
    ``many``: a value per period or per child row, to be used inside an aggregate function.
    ``value``: binds the name to a literal (a parameter); numbers in the display unit, None for "no value".
    ``english`` and ``choices_en``: what the name and its choices are called in English, one for each choice; empty where no pack wrote it.
    """

    key: str
    titles: tuple[str, ...]
    kind: Kind
    unit: Unit | None = None
    column: str = ""
    stored_per_unit: int | None = None
    choices: tuple[str, ...] = ()
    many: bool = False
    value: Value | Unbound = UNBOUND
    english: str = ""
    choices_en: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The Chinese word readers see."""
        return self.titles[0] if self.titles else self.key

    @property
    def said(self) -> Said:
        """What it is called in both languages; the Chinese word where no pack wrote the English."""
        return Said(self.title, self.english or self.title)

    def chosen(self, text: str) -> Said:
        """A text as a value of this name: the English of a choice where the pack wrote it, else as it is."""
        return Said(text, dict(self.called).get(text) or text)

    @property
    def called(self) -> tuple[tuple[str, str], ...]:
        """Each choice with its English, as far as the pack wrote it."""
        return tuple(zip(self.choices, self.choices_en, strict=False))


class Scope:
    """The names a formula may use. Refuses two names with one title, and titles that are words of the language."""

    def __init__(self, names: Iterable[Name]) -> None:
        self.names = tuple(names)
        self._by_word: dict[str, Name] = {}
        for name in self.names:
            for word in {name.key, *name.titles}:
                self._enter(fold(word), name)
        longest_first = sorted(self._by_word, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_bounded, longest_first)) if longest_first else "(?!)")

    def _enter(self, word: str, name: Name) -> None:
        if not word.strip() or word.upper() in RESERVED or not word.isprintable():
            raise Refused(
                f"“{word}”不能作名称：公式里它另有含义", f"“{word}” cannot be a title: it means something else in formulas", "在建项目数"
            )
        other = self._by_word.setdefault(word, name)
        if other is not name:
            what = f"“{word}”重名：{other.key} 和 {name.key} 用了同一个名称"
            raise Refused(what, f"“{word}” is the title of both {other.key} and {name.key}", "计划完成投资、实际完成投资")

    def match(self, folded: str, position: int) -> tuple[Name, int] | None:
        """The name whose longest title stands at ``position`` of a folded source, and where it ends."""
        found = self._pattern.match(folded, position)
        return (self._by_word[found.group()], found.end()) if found else None

    def get(self, word: str) -> Name | None:
        """The name with this key or title, or None."""
        return self._by_word.get(fold(word))

    def near(self, word: str) -> list[str]:
        """Titles that look like ``word``, best first."""
        titles = {fold(title): title for name in self.names for title in (name.titles or (name.key,))}
        inside = [title for folded, title in titles.items() if folded in word or word in folded]
        return [titles[found] for found in get_close_matches(word, titles, n=2, cutoff=0.5)] or inside[:2]

    def offering(self, choice: str) -> Name | None:
        """The first name that has ``choice`` among its choices."""
        return next((name for name in self.names if choice in name.choices), None)


def _bounded(word: str) -> str:
    """A title as a pattern; one that begins or ends with a Latin letter or digit does not match inside a longer word."""
    before = "(?<![0-9A-Za-z_])" if re.match(r"[0-9A-Za-z_]", word) else ""
    after = "(?![0-9A-Za-z_])" if re.search(r"[0-9A-Za-z_]\Z", word) else ""
    return f"{before}{re.escape(word)}{after}"


_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(wide): ord(plain) for wide, plain in zip("　、−–—×÷", " ,---*/", strict=True)
}


def fold(text: str) -> str:
    """Full-width letters, digits, brackets and operators as ASCII, composed characters, same length as its NFC form."""
    return unicodedata.normalize("NFC", text).translate(_FOLD)


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a number measures: one base quantity, or one per another. ``none``, ``ratio`` and ``count`` are plain numbers."""

    top: str = "none"
    bottom: str = ""

    @property
    def plain(self) -> bool:
        """Whether it can multiply anything."""
        return self.top in PLAIN_TOPS and not self.bottom

    def __str__(self) -> str:
        return f"{self.top}/{self.bottom}" if self.bottom else self.top


PLAIN_TOPS = ("none", "ratio", "count")
NONE, RATIO, COUNT = Dimension("none"), Dimension("ratio"), Dimension("count")

WORDS = {
    "none": "无单位", "ratio": "比率", "count": "个数", "points": "得分", "money": "金额", "area": "面积", "energy": "能耗", "electricity": "电量",
    "weight": "重量", "length": "长度", "volume": "体积", "time": "天数", "months": "月数", "working_days": "工作日",
}  # fmt: skip


def dimension_of(unit: Unit | None) -> Dimension:
    """The dimension of a unit; no unit is ``none``."""
    if unit is None:
        return NONE
    top, _, bottom = unit.dimension.partition("/")
    return Dimension(top or "none", bottom)


def spoken(dimension: Dimension) -> str:
    """The dimension in Chinese: ``金额每面积``."""
    top = WORDS.get(dimension.top, dimension.top)
    return f"{top}每{WORDS.get(dimension.bottom, dimension.bottom)}" if dimension.bottom else top


def product(left: Dimension, right: Dimension) -> Dimension | None:
    """The dimension of ``left * right``, or None where it would mean nothing (money times money)."""
    if right.bottom and right.bottom == left.top:
        left, right = Dimension("none", left.bottom), Dimension(right.top)
    elif left.bottom and left.bottom == right.top:
        left, right = Dimension(left.top), Dimension("none", right.bottom)
    real = [side.top for side in (left, right) if side.top not in PLAIN_TOPS]
    if len(real) > 1 or (left.bottom and right.bottom):
        return None
    bottom = left.bottom or right.bottom
    if real:
        return Dimension(real[0], bottom)
    tops = {left.top, right.top}
    return Dimension("count" if "count" in tops else "ratio" if tops == {"ratio"} else "none", bottom)


def quotient(left: Dimension, right: Dimension) -> Dimension | None:
    """The dimension of ``left / right``, or None where it would be too complex."""
    if left == right:
        return RATIO
    if right.top in ("none", "ratio"):
        return product(left, Dimension(right.bottom or "none"))
    if left.top == right.top:
        return product(Dimension("none", left.bottom), Dimension(right.bottom or "none"))
    if right.top == "count" and left.plain:
        return left
    if right.top == "count" and left.bottom:
        return None
    return product(left, Dimension(right.bottom or "none", right.top))


def compatible(left: Dimension, right: Dimension) -> bool:
    """Whether the two may be added and compared. A number without unit goes with counts and ratios; "per item" goes with the thing itself."""
    left, right = _per_item(left), _per_item(right)
    if left == right:
        return True
    return left.plain and right.plain and "none" in (left.top, right.top)


def _per_item(dimension: Dimension) -> Dimension:
    return Dimension(dimension.top) if dimension.bottom == "count" else dimension


@dataclass(frozen=True, slots=True)
class Display:
    """The unit a quantity is spoken in: its label and its size in canonical units."""

    label: str
    factor: Fraction


PLAIN = Display("", Fraction(1))


def display_of(unit: Unit | None) -> Display:
    """How a quantity of this unit is spoken; no unit, and the unit 1, is the plain number."""
    return Display(unit.name, unit.factor) if unit and unit.name not in ("", "1") else PLAIN
