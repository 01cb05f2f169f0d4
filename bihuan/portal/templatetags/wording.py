"""Template tags that word dates: how much time is left, and when something happened, seen from `at`."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.portal.templatetags.shapes import drawn

register = template.Library()

Moment = date | datetime
"""A day, or an aware moment."""


def _day(moment: Moment) -> date:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


def _clock(moment: Moment) -> str:
    return format_date(timezone.localtime(moment), "H:i") if isinstance(moment, datetime) else ""


@register.filter
def day(moment: Moment, at: Moment | None = None) -> str:
    """`11月21日`, with the year where it is not the year of `at`."""
    then = _day(moment)
    if at is not None and then.year == _day(at).year:
        return format_date(then, _("n月j日"))
    return format_date(then, _("Y年n月j日"))


@register.filter
def moment(when: Moment, at: Moment) -> str:
    """`今天 09:12`, `昨天 21:40`, `11月19日 15:26`; without the clock where `when` is a day."""
    then, today = _day(when), _day(at)
    if then == today:
        word = _("今天")
    elif then == today - timedelta(days=1):
        word = _("昨天")
    else:
        word = day(when, at)
    return f"{word} {_clock(when)}".rstrip()


def time_left(when: Moment, at: Moment) -> tuple[str, str]:
    """How much time there is until `when`, and its tone: over, today or open."""
    days = (_day(when) - _day(at)).days
    if days < 0:
        return ngettext("逾期 %(days)s 天", "逾期 %(days)s 天", -days) % {"days": -days}, "over"
    if isinstance(when, datetime) and isinstance(at, datetime) and when < at:
        return _("已过时限"), "over"
    if days == 0:
        return _("今日到期"), "today"
    return ngettext("剩 %(days)s 天", "剩 %(days)s 天", days) % {"days": days}, "open"


@register.simple_tag
def due(when: Moment | None, at: Moment) -> SafeString:
    """What is left until `when`, and the date under it."""
    if when is None:
        return drawn('<div class="due"><span class="missing">{}</span></div>', _("无时限"))
    words, tone = time_left(when, at)
    under = moment(when, at) if tone == "today" else day(when, at)
    iso = when.isoformat()
    return drawn('<div class="due due-{}">{}<small><time datetime="{}">{}</time></small></div>', tone, words, iso, under)


@register.simple_tag
def ago(when: Moment | None, at: Moment) -> SafeString:
    """When something happened, as a `<time>`."""
    if when is None:
        return drawn('<span class="missing">{}</span>', "—")
    return drawn('<time datetime="{}">{}</time>', when.isoformat(), moment(when, at))
