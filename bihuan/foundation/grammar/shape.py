"""What every section of a mechanism is made of: strict, frozen pydantic models whose fields carry their own help and example.

The JSON Schema for editors, the tables of ``docs/packs.md`` and the examples in error messages are all printed from
these declarations, so that they cannot drift from what the engine accepts.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

T = TypeVar("T")

KEY = r"^[a-z][a-z0-9_]{0,59}$"
DATED = r"^\d{4}(-\d{2}(-\d{2})?)?$"


class Shape(BaseModel):
    """A part of a mechanism as written: unknown keys are refused, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def said(chinese: str, english: str, example: str, default: Any = ...) -> Any:
    """Declare one key of a section: its help in both languages and a correct example; without a default it must be written."""
    return Field(default, title=english, description=chinese, examples=[example])


def _yes_no(value: object) -> object:
    return {"是": True, "否": False, "yes": True, "no": False, "true": True, "false": False}.get(str(value).strip().lower(), value)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


YesNo = Annotated[bool, BeforeValidator(_yes_no)]
"""A yes or no, written 是/否, yes/no or true/false."""

Words = Annotated[list[str], BeforeValidator(_listed)]
"""A list of words; a single word may stand without brackets."""

Key = Annotated[str, Field(pattern=KEY)]
"""A name for machines: small ASCII letters, digits and underscores, starting with a letter."""

Dated = Annotated[str, Field(pattern=DATED)]
"""The day from which something is in force, written 2025, 2025-01 or 2025-01-15."""


def first_day(dated: str) -> date:
    """The day a dated value takes effect: ``2025`` is 1 January 2025, ``2025-03`` is 1 March 2025.

    Raises ValueError for a day that does not exist.
    """
    parts = [int(part) for part in dated.split("-")]
    return date(*(parts + [1, 1])[:3])


def in_force(since: dict[str, T], day: date) -> tuple[date, T] | None:
    """The value in force on ``day`` and the day it took effect, or None when the first one starts later."""
    begun = [(first_day(dated), value) for dated, value in since.items() if first_day(dated) <= day]
    return max(begun, key=lambda item: item[0]) if begun else None
