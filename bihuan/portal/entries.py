"""The page of one row: where it stands, why its lights have their colours, what is owed, and everything that ever happened to it."""

from collections.abc import Callable, Mapping

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation import access, actions
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Assignment, Entry
from bihuan.portal import dispatching, entry_past, entry_tabs, guarded, lamps, shell, words
from bihuan.portal.entry_tabs import Opened
from bihuan.portal.reading import source_of
from bihuan.portal.visits import Shaped, Visit

MOST_FACTS = 18

QUIET = frozenset({"green", "blue"})
"""Colours that ask nothing of anybody: such lights stand together in one line, each with its reason a tap away."""


def row(visit: Visit, number: int) -> HttpResponseBase:
    """One row; the tab named in the address is its body. htmx takes the tab out of the same page."""
    view, entry = guarded.row_of(visit, number)
    gone_by = entry_past.asked_day(visit)
    if gone_by is not None:
        return entry_past.row_then(visit, view, entry, gone_by)
    opened = Opened(visit, view, entry, guarded.duties_of(entry), guarded.spoken_of(entry))
    tab = visit.request.GET.get("tab", "overview")
    build: Mapping[str, Callable[[Opened], Shaped]] = entry_tabs.TABS
    tab = tab if tab in build else "overview"
    overrides = guarded.overrides_of([entry.pk], visit.day)
    lights = lamps.because_list(visit, view, entry, guarded.verdicts_of(entry), overrides)
    worst = min((light["colour"] for light in lights), key=guarded.GRAVITY.index, default="")
    context = {
        "entry": {
            "key": entry.key, "title": entry.title or entry.key, "register": {"title": visit.title(view.shape), "href": _register(view)},
            "colour": worst, "colour_text": words.colour_word(worst), "withdrawn": entry.withdrawn,
            "merged": _merged(visit, view, entry),
        },
        "tags": _tags(visit, view, entry),
        "actions": _actions(visit, view, entry),
        "facts": facts(visit, view, entry),
        "source": source_of(visit, entry),
        "origin": dispatching.origins(visit, [entry]).get(entry.pk),
        "steps": steps(visit, view, entry) if view.lifecycle else [],
        "lights": lights,
        "quiet": [light for light in lights if light["colour"] in QUIET and not light["by_hand"]],
        "tabs": _tabs(opened, tab),
        "tab": tab,
        **build[tab](opened),
    }  # fmt: skip
    crumbs = [shell.crumb(visit.title(view.shape), _register(view)), shell.crumb(entry.title or entry.key)]
    return shell.page(visit, "portal/entry.html", crumbs, context)


def _merged(visit: Visit, view: RegisterView, entry: Entry) -> Shaped | None:
    """The row that stands for this one, where it was merged."""
    there = guarded.standing_for(visit, view, entry) if entry.merged_into_id else None
    return {"title": there.title or there.key, "key": there.key, "href": reverse("row", args=[there.pk])} if there else None


def facts(visit: Visit, view: RegisterView, entry: Entry) -> list[Shaped]:
    """The fields of a row, those a list shows first, then the others that hold something; and who is accountable for it."""
    data = access.shown(visit.actor, view, entry)
    ordered = sorted(view.shape.fields.items(), key=lambda item: not item[1].listed)
    kept = [(key, shape) for key, shape in ordered if shape.listed or data.get(key) not in (None, "", [])]
    targets = {key: visit.catalogue.referred(shape.of, view.pack) for key, shape in kept if shape.kind == "entry" and data.get(key)}
    referred = guarded.titles_of(visit, [(target.name, str(data[key])) for key, target in targets.items() if target])
    named = guarded.people_for(visit, (str(data[key]) for key, shape in kept if shape.kind == "person" and data.get(key)))
    files = guarded.evidence_of(str(data[key]) for key, shape in kept if shape.kind == "file" and data.get(key))
    lines = []
    for key, shape in kept[:MOST_FACTS]:
        if key == view.shape.name:
            continue  # the title of the page says it
        value, href = data.get(key), ""
        text, note = words.value_and_unit(shape, value)
        if key in targets and (target := targets[key]):
            found = referred.get((target.name, str(value)))
            text, note, href = (found[1], str(value), reverse("row", args=[found[0]])) if found else (text, "", "")
        elif shape.kind == "person" and str(value) in named:
            text, note = named[str(value)]
        elif shape.kind == "file" and str(value) in files:
            upload = files[str(value)]
            text, href = upload.name, reverse("original", args=[upload.pk])
        lines.append({"title": visit.title(shape), "text": text, "note": note, "href": href})
    return lines + _holders(visit, view, entry)


