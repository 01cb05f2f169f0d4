"""Filling in many rows at once: a grid with scripts, and without them a list that leads to each row's own form.

What is typed is checked and recorded by `foundation.sheets.filling`, the same code that checks an uploaded sheet.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import lists as computed
from bihuan.foundation import access, actions
from bihuan.foundation.access import Scope
from bihuan.foundation.actions import Rejected, frozen_on
from bihuan.foundation.grammar.periods import Period
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry
from bihuan.foundation.sheets.filling import Block, Filled, Outcome, fields_to_fill, look
from bihuan.foundation.sheets.filling import fill as record_block
from bihuan.foundation.sheets.headers import Of
from bihuan.foundation.sheets.values import text_of
from bihuan.portal import guarded, lists, shell, words
from bihuan.portal.figures import offered_periods, period_label, read_period
from bihuan.portal.forms import Asking
from bihuan.portal.visits import Shaped, Visit, query
from bihuan.portal.writes import catch_up

SIZE = 200
"""Rows of one grid."""

LONGEST_CELL = 5_000
OWN = frozenset({"of", "period", "rows", "field", "page"})
"""What an address of this page asks beside the list's own conditions."""

OWING, MINE, ALL = "owing", "mine", "all"
"""Which rows: those that owe a report for the period, those one carries a responsibility for, all in one's charge."""


@dataclass(frozen=True)
class Filling:
    """What is to be filled in: the fields of a register's rows, or their figures for a period."""

    visit: Visit
    view: RegisterView
    of: Of
    period: Period | None
    rows: str

    @property
    def fields(self) -> dict[str, FieldShape]:
        """The fields that are columns: all figures; of the rows those asked for, else those that lists show."""
        every = fields_to_fill(self.view, self.of)
        if self.of == "figures":
            return every
        asked = self.visit.request.GET.getlist("field")
        return {key: shape for key, shape in every.items() if key in asked} or {key: shape for key, shape in every.items() if shape.listed}


def fill(visit: Visit, register: str) -> HttpResponseBase:
    """GET: the grid. POST: check what was typed into it, or record it; the answer says what was found in each cell."""
    view = guarded.register_of(visit, register)
    filling = _asked(visit, view)
    guarded.allow(visit, "figures" if filling.of == "figures" else "change", view)
    return _answer(filling) if visit.request.method == "POST" else _page(filling)


def offered_to(visit: Visit, view: RegisterView) -> bool:
    """Whether this person may fill in rows of a register at all."""
    what = "figures" if view.shape.figures else "change"
    return bool(visit.actor.roles & (access.STAFF | {access.ENTERPRISE}) and access.may(visit.actor, what, view))


def _asked(visit: Visit, view: RegisterView) -> Filling:
    given = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    shape = view.shape.figures
    if shape is None or given.get("of") == "rows":
        return Filling(visit, view, "rows", None, given.get("rows", ""))
    offered = offered_periods(shape, visit.day)
    return Filling(visit, view, "figures", read_period(given.get("period", ""), shape) or offered[1], given.get("rows", ""))


# --- the page


def _page(filling: Filling) -> HttpResponseBase:
    visit, view = filling.visit, filling.view
    asked = lists.read_query(visit, view, visit.request.GET)
    for refused in asked.refused:
        messages.error(visit.request, refused)
    question = asked.asked(size=SIZE)
    if not asked.sort:
        question = replace(question, gravest=(), sort=[("_key", False)])
    ranges, scope = _ranges(filling)
    found = computed.find(visit.columns, view, question, scope, visit.day)
    rows = guarded.in_order(visit, view, found.ids)
    lines = list(_lines(filling, rows))
    period = filling.period
    here = reverse("fill", args=[view.name])
    last = (found.page - 1) * SIZE + len(rows)
    context = {
        "heading": _("%(period)s填报") % {"period": period_label(visit, period)} if period else _("成批修改"),
        "register": {"title": visit.title(view.shape), "href": reverse("register", args=[view.name])},
        "action": here, "ways": list(_ways(filling)), "periods": _periods(filling), "choices": _choices(filling), "keep": list(_keep(filling)),
        "ranges": ranges,
        "chosen": [chip["text"] for chip in lists.chips(visit, asked)], "frozen": _frozen(filling), "lines": lines,
        "fields": [{"title": visit.title(shape), "unit": words.unit_text(shape.unit)} for shape in filling.fields.values()],
        "page": {
            "first": last - len(rows) + 1 if rows else 0, "last": last, "total": found.total,
            "before_href": asked.href({"page": [str(found.page - 1)]}) if found.page > 1 else "",
            "after_href": asked.href({"page": [str(found.page + 1)]}) if found.page < found.pages else "",
        },
        "grid": {
            "post": here, "drafts": reverse("draft"), "page": _draft(filling), "of": filling.of, "period": period.text if period else "",
            "fields": list(_fields(filling)), "rows": [line["grid"] for line in lines], "words": said(),
        },
    }  # fmt: skip
    crumbs = [shell.crumb(visit.title(view.shape), reverse("register", args=[view.name])), shell.crumb(_("表格填报"))]
    return shell.page(visit, "portal/fill.html", crumbs, context)


