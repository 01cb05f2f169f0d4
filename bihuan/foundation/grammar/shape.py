"""What every section of a mechanism is made of: strict, frozen pydantic models whose fields carry their own help and example.

The JSON Schema for editors, the tables of ``docs/packs.md`` and the examples in error messages are all printed from
these declarations, so that they cannot drift from what the engine accepts.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

T = TypeVar("T")

KEY = r"^[a-z][a-z0-9_]{0,59}$"
DATED = r"^\d{4}(-\d{2}(-\d{2})?)?$"
SPAN = r"^(\d{1,4} (working_days|calendar_days|months)|[^\d\s{},:][^\s{},:]{0,59})$"
"""A length of time as written, or the word that names a parameter which holds one."""


class Shape(BaseModel):
    """A part of a mechanism as written: unknown keys are refused, values never change after loading."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, alias_generator=lambda name: name.rstrip("_"), populate_by_name=False
    )

    @model_validator(mode="before")
    @classmethod
    def _without_unwritten(cls, value: object) -> object:
        """A known key with nothing behind it counts as not written; an unknown one is still refused."""
        if not isinstance(value, dict) or None not in value.values():
            return value
        known = {name for name, _ in fields_of(cls)}
        return {key: item for key, item in value.items() if item is not None or key not in known}


def said(chinese: str, english: str, example: str, default: Any = ..., **limits: Any) -> Any:
    """Declare one key of a section: its help in both languages and a correct example; without a default it must be written.

    ``limits`` are pydantic's own (``ge``, ``le``, ``min_length``, ``alias`` …).
    """
    return Field(default, title=english, description=chinese, examples=[example], **limits)


def fields_of(shape: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    """The keys of a shape as they are written, in order, each with its declaration."""
    return [(declared.alias or name, declared) for name, declared in shape.model_fields.items()]


def refused(chinese: str, english: str) -> PydanticCustomError:
    """What a validator raises when several keys contradict each other, in both languages."""
    return PydanticCustomError("refused", "{zh}", {"zh": chinese, "en": english})


def chosen_by(*tags: tuple[str, str], otherwise: str) -> Discriminator:
    """Choose among shapes by the key that is written: pairs of key and tag; tags stand in ``<>`` so that no key equals one."""

    def tag(value: object) -> str:
        written = {alias for alias, _ in fields_of(type(value))} if isinstance(value, BaseModel) else value
        return next((name for key, name in tags if isinstance(written, (dict, set)) and key in written), otherwise)

    return Discriminator(tag)


def _yes_no(value: object) -> object:
    return {"是": True, "否": False, "yes": True, "no": False, "true": True, "false": False}.get(str(value).strip().lower(), value)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def first_day(dated: str) -> date:
    """The day a dated value takes effect: ``2025`` is 1 January 2025, ``2025-03`` is 1 March 2025.

    Raises ValueError for a day that does not exist.
    """
    year, month, day = ([int(part) for part in dated.split("-")] + [1, 1])[:3]
    return date(year, month, day)


def _real_day(dated: str) -> str:
    try:
        first_day(dated)
    except ValueError:
        raise refused(f"没有 {dated} 这一天", f"there is no day {dated}") from None
    return dated


YesNo = Annotated[bool, BeforeValidator(_yes_no)]
"""A yes or no, written 是/否, yes/no or true/false."""

Words = Annotated[list[str], BeforeValidator(_listed)]
"""A list of words; a single word may stand without brackets."""

Key = Annotated[str, Field(pattern=KEY)]
"""A name for machines: small ASCII letters, digits and underscores, starting with a letter."""

Dated = Annotated[str, Field(pattern=DATED), AfterValidator(_real_day)]
"""The day from which something is in force, written 2025, 2025-01 or 2025-01-15."""

LASTING = "a length of time"
"""Marks the keys that hold lengths of time, so that `spans` finds them."""

Span = Annotated[str, Field(pattern=SPAN), LASTING]
"""A length of time, written ``3 working_days``, ``30 calendar_days`` or ``1 months``, or the title or key of a parameter in such a unit."""

OneOrBy = Annotated[
    Annotated[Span, Tag("<one>")] | Annotated[dict[str, str], Tag("<by>")],
    Discriminator(lambda value: "<by>" if isinstance(value, dict) else "<one>"),
    LASTING,
]
"""One span, or a table ``{by: a parameter or field, its value: a span}``."""


def is_span(text: str) -> bool:
    """Whether a length of time is written out, and not named."""
    return text[:1].isdigit()


def in_force(since: dict[str, T], day: date) -> tuple[date, T] | None:
    """The value in force on ``day`` and the day it took effect, or None when the first one starts later."""
    begun = [(first_day(dated), value) for dated, value in since.items() if first_day(dated) <= day]
    return max(begun, key=lambda item: item[0]) if begun else None
