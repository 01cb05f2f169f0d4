"""The ledger: append under a lock, canonical text, a chain of hashes, reading after a cursor, checkpoints.

An entry's hash is ``H(prev + text)`` in hexadecimal, where ``text`` is the canonical JSON of the entry without its hash:
any auditor can compute it again from the table with a few lines in any language (see ``docs/ledger.md``).
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from bihuan.foundation.models import Event

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

START = "0" * 64
"""What the first entry has as the hash before it."""

LOCK = 0x62696875616E  # "bihuan": the number of the one lock that all writers on a PostgreSQL share
WIDEST = 2**63 - 1
KNOWN_ANSWERS = {
    "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "sm3": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
}
"""The digests of "abc" (FIPS 180-4; GB/T 32905-2016, example 1): an algorithm that answers otherwise is not used."""


class LedgerRefused(ValueError):
    """Something that must not be written into the ledger, or an algorithm that cannot be trusted. In both languages."""


@dataclass(frozen=True)
class New:
    """An entry to be appended: what happened, by whom, when, and the row it is about."""

    kind: str
    body: Mapping[str, Any]
    actor: str
    at: datetime
    register: str = ""
    entry: str = ""


# --- canonical text

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(value: Any) -> str:
    """The one JSON text of a value: keys sorted, no spaces, NFC, integers and text only.

    Raises LedgerRefused for a float, an integer beyond 64 bits, a key that is not text, a lone surrogate or a NUL:
    a value that two databases or two languages would write differently.
    """
    return _ENCODER.encode(_plain(value))


def is_canonical(text: str) -> bool:
    """Whether a text is the canonical text of the value it says. Raises ValueError for one that is no JSON."""
    value = json.loads(text, parse_float=_no_float, parse_constant=_no_float)
    if "\\u0000" in text:  # a NUL, or somebody's backslash in front of "u0000": only then the slow way tells
        return canonical(value) == text
    return _ENCODER.encode(value) == text and unicodedata.is_normalized("NFC", text)


def _no_float(text: str) -> Json:
    raise LedgerRefused(f"账本不记小数 {text}。\nThe ledger holds no float: {text}.")


def _plain(value: Any) -> Json:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        if not -WIDEST <= value <= WIDEST:
            raise LedgerRefused(f"整数 {value} 超出 64 位。\nThe integer {value} does not fit in 64 bits.")
        return value
    if isinstance(value, Mapping):
        return _members(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise LedgerRefused(
        f"账本只记整数与文字，不记 {type(value).__name__}：{value!r}。\n"
        f"The ledger holds integers and text, not {type(value).__name__}: {value!r}."
    )


def _members(value: Mapping[Any, Any]) -> dict[str, Json]:
    members: dict[str, Json] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise LedgerRefused(f"键须为文字，不是 {key!r}。\nA key must be text, not {key!r}.")
        name = _text(key)
        if name in members:
            raise LedgerRefused(f"键 {name} 重复。\nThe key {name} stands twice.")
        members[name] = _plain(item)
    return members


def _text(value: str) -> str:
    if value.isascii() and "\0" not in value:
        return value
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise LedgerRefused("文字含空字符或残缺的代理字符。\nThe text holds a NUL or half of a surrogate pair.")
    return unicodedata.normalize("NFC", value)


def moment_text(at: datetime) -> str:
    """A moment as the chain writes it: UTC with microseconds, ``2025-07-08T01:02:03.000000Z``. Refuses one without a zone."""
    if at.tzinfo is None:
        raise LedgerRefused("时刻须带时区。\nA moment needs its time zone.")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def text_of(seq: int, new: New, body: str) -> str:
    """The canonical text of an entry, given its canonical body: what is hashed after the hash before it."""
    actor, entry, kind, register = (encode_basestring(_text(text)) for text in (new.actor, new.entry, new.kind, new.register))
    at = moment_text(new.at)
    return f'{{"actor":{actor},"at":"{at}","body":{body},"entry":{entry},"kind":{kind},"register":{register},"seq":{seq}}}'


# --- hashes


def digest(algorithm: str, text: str) -> str:
    """The hexadecimal digest of a text under a named algorithm; raises LedgerRefused for one that is not known or not trusted."""
    if algorithm not in _trusted:
        _check(algorithm)
    return hashlib.new(algorithm, text.encode()).hexdigest()


_trusted: set[str] = set()


def _check(algorithm: str) -> None:
    known = KNOWN_ANSWERS.get(algorithm)
    if known is None or algorithm not in hashlib.algorithms_available:
        raise LedgerRefused(f"本机没有哈希算法 {algorithm}。\nThis machine has no digest {algorithm}.")
    if hashlib.new(algorithm, b"abc").hexdigest() != known:
        raise LedgerRefused(f"哈希算法 {algorithm} 的已知答案不对，不可使用。\nThe digest {algorithm} fails its known answer and is not used.")
    _trusted.add(algorithm)


# --- appending and reading


@contextmanager
def writing(using: str = "default") -> Iterator[None]:
    """One transaction that holds the ledger's lock from its first statement: what it reads stays true until it has written.

    On SQLite the transaction itself is the lock (it begins IMMEDIATE). On PostgreSQL the isolation is READ COMMITTED and
    the lock is taken first: a snapshot taken before the lock would be old by the time it is held.
    """
    with transaction.atomic(using=using):
        connection = connections[using]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield


def head(using: str = "default") -> tuple[int, str]:
    """The last entry's number and hash; (0, START) when there is none."""
    last = Event.objects.using(using).order_by("-seq").values_list("seq", "hash").first()
    return last or (0, START)


