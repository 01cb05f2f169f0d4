"""Documents read into a register: each finding becomes a row that waits for people, and may be split in two or merged into another.

Nothing is decided here. A row counts once one person took it up and another confirmed it, which are moves of the register's lifecycle; what
then starts are its handoffs. Each deed is one transaction: all of its entries of the ledger, or none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bihuan.computing.reading.documents import document_of
from bihuan.computing.reading.findings import Finding, findings
from bihuan.computing.texts import keep_lines
from bihuan.foundation import actions
from bihuan.foundation.access import Actor
from bihuan.foundation.actions import Edit, Incoming, Step
from bihuan.foundation.checking import rejected
from bihuan.foundation.confined import answer_of
from bihuan.foundation.grammar.quantities import format_number
from bihuan.foundation.grammar.read_in import ReadIn
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.scopes import measure_of
from bihuan.foundation.grammar.views import Catalogue, RegisterView
from bihuan.foundation.ledger import writing
from bihuan.foundation.models import Entry, Office
from bihuan.foundation.sheets.cells import Unreadable

MOST = 4_000
"""So many findings of one document: one entry of the ledger speaks of all of them, and people look at each."""

WALL_SECONDS = 55

LONGEST = 200
CUTS = re.compile(r"(?<=[，,、；;。])|(?=[和及并])")


@dataclass(frozen=True)
class Place:
    """A register that documents are read into, and the register of the documents."""

    view: RegisterView
    documents: RegisterView
    shape: ReadIn


def place_of(catalogue: Catalogue, view: RegisterView) -> Place | None:
    """Where documents are read into ``view``; None where they are not."""
    shape = view.shape.read_in
    field = view.shape.fields[shape.document] if shape else None
    documents = catalogue.referred(field.of, view.pack) if field else None
    return Place(view, documents, shape) if shape and documents else None


def read_in(actor: Actor, place: Place, about: Mapping[str, object], name: str, content: bytes, at: datetime) -> tuple[Entry, int]:
    """Keep a document, record its row with the values ``about`` it, and a row for each finding: the document's row, and how many were found.

    Raises Unreadable for what cannot be read, Forbidden, Rejected; then nothing was written.
    """
    document = document_of(content, name)
    found = found_in(document.lines)
    if len(found) > MOST:
        raise rejected(Refused(f"读出 {len(found)} 条，一份文件最多 {MOST} 条；请分成几份", f"{len(found)} were found, at most {MOST} in one document; split it"), "file")
    with writing():
        upload = actions.receive_document(actor, place.documents.name, name, content, at)
        keep_lines(upload.digest, document.lines)
        [entry] = actions.record_entries(actor, place.documents.name, [Incoming({**about, place.shape.file: upload.digest})], at)
        offices = frozenset(Office.objects.values_list("code", flat=True))
        rows = [Incoming(row_of(place, entry, one, offices)) for one in found]
        if rows:
            actions.record_entries(actor, place.view.name, rows, at)
    return entry, len(rows)


def found_in(lines: Sequence[str]) -> list[Finding]:
    """The findings of a document that somebody sent, made in a process of little time. Raises Unreadable where that does not suffice."""
    with answer_of("bihuan.computing.reading.finding_child", [], json.dumps(lines).encode(), WALL_SECONDS) as answer:
        said = [json.loads(line) for line in answer or ()]
    if not said or said[-1] != {"end": True}:
        raise Unreadable(Refused(
            "读不完：数字和语句多得不像一份报告；请拆成几个文件", "it holds so many numbers and sentences that it cannot be read in time; split it",
        ))  # fmt: skip
    return [Finding(**one) for one in said[:-1]]


def row_of(place: Place, document: Entry, found: Finding, offices: frozenset[str]) -> dict[str, object]:
    """A finding as a new row would be typed in: empty where nothing is known, and where a field takes only other values."""
    shape, fields = place.shape, place.view.shape.fields
    said: dict[str, object] = {
        "subject": found.subject, "value": found.value, "high": found.high, "unit": found.unit, "comparator": word_of(shape.comparators, found.comparator),
        "period": found.period, "year": str(found.last_day.year) if found.last_day else "", "last_day": found.last_day, "org": found.org,
        "office": found.org if found.org in offices else "", "number": found.number, "source": f"{document.title} 第 {found.line} 行",
        "sure": found.sure, "words": found.quote,
    }  # fmt: skip
    row: dict[str, object] = {here: document.data.get(there) for here, there in shape.copies.items()}
    row |= {shape.document: document.key, shape.line: found.line, shape.quote: found.quote[:LONGEST], shape.kind: word_of(shape.kinds, found.kind)}
    for word, key in shape.fields.items():
        value = said[word]
        taken = fields[key].choices
        row[key] = (value[:LONGEST] if isinstance(value, str) else value) if not taken or value in taken else ""
    drafts: Mapping[Any, Mapping[str, str]] = shape.drafts
    return row | dict(drafts.get(found.kind, {}))


def word_of(table: Mapping[Any, str], said: str) -> str:
    """What a kind or a comparator is recorded as; empty where the pack gives it no word."""
    return table.get(said, "")


# --- what people do to a finding beside its moves


@dataclass(frozen=True)
class Seen:
    """A finding, and the version of it that somebody was looking at."""

    entry: Entry
    version: int


def cuts(words: str) -> list[int]:
    """Where the words of a finding may be split: behind a mark, or before a word that joins."""
    return [match.start() for match in CUTS.finditer(words) if 0 < match.start() < len(words)]


def divide(actor: Actor, place: Place, seen: Seen, cut: int, at: datetime) -> list[Entry]:
    """Split a finding: two rows take its place, each read anew from its half of the words; what stood in the row goes on in both.

    Raises Conflict, Forbidden, Rejected; then nothing was written.
    """
    entry = seen.entry
    words = str(entry.data[place.shape.quote])
    if cut not in cuts(words):
        raise rejected(Refused("不能在这里拆分", "it cannot be split here"), "cut", place.view.shape.fields[place.shape.quote].title)
    with writing():
        actions.move(actor, place.view.name, entry.key, Step(place.shape.divide, seen.version), at)
        halves = [half.strip("，,、；;。 ") for half in (words[:cut], words[cut:])]
        return actions.record_entries(actor, place.view.name, [Incoming(_half(place, entry, half)) for half in halves], at)


def merge(actor: Actor, place: Place, into: Seen, seen: Seen, at: datetime) -> Entry:
    """Merge another finding into this one: its words are added, it points nowhere any more. The row as it now stands.

    Raises Conflict, Forbidden, Rejected; then nothing was written.
    """
    shape, entry, other = place.shape, into.entry, seen.entry
    if entry.data.get(shape.document) != other.data.get(shape.document) or entry.pk == other.pk:
        raise rejected(Refused("只能并入同一份文件的另一条", "only another finding of the same document can be merged"), "other")
    words = _joined(str(entry.data[shape.quote]), str(other.data[shape.quote]))
    with writing():
        actions.move(actor, place.view.name, other.key, Step(shape.merge, seen.version), at)
        changed = {shape.quote: words[:LONGEST]}
        if (kept := shape.fields.get("words")) and entry.data.get(kept) == entry.data[shape.quote]:
            changed[kept] = words[:LONGEST]
        return actions.change_entry(actor, place.view.name, entry.key, Edit(changed, into.version, f"并入 {other.key}"), at)


def _half(place: Place, entry: Entry, words: str) -> dict[str, object]:
    """A row for one half: the fields of the whole, and what reading the half alone says of it."""
    shape, view = place.shape, place.view
    row: dict[str, object] = {key: typed(view, key, value) for key, value in entry.data.items() if key != view.shape.key and value is not None}
    row |= {shape.quote: words, **({shape.fields["words"]: words} if "words" in shape.fields else {})}
    about = {key: shape.fields[key] for key in ("subject", "value", "high", "unit", "comparator") if key in shape.fields}
    stated = [one for one in findings([words]) if one.kind != "task"]
    if stated:
        one = stated[0]
        said = {"subject": one.subject, "value": one.value, "high": one.high, "unit": one.unit, "comparator": word_of(shape.comparators, one.comparator)}
        row |= {key: said[word] for word, key in about.items()}
    else:
        row |= dict.fromkeys((key for word, key in about.items() if word != "subject"), "")
        row |= {about["subject"]: words} if "subject" in about else {}
    if "sure" in shape.fields:
        row[shape.fields["sure"]] = False
    return row


def typed(view: RegisterView, key: str, value: Any) -> object:
    """A stored value as it would be typed again: numbers in their own unit."""
    shape = view.shape.fields[key]
    if shape.kind in ("number", "money"):
        return format_number(value, measure_of(shape))
    return value


def _joined(first: str, second: str) -> str:
    return first if second in first else second if first in second else f"{first}；{second}"
