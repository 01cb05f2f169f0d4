"""What is printed from the code is up to date, and says everything there is."""

import re
from argparse import Namespace
from pathlib import Path

import pytest

from bihuan.command import docs
from bihuan.command.outcomes import OK, PROBLEMS, Refused
from bihuan.command.verbs import VERBS, Argument, Verb
from bihuan.environment import SETTINGS
from bihuan.foundation.grammar.formula_functions import FN
from bihuan.foundation.grammar.schema import SECTIONS
from bihuan.foundation.grammar.shape import fields_of
from bihuan.foundation.grammar.words import TERMS
from tests.docs.pages import ROOT, text_of

PRINTED = docs.generated(ROOT)


@pytest.mark.parametrize("path", PRINTED, ids=lambda path: path.name)
def test_the_generated_parts_are_what_the_code_says(path: Path) -> None:
    assert path.read_text("utf-8") == PRINTED[path], "run: bihuan docs"


def test_every_verb_and_each_of_its_arguments_is_documented() -> None:
    page = text_of(ROOT / "docs" / "commands.md")
    for verb in VERBS:
        section = page.partition(f"### `bihuan {verb.name}`\n")[2].partition("\n### ")[0]
        assert docs.usage(verb) in section
        assert [argument.names[0] for argument in verb.arguments if argument.en.replace("|", "\\|") not in section] == []


def test_no_verb_or_setting_is_documented_that_is_gone() -> None:
    page = text_of(ROOT / "docs" / "commands.md")
    assert re.findall(r"^### `bihuan (\S+)`$", page, re.MULTILINE) == [verb.name for verb in VERBS]
    page = text_of(ROOT / "docs" / "settings.md")
    assert re.findall(r"^\| `(BIHUAN_\w+)` ", page, re.MULTILINE) == [setting.name for setting in SETTINGS]


def test_every_word_is_on_the_page_of_words_once() -> None:
    page = text_of(ROOT / "docs" / "words.md")
    assert re.findall(r"\| `(\w+)` \|$", page, re.MULTILINE) == [term.key for term in TERMS]


def test_every_function_is_on_the_page_of_formulas() -> None:
    page = text_of(ROOT / "docs" / "formulas.md")
    assert [word for word in FN if f"`{word}`" not in page] == []


def test_every_key_of_a_pack_is_on_the_page_of_packs() -> None:
    page = text_of(ROOT / "docs" / "packs.md")
    missing = [
        f"{name}.{key}"
        for name, shape in SECTIONS
        for key, _ in fields_of(shape)
        if f"`{key}`" not in page.partition(f"<!-- table: {name} -->")[2].partition("<!-- end -->")[0]
    ]
    assert missing == []


def test_a_usage_line_puts_options_last_and_what_may_be_left_out_in_brackets() -> None:
    verb = Verb("paint", "", "", "", (
        Argument(("--colour",), "", "", {"choices": ("red", "green"), "required": True}),
        Argument(("--dry",), "", "", {"action": "store_true"}),
        Argument(("walls",), "", "", {"nargs": "*", "metavar": "WALL"}),
    ))  # fmt: skip
    assert docs.usage(verb) == "bihuan paint [WALL …] --colour red|green [--dry]"


def checkout(folder: Path) -> Path:
    """A copy of what the verb reads and writes."""
    (folder / "docs").mkdir()
    for path in PRINTED:
        (folder / path.relative_to(ROOT)).write_text(path.read_text("utf-8"), "utf-8")
    return folder


def test_checking_names_the_stale_page_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(docs, "ROOT", checkout(tmp_path))
    page = tmp_path / "docs" / "settings.md"
    page.write_text(page.read_text("utf-8").replace("BIHUAN_HOME", "BIHUAN_HOUSE"), "utf-8")
    before = page.read_text("utf-8")
    assert docs.docs(Namespace(check=True)) == PROBLEMS
    assert "docs/settings.md" in capsys.readouterr().out
    assert page.read_text("utf-8") == before
    assert docs.docs(Namespace(check=False)) == OK
    assert docs.docs(Namespace(check=True)) == OK


def test_the_readmes_repeat_what_was_measured(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    measured = root / "docs" / "benchmarks.md"
    said = re.sub(r"<!-- bench -->.*?<!-- end -->", "<!-- bench -->\n\n| a | b |\n\n<!-- end -->", measured.read_text("utf-8"), flags=re.DOTALL)
    measured.write_text(said, "utf-8")
    texts = docs.generated(root)
    for name in docs.READMES:
        assert "<!-- table: bench -->\n\n| a | b |\n\n<!-- end -->" in texts[root / name]


def test_without_a_checkout_there_is_nothing_to_write(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        docs.generated(tmp_path)
    assert "checkout" in refusal.value.en
