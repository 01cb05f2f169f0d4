"""The lexicons, read once: lists of words and the regular expressions made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from bihuan.foundation.grammar import yaml_text
from bihuan.foundation.grammar.yaml_text import Tree

LEXICON = Path(__file__).with_name("lexicon")


@cache
def words(file: str, *keys: str) -> tuple[str, ...]:
    """The words under ``keys`` of ``lexicon/file.yaml``, in the order written. Raises KeyError for a key that is not there."""
    tree = _tree(file)
    for key in keys:
        if not isinstance(tree, dict):
            raise KeyError(f"lexicon/{file}.yaml has nothing under {'.'.join(keys)}")
        tree = tree[key]
    return tuple(tree.split()) if isinstance(tree, str) else ()


@cache
def keys_of(file: str, key: str) -> tuple[str, ...]:
    """The keys of one mapping of a lexicon."""
    tree = _tree(file)
    inner = tree[key] if isinstance(tree, dict) else None
    return tuple(inner) if isinstance(inner, dict) else ()


@cache
def _tree(file: str) -> Tree:
    return yaml_text.read((LEXICON / f"{file}.yaml").read_text("utf-8"), f"{file}.yaml").tree


def any_of(listed: Iterable[str]) -> str:
    """A regular expression that takes the longest of the words that fits."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(listed), key=lambda word: (-len(word), word))) + ")"


@cache
def pattern(file: str, *keys: str) -> re.Pattern[str]:
    """The compiled expression of a list of the lexicon."""
    return re.compile(any_of(words(file, *keys)))


@cache
def forms(file: str, *keys: str) -> re.Pattern[str]:
    """The compiled expression of a list of the lexicon whose entries are regular expressions themselves."""
    return re.compile("|".join(words(file, *keys)))


def found(file: str, keys: tuple[str, ...], text: str) -> bool:
    """Whether one of the words stands in ``text``."""
    return pattern(file, *keys).search(text) is not None
