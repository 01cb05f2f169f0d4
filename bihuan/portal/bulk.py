"""Doing one thing to many rows of a register: choose what, see every change and every refusal, confirm; and what can be taken back.

The rows are those picked on a page of the list, or all that its query finds. Nothing is written before the preview is agreed to.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import lists as computed
from bihuan.foundation import access, actions
from bihuan.foundation.actions import Charge, Rejected, Step, bulk
from bihuan.foundation.actions.bulk import Deed, MovedOn, Preview, PutBack, SetField
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry
from bihuan.portal import bulk_shown, guarded, lists, shell, words
from bihuan.portal.forms import ROW, Asking, Form, plain, read_row, received
from bihuan.portal.kept import LONGEST_QUERY
from bihuan.portal.moves import EVIDENCE, asked_by, beside_the_text, day_given
from bihuan.portal.visits import Shaped, Visit, onward
from bihuan.portal.writes import catch_up

CHANGE, MOVE, ASSIGN, UNDO = "change", "move", "assign", "undo"
MOST_PICKED = 500


@dataclass(frozen=True)
class Asked:
    """What somebody wants to do: to which rows, what kind of thing, and which field, move, responsibility or earlier change."""

    visit: Visit
    view: RegisterView
    given: QueryDict
    entries: Sequence[Entry]
    too_many: int = 0

    @property
    def act(self) -> str:
        """The kind of thing."""
        return self.given.get("act", "")

    @property
    def what(self) -> str:
        """Which one of its kind."""
        return self.given.get("what", "")

    @property
    def here(self) -> str:
        """The list it began from."""
        query = self.given.get("query", "")
        return reverse("register", args=[self.view.name]) + (f"?{query}" if query else "")

    def kept(self) -> dict[str, object]:
        """What the next step has to send again, so that it is about the same rows."""
        rows = {"all": "1"} if self.given.get("all") else {"picks": ",".join(str(entry.pk) for entry in self.entries)}
        return {**rows, "query": self.given.get("query", ""), "act": self.act, "what": self.what}


def change_many(visit: Visit, register: str) -> HttpResponseBase:
    """Choose what to do with the rows, then its form, then the preview, then it is done."""
    view = guarded.register_of(visit, register)
    asked = _asked(visit, view)
    offered = {one["value"]: one["text"] for one in _offered(asked)}
    if asked.act != UNDO and (not asked.entries or asked.too_many):
        return _none(asked)
    if asked.act == UNDO:
        return _sent(asked, None)
    if asked.what not in offered:
        return _page(asked, choose=_offered(asked))
    form = FORMS[asked.act](asked)
    form.hidden = asked.kept()
    return _sent(asked, form) if visit.request.method == "POST" else _page(asked, form=form)


def _asked(visit: Visit, view: RegisterView) -> Asked:
    given = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    query = given.get("query", "")
    if len(query) > LONGEST_QUERY or given.get("act") not in acts(visit, view):
        raise Http404
    if given.get("act") == UNDO:
        return Asked(visit, view, given, [])
    picked = [*given.getlist("pick"), *given.get("picks", "").split(",")]
    ids = [int(text) for text in picked if text.isascii() and text.isdecimal()][:MOST_PICKED]
    if given.get("all"):
        wanted = lists.read_query(visit, view, QueryDict(query)).asked(bulk.MOST, 1)
        found = computed.find(visit.columns, view, wanted, access.visible(visit.actor, view), visit.day)
        if found.total > bulk.MOST:
            return Asked(visit, view, given, [], found.total)
        ids = list(found.ids)
    return Asked(visit, view, given, guarded.in_order(visit, view, ids))


def acts(visit: Visit, view: RegisterView) -> list[str]:
    """What this person may do with many rows of a register at all."""
    if not visit.actor.roles & access.STAFF:
        return []
    held = visit.actor.roles | set(view.assignments) | {item.key for item in view.assignments.values()}
    moves = view.lifecycle.shape.moves.values() if view.lifecycle else ()
    may = {
        CHANGE: bool(access.may(visit.actor, "change", view)),
        MOVE: any(held & set(move.who) for move in moves),
        ASSIGN: bool(view.assignments) and bool(access.may(visit.actor, "assign", view)),
        UNDO: bool(access.may(visit.actor, "change", view)),
    }
    return [name for name, allowed in may.items() if allowed]


def buttons(visit: Visit, view: RegisterView) -> list[Shaped]:
    """The same as the bar over a list offers it."""
    titles = {CHANGE: (_("修改字段"), "edit"), MOVE: (_("办理"), "checklist"), ASSIGN: (_("指派"), "user")}
    return [{"name": name, "title": titles[name][0], "icon": titles[name][1]} for name in acts(visit, view) if name in titles]


# --- what to do, and its form


def _offered(asked: Asked) -> list[Shaped]:
    """The fields, moves or responsibilities to choose from; a move says from how many of the rows it leads on."""
    visit, view = asked.visit, asked.view
    if asked.act == CHANGE:
        return words.choices([
            (key, visit.title(shape)) for key, shape in view.shape.fields.items() if key != view.shape.key and not shape.personal and shape.kind != "file"
        ], [asked.what])  # fmt: skip
    if asked.act == ASSIGN:
        return words.choices([(name, visit.title(item.shape)) for name, item in view.assignments.items()], [asked.what])
    pairs = []
    for name, move in view.lifecycle.shape.moves.items() if view.lifecycle else ():
        number = sum(entry.state in move.source for entry in asked.entries)
        if number and name not in beside_the_text(view):
            to = words.state_title(visit, view, move.to)
            pairs.append((name, _("%(move)s（到%(state)s）：%(count)s 条") % {"move": visit.title(move), "state": to, "count": number}))
    return words.choices(pairs, [asked.what])


def _change_form(asked: Asked) -> Form:
    posted = asked.given if asked.visit.request.method == "POST" else None
    field = {**Asking(asked.visit, asked.view, None, posted).field(asked.what), "required": False, "readonly": False}
    return _form(asked, [{**field, "help": _("留空就是清空这个字段")}, _reason(asked)])


def _move_form(asked: Asked) -> Form:
    assert asked.view.lifecycle is not None
    rule = asked.view.lifecycle.shape.moves[asked.what]
    posted = asked.given if asked.visit.request.method == "POST" else None
    fields = [{**field, "help": _("留空则用各条已有的")} for field in Asking(asked.visit, asked.view, None, posted).fields(asked_by(rule))]
    fields = [{**field, "required": False} for field in fields]
    fields += [plain(EVIDENCE + word, said.head(asked.visit.language), "file", required=True, help=_("同一份佐证附到每一条")) for word, said in rule.papers.items()]
    return _form(asked, [*fields, _reason(asked, required=rule.reason)])


def _assign_form(asked: Asked) -> Form:
    visit, given = asked.visit, asked.given
    item = asked.view.assignments[asked.what]
    people = guarded.people_with(item.shape.who)
    fields = [
        plain("member", visit.title(item.shape), "person", required=item.shape.exactly == "one", options=words.choices(people, [given.get("member", "")])),
        plain("from_day", _("自何日起"), "date", given.get("from_day", visit.day.isoformat()), required=True, at_most=visit.day.isoformat()),
        _reason(asked, help=_("已有人的换人须写明理由") if "reason" in item.shape.change_needs else ""),
    ]
    if "approver" in item.shape.change_needs:
        approvers = guarded.people_with([access.SUPERVISOR, access.LEADER])
        fields.append(plain("approver", _("批准人"), "person", options=words.choices(approvers, [given.get("approver", "")]), help=_("换人时必填")))
    return _form(asked, fields)


def _reason(asked: Asked, **more: object) -> Shaped:
    return plain("reason", _("理由"), "long_text", asked.given.get("reason", ""), **more)


def _form(asked: Asked, fields: list[Shaped]) -> Form:
    return Form(asked.visit.request.path, _("预览"), asked.here, fields, note=_("先看每一条会怎样变，确认后才写入"))


FORMS: Mapping[str, Callable[[Asked], Form]] = {CHANGE: _change_form, MOVE: _move_form, ASSIGN: _assign_form}


# --- what was sent


def _deed(asked: Asked) -> tuple[Deed, dict[str, str]]:
    """What was asked for, and what the confirmation has to send again for it. Raises Rejected."""
    visit, view, given = asked.visit, asked.view, asked.given
    reason = given.get("reason", "")
    if asked.act == UNDO:
        if not (asked.what.isascii() and asked.what.isdecimal() and len(asked.what) < 16):
            raise Http404
        return PutBack(int(asked.what), reason), {"reason": reason}
    if asked.act == ASSIGN:
        again = {name: given.get(name, "") for name in ("member", "from_day", "reason", "approver")}
        return Charge(asked.what, again["member"], day_given(again["from_day"]), reason, again["approver"]), again
    if asked.act == CHANGE:
        values = {asked.what: [] if asked.view.shape.fields[asked.what].kind == "choices" else "", **read_row(visit, view, [asked.what])}
        return SetField(asked.what, values[asked.what], reason), {"reason": reason, ROW + asked.what: _again(values[asked.what])}
    assert view.lifecycle is not None
    rule = view.lifecycle.shape.moves[asked.what]
    values = {key: value for key, value in read_row(visit, view, asked_by(rule)).items() if value not in ("", [])}
    evidence = {word: digest for word in rule.evidence if (digest := _attached(asked, word))}
    again = {ROW + key: _again(value) for key, value in values.items()} | {EVIDENCE + word: digest for word, digest in evidence.items()}
    return Step(asked.what, 0, values, evidence, reason), {"reason": reason, **again}


def _attached(asked: Asked, word: str) -> str:
    if EVIDENCE + word in asked.visit.request.FILES:
        return received(asked.visit, asked.view, EVIDENCE + word)
    return asked.given.get(EVIDENCE + word, "")


def _again(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _sent(asked: Asked, form: Form | None) -> HttpResponseBase:
    """The preview; with a preview agreed to, the deed; and the preview anew where somebody was quicker."""
    visit, register = asked.visit, asked.view.name
    ids = [entry.pk for entry in asked.entries]
    try:
        deed, again = _deed(asked)
        agreed = asked.given.get("agreed", "") if visit.request.method == "POST" else ""
        if agreed and asked.given.get("as") != "csv":
            event = actions.carry_out(visit.actor, register, deed, ids, agreed, visit.at)
            if event is None:
                messages.info(visit.request, _("没有可改的，什么都没有写入"))
                return onward(visit.request, asked.here)
            catch_up(visit)
            return onward(visit.request, reverse("bulk-done", args=[register, event.seq]))
        found, quicker = actions.preview(visit.actor, register, deed, ids, visit.at), False
    except MovedOn as moved:
        found, quicker = moved.preview, True
    except Rejected as why:
        if form is None:
            for refusal in why.refusals:
                messages.error(visit.request, refusal.text(visit.language))
            return onward(visit.request, asked.here)
        form.refusals = why.refusals
        return _page(asked, form=form)
    if asked.given.get("as") == "csv":
        answer = HttpResponse(bulk_shown.as_csv(visit, asked.view, found), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="preview.csv"'
        return answer
    return _page(asked, previewed=(found, {**asked.kept(), **again}, quicker))


# --- pages


def _none(asked: Asked) -> HttpResponseBase:
    said = _("没有选中任何记录")
    if asked.too_many:
        said = _("查询有 %(n)s 条，一次最多 %(most)s 条，请加一两个条件") % {"n": asked.too_many, "most": bulk.MOST}
    messages.error(asked.visit.request, said)
    return onward(asked.visit.request, asked.here)


Previewed = tuple[Preview, Mapping[str, object], bool]
"""A preview, what its confirmation sends again, and whether somebody was quicker."""


def _page(asked: Asked, *, choose: list[Shaped] | None = None, form: Form | None = None, previewed: Previewed | None = None) -> HttpResponse:
    visit, view = asked.visit, asked.view
    shown = bulk_shown.shaped(visit, view, previewed[0], quicker=previewed[2]) if previewed else None
    context = {
        "heading": {CHANGE: _("成批修改"), MOVE: _("成批办理"), ASSIGN: _("成批指派"), UNDO: _("撤回成批修改")}[asked.act],
        "lead": visit.title(view.shape), "count": len(asked.entries), "choose": choose or [],
        "form": form.shaped(visit.language) if form else None, "preview": shown, "here": asked.here, "action": visit.request.path,
        "hidden": list(_hidden(previewed[1] if previewed else asked.kept(), previewed[0] if previewed else None)),
    }  # fmt: skip
    status = 409 if previewed and previewed[2] else 422 if form and form.refusals else 200
    return shell.page(visit, "portal/bulk.html", [shell.crumb(visit.title(view.shape), asked.here), shell.crumb(str(context["heading"]))], context, status)


def _hidden(kept: Mapping[str, object], found: Preview | None) -> Iterator[Mapping[str, Any]]:
    yield from ({"name": name, "value": value} for name, value in kept.items())
    if found:
        yield {"name": "agreed", "value": found.fingerprint}


def done(visit: Visit, register: str, seq: int) -> HttpResponseBase:
    """What was done to many rows, and whether it can be taken back."""
    view = guarded.register_of(visit, register)
    event, _entry = guarded.event(visit, seq)
    if event.register != register or event.kind not in bulk_shown.KINDS:
        raise Http404
    undo = reverse("bulk", args=[register]) + f"?act={UNDO}&what={seq}" if event.kind == bulk.CHANGED and UNDO in acts(visit, view) else ""
    here = reverse("register", args=[register])
    context: dict[str, object] = {
        "heading": bulk_shown.KINDS[event.kind](), "lead": visit.title(view.shape), **bulk_shown.done(visit, view, event), "undo_href": undo,
        "event_href": reverse("event", args=[seq]), "here": here, "beside": {},
    }  # fmt: skip
    if document := guarded.document_behind(visit, view, event):
        title, number = document
        context["beside"] = {"title": title, "href": reverse("reading", args=[register, number])}
    return shell.page(visit, "portal/bulk_done.html", [shell.crumb(visit.title(view.shape), here), shell.crumb(_("办理结果"))], context)
