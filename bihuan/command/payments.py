"""`bihuan payments`: the lists of payments, from draft to confirmed, as files, and computed again from the ledger."""

from __future__ import annotations

import io
import json
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from bihuan.command.language import say
from bihuan.command.outcomes import OK, Refused
from bihuan.command.reviewing import Sort, do
from bihuan.computing import paylists
from bihuan.foundation.actions import drop_payments, review_payments
from bihuan.foundation.models import PayList
from bihuan.foundation.sheets.payments import described, payment_file, public_list


def _write(paylist: PayList, options: Namespace) -> int:
    path = Path(options.out or "")
    if paylist.state != "confirmed":
        raise Refused(f"第 {paylist.pk} 号兑付表还没有确认，不出付款文件", f"list {paylist.pk} is not confirmed: there is no payment file")
    return _written(path, paylist, payment_file)


def _publish(paylist: PayList, options: Namespace) -> int:
    path = Path(options.out or "")
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


SORT = Sort(
    PayList, "payments",
    nothing=("还没有兑付表。bihuan match --draft 经办人 拟一张", "There is no list. bihuan match --draft MEMBER drafts one"),
    unnamed=("请写明兑付表的号", "Name a list by its number"), confirmed=("重算一致，已确认", "Computed again with the same result; confirmed"),
    review=review_payments, confirm=paylists.confirm, drop=drop_payments, again=paylists.again, lines=("笔", "payments"),
    named=lambda pair: f"{pair[1]}（{pair[0]}）",
    line=lambda one: f"{one.count} × {one.total // 100:,}.{one.total % 100:02d}",
    described=lambda one: {"list": one.pk, "title": one.title, "state": one.state, "count": one.count, "total": one.total, "unit": "分"},
    more={"write": _write, "publish": _publish},
)  # fmt: skip


def payments(options: Namespace) -> int:
    """Do one of the deeds; without a number, say which lists there are."""
    return do(SORT, options)
