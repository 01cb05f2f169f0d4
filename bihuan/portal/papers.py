"""Official papers: read, checked again against the ledger, taken away as a Word file, issued under a number, or laid aside."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import papers as composed
from bihuan.computing.papers import About
from bihuan.foundation import access, actions
from bihuan.foundation.actions import Draft, Rejected
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.documents import Document
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.models import Paper
from bihuan.portal import fonts, guarded, official, pdf, shell
from bihuan.portal.cited import cited
from bihuan.portal.forms import Form, plain
from bihuan.portal.meeting_acts import minutes_issued
from bihuan.portal.printed import Source, html_parts, printed
from bihuan.portal.visits import Shaped, Visit, onward, query
from bihuan.portal.writes import form_page, saved, tried

SIZE = 30
FILES = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


def papers(visit: Visit) -> HttpResponseBase:
    """Drafts the rules have called for, and what was issued."""
    state = visit.request.GET.get("state", "")
    state = state if state in ("draft", "issued") else ""
    counts = guarded.papers(visit).order_by().aggregate(
        all=Count("id"), draft=Count("id", filter=Q(state="draft")), issued=Count("id", filter=Q(state="issued"))
    )  # fmt: skip
    shown = list(guarded.papers(visit, state)[: SIZE * 4])
    people = guarded.people([paper.issued_by or paper.drafted_by for paper in shown])
    titles = {"": (_("全部"), "all"), "draft": (_("待印发"), "draft"), "issued": (_("已印发"), "issued")}
    context = {
        "tabs": [
            {"title": title, "href": reverse("papers") + query(state=key), "count": counts[count], "current": key == state}
            for key, (title, count) in titles.items()
        ],
        "actions": [], "papers": [_line(visit, paper, people) for paper in shown], "page": None,
    }  # fmt: skip
    return shell.page(visit, "portal/papers.html", [shell.crumb(_("公文与通报"))], context)


def _line(visit: Visit, paper: Paper, people: Mapping[str, tuple[str, str]]) -> Shaped:
    item = _document(visit, paper)
    by = paper.issued_by or paper.drafted_by
    return {
        "title": paper.title, "href": reverse("paper", args=[paper.pk]), "number": paper.number,
        "kind": visit.title(visit.catalogue.mechanism(paper.mechanism).shape) if item else paper.period,
        "state": _state(paper), "at": paper.issued_on or paper.drafted_on, "due": None,
        "who": _("规则引擎") if by == access.SYSTEM.username else people.get(by, (by, ""))[0],
    }  # fmt: skip


def _state(paper: Paper) -> Shaped:
    return {"text": _("已印发"), "tone": "green"} if paper.state == "issued" else {"text": _("草稿"), "tone": "yellow"}


def _document(visit: Visit, paper: Paper) -> Item[Document] | None:
    view = visit.register(paper.register)
    return view.documents.find(f"{paper.mechanism}.{paper.document}") if view else None


# --- one paper


def paper(visit: Visit, number: int) -> HttpResponseBase:
    """One paper as it will be printed; beside it every figure in it, recomputed now."""
    paper = guarded.paper_of(visit, number)
    now = _recomputed(visit, paper) if paper.state == "draft" else None
    may_issue = paper.state == "draft" and bool(access.may(visit.actor, "paper.issue"))
    may_drop = paper.state == "draft" and bool(access.may(visit.actor, "paper.draft"))
    offered = [
        shell.action(_("下载 PDF"), "download", reverse("paper-pdf", args=[number])),
        shell.action(_("下载 Word"), "download", reverse("paper-word", args=[number])),
    ]  # fmt: skip
    if may_drop:
        offered.append(shell.action(_("作废草稿"), "x", reverse("paper-drop", args=[number]), drawer=True))
    context = {
        "paper": html_parts(paper, _walk(visit, paper)), "figures": list(_figures(visit, paper, now)), "actions": offered, "state": _state(paper),
        "issue_href": reverse("paper-issue", args=[number]) if may_issue else "", "fonts_href": reverse("paper-fonts", args=[number]),
    }  # fmt: skip
    return shell.page(visit, "portal/paper.html", [shell.crumb(_("公文与通报"), reverse("papers")), shell.crumb(paper.title)], context)


def _recomputed(visit: Visit, paper: Paper) -> Draft | None:
    """The same paper composed from the ledger as it is now, for the same day, row and period; None where the packs no longer have it."""
    view, item = visit.register(paper.register), _document(visit, paper)
    if view is None or item is None:
        return None
    period = periods.parse(paper.period) if paper.period else None
    words = {str(key): str(value) for key, value in paper.content.get("words", {}).items()}
    about = About(paper.drafted_on, paper.entry_id, period, words)
    return composed.compose(visit.columns, view, item, about)


def _walk(visit: Visit, paper: Paper) -> Callable[[Source], str]:
    """Where each figure of a paper leads: the row it is about, the league table, or the list it was counted over."""
    view = visit.register(paper.register)

    def address(source: Source) -> str:
        if source.entry and paper.entry_id:
            return reverse("row", args=[paper.entry_id])
        score = view.scores.find(source.of) if view and source.kind == "score" else None
        if score is not None:
            return reverse("league", args=[paper.register, score.short]) + query(on=source.day)
        return reverse("register", args=[paper.register]) if view else ""

    return address


def _figures(visit: Visit, paper: Paper, now: Draft | None) -> Iterator[Shaped]:
    """Every figure of a paper as it stands in it, and as the ledger has it now."""
    fresh, walk = _sources(now.content) if now else {}, _walk(visit, paper)
    stands = _sources(paper.content)
    for (at, name), value in stands.items():
        source = next(source for title, source in printed(paper).sources if title == name and source.value == value)
        current = fresh.get((at, name), value)
        yield {"title": name, "text": value, "href": walk(source), "holds": current == value, "now": current}


def _sources(content: Mapping[str, Any]) -> dict[tuple[int, str], str]:
    """The figures of a paper by the part they stand in and their name there."""
    return {
        (at, source["name"]): source["value"]
        for at, part in enumerate(content["parts"])
        for source in part.get("sources", ())
        if source.get("name") and source.get("value")
    }


def as_word(visit: Visit, number: int) -> HttpResponseBase:
    """The paper as a Word file."""
    paper = guarded.paper_of(visit, number)
    return taken(official.docx(printed(paper), cited(paper)), paper.title, "docx")


def as_pdf(visit: Visit, number: int) -> HttpResponseBase:
    """The paper as a PDF."""
    paper = guarded.paper_of(visit, number)
    return taken(pdf.pdf(printed(paper), cited(paper)).content, paper.title, "pdf")


def taken(content: bytes, title: str, suffix: str) -> HttpResponse:
    """A file to be kept under its title."""
    named = f"attachment; filename*=UTF-8''{quote(f'{title}.{suffix}')}"
    return HttpResponse(content, content_type=FILES[suffix], headers={"Content-Disposition": named})


def with_fonts(visit: Visit, number: int) -> HttpResponseBase:
    """What the PDF of a paper lacks: characters that no font of this machine has, and fonts that others stand in for."""
    paper = guarded.paper_of(visit, number)
    missing = pdf.pdf(printed(paper), cited(paper)).missing
    return shell.part(visit, "portal/components/fonts.html", {"missing": missing, "stand_ins": fonts.stand_ins()})


def issue(visit: Visit, number: int) -> HttpResponseBase:
    """Issue a draft: it is composed again from the ledger, gets its number, and is frozen."""
    paper = guarded.paper_of(visit, number)
    guarded.allow(visit, "paper.issue")
    now = _recomputed(visit, paper)
    if paper.state != "draft" or now is None:
        raise Http404
    try:
        issued = actions.issue_paper(visit.actor, number, now.title, now.content, visit.at)
    except Rejected as why:
        for refusal in why.refusals:
            messages.error(visit.request, refusal.text(visit.language))
        return onward(visit.request, reverse("paper", args=[number]))
    minutes_issued(visit, issued)
    return saved(visit, _("已印发：%(number)s") % {"number": issued.number}, reverse("paper", args=[number]))


def drop(visit: Visit, number: int) -> HttpResponseBase:
    """Lay a draft aside, with a reason."""
    paper = guarded.paper_of(visit, number)
    guarded.allow(visit, "paper.draft")
    reason = visit.request.POST.get("reason", "")
    here = reverse("paper", args=[number])
    form = Form(visit.request.path, _("作废"), here, [plain("reason", _("理由"), "long_text", reason, required=True)], danger=True)
    if tried(visit, form, lambda: actions.drop_paper(visit.actor, number, reason, visit.at)):
        return saved(visit, _("草稿已作废"), reverse("papers"))
    return form_page(visit, _("作废草稿"), paper.title, form)
