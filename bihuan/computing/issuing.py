"""The steps of a paper that are taken only while its figures still hold: computed again under the ledger's lock, so that nothing moves between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

from bihuan.computing import papers
from bihuan.computing.papers import About
from bihuan.computing.tables import Columns, current
from bihuan.foundation import access
from bihuan.foundation.access import SYSTEM, Actor, Decision
from bihuan.foundation.actions import (
    Draft,
    Step,
    check_paper,
    differences,
    draft_paper,
    issue_paper,
    keep_figures,
    move,
    possible_moves,
    renew_paper,
    sign_paper,
)
from bihuan.foundation.actions.writing import allow, day_of
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.catalogue import Catalogue
from bihuan.foundation.grammar.documents import ByHand, Document
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import writing
from bihuan.foundation.models import Entry, Member, Paper
from bihuan.foundation.moved import Moved, unlooked

STEPS: dict[str, Callable[[Actor, int, Draft | None, datetime], Paper]] = {"check": check_paper, "sign": sign_paper, "issue": issue_paper}
"""The steps that want the paper computed again."""
NEXT = {"draft": "check", "checked": "sign", "signed": "issue", "issued": "archive"}
"""By state, the step that comes next."""


Asked = tuple[RegisterView, Item[Document]]
"""A document that is drafted when somebody asks for it, and the register it is declared on."""


def asked_for(catalogue: Catalogue) -> Iterator[Asked]:
    """Every document that people ask for, in the order of the packs."""
    for view in catalogue.registers_in_order:
        yield from ((view, item) for item in view.documents.values() if isinstance(item.shape.trigger, ByHand))


def may_ask(actor: Actor, item: Item[Document]) -> Decision:
    """Whether the actor may have a document drafted: its pack names their role, and one about a person tells of the whole city."""
    trigger = item.shape.trigger
    if actor != SYSTEM and isinstance(trigger, ByHand) and not actor.roles & frozenset(trigger.by):
        zh, en = (wanted.join(access.role_name(role, language) for role in trigger.by) for wanted, language in (("、", "zh"), (" or ", "en")))
        return Decision(False, f"须由{zh}提出", f"to be asked for by {en}")
    drafts = access.may(actor, "paper.draft")
    return access.about_person(actor, item.shape.about) if drafts else drafts


def draft(actor: Actor, document: str, about: str, at: datetime) -> Paper:
    """Draft a document that is asked for, by its full name, about a person (a username), a row (its key), or with nothing the whole city.

    Where a draft of it stands, that is given back. Raises Forbidden, and Rejected where there is no such document, person or row.
    """
    with writing():
        columns = current(day_of(at))
        view, item = next((one for one in asked_for(columns.catalogue) if document in (one[1].name, one[1].key)), (None, None))
        if view is None or item is None:
            raise rejected(Refused(f"没有可由人提出的文书“{document}”", f"there is no document to be asked for named “{document}”", _names(columns.catalogue)))
        allow(may_ask(actor, item))
        member = _staff(about) if item.shape.about else ""
        entry = _row(view, about) if about and not item.shape.about else None
        if entry is not None:
            allow(access.may(actor, "paper.draft", view, entry))
        words = {"依据": item.shape.basis}
        composed = papers.compose(columns, view, item, About(day_of(at), entry.pk if entry else None, words=words, member=member))
        return draft_paper(actor, composed, at)


def _names(catalogue: Catalogue) -> str:
    return "、".join(item.name for _view, item in asked_for(catalogue))


def _staff(username: str) -> str:
    person = Member.objects.filter(pk=username, is_active=True).first()
    if person is None or not access.STAFF & set(person.roles):
        raise rejected(Refused(f"没有这位在岗人员：{username or '（没有写明）'}", f"there is nobody of the staff named “{username}”", "ling"))
    return username


def _row(view: RegisterView, key: str) -> Entry:
    entry = Entry.objects.filter(register=view.name, key=key, withdrawn=False).first()
    if entry is None:
        raise rejected(Refused(f"“{view.shape.title}”里没有 {key}", f"there is no row {key} in {view.name}", ""))
    return entry


def recomputed(columns: Columns, paper: Paper) -> Draft | None:
    """The same paper composed from the ledger as it is now, for the same day, row and period; None where the packs no longer have it."""
    view = columns.catalogue.registers.get(paper.register)
    item = view.documents.find(f"{paper.mechanism}.{paper.document}") if view else None
    if view is None or item is None:
        return None
    words = {str(key): str(value) for key, value in paper.content.get("words", {}).items()}
    day = date.fromisoformat(paper.content["day"]) if paper.content.get("day") else paper.drafted_on
    about = About(day, paper.entry_id, periods.parse(paper.period) if paper.period else None, words, paper.member)
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
