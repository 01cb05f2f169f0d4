"""An officer's day: what is owed by when, which lights turned, the rows one carries."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from bihuan.computing.judge import listed_lights
from bihuan.foundation.models import Assignment, Entry, Verdict
from bihuan.portal import daily, dispatching, guarded, lamps, shell, tasks, words
from bihuan.portal.lists import LIGHT
from bihuan.portal.visits import Shaped, Visit, query

SHOWN, MOST = 20, 500
LATELY = timedelta(days=30)
ALERTS = 8
GRAVE = ("red", "yellow")


DUE = F("due").asc(nulls_last=True)
SORTS: dict[str, tuple[str | OrderBy, ...]] = {"due": (DUE, "id"), "new": ("-opened", "-id"), "office": ("office", DUE, "id")}


def workbench(visit: Visit) -> HttpResponseBase:
    """Duties by deadline, with tabs; alerts; one's own rows. htmx swaps the duties, and with them the figures above."""
    counts = guarded.duty_counts(visit)
    carried = guarded.carried_by(visit, MOST)
    colours = {entry.pk: colour for _held, entry, colour in carried}
    dispatch = dispatching.todays_dispatch(visit)
    summary = " · ".join(filter(None, (_summary(visit, counts), dispatching.summary(dispatch))))
    context = _duties(visit, counts) | {"summary": summary, "stats": daily.strip(visit, counts, colours)}
    if visit.part("duties"):
        return shell.part(visit, "portal/_day.html", context)
    turned = alerts(visit)
    context |= {
        "greeting": _greeting(visit), "actions": _actions(), "alerts": turned, "dispatch": dispatch,
        "meetings_href": reverse("meetings"), "alerts_href": reverse("notices") + query(sort="rows"),
        "grave": [{"colour": colour, "count": count} for colour in GRAVE if (count := sum(one["colour"] == colour for one in turned))],
        "mine": _mine(visit, carried[:SHOWN]), "mine_href": reverse("search") + query(carried=visit.actor.username),
        "offices": _offices(visit), "registers": _registers(visit),
    }  # fmt: skip
    return shell.page(visit, "portal/workbench.html", [shell.crumb(_("我的工作台"))], context)


def today(visit: Visit) -> HttpResponseBase:
    """What is overdue, due today and due within a week, as a list to print and tick off."""
    week = visit.day + guarded.WEEK
    owed = list(guarded.duties(visit, Q(due__lte=week))[:MOST])
    parts = [
        (_("已逾期"), [duty for duty in owed if duty.due and duty.due < visit.day]),
        (_("今日到期"), [duty for duty in owed if duty.due == visit.day]),
        (_("七天内到期"), [duty for duty in owed if duty.due and duty.due > visit.day]),
    ]
    context: Shaped = {
        "heading": _greeting_name(visit), "day": visit.day, "back": reverse("workbench"),
        "parts": [{"title": title, "duties": tasks.lines(visit, duties)} for title, duties in parts if duties],
    }  # fmt: skip
    return shell.page(visit, "portal/today.html", [shell.crumb(_("我的工作台"), reverse("workbench")), shell.crumb(_("今日清单"))], context)


def _duties(visit: Visit, counts: dict[str, int]) -> Shaped:
    """The list of duties as it is asked for: a tab or an office, of one register or all, in an order."""
    asked = visit.request.GET
    chosen = {"all": Q(), "today": Q(due=visit.day), "overdue": Q(due__lt=visit.day), "review": Q(kind__in=guarded.TAKEN_UP)}
    tab = asked.get("tab", "all") if asked.get("tab") in chosen else "all"
    office, register = asked.get("office", ""), asked.get("of", "")
    sort = asked.get("sort", "due") if asked.get("sort") in SORTS else "due"
    most = MOST if asked.get("all") else SHOWN
    found = guarded.duties_of_office(visit, office) if office else guarded.duties(visit, chosen[tab])
    found = (found.filter(register=register) if register else found).order_by(*SORTS[sort])
    count = found.count() if office or register else counts[tab]
    here = {"office": office, "tab": "" if office else tab, "of": register, "sort": "" if sort == "due" else sort}
    tabs = _tabs("" if office else tab, counts, {"of": register, "sort": here["sort"]})
    if office:
        tabs.append({"title": office, "count": count, "href": query(office=office), "current": True, "hot": False})
    return {
        "tabs": tabs, "duties": tasks.lines(visit, guarded.first_of(visit, tuple(here.items()), found, most)),
        "more": {"href": query(**here, all=1), "count": count - most} if count > most else None,
        "filters": _filters(visit, here, sort),
    }  # fmt: skip


