"""YAML read as plain text: every scalar is the text that was written, and every value knows its line.

YAML's own guesses (``on`` is True, ``0123`` is 83, ``1:30`` is 90) are never made: the shapes decide what a text means.
Anchors, aliases, tags and merge keys are refused, because a reviewed file must say what it says where it says it.
The tree is built from the parser's events, without recursion: a hostile file can neither exhaust the stack nor grow.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn, TypeAlias, Union

import yaml

from bihuan.foundation.grammar.errors import PackError, Place, Problem

Tree: TypeAlias = Union[str, "list[Tree]", "dict[str, Tree]", None]
Path: TypeAlias = tuple[str | int, ...]

LARGEST_FILE = 1_000_000
DEEPEST = 30
MOST_NODES = 200_000

_NOTHING = {"", "~", "null", "Null", "NULL"}
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)

_NO_UNSEEN = "控制字符、零宽字符和改变书写方向的字符会让人看到的与机器读到的不同。"
_NO_JUMPING = "规则要写在它起作用的地方，读的人不必跳着找。"


@dataclass(frozen=True)
class Lines:
    """Where every value of one file stands: its key path and its line, from 1."""

    file: str
    lines: dict[Path, int] = field(default_factory=dict)

    def place(self, *path: str | int) -> Place:
        """The place of a path; a path that is not written has the line of the nearest one above it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return Place(self.file, self.lines[path[:length]], dotted(path))
        return Place(self.file, 0, dotted(path))


@dataclass(frozen=True)
class Source:
    """One file as read: texts, lists and mappings only, with the line of each."""

    tree: Tree
    lines: Lines


