"""One thing written in different ways, brought to one form: names of enterprises and projects, addresses, telephone numbers.

Nothing here decides that two rows are the same; it takes away what says nothing about it, so that what is left can be compared. The words are in
``data/wordforms.yaml``. Every function is pure and gives "" where nothing is left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

_MARKS = re.compile(r"[\s·•.,，。、;；:：'\"“”‘’《》<>_/\\—\-–~～*]+")
_BRACKETS = re.compile(r"[(\[【〔{]([^)\]】〕}]*)[)\]】〕}]?")
_COUNTED = re.compile(r"\d+(?:\.\d+)?\D?")
_TIMES = re.compile(r"(\d+(?:\.\d+)?)([万亿])")
_CHINESE_NUMBER = re.compile(r"[〇零一二三四五六七八九十百千]+")
_ONES = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
SHORTEST = 2
"""A name is not cut down to less than so many characters."""


@dataclass(frozen=True)
class Organisation:
    """The name of an enterprise, taken apart: 河南省濮阳市宏业化工（集团）有限公司第二分公司 is 宏业化工 of 河南濮阳, 2分公司."""

    core: str
    region: str = ""
    branch: str = ""


@dataclass(frozen=True)
class Title:
    """The name of a project, taken apart: its words, and the numbers in it, each with the character behind it: 1期 and 2期 are two projects."""

    core: str
    numbers: tuple[str, ...] = ()


@cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(files("bihuan.foundation.grammar").joinpath("data/wordforms.yaml").read_text(encoding="utf-8"))
    return found


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    """The compiled patterns, each made of the words of the table."""
    words = _words()
    match kind:
        case "form":
            return re.compile(f"(?:{_any_of(words['forms'])})+$")
        case "branch":
            return re.compile(rf"^(.{{2,}}(?:公司|集团|厂|行|店|社))((?:.{{0,8}}?)(?:{_any_of(words['branches'])}))$")
        case "project":
            return re.compile(_any_of(words["project_words"]))
        case "not_place":
            return re.compile(f"(?:{_any_of(words['not_places'])})$")
        case "place":
            return re.compile(rf"[\u3400-\u9fff]{{1,5}}?(?:{_any_of(words['places'])})")
        case _:
            return re.compile(_any_of(words["same_words"]))


def plain(text: str) -> str:
    """Half width, without marks and blanks, in small letters; brackets are kept."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKC", text).lower())
    return unicodedata.normalize("NFKC", bare)  # what stood apart by a mark may compose now


@lru_cache(4_096)
def short_place(name: str) -> str:
    """濮阳市 as 濮阳: how a place is called for short."""
    ending = next((word for word in sorted(_words()["places"], key=len, reverse=True) if name.endswith(word)), "")
    return name[: len(name) - len(ending)] if len(name) - len(ending) >= SHORTEST else name


def organisation(text: str, known: frozenset[str] = frozenset()) -> Organisation:
    """The name of an enterprise, taken apart. `known` are places by their short names, such as 濮阳, that names begin with."""
    name, bracketed = _unbracketed(plain(text))
    branch = ""
    if found := _pattern("branch").match(name):
        name, branch = found[1], in_digits(found[2])
    kept, region = "", ""
    for said in bracketed:
        place = _named(known).fullmatch(said)
        if place:
            region += short_place(said)
        elif not _pattern("form").fullmatch(said):
            kept += said
    core = _without_end(name, _pattern("form"))
    core, before = _without_region(core, known)
    return Organisation(core + kept if len(kept) > 1 else core, before + region, branch)


def title(text: str, known: frozenset[str] = frozenset()) -> Title:
    """The name of a project, taken apart."""
    name, bracketed = _unbracketed(plain(text))
    name = _TIMES.sub(_multiplied, in_digits(name + "".join(bracketed)))
    core, _region = _without_region(_without_end(name, _pattern("project")), known)
    return Title(core, tuple(sorted(set(_COUNTED.findall(core)))))


def address(text: str, known: frozenset[str] = frozenset()) -> str:
    """An address without province, city and county, with its numbers in digits and one word for one thing."""
    name, bracketed = _unbracketed(plain(text))
    rest, _region = _without_region(name + "".join(bracketed), known)
    table = _words()["same_words"]
    return in_digits(_pattern("same").sub(lambda found: str(table[found[0]]), rest)).removesuffix("号").removesuffix("室")


def phone(text: str) -> str:
    """The digits of the first telephone number: without the country's code and, of a landline, without the area's."""
    first = re.split(r"[、,;/]", unicodedata.normalize("NFKC", text).strip(), maxsplit=1)[0]
    digits = "".join(filter(str.isdigit, first)).removeprefix("0086")
    if len(digits) > 11:
        digits = digits.removeprefix("86")
    return re.sub(r"^0\d{2,3}(?=\d{7,8}$)", "", digits)


def in_digits(text: str) -> str:
    """Chinese numbers in digits: 一百二十三号 is 123号, 二〇二五 is 2025."""
    return _CHINESE_NUMBER.sub(lambda found: _number(found[0]), text)


def _multiplied(found: re.Match[str]) -> str:
    """10万 as 100000."""
    return f"{(Decimal(found[1]) * (10_000 if found[2] == '万' else 100_000_000)).normalize():f}"


def _number(signs: str) -> str:
    if not any(sign in _TENS for sign in signs):
        return "".join(str(_ONES[sign]) for sign in signs)
    total, ones = 0, None
    for sign in signs:
        if sign in _TENS:
            total, ones = total + (1 if ones is None else ones) * _TENS[sign], 0
        else:
            ones = _ONES[sign]
    return str(total + (ones or 0))


def _unbracketed(text: str) -> tuple[str, list[str]]:
    if "(" not in text and "[" not in text and "【" not in text and "〔" not in text:
        return text, []
    return _BRACKETS.sub("", text), [said for said in _BRACKETS.findall(text) if said]


def _without_end(text: str, pattern: re.Pattern[str]) -> str:
    rest = pattern.sub("", text)
    return rest if len(rest) >= SHORTEST else text


def _without_region(text: str, known: frozenset[str]) -> tuple[str, str]:
    """A text without the places it begins with, and those places for short; never less than two characters."""
    region = ""
    while place := _place(text, known):
        if len(text) - len(place) < SHORTEST:
            break
        short = short_place(place)
        region, text = (region if short in region else region + short), text[len(place) :]
    return text, region


@cache
def _named(known: frozenset[str]) -> re.Pattern[str]:
    """A place that is called by its name: one of the provinces, or one that is known."""
    return re.compile(f"(?:{_any_of(known.union(_words()['provinces']))})(?:{_any_of(_words()['places'])})?")


def _place(text: str, known: frozenset[str]) -> str:
    """The place a text begins with: one that is called by its name, or a word that ends like a place; "" where it begins with none."""
    if found := _named(known).match(text):
        return found[0]
    found = _pattern("place").match(text)
    return found[0] if found and len(found[0]) > SHORTEST and not _pattern("not_place").search(found[0]) else ""
