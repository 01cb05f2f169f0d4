"""What things are called, for the search of a whole city: rows, duties, papers, people and offices in one disposable DuckDB table.

It follows the ledger as the columns do: `current` reads the entries after its position and replaces what they speak of. Who may see what
is part of the query itself, so a page of results is full of what its reader may open, and nothing else was ever taken out of the table.
"""

from __future__ import annotations

import atexit
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from django.db.models import Q

from bihuan.computing import passages, pinyin
from bihuan.computing.feed import touched
from bihuan.computing.followers import MOST_ROWS, Follower, Held
from bihuan.computing.tables import batches, whole
from bihuan.foundation import ledger
from bihuan.foundation.access import STAFF, Scope
from bihuan.foundation.evaluating import limited, sandbox
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Duty, Entry, Event, Member, Office, Paper
from bihuan.foundation.remembered import Head

ROW, DUTY, PAPER, PERSON, OFFICE = passages.ROW, "duty", passages.PAPER, "person", "office"
KINDS = (ROW, DUTY, PAPER, PERSON, OFFICE)

_SHAPE = pa.schema([
    ("kind", pa.string()), ("id", pa.string()), ("register", pa.string()), ("row", pa.int64()), ("office", pa.string()),
    ("enterprise", pa.string()), ("member", pa.string()), ("issued", pa.bool_()), ("title", pa.string()), ("code", pa.string()),
    ("text", pa.string()), ("sound", pa.string()), ("changed", pa.int64()),
])  # fmt: skip
"""`row` is the entry something is about; `text` is all that is looked through in small letters, `sound` the same as it is said."""

BATCH, PART = 20_000, 500
MOST_WORDS = 6


@dataclass(frozen=True)
class Reader:
    """Who looks: the rows they see by register; what they may open by kind; offices and name for duties that are about no row."""

    scopes: Mapping[str, Scope]
    kinds: Collection[str]
    username: str = ""
    offices: Collection[str] = ()
    everywhere: bool = False


@dataclass(frozen=True)
class Name:
    """Something found: what it is, its id there, the register and row it is about, what it is called, and its code."""

    kind: str
    id: str
    register: str
    row: int | None
    title: str
    code: str
    office: str


@dataclass
class Names(Follower):
    """The table of what things are called, and the registers that hold documents whose words are in the tables beside it."""

    documents: set[str] = field(default_factory=set)

    def load(self) -> None:
        """Read everything."""
        head = ledger.head()
        with whole(self.connection):
            self.connection.register("empty", _SHAPE.empty_table())
            self.connection.execute("CREATE OR REPLACE TABLE names AS SELECT * FROM empty")
            self.connection.unregister("empty")
            for source in (_rows(Q()), _duties(Q()), _papers(Q()), _house()):
                self._put(source)
            self.documents = passages.registers_of_documents()
            passages.empty(self.connection)
            for about in (PAPER, ROW):
                passages.put(self.connection, about, Q())
        self.position, self.hash = head

    def follow(self, events: Sequence[Event]) -> bool:
        """Replace the lines that some entries speak of."""
        changed = touched(events)
        rows = sorted({number for ids in changed.entries.values() for number in ids})
        if len(rows) > MOST_ROWS:
            return False
        received = [event for event in events if event.kind == "upload.received"]
        self.documents |= {event.register for event in received if body_of(event)["purpose"] == passages.DOCUMENT}
        held = sorted({number for register in self.documents for number in changed.entries.get(register, ())})
        drafts = sorted({body["id"] for body in (body_of(event) for event in events if event.kind.startswith("paper."))})
        with whole(self.connection):
            for ids in batches(rows, PART):
                about = (_rows(Q(pk__in=ids)), _duties(Q(entry_id__in=ids)), _papers(Q(entry_id__in=ids)))
                self._replace(f"row IN ({', '.join(map(str, ids))})", about)
            for ids in batches(held, PART):
                passages.again(self.connection, ROW, ids)
            for keys in batches(sorted(changed.duties), PART):
                found = list(Duty.objects.filter(key__in=keys).values_list("pk", flat=True))
                self._replace(f"kind = '{DUTY}' AND id IN ({_quoted(found)})", (_duties(Q(pk__in=found)),))
            for ids in batches(drafts, PART):
                self._replace(f"kind = '{PAPER}' AND id IN ({_quoted(ids)})", (_papers(Q(pk__in=ids)),))
                passages.again(self.connection, PAPER, ids)
            if any(event.kind.startswith(("office.", "member.", "personal.")) for event in events):
                self._replace(f"kind IN ('{PERSON}', '{OFFICE}')", (_house(),))
        return True

    def _replace(self, where: str, sources: Iterable[Iterator[tuple[Any, ...]]]) -> None:
        self.connection.execute(f"DELETE FROM names WHERE {where}")
        for source in sources:
            self._put(source)

    def _put(self, source: Iterator[tuple[Any, ...]]) -> None:
        for part in batches(source, BATCH):
            columns = zip(*part, strict=True)
            incoming = pa.table([pa.array(values, kind.type) for values, kind in zip(columns, _SHAPE, strict=True)], schema=_SHAPE)
            self.connection.register("incoming", incoming)
            self.connection.execute("INSERT INTO names SELECT * FROM incoming")
            self.connection.unregister("incoming")


