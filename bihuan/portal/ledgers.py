"""The ledger itself, for the auditor; and one entry of it, for whoever sees the row it speaks of."""

import json
from datetime import datetime, time
from typing import Any

from django.core.cache import cache
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from bihuan.foundation import access, verify
from bihuan.foundation.ledger import body_of
from bihuan.foundation.projections import KINDS
from bihuan.portal import events, guarded, shell, words
from bihuan.portal.forms import plain
from bihuan.portal.traces import intact
from bihuan.portal.visits import Shaped, Visit, done, query

SIZE = 30
LAST_CHECK = "ledger.checked"
ALL_CHANGES = 400


def ledger(visit: Visit) -> HttpResponseBase:
    """Every entry, newest first, filtered by kind, person, row and day; the chain and its seals beside it."""
    asked = visit.request.GET
    wanted = _wanted(visit)
    text = asked.get("page", "")
    number = max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 8 else 1
    found, total = guarded.events(visit, wanted, (number - 1) * SIZE, SIZE)
    pages = max(1, -(-total // SIZE))
    here = {name: asked.get(name, "") for name in ("kind", "actor", "q", "day")}
    context: Shaped = {
        "events": events.timeline(visit, found),
        "page": {
            "first": (number - 1) * SIZE + bool(found), "last": (number - 1) * SIZE + len(found), "number": number, "pages": pages,
            "before_href": query(**here, page=number - 1) if number > 1 else "", "after_href": query(**here, page=number + 1) if number < pages else "",
        },
    }  # fmt: skip
    if visit.part("events"):
        return shell.part(visit, "portal/_events.html", context)
    kinds = [(kind, events.kind_word(kind)) for kind in KINDS]
    context |= {
        "href": reverse("ledger"), "events_href": reverse("ledger"), "chain": _chain(visit),
        "filters": [
            plain("kind", _("种类"), "choice", options=words.choices(kinds, [here["kind"]])),
            plain("actor", _("账号"), "search", here["actor"]), plain("q", _("行的编号"), "search", here["q"]),
            plain("day", _("哪一天"), "date", here["day"]),
        ],
    }  # fmt: skip
    return shell.page(visit, "portal/ledger.html", [shell.crumb(_("账本"))], context)


def _wanted(visit: Visit) -> dict[str, Any]:
    asked = visit.request.GET
    wanted: dict[str, Any] = {}
    if asked.get("kind") in KINDS:
        wanted["kind"] = asked["kind"]
    if asked.get("actor"):
        wanted["actor"] = asked["actor"][:120]
    if asked.get("q"):
        wanted["entry"] = asked["q"][:120]
    try:
        day = parse_date(asked.get("day", ""))
    except ValueError:
        day = None
    if day:
        zone = timezone.get_current_timezone()
        wanted["at__range"] = (datetime.combine(day, time.min, zone), datetime.combine(day, time.max, zone))
    return wanted


def _chain(visit: Visit) -> Shaped:
    seq, head, _day = guarded.standing(visit)
    last: Shaped = cache.get(LAST_CHECK) or {"at": None, "to": 0, "intact": None, "broken": ""}
    seals = guarded.seals(visit)
    return {
        "seq": seq, "hash": head, "algorithm": guarded.algorithm(), "checked_at": last["at"], "checked_to": last["to"], "intact": last["intact"],
        "broken": last["broken"], "verify_href": reverse("ledger-verify"),
        "seals": [{"seq": seal.size, "at": seal.at, "hash": seal.hash, "witness": seal.origin} for seal in seals],
    }  # fmt: skip


def check(visit: Visit) -> HttpResponseBase:
    """Read the whole ledger and check its chain now. What was found is kept for the page until the process ends."""
    guarded.allow(visit, "ledger.read")
    report = verify.verify()
    zh = visit.language.startswith("zh")
    broken = words.clauses(finding.what if zh else finding.what_en for finding in report.findings[:5])
    cache.set(LAST_CHECK, {"at": visit.at, "to": report.size, "intact": report.sound, "broken": broken}, None)
    said = _("校验完毕，链条完整") if report.sound else _("校验未通过，请立即报告")
    return done(visit, said, reverse("ledger"))


def event(visit: Visit, seq: int) -> HttpResponseBase:
    """One entry of the ledger: what changed, its text as it is hashed, and whether the hash still agrees."""
    row = visit.request.GET.get("row", "")
    one, about = guarded.event(visit, seq, int(row) if row.isascii() and row.isdecimal() and len(row) < 18 else None)
    auditor = bool(access.may(visit.actor, "ledger.read"))
    shown = events.timeline(visit, [one], None if auditor else about, ALL_CHANGES)
    body = json.dumps(body_of(one), ensure_ascii=False, indent=2, sort_keys=True) if auditor and len(one.body) <= guarded.LARGEST_BODY else ""
    context = {
        "event": shown[0], "intact": intact(one), "hash": one.hash, "before_hash": one.prev, "algorithm": one.algorithm, "body": body,
        "row": {"title": about.title or about.key, "href": reverse("row", args=[about.pk])} if about else None,
    }  # fmt: skip
    crumbs = [shell.crumb(_("账本"), reverse("ledger") if auditor else ""), shell.crumb(_("第 %(seq)s 号") % {"seq": seq})]
    return shell.either(visit, "portal/event.html", crumbs, context)
