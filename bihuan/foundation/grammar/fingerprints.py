"""What identifies a mechanism's numbers and what identifies its words; and what differs between two editions, in sentences.

A changed title, help text, sentence or citation changes no verdict; a changed threshold, formula or limit may. `plan` shows
which is which before anything counts. Values left at their default are left out, so that a new key of the language
does not change the fingerprint of a pack that does not use it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any

from pydantic import BaseModel

from bihuan.foundation.grammar.shape import fields_of
from bihuan.foundation.grammar.yaml_text import Path

WORDS = frozenset({
    "title", "title_en", "choices_en", "evidence_en", "help", "help_en", "licence", "licence_en", "basis", "because", "because_en", "consequence", "code", "owner", "version",
    "listed", "to", "sender", "body", "columns", "text", "board", "located", "read_in",
})  # fmt: skip
"""The keys whose values are read by people only. Everything else may change a number."""

NUMBERS_AFTER_ALL = frozenset({("Move", "to"), ("Escalation", "to"), ("Exchange", "columns")})
"""Keys of that name which steer something: where a move leads, whom a ladder reaches, what a sheet carries."""


@dataclass(frozen=True)
class Fingerprints:
    """Two digests (hex): one of everything that can change a result, one of everything that is only read."""

    numbers: str
    words: str


@dataclass(frozen=True)
class Change:
    """One difference between two editions. ``number``: it can change a result; otherwise only words changed."""

    path: Path
    number: bool
    zh: str
    en: str


def of_mechanism(mechanism: BaseModel) -> Fingerprints:
    """The fingerprints of one mechanism (or any other shape)."""
    return _digests({"": mechanism})


def of_pack(head: BaseModel, mechanisms: Mapping[str, BaseModel]) -> Fingerprints:
    """The fingerprints of a pack: its head and all its mechanisms."""
    return _digests({"": head, **mechanisms})


def _digests(shapes: Mapping[str, BaseModel]) -> Fingerprints:
    leaves = [(name, *leaf) for name, shape in sorted(shapes.items()) for leaf in _leaves(shape, (), number=True)]
    kept = {kind: [[name, *path, value] for name, path, value, number in leaves if number is kind] for kind in (True, False)}
    digest = {kind: sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest() for kind, rows in kept.items()}
    return Fingerprints(digest[True], digest[False])


def _leaves(value: Any, path: Path, *, number: bool) -> Iterator[tuple[Path, str, bool]]:
    """Every value that was written, as text, with its path and whether it can change a number."""
    if isinstance(value, BaseModel):
        yield path, "{}", number
        for name, item in _written(value):
            yield from _leaves(item, (*path, name), number=number and _steers(value, name))
    elif isinstance(value, dict):
        for key in sorted(value):
            yield from _leaves(value[key], (*path, key), number=number)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index), number=number)
    else:
        yield path, _text(value), number


def _written(shape: BaseModel) -> list[tuple[str, Any]]:
    names = zip(type(shape).model_fields.items(), fields_of(type(shape)), strict=True)
    pairs = [(key, getattr(shape, name), declared) for (name, declared), (key, _) in names]
    return [(key, value) for key, value, declared in pairs if declared.is_required() or value != declared.get_default()]


def _steers(shape: BaseModel, key: str) -> bool:
    return key not in WORDS or (type(shape).__name__, key) in NUMBERS_AFTER_ALL


def _text(value: Any) -> str:
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else " ".join(str(value).split())


def difference(old: BaseModel | None, new: BaseModel | None) -> list[Change]:
    """What a new edition of a mechanism changes, in the order it is written; None stands for "there is none"."""
    if old is None and new is None:
        return []
    if old is None or new is None:
        return list(_whole(old, new, _Spot((), "机制", "mechanism", number=True)))
    return list(_compare(old, new, _Spot((), "", "", number=True)))


@dataclass(frozen=True)
class _Spot:
    """Where two editions are being compared, said in titles."""

    path: Path
    zh: str
    en: str
    number: bool

    def at(self, step: str | int, zh: str, en: str, *, number: bool = True) -> _Spot:
        """One step further down."""
        return _Spot((*self.path, step), f"{self.zh} › {zh}".removeprefix(" › "), f"{self.en} › {en}".removeprefix(" › "), self.number and number)


def _compare(old: Any, new: Any, spot: _Spot) -> Iterator[Change]:
    if isinstance(old, BaseModel) and isinstance(new, BaseModel) and type(old) is type(new):
        yield from _compare_shapes(old, new, spot)
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            zh, en = _name_of(new.get(key, old.get(key)), key)
            yield from _compare(old.get(key), new.get(key), spot.at(key, zh, en))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _compare_lists(old, new, spot)
    elif old is None or new is None:
        yield from _whole(old, new, spot) if old is not new else ()
    elif old != new:
        was, now = _said(old), _said(new)
        yield Change(spot.path, spot.number, f"{spot.zh}：{was} → {now}", f"{spot.en}: {was} → {now}")


def _compare_shapes(old: BaseModel, new: BaseModel, spot: _Spot) -> Iterator[Change]:
    for (name, declared), (key, _) in zip(type(new).model_fields.items(), fields_of(type(new)), strict=True):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield from _compare(before, after, spot.at(key, _short(declared.description or key), declared.title or key, number=_steers(new, key)))


def _compare_lists(old: list[Any], new: list[Any], spot: _Spot) -> Iterator[Change]:
    """Compare item by item after finding which items stayed, so that one inserted condition is one change."""
    if not any(isinstance(item, (BaseModel, list)) for item in (*old, *new)):
        was, now = "、".join(map(_text, old)) or "无", "、".join(map(_text, new)) or "无"
        yield Change(spot.path, spot.number, f"{spot.zh}：{was} → {now}", f"{spot.en}: {was} → {now}")
        return
    for sign, start, stop, begin, end in SequenceMatcher(None, [repr(item) for item in old], [repr(item) for item in new]).get_opcodes():
        if sign == "equal":
            continue
        pairs = max(stop - start, end - begin)
        for offset in range(pairs):
            before = old[start + offset] if start + offset < stop else None
            after = new[begin + offset] if begin + offset < end else None
            index = (begin if after is not None else start) + offset
            yield from _compare(before, after, spot.at(index, f"第 {index + 1} 项", f"item {index + 1}"))


def _whole(old: Any, new: Any, spot: _Spot) -> Iterator[Change]:
    """Something that came or went as a whole."""
    zh, en = _name_of(new if old is None else old, "")
    shown = f"（{zh}）" if zh and zh not in spot.zh else ""
    shown_en = f" ({en})" if en and en not in spot.en else ""
    came = old is None
    yield Change(spot.path, spot.number, f"{'新增' if came else '删去'} {spot.zh}{shown}", f"{'added' if came else 'removed'}: {spot.en}{shown_en}")


def _name_of(value: Any, key: str) -> tuple[str, str]:
    zh = getattr(value, "title", "") or getattr(value, "colour", "") or key
    return str(zh), str(getattr(value, "title_en", "") or key or zh)


def _said(value: Any) -> str:
    if isinstance(value, BaseModel):
        return _name_of(value, type(value).__name__)[0]
    return "“" + (value if isinstance(value, str) else _text(value)) + "”" if value != "" else "（空）"


def _short(description: str) -> str:
    return re.split("[（：，；。]", description)[0]
