"""What an entry of the ledger says to a reader: what happened, who did it, and each value before and after."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation import access
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.grammar.periods import of_period, parse
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.saying import both
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Entry, Event
from bihuan.foundation.private import MARK
from bihuan.portal import guarded, words
from bihuan.portal.visits import Shaped, Visit, query

MOST_CHANGES = 12
"""Changes of one event that a timeline lists; the event's own page has them all."""


MANY = frozenset({"entries.recorded", "entries.changed", "entries.imported", "entries.moved", "entries.assigned", "entries.merged"})
"""The kinds of event that speak of many rows."""


def kind_word(kind: str) -> str:
    """What a kind of event is called."""
    return {
        "office.set": _("登记单位"), "member.set": _("登记账号"), "member.roles_set": _("授权"), "member.password_set": _("设置密码"),
        "member.signed_in": _("登录"), "member.locked_out": _("账号锁定"), "member.sessions_ended": _("结束会话"),
        "invitation.made": _("邀请"), "invitation.revoked": _("撤回邀请"), "invitation.used": _("接受邀请"),
        "pack.adopted": _("采用规则包"), "upload.received": _("收到文件"), "upload.settled": _("处理报表"), "ledger.sealed": _("封存账本"),
        "personal.revealed": _("查看个人信息"), "personal.erased": _("删除个人信息"), "entries.recorded": _("登记"),
        "entry.changed": _("修改"), "entries.changed": _("修改"), "entry.withdrawn": _("撤销"), "entry.moved": _("办理"), "entries.moved": _("办理"), "figures.recorded": _("填报"),
        "entries.merged": _("合并"), "entries.unmerged": _("撤销合并"), "pair.told_apart": _("判为不同"), "pair.reconsidered": _("撤销判定"),
        "entry.assigned": _("改派"), "entries.assigned": _("改派"), "duties.changed": _("任务变化"),
        "duty.asked": _("申请"), "duty.declined": _("不予批准"), "duty.extended": _("延期"), "duty.paused": _("暂停计时"),
        "duty.resumed": _("恢复计时"), "duty.closed": _("任务办结"), "judged": _("判灯"), "handoffs.started": _("衔接转办"),
        "light.overridden": _("人工设定灯色"), "light.restored": _("恢复规则灯色"), "paper.drafted": _("起草公文"),
        "paper.checked": _("核稿"), "paper.signed": _("签发公文"), "paper.issued": _("印发公文"), "paper.archived": _("公文归档"),
        "paper.returned": _("退回公文"), "paper.renewed": _("取用新数"), "paper.kept": _("保留原数"), "paper.dropped": _("草稿作废"),
        "payments.drafted": _("拟兑付表"), "payments.listed": _("列兑付明细"), "payments.reviewed": _("复核兑付表"),
        "payments.confirmed": _("确认兑付表"), "payments.dropped": _("作废兑付表"), "quota.posted": _("额度记账"),
        "allocation.drafted": _("拟分配方案"), "allocation.listed": _("列分配明细"), "allocation.reviewed": _("复核分配方案"),
        "allocation.confirmed": _("确认分配方案"), "allocation.dropped": _("作废分配方案"), "entries.imported": _("带入历史"), "city.invented": _("建演示城市"),
        "tables.rebuilt": _("重建各表"),
    }.get(kind, kind)  # fmt: skip


def timeline(visit: Visit, events: Sequence[Event], entry: Entry | None = None, most: int = MOST_CHANGES) -> list[Shaped]:
    """Events as `components/event.html` reads them; of those that speak of many rows, only what concerns `entry` where it is given."""
    known = guarded.people_for(visit, (event.actor for event in events))
    bodies = {event.seq: body_of(event) for event in events}
    files = guarded.uploads_named(body["upload"] for body in bodies.values() if body.get("upload"))
    return [_shaped(visit, event, bodies[event.seq], entry, _Around(known, files, most)) for event in events]


class _Around:
    """What the events of one timeline share: people's names, uploads' names, how much is listed."""

    def __init__(self, people: Mapping[str, tuple[str, str]], files: Mapping[int, str], most: int) -> None:
        self.people = people
        self.files = files
        self.most = most


def _shaped(visit: Visit, event: Event, body: dict[str, Any], entry: Entry | None, around: _Around) -> Shaped:
    view = visit.register(event.register)
    changes = list(changes_of(visit, view, event, body, entry))
    more = len(changes) - around.most
    by_rule = event.actor == SYSTEM.username
    name, office = around.people.get(event.actor, (event.actor, ""))
    return {
        "seq": event.seq,
        "at": event.at,
        "what": _what(visit, view, event, body, entry),
        "who": _("规则引擎") if by_rule else name,
        "office": office,
        "by_rule": by_rule,
        "tone": "red" if event.kind in ("entry.withdrawn", "member.locked_out") else "",
        "changes": changes[: around.most] + ([_change(_("另有"), None, _("%(count)s 处变化") % {"count": more})] if more > 0 else []),
        "reason": str(body.get("reason") or ""),
        "source": _source(event, body, entry, around.files),
        "hash": event.hash,
        "href": reverse("event", args=[event.seq]) + query(row=entry.pk if entry else None),
    }


