"""A document beside what was read out of it: each finding in its place, to be put right, split, merged, taken up or turned down; a second person
confirms. Everything is done by the forms of a row; this page only puts them where the text is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import read_in
from bihuan.foundation import access, actions
from bihuan.foundation.actions.moves import makers
from bihuan.foundation.models import Entry
from bihuan.portal import guarded, reading_proposals, reading_repeats, shell, words
from bihuan.portal.lists import FIELD
from bihuan.portal.reading_page import ALL, PAGE, Page, amount_text, opened
from bihuan.portal.reading_text import Looked, text_of
from bihuan.portal.visits import Shaped, Visit, query


def reading(visit: Visit, register: str, number: int) -> HttpResponseBase:
    """The text and its findings; htmx asks for the findings alone after each deed."""
    page = opened(visit, register, number)
    document, upload = page.document, page.upload
    context = _findings(page)
    if visit.part("findings"):
        return shell.part(visit, "portal/_findings.html", context)
    context |= {
        "document": {
            "title": document.title or document.key, "key": document.key, "href": reverse("row", args=[document.pk]), "file": upload.name,
            "digest": upload.digest, "file_href": reverse("original", args=[upload.pk]),
        },
        "text": text_of(page.place, upload, page.every, Looked(page.chosen[:PAGE], page.line), page.start, lambda entry: page.href(at=str(entry.pk), state=ALL, kind="")),
        "again_href": reverse("read", args=[register]) if access.may(visit.actor, "record", page.place.documents) else "",
    }  # fmt: skip
    crumbs = [shell.crumb(visit.title(page.place.view.shape), reverse("register", args=[register])), shell.crumb(document.title or document.key)]
    return shell.page(visit, "portal/reading.html", crumbs, context)


def _findings(page: Page) -> Shaped:
    visit, shown = page.visit, page.chosen[:PAGE]
    counts = Counter(entry.state for entry in page.every)
    made = makers([entry for entry in shown if entry.state == page.waiting])
    people = guarded.people_for(visit, {name for moves in made.values() for name in moves.get(page.place.shape.accept, ())})
    looked = len(page.every) - counts[page.start]
    foreseen = reading_repeats.foreseen(page, shown)
    last = shown[-1] if len(page.chosen) > PAGE else None
    return {
        "counts": {
            "found": len(page.every), "looked": looked, "left": counts[page.start], "waiting": counts[page.waiting],
            "done": round(100 * looked / len(page.every)) if page.every else 100,
        },
        "states": list(_states(page, counts)), "kinds": list(_kinds(page)), "bulk": list(_bulk(page, counts)),
        "findings": [{**_card(page, entry, made.get(entry.pk, {}), people), "repeats": foreseen.get(entry.pk)} for entry in shown],
        "looked_at": " ".join(str(entry.pk) for entry in page.every if entry.state != page.start),
        "more": {"count": len(page.chosen) - PAGE, "href": page.href(at=str(page.chosen[PAGE].pk))} if last else None,
        "proposals": reading_proposals.shaped(page), "repeats": reading_repeats.confirmed(page), "here": page.visit.request.get_full_path(),
    }  # fmt: skip


def _states(page: Page, counts: Mapping[str, int]) -> Iterator[Shaped]:
    life = page.place.view.lifecycle
    for name, state in (life.shape.states if life else {}).items():
        if counts[name]:
            yield {"title": page.visit.title(state), "count": counts[name], "href": page.href(state=name), "current": page.state == name}
    yield {"title": _("全部"), "count": len(page.every), "href": page.href(state=ALL), "current": page.state == ALL}


def _kinds(page: Page) -> Iterator[Shaped]:
    counts = Counter(str(entry.data.get(page.place.shape.kind)) for entry in page.every if page.state in (ALL, entry.state))
    field = page.place.view.shape.fields[page.place.shape.kind]
    for tone, title in page.place.shape.kinds.items():
        if counts[title]:
            href = page.href(kind="" if page.kind == title else title)
            yield {"title": words.choice_text(field, title), "tone": tone, "count": counts[title], "href": href, "current": page.kind == title}


def _bulk(page: Page, counts: Mapping[str, int]) -> Iterator[Shaped]:
    """What can be done to many at once; each leads to the preview of every change and refusal."""
    shape, view, visit = page.place.shape, page.place.view, page.visit
    if view.lifecycle is None:
        return
    moves = view.lifecycle.shape.moves
    sure = shape.fields.get("sure", "")
    about = {f"{FIELD}{shape.document}": page.document.key}
    clear = sum(bool(entry.data.get(sure)) for entry in page.every if entry.state == page.start)
    if sure and clear and visit.actor.roles & frozenset(moves[shape.accept].who):
        asked = query(**about, **{f"{FIELD}{sure}": "是"}, state=page.start)
        yield {"title": _("采用有把握的 %(n)s 条") % {"n": clear}, "href": _bulk_href(page, shape.accept, asked)}
    if counts[page.waiting] and visit.actor.roles & frozenset(moves[shape.confirm].who):
        title = _("确认已采用的 %(n)s 条") % {"n": counts[page.waiting]}
        yield {"title": title, "href": _bulk_href(page, shape.confirm, query(**about, state=page.waiting))}


def _bulk_href(page: Page, move: str, asked: str) -> str:
    return reverse("bulk", args=[page.place.view.name]) + query(act="move", what=move, all="1", query=asked.removeprefix("?"))


def _card(page: Page, entry: Entry, made: Mapping[str, frozenset[str]], people: Mapping[str, tuple[str, str]]) -> Shaped:
    visit, shape, view = page.visit, page.place.shape, page.place.view
    data, fields = entry.data, view.shape.fields
    tone = next((kind for kind, title in shape.kinds.items() if title == data.get(shape.kind)), "rule")
    told = {key for key in shape.asks if key not in _amounts(page) and data.get(key) not in (None, "", [], False, data.get(shape.quote))}
    lines = [
        {"title": visit.title(fields[key]), "text": words.value_text(fields[key], data[key]) if fields[key].kind != "yes_no" else ""}
        for key in shape.asks if key in told
    ]  # fmt: skip
    return {
        "id": entry.pk, "version": entry.version, "tone": tone, "kind": words.choice_text(fields[shape.kind], data.get(shape.kind) or ""), "line": data.get(shape.line) or 1,
        "quote": data.get(shape.quote) or "", "amount": _amount(page, data), "facts": lines, "sure": bool(data.get(shape.fields.get("sure", ""))),
        "state": entry.state, "state_title": words.state_title(visit, view, entry.state), "fresh": entry.state == page.start,
        "href": reverse("row", args=[entry.pk]), "by": "、".join(people.get(name, (name, ""))[0] for name in sorted(made.get(shape.accept, ()))),
        "deeds": list(_deeds(page, entry, made)),
    }  # fmt: skip


def _amounts(page: Page) -> set[str]:
    return {page.place.shape.kind, *(key for word, key in page.place.shape.fields.items() if word in ("comparator", "value", "high", "unit"))}


def _amount(page: Page, data: Mapping[str, object]) -> str:
    """Comparison, number and unit in one phrase; empty for what has no number."""
    fields, named = page.place.view.shape.fields, page.place.shape.fields
    text = {word: words.value_text(fields[named[word]], data.get(named[word])) or "" for word in ("comparator", "value", "high", "unit") if word in named}
    return amount_text(text.get("comparator", ""), text.get("value", ""), text.get("high", ""), text.get("unit", ""))


def _deeds(page: Page, entry: Entry, made: Mapping[str, frozenset[str]]) -> Iterator[Shaped]:
    """What this person may do to a finding now: a key, a title, an address; ``post`` where nothing need be asked first."""
    visit, shape, view = page.visit, page.place.shape, page.place.view
    offered = actions.possible_moves(visit.actor, view, entry, guarded.held_on(visit, entry))
    own = visit.actor.username in made.get(shape.accept, ())
    for name, rule in offered.items():
        if name in (shape.divide, shape.merge) or (name == shape.confirm and own):
            continue
        key = {shape.accept: "a", shape.confirm: "a", shape.reject: "x"}.get(name, "r")
        yield {"key": key, "title": visit.title(rule), "href": reverse("move-by", args=[entry.pk, name]), "post": key == "a"}
    if entry.state == page.start and access.may(visit.actor, "change", view, entry):
        yield {"key": "e", "title": _("更正"), "href": _act(page, entry, "correct"), "post": False}
        if shape.divide in offered and read_in.cuts(str(entry.data.get(shape.quote) or "")):
            yield {"key": "s", "title": _("拆分"), "href": _act(page, entry, "split"), "post": False}
        if shape.merge in offered and following(page, entry):
            yield {"key": "m", "title": _("并下条"), "href": _act(page, entry, "merge"), "post": False}


def _act(page: Page, entry: Entry, act: str) -> str:
    return reverse("reading-act", args=[page.place.view.name, page.document.pk, entry.pk, act])


def following(page: Page, entry: Entry) -> Entry | None:
    """The finding behind this one that nobody has looked at."""
    fresh = [one for one in page.every if one.state == page.start]
    at = next((place for place, one in enumerate(fresh) if one.pk == entry.pk), len(fresh))
    return fresh[at + 1] if at + 1 < len(fresh) else None


# --- where a row came from


def source_of(visit: Visit, entry: Entry) -> Shaped | None:
    """The sentence a row came from, with the document, the line, the fingerprint of the file and the way to its place; None where there is none."""
    view = visit.register(entry.register)
    found = guarded.sentence_of(visit, view, entry) if view else None
    if found is None:
        return None
    place, sentence, document, upload = found
    return {
        "quote": sentence.data.get(place.shape.quote) or "", "line": sentence.data.get(place.shape.line) or 1,
        "document": document.title or document.key, "digest": upload.digest, "own": sentence.pk == entry.pk, "sentence_href": reverse("row", args=[sentence.pk]),
        "href": reverse("reading", args=[place.view.name, document.pk]) + query(state=ALL, at=str(sentence.pk)) + f"#f-{sentence.pk}",
    }  # fmt: skip