_held = Held()
forget = _held.forget
"""Let go of the table; the next `current` reads it again."""
atexit.register(forget)


def current(head: Head | None = None) -> Names:
    """The names of this process, up to the head of the ledger (``head``, where it is at hand)."""
    return _held.current(Names, lambda: Names(sandbox("1GB", threads=1)), head=head)


def find(names: Names, asked: str, reader: Reader, most: int) -> list[Name]:
    """What holds all words of `asked`, at most so many of a kind and register: whole codes first, then what begins so, then what changed last.

    A word is looked for in titles and codes as it is, and as pinyin where it may be that.
    """
    words = asked.lower().split()[:MOST_WORDS]
    if not words or names.position == 0:
        return []
    values: list[object] = []
    tests = [_holds(word, values) for word in words]
    seen = _seen(reader, values)
    whole = asked.strip().lower()
    values += [whole, whole, pinyin.pattern(words[0]) if pinyin.typed(words[0]) else "$^"]
    sql = (
        f"SELECT kind, id, register, row, title, code, office FROM names WHERE {' AND '.join(tests)} AND ({seen}) "
        "QUALIFY row_number() OVER (PARTITION BY kind, register ORDER BY (lower(code) = ?) DESC, (starts_with(lower(title), ?) "
        f"OR regexp_matches(sound, '^' || ?)) DESC, changed DESC, id) <= {int(most)} ORDER BY kind, register, changed DESC"
    )
    with closing(names.connection.cursor()) as cursor, limited(cursor):
        found = [Name(*row) for row in cursor.execute(sql, values).fetchall()]
    return sorted(found, key=lambda one: (one.code.lower() != whole, not one.title.lower().startswith(words[0])))


def look(names: Names, asked: passages.Asked, reader: Reader, size: int, skip: int = 0) -> tuple[int, list[passages.Hit]]:
    """The issued papers that hold what is asked and that the reader sees: how many, and some of them with their sentences."""
    if names.position == 0:
        return 0, []
    values: list[object] = []
    return passages.find(names.connection, asked, (_seen(reader, values), values), size, skip)


def _holds(word: str, values: list[object]) -> str:
    values.append(word)
    if not pinyin.typed(word):
        return "contains(text, ?)"
    values.append(pinyin.pattern(word))
    return "(contains(text, ?) OR regexp_matches(sound, ?))"