def _what(visit: Visit, view: RegisterView | None, event: Event, body: dict[str, Any], entry: Entry | None) -> str:
    """What happened, in a few words; how many rows it was about only where the timeline is not that of one row."""
    word = kind_word(event.kind)
    life = view.lifecycle.shape if view and view.lifecycle else None
    if event.kind in ("entry.moved", "entries.moved") and life and body.get("move") in life.moves:
        word = words.about(word, visit.title(life.moves[body["move"]]))
    several = len(body.get("rows", ())) or len(body.get("edits", ()))
    if entry is None and event.kind in MANY and several > 1:
        return _("%(word)s %(count)s 行") % {"word": word, "count": several}
    return word


def _source(event: Event, body: dict[str, Any], entry: Entry | None, files: Mapping[int, str]) -> Shaped | None:
    number = body.get("upload")
    if not number:
        return None
    cells = [change.get("cell", "") for change in body.get("changes", ()) if entry and change.get("id") == entry.pk]
    cells += [cell for edit in body.get("edits", ()) if entry and edit["id"] == entry.pk for cell in edit.get("cells", {}).values()]
    place = " ".join(filter(None, (files.get(number, ""), body.get("sheet", ""), cells[0] if len(cells) == 1 else "")))
    return {"text": place or _("上传的报表"), "href": reverse("original", args=[number])}


# --- changes, by kind


def changes_of(visit: Visit, view: RegisterView | None, event: Event, body: dict[str, Any], entry: Entry | None) -> Iterator[Shaped]:
    """Each value an event changed, before and after."""
    if view is not None:
        yield from _of_rows(visit, view, event, body, entry)
        yield from _of_figures(visit, view, body, entry)
    yield from _of_lights(visit, body, entry)
    yield from _of_merging(event, body, entry)
    for edit in body.get("edits", ()):
        if event.kind == "entries.assigned" and (entry is None or edit["id"] == entry.pk):
            yield _change(_assignment(visit, view, body), edit["old"] or None, body["member"] or None)
    if "role" in body and "member" in body and "edits" not in body:
        yield _change(_assignment(visit, view, body), body.get("old") or None, body["member"] or None)
    yield from _of_duties(visit, body, entry)
    if event.kind == "light.overridden":
        yield _change(_light_title(visit, view, body), None, words.colour_word(body["colour"]))
    if event.kind == "paper.drafted":
        yield _change(_("标题"), None, body["title"])
    if event.kind == "paper.issued":
        yield _change(_("文号"), None, body["number"])
    if event.kind in ("paper.renewed", "paper.kept"):
        yield from (_change(one["title"], one["was"] or None, one["now"] or None) for one in body["moved"][:MOST_CHANGES])
    if event.kind == "paper.archived":
        yield _change(_("保管期限"), None, body["retention"])
    if event.kind == "member.roles_set":
        before, after = (words.listed(access.role_name(role, visit.language) for role in roles) or None for roles in (body.get("old", ()), body["roles"]))
        yield _change(_("角色"), before, after)


def _of_merging(event: Event, body: dict[str, Any], entry: Entry | None) -> Iterator[Shaped]:
    """Which row became part of which, and which two are two."""
    if event.kind in ("entries.merged", "entries.unmerged"):
        for edit in body["edits"]:
            if entry is None or entry.pk in (edit["id"], body["into"]):
                there = _("属于 %(key)s") % {"key": body["into_key"]}
                merged = event.kind == "entries.merged"
                yield _change(edit["key"], None if merged else there, there if merged else _("单独成行"))
    if event.kind in ("pair.told_apart", "pair.reconsidered"):
        yield _change(_("两行"), None, words.listed(body["keys"]))


