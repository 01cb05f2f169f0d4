"""Official papers and files that came in, as far as somebody may read them."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from bihuan.foundation import access
from bihuan.foundation.actions.moves import moves_made
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Entry, Event, Paper, PayList, Upload
from bihuan.portal.guarded.belongings import letters_of
from bihuan.portal.guarded.rows import may_open, row_of, rows_of, scopes_of, within
from bihuan.portal.visits import Visit

STEPS = {"draft": "paper.check", "checked": "paper.sign", "signed": "paper.issue"}
"""By state of a paper, what is to be done with it before it leaves the house."""


def papers(visit: Visit, states: Collection[str] = ()) -> QuerySet[Paper]:
    """The official papers this person may read, newest first: those about rows they see, those of the whole city for staff, those about them.

    One about somebody else is for those who see the whole city.
    """
    scopes = scopes_of(visit)
    seen = within(scopes.values())
    if visit.actor.roles & access.STAFF:
        seen |= Q(register__in=list(scopes), entry__isnull=True, state__in=Paper.OUT)
    if not visit.actor.everywhere:
        seen &= Q(member="")
        seen |= Q(member=visit.actor.username, state__in=Paper.OUT) if visit.actor.roles & access.STAFF else Q(pk__in=[])
    chosen = Paper.objects.filter(seen).exclude(state="dropped").select_related("entry").order_by("-id")
    return chosen.filter(state__in=states) if states else chosen


def waiting(visit: Visit) -> QuerySet[Paper]:
    """The papers that wait for this person: to be checked, signed or issued by somebody of their roles, and not by those who did the step before."""
    theirs = [state for state, action in STEPS.items() if access.may(visit.actor, action)]
    name = visit.actor.username
    own = Q(state__in=("draft", "checked"), drafted_by=name) | Q(state="checked", checked_by=name)
    return papers(visit, theirs).exclude(own) if theirs else Paper.objects.none()


def paper_of(visit: Visit, number: int) -> Paper:
    """One paper; 404 where this person may not read it."""
    paper = papers(visit).filter(pk=number).first()
    if paper is None:
        raise Http404
    return paper


def letter_of(visit: Visit, number: int) -> Paper:
    """An issued paper that answers something this person handed in; 404 for any other."""
    paper = Paper.objects.filter(pk=number, entry__isnull=False).select_related("entry").first()
    if paper is None or paper.entry is None or paper not in letters_of(visit, [paper.entry]).get(paper.entry.pk, []):
        raise Http404
    return paper


def upload_of(visit: Visit, number: int) -> Upload:
    """A file somebody sent in: one's own, or for staff one whose figures they see the register of. 404 otherwise."""
    upload = Upload.objects.filter(pk=number).first()
    view = visit.register(upload.register) if upload and upload.register else None
    if upload is None or view is None:
        raise Http404
    if upload.member != visit.actor.username and not access.charge(visit.actor, view).everything:
        raise Http404
    return upload


def evidence_about(visit: Visit, view: RegisterView, entry: Entry) -> list[tuple[Upload, str]]:
    """The files attached to a row's moves and held by its fields, oldest first, each with what it is called there."""
    fields = {key: shape for key, shape in view.shape.fields.items() if shape.kind == "file" and key not in access.hidden(visit.actor, view, entry)}
    names = {str(entry.data[key]): visit.title(shape) for key, shape in fields.items() if entry.data.get(key)}
    called = {word: said for move in (view.lifecycle.shape.moves.values() if view.lifecycle else ()) for word, said in move.papers.items()}
    for made in moves_made([entry.pk])[entry.pk]:
        names.update({digest: called[word].head(visit.language) if word in called else word for digest, word in made.evidence.items()})
    found = {upload.digest: upload for upload in Upload.objects.filter(digest__in=sorted(names)).order_by("-id")}
    return sorted(((upload, names[digest]) for digest, upload in found.items()), key=lambda pair: pair[0].pk)


def evidence_file(visit: Visit, number: int, upload: int) -> Upload:
    """A file attached to a row, for those in whose charge the row is; 404 for everybody else."""
    view, entry = row_of(visit, number)
    held = {one.pk: one for one, _name in evidence_about(visit, view, entry)} if access.charge(visit.actor, view).holds(entry) else {}
    if upload not in held:
        raise Http404
    return held[upload]


