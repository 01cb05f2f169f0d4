"""A pack as loaded: its head, its mechanisms, its worked examples, and the place of every value in its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as Folder
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bihuan.foundation.grammar.errors import PackError, Place, Problem
from bihuan.foundation.grammar.examples import Example, Worked
from bihuan.foundation.grammar.explaining import explain
from bihuan.foundation.grammar.fingerprints import Fingerprints, of_mechanism, of_pack
from bihuan.foundation.grammar.mechanisms import Mechanism, PackHead
from bihuan.foundation.grammar.yaml_text import Lines, Path, Source, Tree, decode, read

S = TypeVar("S", bound=BaseModel)

HEAD = "pack.yaml"
SUFFIXES = (".yaml", ".md", ".html")
"""The files that belong to a pack's text; demonstration rows (.csv) do not."""


@dataclass(frozen=True)
class Pack:
    """One folder of mechanisms. ``files`` holds the text of every file, ``lines`` where the values of each YAML file stand."""

    head: PackHead
    mechanisms: Mapping[str, Mechanism]
    examples: tuple[Worked, ...]
    files: Mapping[str, str]
    lines: Mapping[str, Lines]
    file_of: Mapping[str, str]

    @property
    def key(self) -> str:
        """The pack's own name."""
        return self.head.pack

    @property
    def fingerprints(self) -> Fingerprints:
        """What identifies the pack's numbers, and its words."""
        return of_pack(self.head, self.mechanisms)

    def fingerprints_of(self, mechanism: str) -> Fingerprints:
        """What identifies one mechanism's numbers, and its words."""
        return of_mechanism(self.mechanisms[mechanism])

    def place(self, mechanism: str, *path: str | int) -> Place:
        """Where a key of a mechanism is written."""
        return self.lines[self.file_of[mechanism]].place(*path)


def load_pack(folder: Folder) -> Pack:
    """Read the pack in ``folder``. Raises PackError with everything that is wrong; OSError where the folder cannot be read."""
    problems: list[Problem] = []
    files: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        shown = f"{folder.name}/{path.name}"
        if path.suffix == ".yml":
            problems.append(_wrong_suffix(shown))
        if path.suffix in SUFFIXES and path.is_file():
            try:
                files[path.name] = decode(path.read_bytes(), shown)
            except PackError as error:
                problems.extend(error.problems)
    try:
        pack = read_pack(files, folder.name)
    except PackError as error:
        problems.extend(error.problems)
    if problems:
        raise PackError(sorted(problems, key=lambda problem: problem.place))
    return pack


def read_pack(files: Mapping[str, str], folder: str = "") -> Pack:
    """Make a pack of its files' texts, by name: ``pack.yaml``, one mechanism a file, ``examples*.yaml``, README.md, templates.

    ``folder`` stands before the files' names in places. Raises PackError with everything that is wrong.
    """
    problems: list[Problem] = []
    prefix = f"{folder}/" if folder else ""
    sources = _sources(files, prefix, problems)
    head = _head(sources, prefix, problems)
    mechanisms: dict[str, Mechanism] = {}
    file_of: dict[str, str] = {}
    examples: list[Worked] = []
    for file, source in sources.items():
        if _holds_examples(file):
            examples.extend(_examples(source, problems))
        elif file != HEAD:
            mechanism = _shaped(Mechanism, source.tree, source.lines, problems)
            if mechanism and mechanism.mechanism in mechanisms:
                problems.append(_twice(source.lines, mechanism.mechanism, file_of[mechanism.mechanism]))
            elif mechanism:
                mechanisms[mechanism.mechanism] = mechanism
                file_of[mechanism.mechanism] = file
    if problems or head is None:
        raise PackError(sorted(problems, key=lambda problem: problem.place))
    return Pack(head, mechanisms, tuple(examples), dict(files), {file: source.lines for file, source in sources.items()}, file_of)


def _holds_examples(file: str) -> bool:
    return file == "examples.yaml" or file.startswith("examples_")


def _sources(files: Mapping[str, str], prefix: str, problems: list[Problem]) -> dict[str, Source]:
    """The YAML files as trees, in the order of their names."""
    sources: dict[str, Source] = {}
    for file in sorted(files):
        if file.endswith(".yaml"):
            try:
                sources[file] = read(files[file], prefix + file)
            except PackError as error:
                problems.extend(error.problems)
    return sources


def _shaped(shape: type[S], tree: Tree, lines: Lines, problems: list[Problem], base: Path = ()) -> S | None:
    try:
        return shape.model_validate(tree)
    except ValidationError as error:
        problems.extend(explain(error, shape, lines, base))
        return None


def _head(sources: Mapping[str, Source], prefix: str, problems: list[Problem]) -> PackHead | None:
    if HEAD in sources:
        return _shaped(PackHead, sources[HEAD].tree, sources[HEAD].lines, problems)
    if not any(problem.place.file == prefix + HEAD for problem in problems):
        problems.append(Problem(
            Place(prefix + HEAD), "pack", "没有 pack.yaml", "它写明这个包归谁管、依据什么、自何时起适用。", "pack: major_projects",
            "there is no pack.yaml", "It says who owns the pack, what it rests on and from when it counts.",
        ))  # fmt: skip
    return None


def _examples(source: Source, problems: list[Problem]) -> list[Worked]:
    if source.tree is None:
        return []
    if not isinstance(source.tree, list):
        problems.append(Problem(
            source.lines.place(), "shape", "算例要写成列表", "每个算例以“- example: 说的是什么”开头。", "- example: 进度跌破八成，六月亮红灯",
            "examples are a list", "Each begins with “- example: what it shows”.",
        ))  # fmt: skip
        return []
    shaped = [(_shaped(Example, tree, source.lines, problems, (number,)), number) for number, tree in enumerate(source.tree)]
    return [Worked(shape, source.lines, (number,)) for shape, number in shaped if shape]


def _twice(lines: Lines, mechanism: str, first: str) -> Problem:
    return Problem(
        lines.place("mechanism"), "pack", f"机制代号 {mechanism} 与 {first} 重复", "代号是机制在包里的名字，只能有一个。", "mechanism: key_projects",
        f"the mechanism key {mechanism} is also that of {first}", "The key is its name in the pack.",
    )  # fmt: skip


def _wrong_suffix(file: str) -> Problem:
    return Problem(
        Place(file), "pack", "文件名以 .yml 结尾", "只读 .yaml 文件；别的后缀会被悄悄漏掉。", file.replace(".yml", ".yaml"),
        "the file ends in .yml", "Only .yaml files are read; another suffix would be left out silently.",
    )  # fmt: skip
