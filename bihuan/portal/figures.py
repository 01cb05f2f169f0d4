"""Handing in a row's figures for one period, and setting a light by hand."""

from datetime import date

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from bihuan.foundation import actions
from bihuan.foundation.actions import Conflict, FigureGiven, HandSet, Source
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.lights import Colour
from bihuan.foundation.grammar.periods import Period
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.registers import Figures
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.grammar.workdays import BeyondCalendar, Span, state_council
from bihuan.foundation.models import Entry, Figure
from bihuan.portal import guarded, lamps, shell, words
from bihuan.portal.forms import ROW, Form, plain
from bihuan.portal.visits import Shaped, Visit, query
from bihuan.portal.writes import conflict_page, form_page, row_href, saved, tried

OFFERED = 13
"""Periods one may choose: the present one and those before it."""

SEEN = "seen."
COLOURS: tuple[Colour, ...] = ("red", "yellow", "green", "blue", "grey")


def figures(visit: Visit, number: int) -> HttpResponseBase:
    """One period's figures of one row. Each input remembers the value it was shown with, so that nobody's correction is lost."""
    view, entry = guarded.open_row(visit, number)
    guarded.allow(visit, "figures", view, entry)
    shape = view.shape.figures
    if shape is None:
        raise Http404
    offered = offered_periods(shape, visit.day)
    asked = visit.request.POST.get("period") or visit.request.GET.get("period", "")
    period = read_period(asked, shape) or offered[1 if len(offered) > 1 else 0]
    held: dict[str, dict[str, Figure]] = {}
    for figure in guarded.figures_of(entry):
        held.setdefault(figure.period, {})[figure.field] = figure
    form = _form(visit, view, entry, period, held)
    try:
        if tried(visit, form, lambda: _record(visit, view, entry, period)):
            return saved(visit, _("%(period)s的数已记入台账") % {"period": period_label(visit, period)}, f"{row_href(number)}?tab=figures")
    except Conflict as conflict:
        return conflict_page(visit, view, conflict, row_href(number))
    context = {
        "entry": {"title": entry.title or entry.key, "href": row_href(number)},
        "periods": [
            {
                "title": period_label(visit, one), "href": visit.request.path + query(period=one.text), "current": one == period,
                "state": _state(shape, held.get(one.text, {})),
            }
            for one in reversed(offered)
        ],
        "form": form.shaped(visit.language),
    }  # fmt: skip
    crumbs = [shell.crumb(entry.title or entry.key, row_href(number)), shell.crumb(_("填报"))]
    return shell.either(visit, "portal/figures.html", crumbs, context, 422 if form.refusals else 200)


def offered_periods(shape: Figures, day: date) -> list[Period]:
    """The present period and those before it, newest first."""
    found = [periods.of(shape.every, day)]
    while len(found) < OFFERED:
        found.append(found[-1].previous())
    return found


def read_period(text: str, shape: Figures) -> Period | None:
    """A period of an address, None where it names none; 404 where it names nonsense."""
    try:
        return periods.parse(text, shape.every) if text else None
    except Refused:
        raise Http404 from None


def period_label(visit: Visit, period: Period) -> str:
    """A period in the language of this answer."""
    return period.said.text(visit.language)


def _state(shape: Figures, held: dict[str, Figure]) -> str:
    there = sum(1 for key in shape.fields if key in held and held[key].value is not None)
    return "full" if there == len(shape.fields) else "part" if there else "none"


def _form(visit: Visit, view: RegisterView, entry: Entry, period: Period, held: dict[str, dict[str, Figure]]) -> Form:
    shape = view.shape.figures
    assert shape is not None
    now, before = held.get(period.text, {}), held.get(period.previous().text, {})
    posted = visit.request.POST
    fields: list[Shaped] = []
    seen: dict[str, object] = {"period": period.text}
    for key, field in shape.fields.items():
        stands = now[key].value if key in now else None
        last = words.with_unit(field, before[key].value) if key in before else None
        help_text = words.clauses(filter(None, (words.help_text(field), _("上期 %(value)s") % {"value": last} if last else "")))
        text = posted[ROW + key] if ROW + key in posted else words.value_text(field, stands) or ""
        fields.append(plain(ROW + key, visit.title(field), field.kind, text, unit=words.unit_text(field.unit), help=help_text, at_least=field.at_least))
        seen[SEEN + key] = posted.get(SEEN + key, "" if stands is None else stands)
    frozen = any((day := actions.frozen_on(view, key, period)) is not None and day <= visit.day for key in now)
    fields.append(
        plain("reason", _("更正理由") if frozen else _("情况说明"), "long_text", posted.get("reason", ""), required=frozen,
              help=_("该期数值已冻结，更正须写明理由，原值保留") if frozen else "")
    )  # fmt: skip
    return Form(visit.request.path, _("记入台账"), row_href(entry.pk), fields, seen, note=period_label(visit, period), draft=f"{visit.request.path}?period={period.text}")


