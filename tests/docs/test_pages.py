"""Links lead somewhere, commands can be run, and what a page names is there."""

import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest

from bihuan.command.verbs import VERBS
from bihuan.environment import SETTINGS
from bihuan.foundation import models
from bihuan.foundation.access import ALLOWED, ROLES
from bihuan.foundation.grammar.lifecycles import Move
from bihuan.foundation.projections import EXEMPT, KINDS, PROJECTED
from bihuan.foundation.sheets.cells import LIMITS
from tests.docs.pages import OURS, PAGES, READMES, ROOT, anchors, code, named, prose, text_of

VERB = {verb.name: verb for verb in VERBS}
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
EACH = pytest.mark.parametrize("page", PAGES, ids=named)
OWN = pytest.mark.parametrize("page", OURS, ids=named)
COMMANDS = [(page, line) for page in PAGES for line in code(text_of(page)) if re.search(r"(?:^|[ /])bihuan [a-z]+", line)]


def docs_page(name: str) -> str:
    return text_of(ROOT / "docs" / f"{name}.md")


@EACH
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(text_of(page))):
        place, _, anchor = target.partition("#")
        file = (page.parent / place).resolve() if place else page
        if target.startswith("http"):
            continue
        if not file.exists() or (anchor and anchor not in anchors(text_of(file))):
            dead.append(target)
    assert dead == []


def test_every_page_is_reached_from_the_first() -> None:
    index = docs_page("README")
    names = {page.name for page in (ROOT / "docs").iterdir() if page.is_file()} - {"README.md"}
    assert [name for name in sorted(names) if f"({name})" not in index] == []


@pytest.mark.parametrize(("page", "line"), COMMANDS, ids=lambda given: given if isinstance(given, str) else named(given))
def test_every_command_shown_is_one_there_is(page: Path, line: str) -> None:
    line = line.partition("    #")[0].replace("…", "")
    for written in re.findall(r"(?:^|[ /])bihuan ([a-z][^&;|）。]*)", line):
        name, *words = shlex.split(written)
        assert name in VERB, f"{named(page)}: {line}"
        known = {spelling for argument in VERB[name].arguments for spelling in argument.names} | {"--help"}
        assert [word for word in words if word.startswith("--") and word.partition("=")[0] not in known] == [], f"{named(page)}: {line}"


@OWN
def test_every_target_of_make_is_one_there_is(page: Path) -> None:
    named_targets = {target for line in code(text_of(page)) for target in re.findall(r"^make ([a-z-]+)", line)}
    assert named_targets - TARGETS == set()


@OWN
def test_every_setting_named_is_one_there_is(page: Path) -> None:
    known = {setting.name for setting in SETTINGS} | {"BIHUAN_TEST_DATABASE", "BIHUAN_SHARED", "BIHUAN_BENCH_DATABASE"}
    assert set(re.findall(r"BIHUAN_[A-Z_]+", text_of(page))) - known == set()


@OWN
def test_every_file_of_ours_that_is_named_is_there(page: Path) -> None:
    names = {name.partition(":")[0] for name in re.findall(r"`([\w./]+\.(?:py|yaml|toml|in|lock)(?::\w+)?)`", prose(text_of(page)))}
    names |= set(re.findall(r"`((?:bihuan|tests|bench|tools|docs)/[\w./]*)`", prose(text_of(page))))
    known = [f"/{path.relative_to(ROOT)}" for folder in ("bihuan", "tests", "bench", "tools", "docs") for path in (ROOT / folder).rglob("*")]
    known += [f"/{path.name}" for path in ROOT.iterdir()]
    shown = {"pack.yaml", "examples.yaml", "roads.yaml", "roads/roads.yaml", "functions.py", "investment.yaml"}
    assert [name for name in sorted(names - shown) if not any(file.endswith(f"/{name.rstrip('/')}") for file in known)] == []


