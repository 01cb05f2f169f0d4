"""`bihuan match`: every row against every policy that pays, with totals against the money, reasons, near misses, and a rule rehearsed."""

from __future__ import annotations

import sys
from argparse import Namespace
from datetime import date
from functools import partial
from typing import Any

from django.conf import settings

from bihuan import clock
from bihuan.command.adopting import read_pack_named
from bihuan.command.cluster import entitling
from bihuan.command.language import say
from bihuan.command.outcomes import OK, PROBLEMS, USAGE, Refused, print_json
from bihuan.command.people import actor_named
from bihuan.computing import paylists
from bihuan.computing.matching import Run, Total, matched, totals
from bihuan.computing.paylists import Rehearsal, fresh, rehearse
from bihuan.computing.reasons import Answer, answers, money, near_misses, questions
from bihuan.foundation import loading
from bihuan.foundation.actions import Forbidden, Rejected
from bihuan.foundation.grammar.catalogue import Catalogue, RegisterView
from bihuan.foundation.grammar.errors import PackError
from bihuan.foundation.grammar.payables import Policy, barred, policies_of
from bihuan.foundation.models import Entry

MOST = 20
"""So many rows are printed of a rehearsal or of near misses."""


def match(options: Namespace) -> int:
    """Run the policies of a register for a day and print what was asked for. Nothing is written but with --draft."""
    day = _day(options.at, "--at") or clock.today()
    rules = _rules(options, day)
    view = _register(rules, options.register, day)
    if options.engine == "cluster" and (options.row or options.near):
        raise Refused("--engine cluster 只用于整轮比对，不与 --row、--near 同用", "--engine cluster is for whole runs, not for --row or --near", USAGE)
    where = partial(entitling, options.engine or settings.BIHUAN_ENGINE)
    if options.rehearse:
        return _rehearsed(view.name, day, rehearse(view.name, day, rules, _progress, where), options.format)
    columns = fresh(rules)
    try:
        if options.row:
            return _one(columns, view, day, options)
        if options.near:
            return _near(columns, view, day, options)
        with where(columns) as elsewhere, matched(columns, view, day, _progress, elsewhere) as run:
            _print_run(run, options.format)
            if options.draft:
                return _draft(run, options)
    finally:
        columns.connection.close()
    return OK


def _draft(run: Run, options: Namespace) -> int:
    if options.rules_of or options.pack:
        raise Refused("拟表只能用当日现行的规则；--rules-of 与 --with 只用来看", "a list is drafted by the rules in force on its day; --rules-of and --with are for looking")
    try:
        paylist = paylists.keep(actor_named(options.draft), run, clock.now())
    except Forbidden as error:
        raise Refused(error.decision.reason, error.decision.reason_en) from error
    except Rejected as error:
        raise Refused("\n".join(r.text("zh") for r in error.refusals), "\n".join(r.text("en") for r in error.refusals), PROBLEMS) from error
    print(say(f"已拟第 {paylist.pk} 号兑付表，待复核：bihuan payments review {paylist.pk} --as 复核人", f"List {paylist.pk} is drafted: bihuan payments review {paylist.pk} --as MEMBER"))
    return OK


def _day(written: str | None, option: str) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Refused(f"{option} {written} 不是日期，例：{option} 2025-12-31", f"{option} {written} is not a date; write {option} 2025-12-31") from error


def _rules(options: Namespace, day: date) -> Catalogue:
    """The packs to match by: those in force on the day or on another one, or a folder in place of its adopted version."""
    if not options.pack:
        return loading.catalogue(_day(options.rules_of, "--rules-of") or day)
    try:
        return loading.linked_with(read_pack_named(options.pack), _day(options.rules_of, "--rules-of") or day)
    except PackError as error:
        texts = [(problem.text("zh"), problem.text("en")) for problem in error.problems]
        raise Refused("\n".join(zh for zh, _ in texts), "\n".join(en for _, en in texts), PROBLEMS) from error


