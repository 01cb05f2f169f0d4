"""The words of issued papers and of documents that were read in, sentence by sentence, beside the names of things: looked for as they stand,
so Chinese needs no segmenter.

Two more tables in the disposable DuckDB of `names`, which loads and follows them: one line for each text, one for each sentence or row of a
table with its place in the text. Who may see what is the condition of `names`, inside the query: a paper's line there is its own, a document's
is that of its row. It works on any database of the ledger.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
from django.db.models import Q
from django.utils import timezone

from bihuan.computing import texts
from bihuan.computing.tables import batches
from bihuan.foundation.evaluating import limited
from bihuan.foundation.grammar import periods
from bihuan.foundation.models import Entry, Paper, Upload
from bihuan.foundation.sheets.cells import Unreadable

_TEXTS = pa.schema([
    ("about", pa.string()), ("id", pa.string()), ("kind", pa.string()), ("title", pa.string()), ("number", pa.string()), ("plain", pa.string()),
    ("period", pa.string()), ("unit", pa.string()), ("issued", pa.date32()), ("low", pa.string()),
])  # fmt: skip
_SENTENCES = pa.schema([("about", pa.string()), ("id", pa.string()), ("place", pa.int32()), ("anchor", pa.string()), ("text", pa.string()), ("low", pa.string())])
TABLES = {"texts": _TEXTS, "sentences": _SENTENCES}

PAPER, ROW = "paper", "row"
"""What a text is, in the words of `names`: a paper, or the row of a document."""

KINDS = ("通报", "函", "纪要", "旬报", "责任清单", "交办单", "总结")
OTHER = "其他"
READ = "读入的文件"
"""Kinds of texts: papers by the words of their titles, as offices sort them; documents that were read in."""

DOCUMENT = "document"
"""The purpose of an upload that was read in."""

BATCH = 500
MOST_WORDS = 6
SHOWN = 3
"""So many sentences of a text are shown."""
TOP = "top"
"""The anchor of a paper's head: title, number, recipient."""

_ENDS = re.compile(r"(?<=[。！？；])")
_BRACKETS = str.maketrans(dict.fromkeys("[{(<〈《【（［", "〔") | dict.fromkeys("]})>〉》】）］", "〕"))


@dataclass(frozen=True)
class Asked:
    """What is looked for: words that must all stand in a text; and parts of its number, period and units, and its kind."""

    words: str = ""
    number: str = ""
    period: str = ""
    unit: str = ""
    kind: str = ""

    def __bool__(self) -> bool:
        return any((self.words.split(), self.number.strip(), self.period.strip(), self.unit.strip(), self.kind))


@dataclass(frozen=True)
class Passage:
    """A sentence or a row of a table: where it stands, its text, and from where to where in it each word was found."""

    anchor: str
    text: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Hit:
    """A text that holds what was asked, with the sentences that hold most of it: a paper, or the row of a document (`about`)."""

    about: str
    id: int
    kind: str
    title: str
    number: str
    issued: date
    passages: tuple[Passage, ...]


def low(text: str) -> str:
    """A text as it is compared: half-width, small letters; each character stays where it was."""
    return "".join(_low(letter) for letter in text)


def _low(letter: str) -> str:
    plain = unicodedata.normalize("NFKC", letter).lower()
    return plain if len(plain) == 1 else letter


def kind_of(title: str) -> str:
    """What kind of paper a title names."""
    if title.endswith("函"):
        return "函"
    return next((kind for kind in KINDS if kind in title), OTHER)


# --- what goes into the tables


def empty(connection: duckdb.DuckDBPyConnection) -> None:
    """Make both tables anew."""
    for name, shape in TABLES.items():
        connection.register("empty", shape.empty_table())
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM empty")
        connection.unregister("empty")


def put(connection: duckdb.DuckDBPyConnection, about: str, chosen: Q) -> None:
    """Put the issued papers among some (PAPER), or the documents among some rows (ROW), into both tables."""
    told = _papers(chosen) if about == PAPER else _documents(chosen)
    for part in batches(told, BATCH):
        _store(connection, part)


def again(connection: duckdb.DuckDBPyConnection, about: str, ids: Sequence[int]) -> None:
    """Read some papers or documents again."""
    listed = ", ".join(f"'{int(number)}'" for number in ids)
    for name in TABLES:
        connection.execute(f"DELETE FROM {name} WHERE about = '{about}' AND id IN ({listed})")
    put(connection, about, Q(pk__in=ids))