def _record(visit: Visit, view: RegisterView, entry: Entry, period: Period) -> None:
    assert view.shape.figures is not None
    posted = visit.request.POST
    given = [
        FigureGiven(entry.key, key, period.text, posted[ROW + key], seen=_seen(posted.get(SEEN + key, "")))
        for key in view.shape.figures.fields
        if ROW + key in posted
    ]
    actions.record_figures(visit.actor, view.name, given, visit.at, Source(reason=posted.get("reason", "")))


def _seen(text: str) -> int | None:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else None


# --- a light by hand


def override(visit: Visit, number: int, light: str) -> HttpResponseBase:
    """Set a colour by hand until a day, beside the rule's own; or, where one stands, take it back."""
    view, entry = guarded.open_row(visit, number)
    item = view.lights.find(light)
    if item is None or item.shape.override is None:
        raise Http404
    guarded.allow_as(visit, item.shape.override.who, view, entry)
    name = (f"{item.pack}.{item.mechanism}", item.key)
    verdict = next((one for one in guarded.verdicts_of(entry) if (one.mechanism, one.light) == name), None)
    stands = next((one for one in guarded.overrides_of([entry.pk], visit.day) if (one.mechanism, one.light) == name), None)
    posted = visit.request.POST
    last = _last_day(item.shape.override.until, visit.day)
    colours = [(colour, words.colour_word(colour)) for colour in COLOURS if verdict is None or colour != verdict.colour]
    fields = [
        plain("colour", _("设为"), "choice", required=True, options=words.choices(colours, [posted.get("colour", "")])),
        plain("until", _("有效至"), "date", posted.get("until", last.isoformat()), required=True, at_least=visit.day.isoformat(), at_most=last.isoformat()),
        plain("reason", _("理由"), "long_text", posted.get("reason", ""), required=True),
    ]
    form = Form(visit.request.path, _("设定"), row_href(number), fields, danger=True)
    if stands is not None:
        form = Form(visit.request.path, _("恢复规则灯色"), row_href(number), fields[2:], {"restore": stands.pk})

    def set_light() -> None:
        if stands is not None:
            actions.restore(visit.actor, stands.pk, posted.get("reason", ""), visit.at)
            return
        hand = HandSet(item.short, _colour(posted.get("colour", "")), _until(posted.get("until", "")), posted.get("reason", ""))
        actions.override(visit.actor, view.name, entry.key, hand, visit.at)

    if tried(visit, form, set_light):
        return saved(visit, _("已设定，规则判定仍并列显示"), row_href(number))
    lead = _("规则判定：%(colour)s。%(because)s") % {
        "colour": words.colour_word(verdict.colour), "because": lamps.because(verdict.facts, visit.language),
    } if verdict else ""  # fmt: skip
    return form_page(visit, _("人工设定：%(title)s") % {"title": visit.title(item.shape)}, lead, form, entry.title or entry.key)


def _last_day(span: str, day: date) -> date:
    parsed = Span.parse(span)
    try:
        return state_council().add(day, parsed.count, parsed.unit)
    except BeyondCalendar:
        return day


def _colour(text: str) -> Colour:
    found = next((colour for colour in COLOURS if colour == text), None)
    if found is None:
        raise rejected(Refused("请选择灯色", "choose a colour", ""), "colour", _("设为"))
    return found


def _until(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise rejected(Refused(f"“{text[:20]}”不是日期", f"“{text[:20]}” is not a date", "2025-07-08"), "until", _("有效至")) from error

