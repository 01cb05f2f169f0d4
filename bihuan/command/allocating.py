"""`bihuan quota`, `bihuan allocate`, `bihuan allocations`: what accounts hold, who would get what and why, and allocations from draft to confirmation."""

from __future__ import annotations

from argparse import Namespace
from datetime import date

from bihuan import clock
from bihuan.command.language import say
from bihuan.command.outcomes import OK, PROBLEMS, Refused, print_json
from bihuan.command.people import done_as
from bihuan.command.reviewing import Sort, do
from bihuan.computing import allocations as computing
from bihuan.foundation import loading
from bihuan.foundation.actions import (
    AllocationDraft,
    PostingGiven,
    Rejected,
    drop_allocation,
    post_quota,
    review_allocation,
)
from bihuan.foundation.actions.quotas import held
from bihuan.foundation.actions.writing import day_of
from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.quotas import Quota
from bihuan.foundation.grammar.sharing import Line, Telling
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Allocation


def quota(options: Namespace) -> int:
    """Say what every account holds in the running period, or book one amount from one account to another."""
    view, item = _named(options.quota, day_of(clock.now()))
    if options.amount:
        given = PostingGiven(options.giver, options.taker, options.amount, options.basis, options.period)
        done_as(options.member, lambda actor: post_quota(actor, view.name, item.name, given, clock.now()))
    telling, period = Telling(view, item), options.period or periods.of(item.shape.every, day_of(clock.now())).text
    balances = held(item.name, period)
    if options.format == "json":
        print_json({"quota": item.name, "period": period, "unit": telling.measure.unit.name, "stored_per_unit": telling.measure.stored_per_unit, "accounts": balances})
        return OK
    for account, amount in balances.items():
        print(f"  {say(*telling.account(account)):<24} {say(*telling.quantity(amount))}")
    if not balances:
        print(say("还没有额度下达", "Nothing was issued yet"))
    return OK


def allocate(options: Namespace) -> int:
    """Compute who gets how much and why; keep it as a draft where a member is named."""
    day = _day(options.at)
    view, item = _named(options.quota, day)
    try:
        draft = computing.computed(view.name, item.name, day, "return" if options.take_back else "grant")
    except Rejected as error:
        raise Refused("\n".join(r.text("zh") for r in error.refusals), "\n".join(r.text("en") for r in error.refusals), PROBLEMS) from error
    if options.format == "json":
        print_json(_described(view, item, draft))
    else:
        _print(view, item, draft)
    if options.draft:
        kept = done_as(options.draft, lambda actor: computing.keep(actor, draft, clock.now()))
        print(say(f"已拟第 {kept.pk} 号分配方案，待复核", f"Drafted as allocation {kept.pk}, to be reviewed"))
    return OK


def _print(view: RegisterView, item: Item[Quota], draft: AllocationDraft) -> None:
    telling = Telling(view, item)
    print(draft.title)
    for line in draft.lines:
        got = say(*telling.quantity(line.amount))
        print(f"  {line.key}  {got}  {say(*telling.because(Line(line.place, line.asked, line.parts, line.code, line.facts)))}")
    granted, total = sum(line.amount > 0 for line in draft.lines), telling.quantity(sum(line.amount for line in draft.lines))
    print(say(f"{len(draft.lines)} 件，{granted} 件共 {total.zh}", f"{len(draft.lines)} requests; {granted} of them {total.en} in all"))


def _described(view: RegisterView, item: Item[Quota], draft: AllocationDraft) -> dict[str, object]:
    telling = Telling(view, item)
    lines = [
        {
            "key": line.key, "place": line.place, "asked": line.asked, "amount": line.amount, "from": dict(line.parts), "code": line.code,
            "because": telling.because(Line(line.place, line.asked, line.parts, line.code, line.facts)).zh,
        }
        for line in draft.lines
    ]  # fmt: skip
    return {
        "quota": item.name, "period": draft.period, "position": draft.position, "digest": draft.digest, "unit": telling.measure.unit.name,
        "stored_per_unit": telling.measure.stored_per_unit, "value_in_hundredths": draft.value, "pools": dict(draft.pools), "lines": lines,
    }  # fmt: skip


SORT = Sort(
    Allocation, "allocations",
    nothing=("还没有分配方案。bihuan allocate 额度 --draft 经办人 拟一个", "There is no allocation. bihuan allocate QUOTA --draft MEMBER drafts one"),
    unnamed=("请写明方案的号", "Name an allocation by its number"), confirmed=("数据没有动，已确认入账", "Nothing has moved; confirmed and booked"),
    review=review_allocation, confirm=computing.confirm, drop=drop_allocation, again=computing.again, lines=("件", "requests"), named=str,
    line=lambda one: f"{one.granted}/{one.count}",
    described=lambda one: {"allocation": one.pk, "title": one.title, "state": one.state, "count": one.count, "granted": one.granted, "total": one.total},
)  # fmt: skip


def allocations(options: Namespace) -> int:
    """Do one of the deeds; without a number, say which allocations there are."""
    return do(SORT, options)


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else day_of(clock.now())
    except ValueError as error:
        raise Refused(f"“{text}”不是日期，例：2025-07-08", f"“{text}” is no day; for example 2025-07-08") from error


def _named(word: str, day: date) -> tuple[RegisterView, Item[Quota]]:
    """The one quota in force on a day that a word means."""
    views = loading.catalogue(day).registers.values()
    found = [(view, item) for view in views for item in view.quotas.found(word)]
    if len(found) != 1:
        names = "、".join(item.name for view in views for item in view.quotas.values()) or "无"
        raise Refused(f"没有、或不止一个额度“{word}”。可用的：{names}", f"There is no one quota “{word}”. There are: {names}")
    return found[0]
