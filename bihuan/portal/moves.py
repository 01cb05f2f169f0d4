"""Moving a row along its lifecycle, and putting somebody in charge of it."""

from datetime import date

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation import access, actions
from bihuan.foundation.actions import Charge, Conflict, Step, gates
from bihuan.foundation.actions.moves import makers
from bihuan.foundation.checking import Refusal, Rejected, rejected
from bihuan.foundation.grammar.lifecycles import Attempt, Lifecycle, Move, day_of_move, moves_from, refusals_of
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry
from bihuan.portal import guarded, shell, words
from bihuan.portal.forms import ACCEPTED, ROW, Asking, Form, kept_files, plain, read_row, received_all, version_of
from bihuan.portal.visits import Shaped, Visit
from bihuan.portal.writes import conflict_page, form_page, row_href, saved, tried

EVIDENCE = "evidence."
ANYTHING = "…"
"""Stands for a reason not given yet when asking what else a move lacks."""


def move(visit: Visit, number: int, name: str = "") -> HttpResponseBase:
    """The moves from here with what each lacks; with a name, the form of that move, and the move itself."""
    view, entry = guarded.open_row(visit, number)
    if view.lifecycle is None or not access.charge(visit.actor, view).holds(entry):
        raise Http404
    life = view.lifecycle.shape
    if name and (name not in life.moves or name in beside_the_text(view)):
        raise Http404
    form = _form(visit, view, entry, name) if name else None
    evidence: dict[str, list[str]] = {}
    if form is not None:
        try:
            if tried(visit, form, lambda: _make(visit, view, entry, name, evidence)):
                title = visit.title(life.states[life.moves[name].to])
                return saved(visit, _("已办理，现在的状态：%(state)s") % {"state": title}, row_href(number))
        except Conflict as conflict:
            return conflict_page(visit, view, conflict, row_href(number))
        for field in form.fields:
            field["kept"] = kept_files(visit, evidence.get(field["name"], []))
    context = {
        "entry": {
            "title": entry.title or entry.key, "href": row_href(number), "state_title": _("现在的状态"), "state": words.state_title(visit, view, entry.state),
        },
        "moves": [{**_offered(visit, view, entry, key), "current": key == name} for key in moves_from(life, entry.state) if key not in beside_the_text(view)],
        "form": form.shaped(visit.language) if form else None,
    }  # fmt: skip
    crumbs = [shell.crumb(entry.title or entry.key, row_href(number)), shell.crumb(_("办理"))]
    return shell.either(visit, "portal/move.html", crumbs, context, 422 if form and form.refusals else 200)


def beside_the_text(view: RegisterView) -> frozenset[str]:
    """The moves that go with something else, made on the page of a document only: a finding is split or merged there, never just marked so."""
    shape = view.shape.read_in
    return frozenset((shape.divide, shape.merge)) if shape else frozenset()


def _offered(visit: Visit, view: RegisterView, entry: Entry, key: str) -> Shaped:
    assert view.lifecycle is not None
    rule = view.lifecycle.shape.moves[key]
    blocked, lacking = missing(visit, view, entry, key)
    return {
        "title": visit.title(rule), "to": words.state_title(visit, view, rule.to), "href": reverse("move-by", args=[entry.pk, key]),
        "refusals": blocked, "needs": lacking,
    }  # fmt: skip


def missing(visit: Visit, view: RegisterView, entry: Entry, name: str) -> tuple[list[str], list[str]]:
    """What keeps this person from a move altogether, and what the move still asks for, each as a sentence."""
    assert view.lifecycle is not None
    life: Lifecycle = view.lifecycle.shape
    rule = life.moves[name]
    roles = visit.actor.roles | access.assignments_of(visit.actor, entry)
    made_by = makers([entry])[entry.pk] if rule.other_than else {}
    called = access.called(view, rule.who)

    def refused(evidence: frozenset[str], reason: str, values: dict[str, object]) -> list[Refused]:
        day = min(day_of_move(rule, entry.data, visit.day), visit.day)
        attempt = Attempt(name, entry.state, None, day, visit.day, visit.actor.username, roles, called, values, evidence, reason, made_by)
        titles = {key: visit.title(shape) for key, shape in view.shape.fields.items()}
        return refusals_of(life, attempt, titles)

    asked = [*rule.needs, *filter(None, [rule.dated_by])]
    whole = {**entry.data, **{key: entry.data.get(key) or ANYTHING for key in asked}}
    for_good = refused(frozenset(rule.evidence), ANYTHING, whole)
    lacking = [why for why in refused(frozenset(), "", entry.data) if why.text() not in {other.text() for other in for_good}]
    guard = gates.refusals_of(view, rule.guard, [entry], visit.day) if rule.guard else []
    if guard and not asked:
        for_good += [refusal.why for refusal in guard]
    else:
        lacking += [refusal.why for refusal in guard]
    return [why.text(visit.language) for why in for_good], [why.text(visit.language) for why in lacking]


