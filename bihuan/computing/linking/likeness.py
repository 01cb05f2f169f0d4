"""The ways of comparing two values: what of a value is kept, the steps from the same to different, and how often each step is met.

Each step has two shares, as Fellegi and Sunter have it: among pairs that are one thing (`alike`), and among pairs that are not (`unlike`). The
weight of a step is the binary logarithm of their ratio: +10 makes a pair a thousand times likelier. Where `unlike` is None it is counted in
the register itself. What is rare is stated: a sample of pairs never meets two that share a telephone number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bihuan.computing.pinyin import camel
from bihuan.foundation.grammar import wordforms
from bihuan.foundation.grammar.credit_codes import credit_code
from bihuan.foundation.grammar.duplicates import Likeness
from bihuan.foundation.grammar.refusals import Refused

NEVER = 1e-30
"""The share among pairs that are one thing of what cannot be: a pair of which that holds is never put forward, whatever else agrees."""

COMMON = 12
"""A value that more rows than this share says little: the building of an industrial park, the telephone of an agent."""

WRITTEN_OUT = re.compile("[0-9A-Z]{12,22}")
"""A credit code that may be wrong; anything else is no code at all, such as the number a row has until there is one."""

MANY = 65_536
"""So many persons, counties and the like are remembered, which stand in many rows."""

Places = frozenset[str]
Forms = tuple[object, ...]


@dataclass(frozen=True)
class Step:
    """One step of a comparison. `sql` is over the columns of both rows, with ``{}`` for the field: ``{}_core_l = {}_core_r``."""

    zh: str
    en: str
    sql: str
    alike: float
    unlike: float | None = None


@dataclass(frozen=True)
class Way:
    """A way of comparing: the columns a value gives with their types, how it gives them, what is no value, and the steps.

    `telling` are columns that bring two rows together by themselves, `helping` those that do so together with one of another field;
    `counted` is the column of which is asked how many rows share it.
    """

    columns: Mapping[str, str]
    forms: Callable[[object, Places], Forms]
    missing: str
    steps: tuple[Step, ...]
    telling: tuple[str, ...] = ()
    helping: tuple[str, ...] = ()
    counted: str = ""


def left_out(text: str) -> list[str]:
    """A text of three characters or more, and what it is without each one of them: two texts of which one character differs share one of these."""
    return [text, *(text[:place] + text[place + 1 :] for place in range(len(text)))] if len(text) >= 3 else [text]


def _one_edit(column: str) -> str:
    """One character differs, is left out or has changed places. DuckDB's own distances count bytes, of which a character has three."""
    return f"list_has_any({column}_edits_l, {column}_edits_r)"


def _similar(column: str) -> str:
    """Of the characters of both, four in five are in the other."""
    left, right = f"{column}_signs_l", f"{column}_signs_r"
    return f"10 * len(list_intersect({left}, {right})) >= 4 * (len({left}) + len({right}))"


def _shared(column: str) -> str:
    """Both are the same, and many rows have it."""
    return f"{column}_l = {column}_r AND {column}_n_l > {COMMON}"


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _within(column: str, least: int) -> str:
    """One holds the other whole, which has so many characters at least."""
    left, right = f"{column}_l", f"{column}_r"
    return f"least(length({left}), length({right})) >= {least} AND (contains({left}, {right}) OR contains({right}, {left}))"


_CROSSED = "NOT list_has_all({0}_l, {0}_r) AND NOT list_has_all({0}_r, {0}_l)"
"""Each has something that the other has not: 一期 and 二期, but not 一期 and no stage at all."""

_AGAINST = "{0}_region_l <> '' AND {0}_region_r <> '' AND NOT contains({0}_region_l, {0}_region_r) AND NOT contains({0}_region_r, {0}_region_l)"


def _credit_code(value: object, _places: Places) -> Forms:
    text = "".join(str(value).split()).upper()
    try:
        return credit_code(text), True
    except Refused:
        return (text, False) if WRITTEN_OUT.fullmatch(text) else (None, None)


def _signs(text: str) -> list[str]:
    return sorted(set(text))


def _organisation(value: object, places: Places) -> Forms:
    found = wordforms.organisation(str(value), places)
    return found.core, camel(found.core), found.core[:2], found.region, found.branch, left_out(found.core), _signs(found.core)


def _title(value: object, places: Places) -> Forms:
    found = wordforms.title(str(value), places)
    return found.core, found.core[:2], list(found.numbers), left_out(found.core), _signs(found.core)


def _address(value: object, places: Places) -> Forms:
    found = wordforms.address(str(value), places)
    return found, "".join(filter(str.isdigit, found)), _signs(found)


@lru_cache(MANY)
def _person(value: object, _places: Places) -> Forms:
    plain = wordforms.plain(str(value))
    return plain, camel(plain)


@lru_cache(MANY)
def _plain(value: object, _places: Places) -> Forms:
    return (wordforms.plain(str(value)),)


