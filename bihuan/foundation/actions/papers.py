"""Official papers: drafted, issued under a number, or dropped. What is in them is computed elsewhere; here it is frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bihuan.foundation.access import Actor, may
from bihuan.foundation.actions.writing import allow, day_of, record, view_of
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.ledger import New, writing
from bihuan.foundation.models import Event, Paper
from bihuan.foundation.projections.ids import next_id


@dataclass(frozen=True)
class Draft:
    """A paper as computed: `content` holds its parts, each figure with its source, as integers and text."""

    register: str
    mechanism: str
    document: str
    title: str
    content: Mapping[str, Any]
    entry: int | None = None
    period: str = ""
    recipient: str = ""


def draft_paper(actor: Actor, draft: Draft, at: datetime) -> Paper:
    """Keep a draft. The same document for the same period and row is drafted once: a standing draft or issued paper is given back."""
    allow(may(actor, "paper.draft", view_of(draft.register, at)))
    with writing():
        standing = _standing(draft)
        if standing:
            return standing
        number = next_id(Paper, "default")
        body = {
            "id": number,
            "mechanism": draft.mechanism,
            "document": draft.document,
            "entry": draft.entry,
            "period": draft.period,
            "title": draft.title,
            "recipient": draft.recipient,
            "content": dict(draft.content),
            "on": day_of(at).isoformat(),
        }
        record(New("paper.drafted", body, actor.username, at, draft.register))
        return Paper.objects.get(pk=number)


def issue_paper(actor: Actor, number: int, title: str, content: Mapping[str, Any], at: datetime) -> Paper:
    """Issue a draft: `title` and `content` are recomputed by the caller just before, and are what is frozen.

    It gets the next serial number of its document in the year, without a gap. Rejected where it is no draft.
    """
    with writing():
        paper = _draft(number)
        view = view_of(paper.register, at)
        allow(may(actor, "paper.issue", view))
        year = day_of(at).year
        last = Paper.objects.filter(mechanism=paper.mechanism, document=paper.document, year=year).order_by("-serial").first()
        serial = (last.serial or 0) + 1 if last else 1
        item = view.documents.find(f"{paper.mechanism}.{paper.document}")
        pattern = item.shape.number if item else "〔{年}〕{号}号"
        body = {
            "id": paper.pk,
            "year": year,
            "serial": serial,
            "number": pattern.replace("{年}", str(year)).replace("{号}", str(serial)),
            "title": title,
            "content": dict(content),
            "on": day_of(at).isoformat(),
        }
        record(_about(paper, "paper.issued", body, actor, at))
        return Paper.objects.get(pk=paper.pk)


def drop_paper(actor: Actor, number: int, reason: str, at: datetime) -> Event:
    """Lay a draft aside, with a reason."""
    with writing():
        paper = _draft(number)
        allow(may(actor, "paper.draft", view_of(paper.register, at)))
        if not reason.strip():
            raise rejected(Refused("作废草稿须写明理由", "laying a draft aside needs a reason", "重复起草"), "reason", "理由")
        return record(_about(paper, "paper.dropped", {"id": paper.pk, "reason": reason}, actor, at))


def _standing(draft: Draft) -> Paper | None:
    same = Paper.objects.filter(mechanism=draft.mechanism, document=draft.document, period=draft.period).exclude(state="dropped")
    if not draft.period:
        return None
    return same.filter(entry_id=draft.entry).first() if draft.entry else same.filter(entry__isnull=True).first()


def _draft(number: int) -> Paper:
    paper = Paper.objects.select_related("entry").filter(pk=number, state="draft").first()
    if paper is None:
        raise rejected(Refused("没有这份草稿，或已经印发", "there is no such draft, or it was issued already", ""))
    return paper


def _about(paper: Paper, kind: str, body: dict[str, Any], actor: Actor, at: datetime) -> New:
    return New(kind, body, actor.username, at, paper.register, paper.entry.key if paper.entry else "")
