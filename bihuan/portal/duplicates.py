"""Rows that are probably one thing, side by side with what says so; what somebody decided about them, and how it is taken back."""

from collections.abc import Callable, Mapping, Sequence

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing.linking import proposals
from bihuan.computing.linking.pairs import Pair
from bihuan.computing.linking.proposals import Group
from bihuan.foundation import access, actions
from bihuan.foundation.grammar import patterns
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry
from bihuan.portal import guarded, shell, words, working
from bihuan.portal.forms import Form, plain
from bihuan.portal.visits import Shaped, Visit, query
from bihuan.portal.writes import form_page, saved, tried

MOST = 40
"""So many groups, and so many decisions, are shown."""

LARGE = 20_000
"""From so many rows on comparing is work of its own, and the page waits for it."""

CLEAR = 3.0
"""From this weight on a field is marked as agreeing, from its negative down as speaking against it."""


def overview(visit: Visit, register: str) -> HttpResponseBase:
    """The groups about which nobody has said anything yet, as far as the reader sees all their rows; then what was decided."""
    view = _register(visit, register)
    columns = visit.columns
    work = working.on(("duplicates", view.name, columns.position, columns.hash), lambda _told: proposals.all_pairs(columns, view), large=_large(view))
    context: Shaped = {"running": not work.done, "failed": work.failed, "here": reverse("duplicates", args=[register]), "may": _may(visit, view), "groups": [], "others": 0}
    if work.done:
        groups, rows = _seen(visit, view)
        context |= {"groups": [_group(visit, view, group, rows) for group in groups[:MOST]], "others": max(0, len(groups) - MOST)}
    if visit.part("run"):
        return shell.part(visit, "portal/_duplicates.html", context)
    shape = view.shape.duplicates
    context |= {
        "heading": _("疑似重复"), "register": visit.title(view.shape), "basis": shape.basis if shape else "", "decided": _decided(visit, view),
    }  # fmt: skip
    return shell.page(visit, "portal/duplicates.html", _crumbs(visit, view), context)


def _large(view: RegisterView) -> bool:
    return guarded.count_rows(view) > LARGE


def _register(visit: Visit, register: str) -> RegisterView:
    view = guarded.register_of(visit, register)
    if view.shape.duplicates is None:
        raise Http404
    return view


def _crumbs(visit: Visit, view: RegisterView) -> list[Shaped]:
    return [shell.crumb(visit.title(view.shape), reverse("register", args=[view.name])), shell.crumb(_("疑似重复"))]


def _may(visit: Visit, view: RegisterView) -> bool:
    """Whether the reader holds a role that decides; whether the rows are theirs is asked for each."""
    shape = view.shape.duplicates
    return bool(shape and visit.actor.roles & frozenset(shape.confirmed_by))


def _seen(visit: Visit, view: RegisterView) -> tuple[list[Group], Mapping[int, Entry]]:
    """The groups of which the reader sees every row, and the rows."""
    groups = proposals.grouped(proposals.open_pairs(visit.columns, view))
    rows = guarded.seen_rows(visit, view, sorted({number for group in groups for number in group.ids}))
    return [group for group in groups if all(number in rows for number in group.ids)], rows


