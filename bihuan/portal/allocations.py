"""One allocation of a quota: drafted, reviewed, confirmed by a second person; every request with what it gets and why."""


from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.computing import allocations
from bihuan.foundation import actions
from bihuan.foundation.grammar.sharing import VALUE, Line, Telling
from bihuan.foundation.models import Grant
from bihuan.portal import guarded, quotas, reviewed, shell
from bihuan.portal.reviewed import CONFIRM, DROP, REVIEW, Act, Way, laid_aside
from bihuan.portal.visits import Shaped, Visit

MOST = 500
"""So many lines are shown; `bihuan allocate` gives all."""

WAY = Way("allocation", "allocation-act", (gettext_lazy("拟案"), gettext_lazy("复核"), gettext_lazy("确认并入账")), {
    REVIEW: Act(
        "allocation.review", lambda visit, number, _reason: actions.review_allocation(visit.actor, number, visit.at), gettext_lazy("复核无误"),
        gettext_lazy("复核分配方案"), gettext_lazy("已复核，请另一位同志确认"), gettext_lazy("复核后由另一位同志确认；拟案和复核的人不能确认"),
    ),
    CONFIRM: Act(
        "allocation.confirm", lambda visit, number, _reason: allocations.confirm(visit.actor, number, visit.at), gettext_lazy("重读一致后确认入账"),
        gettext_lazy("确认分配方案"), gettext_lazy("重读一致，已入账"),
        gettext_lazy("确认时在账本锁内把申请和余额重读一遍，与拟案时一致才入账；数据动过则什么也不记"),
    ),
    DROP: laid_aside("allocation.draft", lambda visit, number, reason: actions.drop_allocation(visit.actor, number, reason, visit.at), gettext_lazy("作废分配方案")),
})  # fmt: skip
"""How an allocation goes."""


def allocation(visit: Visit, number: int) -> HttpResponseBase:
    """How far it is, what the pools had to give, every request with its reason, and what may be done next."""
    found, view, item = guarded.allocation_of(visit, number)
    telling = Telling(view, item)
    lines = [line(visit, telling, one) for one in guarded.grants(found)[:MOST]]
    context = {
        "one": quotas.line(visit, telling, found), "day": found.day, "position": found.position, "digest": found.digest[:16], "reason": found.reason,
        "value": f"{found.value / VALUE:,.2f}" if found.value else "", "returning": found.purpose == "return",
        "steps": reviewed.steps_of(WAY, found), "acts": reviewed.acts_of(visit, WAY, view, found),
        "pools": [
            {"title": telling.account(name).text(visit.language), "text": telling.quantity(amount).text(visit.language)}
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


def act(visit: Visit, number: int, act: str) -> HttpResponseBase:
    """Review an allocation, confirm it (everything is read once more, and booked only where nothing moved), or lay it aside with a reason."""
    found, view, item = guarded.allocation_of(visit, number)
    return reviewed.act(visit, WAY, view, found, act, quotas.title_of(visit, item, found))
