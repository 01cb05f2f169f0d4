"""pydantic's errors told to the person who holds the file: which key, what is wrong, what the key is for, and a correct example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bihuan.foundation.grammar.errors import Problem
from bihuan.foundation.grammar.shape import DATED, KEY, SPAN, fields_of
from bihuan.foundation.grammar.yaml_text import Lines, Path


@dataclass(frozen=True)
class Template:
    """The words for one type of error; ``{…}`` takes the error's own context, ``{key}``, ``{written}`` and ``{near}``."""

    what: str
    what_en: str


TEMPLATES: dict[str, Template] = {
    "missing": Template("没有写 {key}", "{key} is not written"),
    "extra_forbidden": Template("不认识的键 {key}{near}", "unknown key {key}{near_en}"),
    "literal_error": Template("{key} 不能是“{written}”，只能是 {allowed} 之一", "{key} cannot be “{written}”; it is one of {allowed}"),
    "string_pattern_mismatch": Template("{key}“{written}”写法不对：{form}", "“{written}” is not a good {key}: {form_en}"),
    "string_type": Template("{key} 要写成一段文字", "{key} must be one text"),
    "string_too_short": Template("{key} 是空的", "{key} is empty"),
    "string_too_long": Template("{key} 超过 {max_length} 个字", "{key} is longer than {max_length} characters"),
    "bool_type": Template("{key} 要写 是 或 否", "{key} must be yes or no"),
    "bool_parsing": Template("{key}“{written}”要写 是 或 否", "{key} must be yes or no, not “{written}”"),
    "int_type": Template("{key} 要写整数", "{key} must be a whole number"),
    "int_parsing": Template("{key}“{written}”不是整数", "{key} “{written}” is not a whole number"),
    "int_parsing_size": Template("{key}“{written}”太大", "{key} “{written}” is too large"),
    "int_from_float": Template("{key}“{written}”不是整数", "{key} “{written}” is not a whole number"),
    "decimal_type": Template("{key} 要写一个数", "{key} must be a number"),
    "decimal_parsing": Template("{key}“{written}”不是数", "{key} “{written}” is not a number"),
    "finite_number": Template("{key}“{written}”不是有限的数", "{key} “{written}” is not a finite number"),
    "greater_than_equal": Template("{key}“{written}”太小，至少是 {ge}", "{key} “{written}” is too small: {ge} at least"),
    "less_than_equal": Template("{key}“{written}”太大，至多是 {le}", "{key} “{written}” is too large: {le} at most"),
    "too_short": Template("{key} 至少要有 {min_length} 项", "{key} needs {min_length} item(s) at least"),
    "dict_type": Template("{key} 要写成若干行“名称: 内容”", "{key} must be names with their contents"),
    "list_type": Template("{key} 要写成列表", "{key} must be a list"),
    "model_type": Template("{key} 要写成若干行“键: 值”", "{key} must be keys with values"),
    "model_attributes_type": Template("{key} 要写成若干行“键: 值”", "{key} must be keys with values"),
    "union_tag_invalid": Template("{key} 的写法认不出来，须含这些键之一：{choices}", "{key} cannot be told; it needs one of the keys {choices}"),
    "refused": Template("{zh}", "{en}"),
}
"""Every type of error the shapes can give; a test walks the shapes and asserts that none is missing."""

_FORMS = {
    KEY: ("小写英文字母开头，只用小写字母、数字和下划线", "small letters, digits and underscores, starting with a letter"),
    DATED: ("年、年-月或年-月-日", "a year, year-month or year-month-day"),
    SPAN: (
        "数字加 working_days（工作日）、calendar_days（自然日）或 months（月），或一个参数的名称",
        "a number and working_days, calendar_days or months, or the name of a parameter",
    ),
}
_FORM_EXAMPLES = {KEY: "key_projects", DATED: "2024-01", SPAN: "3 working_days"}


def explain(error: ValidationError, shape: type[BaseModel], lines: Lines, base: Path = ()) -> list[Problem]:
    """Every error of one validation as problems. ``base`` is the path of the validated value inside its file."""
    return [_problem(detail, shape, lines, base) for detail in error.errors(include_url=False)]


def _problem(detail: ErrorDetails, shape: type[BaseModel], lines: Lines, base: Path) -> Problem:
    steps = _without_tags(detail["loc"])
    declared, holder = declaration(shape, detail["loc"])
    words = _words(detail, steps, holder)
    template = TEMPLATES[detail["type"]]
    why, why_en, example = _help(declared, detail)
    if detail["type"] == "extra_forbidden":
        why, why_en, example = _about_extra(str(steps[-1]), holder)
    return Problem(
        lines.place(*base, *steps), "shape", template.what.format_map(words), why, example, template.what_en.format_map(words), why_en
    )


