"""Every pack that ships is clean by the house rules, and every worked example in it comes out as it says."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from bihuan.computing.examples import run_example, run_examples
from bihuan.foundation.grammar.catalogue import Catalogue, link
from bihuan.foundation.grammar.examples import Worked
from bihuan.foundation.grammar.lint import lint
from bihuan.foundation.grammar.packs import Pack, load_pack

APPLICATIONS = Path(__file__).resolve().parents[2] / "bihuan" / "applications"
ELSEWHERE = Path(__file__).resolve().parent / "lamps"
LINTED_ON = date(2025, 7, 8)


@cache
def shipped() -> tuple[Pack, ...]:
    return tuple(load_pack(folder.parent) for folder in sorted(APPLICATIONS.glob("*/pack.yaml")))


@cache
def linked() -> Catalogue:
    return link(shipped())


def every_example() -> Iterator[tuple[str, Worked]]:
    for pack in shipped():
        yield from ((pack.key, worked) for worked in pack.examples)


def examples() -> Iterator[ParameterSet]:
    """Every worked example; the first of each mechanism belongs to the quick suite, `bihuan examples` and the slow half run all."""
    seen: set[tuple[str, str]] = set()
    for pack, worked in every_example():
        mechanism = (pack, worked.shape.mechanism)
        marks = [pytest.mark.slow] if mechanism in seen else []
        seen.add(mechanism)
        yield pytest.param(pack, worked, id=f"{worked.shape.mechanism}: {worked.shape.example}", marks=marks)


def narrowed(pack: Pack, worked: Worked) -> Pack:
    return Pack(pack.head, pack.mechanisms, (worked,), pack.files, pack.lines, pack.file_of)


def test_both_applications_are_there() -> None:
    assert {"major_projects", "dispatch"} <= {pack.key for pack in shipped()}


def test_the_shipped_packs_offend_no_house_rule() -> None:
    assert [finding.problem.text() for finding in lint(shipped(), LINTED_ON)] == []


def test_every_mechanism_of_the_application_is_written_down() -> None:
    codes = {mechanism.code for pack in shipped() for mechanism in pack.mechanisms.values()}
    assert {f"A02-{number:02d}" for number in range(1, 22)} | {"A03-05", "A03-09", "A03-10", "A01-01", "A01-02", "A01-03", "A01-07"} <= codes


@pytest.mark.django_db
@pytest.mark.parametrize(("pack", "worked"), examples())
def test_a_worked_example_comes_out_as_it_says(pack: str, worked: Worked) -> None:
    if not worked.shape.parameters:
        assert run_example(linked(), pack, worked).wrong == ()
        return
    own = next(one for one in shipped() if one.key == pack)
    others = [one for one in shipped() if one.key != pack]
    [outcome] = run_examples([narrowed(own, worked)], others)
    assert outcome.wrong == ()


# --- a rule published by another city: percentages behind schedule, lamps, a monthly report, orders to be answered


def test_the_rule_of_another_city_is_text_and_nothing_else() -> None:
    assert {file.suffix for file in ELSEWHERE.iterdir()} == {".yaml", ".md"}
    assert [finding.problem.text() for finding in lint([load_pack(ELSEWHERE)], LINTED_ON)] == []


@pytest.mark.django_db
def test_the_rule_of_another_city_works_as_published() -> None:
    pack = load_pack(ELSEWHERE)
    outcomes = list(run_examples([pack]))
    assert len(outcomes) == len(pack.examples)
    assert [(outcome.worked.shape.example, outcome.wrong) for outcome in outcomes if not outcome.passed] == []


@pytest.mark.django_db
def test_both_cities_rules_work_side_by_side() -> None:
    pack = load_pack(ELSEWHERE)
    [outcome] = run_examples([narrowed(pack, pack.examples[0])], shipped())
    assert outcome.wrong == ()
