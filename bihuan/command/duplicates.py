"""`bihuan duplicates REGISTER`: the rows of a register that are probably one thing, each pair with its reasons. Nothing is written."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from bihuan import clock
from bihuan.command.language import say
from bihuan.command.outcomes import OK, Refused, print_json
from bihuan.computing import tables
from bihuan.computing.linking.pairs import Pair
from bihuan.computing.linking.proposals import open_pairs, percent, reasons, said
from bihuan.foundation import loading
from bihuan.foundation.grammar.catalogue import RegisterView
from bihuan.foundation.models import Entry


def duplicates(options: Namespace) -> int:
    """Print the pairs about which nobody has said yet whether they are one thing."""
    view = _register(options.register)
    found = open_pairs(tables.current(clock.today()), view)
    rows = Entry.objects.in_bulk([number for pair in found for number in (pair.left, pair.right)])
    if options.format == "json":
        print_json({"register": view.name, "pairs": [_described(view, pair, rows) for pair in found]})
        return OK
    for pair in found:
        left, right = rows[pair.left], rows[pair.right]
        print(f"{percent(pair.probability)}  {left.key} {left.title}  =?  {right.key} {right.title}")
        print(f"    {say(*said(view, pair))}")
    print(say(f"{view.shape.title}：{len(found)} 对疑似重复，待人认定", f"{view.shape.title_en or view.name}: {len(found)} pairs are probably one thing; somebody has to say so"))
    return OK


def _register(named: str) -> RegisterView:
    views = loading.catalogue(clock.today()).registers
    asked = [view.name for view in views.values() if view.shape.duplicates]
    if named not in asked:
        there = "、".join(asked) or say("没有", "none")
        raise Refused(
            f"{named} 没有写明凭什么判定重复（register.duplicates）；写明了的台账：{there}",
            f"{named} says nothing of duplicates (register.duplicates); registers that do: {there}",
        )
    return views[named]


def _described(view: RegisterView, pair: Pair, rows: dict[int, Entry]) -> dict[str, Any]:
    return {
        "rows": [{"key": rows[number].key, "title": rows[number].title} for number in (pair.left, pair.right)],
        "probability": f"{pair.probability:.6f}", "weight": f"{pair.weight:.2f}", "said": said(view, pair)._asdict(),
        "fields": [{"field": one.field, "step": one.step._asdict(), "weight": f"{one.weight:.2f}"} for one in reasons(view, pair)],
    }  # fmt: skip