def dotted(path: Path) -> str:
    """A key path as people read it: ``lights.plate.conditions.2.if`` (items of a list count from 1)."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def decode(content: bytes, file: str) -> str:
    """The text of a file. Raises PackError when it is too large or not UTF-8."""
    if len(content) > LARGEST_FILE:
        raise PackError([_too_large(file)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise PackError([Problem(
            Place(file, line), "yaml", "文件不是 UTF-8 编码", "规则文件须在任何电脑上读出同样的文字。", "用编辑器“另存为”，编码选 UTF-8",
            "the file is not UTF-8", "A rule must read the same on every machine.",
        )]) from None


def read(text: str, file: str) -> Source:
    """Read one YAML document from ``text``.

    Raises PackError naming every refused construct with its line: syntax, duplicate keys, anchors, aliases, tags, merge keys,
    several documents, invisible characters, more than 1 MB, 30 levels or 200,000 nodes.
    """
    if len(text) > LARGEST_FILE or len(text.encode()) > LARGEST_FILE:
        raise PackError([_too_large(file)])
    unseen = _unseen_characters(text, file)
    if unseen:
        raise PackError(unseen)
    builder = _Builder(Lines(file, {(): 1}))
    try:
        for event in yaml.parse(text.removeprefix("\ufeff"), Loader=yaml.CBaseLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise PackError([*builder.problems, _syntax(error, file, text)]) from None
    if builder.problems:
        raise PackError(builder.problems)
    return Source(builder.tree, builder.lines)


def _too_large(file: str) -> Problem:
    return Problem(
        Place(file), "yaml", "文件超过 1 MB", "一个机制写在一个文件里，一页能读完；这么大多半混进了数据。", "把数据放进表格导入",
        "the file is larger than 1 MB", "A mechanism is one file that a person can read; this one probably holds data.",
    )  # fmt: skip


def _unseen_characters(text: str, file: str) -> list[Problem]:
    problems = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        found = _UNSEEN.search(line)
        if found:
            code = f"U+{ord(found[0]):04X}"
            problems.append(Problem(
                Place(file, number), "yaml", f"第 {found.start() + 1} 个字符 {code} 看不见",
                _NO_UNSEEN, "删掉这个字符，重新输入这一行",
                f"character {found.start() + 1}, {code}, cannot be seen",
                "Control, zero-width and direction characters make people and machines read different rules.",
            ))
    return problems


_COLON = "值里有冒号加空格时，整个值用引号括起来。"
_BRACES = "一行式写法里，值若含 { } [ ] 或英文逗号，要用引号括起来。"
_PAIRS = "引号和括号要成对。"
_ALIGN = "同一层的键（或“- ”）要左对齐，缩进只用空格。"
_NOT_YAML = ["不是合格的 YAML", "缩进、冒号、引号或括号有一处不对。", "title: 签约"]
_TAB = "found a tab"
_SYNTAX = (
    ("mapping values are not allowed", "一行里有两个“: ”，或缩进不对", _COLON, "title: '第一条: 总则'"),
    (_TAB, "缩进用了制表符", _ALIGN, "  title: 签约"),
    ("found character that cannot start any token", "值以 @ % ` 开头", "以特殊符号开头的值要加引号。", "unit: '%'"),
    ("found unexpected end of stream", "引号或括号没有配对", _PAIRS, "choices: [在建, 竣工]"),
    ("while scanning a quoted scalar", "引号没有配对", _PAIRS, "title: '签约'"),
    ("could not find expected ':'", "缺少“键: 值”的冒号，或冒号后没有空格", "冒号用英文半角，后面空一格。", "title: 签约"),
    ("flow mapping", "花括号 { } 里的写法不对", _BRACES, "{colour: red, because: '滞后 {滞后天数} 天'}"),
    ("flow sequence", "方括号 [ ] 里的写法不对", _BRACES, "who: [officer, supervisor]"),
    ("block mapping", "缩进没有对齐", _ALIGN, "title: 签约"),
    ("block collection", "缩进没有对齐", _ALIGN, "- example: 进度跌破八成"),
)


def _syntax(error: yaml.MarkedYAMLError, file: str, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    said = f"{error.context or ''} {error.problem or ''}".strip()
    line = mark.line + 1 if mark else 0
    raw = text.split("\n")[line - 1] if 0 < line <= text.count("\n") + 1 else ""
    written = raw.strip()[:60]
    if "\t" in raw[: len(raw) - len(raw.lstrip())]:  # the parser speaks of a character that starts no token
        said = _TAB
    what, why, example = next((hint for sign, *hint in _SYNTAX if sign in said), _NOT_YAML)
    what = f"{what}：{written}" if written else what
    return Problem(Place(file, line), "yaml", what, why, example, f"not valid YAML: {said}", "YAML goes by indentation, colons and quotes.")


class _Builder:
    """Turns the parser's events into a tree, keeping a stack of the collections that are open."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.tree: Tree = None
        self.problems: list[Problem] = []
        self._open: list[list[Tree] | dict[str, Tree]] = []
        self._keys: list[str | None] = []
        self._steps: list[str | int] = []
        self._nodes = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Take one event in. Raises PackError at once where going on would be dangerous (depth, number of values)."""
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents == 2:
                self._refuse(event, "一个文件里有两份文档（---）", "一个机制一个文件。", "拆成两个文件", "two documents in one file")
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"用了别名 *{event.anchor}", _NO_JUMPING, "把内容写全", f"the alias *{event.anchor}")
            self._put(None, event)
        elif isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
            self._node(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._open.pop()
            self._keys.pop()
            if self._steps:
                self._steps.pop()

    def _node(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            self._stop(event, f"超过 {MOST_NODES} 个值", "规则文件不是数据文件。", "把数据放进表格导入", f"more than {MOST_NODES} values")
        if event.anchor:
            self._refuse(event, f"用了锚点 &{event.anchor}", _NO_JUMPING, "把内容写全", f"the anchor &{event.anchor}")
        if event.tag:
            self._refuse(event, f"用了标签 {event.tag}", "类型由语法决定，不由文件指定。", "title: '0123'", f"the tag {event.tag}")
        if isinstance(event, yaml.ScalarEvent):
            self._put(self._scalar(event), event)
        else:
            self._put({} if isinstance(event, yaml.MappingStartEvent) else [], event)

    def _scalar(self, event: yaml.ScalarEvent) -> str | None:
        if _is_plain(event) and event.value in _NOTHING:
            return None
        if _UNSEEN.search(event.value):
            self._refuse(event, "转义写出了看不见的字符", _NO_UNSEEN, "直接写出看得见的文字", "an escape that gives an invisible character")
        return unicodedata.normalize("NFC", event.value)

    def _put(self, value: Tree, event: yaml.Event) -> None:
        """Hang ``value`` where it belongs: as the root, an item, a key that waits for its value, or the value of that key."""
        line = _line(event)
        holder = self._open[-1] if self._open else None
        if isinstance(holder, dict) and self._keys[-1] is None:
            self._keys[-1] = self._new_key(value, holder, event)
            return
        if holder is None:
            self._take_root(value, line)
        elif isinstance(holder, list):
            holder.append(value)
            self._steps.append(len(holder) - 1)
            self.lines.lines[tuple(self._steps)] = line
        else:
            key = self._keys[-1] or ""
            holder[key] = value
            self._keys[-1] = None
            self._steps.append(key)
        if isinstance(value, (dict, list)):
            if len(self._open) >= DEEPEST:
                self._stop(event, f"嵌套超过 {DEEPEST} 层", "没有一条规则需要这么深。", "减少嵌套", f"nested deeper than {DEEPEST}")
            self._open.append(value)
            self._keys.append(None)
        elif holder is not None:
            self._steps.pop()

    def _take_root(self, value: Tree, line: int) -> None:
        if self._documents <= 1:
            self.tree = value
            self.lines.lines[()] = line

    def _new_key(self, value: Tree, holder: dict[str, Tree], event: yaml.Event) -> str:
        if isinstance(value, (dict, list)):
            self._stop(event, "键不能是列表或映射", _BRACES, "because: '滞后 {滞后天数} 天'", "a key must be a word")
        key = str(value or "")
        path = (*self._steps, key)
        if key == "<<" and _is_plain(event):
            self._refuse(event, "用了合并键 <<", _NO_JUMPING, "把内容写全", "a merge key")
        if key in holder:
            first = self.lines.lines[path]
            twice = f"the key {key} is written twice (first in line {first})"
            self._refuse(event, f"键 {key} 写了两次（第 {first} 行已有）", "后一个会悄悄盖掉前一个。", "删掉一个，或换个名称", twice)
        holder.setdefault(key, None)
        self.lines.lines[path] = _line(event)
        return key

    def _refuse(self, event: yaml.Event, what: str, why: str, example: str, english: str) -> None:
        place = Place(self.lines.file, _line(event), dotted(tuple(self._steps)))
        self.problems.append(Problem(place, "yaml", what, why, example, english, "A rule must say what it says where it stands."))

    def _stop(self, event: yaml.Event, what: str, why: str, example: str, english: str) -> NoReturn:
        """Refuse and read no further: what follows could not be understood, or would be dangerous to build."""
        self._refuse(event, what, why, example, english)
        raise PackError(self.problems)


def _is_plain(event: yaml.Event) -> bool:
    """Whether a scalar stands without quotes (the C parser says ``""``, the Python one None)."""
    return isinstance(event, yaml.ScalarEvent) and not event.style


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def walk(tree: Tree, path: Path = ()) -> Iterator[tuple[Path, Tree]]:
    """Every value of a tree with its path, from the top down."""
    yield path, tree
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from walk(value, (*path, key))
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            yield from walk(value, (*path, number))