def _form(visit: Visit, view: RegisterView, entry: Entry, name: str) -> Form:
    assert view.lifecycle is not None
    rule = view.lifecycle.shape.moves[name]
    posted = visit.request.POST if visit.request.method == "POST" else None
    fields = Asking(visit, view, entry, posted).fields(asked_by(rule))
    optional = {ROW + name for name in rule.also if name not in rule.needs}
    for field in fields:
        field["required"] = field["name"] not in optional
        if field["name"].endswith(f".{rule.dated_by}") and not field["value"]:
            field["value"] = visit.day.isoformat()
    fields += [plain(EVIDENCE + word, said.head(visit.language), "file", required=True, several=True, accept=ACCEPTED) for word, said in rule.papers.items()]
    fields.append(plain("reason", _("理由"), "long_text", posted.get("reason", "") if posted else "", required=rule.reason))
    action = reverse("move-by", args=[entry.pk, name])
    return Form(action, visit.title(rule), row_href(entry.pk), fields, {"version": entry.version}, draft=action)


def asked_by(rule: Move) -> list[str]:
    """The fields the form of a move asks for."""
    return list(dict.fromkeys([*rule.needs, *filter(None, [rule.dated_by]), *rule.also]))


def _make(visit: Visit, view: RegisterView, entry: Entry, name: str, evidence: dict[str, list[str]]) -> Entry:
    """Make the move. The files that were taken in stand in `evidence` by their inputs, so that a refused try need not send them again."""
    assert view.lifecycle is not None
    rule, posted = view.lifecycle.shape.moves[name], visit.request.POST
    refusals: list[Refusal] = []
    for word in rule.evidence:
        evidence[EVIDENCE + word], refused = received_all(visit, view, EVIDENCE + word)
        refusals += refused
    if refusals:
        raise Rejected(refusals)
    attached = {word: evidence[EVIDENCE + word] for word in rule.evidence}
    step = Step(name, version_of(posted), read_row(visit, view, asked_by(rule), entry), attached, posted.get("reason", ""))
    return actions.move(visit.actor, view.name, entry.key, step, visit.at)


# --- who is accountable


def assign(visit: Visit, number: int, role: str) -> HttpResponseBase:
    """Give a responsibility for a row to somebody, from a day on."""
    view, entry = guarded.open_row(visit, number)
    guarded.allow(visit, "assign", view, entry)
    item = view.assignments.find(role)
    if item is None:
        raise Http404
    posted = visit.request.POST
    held = next(
        (one for one in guarded.assignments_of(entry) if one.to_day is None and (one.mechanism, one.role) == (f"{item.pack}.{item.mechanism}", item.key)),
        None,
    )
    people = guarded.people_with(item.shape.who)
    approvers = guarded.people_with([access.SUPERVISOR, access.LEADER]) if "approver" in item.shape.change_needs and held else []
    fields = [
        plain("member", _("改为") if held else _("指定"), "person", required=item.shape.exactly == "one", options=words.choices(people, [posted.get("member", "")])),
        plain("from_day", _("自何日起"), "date", posted.get("from_day", visit.day.isoformat()), required=True, at_most=visit.day.isoformat()),
        plain("reason", _("理由"), "long_text", posted.get("reason", ""), required="reason" in item.shape.change_needs and held is not None),
    ]
    if approvers:
        fields.append(plain("approver", _("批准人"), "person", required=True, options=words.choices(approvers, [posted.get("approver", "")])))
    form = Form(visit.request.path, _("改派") if held else _("指定"), row_href(number), fields)

    def give() -> None:
        charge = Charge(item.short, posted.get("member", ""), day_given(posted.get("from_day", "")), posted.get("reason", ""), posted.get("approver", ""))
        actions.assign(visit.actor, view.name, entry.key, charge, visit.at)

    if tried(visit, form, give):
        return saved(visit, _("已指定，记入台账"), row_href(number))
    lead = entry.title or entry.key
    if held:
        name, office = guarded.people([held.member]).get(held.member, (held.member, ""))
        lead = _("现任 %(name)s %(office)s，自 %(day)s") % {"name": name, "office": office, "day": held.from_day}
    return form_page(visit, _("指定%(title)s") % {"title": visit.title(item.shape)}, lead, form, entry.title or entry.key)


def day_given(text: str) -> date | None:
    """A day as a date input sends it; none for an empty one. Raises Rejected for anything else."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise rejected(Refused(f"“{text[:20]}”不是日期", f"“{text[:20]}” is not a date", "2025-07-08"), "from_day", _("自何日起")) from error

