"""Template tags that draw: icons, lamps, progress bars, loops, sparklines, avatars. Inline SVG and plain HTML, no script.

A light is always a colour, a shape and a word: readers who cannot tell red from green read the shape, printers keep it.
"""

import html
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from io import BytesIO

import segno
from django import template
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()

Number = int | float | Decimal

_CIRCLE = "M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1Z"
SHAPES: Mapping[str, str] = {
    "red": "M4 .8h4L11.2 4v4L8 11.2H4L.8 8V4Z",
    "yellow": "M6 1l5.4 9.8H.6Z",
    "green": _CIRCLE,
    "blue": "M1.6 6.4l3 3 5.8-6.4",
    "grey": _CIRCLE,
}
"""The path of each colour's shape in a box of 12: octagon, triangle, disc, tick, ring."""


def drawn(template: str, *values: object) -> SafeString:
    """HTML from a template of ours, every value escaped that is not HTML already: `format_html`, for what a page draws thousands of times."""
    return SafeString(template.format(*(value if isinstance(value, SafeString) else html.escape(str(value)) for value in values)))


def light_word(colour: str) -> str:
    """What a colour is called on a page."""
    words = {"red": _("红灯"), "yellow": _("黄灯"), "green": _("绿灯"), "blue": _("办结"), "grey": _("未评")}
    return words[colour]


@cache
def shape(colour: str) -> SafeString:
    """The shape alone, hidden from screen readers: the word beside it is what they read."""
    return drawn(
        '<svg class="shape-{}" viewBox="0 0 12 12" aria-hidden="true" focusable="false"><path d="{}"/></svg>', colour, SHAPES[colour]
    )


@register.simple_tag
@cache
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the sprite, `size` one of "", "s", "l", "xl". Names are listed in `portal/icons.txt`."""
    kind = f"icon icon-{size}" if size else "icon"
    return drawn('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#i-{}"/></svg>', kind, static("icons.svg"), name)


@register.simple_tag
def lamp(colour: str, text: str = "", by_hand: str = "") -> SafeString:
    """A light as a label: shape and word. `by_hand` says who set it, when a person overrode the rule."""
    return _lamp(colour, text, by_hand, get_language())


@lru_cache(maxsize=2_000)
def _lamp(colour: str, text: str, by_hand: str, _language: str | None) -> SafeString:
    kind = f"lamp lamp-{colour} lamp-by-hand" if by_hand else f"lamp lamp-{colour}"
    word = text or light_word(colour)
    if by_hand:
        return drawn('<span class="{}" title="{}">{}{}*</span>', kind, by_hand, shape(colour), word)
    return drawn('<span class="{}">{}{}</span>', kind, shape(colour), word)


@register.simple_tag
def lamp_dot(colour: str, text: str = "") -> SafeString:
    """A light as its shape alone, with the word for screen readers and as a tooltip."""
    return _lamp_dot(colour, text, get_language())


@lru_cache(maxsize=2_000)
def _lamp_dot(colour: str, text: str, _language: str | None) -> SafeString:
    word = text or light_word(colour)
    return drawn('<span class="lamp-dot" role="img" aria-label="{}" title="{}">{}</span>', word, word, shape(colour))


@register.simple_tag
def lamp_counts(counts: Iterable[Mapping[str, object]]) -> SafeString:
    """How many of each colour: `counts` is a list of `{colour, count}`."""
    return drawn(
        '<span class="lamps">{}</span>',
        format_html_join("", '<span class="lamp-dot">{}<b>{}</b></span>', ((lamp_dot(str(one["colour"])), one["count"]) for one in counts)),
    )


def percent(value: Number) -> str:
    """`value` per cent with at most one decimal, halves away from zero: 80.06 is 80.1%, 80 is 80%."""
    rounded = Decimal(str(value)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return f"{rounded.normalize():f}%" if rounded == rounded.to_integral_value() else f"{rounded}%"


def _within(value: Number) -> str:
    return f"{min(max(Decimal(str(value)), Decimal(0)), Decimal(100)):.2f}%"


@register.simple_tag
def progress(actual: Number | None, plan: Number | None = None, colour: str = "", text: str = "") -> SafeString:
    """A bar of `actual` per cent with a mark at `plan` per cent. Beyond 100 the bar is full and the figure says so."""
    if actual is None:
        return drawn('<span class="missing">{}</span>', text or _("无数据"))
    said = text or percent(actual)
    mark = drawn('<i class="progress-plan" style="--plan:{}"></i>', _within(plan)) if plan is not None else ""
    label = _("实际 %(actual)s，计划 %(plan)s") % {"actual": said, "plan": percent(plan)} if plan is not None else said
    return drawn(
        '<div class="progress{}"><div class="progress-track" role="img" aria-label="{}">'
        '<i class="progress-bar" style="--actual:{}"></i>{}</div><span class="progress-text">{}</span></div>',
        f" progress-{colour}" if colour else "",
        label,
        _within(actual),
        mark,
        said,
    )


@register.simple_tag
def loop(done: int, total: int) -> SafeString:
    """How far round the loop a duty is: `done` of `total` steps; green when it is closed."""
    return _loop(done, total, get_language())


@lru_cache(maxsize=200)
def _loop(done: int, total: int, _language: str | None) -> SafeString:
    label = _("闭环第 %(done)s 步，共 %(total)s 步") % {"done": done, "total": total}
    steps = format_html_join("", '<i class="{}"></i>', (("on" if step < done else "",) for step in range(total)))
    return drawn('<span class="loop{}" role="img" aria-label="{}">{}</span>', " loop-closed" if done >= total else "", label, steps)


@register.simple_tag
def sparkline(values: Sequence[Number | None], title: str = "") -> SafeString:
    """A small line of `values`, oldest first, in a box of 84 by 22. A missing value breaks the line."""
    known = [float(value) for value in values if value is not None]
    if not known:
        return drawn('<span class="missing">{}</span>', _("无数据"))
    low, high = min(known), max(known)
    across, down = 84 / max(len(values) - 1, 1), 18 / ((high - low) or 1)
    points = [None if value is None else (at * across, 20 - (float(value) - low) * down) for at, value in enumerate(values)]
    x, y = next(point for point in reversed(points) if point)
    return drawn(
        '<svg class="sparkline" viewBox="0 0 84 22" role="img" aria-label="{}"><path d="{}"/><circle cx="{}" cy="{}" r="2.2"/></svg>',
        title or _("走势"),
        _path(points),
        f"{x:.1f}",
        f"{y:.1f}",
    )


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    pieces = []
    pen_up = True
    for point in points:
        if point:
            pieces.append(f"{'M' if pen_up else 'L'}{point[0]:.1f} {point[1]:.1f}")
        pen_up = point is None
    return "".join(pieces)


@register.simple_tag
def avatar(name: str) -> SafeString:
    """A disc with the last character of a Chinese name, or the first letter of another."""
    letter = name[-1:] if name[-1:] > "\u2e80" else name[:1].upper()
    return drawn('<span class="avatar" aria-hidden="true">{}</span>', letter)


@register.simple_tag
def qr(text: str) -> SafeString:
    """``text`` as a QR code: an SVG of squares without style or script; the text itself is not in it."""
    out = BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, svgclass="qr", lineclass=None, light="#fff")
    return SafeString(out.getvalue().decode())
