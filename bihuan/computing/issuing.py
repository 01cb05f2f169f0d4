"""The steps of a paper that are taken only while its figures still hold: computed again under the ledger's lock, so that nothing moves between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from bihuan.computing import papers
from bihuan.computing.papers import About
from bihuan.computing.tables import Columns, current
from bihuan.foundation.access import Actor
from bihuan.foundation.actions import (
    Draft,
    Step,
    check_paper,
    differences,
    issue_paper,
    keep_figures,
    move,
    possible_moves,
    renew_paper,
    sign_paper,
)
from bihuan.foundation.actions.writing import day_of
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.ledger import writing
from bihuan.foundation.models import Paper
from bihuan.foundation.moved import Moved, unlooked

STEPS: dict[str, Callable[[Actor, int, Draft | None, datetime], Paper]] = {"check": check_paper, "sign": sign_paper, "issue": issue_paper}
"""The steps that want the paper computed again."""
NEXT = {"draft": "check", "checked": "sign", "signed": "issue", "issued": "archive"}
"""By state, the step that comes next."""


def recomputed(columns: Columns, paper: Paper) -> Draft | None:
    """The same paper composed from the ledger as it is now, for the same day, row and period; None where the packs no longer have it."""
    view = columns.catalogue.registers.get(paper.register)
    item = view.documents.find(f"{paper.mechanism}.{paper.document}") if view else None
    if view is None or item is None:
        return None
    words = {str(key): str(value) for key, value in paper.content.get("words", {}).items()}
    day = date.fromisoformat(paper.content["day"]) if paper.content.get("day") else paper.drafted_on
    about = About(day, paper.entry_id, periods.parse(paper.period) if paper.period else None, words)
    return papers.compose(columns, view, item, about)


def moved_now(columns: Columns, paper: Paper) -> list[Moved]:
    """What differs from the ledger and nobody has looked at yet."""
    computed = recomputed(columns, paper)
    return unlooked(differences(paper, computed), paper.kept) if computed else []


def take(actor: Actor, number: int, step: str, at: datetime) -> Paper:
    """Check, sign or issue a paper, computed again under the ledger's lock. Raises Forbidden, and Rejected: not its turn, the same person, moved."""
    with writing():
        paper = STEPS[step](actor, number, _fresh(number, at), at)
        if step == "issue":
            _minutes_issued(actor, paper, at)
        return paper


def _minutes_issued(actor: Actor, paper: Paper, at: datetime) -> None:
    """Where these are the minutes of a session, it moves on as its meeting says, if this person may move it."""
    session = paper.entry
    view = current(day_of(at)).catalogue.registers.get(session.register) if session else None
    if session is None or view is None:
        return
    for item in view.meetings.values():
        if item.shape.recorded and item.shape.minutes == paper.document and item.shape.recorded in possible_moves(actor, view, session):
            move(actor, view.name, session.key, Step(item.shape.recorded, session.version), at)


def renew(actor: Actor, number: int, at: datetime) -> Paper:
    """Take the figures of now into a paper. Raises Forbidden and Rejected."""
    with writing():
        return renew_paper(actor, number, _known(number, at), at)


def keep(actor: Actor, number: int, reason: str, at: datetime) -> Paper:
    """Keep the figures of a paper as they stand, with a reason. Raises Forbidden and Rejected."""
    with writing():
        return keep_figures(actor, number, _known(number, at), reason, at)


def _fresh(number: int, at: datetime) -> Draft | None:
    paper = Paper.objects.filter(pk=number).first()
    return recomputed(current(day_of(at)), paper) if paper else None


def _known(number: int, at: datetime) -> Draft:
    computed = _fresh(number, at)
    if computed is None:
        raise rejected(Refused("没有这份公文，或现行机制里已没有这种文书", "there is no such paper, or no pack in force has its document", ""))
    return computed
