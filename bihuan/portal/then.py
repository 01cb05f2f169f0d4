"""Pages that may show a day gone by: what they answer where that day cannot be shown."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from bihuan.portal import shell
from bihuan.portal.topics import NothingThen
from bihuan.portal.visits import Visit

P = ParamSpec("P")
Page = Callable[Concatenate[Visit, P], HttpResponseBase]


def then(view: Page[P]) -> Page[P]:
    """The view, answering a day it cannot show with why, and with the way to one it can."""

    def answered(visit: Visit, /, *args: P.args, **named: P.kwargs) -> HttpResponseBase:
        try:
            return view(visit, *args, **named)
        except NothingThen as nothing:
            context = {"why": nothing.why, "first": nothing.first, "href": visit.request.path}
            return shell.either(visit, "portal/nothing_then.html", [shell.crumb(_("领导看板"))], context)

    update_wrapper(answered, view)
    return answered
