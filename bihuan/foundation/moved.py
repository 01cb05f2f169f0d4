"""What in a paper differs from the same paper computed again: figure by figure, cell by cell, old beside new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, zip_longest
from typing import Any

Part = Mapping[str, Any]

PLACE = "序号"
"""The heading of a column that only counts the rows: it moves where one comes or goes, which is told by itself."""
TOGETHER = 3
"""So many columns together may name a row."""
GONE = ""
"""What stands for a row or paragraph that is not there on one side."""


@dataclass(frozen=True)
class Moved:
    """One difference: where it stands (stable while the paper's shape is), what it is called, the paper's value, the ledger's now."""

    key: str
    title: str
    was: str
    now: str

    def body(self) -> dict[str, str]:
        """As the ledger keeps it."""
        return {"key": self.key, "title": self.title, "was": self.was, "now": self.now}


def moved(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[Moved]:
    """Every difference between two contents ({title, recipient, content}); empty where nothing moved."""
    found = [Moved(key, title, was[key], now[key]) for key, title in (("title", "标题"), ("recipient", "主送")) if was[key] != now[key]]
    before, after = was["content"], now["content"]
    if (sender := (str(before.get("sender", "")), str(after.get("sender", ""))))[0] != sender[1]:
        found.append(Moved("sender", "发文机关", *sender))
    pairs = zip_longest(before.get("parts", ()), after.get("parts", ()))
    return [*found, *(one for place, (old, new) in enumerate(pairs) for one in _part(place, old, new))]


def unlooked(found: Sequence[Moved], kept: Sequence[Mapping[str, str]]) -> list[Moved]:
    """Those nobody has looked at: not kept with a reason, or moved again since."""
    looked = {(one["key"], one["was"], one["now"]) for one in kept}
    return [one for one in found if (one.key, one.was, one.now) not in looked]


def _part(place: int, old: Part | None, new: Part | None) -> Iterator[Moved]:
    if old is None or new is None or ("text" in old) != ("text" in new):
        yield Moved(f"{place}", f"第 {place + 1} 部分", _told(old), _told(new))
    elif "text" in old:
        yield from _text(place, old, new)
    else:
        yield from _table(place, old, new)


def _told(part: Part | None) -> str:
    if part is None:
        return GONE
    return str(part["text"]) if "text" in part else "\n".join(" ".join(line) for line in part["lines"])


def _text(place: int, old: Part, new: Part) -> Iterator[Moved]:
    """The figures of a paragraph; where its words differ besides, the whole of it."""
    before, after = _figures(old), _figures(new)
    if [name for name, _value, _offset in before] != [name for name, _value, _offset in after]:
        yield Moved(f"{place}", f"第 {place + 1} 部分", str(old["text"]), str(new["text"]))
        return
    for at, ((name, value, _), (_, fresh, _)) in enumerate(zip(before, after, strict=True)):
        if value != fresh:
            yield Moved(f"{place}/{at}", name, value, fresh)
    if _without(str(old["text"]), before) != _without(str(new["text"]), after):
        yield Moved(f"{place}", f"第 {place + 1} 部分", str(old["text"]), str(new["text"]))


def _figures(part: Part) -> list[tuple[str, str, int]]:
    sources = (source for source in part.get("sources", ()) if source.get("value"))
    return [(str(source.get("name", "")), str(source["value"]), int(source.get("offset", 0))) for source in sources]


def _without(text: str, figures: Sequence[tuple[str, str, int]]) -> list[str]:
    """The words between the figures."""
    words, done = [], 0
    for _name, value, offset in figures:
        words.append(text[done:offset])
        done = offset + len(value)
    return [*words, text[done:]]


def _table(place: int, old: Part, new: Part) -> Iterator[Moved]:
    """Cell by cell, rows matched by what they are called; rows that came or went as a whole."""
    title = str(old.get("title") or f"第 {place + 1} 部分")
    heading = list(old["heading"])
    if heading != list(new["heading"]):
        yield Moved(f"{place}", title, _told(old), _told(new))
        return
    named = _naming(heading, [*old["lines"], *new["lines"]], len(old["lines"]))
    before, after = _by_name(old["lines"], named), _by_name(new["lines"], named)
    for name in [*before, *(name for name in after if name not in before)]:
        mine, theirs = before.get(name), after.get(name)
        if mine is None or theirs is None:
            yield Moved(f"{place}/{name}", f"{title}·{name}", " ".join(mine or ()), " ".join(theirs or ()))
            continue
        for column, was, now in zip(heading, mine, theirs, strict=True):
            if was != now and column != PLACE:
                yield Moved(f"{place}/{name}/{column}", f"{title}·{name}·{column}", was, now)
    if list(before) != list(after) and sorted(before) == sorted(after):
        yield Moved(f"{place}/order", f"{title}·顺序", "、".join(before), "、".join(after))


def _naming(heading: Sequence[str], lines: Sequence[Sequence[str]], split: int) -> tuple[int, ...]:
    """The first column that tells the rows of both sides apart and is no plain number, or the first few columns that do together; else none."""
    words = [column for column in range(len(heading)) if not any(line[column].strip().isdecimal() for line in lines)]
    for chosen in (chosen for size in range(1, TOGETHER + 1) for chosen in combinations(words, size)):
        names = [tuple(line[column] for column in chosen) for line in lines]
        mine, theirs = names[:split], names[split:]
        if len(set(mine)) == len(mine) and len(set(theirs)) == len(theirs):
            return chosen
    return ()


def _by_name(lines: Sequence[Sequence[str]], named: tuple[int, ...]) -> dict[str, Sequence[str]]:
    return {("·".join(line[column] for column in named) if named else f"第 {at} 行"): line for at, line in enumerate(lines, start=1)}
