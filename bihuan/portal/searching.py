"""Looking for anything by its name, code, document number or pinyin: a page, and the palette that opens over any page."""

from collections.abc import Callable, Iterator
from typing import cast

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import pinyin
from bihuan.computing.names import DUTY, OFFICE, PAPER, PERSON, ROW, Name
from bihuan.foundation.models import Duty, Entry, Member, Paper
from bihuan.portal import archive, guarded, shell, tasks, words
from bihuan.portal.paper_words import state_word
from bihuan.portal.visits import Shaped, Visit, query

IN_PALETTE, ON_PAGE = 5, 25
"""How many results of a kind, or of a register, are shown."""

LONGEST = 60
MOST_PAGES = 6


def search(visit: Visit) -> HttpResponseBase:
    """Rows of all registers, duties, papers, offices, people and pages, as far as this person sees them; or what one person carries."""
    asked = visit.request.GET.get("q", "").strip()[:LONGEST]
    palette = visit.part("found")
    groups = list(_groups(visit, asked, IN_PALETTE if palette else ON_PAGE))
    if palette:
        return shell.part(visit, "portal/_found.html", {"q": asked, "groups": groups})
    carrier, carried = _carried(visit)
    context = {"q": asked, "groups": [carried, *groups] if carrier else groups, "carrier": carrier, "count": sum(len(group["results"]) for group in groups)}
    return shell.page(visit, "portal/search.html", [shell.crumb(_("搜索"))], context)


def _groups(visit: Visit, asked: str, most: int) -> Iterator[Shaped]:
    """The results by kind; rows by register, in the order of registers. Without words: the pages there are."""
    found = guarded.search(visit, asked, most)  # without words it finds nothing, and makes the table ready for the first letter
    by_kind: dict[tuple[str, str], list[Shaped]] = {}
    for one in found.names:
        shaped = SHAPED[one.kind](visit, one, found.things[one.kind].get(one.id))
        by_kind.setdefault((one.kind, one.register if one.kind == ROW else ""), []).append(_marked(shaped, asked))
    for view in visit.catalogue.registers_in_order:
        if (ROW, view.name) in by_kind:
            yield {"title": visit.title(view.shape), "results": by_kind[ROW, view.name]}
    for kind, title in {DUTY: _("任务"), PAPER: _("公文"), OFFICE: _("单位"), PERSON: _("人员")}.items():
        if (kind, "") in by_kind:
            yield {"title": title, "results": by_kind[kind, ""][:most]}
    if said := [_marked(archive.in_palette(hit, text, asked), asked) for hit, text in found.said]:
        yield {"title": _("档案全文"), "results": said}
    pages = [_marked(one, asked) for one in _pages(visit) if not asked or _span(str(one["title"]), asked.lower().split()[0])]
    if pages:
        yield {"title": _("页面"), "results": pages[: MOST_PAGES if asked else None]}


def _row(visit: Visit, one: Name, thing: object) -> Shaped:
    entry = cast(Entry, thing)
    view = visit.catalogue.registers[entry.register]
    return {
        "icon": "file-text", "title": entry.title or entry.key, "href": reverse("row", args=[entry.pk]),
        "note": " · ".join(filter(None, (entry.key, entry.office, entry.enterprise))), "side": words.state_title(visit, view, entry.state),
    }  # fmt: skip


def _duty(visit: Visit, one: Name, thing: object) -> Shaped:
    duty = cast(Duty, thing)
    line = tasks.line(visit, duty)
    return {
        "icon": "checklist", "title": line["title"], "href": line["href"], "note": " · ".join(source["text"] for source in line["from"]),
        "side": _("无时限") if duty.due is None else _("%(day)s 到期") % {"day": duty.due.isoformat()},
    }  # fmt: skip


def _paper(visit: Visit, one: Name, thing: object) -> Shaped:
    paper = cast(Paper, thing)
    return {
        "icon": "file-spreadsheet", "title": paper.title, "href": reverse("paper", args=[paper.pk]), "note": paper.number or paper.recipient,
        "side": state_word(paper.state),
    }  # fmt: skip


def _person(visit: Visit, one: Name, thing: object) -> Shaped:
    member = cast(Member, thing)
    href = reverse("search") + query(carried=member.username)
    return {"icon": "user", "title": member.name or member.username, "href": href, "note": member.office_id or "", "side": ""}


def _office(visit: Visit, one: Name, thing: object) -> Shaped:
    return {"icon": "building", "title": one.title, "href": reverse("workbench") + query(office=one.id), "note": _("未了的任务"), "side": ""}


SHAPED: dict[str, Callable[[Visit, Name, object], Shaped]] = {ROW: _row, DUTY: _duty, PAPER: _paper, PERSON: _person, OFFICE: _office}


def _pages(visit: Visit) -> Iterator[Shaped]:
    """The pages of this person's navigation, and every register they may look into."""
    met = set()
    registers = [
        {"title": visit.title(view.shape), "icon": "table", "href": reverse("register", args=[view.name])}
        for view in visit.catalogue.registers_in_order
        if guarded.may_open(visit.actor, view)
    ]
    for link in [*(one for group in shell.groups(visit) for one in group["links"]), *registers]:
        if link["href"] not in met:
            met.add(link["href"])
            yield {"icon": link["icon"], "title": link["title"], "href": link["href"], "note": "", "side": ""}


def _carried(visit: Visit) -> tuple[str, Shaped]:
    name, rows = guarded.carried_in_sight(visit, visit.request.GET.get("carried", ""), ON_PAGE)
    results = []
    for held, entry in rows:
        one = Name(ROW, str(entry.pk), entry.register, entry.pk, entry.title, entry.key, entry.office)
        results.append(_marked({**_row(visit, one, entry), "side": _("自 %(day)s") % {"day": held.from_day.isoformat()}}, ""))
    return name, {"title": _("%(name)s负责的") % {"name": name}, "results": results}


def _marked(shaped: Shaped, asked: str) -> Shaped:
    """A result with the first word of its title that was looked for set apart: what stands before it, the word, what follows."""
    title = str(shaped["title"])
    span = next(filter(None, (_span(title, word) for word in asked.lower().split())), None)
    first, last = span or (0, 0)
    return {**shaped, "before": title[:first], "hit": title[first:last], "after": title[last:]}


def _span(title: str, word: str) -> tuple[int, int] | None:
    """Where a word stands in a title, as it is or as pinyin."""
    at = title.lower().find(word)
    if at >= 0:
        return at, at + len(word)
    return pinyin.heard(title, word) if pinyin.typed(word) else None
