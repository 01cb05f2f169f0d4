"""The home of an enterprise or a citizen: what they are asked, how what they handed in stands, and a short form to hand in more."""

from collections.abc import Sequence

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation import access, actions
from bihuan.foundation.actions import Incoming
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry
from bihuan.portal import entry_policies, followed, guarded, lamps, shell, tasks, words
from bihuan.portal.forms import Asking, Form, read_row
from bihuan.portal.printed import html_parts
from bihuan.portal.visits import Shaped, Visit
from bihuan.portal.writes import form_page, saved, tried

MOST = 12


def mine(visit: Visit) -> HttpResponseBase:
    """Their own rows of every register that knows owners, and the duties on them; what waits for their word comes first."""
    projects: list[Shaped] = []
    granted: list[Shaped] = []
    appeals: list[Shaped] = []
    for view in visit.catalogue.registers.values():
        if not (view.shape.enterprise or access.carries(visit.actor, view)):
            continue
        rows = list(guarded.own_rows(visit, view)[:MOST])
        if view.shape.hand_in:
            appeals += sorted(followed.cards(visit, view, rows), key=followed.urgency)
        else:
            policies = any(item.shape.pays for item in view.criteria.values())
            granted += entry_policies.granted(visit, view, rows) if policies else []
            projects += [] if policies else _projects(visit, view, rows)
    owed = tasks.lines(visit, guarded.duties(visit).exclude(register__in=_handed_in(visit))[:MOST])
    asked = [one for one in owed if one["action"] and one["action"]["href"] != one["href"]]
    context = {
        "name": visit.actor.enterprise or (visit.member.name if visit.member else ""),
        "enterprise": bool(visit.actor.enterprise), "ways": _ways(visit), "asked": asked, "watched": [one for one in owed if one not in asked],
        "projects": projects[:MOST], "granted": granted,
        "waiting": [one for one in appeals if one["yours"]], "running": [one for one in appeals if not one["closed"] and not one["yours"]],
        "closed": [one for one in appeals if one["closed"]], "actions": [],
    }  # fmt: skip
    return shell.page(visit, "portal/mine.html", [shell.crumb(home_title(visit))], context)


def home_title(visit: Visit) -> str:
    """What this home is called."""
    return _("我的企业") if visit.actor.enterprise else _("我的事项")


def hand_in(visit: Visit, register: str) -> HttpResponseBase:
    """The short form: only what the register asks of those who hand something in; the rest is filled in or is the office's to fill in."""
    view = guarded.register_of(visit, register)
    guarded.allow(visit, "record", view)
    if not view.shape.hand_in:
        raise Http404
    posted = visit.request.POST if visit.request.method == "POST" else None
    fields = [followed.easy(field) for field in Asking(visit, view, posted=posted).fields(view.shape.hand_in)]
    form = Form(visit.request.path, _("提交"), reverse("mine"), fields, note=_("提交后可在这里看到办到哪一步、谁在办、还剩几天"))
    made: list[Entry] = []

    def record() -> None:
        row = Incoming(read_row(visit, view, view.shape.hand_in))
        made.extend(actions.record_entries(visit.actor, register, [row], visit.at))

    if tried(visit, form, record):
        said = _("已提交，编号 %(key)s") % {"key": made[0].key}
        return saved(visit, said, f"{reverse('mine')}#{followed.anchor(made[0])}")
    heading = _("提交：%(title)s") % {"title": visit.title(view.shape)}
    return form_page(visit, heading, _("写清一件事，一分钟就好；带 * 的必填"), form, home_title(visit))


def letter(visit: Visit, number: int) -> HttpResponseBase:
    """A letter that answers something they handed in, as it was issued."""
    paper = guarded.letter_of(visit, number)
    context = {"paper": html_parts(paper, lambda _source: ""), "back_href": reverse("mine"), "back": _("返回%(home)s") % {"home": home_title(visit)}}
    return shell.page(visit, "portal/bulletin.html", [shell.crumb(home_title(visit), reverse("mine")), shell.crumb(paper.title)], context)


def _handed_in(visit: Visit) -> list[str]:
    """The registers whose duties show on the cards themselves."""
    return [view.name for view in visit.catalogue.registers.values() if view.shape.hand_in]


def _ways(visit: Visit) -> list[Shaped]:
    """What they may hand in, register by register: by the short form where there is one."""
    ways = []
    for view in visit.catalogue.registers.values():
        mine_too = view.shape.enterprise or access.carries(visit.actor, view)
        if mine_too and access.may(visit.actor, "record", view):
            name = "hand-in" if view.shape.hand_in else "new"
            ways.append(shell.action(visit.title(view.shape), "plus", reverse(name, args=[view.name]), primary=bool(view.shape.hand_in)))
    return sorted(ways, key=lambda way: not way["primary"])[:4]


def _projects(visit: Visit, view: RegisterView, rows: Sequence[Entry]) -> list[Shaped]:
    """Their projects with the light that weighs most, and its reason."""
    standing, by_hand = guarded.lights_of_rows([entry.pk for entry in rows]), guarded.overrides_of([entry.pk for entry in rows], visit.day)
    shown = []
    for entry in rows:
        own = [one for one in by_hand if one.entry_id == entry.pk]
        lights = lamps.because_list(visit, view, entry, standing.get(entry.pk, []), own)
        worst = min(lights, key=lambda light: guarded.GRAVITY.index(light["colour"]), default=None)
        shown.append({
            "title": entry.title or entry.key, "href": reverse("row", args=[entry.pk]), "colour": worst["colour"] if worst else "",
            "because": worst["because"] if worst else "", "state": words.state_title(visit, view, entry.state),
            "register": visit.title(view.shape),
        })  # fmt: skip
    return shown