Told = tuple[tuple[Any, ...], list[Passage]]
"""A text as its line in the table but for the words, and its passages."""


def _papers(chosen: Q) -> Iterator[Told]:
    for paper in Paper.objects.filter(chosen, state__in=Paper.OUT).order_by("pk").iterator(chunk_size=BATCH):
        yield _of_paper(paper), list(passages(paper))


def registers_of_documents() -> set[str]:
    """The registers for which some document came in."""
    return set(Upload.objects.filter(purpose=DOCUMENT).order_by().values_list("register", flat=True).distinct())


def _documents(chosen: Q) -> Iterator[Told]:
    """The documents that were read in, each once; one whose file cannot be read any more has its title only."""
    uploads = {(one.register, one.digest): one for one in Upload.objects.filter(purpose=DOCUMENT).order_by("-id")}
    if not uploads:
        return
    for entry in Entry.objects.filter(chosen, register__in={register for register, _digest in uploads}, withdrawn=False).order_by("pk").iterator():
        held = (uploads.get((entry.register, value)) for value in entry.data.values() if isinstance(value, str))
        if (upload := next(filter(None, held), None)) is not None:
            yield _of_document(entry, upload), list(lines_of_document(entry, upload))


def _store(connection: duckdb.DuckDBPyConnection, told: Iterable[Told]) -> None:
    lines, sentences = [], []
    for line, said in told:
        lines.append((*line, low("\n".join(one.text for one in said))))
        sentences += [(*line[:2], place, one.anchor, one.text, low(one.text)) for place, one in enumerate(said)]
    for name, rows in (("texts", lines), ("sentences", sentences)):
        if rows:
            columns = zip(*rows, strict=True)
            arrays = [pa.array(values, kind.type) for values, kind in zip(columns, TABLES[name], strict=True)]
            connection.register("incoming", pa.table(arrays, schema=TABLES[name]))
            connection.execute(f"INSERT INTO {name} SELECT * FROM incoming")
            connection.unregister("incoming")


def _of_paper(paper: Paper) -> tuple[Any, ...]:
    on = paper.issued_on or paper.drafted_on
    label = periods.parse(paper.period).label if paper.period else ""
    period = f"{paper.period} {label} {on:%Y-%m-%d} {on.year}年{on.month}月"
    unit = f"{paper.content.get('sender') or ''} {paper.recipient}"
    return PAPER, str(paper.pk), kind_of(paper.title), paper.title, paper.number, _number(paper.number), low(period), low(unit), on


def _of_document(entry: Entry, upload: Upload) -> tuple[Any, ...]:
    """A document's day is the day it came in; its periods are those its row and its title name."""
    on = timezone.localtime(upload.at).date()
    named = " ".join(str(value) for value in entry.data.values() if isinstance(value, str) and value != upload.digest)
    period = f"{entry.title} {named} {on:%Y-%m-%d} {on.year}年{on.month}月"
    return ROW, str(entry.pk), READ, entry.title or entry.key, entry.key, _number(entry.key), low(period), low(named), on


def lines_of_document(entry: Entry, upload: Upload) -> Iterator[Passage]:
    """The sentences of a document in their order. The anchors are those of its page (`portal/reading.py`)."""
    yield Passage(TOP, entry.title or entry.key)
    try:
        lines = texts.lines_of(upload)
    except (Unreadable, OSError, ValueError):
        return
    for number, line in enumerate(lines, start=1):
        yield from (Passage(f"l-{number}", sentence.strip()) for sentence in _ENDS.split(line) if sentence.strip())


def passages(paper: Paper) -> Iterator[Passage]:
    """The sentences of a paper and the rows of its tables in their order. The anchors are those of its page (`portal/printed.py`)."""
    yield Passage(TOP, paper.title)
    yield Passage(TOP, " ".join(filter(None, (paper.number, paper.recipient, str(paper.content.get("sender") or "")))))
    for place, part in enumerate(paper.content.get("parts", ())):
        yield from _text(place, part) if "text" in part else _table(place, part)


def _text(place: int, part: Mapping[str, Any]) -> Iterator[Passage]:
    for number, line in enumerate(str(part["text"]).split("\n")):
        yield from (Passage(anchor_of(place, number), sentence.strip()) for sentence in _ENDS.split(line) if sentence.strip())