def _of_duties(visit: Visit, body: dict[str, Any], entry: Entry | None) -> Iterator[Shaped]:
    """Duties opened and changed, each by its name; of one row only its own."""
    duties = body.get("duties") or {}
    for part in duties.get("open", ()):
        if entry is None or part.get("entry") == entry.pk:
            yield _change(_("新任务"), None, _duty_title(visit, part["key"], part["title"]))
    for part in duties.get("change", ()):
        if entry is not None and part["key"].split("|")[1:3] != [entry.register, entry.key]:
            continue
        title = _duty_title(visit, part["key"], _("任务"))
        if part.get("closed_on"):
            yield _change(title, None, _("%(day)s 了结") % {"day": part["closed_on"]})
        elif part.get("outcome") == "missed":
            yield _change(title, None, _("逾期未办"))
        elif part.get("paused_on"):
            yield _change(title, None, _("%(day)s 起暂停") % {"day": part["paused_on"]})
        elif part.get("level"):
            yield _change(title, None, _("升级到第 %(level)s 级") % {"level": part["level"]})
        elif part.get("due"):
            yield _change(_("%(duty)s的期限") % {"duty": title}, body.get("old_due"), part["due"])
        elif "warn_on" in part:
            yield _change(title, None, _("已提醒"))


def _duty_title(visit: Visit, key: str, otherwise: str) -> str:
    """What a duty is called, from its key (kind, register, row or office, full name, number or period), and its period."""
    kind, register, _owner, name, last = (*key.split("|"), "", "", "", "", "")[:5]
    view = visit.register(register)
    item = view.owing(name) if view else None
    return of_period(both(item.shape), last if kind == "cadence" else "").head(visit.language) if item else otherwise


def _change(title: str, old: str | None, new: str | None, href: str = "") -> Shaped:
    return {"title": title, "old": old, "new": new, "href": href}


def _of_rows(visit: Visit, view: RegisterView, event: Event, body: dict[str, Any], entry: Entry | None) -> Iterator[Shaped]:
    if event.kind in ("entry.changed", "entry.moved"):
        for key, (old, new) in body.get("data", {}).items():
            yield _field(visit, view, key, old, new)
    if event.kind == "entry.moved":
        yield _change(_("状态"), words.state_title(visit, view, body["from"]), words.state_title(visit, view, body["to"]))
    for edit in body.get("edits", ()):
        if entry is None or edit["id"] == entry.pk:
            for key, (old, new) in edit.get("data", {}).items():
                yield _field(visit, view, key, old, new)
            if "to" in edit:
                yield _change(_("状态"), words.state_title(visit, view, edit["from"]), words.state_title(visit, view, edit["to"]))
    rows = [row for row in body.get("rows", ()) if entry is None or row["id"] == entry.pk]
    if len(rows) == 1:
        for key, value in rows[0]["data"].items():
            if value not in (None, "", []) and (view.shape.fields.get(key) is None or view.shape.fields[key].listed or key == view.shape.key):
                yield _field(visit, view, key, None, value)


def _field(visit: Visit, view: RegisterView, key: str, old: Any, new: Any) -> Shaped:
    shape = view.shape.fields.get(key)
    if shape is None:
        return _change(key, None if old is None else str(old), None if new is None else str(new))
    return _change(visit.title(shape), _kept_text(shape, old), _kept_text(shape, new))


def _kept_text(shape: FieldShape, value: Any) -> str | None:
    """A value as the ledger has it: personal data are not in it, only that there was something."""
    if _committed(value) or (shape.personal and value):
        return _("（已遮盖）")
    return words.with_unit(shape, value)


def _committed(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {MARK}


def _of_figures(visit: Visit, view: RegisterView, body: dict[str, Any], entry: Entry | None) -> Iterator[Shaped]:
    fields = view.shape.figures.fields if view.shape.figures else {}
    for change in body.get("changes", ()):
        shape = fields.get(change["field"])
        if shape is None or (entry is not None and change["id"] != entry.pk):
            continue
        row = "" if entry else f"{change['key']} "
        title = f"{row}{parse(change['period']).said.text(visit.language)} {visit.title(shape)}"
        href = reverse("figure-why", args=[change["id"], change["field"], change["period"]])
        yield _change(title, words.with_unit(shape, change.get("old")), words.with_unit(shape, change.get("new")), href)


def _of_lights(visit: Visit, body: dict[str, Any], entry: Entry | None) -> Iterator[Shaped]:
    for said in body.get("verdicts", ()):
        if entry is not None and said.get("entry") != entry.pk:
            continue
        row = "" if entry else f"{said.get('key') or said.get('office') or ''} "
        was, colour = said.get("was") or "", said["colour"]
        title = f"{row}{_light_title(visit, visit.register(said['register']), said)}"
        yield _change(title, words.colour_word(was) if was else None, words.colour_word(colour) if colour else _("不再评"))


def _light_title(visit: Visit, view: RegisterView | None, body: Mapping[str, Any]) -> str:
    item = view.lights.find(f"{body['mechanism']}.{body['light']}") if view else None
    return visit.title(item.shape) if item else str(body["light"])


def _assignment(visit: Visit, view: RegisterView | None, body: Mapping[str, Any]) -> str:
    item = view.assignments.find(f"{body['mechanism']}.{body['role']}") if view else None
    return visit.title(item.shape) if item else str(body["role"])