def _without_tags(location: tuple[int | str, ...]) -> Path:
    """The path as written: without the tags of unions, without pydantic's mark for keys."""
    return tuple(step for step in location if not (isinstance(step, str) and (step.startswith("<") or step == "[key]")))


def _words(detail: ErrorDetails, steps: Path, holder: type[BaseModel] | None) -> Mapping[str, str]:
    written = detail["input"]
    context = detail.get("ctx", {})
    key = str(steps[-1] + 1) if steps and isinstance(steps[-1], int) else str(steps[-1]) if steps else "内容"
    if steps and isinstance(steps[-1], int):
        key = f"第 {key} 项"
    form, form_en = _FORMS.get(context.get("pattern", ""), ("", ""))
    near = _near(key, holder) if detail["type"] == "extra_forbidden" else ""
    return {
        **{name: str(value) for name, value in context.items()},
        "key": key,
        "written": str(written)[:60] if isinstance(written, (str, int, float)) else "",
        "allowed": str(context.get("expected", "")).replace(" or ", "、").replace(", ", "、").replace("'", ""),
        "choices": str(context.get("expected_tags", "")).replace("'<", "").replace(">'", ""),
        "form": form,
        "form_en": form_en,
        "near": f"，是不是 {near}？" if near else "",
        "near_en": f"; did you mean {near}?" if near else "",
    }


def _near(key: str, holder: type[BaseModel] | None) -> str:
    allowed = [name for name, _ in fields_of(holder)] if holder else []
    return next(iter(get_close_matches(key.lower(), allowed, n=1, cutoff=0.6)), "")


def _about_extra(key: str, holder: type[BaseModel] | None) -> tuple[str, str, str]:
    allowed = "、".join(name for name, _ in fields_of(holder)) if holder else ""
    why, why_en = f"这里可以写：{allowed}", f"Keys allowed here: {allowed}"
    if any(sign in key for sign in "()（）'”“，。>=<"):
        return f"{why}。一行式写法里，含英文逗号的值要用引号括起来", f"{why_en}. In one-line form a value with a comma needs quotes", "formula: '取值(甲, 0)'"
    near = _near(key, holder)
    declared = dict(fields_of(holder)).get(near) if holder and near else None
    return why, why_en, f"{near}: {_example(declared)}" if declared else ""


def _help(declared: FieldInfo | None, detail: ErrorDetails) -> tuple[str, str, str]:
    """Why the key is there, in both languages, and a correct example of it."""
    pattern = detail.get("ctx", {}).get("pattern", "")
    if declared is None:
        return "", "", _FORM_EXAMPLES.get(pattern, "")
    steps = [step for step in detail["loc"] if isinstance(step, str) and not step.startswith("<")]
    name = declared.alias or next((step for step in reversed(steps) if step != "[key]"), "")
    example = _FORM_EXAMPLES[pattern] if pattern in _FORM_EXAMPLES and detail["loc"][-1] == "[key]" else f"{name}: {_example(declared)}"
    return f"{name} 是{declared.description}。", f"{name}: {declared.title}.", example


def _example(declared: FieldInfo | None) -> str:
    return str(declared.examples[0]) if declared and declared.examples else ""


def declaration(shape: type[BaseModel], location: tuple[int | str, ...]) -> tuple[FieldInfo | None, type[BaseModel] | None]:
    """The innermost declared key on a path of a validated shape, and the shape that the last step of the path belongs to."""
    kind: Any = shape
    found: FieldInfo | None = None
    holder: type[BaseModel] | None = shape
    for step in location:
        kind = _bare(kind)
        holder = kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
        if holder:
            declared = dict(fields_of(holder)).get(str(step))
            if declared is None:
                return found, holder
            found, kind = declared, declared.annotation
        else:
            kind = _inside(kind, step)
    return found, holder


def _bare(kind: Any) -> Any:
    """A type without its annotations and without the possibility of None."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        rest = [member for member in get_args(kind) if member is not NoneType]
        return _bare(rest[0]) if len(rest) == 1 else kind
    return kind


def _inside(kind: Any, step: int | str) -> Any:
    """The type of what a list, a mapping or a tagged union holds."""
    arguments = get_args(kind)
    if get_origin(kind) in (Union, UnionType):
        return next((member for member in arguments if _tag(member) == step), None)
    return arguments[-1] if arguments else None


def _tag(member: Any) -> str:
    return next((note.tag for note in getattr(member, "__metadata__", ()) if isinstance(note, Tag)), "")
