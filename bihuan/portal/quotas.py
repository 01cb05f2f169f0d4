"""A quota: what its accounts hold, what was booked, its allocations; an amount booked by hand; an allocation drafted."""

from collections.abc import Sequence

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import allocations
from bihuan.computing.requests import to_give
from bihuan.foundation import access, actions
from bihuan.foundation.actions import PostingGiven
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.quotas import EXPIRED, Quota
from bihuan.foundation.grammar.sharing import Telling
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Allocation, Balance
from bihuan.portal import guarded, shell
from bihuan.portal.forms import Form, plain
from bihuan.portal.visits import Shaped, Visit, query
from bihuan.portal.writes import form_page, saved, tried

MOST = 100
"""So many postings and allocations are shown."""


def deed_word(deed: str) -> str:
    """What a posting is called."""
    return {
        "issue": _("下达"), "transfer": _("调剂"), "recall": _("上收"), "grant": _("配给"), "return": _("收回"), "expire": _("到期作废"),
    }[deed]  # fmt: skip


def overview(visit: Visit, register: str, quota: str) -> HttpResponseBase:
    """What every account holds in a period, the allocations, and what was booked."""
    view, item = guarded.quota_of(visit, register, quota)
    running = periods.of(item.shape.every, visit.day).text
    booked = guarded.quota_periods(item)
    period = visit.request.GET.get("period", "")
    period = period if period in booked else running
    telling, found = Telling(view, item), list(guarded.balances(item, period))
    context = {
        "heading": visit.title(item.shape), "basis": item.shape.basis, "here": reverse("quota", args=[register, quota]),
        "periods": [{"value": one, "text": _period(visit, item, one), "chosen": one == period} for one in dict.fromkeys([running, *booked])],
        "accounts": _accounts(visit, telling, found, to_give(item, period, visit.day)),
        "held": _said(visit, telling, sum(one.amount for one in found if one.entry_id is not None)), "holders": len({one.entry_id for one in found if one.entry_id}),
        "lists": [line(visit, telling, one) for one in guarded.allocations(item)[:MOST]],
        "postings": _postings(visit, telling, item, period), "acts": _acts(visit, view, item, quota), "most": MOST,
    }  # fmt: skip
    return shell.page(visit, "portal/quota.html", crumbs(visit, view, item), context)


def crumbs(visit: Visit, view: RegisterView, item: Item[Quota], *more: Shaped) -> list[Shaped]:
    """The way to a quota."""
    home = shell.crumb(visit.title(view.shape), reverse("register", args=[view.name]))
    return [home, shell.crumb(visit.title(item.shape), reverse("quota", args=[view.name, item.key])), *more]


def line(visit: Visit, telling: Telling, one: Allocation) -> Shaped:
    """An allocation in a line."""
    states = {"drafted": _("待复核"), "reviewed": _("待确认"), "confirmed": _("已确认"), "dropped": _("已作废")}
    tones = {"drafted": "yellow", "reviewed": "yellow", "confirmed": "green", "dropped": ""}
    return {
        "number": one.pk, "title": title_of(visit, telling.item, one), "state": states[one.state], "tone": tones[one.state], "count": one.count,
        "granted": one.granted, "total": _said(visit, telling, one.total), "asked": _said(visit, telling, one.asked),
        "by": _name(one.confirmed_by or one.reviewed_by or one.drafted_by), "on": one.confirmed_on or one.reviewed_on or one.drafted_on,
        "href": reverse("allocation", args=[one.pk]),
    }  # fmt: skip


def _name(username: str) -> str:
    """Somebody by name."""
    return guarded.people([username]).get(username, (username, ""))[0]


def title_of(visit: Visit, item: Item[Quota], one: Allocation) -> str:
    """What an allocation is called in the language of the reader."""
    kind = _("收回方案") if one.purpose == "return" else _("分配方案")
    return _("%(quota)s%(kind)s（%(day)s）") % {"quota": visit.title(item.shape), "kind": kind, "day": one.day.isoformat()}


def _period(visit: Visit, item: Item[Quota], text: str) -> str:
    period = periods.parse(text, item.shape.every)
    return period.said.text(visit.language)


def _said(visit: Visit, telling: Telling, amount: int) -> str:
    return telling.quantity(amount).text(visit.language)


def _accounts(visit: Visit, telling: Telling, found: Sequence[Balance], free: dict[str, int]) -> list[Shaped]:
    """Every account that is no row's own, those without anything included."""
    held = {one.account: one for one in found if one.entry_id is None}
    granted: dict[str, int] = {}
    for one in found:
        if one.entry_id is not None:
            granted[one.account] = granted.get(one.account, 0) + one.amount
    declared = telling.item.shape.accounts
    names = dict.fromkeys([*(key for key, shape in declared.items() if not shape.each), *held])
    order = [*declared, EXPIRED]
    rows = []
    for name in sorted(names, key=lambda one: (order.index(one.partition("/")[0]), one)):
        shape, amount = declared.get(name.partition("/")[0]), held[name].amount if name in held else 0
        source = shape is not None and shape.supplies
        pool = shape is not None and not shape.supplies
        rows.append({
            "title": telling.account(name).text(visit.language), "kind": _("来源") if source else _("池子") if pool else "",
            "amount": _said(visit, telling, amount), "granted": _said(visit, telling, granted.get(name, 0)) if pool else "",
            "free": _said(visit, telling, free.get(name, 0)) if pool else "", "reserve": _said(visit, telling, amount - free.get(name, 0)) if pool else "",
        })  # fmt: skip
    return rows


