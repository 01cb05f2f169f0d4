"""The strip of figures over an officer's day: how much there is to do, what changed, and how punctual the office is."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.portal import guarded, words
from bihuan.portal.guarded import Load, Rate
from bihuan.portal.visits import Shaped, Visit, query


def strip(visit: Visit, counts: dict[str, int], carried: Mapping[int, str]) -> list[Shaped]:
    """Open, due today, overdue, to review; the rows one carries; the share done in time this month and its place.

    ``carried``: the gravest colour of each row carried, nothing where it has no light.
    """
    load = guarded.load_of(visit)
    stats = [
        _stat(_("待办任务"), counts["all"], "all", _since_last_week(counts["all"] - load.week_ago)),
        _stat(_("今日到期"), counts["today"], "today", _("七天内 %(n)s 项") % {"n": load.soon}, "yellow"),
        _stat(_("已逾期"), counts["overdue"], "overdue", _longest(visit, load), "red"),
        _stat(_("待我审核"), counts["review"], "review", _taken_up(visit, load)),
        _carried(visit, carried),
    ]
    rate = guarded.rate_of(visit)
    return [*stats, _punctual(rate)] if rate else stats


def _stat(title: str, count: int, tab: str, note: str, tone: str = "") -> Shaped:
    href = reverse("workbench") + query(tab=tab)
    return {"title": title, "text": str(count), "unit": _("件"), "note": note, "tone": tone if count else "", "href": href, "lights": []}


def _since_last_week(more: int) -> str:
    if not more:
        return _("和上周一样")
    return _("比上周多 %(n)s") % {"n": more} if more > 0 else _("比上周少 %(n)s") % {"n": -more}


def _longest(visit: Visit, load: Load) -> str:
    if load.oldest is None:
        return _("没有逾期")
    days = (visit.day - load.oldest).days
    return ngettext("最长 %(days)s 天", "最长 %(days)s 天", days) % {"days": days}


def _taken_up(visit: Visit, load: Load) -> str:
    """What is to be taken up by kind; the papers that wait to be checked, signed or issued by this person as well."""
    titles = {"review": _("复核"), "handoff": _("移交"), "document": _("公文")}
    said = [f"{titles[kind]} {count}" for kind, count in load.taken_up.items()]
    if papers := guarded.waiting(visit).count():
        said.append(_("公文待核签发 %(n)s") % {"n": papers})
    return " · ".join(said)


def _carried(visit: Visit, carried: Mapping[int, str]) -> Shaped:
    worst = list(carried.values())
    lights = [{"colour": colour, "count": worst.count(colour)} for colour in words.COLOURS if colour in worst]
    return {
        "title": _("我包联的项目"), "text": str(len(carried)), "unit": _("个"), "note": "" if carried else _("还没有指定给您的项目"), "tone": "",
        "href": reverse("search") + query(carried=visit.actor.username), "lights": lights,
    }  # fmt: skip


def _punctual(rate: Rate) -> Shaped:
    share = round(rate.done * 1000 / rate.due) / 10
    place = _("全市第 %(place)s") % {"place": rate.place} if rate.offices > 1 else ""
    done, due = rate.before
    change = round(share - done * 100 / due, 1) if due else 0
    moved = "" if not change else (_("升 %(points)s") if change > 0 else _("降 %(points)s")) % {"points": f"{abs(change):g}"}
    return {
        "title": _("本月按时办结率"), "text": f"{share:g}", "unit": "%", "note": " · ".join(filter(None, (place, moved))), "tone": "",
        "href": reverse("workbench") + query(tab="overdue"), "lights": [],
    }  # fmt: skip