def _holders(visit: Visit, view: RegisterView, entry: Entry) -> list[Shaped]:
    """Who carries each responsibility now; nobody is a dash."""
    held: dict[tuple[str, str], Assignment] = {}
    for one in guarded.assignments_of(entry):
        if one.to_day is None:
            held[one.mechanism, one.role] = one
    people = guarded.people_for(visit, (one.member for one in held.values()))
    lines = []
    for name, item in view.assignments.items():
        one_held = held.get((f"{item.pack}.{item.mechanism}", item.key))
        text, note = people.get(one_held.member, (one_held.member, "")) if one_held else (None, "")
        may = bool(access.may(visit.actor, "assign", view, entry)) and not entry.withdrawn
        lines.append({"title": visit.title(item.shape), "text": text, "note": note, "href": reverse("assign", args=[entry.pk, name]) if may and text else ""})
    return lines


def _register(view: RegisterView) -> str:
    return reverse("register", args=[view.name])


def _tags(visit: Visit, view: RegisterView, entry: Entry) -> list[Mapping[str, str]]:
    tags = [words.tag_of(words.state_title(visit, view, entry.state), "blue")] if entry.state else []
    return [*tags, *(words.tag_of(text) for text in (entry.key, entry.office) if text)]


def _actions(visit: Visit, view: RegisterView, entry: Entry) -> list[Shaped]:
    """Only what this person may do; each opens in the drawer."""
    if entry.withdrawn:
        return []
    offered = []
    if actions.possible_moves(visit.actor, view, entry, guarded.held_on(visit, entry)):
        offered.append(shell.action(_("办理"), "checklist", reverse("move", args=[entry.pk]), drawer=True))
    if access.may(visit.actor, "assign", view, entry):
        for name, item in view.assignments.items():
            offered.append(shell.action(_("指定%(title)s") % {"title": visit.title(item.shape)}, "user", reverse("assign", args=[entry.pk, name]), drawer=True))
    if access.may(visit.actor, "change", view, entry):
        offered.append(shell.action(_("修改"), "edit", reverse("edit", args=[entry.pk]), drawer=True))
    if access.may(visit.actor, "withdraw", view, entry):
        offered.append(shell.action(_("撤销"), "x", reverse("withdraw", args=[entry.pk]), drawer=True))
    if view.shape.figures and access.may(visit.actor, "figures", view, entry):
        offered.append(shell.action(_("填报"), "chart-line", reverse("figures", args=[entry.pk]), primary=True, drawer=True))
    return offered


def steps(visit: Visit, view: RegisterView, entry: Entry) -> list[Shaped]:
    """The states in order: passed, present, ahead, or skipped; with the day each was entered. The register has a lifecycle."""
    assert view.lifecycle is not None
    life = view.lifecycle.shape
    entered = _entered(visit, view, entry)
    states = list(life.states.items())
    now = next((place for place, (name, _state) in enumerate(states) if name == entry.state), -1)
    shown = []
    for place, (name, state) in enumerate(states):
        stage = "now" if place == now else "ahead" if place > now else "done" if name in entered else "skipped"
        if stage == "ahead" and state.final and now < 0:
            stage = "skipped"
        shown.append({"title": visit.title(state), "note": entered.get(name, "") if stage != "ahead" else "", "state": stage})
    return shown


def _entered(visit: Visit, view: RegisterView, entry: Entry) -> dict[str, str]:
    """The states a row was in, each with the day it was entered, empty where nobody said: by the row's moves, else by the field a move is dated by.

    A row that was brought in with its past has no moves; its date fields tell them.
    """
    assert view.lifecycle is not None
    life, data = view.lifecycle.shape, access.shown(visit.actor, view, entry)
    entered = {life.start: ""} | {move.to: str(data[move.dated_by]) for move in life.moves.values() if move.dated_by and data.get(move.dated_by)}
    for made in guarded.moves_of(entry):
        entered.setdefault(made.before, "")
        entered[made.to] = made.on
    if entry.state_since:
        entered[entry.state] = entry.state_since.isoformat()
    return entered


def _tabs(opened: Opened, tab: str) -> list[Shaped]:
    view = opened.view
    titles: list[tuple[str, str, int | None]] = [("overview", _("概览"), None)]
    if view.shape.figures:
        titles.append(("figures", _("按期数值"), None))
    if any(item.shape.pays for item in view.criteria.values()):
        titles.append(("policies", _("惠企政策"), None))
    if view.quotas:
        titles.append(("quotas", _("额度分配"), None))
    if view.children:
        titles.append(("children", _("下级台账"), None))
    titles.append(("duties", _("任务"), sum(duty.closed_on is None for duty in opened.duties)))
    titles.append(("files", _("文档"), None))
    if view.assignments:
        titles.append(("people", _("责任人"), None))
    titles.append(("history", _("留痕"), len(opened.events)))
    here = reverse("row", args=[opened.entry.pk])
    return [{"key": key, "title": title, "href": f"{here}?tab={key}", "count": count, "current": key == tab} for key, title, count in titles]
