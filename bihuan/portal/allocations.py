"""One allocation of a quota: drafted, reviewed, confirmed by a second person; every request with what it gets and why."""

from collections.abc import Callable

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import allocations
from bihuan.foundation import access, actions
from bihuan.foundation.grammar.sharing import VALUE, Line, Telling
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Allocation, Grant
from bihuan.portal import guarded, quotas, shell
from bihuan.portal.forms import Form, plain
from bihuan.portal.visits import Shaped, Visit
from bihuan.portal.writes import form_page, saved, tried

MOST = 500
"""So many lines are shown; `bihuan allocate` gives all."""


def allocation(visit: Visit, number: int) -> HttpResponseBase:
    """How far it is, what the pools had to give, every request with its reason, and what may be done next."""
    found, view, item = guarded.allocation_of(visit, number)
    telling = Telling(view, item)
    lines = [line(visit, telling, one) for one in guarded.grants(found)[:MOST]]
    context = {
        "one": quotas.line(visit, telling, found), "day": found.day, "position": found.position, "digest": found.digest[:16], "reason": found.reason,
        "value": f"{found.value / VALUE:,.2f}" if found.value else "", "returning": found.purpose == "return",
        "steps": _steps(found), "acts": _acts(visit, view, found),
        "pools": [
            {"title": telling.account(name).text(visit.language), "amount": telling.quantity(amount).text(visit.language)}
            for name, amount in found.pools.items()
        ],
        "lines": lines, "others": max(0, found.count - MOST),
    }  # fmt: skip
    here = shell.crumb(quotas.title_of(visit, item, found))
    return shell.page(visit, "portal/allocation.html", quotas.crumbs(visit, view, item, here), context)


def line(visit: Visit, telling: Telling, one: Grant) -> Shaped:
    """One request of an allocation: what it came to, and why."""
    words = {
        "granted": (_("全额配给"), "green"), "partly": (_("部分配给"), "yellow"), "short": (_("放不下"), "red"), "behind": (_("轮不到"), "red"),
        "outbid": (_("未选中"), "red"), "unfit": (_("不合条件"), "red"), "unknown": (_("缺数据"), ""), "nothing": (_("申请量无效"), "red"),
        "nowhere": (_("无池受理"), "red"), "returned": (_("收回"), "yellow"),
    }  # fmt: skip
    outcome, tone = words[one.code]
    said = telling.because(Line(one.place, one.asked, one.parts, one.code, one.facts))
    return {
        "place": one.place or "", "title": one.entry.title or one.entry.key, "key": one.entry.key, "office": one.entry.office,
        "href": reverse("row", args=[one.entry_id]), "asked": "" if one.asked is None else telling.quantity(one.asked).text(visit.language),
        "amount": telling.quantity(one.amount).text(visit.language) if one.amount else "—", "outcome": outcome, "tone": tone,
        "because": said.text(visit.language),
    }  # fmt: skip


def _steps(found: Allocation) -> list[Shaped]:
    """Drafted, reviewed, confirmed: who did each and when."""
    people = guarded.people([found.drafted_by, found.reviewed_by, found.confirmed_by])
    made = [
        (_("拟案"), found.drafted_by, found.drafted_on), (_("复核"), found.reviewed_by, found.reviewed_on),
        (_("确认并入账"), found.confirmed_by, found.confirmed_on),
    ]  # fmt: skip
    done, dropped = sum(bool(by) for _title, by, _on in made), found.state == "dropped"
    return [
        {
            "title": title, "note": f"{people.get(by, (by, ''))[0]} {on}" if by else "",
            "state": "done" if by else "skipped" if dropped else "now" if place == done else "ahead",
        }
        for place, (title, by, on) in enumerate(made)
    ]  # fmt: skip


_ACTS = {"review": ("drafted", "allocation.review"), "confirm": ("reviewed", "allocation.confirm"), "drop": ("drafted reviewed", "allocation.draft")}
"""What may be done to an allocation, in which states, and the right it takes."""


def _acts(visit: Visit, view: RegisterView, found: Allocation) -> list[Shaped]:
    titles = {"review": (_("复核无误"), "check"), "confirm": (_("重读一致后确认入账"), "circle-check"), "drop": (_("作废"), "x")}
    offered = []
    for act, (states, right) in _ACTS.items():
        same = act == "confirm" and visit.actor.username in (found.drafted_by, found.reviewed_by)
        if found.state in states.split() and access.may(visit.actor, right, view) and not same:
            title, icon = titles[act]
            offered.append(shell.action(title, icon, reverse("allocation-act", args=[found.pk, act]), primary=act != "drop", drawer=True))
    return offered


def act(visit: Visit, number: int, act: str) -> HttpResponseBase:
    """Review an allocation, confirm it (everything is read once more, and booked only where nothing moved), or lay it aside with a reason."""
    found, view, item = guarded.allocation_of(visit, number)
    if act not in _ACTS or found.state not in _ACTS[act][0].split():
        raise Http404
    guarded.allow(visit, _ACTS[act][1], view)
    headings = {"review": _("复核分配方案"), "confirm": _("确认分配方案"), "drop": _("作废分配方案")}
    notes = {
        "review": _("复核后由另一位同志确认；拟案和复核的人不能确认"),
        "confirm": _("确认时在账本锁内把申请和余额重读一遍，与拟案时一致才入账；数据动过则什么也不记"),
        "drop": "",
    }
    back, reason = reverse("allocation", args=[number]), visit.request.POST.get("reason", "")
    fields = [plain("reason", _("理由"), "long_text", reason, required=True)] if act == "drop" else []
    form = Form(reverse("allocation-act", args=[number, act]), headings[act], back, fields, note=notes[act], danger=act == "drop")
    deeds: dict[str, Callable[[], object]] = {
        "review": lambda: actions.review_allocation(visit.actor, number, visit.at),
        "confirm": lambda: allocations.confirm(visit.actor, number, visit.at),
        "drop": lambda: actions.drop_allocation(visit.actor, number, reason, visit.at),
    }
    if tried(visit, form, deeds[act]):
        said = {"review": _("已复核，请另一位同志确认"), "confirm": _("重读一致，已入账"), "drop": _("已作废")}
        return saved(visit, said[act], back)
    return form_page(visit, headings[act], quotas.title_of(visit, item, found), form)
