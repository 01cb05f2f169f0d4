"""The command line: two languages, four exit codes, and verbs that are there only when they work."""

import subprocess
import sys
from importlib import import_module
from inspect import signature

import pytest

from bihuan.command import main
from bihuan.command.language import chosen
from bihuan.command.parsing import parser_of
from bihuan.command.verbs import VERBS, Verb, available

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_LANGUAGE", "en")


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "BIHUAN_LANGUAGE": "en"}, "en"),
    ],
)
def test_the_reader_chooses_the_language(environ: dict[str, str], language: str) -> None:
    assert chosen(environ) == language


def test_the_overview_needs_no_django() -> None:
    program = "import sys; from bihuan.command.parsing import overview; overview().format_help(); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("verb", available().values(), ids=lambda verb: verb.name)
def test_every_verb_that_is_offered_is_there(verb: Verb) -> None:
    function = getattr(import_module(verb.module), verb.run.partition(":")[2])
    assert list(signature(function).parameters)
    assert function.__doc__


@LANGUAGES
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_explains_itself(verb: Verb, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_LANGUAGE", language)
    text = parser_of(verb).format_help()
    for argument in verb.arguments:
        assert "".join((argument.en if language == "en" else argument.zh).split()) in "".join(text.split())


def test_a_verb_whose_module_is_missing_is_not_offered() -> None:
    assert list(available(exists=lambda module: module.endswith(".serving"))) == ["serve", "migrate"]


def test_no_verb_is_declared_twice() -> None:
    assert len({verb.name for verb in VERBS}) == len(VERBS)


@LANGUAGES
@pytest.mark.parametrize("words", [["swerve"], ["serve", "--wrokers", "2"], ["serve", "--workers", "two"], ["serve", "--bind"]])
def test_wrong_usage_ends_with_two_and_says_so_in_one_language(
    words: list[str], language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BIHUAN_LANGUAGE", language)
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("用法不对：" if language == "zh" else "Wrong usage: ")
    assert "--help" in said
    assert ("argument" in said or "arguments" in said) == (language == "en")


def test_no_verb_at_all_shows_the_overview(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "run the site and its follower" in capsys.readouterr().out
