"""`bihuan papers`: official papers, from draft to archive, as files, and looked for by their words."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from bihuan import clock
from bihuan.command.language import say
from bihuan.command.outcomes import OK, PROBLEMS, Refused, print_json
from bihuan.command.people import actor_named, done_as
from bihuan.computing import issuing, names
from bihuan.computing.names import PAPER, Reader
from bihuan.computing.passages import Asked
from bihuan.computing.tables import current
from bihuan.foundation import loading
from bihuan.foundation.access import SYSTEM, Actor, all_visible
from bihuan.foundation.actions import archive_paper, drop_paper, return_paper
from bihuan.foundation.actions.papers import STATES
from bihuan.foundation.actions.writing import day_of
from bihuan.foundation.models import Paper
from bihuan.portal import fonts, official, pdf
from bihuan.portal.cited import cited
from bihuan.portal.printed import printed

MOST = 50


def papers(options: Namespace) -> int:
    """Do one of the deeds; without a number, say which papers there are."""
    if options.deed in ("list", "find"):
        return _list(options) if options.deed == "list" else _find(options)
    return {"draft": _draft, "show": _show, "write": _write}.get(options.deed, _do)(options)


def _list(options: Namespace) -> int:
    found = Paper.objects.exclude(state="dropped").order_by("-id")
    if options.format == "json":
        print_json([_facts(paper) for paper in found.iterator()])
        return OK
    for paper in found[:MOST]:
        print(f"  {paper.pk:>4}  {say(*STATES[paper.state])}  {paper.number or '—'}  {paper.title}")
    if not found.exists():
        print(say("还没有公文。到期或有灯转红时规则会起草", "There is no paper yet. Rules draft them when they are due or a light turns red"))
    return OK


def _facts(paper: Paper) -> dict[str, object]:
    return {
        "paper": paper.pk, "title": paper.title, "number": paper.number, "state": paper.state, "period": paper.period, "register": paper.register,
        "issued_on": paper.issued_on.isoformat() if paper.issued_on else None,
    }  # fmt: skip


def _show(options: Namespace) -> int:
    """A paper's state, and what the ledger has otherwise now."""
    paper = _numbered(options)
    moved = issuing.moved_now(current(day_of(clock.now())), paper) if paper.state in Paper.WAITING else []
    if options.format == "json":
        print_json({**_facts(paper), "moved": [one.body() for one in moved], "kept": paper.kept})
        return PROBLEMS if moved else OK
    print(f"{paper.title}  {paper.number}  {say(*STATES[paper.state])}")
    for one in moved:
        print(say(f"  {one.title}：文中 {one.was or '无'}，台账现在 {one.now or '无'}", f"  {one.title}: {one.was or 'nothing'} in the paper, {one.now or 'nothing'} in the ledger now"))
    return PROBLEMS if moved else OK


def _draft(options: Namespace) -> int:
    """A document that is asked for: a draft of it."""
    at = clock.now()
    paper = done_as(options.member, lambda actor: issuing.draft(actor, options.document, options.about, at))
    if options.format == "json":
        print_json(_facts(paper))
        return OK
    print(f"  {paper.pk:>4}  {say(*STATES[paper.state])}  {paper.title}")
    return OK


def _do(options: Namespace) -> int:
    """One step of a paper's life."""
    number, at, reason = _numbered(options).pk, clock.now(), options.reason
    deeds: dict[str, Callable[[Actor], object]] = {
        "check": lambda actor: issuing.take(actor, number, "check", at), "sign": lambda actor: issuing.take(actor, number, "sign", at),
        "issue": lambda actor: issuing.take(actor, number, "issue", at), "archive": lambda actor: archive_paper(actor, number, options.retention, at),
        "return": lambda actor: return_paper(actor, number, reason, at), "renew": lambda actor: issuing.renew(actor, number, at),
        "keep": lambda actor: issuing.keep(actor, number, reason, at), "drop": lambda actor: drop_paper(actor, number, reason, at),
    }  # fmt: skip
    done_as(options.member, deeds[options.deed])
    paper = Paper.objects.get(pk=number)
    print(f"{paper.title}  {paper.number}  {say(*STATES[paper.state])}")
    return OK


def _write(options: Namespace) -> int:
    """Write a paper as .pdf or .docx, whole or not at all; say what the PDF lacks."""
    paper, path = _numbered(options), Path(options.out or "")
    if path.suffix not in (".pdf", ".docx"):
        raise Refused("请用 --out 写明文件，.pdf 或 .docx", "Name a file with --out, .pdf or .docx")
    made = pdf.pdf(printed(paper), cited(paper)) if path.suffix == ".pdf" else pdf.Made(official.docx(printed(paper), cited(paper)))
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(made.content)
        draft.replace(path)
    except OSError as error:
        raise Refused(f"写不了 {path}：{error.strerror}", f"Cannot write {path}: {error.strerror}") from error
    print(f"{path}  {len(made.content):,}")
    if path.suffix == ".pdf":
        for font, used in fonts.stand_ins():
            print(say(f"  本机没有 {font}，以 {used or '任一字体'} 代替", f"  {font} is not installed; {used or 'any font'} stands in"), file=sys.stderr)
    if made.missing:
        told = " ".join(f"{letter} (U+{ord(letter[0]):04X})" for letter in made.missing)
        print(say(f"本机没有一种字体有这些字，PDF 里是空框：{told}", f"No font here has these characters, they are empty boxes in the PDF: {told}"), file=sys.stderr)
    return PROBLEMS if made.missing else OK


def _find(options: Namespace) -> int:
    """Issued papers by their words, number, period, unit and kind, as far as somebody sees them."""
    asked = Asked(options.words, options.numbered, options.period, options.unit, options.kind)
    actor = actor_named(options.member) if options.member else SYSTEM
    scopes = all_visible(actor, loading.catalogue(day_of(clock.now())).registers.values())
    count, found = names.look(names.current(), asked, Reader(scopes, [PAPER], actor.username, everywhere=actor.everywhere), MOST)
    if options.format == "json":
        print_json([
            {"paper": hit.id, "title": hit.title, "number": hit.number, "kind": hit.kind, "issued_on": hit.issued.isoformat(),
             "passages": [{"anchor": one.anchor, "text": one.text, "spans": [list(span) for span in one.spans]} for one in hit.passages]}
            for hit in found
        ])  # fmt: skip
        return OK
    for hit in found:
        print(f"  {hit.id:>4}  {hit.issued}  {hit.number}  {hit.title}")
        for one in hit.passages:
            print(f"        {_marked(one.text, one.spans)}")
    print(say(f"{count} 份", f"{count} papers"))
    return OK


def _marked(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    told, done = "", 0
    for first, last in spans:
        told, done = f"{told}{text[done:first]}【{text[first:last]}】", last
    return told + text[done:]


def _numbered(options: Namespace) -> Paper:
    paper = Paper.objects.filter(pk=options.number).first() if options.number else None
    if paper is None:
        raise Refused(f"请写明公文的号：bihuan papers {options.deed} 1", f"Name a paper by its number: bihuan papers {options.deed} 1")
    return paper
