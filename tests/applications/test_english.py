"""Whatever a pack shows has its English: every title, and every reason of a light, with the same numbers in it.

What stays Chinese by rule: official papers, which are issued in Chinese; choices where sheets write them; bases, which cite Chinese documents;
the consequences a document attaches to a colour.
"""

import re
from collections.abc import Iterator

from pydantic import BaseModel

from bihuan.foundation.grammar.documents import Document
from bihuan.foundation.grammar.formulas import Formula
from bihuan.foundation.grammar.lifecycles import Move
from bihuan.foundation.grammar.lights import Condition, filled, names_in
from bihuan.foundation.grammar.registers import FieldShape, Parameter, Register
from bihuan.foundation.grammar.saying import Said
from bihuan.foundation.grammar.scopes import unit_of
from tests.applications.test_packs import linked, shipped

CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")


def shapes(value: object, path: str) -> Iterator[tuple[str, BaseModel]]:
    """Every shape inside a shape, with where it stands."""
    if isinstance(value, BaseModel):
        yield path, value
        for name in type(value).model_fields:
            yield from shapes(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from shapes(one, f"{path}.{key}")
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from shapes(one, f"{path}[{place}]")


def written() -> Iterator[tuple[str, BaseModel]]:
    for pack in shipped():
        yield from shapes(pack.head, pack.key)
        for name, mechanism in pack.mechanisms.items():
            yield from shapes(mechanism, f"{pack.key}.{name}")


def test_every_title_has_its_english() -> None:
    bare = [
        f"{path}: {shape.title}"  # type: ignore[attr-defined]  # has_both looked
        for path, shape in written()
        if has_both(shape) and not isinstance(shape, Document) and (not shape.title_en or CHINESE.search(shape.title_en))  # type: ignore[attr-defined]
    ]
    assert bare == []


def test_every_choice_every_help_and_every_licence_has_its_english() -> None:
    fields = [(path, shape) for path, shape in written() if isinstance(shape, FieldShape)]
    assert len(fields) > 400
    choosing = [*fields, *((path, shape) for path, shape in written() if isinstance(shape, Parameter))]
    bare = [path for path, shape in choosing if CHINESE.search("".join(shape.choices)) and (not shape.choices_en or CHINESE.search("".join(shape.choices_en)))]
    bare += [path for path, shape in fields if shape.help and not shape.help_en]
    bare += [path for path, shape in written() if isinstance(shape, Register) and shape.licence and not shape.licence_en]
    assert bare == []


def test_every_piece_of_evidence_has_its_english() -> None:
    moves = [(path, shape) for path, shape in written() if isinstance(shape, Move) and shape.evidence]
    assert len(moves) > 5
    assert [path for path, move in moves if CHINESE.search("".join(said.en for said in move.papers.values()))] == []


def has_both(shape: BaseModel) -> bool:
    return {"title", "title_en"} <= set(type(shape).model_fields) and bool(shape.title)  # type: ignore[attr-defined]


def test_every_reason_has_its_english_with_the_same_numbers() -> None:
    conditions = [(path, shape) for path, shape in written() if isinstance(shape, Condition)]
    assert len(conditions) > 30
    for path, condition in conditions:
        outside = re.sub(r"\{[^{}]*\}", "", condition.because_en)
        assert condition.because_en, path
        assert not CHINESE.search(outside), path
        assert set(names_in(condition.because_en)) <= set(names_in(condition.because)), path


def formulas() -> Iterator[tuple[str, Formula]]:
    """Every formula of every pack, those too that linking forgets once it has found what they come to."""
    catalogue = linked()
    for view in catalogue.registers.values():
        for item in view.indicators.values():
            view.computing(item.shape)
        for rollup in view.shape.rollups.values():
            child = None if rollup.source == "duties" else catalogue.referred(rollup.source, view.pack)
            (child or view).formula(rollup.formula, "group" if child else "duties", None, unit_of(rollup.unit))
            view.bond(rollup, child)
    for view in catalogue.registers.values():
        yield from ((view.name, formula) for formula in view.compiled)


def english(formula: Formula) -> str:
    return outside_quotes(formula.said().en) if formula.kind == "text" else formula.said().en


def outside_quotes(text: str) -> str:
    return re.sub(r"'(?:[^']|'')*'", "''", text)


def test_a_formula_reads_in_the_words_of_the_reader() -> None:
    """In Chinese no key and no English word. In English no Chinese, choices in quotes included; a formula that gives a text gives one that is stored."""
    found = list(formulas())
    assert len(found) > 600
    assert [(view, formula.said().en) for view, formula in found if CHINESE.search(english(formula))] == []
    assert [(view, formula.said().zh) for view, formula in found if LATIN.search(outside_quotes(formula.said().zh))] == []


def test_what_a_rollup_gathers_reads_in_the_words_of_the_reader() -> None:
    catalogue = linked()
    told = [catalogue.gathers(view, rollup) for view in catalogue.registers.values() for rollup in view.shape.rollups.values()]
    assert len(told) > 80
    assert [said.zh for said in told if LATIN.search(outside_quotes(said.zh))] == []
    assert [said.en for said in told if CHINESE.search(said.en)] == []


def test_the_chinese_reading_of_a_formula_is_the_formula() -> None:
    for view in linked().registers.values():
        for formula in view.compiled:
            assert formula.said().zh == formula.explain()


def test_a_reason_is_said_in_both_languages_and_a_pack_without_english_still_speaks() -> None:
    numbers = {"滞后天数": Said("12 天", "12 days")}
    assert filled("滞后 {滞后天数}", numbers, "{滞后天数} behind") == Said("滞后 12 天", "12 days behind")
    assert filled("滞后 {滞后天数}", numbers).en == "滞后 12 days"
