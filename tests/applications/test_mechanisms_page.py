"""docs/mechanisms.md against the packs: every example it names is there, every mechanism of the application has its place."""

import re
from pathlib import Path

from tests.applications.test_packs import every_example, shipped

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "mechanisms.md").read_text("utf-8")


def test_every_example_the_page_names_is_there() -> None:
    named = set(re.findall(r"「([^」]+)」", PAGE)) - {""}
    assert named - {worked.shape.example for _, worked in every_example()} == set()


def test_every_example_has_its_place_on_the_page() -> None:
    own = {worked.shape.example for pack, worked in every_example() if pack in ("major_projects", "dispatch", "enterprise_service", "targets")}
    assert own - set(re.findall(r"「([^」]+)」", PAGE)) == set()


def test_every_coded_mechanism_has_its_section() -> None:
    told = {
        word
        for heading in re.findall(r"^### A\d\d-\d\d \S+ (.+)$", PAGE, re.MULTILINE)
        for word in heading.replace("13710 ", "").split(", ")
    }
    coded = {key for pack in shipped() for key, mechanism in pack.mechanisms.items() if mechanism.code and pack.key != "published"}
    assert coded - told == set()
