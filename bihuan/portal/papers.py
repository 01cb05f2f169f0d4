"""Official papers: read, computed again beside the ledger, and taken away as files. What is done with them is in `paper_steps`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import issuing
from bihuan.computing.papers import PERSON
from bihuan.foundation import access
from bihuan.foundation.actions import Draft, differences
from bihuan.foundation.grammar.documents import Document
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.models import Paper
from bihuan.foundation.moved import Moved, unlooked
from bihuan.portal import fonts, guarded, official, pdf, shell
from bihuan.portal.cited import cited, row_of
from bihuan.portal.paper_words import state_tag, state_word, steps, waits_for
from bihuan.portal.printed import Source, html_parts, printed
from bihuan.portal.visits import Shaped, Visit, query

SIZE = 30
STATES = (*Paper.WAITING, *Paper.OUT)
MOST_MOVED = 40
"""So many differences are listed on the page; the others are counted."""
FILES = {
    "pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "json": "application/json",
}  # fmt: skip


def papers(visit: Visit) -> HttpResponseBase:
    """What waits to be checked, signed or issued, what was issued, and what lies in the archive."""
    asked = visit.request.GET.get("state", "")
    chosen = asked if asked in STATES else ""
    counted = dict(guarded.papers(visit).order_by().values_list("state").annotate(n=Count("id")))
    shown = list(guarded.papers(visit, [chosen] if chosen else ())[: SIZE * 4])
    people = guarded.people([name for paper in shown for name in _names(paper)])
    titles = {"": _("全部"), **{state: waits_for(state) for state in Paper.WAITING}, **{state: state_word(state) for state in Paper.OUT}}
    context = {
        "tabs": [
            {"title": title, "href": reverse("papers") + query(state=key), "count": counted.get(key, 0) if key else sum(counted.values()), "current": key == chosen}
            for key, title in titles.items()
        ],
        "actions": [], "papers": [_line(visit, paper, people) for paper in shown], "page": None,
    }  # fmt: skip
    return shell.page(visit, "portal/papers.html", [shell.crumb(_("公文与通报"))], context)


def _names(paper: Paper) -> list[str]:
    return [by for _title, by, _on in steps(paper) if by]


def _who(name: str, people: Mapping[str, tuple[str, str]]) -> str:
    return _("规则引擎") if name == access.SYSTEM.username else people.get(name, (name, ""))[0]


def _line(visit: Visit, paper: Paper, people: Mapping[str, tuple[str, str]]) -> Shaped:
    item = _document(visit, paper)
    last = [(by, on) for _title, by, on in steps(paper) if by][-1]
    return {
        "title": paper.title, "href": reverse("paper", args=[paper.pk]), "number": paper.number,
        "kind": visit.title(visit.catalogue.mechanism(paper.mechanism).shape) if item else paper.period,
        "state": state_tag(paper), "at": last[1], "due": None, "who": _who(last[0], people),
    }  # fmt: skip


def _document(visit: Visit, paper: Paper) -> Item[Document] | None:
    view = visit.register(paper.register)
    return view.documents.find(f"{paper.mechanism}.{paper.document}") if view else None


# --- one paper


def paper(visit: Visit, number: int) -> HttpResponseBase:
    """One paper as it will be printed; beside it its life, every figure in it, and until it is issued what has moved since."""
    paper = guarded.paper_of(visit, number)
    waits = paper.state in Paper.WAITING
    now = issuing.recomputed(visit.columns, paper) if waits else None
    found = differences(paper, now) if now else []
    open_ones = unlooked(found, paper.kept)
    people = guarded.people(_names(paper) + [one["by"] for one in paper.kept])
    context = {
        "paper": html_parts(paper, _walk(visit, paper), find=visit.request.GET.get("find", "")),
        "figures": list(_figures(visit, paper, now)), "actions": list(_actions(visit, paper)),
        "state": state_tag(paper), "steps": _steps(paper, people), "next": _next(visit, paper, open_ones),
        "moved": [{"title": one.title, "was": one.was, "now": one.now} for one in open_ones[:MOST_MOVED]], "moved_more": max(0, len(open_ones) - MOST_MOVED),
        "renew_href": reverse("paper-renew", args=[number]) if found and access.may(visit.actor, "paper.draft") else "",
        "keep_href": reverse("paper-keep", args=[number]) if open_ones and access.may(visit.actor, "paper.draft") else "",
        "kept": [{**one, "who": _who(one["by"], people)} for one in paper.kept], "retention": paper.retention,
        "fonts_href": reverse("paper-fonts", args=[number]),
    }  # fmt: skip
    return shell.page(visit, "portal/paper.html", [shell.crumb(_("公文与通报"), reverse("papers")), shell.crumb(paper.title)], context)


def _actions(visit: Visit, paper: Paper) -> Iterator[Shaped]:
    yield shell.action(_("下载 PDF"), "download", reverse("paper-pdf", args=[paper.pk]))
    yield shell.action(_("下载 Word"), "download", reverse("paper-word", args=[paper.pk]))
    if paper.state == "issued" and access.may(visit.actor, "paper.archive"):
        yield shell.action(_("归档"), "inbox", reverse("paper-archive", args=[paper.pk]))
    if paper.state in ("checked", "signed") and access.may(visit.actor, "paper.sign"):
        yield shell.action(_("退回"), "arrow-back-up", reverse("paper-return", args=[paper.pk]))
    if paper.state in Paper.WAITING and access.may(visit.actor, "paper.draft"):
        yield shell.action(_("作废草稿"), "x", reverse("paper-drop", args=[paper.pk]))


def _steps(paper: Paper, people: Mapping[str, tuple[str, str]]) -> list[Shaped]:
    return [{"title": title, "who": _who(by, people) if by else "", "on": on} for title, by, on in steps(paper)]


def _next(visit: Visit, paper: Paper, open_ones: Sequence[Moved]) -> Shaped | None:
    """The step that comes next, where to send it, and why this person may not take it."""
    if paper.state not in Paper.WAITING:
        return None
    step = issuing.NEXT[paper.state]
    title = {"check": _("核算无误，核稿通过"), "sign": _("同意，签发"), "issue": _("核算无误，印发")}[step]
    decision = access.may(visit.actor, f"paper.{step}")
    why = "" if decision else decision.reason if visit.language.startswith("zh") else decision.reason_en
    if not why and open_ones:
        why = _("台账动了，先处理下面这些数")
    if not why and not guarded.waiting(visit).filter(pk=paper.pk).exists():
        why = _("上一步是您办的，请另一位同志办这一步")
    return {"title": title, "href": reverse(f"paper-{step}", args=[paper.pk]) if not why else "", "why": why, "waits": waits_for(paper.state)}


def _walk(visit: Visit, paper: Paper) -> Callable[[Source], str]:
    """Where each figure of a paper leads: the row it is about, the league table, or the list it was counted over."""
    view = visit.register(paper.register)

    def address(source: Source) -> str:
        if source.kind == PERSON:
            return reverse("duty-list", args=[paper.member]) if guarded.sees_list(visit, paper.member) else ""
        if row := row_of(paper, source):
            return reverse("row", args=[row])
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