def _postings(visit: Visit, telling: Telling, item: Item[Quota], period: str) -> list[Shaped]:
    rows, found = [], list(guarded.postings(item, period)[:MOST])
    people = {username: name for username, (name, _office) in guarded.people(sorted({one.by for one in found})).items()}
    for one in found:
        row = one.entry
        giver, taker = (telling.account(name).text(visit.language) for name in (one.giver, one.taker))
        entry = {"title": row.title or row.key, "key": row.key, "href": reverse("row", args=[row.pk])} if row else None
        rows.append({
            "on": one.on, "deed": deed_word(one.deed), "giver": "" if one.deed == "return" else giver, "taker": "" if one.deed == "grant" else taker, "entry": entry,
            "amount": _said(visit, telling, one.amount), "basis": one.basis, "by": people.get(one.by, one.by), "event": reverse("event", args=[one.seq]),
            "seq": one.seq,
        })  # fmt: skip
    return rows


def _acts(visit: Visit, view: RegisterView, item: Item[Quota], quota: str) -> list[Shaped]:
    found = []
    if access.may(visit.actor, "quota.post", view):
        found.append(shell.action(_("记账"), "transfer", reverse("quota-post", args=[view.name, quota]), drawer=True))
    if access.may(visit.actor, "allocation.draft", view):
        draft = reverse("allocate", args=[view.name, quota])
        if item.shape.take_back:
            found.append(shell.action(_("收回未用"), "refresh", draft + query(purpose="return"), drawer=True))
        found.append(shell.action(_("新拟分配方案"), "plus", draft, primary=True, drawer=True))
    return found


def post(visit: Visit, register: str, quota: str) -> HttpResponseBase:
    """Book one amount from one account to another."""
    view, item = guarded.quota_of(visit, register, quota)
    guarded.allow(visit, "quota.post", view)
    given, back = visit.request.POST, reverse("quota", args=[register, quota])
    names, telling = _names(visit, view, item), Telling(view, item)
    unit, takers = telling.measure.unit, [*names, (EXPIRED, telling.account(EXPIRED).text(visit.language))]
    fields = [
        plain("giver", _("转出户头"), "choice", given.get("giver", ""), required=True, options=_options(names, given.get("giver", ""))),
        plain("taker", _("转入户头"), "choice", given.get("taker", ""), required=True, options=_options(takers, given.get("taker", ""))),
        plain("amount", _("数量"), "text", given.get("amount", ""), required=True, unit=unit.name if visit.language.startswith("zh") else unit.name_en),
        plain("basis", _("依据"), "text", given.get("basis", ""), required=True, help=_("下达或调剂的文号")),
        plain("period", _("哪一期"), "text", given.get("period", "") or periods.of(item.shape.every, visit.day).text, required=True),
    ]  # fmt: skip
    form = Form(reverse("quota-post", args=[register, quota]), _("记账"), back, fields, note=_("每一笔从一个户头到另一个户头；转出的户头不够就不能记"))
    wanted = PostingGiven(*(given.get(name, "") for name in ("giver", "taker", "amount", "basis", "period")))
    if tried(visit, form, lambda: actions.post_quota(visit.actor, register, item.name, wanted, visit.at)):
        return saved(visit, _("已记账"), back)
    return form_page(visit, _("额度记账"), visit.title(item.shape), form)


def _names(visit: Visit, view: RegisterView, item: Item[Quota]) -> list[tuple[str, str]]:
    """The accounts there are or may be: of those that every office has, one for each office that has rows."""
    telling, found = Telling(view, item), list[tuple[str, str]]()
    offices = sorted({office for office in guarded.rows_of(visit, view).values_list("office", flat=True) if office})
    for key, account in item.shape.accounts.items():
        names = [f"{key}/{office}" for office in offices] if account.each else [key]
        found += [(name, telling.account(name).text(visit.language)) for name in names]
    return found


def _options(names: Sequence[tuple[str, str]], chosen: str) -> list[Shaped]:
    return [{"value": name, "text": title, "chosen": name == chosen} for name, title in names]


def draft(visit: Visit, register: str, quota: str) -> HttpResponseBase:
    """Compute who gets how much as the ledger stands, and keep it as a draft."""
    view, item = guarded.quota_of(visit, register, quota)
    guarded.allow(visit, "allocation.draft", view)
    given = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    purpose = "return" if given.get("purpose") == "return" else "grant"
    back = reverse("quota", args=[register, quota])
    heading = _("收回未用") if purpose == "return" else _("新拟分配方案")
    form = Form(
        reverse("allocate", args=[register, quota]), heading, back, [], {"purpose": purpose},
        note=_("按今天的规则和账本此刻的数据拟案；复核之后由没有经手的同志确认，才算入账"),
    )  # fmt: skip
    made: list[Allocation] = []

    def keep() -> None:
        made.append(allocations.keep(visit.actor, allocations.computed(register, item.name, visit.day, purpose), visit.at))

    if tried(visit, form, keep):
        return saved(visit, _("已拟第 %(number)s 号方案，待复核") % {"number": made[0].pk}, reverse("allocation", args=[made[0].pk]))
    return form_page(visit, heading, visit.title(item.shape), form)