def _ranges(filling: Filling) -> tuple[list[Shaped], Scope]:
    """The sets of rows one may choose, where there are several, and the one that is chosen: at first those that owe a report, if any do."""
    visit, view = filling.visit, filling.view
    found = {OWING: guarded.reporting(visit, view, filling.period.text) if filling.period else [], MINE: guarded.carried_in(visit, view)}
    titles = {OWING: _("本期应报的（%(n)s）"), MINE: _("本人负责的（%(n)s）")}
    narrowed = any(name not in OWN for name in visit.request.GET)
    first = OWING if found[OWING] and not narrowed else ALL
    chosen = filling.rows if filling.rows == ALL or found.get(filling.rows) else first
    options = [{"value": key, "text": titles[key] % {"n": len(ids)}, "chosen": key == chosen} for key, ids in found.items() if ids]
    scope = access.charge(visit.actor, view) if chosen == ALL else Scope(view.name, ids=frozenset(found[chosen]))
    return [*options, {"value": ALL, "text": _("职责范围内全部"), "chosen": chosen == ALL}] if options else [], scope


def _draft(filling: Filling) -> str:
    """The name under which what is typed here is kept: the address with its period."""
    asked = filling.visit.request.GET.copy()
    asked["period"] = filling.period.text if filling.period else ""
    return f"{filling.visit.request.path}?{asked.urlencode()}"[:300]


def _lines(filling: Filling, rows: Sequence[Entry]) -> Iterator[Shaped]:
    """Each row twice over: for the grid, and as a line that leads to its own form."""
    visit, view, period, fields = filling.visit, filling.view, filling.period, filling.fields
    before = period.previous() if period else None
    held = guarded.figures_in([row.pk for row in rows], [period.text, before.text]) if period and before else {}
    for row in rows:
        if period and before:
            now = {key: text_of(shape, held.get((row.pk, key, period.text))) for key, shape in fields.items()}
            last = {key: text_of(shape, held.get((row.pk, key, before.text))) for key, shape in fields.items()}
            href = reverse("figures", args=[row.pk]) + query(period=period.text)
        else:
            now, last = {key: text_of(shape, row.data.get(key)) for key, shape in fields.items()}, {}
            href = reverse("edit", args=[row.pk])
        state = words.state_title(visit, view, row.state) if row.state else ""
        yield {
            "key": row.key, "title": row.title or row.key, "note": row.office, "href": href, "cells": [{"field": key, "text": text} for key, text in now.items()],
            "grid": {
                "key": row.key, "title": row.title or row.key, "href": reverse("row", args=[row.pk]), "office": row.office, "state": state, "now": now, "before": last,
            },
        }  # fmt: skip


def _fields(filling: Filling) -> Iterator[Shaped]:
    asking = Asking(filling.visit, filling.view)
    for key, shape in filling.fields.items():
        offered = [] if filling.of == "figures" else asking.field(key)["options"]
        yield {
            "key": key, "title": filling.visit.title(shape), "unit": words.unit_text(shape.unit), "kind": shape.kind, "required": shape.required, "help": words.help_text(shape),
            "options": [[one["value"], one["text"]] for one in offered], "sum": shape.kind in words.NUMERIC and shape.unit != "%",
        }  # fmt: skip


def _ways(filling: Filling) -> Iterator[Shaped]:
    """Figures or fields, where one may fill in either."""
    if filling.view.shape.figures and access.may(filling.visit.actor, "change", filling.view):
        kept = {one["name"]: one["value"] for one in _keep(filling) if one["name"] != "of"}
        yield {"title": _("按期数值"), "href": query(**kept) or "?", "current": filling.of == "figures"}
        yield {"title": _("基本信息"), "href": query(of="rows", **kept), "current": filling.of == "rows"}


def _periods(filling: Filling) -> list[Shaped]:
    shape = filling.view.shape.figures
    if shape is None or filling.period is None:
        return []
    offered = offered_periods(shape, filling.visit.day)
    offered += [] if filling.period in offered else [filling.period]
    return [{"value": one.text, "text": period_label(filling.visit, one), "chosen": one == filling.period} for one in offered]


def _choices(filling: Filling) -> list[Shaped]:
    """The fields that may be columns, where there is a choice."""
    if filling.of == "figures":
        return []
    shown = filling.fields
    return [{"value": key, "text": filling.visit.title(shape), "chosen": key in shown} for key, shape in fields_to_fill(filling.view, "rows").items()]