def append(new: New, using: str = "default") -> Event:
    """Write one entry at the end. Only inside `writing`; the caller applies it to the tables in the same transaction."""
    if not connections[using].in_atomic_block:
        raise LedgerRefused("只能在 writing() 之内记账。\nAn entry is appended inside writing() only.")
    last, prev = head(using)
    body = canonical(new.body)
    algorithm = settings.BIHUAN_HASH
    event = Event(
        seq=last + 1,
        at=new.at,
        actor=_text(new.actor),
        kind=new.kind,
        register=_text(new.register),
        entry=_text(new.entry),
        body=body,
        prev=prev,
        hash=digest(algorithm, prev + text_of(last + 1, new, body)),
        algorithm=algorithm,
    )
    event.save(using=using, force_insert=True)
    return event


def body_of(event: Event) -> dict[str, Any]:
    """The body as values."""
    body: dict[str, Any] = json.loads(event.body)
    return body


def read_after(seq: int, limit: int = 1000, using: str = "default") -> list[Event]:
    """The entries after number `seq`, in order, at most `limit`: what a follower reads. None is ever skipped."""
    return list(Event.objects.using(using).filter(seq__gt=seq).order_by("seq")[:limit])


# --- checkpoints


@dataclass(frozen=True)
class Checkpoint:
    """The ledger's size and head at a moment: whoever keeps it outside can prove a later rewriting."""

    origin: str
    size: int
    hash: str
    algorithm: str
    at: str

    def text(self) -> str:
        """Five lines of plain text, to print, publish or hand to another department."""
        return f"bihuan checkpoint\norigin {self.origin}\nsize {self.size}\n{self.algorithm} {self.hash}\nat {self.at}\n"


def checkpoint(at: datetime, using: str = "default") -> Checkpoint:
    """The checkpoint of the ledger as it stands."""
    last = Event.objects.using(using).order_by("-seq").first()
    origin = settings.BIHUAN_CITY
    if last is None:
        return Checkpoint(origin, 0, START, settings.BIHUAN_HASH, moment_text(at))
    return Checkpoint(origin, last.seq, last.hash, last.algorithm, moment_text(at))


def read_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint's text; raises LedgerRefused when it is not one."""
    lines = text.strip().splitlines()
    parts = dict(line.split(" ", 1) for line in lines[1:] if " " in line)
    algorithm = next((name for name in KNOWN_ANSWERS if name in parts), "")
    size = parts.get("size", "")
    if len(lines) != 5 or lines[0] != "bihuan checkpoint" or not algorithm or not size.isdecimal() or len(parts[algorithm]) != 64:
        raise LedgerRefused("这不是检查点文件：应有五行，首行为 bihuan checkpoint。\nNot a checkpoint: five lines, the first “bihuan checkpoint”.")
    return Checkpoint(parts["origin"], int(size), parts[algorithm], algorithm, parts["at"])
