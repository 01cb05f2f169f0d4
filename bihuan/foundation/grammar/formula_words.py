"""From the city's words to tokens: titles longest first, Chinese and full-width operators, numbers with units, dates and texts.

Only what the language knows becomes a token. Every value, name and function is handed to the SQL parser as a numbered slot, so the parser
sees nothing but slots, operators and brackets: no text of a user ever reaches it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from bihuan.foundation.grammar.formula_errors import FormulaError, fault
from bihuan.foundation.grammar.formula_functions import FN, Function
from bihuan.foundation.grammar.formula_types import Name, Scope, fold
from bihuan.foundation.grammar.quantities import Unit, known_unit

MAX_NESTING, MAX_TOKENS = 50, 2_000

Sort = Literal["value", "function", "operator", "open", "close", "comma"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, with its unit if it has one."""

    value: Fraction
    unit: Unit | None


class TodayWord:
    """The word 今天."""


Leaf = Name | Number | Function | TodayWord | str | bool | date | None


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a formula: ``sql`` is what the parser is given, ``leaf`` what the slot holds, ``start`` and ``end`` its place in the source."""

    sort: Sort
    sql: str
    start: int
    end: int
    leaf: Leaf = None

    @property
    def ends_value(self) -> bool:
        """Whether a value is complete after it."""
        return self.sort in ("value", "close") or self.sql.endswith("NULL")

    @property
    def starts_value(self) -> bool:
        """Whether a value begins with it."""
        return self.sort in ("value", "function", "open")


_SPACE = re.compile(r"\s+")
_COMMENT = re.compile(r"--|/\*|\*/")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NUMBER_GOES_ON = re.compile(r"\.|[eExX_][0-9]")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![0-9])|([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
_SAID_DATE = re.compile(r"(?:日期|DATE)\s*(?:'([^']*)'|‘([^’]*)’|“([^”]*)”|(?=[0-9]))", re.IGNORECASE)
_UNIT = re.compile(r"\s*([%‰°℃㎡㎥²³/·A-Za-z\u4e00-\u9fff]{1,8})")
_LATIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORD = re.compile(r"\w+")
_CHINESE = "\u4e00-\u9fff"
_KEYWORD = re.compile(rf"不为空|为空|(?:不在|在)(?=\s*\()|且|或|非|(?:是|否)(?![{_CHINESE}])|(?:是|否)(?=[且或])|今天")
_FUNCTION = re.compile("(" + "|".join(sorted((re.escape(word) for word in FN), key=len, reverse=True)) + r")(?=\s*\()", re.IGNORECASE)
_STAR = re.compile(r"\*(?=\s*\))")
_SYMBOL = re.compile(r"<>|>=|<=|!=|==|&&|\|\||[-+*/=<>()≥≤≠,!;]")

_KEYWORDS = {
    "且": "AND", "或": "OR", "非": "NOT", "在": "IN", "不在": "NOT IN", "为空": "IS NULL", "不为空": "IS NOT NULL",
    "AND": "AND", "OR": "OR", "NOT": "NOT", "IN": "IN", "IS": "IS", "NULL": "NULL",
}  # fmt: skip
_WORDS: dict[str, Leaf] = {"是": True, "否": False, "TRUE": True, "FALSE": False, "今天": TodayWord(), "TODAY": TodayWord()}
_SYMBOLS = {"≥": ">=", "≤": "<=", "≠": "<>", "!=": "<>"}
_MISSPELT = {"==": "=", "&&": "且", "||": "或", "!": "非", ";": "且"}
_PREFIXES = ("NOT", "-", "NULL")
_QUOTES = {"'": "'", "‘": "’", "“": "”"}


class Reader:
    """Reads one source into tokens."""

    def __init__(self, source: str, scope: Scope) -> None:
        self.source = source
        self.folded = fold(source)
        self.scope = scope
        self.tokens: list[Token] = []
        self.position = 0

    def read(self) -> list[Token]:
        """All tokens; raises FormulaError for the first thing that is not of the language."""
        while True:
            space = _SPACE.match(self.folded, self.position)
            self.position = space.end() if space else self.position
            if self.position == len(self.folded):
                break
            self._one()
            if len(self.tokens) > MAX_TOKENS:
                raise fault("too_complex", self.position, measure="词数", measure_en="words", size=len(self.tokens), limit=MAX_TOKENS)
        _check_brackets(self.tokens)
        return self.tokens

    def _one(self) -> None:
        """Read one token; the order of the tries is the order of precedence."""
        for reader in (
            self._comment,
            self._text,
            self._said_date,
            self._title_or_function,
            self._date,
            self._number,
            self._keyword,
            self._symbol,
        ):
            if reader():
                return
        before = self.tokens[-1] if self.tokens else None
        goes_on = _WORD.match(self.folded, self.position) and before and before.end == self.position and before.sort == "value"
        raise _unknown(self.folded, before.start if before and goes_on else self.position, self.position, self.scope)

    def _add(self, sort: Sort, sql: str, end: int, leaf: Leaf = None) -> bool:
        token = Token(sort, sql, self.position, end, leaf)
        self._check_order(self.tokens[-1] if self.tokens else None, token)
        self.tokens.append(token)
        self.position = end
        return True

    def _check_order(self, before: Token | None, token: Token) -> None:
        """Values and operators must take turns; the parser would forgive some of what does not."""
        follows_value = before is not None and before.ends_value
        if before and follows_value and token.starts_value:
            if before.end == token.start and isinstance(before.leaf, Name) and isinstance(token.leaf, Name):
                raise _unknown(self.folded, before.start, token.start, self.scope)
            left, right = self.source[before.start : before.end], self.source[token.start : token.end]
            raise fault("missing_operator", token.start, left=left, right=right)
        empty_brackets = token.sort == "close" and before is not None and before.sort == "open"
        if not follows_value and not token.starts_value and token.sql not in _PREFIXES and not empty_brackets:
            raise fault("syntax", token.start, word=self.source[token.start : token.end])

    def _value(self, leaf: Leaf, end: int) -> bool:
        return self._add("value", f'"{len(self.tokens)}"', end, leaf)

    # -- what a token may be, one method each: True when it was there ------------------------------------------

    def _comment(self) -> bool:
        found = _COMMENT.match(self.folded, self.position)
        if found:
            raise fault("comment", self.position, word=found.group())
        return False

    def _text(self) -> bool:
        opening = self.folded[self.position]
        if opening == '"':
            raise fault("double_quotes", self.position)
        if opening not in _QUOTES:
            return False
        closing = _QUOTES[opening]
        end = self.folded.find(closing, self.position + 1)
        while closing == "'" and end >= 0 and self.folded[end + 1 : end + 2] == "'":
            end = self.folded.find(closing, end + 2)
        if end < 0:
            raise fault("unclosed_text", self.position)
        words = self.source[self.position + 1 : end]
        hidden = next((letter for letter in words if not letter.isprintable() and letter != "\u3000"), None)
        if hidden is not None:
            raise fault("bad_character", self.position + 1 + words.index(hidden), word=f"U+{ord(hidden):04X}")
        return self._value(words.replace("''", "'") if closing == "'" else words, end + 1)

    def _said_date(self) -> bool:
        found = _SAID_DATE.match(self.folded, self.position)
        if not found:
            return False
        written = next((group for group in found.groups() if group is not None), None)
        if written is not None:
            day = _DATE.fullmatch(written)
            return self._value(_day(day, self.position, written), found.end())
        self.position = found.end()
        if not self._date():
            raise fault("bad_date", self.position, word=self._word(self.position))
        return True

    def _title_or_function(self) -> bool:
        title = self.scope.match(self.folded, self.position)
        function = _FUNCTION.match(self.folded, self.position)
        postfix = function and function.group() == "为空" and self.tokens and self.tokens[-1].ends_value
        if function and not postfix and (title is None or function.end() >= title[1]):
            return self._add("function", f"f{len(self.tokens)}", function.end(), FN[function.group().upper()])
        return self._value(*title) if title else False

    def _date(self) -> bool:
        found = _DATE.match(self.folded, self.position)
        return self._value(_day(found, self.position, found.group()), found.end()) if found else False

    def _number(self) -> bool:
        found = _NUMBER.match(self.folded, self.position)
        if not found:
            return False
        whole, _, decimals = found.group().partition(".")
        if len(whole) > 15 or len(decimals) > 9 or _NUMBER_GOES_ON.match(self.folded, found.end()):
            raise fault("bad_number", self.position, word=self._word(self.position))
        unit, end = _unit_after(self.folded, found.end(), self.scope)
        return self._value(Number(Fraction(found.group()), unit), end)

    def _keyword(self) -> bool:
        found = _KEYWORD.match(self.folded, self.position) or _LATIN.match(self.folded, self.position)
        word = found.group().upper() if found else ""
        if not found or word not in _KEYWORDS | _WORDS.keys():
            return False
        return self._value(_WORDS[word], found.end()) if word in _WORDS else self._add("operator", _KEYWORDS[word], found.end())

    def _symbol(self) -> bool:
        found = _SYMBOL.match(self.folded, self.position)
        if not found:
            return False
        symbol = found.group()
        if self._counts_rows():
            return True
        if symbol in _MISSPELT:
            raise fault(
                "wrong_operator", self.position, word=symbol, instead=_MISSPELT[symbol], example="概算投资 >= 1亿元 且 状态 = '在建'"
            )
        sorts: dict[str, Sort] = {"(": "open", ")": "close", ",": "comma"}
        return self._add(sorts.get(symbol, "operator"), _SYMBOLS.get(symbol, symbol), found.end())

    def _counts_rows(self) -> bool:
        """Skip the star of COUNT(*), which says no more than COUNT()."""
        star = _STAR.match(self.folded, self.position)
        counts = len(self.tokens) > 1 and self.tokens[-1].sort == "open" and self.tokens[-2].leaf is FN["COUNT"]
        if star and counts:
            self.position += 1
            return True
        return False

    def _word(self, position: int) -> str:
        found = re.compile(r"[\w.]+").match(self.folded, position)
        return found.group() if found else self.folded[position : position + 1]


def _unit_after(folded: str, position: int, scope: Scope) -> tuple[Unit | None, int]:
    """The unit that follows a number, the longest that is known, and where it ends."""
    run = _UNIT.match(folded, position)
    if run is None or scope.match(folded, run.start(1)):
        return None, position
    word = run.group(1)
    for length in range(len(word), 0, -1):
        unit, slash = known_unit(word[:length]), word.find("/", 0, length)
        divides_by_a_name = slash >= 0 and scope.match(folded, run.start(1) + slash + 1)
        if unit is not None and not divides_by_a_name:
            return unit, _end_of_unit(folded, run, length, scope)
    if run.start(1) == position and word[0] != "/" and not _language_at(folded, position):
        raise fault("unknown_unit", position, word=word)
    return None, position


def _end_of_unit(folded: str, run: re.Match[str], length: int, scope: Scope) -> int:
    """Where the unit ends, refused where the word goes on into nothing that is known."""
    end = run.start(1) + length
    if _WORD.match(folded, end) and not _language_at(folded, end) and not scope.match(folded, end):
        raise fault("unknown_unit", run.start(1), word=run.group(1))
    return end


def _language_at(folded: str, position: int) -> bool:
    """Whether an operator word begins here."""
    latin = _LATIN.match(folded, position)
    return bool(_KEYWORD.match(folded, position)) or bool(latin and latin.group().upper() in _KEYWORDS)


def _unknown(folded: str, start: int, position: int, scope: Scope) -> FormulaError:
    """Why the text at ``start`` is no token, when reading stopped at ``position``.

    An unknown function, a choice without quotes, an unknown name, or a strange character.
    """
    found = _WORD.match(folded, start)
    if found is None:
        letter = folded[position]
        return fault("bad_character", position, word=letter if letter.isprintable() else f"U+{ord(letter):04X}")
    word = found.group()
    if re.match(r"\s*\(", folded[found.end() :]):
        functions = {function.chinese: function.english for function in FN.values()}
        return fault("not_a_function", start, word=word, functions="、".join(functions), functions_en=", ".join(functions.values()))
    chooser = scope.offering(word)
    if chooser:
        return fault("unquoted_choice", start, word=word, name=chooser.title)
    near = scope.near(word)
    hint, hint_en = (f"，是不是“{'”或“'.join(near)}”？", f"; perhaps “{'” or “'.join(near)}”?") if near else ("", "")
    return fault("unknown_name", start, word=word, near=hint, near_en=hint_en, example=f"{near[0] if near else '概算投资'} >= 1")


def _check_brackets(tokens: list[Token]) -> None:
    """Refuse brackets that do not match or nest too deep."""
    opened: list[Token] = []
    for token in tokens:
        if token.sort == "open":
            opened.append(token)
        elif token.sort == "close":
            if not opened:
                raise fault("brackets", token.start, word=")")
            opened.pop()
        if len(opened) > MAX_NESTING:
            raise fault("too_complex", token.start, measure="括号层数", measure_en="nesting", size=len(opened), limit=MAX_NESTING)
    if opened:
        raise fault("brackets", opened[-1].start, word="(")


def _day(found: re.Match[str] | None, position: int, word: str) -> date:
    """The date of a match, refused where the match failed or the day does not exist."""
    try:
        if found is not None:
            return date(*(int(part) for part in found.groups() if part is not None))
    except ValueError:
        pass
    raise fault("bad_date", position, word=word)