def own_files(visit: Visit, digests: Iterable[str]) -> dict[str, Upload]:
    """The files of some digests that this person sent in, by digest."""
    return {one.digest: one for one in Upload.objects.filter(member=visit.actor.username, purpose="evidence", digest__in=sorted(set(digests)))}


def own_sheet(visit: Visit, number: int) -> Upload:
    """A sheet this person sent in; 404 for anybody else's."""
    upload = Upload.objects.filter(pk=number, purpose="sheet", member=visit.actor.username).first()
    view = visit.register(upload.register) if upload else None
    if upload is None or view is None or not may_open(visit.actor, view):
        raise Http404
    return upload


def outcome_of(visit: Visit, upload: Upload) -> tuple[Event, int, int, list[tuple[Entry, dict[str, Any]]]]:
    """What a settled sheet did: the entry of the ledger that has it, how many rows and values, and the lights that turned after it."""
    settled = Event.objects.get(pk=upload.seq)
    near = Event.objects.filter(seq__lt=upload.seq, seq__gte=upload.seq - 5, actor=upload.member, register=upload.register).order_by("-seq")
    recorded = next((event for event in near if body_of(event).get("upload") == upload.pk), settled)
    body = body_of(recorded)
    changes = len(body.get("changes", ())) or sum(len(row.get("data", ())) for row in body.get("rows", ()))
    touched = {change["id"] for change in body.get("changes", ())} | {row["id"] for row in body.get("rows", ())}
    said = [
        verdict
        for event in Event.objects.filter(kind="judged", seq__gt=upload.seq, seq__lte=upload.seq + 20).order_by("seq")
        for verdict in body_of(event).get("verdicts", ())
        if verdict.get("entry") in touched and (verdict.get("was") or "") != verdict["colour"]
    ]
    view = visit.catalogue.registers[upload.register]
    rows = rows_of(visit, view).in_bulk(sorted({verdict["entry"] for verdict in said})[:500])
    return recorded, upload.rows, changes, [(rows[verdict["entry"]], verdict) for verdict in said if verdict["entry"] in rows]


def last_uploads(visit: Visit) -> dict[tuple[str, str], Upload]:
    """The last confirmed sheet of this person, by register and exchange."""
    rows = Upload.objects.filter(member=visit.actor.username, purpose="sheet", state="confirmed").order_by("id")
    return {(upload.register, upload.exchange): upload for upload in rows}


def paylists(visit: Visit, view: RegisterView) -> QuerySet[PayList]:
    """The lists of payments of a register, newest first, for those who see all its rows; nothing for others."""
    found = PayList.objects.filter(register=view.name).order_by("-pk")
    return found if access.visible(visit.actor, view).everything else found.none()


def paylist_of(visit: Visit, number: int) -> PayList:
    """One list of payments; 404 where there is none, or this person does not see all rows of its register."""
    paylist = PayList.objects.filter(pk=number).first()
    view = visit.register(paylist.register) if paylist else None
    if paylist is None or view is None or not may_open(visit.actor, view) or not access.visible(visit.actor, view).everything:
        raise Http404
    return paylist


def payment_totals(paylist: PayList) -> list[tuple[str, int, int]]:
    """What each policy of a list comes to: its full name, how many payments, how much in 分."""
    return list(paylist.payments.order_by("policy").values_list("policy").annotate(rows=Count("id"), total=Sum("amount")))


def paid_rows(paylist: PayList) -> frozenset[int]:
    """The ids of all rows that a list pays."""
    return frozenset(paylist.payments.order_by().values_list("entry_id", flat=True).distinct())


def payment_lines(paylist: PayList, most: int) -> list[tuple[int, str, str, str, str, int, int]]:
    """The first lines of a list: the row's id, key, title and office, the policy, what was asked and what is paid."""
    columns = ("entry_id", "entry__key", "entry__title", "entry__office", "policy", "asked", "amount")
    return list(paylist.payments.order_by("policy", "entry__key").values_list(*columns)[:most])
