"""Every address asked by everybody, with every method: what the permission matrix is written from."""

from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from bihuan.computing import allocations
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import PostingGiven, post_quota, receive_upload
from bihuan.foundation.models import Duty, Event, Member, Paper, Upload
from bihuan.portal.urls import ADDRESSES
from tests.portal import town

NOBODY = "-"
WHO = {
    NOBODY: "a visitor", "wei": "officer of the row's county", "nan": "officer of another county", "shi": "officer of a department",
    "du": "supervisor", "ling": "leader", "qi": "enterprise whose row it is", "min": "citizen", "xi": "system administrator",
    "an": "security administrator", "shen": "auditor",
}  # fmt: skip
"""Who asks, in the order of the matrix's columns."""

METHODS = ("GET", "POST", "PUT", "DELETE")

MARKS = {200: "ok", 204: "ok", 302: "on", 403: "no", 404: "--", 405: "..", 409: "ok", 422: "ok"}
NO_SUCH_METHOD = ".."
"""ok: answered (a form refused because it was sent empty counts) · on: sent on · no: forbidden · --: not there for them · ..: no such method."""


def routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Every route of the site, as the resolver has them."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, route)
        else:
            yield route


@dataclass(frozen=True)
class Things:
    """What the addresses name: a row of the northern county and all that hangs on it."""

    row: int
    neighbour: int
    duty: int
    upload: int
    photo: int
    paper: int
    seq: int
    allocation: int


def things() -> Things:
    """Those of the town, and a sheet that the officer of the county sent in."""
    row = town.work("W-10")
    duty = Duty.objects.filter(entry=row, closed_on__isnull=True).first()
    paper = Paper.objects.filter(entry=row).first()
    upload = receive_upload(town.actor("wei"), town.WORKS, "works.sheet", "june.csv", "编码,名称\n".encode(), town.NOW)
    photo = Upload.objects.get(name=town.PHOTO)
    assert duty
    assert paper
    moved = Event.objects.filter(register=row.register, entry=row.key, kind="entry.moved").first()
    assert moved
    post_quota(SYSTEM, town.WORKS, "funds", PostingGiven("province", "city", "1000万元", "豫财〔2025〕1号"), town.NOW)
    allocation = allocations.keep(SYSTEM, allocations.computed(town.WORKS, "funds", town.NOW.date()), town.NOW)
    return Things(row.pk, town.work("W-11").pk, duty.pk, upload.pk, photo.pk, paper.pk, moved.seq, allocation.pk)


NAMED: dict[str, object] = {
    "register": town.WORKS, "sheet": "works.sheet", "kind": "csv", "field": "completed", "period": "2025-06", "light": "works.progress",
    "role": "works.leader", "score": "works.county_rank", "act": "close", "digest": "0" * 16, "indicator": "works.county_progress", "username": "ling",
    "token": "0" * 43, "quota": "funds", "file": "payment", "suffix": "json", "finding": 1, "deed": "apart", "name": "0" * 40, "proposal": "0" * 16,
}  # fmt: skip


def address_of(name: str, held: Things) -> str:
    """One address of that name, about the northern row."""
    arguments: dict[str, object] = {}
    route = next(one.route for one in ADDRESSES if one.name == name)
    for part in route.split("<")[1:]:
        word = part.partition(">")[0].partition(":")[2]
        number = {"duties": held.duty, "uploads": held.upload, "papers": held.paper, "allocations": held.allocation}.get(route.partition("/")[0], held.row)
        special = {"number": number, "seq": held.seq, "upload": held.photo, "name": "finish" if name == "move-by" else ""}
        arguments[word] = special.get(word) or NAMED[word]
    if name == "allocation-act":
        arguments["act"] = "review"
    if name == "reveal":
        arguments["field"] = "contact"
    north = "?group=北县"
    asked = {"explanation": north, "indicator-why": north, "bulk": f"?act=change&pick={held.row}", "duplicates-act": f"?pick={held.row}&pick={held.neighbour}"}.get(name, "")
    return reverse(name, kwargs=arguments) + asked


@dataclass(frozen=True)
class Person:
    """A browser, and the cookies it has after signing in."""

    client: Client
    cookies: SimpleCookie


def person(username: str) -> Person:
    """Somebody who has signed in, or a visitor who has not."""
    client = Client()
    if username != NOBODY:
        client.force_login(Member.objects.get(pk=username))
    return Person(client, client.cookies.copy())  # type: ignore[arg-type]


def ask(who: Person, method: str, address: str) -> str:
    """What somebody gets, as a mark. Whatever the request wrote is undone."""
    who.client.cookies = who.cookies.copy()  # type: ignore[assignment]
    with transaction.atomic():
        answer = who.client.generic(method, address)
        transaction.set_rollback(True)
    if answer.status_code == 302 and str(answer.headers.get("Location", "")).startswith("/login/"):
        return "in"
    return MARKS.get(answer.status_code, str(answer.status_code))


def written() -> str:
    """The whole matrix as text."""
    held, people = things(), {username: person(username) for username in WHO}
    lines = [f"{'':<16}{'':<5}{' '.join(f'{username:<4}' for username in WHO)}".rstrip()]
    for address in ADDRESSES:
        for method in METHODS:
            where = address_of(address.name, held)
            if ask(people[NOBODY], method, where) != NO_SUCH_METHOD:
                marks = [ask(people[username], method, where) for username in WHO]
                lines.append(f"{address.name:<16}{method:<5}{' '.join(f'{mark:<4}' for mark in marks)}".rstrip())
    return "\n".join(lines) + "\n"
