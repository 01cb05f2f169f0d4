"""A rule rehearsed: the same day by its own rules and by others, who gets more, who less, and what it costs. Nothing is written, nothing adopted.

The others are an edition that counts from another day, or one that nobody adopted yet and somebody sends in: one mechanism, or a whole pack.
It is put by for a day for whoever sent it, and is checked like any edition before anything is computed.
"""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import paylists
from bihuan.computing.facts import Progress
from bihuan.computing.paylists import Rehearsal
from bihuan.foundation import access, loading
from bihuan.foundation.checking import Refusal, Rejected, rejected
from bihuan.foundation.grammar.errors import PackError, Problem
from bihuan.foundation.grammar.packs import read_pack
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.sent_packs import LIMITS, in_a_line, read_sent
from bihuan.foundation.sheets.cells import MB, Unreadable
from bihuan.portal import aside, guarded, shell, working
from bihuan.portal.forms import Form, plain
from bihuan.portal.policies import MOST, Asked, asked_of, crumbs, working_words, yuan
from bihuan.portal.visits import Shaped, Visit, onward, query
from bihuan.portal.writes import tried

FOLDER = "staged"
RIGHT = "pack.rehearse"


@dataclass(frozen=True)
class Staged:
    """An edition put by: whose, what it is called, its files, what it changes ([moves a number, Chinese, English]) and what is worth a look."""

    who: str
    title: str
    version: str
    files: dict[str, str]
    changes: list[list[Any]]
    advice: list[list[str]]


def rehearse(visit: Visit, register: str) -> HttpResponseBase:
    """Send an edition in, or see what one comes to."""
    asked = asked_of(visit, register)
    if not asked.scope.everything:
        raise Http404
    form = _form(asked)
    sent: list[str] = []
    if visit.request.method == "POST":
        guarded.allow(visit, RIGHT)
    if tried(visit, form, lambda: sent.append(_staged(asked))):
        return onward(visit.request, reverse("rehearse", args=[register]) + query(**asked.words, edition=sent[0]))
    name = visit.request.GET.get("edition", "") if not form.refusals else ""
    edition = _put_by(visit, name) if name else None
    context: Shaped = {"work": None, "found": None, "advice": [], "changes": []}
    if edition or (asked.rules != asked.on and not form.refusals):
        context |= _rehearsal(asked, name, edition)
    if visit.part("run"):
        return shell.part(visit, "portal/_rehearsal.html", context)
    context |= {
        "heading": _("规则预演"), "on": asked.on, "rules": asked.rules, "edition": f"{edition.title} {edition.version}" if edition else "",
        "register": visit.title(asked.view.shape), "form": form.shaped(visit.language) if access.may(visit.actor, RIGHT) else None,
    }  # fmt: skip
    return shell.page(visit, "portal/rehearsal.html", crumbs(asked, shell.crumb(_("规则预演"))), context, 422 if form.refusals else 200)


def _form(asked: Asked) -> Form:
    here = reverse("rehearse", args=[asked.view.name]) + query(**asked.words)
    said = _("一个机制的 yaml，或整个应用包的 zip，不超过 %(size)s MB") % {"size": LIMITS.size // MB}
    fields = [plain("edition", _("还没有施行的规则"), "file", required=True, accept=".yaml,.zip", help=said)]
    return Form(here, _("预演"), asked.here, fields, note=_("只算不写：先按体检规则检查，再看谁多谁少；规则不会因此施行"))


def _staged(asked: Asked) -> str:
    """Check the edition that was sent in and put it by; what it is called there. Rejected with everything that is wrong with it."""
    visit, file = asked.visit, asked.visit.request.FILES.get("edition")
    if file is None:
        raise rejected(Refused("请选择文件", "choose a file", "tech_ladder.yaml"), "edition", _("还没有施行的规则"))
    name = (file.name or "")[:80]
    try:
        sent = read_sent(name, file.read(LIMITS.size + 1), asked.on)
    except Unreadable as why:
        raise Rejected([Refusal("edition", name, why.why)]) from why
    except PackError as error:
        raise Rejected([_refusal(problem) for problem in error.problems[:MOST]]) from error
    staged = Staged(
        visit.actor.username, visit.title(sent.pack.head), sent.pack.head.version, dict(sent.pack.files), [list(one) for one in sent.said_changes],
        [[one.what, one.what_en] for one in map(in_a_line, sent.advice)],
    )  # fmt: skip
    text = json.dumps(asdict(staged), ensure_ascii=False)
    name = sha256(text.encode()).hexdigest()[:40]
    aside.write(aside.folder(FOLDER) / f"{name}.json", text)
    return name


def _refusal(problem: Problem) -> Refusal:
    return Refusal("edition", str(problem.place), in_a_line(problem))


def _put_by(visit: Visit, name: str) -> Staged:
    """An edition this person sent in; 404 where there is none of that name."""
    if not aside.NAME.fullmatch(name):
        raise Http404
    try:
        staged = Staged(**json.loads((aside.folder(FOLDER) / f"{name}.json").read_text("utf-8")))
    except FileNotFoundError:
        raise Http404 from None
    if staged.who != visit.actor.username:
        raise Http404
    return staged


def _rehearsal(asked: Asked, name: str, edition: Staged | None) -> Shaped:
    """How far it is, or what it came to, with what the edition changes."""
    visit, register, on, place = asked.visit, asked.view.name, asked.on, 0 if asked.visit.language.startswith("zh") else 1
    if edition is None and register not in asked.catalogue.registers:
        raise Http404
    files, rules = edition.files if edition else {}, asked.rules

    def run(told: Progress) -> Rehearsal:
        other = loading.linked_with(read_pack(files), on) if files else loading.catalogue(rules)
        return paylists.rehearse(register, on, other, told)

    href = reverse("rehearse", args=[register]) + query(**asked.words, edition=name)
    work = working.on((*asked.key("rehearsal"), name), run, large=asked.large)
    return {
        "work": working_words(work, href), "found": _found(visit, asked.view, work.result) if work.done else None,
        "changes": [{"moves": one[0], "said": one[1 + place]} for one in edition.changes[:MOST]] if edition else [],
        "advice": [one[place] for one in edition.advice[:MOST]] if edition else [],
    }  # fmt: skip


def _found(visit: Visit, view: RegisterView, found: Rehearsal) -> Shaped:
    change, few = found.after - found.before, found.moved[:MOST]
    rows = guarded.rows_of(visit, view).in_bulk([row.entry for row in few])
    return {
        "before": yuan(visit, found.before), "after": yuan(visit, found.after), "more": change >= 0, "change": yuan(visit, abs(change)),
        "gaining": found.gaining, "losing": found.losing, "others": len(found.moved) - len(few),
        "rows": [
            {
                "key": row.key, "title": rows[row.entry].title if row.entry in rows else "", "href": f"{reverse('row', args=[row.entry])}?tab=policies",
                "before": yuan(visit, row.before), "after": yuan(visit, row.after), "more": row.after > row.before,
                "change": yuan(visit, abs(row.after - row.before)),
            }
            for row in few
        ],
    }  # fmt: skip
