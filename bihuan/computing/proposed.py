"""What a model proposes of a document that was read in: asked for by a person, some sentences at a time, and kept beside the data.

Nothing of it is in the ledger and nothing counts it. It waits for somebody to take one up, which records or changes a finding in that person's
name; or to put it aside. The folder may be thrown away, then the model is asked anew.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from bihuan.computing.disposable import place_of, put
from bihuan.computing.endpoint import Endpoint, NoAnswer, ask
from bihuan.computing.read_in import WALL_SECONDS, Seen
from bihuan.computing.reading.findings import Finding
from bihuan.computing.texts import lines_of
from bihuan.foundation import actions
from bihuan.foundation.access import Actor
from bihuan.foundation.actions import Edit, Incoming, Source
from bihuan.foundation.confined import answer_of
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry, Upload

FOLDER = "proposals"
"""Where in the data folder they are kept."""


@dataclass(frozen=True)
class Proposed:
    """One proposal: what the model says (`finding`), what the rules read in the same number (`read`), which model, when."""

    finding: Finding
    read: str
    model: str
    at: str
    aside: bool = False

    @property
    def id(self) -> str:
        """What it is called in an address: the same for the same words about the same place."""
        return sha256(json.dumps(asdict(self.finding), sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Asked:
    """How far a document was asked about: so many sentences of `total`, what was proposed, how much of the answers did not stand in the text."""

    total: int
    asked: int = 0
    dropped: int = 0
    proposed: tuple[Proposed, ...] = ()

    @property
    def waiting(self) -> tuple[Proposed, ...]:
        """The proposals nobody has put aside."""
        return tuple(one for one in self.proposed if not one.aside)


def kept(digest: str) -> Asked | None:
    """What was proposed of a file before; None where nobody has asked."""
    try:
        said = json.loads(place_of(FOLDER, digest).read_text("utf-8"))
        return Asked(**{**said, "proposed": tuple(Proposed(**{**one, "finding": Finding(**one["finding"])}) for one in said["proposed"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def ask_on(endpoint: Endpoint, upload: Upload, at: datetime) -> Asked:
    """Ask about the next sentences of a document of which the rules are unsure. Raises NoAnswer, and Unreadable where the text is gone."""
    lines = list(lines_of(upload))
    with _alone():
        before = kept(upload.digest) or Asked(0)
        [question] = _child(lines, before.asked, None)
        if not question["asked"]:
            return _put(upload.digest, replace(before, total=question["total"]))
        *taken, rest = _child(lines, before.asked, ask(endpoint, question["messages"]))
        if rest["unread"]:
            raise NoAnswer("模型的答复读不懂", "the model's answer cannot be read")
        fresh = [Proposed(Finding(**one["finding"]), one["read"], endpoint.model, at.isoformat(timespec="seconds")) for one in taken]
        return _put(upload.digest, Asked(
            question["total"], before.asked + question["asked"], before.dropped + sum(rest["dropped"].values()), (*before.proposed, *fresh)
        ))  # fmt: skip


def put_aside(digest: str, name: str) -> None:
    """Show a proposal no more: somebody took it up, or does not want it."""
    held = kept(digest)
    if held is not None:
        _put(digest, replace(held, proposed=tuple(replace(one, aside=one.aside or one.id == name) for one in held.proposed)))


def change(actor: Actor, view: RegisterView, one: Proposed, seen: Seen, values: Mapping[str, object], at: datetime) -> Entry:
    """Put a finding right as somebody, who looked at a proposal, says it reads. Raises Conflict, Forbidden, Rejected."""
    return actions.change_entry(actor, view.name, seen.entry.key, Edit(values, seen.version, _reason(one)), at)


def record(actor: Actor, view: RegisterView, one: Proposed, values: Mapping[str, object], at: datetime) -> Entry:
    """Record a finding that the rules did not make, as somebody says it reads. Raises Forbidden, Rejected."""
    [entry] = actions.record_entries(actor, view.name, [Incoming(values)], at, Source(reason=_reason(one)))
    return entry


def _reason(one: Proposed) -> str:
    return f"取用模型 {one.model} {one.at[:10]} 的提议"


def _put(digest: str, asked: Asked) -> Asked:
    put(place_of(FOLDER, digest), asdict(asked))
    return asked


def _child(lines: list[str], first: int, answer: str | None) -> list[dict[str, Any]]:
    """What the child says of a document, without its last line. The text and the answer come from outside: both are read in a process of their own."""
    given = json.dumps({"lines": lines, "first": first, "answer": answer}).encode()
    with answer_of("bihuan.computing.reading.proposing_child", [], given, WALL_SECONDS) as said:
        told = [json.loads(line) for line in said or ()]
    if not told or told[-1] != {"end": True}:
        raise NoAnswer("这份文件读不完，没有问模型", "the document cannot be read in time; no model was asked")
    return told[:-1]


@contextmanager
def _alone() -> Iterator[None]:
    """One question at a time on this machine: a model may take a minute, and a web server has few threads. Raises NoAnswer where one is being asked."""
    place = Path(settings.BIHUAN_HOME) / FOLDER
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (place / "asking").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise NoAnswer("正在问模型，请稍后再问", "the model is being asked already, try again later") from error
        yield
