"""The form a text must have, as a pack writes it: matched in time that grows with the text, whatever the pattern.

Python's own engine backtracks: ``(a+)+$`` against forty letters would hold a process for years. Patterns run on the automaton engine
that pydantic carries, which has no look-around and no back-references and therefore no such text.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import StringConstraints, TypeAdapter, ValidationError
from pydantic_core import SchemaError

from bihuan.foundation.grammar.refusals import Refused


@cache
def _matcher(pattern: str) -> TypeAdapter[str]:
    return TypeAdapter(Annotated[str, StringConstraints(pattern=f"^(?:{pattern})$")])


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text has the form. Raises Refused for a pattern that cannot be read."""
    check(pattern)
    try:
        _matcher(pattern).validate_python(text)
    except ValidationError:
        return False
    return True


@cache
def check(pattern: str) -> None:
    """Raises Refused, saying why, where a pattern is no regular expression of the kind that runs here."""
    try:
        _matcher(pattern)
    except SchemaError as error:
        why = next((line.strip() for line in reversed(str(error).splitlines()) if line.strip()), "")
        raise Refused(f"编码格式写法不对：{why}", f"bad pattern: {why}", r"P-\d{4}-\d{3}") from error
