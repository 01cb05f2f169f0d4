"""One duty: who owes it by when, and what may be done about its clock by whom: more time, a stop, going on; or that it is done."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation import access, actions
from bihuan.foundation.actions import duties as clocked
from bihuan.foundation.actions.clockwork import clock_of, in_days
from bihuan.foundation.grammar.lifecycles import Clock
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Duty
from bihuan.portal import guarded, shell, tasks, words
from bihuan.portal.forms import Form, plain
from bihuan.portal.visits import Shaped, Visit
from bihuan.portal.writes import row_href, saved, tried


@dataclass(frozen=True)
class Act:
    """Something that may be done about a duty: what it is called, what it leads to, and why this person may not."""

    title: str
    to: str
    refused: str = ""


def duty(visit: Visit, number: int, act: str = "") -> HttpResponseBase:
    """A duty and its acts; with an act named, the form of it and the act itself."""
    found = guarded.duty_of(visit, number)
    acts = dict(_acts(visit, found))
    if act and (act not in acts or acts[act].refused):
        raise Http404
    back = row_href(found.entry_id) if found.entry_id else reverse("workbench")
    form = _form(visit, found, act, acts[act].title, back) if act else None
    if form is not None and tried(visit, form, _deed(visit, found, act)):
        return saved(visit, _("已办理：%(title)s") % {"title": acts[act].title}, back)
    line = tasks.line(visit, found)
    context = {
        "entry": {
            "title": line["title"], "href": back, "state_title": _("期限"), "state": found.due.isoformat() if found.due else _("无时限"), "note": _waiting(visit, found),
        },
        "moves": [
            {
                "title": one.title, "to": one.to, "href": reverse("duty-act", args=[number, name]), "current": name == act,
                "refusals": [one.refused] if one.refused else [], "needs": [],
            }
            for name, one in acts.items()
        ],
        "form": form.shaped(visit.language) if form else None, "about": line["from"],
        "nothing": _nothing(visit, line["owner"]),
    }  # fmt: skip
    return shell.either(visit, "portal/move.html", [shell.crumb(line["title"], back), shell.crumb(_("任务"))], context, 422 if form and form.refusals else 200)


def _nothing(visit: Visit, owner: str) -> str:
    """Who does it, where the reader does not."""
    if owner and owner == visit.actor.office:
        return _("这件事由本单位担当此责的同志办理，您可以看进展")
    return _("这件事由%(who)s办理，您可以看进展，不用办什么") % {"who": owner} if owner else ""


def _waiting(visit: Visit, found: Duty) -> str:
    """What is asked for and waits for an answer, by whom and why; nothing where nothing is."""
    if not found.asked:
        return ""
    person = str(found.request.get("person", ""))
    name = guarded.people([person]).get(person, (person, ""))[0]
    words_ = {"extend": _("%(who)s 于 %(day)s 申请延期：%(reason)s"), "pause": _("%(who)s 于 %(day)s 申请暂停计时：%(reason)s")}
    return words_[found.asked] % {"who": name, "day": found.request.get("on", ""), "reason": found.request.get("reason", "")}


def _acts(visit: Visit, found: Duty) -> Iterator[tuple[str, Act]]:
    view = visit.register(found.register)
    item = clock_of(view, found) if view and found.kind == "clock" else None
    if item and view and found.entry:
        yield from _about_clock(visit, found, view, in_days(view, item, found.opened))
    if found.kind not in ("clock", "cadence"):
        may = access.may(visit.actor, "close_duty", view if found.entry else None, found.entry)
        yield "close", Act(_("了结"), _("销号"), _refused(visit, may))


def _about_clock(visit: Visit, found: Duty, view: RegisterView, clock: Clock) -> Iterator[tuple[str, Act]]:
    """More time, a stop, going on: asked for first where the clock's rule says so, and then answered by somebody else."""
    assert found.entry

    def act(title: str, who: list[str], to: str = "") -> Act:
        assert found.entry
        return Act(title, to, _refused(visit, access.may_as(visit.actor, who, view, found.entry)))

    if clock.extension and found.extended < clock.extension.at_most:
        most = _("最长 %(span)s") % {"span": _span(clock.extension.each)}
        if clock.extension.asked_by and found.asked != "extend":
            yield "ask-extend", act(_("申请延期"), clock.extension.asked_by, most)
        else:
            yield "extend", act(_("批准延期") if found.asked else _("延期"), [clock.extension.approver], most)
    if clock.pause and found.paused_on:
        yield "resume", act(_("恢复计时"), [clock.pause.approver])
    elif clock.pause and clock.pause.asked_by and found.asked != "pause":
        yield "ask-pause", act(_("申请暂停计时"), clock.pause.asked_by)
    elif clock.pause:
        yield "pause", act(_("批准暂停计时") if found.asked else _("暂停计时"), [clock.pause.approver])
    rule = clocked.rule_of(clock, found.asked)
    if rule:
        yield "decline", act(_("不予批准"), [rule.approver], _("时限照走"))


def _refused(visit: Visit, decision: access.Decision) -> str:
    if decision:
        return ""
    return decision.reason if visit.language.startswith("zh") else decision.reason_en


def _span(text: str) -> str:
    count, unit = text.split(" ")
    names = {"working_days": _("%(count)s 个工作日"), "calendar_days": _("%(count)s 天"), "months": _("%(count)s 个月")}
    return names[unit] % {"count": count}


def _form(visit: Visit, found: Duty, act: str, title: str, back: str) -> Form:
    posted = visit.request.POST
    fields: list[Shaped] = []
    asked = str(found.request.get("by") or " working_days").split(" ")
    if act in ("extend", "ask-extend"):
        units = [(unit, _span(f"… {unit}")) for unit in ("working_days", "calendar_days")]
        fields = [
            plain("count", _("延长"), "number", posted.get("count", asked[0]), required=True),
            plain("unit", _("计量单位"), "choice", required=True, options=words.choices(units, [posted.get("unit", asked[1])])),
        ]
    fields.append(plain("reason", _("理由"), "long_text", posted.get("reason", ""), required=act != "close"))
    return Form(reverse("duty-act", args=[found.pk, act]), title, back, fields)


def _deed(visit: Visit, found: Duty, act: str) -> Callable[[], object]:
    posted, actor, at = visit.request.POST, visit.actor, visit.at
    reason = posted.get("reason", "")
    by = f"{posted.get('count', '').strip()} {posted.get('unit', '')}"
    deeds: dict[str, Callable[[], object]] = {
        "ask-extend": lambda: clocked.ask(actor, found.key, "extend", reason, at, by),
        "ask-pause": lambda: clocked.ask(actor, found.key, "pause", reason, at),
        "decline": lambda: clocked.decline(actor, found.key, reason, at),
        "extend": lambda: actions.extend(actor, found.key, by, reason, at),
        "pause": lambda: actions.pause(actor, found.key, reason, at),
        "resume": lambda: actions.resume(actor, found.key, reason, at),
        "close": lambda: actions.close_duty(actor, found.key, reason, at),
    }
    return deeds[act]