def _register(catalogue: Catalogue, named: str, day: date) -> RegisterView:
    paying = {view.name: view for view in catalogue.registers.values() if policies_of(view, day)}
    if named in paying:
        return paying[named]
    if named or len(paying) != 1:
        there = "、".join(paying) or say("没有", "none")
        raise Refused(
            f"{f'{named} 当日没有会付款的政策' if named else '请用 --register 写明台账'}；有政策的台账：{there}",
            f"{f'{named} has no policy that pays on that day' if named else 'Name the register with --register'}; registers with policies: {there}",
        )
    return next(iter(paying.values()))


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == of else "\r"
        print(say(f"政策 {done}/{of}", f"policies {done}/{of}"), end=end, file=sys.stderr, flush=True)


# --- the whole run


def _print_run(run: Run, form: str) -> None:
    found = totals(run)
    if form == "json":
        print_json({"register": run.view.name, "day": run.day.isoformat(), "position": run.position, "unit": "分", "policies": [_described(total) for total in found]})
        return
    print(say(f"{run.view.shape.title} · {run.day} · 账本第 {run.position} 条", f"{run.view.name} · {run.day} · ledger entry {run.position}"))
    print(say("  应享户数  应享金额        兑付户数  兑付金额        资金            待补数  政策", "  entitled  asked           paid      amount          money           unknown policy"))
    for total in found:
        print(
            f"  {total.entitled:>8}  {_yuan(total.asked):>14}  {total.paid:>8}  {_yuan(total.amount):>14}  "
            f"{'—' if total.policy.money is None else _yuan(total.policy.money):>14}  {total.unknown:>6}  {_title(total.policy)}{_bars(total)}"
        )
    amount, count = sum(total.amount for total in found), sum(total.paid for total in found)
    print(say(f"合计兑付 {count} 笔，{_yuan(amount)} 元", f"{count} payments, {_yuan(amount)} yuan in all"))


def _described(total: Total) -> dict[str, Any]:
    return {
        "policy": total.policy.item.name, "title": total.policy.title, "entitled": total.entitled, "asked": total.asked, "paid": total.paid, "amount": total.amount,
        "money": total.policy.money, "barred": total.bars, "unknown": total.unknown,
    }  # fmt: skip


_BARS = {"had": ("已享受", "had"), "group": ("同组已享受", "group"), "unless": ("让给别的政策", "gives way"), "higher": ("就高不重复", "higher"), "budget": ("资金不足", "short")}


def _bars(total: Total) -> str:
    said = [f"{say(*_BARS[bar])} {count}" for bar, count in sorted(total.bars.items())]
    return f"（{'，'.join(said)}）" if said else ""


def _title(policy: Policy) -> str:
    return say(policy.title, policy.item.shape.title_en or policy.title)


def _yuan(amount: int) -> str:
    return f"{amount // 100:,}.{amount % 100:02d}"


# --- one row


def _one(columns: Any, view: RegisterView, day: date, options: Namespace) -> int:
    entry = Entry.objects.filter(register=view.name, key=options.row, withdrawn=False).first()
    if entry is None:
        raise Refused(f"“{view.shape.title}”里没有“{options.row}”", f"there is no “{options.row}” in {view.name}")
    given = answers(columns, view, [entry.pk], day)[entry.pk]
    asked_for = questions(columns, view, entry.pk, day, given)
    with matched(columns, view, day) as run:
        paid = {row["policy"]: row for row in _rows(run, entry.pk)}
    if options.format == "json":
        print_json({"key": entry.key, "title": entry.title, "policies": [_answered(one, paid.get(one.policy.number)) for one in given],
                    "ask_for": [{"fact": one.fact, "unlocks": [policy.title for policy in one.unlocks]} for one in asked_for]})  # fmt: skip
        return OK
    print(f"{entry.key} {entry.title}")
    policies = {policy.number: policy for policy in run.policies}
    for one in given:
        line = paid.get(one.policy.number)
        because = barred(one.policy, line["bar"], policies.get(line["rival"]), line["place"]) if line else None
        got = "" if line is None else say(f" 兑付 {money(line['amount']).zh}", f" paid {money(line['amount']).en}")
        print(f"{_mark(one)} {_title(one.policy)}{got}{f'（{say(because.zh, because.en)}）' if because and because.zh else ''}")
        for reason in one.judgement.reasons:
            print(f"    {say(reason.said.zh, reason.said.en)}  [{reason.basis}]")
    for question in asked_for:
        unlocked = "、".join(_title(policy) for policy in question.unlocks)
        print(say(f"请补：{question.fact}" + (f"，可判定 {unlocked}" if unlocked else ""), f"Ask for: {question.fact}" + (f", which decides {unlocked}" if unlocked else "")))
    return OK


