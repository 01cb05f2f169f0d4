"""One request as the views see it: who asks, when, and what the packs in force say. The clock is read here and nowhere deeper."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language

from bihuan import clock
from bihuan.computing import tables
from bihuan.computing.tables import Columns
from bihuan.foundation import access, ledger, loading
from bihuan.foundation.access import Actor
from bihuan.foundation.actions import Forbidden
from bihuan.foundation.grammar.saying import both
from bihuan.foundation.grammar.views import Catalogue, RegisterView
from bihuan.foundation.models import Member, Preference
from bihuan.foundation.remembered import Head
from bihuan.portal import errors

P = ParamSpec("P")

Shaped = dict[str, Any]
"""What a template reads; its keys are documented in the template's first lines."""


@dataclass(frozen=True)
class Visit:
    """One request: `member` is None for a visitor who has not signed in; `began` is where the ledger stood when it came."""

    request: HttpRequest
    actor: Actor
    member: Member | None
    at: datetime
    began: Head

    @cached_property
    def head(self) -> Head:
        """Where the ledger stands for this answer: when the request came, or after what was written last."""
        return self.began

    @cached_property
    def catalogue(self) -> Catalogue:
        """The packs in force today."""
        return loading.catalogue(self.day, head=self.head)

    @cached_property
    def columns(self) -> Columns:
        """The columns at the head of the ledger, looked up once a request; `renew` after a write."""
        return tables.current(self.day, catalogue=self.catalogue, head=self.head)

    @cached_property
    def preference(self) -> Preference:
        """How this person likes to see things, and up to when they have read; an unsaved one for who never chose anything."""
        return Preference.of(self.member)

    def renew(self) -> None:
        """Forget what was looked up before something was written."""
        self.__dict__.pop("columns", None)
        self.__dict__["head"] = ledger.head()

    @property
    def day(self) -> date:
        """The city's day."""
        return self.at.date()

    @property
    def language(self) -> str:
        """The language of this answer, ``zh-hans`` or ``en``."""
        return get_language() or settings.LANGUAGE_CODE

    @property
    def drawer(self) -> bool:
        """Whether the answer opens in the side drawer."""
        return self.request.headers.get("HX-Target") == "drawer-body"

    def part(self, target: str) -> bool:
        """Whether htmx asks for the part of the page with that id only."""
        return self.request.headers.get("HX-Target") == target

    def title(self, shape: Any) -> str:
        """What something declared in a pack is called, in the language of this answer; packs write English names as they stand within a sentence."""
        return both(shape).head(self.language)

    def register(self, name: str) -> RegisterView | None:
        """A register by its full name, or None where no pack in force has it."""
        return self.catalogue.registers.get(name)


View = Callable[Concatenate[Visit, P], HttpResponseBase]
"""A view: a function of a visit and what its address names."""

EVERYBODY = frozenset(access.ROLES)
"""All roles: whoever has signed in."""


@dataclass(frozen=True)
class Address:
    """One address: its route and name, the view that answers, who may ask, and by which methods.

    `open` addresses answer visitors who have not signed in, as far as what they ask for is public.
    """

    route: str
    name: str
    view: Callable[..., HttpResponseBase]
    roles: frozenset[str] = EVERYBODY
    methods: tuple[str, ...] = ("GET",)
    open: bool = False

    def answer(self) -> Callable[..., HttpResponseBase]:
        """The view with its guards around it: method, sign-in, role. What the actor may see of what is named, the view asks `guarded`."""

        @wraps(self.view)
        def respond(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
            if request.method not in self.allowed:
                return HttpResponseNotAllowed(self.allowed)
            member = request.user if isinstance(request.user, Member) else None
            if member is None and not self.open:
                return to_login(request)
            head = ledger.head()
            actor = access.actor_of(member, head) if member else access.ANYBODY
            if member is not None and not actor.roles & self.roles:
                return errors.forbidden(request, "")
            try:
                return self.view(Visit(request, actor, member, clock.now(), head), *args, **named)
            except Forbidden as why:
                return errors.forbidden(request, errors.decision_text(why.decision))
            except Http404:
                if member is None and request.method == "GET":
                    return to_login(request)  # whatever is not public may be there for who signs in
                raise

        return respond

    @property
    def allowed(self) -> list[str]:
        """The methods it answers; HEAD where it answers GET."""
        return [*self.methods, *(["HEAD"] if "GET" in self.methods else [])]


def to_login(request: HttpRequest) -> HttpResponseBase:
    """Send somebody to the sign-in page, and back here afterwards where that is a page."""
    back = request.get_full_path() if request.method == "GET" and not request.headers.get("HX-Request") else ""
    return onward(request, f"{settings.LOGIN_URL}?{urlencode({'next': back})}" if back else settings.LOGIN_URL)


def onward(request: HttpRequest, address: str) -> HttpResponseBase:
    """Go to another page: a redirect, or for htmx its own word for it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


BESIDE_A_TEXT = "/reading/"
"""Where the pages lie that show a document beside what was read out of it: they stay as well."""

IN_PLACE = ("workbench", "mine")
"""The pages on which a thing is done in the drawer and the page stays: it looks at its lists and counts again."""


def in_place(visit: Visit) -> bool:
    """Whether what was done in the drawer was asked from a page that stays."""
    at = urlsplit(visit.request.headers.get("HX-Current-URL", "")).path
    return visit.drawer and (at in map(reverse, IN_PLACE) or at.startswith(BESIDE_A_TEXT))


def done(visit: Visit, words: str, address: str) -> HttpResponseBase:
    """After a write that succeeded: say so on the next page, or on the page that stays."""
    if in_place(visit):
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"bihuan:done": words})})
    messages.success(visit.request, words)
    return onward(visit.request, address)


def query(**values: object) -> str:
    """A query string of what is not empty, with its question mark, or nothing."""
    kept: Mapping[str, object] = {name: value for name, value in values.items() if value not in (None, "", [])}
    return f"?{urlencode(kept, doseq=True)}" if kept else ""
