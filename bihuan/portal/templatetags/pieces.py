"""Template tags that put a piece of a page in its frame: panel, stepper, chart, field, empty state, table cells."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bihuan.portal.templatetags.shapes import drawn, icon, lamp, lamp_counts, progress, sparkline
from bihuan.portal.templatetags.wording import Moment, ago, due

register = template.Library()

Shaped = Mapping[str, Any]
"""A plain dict whose keys the template that takes it documents in its first lines."""


@register.simple_block_tag
def panel(content: str, title: str, note: str = "", href: str = "", link: str = "", lights: Sequence[Shaped] = ()) -> SafeString:
    """A framed section with a head: a title, a quiet note or how many of each colour, and a link to all at the right. Its name is title and note."""
    aside = drawn('<a class="panel-link" href="{}">{}</a>', href, link or _("全部")) if href else ""
    under = drawn('<span class="panel-note">{}</span>', note or lamp_counts(lights)) if note or lights else ""
    return drawn(
        '<section class="panel" aria-label="{}"><header class="panel-head"><h2>{}</h2>{}{}</header>{}</section>',
        f"{title} {note}" if note else title,
        title,
        under,
        aside,
        content,
    )


@register.simple_tag
def tag(text: str, tone: str = "") -> SafeString:
    """A small label; `tone` is "", "line", "red", "yellow", "green" or "blue"."""
    return drawn('<span class="{}">{}</span>', f"tag tag-{tone}" if tone else "tag", text)


@register.simple_tag
def empty_state(title: str, hint: str = "", name: str = "inbox", href: str = "", action: str = "") -> SafeString:
    """What stands where there is nothing: why, and what to do about it."""
    way = drawn('<a class="button" href="{}">{}</a>', href, action) if href else ""
    under = drawn("<span>{}</span>", hint) if hint else ""
    return drawn('<div class="empty-state">{}<b>{}</b>{}{}</div>', icon(name), title, under, way)


@register.inclusion_tag("portal/components/stepper.html")
def stepper(steps: Sequence[Shaped], label: str = "") -> dict[str, object]:
    """The states of a lifecycle, each `{title, note, state}` with state done, now, ahead or skipped."""
    return {"steps": steps, "label": label or _("生命周期")}


@register.inclusion_tag("portal/components/field.html")
def field(one: Shaped) -> dict[str, object]:
    """One field of a form; see the template for its shape."""
    return {"field": one}


@register.inclusion_tag("portal/components/chart.html")
def chart(one: Shaped, height: int = 248) -> dict[str, object]:
    """A chart, and under it the same figures as a table for readers and printers without the picture."""
    rows = [{"label": label, "values": [series["values"][at] for series in one["series"]]} for at, label in enumerate(one["labels"])]
    return {"chart": one, "height": height, "rows": rows}


@register.simple_tag
def cells(columns: Sequence[Shaped], row: Shaped, at: Moment) -> SafeString:
    """The `<td>`s of one row of a register: one a column, each drawn by its column's kind."""
    return SafeString("".join(_cell(column, value, at) for column, value in zip(columns, row["cells"], strict=True)))


def _cell(column: Shaped, value: Any, at: Moment) -> SafeString:
    kind = str(column["kind"])
    numeric = " numeric" if kind in NUMERIC else ""
    content = DRAWN[kind](value, at) if value is not None else drawn('<span class="missing">{}</span>', "—")
    return drawn('<td class="cell-{}{}" data-c="{}" data-title="{}">{}</td>', kind, numeric, column["key"], column["title"], content)


def _name(value: Any, _at: Moment) -> SafeString:
    return drawn('<a class="name" href="{}" title="{}">{}</a>', value["href"], value["text"], value["text"])


def _plain(value: Any, _at: Moment) -> SafeString:
    return drawn("{}", value)


def _text(value: Any, _at: Moment) -> SafeString:
    if isinstance(value, Mapping):
        return drawn('<span class="two-lines"><span class="words" title="{}">{}</span><small>{}</small></span>', value["text"], value["text"], value["note"])
    return drawn('<span class="words" title="{}">{}</span>', value, value)


def _tags(value: Any, _at: Moment) -> SafeString:
    return drawn(
        '<span class="tags">{}</span>', format_html_join("", "{}", ((tag(one["text"], one.get("tone", "")),) for one in value))
    )


def _yes_no(value: Any, _at: Moment) -> SafeString:
    return drawn("{}", _("是") if value else _("否"))


NUMERIC = frozenset({"number"})

DRAWN: Mapping[str, Callable[[Any, Moment], SafeString]] = {
    "lamp": lambda value, _at: lamp(value["colour"], value.get("text", ""), value.get("by_hand", "")),
    "lamps": lambda value, _at: lamp_counts(value),
    "name": _name,
    "key": _plain,
    "text": _text,
    "number": _plain,
    "tag": lambda value, _at: tag(value["text"], value.get("tone", "")),
    "tags": _tags,
    "yes_no": _yes_no,
    "progress": lambda value, _at: progress(value["actual"], value.get("plan"), value.get("colour", ""), value.get("text", "")),
    "trend": lambda value, _at: sparkline(value),
    "due": due,
    "date": ago,
}
"""How each kind of column draws its value. A value of None is drawn as a dash, whatever the kind."""
