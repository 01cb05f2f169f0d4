"""Official papers: drafted, checked, signed, issued under a number, put into the archive; or sent back, or laid aside.

What is in them is computed elsewhere; here it is frozen. Whoever checks, signs or issues hands in the same paper computed again just before,
under the ledger's lock: where a figure has moved, the step is refused until somebody has looked at it and taken the new one, or kept the old
one with a reason.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bihuan.foundation.access import Actor, about_person, may
from bihuan.foundation.actions.writing import allow, day_of, record, view_of
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import New, canonical, writing
from bihuan.foundation.models import Event, Paper
from bihuan.foundation.moved import Moved, moved, unlooked
from bihuan.foundation.projections.ids import next_id

RETENTIONS = ("永久", "30年", "10年")
"""How long a paper is kept, in the words of 《机关文件材料归档范围和文书档案保管期限规定》."""

STATES = {
    "draft": ("草稿", "a draft"), "checked": ("已核稿", "checked"), "signed": ("已签发", "signed"), "issued": ("已印发", "issued"),
    "archived": ("已归档", "archived"), "dropped": ("已作废", "laid aside"),
}  # fmt: skip
"""What the states of a paper are called."""

NAMED = 3
"""So many figures that moved are named in a refusal."""


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
    member: str = ""


def draft_paper(actor: Actor, draft: Draft, at: datetime) -> Paper:
    """Keep a draft. The same document for the same period and row is drafted once: a standing draft or issued paper is given back.

    One about a person is drafted anew once the last has been issued.
    """
    allow(may(actor, "paper.draft", view_of(draft.register, at)))
    allow(about_person(actor, draft.member))
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
            **({"member": draft.member} if draft.member else {}),
        }
        record(New("paper.drafted", body, actor.username, at, draft.register))
        return Paper.objects.get(pk=number)


# --- the way out


def check_paper(actor: Actor, number: int, computed: Draft | None, at: datetime) -> Paper:
    """Say that a draft was looked through. Rejected where this person drafted it or kept a figure in it, and where a figure has moved."""
    with writing():
        paper, _view = _allowed(actor, number, "paper.check", ("draft",), at)
        if actor.username in (paper.drafted_by, *(one["by"] for one in paper.kept)):
            raise rejected(Refused(
                "拟稿人、决定保留原数的人不核自己的稿：请另一位同志核", "who drafted a paper, or kept a figure in it, does not check it: ask somebody else", "",
            ))  # fmt: skip
        _still_true(paper, computed)
        return _step(actor, paper, "paper.checked", {}, at)


def sign_paper(actor: Actor, number: int, computed: Draft | None, at: datetime) -> Paper:
    """Sign a paper that was checked. Rejected where this person drafted or checked it, and where a figure has moved."""
    with writing():
        paper, _view = _allowed(actor, number, "paper.sign", ("checked",), at)
        if actor.username in (paper.drafted_by, paper.checked_by):
            raise rejected(Refused(
                "拟稿、核稿和签发不能是同一个人：请另一位同志签发", "who drafted or checked a paper does not sign it: ask somebody else", "",
            ))  # fmt: skip
        _still_true(paper, computed)
        return _step(actor, paper, "paper.signed", {}, at)


def issue_paper(actor: Actor, number: int, computed: Draft | None, at: datetime) -> Paper:
    """Issue a signed paper: it gets the next serial number of its document in the year, without a gap, and is frozen.

    Rejected where it is not signed, and where a figure has moved since.
    """
    with writing():
        paper, view = _allowed(actor, number, "paper.issue", ("signed",), at)
        _still_true(paper, computed)
        year = day_of(at).year
        last = Paper.objects.filter(mechanism=paper.mechanism, document=paper.document, year=year).order_by("-serial").first()
        serial = (last.serial or 0) + 1 if last else 1
        item = view.documents.find(f"{paper.mechanism}.{paper.document}")
        pattern = item.shape.number if item else "〔{年}〕{号}号"
        body = {
            "year": year,
            "serial": serial,
            "number": pattern.replace("{年}", str(year)).replace("{号}", str(serial)),
            "title": paper.title,
            "content": dict(paper.content),
        }
        return _step(actor, paper, "paper.issued", body, at)


def archive_paper(actor: Actor, number: int, retention: str, at: datetime) -> Paper:
    """Put an issued paper into the archive, for 永久, 30年 or 10年."""
    with writing():
        paper, _view = _allowed(actor, number, "paper.archive", ("issued",), at)
        if retention not in RETENTIONS:
            raise rejected(Refused(f"保管期限须为{'、'.join(RETENTIONS)}", f"retention is one of {', '.join(RETENTIONS)}", RETENTIONS[1]), "retention", "保管期限")
        return _step(actor, paper, "paper.archived", {"retention": retention}, at)


# --- and back


def return_paper(actor: Actor, number: int, reason: str, at: datetime) -> Paper:
    """Send a checked or signed paper back to be drafted again, with a reason. For whoever may check or sign."""
    with writing():
        action = "paper.sign" if may(actor, "paper.sign") else "paper.check"
        paper, _view = _allowed(actor, number, action, ("checked", "signed"), at)
        _reasoned(reason, "退回须写明理由", "sending a paper back needs a reason", "第二段与会议议定不符")
        return _step(actor, paper, "paper.returned", {"reason": reason}, at)


def renew_paper(actor: Actor, number: int, computed: Draft, at: datetime) -> Paper:
    """Take the figures the ledger has now. The paper is a draft again, to be checked anew. Rejected where nothing has moved."""
    with writing():
        paper, _view = _allowed(actor, number, "paper.draft", Paper.WAITING, at)
        found = _moved(paper, computed)
        body = {
            "title": computed.title, "recipient": computed.recipient, "content": dict(computed.content), "moved": [one.body() for one in found],
        }  # fmt: skip
        return _step(actor, paper, "paper.renewed", body, at)


def keep_figures(actor: Actor, number: int, computed: Draft, reason: str, at: datetime) -> Paper:
    """Keep the figures of a paper although the ledger has others now, with a reason; until they move again. It is to be checked anew."""
    with writing():
        paper, _view = _allowed(actor, number, "paper.draft", Paper.WAITING, at)
        found = unlooked(_moved(paper, computed), paper.kept)
        _reasoned(reason, "保留原数须写明理由", "keeping a figure needs a reason", "通报以 6 月 10 日报数为准，更正记入下期")
        if not found:
            raise rejected(_NOTHING)
        return _step(actor, paper, "paper.kept", {"moved": [one.body() for one in found], "reason": reason}, at)


def drop_paper(actor: Actor, number: int, reason: str, at: datetime) -> Event:
    """Lay a paper aside before it is issued, with a reason."""
    with writing():
        paper, _view = _allowed(actor, number, "paper.draft", Paper.WAITING, at)
        _reasoned(reason, "作废草稿须写明理由", "laying a draft aside needs a reason", "重复起草")
        return record(_about(paper, "paper.dropped", {"id": paper.pk, "reason": reason}, actor, at))


# --- what all of them ask

_NOTHING = Refused("文中的数与台账一致，没有要处理的", "every figure agrees with the ledger: there is nothing to decide", "")


def differences(paper: Paper, computed: Draft) -> list[Moved]:
    """Where a paper differs from the same paper computed now."""
    was = {"title": paper.title, "recipient": paper.recipient, "content": paper.content}
    now = {"title": computed.title, "recipient": computed.recipient, "content": dict(computed.content)}
    return moved(was, json.loads(canonical(now)))  # as the ledger would keep it


def _still_true(paper: Paper, computed: Draft | None) -> None:
    if computed is None:
        raise rejected(Refused(
            "现行机制里已没有这种文书，核算不了；请作废", "no pack in force has this document, so it cannot be computed: lay it aside", "",
        ))  # fmt: skip
    found = unlooked(differences(paper, computed), paper.kept)
    if found:
        raise rejected(_has_moved(found))


def _has_moved(found: Sequence[Moved]) -> Refused:
    named = "；".join(f"{one.title} 文中 {one.was or '无'}、台账 {one.now or '无'}" for one in found[:NAMED]) + ("……" if len(found) > NAMED else "")
    return Refused(
        f"起草之后台账动了，有 {len(found)} 处与文中不同：{named}。请先看过：取用新数，或写明理由保留原数",
        f"the ledger moved since the draft, {len(found)} places differ: {named}. Look at them first: take the new figures, or keep the old ones with a reason", "",
    )  # fmt: skip


def _moved(paper: Paper, computed: Draft) -> list[Moved]:
    found = differences(paper, computed)
    if not found:
        raise rejected(_NOTHING)
    return found


def _reasoned(reason: str, zh: str, en: str, example: str) -> None:
    if not reason.strip():
        raise rejected(Refused(zh, en, example), "reason", "理由")


def _standing(draft: Draft) -> Paper | None:
    same = Paper.objects.filter(mechanism=draft.mechanism, document=draft.document, period=draft.period, member=draft.member).exclude(state="dropped")
    if draft.member and not draft.period:
        return same.filter(state__in=Paper.WAITING).first()
    if not draft.period:
        return None
    return same.filter(entry_id=draft.entry).first() if draft.entry else same.filter(entry__isnull=True).first()


def _allowed(actor: Actor, number: int, action: str, states: Sequence[str], at: datetime) -> tuple[Paper, RegisterView]:
    """The paper, where it is in one of the states and the actor may do that to it."""
    paper = Paper.objects.select_related("entry").filter(pk=number).first()
    if paper is None:
        raise rejected(Refused("没有这份公文", "there is no such paper", ""))
    view = view_of(paper.register, at)
    allow(may(actor, action, view, paper.entry))
    allow(about_person(actor, paper.member))
    if paper.state not in states:
        wanted, is_now = [STATES[state] for state in states], STATES[paper.state]
        raise rejected(Refused(
            f"这份公文{is_now[0] if paper.state != 'draft' else '还是草稿'}，须是{'或'.join(zh for zh, _en in wanted)}的才能这样办",
            f"the paper is {is_now[1]}; for this it must be {' or '.join(en for _zh, en in wanted)}", "",
        ))  # fmt: skip
    return paper, view


def _step(actor: Actor, paper: Paper, kind: str, body: Mapping[str, Any], at: datetime) -> Paper:
    record(_about(paper, kind, {"id": paper.pk, **body, "on": day_of(at).isoformat()}, actor, at))
    return Paper.objects.get(pk=paper.pk)


def _about(paper: Paper, kind: str, body: dict[str, Any], actor: Actor, at: datetime) -> New:
    return New(kind, body, actor.username, at, paper.register, paper.entry.key if paper.entry else "")
