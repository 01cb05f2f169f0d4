"""Stored values as a reader sees them: numbers exactly, with no digit lost, and everything else in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.foundation.access import mask
from bihuan.foundation.grammar.quantities import Measure, apart, format_number, known_unit, unit_of
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.saying import Said
from bihuan.foundation.grammar.scopes import measure_of
from bihuan.foundation.grammar.views import RegisterView
from bihuan.portal.visits import Shaped, Visit

NUMERIC = frozenset({"number", "money"})

COLOURS = ("red", "yellow", "green", "blue", "grey")
"""Colours in the order pages show them, the gravest first."""


def listed(texts: Iterable[str]) -> str:
    """Several words as one text: 甲、乙, or A, B."""
    return _("、").join(texts)


def clauses(texts: Iterable[str]) -> str:
    """Several sentences as one text: 甲；乙, or A; B."""
    return _("；").join(texts)


def about(title: str, text: str) -> str:
    """A title and what is said of it: 进度：慢, or progress: slow."""
    return _("%(title)s：%(words)s") % {"title": title, "words": text}


def colour_word(colour: str) -> str:
    """What a colour is called."""
    return {"red": _("红灯"), "yellow": _("黄灯"), "green": _("绿灯"), "blue": _("办结"), "grey": _("未评")}.get(colour, colour)


def exact(stored: int, measure: Measure) -> str:
    """A stored number with every decimal it has and none that says nothing: 1234567 分 in 元 is ``12,345.67``."""
    text = format_number(stored, measure, measure.kept)
    return text.rstrip("0").rstrip(".") if "." in text else text


def value_text(shape: FieldShape, value: Any) -> str | None:
    """A stored value as text, None for nothing. References stay keys: `reference_text` says them."""
    if value is None or value == "" or value == []:
        return None
    if shape.kind in NUMERIC and isinstance(value, int):
        return exact(value, measure_of(shape))
    if shape.kind == "yes_no":
        return _("是") if value else _("否")
    if isinstance(value, list):
        return listed(choice_text(shape, str(one)) for one in value)
    return choice_text(shape, str(value))


def choice_text(shape: FieldShape, choice: str) -> str:
    """A choice in the language of this answer; what is no choice stays as it is."""
    if not shape.choices_en or choice not in shape.choices or (get_language() or "zh").startswith("zh"):
        return choice
    return shape.choices_en[shape.choices.index(choice)]


def choices_of(shape: FieldShape) -> list[tuple[str, str]]:
    """What a field lets one choose, each with its text in the language of this answer."""
    return [(choice, choice_text(shape, choice)) for choice in shape.choices]


def help_text(shape: FieldShape) -> str:
    """What the pack tells whoever fills a field in, in the language of this answer."""
    return shape.help_en if shape.help_en and not (get_language() or "zh").startswith("zh") else shape.help


def unit_text(unit: str) -> str:
    """A unit in the language of this answer, for a head or beside what is typed: 亿元 is hundred million yuan. A word that is no unit stays as it is."""
    known = None if (get_language() or "zh").startswith("zh") else known_unit(unit)
    return known.name_en if known else unit


def with_unit(shape: FieldShape, value: Any) -> str | None:
    """A stored value with its unit behind it."""
    text, unit = value_and_unit(shape, value)
    return f"{text} {unit}".strip() if text is not None else None


def value_and_unit(shape: FieldShape, value: Any) -> tuple[str | None, str]:
    """A stored value as text, and the unit that stands behind it in the language of this answer: 7,391 and 万元, 73.91 and million yuan."""
    text = value_text(shape, value)
    if text is None or shape.kind not in NUMERIC or not isinstance(value, int):
        return text, ""
    known = known_unit(shape.unit)
    return apart(text, known, get_language() or "zh") if known else (text, shape.unit)


def large(shape: FieldShape, value: int) -> Mapping[str, str]:
    """A sum of money as a head says it: in 亿元 from one on, else in the field's own unit."""
    hundred_million = 10**10  # 分
    text, unit = exact(value, measure_of(shape)), unit_of(shape.unit)
    if value >= hundred_million:
        unit = unit_of("亿元")
        text = format_number(value, Measure(unit, 2))
    text, said = apart(text, unit, get_language() or "zh")
    return {"text": text, "unit": said}


def formula(said: Said) -> Shaped:
    """A formula in the language of this answer, and as the pack has it where that is another."""
    text = said.text(get_language() or "zh")
    return {"text": text, "original": said.zh if text != said.zh else ""}


def state_title(visit: Visit, view: RegisterView, state: str) -> str:
    """What a state is called."""
    states = view.lifecycle.shape.states if view.lifecycle else {}
    return visit.title(states[state]) if state in states else state


def secret(value: Any) -> str:
    """A personal value as somebody without a reason sees it."""
    return str(mask(value if isinstance(value, str) else "***"))


def choices(texts: Iterable[str | tuple[str, str]], chosen: Iterable[str] = ()) -> list[Shaped]:
    """The options of a field: texts, or pairs of value and text."""
    taken = set(chosen)
    pairs = ((text, text) if isinstance(text, str) else text for text in texts)
    return [{"value": value, "text": text, "chosen": value in taken} for value, text in pairs]


def tag_of(text: str, tone: str = "") -> Mapping[str, str]:
    """A small label."""
    return {"text": text, "tone": tone}
