"""An edition of a pack that somebody sends in to be looked at: one mechanism, or the whole pack as an archive. It is read, and nothing is adopted.

What is taken is held to the same as a pack on disk: plain YAML, no tags or aliases, nothing unseen, every house rule.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from bihuan.foundation import loading
from bihuan.foundation.grammar.errors import PackError, Problem
from bihuan.foundation.grammar.fingerprints import Change
from bihuan.foundation.grammar.lint import lint
from bihuan.foundation.grammar.packs import HEAD, SUFFIXES, Pack, read_pack
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.yaml_text import decode, read
from bihuan.foundation.sheets.archive import Sort, contents, damaged
from bihuan.foundation.sheets.cells import MB, Limits, Unreadable

LIMITS = Limits(size=4 * MB, members=300, unpacked=20 * MB)
"""How large an edition may be: the shipped packs together are a tenth of it."""

_EXAMPLE = "enterprise_policy.zip, tech_ladder.yaml"
ZIP = Sort("zip", "重新打包", "pack it anew", "只打包一个应用包", "put one pack into it", _EXAMPLE)


@dataclass(frozen=True)
class Sent:
    """An edition as it came: the pack, what differs from the one in force by mechanism, and what is worth a look though no reason to refuse it."""

    pack: Pack
    changes: Mapping[str, Sequence[Change]]
    advice: Sequence[Problem]

    @property
    def said_changes(self) -> list[tuple[bool, str, str]]:
        """Every change: whether it can move a number, and what it is in Chinese and English."""
        return [
            (change.number, f"{mechanism or self.pack.key}：{change.zh}", f"{mechanism or self.pack.key}: {change.en}")
            for mechanism, several in self.changes.items() for change in several
        ]  # fmt: skip


def in_a_line(problem: Problem) -> Refused:
    """What is wrong and what the rule demands, in a line of each language."""
    chinese, english = (" ".join(filter(None, parts)) for parts in ((problem.what, problem.why), (problem.what_en or problem.what, problem.why_en)))
    return Refused(chinese, english, problem.example)


def read_sent(name: str, content: bytes, day: date) -> Sent:
    """Read and check an edition against the packs in force on a day.

    Raises Unreadable where it is no pack at all, and PackError with everything that is wrong with its rules.
    """
    if len(content) > LIMITS.size:
        raise _refused(f"文件超过 {LIMITS.size // MB} MB", f"the file is larger than {LIMITS.size // MB} MB")
    suffix = name.rpartition(".")[2].lower()
    if suffix not in ("yaml", "zip"):
        raise _refused("只接收一个机制的 .yaml，或整个应用包的 .zip", "only the .yaml of one mechanism or the .zip of a pack is taken")
    pack = read_pack(_unpacked(content) if suffix == "zip" else _with_mechanism(name, content, day))
    changes = loading.plan(pack, day).changes  # raises where it does not fit the others
    found = lint([pack], day, among=loading.packs_on(day))
    wrong = [one.problem for one in found if not one.advice]
    if wrong:
        raise PackError(wrong)
    return Sent(pack, changes, [one.problem for one in found])


def _unpacked(content: bytes) -> dict[str, str]:
    """The files of a pack in an archive, in its root or in one folder; what is no text of a pack is left aside, as on disk."""
    kept = [member for member in contents(content, LIMITS, ZIP) if not member.is_dir() and member.filename.endswith(SUFFIXES)]
    heads = [member.filename for member in kept if member.filename.rpartition("/")[2] == HEAD]
    if len(heads) != 1:
        raise _refused("压缩包里要有且只有一个 pack.yaml", "the archive needs one pack.yaml, and only one")
    folder = heads[0].removesuffix(HEAD)
    files = {}
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for member in kept:
                file = member.filename.removeprefix(folder)
                if member.filename.startswith(folder) and "/" not in file:
                    files[file] = decode(_member(archive, member), file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise damaged(ZIP) from error
    return files


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A member, and not a byte more than its table of contents said: that is what was looked at."""
    with archive.open(member) as file:
        content = file.read(member.file_size + 1)
    if len(content) > member.file_size:
        raise damaged(ZIP)
    return content


def _with_mechanism(name: str, content: bytes, day: date) -> Mapping[str, str]:
    """The pack in force that has this mechanism, with the file in place of its own."""
    text = decode(content, name)
    tree = read(text, name).tree
    key = tree.get("mechanism") if isinstance(tree, dict) else None
    for pack in loading.packs_on(day):
        if isinstance(key, str) and key in pack.file_of:
            return {**pack.files, pack.file_of[key]: text}
    raise _refused(
        "文件里没有写 mechanism，或现行的应用包里没有这个机制；新机制请连同整个应用包打成 zip",
        "the file names no mechanism, or no pack in force has it; send a new mechanism in with its whole pack as a zip",
    )


def _refused(what: str, what_en: str) -> Unreadable:
    return Unreadable(Refused(what, what_en, _EXAMPLE))
