"""The list of a register at the end of a day gone by: rows, values, states and colours of that day, each row leading to itself as it was. Read only."""

from datetime import date

from django.http.response import HttpResponseBase
from django.urls import reverse

from bihuan.computing import lists as computed
from bihuan.foundation.grammar.views import RegisterView
from bihuan.portal import lists, shell
from bihuan.portal.then import then
from bihuan.portal.topics import board_on
from bihuan.portal.visits import Visit, query


@then
def list_then(visit: Visit, view: RegisterView, day: date) -> HttpResponseBase:
    """The page of a list on a day gone by, by the rules then in force; htmx gets the rows alone. What an address asks of today's list it may ask of it."""
    shown = board_on(visit, view, day)
    asked = lists.read_query(visit, shown.view, visit.request.GET)
    page = computed.find(shown.columns, shown.view, asked.asked(), shown.scope, day)
    one = lists.listed(visit, asked, shown.columns, page)
    context = {**lists.around(one), "shape": "table", "bulk": [], **lists.table(one)}
    here = reverse("register", args=[view.name])
    context["register"]["href"] = here + query(on=day)
    if visit.part("rows"):
        return shell.part(visit, "portal/_rows.html", context)
    context |= {
        "past": shown.past_notice(), "today": visit.day,
        "asked": [{"name": name, "value": value} for name, values in asked.given.lists() for value in values if name not in (lists.ON, "page")],
    }  # fmt: skip
    title = visit.title(shown.view.shape)
    return shell.page(visit, "portal/list_then.html", [shell.crumb(title, here), shell.crumb(str(day))], context)