def _keep(filling: Filling) -> Iterator[Shaped]:
    """The conditions of the list, which choosing a period must not lose."""
    for name, values in filling.visit.request.GET.lists():
        if name not in OWN:
            yield from ({"name": name, "value": value} for value in values if value)
    if filling.of == "rows":
        yield {"name": "of", "value": "rows"}


def _frozen(filling: Filling) -> bool:
    """Whether correcting a figure of this period takes a reason."""
    period = filling.period
    ends = [frozen_on(filling.view, key, period) for key in filling.fields] if period else []
    return any(end is not None and end <= filling.visit.day for end in ends)


def said() -> dict[str, str]:
    """What the grid says, in the language of this answer."""
    return {
        "row": _("名称"), "office": _("单位"), "state": _("状态"), "before": _("上期"), "total": _("合计"), "ledger": _("台账"), "now": _("现填"), "empty": _("空"),
        "save": _("提交 {n} 处改动"), "nothing": _("还没有改动"), "saving": _("正在提交…"), "checking": _("正在校验…"), "fine": _("已校验，没有问题"),
        "wrong": _("{n} 格不能入账"), "odd": _("提醒"), "refused": _("拒收"), "clash": _("台账里刚被{who}改为 {theirs}"), "mine": _("用我填的"),
        "theirs": _("用台账的"), "offline": _("没有连上网络，没有提交。您填的都还在，连上后再点“提交”。"),
        "signed_out": _("登录已过期，没有提交。请在另一个标签页重新登录，再回到这里提交。"), "failed": _("服务器没有回答，没有提交。您填的都还在，请稍后再试。"),
        "needed": _("必须填写"), "not_number": _("“{text}”不是数"), "about": words.about("{title}", "{words}"), "and": _("；"),
        "beyond": _("粘贴的内容超出表格，多出的 {n} 格没有粘上"), "leave": _("有没提交的改动"),
        "reason": _("请写明更正理由"), "kept_not": _("草稿没有存上"),
    }  # fmt: skip


# --- the answer


def _answer(filling: Filling) -> HttpResponseBase:
    visit, posted = filling.visit, filling.visit.request.POST
    cells = _read(posted.get("cells", ""))
    if cells is None:
        return JsonResponse({"recorded": False, "refusals": [_("读不出填了什么，请刷新后再试")], "cells": [], "needs_reason": False}, status=422)
    block = Block(filling.view.name, filling.of, filling.period.text if filling.period else "", cells, posted.get("reason", ""))
    checking = bool(posted.get("check"))
    try:
        outcome = (look if checking else record_block)(block, visit.actor, visit.at)
    except Rejected as why:
        return JsonResponse({"recorded": False, "refusals": [one.text(visit.language) for one in why.refusals], "cells": [], "needs_reason": False}, status=422)
    if not outcome.recorded:
        status = 200 if checking else 409 if any(one.theirs is not None for one in outcome.looked) else 422
        return JsonResponse(_found(visit, outcome), status=status)
    catch_up(visit)
    if visit.member is not None:
        actions.drop_unsent(visit.member, posted.get("page", ""))
    if outcome.event is None:
        messages.info(visit.request, _("与台账相同，没有新的记录"))
    else:
        messages.success(visit.request, _("%(n)s 处已记入台账，账本第 %(seq)s 条") % {"n": len(cells), "seq": outcome.event.seq})
    return JsonResponse(_found(visit, outcome))


def _found(visit: Visit, outcome: Outcome) -> Shaped:
    """What was found, cell by cell, in the words of this reader."""
    writers = guarded.writers_of(one.seq for one in outcome.looked if one.seq) if any(one.seq for one in outcome.looked) else {}
    named = guarded.people(writers.values()) if writers else {}

    def cell(one: Any) -> Shaped:
        who = writers.get(one.seq, "")
        return {
            "row": one.cell.row, "field": one.cell.field, "sent": one.cell.text, "text": one.text, "theirs": one.theirs, "by": named.get(who, (who, ""))[0],
            "why": one.why.text(visit.language) if one.why else "", "odd": one.odd.text(visit.language) if one.odd else "",
        }  # fmt: skip

    return {
        "recorded": outcome.recorded, "needs_reason": outcome.needs_reason, "refusals": [one.text(visit.language) for one in outcome.refusals],
        "cells": [cell(one) for one in outcome.looked],
    }  # fmt: skip


def _read(text: str) -> list[Filled] | None:
    """The cells that were sent, each ``[row, field, text, seen]``; None where that is not what was sent."""
    try:
        sent = json.loads(text)
    except ValueError:
        return None
    if not isinstance(sent, list):
        return None
    cells = []
    for one in sent:
        if not isinstance(one, list) or len(one) != 4 or not all(isinstance(part, str) and len(part) <= LONGEST_CELL for part in one):
            return None
        cells.append(Filled(*one))
    return cells
