"""The rules of the house that no linter knows: sizes, docstrings, lock files, and nothing that ties the code to one machine."""

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = sorted(path for path in (ROOT / "bihuan").rglob("*.py") if "migrations" not in path.parts)
TESTS = sorted(path for path in (ROOT / "tests").rglob("*.py") if path.stat().st_size)

LONGEST_FILE = 500
LONGEST_FUNCTION = 60
LONGEST_CLASS = 200
LONGEST_LINE = 180
MOST_PARAMETERS = 6

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


@cache
def functions() -> list[tuple[str, Function]]:
    found = ((path, node) for path in PACKAGE for node in ast.walk(parsed(path)) if isinstance(node, Function))
    return [(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node) for path, node in found]


@pytest.fixture(scope="module", autouse=True)
def _forgotten_behind() -> Iterator[None]:
    """The trees of every module are read once, and let go of."""
    yield
    parsed.cache_clear()
    functions.cache_clear()


def lines_of(node: Function | ast.ClassDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def tracked() -> list[Path]:
    """Every file git knows, as far as it is text of ours."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = [name for name in listed.stdout.split("\0") if name]
    return [ROOT / name for name in names if Path(name).suffix not in {".xlsx", ".docx", ".png", ".jpg", ".ico", ".parquet"} and (ROOT / name).is_file()]


def test_no_function_is_longer_than_a_page() -> None:
    assert [f"{place}: {lines_of(node)} lines" for place, node in functions() if lines_of(node) > LONGEST_FUNCTION] == []


def test_no_file_is_longer_than_can_be_read_in_one_sitting() -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in PACKAGE + TESTS}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


def test_no_class_knows_everything() -> None:
    classes = ((path, node) for path in PACKAGE for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef))
    assert [f"{path.name}: {node.name}" for path, node in classes if lines_of(node) > LONGEST_CLASS] == []


def test_no_line_needs_scrolling() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in PACKAGE + TESTS
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]
    assert long == []


def test_no_function_takes_more_than_six_parameters() -> None:
    def count(node: Function) -> int:
        every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        return len([argument for argument in every if argument.arg not in {"self", "cls"}])

    assert [place for place, node in functions() if count(node) > MOST_PARAMETERS] == []


def test_imports_stand_at_the_top() -> None:
    inside = [
        f"{place}: line {inner.lineno}"
        for place, node in functions()
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_every_module_says_what_it_is() -> None:
    assert [str(path.relative_to(ROOT)) for path in PACKAGE + TESTS if not ast.get_docstring(parsed(path))] == []


def test_every_public_function_and_class_says_what_it_does() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in PACKAGE
        for node in parsed(path).body
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b")
    assert [str(path.relative_to(ROOT)) for path in PACKAGE + TESTS if later.search(path.read_text("utf-8"))] == []


def test_nothing_names_the_machine_it_was_written_on() -> None:
    machine = re.compile(r"/w[o]rk/|/r[o]ot/|/h[o]me/[a-z]|/[o]pt/(wheels|pypi)|\.py[e]nv/")
    found = [str(path.relative_to(ROOT)) for path in tracked() if machine.search(path.read_text("utf-8", errors="replace"))]
    assert found == []


def test_no_secret_and_no_data_is_in_the_repository() -> None:
    names = [str(path.relative_to(ROOT)) for path in tracked()]
    assert [name for name in names if re.search(r"secret-key|\.sqlite3|^data/|^build/|^node_modules/|\.mo$", name)] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-cluster.lock", "requirements-node.lock"])
def test_python_packages_are_pinned_by_hash_and_name_no_host(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    for requirement in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(r"[a-z0-9-]+==\S+", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement


def test_npm_packages_are_pinned_by_hash_and_name_no_host() -> None:
    text = (ROOT / "package-lock.json").read_text("utf-8")
    assert "http" not in text
    packages = {name: facts for name, facts in json.loads(text)["packages"].items() if name}
    assert packages
    assert [name for name, facts in packages.items() if not facts.get("integrity", "").startswith("sha512-")] == []


def test_npm_runs_no_scripts_of_others() -> None:
    assert "ignore-scripts=true" in (ROOT / ".npmrc").read_text("utf-8").splitlines()
