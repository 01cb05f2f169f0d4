"""Offices, members, packs, uploads, papers and seals."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import F

from bihuan.foundation.models import Event, Invitation, Member, Office, PackVersion, Paper, Seal, Upload
from bihuan.foundation.private import opened
from bihuan.foundation.projections.ids import next_id

Body = dict[str, Any]


def nothing(event: Event, body: Body, using: str) -> Iterable[int]:
    """A kind that is a record in itself and changes no table."""
    return []


def set_office(event: Event, body: Body, using: str) -> Iterable[int]:
    """``office.set``: {code, name, name_en, kind, parent, closed}. A new parent moves the whole subtree."""
    offices = Office.objects.using(using)
    before = offices.filter(pk=body["code"]).values_list("path", flat=True).first()
    above = offices.get(pk=body["parent"]).path if body["parent"] else "/"
    path = f"{above}{body['code']}/"
    offices.update_or_create(
        code=body["code"],
        defaults={
            "name": body["name"],
            "name_en": body["name_en"],
            "kind": body["kind"],
            "parent_id": body["parent"] or None,
            "path": path,
            "closed": body["closed"],
            "seq": event.seq,
        },
    )
    if before and before != path:
        for below in offices.filter(path__startswith=before).exclude(pk=body["code"]):
            offices.filter(pk=below.pk).update(path=path + below.path[len(before) :])
    return []


def set_member(event: Event, body: Body, using: str) -> Iterable[int]:
    """``member.set``: {username, name, phone, office, enterprise, language, active}; name and phone are commitments."""
    values = opened(body, using)
    Member.objects.using(using).update_or_create(
        username=body["username"],
        defaults={
            "name": values["name"] or "",
            "phone": values["phone"] or "",
            "office_id": body["office"] or None,
            "enterprise": body["enterprise"],
            "language": body["language"],
            "is_active": body["active"],
            "seq": event.seq,
        },
    )
    return []


def set_roles(event: Event, body: Body, using: str) -> Iterable[int]:
    """``member.roles_set``: {username, roles}."""
    Member.objects.using(using).filter(pk=body["username"]).update(roles=body["roles"], seq=event.seq)
    return []


def end_sessions(event: Event, body: Body, using: str) -> Iterable[int]:
    """``member.sessions_ended``: {username}."""
    Member.objects.using(using).filter(pk=body["username"]).update(session_round=F("session_round") + 1, seq=event.seq)
    return []


def invite(event: Event, body: Body, using: str) -> Iterable[int]:
    """``invitation.made``: {id, digest, role, enterprise, name, expires}; the name is a commitment."""
    values = opened(body, using)
    Invitation.objects.using(using).create(
        id=body["id"], digest=body["digest"], role=body["role"], enterprise=body["enterprise"], name=values["name"] or "", made_by=event.actor,
        made_at=event.at, expires=datetime.fromisoformat(body["expires"]), state="open", seq=event.seq,
    )  # fmt: skip
    return []


def revoke(event: Event, body: Body, using: str) -> Iterable[int]:
    """``invitation.revoked``: {id}."""
    Invitation.objects.using(using).filter(pk=body["id"]).update(state="revoked", seq=event.seq)
    return []


def use(event: Event, body: Body, using: str) -> Iterable[int]:
    """``invitation.used``: {id, username}."""
    Invitation.objects.using(using).filter(pk=body["id"]).update(state="used", username=body["username"], seq=event.seq)
    return []


def adopt(event: Event, body: Body, using: str) -> Iterable[int]:
    """``pack.adopted``: {pack, number, numbers_fingerprint, words_fingerprint, files, in_force_from, note}."""
    PackVersion.objects.using(using).create(
        id=next_id(PackVersion, using),
        pack=body["pack"],
        number=body["number"],
        numbers_fingerprint=body["numbers_fingerprint"],
        words_fingerprint=body["words_fingerprint"],
        files=body["files"],
        in_force_from=date.fromisoformat(body["in_force_from"]),
        seq=event.seq,
    )
    return []


def receive(event: Event, body: Body, using: str) -> Iterable[int]:
    """``upload.received``: {id, purpose, exchange, name, digest, size}."""
    Upload.objects.using(using).create(
        id=body["id"],
        purpose=body["purpose"],
        register=event.register,
        exchange=body["exchange"],
        name=body["name"],
        digest=body["digest"],
        size=body["size"],
        member=event.actor,
        at=event.at,
        state="waiting" if body["purpose"] == "sheet" else "confirmed",
        seq=event.seq,
    )
    return []


def settle(event: Event, body: Body, using: str) -> Iterable[int]:
    """``upload.settled``: {id, state, rows}: confirmed, or dropped."""
    Upload.objects.using(using).filter(pk=body["id"]).update(state=body["state"], rows=body["rows"], seq=event.seq)
    return []


def draft(event: Event, body: Body, using: str) -> Iterable[int]:
    """``paper.drafted``: {id, mechanism, document, entry, period, title, recipient, content, on}, and {member} where it is about a person."""
    Paper.objects.using(using).create(
        id=body["id"],
        mechanism=body["mechanism"],
        document=body["document"],
        register=event.register,
        entry_id=body["entry"],
        member=body.get("member", ""),
        period=body["period"],
        state="draft",
        title=body["title"],
        recipient=body["recipient"],
        content=body["content"],
        drafted_on=date.fromisoformat(body["on"]),
        drafted_by=event.actor,
        seq=event.seq,
    )
    return [body["entry"]] if body["entry"] else []


def step_paper(event: Event, body: Body, using: str) -> Iterable[int]:
    """``paper.checked`` and ``paper.signed``: {id, on}: by whom and when."""
    step = event.kind.rpartition(".")[2]
    return _paper(event, body, using, {"state": step, f"{step}_on": date.fromisoformat(body["on"]), f"{step}_by": event.actor})


def issue(event: Event, body: Body, using: str) -> Iterable[int]:
    """``paper.issued``: {id, year, serial, number, title, content, on}: what was recomputed just before is what is frozen."""
    facts = {key: body[key] for key in ("year", "serial", "number", "title", "content")}
    return _paper(event, body, using, {**facts, "state": "issued", "issued_on": date.fromisoformat(body["on"]), "issued_by": event.actor})


def archive(event: Event, body: Body, using: str) -> Iterable[int]:
    """``paper.archived``: {id, retention, on}."""
    facts = {"state": "archived", "archived_on": date.fromisoformat(body["on"]), "archived_by": event.actor, "retention": body["retention"]}
    return _paper(event, body, using, facts)


_AGAIN: Body = {"state": "draft", "checked_on": None, "checked_by": "", "signed_on": None, "signed_by": ""}
"""A paper that was changed, or sent back, is checked and signed anew."""


def send_back(event: Event, body: Body, using: str) -> Iterable[int]:
    """``paper.returned``: {id, reason, on}."""
    return _paper(event, body, using, _AGAIN)


def renew(event: Event, body: Body, using: str) -> Iterable[int]:
    """``paper.renewed``: {id, title, recipient, content, moved, on}: the figures the ledger has now, in place of those that had moved."""
    facts = {key: body[key] for key in ("title", "recipient", "content")}
    return _paper(event, body, using, {**_AGAIN, **facts, "kept": []})


def keep(event: Event, body: Body, using: str) -> Iterable[int]:
    """``paper.kept``: {id, moved [{key, title, was, now}], reason, on}: figures that stay although the ledger has others now."""
    kept = [{**one, "reason": body["reason"], "by": event.actor, "on": body["on"]} for one in body["moved"]]
    keys = {one["key"] for one in kept}
    before = Paper.objects.using(using).values_list("kept", flat=True).get(pk=body["id"])
    return _paper(event, body, using, {**_AGAIN, "kept": [*(one for one in before if one["key"] not in keys), *kept]})


def drop(event: Event, body: Body, using: str) -> Iterable[int]:
    """``paper.dropped``: {id, reason}: a draft that will not be issued."""
    return _paper(event, body, using, {"state": "dropped"})


def _paper(event: Event, body: Body, using: str, facts: Body) -> list[int]:
    papers = Paper.objects.using(using).filter(pk=body["id"])
    papers.update(seq=event.seq, **facts)
    return [paper.entry_id for paper in papers if paper.entry_id]


def seal(event: Event, body: Body, using: str) -> Iterable[int]:
    """``ledger.sealed``: {origin, size, hash, algorithm, at}."""
    Seal.objects.using(using).create(
        size=body["size"],
        hash=body["hash"],
        algorithm=body["algorithm"],
        origin=body["origin"],
        at=datetime.fromisoformat(body["at"]),
        seq=event.seq,
    )
    return []