def _filters(visit: Visit, here: dict[str, str], sort: str) -> Shaped:
    """The two choices above the list: of which register, in which order; the rest of the address goes along."""
    owed = [(visit.register(name), name, count) for name, count in guarded.registers_owed(visit)]
    registers = [{"value": name, "text": f"{visit.title(view.shape)} {count}", "chosen": name == here["of"]} for view, name, count in owed if view]
    sorts = {"due": _("按期限排序"), "new": _("新到的在前"), "office": _("按单位排序")}
    return {
        "href": reverse("workbench"), "hidden": [{"name": name, "value": here[name]} for name in ("tab", "office") if here[name]], "registers": registers,
        "sorts": [{"value": key, "text": text, "chosen": key == sort} for key, text in sorts.items()],
    }  # fmt: skip


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
        "because": words.about(title, because), "at": verdict.from_day,
    }  # fmt: skip


def _tabs(tab: str, counts: dict[str, int], kept: dict[str, str]) -> list[Shaped]:
    titles = {"all": _("全部"), "today": _("今日到期"), "overdue": _("已逾期"), "review": _("待我审核")}
    return [
        {"title": title, "count": counts[key], "href": query(tab=key, **kept), "current": key == tab, "hot": key == "overdue"}
        for key, title in titles.items()
    ]


def _greeting(visit: Visit) -> str:
    hour = timezone.localtime(visit.at).hour
    wish = _("上午好") if hour < 12 else _("下午好") if hour < 18 else _("晚上好")
    return _("%(name)s，%(wish)s") % {"name": _greeting_name(visit), "wish": wish}


def _greeting_name(visit: Visit) -> str:
    return visit.member.name or visit.member.username if visit.member else ""


def _summary(visit: Visit, counts: dict[str, int]) -> str:
    day = format_date(visit.day, _("Y年n月j日 l"))
    return _("%(day)s · 今天 %(today)s 项到期，%(overdue)s 项已逾期") % {"day": day, "today": counts["today"], "overdue": counts["overdue"]}


def _actions() -> list[Shaped]:
    return [
        shell.action(_("打印今日清单"), "printer", reverse("today")),
        shell.action(_("上传报表"), "upload", reverse("uploads")),
        shell.action(_("全部台账"), "list-details", reverse("registers"), primary=True),
    ]


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
    for view in visit.catalogue.registers_in_order:
        for light in listed_lights(view):
            item = view.lights[light]
            counts = standing.get((view.name, light), {})
            lamps_ = [{"colour": colour, "count": counts[colour]} for colour in GRAVE if counts.get(colour)]
            if lamps_:
                href = reverse("register", args=[view.name]) + query(**{LIGHT + light: list(GRAVE)})
                lines.append({"title": visit.title(view.shape), "note": visit.title(item.shape), "lights": lamps_, "href": href})
    return lines


def _mine(visit: Visit, carried: Sequence[tuple[Assignment, Entry, str]]) -> list[Shaped]:
    """The rows this person carries a responsibility for, with their worst lights."""
    lines = []
    for assignment, entry, colour in carried:
        view = visit.register(entry.register)
        item = view.assignments.find(f"{assignment.mechanism}.{assignment.role}") if view else None
        lines.append({
            "colour": colour or "grey", "title": entry.title or entry.key, "href": reverse("row", args=[entry.pk]),
            "note": visit.title(item.shape) if item else assignment.role, "since": assignment.from_day,
        })  # fmt: skip
    return lines