WAYS: Mapping[Likeness, Way] = {
    "credit_code": Way(
        {"": "VARCHAR", "_valid": "BOOLEAN"}, _credit_code, "{}", telling=("",),
        steps=(
            Step("相同", "the same", _same("{0}"), 0.95, 1e-8),
            Step("都核对无误而不相同", "both check, and differ", "{0}_valid_l AND {0}_valid_r", NEVER, 0.9),
            Step("只差一两位，其中一个校验不过", "one or two characters differ, and one of them does not check", "levenshtein({0}_l, {0}_r) <= 2", 0.5, 1e-7),
            Step("相差多位，其中一个校验不过", "many characters differ, and one of them does not check", "ELSE", 0.02, 0.95),
        ),
    ),
    "organisation": Way(
        {
            "_core": "VARCHAR", "_sound": "VARCHAR", "_head": "VARCHAR", "_region": "VARCHAR", "_branch": "VARCHAR", "_edits": "VARCHAR[]",
            "_signs": "VARCHAR[]",
        },
        _organisation, "{}_core",
        telling=("_core",), helping=("_sound", "_head"), counted="_core",
        steps=(
            Step("一个是另一个的分支机构，或为不同分支", "one is a branch of the other, or they are two branches", "{0}_branch_l <> {0}_branch_r", NEVER, 1e-2),
            Step("主体相同而冠名的地区不同", "the same but for the place they are named after", f"{_same('{0}_core')} AND {_AGAINST}", 5e-4, 5e-6),
            Step("去掉地区和组织形式后相同，但同名的多", "the same without place and form, and many are called so", _shared("{0}_core"), 0.1, 2e-5),
            Step("去掉地区和组织形式后相同", "the same without place and form", _same("{0}_core"), 0.6, 1e-6),
            Step("同音字，读音相同", "other characters of the same sound", _same("{0}_sound"), 0.08, 2e-6),
            Step("只差一个字", "one character differs", _one_edit("{0}"), 0.12, 1e-4),
            Step("一个是另一个的简称", "one is short for the other", _within("{0}_core", 2), 0.08, 1e-4),
            Step("相近", "similar", _similar("{0}"), 0.03, 1e-3),
            Step("不同", "different", "ELSE", 1e-14, 0.99),
        ),
    ),
    "title": Way(
        {"_core": "VARCHAR", "_head": "VARCHAR", "_numbers": "VARCHAR[]", "_edits": "VARCHAR[]", "_signs": "VARCHAR[]"}, _title, "{}_core",
        telling=("_core",), helping=("_head",), counted="_core",
        steps=(
            Step("去掉“项目”等字后相同，但同名的多", "the same, and many are called so", _shared("{0}_core"), 0.1, 2e-5),
            Step("去掉“项目”等字后相同", "the same without words like “project”", _same("{0}_core"), 0.55, 1e-6),
            Step("名称里的数不同（期数、规模）", "the numbers in it differ: stages, capacities", _CROSSED.format("{0}_numbers"), NEVER, 0.5),
            Step("只差一个字", "one character differs", _one_edit("{0}"), 0.1, 2e-5),
            Step("一个包含另一个", "one holds the other", _within("{0}_core", 4), 0.15, 1e-4),
            Step("相近", "similar", _similar("{0}"), 0.15, 1e-3),
            Step("不同", "different", "ELSE", 1e-3, 0.5),
        ),
    ),
    "address": Way(
        {"": "VARCHAR", "_numbers": "VARCHAR", "_signs": "VARCHAR[]"}, _address, "{}", helping=("",), counted="",
        steps=(
            Step("相同，但在此登记的多", "the same, and many have it", _shared("{0}"), 0.1, 1e-4),
            Step("相同", "the same", _same("{0}"), 0.5, 1e-6),
            Step("一个比另一个写得详细", "one is the other in more detail", _within("{0}", 4), 0.15, 2e-5),
            Step("相近，门牌号相同", "similar, with the same numbers", f"{_similar('{0}')} AND {{0}}_numbers_l = {{0}}_numbers_r", 0.1, 1e-4),
            Step("不同", "different", "ELSE", 0.15, 0.99),
        ),
    ),
    "phone": Way(
        {"": "VARCHAR"}, lambda value, _places: (wordforms.phone(str(value)),), "{}", telling=("",), counted="",
        steps=(
            Step("相同，但共用的多", "the same, and many share it", _shared("{0}"), 0.05, 1e-4),
            Step("相同", "the same", _same("{0}"), 0.6, 2e-6),
            Step("只差一位", "one digit differs", "levenshtein({0}_l, {0}_r) = 1", 0.05, 2e-6),
            Step("不同", "different", "ELSE", 0.3, 0.99),
        ),
    ),
    "person": Way(
        {"": "VARCHAR", "_sound": "VARCHAR"}, _person, "{}", helping=("",), counted="",
        steps=(
            Step("相同，但同名的多", "the same, and many are called so", _shared("{0}"), 0.3, 3e-4),
            Step("相同", "the same", _same("{0}"), 0.5, 1e-5),
            Step("同音字，读音相同", "other characters of the same sound", _same("{0}_sound"), 0.05, 1e-3),
            Step("不同", "different", "ELSE", 0.15, 0.99),
        ),
    ),
    "amount": Way(
        {"": "BIGINT"}, lambda value, _places: (value,), "{}", helping=("",),
        steps=(
            Step("相同", "the same", _same("{0}"), 0.6),
            Step("相差不到一成", "less than a tenth apart", "abs({0}_l - {0}_r) * 10 < greatest(abs({0}_l), abs({0}_r))", 0.2),
            Step("不同", "different", "ELSE", 0.2),
        ),
    ),
    "same": Way(
        {"": "VARCHAR"}, _plain, "{}", helping=("",),
        steps=(Step("相同", "the same", _same("{0}"), 0.95), Step("不同", "different", "ELSE", 0.05)),
    ),
}  # fmt: skip