def _group(visit: Visit, view: RegisterView, group: Group, rows: Mapping[int, Entry]) -> Shaped:
    entries = [rows[number] for number in group.ids]
    shown = [access.shown(visit.actor, view, entry) for entry in entries]
    best, two = group.pairs[0], len(entries) == 2
    reasons = {one.field: one for one in proposals.reasons(view, best)} if two else {}
    lines, silent = [], []
    for key in proposals.compared(view):
        shape, reason = view.shape.fields[key], reasons.get(key)
        if all(values.get(key) in (None, "", []) for values in shown):
            silent.append(visit.title(shape))
            continue
        tone = "" if reason is None or abs(reason.weight) < CLEAR else "green" if reason.weight > 0 else "red"
        lines.append({
            "title": visit.title(shape), "values": [words.with_unit(shape, values.get(key)) for values in shown],
            "step": reason.step.text(visit.language) if reason else "", "strength": reason.strength.text(visit.language) if reason else "", "tone": tone,
        })  # fmt: skip
    decides = all(_decides(visit, view, entry) for entry in entries)
    return {
        "likely": proposals.percent(best.probability), "two": two, "lines": lines, "silent": words.listed(silent),
        "rows": [{"title": entry.title or entry.key, "key": entry.key, "office": entry.office, "href": reverse("row", args=[entry.pk])} for entry in entries],
        "merge_href": _href(view, "merge", group.ids) if decides else "",
        "apart_href": _href(view, "apart", group.ids) if decides and two else "",
        "pairs": [_pair(visit, view, pair, rows, decides=decides and not two) for pair in group.pairs[: MOST if not two else 1]],
    }  # fmt: skip


def _pair(visit: Visit, view: RegisterView, pair: Pair, rows: Mapping[int, Entry], *, decides: bool) -> Shaped:
    between = " · ".join(rows[number].key for number in (pair.left, pair.right))
    return {
        "between": between, "said": proposals.said(view, pair).text(visit.language),
        "apart_href": _href(view, "apart", (pair.left, pair.right)) if decides else "",
    }  # fmt: skip


def _decides(visit: Visit, view: RegisterView, entry: Entry) -> bool:
    shape = view.shape.duplicates
    return bool(shape and access.may_as(visit.actor, shape.confirmed_by, view, entry))


def _href(view: RegisterView, deed: str, ids: Sequence[int]) -> str:
    return reverse("duplicates-act", args=[view.name, deed]) + query(pick=[str(number) for number in ids])


def _decided(visit: Visit, view: RegisterView) -> list[Shaped]:
    """What was merged and what was told apart, each with the way back where the reader may take it."""
    found = []
    for entry in guarded.merged_rows(visit, view, MOST):
        kept = entry.merged_into
        if kept is not None:
            may = not kept.withdrawn and _decides(visit, view, entry) and _decides(visit, view, kept)
            found.append(_decision(_("已合并"), (entry, kept), None, _href(view, "unmerge", [entry.pk]) if may else ""))
    for one in guarded.told_apart(visit, view, MOST):
        may = _decides(visit, view, one.first) and _decides(visit, view, one.second)
        found.append(_decision(_("判为不同"), (one.first, one.second), one.reason, _href(view, "reconsider", [one.first_id, one.second_id]) if may else ""))
    return found


def _decision(said: str, rows: Sequence[Entry], reason: str | None, href: str) -> Shaped:
    """A line of what was decided; a merge (`reason` is None) leads from the first row to the second."""
    return {
        "said": said, "sign": "→" if reason is None else "≠", "reason": reason or "", "undo_href": href,
        "rows": [{"title": entry.title or entry.key, "key": entry.key, "href": reverse("row", args=[entry.pk])} for entry in rows],
    }  # fmt: skip


# --- what somebody decides


def act(visit: Visit, register: str, deed: str) -> HttpResponseBase:
    """Merge rows, tell two apart, or take either back; asked on a form that names the rows."""
    view = _register(visit, register)
    asked = {"merge": _merge, "apart": _apart, "unmerge": _unmerge, "reconsider": _reconsider}.get(deed)
    if asked is None:
        raise Http404
    picked = [int(text) for text in visit.request.GET.getlist("pick") if text.isascii() and text.isdecimal() and len(text) < 19]
    rows = [guarded.row_of(visit, number)[1] for number in picked]
    needed = 1 if deed == "unmerge" else 2
    if any(entry.register != register for entry in rows) or len(rows) < needed or (deed != "merge" and len(rows) != needed):
        raise Http404
    shape = view.shape.duplicates
    for entry in rows:
        guarded.allow_as(visit, shape.confirmed_by if shape else (), view, entry)
    return asked(visit, view, rows)


