"""Quotas by hand: issued, transferred, recalled and expired, each from one account to another under the ledger's lock.

No account but a source ever gives more than it holds: it is asked under the lock, and the table itself refuses a balance below nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bihuan.foundation.access import Actor, may
from bihuan.foundation.actions.writing import allow, day_of, record, view_of
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.quantities import Measure, format_quantity, parse_number
from bihuan.foundation.grammar.quotas import EXPIRED, Quota
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.scopes import measure_of
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import New, writing
from bihuan.foundation.models import Balance, Event, Office, Posting
from bihuan.foundation.projections.ids import next_id

Line = tuple[str, str, int | None, int]
"""Giver, taker, row, amount in stored units."""


@dataclass(frozen=True)
class PostingGiven:
    """What somebody wants booked: accounts as ``key`` or ``key/office``; the amount as written; the period it is of, by default the running one."""

    giver: str
    taker: str
    amount: object
    basis: str
    period: str = ""


@dataclass(frozen=True)
class Booking:
    """What is booked together: postings of one deed for one quota and period. ``allocation`` is the one they come from."""

    deed: str
    period: str
    lines: Sequence[Line]
    basis: str
    allocation: int | None = None


def quota_in(view: RegisterView, word: str) -> Item[Quota]:
    """A quota of a register by its key or full name; rejected where there is none."""
    item = view.quotas.find(word)
    if item is None:
        names = "、".join(one.key for one in view.quotas.values())
        raise rejected(Refused(f"“{view.shape.title}”没有额度“{word}”", f"there is no quota “{word}” in this register", names))
    return item


def measure(view: RegisterView, item: Item[Quota]) -> Measure:
    """How amounts of a quota are kept: as the field is that requests ask in."""
    return measure_of(view.shape.fields[item.shape.of])


def held(quota: str, period: str, using: str = "default") -> dict[str, int]:
    """What each account holds that is no row's own, in stored units."""
    found = Balance.objects.using(using).filter(quota=quota, period=period, entry=None)
    return dict(found.order_by("pk").values_list("account", "amount"))


def came_in(quota: str, period: str, using: str = "default") -> dict[str, int]:
    """What came into each account for the period and was not passed on or recalled: what its reserve is a share of."""
    booked = Posting.objects.using(using).filter(quota=quota, period=period, entry=None).exclude(deed="expire")
    sums: Counter[str] = Counter()
    for giver, taker, amount in booked.values_list("giver", "taker", "amount"):
        sums[taker] += amount
        sums[giver] -= amount
    return dict(sums)


def post_quota(actor: Actor, register: str, word: str, given: PostingGiven, at: datetime) -> Event:
    """Book one amount from one account to another. Rejected where the giver holds less, or the accounts do not go together."""
    view = view_of(register, at)
    item = quota_in(view, word)
    allow(may(actor, "quota.post", view))
    kept = measure(view, item)
    try:
        amount, period = parse_number(given.amount, kept), _period(item.shape, given.period, day_of(at))
    except Refused as error:
        raise rejected(error, "amount", "数量") from error
    if amount <= 0:
        raise rejected(Refused("数量须大于零", "an amount must be above zero", format_quantity(100 * kept.stored_per_unit, kept)), "amount", "数量")
    if not given.basis.strip():
        raise rejected(Refused("每一笔都要写明依据", "every posting names what it rests on", "豫自然资函〔2025〕12号"), "basis", "依据")
    deed = _deed(item, given)
    if deed == "expire" and day_of(at) <= period.last:
        raise rejected(Refused(f"{period.label}还没有结束，额度还不能作废", f"{period.label_en} is not over: its quota cannot expire yet", ""))
    with writing():
        if not _supplies(item, given.giver) and (there := held(item.name, period.text).get(given.giver, 0)) < amount:
            raise rejected(Refused(
                f"“{titled(item, given.giver)}”只有 {format_quantity(there, kept)}，不够 {format_quantity(amount, kept)}：没有入账",
                f"{given.giver} holds {format_quantity(there, kept, language='en')}, less than {format_quantity(amount, kept, language='en')}: nothing was booked", "",
            ))  # fmt: skip
        return book(actor, item, Booking(deed, period.text, [(given.giver, given.taker, None, amount)], given.basis.strip()), at)


def book(actor: Actor, item: Item[Quota], booking: Booking, at: datetime) -> Event:
    """Append one entry of postings. The caller holds the lock and has asked what the givers hold."""
    body = {
        "quota": item.name, "period": booking.period, "deed": booking.deed, "first": next_id(Posting, "default"), "allocation": booking.allocation,
        "sources": [key for key, account in item.shape.accounts.items() if account.supplies],
        "lines": [list(line) for line in booking.lines], "basis": booking.basis, "on": day_of(at).isoformat(),
    }  # fmt: skip
    return record(New("quota.posted", body, actor.username, at, item.register))


def _period(quota: Quota, text: str, today: date) -> periods.Period:
    return periods.parse(text, quota.every) if text else periods.of(quota.every, today)


def _supplies(item: Item[Quota], account: str) -> bool:
    declared = item.shape.accounts.get(account)
    return declared is not None and declared.supplies


def _deed(item: Item[Quota], given: PostingGiven) -> str:
    """What a posting is, by where it comes from and goes to."""
    _known(item, given.giver, "giver")
    if given.taker == EXPIRED and not _supplies(item, given.giver):
        return "expire"
    _known(item, given.taker, "taker")
    gives, takes = _supplies(item, given.giver), _supplies(item, given.taker)
    if given.giver == given.taker or (gives and takes):
        raise rejected(Refused("转出和转入须是两个户头，其中至少一个不是来源", "an amount goes between two accounts, of which one at least is no source", ""))
    return "issue" if gives else "recall" if takes else "transfer"


def _known(item: Item[Quota], account: str, side: str) -> None:
    """Rejected where there is no such account: not declared, or of an office that there is not."""
    key, _, office = account.partition("/")
    declared = item.shape.accounts.get(key)
    if declared is None or declared.each != bool(office) or (office and not Office.objects.filter(pk=office).exists()):
        names = "、".join(f"{name}/单位" if one.each else name for name, one in item.shape.accounts.items())
        what = {"giver": "转出", "taker": "转入"}[side]
        raise rejected(Refused(f"没有户头“{account}”", f"there is no account “{account}”", names), side, what)


def titled(item: Item[Quota], account: str) -> str:
    """An account by its title, with its office where it is one of many."""
    key, _, office = account.partition("/")
    shape = item.shape.accounts.get(key)
    title = shape.title if shape else {EXPIRED: "到期作废"}.get(key, key)
    return f"{title}·{office}" if office else title
