"""A list of payments as files: the payment file for the treasury (xlsx or JSON), and the list that is made public.

What is made public names who gets how much under which policy and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import IO, Any

from bihuan.foundation import loading
from bihuan.foundation.grammar.catalogue import Catalogue
from bihuan.foundation.models import PayList, Payment
from bihuan.foundation.sheets import xlsx
from bihuan.foundation.sheets.workbook import ABOUT

CENTS = Decimal(100)
_STATES = {"drafted": "待复核", "reviewed": "已复核，待确认", "confirmed": "已确认", "dropped": "已作废"}


def payment_file(file: IO[bytes], paylist: PayList) -> int:
    """Write the payment file as xlsx, a line a payment, and give how many there are."""
    heads = [
        xlsx.Head("序号", "number0", 8), xlsx.Head("编号", xlsx.TEXT, 24), xlsx.Head("名称", xlsx.TEXT, 36), xlsx.Head("所属单位", xlsx.TEXT, 18),
        xlsx.Head("政策", xlsx.TEXT, 30), xlsx.Head("依据", xlsx.TEXT, 36), xlsx.Head("应享（元）", "number2", 16), xlsx.Head("兑付（元）", "number2", 16),
    ]  # fmt: skip
    rows = [
        (Decimal(line["number"]), line["key"], line["title"], line["office"], line["policy"], line["basis"], line["asked"], line["amount"])
        for line in _lines(paylist)
    ]
    about = [(title, text) for title, text in _about(paylist).items()]
    pages = [xlsx.Page("兑付清单", heads, rows), xlsx.Page(ABOUT, [xlsx.Head("项目", xlsx.TEXT, 20), xlsx.Head("内容", xlsx.TEXT, 80)], about)]
    xlsx.write_workbook(file, pages)
    return len(rows)


def public_list(file: IO[bytes], paylist: PayList) -> int:
    """Write the list that is made public as xlsx: name, office, policy, amount."""
    heads = [xlsx.Head("序号", "number0", 8), xlsx.Head("名称", xlsx.TEXT, 36), xlsx.Head("所属单位", xlsx.TEXT, 18), xlsx.Head("政策", xlsx.TEXT, 30), xlsx.Head("拟兑付（元）", "number2", 16)]
    rows = [(Decimal(line["number"]), line["title"], line["office"], line["policy"], line["amount"]) for line in _lines(paylist)]
    xlsx.write_workbook(file, [xlsx.Page("公示名单", heads, rows)])
    return len(rows)


def described(paylist: PayList) -> dict[str, Any]:
    """The payment file as values for JSON: the list, and its lines with amounts in 分."""
    lines = [{**line, "asked": int(line["asked"] * CENTS), "amount": int(line["amount"] * CENTS)} for line in _lines(paylist)]
    return {
        "list": paylist.pk, "register": paylist.register, "title": paylist.title, "day": paylist.day.isoformat(), "state": paylist.state,
        "position": paylist.position, "position_hash": paylist.position_hash, "digest": paylist.digest, "rules": paylist.rules,
        "drafted_by": paylist.drafted_by, "reviewed_by": paylist.reviewed_by, "confirmed_by": paylist.confirmed_by, "unit": "分",
        "count": paylist.count, "total": paylist.total, "lines": lines,
    }  # fmt: skip


def _about(paylist: PayList) -> dict[str, str]:
    return {
        "兑付表": f"{paylist.title}（第 {paylist.pk} 号）",
        "状态": _STATES[paylist.state],
        "合计": f"{paylist.count} 笔，{Decimal(paylist.total) / CENTS:,.2f} 元",
        "拟表": f"{paylist.drafted_by} {paylist.drafted_on}",
        "复核": f"{paylist.reviewed_by} {paylist.reviewed_on or ''}",
        "确认": f"{paylist.confirmed_by} {paylist.confirmed_on or ''}",
        "账本位置": f"第 {paylist.position} 条 {paylist.position_hash}",
        "规则": "、".join(f"{pack} 第 {number} 版" for pack, number, _ in paylist.rules),
        "摘要": paylist.digest,
    }


def _lines(paylist: PayList) -> Iterator[dict[str, Any]]:
    """Every payment in order, with the policy in words as the packs of the list have it; amounts in 元."""
    named = _policies(loading.catalogue_of([(pack, number) for pack, number, _ in paylist.rules]), paylist.register)
    stored = Payment.objects.filter(paylist=paylist).order_by("policy", "entry__key")
    columns = ("policy", "entry__key", "entry__title", "entry__office", "asked", "amount")
    for number, (policy, key, title, office, asked, amount) in enumerate(stored.values_list(*columns).iterator(chunk_size=2000), 1):
        word, basis = named(policy)
        yield {
            "number": number, "key": key, "title": title, "office": office, "policy": word, "policy_key": policy, "basis": basis,
            "asked": Decimal(asked) / CENTS, "amount": Decimal(amount) / CENTS,
        }  # fmt: skip


def _policies(catalogue: Catalogue, register: str) -> Callable[[str], tuple[str, str]]:
    known = {item.name: item.shape for item in catalogue.registers[register].criteria.values()}

    def named(policy: str) -> tuple[str, str]:
        shape = known.get(policy)
        return (shape.title, shape.pays.basis if shape.pays else "") if shape else (policy, "")

    return named