def _rows(run: Run, number: int) -> list[dict[str, Any]]:
    titles = ("policy", "amount", "bar", "rival", "place")
    return [dict(zip(titles, row, strict=True)) for row in run.cursor.execute(f"SELECT {', '.join(titles)} FROM allotted WHERE _id = ?", [number]).fetchall()]


def _mark(one: Answer) -> str:
    if one.judgement.value is None:
        return "？"
    return "✓" if one.judgement.value else ("≈" if one.judgement.near_miss else "✗")


def _answered(one: Answer, paid: dict[str, Any] | None) -> dict[str, Any]:
    near = one.judgement.near_miss
    return {
        "policy": one.policy.item.name, "title": one.policy.title, "met": one.judgement.value, "asked": one.asked, "paid": paid["amount"] if paid else 0,
        "barred": paid["bar"] if paid else "", "near_miss": near.said.zh if near else "",
        "reasons": [{"key": reason.key, "outcome": reason.outcome, "said": reason.said.zh, "basis": reason.basis} for reason in one.judgement.reasons],
    }  # fmt: skip


# --- near misses


def _near(columns: Any, view: RegisterView, day: date, options: Namespace) -> int:
    item = view.criteria.find(options.near)
    policy = next((one for one in policies_of(view, day) if item and one.item is item), None)
    if policy is None:
        known = "、".join(one.item.key for one in policies_of(view, day))
        raise Refused(f"没有政策 {options.near}；有：{known}", f"there is no policy {options.near}; there are: {known}")
    found = near_misses(columns, view, policy, day)
    if options.format == "json":
        print_json([{"key": one.key, "title": one.title, "missed": one.judgement.near_miss.said.zh if one.judgement.near_miss else ""} for one in found])
        return OK
    print(say(f"{_title(policy)}：只差一条的 {len(found)} 户", f"{_title(policy)}: {len(found)} miss one condition"))
    for one in found:
        missed = one.judgement.near_miss
        print(f"  {one.key}  {one.title}  {say(missed.said.zh, missed.said.en) if missed else ''}")
    return OK


# --- a rule rehearsed


def _rehearsed(register: str, day: date, found: Rehearsal, form: str) -> int:
    if form == "json":
        moved = [{"key": row.key, "before": row.before, "after": row.after} for row in found.moved]
        print_json({"register": register, "day": day.isoformat(), "unit": "分", "before": found.before, "after": found.after, "moved": moved})
        return OK
    _print_rehearsal(found)
    return OK


def _print_rehearsal(found: Rehearsal) -> None:
    change = found.after - found.before
    print(say(f"现行规则 {_yuan(found.before)} 元，新规则 {_yuan(found.after)} 元，{'多' if change >= 0 else '少'}付 {_yuan(abs(change))} 元",
              f"{_yuan(found.before)} yuan now, {_yuan(found.after)} under the new rules, {_yuan(abs(change))} {'more' if change >= 0 else 'less'}"))  # fmt: skip
    print(say(f"得多的 {found.gaining} 户，得少的 {found.losing} 户", f"{found.gaining} get more, {found.losing} get less"))
    for row in found.moved[:MOST]:
        print(f"  {row.key}  {_yuan(row.before)} → {_yuan(row.after)}")
    if len(found.moved) > MOST:
        print(say(f"  ……另有 {len(found.moved) - MOST} 户，--format json 列全", f"  … and {len(found.moved) - MOST} more; --format json lists all"))
