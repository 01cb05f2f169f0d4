"""What an entry of the ledger says of one row. An entry that speaks of thousands is long to read, and never changes: a process takes it apart once."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Func, IntegerField, QuerySet, TextField, Value, When

from bihuan.foundation.models import Entry, Event

MOST_CHARACTERS = 16_000_000
"""So many characters of bodies are kept taken apart; those not asked for the longest go first."""

SHORT = 4_000
"""A body of no more bytes is read with its event; a larger one is taken apart."""

_LISTS = (("rows", "id"), ("edits", "id"), ("changes", "id"), ("verdicts", "entry"))
"""The lists of a body with an item for each row, and where an item names its row."""


@dataclass(frozen=True)
class Apart:
    """A body taken apart: what it says of all rows together, and by row (its number, or register and key) the items that speak of it, as text."""

    whole: str
    of_rows: dict[int | str, str]
    characters: int

    def about(self, row: Entry) -> str:
        """The body with the items of one row only."""
        body: dict[str, Any] = json.loads(self.whole)
        for place in (row.pk, _named(row.register, row.key)):
            for name, item in json.loads(self.of_rows.get(place, "[]")):
                _list(body, name).append(item)
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def apart(text: str) -> Apart:
    """Take a body apart."""
    body: dict[str, Any] = json.loads(text)
    found: dict[int | str, list[tuple[str, Any]]] = {}
    for name, row, item in list(_items(body)):
        found.setdefault(row, []).append((name, item))
    whole = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Apart(whole, {row: json.dumps(items, ensure_ascii=False, separators=(",", ":")) for row, items in found.items()}, len(text))


def _items(body: dict[str, Any]) -> Iterator[tuple[str, int | str, Any]]:
    """Each item that speaks of one row, with the list it stands in and its row; the lists are left without them."""
    if "into" not in body:  # a merger speaks of every row that went into one
        for name, key in _LISTS:
            yield from _taken(body, name, key)
    duties = body.get("duties")
    if isinstance(duties, dict):
        yield from (("duties.open", row, item) for _name, row, item in _taken(duties, "open", "entry"))
        for item in duties.get("change", ()):
            yield "duties.change", "|".join(item["key"].split("|")[1:3]), item
        if "change" in duties:
            duties["change"] = []


def _taken(body: dict[str, Any], name: str, key: str) -> Iterator[tuple[str, int, Any]]:
    items = body.get(name)
    if isinstance(items, list) and all(isinstance(item, dict) for item in items):
        body[name] = [item for item in items if not isinstance(item.get(key), int)]
        yield from ((name, item[key], item) for item in items if isinstance(item.get(key), int))


def _list(body: dict[str, Any], name: str) -> list[Any]:
    inner, _, last = name.rpartition(".")
    found: list[Any] = (body[inner] if inner else body)[last]
    return found


def _named(register: str, key: str) -> str:
    return f"{register}|{key}"


class Excerpts:
    """The bodies this process has taken apart, by number and hash of their entry: a rewritten ledger has other hashes."""

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self._most = most
        self._held: OrderedDict[tuple[int, str], Apart] = OrderedDict()
        self._lock = threading.Lock()

    def held(self, seq: int, digest: str) -> Apart | None:
        """The body of an entry where it was taken apart before."""
        with self._lock:
            found = self._held.get((seq, digest))
            if found:
                self._held.move_to_end((seq, digest))
            return found

    def put(self, seq: int, digest: str, body: str) -> Apart:
        """Take the body of an entry apart and keep it."""
        made = apart(body)
        with self._lock:
            self._held[seq, digest] = made
            while len(self._held) > 1 and sum(one.characters for one in self._held.values()) > self._most:
                self._held.popitem(last=False)
        return made


_excerpts = Excerpts()


def events_about(entry: Entry, chosen: QuerySet[Event], largest: int | None = None) -> list[Event]:
    """Events that speak of a row, newest first; of a long body only what speaks of it, of one of more than ``largest`` bytes nothing."""
    found = light(chosen, SHORT)
    long = {one.seq: _excerpts.held(one.seq, one.hash) for one in found if SHORT < one.__dict__["size"] <= (largest or one.__dict__["size"])}
    unread = [seq for seq, held in long.items() if held is None]
    for seq, digest, body in Event.objects.filter(seq__in=unread).values_list("seq", "hash", "body") if unread else ():
        long[seq] = _excerpts.put(seq, digest, body)
    for one in found:
        if (held := long.get(one.seq)) is not None:
            one.body = held.about(entry)
    return found


def light(chosen: QuerySet[Event], largest: int, part: slice = slice(None)) -> list[Event]:
    """Events, newest first, without the bodies of more than so many bytes."""
    size = Func("body", function="octet_length", output_field=IntegerField())  # told without reading the text
    body = Case(When(size__lte=largest, then="body"), default=Value("{}"), output_field=TextField())
    rows = chosen.annotate(size=size, short=body).defer("body").order_by("-seq")
    found: list[Event] = list(rows[part])
    for one in found:
        one.body = one.__dict__["short"]
    return found
