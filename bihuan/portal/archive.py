"""The archive: issued papers and documents read in, looked for by their words, number, period, unit and kind; each finding opens at its place."""

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing.passages import TOP, Asked, Hit, low
from bihuan.foundation.models import Paper
from bihuan.portal import guarded, shell, words
from bihuan.portal.paper_words import SORTS, kind_word, state_tag
from bihuan.portal.printed import chunks
from bihuan.portal.visits import Shaped, Visit, query

SIZE = 20
LONGEST = 60


def archive(visit: Visit) -> HttpResponseBase:
    """A page of the texts found, the latest first; without a question all there are."""
    given = {name: visit.request.GET.get(name, "").strip()[:LONGEST] for name in ("q", "number", "period", "unit", "kind")}
    asked = Asked(given["q"], given["number"], given["period"], given["unit"], given["kind"] if given["kind"] in SORTS else "")
    text = visit.request.GET.get("page", "")
    page = max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
    count, found = guarded.archive(visit, asked, SIZE, (page - 1) * SIZE)
    here = reverse("archive")
    context = {
        **given, "asked": bool(asked), "count": count, "results": [_result(hit, text, asked.words) for hit, text in found],
        "kinds": words.choices([("", _("各种")), *((kind, kind_word(kind)) for kind in SORTS)], [asked.kind]),
        "page": {
            "first": (page - 1) * SIZE + 1 if found else 0, "last": (page - 1) * SIZE + len(found), "total": count,
            "before": here + query(**{**given, "page": str(page - 1)}) if page > 1 else "",
            "after": here + query(**{**given, "page": str(page + 1)}) if page * SIZE < count else "",
        },
    }  # fmt: skip
    return shell.page(visit, "portal/archive.html", [shell.crumb(_("公文与通报"), reverse("papers")), shell.crumb(_("档案"))], context)


def _result(hit: Hit, text: guarded.Text, asked: str) -> Shaped:
    named = low(asked).split()
    if isinstance(text, Paper):
        about = {"sender": str(text.content.get("sender") or ""), "state": state_tag(text)}
    else:
        about = {"sender": text[1].office, "state": {"text": _("读入"), "tone": "grey"}}
    return {
        "title": _marked(hit.title, named), "href": place_of(text, asked, hit.passages[0].anchor if hit.passages else ""), "number": hit.number, "kind": kind_word(hit.kind),
        "on": hit.issued, **about,
        "passages": [{"href": place_of(text, asked, one.anchor), "chunks": _marked(one.text, named)} for one in hit.passages if one.text != hit.title],
    }  # fmt: skip


def _marked(text: str, named: list[str]) -> list[Shaped]:
    return [{"text": part, "hit": found} for part, found in chunks(text, named)]


def place_of(text: guarded.Text, asked: str, anchor: str) -> str:
    """The address of a place in a text: in a paper with the words looked for marked, in a document beside its findings."""
    if isinstance(text, Paper):
        return reverse("paper", args=[text.pk]) + query(find=asked) + (f"#{anchor}" if anchor else "")
    place, document = text
    line = anchor.rpartition("-")[2] if anchor and anchor != TOP else ""
    return reverse("reading", args=[place.view.name, document.pk]) + query(line=line) + (f"#{anchor}" if line else "")


def in_palette(hit: Hit, text: guarded.Text, asked: str) -> Shaped:
    """A finding as the search over everything shows it: the text's title, its best sentence below."""
    best = next((one for one in hit.passages if one.text != hit.title), None)
    return {
        "icon": "inbox", "title": hit.title, "href": place_of(text, asked, best.anchor if best else ""), "note": best.text if best else hit.number,
        "side": hit.number,
    }  # fmt: skip