def _form(visit: Visit, view: RegisterView, submit: str, fields: Sequence[Shaped], *, needed: bool = False) -> Form:
    reason = plain("reason", _("理由"), "long_text", visit.request.POST.get("reason", ""), required=needed)
    return Form(visit.request.get_full_path(), submit, reverse("duplicates", args=[view.name]), [*fields, reason])


def _answer(visit: Visit, view: RegisterView, form: Form, said: str, deed: Callable[[], object]) -> HttpResponseBase:
    if tried(visit, form, deed):
        return saved(visit, said, reverse("duplicates", args=[view.name]))
    return form_page(visit, form.submit, visit.title(view.shape), form)


def _merge(visit: Visit, view: RegisterView, rows: Sequence[Entry]) -> HttpResponseBase:
    posted = visit.request.POST
    options = [(entry.key, f"{entry.title or entry.key} · {entry.key}") for entry in rows]
    kept = posted.get("kept", "") or _best(view, rows).key
    fields = [plain("kept", _("保留哪一行"), "pick", kept, required=True, options=words.choices(options, [kept]))]
    taken = posted.getlist("merged") if posted and len(rows) > 2 else [entry.key for entry in rows]
    if len(rows) > 2:
        fields.append(plain("merged", _("合并哪些行"), "choices", taken, options=words.choices(options, taken), help=_("保留的那一行勾不勾都一样")))
    form = _form(visit, view, _("合并为一行"), fields)
    form.hidden = {f"version.{entry.pk}": entry.version for entry in rows}
    form.note = _("并入的行仍可查看，指向它的记录改指保留的一行；可以撤销")

    def merge() -> None:
        versions = {entry.key: _version(posted.get(f"version.{entry.pk}", "")) for entry in rows if entry.key != kept and entry.key in taken}
        actions.merge(visit.actor, view.name, kept, versions, visit.at, posted.get("reason", "").strip())

    return _answer(visit, view, form, _("已合并，记入台账"), merge)


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _best(view: RegisterView, rows: Sequence[Entry]) -> Entry:
    """The row that is offered to be kept: one with a proper key, then the fullest, then the oldest."""
    provisional = view.shape.fields[view.shape.key].provisional

    def rank(entry: Entry) -> tuple[bool, int, int]:
        waiting = bool(provisional) and patterns.fits(provisional, entry.key)
        return waiting, -sum(value not in (None, "", []) for value in entry.data.values()), entry.pk

    return min(rows, key=rank)


def _apart(visit: Visit, view: RegisterView, rows: Sequence[Entry]) -> HttpResponseBase:
    form = _form(visit, view, _("判为不同"), [])
    form.note = _("判定会记住，不再提出；可以撤销")
    keys, reason = (rows[0].key, rows[1].key), visit.request.POST.get("reason", "").strip()
    return _answer(visit, view, form, _("已判为不同，不再提出"), lambda: actions.tell_apart(visit.actor, view.name, keys, visit.at, reason))


def _reconsider(visit: Visit, view: RegisterView, rows: Sequence[Entry]) -> HttpResponseBase:
    form = _form(visit, view, _("撤销判定"), [])
    keys, reason = (rows[0].key, rows[1].key), visit.request.POST.get("reason", "").strip()
    return _answer(visit, view, form, _("已撤销判定"), lambda: actions.reconsider(visit.actor, view.name, keys, visit.at, reason))


def _unmerge(visit: Visit, view: RegisterView, rows: Sequence[Entry]) -> HttpResponseBase:
    form = _form(visit, view, _("撤销合并"), [], needed=True)
    form.note = _("这一行、它未办结的任务和原来指向它的记录都恢复原样")
    key, reason = rows[0].key, visit.request.POST.get("reason", "")
    return _answer(visit, view, form, _("已撤销合并"), lambda: actions.unmerge(visit.actor, view.name, key, visit.at, reason))
