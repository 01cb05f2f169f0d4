"""Template tags for long runs of one small thing: what a page draws dozens of times is drawn in one go, without a template for each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bihuan.portal.templatetags.shapes import drawn, icon, lamp

register = template.Library()

Shaped = Mapping[str, Any]
"""A plain dict whose keys the template that takes it documents in its first lines."""


def _run(pieces: Iterable[SafeString]) -> SafeString:
    return SafeString("".join(pieces))


@register.simple_tag
def nav_links(links: Sequence[Shaped]) -> SafeString:
    """The links of one group of the side navigation, see base.html."""
    return _run(_nav_link(one) for one in links)


def _nav_link(one: Shaped) -> SafeString:
    count = "" if one["count"] is None else drawn('<span class="count{}">{}</span>', " count-hot" if one["hot"] else "", one["count"])
    return drawn('<li><a href="{}"{}>{}<span class="nav-title">{}</span>{}</a></li>', one["href"], _current(one), icon(one["icon"]), one["title"], count)


def _current(one: Shaped) -> SafeString:
    return SafeString(' aria-current="page"' if one["current"] else "")


@register.simple_tag
def quick_links(groups: Sequence[Shaped]) -> SafeString:
    """The bar at the foot of a phone: the links of the navigation that are needed most."""
    return _run(_quick_link(one) for group in groups for one in group["links"] if one["quick"])


def _quick_link(one: Shaped) -> SafeString:
    badge = drawn('<span class="badge" aria-hidden="true">{}</span>', one["count"]) if one["hot"] and one["count"] else ""
    return drawn('<a href="{}"{}>{}<span class="nav-title">{}</span>{}</a>', one["href"], _current(one), icon(one["icon"], "l"), one["title"], badge)


@register.simple_tag
def column_choices(choosing: Sequence[Shaped]) -> SafeString:
    """The columns to choose from, each with two buttons to move it, see components/columns.html."""
    before, behind = _("把 %(title)s 前移"), _("把 %(title)s 后移")
    return _run(_column_choice(one, before, behind) for one in choosing)


def _column_choice(one: Shaped, before: str, behind: str) -> SafeString:
    if one["fixed"]:
        box = drawn(
            '<span class="sheet-item"><input type="hidden" name="col" value="{}"><input type="checkbox" checked disabled aria-label="{}">{}</span>',
            one["key"], one["title"], one["title"],
        )  # fmt: skip
    else:
        shown = SafeString(" checked" if one["shown"] else "")
        box = drawn('<label class="sheet-item"><input type="checkbox" name="col" value="{}"{}>{}</label>', one["key"], shown, one["title"])
    buttons = (
        drawn(
            '<button class="button button-text button-icon button-s" type="button" data-shift="{}" aria-label="{}">{}</button>',
            step, words % {"title": one["title"]}, icon(name, "s"),
        )
        for step, words, name in (("-1", before, "arrow-up"), ("1", behind, "arrow-down"))
    )  # fmt: skip
    return drawn("<li>{}{}{}</li>", box, *buttons)


@register.simple_tag
def leading_conditions(filters: Sequence[Shaped]) -> SafeString:
    """The conditions that stand in the bar of a register, as selects without a title of their own."""
    every = _("全部%(title)s")
    return _run(
        drawn(
            '<label class="sr-only" for="filter-{}">{}</label><select class="select" id="filter-{}" name="{}"><option value="">{}</option>{}</select>',
            one["name"], one["title"], one["name"], one["name"], every % {"title": one["title"]}, _options(one),
        )
        for one in filters
        if one["first"]
    )  # fmt: skip


@register.simple_tag
def further_conditions(filters: Sequence[Shaped]) -> SafeString:
    """The conditions under 更多条件: a select for a choice, two bounds for what has an order."""
    any_, least, most = _("不限"), _("%(title)s不小于"), _("%(title)s不大于")
    return _run(_choice(one, any_) if one["kind"] == "choice" else _range(one, least, most) for one in filters if not one["first"])


def _options(one: Shaped) -> SafeString:
    return _run(
        drawn('<option value="{}"{}>{}</option>', option["value"], SafeString(" selected" if option["chosen"] else ""), option["text"])
        for option in one["options"]
    )


def _choice(one: Shaped, every: str) -> SafeString:
    return drawn(
        '<div class="field"><label class="field-title" for="filter-{}">{}</label>'
        '<select class="select" id="filter-{}" name="{}"><option value="">{}</option>{}</select></div>',
        one["name"], one["title"], one["name"], one["name"], every, _options(one),
    )  # fmt: skip


def _range(one: Shaped, least: str, most: str) -> SafeString:
    kind = one["kind"] if one["kind"] in ("date", "month") else "text"
    bounds = (
        drawn(
            '<input class="input" name="{}" value="{}" type="{}" inputmode="decimal" aria-label="{}">',
            f"{one['name']}.{end}", one[side], kind, words % {"title": one["title"]},
        )
        for end, side, words in (("from", "low", least), ("to", "high", most))
    )  # fmt: skip
    unit = drawn(" <small>{}</small>", one["unit"]) if one["unit"] else ""
    return drawn(
        '<fieldset class="field"><legend class="field-title">{}{}</legend><div class="filter-range">{}<span class="quiet">–</span>{}</div></fieldset>',
        one["title"], unit, *bounds,
    )  # fmt: skip


@register.simple_tag
def map_points(points: Sequence[Shaped]) -> SafeString:
    """The points of a map as lines of a table, see components/map.html."""
    return _run(
        drawn(
            '<tr><th scope="row"><a href="{}">{}</a></th><td>{}</td><td>{}</td><td class="numeric">{}</td></tr>',
            one["href"], one["name"], one["office"], lamp(one["colour"], one["word"]) if one["word"] else "", one["text"],
        )
        for one in points
    )  # fmt: skip
