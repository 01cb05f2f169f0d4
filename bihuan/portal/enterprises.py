"""An enterprise's home: what is asked of it, how its projects stand, what became of what it asked for."""

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation import access
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry
from bihuan.portal import entries, guarded, lamps, shell, tasks, words
from bihuan.portal.visits import Shaped, Visit

MOST = 12


def mine(visit: Visit) -> HttpResponseBase:
    """The enterprise's own rows of every register that knows owners, and the duties on them."""
    asked = tasks.lines(visit, guarded.duties(visit)[:MOST])
    projects: list[Shaped] = []
    appeals: list[Shaped] = []
    for view in visit.catalogue.registers.values():
        if not view.shape.enterprise:
            continue
        rows = list(guarded.own_rows(visit, view)[:MOST])
        if view.lights:
            projects += [_project(visit, view, entry) for entry in rows]
        else:
            appeals += [_appeal(visit, view, entry) for entry in rows]
    context = {
        "enterprise": {"name": visit.actor.enterprise, "note": _("这里只有您企业自己的事项"), "href": ""},
        "actions": _actions(visit), "asked": asked, "projects": projects[:MOST], "appeals": appeals[:MOST],
    }  # fmt: skip
    return shell.page(visit, "portal/mine.html", [shell.crumb(_("我的企业"))], context)


def _actions(visit: Visit) -> list[Shaped]:
    """What an enterprise may record, register by register."""
    return [
        shell.action(_("提交：%(title)s") % {"title": visit.title(view.shape)}, "plus", reverse("new", args=[view.name]), drawer=True)
        for view in visit.catalogue.registers.values()
        if view.shape.enterprise and access.may(visit.actor, "record", view)
    ][:4]


def _project(visit: Visit, view: RegisterView, entry: Entry) -> Shaped:
    lights = lamps.because_list(visit, view, entry, guarded.verdicts_of(entry), guarded.overrides_of([entry.pk], visit.day))
    worst = min(lights, key=lambda light: guarded.GRAVITY.index(light["colour"]), default=None)
    return {
        "title": entry.title or entry.key, "href": reverse("row", args=[entry.pk]), "colour": worst["colour"] if worst else "grey",
        "because": worst["because"] if worst else "", "state": words.state_title(visit, view, entry.state), "actual": None, "plan": None,
        "steps": entries.steps(visit, view, entry) if view.lifecycle else [],
    }  # fmt: skip


def _appeal(visit: Visit, view: RegisterView, entry: Entry) -> Shaped:
    final = bool(view.lifecycle and entry.state in view.lifecycle.shape.states and view.lifecycle.shape.states[entry.state].final)
    return {
        "colour": "blue" if final else "yellow", "title": entry.title or entry.key, "href": reverse("row", args=[entry.pk]),
        "note": " · ".join(filter(None, (visit.title(view.shape), entry.office))), "side": words.state_title(visit, view, entry.state),
    }  # fmt: skip