@OWN
def test_every_module_and_function_named_is_there(page: Path) -> None:
    missing = []
    for name in re.findall(r"`(bihuan(?:\.\w+)+)`", prose(text_of(page))):
        module, _, last = name.rpartition(".")
        if find_spec(name) is None and last not in (ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8"):
            missing.append(name)
    assert missing == []


def test_the_page_of_architecture_names_every_table() -> None:
    page = docs_page("architecture")
    tables = [*PROJECTED, *(table for table in EXEMPT if not isinstance(table, str))]
    assert [table.__name__ for table in tables if f"`{table.__name__}`" not in page] == []
    named_tables = set(re.findall(r"`([A-Z][A-Za-z]+)`", page.partition("## What is stored")[2].partition("\n## ")[0]))
    assert [name for name in named_tables if not hasattr(models, name)] == []


def test_the_page_of_the_ledger_names_every_kind_of_event() -> None:
    section = docs_page("ledger").partition("## Kinds")[2].partition("\n## ")[0]
    assert sorted(re.findall(r"`([a-z_.]+)`", section)) == sorted(KINDS)


def test_the_page_of_security_says_who_may_do_what() -> None:
    section = docs_page("security").partition("## Who may do what")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \| (\S+) \|", section, re.MULTILINE) == [(role, zh) for role, (zh, _) in ROLES.items()]
    said = {
        action: set(roles.split(", "))
        for actions, roles in re.findall(r"^\| ((?:`[\w.]+` ?)+) \| ([a-z, ]+) \|$", section, re.MULTILINE)
        for action in re.findall(r"`([\w.]+)`", actions)
    }
    assert said == {action: set(roles) for action, roles in ALLOWED.items()}
    assert "other_than" in Move.model_fields


def test_the_page_of_security_gives_the_limits_of_sheets() -> None:
    section = docs_page("security").partition("## Hostile sheets")[2].partition("\n## ")[0]
    megabyte = 1024 * 1024
    for limit in (
        f"{LIMITS.size // megabyte} MB", f"{LIMITS.unpacked // megabyte} MB", f"{LIMITS.ratio} times", f"{LIMITS.members:,} members",
        f"{LIMITS.rows:,} · {LIMITS.columns} · {LIMITS.cells:,}", f"{LIMITS.letters:,} characters",
        f"{LIMITS.memory // megabyte:,} MB · {LIMITS.processor_seconds} s · {LIMITS.wall_seconds} s",
    ):  # fmt: skip
        assert limit in section


def test_both_readmes_show_the_same() -> None:
    def shown(page: Path) -> dict[str, list[str]]:
        text = text_of(page)
        return {
            "commands": re.findall(r"^    (make \w+)", text, re.MULTILINE),
            "pictures": re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text),
            "links": [link for link in re.findall(r"[^!]\[[^\]]+\]\(([^)]+)\)", text) if not link.startswith("README")],
            "verbs": re.findall(r"`(bihuan \w+)`", text),
            "blocks": re.findall(r"^```.*?^```$", text, re.DOTALL | re.MULTILINE),
            "sections": ["" for _ in re.findall(r"^## ", text, re.MULTILINE)],
        }

    english, chinese = map(shown, READMES)
    assert english == chinese
    assert english["commands"][:2] == ["make demo", "make test"]


def test_a_readme_begins_with_the_two_commands() -> None:
    for page in READMES:
        assert re.findall(r"^    make (\w+)", "\n".join(text_of(page).splitlines()[:6]), re.MULTILINE) == ["demo", "test"]


def test_pages_are_written_in_short_lines_and_without_boasting() -> None:
    boasts = re.compile(r"\b(powerful|seamless|robust|blazing|cutting-edge|world-class|revolutionary|leverag\w+|simply|easily)\b|赋能|抓手|一站式|强大")
    found = {named(page): boasts.findall(text_of(page)) for page in OURS if page.name not in ("words.md",)}
    assert {name: words for name, words in found.items() if words} == {}
