"""What the verbs of lists of payments and of allocations share: which there are, and the deeds that take one from draft to confirmed."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from bihuan import clock
from bihuan.command.language import say
from bihuan.command.outcomes import OK, PROBLEMS, Refused, print_json
from bihuan.command.people import done_as
from bihuan.foundation.access import Actor
from bihuan.foundation.drafted_table import Drafted

_STATES = {"drafted": ("待复核", "to be reviewed"), "reviewed": ("待确认", "to be confirmed"), "confirmed": ("已确认", "confirmed"), "dropped": ("已作废", "laid aside")}

Words = tuple[str, str]
"""Chinese and English."""

T = TypeVar("T", bound=Drafted)


class Again(Protocol):
    """What came of computing one again: whether it is the same, of how many lines, and which of them differ."""

    @property
    def same(self) -> bool: ...
    @property
    def count(self) -> int: ...
    @property
    def differing(self) -> Sequence[Any]: ...


@dataclass(frozen=True)
class Sort(Generic[T]):
    """One sort of thing: its table and verb, what is done with it, what is said of it, and deeds that only it knows."""

    table: type[T]
    verb: str
    nothing: Words
    unnamed: Words
    confirmed: Words
    review: Callable[[Actor, int, datetime], object]
    confirm: Callable[[Actor, int, datetime], object]
    drop: Callable[[Actor, int, str, datetime], object]
    again: Callable[[T], Again]
    lines: Words
    named: Callable[[Any], str]
    line: Callable[[T], str]
    described: Callable[[T], Mapping[str, Any]]
    more: Mapping[str, Callable[[T, Namespace], int]] = field(default_factory=dict)


def do(sort: Sort[T], options: Namespace) -> int:
    """Do the deed that was named; without one, say which there are."""
    if options.deed == "list":
        return _list(sort, options.format)
    one = _numbered(sort, options)
    if options.deed in sort.more:
        return sort.more[options.deed](one, options)
    if options.deed == "again":
        return _again(sort, one)
    said = {"review": ("已复核，请另一位同志确认", "Reviewed; now somebody else confirms it"), "confirm": sort.confirmed, "drop": ("已作废", "Laid aside")}
    done_as(options.member, lambda actor: _done(sort, options, actor, one.pk))
    print(say(*said[options.deed]))
    return OK


def _done(sort: Sort[T], options: Namespace, actor: Actor, number: int) -> object:
    if options.deed == "drop":
        return sort.drop(actor, number, options.reason, clock.now())
    return (sort.review if options.deed == "review" else sort.confirm)(actor, number, clock.now())


def _list(sort: Sort[T], form: str) -> int:
    found = list(sort.table._default_manager.order_by("-id"))
    if form == "json":
        print_json([dict(sort.described(one)) for one in found])
        return OK
    if not found:
        print(say(*sort.nothing))
    for one in found:
        print(f"  {one.pk:>4}  {say(*_STATES[one.state])}  {sort.line(one)}  {one.title}")
    return OK


def _again(sort: Sort[T], one: T) -> int:
    found, (lines, lines_en) = sort.again(one), sort.lines
    if found.same:
        print(say(f"从账本重算 {found.count} {lines}，分毫不差", f"{found.count} {lines_en} computed again from the ledger with the same result"))
        return OK
    named = "、".join(map(sort.named, found.differing[:10]))
    print(say(f"从账本重算有 {len(found.differing)} {lines}不同：{named}", f"{len(found.differing)} {lines_en} differ when computed again: {named}"))
    return PROBLEMS


def _numbered(sort: Sort[T], options: Namespace) -> T:
    one = sort.table._default_manager.filter(pk=options.number).first() if options.number else None
    if one is None:
        raise Refused(f"{sort.unnamed[0]}：bihuan {sort.verb} {options.deed} 1", f"{sort.unnamed[1]}: bihuan {sort.verb} {options.deed} 1")
    return one
