"""docs/packs.md and docs/pack.schema.json against the language: both are printed from the declarations."""

import json

from bihuan.foundation.grammar import examples, finding, mechanisms
from bihuan.foundation.grammar.catalogue import link
from bihuan.foundation.grammar.lint import RULES
from bihuan.foundation.grammar.packs import read_pack
from bihuan.foundation.grammar.schema import SECTIONS, json_schema, tables, with_tables
from bihuan.foundation.grammar.shape import Shape, fields_of
from tests.foundation.grammar.guide import PAGE, guide_files

AGAIN = "run: bihuan docs"


def shapes() -> set[type[Shape]]:
    return {shape for shape in Shape.__subclasses__() if shape.__module__.startswith("bihuan.foundation.grammar.")}


def test_the_tables_of_the_guide_are_those_of_the_declarations() -> None:
    page = PAGE.read_text("utf-8")
    assert page == with_tables(page, tables()), AGAIN


def test_the_schema_is_the_one_of_the_declarations() -> None:
    assert json.loads((PAGE.parent / "pack.schema.json").read_text("utf-8")) == json_schema(), AGAIN


def test_every_shape_has_its_table_in_the_guide() -> None:
    assert {mechanisms.Mechanism, examples.Example} <= shapes()
    assert {shape.__name__ for shape in shapes()} == {shape.__name__ for _, shape in SECTIONS}
    page = PAGE.read_text("utf-8")
    assert [name for name in tables() if f"<!-- table: {name} -->" not in page] == []


def test_every_key_says_what_it_is_in_both_languages_with_an_example() -> None:
    for _, shape in SECTIONS:
        for key, declared in fields_of(shape):
            assert declared.description, f"{shape.__name__}.{key}"
            assert declared.title, f"{shape.__name__}.{key}"
            assert declared.examples, f"{shape.__name__}.{key}"


def test_every_rule_is_in_the_guide() -> None:
    page = PAGE.read_text("utf-8")
    assert [rule.name for rule in RULES if f"`{rule.name}`" not in page] == []


def test_every_section_is_shown_in_the_pack_of_the_guide() -> None:
    shown = read_pack(guide_files()).mechanisms.values()
    own = {key for key, _ in fields_of(mechanisms.Mechanism)}
    written = {key for key in own for mechanism in shown if getattr(mechanism, f"{key}_" if key == "register" else key)}
    assert own - written == {"on"}


def test_what_the_guide_says_of_a_mechanism_can_be_linked() -> None:
    view = link([read_pack(guide_files())]).register("roads.roads")
    assert {item.mechanism for item in finding.sections(view)} == {"roads"}


def test_the_schema_takes_what_an_editor_takes_for_a_number() -> None:
    definitions = json_schema()["$defs"]
    assert definitions["DatedValue"]["properties"]["value"]["type"] == ["string", "number", "boolean"]
    assert definitions["Light"]["additionalProperties"] is False
    assert "enum" in definitions["Light"]["properties"]["better"]
    assert definitions["Move"]["properties"]["who"]["type"] == ["array", "string"]
