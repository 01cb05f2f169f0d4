"""`bihuan payments`: the lists of payments, from draft to confirmed, as files, and computed again from the ledger."""

from __future__ import annotations

import io
import json
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from bihuan import clock
from bihuan.command.language import say
from bihuan.command.outcomes import OK, PROBLEMS, Refused, print_json
from bihuan.command.people import done_as
from bihuan.computing import paylists
from bihuan.foundation.actions import drop_payments, review_payments
from bihuan.foundation.models import PayList
from bihuan.foundation.sheets.payments import described, payment_file, public_list

_STATES = {"drafted": ("待复核", "to be reviewed"), "reviewed": ("待确认", "to be confirmed"), "confirmed": ("已确认", "confirmed"), "dropped": ("已作废", "laid aside")}


def payments(options: Namespace) -> int:
    """Do one of the deeds; without a number, say which lists there are."""
    if options.deed == "list":
        return _list(options.format)
    return _DEEDS[options.deed](options)


def _list(form: str) -> int:
    found = list(PayList.objects.order_by("-id"))
    if form == "json":
        print_json([{"list": one.pk, "title": one.title, "state": one.state, "count": one.count, "total": one.total, "unit": "分"} for one in found])
        return OK
    if not found:
        print(say("还没有兑付表。bihuan match --draft 经办人 拟一张", "There is no list. bihuan match --draft MEMBER drafts one"))
    for one in found:
        print(f"  {one.pk:>4}  {say(*_STATES[one.state])}  {one.count} × {one.total // 100:,}.{one.total % 100:02d}  {one.title}")
    return OK


def _review(options: Namespace) -> int:
    done_as(options.member, lambda actor: review_payments(actor, _numbered(options).pk, clock.now()))
    print(say("已复核，请另一位同志确认", "Reviewed; now somebody else confirms it"))
    return OK


def _confirm(options: Namespace) -> int:
    done_as(options.member, lambda actor: paylists.confirm(actor, _numbered(options).pk, clock.now()))
    print(say("重算一致，已确认", "Computed again with the same result; confirmed"))
    return OK


def _drop(options: Namespace) -> int:
    done_as(options.member, lambda actor: drop_payments(actor, _numbered(options).pk, options.reason, clock.now()))
    print(say("已作废", "Laid aside"))
    return OK


def _write(options: Namespace) -> int:
    paylist, path = _numbered(options), Path(options.out or "")
    if paylist.state != "confirmed":
        raise Refused(f"第 {paylist.pk} 号兑付表还没有确认，不出付款文件", f"list {paylist.pk} is not confirmed: there is no payment file")
    return _written(path, paylist, payment_file)


def _publish(options: Namespace) -> int:
    paylist, path = _numbered(options), Path(options.out or "")
    if paylist.state not in ("reviewed", "confirmed"):
        raise Refused(f"第 {paylist.pk} 号兑付表没有复核，不能公示", f"list {paylist.pk} was not reviewed: it is not made public")
    return _written(path, paylist, public_list)


def _written(path: Path, paylist: PayList, write: Callable[[io.BytesIO, PayList], int]) -> int:
    """Write a file whole or not at all."""
    if path.suffix not in (".xlsx", ".json") or (path.suffix == ".json" and write is public_list):
        raise Refused("请用 --out 写明文件：付款文件 .xlsx 或 .json，公示名单 .xlsx", "Name a file with --out: .xlsx or .json for payment, .xlsx to be made public")
    if path.suffix == ".json":
        text = json.dumps(described(paylist), ensure_ascii=False, indent=2, sort_keys=True).encode()
        count = paylist.count
    else:
        buffer = io.BytesIO()
        count = write(buffer, paylist)
        text = buffer.getvalue()
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(text)
        draft.replace(path)
    except OSError as error:
        raise Refused(f"写不了 {path}：{error.strerror}", f"Cannot write {path}: {error.strerror}") from error
    print(say(f"{path}：{count} 笔", f"{path}: {count} payments"))
    return OK


def _again(options: Namespace) -> int:
    found = paylists.again(_numbered(options))
    if found.same:
        print(say(f"从账本重算 {found.count} 笔，与兑付表一分不差", f"{found.count} payments computed again from the ledger, the same to the 分"))
        return OK
    named = "、".join(f"{key}（{policy}）" for policy, key in found.differing[:10])
    print(say(f"从账本重算有 {len(found.differing)} 笔不同：{named}", f"{len(found.differing)} payments differ when computed again: {named}"))
    return PROBLEMS


_DEEDS: dict[str, Callable[[Namespace], int]] = {
    "review": _review, "confirm": _confirm, "drop": _drop, "write": _write, "publish": _publish, "again": _again,
}  # fmt: skip


def _numbered(options: Namespace) -> PayList:
    paylist = PayList.objects.filter(pk=options.number).first() if options.number else None
    if paylist is None:
        raise Refused(f"请写明兑付表的号：bihuan payments {options.deed} 1", f"Name a list by its number: bihuan payments {options.deed} 1")
    return paylist
