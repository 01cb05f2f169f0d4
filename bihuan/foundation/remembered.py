"""What was looked up in the tables and holds until the ledger moves: one process asks for it once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Head = tuple[int, str]
"""Number and hash of the ledger's last entry. The hash speaks for everything before it, so no other ledger has the same."""

MOST = 5_000
"""So many answers are kept; then they are all forgotten."""

T = TypeVar("T")

_kept: dict[Hashable, tuple[Head, Any]] = {}


def remembered(head: Head, asked: Hashable, look: Callable[[], T]) -> T:
    """The answer to a question, looked up anew where the ledger stood elsewhere the last time. Nobody changes what is given out.

    ``head`` is read before the tables are: an answer may be newer than it says, never older.
    """
    found = _kept.get(asked)
    if found is not None and found[0] == head:
        known: T = found[1]
        return known
    answer = look()
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[asked] = (head, answer)
    return answer