def _table(place: int, part: Mapping[str, Any]) -> Iterator[Passage]:
    title, heading = str(part.get("title") or ""), [str(one) for one in part["heading"]]
    if title:
        yield Passage(anchor_of(place), title)
    for number, line in enumerate(part["lines"]):
        yield Passage(anchor_of(place, number), "，".join(f"{name} {cell}" for name, cell in zip(heading, map(str, line), strict=False) if cell))


def anchor_of(part: int, line: int | None = None) -> str:
    """The anchor of a part of a paper, or of one line or row in it."""
    return f"p{part}" if line is None else f"p{part}-{line}"


# --- looking


def find(connection: duckdb.DuckDBPyConnection, asked: Asked, seen: tuple[str, list[object]], size: int, skip: int = 0) -> tuple[int, list[Hit]]:
    """How many texts hold what is asked and may be seen, and some of them, the latest first.

    ``seen``: the condition on the table of names under which somebody sees a line of it, with its values.
    """
    words = low(asked.words).split()[:MOST_WORDS]
    tests, values = _tests(asked, words)
    condition, seen_values = seen
    sql = (
        f"WITH seen AS (SELECT kind, id, office FROM names WHERE kind IN ('{PAPER}', '{ROW}') AND ({condition})) "
        "SELECT d.about, d.id, d.kind, d.title, d.number, d.issued, count(*) OVER () FROM texts d JOIN seen ON seen.kind = d.about AND seen.id = d.id "
        f"WHERE {' AND '.join(tests) or 'true'} ORDER BY d.issued DESC, d.about, d.id::BIGINT DESC LIMIT {int(size)} OFFSET {int(skip)}"
    )
    with closing(connection.cursor()) as cursor, limited(cursor):
        rows = cursor.execute(sql, [*seen_values, *values]).fetchall()
        best = _sentences(cursor, [row[:2] for row in rows], words)
    hits = [Hit(about, int(id_), kind, title, number, on, tuple(best.get((about, id_), ()))) for about, id_, kind, title, number, on, _all in rows]
    return (rows[0][6] if rows else 0), hits


def _tests(asked: Asked, words: Sequence[str]) -> tuple[list[str], list[object]]:
    tests, values = ["contains(d.low, ?)" for _word in words], list[object](words)
    for word in _number(asked.number).split():
        tests.append("contains(d.plain, ?)")
        values.append(word)
    for word in low(asked.period).split():
        tests.append("contains(d.period, ?)")
        values.append(word)
    for word in low(asked.unit).split():
        tests.append("(contains(d.unit, ?) OR contains(lower(seen.office), ?))")
        values += [word, word]
    if asked.kind:
        tests.append("d.kind = ?")
        values.append(asked.kind)
    return tests, values


def _number(text: str) -> str:
    """A document number as it is compared, whatever brackets were typed."""
    return low(text.translate(_BRACKETS))


def _sentences(cursor: duckdb.DuckDBPyConnection, found: Sequence[tuple[str, str]], words: Sequence[str]) -> dict[tuple[str, str], list[Passage]]:
    """The sentences of some texts that hold most of the words, the first of them first; none where no word is asked for."""
    if not found or not words:
        return {}
    score = " + ".join("contains(low, ?)::INTEGER" for _word in words)
    sql = (
        f"SELECT about, id, anchor, text, {score} AS score FROM sentences WHERE about || ' ' || id IN (SELECT unnest(?::VARCHAR[])) "
        f"QUALIFY score > 0 AND row_number() OVER (PARTITION BY about, id ORDER BY score DESC, place) <= {SHOWN} ORDER BY about, id, place"
    )
    best: dict[tuple[str, str], list[Passage]] = {}
    for about, id_, anchor, text, _score in cursor.execute(sql, [*words, [" ".join(one) for one in found]]).fetchall():
        best.setdefault((about, id_), []).append(replace(Passage(anchor, text), spans=spans(text, words)))
    return best


def spans(text: str, words: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Where words stand in a text, joined where they meet, in order."""
    plain = low(text)
    found = sorted((at.start(), at.end()) for word in words if word for at in re.finditer(re.escape(low(word)), plain))
    joined: list[tuple[int, int]] = []
    for first, last in found:
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return tuple(joined)
