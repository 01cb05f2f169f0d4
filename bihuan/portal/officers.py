"""An officer's day: what is owed by when, which lights turned, the rows one carries."""

from datetime import timedelta

from django.db.models import Q
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from bihuan.computing.judge import listed_lights
from bihuan.foundation.models import Verdict
from bihuan.portal import dispatching, guarded, lamps, ordering, shell, tasks
from bihuan.portal.lists import LIGHT
from bihuan.portal.visits import Shaped, Visit, query

SHOWN = 20
LATELY = timedelta(days=30)
ALERTS = 8
GRAVE = ("red", "yellow")


def workbench(visit: Visit) -> HttpResponseBase:
    """Duties by deadline, with tabs; alerts; one's own rows. htmx swaps the duties alone."""
    tab = visit.request.GET.get("tab", "all")
    counts = guarded.duty_counts(visit)
    shown = {"all": Q(), "today": Q(due=visit.day), "overdue": Q(due__lt=visit.day), "review": Q(kind__in=guarded.TAKEN_UP)}
    tab = tab if tab in shown else "all"
    most = 500 if visit.request.GET.get("all") else SHOWN
    office = visit.request.GET.get("office", "")
    found = guarded.duties_of_office(visit, office) if office else guarded.duties(visit, shown[tab])
    count = found.count() if office else counts[tab]
    context: Shaped = {
        "tabs": _tabs("" if office else tab, counts) + ([{"title": office, "count": count, "href": query(office=office), "current": True, "hot": False}] if office else []),
        "duties": tasks.lines(visit, found[:most]),
        "more": {"href": query(office=office, all=1) if office else query(tab=tab, all=1), "count": count - most} if count > most else None,
    }
    if visit.part("duties"):
        return shell.part(visit, "portal/_duties.html", context)
    dispatch = dispatching.todays_dispatch(visit)
    summary = " · ".join(filter(None, (_summary(visit, counts), dispatching.summary(dispatch))))
    context |= {
        "greeting": _greeting(visit), "summary": summary, "actions": _actions(), "stats": _stats(visit, counts),
        "dispatch": dispatch, "meetings_href": reverse("meetings"), "alerts": alerts(visit), "alerts_href": "",
        "mine": _mine(visit), "offices": _offices(visit), "registers": _registers(visit),
    }  # fmt: skip
    return shell.page(visit, "portal/workbench.html", [shell.crumb(_("我的工作台"))], context)


def alerts(visit: Visit, pack: str = "") -> list[Shaped]:
    """The lights that turned red or yellow lately in this person's charge."""
    return [_alert(visit, verdict) for verdict in guarded.lately_turned(visit, visit.day - LATELY, ALERTS, pack)]


def _alert(visit: Visit, verdict: Verdict) -> Shaped:
    entry = verdict.entry
    assert entry is not None  # only lights of rows are asked for
    because = lamps.because(verdict.facts, visit.language)
    title = lamps.light_title(visit, verdict.register, verdict.mechanism, verdict.light)
    return {
        "colour": verdict.colour, "title": entry.title or entry.key, "href": reverse("row", args=[entry.pk]),
        "because": f"{title}：{because}", "at": verdict.from_day,
    }  # fmt: skip


def _tabs(tab: str, counts: dict[str, int]) -> list[Shaped]:
    titles = {"all": _("全部"), "today": _("今日到期"), "overdue": _("已逾期"), "review": _("待我审核")}
    return [
        {"title": title, "count": counts[key], "href": query(tab=key), "current": key == tab, "hot": key == "overdue"}
        for key, title in titles.items()
    ]


def _greeting(visit: Visit) -> str:
    hour = timezone.localtime(visit.at).hour
    wish = _("上午好") if hour < 12 else _("下午好") if hour < 18 else _("晚上好")
    name = visit.member.name or visit.member.username if visit.member else ""
    return _("%(name)s，%(wish)s") % {"name": name, "wish": wish}


def _summary(visit: Visit, counts: dict[str, int]) -> str:
    day = format_date(visit.day, _("Y年n月j日 l"))
    return _("%(day)s · 今天 %(today)s 项到期，%(overdue)s 项已逾期") % {"day": day, "today": counts["today"], "overdue": counts["overdue"]}


def _actions() -> list[Shaped]:
    return [
        shell.action(_("上传报表"), "upload", reverse("uploads")),
        shell.action(_("全部台账"), "list-details", reverse("registers"), primary=True),
    ]


def _stats(visit: Visit, counts: dict[str, int]) -> list[Shaped]:
    def stat(title: str, key: str, tone: str = "") -> Shaped:
        count = counts[key]
        return {
            "title": title, "text": str(count), "unit": _("项"), "note": "", "tone": tone if count else "",
            "href": reverse("workbench") + query(tab=key), "lights": [],
        }  # fmt: skip

    stats = [
        stat(_("待办任务"), "all"), stat(_("今日到期"), "today", "yellow"), stat(_("已逾期"), "overdue", "red"), stat(_("待我审核"), "review"),
    ]  # fmt: skip
    drafts = guarded.papers(visit, "draft").count()
    if drafts:
        href = reverse("papers") + query(state="draft")
        stats.append({"title": _("待印发公文"), "text": str(drafts), "unit": _("件"), "note": "", "tone": "", "href": href, "lights": []})
    return stats


def _offices(visit: Visit) -> list[Shaped]:
    """What the offices in this person's reach owe; empty for those who see only their own."""
    rows = guarded.duties_by_office(visit)
    if {office for office, *_counts in rows} <= {visit.actor.office}:
        return []
    return [
        {"title": office, "open": pending, "over": over, "soon": soon, "href": reverse("workbench") + query(office=office)}
        for office, pending, over, soon in rows
    ]  # fmt: skip


def _registers(visit: Visit) -> list[Shaped]:
    """The registers with red or yellow rows in this person's charge, by the lights lists show first; each leads to those rows."""
    standing = guarded.standing_lights(visit)
    lines = []
    for view in ordering.registers(visit.catalogue):
        for light in listed_lights(view):
            item = view.lights[light]
            counts = standing.get((view.name, light), {})
            lamps_ = [{"colour": colour, "count": counts[colour]} for colour in GRAVE if counts.get(colour)]
            if lamps_:
                href = reverse("register", args=[view.name]) + query(**{LIGHT + light: list(GRAVE)})
                lines.append({"title": visit.title(view.shape), "note": visit.title(item.shape), "lights": lamps_, "href": href})
    return lines


def _mine(visit: Visit) -> list[Shaped]:
    """The rows this person carries a responsibility for, with their worst lights."""
    carried = guarded.carried_by(visit, SHOWN)
    worst = guarded.worst_lights([entry.pk for _role, entry in carried], visit.day)
    lines = []
    for assignment, entry in carried:
        view = visit.register(entry.register)
        item = view.assignments.find(f"{assignment.mechanism}.{assignment.role}") if view else None
        lines.append({
            "colour": worst.get(entry.pk, "grey"), "title": entry.title or entry.key, "href": reverse("row", args=[entry.pk]),
            "note": visit.title(item.shape) if item else assignment.role, "since": assignment.from_day,
        })  # fmt: skip
    return lines