def _seen(reader: Reader, values: list[object]) -> str:
    """The condition under which a reader sees a line of the table: the row it is about, or what is about no row."""
    scopes = list(reader.scopes.values())
    some = [scope for scope in scopes if not scope.everything]
    owned = [scope for scope in some if scope.enterprise]
    listed = "(SELECT unnest(?::VARCHAR[]))"
    values += [
        sorted(reader.kinds), [scope.register for scope in scopes if scope.everything], [scope.register for scope in some],
        sorted({office for scope in some for office in scope.offices if office}), sorted({number for scope in some for number in scope.ids}),
        [scope.register for scope in owned], owned[0].enterprise if owned else "", reader.username, sorted(filter(None, reader.offices)),
        reader.everywhere, list(reader.scopes), reader.username, reader.everywhere, sorted(reader.kinds),
    ]  # fmt: skip
    about_rows = (
        f"kind IN {listed} AND row IS NOT NULL AND (register IN {listed} OR (register IN {listed} AND (office IN {listed} "
        f"OR row IN (SELECT unnest(?::BIGINT[])))) OR (register IN {listed} AND enterprise <> '' AND enterprise = ?))"
    )
    about_none = (
        f"(kind = '{DUTY}' AND ((member <> '' AND member = ?) OR office IN {listed} OR ?::BOOLEAN)) "
        f"OR (kind = '{PAPER}' AND issued AND register IN {listed} AND (member = '' OR member = ? OR ?::BOOLEAN)) OR kind IN ('{PERSON}', '{OFFICE}')"
    )
    return f"({about_rows}) OR (row IS NULL AND ({about_none}) AND kind IN {listed})"


# --- what goes into the table


def _line(kind: str, number: object, about: Sequence[Any], title: str, code: str, more: Sequence[Any]) -> tuple[Any, ...]:
    """`about` is register, row, office, enterprise; `more` is member, issued, changed. The enterprise is looked through with the title."""
    register, row, office, enterprise = about
    member, issued, changed = more
    sound = f"{pinyin.camel(title)} {pinyin.camel(enterprise)}"
    return kind, str(number), register, row, office, enterprise, member, issued, title, code, f"{title}\n{code}\n{enterprise}".lower(), sound, changed


def _rows(chosen: Q) -> Iterator[tuple[Any, ...]]:
    stored = Entry.objects.filter(chosen, withdrawn=False).order_by("pk")
    for number, register, key, title, office, enterprise, seq in stored.values_list(
        "pk", "register", "key", "title", "office", "enterprise", "changed_seq"
    ).iterator(chunk_size=BATCH):
        yield _line(ROW, number, (register, number, office, enterprise), title or key, key, ("", True, seq))


def _duties(chosen: Q) -> Iterator[tuple[Any, ...]]:
    stored = Duty.objects.filter(chosen, Q(entry=None) | Q(entry__withdrawn=False), closed_on__isnull=True).order_by("pk")
    for number, register, office, member, said, seq, entry, at, firm, title, key in stored.values_list(
        "pk", "register", "office", "member", "title", "seq", "entry_id", "entry__office", "entry__enterprise", "entry__title", "entry__key"
    ).iterator(chunk_size=BATCH):
        about = (register, entry, at if entry else office, firm or "")
        yield _line(DUTY, number, about, "：".join(filter(None, (said, title or key))), key or "", (member, True, seq))


def _papers(chosen: Q) -> Iterator[tuple[Any, ...]]:
    stored = Paper.objects.filter(chosen).exclude(state="dropped").order_by("pk")
    for number, register, entry, office, firm, member, title, code, state, seq in stored.values_list(
        "pk", "register", "entry_id", "entry__office", "entry__enterprise", "member", "title", "number", "state", "seq"
    ).iterator(chunk_size=BATCH):
        yield _line(PAPER, number, (register, entry, office or "", firm or ""), title, code, (member, state in Paper.OUT, seq))


def _house() -> Iterator[tuple[Any, ...]]:
    """People of the staff, and the offices that are not closed."""
    for username, name, office, roles, seq in Member.objects.filter(is_active=True).values_list("pk", "name", "office_id", "roles", "seq"):
        if STAFF & set(roles):
            yield _line(PERSON, username, ("", None, office or "", ""), name or username, "", ("", True, seq))
    for code, name, seq in Office.objects.filter(closed=False).values_list("pk", "name", "seq"):
        yield _line(OFFICE, code, ("", None, code, ""), name, "", ("", True, seq))


def _quoted(ids: Iterable[int]) -> str:
    return ", ".join(f"'{number}'" for number in ids) or "NULL"
